/* A stage of one consumer: Lindley's recursion. */
#include <math.h>
#include <string.h>

#include "chain.h"

/* What leaves a stage goes on: all that it brings along is the same. */
static void hand_on(struct link *in, struct link *out, size_t n, bool carries)
{
    const size_t from = in->head, to = out->tail;
    memcpy(out->label + to, in->label + from, n * sizeof *in->label);
    if (in->kind)
        memcpy(out->kind + to, in->kind + from, n * sizeof *in->kind);
    if (in->number)
        memcpy(out->number + to, in->number + from, n * sizeof *in->number);
    if (carries)
        memcpy(out->work + to, in->work + from, n * sizeof *in->work);
    in->head += n;
    out->tail += n;
}

/* What comes of so many visits in a row. */
struct served_run {
    double start[COUNT_MOST], done[1 + COUNT_MOST]; /* done[0]: the completion before */
    double service[COUNT_MOST], wait[COUNT_MOST], latency[COUNT_MOST];
};

/* Serves the next n, but none that is done after `until`; how many. */
static size_t serve(const struct link *in, double free, size_t n, double until,
                    const double *service, struct served_run *run)
{
    const double *arrival = in->time + in->head;
    size_t k = 0;
    run->done[0] = free;
    for (; k < n; k++) {
        const double start = arrival[k] > free ? arrival[k] : free;
        const double done = start + service[k];
        if (__builtin_expect(!(done <= until), 0))
            break;
        run->start[k] = start;
        run->done[k + 1] = free = done;
    }
    return k;
}

/* The first n visits of the link have been served as the run has it. */
static void count(struct chain *chain, uint32_t stage, size_t n, const struct served_run *run)
{
    struct chain_stage *st = &chain->stage[stage];
    struct recorder *recorder = chain->recorder;
    const struct link *in = &chain->link[stage];
    const uint32_t *label = in->label + in->head;
    for (size_t k = 0, alike; chain->classes == 1 && k < n; k += alike) {
        alike = labels_alike(label + k, n - k);
        if (label[k] != UNMEASURED)
            counter_add(&st->counter, &recorder->cells[label_at(recorder, label[k], st->place)],
                        alike, run->wait + k, run->latency + k);
    }
    for (size_t k = 0; chain->classes > 1 && k < n; k++)
        recorder_visit_complete(recorder, label_at(recorder, label[k], st->place), run->wait[k],
                                run->latency[k]);
    for (size_t k = 0; recorder->series && k < n; k++)
        recorder_settle(recorder, label[k], st->place, run->latency[k]);
}

/* The next n, at most COUNT_MOST; how many are done by `until`. */
static size_t serve_run(struct chain *chain, uint32_t stage, size_t n, double until, double speed)
{
    struct chain_stage *st = &chain->stage[stage];
    struct link *in = &chain->link[stage], *out = in + 1;
    struct served_run run;
    const double *work = in->work + in->head, *service = work;
    if (speed != 1) {
        for (size_t k = 0; k < n; k++)
            run.service[k] = work[k] / speed;
        service = run.service;
    }
    n = serve(in, st->free, n, until, service, &run);
    if (n == 0)
        return 0;
    const struct times times = {.arrival = in->time + in->head,
                                .start = run.start,
                                .done = run.done + 1,
                                .service = service,
                                .way = in->way + in->head,
                                .wait = run.wait,
                                .latency = run.latency,
                                .way_after = out->way + out->tail};
    times_of(&times, n, &st->sums);
    memcpy(out->time + out->tail, run.done + 1, n * sizeof *out->time);
    memcpy(out->born + out->tail, in->born + in->head, n * sizeof *out->born);
    st->free = run.done[n];
    st->completed += n;
    count(chain, stage, n, &run);
    hand_on(in, out, n, stage + 1 < chain->stages && chain->stage[stage + 1].carried);
    return n;
}

/* What is first in line, if it begins before the horizon. */
static void begin(struct chain_stage *st, const struct link *in, double until)
{
    if (in->head == in->tail)
        return;
    const double start = fmax(in->time[in->head], st->free);
    if (!(start <= until))
        return;
    st->begun = true;
    st->start = start;
    st->begun_speed = st->speed;
}

void chain_serve_one(struct chain *chain, uint32_t stage, double until, bool hold)
{
    struct chain_stage *st = &chain->stage[stage];
    struct link *in = &chain->link[stage];
    const size_t end = in->tail - hold;
    link_reserve(in + 1, in->tail - in->head);
    if (st->begun && st->begun_speed != st->speed && in->head < end) {
        if (serve_run(chain, stage, 1, until, st->begun_speed) == 0)
            return;
        st->begun = false;
    }
    while (in->head < end) {
        const size_t left = end - in->head, most = left < COUNT_MOST ? left : COUNT_MOST;
        const size_t n = serve_run(chain, stage, most, until, st->speed);
        st->begun = st->begun && n == 0;
        if (n < most)
            break;
    }
    if (!st->begun)
        begin(st, in, until);
}
