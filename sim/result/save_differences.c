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

/* A pair of panels, in one column at a place that both have. */
struct pair {
    size_t a, b;
    uint32_t column, place_a, place_b;
};

static void put_differences(struct text *to, const struct panels *panels, const struct pair *p,
                            int class)
{
    const struct result *from = panels->results[p->a], *result = panels->results[p->b];
    uint32_t row = class == ALL_CLASSES ? result_row_classes(result) - 1 : (uint32_t) class;
    struct difference differences[QUANTITIES];
    differences_at(from, result, p->column, p->place_a, p->place_b, class, differences);
    for (int q = 0; q < QUANTITIES; q++) {
        const struct difference *d = &differences[q];
        const char *const words[] = {panels->titles[p->b], panels->titles[p->a],
                                     result_place_name(result, p->place_b),
                                     result_class_name(result, row), sweep_name(&result->scenario)};
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (i > 0)
                text_char(to, ',');
            csv_text(to, words[i]);
        }
        csv_number(to, result_place_row(result, p->column, p->place_b, row)->value);
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

/* Panels of several scenarios need not have the same classes: of those that have not, only all
 * together are compared. */
static void put_place(struct text *to, const struct panels *panels, const struct pair *p)
{
    int classes = (int)result_row_classes(panels->results[p->a]);
    if (classes == (int)result_row_classes(panels->results[p->b]))
        for (int class = 0; class + 1 < classes; class ++)
            put_differences(to, panels, p, class);
    put_differences(to, panels, p, ALL_CLASSES);
}

/* The place of that name; the whole is the whole whatever it is called. False: there is none. */
static bool find_place(const struct result *result, const struct result *in, uint32_t place,
                       uint32_t *out)
{
    *out = result->whole;
    if (place == in->whole)
        return true;
    for (*out = 0; *out < result->places; ++*out)
        if (*out != result->whole &&
            strcmp(result_place_name(result, *out), result_place_name(in, place)) == 0)
            return true;
    return false;
}

/* One column of one pair: every place that both have. */
static void put_part(struct text *to, const void *context, size_t i)
{
    const struct panels *panels = context;
    uint32_t columns = panels->results[0]->columns;
    struct pair p = {.column = (uint32_t)(i % columns)};
    pair_of(i / columns, &p.a, &p.b);
    const struct result *from = panels->results[p.a], *result = panels->results[p.b];
    for (p.place_b = 0; p.place_b < result->places; p.place_b++)
        if (find_place(from, result, p.place_b, &p.place_a))
            put_place(to, panels, &p);
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
