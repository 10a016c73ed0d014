#include "gaps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

void gaps_init(struct gaps *gaps)
{
    *gaps = (struct gaps){.stride = 1};
    sample_init(&gaps->sample);
    gaps->blocks = xmalloc(GAPS_BLOCKS * sizeof *gaps->blocks);
}

void gaps_free(struct gaps *gaps)
{
    sample_free(&gaps->sample);
    free(gaps->blocks);
    *gaps = (struct gaps){0};
}

/* Every second of the kept blocks goes when there are too many. */
static void keep_block(struct gaps *gaps)
{
    if (gaps->seen++ % gaps->stride != 0)
        return;
    if (gaps->n_blocks == GAPS_BLOCKS) {
        for (size_t i = 0; i < GAPS_BLOCKS / 2; i++)
            memmove(gaps->blocks[i], gaps->blocks[2 * i], sizeof gaps->block);
        gaps->n_blocks = GAPS_BLOCKS / 2;
        gaps->stride *= 2;
    }
    memcpy(gaps->blocks[gaps->n_blocks++], gaps->block, sizeof gaps->block);
}

/* Mean and squares by the updates of Welford (1962). */
static void add_sums(struct gaps *gaps, double gap)
{
    for (int level = 0; level < GAPS_LEVELS; level++) {
        struct gap_sums *s = &gaps->sums[level];
        double d = gap - s->mean;
        s->n++;
        s->mean += d / s->n;
        s->squares += d * (gap - s->mean);
        s->part += gap;
        s->half = !s->half;
        if (s->half)
            return;
        gap = s->part;
        s->part = 0;
    }
}

void gaps_add(struct gaps *gaps, double arrival)
{
    double gap = arrival - gaps->last;
    bool begun = gaps->begun;
    gaps->begun = true;
    gaps->last = arrival;
    if (!begun)
        return;
    gaps->n++;
    sample_add(&gaps->sample, gap);
    add_sums(gaps, gap);
    gaps->block[gaps->filled++] = gap;
    if (gaps->filled == GAPS_BLOCK) {
        gaps->filled = 0;
        keep_block(gaps);
    }
}

double gaps_dispersion(const struct gaps *gaps, int level)
{
    const struct gap_sums *s = &gaps->sums[level];
    if (s->n < 8 || !(s->mean > 0))
        return NAN;
    return ldexp(1, level) * s->squares / (s->n - 1) / (s->mean * s->mean);
}
