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
 * the block then ends with the next task, that of the client who is the first to have thought
 * (before it are those that were taken), and whoever takes it says so (source_send), and says when
 * it has left (source_return). Task k is then no longer one task: a client's n-th is.
 *
 * Where there is a burst (burst.h), the times of its state are those of the process's own clock;
 * the block has those of the run.
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
    uint64_t initial; /* tasks of time 0 that are still to come */
    bool at_start;    /* the block is of such */
    uint64_t adopted; /* number of the task that came next at the last change */
    bool ended, impatient;
    bool sizeless; /* nobody looks at sizes: none are drawn */
    struct arrival_block block;
    struct clients *clients; /* NULL: the system is open */
    uint64_t client;         /* whose task is the next */
    double *sizes;           /* of their next tasks, clients->ahead for each; NULL: none ahead */
    struct traits *traits;   /* likewise; NULL also where no task has any */
    double patience[BLOCK];  /* of the block's tasks, where any lose it; INFINITY: never */
};

/* Of a task that a client brings on a later visit: 0 and whatever where there is one class, and
 * where nobody loses patience. */
struct traits {
    double patience;
    uint32_t class;
};

struct arrival {
    double time; /* INFINITY: there are no more */
    double size; /* work, seconds at speed 1 */
    uint32_t class;
};

void source_begin(struct source *source, const struct scenario *s, uint64_t seed,
                  uint32_t replication);

/* The same of a source of a network by its name; NULL: the one called main. */
void source_begin_as(struct source *source, const struct scenario *s, uint64_t seed,
                     uint32_t replication, const char *name);
void source_end(struct source *source);
void source_adopt(struct source *source, const struct param_ref *ref, double value, double now);

/* The same of all that a scenario has, in place of one parameter. */
void source_adopt_all(struct source *source, const struct scenario *s, double now);
void source_refill(struct source *source);

/* Classes and sizes of the n tasks of the block, the first of which has draw number `first`, where
 * the process does not bring them. */
void source_draw_sizes(struct source *source, uint64_t first, size_t n);

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

/* Of a closed system: the parts of what follows that are rare. Nobody thinks: a task that never
 * comes. Draws a client's next tasks, of which the present one is the first. */
void source_hold_nobody(struct source *source);
void source_draw_ahead(struct source *source, uint64_t client);

/* Whoever is the first to have thought has the next task. */
static inline void source_hold(struct source *source)
{
    const struct clients *clients = source->clients;
    struct arrival_block *block = &source->block;
    event next = clients_next(clients);
    size_t i = source->at;
    source->n = i + 1;
    if (__builtin_expect(next == CALENDAR_NEVER, 0)) {
        source_hold_nobody(source);
        return;
    }
    uint64_t client = source->client = event_index(next);
    uint64_t at = clients_ahead(clients, clients->visits[client] - 1);
    block->time[i] = event_time(next);
    if (__builtin_expect(at == 0, 0))
        source_draw_ahead(source, client);
    if (__builtin_expect(clients->ahead == 1, 0))
        return; /* it is in the block */
    at += client * clients->ahead;
    block->size[i] = source->sizes[at];
    block->class[i] = 0;
    if (source->traits) {
        block->class[i] = (uint16_t)source->traits[at].class;
        source->patience[i] = source->traits[at].patience;
    }
}

/* In place of source_step: takes the next task; whose it is. */
static inline uint32_t source_send(struct source *source)
{
    clients_send(source->clients, source->client);
    source->at++;
    return (uint32_t)source->client;
}

/* The task of a client has left, `now`. */
static inline void source_return(struct source *source, uint32_t client, double now)
{
    clients_return(source->clients, client, now);
    if (source->at < source->n && event_index(clients_next(source->clients)) != source->client)
        source_hold(source); /* it comes before the one that is looked at */
}

/* How long the task just stepped over waits before it leaves; only where tasks lose patience. */
static inline double source_patience(const struct source *source)
{
    return source->patience[source->at - 1];
}

#endif
