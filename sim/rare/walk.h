/*
 * A walk: a stage that serves in order of arrival, followed from one arrival to the next.
 *
 * What the future depends on is all that a walk holds, so that a walk can be taken up by others
 * from where it is: the state of the arrival process, and of the stage one of two.
 *   By waits: when each consumer is next free, all that wait served (Kiefer and Wolfowitz 1955,
 *   "On the theory of queues with many servers", Trans. AMS 78), and, before a bounded buffer, when
 *   the tasks that still wait begin. Sizes are drawn as tasks arrive.
 *   By number (`counts`): when each consumer is done with the task in service, and how many wait.
 *   Sizes are drawn as services begin, which in order of arrival is the same in law; those of the
 *   tasks that wait are still open, so that what branches off is as free as it can be. No waits.
 * A consumer takes the task that has waited longest; a task that finds all consumers busy and no
 * place is lost. Times are those of the engines (engine.h): start = max(arrival, free), and a start
 * or a completion at the very time of an arrival comes before it.
 *
 * walk_arrive brings the next task to the door: what it finds (wait, inside) is the walk's then;
 * walk_serve takes it in, or loses it. A walk that begins is on the tasks of a run (seed,
 * replication; by number, with sizes in the order of starts); one that branches off another has
 * draws of its own from there on, the size of the task at the door among them, keyed by a seed that
 * the caller makes.
 *
 * Invariants: `free` is sorted; begun[head .. tail - 1], counted modulo the places, are the starts
 * that lie ahead, in order. Memory: 8 bytes a consumer and place, and 7 KB.
 */
#ifndef WALK_H
#define WALK_H

#include "../scenario/process.h"

enum { WALK_CONSUMERS = 4096, WALK_PLACES = 65536 }; /* at most */

/* What all walks of a column share. */
struct walk_stage {
    const struct scenario *s; /* the column's */
    const struct arrival_process *process;
    const struct distribution *size;
    double rate, speed;
    uint32_t consumers, places; /* places: 0 where there is no limit */
    bool bounded;
    bool counts;      /* by number: the stage is bounded then */
    bool independent; /* gaps: the process remembers the time of the last arrival alone */
};
void walk_stage_of(const struct scenario *column, bool counts, struct walk_stage *out);

struct walk {
    const struct walk_stage *stage;
    struct process_view view;
    struct stream sizes;
    struct process_state before, after; /* of the process, around the block */
    struct arrival_block block;         /* times of the tasks that come next */
    double size[BLOCK];
    size_t at, n, size_at, size_n; /* next and end of times and sizes drawn */
    size_t grain;                  /* to be drawn next time */
    uint64_t size_next;            /* number of the next size to be drawn */
    /* The task at the door: */
    uint64_t task; /* its number, from 1 */
    double time;
    double wait;              /* until it could begin; by number: until a consumer is done */
    uint32_t waiting, inside; /* tasks that it finds; where the buffer is bounded */
    /* The stage: */
    double *free, *begun; /* owned */
    uint64_t head, tail;
};

void walk_init(struct walk *walk, const struct walk_stage *stage);
void walk_free(struct walk *walk);

/* Empty, before the first task. */
void walk_begin(struct walk *walk, uint64_t seed, uint32_t replication);

/* Another walk's state, its task at the door, and draws of its own. */
void walk_branch(struct walk *walk, const struct walk *from, uint64_t seed, uint32_t replication);

void walk_arrive(struct walk *walk);

/* Whether the task at the door is lost. */
static inline bool walk_loses(const struct walk *walk)
{
    return walk->stage->bounded && walk->wait > 0 && walk->waiting >= walk->stage->places;
}

void walk_serve(struct walk *walk);

#endif
