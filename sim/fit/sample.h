/*
 * A sample: positive values counted in very fine logarithmic buckets, in constant memory.
 *
 * An octave has SAMPLE_STEPS buckets, so a bucket is at most 0.05 % wide; each knows how many
 * values it holds and their sum. What is made of a sample (likelihoods, moments, quantiles) takes
 * the values of a bucket for their mean, which is wrong by the square of that width: 1e-8 relative,
 * far below a standard error. Up to some thousand values nearly every bucket holds one: then all is
 * exact. Range: 2^-64 to 2^64; smaller ones, and 0, are counted as zeros.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SAMPLE_STEPS = 2048, SAMPLE_OCTAVES = 128, SAMPLE_BUCKETS = SAMPLE_STEPS * SAMPLE_OCTAVES };

/* A bucket that holds something. Its values lie in [low, high]. */
struct point {
    double value, weight; /* mean of the values; their number */
    double low, high;
    double below; /* number of values in the buckets below it */
};

struct sample {
    struct bucket {
        double count, sum;
    } * buckets;
    size_t lowest, highest; /* the buckets in use lie between, inclusive; none: lowest > highest */
    double n, zeros;        /* values above 0, and values that are 0 */
    double sum, squares;    /* of the values above 0 */
    double min, max;

    /* From sample_finish on. */
    double mean, cv2; /* squared coefficient of variation: variance over squared mean */
    double mean_log, variance_log;
    struct point *points; /* upwards */
    size_t n_points;
};

void sample_init(struct sample *sample);
void sample_free(struct sample *sample);
void sample_clear(struct sample *sample);
void sample_add(struct sample *sample, double x);

/* Makes the points. Nothing is added afterwards, before a sample_clear. */
void sample_finish(struct sample *sample);

/* The value that a share p of the values above 0 do not exceed; needs n > 0. */
double sample_quantile(const struct sample *sample, double p);

/* All values, zeros too, as n values of equal weight, from the largest down: each is the mean of an
 * n-th of them. So the mean is theirs, and what spread they have within an n-th is lost. */
void sample_condense(const struct sample *sample, size_t n, double *out);

/* The share of the values above 0 that are greater than x. */
double sample_beyond(const struct sample *sample, double x);

#endif
