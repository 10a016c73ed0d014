/* What formulas know of buffers that turn away who does not fit. */
#include "../scenario/policy.h"
#include "bounded.h"
#include "erlang.h"
#include "system.h"

static bool loses_newest(const struct system *y)
{
    return ((const struct policy *)y->s->stage.when_full)->verdict == VERDICT_LOSE_NEWEST;
}

/* Losses, and, where it is the newcomer that is lost and order is blind to size, delays. */
static void add_bounded(struct theory *t, const struct system *y, const struct bounded *b,
                        const char *source)
{
    add(t, THEORY_LOSS, NAN, b->loss, source, false);
    if (loses_newest(y) && is_blind(y))
        add_delays(t, y, b->probability, b->wait, source, false);
}

static void erlang_loss(const struct system *y, struct theory *t)
{
    static const char source[] = "Erlang 1917, formula B";
    t->model = "M/G/c/c";
    add(t, THEORY_LOSS, NAN, erlang_b(y->c, y->lambda * y->mean), source, false);
    add(t, THEORY_LATENCY_MEAN, NAN, y->mean, source, false);
}

/* Poisson arrivals at M/M/c/K, or at any sizes that share the consumers. */
static void few_inside(const struct system *y, double most, struct theory *t)
{
    const struct mmc m = {y->lambda, 1 / y->mean, y->c};
    struct mmck k = mmck(&m, most);
    const struct bounded b = {k.loss, k.probability, k.wait};
    if (!y->discipline->shares && theory_of_chain(y, 0, t))
        return; /* with quantiles */
    t->model = y->discipline->shares ? "M/G/c/K, shared" : "M/M/c/K";
    add_bounded(t, y, &b,
                y->discipline->shares ? "Cohen 1979" : "Erlang 1917; Gross et al. 2008, sec. 2.5");
    if (y->discipline->shares && loses_newest(y))
        add(t, THEORY_LATENCY_MEAN, NAN, k.wait + y->mean, "Cohen 1979", false);
}

void theory_of_bounded(const struct system *y, struct theory *t)
{
    static const char embedded[] = "Gross et al. 2008, sec. 5.1";
    double places = y->s->stage.capacity, most = places + y->c;
    const struct discipline *d = y->discipline;
    bool poisson = y->process->poisson, random = has(y, SERVICE_EXPONENTIAL);
    bool small = y->known && y->c == 1 && most <= BOUNDED_MOST;
    struct service gap;
    struct bounded b;
    if (poisson && places == 0) {
        erlang_loss(y, t);
    } else if (d->order == ORDER_SHORTEST) {
        t->why = "no formula here knows losses where the sizes decide who is served";
    } else if (poisson && (random || (d->shares && loses_newest(y)))) {
        few_inside(y, most, t);
    } else if (poisson && small && is_blind(y)) {
        b = mg1k(&y->service, y->lambda, most);
        t->model = has(y, SERVICE_DETERMINISTIC) ? "M/D/1/K" : "M/G/1/K";
        add_bounded(t, y, &b, embedded);
    } else if (small && random && !d->shares && theory_gaps(y, &gap)) {
        b = gim1k(&gap, 1 / y->mean, most);
        t->model = "GI/M/1/K";
        add_bounded(t, y, &b, "Gross et al. 2008, sec. 5.3");
    } else if (!d->before && !d->shares && theory_of_chain(y, 0, t)) {
        return;
    } else {
        t->why = poisson ? "no formula here knows the losses of a finite buffer with sizes of this "
                           "law, taken in this order"
                         : "no formula here knows losses of these arrivals";
    }
}
