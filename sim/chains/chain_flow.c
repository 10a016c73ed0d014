/* What has flowed, by place (engine.h), as of the horizon. */
#include <float.h>
#include <math.h>

#include "chain.h"

/* Adds what those that wait in front of a stage, and are in service there, have spent so far. */
static void add_inside(const struct chain *chain, uint32_t stage, struct flow *f)
{
    const struct chain_stage *st = &chain->stage[stage];
    const struct link *in = &chain->link[stage];
    const double now = chain->now;
    size_t i = in->head;
    if (st->begun) {
        f->queue_area += st->start - in->time[i];
        f->service_sum += now - st->start;
        f->sojourn_sum += now - in->time[i++];
    }
    for (uint32_t k = 0; k < st->busy; k++) {
        const struct served *v = &st->served[st->due[k].slot];
        f->queue_area += v->start - v->arrival;
        f->service_sum += now - v->start;
        f->sojourn_sum += now - v->arrival;
    }
    f->waiting = in->tail - i;
    f->inside = st->busy + st->begun + f->waiting;
    double waited = 0;
    for (; i < in->tail; i++)
        waited += now - in->time[i];
    f->queue_area += waited;
    f->sojourn_sum += waited;
}

/* Time of consumers with a task. A small difference of large numbers is none. */
static double busy_area(const struct chain *chain, uint32_t stage, const struct flow *f)
{
    const struct chain_stage *st = &chain->stage[stage];
    const double now = chain->now;
    if (st->several)
        return st->busy_area + st->busy * (now - st->clock);
    const double idle = parts_sum(st->sums.idle) + (st->begun ? st->start : now) - st->free;
    return f->service_sum < 1e-3 * now ? f->service_sum : now - idle;
}

/* Whether an arrival found no consumer idle; and the time without any. */
static void add_seen(const struct chain *chain, uint32_t stage, struct flow *f)
{
    const struct chain_stage *st = &chain->stage[stage];
    const struct link *in = &chain->link[stage];
    const bool at_once = st->begun && st->start == in->time[in->head];
    const bool full = st->several && st->busy == st->consumers;
    f->seen_sum = (double)f->arrived - at_once;
    for (int k = 0; k < PARTS; k++)
        f->seen_sum -= (double)st->sums.at_once[k];
    f->seen_area = st->several ? st->full_area + (full ? chain->now - st->clock : 0) : f->busy_area;
}

static void stage_flow(const struct chain *chain, uint32_t stage, struct flow *f)
{
    const struct chain_stage *st = &chain->stage[stage];
    const struct link *in = &chain->link[stage], *out = in + 1;
    *f = (struct flow){
        .time = chain->now,
        .queue_area = parts_sum(st->sums.wait),
        .sojourn_sum = parts_sum(st->sums.latency),
        .service_sum = parts_sum(st->sums.service),
        .available = st->consumers,
        .available_area = st->consumers * chain->now,
        .arrival_gaps = in->gaps,
        .arrival_gap_square = in->gap_square,
        .departure_gaps = out->gaps,
        .departure_gap_square = out->gap_square,
        .arrived = in->came,
        .completed = st->completed,
    };
    add_inside(chain, stage, f);
    f->busy_area = busy_area(chain, stage, f);
    f->rounding = (double)f->arrived * (double)(f->inside + 1) * chain->now * DBL_EPSILON;
    if (stage == 0)
        add_seen(chain, stage, f);
}

/* Ages of all requests inside. */
static double ages(const struct chain *chain)
{
    double sum = 0;
    for (uint32_t stage = 0; stage < chain->stages; stage++) {
        const struct chain_stage *st = &chain->stage[stage];
        const struct link *in = &chain->link[stage];
        for (size_t i = in->head; i < in->tail; i++)
            sum += chain->now - in->born[i];
        for (uint32_t k = 0; k < st->busy; k++)
            sum += chain->now - st->served[st->due[k].slot].born;
    }
    return sum;
}

static void whole_flow(const struct chain *chain, struct flow *all)
{
    const uint64_t alive = chain_alive(chain);
    *all = (struct flow){.time = chain->now};
    for (uint32_t stage = 0; stage < chain->stages; stage++) {
        struct flow f;
        stage_flow(chain, stage, &f);
        all->queue_area += f.queue_area;
        all->busy_area += f.busy_area;
        all->service_sum += f.service_sum;
        all->available += f.available;
        all->available_area += f.available_area;
        all->alive_area += flow_inside_area(&f); /* a request is at one stage at a time */
        all->rounding += f.rounding;
        all->waiting += f.waiting;
        all->seen_sum += f.seen_sum;
        all->seen_area += f.seen_area;
    }
    all->arrived = chain->arrived;
    all->completed = chain->completed;
    all->inside = alive;
    all->sojourn_sum = chain->sojourn_sum + ages(chain);
    all->rounding += (double)chain->arrived * (double)(alive + 1) * chain->now * DBL_EPSILON;
}

void chain_flow_of(const void *state, uint32_t place, struct flow *out)
{
    const struct chain *chain = state;
    if (place == chain->stages) {
        whole_flow(chain, out);
        return;
    }
    for (uint32_t stage = 0; stage < chain->stages; stage++)
        if (chain->stage[stage].place == place)
            stage_flow(chain, stage, out);
}
