/*
 * Draws ahead: random numbers that groups of trials, run by several threads at the same time, draw
 * for each other.
 *
 * Groups of columns of one replication often ask for the same numbers, block after block (common
 * random numbers). What they have in common are rows: number k of a row depends on the row and k
 * alone, so who draws it, and when, is a matter of chance, and what comes out is not.
 *
 * Groups with the same rows that begin at about the same time have seats at one ring of stretches,
 * each some blocks of all rows. A seat needs stretch after stretch. One that is there is taken, one
 * that nobody has is drawn; and where no more is there than the next one or two, the stretch after
 * them is drawn, too. So whoever is in front draws, falls back, and the work is shared evenly with
 * hardly any waiting. What one has drawn is kept until all have left it behind, so that one that
 * was held up catches up, for it has nothing to draw. A seat that is very far in front of another,
 * or alone, draws for itself.
 *
 * Numbers go from one core to another by way of stores past the caches: to write over lines that
 * another core has read takes three times as long as to draw them (28 ns for 64 bytes, against 10),
 * and such a store 2.
 */
#ifndef AHEAD_H
#define AHEAD_H

#include "../scenario/process.h"

/* Rows are compared bit by bit: what is not used is zero. */
enum ahead_kind { AHEAD_UNITS /* of gaps (process.h) */, AHEAD_DRAWS /* of a law */ };
struct ahead_row {
    enum ahead_kind kind;
    struct stream stream;
    const struct arrival_process *process; /* of units */
    struct law law;                        /* of draws */
};

/* Of a run; any thread may use it. */
struct ahead *ahead_new(void);
void ahead_free(struct ahead *ahead); /* when all seats are left */

/* A seat, for one thread; rows, of which there is at least one, are copied. So many with these
 * rows are `expected` to begin now, even if they are held up (0: nobody knows): what is drawn is
 * kept for them for a while. */
struct ahead_seat;
struct ahead_seat *ahead_join(struct ahead *ahead, const struct ahead_row *rows, size_t n,
                              unsigned expected);
void ahead_leave(struct ahead_seat *seat);

/* The next BLOCK numbers of each row, from number 0 on: those of a row side by side, the next row
 * `stride` after it. Until the next call. */
const double *ahead_take(struct ahead_seat *seat, size_t *stride);

#endif
