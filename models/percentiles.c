/*
 * Percentiles: a law known by some of its quantiles, as a dashboard shows them, and by its largest
 * value.
 *
 * Between two of them the logarithm of the value is linear in the logarithm of the probability u of
 * more: x = a u^-b, straight lines on the plot of the tail on which a power law is one (a Pareto
 * law is met exactly, any other the better the closer its points lie). With p = 1 - u:
 *   - the given values are met exactly: P(X <= p90) = 90 %;
 *   - below the lowest one its line goes on, as far as u = 1, or to `min` where that is given;
 *   - `max` is what a thousandth of the tasks above the highest percentile reach, and none exceeds:
 *     so many have it, exactly (as the largest of some hundred thousand tasks is, beside a p99).
 *     It is required: beyond the highest percentile nothing else bounds the law.
 * Moments are those of the pieces, in closed form: the integral of (a u^-b)^m du from u1 to u0 is
 * a^m (u0^(1 - bm) - u1^(1 - bm)) / (1 - bm), a^m log(u0 / u1) in the limit.
 *
 * Drawn by inversion, from one uniform.
 */
#include <string.h>

#include "law.h"

enum { KNOWN = 12, MOST_POINTS = KNOWN + 2 };

struct percentiles {
    double min, known[KNOWN], max; /* NAN: not given */
};
LAW_FITS(struct percentiles);

/* Probabilities of more than the known values. */
static const double beyond[KNOWN] = {0.99, 0.95, 0.9,  0.75, 0.5,   0.25,
                                     0.1,  0.05, 0.02, 0.01, 0.001, 0.0001};
#define REACHED 0.001 /* of the tasks above the highest percentile, those that have `max` */

#define POINT(i, called, share)                                                                    \
    {                                                                                              \
        .name = called, .kind = PARAM_DURATION,                                                    \
        .offset = offsetof(struct percentiles, known) + (i) * sizeof(double), .high = LONGEST,     \
        .help = share " of the tasks take no longer; as many percentiles as are known",            \
        .flags = PARAM_DRIFTS | PARAM_OPEN_LOW                                                     \
    }

static const struct param rows[] = {
    {.name = "min",
     .kind = PARAM_DURATION,
     .offset = offsetof(struct percentiles, min),
     .high = LONGEST,
     .help = "smallest value; without it the line through the two lowest percentiles goes on",
     .flags = PARAM_DRIFTS | PARAM_OPEN_LOW},
    POINT(0, "p1", "1 %"),
    POINT(1, "p5", "5 %"),
    POINT(2, "p10", "10 %"),
    POINT(3, "p25", "25 %"),
    POINT(4, "p50", "50 %"),
    POINT(5, "p75", "75 %"),
    POINT(6, "p90", "90 %"),
    POINT(7, "p95", "95 %"),
    POINT(8, "p98", "98 %"),
    POINT(9, "p99", "99 %"),
    POINT(10, "p999", "99.9 %"),
    POINT(11, "p9999", "99.99 %"),
    {.name = "max",
     .kind = PARAM_DURATION,
     .offset = offsetof(struct percentiles, max),
     .high = LONGEST,
     .help = "largest value: a thousandth of the tasks above the highest percentile have it",
     .flags = PARAM_REQUIRED | PARAM_DRIFTS | PARAM_OPEN_LOW},
    {0}};

/* The law as points, from u = 1 down: value and probability of more. The last is `max`. */
struct points {
    int n;
    double u[MOST_POINTS], x[MOST_POINTS];
};

static void points_of(const struct percentiles *p, struct points *out)
{
    out->n = 1; /* place for u = 1 */
    for (int i = 0; i < KNOWN; i++)
        if (!isnan(p->known[i])) {
            out->u[out->n] = beyond[i];
            out->x[out->n++] = p->known[i];
        }
    out->u[out->n] = out->n > 1 ? REACHED * out->u[out->n - 1] : REACHED;
    out->x[out->n++] = p->max;
    out->u[0] = 1;
    out->x[0] = p->min;
    if (isnan(p->min) && out->n > 2) {
        /* x = x1 (u1 / u)^b at u = 1 */
        double b = vmath_log(out->x[2] / out->x[1]) / vmath_log(out->u[1] / out->u[2]);
        out->x[0] = out->x[1] * vmath_pow(out->u[1], b);
    }
}

/* Slope b of the piece from point i to the next. */
static double slope_of(const struct points *points, int i)
{
    return vmath_log(points->x[i + 1] / points->x[i]) / vmath_log(points->u[i] / points->u[i + 1]);
}

/* Where ln u lies in the piece: its lower value, the upper one, and the logarithm of what is
 * between the lower one and x. */
VECTOR_LOOP(percentiles_piece,
            (size_t n, double from, double to, double low, double high, double b,
             const double *restrict log_u, double *restrict base, double *restrict top,
             double *restrict more),
            (n, from, to, low, high, b, log_u, base, top, more))
{
    for (size_t i = 0; i < n; i++) {
        bool inside = (log_u[i] <= from) & (log_u[i] > to);
        base[i] = inside ? low : base[i];
        top[i] = inside ? high : top[i];
        more[i] = inside ? b * (from - log_u[i]) : more[i];
    }
}

VECTOR_LOOP(percentiles_of,
            (size_t n, const double *restrict base, const double *restrict top, double *restrict x),
            (n, base, top, x))
{
    for (size_t i = 0; i < n; i++) {
        x[i] *= base[i];
        x[i] = x[i] > top[i] ? top[i] : x[i];
    }
}

static void of_chunk(const struct points *points, size_t n, double *x)
{
    double log_u[CHUNK], base[CHUNK], top[CHUNK];
    const int last = points->n - 1;
    memcpy(log_u, x, n * sizeof *x);
    vblock_log(1, n, log_u);
    for (size_t i = 0; i < n; i++) { /* beyond the last point */
        base[i] = top[i] = points->x[last];
        x[i] = 0;
    }
    for (int i = 0; i < last; i++) {
        /* The first piece takes all that rounds to 1. */
        double from = i > 0 ? vmath_log(points->u[i]) : 0, to = vmath_log(points->u[i + 1]);
        percentiles_piece(n, from, to, points->x[i], points->x[i + 1], slope_of(points, i), log_u,
                          base, top, x);
    }
    vblock_exp(1, 1, n, x);
    percentiles_of(n, base, top, x);
}

static void of(const void *params, size_t n, double *x)
{
    struct points points;
    points_of(params, &points);
    for (size_t at = 0; at < n; at += CHUNK)
        of_chunk(&points, n - at < CHUNK ? n - at : CHUNK, x + at);
}

static void fill(const void *params, const struct stream *s, uint64_t first, size_t n, double *out)
{
    stream_uniforms(s, 0, first, n, out);
    of(params, n, out);
}

/* P(X > x). */
static double above(const void *params, double x)
{
    struct points points;
    int i;
    points_of(params, &points);
    i = points.n - 1;
    if (!(x < points.x[i]))
        return 0;
    while (i >= 0 && points.x[i] > x)
        i--;
    if (i < 0)
        return 1;
    double b = slope_of(&points, i), u = points.u[i] * pow(points.x[i] / x, 1 / b);
    return fmin(fmax(u, points.u[i + 1]), points.u[i]);
}

static double cdf(const void *params, double x)
{
    return 1 - above(params, x);
}

/* What a piece holds of E[X^m], from probability u of more, where X is x, down to `to`: with v
 * times u, x^m u times the integral of v^-bm dv from to / u to 1. */
static double piece_moment(double x, double u, double to, double b, double m)
{
    double k = 1 - m * b, length = vmath_log(u / to);
    double integral = fabs(k * length) < 1e-12 ? length : -vmath_expm1(-k * length) / k;
    return (m == 1 ? x : x * x) * u * integral;
}

/* E[X^m] of what is above x. */
static double moment_above(const struct percentiles *p, double x, double m)
{
    struct points points;
    points_of(p, &points);
    const int last = points.n - 1;
    double largest = points.x[last], sum = points.u[last] * (m == 1 ? largest : largest * largest);
    double u = x < points.x[0] ? 1 : above(p, x);
    if (x >= largest)
        return 0;
    for (int i = 0; i < last; i++)
        if (u >= points.u[i])
            sum += piece_moment(points.x[i], points.u[i], points.u[i + 1], slope_of(&points, i), m);
        else if (u > points.u[i + 1])
            sum += piece_moment(x, u, points.u[i + 1], slope_of(&points, i), m);
    return sum;
}

static double mean_above(const void *params, double x)
{
    return moment_above(params, x, 1);
}

static double mean(const void *params)
{
    return moment_above(params, -1, 1);
}

static double second(const void *params)
{
    return moment_above(params, -1, 2);
}

static void scale(void *params, double factor)
{
    struct percentiles *p = params;
    p->min *= factor;
    p->max *= factor;
    for (int i = 0; i < KNOWN; i++)
        p->known[i] *= factor;
}

/* Given values in the order of their probabilities never fall. */
static bool check(const void *params, const char *path, const struct places *places,
                  struct errors *errors)
{
    const struct percentiles *p = params;
    const char *lower = isnan(p->min) ? NULL : "min";
    double most = isnan(p->min) ? 0 : p->min;
    int known = 0;
    for (int i = 0; i <= KNOWN; i++) {
        double value = i < KNOWN ? p->known[i] : p->max;
        const char *name = i < KNOWN ? rows[i + 1].name : "max";
        if (isnan(value))
            continue;
        if (value < most)
            return error_at(errors, law_place(places, path, name),
                            "%s.%s (%g s) must not be below %s.%s (%g s)", path, name, value, path,
                            lower, most);
        known += i < KNOWN;
        lower = name;
        most = value;
    }
    return known > 0 || error_at(errors, law_place(places, path, "distribution"),
                                 "%s needs one percentile at least, such as p50 or p99", path);
}

const struct distribution distribution_percentiles = {
    .model = {"percentiles", "what a dashboard knows: some percentiles and the largest value",
              rows},
    .fill = fill,
    .of = of,
    .cdf = cdf,
    .above = above,
    .mean = mean,
    .second = second,
    .mean_above = mean_above,
    .scale = scale,
    .check = check,
    .atoms = true,
};
