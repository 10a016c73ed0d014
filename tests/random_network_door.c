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
    for (int i = 0; i < p->n; i++) /* which of the places is free that withdrawn ones leave */
        if (p->stage[i].cancel > 0)
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

void plan_doors(struct plan *p, uint64_t seed)
{
    struct plan draws = {.state = seed * 0x9e3779b97f4a7c15 + 3};
    bound_by_bytes(p, &draws);
}

void plan_print_tasks(FILE *out, const struct plan *p)
{
    if (p->bytes.kind == LAW_FIXED)
        fprintf(out, "\n  bytes: %gB", p->bytes.mean);
    else if (p->bytes.kind)
        fprintf(out, "\n  bytes: {distribution: exponential, mean: %gB}", p->bytes.mean);
}

void plan_print_buffer(FILE *out, const struct plan_door *door)
{
    if (door->max_bytes > 0)
        fprintf(out, ", max_bytes: %dB", door->max_bytes);
}

bool plan_simplify_door(struct plan_door *door, int k)
{
    switch (k) {
    case 0:
        door->max_bytes = 0;
        return true;
    default:
        return false;
    }
}
