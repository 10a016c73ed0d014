#include "trial_course.h"

/* Arrivals between two looks at `stop` and `progress`: a few milliseconds at the worst. */
enum { CHUNK = 16384 };

uint64_t course_arrived(const struct course *c)
{
    return c->engine->arrived ? c->engine->arrived(c->state) : c->source.first + c->source.at;
}

struct flow course_flow_of(const struct course *c, uint32_t place)
{
    struct flow flow;
    if (c->engine->flow_of)
        c->engine->flow_of(c->state, place, &flow);
    else
        c->engine->flow(c->state, &flow);
    return flow;
}

struct flow course_flow(const struct course *c)
{
    return course_flow_of(c, c->trial->whole);
}

void course_report(struct course *c, double done)
{
    uint64_t tasks = (uint64_t)(done < c->cost ? done : c->cost);
    if (c->progress && tasks > c->told) {
        atomic_fetch_add_explicit(c->progress, tasks - c->told, memory_order_relaxed);
        c->told = tasks;
    }
}

/* Whether time stands still: `tasks` more have arrived, in a closed system, whose clients come back
 * as soon as they have left. Looked at between chunks, which costs nothing. */
static bool stands_still(struct course *c, uint64_t tasks)
{
    const struct source *source = &c->source;
    const bool network = c->engine->arrived != NULL;
    if (!network && (!source->clients || source->at == 0))
        return false;
    double time = network ? course_flow(c).time : source->block.time[source->at - 1];
    double clients = network ? (double)course_flow(c).inside : (double)source->clients->n;
    double duration = c->s->run.duration;
    c->still += (double)tasks;
    if (time > c->clock + (isnan(duration) ? 0 : STILL_SHARE * duration)) {
        c->still = 0;
        c->clock = time;
    }
    return c->still > STILL_MOST + STILL_TURNS * clients;
}

bool course_go(struct course *c, uint64_t tasks, double time, bool drained)
{
    while (!c->over) {
        uint64_t now = course_arrived(c);
        if (now >= tasks)
            return true;
        uint64_t until = tasks - now > CHUNK ? now + CHUNK : tasks;
        const double cut = course_next_cut(c), before = nextafter(cut, -INFINITY);
        struct engine_limits limits = {fmin(time, before), until, drained};
        enum engine_stop stop = c->engine->advance(c->state, &limits);
        course_report(c, (double)course_arrived(c));
        if (c->stop && atomic_load_explicit(c->stop, memory_order_relaxed)) {
            c->trial->notes |= NOTE_INTERRUPTED;
            c->over = true;
        } else if (stop == STOP_PAUSE) {
            continue;
        } else if (stop == STOP_TIME && before < time) {
            course_cut(c, cut);
        } else if (stop == STOP_DRAINED && course_outstanding(c) > 0) {
            continue;
        } else if (stop == STOP_BACKLOG) {
            c->trial->notes |= NOTE_BACKLOG;
            c->over = true;
        } else if (stop == STOP_DEADLOCK) {
            c->engine->deadlock(c->state, &c->trial->deadlock);
            c->trial->notes |= NOTE_DEADLOCK;
            c->over = true;
        } else if (stop == STOP_ENDED) {
            c->trial->emptied = true;
            c->over = true;
        } else if (stop != STOP_TASKS) {
            return true;
        } else if (stands_still(c, until - now)) {
            c->trial->notes |= NOTE_STANDS_STILL;
            c->over = true;
        }
    }
    return false;
}

bool course_go_to(struct course *c, double time)
{
    return course_go(c, UINT64_MAX, nextafter(time, -INFINITY), false);
}

struct flow course_flow_of_at(const struct course *c, uint32_t place, double time)
{
    struct flow flow = course_flow_of(c, place);
    if (!(c->trial->notes & ENDED_EARLY)) {
        flow.available_area += flow.available * (time - flow.time);
        flow.up_area += flow.up * (time - flow.time);
        flow.time = time;
    }
    return flow;
}

struct flow course_flow_at(const struct course *c, double time)
{
    return course_flow_of_at(c, c->trial->whole, time);
}

void course_flows(const struct course *c, double time, struct flow *flows)
{
    for (uint32_t place = 0; place < c->trial->places; place++)
        flows[place] = isnan(time) ? course_flow_of(c, place) : course_flow_of_at(c, place, time);
}
