/* What whoever asks in a random network does about not being answered, drawn after all else. */
#include "random_network.h"

static const char *const outcomes[] = {"timeout", "rejected", "error"};

static double some_time(const struct plan *p, struct plan *draws, double scale)
{
    double time = 0.5 * (1 + plan_below(draws, 6)) * scale;
    return p->ties ? time : time * 1.037;
}

static void add_retry(const struct plan *p, struct plan *draws, struct plan_client *c, bool times)
{
    c->attempts = 1 + plan_below(draws, 4);
    for (int k = times ? 0 : 1; k < 3; k++)
        c->on |= plan_chance(draws, 60) ? 1 << k : 0;
    c->backoff = plan_below(draws, 7);
    c->pause = some_time(p, draws, 0.5);
    if (p->ties && c->backoff > 2)
        c->backoff = 1;
    if (c->attempts > 1 && plan_chance(draws, 30))
        c->budget = 10 * (1 + plan_below(draws, 5));
    c->floor = c->budget > 0 && plan_chance(draws, 30) ? 0.1 * plan_below(draws, 4) : 0;
}

static struct plan_client some_client(const struct plan *p, struct plan *draws)
{
    struct plan_client c = {.there = true};
    c.timeout = plan_chance(draws, 60) ? some_time(p, draws, 1) : 0;
    c.deadline = plan_chance(draws, 25) ? c.timeout + some_time(p, draws, 2) : 0;
    c.hedge = plan_chance(draws, 25) ? some_time(p, draws, 0.5) : 0;
    c.hedges = c.hedge > 0 && plan_chance(draws, 30) ? 3 : 0;
    if (c.timeout > 0 || c.deadline > 0 || c.hedge > 0)
        c.cancel = plan_below(draws, 3);
    if (plan_chance(draws, 70))
        add_retry(p, draws, &c, c.timeout > 0);
    if (c.timeout > 0 && plan_chance(draws, 25)) /* else it may be that nothing ever fails */
        c.breaker = 1 + plan_below(draws, 2);
    c.limit = plan_chance(draws, 20) ? 1 + plan_below(draws, 3) : 0;
    c.there = c.timeout > 0 || c.deadline > 0 || c.hedge > 0 || c.attempts > 0 || c.limit > 0;
    return c;
}

/* Stages that take visits back which failed, and send letters: forward, so that none comes back. */
static void add_agains(struct plan *p, struct plan *draws, bool batches)
{
    for (int i = 0; i < p->n; i++) {
        struct plan_stage *s = &p->stage[i];
        if (plan_chance(draws, 40) && s->balancer >= 0)
            add_retry(p, draws, &s->again, p->timeout.kind || s->timeout.kind);
        int letter = i + 1 + plan_below(draws, PLAN_STAGES);
        if (plan_chance(draws, 40) && letter < p->n && !batches && p->stage[letter].context == 0 &&
            !p->stage[letter].join) /* a letter is in no group that would be joined */
            s->letter = letter;
    }
}

void plan_clients(struct plan *p, uint64_t seed)
{
    struct plan draws = {.state = seed * 0xd6e8feb86659fd93 + 11};
    struct plan others = {.state = seed * 0xd6e8feb86659fd93 + 13};
    bool batches = false; /* that are joined: asked for together */
    for (int i = 0; i < p->n; i++)
        batches |= p->stage[i].join && p->stage[i].context == 1;
    if (plan_chance(&others, 25))
        add_agains(p, &others, batches);
    if (!plan_chance(&draws, 45))
        return;
    for (int i = 0; i < p->sources && !batches; i++)
        if (plan_chance(&draws, 60))
            p->source[i].client = some_client(p, &draws);
    for (int i = 0; i < p->n; i++)
        for (int k = 0; k < p->stage[i].steps; k++)
            for (int j = 0; j < p->stage[i].step[k].n; j++)
                if (plan_chance(&draws, 60))
                    p->stage[i].step[k].of[j].client = some_client(p, &draws);
}

static void print_retry(FILE *out, const struct plan_client *c, const char *before)
{
    const char *between = "";
    fprintf(out, "%sretry: {max_attempts: %d", before, c->attempts);
    if (c->on) {
        fputs(", on: [", out);
        for (int k = 0; k < 3; k++)
            if (c->on >> k & 1) {
                fprintf(out, "%s%s", between, outcomes[k]);
                between = ", ";
            }
        fputs("]", out);
    }
    static const char *const jitters[] = {"none", "none, max: 4s", "full", "equal",
                                          "decorrelated, max: 2s"};
    if (c->backoff == 6)
        fprintf(out, ", backoff: {distribution: exponential, mean: %gs}", c->pause);
    else if (c->backoff > 0)
        fprintf(out, ", backoff: {initial: %gs, jitter: %s}", c->pause, jitters[c->backoff - 1]);
    if (c->budget > 0)
        fprintf(out, ", budget: {ratio: %d%%, interval: 15s", c->budget);
    if (c->budget > 0 && c->floor > 0)
        fprintf(out, ", min_rate: %g/s", c->floor);
    fputs(c->budget > 0 ? "}}" : "}", out);
}

/* Its keys, after `between`. */
void plan_print_client(FILE *out, const struct plan_client *c, const char *between)
{
    static const char *const cancels[] = {"never", "queued", "running"};
    const char *const all = between;
    if (c->timeout > 0)
        fprintf(out, "%stimeout: %gs", between, c->timeout), between = ", ";
    if (c->deadline > 0)
        fprintf(out, "%sdeadline: %gs", between, c->deadline), between = ", ";
    if (c->hedge > 0)
        fprintf(out, "%shedge: {delay: %gs, max_attempts: %d}", between, c->hedge,
                c->hedges ? c->hedges : 2),
            between = ", ";
    if (c->cancel > 0 && between != all)
        fprintf(out, ", cancel: %s", cancels[c->cancel]);
    if (c->attempts > 0)
        print_retry(out, c, between), between = ", ";
    if (c->breaker > 0)
        fprintf(out,
                "%scircuit_breaker: {failure_rate: 50%%, window: %s, min_calls: 4, open_for: 3s, "
                "probes: 2}",
                between, c->breaker == 1 ? "6" : "8s");
    if (c->limit > 0)
        fprintf(out, "%slimit: %d", between, c->limit);
}

void plan_print_again(FILE *out, const struct plan *p, const struct plan_stage *s)
{
    if (s->again.attempts > 0) {
        print_retry(out, &s->again, "    ");
        fputs("\n", out);
    }
    if (s->letter >= 0)
        fprintf(out, "    dead_letter: %s\n", p->stage[s->letter].name);
}

bool plan_simplify_again(struct plan_stage *s, int k)
{
    switch (k) {
    case 0:
        s->again.attempts = 0;
        return true;
    case 1:
        s->letter = PLAN_NOBODY;
        return true;
    case 2:
        s->again.backoff = s->again.backoff > 0 ? 1 : 0;
        return true;
    case 3:
        s->again.budget = 0;
        return true;
    default:
        return false;
    }
}

static bool simplify(struct plan_client *c, int k)
{
    switch (k) {
    case 0:
        *c = (struct plan_client){0};
        return true;
    case 1:
        c->breaker = 0;
        return true;
    case 2:
        c->hedge = 0;
        return true;
    case 3:
        c->attempts = 0;
        return true;
    case 4:
        c->limit = 0;
        return true;
    case 5:
        c->cancel = 0;
        return true;
    case 6:
        c->deadline = 0;
        return true;
    case 7:
        c->budget = 0;
        return true;
    case 8:
        c->backoff = c->backoff > 0 ? 1 : 0;
        return true;
    case 9:
        c->timeout = 0;
        c->on &= ~1;
        return true;
    case 10:
        c->hedges = 0;
        return true;
    default:
        return false;
    }
}

bool plan_simplify_clients(struct plan *p, int k)
{
    int which = k / 11;
    for (int i = 0; i < p->sources; i++)
        if (which-- == 0)
            return simplify(&p->source[i].client, k % 11);
    for (int i = 0; i < p->n; i++)
        for (int s = 0; s < p->stage[i].steps; s++)
            for (int j = 0; j < p->stage[i].step[s].n; j++)
                if (which-- == 0)
                    return simplify(&p->stage[i].step[s].of[j].client, k % 11);
    return false;
}
