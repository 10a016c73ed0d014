/* Text as wide as who reads it can see. Widths are counted in characters (UTF-8). */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdio.h>

/* Columns of the terminal that a stream goes to; 0: it goes to none. */
int terminal_width(FILE *stream);

/* Characters, not bytes. */
int terminal_text_width(const char *text);

/* The words of `text` and an end of line: the cursor stands at `column`, and lines after the first
 * begin at `indent`. No line is longer than `width` (0: there is no limit) where words allow. */
void terminal_wrap(FILE *out, const char *text, int column, int indent, int width);

#endif
