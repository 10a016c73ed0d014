#include "precision.h"

#include <stdlib.h>

#include "../base/err.h"
#include "estimate.h"
#include "giants.h"
#include "grid.h"
#include "stats.h"
#include "timescale.h"

/* In the order of enum precision_state. */
const char *const precision_names[] = {"", "yes", "no", "no", "no"};

/* A run under way. */
struct search {
    struct run_part part;
    uint32_t *have, *want; /* replications of each column, before and after the round */
    uint32_t most;         /* that a column may have */
};

enum quantity precision_quantity(const struct scenario *s)
{
    static const enum quantity quantities[] = {
        QUANTITY_LATENCY_MEAN, QUANTITY_LATENCY_P50,   QUANTITY_LATENCY_P90, QUANTITY_LATENCY_P99,
        QUANTITY_LATENCY_P999, QUANTITY_LATENCY_P9999, QUANTITY_WAIT_MEAN,   QUANTITY_WAIT_P50,
        QUANTITY_WAIT_P90,     QUANTITY_WAIT_P99,      QUANTITY_WAIT_P999,   QUANTITY_LOSS};
    return quantities[(int)s->run.precision.measure];
}

/* The half-width of the figure's interval that misses with probability `risk`: the row's own,
 * widened, or, of quantiles of the wait, an estimate. */
static double half_at(const struct result *result, uint32_t column, const struct row *row,
                      double risk)
{
    enum quantity q = precision_quantity(&result->scenario);
    int wait = quantity_wait_quantile(q);
    if (wait < 0) {
        size_t degrees = row->replications - 1;
        return quantity_half(row, q) * (stats_t(risk, degrees) / stats_t(0.05, degrees));
    }
    const struct figure_wanted wanted = {FIGURE_WAIT_QUANTILE, quantile_p[wait],
                                         result_row_classes(result) - 1, 0};
    struct estimate e = estimate_of(result, column, &wanted, risk);
    return isfinite(e.value) ? quantity_longer_side(e.low, e.value, e.high) : NAN;
}

/* The error that is asked for, in the terms of known_to. */
static double asked(const struct precision *p)
{
    return !isnan(p->absolute)         ? p->absolute
           : !isnan(p->absolute_share) ? p->absolute_share
                                       : p->relative;
}

/* What a row is known to within at the `look`-th look, in the terms that the scenario asks in. */
static double known_to(const struct result *result, uint32_t column, const struct row *row,
                       unsigned look)
{
    const struct precision *p = &result->scenario.run.precision;
    double confidence = isnan(p->confidence) ? PRECISION_CONFIDENCE : p->confidence;
    double half = half_at(result, column, row, (1 - confidence) / look / (look + 1));
    if (isnan(p->relative) || half == 0)
        return half;
    double relative = half / fabs(quantity_value(row, precision_quantity(&result->scenario)));
    return relative < 1 ? relative / (1 - relative) : NAN;
}

/* Whether it is for want of replications that too little of the input has been met, and as many
 * as may be made would do. */
static bool more_meet_more(const struct scenario *s, uint32_t column, const struct row *row)
{
    if (!(row->notes & NOTE_FEW_CYCLES))
        return false;
    struct scenario *at = xmalloc(sizeof *at);
    sweep_scenario(s, column, at);
    double most = isnan(s->run.max_tasks) ? PRECISION_TASKS : s->run.max_tasks;
    bool enough = timescale_wanted(at) <= most;
    free(at);
    return enough;
}

static bool never(const struct scenario *s, uint32_t column, const struct row *row)
{
    enum quantity q = precision_quantity(s);
    bool mean = q == QUANTITY_LATENCY_MEAN || q == QUANTITY_WAIT_MEAN;
    int latency = quantity_quantile(q),
        quantile = latency < 0 ? quantity_wait_quantile(q) : latency;
    /* More replications make up for what has not come yet, and for nothing else. */
    if (!row->intervals)
        return row->notes & NOTE_FEW_CYCLES ? !more_meet_more(s, column, row)
                                            : !(row->notes & NOTE_UNREPRESENTATIVE);
    if (!mean && quantile < 0)
        return false;
    struct scenario *at = xmalloc(sizeof *at);
    struct giants giants = {.none = true};
    sweep_scenario(s, column, at);
    if (!scenario_is_network(at))
        giants_of(at, isnan(s->run.max_tasks) ? PRECISION_TASKS : s->run.max_tasks, &giants);
    bool exists = mean ? interval_mean_exists(at) && giants_bear_mean(&giants)
                       : giants_bear_quantile(&giants, quantile_p[quantile]);
    free(at);
    return !exists;
}

/* How many replications the column gets next; as many as it has where it is done with, and why. */
static uint32_t next(const struct search *search, uint32_t column, struct row *row)
{
    const struct run *run = &search->part.s->run;
    double most = isnan(run->max_tasks) ? PRECISION_TASKS : run->max_tasks;
    uint32_t have = search->want[column];
    row->precision_state = PRECISION_REACHED;
    if (row->precision <= asked(&run->precision))
        return have;
    row->precision_state = PRECISION_NEVER;
    if (row->offered == 0 || never(search->part.s, column, row))
        return have;
    double fit = floor(most / ((double)row->offered / have));
    row->precision_state = fit < search->most ? PRECISION_ENDED : PRECISION_CRAMPED;
    double more = fmin(fmin(fit, search->most), 2.0 * have);
    return more > have ? (uint32_t)more : have;
}

/* Looks at every column that the last round was for; whether any of them gets another. */
static bool look(struct search *search, unsigned number)
{
    struct result *result = search->part.result;
    uint32_t rows = result_row_classes(result);
    bool any = false;
    for (uint32_t column = 0; column < result->columns; column++) {
        struct row *row = (struct row *)result_row(result, column, rows - 1);
        struct achieved *so_far = &result->achieved[column];
        uint32_t had = search->want[column];
        if (had > search->have[column]) {
            row->precision = known_to(result, column, row, number);
            search->want[column] = next(search, column, row);
            *so_far = (struct achieved){row->precision, row->precision_state};
        }
        search->have[column] = had;
        any = any || search->want[column] > had;
    }
    return any;
}

/* Of a round that was interrupted nothing is said. */
static void forget_open(struct search *search)
{
    for (uint32_t column = 0; column < search->part.result->columns; column++)
        if (search->want[column] > search->have[column])
            search->part.result->achieved[column] = (struct achieved){NAN, PRECISION_NONE};
}

static void extend(struct search *search)
{
    for (uint32_t column = 0; column < search->part.result->columns; column++)
        grid_extend(search->part.result->grid, column, search->want[column]);
}

struct result *precision_run(const struct scenario *s, const struct run_options *options)
{
    struct search search = {
        .part = {.s = s, .engine = options->engine, .journal = options->journal}};
    uint32_t columns = sweep_columns(s);
    double room = SCENARIO_CELLS / columns / scenario_classes(s) / trial_places(s);
    search.most = (uint32_t)fmin(room, REPLICATIONS_MOST);
    search.have = xcalloc(columns, sizeof *search.have);
    search.want = xcalloc(columns, sizeof *search.want);
    for (uint32_t column = 0; column < columns; column++)
        search.want[column] = (uint32_t)s->run.replications;
    search.part.have = search.have;
    search.part.want = search.want;
    struct run_course *course = run_begin(&search.part, 1, options);
    search.part.result->achieved = xcalloc(columns, sizeof *search.part.result->achieved);
    for (unsigned number = 1;; number++) {
        if (!run_round(course)) {
            forget_open(&search);
            break;
        }
        result_figures(search.part.result);
        if (!look(&search, number))
            break;
        extend(&search);
    }
    run_end(course);
    free(search.have);
    free(search.want);
    return search.part.result;
}
