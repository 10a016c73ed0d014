/* A stage of several consumers: those in service, the next to be done first. */
#include <math.h>

#include "chain.h"

static inline bool sooner(const struct completion *a, const struct completion *b)
{
    return a->done < b->done || (a->done == b->done && a->order < b->order);
}

static void push(struct chain_stage *st, struct completion c)
{
    uint32_t at = st->busy++;
    for (; at > 0 && sooner(&c, &st->due[(at - 1) / 2]); at = (at - 1) / 2)
        st->due[at] = st->due[(at - 1) / 2];
    st->due[at] = c;
}

static uint32_t pop(struct chain_stage *st)
{
    const uint32_t slot = st->due[0].slot, n = --st->busy;
    const struct completion last = st->due[n];
    uint32_t at = 0;
    for (uint32_t child = 1; child < n; child = 2 * at + 1) {
        child += child + 1 < n && sooner(&st->due[child + 1], &st->due[child]);
        if (!sooner(&st->due[child], &last))
            break;
        st->due[at] = st->due[child];
        at = child;
    }
    st->due[at] = last;
    return slot;
}

static void pass(struct chain_stage *st, double now)
{
    const double dt = now - st->clock;
    st->busy_area += st->busy * dt;
    st->full_area += st->busy == st->consumers ? dt : 0;
    st->clock = now;
}

/* The next to be done leaves. */
static void finish(struct chain *chain, uint32_t stage)
{
    struct chain_stage *st = &chain->stage[stage];
    struct link *out = &chain->link[stage + 1];
    const double now = st->due[0].done;
    pass(st, now);
    const uint32_t slot = pop(st);
    const struct served *v = &st->served[slot];
    st->spare[st->room - st->busy - 1] = slot;
    const double wait = v->start - v->arrival, latency = now - v->arrival;
    const uint32_t label = label_at(chain->recorder, v->label, st->place);
    recorder_visit_complete(chain->recorder, label, wait, latency);
    recorder_settle(chain->recorder, label, st->place, latency);
    st->completed++;
    st->sums.wait[0] += wait;
    st->sums.latency[0] += latency;
    st->sums.service[0] += v->service;
    const size_t i = out->tail++;
    out->time[i] = now;
    out->born[i] = v->born;
    out->way[i] = v->way + wait;
    out->work[i] = v->work;
    out->label[i] = v->label;
    if (out->kind)
        out->kind[i] = v->kind;
    if (out->number)
        out->number[i] = v->number;
}

/* The first in line begins. */
static void begin(struct chain *chain, uint32_t stage, double start)
{
    struct chain_stage *st = &chain->stage[stage];
    struct link *in = &chain->link[stage];
    const size_t i = in->head++;
    const double service = st->speed == 1 ? in->work[i] : in->work[i] / st->speed;
    pass(st, start);
    const uint32_t slot = st->spare[st->room - st->busy - 1];
    st->served[slot] = (struct served){
        .arrival = in->time[i],
        .start = start,
        .service = service,
        .born = in->born[i],
        .way = in->way[i],
        .work = in->work[i],
        .number = in->number ? in->number[i] : 0,
        .label = in->label[i],
        .kind = in->kind ? in->kind[i] : 0,
    };
    push(st, (struct completion){start + service, st->begins++, slot});
}

void chain_serve_several(struct chain *chain, uint32_t stage, double until, bool hold)
{
    struct chain_stage *st = &chain->stage[stage];
    struct link *in = &chain->link[stage];
    link_reserve(in + 1, in->tail - in->head + st->busy);
    while (in->head < in->tail) {
        const double arrival = in->time[in->head];
        double start = arrival;
        while (st->busy > 0 && st->due[0].done <= arrival)
            finish(chain, stage);
        if (st->busy < st->consumers) {
            st->sums.at_once[0]++;
        } else {
            start = st->due[0].done;
            if (!(start <= until))
                break;
            finish(chain, stage);
        }
        begin(chain, stage, start);
    }
    const uint64_t newest = hold && in->head == in->tail ? st->begins - 1 : UINT64_MAX;
    while (st->busy > 0 && st->due[0].done <= until && st->due[0].order != newest)
        finish(chain, stage);
}
