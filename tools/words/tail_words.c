#include "tail_words.h"

#include <stdlib.h>
#include <string.h>

#include "../../sim/base/err.h"
#include "../../sim/rare/pk_figures.h"
#include "../../sim/result/crew.h"
#include "../../sim/scenario/sweep.h"
#include "../shell/signals.h"
#include "report.h"

enum { P99 = 2, FIGURES = 4 }; /* p50, p90, p99 and p99.9 */
static const char *const shares[FIGURES] = {"half of the tasks are done", "90 %", "99 %", "99.9 %"};

/* Of each column of a sweep: a quarter of the work, and intervals twice as wide. */
enum { SWEEP_SUMS = PK_FIGURE_SUMS / 4 };

static bool find(const struct scenario *column, uint64_t sums, struct known_tail *tail)
{
    struct tail_figure figure[FIGURES];
    if (!pk_knows(column))
        return false;
    pk_quantiles(column, true, sums, quantile_p, FIGURES, figure);
    *tail = (struct known_tail){.method = "M/G/1: Pollaczek and Khinchine, by conditional Monte "
                                          "Carlo"};
    for (int i = 0; i < QUANTILES; i++) {
        bool known = i < FIGURES && !isnan(figure[i].value) && !isnan(figure[i].low) &&
                     !isnan(figure[i].high);
        tail->q[i] = known ? figure[i].value : NAN;
        tail->low[i] = known ? figure[i].low : NAN;
        tail->high[i] = known ? figure[i].high : NAN;
        if (i < FIGURES && !known)
            return false;
    }
    return true;
}

/* "half of the tasks are done within 1 s, 90 % within 2 s, 99 % within 9 s (95 %: ...) and ..." */
static const char *words(const struct known_tail *tail)
{
    const char *text = "";
    for (int i = 0; i < FIGURES; i++) {
        text = internf("%s%s %s within %s", text,
                       i == 0            ? ""
                       : i + 1 < FIGURES ? ","
                                         : " and",
                       shares[i], report_duration(tail->q[i]));
        if (i == P99)
            text = internf("%s (95 %%: %s to %s)", text, report_duration(tail->low[i]),
                           report_duration(tail->high[i]));
    }
    return text;
}

const char *tail_words_of(const struct scenario *column, const char *why)
{
    struct known_tail tail;
    return find(column, PK_FIGURE_SUMS, &tail)
               ? internf("By theory (%s)%s%s.", tail.method, words(&tail), why)
               : NULL;
}

/* Whether the run lacks what theory may know: `giants`, for no other reason than these. */
static bool lacks(const struct result *result, uint32_t column, bool giants, struct scenario *at)
{
    const struct row *row = report_row(result, column);
    bool any = false;
    for (int i = 0; i <= P99; i++)
        any |= isnan(row->latency_low[i]) && (!giants || row->by_giants & 1u << i);
    if (row->stable != STABLE_YES || !any)
        return false;
    sweep_scenario(&result->scenario, column, at);
    return pk_knows(at);
}

/* The columns that are worth the work, in their order. */
static size_t choose(const struct result *result, uint32_t chosen[KNOWN_TAILS])
{
    struct scenario *at = xmalloc(sizeof *at);
    uint32_t first = UINT32_MAX, last = 0, worst = 0;
    for (uint32_t column = 0; column < result->columns; column++) {
        if (!lacks(result, column, result->columns > 1, at))
            continue;
        first = first == UINT32_MAX ? column : first;
        last = column;
        double p99 = report_row(result, column)->latency_q[P99],
               most = report_row(result, worst)->latency_q[P99];
        if (column == first || (!isnan(p99) && !(p99 <= most)))
            worst = column;
    }
    free(at);
    size_t n = 0;
    if (first == UINT32_MAX)
        return 0;
    chosen[n++] = first;
    if (worst != first && worst != last)
        chosen[n++] = worst;
    if (last != first)
        chosen[n++] = last;
    return n;
}

/* Of some columns, each with what is known of it. */
struct search {
    const struct result *result;
    uint32_t column[KNOWN_TAILS];
    struct known_tail tail[KNOWN_TAILS];
    bool known[KNOWN_TAILS];
};

static void find_one(void *context, size_t i)
{
    struct search *search = context;
    if (signals_stop)
        return;
    struct scenario *at = xmalloc(sizeof *at);
    sweep_scenario(&search->result->scenario, search->column[i], at);
    search->known[i] =
        find(at, search->result->columns > 1 ? SWEEP_SUMS : PK_FIGURE_SUMS, &search->tail[i]);
    search->tail[i].column = search->column[i];
    free(at);
}

void tail_words_find(struct result *result)
{
    struct search search = {.result = result};
    result->n_tails = 0;
    if (result->interrupted || sweep_is_time(&result->scenario) || sweep_drifts(&result->scenario))
        return;
    size_t n = choose(result, search.column);
    crew_each(result->threads, n, find_one, &search);
    for (size_t i = 0; i < n; i++)
        if (search.known[i])
            result->tails[result->n_tails++] = search.tail[i];
}

const char *tail_words(const struct result *result)
{
    static const char beside[] = ", whatever a run of this length has met";
    const struct scenario *s = &result->scenario;
    if (result->n_tails == 0)
        return NULL;
    if (result->columns == 1)
        return internf("By theory (%s)%s%s.", result->tails[0].method, words(&result->tails[0]),
                       beside);
    const char *text = internf("By theory (%s)%s:", result->tails[0].method, beside);
    for (size_t i = 0; i < result->n_tails; i++)
        text = internf("%s\n  at %s = %s%s;", text, sweep_name(s),
                       report_value(s, report_row(result, result->tails[i].column)->value),
                       words(&result->tails[i]));
    return internf("%.*s.", (int)strlen(text) - 1, text);
}
