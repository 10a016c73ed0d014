#include "controls.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/process.h"
#include "grid.h"
#include "stats.h"

/* What each control is a ratio of, group by group. */
struct sums {
    size_t n;
    double *offered, *size, *square, *duration;
    bool timed; /* groups are replications: durations are known */
};

static void gather(const struct result *result, uint32_t index, struct sums *sums)
{
    const struct grid_column *column = &result->grid->column[index];
    *sums = (struct sums){.timed = column->groups == column->replications};
    sums->offered = xcalloc(4 * ((size_t)column->groups + 1), sizeof *sums->offered);
    sums->size = sums->offered + column->groups + 1;
    sums->square = sums->size + column->groups + 1;
    sums->duration = sums->square + column->groups + 1;
    for (uint32_t group = 0; group < column->groups; group++) {
        const struct replica *replica = &column->replicas[sums->timed ? group : 0];
        if (!replica->present)
            continue;
        for (uint32_t i = 0; i < result->grid->classes; i++) {
            const struct grid_at at = {index, group, result->whole, i};
            const struct packed_cell *cell = grid_cell(result->grid, at);
            sums->offered[sums->n] += (double)cell->offered;
            sums->size[sums->n] += cell->size_sum;
            sums->square[sums->n] += cell->size_square;
        }
        sums->duration[sums->n++] = replica->window.close.time - replica->window.open.time;
    }
}

static struct control of_ratio(double known, const double *a, const double *b, size_t n)
{
    struct ratio own = stats_ratio(a, b, n);
    return (struct control){known, own.value, own.error, n > 1 ? n - 1 : 0};
}

/* Sizes are independent of each other: all of them tell of their mean. */
static struct control of_sizes(double known, const struct sums *sums)
{
    double n = 0, first = 0, second = 0;
    for (size_t i = 0; i < sums->n; i++) {
        n += sums->offered[i];
        first += sums->size[i];
        second += sums->square[i];
    }
    double own = first / n, variance = fmax(0, second / n - own * own);
    /* What is left of a difference of sums is rounding. */
    variance = variance > 1e-9 * own * own ? variance : 0;
    return (struct control){known, own, n > 1 ? sqrt(variance / (n - 1)) : NAN,
                            n > 1 ? (size_t)(n - 1) : 0};
}

void controls_measure(const struct result *result, uint32_t column, const struct scenario *at,
                      const struct giants *giants, struct control controls[KNOWN_MEANS])
{
    const struct arrival_process *process = (const struct arrival_process *)at->arrivals.process;
    const struct control none = {NAN, NAN, NAN, 0};
    for (int i = 0; i < KNOWN_MEANS; i++)
        controls[i] = none;
    if (sweep_drifts(at) || !process->stationary || scenario_replays(at))
        return;
    struct sums sums;
    gather(result, column, &sums);
    double rate = scenario_task_rate(at), mean = scenario_mean_size(at);
    if (sums.timed && !isnan(rate)) {
        controls[KNOWN_RATE] = of_ratio(rate, sums.offered, sums.duration, sums.n);
        controls[KNOWN_WORK] = of_ratio(rate * mean, sums.size, sums.duration, sums.n);
    }
    controls[KNOWN_SIZE] = of_sizes(mean, &sums);
    if (giants->light)
        controls[KNOWN_SQUARE] =
            of_ratio(scenario_second_size(at), sums.square, sums.offered, sums.n);
    free(sums.offered);
}

double *controls_load(const struct result *result, uint32_t column, const struct scenario *at)
{
    struct sums sums;
    double rate = scenario_task_rate(at), mean = scenario_mean_size(at);
    gather(result, column, &sums);
    double *load = NULL;
    if (sums.timed && sums.n > 1 && !isnan(rate * mean))
        load = xmalloc(sums.n * sizeof *load);
    for (size_t i = 0; i < sums.n && load; i++) {
        double due = rate * mean * sums.duration[i];
        load[i] = sums.offered[i] > 0 ? (sums.size[i] - due) / (sums.offered[i] * mean) : 0;
    }
    free(sums.offered);
    return load;
}

/* How far out, where 1 is the end of the interval. 0: within, or nobody knows. */
static double out_by(const struct control *control)
{
    double off = fabs(control->own - control->known);
    if (!isfinite(off) || isnan(control->error) || control->degrees == 0)
        return 0;
    /* Rounding is not luck: a law without spread has the mean that it has. */
    if (off <= 1e-6 * control->known)
        return 0;
    double half = stats_t(CONTROL_RISK, control->degrees) * control->error;
    return half > 0 ? off / half : 0;
}

int controls_off(const struct control controls[KNOWN_MEANS])
{
    static const enum known_mean telling[KNOWN_MEANS] = {KNOWN_SIZE, KNOWN_RATE, KNOWN_WORK,
                                                         KNOWN_SQUARE};
    for (int i = 0; i < KNOWN_MEANS; i++)
        if (out_by(&controls[telling[i]]) > 1)
            return (int)telling[i];
    return -1;
}

const char *controls_words(enum known_mean which, double relative)
{
    double by = 100 * fabs(relative);
    const char *text = internf(by < 0.1 ? "%.1g %%" : by < 10 ? "%.2g %%" : "%.0f %%", by);
    switch (which) {
    case KNOWN_RATE:
        return internf("the tasks of this run come %s %s than described", text,
                       relative > 0 ? "faster" : "slower");
    case KNOWN_SIZE:
        return internf("the tasks of this run are %s %s than those described", text,
                       relative > 0 ? "larger" : "smaller");
    case KNOWN_SQUARE:
        return internf("the mean square of the sizes of this run is %s %s than described", text,
                       relative > 0 ? "larger" : "smaller");
    case KNOWN_WORK:
        break;
    }
    return internf("the tasks of this run bring %s %s work than described", text,
                   relative > 0 ? "more" : "less");
}
