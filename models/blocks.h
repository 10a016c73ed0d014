/*
 * Blocks of a log, drawn with replacement and put behind each other: a day that might have been.
 *
 * The block bootstrap keeps what tasks have to do with each other within a block and forgets it
 * beyond. What is drawn are consecutive tasks, each as (gap before it, size, class), so that every
 * task of the log is as likely as any other and its gaps, sizes and rate are those of the log.
 *   moving      blocks of a fixed length that lie within the log (Kunsch 1989, Annals of Statistics
 *               17; Liu and Singh 1992)
 *   circular    the same, but the log's end is followed by its beginning (Politis and Romano 1992,
 *               "A circular block-resampling procedure for stationary data")
 *   stationary  circular, of geometric lengths with the given mean (Politis and Romano 1994, JASA
 *               89), so that the resampled log is stationary
 *
 * `auto` is the length that serves the mean of the netput best: the work that tasks bring less what
 * could be done on average in the gap before them, which is what drives a queue. It is found by the
 * rule of Politis and White 2004 (Econometric Reviews 23; corrected by Patton, Politis and White
 * 2009, ibid. 28) from the sums over BLOCKS_GROUPS groups of consecutive tasks. That is the best
 * for a mean, where what is cut off weighs as much as what varies; what is cut off makes queues
 * shorter, and a plan rest on too little, so that blocks are BLOCKS_LONGER times as long (`make
 * days` says what that does). At least the cube root of the number of tasks (Hall, Horowitz and
 * Jing 1995, Biometrika 82) and a group; by the rule itself at most a third of the log, or 3 /
 * sqrt(BLOCKS_GROUPS) of a long one.
 *
 * What no block can keep is the course of a day that is longer than itself.
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include "recording.h"

enum blocks_method { BLOCKS_STATIONARY, BLOCKS_CIRCULAR, BLOCKS_MOVING };
enum { BLOCKS_GROUPS = 1024, BLOCKS_LONGER = 4 };

struct blocks {
    enum blocks_method method;
    double length; /* in tasks, at least 1 and at most all; the mean of `stationary` */
};

/* Where in the log the next task is taken from: a plain value. */
struct blocks_place {
    double block;      /* the next block's number */
    double next, left; /* task of the log; tasks left in the block */
};

/* Length of the blocks of a recording: as asked for (a duration is one of the log, by its mean
 * rate), or the rule's, which is found once and kept. */
double blocks_length(const struct recording *recording, enum blocks_method method,
                     const struct amount *asked);

/* The mean gap of a recording, which stands for the one before its first task. */
double blocks_gap(const struct recording *recording);

/* Up to n (at most BLOCK) tasks that follow each other in the log: the gaps before them, sizes
 * (NULL: not wanted) and classes. Returns how many, at least 1. */
size_t blocks_take(const struct blocks *blocks, const struct recording *recording,
                   const struct scenario *s, const struct stream *stream,
                   struct blocks_place *place, size_t n, double *gap, double *size,
                   uint16_t *class);

#endif
