#include "clocks_words.h"

#include <math.h>

#include "../../sim/base/err.h"
#include "../../sim/base/units.h"
#include "sheet.h"

static const double quantiles[] = {0.5, 0.9, 0.99, 0.999};
enum { QUANTILES_SHOWN = sizeof quantiles / sizeof *quantiles };

static const char *human(enum unit unit, double x)
{
    char text[64];
    if (isnan(x))
        return "-";
    unit_human(unit, x, 3, text, sizeof text);
    return intern(text);
}

static void print_table(const struct clocks *clocks, FILE *out)
{
    static const char *const heads[] = {"clock", "requests", "mean",  "p50",
                                        "p90",   "p99",      "p99.9", "largest"};
    struct sheet sheet = {.columns = sizeof heads / sizeof *heads};
    for (size_t i = 0; i < sheet.columns; i++)
        sheet_add(&sheet, heads[i]);
    for (int k = 0; k < CLOCK_KINDS; k++) {
        const struct clock_view *view = &clocks->view[k];
        sheet_add(&sheet, clock_names[k]);
        sheet_add(&sheet, human(UNIT_COUNT, (double)view->n));
        sheet_add(&sheet, human(UNIT_DURATION, clock_mean(view)));
        for (int q = 0; q < QUANTILES_SHOWN; q++)
            sheet_add(&sheet, human(UNIT_DURATION, clock_quantile(view, quantiles[q])));
        sheet_add(&sheet, human(UNIT_DURATION, clock_quantile(view, 1)));
    }
    sheet_print(&sheet, out);
    sheet_free(&sheet);
}

void clocks_print(const struct clocks *clocks, enum clock_kind asked, FILE *out)
{
    const struct clock_view *meant = &clocks->view[CLOCK_MEANT], *view = &clocks->view[asked];
    const char *p99 = human(UNIT_DURATION, clock_quantile(view, 0.99));
    const char *truth = human(UNIT_DURATION, clock_quantile(meant, 0.99));
    fputs("\nthe latency of the same requests, by three clocks:\n", out);
    print_table(clocks, out);
    if (asked == CLOCK_TESTER)
        fprintf(out,
                "A load tester that waits for each answer before it asks again would have reported "
                "a p99 of %s: it asks %s of %s requests, and leaves out those that were meant to "
                "start while it waited. Whoever was meant to be served had a p99 of %s.\n",
                p99, human(UNIT_COUNT, (double)view->n), human(UNIT_COUNT, (double)meant->n),
                truth);
    else if (asked == CLOCK_ADMITTED)
        fprintf(
            out,
            "From when they were let in requests have a p99 of %s: what they wait for that, with "
            "their client or outside a full buffer, nobody measures. From when they were meant "
            "to start it is %s.\n",
            p99, truth);
    else
        fprintf(out,
                "From when requests were meant to start their p99 is %s, whatever kept them.\n",
                truth);
}
