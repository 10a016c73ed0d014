/* A small table of texts for people: columns as wide as they need, the first to the left and the
 * others to the right. Texts are interned, UTF-8. The zeroed value with `columns` set is empty. */
#ifndef SHEET_H
#define SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct sheet {
    size_t columns, n, capacity;
    bool ragged; /* the last column to the left, too */
    const char **cells;
};

/* Adds the next cell; rows fill from the left. */
void sheet_add(struct sheet *sheet, const char *text);
void sheet_print(const struct sheet *sheet, FILE *out);
void sheet_free(struct sheet *sheet);

#endif
