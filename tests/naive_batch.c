/* Consumers that serve several visits at once (networks.md, consumers.batch): more rules of one
 * station. Whom one consumer serves has one number (hand); those with a number are in the list of
 * who is in service, in the order in which they were taken. */
#include <math.h>
#include <stdlib.h>

#include "naive_world.h"

static const struct staff_spec *said(const struct world *w, const struct station *x)
{
    return w->network->stages[x->stage].staff;
}

bool naive_batched(const struct world *w, const struct station *x)
{
    return said(w, x) && said(w, x)->batch_max > 0;
}

static size_t members(const struct world *w, const struct station *x, uint32_t hand)
{
    size_t n = 0;
    for (size_t i = 0; i < x->service.n; i++)
        n += w->visits[x->service.items[i]].hand == hand;
    return n;
}

/* Whether nobody before item i of those in service has the same consumer. */
bool naive_batch_is_first(const struct world *w, const struct station *x, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (w->visits[x->service.items[k]].hand == w->visits[x->service.items[i]].hand)
            return false;
    return true;
}

double naive_batch_idle(const struct world *w, const struct station *x)
{
    double idle = x->consumers;
    for (size_t i = 0; i < x->service.n; i++)
        idle -= naive_batch_is_first(w, x, i);
    return idle;
}

static double enough(const struct world *w, const struct station *x)
{
    const struct staff_spec *s = said(w, x);
    return !isnan(s->batch_at_least) ? s->batch_at_least : isnan(s->batch_wait) ? 1 : s->batch_max;
}

/* When the one that came first has waited for so long. */
static double window(const struct world *w, const struct station *x)
{
    double first = INFINITY;
    for (size_t i = 0; i < x->waiting.n; i++)
        first = fmin(first, w->visits[x->waiting.items[i]].arrival);
    return first + (isnan(said(w, x)->batch_wait) ? INFINITY : said(w, x)->batch_wait);
}

bool naive_batch_fits(const struct world *w, const struct station *x, const struct visit *v)
{
    double n = (double)x->waiting.n, bytes = v->bytes;
    if (naive_stepped(w, x) ? naive_step_vacant(w, x) > 0
                            : naive_batch_idle(w, x) > 0 && n + 1 >= enough(w, x))
        return true;
    for (size_t i = 0; i < x->waiting.n; i++)
        bytes += w->visits[x->waiting.items[i]].bytes;
    return n < x->capacity && bytes <= x->max_bytes;
}

static bool begin_one(struct world *w, struct station *x)
{
    const uint32_t hand = x->hand = ++x->batches;
    double size = NAN;
    for (double n = 0; n < said(w, x)->batch_max; n++) {
        uint32_t visit = naive_dequeue(w, x);
        if (visit == NONE)
            break;
        size = isnan(size) ? w->visits[visit].size : size;
        naive_station_begin(w, visit);
    }
    for (size_t i = 0; i < x->service.n; i++) {
        struct visit *v = &w->visits[x->service.items[i]];
        if (v->hand != hand)
            continue;
        v->done = w->now + size / x->speed;
        v->share = (double)members(w, x, hand);
    }
    return !isnan(size);
}

void naive_batch_begin(struct world *w, struct station *x)
{
    if (naive_stepped(w, x)) {
        naive_step_begin(w, x);
        return;
    }
    while (naive_batch_idle(w, x) > 0 && x->waiting.n > 0 &&
           ((double)x->waiting.n >= enough(w, x) || window(w, x) <= w->now))
        if (!begin_one(w, x))
            return;
}

/* When somebody has waited for long enough, as far as that is waited for. */
void naive_batch_watch(struct world *w, struct station *x)
{
    double time = naive_batch_idle(w, x) > 0 ? window(w, x) : INFINITY;
    if (time != x->window)
        x->window_mark = w->marks++;
    x->window = time;
}

void naive_batch_waited(struct world *w, struct station *x)
{
    x->window = INFINITY;
    naive_batch_begin(w, x);
    naive_station_let_in(w, x);
}

/* All of them are served. */
void naive_batch_complete(struct world *w, struct station *x, uint32_t hand)
{
    struct list all = {0};
    if (naive_stepped(w, x)) {
        naive_step_complete(w, x, hand);
        return;
    }
    for (size_t i = 0; i < x->service.n; i++)
        if (w->visits[x->service.items[i]].hand == hand)
            naive_list_add(&all, x->service.items[i]);
    for (size_t i = 0; i < all.n; i++)
        if (w->visits[all.items[i]].spot == SPOT_SERVICE && w->visits[all.items[i]].hand == hand)
            naive_served(w, all.items[i]);
    free(all.items);
}

/* Of its consumer's time that has gone. */
double naive_batch_spent(const struct world *w, const struct visit *v)
{
    if (naive_stepped(w, &w->stations[v->station]))
        return v->gave + (v->taking_part ? (w->now - v->since) / v->share : 0);
    return (w->now - v->since) / v->share;
}
