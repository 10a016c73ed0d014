#include "events_share.h"

#include <math.h>
#include <stdlib.h>

#include "events.h"

/* What the room does not keep of a task inside. */
struct entry {
    double wait;
    double used; /* sharing.used when it came in */
};

struct sharing {
    double since;          /* the time as of which the next two count */
    double given, used;    /* since the stage was last empty, to every task that was inside all the
                              time: work, and time of one consumer */
    double used_by_inside; /* sum over tasks inside of their entry's `used` */
    struct entry *entries; /* by slot */
    uint32_t slots;        /* of entries */
};

struct sharing *sharing_new(void)
{
    return xcalloc(1, sizeof(struct sharing));
}

void sharing_free(struct sharing *s)
{
    if (s)
        free(s->entries);
    free(s);
}

/* Of a consumer, what each task has; 0 where there is none. */
static double share_of_task(const struct events *e)
{
    if (e->room->n == 0)
        return 0;
    return e->waiting > 0 ? (double)e->consumers / (double)e->room->n : 1;
}

/* Goes on to `time` with the tasks that were inside up to then. */
static void give(struct events *e, double time)
{
    struct sharing *s = e->sharing;
    double used = (time - s->since) * share_of_task(e);
    s->used += used;
    s->given += used * e->speed;
    s->since = time;
}

static void schedule(struct events *e)
{
    struct sharing *s = e->sharing;
    if (e->room->n == 0) {
        s->given = s->used = s->used_by_inside = 0;
        calendar_clear(&e->calendar, 0);
        return;
    }
    uint32_t slot = e->room->discipline->pick(e->room);
    double left = fmax(0, e->room->slots[slot].task.size - s->given);
    double done = s->since + left / (e->speed * share_of_task(e));
    calendar_set(&e->calendar, event_make(done, EVENT_COMPLETION, e->sequence++, 0));
}

/* So many tasks are inside: one for each consumer, and those beyond. */
static void count(struct events *e)
{
    uint64_t n = e->room->n;
    e->waiting = n > e->consumers ? n - e->consumers : 0;
    e->idle = n > e->consumers ? 0 : e->consumers - n;
}

void share_enter(struct events *e, struct task task)
{
    struct sharing *s = e->sharing;
    give(e, e->clock);
    double wait = e->clock - task.arrival;
    e->arrivals += task.arrival;
    task.size += s->given;
    uint32_t slot = room_enter(e->room, task);
    if (s->slots < e->room->capacity) {
        s->slots = e->room->capacity;
        s->entries = xrealloc(s->entries, s->slots * sizeof *s->entries);
    }
    s->entries[slot] = (struct entry){wait, s->used};
    s->used_by_inside += s->used;
    room_wait(e->room, slot);
    count(e);
    schedule(e);
}

/* Takes the task of a slot out; returns its entry. */
static struct entry leave(struct events *e, uint32_t slot, struct task *task)
{
    struct sharing *s = e->sharing;
    struct entry entry = s->entries[slot];
    s->used_by_inside -= entry.used;
    e->service_sum += s->used - entry.used;
    *task = slot_leave(e->room, slot);
    e->arrivals -= task->arrival;
    count(e);
    return entry;
}

uint32_t share_complete(struct events *e)
{
    struct task task;
    give(e, e->clock);
    uint32_t slot = e->room->discipline->pick(e->room);
    e->sharing->given = e->room->slots[slot].task.size; /* to the bit, for those that tie with it */
    struct entry entry = leave(e, slot, &task);
    double latency = e->clock - task.arrival;
    e->completed++;
    e->sojourn_sum += latency;
    recorder_start(e->recorder, task.label, latency);
    recorder_complete(e->recorder, task.label, entry.wait, latency);
    schedule(e);
    return task.client;
}

struct task share_pop_oldest(struct events *e)
{
    struct task task;
    give(e, e->clock);
    leave(e, e->room->oldest, &task);
    schedule(e);
    return task;
}

void share_adopt(struct events *e, double speed)
{
    if (speed == e->speed)
        return;
    give(e, e->now);
    e->speed = speed;
    schedule(e);
}

void share_flow(const struct events *e, struct flow *out)
{
    const struct sharing *s = e->sharing;
    double used = s->used + (e->now - s->since) * share_of_task(e), n = e->room->n;
    out->shared_area = out->queue_area;
    out->queue_area = 0;
    out->waiting -= e->waiting;
    out->service_sum += n * used - s->used_by_inside;
}
