#include "bins.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"

static double sum_at_lower_ends(const struct bins *bins)
{
    double sum = 0;
    for (size_t i = 0; i < bins->n; i++)
        sum += bins->bin[i].count * bins->bin[i].low;
    return sum;
}

static double sum_at_upper_ends(const struct bins *bins)
{
    double sum = 0;
    for (size_t i = 0; i < bins->n; i++)
        if (bins->bin[i].count > 0)
            sum += bins->bin[i].count * bins->bin[i].high;
    return sum;
}

void bins_make(struct bins *bins)
{
    size_t from = 0;
    while (bins->n > 0 && !(bins->bin[bins->n - 1].count > 0))
        bins->n--;
    while (from < bins->n && !(bins->bin[from].count > 0))
        from++;
    bins->total = 0;
    for (size_t i = from; i < bins->n; i++) {
        bins->bin[i - from] = bins->bin[i];
        bins->total += bins->bin[i].count;
    }
    bins->n -= from;
    /* Sums are added up in doubles, by others: some rounding is no contradiction. */
    double slack = 1e-6 * fabs(bins->sum);
    if (!isfinite(bins->sum) || bins->sum < sum_at_lower_ends(bins) - slack ||
        bins->sum > sum_at_upper_ends(bins) + slack)
        bins->sum = NAN;
}

void bins_free(struct bins *bins)
{
    free(bins->bin);
    *bins = (struct bins){0};
}

struct bounds bins_share(const struct bins *bins, double x)
{
    struct bounds share = {0, 0};
    for (size_t i = 0; i < bins->n && bins->bin[i].low <= x; i++) {
        share.high += bins->bin[i].count;
        if (bins->bin[i].high <= x)
            share.low += bins->bin[i].count;
    }
    return (struct bounds){share.low / bins->total, share.high / bins->total};
}

/* ---- quantiles ---- */

/* What the sum leaves to the values of the last bin, at most. */
static double last_sum(const struct bins *bins)
{
    const struct bin *last = &bins->bin[bins->n - 1];
    return bins->sum - (sum_at_lower_ends(bins) - last->count * last->low);
}

/* What m of the values of the last bin can all be, at most. */
static double last_high(const struct bins *bins, double m)
{
    const struct bin *last = &bins->bin[bins->n - 1];
    if (isfinite(last->high) || isnan(bins->sum))
        return last->high;
    m = fmax(fmin(m, last->count), fmin(1, last->count));
    return fmax((last_sum(bins) - (last->count - m) * last->low) / m, last->low);
}

struct bounds bins_quantile(const struct bins *bins, double p)
{
    double rank = p * bins->total * (1 - 1e-12), below = 0;
    size_t i = 0;
    while (i + 1 < bins->n && below + bins->bin[i].count < rank)
        below += bins->bin[i++].count;
    if (i + 1 < bins->n)
        return (struct bounds){bins->bin[i].low, bins->bin[i].high};
    /* The values from the one of that rank up. */
    double from = bins->total - ceil(rank) + 1;
    return (struct bounds){bins->bin[i].low, last_high(bins, from)};
}

/* The probability that at most so many of n independent values lie where each does with probability
 * p (by the beta law; the normal one where many are to be expected). */
static double at_most(double count, double p, double n)
{
    const double many = 1000;
    double variance = n * p * (1 - p);
    if (count >= n)
        return 1;
    if (count < 0)
        return 0;
    return variance > many ? gsl_cdf_ugaussian_P((count + 0.5 - n * p) / sqrt(variance))
                           : gsl_cdf_beta_Q(p, count + 1, n - count);
}

struct bounds bins_law_quantile(const struct bins *bins, double p, double confidence)
{
    double tail = (1 - confidence) / 2, n = bins->total, below = 0;
    struct bounds at = {0, INFINITY};
    for (size_t i = 0; i < bins->n; i++) {
        const struct bin *b = &bins->bin[i];
        /* Were the quantile below the bin, so few would hardly lie there; were it above, so many.
         */
        if (at_most(below, p, n) < tail)
            at.low = b->low;
        below += b->count;
        if (1 - at_most(below - 1, p, n) < tail) {
            at.high = b->high;
            break;
        }
    }
    return at;
}

/* ---- moments ---- */

struct bounds bins_mean(const struct bins *bins)
{
    if (!isnan(bins->sum))
        return (struct bounds){bins->sum / bins->total, bins->sum / bins->total};
    return (struct bounds){sum_at_lower_ends(bins) / bins->total,
                           sum_at_upper_ends(bins) / bins->total};
}

/* Sum and sum of squares where every value is as near to x as its bin allows. */
struct moments {
    double sum, squares;
};
static struct moments drawn_to(const struct bins *bins, double x)
{
    struct moments m = {0, 0};
    for (size_t i = 0; i < bins->n; i++) {
        const struct bin *b = &bins->bin[i];
        double value = fmin(fmax(x, b->low), b->high);
        m.sum += b->count * value;
        m.squares += b->count * value * value;
    }
    return m;
}

static double cv2_of(const struct bins *bins, struct moments m)
{
    return m.sum > 0 ? fmax(bins->total * m.squares / (m.sum * m.sum) - 1, 0) : 0;
}

/* Where drawn_to comes to the sum that is known; where it is not, to the least cv2: there x is the
 * ratio of the squares to the sum, since d(squares / sum^2) = 0. Both rise and cross once: between
 * the two that are returned. */
static struct bounds common_value(const struct bins *bins)
{
    const struct bin *last = &bins->bin[bins->n - 1];
    double low = bins->bin[0].low, high = isfinite(last->high) ? last->high : last->low;
    if (!isnan(bins->sum))
        high = fmax(high, bins->sum);
    for (int i = 0; i < 200 && high - low > 1e-14 * high; i++) {
        double middle = low + (high - low) / 2;
        struct moments m = drawn_to(bins, middle);
        bool above = isnan(bins->sum) ? middle * m.sum > m.squares : m.sum > bins->sum;
        *(above ? &high : &low) = middle;
    }
    return (struct bounds){low, high};
}

static double least_cv2(const struct bins *bins)
{
    struct bounds x = common_value(bins);
    struct moments m = drawn_to(bins, x.high);
    if (!isnan(bins->sum)) /* what is left of the interval must not make the bound higher */
        m = (struct moments){bins->sum, drawn_to(bins, x.low).squares};
    return cv2_of(bins, m);
}

/* With values at the ends of their bins: those of the highest bins at the upper ones, as far as the
 * sum goes; one value of an open bin takes all that is left. */
static double most_squares(const struct bins *bins, double sum)
{
    double left = fmax(sum - sum_at_lower_ends(bins), 0), squares = 0;
    for (size_t i = 0; i < bins->n; i++)
        squares += bins->bin[i].count * bins->bin[i].low * bins->bin[i].low;
    for (size_t i = bins->n; i-- > 0 && left > 0;) {
        const struct bin *b = &bins->bin[i];
        if (!isfinite(b->high)) {
            double ones = fmin(b->count, 1);
            squares += 2 * b->low * left + left * left / ones;
            break;
        }
        double taken = fmin(b->count * (b->high - b->low), left);
        squares += taken * (b->low + b->high);
        left -= taken;
    }
    return squares;
}

static double most_cv2(const struct bins *bins)
{
    if (!isnan(bins->sum))
        return cv2_of(bins, (struct moments){bins->sum, most_squares(bins, bins->sum)});
    if (!isfinite(bins->bin[bins->n - 1].high))
        return INFINITY;
    /* Between its corners, where bins are at their upper ends down to one, most_squares is a + b S,
     * and (a + b S) / S^2 has its only extremum at S = -2 a / b. */
    double sum = sum_at_lower_ends(bins), most = 0;
    most = cv2_of(bins, (struct moments){sum, most_squares(bins, sum)});
    if (!(sum > 0)) /* all at 0 but one: as uneven as values can be */
        most = fmax(most, bins->total / fmax(fmin(bins->bin[bins->n - 1].count, 1), 1e-300) - 1);
    for (size_t i = bins->n; i-- > 0;) {
        const struct bin *b = &bins->bin[i];
        double next = sum + b->count * (b->high - b->low), slope = b->low + b->high;
        double a = most_squares(bins, sum) - slope * sum, at = -2 * a / slope;
        if (at > sum && at < next)
            most = fmax(most, cv2_of(bins, (struct moments){at, most_squares(bins, at)}));
        most = fmax(most, cv2_of(bins, (struct moments){next, most_squares(bins, next)}));
        sum = next;
    }
    return most;
}

struct bounds bins_cv2(const struct bins *bins)
{
    double low = least_cv2(bins);
    return (struct bounds){low, fmax(most_cv2(bins), low)};
}

static void put_value(struct bin *out, size_t *n, double value, double count)
{
    if (count > 0)
        out[(*n)++] = (struct bin){value, value, count};
}

size_t bins_extreme(const struct bins *bins, bool uneven, struct bin *out)
{
    double x = common_value(bins).high, left = fmax(bins->sum - sum_at_lower_ends(bins), 0);
    double *upper = xcalloc(bins->n, sizeof *upper); /* values at the upper end */
    size_t n = 0;
    for (size_t i = bins->n; uneven && i-- > 0 && left > 0;) {
        const struct bin *b = &bins->bin[i];
        double width = b->high - b->low;
        upper[i] =
            isfinite(width) ? fmin(b->count, width > 0 ? left / width : 0) : fmin(b->count, 1);
        left = isfinite(width) ? left - upper[i] * width : 0;
    }
    for (size_t i = 0; i < bins->n; i++) {
        const struct bin *b = &bins->bin[i];
        put_value(out, &n, uneven ? b->low : fmin(fmax(x, b->low), b->high), b->count - upper[i]);
        put_value(out, &n, isfinite(b->high) ? b->high : bins_largest(bins), upper[i]);
    }
    free(upper);
    return n;
}

double bins_open_share(const struct bins *bins)
{
    const struct bin *last = &bins->bin[bins->n - 1];
    return isfinite(last->high) ? 0 : last->count / bins->total;
}

double bins_largest(const struct bins *bins)
{
    return last_high(bins, 1);
}
