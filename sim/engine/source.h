/*
 * The source: tasks of one trial, in order of arrival, drawn by the block.
 *
 * Task k of an open system has its arrival time, class, size and patience from (seed, replication,
 * k) and the scenario's arrivals, sizes and timeouts alone: whatever the consumers, buffers or
 * policies are, it is the same task.
 *
 * source_adopt changes a parameter at time `now`, which lies between the last task taken and the
 * next one (drift). Tasks from the next one on have the new sizes, patience and classes. The gap
 * under way is kept, its rest scaled by old over new rate where the process runs at a `rate`: for
 * Poisson arrivals that is exactly the process whose rate jumps at `now` (a change of time; Cinlar
 * 1975, section 4.7). Adopting what is in force changes nothing. Where neither the rate nor any
 * parameter of the process has moved, the arrivals that were drawn stay; and no more tasks are
 * drawn at a time than came between the last two changes, twice as many each time.
 *
 * The tasks of a closed system are those of its clients (clients.h) and depend on when they leave:
 * the block then holds the next task only, that of the client who is the first to have thought,
 * and whoever takes it says so (source_send), and says when it has left (source_return). Task k is
 * then no longer one task: a client's n-th is.
 *
 * A source holds pointers into itself: it is not copied.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "../scenario/process.h"
#include "clients.h"

struct source {
    const struct arrival_process *process;
    struct process_view view;
    struct process_state start, state; /* before and after the block as it was drawn */
    struct scenario scenario;          /* the parameters in force */
    struct stream class_stream, size_stream[MAX_CLASSES], patience_stream[MAX_CLASSES];
    double class_edge[MAX_CLASSES]; /* cumulated shares */
    int classes;
    unsigned brings;  /* enum process_brings */
    uint64_t first;   /* number of block element 0 */
    size_t at, n;     /* next element, elements */
    size_t gone;      /* elements drawn with the block that were before element 0 */
    size_t draw;      /* elements to be drawn next */
    uint64_t adopted; /* number of the task that came next at the last change */
    bool ended, impatient;
    struct arrival_block block;
    struct clients *clients;  /* NULL: the system is open */
    uint64_t client;          /* whose task the block holds */
    struct task_ahead *tasks; /* clients->ahead for each client; NULL: none ahead */
    double patience[BLOCK];   /* of the block's tasks, where any lose it; INFINITY: never */
};

/* A task that a client brings on a later visit. */
struct task_ahead {
    double size, patience;
    uint32_t class;
};

struct arrival {
    double time; /* INFINITY: there are no more */
    double size; /* work, seconds at speed 1 */
    uint32_t class;
};

void source_begin(struct source *source, const struct scenario *s, uint64_t seed,
                  uint32_t replication);
void source_end(struct source *source);
void source_adopt(struct source *source, const struct param_ref *ref, double value, double now);
void source_refill(struct source *source);

/* Looks at the next task. */
static inline struct arrival source_peek(struct source *source)
{
    if (source->at == source->n)
        source_refill(source);
    size_t i = source->at;
    return (struct arrival){source->block.time[i], source->block.size[i], source->block.class[i]};
}

static inline void source_step(struct source *source)
{
    source->at++;
}

/* Of a closed system, in place of source_step: takes the next task; whose it is. And: the task of a
 * client has left, `now`. */
uint32_t source_send(struct source *source);
void source_return(struct source *source, uint32_t client, double now);

/* How long the task just stepped over waits before it leaves; only where tasks lose patience. */
static inline double source_patience(const struct source *source)
{
    return source->patience[source->at - 1];
}

#endif
