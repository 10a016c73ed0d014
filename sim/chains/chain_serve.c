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

/* How visits are counted: none is; all in one cell; each in that of its label. */
enum counting { COUNT_NONE, COUNT_ONE, COUNT_EACH };

/* What is the same of all visits of a line. */
struct line {
    size_t n;
    double until, speed;
    struct cell *cell; /* COUNT_ONE */
    struct recorder *recorder;
    uint32_t place;
};

/* Serves the next n, but none that is done after `until`; how many. Sums stay in registers. */
static inline __attribute__((always_inline)) size_t serve(struct chain_stage *st,
                                                          const struct link *in, struct link *out,
                                                          struct line line, enum counting counting)
{
    const double *time = in->time + in->head, *born = in->born + in->head;
    const double *way = in->way + in->head, *work = in->work + in->head;
    const uint32_t *label = in->label + in->head;
    double *restrict out_time = out->time + out->tail, *restrict out_born = out->born + out->tail;
    double *restrict out_way = out->way + out->tail;
    double free = st->free, idle = st->idle;
    double waits = st->waits, latencies = st->latencies, services = st->services;
    struct cell *const cell = line.cell;
    double wait_sum = 0, latency_sum = 0, least = 0, most = 0;
    if (counting == COUNT_ONE) {
        wait_sum = cell->wait_sum;
        latency_sum = cell->latency_sum;
        least = cell->latency_min;
        most = cell->latency_max;
    }
    size_t k = 0, at_once = 0;
    for (; k < line.n; k++) {
        const double arrival = time[k], start = arrival > free ? arrival : free;
        const double service = line.speed == 1 ? work[k] : work[k] / line.speed;
        const double done = start + service;
        if (__builtin_expect(!(done <= line.until), 0))
            break;
        const double wait = start - arrival, latency = done - arrival;
        idle += start - free;
        free = done;
        at_once += wait == 0;
        waits += wait;
        latencies += latency;
        services += service;
        out_time[k] = done;
        out_born[k] = born[k];
        out_way[k] = way[k] + wait;
        if (counting == COUNT_ONE) {
            wait_sum += wait;
            latency_sum += latency;
            most = latency > most ? latency : most;
            least = latency < least ? latency : least;
            histogram_add(&cell->wait, wait);
            histogram_add(&cell->latency, latency);
        }
        if (counting == COUNT_EACH)
            recorder_visit_complete(line.recorder, label_at(line.recorder, label[k], line.place),
                                    wait, latency);
    }
    st->free = free;
    st->idle = idle;
    st->at_once += at_once;
    st->completed += k;
    st->waits = waits;
    st->latencies = latencies;
    st->services = services;
    if (counting == COUNT_ONE) {
        cell->completed += k;
        cell->wait_sum = wait_sum;
        cell->latency_sum = latency_sum;
        cell->latency_min = least;
        cell->latency_max = most;
    }
    return k;
}

static size_t serve_none(struct chain_stage *st, const struct link *in, struct link *out,
                         struct line line)
{
    return serve(st, in, out, line, COUNT_NONE);
}

static size_t serve_counted(struct chain_stage *st, const struct link *in, struct link *out,
                            struct line line)
{
    return serve(st, in, out, line, COUNT_ONE);
}

static size_t serve_each(struct chain_stage *st, const struct link *in, struct link *out,
                         struct line line)
{
    return serve(st, in, out, line, COUNT_EACH);
}

/* The next, as many as have the label of the first; of several classes all of them. */
static size_t serve_run(struct chain *chain, uint32_t stage, struct line line)
{
    struct chain_stage *st = &chain->stage[stage];
    struct link *in = &chain->link[stage], *out = in + 1;
    struct recorder *recorder = chain->recorder;
    const uint32_t *label = in->label + in->head;
    size_t served, n = 1;
    line.recorder = recorder;
    line.place = st->place;
    while (chain->classes == 1 && n < line.n && label[n] == label[0])
        n++;
    if (chain->classes > 1) {
        served = serve_each(st, in, out, line);
    } else {
        line.n = n;
        if (label[0] != UNMEASURED)
            line.cell = &recorder->cells[label_at(recorder, label[0], st->place)];
        served = line.cell ? serve_counted(st, in, out, line) : serve_none(st, in, out, line);
    }
    for (size_t k = 0; recorder->series && k < served; k++)
        recorder_settle(recorder, label[k], st->place,
                        out->time[out->tail + k] - in->time[in->head + k]);
    hand_on(in, out, served, stage + 1 < chain->stages && chain->stage[stage + 1].carried);
    return served;
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
    struct line line = {.until = until, .speed = st->speed};
    const size_t end = in->tail - hold;
    link_reserve(in + 1, in->tail - in->head);
    if (st->begun && st->begun_speed != st->speed && in->head < end) {
        line.n = 1;
        line.speed = st->begun_speed;
        if (serve_run(chain, stage, line) == 0)
            return;
        st->begun = false;
        line.speed = st->speed;
    }
    while (in->head < end) {
        line.n = end - in->head;
        const size_t n = serve_run(chain, stage, line);
        st->begun = st->begun && n == 0;
        if (n == 0)
            break;
    }
    if (!st->begun)
        begin(st, in, until);
}
