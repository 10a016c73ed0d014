/* What a picture can write of a text that may hold anything. */
#ifndef PRINTABLE_H
#define PRINTABLE_H

#include <stddef.h>

/* Printable UTF-8 of at most size - 1 bytes: control characters become spaces, broken bytes
 * U+FFFD. */
void printable(const char *text, char *out, size_t size);

#endif
