/* Consumers that go from iteration to iteration (networks.md, consumers.step), between which visits
 * join and leave: more rules of stations whose consumers serve several at once. Whom consumer i
 * serves has the number (hand) i. */
#include <math.h>
#include <stdlib.h>

#include "naive_world.h"

static const struct staff_spec *said(const struct world *w, const struct station *x)
{
    return w->network->stages[x->stage].staff;
}

static double value(double x)
{
    return isnan(x) ? 0 : x;
}

bool naive_stepped(const struct world *w, const struct station *x)
{
    return said(w, x) && (!isnan(said(w, x)->step_base) || !isnan(said(w, x)->step_each));
}

/* What such a size takes one who is alone; of others the size. */
double naive_step_work(const struct world *w, const struct station *x, double size)
{
    if (!naive_stepped(w, x))
        return size;
    return fmax(1, ceil(size)) * (value(said(w, x)->step_base) + value(said(w, x)->step_each));
}

/* One at work there that has not had all of its iterations. */
static bool goes_on(const struct world *w, const struct station *x, size_t i, uint32_t hand)
{
    const struct visit *v = &w->visits[x->service.items[i]];
    return v->hand == hand && v->spot == SPOT_SERVICE;
}

void naive_step_iterate(struct world *w, struct station *x, uint32_t hand)
{
    struct iteration *now = &x->iterations[hand];
    double n = 0, time = value(said(w, x)->step_base);
    if (now->works || now->between < INFINITY)
        return;
    for (size_t i = 0; i < x->service.n; i++) {
        struct visit *v = &w->visits[x->service.items[i]];
        if (!goes_on(w, x, i, hand))
            continue;
        n++;
        time += value(said(w, x)->step_each);
        if (v->fresh && w->network->prefill)
            time += naive_law(w, w->network->prefill, v, DRAW_PREFILL);
    }
    if (n == 0)
        return;
    now->works = true;
    const uint64_t mark = w->marks++;
    for (size_t i = 0; i < x->service.n; i++) {
        struct visit *v = &w->visits[x->service.items[i]];
        if (!goes_on(w, x, i, hand))
            continue;
        v->taking_part = true;
        v->fresh = false;
        v->since = w->now;
        v->share = n;
        v->mark = mark;
        v->done = w->now + time / x->speed;
    }
}

double naive_step_vacant(const struct world *w, const struct station *x)
{
    return x->consumers * said(w, x)->batch_max - (double)x->service.n;
}

/* The consumer with the fewest. */
static uint32_t least(const struct world *w, const struct station *x)
{
    uint32_t best = 0;
    double fewest = INFINITY;
    for (uint32_t hand = 0; hand < (uint32_t)x->consumers; hand++) {
        double n = 0;
        for (size_t i = 0; i < x->service.n; i++)
            n += w->visits[x->service.items[i]].hand == hand;
        if (n < fewest)
            best = hand;
        fewest = fmin(fewest, n);
    }
    return best;
}

void naive_step_begin(struct world *w, struct station *x)
{
    while (x->waiting.n > 0 && naive_step_vacant(w, x) > 0) {
        const uint32_t visit = naive_dequeue(w, x);
        if (visit == NONE)
            return;
        const uint32_t hand = x->hand = least(w, x);
        naive_station_begin(w, visit);
        struct visit *v = &w->visits[visit];
        v->done = INFINITY;
        v->rest = fmax(1, ceil(v->size));
        v->gave = 0;
        v->fresh = true;
        v->taking_part = false;
        naive_step_iterate(w, x, hand);
    }
}

void naive_step_complete(struct world *w, struct station *x, uint32_t hand)
{
    struct list all = {0};
    x->iterations[hand] = (struct iteration){false, w->now, w->marks++};
    for (size_t i = 0; i < x->service.n; i++)
        if (goes_on(w, x, i, hand) && w->visits[x->service.items[i]].taking_part)
            naive_list_add(&all, x->service.items[i]);
    for (size_t i = 0; i < all.n; i++) {
        struct visit *v = &w->visits[all.items[i]];
        v->gave += (w->now - v->since) / v->share;
        v->taking_part = false;
        v->done = INFINITY;
        v->rest--;
    }
    for (size_t i = 0; i < all.n; i++)
        if (w->visits[all.items[i]].rest == 0 && w->visits[all.items[i]].spot == SPOT_SERVICE)
            naive_served(w, all.items[i]);
    free(all.items);
}

/* All that completes at this moment has. */
void naive_step_next(struct world *w, struct station *x, uint32_t hand)
{
    x->iterations[hand].between = INFINITY;
    naive_step_iterate(w, x, hand);
}

/* A visit has gone. */
void naive_step_left(struct world *w, struct station *x, uint32_t hand)
{
    bool works = false;
    for (size_t i = 0; i < x->service.n; i++)
        works |= goes_on(w, x, i, hand) && w->visits[x->service.items[i]].taking_part;
    x->iterations[hand].works &= works;
    naive_step_begin(w, x);
    naive_step_iterate(w, x, hand);
}
