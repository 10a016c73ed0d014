#include "sheet.h"

#include <stdlib.h>

#include "../../sim/base/err.h"
#include "../shell/terminal.h"

void sheet_add(struct sheet *sheet, const char *text)
{
    if (sheet->n == sheet->capacity) {
        sheet->capacity = sheet->capacity ? 2 * sheet->capacity : 64;
        sheet->cells = xrealloc(sheet->cells, sheet->capacity * sizeof *sheet->cells);
    }
    sheet->cells[sheet->n++] = text;
}

/* Whether nothing follows on the line of cell i, itself included. */
static bool rest_is_blank(const struct sheet *sheet, size_t i)
{
    for (; *sheet->cells[i] == '\0'; i++)
        if (i % sheet->columns + 1 == sheet->columns)
            return true;
    return false;
}

void sheet_print(const struct sheet *sheet, FILE *out)
{
    for (size_t i = 0; i < sheet->n; i++) {
        size_t column = i % sheet->columns;
        int width = 0;
        for (size_t j = column; j < sheet->n; j += sheet->columns)
            width = terminal_text_width(sheet->cells[j]) > width
                        ? terminal_text_width(sheet->cells[j])
                        : width;
        int pad = width - terminal_text_width(sheet->cells[i]);
        bool last = column + 1 == sheet->columns;
        if (rest_is_blank(sheet, i)) {
            fputc('\n', out);
            i += sheet->columns - column - 1;
            continue;
        }
        if (last && sheet->ragged)
            fputs(sheet->cells[i], out);
        else if (column == 0)
            fprintf(out, "  %s%*s", sheet->cells[i], last ? 0 : pad, "");
        else
            fprintf(out, "  %*s%s", pad, "", sheet->cells[i]);
        if (last)
            fputc('\n', out);
    }
}

void sheet_free(struct sheet *sheet)
{
    free(sheet->cells);
    *sheet = (struct sheet){.columns = sheet->columns};
}
