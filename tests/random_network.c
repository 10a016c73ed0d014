#include "random_network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/base/err.h"

/* Splitmix64 (Steele, Lea and Flood 2014). */
static uint64_t next(struct plan *p)
{
    uint64_t z = p->state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

int plan_below(struct plan *p, int n)
{
    return (int)(next(p) % (uint64_t)n);
}

bool plan_chance(struct plan *p, int percent)
{
    return plan_below(p, 100) < percent;
}

static int below(struct plan *p, int n)
{
    return plan_below(p, n);
}

static bool chance(struct plan *p, int percent)
{
    return plan_chance(p, percent);
}

static struct plan_law some_law(struct plan *p, double scale)
{
    if (p->ties && !chance(p, 10))
        return (struct plan_law){LAW_FIXED, scale * (1 + below(p, 4)) / 2};
    return (struct plan_law){LAW_EXPONENTIAL, scale * (1 + below(p, 4)) / 2};
}

/* A stage of its own, with everything at random that does not depend on others. */
static int add_stage(struct plan *p, int context, int next_stage)
{
    static const char *const names[PLAN_STAGES] = {"api",   "web", "db",   "auth", "cache", "log",
                                                   "queue", "job", "mail", "disk", "net",   "pay"};
    static const int capacities[] = {0, 1, 1, 2, 4};
    struct plan_stage *s = &p->stage[p->n];
    *s = (struct plan_stage){.there = true,
                             .name = p->n == 0 && chance(p, 20) ? "main" : names[p->n],
                             .context = context,
                             .consumers = chance(p, 6) ? 0 : 1 + below(p, 3),
                             .speed = chance(p, 15) ? 2 : 1,
                             .discipline = chance(p, 45) ? 0 : below(p, 9),
                             .policy = chance(p, 55) ? 3 : below(p, 4),
                             .capacity = chance(p, 45) ? -1 : capacities[below(p, 5)],
                             .resume_delay = chance(p, 25) ? 0.5 * (1 + below(p, 2)) : 0,
                             .reply = chance(p, 10),
                             .replicas = chance(p, 30) ? 2 + below(p, 3) : 1,
                             .balancer = below(p, 5),
                             .pool = PLAN_NOBODY,
                             .machines = PLAN_NOBODY,
                             .letter = PLAN_NOBODY,
                             .priority = below(p, 3)};
    if (s->replicas > 1 && s->balancer > 1 && chance(p, 40))
        s->choices = 1 + below(p, s->replicas);
    if (s->replicas > 1 && chance(p, 25))
        s->unlike = 1;
    s->size = some_law(p, 1);
    if (chance(p, 15))
        s->size.kind = LAW_CARRIED;
    else if (chance(p, 15))
        s->size.kind = LAW_NONE;
    else if (p->classes > 0 && chance(p, 15))
        s->by_class = some_law(p, 1);
    if (chance(p, 20))
        s->timeout = some_law(p, 3);
    if (chance(p, 10))
        s->delay = some_law(p, 1);
    s->to.n = 1;
    s->to.leg[0] = (struct plan_leg){next_stage, 100, PLAN_NOBODY};
    return p->n++;
}

static int build(struct plan *p, int budget, int context, int after, bool called);

/* A fork, what its copies do, and where they come together (or nowhere). */
static int build_fork(struct plan *p, int budget, int context, int after, bool called)
{
    int fork = add_stage(p, context, PLAN_EXIT), branches = 2 + (budget >= 5 && chance(p, 30));
    bool joins = after != PLAN_EXIT || chance(p, 85);
    int join = joins ? add_stage(p, context, after) : PLAN_EXIT;
    struct plan_route to = {.way = TO_ALL, .n = branches};
    for (int i = 0; i < branches; i++) {
        int each = (budget - 2) / branches;
        to.leg[i] = (struct plan_leg){
            build(p, each > 1 ? each : 1, 100 + 10 * fork + i, join, called), 100, PLAN_NOBODY};
    }
    p->stage[fork].to = to;
    if (joins) {
        p->stage[join].join = chance(p, 60) ? -1 : 1 + below(p, branches);
        p->stage[join].cancel = p->stage[join].join > 0 ? below(p, 3) : 0;
        p->stage[join].delay.kind = LAW_NONE;
    }
    return fork;
}

/* A copy to each replica, which come together. */
static int build_broadcast(struct plan *p, int context, int after)
{
    int join = add_stage(p, context, after), all = add_stage(p, 100 + 10 * join, join);
    struct plan_stage *s = &p->stage[all];
    s->replicas = 2 + below(p, 3);
    s->balancer = -1;
    s->choices = chance(p, 40) ? 1 + below(p, s->replicas) : 0;
    p->stage[join].join = chance(p, 60) ? -1 : 1 + below(p, 2);
    p->stage[join].cancel = p->stage[join].join > 0 ? below(p, 3) : 0;
    p->stage[join].delay.kind = LAW_NONE;
    return all;
}

static int build_calls(struct plan *p, int budget, int context, int after)
{
    int caller = add_stage(p, context, after), steps = 1 + chance(p, 40);
    int callee[2], callees = 1 + (budget >= 3);
    for (int i = 0; i < callees; i++)
        callee[i] = build(p, (budget - 1) / callees, 200 + 10 * caller + i, PLAN_EXIT, true);
    if (callees == 2 && chance(p, 15)) { /* answered when every copy has ended */
        p->stage[callee[1]].replicas = 2 + below(p, 2);
        p->stage[callee[1]].balancer = p->stage[callee[1]].to.way == TO_ALL ? 0 : -1;
        p->stage[callee[1]].choices = 0;
    }
    struct plan_stage *s = &p->stage[caller];
    s->steps = steps;
    for (int k = 0; k < steps; k++) {
        struct plan_step *step = &s->step[k];
        step->n = k == 0 && callees > 1 ? 1 + below(p, 3) : 1;
        for (int i = 0; i < step->n; i++)
            step->of[i] = (struct plan_call){.stage = callee[(i + k) % callees],
                                             .count = chance(p, 25) ? 2 : 1,
                                             .share = chance(p, 25) ? 50 : 100,
                                             .ignore = chance(p, 20)};
        step->any = step->n > 1 && chance(p, 40) ? 1 + below(p, step->n) : 0;
    }
    for (int i = 0; i < callees; i++) { /* each is reached */
        bool reached = false;
        for (int k = 0; k < steps; k++)
            for (int j = 0; j < s->step[k].n; j++)
                reached |= s->step[k].of[j].stage == callee[i];
        if (!reached)
            s->step[0].of[s->step[0].n++ % 3] =
                (struct plan_call){.stage = callee[i], .count = 1, .share = 100};
    }
    return caller;
}

static int build_choice(struct plan *p, int budget, int context, int after, bool called)
{
    int s = add_stage(p, context, after);
    int a = build(p, (budget - 1) / 2, context, after, called);
    int b = build(p, (budget - 1) / 2, context, after, called);
    struct plan_route to = {.way = TO_SHARES, .n = 2};
    to.leg[0] = (struct plan_leg){a, 50, PLAN_NOBODY};
    to.leg[1] = (struct plan_leg){b, chance(p, 50) ? 50 : 30, PLAN_NOBODY};
    if (p->classes > 1 && chance(p, 40)) {
        to.way = TO_RULES;
        to.leg[0].class = below(p, p->classes);
    }
    p->stage[s].to = to;
    return s;
}

/* At most `budget` stages (and one or two more) of a context, the last of which hand on to `after`;
 * returns the first. */
static int build(struct plan *p, int budget, int context, int after, bool called)
{
    int room = PLAN_STAGES - p->n - 2;
    budget = budget < room ? budget : room;
    int kind = below(p, 100);
    if (budget >= 4 && kind < 25)
        return build_fork(p, budget, context, after, called);
    if (budget >= 2 && kind < 32)
        return build_broadcast(p, context, after);
    if (budget >= 2 && kind < 50 && !called)
        return build_calls(p, budget, context, after);
    if (budget >= 3 && kind < 65)
        return build_choice(p, budget, context, after, called);
    if (budget >= 2) {
        int second = build(p, budget / 2, context, after, called);
        return build(p, budget - budget / 2, context, second, called);
    }
    return add_stage(p, context, after);
}

/* Ways back, or across, with a share. */
static void add_loops(struct plan *p)
{
    for (int i = 0; i < p->n; i++) {
        struct plan_stage *s = &p->stage[i];
        int to = below(p, p->n);
        bool already = false;
        for (int k = 0; k < s->to.n; k++)
            already |= s->to.leg[k].stage == to;
        bool multiplies = p->stage[to].balancer < 0 || s->balancer < 0;
        if (already || multiplies || s->to.way != TO_SHARES || !chance(p, 30) ||
            p->stage[to].join || p->stage[to].context != s->context || s->to.n == PLAN_LEGS)
            continue;
        for (int k = 0; k < s->to.n; k++)
            s->to.leg[k].share *= 0.7;
        s->to.leg[s->to.n++] = (struct plan_leg){to, 25, PLAN_NOBODY};
    }
}

static void share_consumers(struct plan *p)
{
    for (int i = 1; i < p->n && chance(p, 50); i++) {
        struct plan_stage *s = &p->stage[i], *pool = &p->stage[i - 1];
        if (!chance(p, 15) || pool->pool != PLAN_NOBODY || s->before || pool->before ||
            pool->balancer < 0 || s->balancer < 0)
            continue;
        s->pool = i - 1;
        s->replicas = pool->replicas;
        s->unlike = 0;
        s->choices = 0;
        pool->discipline = pool->discipline > 4 ? 4 : pool->discipline;
        pool->choices = 0;
        /* Which task of several buffers a number drawn is: their order is not laid down. */
        pool->discipline = pool->discipline == 2 ? 0 : pool->discipline;
    }
    for (int i = 1; i < p->n; i++) {
        struct plan_stage *s = &p->stage[i], *machines = &p->stage[i - 1];
        if (chance(p, 15) && machines->replicas > 1 && s->pool == PLAN_NOBODY && s->balancer >= 0 &&
            machines->balancer >= 0 && machines->machines == PLAN_NOBODY &&
            machines->pool == PLAN_NOBODY) {
            bool is_pool = i + 1 < p->n && p->stage[i + 1].pool == i;
            if (is_pool)
                continue;
            s->machines = i - 1;
            s->replicas = machines->replicas;
            s->unlike = 0;
            s->choices = s->choices > s->replicas ? 0 : s->choices;
        }
    }
}

/* Shared consumers neither call nor are blocked; who blocks before service has something to wait
 * for. */
static void settle(struct plan *p)
{
    for (int i = 0; i < p->n; i++) {
        struct plan_stage *s = &p->stage[i];
        bool waits = s->steps > 0;
        for (int k = 0; k < s->to.n; k++) {
            const struct plan_stage *to =
                &p->stage[s->to.leg[k].stage < 0 ? 0 : s->to.leg[k].stage];
            waits |= s->to.leg[k].stage >= 0 && to->policy == 3 && to->capacity >= 0;
        }
        if (s->balancer == 3 && p->ties)
            s->balancer = 2; /* least-work: ties are a matter of rounding there */
        bool pools = s->pool != PLAN_NOBODY;
        for (int k = 0; k < p->n; k++)
            pools |= p->stage[k].there && p->stage[k].pool == i;
        if (s->discipline == 5 && waits)
            s->discipline = 0;
        /* Who waits for a place at the next stage is not interrupted in the naive simulator. */
        if (s->before && (!waits || pools || s->consumers == 0 || s->discipline > 4))
            s->before = false;
    }
}

/* Where the tasks of a batch come together. */
static int add_batch_join(struct plan *p)
{
    int join = add_stage(p, 1, PLAN_EXIT); /* in a context of its own: no way leads back from it */
    struct plan_stage *s = &p->stage[join];
    s->join = chance(p, 60) ? -1 : 1 + below(p, 4);
    s->cancel = s->join > 0 ? below(p, 3) : 0;
    s->delay.kind = LAW_NONE;
    return join;
}

struct plan plan_random(uint64_t seed)
{
    static const char *const names[PLAN_SOURCES] = {"users", "cron", "partners"};
    struct plan p = {.state = seed * 0x2545f4914f6cdd1d + 1};
    p.ties = chance(&p, 50);
    p.classes = chance(&p, 50) ? 0 : 2 + below(&p, 2);
    p.size = some_law(&p, 1);
    if (chance(&p, 10))
        p.timeout = some_law(&p, 6);
    bool batches = chance(&p, 15);
    int last = batches ? add_batch_join(&p) : PLAN_EXIT;
    int entry = build(&p, 1 + below(&p, 6), 0, last, false);
    add_loops(&p);
    bool before = chance(&p, 40);
    for (int i = 0; i < p.n && before; i++)
        p.stage[i].before = chance(&p, 40);
    share_consumers(&p);
    settle(&p);
    p.sources = 1 + (chance(&p, 30) ? 1 + below(&p, 2) : 0);
    for (int i = 0; i < p.sources; i++) {
        struct plan_source *s = &p.source[i];
        *s = (struct plan_source){.name = i == 0 && chance(&p, 50) ? "main" : names[i],
                                  .process = p.ties ? 1 + (unsigned)below(&p, 3)
                                                    : (chance(&p, 75) ? 0 : 3),
                                  .rate = 0.5 * (1 + below(&p, 4)) / p.sources,
                                  .clients = 1 + below(&p, 8),
                                  .class = PLAN_NOBODY};
        if (batches)
            s->process = ARRIVE_BATCH;
        bool rules = false; /* by which those of one class alone would not reach all */
        for (int k = 0; k < p.n; k++)
            rules |= p.stage[k].to.way == TO_RULES;
        if (p.classes > 0 && chance(&p, 30) && !rules)
            s->class = below(&p, p.classes);
        int to = below(&p, p.n);
        bool top = p.stage[to].context == 0 && p.stage[to].join == 0;
        s->to.n = 1;
        s->to.leg[0] = (struct plan_leg){i > 0 && top ? to : entry, 100, PLAN_NOBODY};
        if (top && chance(&p, 20)) {
            s->to.leg[0].share = 60;
            s->to.leg[s->to.n++] = (struct plan_leg){to, 40, PLAN_NOBODY};
            s->to.n = to == s->to.leg[0].stage ? 1 : 2;
        }
    }
    p.requests = 40 + below(&p, 120);
    plan_doors(&p, seed);
    plan_trouble(&p, seed);
    plan_staffing(&p);
    plan_clients(&p, seed);
    plan_keys(&p, seed);
    return p;
}
