/* Golden results beside those of today (golden.h). */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../engine/histogram.h"
#include "../result/stats.h"
#include "golden.h"

#define RISK     0.05             /* of the intervals that lines state */
#define ROUNDING 1e-9             /* sums of doubles in another order */
#define BUCKET   (1.0 / HIST_SUB) /* the widest, relative to its lower edge */

static bool has_interval(const struct golden_line *line)
{
    return isfinite(line->value) && isfinite(line->low) && isfinite(line->high);
}

static bool equal(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool is_quantile(int figure)
{
    return strncmp(golden_kinds[figure].name, "latency_p", 9) == 0;
}

/* No further apart than figures can be told apart at all. */
static bool within_resolution(const struct golden_line *a, const struct golden_line *b)
{
    double off = fabs(b->value - a->value), large = fmax(fabs(a->value), fabs(b->value));
    return off <= (is_quantile(a->figure) ? BUCKET : ROUNDING) * large;
}

/* The scale on which the spread of a figure does not depend on itself; `low` and `high`: what else
 * is to be carried over must stay finite. */
static double scaled(const struct golden_line *a, double x, bool reciprocal)
{
    enum unit unit = golden_kinds[a->figure].unit;
    if (unit == UNIT_DURATION)
        return reciprocal ? 1 / x : x;
    return strcmp(golden_kinds[a->figure].name, "loss_fraction") == 0 ? sqrt(fmax(x, 0)) : x;
}

/* Standard error of `line` on that scale, from the side of its interval that faces `other`. */
static double error_towards(const struct golden_line *line, const struct golden_line *other,
                            bool reciprocal)
{
    double end = other->value > line->value ? line->high : line->low;
    return fabs(scaled(line, end, reciprocal) - scaled(line, line->value, reciprocal)) /
           stats_t(RISK, (size_t)line->degrees);
}

static double welch_p(const struct golden_line *a, const struct golden_line *b)
{
    if (within_resolution(a, b))
        return 1;
    bool reciprocal = fmin(a->low, b->low) > 0;
    double va = pow(error_towards(a, b, reciprocal), 2);
    double vb = pow(error_towards(b, a, reciprocal), 2);
    if (!(va + vb > 0))
        return 0;
    double t =
        fabs(scaled(b, b->value, reciprocal) - scaled(a, a->value, reciprocal)) / sqrt(va + vb);
    double degrees = pow(va + vb, 2) / (va * va / a->degrees + vb * vb / b->degrees);
    return 2 * gsl_cdf_tdist_Q(t, degrees);
}

/* after / before, by MOVER of logarithms. */
static void take_ratio(struct golden_pair *pair)
{
    const struct golden_line *a = pair->before, *b = pair->after;
    pair->ratio = pair->low = pair->high = NAN;
    if (!(a->value > 0) || !(b->value > 0))
        return;
    pair->ratio = b->value / a->value;
    if (!has_interval(a) || !has_interval(b))
        return;
    double down = hypot(log(b->value / fmax(b->low, 0)), log(a->high / a->value));
    double up = hypot(log(b->high / b->value), log(a->value / fmax(a->low, 0)));
    pair->low = pair->ratio * exp(-down);
    pair->high = pair->ratio * exp(up);
}

/* Which run the two lines are of, as far as digits may be compared. */
struct ground {
    bool same;     /* version, seed and scenario */
    bool recorded; /* the same recorded tasks, and the same seed */
};

static void compare_verdicts(struct golden_pair *pair)
{
    double a = pair->before->value, b = pair->after->value;
    if (a == b)
        return;
    bool known = a != STABLE_UNKNOWN && b != STABLE_UNKNOWN;
    pair->verdict = known ? GOLDEN_DIFFERS : GOLDEN_OPEN;
    pair->why = !known            ? "whether it is stable cannot be told on both sides"
                : b == STABLE_YES ? "was not stable, and is"
                                  : "was stable, and is not";
}

/* Without intervals: digits, where they must be the same. */
static void compare_digits(struct golden_pair *pair, const struct ground *ground)
{
    const struct golden_line *a = pair->before, *b = pair->after;
    bool neither = isnan(a->value) && isnan(b->value);
    bool both = !isnan(a->value) && !isnan(b->value);
    if (!neither && equal(a->value, b->value) && (ground->recorded || ground->same)) {
        pair->verdict = GOLDEN_SAME;
    } else if (both && ground->recorded) {
        pair->verdict = within_resolution(a, b) ? GOLDEN_HOLDS : GOLDEN_DIFFERS;
        pair->why = pair->verdict == GOLDEN_DIFFERS ? "the same recorded tasks" : NULL;
    } else if (!neither && ground->same) {
        pair->verdict = GOLDEN_DIFFERS;
        pair->why = "version, seed and scenario are the same, and the digits must be";
    } else {
        pair->verdict = GOLDEN_OPEN;
        pair->why = neither  ? "too few tasks for the figure itself"
                    : b->why ? b->why
                             : "the golden result has no honest interval";
    }
}

static void compare_pair(struct golden_pair *pair, const struct ground *ground)
{
    const struct golden_line *a = pair->before, *b = pair->after;
    pair->p = NAN;
    pair->verdict = GOLDEN_SAME;
    if (a->figure == GOLDEN_STABLE) {
        compare_verdicts(pair);
        return;
    }
    take_ratio(pair);
    bool intervals = has_interval(a) && has_interval(b);
    if (!intervals) {
        compare_digits(pair, ground);
    } else if (!equal(a->value, b->value) || !equal(a->low, b->low) || !equal(a->high, b->high)) {
        pair->verdict = GOLDEN_HOLDS;
        pair->p = welch_p(a, b);
    } else {
        pair->p = 1;
    }
}

static bool matches(const struct golden_line *a, const struct golden_line *b)
{
    bool near = fabs(a->at - b->at) <= 1e-12 * fabs(a->at);
    return a->figure == b->figure && a->class == b->class && (near || equal(a->at, b->at));
}

/* The line of `before` that is the same figure, not yet taken; the search goes on where the last
 * one ended, since the order is mostly the same. */
static size_t find(const struct golden *before, const bool *taken, size_t from,
                   const struct golden_line *line)
{
    for (size_t i = 0; i < before->n; i++) {
        size_t at = (from + i) % before->n;
        if (!taken[at] && matches(&before->lines[at], line))
            return at;
    }
    return before->n;
}

static struct golden_pair alone(const struct golden_line *before, const struct golden_line *after)
{
    return (struct golden_pair){.before = before,
                                .after = after,
                                .verdict = GOLDEN_OPEN,
                                .p = NAN,
                                .ratio = NAN,
                                .low = NAN,
                                .high = NAN,
                                .why = before ? "no longer there" : "not blessed yet"};
}

void golden_compare(const struct golden *before, const struct golden *after,
                    struct golden_pairs *out)
{
    bool *taken = xcalloc(before->n + 1, sizeof *taken);
    bool seed = before->seed == after->seed;
    bool unchanged = golden_changes(before, after) == NULL;
    const struct ground ground = {
        .same = seed && unchanged && strcmp(before->version, after->version) == 0,
        .recorded = seed && unchanged && before->recorded && after->recorded,
    };
    out->pairs = xcalloc(before->n + after->n + 1, sizeof *out->pairs);
    out->n = 0;
    size_t next = 0;
    for (size_t i = 0; i < after->n; i++) {
        const struct golden_line *line = &after->lines[i];
        struct golden_pair *pair = &out->pairs[out->n++];
        size_t at = find(before, taken, next, line);
        *pair = alone(NULL, line);
        if (at == before->n)
            continue;
        taken[at] = true;
        next = at + 1;
        pair->before = &before->lines[at];
        pair->why = NULL;
        compare_pair(pair, &ground);
    }
    for (size_t i = 0; i < before->n; i++)
        if (!taken[i])
            out->pairs[out->n++] = alone(&before->lines[i], NULL);
    free(taken);
}

size_t golden_judge(struct golden_pairs *all, size_t n, double false_alarms)
{
    size_t total = 0, differ = 0, k = 0;
    for (size_t i = 0; i < n; i++)
        total += all[i].n;
    double *p = xmalloc((total + 1) * sizeof *p);
    bool *off = xmalloc((total + 1) * sizeof *off);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < all[i].n; j++)
            if (!isnan(all[i].pairs[j].p))
                p[k++] = all[i].pairs[j].p;
    stats_holm(p, k, false_alarms, off);
    k = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < all[i].n; j++) {
            struct golden_pair *pair = &all[i].pairs[j];
            if (!isnan(pair->p) && off[k++])
                pair->verdict = GOLDEN_DIFFERS;
            differ += pair->verdict == GOLDEN_DIFFERS;
        }
    free(p);
    free(off);
    return differ;
}
