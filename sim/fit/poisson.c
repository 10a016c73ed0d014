#include "poisson.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>

#include "../base/err.h"

/* Three tests, 5 % in all; and the difference of two distribution functions that is too small to
 * matter. */
#define LEAST (0.05 / 3)
#define SMALL 0.02

double anderson_darling(const double *u, const double *weights, size_t n)
{
    double all = 0, below = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        all += weights ? weights[i] : 1;
    /* Of w equal values the ranks a + 1 .. a + w: sums of (2 i - 1) are differences of squares. */
    for (size_t i = 0; i < n; i++) {
        double w = weights ? weights[i] : 1, above = all - below;
        double left = (below + w) * (below + w) - below * below;
        double right = above * above - (above - w) * (above - w);
        sum += left * log(fmax(u[i], 1e-300)) + right * log(fmax(1 - u[i], 1e-16));
        below += w;
    }
    return -all - sum / all;
}

double anderson_darling_p(double a2, double n)
{
    double z = a2 * (1 + 0.6 / n);
    if (z < 0.26)
        return 1 - exp(-12.2204 + 67.459 * z - 110.3 * z * z);
    if (z < 0.51)
        return 1 - exp(-6.1327 + 20.218 * z - 18.663 * z * z);
    if (z < 0.95)
        return exp(0.9209 - 3.353 * z + 0.3 * z * z);
    return z < 10.03 ? exp(0.731 - 3.009 * z + 0.15 * z * z) : 0;
}

/* The gaps of all blocks over `mean`, as probabilities; over their block's own mean where that is
 * 0. Sorted; the caller's to free. */
static double *probabilities(const struct gaps *gaps, double mean, double *cv2)
{
    size_t n = gaps->n_blocks * GAPS_BLOCK;
    double *u = xmalloc((n + 1) * sizeof *u), squares = 0;
    for (size_t b = 0; b < gaps->n_blocks; b++) {
        const double *block = gaps->blocks[b];
        double sum = 0;
        for (int i = 0; i < GAPS_BLOCK; i++)
            sum += block[i];
        for (int i = 0; i < GAPS_BLOCK; i++) {
            double share = sum > 0 ? fmin(block[i] / sum, 1) : 1.0 / GAPS_BLOCK;
            squares += share * share;
            u[b * GAPS_BLOCK + (size_t)i] =
                mean > 0 ? -expm1(-block[i] / mean) : -expm1((GAPS_BLOCK - 1) * log1p(-share));
        }
    }
    /* E[share^2] = 2 / (m (m + 1)) for exponential gaps. */
    *cv2 = squares * (GAPS_BLOCK + 1) / (double)(gaps->n_blocks > 0 ? gaps->n_blocks : 1) - 1;
    gsl_sort(u, 1, n);
    return u;
}

/* The largest difference from the uniform law. */
static double uniform_distance(const double *u, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fmax((double)(i + 1) / (double)n - u[i], u[i] - (double)i / (double)n));
    return most;
}

static void test_gaps(const struct gaps *gaps, struct poisson_test *out)
{
    size_t n = gaps->n_blocks * GAPS_BLOCK;
    double mean = 0, cv2;
    for (size_t b = 0; b < gaps->n_blocks; b++)
        for (int i = 0; i < GAPS_BLOCK; i++)
            mean += gaps->blocks[b][i] / (double)n;
    out->tested = (double)n;
    double *u = probabilities(gaps, mean, &cv2);
    out->gaps_a2 = anderson_darling(u, NULL, n);
    out->gaps_p = anderson_darling_p(out->gaps_a2, (double)n);
    out->gaps_distance = uniform_distance(u, n);
    free(u);
    u = probabilities(gaps, 0, &out->blocks_cv2);
    out->blocks_p = anderson_darling_p(anderson_darling(u, NULL, n), (double)n);
    out->blocks_distance = uniform_distance(u, n);
    free(u);
}

static double dispersion_p(const struct course *course, int level, double dispersion)
{
    double freedom = (double)course_count(course, level) - 1;
    if (isnan(dispersion))
        return NAN;
    double x = dispersion * freedom;
    return fmin(1, 2 * fmin(gsl_cdf_chisq_P(x, freedom), gsl_cdf_chisq_Q(x, freedom)));
}

/* The largest Allan factor of windows that hold ten tasks at least and are many enough (more than
 * a hundred, two levels below the coarse ones) for its median to be sure to 20 %. */
static double burstiness(const struct course *course, int fine, int coarse)
{
    double most = NAN;
    for (int level = fine; level < coarse - 1; level++)
        most = fmax(most, course_allan(course, level));
    return most;
}

/* Against chance: an index of dispersion of few sums is uncertain. */
static double dependence(const struct gaps *gaps)
{
    enum { SUMS = 50 };
    double single = gaps_dispersion(gaps, 0), most = NAN;
    for (int level = 1; level < GAPS_LEVELS && gaps->sums[level].n >= SUMS; level++) {
        double ratio = gaps_dispersion(gaps, level) / single;
        if (isnan(most) || fabs(log(ratio)) > fabs(log(most)))
            most = ratio;
    }
    return most;
}

/* At gaps that hardly vary there is nothing to be tested. */
static bool is_paced(const struct sample *gaps)
{
    return gaps->n >= 2 && gaps->zeros == 0 && gaps->cv2 <= 1e-4;
}

static enum arrivals_verdict verdict(const struct poisson_test *t, const struct gaps *gaps)
{
    if (is_paced(&gaps->sample))
        return ARRIVALS_RENEWAL;
    if (!(t->tested > 0) || isnan(t->coarse_p))
        return ARRIVALS_FEW;
    bool steady = t->coarse_p > LEAST && !(t->fine_p <= LEAST);
    /* In large logs any difference shows: one of 2 % does not matter to a queue. */
    if (steady && (t->gaps_p > LEAST || t->gaps_distance < SMALL))
        return ARRIVALS_POISSON;
    bool exponential = t->blocks_p > 0.01 || t->blocks_distance < SMALL;
    if (!steady && exponential && !(t->burstiness > 1.6))
        return ARRIVALS_MOVING;
    if (t->dependence > 0.6 && t->dependence < 1.6)
        return ARRIVALS_RENEWAL;
    return ARRIVALS_OTHER;
}

void poisson_test(const struct course *course, const struct gaps *gaps, struct poisson_test *out)
{
    enum { WINDOWS = 32, TASKS = 10 };
    *out = (struct poisson_test){.gaps_p = NAN, .blocks_p = NAN};
    int busy = course_level_with(course, TASKS);
    out->coarse = course_level(course, WINDOWS);
    out->coarse = busy > out->coarse ? busy : out->coarse;
    out->fine = busy;
    if (gaps->n_blocks > 0)
        test_gaps(gaps, out);
    out->fine_dispersion = course_dispersion(course, out->fine);
    out->fine_p = dispersion_p(course, out->fine, out->fine_dispersion);
    out->coarse_dispersion = course_dispersion(course, out->coarse);
    out->coarse_p = dispersion_p(course, out->coarse, out->coarse_dispersion);
    out->burstiness = burstiness(course, out->fine, out->coarse);
    out->dependence = dependence(gaps);
    out->verdict = verdict(out, gaps);
    out->nearly = out->verdict == ARRIVALS_POISSON && out->gaps_p <= LEAST;
}
