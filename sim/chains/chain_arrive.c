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

/* Counts those from `from` on, as many as have the label of the first; how many. */
static size_t count_alike(const struct recorder *recorder, const struct link *link, uint32_t place,
                          size_t from)
{
    const uint32_t label = link->label[from];
    size_t i = from;
    if (label == UNMEASURED) {
        while (i < link->tail && link->label[i] == label)
            i++;
        return i - from;
    }
    struct cell *cell = &recorder->cells[label_at(recorder, label, place)];
    struct cell sums = {
        .size_sum = cell->size_sum, .size_square = cell->size_square, .size_max = cell->size_max};
    for (; i < link->tail && link->label[i] == label; i++)
        cell_offer(&sums, link->work[i]);
    cell->offered += i - from;
    cell->size_sum = sums.size_sum;
    cell->size_square = sums.size_square;
    cell->size_max = sums.size_max;
    return i - from;
}

/* The times between arrivals. */
static void pass(struct link *link, size_t n)
{
    double last = link->last, sum = link->gaps, squares = link->gap_square;
    for (size_t i = link->tail - n; i < link->tail; i++) {
        double gap = link->time[i] - last;
        last = link->time[i];
        sum += gap;
        squares += gap * gap;
    }
    link->last = last;
    link->gaps = sum;
    link->gap_square = squares;
    link->came += n;
}

/* They have left the system. */
static void leave(struct chain *chain, struct link *link, size_t n)
{
    struct recorder *recorder = chain->recorder;
    const uint32_t all = chain->stages;
    double sojourn = 0;
    for (size_t i = link->tail - n; i < link->tail; i++) {
        const double latency = link->time[i] - link->born[i];
        const uint32_t label = label_at(recorder, link->label[i], all);
        sojourn += latency;
        recorder_complete(recorder, label, link->way[i], latency);
        recorder_settle(recorder, label, all, latency);
    }
    chain->sojourn_sum += sojourn;
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
        pass(link, n);
        leave(chain, link, n);
        return;
    }
    draw_works(chain, stage, n);
    const uint32_t place = chain->stage[stage].place;
    for (size_t from = link->tail - n; from < link->tail;)
        from += count_alike(chain->recorder, link, place, from);
    pass(link, n);
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

/* Those of a source's block that come next, up to `until`. */
static size_t take_block(struct chain *chain, uint32_t inlet, size_t most, double until)
{
    struct source *source = &chain->sources[inlet];
    struct recorder *recorder = chain->recorder;
    struct link *link = &chain->link[0];
    source_peek(source);
    const struct arrival_block *block = &source->block;
    const size_t at = source->at, left = source->n - at;
    const uint32_t own = chain->network->inlets[inlet].class;
    size_t n = 0;
    most = left < most ? left : most;
    link_reserve(link, most);
    for (; n < most && block->time[at + n] <= until; n++) {
        const size_t i = link->tail + n;
        const uint32_t class = own == NETWORK_ANY ? block->class[at + n] : own;
        const double size = block->size[at + n];
        link->time[i] = link->born[i] = block->time[at + n];
        link->way[i] = 0;
        link->work[i] = size;
        link->label[i] = recorder_request(recorder, class);
        if (link->kind)
            link->kind[i] = inlet * chain->classes + class;
        if (link->number)
            link->number[i] = source->first + at + n;
        recorder_arrive(recorder, label_at(recorder, link->label[i], chain->stages), size);
    }
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
