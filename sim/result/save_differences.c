/* differences.csv (save.h). */
#include "difference.h"
#include "save.h"
#include "save_csv.h"

#define CONFIDENCE 0.95

struct panels {
    const struct result *const *results;
    size_t n;
    const char *const *titles;
};

/* Pair number i: every panel from the first, and from the one before it where that is another. */
static void pair_of(size_t i, size_t *from, size_t *to)
{
    *to = i == 0 ? 1 : (i - 1) / 2 + 2;
    *from = i == 0 || (i - 1) % 2 == 0 ? 0 : *to - 1;
}

static void put_differences(struct text *to, const struct panels *panels, size_t a, size_t b,
                            uint32_t column, int class)
{
    const struct result *result = panels->results[b];
    uint32_t row = class == ALL_CLASSES ? result_row_classes(result) - 1 : (uint32_t) class;
    struct difference differences[QUANTITIES];
    differences_find(panels->results[a], result, column, class, differences);
    for (int q = 0; q < QUANTITIES; q++) {
        const struct difference *d = &differences[q];
        const char *const words[] = {panels->titles[b], panels->titles[a], stage_name,
                                     result_class_name(result, row), sweep_name(&result->scenario)};
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (i > 0)
                text_char(to, ',');
            csv_text(to, words[i]);
        }
        csv_number(to, result_row(result, column, row)->value);
        text_char(to, ',');
        text_put(to, quantity_kinds[q].name);
        csv_number(to, d->value);
        csv_number(to, difference_half(d, CONFIDENCE));
        text_char(to, ',');
        text_put(to, claim_names[difference_claim(d, (enum quantity)q, CONFIDENCE)]);
        text_char(to, ',');
        text_put(to, no_claim_names[difference_why(d, CONFIDENCE)]);
        text_char(to, '\n');
    }
}

/* One column of one pair. Panels of several scenarios need not have the same classes: of those that
 * have not, only all together are compared. */
static void put_part(struct text *to, const void *context, size_t i)
{
    const struct panels *panels = context;
    uint32_t columns = panels->results[0]->columns;
    size_t a, b;
    pair_of(i / columns, &a, &b);
    int classes = (int)result_row_classes(panels->results[a]);
    if (classes == (int)result_row_classes(panels->results[b]))
        for (int class = 0; class + 1 < classes; class ++)
            put_differences(to, panels, a, b, (uint32_t)(i % columns), class);
    put_differences(to, panels, a, b, (uint32_t)(i % columns), ALL_CLASSES);
}

static void write_differences(FILE *file, const void *context)
{
    const struct panels *panels = context;
    fputs("setting,than,stage,class,parameter,value,measure,difference,difference_ci95,claim,why\n",
          file);
    if (panels->n > 1)
        text_parts(file, panels->results[0]->threads,
                   (2 * panels->n - 3) * panels->results[0]->columns, put_part, panels);
}

char *save_differences_text(const struct result *const *panels, size_t n, const char *const *titles,
                            size_t *size)
{
    const struct panels all = {panels, n, titles};
    return csv_whole(write_differences, &all, size);
}
