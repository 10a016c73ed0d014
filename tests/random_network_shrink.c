/* Smaller networks that still fail: one thing after another is dropped, and stays dropped if what
 * is left fails as before. */
#include <stdlib.h>
#include <string.h>

#include "random_network.h"

/* Whatever would go to a stage goes to where it hands on, or leaves. */
static void forget_stage(struct plan *p, int gone)
{
    const struct plan_route *to = &p->stage[gone].to;
    int instead = to->n > 0 ? to->leg[0].stage : PLAN_EXIT;
    instead = instead == gone ? PLAN_EXIT : instead;
    for (int i = 0; i < p->n + p->sources; i++) {
        struct plan_route *r = i < p->n ? &p->stage[i].to : &p->source[i - p->n].to;
        for (int k = 0; k < r->n; k++)
            if (r->leg[k].stage == gone)
                r->leg[k].stage = instead;
    }
    for (int i = 0; i < p->n; i++) {
        struct plan_stage *s = &p->stage[i];
        for (int k = 0; k < s->steps; k++)
            for (int j = 0; j < s->step[k].n; j++)
                if (s->step[k].of[j].stage == gone) {
                    s->step[k].of[j] = s->step[k].of[--s->step[k].n];
                    j--;
                }
        int steps = 0;
        for (int k = 0; k < s->steps; k++)
            if (s->step[k].n > 0)
                s->step[steps++] = s->step[k];
        s->steps = steps;
        s->pool = s->pool == gone ? PLAN_NOBODY : s->pool;
        s->machines = s->machines == gone ? PLAN_NOBODY : s->machines;
        s->letter = s->letter == gone ? PLAN_NOBODY : s->letter;
    }
    p->stage[gone].there = false;
    p->stage[gone].to.n = 0;
    p->stage[gone].steps = 0;
}

/* Change number `k` of what a stage is by itself; false: there are no more. */
static bool simplify_itself(struct plan_stage *s, int k)
{
    switch (k) {
    case 0:
        s->discipline = 0;
        return true;
    case 1:
        s->capacity = -1;
        return true;
    case 2:
        s->resume_delay = 0;
        return true;
    case 3:
        s->before = false;
        return true;
    case 4:
        s->replicas = 1, s->unlike = s->choices = 0;
        return true;
    case 5:
        s->unlike = s->choices = 0;
        return true;
    case 6:
        s->balancer = s->balancer > 0 ? 0 : s->balancer;
        return true;
    case 7:
        s->pool = PLAN_NOBODY;
        return true;
    case 8:
        s->machines = PLAN_NOBODY;
        return true;
    case 9:
        s->consumers = s->consumers == PLAN_ZERO ? PLAN_ZERO : 1, s->speed = 1;
        return true;
    case 10:
        s->by_class.kind = LAW_NONE;
        s->size = (struct plan_law){LAW_FIXED, 1};
        return true;
    case 11:
        s->join = s->join ? -1 : 0;
        return true;
    case 12:
        s->cancel = 0;
        return true;
    case 13:
        s->reply = false, s->priority = 0;
        return true;
    case 14:
        s->name = strcmp(s->name, "main") == 0 ? "api" : s->name;
        return true;
    default:
        return plan_simplify_staff(s, k - 19);
    }
}

/* The same of where it hands on, whom it calls, and what it is. */
static bool simplify_stage(struct plan *p, int stage, int k)
{
    struct plan_stage *s = &p->stage[stage];
    switch (k) {
    case 0:
        forget_stage(p, stage);
        return true;
    case 1:
        s->to.n = s->to.n > 1 ? s->to.n - 1 : s->to.n;
        return true;
    case 2:
        if (s->to.n > 1)
            s->to.leg[0] = s->to.leg[--s->to.n];
        return true;
    case 3:
        s->to.n = s->to.way == TO_ALL ? s->to.n : 0;
        return true;
    case 4:
        s->steps = s->steps > 0 ? s->steps - 1 : 0;
        return true;
    case 5:
        for (int i = 0; i < s->steps; i++)
            s->step[i].n = 1, s->step[i].any = 0;
        return true;
    case 6:
        for (int i = 0; i < s->steps; i++)
            for (int j = 0; j < s->step[i].n; j++)
                s->step[i].of[j].count = 1, s->step[i].of[j].share = 100,
                s->step[i].of[j].ignore = false;
        return true;
    case 7:
        s->delay.kind = LAW_NONE;
        return true;
    case 8:
        s->timeout.kind = LAW_NONE;
        return true;
    default:
        return simplify_itself(s, k - 9) || plan_simplify_trouble(s, k - 24) ||
               plan_simplify_door(&s->door, k - 34) || plan_simplify_again(s, k - 44);
    }
}

/* The same of the plan as a whole and its sources. */
static bool simplify_rest(struct plan *p, int k)
{
    if (k == 0)
        p->sources = 1;
    else if (k == 1)
        p->source[0] = p->source[p->sources - 1], p->sources = 1;
    else if (k == 2)
        p->timeout.kind = LAW_NONE;
    else if (k == 3)
        p->size = (struct plan_law){LAW_FIXED, 1};
    else if (k == 4)
        p->source[0].name = "main";
    else if (k == 5)
        for (int i = 0; i < p->sources; i++)
            p->source[i].class = PLAN_NOBODY, p->source[i].to.n = 1,
            p->source[i].to.leg[0].share = 100;
    else if (k == 6)
        p->requests = p->requests / 2;
    else if (k == 7)
        p->requests = p->requests * 3 / 4;
    else if (k == 8)
        p->requests--;
    else if (k == 9)
        p->source[0].process = ARRIVE_REGULAR;
    else if (k == 10)
        for (int i = 0; i < p->sources; i++)
            p->source[i].clients = p->source[i].clients > 1 ? p->source[i].clients / 2 : 1;
    else if (k == 11)
        p->classes = 0;
    else if (k == 12)
        p->bytes = p->bytes.kind ? (struct plan_law){LAW_FIXED, 10} : p->bytes;
    else if (k == 13)
        for (int i = 0; i < p->sources; i++)
            p->source[i].burst_for = p->source[i].initial = 0;
    else
        return plan_simplify_clients(p, k - 14);
    return true;
}

static bool same(const struct plan *a, const struct plan *b)
{
    char *x = plan_text(a), *y = plan_text(b);
    bool equal = a->requests == b->requests && strcmp(x, y) == 0;
    free(x);
    free(y);
    return equal;
}

struct plan plan_shrink(struct plan plan, bool (*fails)(const struct plan *plan, void *context),
                        void *context)
{
    for (bool again = true; again;) {
        again = false;
        for (int stage = -1; stage < plan.n; stage++)
            for (int k = 0;; k++) {
                struct plan smaller = plan;
                if (stage >= 0 && !plan.stage[stage].there)
                    break;
                if (!(stage < 0 ? simplify_rest(&smaller, k) : simplify_stage(&smaller, stage, k)))
                    break;
                if (smaller.requests > 0 && !same(&smaller, &plan) && fails(&smaller, context)) {
                    plan = smaller;
                    again = true;
                }
            }
    }
    return plan;
}
