/*
 * How regular what follows one another is: arrivals at a stage, and departures. Times in seconds.
 */
#ifndef GAPS_H
#define GAPS_H

/* The times between what follows one another: their sum, and that of their squares. */
struct gaps {
    double last, sum, squares;
};

static inline void gaps_add(struct gaps *g, double now)
{
    double gap = now - g->last;
    g->last = now;
    g->sum += gap;
    g->squares += gap * gap;
}

#endif
