#include "interval.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "foreseen.h"
#include "stats.h"

/* Level of von Neumann's test, and the smallest number of batches it may merge down to. */
#define CORRELATED 0.05

/* How far a measured spread may be taken to be too small by luck, relative: where it says that
 * tasks are nearly independent (short waits, long service), so they are. By half where there are
 * FEW independent tasks' worth of what is counted, whose spread is skewed and more often too small
 * than too large; by less where there are more. */
#define LUCK 0.5
#define FEW  10

/* Where so little of a fraction is left when the load has been taken out, the slope is wrong. */
#define LEAST_LEFT 0.25

const struct slope no_slope = {0, 1, 0};

static double luck(double worth)
{
    return LUCK * FEW / worth;
}

/* Merges batches pairwise while neighbours look correlated; how many are left, 0: none will do. */
static size_t batches_apart(double *a, double *b, size_t n)
{
    double *ratio = xmalloc(n * sizeof *ratio);
    for (;; n /= 2) {
        for (size_t i = 0; i < n; i++)
            ratio[i] = b[i] > 0 ? a[i] / b[i] : 0;
        if (stats_neighbours(ratio, n) > CORRELATED)
            break;
        if (n < 2 * FEWEST_BATCHES) {
            n = 0;
            break;
        }
        for (size_t i = 0; i < n / 2; i++) {
            a[i] = a[2 * i] + a[2 * i + 1];
            b[i] = b[2 * i] + b[2 * i + 1];
        }
    }
    free(ratio);
    return n;
}

/* Takes out of a what is due to the load: a_i - slope load_i b_i. By how much the ratio is less. */
static double take_out(const struct groups *groups, double by_load, double *a, const double *b)
{
    double out = 0, all = 0;
    if (!groups->load || by_load == 0)
        return 0;
    for (size_t i = 0; i < groups->n; i++) {
        double due = by_load * groups->load[i] * b[i];
        a[i] -= due;
        out += due;
        all += b[i];
    }
    return all > 0 ? out / all : 0;
}

/* The half-width of an interval around x that holds with the same confidence as one of half-width
 * t error around x - shift does. */
static double around(double shift, double error, double risk, size_t degrees)
{
    enum { HALVINGS = 14 };
    double low = stats_t(risk, degrees) * error, high = low + fabs(shift);
    for (int i = 0; i < HALVINGS && shift != 0; i++) {
        double middle = (low + high) / 2;
        double above = gsl_cdf_tdist_Q((middle - fabs(shift)) / error, (double)degrees) +
                       gsl_cdf_tdist_Q((middle + fabs(shift)) / error, (double)degrees);
        if (above > risk)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double interval_mean(const struct groups *groups, double (*sum)(const struct cell *cell),
                     double least, const struct slope *slope)
{
    double *a = xmalloc(2 * (groups->n + 1) * sizeof *a), *b = a + groups->n;
    for (size_t i = 0; i < groups->n; i++) {
        a[i] = sum(&groups->cell[i]);
        b[i] = (double)groups->cell[i].completed;
    }
    double shift = take_out(groups, slope->by_load, a, b);
    size_t n = groups->batches ? batches_apart(a, b, groups->n) : groups->n;
    struct ratio mean = n < 2 ? (struct ratio){NAN, NAN} : stats_ratio(a, b, n);
    free(a);
    if (isnan(mean.error))
        return NAN;
    mean.value += shift;
    mean.error *= groups->widen;
    least = fmin(least * sqrt(slope->left) * mean.value, (1 + LUCK) * mean.error);
    double error = fmax(mean.error, least);
    double half = error > 0 ? around(shift, error, groups->risk, n - 1) : fabs(shift);
    if (half == 0)
        return 0;
    return half <= WIDEST_MEAN * mean.value ? half / (1 - half / mean.value) : NAN;
}

/* The quantile at p of the merged latencies, for p up to 1. */
static double at_fraction(const struct cell *merged, double p)
{
    return p >= 1
               ? merged->latency_max
               : histogram_quantile(&merged->latency, p, merged->latency_min, merged->latency_max);
}

/* Standard error of a fraction over groups, and the factor that makes it the half-width of an
 * interval. Both NAN: none. */
struct spread {
    double error, factor;
    double shift; /* by how much the fraction is less than measured, for the load that there was */
};

typedef double count_in(const struct cell *cell, double x);

static struct spread fraction_spread(const struct groups *groups, count_in *part, count_in *whole,
                                     double x, double by_load)
{
    double *a = xmalloc(2 * (groups->n + 1) * sizeof *a), *b = a + groups->n;
    for (size_t i = 0; i < groups->n; i++) {
        a[i] = part(&groups->cell[i], x);
        b[i] = whole(&groups->cell[i], x);
    }
    struct spread spread = {NAN, NAN, take_out(groups, by_load, a, b)};
    size_t n = groups->batches ? batches_apart(a, b, groups->n) : groups->n;
    if (n >= 2) {
        spread.error = groups->widen * stats_ratio(a, b, n).error;
        spread.factor = stats_t(groups->risk, n - 1);
    }
    free(a);
    return spread;
}

static double completed_up_to(const struct cell *cell, double x)
{
    return cell_latency_rank(cell, x);
}

static double completed(const struct cell *cell, double x)
{
    (void)x;
    return (double)cell->completed;
}

static double waited(const struct cell *waits, double x)
{
    (void)x;
    return (double)(waits->completed - waits->latency.zero);
}

static double lost(const struct cell *cell, double x)
{
    (void)x;
    return (double)cell_lost(cell);
}

static double offered(const struct cell *cell, double x)
{
    (void)x;
    return (double)cell->offered;
}

double interval_dependence(const struct groups *groups, const struct cell *merged, double theory)
{
    const double p[2] = {0.5, 0.9};
    double product = 1, n = (double)merged->completed;
    struct groups every = {groups->cell, groups->n, false, groups->risk, NULL, 1};
    for (int i = 0; i < 2 && groups->n > 1; i++) {
        double q = at_fraction(merged, p[i]);
        double error = fraction_spread(&every, completed_up_to, completed, q, 0).error;
        product *= fmax(1, error * error * n / (p[i] * (1 - p[i])));
    }
    double measured = sqrt(product);
    if (isnan(theory))
        return measured;
    /* tasks of different groups are independent, whatever theory says */
    theory = fmax(1, fmin(theory, n / (double)groups->n));
    return groups->n > 1 ? sqrt(measured * theory) : theory;
}

double interval_dependence_at(double p, double dependence)
{
    double relative = p < 0.75 ? 0.6 : p < 0.95 ? 1.5 : p < 0.995 ? 2 : 3;
    return fmax(1, relative * dependence);
}

/* And for losses, which come when the backlog is at one level and not anywhere above it: the time
 * spent near a level goes with the square root. */
static double dependence_of_losses(double dependence)
{
    return fmax(1, sqrt(2 * dependence));
}

/* The interval of a fraction, on the scale of its square root, where the spread of a count of rare
 * bursts does not depend on how many there are (Bartlett 1936): symmetrical intervals would be too
 * narrow just where the estimate is low. Its lower end is NAN where it would not be above 0. */
static void root_interval(double fraction, double half, double *low, double *high)
{
    double relative = half / fraction / 2;
    *low = relative < 1 ? fraction * (1 - relative) * (1 - relative) : NAN;
    *high = fraction * (1 + relative) * (1 + relative);
}

/* The interval of a quantile q from those of the single groups, by sectioning (Asmussen and Glynn
 * 2007, III.5a; Nakayama 2014, ACM TOMACS 24), of its reciprocal (interval_mean says why). */
static bool sections(const struct groups *groups, double p, double q, double by_load, double *low,
                     double *high)
{
    double squares = 0, n = (double)groups->n, mean_load = 0;
    bool known = groups->load && by_load != 0;
    for (size_t i = 0; i < groups->n && known; i++)
        mean_load += groups->load[i] / n;
    for (size_t i = 0; i < groups->n; i++) {
        double residual = q / at_fraction(&groups->cell[i], p) - 1;
        if (known)
            residual += by_load * (groups->load[i] - mean_load);
        squares += residual * residual;
    }
    double error = groups->widen * sqrt(squares / (n - 1) / n);
    double half = stats_t(groups->risk, groups->n - 1) * error;
    double centre = q * exp(-by_load * mean_load);
    *low = centre / (1 + half);
    *high = centre / (1 - half);
    return half < 1; /* false for NAN, too */
}

void interval_quantile(const struct groups *groups, const struct cell *merged, double dependence,
                       bool sheds, double p, double q, const struct slope *slope, double *low,
                       double *high)
{
    *low = *high = NAN;
    double n = (double)merged->completed, above_low, above_high, from, to;
    double worth = n * fmin(p, 1 - p) / interval_dependence_at(p, dependence);
    struct spread spread = fraction_spread(groups, completed_up_to, completed, q, -slope->by_load);
    double least = sqrt(slope->left * p * (1 - p) * interval_dependence_at(p, dependence) / n);
    least = sheds ? 0 : fmin(least, (1 + luck(fmax(FEW, worth))) * spread.error);
    if (isnan(spread.error))
        return;
    /* The true quantile is where so much more was measured as the load brought. */
    double above = 1 - p - spread.shift;
    above = fmin(fmax(above, LEAST_LEFT * (1 - p)), 1 - LEAST_LEFT * p);
    root_interval(above, spread.factor * fmax(spread.error, least), &above_low, &above_high);
    stats_order_interval(groups->risk, p, n, &from, &to);
    from += spread.shift;
    to += spread.shift;
    if (!(above_low * n >= 1) || above_high >= 1 || from <= 0 || to > 1)
        return;
    double a = at_fraction(merged, fmin(from, 1 - above_high));
    double b = at_fraction(merged, fmax(to, 1 - above_low));
    double section_low = a, section_high = b;
    /* Where q is 0, a wait of which there is none, single replications have no ratio to it; nor
     * have they where some of them have not met what makes the quantile of all. */
    if (!groups->batches && q > 0 &&
        !sections(groups, p, q, slope->relative, &section_low, &section_high)) {
        section_low = a;
        section_high = b;
    }
    *low = fmin(q, fmin(a, section_low));
    *high = fmax(q, fmax(b, section_high));
}

/* The interval of part / whole, whose tasks tell together what whole / dependence would. */
static void interval_share(const struct groups *groups, count_in *part, count_in *whole,
                           double dependence, double cycle, const struct slope *slope, double *low,
                           double *high)
{
    double n = 0, k = 0, none = -log(groups->risk) * fmax(dependence, cycle);
    for (size_t i = 0; i < groups->n; i++) {
        n += whole(&groups->cell[i], 0);
        k += part(&groups->cell[i], 0);
    }
    if (k == 0) { /* Hanley and Lippman-Hand 1983: (1 - x)^n = 5 % */
        *low = 0;
        *high = fmin(1, none / n);
        return;
    }
    double fraction = k / n, rare = fmin(fraction, 1 - fraction);
    struct spread spread =
        fraction_spread(groups, part, whole, 0, rare < fraction ? 0 : slope->by_load * fraction);
    if (isnan(spread.error))
        return;
    if (rare == 0) {
        *low = fmax(0, 1 - none / n);
        *high = 1;
        return;
    }
    double left = spread.shift == 0 ? 1 : slope->left;
    double least = sqrt(left * rare * (1 - rare) * dependence / n), worth = n * rare / dependence;
    least = fmin(least, (1 + luck(worth)) * spread.error);
    double centre = fmax(LEAST_LEFT * rare, rare - spread.shift);
    root_interval(centre, spread.factor * fmax(spread.error, least), low, high);
    *low = isnan(*low) ? 0 : fmin(*low, rare);
    *high = fmax(*high, rare);
    if (rare < fraction) {
        double above = 1 - *low;
        *low = fmax(0, 1 - *high);
        *high = above;
    }
    *high = fmin(1, *high);
}

/* Whether there are so many tasks as to say anything of a share of them. */
static bool enough(const struct groups *groups, count_in *whole, double dependence)
{
    double n = 0;
    for (size_t i = 0; i < groups->n; i++)
        n += whole(&groups->cell[i], 0);
    return groups->n >= 2 && n >= EFFECTIVE_SIDE * dependence;
}

void interval_loss(const struct groups *groups, double dependence, double cycle,
                   const struct slope *slope, double *low, double *high)
{
    *low = *high = NAN;
    if (enough(groups, offered, dependence))
        interval_share(groups, lost, offered, dependence_of_losses(dependence), cycle, slope, low,
                       high);
}

void interval_waiting(const struct groups *groups, double dependence, double cycle, double *low,
                      double *high)
{
    *low = *high = NAN;
    if (enough(groups, completed, dependence))
        interval_share(groups, waited, completed, dependence, cycle, &no_slope, low, high);
}
