/* What is known of the arrivals of a scenario: of its one source, or of several together. */
#include "process.h"

#include <stdlib.h>

#include "../base/err.h"
#include "stages.h"

/* Sources are asked one by one: of a network, one after the other in a scenario of its own, since a
 * process looks at its parameters there. */
struct asked {
    const struct scenario *s;
    struct scenario *own; /* NULL: `s` has one */
    const struct arrival_process *process;
    struct process_view view;
    size_t at, n;
};

static struct asked ask(const struct scenario *s)
{
    struct asked a = {.n = s->sources_count > 0 ? (size_t)s->sources_count : 1};
    if (s->sources_count > 0)
        a.own = xmalloc(sizeof *a.own);
    return a;
}

/* The next of them; false, and all freed, when there are no more. */
static bool next(struct asked *a, const struct scenario *s)
{
    if (a->at == a->n) {
        free(a->own);
        return false;
    }
    a->s = s;
    if (a->own) {
        source_alone(s, a->at, a->own);
        a->s = a->own;
    }
    a->at++;
    a->process = (const struct arrival_process *)a->s->arrivals.process;
    a->view = (struct process_view){.params = a->s->arrivals.params, .rate = NAN};
    return true;
}

bool process_is_closed(const struct scenario *s)
{
    bool all = true;
    for (struct asked a = ask(s); next(&a, s);)
        all = all && a.process->clients;
    return all;
}

bool process_is_stationary(const struct scenario *s)
{
    bool all = true;
    for (struct asked a = ask(s); next(&a, s);)
        all = all && a.process->stationary;
    return all;
}

static double period_of(const struct asked *a)
{
    return a->process->period ? a->process->period(&a->view) : NAN;
}

double process_period(const struct scenario *s)
{
    double period = NAN;
    bool same = true;
    for (struct asked a = ask(s); next(&a, s);) {
        double own = period_of(&a);
        same = same && (isnan(own) || isnan(period) || own == period);
        period = isnan(own) ? period : own;
    }
    return same ? period : NAN;
}

bool process_recurs(const struct scenario *s)
{
    bool all = true;
    for (struct asked a = ask(s); next(&a, s);)
        all = all && (a.process->stationary || !isnan(period_of(&a)));
    return all;
}

double process_lasting(const struct scenario *s)
{
    double sum = 0;
    for (struct asked a = ask(s); next(&a, s);)
        sum += a.process->lasting ? a.process->lasting(&a.view) : NAN;
    return sum;
}

double process_clients(const struct scenario *s)
{
    double sum = 0;
    for (struct asked a = ask(s); next(&a, s);)
        sum += a.process->clients ? a.process->clients(&a.view) : 0;
    return sum;
}

double process_think(const struct scenario *s)
{
    double sum = 0, clients = 0;
    for (struct asked a = ask(s); next(&a, s);) {
        if (!a.process->clients)
            continue;
        double own = a.process->clients(&a.view);
        sum += own * law_mean(a.process->think(&a.view));
        clients += own;
    }
    return sum / clients;
}

double process_shortest(const struct scenario *s)
{
    double shortest = INFINITY;
    for (struct asked a = ask(s); next(&a, s);)
        shortest = fmin(shortest, a.process->shortest ? a.process->shortest(&a.view) : INFINITY);
    return shortest;
}

unsigned process_brings(const struct scenario *s)
{
    unsigned all = ~0u;
    for (struct asked a = ask(s); next(&a, s);)
        all &= a.process && a.process->brings ? a.process->brings(a.s) : 0;
    return all;
}

bool scenario_replays(const struct scenario *s)
{
    bool any = false;
    for (struct asked a = ask(s); next(&a, s);)
        any = any || (a.process && a.process->length);
    return any;
}

bool scenario_brings_sizes(const struct scenario *s)
{
    return process_brings(s) & BRINGS_SIZES;
}

bool scenario_repeats(const struct scenario *s)
{
    unsigned all = BRINGS_SIZES | BRINGS_ORDER;
    return (process_brings(s) & all) == all;
}

/* All tasks of all logs; of a source that is none there is no end. */
static double length_of(const struct scenario *s)
{
    double sum = 0;
    for (struct asked a = ask(s); next(&a, s);)
        sum += a.process->length ? a.process->length(a.s) : INFINITY;
    return sum;
}

double scenario_tasks(const struct scenario *s, bool *whole_log)
{
    *whole_log = false;
    if (scenario_replays(s)) {
        struct scenario *defaults = xmalloc(sizeof *defaults);
        param_defaults(defaults);
        *whole_log = defaults->run.tasks == s->run.tasks && isfinite(length_of(s));
        free(defaults);
    }
    return *whole_log ? length_of(s) : s->run.tasks;
}

const char *scenario_remark(const struct scenario *s)
{
    const char *first = NULL;
    for (struct asked a = ask(s); next(&a, s);)
        if (!first && a.process->remark)
            first = a.process->remark(a.s);
    return first;
}
