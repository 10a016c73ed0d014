#include "table.h"

#include <stdlib.h>

#include "../sim/err.h"

void table_add(struct table *table, const char *text)
{
    if (table->n == table->capacity) {
        table->capacity = table->capacity ? 2 * table->capacity : 64;
        table->cells = xrealloc(table->cells, table->capacity * sizeof *table->cells);
    }
    table->cells[table->n++] = text;
}

/* Characters, not bytes. */
static int width_of(const char *text)
{
    int width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

void table_print(const struct table *table, FILE *out)
{
    for (size_t i = 0; i < table->n; i++) {
        size_t column = i % table->columns;
        int width = 0;
        for (size_t j = column; j < table->n; j += table->columns)
            width = width_of(table->cells[j]) > width ? width_of(table->cells[j]) : width;
        int pad = width - width_of(table->cells[i]);
        bool last = column + 1 == table->columns;
        if (column == 0)
            fprintf(out, "  %s%*s", table->cells[i], last ? 0 : pad, "");
        else
            fprintf(out, "  %*s%s", pad, "", table->cells[i]);
        if (last)
            fputc('\n', out);
    }
}

void table_free(struct table *table)
{
    free(table->cells);
    *table = (struct table){.columns = table->columns};
}
