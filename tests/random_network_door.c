/* What stands before the stages of a random network, drawn after all else. */
#include "random_network.h"

/* Neither interrupts nor shares. */
static bool goes_task_by_task(const struct plan *p, const struct plan_stage *s)
{
    const struct plan_stage *owner = s->pool >= 0 ? &p->stage[s->pool] : s;
    return owner->discipline < 5 && owner->consumers > 0;
}

static bool in_pool(const struct plan *p, int i)
{
    for (int k = 0; k < p->n; k++)
        if (p->stage[k].there && p->stage[k].pool == i)
            return true;
    return p->stage[i].pool >= 0;
}

static void bound_by_bytes(struct plan *p, struct plan *draws)
{
    if (!plan_chance(draws, 30))
        return;
    p->bytes = (struct plan_law){plan_chance(draws, 50) ? LAW_FIXED : LAW_EXPONENTIAL, 10};
    for (int i = 0; i < p->n; i++) {
        struct plan_stage *s = &p->stage[i];
        if (!plan_chance(draws, 40) || !goes_task_by_task(p, s) || in_pool(p, i))
            continue;
        s->door.max_bytes = 10 + plan_below(draws, 30);
        if (s->capacity < 0 && s->policy == 3) /* now it would block those before it */
            s->policy = 2;
    }
}

static bool has_joins(const struct plan *p)
{
    for (int i = 0; i < p->n; i++)
        if (p->stage[i].join)
            return true;
    return false;
}

static void mark(struct plan *p, struct plan *draws, int i, bool *ignored)
{
    struct plan_door *door = &p->stage[i].door;
    bool closed = false;
    for (int k = 0; k < p->sources; k++)
        closed |= p->source[k].process == ARRIVE_CLOSED ||
                  (p->source[k].process == ARRIVE_BATCH && has_joins(p));
    door->low = plan_below(draws, 3);
    door->high = door->low + 1 + plan_below(draws, 3);
    door->late = plan_chance(draws, 40);
    door->ignores = !closed && !*ignored && plan_chance(draws, 40);
    *ignored |= door->ignores;
}

static void guard(struct plan *p, struct plan *draws, int i, bool *ignored)
{
    struct plan_stage *s = &p->stage[i];
    struct plan_door *door = &s->door;
    const bool pauses = s->policy == 3 && (s->capacity >= 0 || door->max_bytes > 0);
    const bool single = goes_task_by_task(p, s) && !in_pool(p, i);
    const bool limited = s->pool >= 0 ? p->stage[s->pool].consumers > 0 : s->consumers > 0;
    door->max_paused = pauses && plan_chance(draws, 30) ? plan_below(draws, 3) : -1;
    if (plan_chance(draws, 15)) {
        door->rate = 0.5 * (1 + plan_below(draws, 4));
        door->burst = 1 + plan_below(draws, 3);
        door->per = plan_below(draws, 3);
        door->delays = plan_chance(draws, 60) && s->balancer >= 0;
    }
    if (plan_chance(draws, 15) && !pauses)
        door->limit = 1 + plan_below(draws, 4);
    if (plan_chance(draws, 15) && limited)
        door->drop = single && s->capacity != 0 && plan_chance(draws, 60) ? 1 : 2;
    if (plan_chance(draws, 12) && limited)
        mark(p, draws, i, ignored);
    if (plan_chance(draws, 15) && single)
        door->order = 1 + plan_below(draws, 2);
}

void plan_doors(struct plan *p, uint64_t seed)
{
    struct plan draws = {.state = seed * 0x9e3779b97f4a7c15 + 3};
    bool ignored = false, patient = p->timeout.kind == LAW_NONE;
    bound_by_bytes(p, &draws);
    for (int i = 0; i < p->n; i++)
        p->stage[i].door.max_paused = -1;
    for (int i = 0; i < p->n && plan_chance(&draws, 70); i++)
        guard(p, &draws, i, &ignored);
    for (int i = 0; i < p->n; i++)
        patient &= p->stage[i].timeout.kind == LAW_NONE;
    for (int i = 0; i < p->n && patient; i++)
        p->stage[i].door.order -= p->stage[i].door.order == 1;
    for (int i = 0; i < p->n; i++)
        if (goes_task_by_task(p, &p->stage[i]) && p->stage[i].pool < 0 &&
            plan_chance(&draws, in_pool(p, i) ? 40 : 8))
            p->stage[i].door.order = 3;
}

/* Keys, and what goes by them. */
void plan_keys(struct plan *p, uint64_t seed)
{
    struct plan draws = {.state = seed * 0x94d049bb133111eb + 5};
    if (!plan_chance(&draws, 30))
        return;
    p->keys = 1 + plan_below(&draws, 9);
    p->zipf = plan_chance(&draws, 50);
    for (int i = 0; i < p->n; i++) {
        struct plan_stage *s = &p->stage[i];
        if (plan_chance(&draws, 50) && s->replicas > 1 && s->balancer >= 0 && s->pool < 0 &&
            s->machines < 0) {
            s->balancer = PLAN_HASH;
            s->choices = 0;
        }
        if (plan_chance(&draws, 50) && s->door.rate > 0)
            s->door.per = 3;
    }
}

void plan_print_tasks(FILE *out, const struct plan *p)
{
    bool steps = false;
    for (int i = 0; i < p->n; i++)
        steps |= p->stage[i].there && p->stage[i].staff.base > 0;
    if (p->prefill.kind && steps)
        fprintf(out, "\n  prefill: {distribution: %s: %gs}",
                p->prefill.kind == LAW_FIXED ? "deterministic, value" : "exponential, mean",
                p->prefill.mean);
    if (p->bytes.kind == LAW_FIXED)
        fprintf(out, "\n  bytes: %gB", p->bytes.mean);
    else if (p->bytes.kind)
        fprintf(out, "\n  bytes: {distribution: exponential, mean: %gB}", p->bytes.mean);
    if (p->keys > 0)
        fprintf(out, "\n  key: {distribution: %s, of: %d}",
                p->zipf ? "zipf, exponent: 1.5" : "uniform", p->keys);
}

void plan_print_buffer(FILE *out, const struct plan_door *door)
{
    if (door->max_bytes > 0)
        fprintf(out, ", max_bytes: %dB", door->max_bytes);
    if (door->max_paused >= 0)
        fprintf(out, ", max_paused: %d", door->max_paused);
    if (door->high > 0)
        fprintf(out, ", high_water: %d, low_water: %d%s%s", door->high, door->low,
                door->ignores ? ", ignore: 40%" : "", door->late ? ", signal_delay: 500ms" : "");
    if (door->drop == 1)
        fputs(", drop: {algorithm: codel, target: 500ms, interval: 1s}", out);
    if (door->drop == 2)
        fputs(", drop: {algorithm: red, from: 0, to: 3, most: 60%}", out);
}

void plan_print_door(FILE *out, const struct plan_door *door)
{
    static const char *const pers[] = {"", ", per: source", ", per: class", ", per: key"};
    static const char *const limits[] = {
        "", "fixed, limit: 2", "aimd, initial: 3, min: 1, max: 5, timeout: 2s",
        "gradient, initial: 3, min: 1, max: 6, long_window: 20, queue_size: 1",
        "vegas, initial: 3, max: 6, probe_multiplier: 2"};
    if (door->rate > 0)
        fprintf(out, "    throttle: {rate: %g/s, burst: %d%s, when_empty: %s}\n", door->rate,
                door->burst, pers[door->per], door->delays ? "delay" : "reject");
    if (door->limit > 0)
        fprintf(out, "    limit: {algorithm: %s}\n", limits[door->limit]);
}

bool plan_simplify_door(struct plan_door *door, int k)
{
    switch (k) {
    case 0:
        door->max_bytes = 0;
        return true;
    case 1:
        door->max_paused = -1;
        return true;
    case 2:
        door->high = 0;
        return true;
    case 3:
        door->ignores = false;
        return true;
    case 4:
        door->late = false;
        return true;
    case 5:
        door->drop = 0;
        return true;
    case 6:
        door->rate = 0;
        return true;
    case 7:
        door->per = 0;
        return true;
    case 8:
        door->limit = 0;
        return true;
    case 9:
        door->order = 0;
        return true;
    default:
        return false;
    }
}
