#include "split_tail.h"

#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../engine/histogram.h"

enum { AROUND = 20, CLOSE = AROUND * 5 }; /* points close to a quantile, and in all */
#define REACH      0.06                   /* how far they go, relative to it */
#define NEGLIGIBLE 1e-16

/* The waits that were met, rising, with their weights; beyond[i]: weight of those from i on. */
struct waits {
    const struct walk_stage *stage;
    bool latency;
    size_t n;
    double *wait, *weight, *beyond, *low, *high; /* low, high: ends of its slot */
};

static struct waits waits_of(const struct split *split, const struct split_tally *tally,
                             bool latency)
{
    struct waits waits = {.stage = split->stage, .latency = latency};
    double **arrays[] = {&waits.wait, &waits.weight, &waits.beyond, &waits.low, &waits.high};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        *arrays[i] = xcalloc(tally->slots + 1, sizeof **arrays[i]);
    for (size_t slot = 0; slot < tally->slots; slot++) {
        if (!(tally->weight[slot] > 0))
            continue;
        size_t i = waits.n++;
        waits.weight[i] = tally->weight[slot];
        waits.wait[i] = tally->sum[slot] / tally->weight[slot];
        waits.low[i] = split_slot_low(SPLIT_WAIT, slot);
        waits.high[i] = slot == SLOT_ZERO          ? 0
                        : slot + 1 == tally->slots ? waits.wait[i]
                                                   : split_slot_low(SPLIT_WAIT, slot + 1);
    }
    for (size_t i = waits.n; i-- > 0;)
        waits.beyond[i] = waits.beyond[i + 1] + waits.weight[i];
    return waits;
}

static void waits_free(struct waits *waits)
{
    free(waits->wait);
    free(waits->weight);
    free(waits->beyond);
    free(waits->low);
    free(waits->high);
}

/* The first of the waits whose slot ends above x. */
static size_t first_above(const struct waits *waits, double x)
{
    size_t low = 0, high = waits->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (waits->high[middle] > x)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* P(size > t), t in seconds of service. */
static double size_above(const struct walk_stage *stage, double t)
{
    const struct law *law = scenario_size(stage->s, 0);
    if (t < 0)
        return 1;
    return stage->size->above ? stage->size->above(law->params, t * stage->speed)
                              : 1 - stage->size->cdf(law->params, t * stage->speed);
}

static double weight_above(const struct waits *waits, double x)
{
    size_t i = first_above(waits, x);
    double weight = i < waits->n ? waits->beyond[i + 1] : 0;
    if (!waits->latency) { /* cut the slot that holds x linearly */
        if (i == waits->n)
            return 0;
        double width = waits->high[i] - waits->low[i];
        double part = width > 0 && x > waits->low[i] ? (waits->high[i] - x) / width : 1;
        return weight + part * waits->weight[i];
    }
    for (size_t k = i < waits->n ? i + 1 : waits->n; k-- > 0;) {
        double above = size_above(waits->stage, x - waits->wait[k]);
        weight += waits->weight[k] * above;
        if (above < NEGLIGIBLE)
            break;
    }
    return weight;
}

/* Where the tail comes down to q. */
static double point_at(const struct waits *waits, double total, double q)
{
    double low = 0, high = 1e-9;
    while (high < 1e12 && weight_above(waits, high) > q * total) {
        low = high;
        high *= 2;
    }
    for (int i = 0; i < 40 && high - low > 1e-6 * high; i++) {
        double middle = (low + high) / 2;
        if (weight_above(waits, middle) > q * total)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void points_of_waits(const struct waits *waits, double total, double rarest, const double *q,
                            size_t n, struct tail *tail)
{
    size_t even = TAIL_POINTS - AROUND * n, all = 0;
    double x[TAIL_POINTS], far = point_at(waits, total, rarest);
    for (size_t i = 0; i < even; i++)
        x[all++] = far * (double)i / (double)(even - 1);
    for (size_t k = 0; k < n; k++) {
        double at = point_at(waits, total, q[k]);
        for (int i = 0; i < AROUND; i++)
            x[all++] = at * (1 + REACH * (2 * i - AROUND + 1) / (AROUND - 1));
    }
    qsort(x, all, sizeof *x, by_value);
    tail->n = 0;
    for (size_t i = 0; i < all; i++)
        if (i == 0 || x[i] > x[i - 1] * (1 + 1e-6))
            tail->x[tail->n++] = x[i];
}

void split_points(const struct split *split, const struct split_tally *tally, bool latency,
                  double rarest, const double *q, size_t n, struct tail *tail)
{
    if (split->by == SPLIT_INSIDE) {
        double top = (double)(tally->slots - 1);
        tail->n = tally->slots < TAIL_POINTS ? tally->slots : TAIL_POINTS;
        for (size_t i = 0; i < tail->n; i++)
            tail->x[i] = round(top * (double)i / (double)(tail->n - 1));
        return;
    }
    struct waits waits = waits_of(split, tally, latency);
    points_of_waits(&waits, tally->counted, rarest, q, n, tail);
    waits_free(&waits);
}

void split_fill(const struct split *split, const struct split_tally *tally, bool latency,
                struct tail *tail, size_t index)
{
    double *above = &tail->above[index * tail->n];
    tail->steps[index] = (double)tally->steps;
    if (split->by == SPLIT_INSIDE) {
        double weight = 0;
        size_t slot = tally->slots;
        for (size_t i = tail->n; i-- > 0; above[i] = weight)
            while (slot > (size_t)tail->x[i])
                weight += tally->weight[--slot];
        tail->total[index] = (double)split->tasks;
        return;
    }
    struct waits waits = waits_of(split, tally, latency);
    for (size_t i = 0; i < tail->n; i++)
        above[i] = weight_above(&waits, tail->x[i]);
    tail->total[index] = tally->counted;
    waits_free(&waits);
}
