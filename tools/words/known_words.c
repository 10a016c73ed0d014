#include "known_words.h"

#include <math.h>

#include "../../sim/base/err.h"
#include "../../sim/engine/stability.h"
#include "report.h"

enum { P50 = 0, P99 = 2, P999 = 3 };

void columns_count(struct columns *columns, uint32_t column)
{
    if (columns->n++ == 0)
        columns->first = column;
    columns->last = column;
}

bool known_words_is(const struct result *result, const struct row *row, int q)
{
    return !isnan(row->latency_q[q]) &&
           (row->stable == STABLE_NO || scenario_repeats(&result->scenario) ||
            !isnan(row->latency_low[q]));
}

const char *known_words_within(const struct result *result, const struct row *row)
{
    static const struct {
        int q;
        const char *share;
    } told[] = {{P50, "half of the tasks are done"}, {P99, "99 %"}, {P999, "99.9 %"}};
    enum { TOLD = sizeof told / sizeof *told };
    int n = 0;
    while (n < TOLD && !isnan(row->latency_q[told[n].q]))
        n++;
    const char *text = "";
    for (int i = 0; i < n; i++) {
        bool known = known_words_is(result, row, told[i].q);
        bool first = !known && (i == 0 || known_words_is(result, row, told[i - 1].q));
        text = internf("%s%s%s %s within %s", text,
                       i == 0                ? ""
                       : i + 1 == n || first ? " and"
                                             : ",",
                       first ? ", in what this run has met," : "", told[i].share,
                       report_duration(row->latency_q[told[i].q]));
    }
    return text;
}

bool known_words_loss_is_open(const struct result *result, const struct row *row)
{
    return isnan(row->loss_high) && stability_can_lose(&result->scenario) &&
           !scenario_repeats(&result->scenario);
}

const char *known_words_loss(const struct result *result, const struct row *row)
{
    const char *share = report_share(row->loss_fraction);
    if (known_words_loss_is_open(result, row))
        return internf("%s in this run, no interval", share);
    if (!(row->loss_high > 0))
        return share;
    if (!(row->loss_fraction > 0))
        return internf("%s (at most %s)", share, report_share(row->loss_high));
    return internf("%s (%s to %s)", share, report_share(row->loss_low),
                   report_share(row->loss_high));
}

const char *known_words_lost(const struct result *result, const struct row *row, const char *what,
                             const char *are)
{
    bool any = row->loss_fraction > MATERIAL_LOSS;
    const char *share = any ? report_share(row->loss_fraction) : "none";
    if (known_words_loss_is_open(result, row))
        return internf("in what this run has met, %s of %s %s", share, what, are);
    return any ? internf("%s of %s %s", share, what, are) : NULL;
}

struct ends known_words_ends(const struct result *result, uint32_t class)
{
    return (struct ends){result, class, result_row(result, 0, class),
                         result_row(result, result->columns - 1, class)};
}

static bool known_at_ends(const struct ends *ends, int q)
{
    return known_words_is(ends->result, ends->a, q) && known_words_is(ends->result, ends->b, q);
}

const char *known_words_from_to(const struct ends *ends, const char *name, int q)
{
    if (!known_at_ends(ends, q))
        return NULL;
    return internf("%s from %s to %s", name, report_duration(ends->a->latency_q[q]),
                   report_duration(ends->b->latency_q[q]));
}

/* "this run has met 5.2 min in the first column and 3 h in the last": of the ends that are not
 * known; NULL where there is nothing to be said either. */
static const char *met(const struct ends *ends, int q)
{
    const struct row *row[] = {ends->a, ends->b};
    static const char *const names[] = {"first", "last"};
    const char *text = NULL;
    for (int i = 0; i < 2; i++)
        if (!known_words_is(ends->result, row[i], q) && !isnan(row[i]->latency_q[q]))
            text = internf("%s %s in the %s%s", text ? internf("%s and", text) : "this run has met",
                           report_duration(row[i]->latency_q[q]), names[i], text ? "" : " column");
    return text;
}

const char *known_words_instead(const struct ends *ends, int q)
{
    const struct result *result = ends->result;
    struct columns known = {0};
    if (known_at_ends(ends, q))
        return "";
    for (uint32_t column = 0; column < result->columns; column++)
        if (known_words_is(result, result_row(result, column, ends->class), q))
            columns_count(&known, column);
    const char *name = quantile_names[q], *run = met(ends, q);
    if (known.n == 0)
        return run ? internf(" %s has no interval in any column: %s, and more is not known.", name,
                             run)
                   : internf(" Of %s nothing is known at either end: tasks are too few.", name);
    const struct row *first = result_row(result, known.first, ends->class),
                     *last = result_row(result, known.last, ends->class);
    const struct scenario *s = &result->scenario;
    const char *from =
        internf("%s at %s", report_duration(first->latency_q[q]), report_value(s, first->value));
    return internf(" %s is known in %u of %u columns, %s; %s.", name, known.n, result->columns,
                   known.n == 1
                       ? from
                       : internf("from %s to %s at %s", from, report_duration(last->latency_q[q]),
                                 report_value(s, last->value)),
                   run ? internf("beyond that, without an interval, %s", run)
                       : "beyond that tasks are too few");
}
