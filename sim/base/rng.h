/*
 * Random numbers: one stream per purpose, addressed by task.
 *
 * Threefry-2x64 with 13 rounds, a counter-based generator (Salmon, Moraes, Dror and Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3", SC 2011; table 2: 13 rounds pass all of TestU01's
 * SmallCrush, Crush and BigCrush; their default of 20 has a margin). test_rng.c holds it against
 * the known answers of the authors' Random123. A stream is a key made of seed, replication and the
 * path name of what draws ("tasks.size"), so that changing one thing leaves every other stream as
 * it was. The uniform of task k is a function of (stream, sub, k) alone: any can be computed at any
 * time, in any order, on any vector width, with the same bits. `sub` separates several uniforms of
 * one task.
 *
 * Uniforms have 52 bits and lie strictly between 0 and 1: (j + 1/2) / 2^52.
 */
#ifndef RNG_H
#define RNG_H

#include <gsl/gsl_rng.h>
#include <stddef.h>
#include <stdint.h>

struct stream {
    uint64_t key[2];
};

struct stream stream_of(uint64_t seed, uint32_t replication, const char *path);

/* The variation of a stream for what happens again to the same task (its n-th visit of a stage),
 * from 0: turn 0 is the stream itself, any other a stream of its own, independent of it. */
struct stream stream_turn(const struct stream *s, uint32_t turn);

/* Uniforms of tasks first .. first + n - 1 into u. */
void stream_uniforms(const struct stream *s, uint32_t sub, uint64_t first, size_t n, double *u);

/* One of them. */
double stream_uniform(const struct stream *s, uint32_t sub, uint64_t k);

/* Threefry-2x64-13 itself, for the known-answer test. */
void threefry2x64(const uint64_t key[2], const uint64_t counter[2], uint64_t out[2]);

/* The same generator for GSL's samplers, where speed does not matter; positioned on a task with
 * stream_rng_at: successive draws are then sub = 0, 1, 2, ... of that task. */
extern const gsl_rng_type *const gsl_rng_threefry;
void stream_rng_at(gsl_rng *r, const struct stream *s, uint64_t k);

#endif
