#include "difference.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/process.h"
#include "grid.h"
#include "stats.h"

const char *const no_claim_names[] = {
    [CLAIM_OPEN] = "",
    [NO_CLAIM_ZERO] = "spans-zero",
    [NO_CLAIM_UNSTABLE] = "unstable",
    [NO_CLAIM_RECORDED] = "recorded",
    [NO_CLAIM_FEW] = "few-replications",
    [NO_CLAIM_UNPAIRED] = "unpaired",
    [NO_CLAIM_UNSEEN] = "few-cycles",
    [NO_CLAIM_NO_INTERVAL] = "no-interval",
};
const char *const no_claim_sentences[] = {
    [CLAIM_OPEN] = "",
    [NO_CLAIM_ZERO] = "their interval holds 0",
    [NO_CLAIM_UNSTABLE] = "one of the two is not stable",
    [NO_CLAIM_RECORDED] = "a recorded trace has no replications to tell luck by",
    [NO_CLAIM_FEW] = "it takes 4 replications at least",
    [NO_CLAIM_UNPAIRED] = "they have not the same replications",
    [NO_CLAIM_UNSEEN] = "the runs have seen too little of their input",
    [NO_CLAIM_NO_INTERVAL] = "one of the two has too few tasks for an interval of its own",
};
const char *const claim_names[] = {
    [CLAIM_BETTER] = "better", [CLAIM_WORSE] = "worse", [CLAIM_CANNOT_TELL] = "cannot-tell"};

/* How the replications of a column and class depart from the figures of all: [quantity][i]. */
struct departures {
    uint32_t n;
    double *of[QUANTITIES];
};

/* Departures of a ratio sum a / sum b. */
static void of_ratio(const double *a, const double *b, uint32_t n, double *out)
{
    double sum_a = 0, sum_b = 0;
    for (uint32_t i = 0; i < n; i++) {
        sum_a += a[i];
        sum_b += b[i];
    }
    for (uint32_t i = 0; i < n; i++)
        out[i] = (a[i] - sum_a / sum_b * b[i]) / (sum_b / n);
}

/* What the ratios are made of: numerators and denominators, replication by replication. */
struct parts {
    double *latency, *wait, *lost, *served, *completed, *offered, *duration;
};

static void parts_put(const struct parts *parts, uint32_t i, const struct cell *cell,
                      const struct window *window)
{
    parts->latency[i] = cell->latency_sum;
    parts->wait[i] = cell->wait_sum;
    parts->lost[i] = (double)cell_lost(cell);
    parts->completed[i] = (double)cell->completed;
    parts->offered[i] = (double)cell->offered;
    parts->served[i] = (double)(window->close.completed - window->open.completed);
    parts->duration[i] = window->close.time - window->open.time;
}

static struct departures departures_of(const struct result *result, uint32_t column, uint32_t place,
                                       uint32_t class)
{
    const struct grid *grid = result->grid;
    const struct row *row = result_place_row(result, column, place, class);
    uint32_t n = grid->column[column].replications;
    struct departures d = {.n = n};
    double *room = xmalloc(7 * (size_t)n * sizeof *room);
    const struct parts parts = {room,         room + n,     room + 2 * n, room + 3 * n,
                                room + 4 * n, room + 5 * n, room + 6 * n};
    d.of[0] = xmalloc(QUANTITIES * (size_t)n * sizeof *d.of[0]);
    for (int q = 1; q < QUANTITIES; q++)
        d.of[q] = d.of[0] + (size_t)q * n;
    for (uint32_t i = 0; i < n; i++) {
        struct cell cell;
        struct histogram waits = {0};
        cell_init(&cell);
        grid_get(grid, (struct grid_at){column, i, place, class}, &cell, &waits);
        parts_put(&parts, i, &cell, replica_window(grid_replica(grid, column, i), place));
        for (int k = 0; k <= QUANTITY_LATENCY_P999 - QUANTITY_LATENCY_P50; k++)
            d.of[QUANTITY_LATENCY_P50 + k][i] =
                histogram_quantile(&cell.latency, quantile_p[k], cell.latency_min,
                                   cell.latency_max) -
                row->latency_q[k];
        histogram_free(&waits);
        cell_free(&cell);
    }
    of_ratio(parts.latency, parts.completed, n, d.of[QUANTITY_LATENCY_MEAN]);
    of_ratio(parts.wait, parts.completed, n, d.of[QUANTITY_WAIT_MEAN]);
    of_ratio(parts.lost, parts.offered, n, d.of[QUANTITY_LOSS]);
    of_ratio(parts.served, parts.duration, n, d.of[QUANTITY_THROUGHPUT]);
    free(room);
    return d;
}

static bool whole(const struct result *result, uint32_t column)
{
    for (uint32_t i = 0; i < result->grid->column[column].replications; i++)
        if (!grid_replica(result->grid, column, i)->present)
            return false;
    return true;
}

/* What stands against any claim about this column. */
static enum no_claim obstacle(const struct result *from, const struct result *to, uint32_t column,
                              const struct row *a, const struct row *b)
{
    bool unstable = (a->stable == STABLE_NO && !sweep_drifts(&from->scenario)) ||
                    (b->stable == STABLE_NO && !sweep_drifts(&to->scenario));
    if (scenario_repeats(&from->scenario) || scenario_repeats(&to->scenario))
        return NO_CLAIM_RECORDED;
    if (unstable)
        return NO_CLAIM_UNSTABLE;
    uint32_t pairs = from->grid->column[column].replications;
    if (to->grid->column[column].replications != pairs || !whole(from, column) ||
        !whole(to, column))
        return NO_CLAIM_UNPAIRED;
    if (pairs < DIFFERENCE_PAIRS)
        return NO_CLAIM_FEW;
    return (a->notes | b->notes) & NOTE_FEW_CYCLES ? NO_CLAIM_UNSEEN : CLAIM_OPEN;
}

static bool without_loss(const struct row *row)
{
    return row->lost == 0;
}

static void pair(const struct row *a, const struct row *b, const struct departures *from,
                 const struct departures *to, enum quantity q, struct difference *out)
{
    double squares = 0, n = from->n, half_a = quantity_half(a, q), half_b = quantity_half(b, q);
    if (isnan(half_a) || isnan(half_b)) {
        out->why = NO_CLAIM_NO_INTERVAL;
        return;
    }
    for (uint32_t i = 0; i < from->n; i++) {
        double departure = to->of[q][i] - from->of[q][i];
        squares += departure * departure;
    }
    out->error = sqrt(squares / n / (n - 1));
    out->least = fabs(half_a - half_b);
    out->degrees = from->n - 1;
    if (q == QUANTITY_LOSS && (without_loss(a) || without_loss(b)))
        out->least = half_a + half_b;
    if (isnan(out->error)) /* a replication in which nothing was completed */
        out->why = NO_CLAIM_NO_INTERVAL;
}

static uint32_t index_of(const struct result *result, int class)
{
    return class == ALL_CLASSES ? result_row_classes(result) - 1 : (uint32_t) class;
}

void differences_find(const struct result *from, const struct result *to, uint32_t column,
                      int class, struct difference out[QUANTITIES])
{
    differences_at(from, to, column, from->whole, to->whole, class, out);
}

void differences_at(const struct result *from, const struct result *to, uint32_t column,
                    uint32_t place_from, uint32_t place_to, int class,
                    struct difference out[QUANTITIES])
{
    uint32_t class_a = index_of(from, class), class_b = index_of(to, class);
    const struct row *a = result_place_row(from, column, place_from, class_a),
                     *b = result_place_row(to, column, place_to, class_b);
    enum no_claim why = obstacle(from, to, column, a, b);
    for (int q = 0; q < QUANTITIES; q++)
        out[q] = (struct difference){.value = quantity_value(b, (enum quantity)q) -
                                              quantity_value(a, (enum quantity)q),
                                     .error = NAN,
                                     .least = NAN,
                                     .why = why};
    if (why != CLAIM_OPEN)
        return;
    struct departures of_a = departures_of(from, column, place_from, class_a);
    struct departures of_b = departures_of(to, column, place_to, class_b);
    for (int q = 0; q < QUANTITIES; q++)
        pair(a, b, &of_a, &of_b, (enum quantity)q, &out[q]);
    free(of_a.of[0]);
    free(of_b.of[0]);
}

double difference_half(const struct difference *difference, double confidence)
{
    if (difference->why != CLAIM_OPEN)
        return NAN;
    double factor = stats_t(1 - confidence, difference->degrees);
    double usual = stats_t(0.05, difference->degrees);
    return fmax(factor * difference->error, factor / usual * difference->least);
}

enum claim difference_claim(const struct difference *difference, enum quantity quantity,
                            double confidence)
{
    double half = difference_half(difference, confidence);
    if (!(fabs(difference->value) > half)) /* NAN: none */
        return CLAIM_CANNOT_TELL;
    bool more = difference->value > 0;
    return more == quantity_kinds[quantity].more_is_better ? CLAIM_BETTER : CLAIM_WORSE;
}

enum no_claim difference_why(const struct difference *difference, double confidence)
{
    if (difference->why != CLAIM_OPEN)
        return difference->why;
    return fabs(difference->value) > difference_half(difference, confidence) ? CLAIM_OPEN
                                                                             : NO_CLAIM_ZERO;
}
