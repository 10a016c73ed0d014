#include "tail_words.h"

#include <stdlib.h>

#include "../sim/base/err.h"
#include "../sim/rare/pk_figures.h"
#include "../sim/scenario/sweep.h"
#include "report.h"

enum { FIGURES = 4 };
static const double p[FIGURES] = {0.5, 0.9, 0.99, 0.999};
static const char *const shares[FIGURES] = {"half of the tasks are done", "90 %", "99 %", "99.9 %"};

const char *tail_words_of(const struct scenario *column, const char *why)
{
    struct tail_figure figure[FIGURES];
    if (!pk_knows(column))
        return NULL;
    pk_quantiles(column, true, PK_FIGURE_SUMS, p, FIGURES, figure);
    const char *text = "By theory (M/G/1: Pollaczek and Khinchine, by conditional Monte Carlo)";
    for (int i = 0; i < FIGURES; i++) {
        if (isnan(figure[i].value) || isnan(figure[i].low) || isnan(figure[i].high))
            return NULL;
        text = internf("%s%s %s within %s", text,
                       i == 0            ? ""
                       : i + 1 < FIGURES ? ","
                                         : " and",
                       shares[i], report_duration(figure[i].value));
        if (p[i] == 0.99)
            text = internf("%s (95 %%: %s to %s)", text, report_duration(figure[i].low),
                           report_duration(figure[i].high));
    }
    return internf("%s%s.", text, why);
}

const char *tail_words(const struct result *result)
{
    const struct row *row = report_row(result, 0);
    bool lacking = false;
    if (result->columns > 1 || result->interrupted || row->stable != STABLE_YES)
        return NULL;
    for (int i = 0; i < FIGURES && p[i] <= 0.99; i++)
        lacking = lacking || isnan(row->latency_low[i]);
    struct scenario *at = xmalloc(sizeof *at);
    sweep_scenario(&result->scenario, 0, at);
    const char *text =
        lacking ? tail_words_of(at, ", whatever a run of this length has met") : NULL;
    free(at);
    return text;
}
