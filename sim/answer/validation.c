#include "validation.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../network/facts.h"
#include "../result/giants.h"
#include "../result/grid.h"
#include "../result/stats.h"
#include "../result/timescale.h"

/* What one replication measured of the tasks of a class, or of all. */
struct seen {
    const struct window *window;
    struct cell cell;
    struct histogram waits;
};

static double above(const struct histogram *h, uint64_t completed, double x)
{
    return (double)completed - histogram_rank(h, x);
}

#define open_to_close(window, what) ((double)((window)->close.what - (window)->open.what))

/* a of a / b, which over all replications estimates the figure (of a quantile: 1 - p). */
static double numerator(const struct theory_figure *f, const struct seen *seen, double *b)
{
    const struct cell *cell = &seen->cell;
    *b = (double)cell->completed;
    switch (f->measure) {
    case THEORY_WAIT_PROBABILITY:
        return (double)(cell->completed - seen->waits.zero);
    case THEORY_WAIT_MEAN:
        return cell->wait_sum;
    case THEORY_LATENCY_MEAN:
        return cell->latency_sum;
    case THEORY_WAIT_QUANTILE:
        return above(&seen->waits, cell->completed, f->value);
    case THEORY_LATENCY_QUANTILE:
        return above(&cell->latency, cell->completed, f->value);
    case THEORY_THROUGHPUT:
        *b = open_to_close(seen->window, time);
        return open_to_close(seen->window, completed);
    case THEORY_UTILIZATION:
        *b = seen->window->available;
        return open_to_close(seen->window, busy_area);
    case THEORY_LOSS:
        break;
    }
    *b = (double)cell->offered;
    return (double)cell_lost(cell);
}

static double normal_score(double t, double degrees)
{
    double p = gsl_cdf_tdist_Q(fabs(t), degrees);
    return copysign(p > 0 ? gsl_cdf_ugaussian_Qinv(p) : 40, t);
}

static bool is_quantile(const struct theory_figure *f)
{
    return f->measure == THEORY_WAIT_QUANTILE || f->measure == THEORY_LATENCY_QUANTILE;
}

static double score(const struct theory_figure *f, const double *a, const double *b, size_t n)
{
    bool quantile = is_quantile(f), rare = quantile || f->measure == THEORY_LOSS;
    double target = quantile ? 1 - f->p : f->value;
    struct ratio ratio = stats_ratio(a, b, n);
    /* A quantile of 0: more than that many do not wait, and that is all there is to it. */
    bool varies = ratio.error > 1e-12 * fabs(target); /* and not by rounding alone */
    if (f->approximate || !isfinite(target) || (quantile && f->value == 0) || !varies)
        return NAN;
    double error = ratio.error * (rare ? sqrt(target / ratio.value) : 1);
    return normal_score((ratio.value - target) / error, (double)n - 1);
}

/* The row's own figure and interval. */
static void state(const struct row *row, const struct theory_figure *f, struct validated *out)
{
    double half = NAN;
    out->value = out->low = out->high = NAN;
    for (int i = 0; i < QUANTILES && is_quantile(f); i++) {
        bool latency = f->measure == THEORY_LATENCY_QUANTILE;
        if (f->p != quantile_p[i])
            continue;
        out->value = latency ? row->latency_q[i] : row->wait_q[i];
        out->low = latency ? row->latency_low[i] : NAN;
        out->high = latency ? row->latency_high[i] : NAN;
    }
    if (is_quantile(f))
        return;
    if (f->measure == THEORY_LOSS) {
        out->value = row->loss_fraction;
        out->low = row->loss_low;
        out->high = row->loss_high;
        return;
    }
    if (f->measure == THEORY_THROUGHPUT || f->measure == THEORY_UTILIZATION) {
        out->value = f->measure == THEORY_THROUGHPUT ? row->throughput : row->utilization;
        return;
    }
    if (f->measure == THEORY_WAIT_MEAN)
        half = row->wait_mean_ci95;
    if (f->measure == THEORY_LATENCY_MEAN)
        half = row->latency_mean_ci95;
    out->value = f->measure == THEORY_WAIT_MEAN      ? row->wait_mean
                 : f->measure == THEORY_LATENCY_MEAN ? row->latency_mean
                                                     : row->wait_probability;
    out->low = out->value - half;
    out->high = out->value + half;
}

/* Whether the mean of so many tasks has a law that is known. */
static bool mean_is_normal(const struct scenario *s, double tasks)
{
    struct giants giants;
    struct network_facts *facts = network_facts_of(s);
    if (facts) {
        bool light = facts->tail > 3; /* of the works on the way */
        network_facts_free(facts);
        return light;
    }
    giants_of(s, tasks, &giants);
    return interval_mean_exists(s) && giants_bear_mean(&giants);
}

void validation_figure(const struct result *result, uint32_t column, const struct theory_figure *f,
                       struct validated *out)
{
    const struct grid *grid = result->grid;
    uint32_t n = grid->column[column].groups,
             class = f->class == THEORY_ALL ? grid->classes : (uint32_t)f->class;
    uint32_t row = f->class == THEORY_ALL ? result_row_classes(result) - 1 : class;
    uint32_t place = (uint32_t)f->place;
    double *a = xmalloc(2 * n * sizeof *a), *b = a + n;
    for (uint32_t r = 0; r < n; r++) {
        struct seen seen = {.window = result_place_window(result, column, place, r)};
        cell_init(&seen.cell);
        grid_get(grid, (struct grid_at){column, r, place, class}, &seen.cell, &seen.waits);
        a[r] = numerator(f, &seen, &b[r]);
        cell_free(&seen.cell);
        histogram_free(&seen.waits);
    }
    bool mean = f->measure == THEORY_WAIT_MEAN || f->measure == THEORY_LATENCY_MEAN;
    out->theory = *f;
    state(result_place_row(result, column, place, row), f, out);
    /* Without a variance, or where single large sizes that a run meets too seldom make it, the mean
     * of so many has no known distribution; nor has anything of which the run has met too little.
     */
    double measured = (double)result_row(result, column, result_row_classes(result) - 1)->offered;
    bool seen = measured >= timescale_tasks(&result->scenario, VALIDATION_CYCLES);
    bool exists = !mean || mean_is_normal(&result->scenario, measured);
    out->z = seen && exists ? score(f, a, b, n) : NAN;
    free(a);
}

bool validate(const struct scenario *s, const struct run_options *options, struct validation *out)
{
    *out = (struct validation){.audited = true};
    theory_of(s, &out->theory);
    if (!out->theory.model)
        return true;
    struct result *result = run_scenario(s, options);
    bool whole = result && !result->interrupted;
    for (size_t i = 0; whole && i < out->theory.n; i++)
        validation_figure(result, 0, &out->theory.figure[i], &out->figure[i]);
    if (whole) {
        out->audited = audit_holds(&result->audit);
        out->simulated = result->simulated;
        const struct row *all = result_row(result, 0, result_row_classes(result) - 1);
        out->inside = all->in_system_mean;
        out->waiting = all->queue_mean;
        out->throughput = all->throughput;
    }
    result_free(result);
    return whole;
}

double validation_p(double z)
{
    return 2 * gsl_cdf_ugaussian_Q(fabs(z));
}
