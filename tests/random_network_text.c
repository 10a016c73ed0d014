#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../sim/base/err.h"
#include "random_network.h"

static const char *const disciplines[] = {"fifo",
                                          "lifo",
                                          "random",
                                          "shortest-job",
                                          "priority",
                                          "processor-sharing",
                                          "shortest-remaining",
                                          "priority-preemptive",
                                          "lifo-preemptive"};
static const char *const policies[] = {"reject", "drop-newest", "drop-oldest", "pause"};
static const char *const balancers[] = {"random",     "round-robin", "least-requests",
                                        "least-work", "first-idle",  "hash"};
static const char *const classes[] = {"gold", "silver", "bronze"};

void plan_print_law(FILE *out, const char *key, struct plan_law law)
{
    if (law.kind == LAW_CARRIED)
        fprintf(out, "%s: carried", key);
    else if (law.kind == LAW_FIXED)
        fprintf(out, "%s: %gs", key, law.mean);
    else
        fprintf(out, "%s: {distribution: exponential, mean: %gs}", key, law.mean);
}

static const char *name_of(const struct plan *p, int stage)
{
    return stage < 0 ? "exit" : p->stage[stage].name;
}

static void print_route(FILE *out, const struct plan *p, const struct plan_route *to)
{
    const char *between = "";
    if (to->way == TO_SHARES && to->n == 1 && to->leg[0].share >= 100) {
        fprintf(out, "to: %s", name_of(p, to->leg[0].stage));
        return;
    }
    fprintf(out, "to: %s", to->way == TO_ALL ? "{all: [" : to->way == TO_RULES ? "[" : "{");
    for (int i = 0; i < to->n; i++, between = ", ") {
        const struct plan_leg *leg = &to->leg[i];
        fputs(between, out);
        if (to->way == TO_SHARES)
            fprintf(out, "%s: %g%%", name_of(p, leg->stage), leg->share);
        else if (to->way == TO_ALL)
            fputs(name_of(p, leg->stage), out);
        else if (leg->class < 0)
            fprintf(out, "{stage: %s}", name_of(p, leg->stage));
        else
            fprintf(out, "{stage: %s, class: %s}", name_of(p, leg->stage), classes[leg->class]);
    }
    fputs(to->way == TO_ALL ? "]}" : to->way == TO_RULES ? "]" : "}", out);
}

static void print_call(FILE *out, const struct plan *p, const struct plan_call *call)
{
    if (call->count == 1 && call->share >= 100 && !call->ignore && !call->client.there) {
        fputs(p->stage[call->stage].name, out);
        return;
    }
    fprintf(out, "{stage: %s", p->stage[call->stage].name);
    if (call->share < 100)
        fprintf(out, ", share: %g%%", call->share);
    if (call->count > 1)
        fprintf(out, ", count: %d", call->count);
    plan_print_client(out, &call->client, ", ");
    fputs(call->ignore ? ", on_failure: ignore}" : "}", out);
}

static void print_calls(FILE *out, const struct plan *p, const struct plan_stage *s)
{
    fputs("    calls: [", out);
    for (int k = 0; k < s->steps; k++) {
        const struct plan_step *step = &s->step[k];
        if (k > 0)
            fputs(", ", out);
        if (step->any)
            fprintf(out, "{any: %d, of: ", step->any);
        if (step->any || step->n > 1)
            fputs("[", out);
        for (int i = 0; i < step->n; i++) {
            fputs(i > 0 ? ", " : "", out);
            print_call(out, p, &step->of[i]);
        }
        fputs(step->any ? "]}" : step->n > 1 ? "]" : "", out);
    }
    fputs("]\n", out);
}

static void print_stage(FILE *out, const struct plan *p, const struct plan_stage *s)
{
    fprintf(out, "  %s:\n", s->name);
    if (s->pool >= 0) {
        fprintf(out, "    consumers: %s\n", p->stage[s->pool].name);
    } else {
        const char *discipline = s->door.order == 1   ? "earliest-deadline"
                                 : s->door.order == 2 ? "adaptive-lifo, lifo_above: 2"
                                 : s->door.order == 3 ? "weighted"
                                                      : disciplines[s->discipline];
        if (s->staff.scheduled)
            fprintf(out, "    consumers: {discipline: %s", discipline);
        else
            fprintf(out, "    consumers: {count: %s%.0d, discipline: %s",
                    s->consumers == PLAN_ZERO ? "0"
                    : s->consumers            ? ""
                                              : "unlimited",
                    s->consumers > 0 ? s->consumers : 0, discipline);
        plan_print_staff(out, &s->staff);
        if (s->speed != 1)
            fprintf(out, ", speed: %g", s->speed);
        fputs(s->before ? ", blocks: before-service}\n" : "}\n", out);
    }
    if (s->pool >= 0 || s->priority > 0)
        fprintf(out, "    priority: %d\n    weight: %d\n", s->priority, 1 + s->priority);
    fprintf(out, "    buffer: {when_full: %s", policies[s->policy]);
    if (s->capacity >= 0)
        fprintf(out, ", capacity: %d", s->capacity);
    if (s->policy == 3 && s->resume_delay > 0)
        fprintf(out, ", resume_delay: %gs", s->resume_delay);
    plan_print_buffer(out, &s->door);
    if (s->durable)
        fputs(", durable: yes", out);
    fputs("}\n", out);
    plan_print_door(out, &s->door);
    if (s->by_class.kind) {
        plan_print_law(out, internf("    size: {%s", classes[0]), s->by_class);
        for (int c = 1; c < p->classes; c++)
            plan_print_law(out, internf(", %s", classes[c]),
                           s->size.kind == LAW_FIXED || s->size.kind == LAW_EXPONENTIAL
                               ? s->size
                               : s->by_class);
        fputs("}\n", out);
    } else if (s->size.kind) {
        plan_print_law(out, "    size", s->size);
        fputs("\n", out);
    }
    const struct plan_law laws[] = {s->timeout, s->delay};
    for (int i = 0; i < 2; i++)
        if (laws[i].kind) {
            plan_print_law(out, i == 0 ? "    timeout" : "    delay", laws[i]);
            fputs("\n", out);
        }
    if (s->reply)
        fputs("    reply: true\n", out);
    if (s->join)
        fprintf(out, s->join < 0 ? "    join: all\n" : "    join: %d\n", s->join);
    if (s->join > 0 && s->cancel)
        fprintf(out, "    cancel: %s\n", s->cancel == 1 ? "queued" : "running");
    if (s->machines >= 0)
        fprintf(out, "    replicas: %s\n", p->stage[s->machines].name);
    else if (s->unlike && s->replicas > 1)
        fprintf(out, "    replicas: [{count: %d}, {count: 1, consumers: {speed: 0.5}}]\n",
                s->replicas - 1);
    else if (s->replicas > 1 && s->pool < 0)
        fprintf(out, "    replicas: %d\n", s->replicas);
    if (s->replicas > 1) {
        const char *algorithm = s->balancer < 0 ? "all" : balancers[s->balancer];
        if (s->choices)
            fprintf(out, "    balancer: {algorithm: %s, choices: %d}\n", algorithm, s->choices);
        else
            fprintf(out, "    balancer: %s\n", algorithm);
    }
    plan_print_trouble(out, s);
    plan_print_again(out, p, s);
    if (s->steps)
        print_calls(out, p, s);
    if (s->to.n > 1 || (s->to.n == 1 && s->to.leg[0].stage >= 0)) {
        fputs("    ", out);
        print_route(out, p, &s->to);
        fputs("\n", out);
    }
}

static void print_source(FILE *out, const struct plan *p, const struct plan_source *s)
{
    fprintf(out, "  %s: {", s->name);
    switch (s->process) {
    case ARRIVE_POISSON:
        fprintf(out, "process: poisson, rate: %g/s", s->rate);
        break;
    case ARRIVE_REGULAR:
        fprintf(out, "process: renewal, interarrival: {distribution: deterministic, value: %gs}",
                0.5 * (s->clients % 4 + 1));
        break;
    case ARRIVE_BATCH:
        fprintf(out, "process: batch, rate: %g/s, batch: {distribution: geometric, mean: 3}",
                s->rate / 3);
        break;
    case ARRIVE_CLOSED:
        fprintf(out, "process: closed, clients: %d, think_time: ", s->clients);
        fprintf(out,
                p->ties ? "{distribution: deterministic, value: %gs}"
                        : "{distribution: exponential, mean: %gs}",
                0.5 * (s->clients % 3 + 1));
        break;
    }
    if (s->burst_for > 0)
        fprintf(out, ", trigger: {at: %gs, for: %gs, factor: %g}", s->burst_at, s->burst_for,
                s->burst_factor);
    if (s->initial > 0)
        fprintf(out, ", initial: %d", s->initial);
    if (s->class >= 0)
        fprintf(out, ", class: %s", classes[s->class]);
    fputs(", ", out);
    print_route(out, p, &s->to);
    fputs(s->client.there ? ", client: {" : "", out);
    plan_print_client(out, &s->client, "");
    fputs(s->client.there ? "}}\n" : "}\n", out);
}

char *plan_text(const struct plan *p)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = xstream(&text, &length);
    fputs("seed: 1\nsources:\n", out);
    for (int i = 0; i < p->sources; i++)
        print_source(out, p, &p->source[i]);
    plan_print_law(out, "tasks:\n  size", p->size);
    if (p->timeout.kind)
        plan_print_law(out, "\n  timeout", p->timeout);
    plan_print_tasks(out, p);
    bool even = false; /* several are shared evenly; and ties are a matter of rounding */
    for (int i = 0; i < p->n; i++)
        even |= p->stage[i].there && p->stage[i].discipline == 5 && p->stage[i].door.order == 0 &&
                (p->stage[i].consumers != 1 || p->ties);
    if (p->classes)
        fputs("\n  classes:", out);
    for (int c = 0; c < p->classes && c < PLAN_CLASSES; c++)
        fprintf(out, "\n    - {name: %s, share: %d%%, priority: %d, weight: %g}", classes[c],
                c + 1 < p->classes ? 30 : 100 - 30 * (p->classes - 1), c, even ? 1 : 0.5 + c);
    fputs("\nstages:\n", out);
    for (int i = 0; i < p->n; i++)
        if (p->stage[i].there)
            print_stage(out, p, &p->stage[i]);
    fputs("run: {tasks: 1k, replications: 1}\n", out);
    fclose(out);
    return text;
}
