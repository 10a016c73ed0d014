/*
 * A scenario as formulas see it, and how a figure is added: for theory.c and what it is made of.
 */
#ifndef SYSTEM_H
#define SYSTEM_H

#include "../scenario/discipline.h"
#include "../scenario/process.h"
#include "service.h"
#include "theory.h"

struct system {
    const struct scenario *s;
    const struct arrival_process *process;
    const struct discipline *discipline;
    struct process_view view;
    double lambda, mean, second, c, rho;
    struct service service; /* of all tasks, in seconds at the consumers' speed */
    bool known;             /* service is filled in */
    bool by_wait;         /* quantiles of the wait are asked for, and known: in order of arrival */
    const double *points; /* of which quantiles are asked for */
    size_t n_points;
    double most_cost; /* of a finite chain (finite.h) */
};

static inline void add(struct theory *t, enum theory_measure measure, double p, double value,
                       const char *source, bool approximate)
{
    if (isnan(value) || t->n == THEORY_FIGURES)
        return;
    t->figure[t->n++] =
        (struct theory_figure){measure, THEORY_ALL, p, value, approximate, source, 0};
}

/* The three that always go together: the latency has the mean size on top of the wait. */
static inline void add_delays(struct theory *t, const struct system *y, double probability,
                              double wait, const char *source, bool approximate)
{
    add(t, THEORY_WAIT_PROBABILITY, NAN, probability, source, approximate);
    add(t, THEORY_WAIT_MEAN, NAN, wait, source, approximate);
    add(t, THEORY_LATENCY_MEAN, NAN, wait + y->mean, source, approximate);
}

/* Whether means depend on none of: sizes and classes, interruptions, sharing. */
static inline bool is_blind(const struct system *y)
{
    const struct discipline *d = y->discipline;
    bool one_class = d->order == ORDER_PRIORITY && scenario_classes(y->s) == 1;
    return one_class || (d->order == ORDER_BLIND && !d->before && !d->shares);
}

/* The law of independent gaps; false where formulas do not know it. */
bool theory_gaps(const struct system *y, struct service *out);

static inline bool has(const struct system *y, enum service_kind kind)
{
    return y->known && y->service.kind == kind;
}

/* theory_disciplines.c: an unbounded buffer whose discipline matters to means, because it looks at
 * sizes or classes, interrupts or shares. False: it does not. Else what is known is in `t`, or why
 * nothing is. */
bool theory_by_discipline(const struct system *y, struct theory *t);

/* theory_bounded.c: a buffer that turns away who does not fit. */
void theory_of_bounded(const struct system *y, struct theory *t);

/* theory_finite.c: a finite Markov chain with tasks that leave at `theta` per second each while
 * they wait (0: they do not). False: there is none, or it is too large. */
bool theory_of_chain(const struct system *y, double theta, struct theory *t);

/* theory_closed.c: a closed system that keeps consumers at work. */
void theory_of_clients(const struct system *y, struct theory *t);

/* theory_patience.c: tasks that lose patience, of a buffer that may turn away who does not fit. */
void theory_of_impatient(const struct system *y, struct theory *t);

#endif
