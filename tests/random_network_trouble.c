/* What befalls the stages of a random network, drawn after all else. */
#include "random_network.h"

static struct plan_law law_of(const struct plan *p, struct plan *draws, double scale)
{
    return (struct plan_law){p->ties ? LAW_FIXED : LAW_EXPONENTIAL,
                             scale * (1 + plan_below(draws, 4)) / 2};
}

/* Outages. Consumers of another stage stand still, or are slow, with that. */
static void add_outages(const struct plan *p, struct plan *draws, struct plan_stage *s)
{
    s->outages = plan_chance(draws, 40) ? 1 + plan_chance(draws, 30) : 0;
    for (int k = 0; k < s->outages; k++) {
        s->outage[k] = (struct plan_outage){.every = law_of(p, draws, 8),
                                            .length = law_of(p, draws, 2),
                                            .effect = s->pool >= 0 ? 1 : plan_below(draws, 3),
                                            .each = plan_chance(draws, 30)};
        if (plan_chance(draws, 40))
            s->outage[k].every.kind = LAW_NONE;
    }
}

/* Whether its tasks are taken one by one, and may begin anew. */
static bool may_keep(const struct plan *p, const struct plan_stage *s)
{
    const struct plan_stage *owner = s->pool >= 0 ? &p->stage[s->pool] : s;
    return owner->consumers > 0 && owner->discipline <= 4 && !s->before && s->balancer != 3;
}

static bool is_on(const struct plan *p, int machine, int stage)
{
    const struct plan_stage *s = &p->stage[stage];
    const struct plan_stage *owner = s->pool >= 0 ? &p->stage[s->pool] : s;
    return stage == machine || s->pool == machine || owner->machines == machine;
}

static void add_keeps(struct plan *p, struct plan *draws, int machine)
{
    struct plan_stage *s = &p->stage[machine];
    bool all = true, any = false;
    for (int i = 0; i < p->n; i++) {
        struct plan_stage *other = &p->stage[i];
        if (!is_on(p, machine, i))
            continue;
        other->durable = may_keep(p, other) && plan_chance(draws, 60);
        all &= may_keep(p, other);
        any |= other->durable;
    }
    s->keeps = all && plan_chance(draws, 40) ? 2 : any && plan_chance(draws, 60) ? 1 : 0;
}

/* Bursts, and tasks at time 0, of sources that may have them. */
static void add_bursts(struct plan *p, struct plan *draws)
{
    for (int i = 0; i < p->sources; i++) {
        struct plan_source *s = &p->source[i];
        if (s->process == ARRIVE_CLOSED || !plan_chance(draws, 30))
            continue;
        s->burst_at = plan_below(draws, 20);
        s->burst_for = 1 + plan_below(draws, 10);
        s->burst_factor = plan_below(draws, 5);
        s->initial = s->process == ARRIVE_BATCH ? 0 : plan_below(draws, 20);
    }
}

/* Whether tasks come at one moment: then buffers become full in an order that clocks do not tell.
 */
static bool comes_together(const struct plan *p)
{
    bool together = p->ties;
    for (int i = 0; i < p->sources; i++)
        together |= p->source[i].process == ARRIVE_BATCH || p->source[i].initial > 1;
    return together;
}

void plan_trouble(struct plan *p, uint64_t seed)
{
    struct plan draws = {.state = seed * 0xbf58476d1ce4e5b9 + 7};
    struct plan bursts = {.state = seed * 0x9e3779b97f4a7c15 + 11};
    add_bursts(p, &bursts);
    if (plan_chance(&draws, 50))
        return;
    for (int i = 0; i < p->n; i++) {
        struct plan_stage *s = &p->stage[i];
        add_outages(p, &draws, s);
        if (s->pool >= 0 || s->machines >= 0 || !plan_chance(&draws, 35))
            continue;
        s->crash = law_of(p, &draws, 12);
        s->restart = law_of(p, &draws, 2);
        if (plan_chance(&draws, 15))
            s->restart.kind = LAW_NONE;
        s->health_check = plan_chance(&draws, 50) ? 0.5 * plan_below(&draws, 4) : 0;
        if (plan_chance(&draws, 50))
            add_keeps(p, &draws, i);
        if (p->bytes.kind && plan_chance(&draws, 60))
            s->memory = 25 + 5 * plan_below(&draws, 8);
        bool full = !comes_together(p) && s->capacity > 0 && s->door.max_bytes == 0 &&
                    s->consumers > 0 && plan_chance(&draws, 40);
        if (full)
            s->full_for = 1 + plan_below(&draws, 3);
    }
}

static void print_outages(FILE *out, const struct plan_stage *s)
{
    static const char *const effects[] = {"pause", "reject", "slow, speed: 50%"};
    fputs("    outages: [", out);
    for (int k = 0; k < s->outages; k++) {
        const struct plan_outage *o = &s->outage[k];
        fputs(k > 0 ? ", {" : "{", out);
        if (o->every.kind)
            plan_print_law(out, "every", o->every);
        else
            fprintf(out, "at: %gs", o->every.mean);
        plan_print_law(out, ", for", o->length);
        fprintf(out, ", effect: %s%s}", effects[o->effect], o->each ? ", each: yes" : "");
    }
    fputs("]\n", out);
}

void plan_print_trouble(FILE *out, const struct plan_stage *s)
{
    static const char *const keeps[] = {"nothing", "durable", "all"};
    if (s->outages)
        print_outages(out, s);
    if (!s->crash.kind)
        return;
    plan_print_law(out, "    crash: {every", s->crash);
    if (s->restart.kind)
        plan_print_law(out, ", restart", s->restart);
    if (s->memory > 0)
        fprintf(out, ", memory: %gB", s->memory);
    if (s->full_for > 0)
        fprintf(out, ", full_for: %ds", s->full_for);
    fprintf(out, ", keeps: %s}\n", keeps[s->keeps]);
    if (s->health_check > 0)
        fprintf(out, "    health_check: {interval: %gs}\n", s->health_check);
}

bool plan_simplify_trouble(struct plan_stage *s, int k)
{
    switch (k) {
    case 0:
        s->outages = s->outages > 0 ? s->outages - 1 : 0;
        return true;
    case 1:
        s->outage[0] = s->outage[1];
        s->outages = s->outages > 0 ? s->outages - 1 : 0;
        return true;
    case 2:
        for (int i = 0; i < s->outages; i++)
            s->outage[i].each = false;
        return true;
    case 3:
        for (int i = 0; i < s->outages; i++)
            s->outage[i].every.kind = LAW_NONE;
        return true;
    case 4:
        s->crash.kind = LAW_NONE;
        return true;
    case 5:
        s->restart.kind = LAW_NONE;
        return true;
    case 6:
        s->health_check = 0;
        return true;
    case 7:
        s->memory = 0;
        return true;
    case 8:
        s->full_for = 0;
        return true;
    case 9:
        s->keeps = 0;
        return true;
    default:
        return false;
    }
}
