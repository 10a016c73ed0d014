/* Visits arrive at stages, and requests from outside. */
#include <math.h>
#include <string.h>

#include "../scenario/distribution.h"
#include "chain.h"

/* ---- at a stage ---- */

static void draw_works(struct chain *chain, uint32_t stage, size_t n)
{
    const struct chain_stage *st = &chain->stage[stage];
    struct link *link = &chain->link[stage];
    const size_t from = link->tail - n;
    struct drawn *drawn = draws_at(chain->draws, DRAW_SIZE, 0, st->place, 0);
    if (st->carried)
        return;
    if (chain->counted && !chain->kinds) {
        law_model(drawn->law)
            ->fill(drawn->law->params, &drawn->stream, link->came, n, link->work + from);
        return;
    }
    for (size_t i = from; i < link->tail; i++) {
        uint32_t kind = link->kind ? link->kind[i] : 0;
        uint64_t number = link->number ? link->number[i] : link->came + (i - from);
        struct drawn *d = draws_at(chain->draws, DRAW_SIZE, kind / chain->classes, st->place,
                                   kind % chain->classes);
        link->work[i] = draws_get(d, number, 0);
    }
}

/* The next n of a link arrive, from `from` on, and bring work into the cell, if any; sums stay in
 * registers. */
static inline __attribute__((always_inline)) void pass(struct link *link, size_t from, size_t n,
                                                       struct cell *cell)
{
    double last = link->last, gaps = link->gaps, squares = link->gap_square;
    struct cell sums = {0};
    if (cell)
        sums = (struct cell){.size_sum = cell->size_sum,
                             .size_square = cell->size_square,
                             .size_max = cell->size_max};
    for (size_t i = from; i < from + n; i++) {
        const double gap = link->time[i] - last;
        last = link->time[i];
        gaps += gap;
        squares += gap * gap;
        if (cell)
            cell_offer(&sums, link->work[i]);
    }
    link->last = last;
    link->gaps = gaps;
    link->gap_square = squares;
    link->came += n;
    if (!cell)
        return;
    cell->offered += n;
    cell->size_sum = sums.size_sum;
    cell->size_square = sums.size_square;
    cell->size_max = sums.size_max;
}

static void pass_all(const struct recorder *recorder, struct link *link, uint32_t place, size_t n)
{
    for (size_t from = link->tail - n, alike; from < link->tail; from += alike) {
        const uint32_t label = link->label[from];
        struct cell nowhere = {0};
        alike = labels_alike(link->label + from, link->tail - from);
        pass(link, from, alike,
             label == UNMEASURED ? &nowhere : &recorder->cells[label_at(recorder, label, place)]);
    }
}

/* Requests from `from` on, at most COUNT_MOST, have left the system. */
static void leave(struct chain *chain, const struct link *link, size_t from, size_t n)
{
    struct recorder *recorder = chain->recorder;
    const uint32_t all = chain->stages;
    const double *way = link->way + from;
    const uint32_t *label = link->label + from;
    double latency[COUNT_MOST], sojourn = 0;
    for (size_t k = 0; k < n; k++)
        sojourn += latency[k] = link->time[from + k] - link->born[from + k];
    chain->sojourn_sum += sojourn;
    for (size_t k = 0, alike; k < n; k += alike) {
        alike = chain->classes > 1 ? 1 : labels_alike(label + k, n - k);
        if (label[k] == UNMEASURED)
            continue;
        struct cell *cell = &recorder->cells[label_at(recorder, label[k], all)];
        if (chain->classes > 1)
            cell_complete(cell, way[k], latency[k]);
        else
            counter_add(&chain->exits, cell, alike, way + k, latency + k);
        recorder->outstanding -= alike;
    }
    for (size_t k = 0; recorder->series && k < n; k++)
        recorder_settle(recorder, label[k], all, latency[k]);
}

static void leave_all(struct chain *chain, struct link *link, size_t n)
{
    for (size_t from = link->tail - n; from < link->tail; from += COUNT_MOST) {
        const size_t left = link->tail - from;
        leave(chain, link, from, left < COUNT_MOST ? left : COUNT_MOST);
    }
    chain->completed += n;
    chain->last_exit = link->last;
    link->head = link->tail = 0;
}

void chain_arrive(struct chain *chain, uint32_t stage, size_t n)
{
    struct link *link = &chain->link[stage];
    if (n == 0)
        return;
    if (stage == chain->stages) {
        pass(link, link->tail - n, n, NULL);
        leave_all(chain, link, n);
        return;
    }
    draw_works(chain, stage, n);
    pass_all(chain->recorder, link, chain->stage[stage].place, n);
}

/* ---- from outside ---- */

/* The inlet of the next; of several at the same time the first. */
static uint32_t soonest(struct chain *chain)
{
    uint32_t first = 0;
    double time = source_peek(&chain->sources[0]).time;
    for (uint32_t i = 1; i < chain->inlets; i++) {
        double other = source_peek(&chain->sources[i]).time;
        first = other < time ? i : first;
        time = fmin(time, other);
    }
    return first;
}

double chain_next_arrival(struct chain *chain)
{
    return source_peek(&chain->sources[soonest(chain)]).time;
}

/* Requests of one class and source that bring nothing: at `time`. */
static void take_alike(struct chain *chain, const double *time, size_t n)
{
    struct recorder *recorder = chain->recorder;
    struct link *link = &chain->link[0];
    const size_t tail = link->tail;
    const uint32_t label = recorder_request(recorder, 0);
    memcpy(link->time + tail, time, n * sizeof *time);
    memcpy(link->born + tail, time, n * sizeof *time);
    memset(link->way + tail, 0, n * sizeof *link->way);
    for (size_t i = 0; i < n; i++)
        link->label[tail + i] = label;
    if (label == UNMEASURED)
        return;
    recorder->cells[label_at(recorder, label, chain->stages)].offered += n;
    recorder->outstanding += n;
}

/* The same of any: number `at` of a source's block, and those after it. */
static void take_each(struct chain *chain, uint32_t inlet, size_t at, size_t n)
{
    const struct source *source = &chain->sources[inlet];
    const struct arrival_block *block = &source->block;
    struct recorder *recorder = chain->recorder;
    struct link *link = &chain->link[0];
    const uint32_t own = chain->network->inlets[inlet].class;
    for (size_t k = at; k < at + n; k++) {
        const size_t i = link->tail + k - at;
        const uint32_t class = own == NETWORK_ANY ? block->class[k] : own;
        link->time[i] = link->born[i] = block->time[k];
        link->way[i] = 0;
        link->work[i] = block->size[k];
        link->label[i] = recorder_request(recorder, class);
        if (link->kind)
            link->kind[i] = inlet * chain->classes + class;
        if (link->number)
            link->number[i] = source->first + k;
        recorder_arrive(recorder, label_at(recorder, link->label[i], chain->stages),
                        block->size[k]);
    }
}

/* Those of a source's block that come next, up to `until`. */
static size_t take_block(struct chain *chain, uint32_t inlet, size_t most, double until)
{
    struct source *source = &chain->sources[inlet];
    struct link *link = &chain->link[0];
    source_peek(source);
    const double *time = source->block.time + source->at;
    const size_t left = source->n - source->at;
    size_t n = 0;
    most = left < most ? left : most;
    while (n < most && time[n] <= until)
        n++;
    link_reserve(link, n);
    if (source->sizeless && !chain->kinds && !link->number)
        take_alike(chain, time, n);
    else
        take_each(chain, inlet, source->at, n);
    source->at += n;
    link->tail += n;
    return n;
}

size_t chain_take(struct chain *chain, size_t most, double until)
{
    size_t n = 0;
    if (chain->inlets == 1)
        n = take_block(chain, 0, most, until);
    for (size_t one = 1; chain->inlets > 1 && one > 0 && n < most; n += one)
        one = take_block(chain, soonest(chain), 1, until);
    chain->arrived += n;
    chain_arrive(chain, 0, n);
    return n;
}
