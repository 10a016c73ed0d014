/* A small table of texts for people: columns as wide as they need, the first to the left and the
 * others to the right. Texts are interned, UTF-8. The zeroed value with `columns` set is empty. */
#ifndef TABLE_H
#define TABLE_H

#include <stddef.h>
#include <stdio.h>

struct table {
    size_t columns, n, capacity;
    const char **cells;
};

/* Adds the next cell; rows fill from the left. */
void table_add(struct table *table, const char *text);
void table_print(const struct table *table, FILE *out);
void table_free(struct table *table);

#endif
