/* Who goes before whom: the disciplines. */
#include <math.h>
#include <string.h>

#include "naive_world.h"

static const struct stage *stage_at(const struct world *w, uint32_t station)
{
    return w->network->stages[w->stations[station].stage].stage;
}

static bool is(const struct world *w, const struct station *x, const char *name)
{
    return strcmp(stage_at(w, x->owner)->discipline->name, name) == 0;
}

bool naive_interrupts(const struct world *w, const struct station *x)
{
    return is(w, x, "lifo-preemptive") || is(w, x, "shortest-remaining") ||
           is(w, x, "priority-preemptive");
}

bool naive_station_shares(const struct world *w, const struct station *x)
{
    return is(w, x, "processor-sharing") && w->stations[x->owner].consumers < INFINITY;
}

static double class_priority(const struct world *w, const struct visit *v)
{
    uint32_t class = w->requests[v->request].class;
    const struct scenario *s = w->network->scenario;
    return class < (uint32_t)s->classes_count ? s->classes[class].priority : 0;
}

/* Of those that are alike otherwise: whoever arrived first, and then came in first. (Who was
 * blocked arrives when it comes in, and others in the line outside arrived before.) */
static bool is_earlier(const struct visit *a, const struct visit *b)
{
    return a->arrival != b->arrival ? a->arrival < b->arrival : a->order < b->order;
}

/* Whether a goes before b (both wait); or, both in service, is interrupted after b. */
bool naive_goes_first(const struct world *w, const struct station *owner, uint32_t i, uint32_t j,
                      bool served)
{
    const struct visit *a = &w->visits[i], *b = &w->visits[j];
    if (is(w, owner, "lifo"))
        return a->order > b->order;
    if (is(w, owner, "fifo"))
        return a->order < b->order;
    if (is(w, owner, "earliest-deadline") && a->deadline != b->deadline)
        return a->deadline < b->deadline;
    if (is(w, owner, "lifo-preemptive"))
        return is_earlier(b, a);
    if (is(w, owner, "shortest-job") && a->size != b->size)
        return a->size < b->size;
    if (is(w, owner, "shortest-remaining") && !served && a->rest != b->rest)
        return a->rest < b->rest;
    if (is(w, owner, "shortest-remaining") && served && a->done != b->done)
        return a->done < b->done;
    if (is(w, owner, "priority") || is(w, owner, "priority-preemptive")) {
        double pa = stage_of(w, a)->priority, pb = stage_of(w, b)->priority;
        if (pa != pb)
            return pa < pb;
        pa = class_priority(w, a), pb = class_priority(w, b);
        if (pa != pb)
            return pa < pb;
    }
    return is_earlier(a, b);
}

/* Those that have come back are in front, one behind the other; of the others the last fills the
 * gap. */
uint32_t naive_waiting_take(struct world *w, struct station *owner, size_t i)
{
    return w->visits[owner->waiting.items[i]].returned ? naive_list_take(&owner->waiting, i)
                                                       : naive_list_take_gap(&owner->waiting, i);
}

static bool is_of(const struct world *w, uint32_t visit, uint32_t station, uint32_t class)
{
    const struct visit *v = &w->visits[visit];
    return v->station == station && (class == NONE || w->requests[v->request].class == class);
}

static bool any_waits(const struct world *w, const struct station *owner, uint32_t station,
                      uint32_t class)
{
    for (size_t i = 0; i < owner->waiting.n; i++)
        if (is_of(w, owner->waiting.items[i], station, class))
            return true;
    return false;
}

/* Which of n comes up in a draw by weights (0: not in it), by a station's own numbers. */
static uint32_t by_weight(struct station *x, uint32_t n, const double *weight)
{
    double all = 0;
    uint32_t some = 0, last = 0;
    for (uint32_t i = 0; i < n; i++)
        if (weight[i] > 0) {
            all += weight[i];
            some++;
            last = i;
        }
    if (some == 1)
        return last;
    double u = stream_uniform(&x->picks, 0, x->n_picks++) * all;
    for (uint32_t i = 0; i < n; i++) {
        if (weight[i] > 0 && u < weight[i])
            return i;
        u -= weight[i];
    }
    return last;
}

/* The buffer that is drawn: that of the owner of the consumers stands first. */
static struct station *drawn_buffer(struct world *w, struct station *owner)
{
    double weight[MAX_STAGES];
    uint32_t which[MAX_STAGES] = {0}, n = 0;
    for (uint32_t i = 0; i < w->network->n_stations; i++) {
        uint32_t number = i == 0 ? owner->number : i <= owner->number ? i - 1 : i;
        if (w->stations[number].owner != owner->number)
            continue;
        which[n] = number;
        double own = w->network->stages[w->stations[number].stage].weight;
        weight[n++] = any_waits(w, owner, number, NONE) ? own : 0;
    }
    return &w->stations[which[by_weight(owner, n, weight)]];
}

/* Then the class, of which the first goes. */
static size_t weighted(struct world *w, struct station *owner)
{
    const struct scenario *s = w->network->scenario;
    struct station *x = drawn_buffer(w, owner);
    double weight[MAX_CLASSES];
    for (uint32_t class = 0; class < w->network->n_classes; class ++) {
        bool given = class < (uint32_t)s->classes_count && s->classes[class].weight > 0;
        double own = given ? s->classes[class].weight : 1;
        weight[class] = any_waits(w, owner, x->number, class) ? own : 0;
    }
    uint32_t class = by_weight(x, w->network->n_classes, weight);
    size_t best = owner->waiting.n;
    for (size_t i = 0; i < owner->waiting.n; i++)
        if (is_of(w, owner->waiting.items[i], x->number, class) &&
            (best == owner->waiting.n || is_earlier(&w->visits[owner->waiting.items[i]],
                                                    &w->visits[owner->waiting.items[best]])))
            best = i;
    return best;
}

size_t naive_next_waiting(struct world *w, struct station *owner)
{
    size_t again = owner->waiting.n; /* whose consumer has failed: the last of those */
    for (size_t i = 0; i < owner->waiting.n; i++) {
        uint64_t returned = w->visits[owner->waiting.items[i]].returned;
        if (returned && (again == owner->waiting.n ||
                         returned > w->visits[owner->waiting.items[again]].returned))
            again = i;
    }
    if (again < owner->waiting.n)
        return again;
    if (is(w, owner, "random")) {
        double u = stream_uniform(&owner->picks, 0, owner->n_picks++);
        return (size_t)(u * (double)owner->waiting.n);
    }
    if (is(w, owner, "weighted"))
        return weighted(w, owner);
    if (is(w, owner, "adaptive-lifo")) {
        bool last = (double)owner->waiting.n > stage_at(w, owner->number)->discipline_params[0];
        size_t found = 0;
        for (size_t i = 1; i < owner->waiting.n; i++) {
            uint64_t order = w->visits[owner->waiting.items[i]].order;
            if ((order > w->visits[owner->waiting.items[found]].order) == last)
                found = i;
        }
        return found;
    }
    size_t best = 0;
    for (size_t i = 1; i < owner->waiting.n; i++)
        if (naive_goes_first(w, owner, owner->waiting.items[i], owner->waiting.items[best], false))
            best = i;
    return best;
}
