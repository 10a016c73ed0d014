/*
 * Trials as bytes, for the journal: exact (counts, packed histograms, doubles as their bits), of
 * this machine's byte order.
 */
#ifndef TRIAL_BYTES_H
#define TRIAL_BYTES_H

#include "../engine/trial.h"

/* Bytes being written (n of them so far) or read (n of `capacity` taken). */
struct bytes {
    unsigned char *data;
    size_t n, capacity;
};

void bytes_put(struct bytes *b, const void *data, size_t n);

/* A trial whose cells are packed, behind what is there. */
void trial_put(struct bytes *b, const struct trial *trial);

/* The trial that all of the bytes are; NULL where they are none of the scenario's. */
struct trial *trial_take(struct bytes *b, const struct scenario *s);

/* What a trial comes to, roughly. */
size_t trial_size(const struct trial *trial);

#endif
