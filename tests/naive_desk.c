/* What those share who ask at one place: everything that ever happened there is kept, and looked
 * through again each time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/scenario/distribution.h"
#include "naive_client.h"

static void add(struct moments *m, double at, bool failed)
{
    if (m->n == m->room) {
        m->room = 2 * m->room + 16;
        m->items = xrealloc(m->items, m->room * sizeof *m->items);
    }
    m->items[m->n++] = (struct moment){at, failed};
}

static double preset(double given, double otherwise)
{
    return given > 0 ? given : otherwise;
}

/* ---- the budget: retries per first attempt over a sliding interval ---- */

static bool has_budget(const struct desk *d)
{
    double ratio = d->client->retry.budget.ratio;
    return ratio >= 0 && ratio < INFINITY;
}

static double since(const struct moments *m, double time)
{
    double n = 0;
    for (size_t i = 0; i < m->n; i++)
        n += m->items[i].at > time;
    return n;
}

void naive_desk_first(struct desk *d, double now)
{
    add(&d->firsts, now, false);
}

bool naive_desk_grants(struct desk *d, double now)
{
    const struct budget_spec *b = &d->client->retry.budget;
    double interval = preset(b->interval, 10), from = now - interval;
    double most = b->ratio * since(&d->firsts, from) + preset(b->min_rate, 0) * interval;
    if (has_budget(d) && since(&d->retries, from) + 1 > most + 1e-9)
        return false;
    add(&d->retries, now, false);
    return true;
}

/* ---- the breaker ---- */

static void turn_to(struct desk *d, enum naive_breaker state)
{
    d->state = state;
    d->turns++;
    d->ended.n = 0;
    d->probes = 0;
}

/* Of what counts of all that has ended in this state, how much, and how much of it failed. */
static void count(const struct desk *d, double now, double *calls, double *failed)
{
    const struct breaker_spec *b = &d->client->breaker;
    bool by_time = b->window.kind == AMOUNT_DURATION, half = d->state == HALF_OPEN;
    size_t last = by_time || half ? SIZE_MAX : (size_t)preset(b->window.value, 100);
    *calls = *failed = 0;
    for (size_t i = d->ended.n > last ? d->ended.n - last : 0; i < d->ended.n; i++) {
        if (by_time && !half && d->ended.items[i].at <= now - b->window.value)
            continue;
        *calls += 1;
        *failed += d->ended.items[i].failed;
    }
}

static double probes_of(const struct desk *d)
{
    return preset(d->client->breaker.probes, 10);
}

static double fewest(const struct desk *d)
{
    const struct breaker_spec *b = &d->client->breaker;
    bool by_time = b->window.kind == AMOUNT_DURATION;
    return preset(b->min_calls, by_time ? 100 : fmin(100, preset(b->window.value, 100)));
}

bool naive_desk_lets(struct desk *d, double now, uint64_t *breaker)
{
    if (!(d->client->breaker.failure_rate > 0))
        return true;
    if (d->state == OPEN && now >= d->until)
        turn_to(d, HALF_OPEN);
    *breaker = d->turns;
    if (d->state == OPEN || (d->state == HALF_OPEN && d->probes >= probes_of(d)))
        return false;
    d->probes += d->state == HALF_OPEN;
    return true;
}

void naive_desk_ended(struct desk *d, double now, uint64_t breaker, bool failed)
{
    const struct breaker_spec *b = &d->client->breaker;
    double calls, bad;
    if (!(b->failure_rate > 0) || breaker != d->turns)
        return;
    add(&d->ended, now, failed);
    count(d, now, &calls, &bad);
    bool enough = calls >= (d->state == CLOSED ? fewest(d) : probes_of(d));
    bool opens = bad >= b->failure_rate * calls - 1e-9;
    if (enough && opens) {
        turn_to(d, OPEN);
        d->until = now + preset(b->open_for, 60);
    } else if (enough && d->state == HALF_OPEN) {
        turn_to(d, CLOSED);
    }
}

void naive_desk_unasked(struct desk *d, uint64_t breaker)
{
    if (breaker == d->turns && d->state == HALF_OPEN)
        d->probes--;
}

/* ---- the back-off ---- */

double naive_desk_pause(struct world *w, const struct desk *d, const struct request *of,
                        uint32_t retry, double last, uint32_t turn)
{
    const struct backoff_spec *b = &d->client->retry.backoff;
    struct stream stream =
        stream_of(w->seed, w->replication,
                  network_stream_path(w->network, d->stage, of->inlet, NETWORK_ANY, d->path));
    stream = stream_turn(&stream, turn);
    if (b->law.model) {
        double x;
        law_model(&b->law)->fill(b->law.params, &stream, of->draw, 1, &x);
        return x;
    }
    double u = stream_uniform(&stream, 0, of->draw), n = retry - 1.0, most = b->max;
    if (backoff_is_sidekiq(b))
        return n * n * n * n + 15 + floor(10 * u) * (n + 1);
    if (!(b->initial > 0))
        return 0;
    double pause = b->initial * pow(isnan(b->multiplier) ? 2 : b->multiplier, n);
    pause = isnan(most) ? pause : fmin(pause, most);
    switch (isnan(b->jitter) ? JITTER_FULL : (enum jitter)b->jitter) {
    case JITTER_NONE:
        break;
    case JITTER_FULL:
        return u * pause;
    case JITTER_EQUAL:
        return pause / 2 + u * pause / 2;
    case JITTER_DECORRELATED:
        pause = b->initial + u * (3 * (isnan(last) ? b->initial : last) - b->initial);
        return isnan(most) ? pause : fmin(pause, most);
    }
    return pause;
}

/* ---- which draws an attempt has ---- */

/* FNV-1a (Fowler, Noll, Vo 1991). */
uint32_t naive_desk_hash(const char *name)
{
    uint32_t h = 0x811c9dc5u;
    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * 0x01000193u;
    return h;
}

uint32_t naive_desk_turn(struct world *w, uint32_t desk, const struct ask *ask, uint32_t attempt)
{
    const struct desk *d = &w->clients->desks[desk];
    const uint32_t of = naive_attempt(w, ask->of)->tag;
    if (d->stage == NETWORK_EXIT)
        return network_attempt_turns(of, 0, 0, attempt);
    uint32_t h = naive_desk_hash(internf("%s.%u", w->network->stages[d->stage].name, d->which));
    return network_attempt_turns(of, h + ask->left, w->visits[ask->caller].turn, attempt);
}
