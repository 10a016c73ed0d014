/*
 * A crew: a loop whose turns do not depend on each other, over several threads.
 *
 * Turns are taken from one atomic index, so which thread does which is a matter of chance: a turn
 * may only write what belongs to it, and what comes out is then the same for any number of threads.
 */
#ifndef CREW_H
#define CREW_H

#include <stddef.h>

/* Does turn(context, i) for every i below n, on at most `threads` threads, the caller's among them;
 * returns when all are done. 0 and 1, or a system that has no thread to give: the caller alone. */
void crew_each(unsigned threads, size_t n, void (*turn)(void *context, size_t i), void *context);

#endif
