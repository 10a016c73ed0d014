/* What random networks say of consumers beyond how many: drawn, printed, made simpler. */
#include <stdio.h>

#include "../sim/base/err.h"
#include "random_network.h"

/* Splitmix64 (Steele, Lea and Flood 2014), of numbers of its own. */
static uint64_t next(struct plan *p)
{
    uint64_t z = p->staff_state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static int below(struct plan *p, int n)
{
    return (int)(next(p) % (uint64_t)n);
}

static struct plan_law some_law(struct plan *p, double scale)
{
    double mean = scale * (1 + below(p, 4)) / 2;
    return (struct plan_law){p->ties && below(p, 10) > 0 ? LAW_FIXED : LAW_EXPONENTIAL, mean};
}

static void draw_pool(struct plan *p, struct plan_staff *s, struct plan_stage *stage)
{
    s->max = stage->consumers + 1 + below(p, 3);
    if (below(p, 6) == 0)
        stage->consumers = PLAN_ZERO;
    s->when_busy = below(p, 3) == 0;
    s->longest = below(p, 3) == 0;
    if (below(p, 2))
        s->start_delay = some_law(p, 1);
    if (below(p, 3))
        s->keep_alive = some_law(p, 2);
}

static void draw_other(struct plan *p, struct plan_staff *s, struct plan_stage *stage)
{
    int kind = below(p, 4);
    if (kind < 2 && stage->capacity == 0)
        stage->capacity = 1;
    if (kind == 0) {
        s->setup = some_law(p, 1);
        if (below(p, 2))
            s->keep_alive = some_law(p, 1);
    } else if (kind == 1) {
        s->vacation = some_law(p, 1);
    } else if (kind == 2) {
        s->scheduled = true;
        for (int i = 0; i < 3; i++)
            s->shifts[i] = below(p, 4);
        s->shifts[below(p, 3)] = 2;
    } else {
        s->life = some_law(p, 3);
        s->repair = some_law(p, 1);
        s->failed = below(p, 3);
        if (s->failed == 1 && s->life.kind == LAW_FIXED) /* some would begin anew for ever */
            s->failed = 0;
        s->serving = below(p, 3) == 0;
    }
}

static void draw_batch(struct plan *p, struct plan_staff *s, struct plan_stage *stage)
{
    s->batch = 1 + below(p, 4);
    if (below(p, 2)) {
        s->base = 0.25 * (1 + below(p, 2));
        s->each = 0.125 * below(p, 3);
        if (below(p, 2))
            p->prefill = some_law(p, 0.5);
        return;
    }
    if (below(p, 2))
        s->at_least = 1 + below(p, s->batch);
    if (below(p, 2))
        s->window = 0.375 * (1 + below(p, 4));
    if (stage->capacity >= 0 && stage->capacity < s->batch)
        stage->capacity = s->batch - 1 + (s->window > 0);
}

/* Consumers of its own, who take one task after the other. */
static bool may_change(const struct plan *p, int i, int disciplines)
{
    const struct plan_stage *s = &p->stage[i];
    bool may = p->bytes.kind == LAW_NONE && s->there && s->pool == PLAN_NOBODY &&
               s->consumers > 0 && s->discipline < disciplines;
    const int machine = s->machines >= 0 ? s->machines : i;
    may = may && !p->stage[machine].crash.kind;
    for (int k = 0; k < s->outages && may; k++)
        may = s->outage[k].effect == 1; /* rejects */
    for (int k = 0; k < p->n && may; k++)
        may = !p->stage[k].before && p->stage[k].pool != i;
    return may;
}

void plan_staffing(struct plan *p)
{
    p->staff_state = p->state;
    for (int i = 0; i < p->n; i++) {
        struct plan_stage *s = &p->stage[i];
        const bool own = s->pool == PLAN_NOBODY;
        if (own && below(p, 12) == 0)
            s->staff.error_rate = 10 * (1 + below(p, 3));
        if (may_change(p, i, 5) && below(p, 5) == 0) {
            s->resume_delay = 0;
            const int what = below(p, 5);
            if (what < 2)
                draw_pool(p, &s->staff, s);
            else if (what < 4)
                draw_other(p, &s->staff, s);
            else
                draw_batch(p, &s->staff, s);
        }
        /* Ties are a matter of rounding there. */
        bool plain = !p->ties && !s->staff.batch && (s->discipline == 5 || s->resume_delay == 0);
        if (((may_change(p, i, 6) && plain) || (s->staff.max > 0 && !p->ties)) &&
            below(p, 5) == 0) {
            s->staff.contention = 0.25 * (1 + below(p, 4));
            s->staff.coherency = below(p, 2) ? 0.125 : 0;
        }
    }
}

static void print_law(FILE *out, const char *key, struct plan_law law)
{
    if (law.kind == LAW_FIXED)
        fprintf(out, ", %s: %gs", key, law.mean);
    else if (law.kind == LAW_EXPONENTIAL)
        fprintf(out, ", %s: {distribution: exponential, mean: %gs}", key, law.mean);
}

void plan_print_staff(FILE *out, const struct plan_staff *s)
{
    if (s->max > 0)
        fprintf(out, ", max: %d, grow: %s%s", s->max, s->when_busy ? "when-busy" : "when-full",
                s->longest ? ", wakes: longest-idle" : "");
    print_law(out, "setup", s->setup);
    print_law(out, "vacation", s->vacation);
    if (s->scheduled)
        fprintf(out,
                ", schedule: [{until: 2s, count: %d}, {until: 4s, count: %d}, {until: 6.5s, count: "
                "%d}], repeat: yes",
                s->shifts[0], s->shifts[1], s->shifts[2]);
    if (s->life.kind) {
        fputs(", failures: {task: ", out);
        fputs(s->failed == 0 ? "resume" : s->failed == 1 ? "restart" : "lost", out);
        print_law(out, "time_to_failure", s->life);
        print_law(out, "repair_time", s->repair);
        fputs(s->serving ? ", when: serving}" : "}", out);
    }
    if (s->batch > 0)
        fprintf(out, ", batch: {max: %d", s->batch);
    if (s->at_least > 0)
        fprintf(out, ", at_least: %d", s->at_least);
    if (s->window > 0)
        fprintf(out, ", wait: %gs", s->window);
    if (s->batch > 0)
        fputs("}", out);
    if (s->base > 0)
        fprintf(out, ", step: {base: %gs, each: %gs}", s->base, s->each);
    print_law(out, "start_delay", s->start_delay);
    print_law(out, "keep_alive", s->keep_alive);
    if (s->error_rate > 0)
        fprintf(out, ", error_rate: %g%%", s->error_rate);
    if (s->contention > 0)
        fprintf(out, ", contention: %g", s->contention);
    if (s->coherency > 0)
        fprintf(out, ", coherency: %g", s->coherency);
}

bool plan_simplify_staff(struct plan_stage *stage, int k)
{
    struct plan_staff *s = &stage->staff;
    if (k == 0) {
        *s = (struct plan_staff){.max = 0};
        stage->consumers = stage->consumers == PLAN_ZERO ? 1 : stage->consumers;
    } else if (k == 1) {
        s->start_delay.kind = LAW_NONE;
    } else if (k == 2) {
        s->keep_alive.kind = LAW_NONE;
    } else if (k == 3) {
        s->contention = s->coherency = 0;
    } else if (k == 4) {
        s->error_rate = 0;
    } else if (k == 5) {
        s->longest = false;
    } else if (k == 6) {
        s->failed = 0;
    } else if (k == 7) {
        s->serving = false;
    } else if (k == 8) {
        s->window = 0;
    } else if (k == 9) {
        s->at_least = 0;
    }
    return k <= 9;
}
