/* What a finite Markov chain knows (finite.h): buffers that turn away who does not fit, and tasks
 * whose patience is exponential. */
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/policy.h"
#include "finite.h"
#include "system.h"

/* What is left out of a chain that has no end of its own. */
#define LEFT_OUT 1e-12

static bool arrivals_of(const struct system *y, struct finite_queue *q)
{
    struct modulation states;
    struct service gap;
    if (y->process->poisson)
        finite_poisson(q, y->lambda);
    else if (y->process->modulation) {
        y->process->modulation(&y->view, &states);
        if (states.n > FINITE_PHASES)
            return false;
        finite_modulated(q, states.n, states.rate, states.stay);
    } else {
        return theory_gaps(y, &gap) && finite_renewal(q, &gap);
    }
    return true;
}

static double fastest(const struct finite_queue *q)
{
    double most = 0;
    for (size_t i = 0; i < q->n; i++)
        most = fmax(most, q->arrive[i * q->n + i]);
    return most;
}

/* Without a buffer's end: as many as impatience lets be inside, and some more. */
static double room_of(const struct system *y, const struct finite_queue *q)
{
    double places = y->s->stage.capacity, mean = fastest(q) / q->theta;
    return y->c + (isfinite(places) ? places : ceil(mean + 12 * sqrt(mean) + 60));
}

static const char *name_of(const struct system *y, const struct finite_queue *q)
{
    const char *in = y->process->poisson ? "M" : y->process->modulation ? "MMPP" : "PH";
    const char *end = isfinite(y->s->stage.capacity) ? q->theta > 0 ? "/K+M" : "/K" : "+M";
    return internf("%s/%s/c%s", in, has(y, SERVICE_EXPONENTIAL) ? "M" : "PH", end);
}

static void add_quantiles(struct theory *t, const struct system *y, const struct finite_solution *f,
                          const char *source)
{
    for (size_t i = 0; i < y->n_points; i++) {
        add(t, THEORY_WAIT_QUANTILE, y->points[i], finite_queue_wait_quantile(f, y->points[i]),
            source, false);
        add(t, THEORY_LATENCY_QUANTILE, y->points[i],
            finite_queue_latency_quantile(f, y->points[i]), source, false);
    }
}

bool theory_of_chain(const struct system *y, double theta, struct theory *t)
{
    bool classic = y->process->poisson && has(y, SERVICE_EXPONENTIAL) && theta == 0;
    const char *source =
        classic ? "Erlang 1917; Gross et al. 2008, sec. 2.5" : "Grassmann, Taksar and Heyman 1985";
    const struct policy *policy = (const struct policy *)y->s->stage.when_full;
    bool newest = theta == 0 && policy->verdict == VERDICT_LOSE_NEWEST, done = false;
    struct finite_queue *q = xcalloc(1, sizeof *q);
    q->theta = theta;
    q->c = y->c;
    if (y->known && is_blind(y) && finite_service(q, &y->service) && arrivals_of(y, q)) {
        q->most = room_of(y, q);
        done = finite_cost(q) <= y->most_cost;
    }
    if (done) {
        struct finite_solution *f = finite_solve(q);
        done = isfinite(y->s->stage.capacity) || finite_blocked(f) < LEFT_OUT;
        if (done) {
            t->model = name_of(y, q);
            add(t, THEORY_LOSS, NAN, finite_loss(f), source, false);
        }
        if (done && newest)
            add_delays(t, y, finite_wait_probability(f), finite_wait(f), source, false);
        if (done && newest && has(y, SERVICE_EXPONENTIAL) && y->discipline->by_arrival)
            add_quantiles(t, y, f, source);
        finite_free(f);
    }
    free(q);
    return done;
}
