/*
 * Recalling: the trials that an interrupted run had finished, out of the journal into the result.
 *
 * Trials are unpacked and added by several threads, some at a time, and found in the roster by
 * bisection: n log n in the number of trials, and little memory beside the result's.
 */
#ifndef RECALL_H
#define RECALL_H

#include "roster.h"

/* Adds to the results of the n parts, and counts as complete, the trials of their journals (NULL:
 * none) that the roster has and that are not done yet; marks them as done there. Their cost. */
uint64_t recall(struct roster *roster, struct run_part *parts, size_t n, unsigned threads);

#endif
