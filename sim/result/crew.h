/*
 * A crew: a loop whose turns do not depend on each other, over several threads.
 *
 * Turns are taken from one atomic index, so which thread does which is a matter of chance: a turn
 * may only write what belongs to it, and what comes out is then the same for any number of threads.
 */
#ifndef CREW_H
#define CREW_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* A thread with a stack of CREW_STACK bytes, whatever the limit of the shell's (ulimit -s) makes of
 * those of others. False where the system has none to give. */
enum { CREW_STACK = 8 << 20 };
bool crew_thread(pthread_t *thread, void *(*work)(void *context), void *context);

/* As many threads as are asked for; 0: as there are cores. */
unsigned crew_size(unsigned jobs);

/* Does turn(context, i) for every i below n, on at most `threads` threads, the caller's among them;
 * returns when all are done. 0 and 1, or a system that has no thread to give: the caller alone. */
void crew_each(unsigned threads, size_t n, void (*turn)(void *context, size_t i), void *context);

#endif
