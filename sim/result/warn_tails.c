/* Warnings of sizes with heavy tails (result.h: result_warnings). */
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../network/facts.h"
#include "../scenario/sweep.h"
#include "giants.h"
#include "warn.h"

#define LARGE_SHARE 0.01

/* The columns of one kind of heavy tail, and the worst of them. */
struct tails {
    struct about about;
    double tail, share, effective, offered;
};

static void tails_add(struct tails *tails, const struct row *row, double tail)
{
    bool first = tails->about.n == 0;
    about_add(&tails->about, row);
    tails->tail = first ? tail : fmin(tails->tail, tail);
    if (first || row->effective_tasks < tails->effective) {
        tails->effective = row->effective_tasks;
        tails->offered = (double)row->offered;
    }
    tails->share = first ? row->largest_share : fmax(tails->share, row->largest_share);
}

/* ": the largest task holds 0.26 % of all work, and 800000 sizes weigh as 27263 equal ones would":
 * as much is known of their mean. */
static void put_worth(FILE *out, const struct tails *tails)
{
    fprintf(out,
            ": the largest task holds %s%.2g %% of all work, and %.0f sizes weigh as %.0f "
            "equal ones would",
            tails->about.n > 1 ? "up to " : "", 100 * tails->share, tails->offered,
            tails->effective);
}

/* The first of the quantiles that single sizes decide; QUANTILES: none. */
static int decided(const struct row *row)
{
    int i = 0;
    while (i < QUANTILES && (isnan(row->latency_q[i]) || !(row->by_giants & 1u << i)))
        i++;
    return i;
}

static void warn_giants(FILE *out, const struct result *result)
{
    struct about about = {0};
    struct scenario *at = xmalloc(sizeof *at);
    int first = QUANTILES;
    double wanted = 0;
    for (uint32_t i = 0; i < result->columns; i++) {
        const struct row *row = row_all(result, i);
        int here = decided(row);
        if (here == QUANTILES)
            continue;
        sweep_scenario(&result->scenario, i, at);
        about_add(&about, row);
        first = here < first ? here : first;
        wanted = isinf(wanted)
                     ? wanted
                     : fmax(wanted, giants_wanted(at, quantile_p[here]) / row->replications);
    }
    free(at);
    if (about.n == 0)
        return;
    fprintf(out, "single large sizes decide %s and above", quantile_names[first]);
    put_where(out, result, &about);
    fputs(": so few of them come in a run like this that no interval can be given; ", out);
    if (isinf(wanted)) {
        fputs("no length of run would do: bound the sizes, or add consumers\n", out);
    } else {
        fputs("run.tasks: about ", out);
        put_tasks(out, wanted);
        fprintf(out, " (with run.replications: %.0f) would do\n",
                result->scenario.run.replications);
    }
}

/* Of a network: of the laws of all stages. */
static double tail_of(const struct scenario *at)
{
    struct network_facts *facts = network_facts_of(at);
    double tail = facts ? facts->tail : scenario_tail(at);
    network_facts_free(facts);
    return tail;
}

void warn_tails(FILE *out, const struct result *result)
{
    struct tails heavy = {0}, waits = {0}, few = {0};
    struct scenario *at = xmalloc(sizeof *at);
    for (uint32_t i = 0; i < result->columns; i++) {
        const struct row *row = row_all(result, i);
        sweep_scenario(&result->scenario, i, at);
        double tail = tail_of(at);
        if (tail <= 2)
            tails_add(&heavy, row, tail);
        else if (row->stable != STABLE_NO && !interval_mean_exists(at))
            tails_add(&waits, row, tail);
        else if (row->offered > 100 && row->largest_share > LARGE_SHARE)
            tails_add(&few, row, tail);
    }
    free(at);
    if (heavy.about.n) {
        fprintf(out, "task sizes have tail exponent %.3g (2 or less: infinite variance)",
                heavy.tail);
        put_where(out, result, &heavy.about);
        put_worth(out, &heavy);
        fputs("; means settle slowly or never, and have no interval; bound the sizes\n", out);
    }
    if (waits.about.n) {
        fprintf(out, "task sizes have tail exponent %.3g, too heavy for waits to have a variance",
                waits.tail);
        put_where(out, result, &waits.about);
        fputs(": mean wait and latency settle slowly, and have no interval; add consumers, or "
              "bound the sizes\n",
              out);
    }
    if (few.about.n) {
        fputs("few tasks hold much of the work", out);
        put_where(out, result, &few.about);
        put_worth(out, &few);
        fputs("; raise run.tasks\n", out);
    }
    warn_giants(out, result);
}
