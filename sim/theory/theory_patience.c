/* What formulas know of tasks that lose patience. */
#include "../engine/stability.h"
#include "erlang.h"
#include "patience.h"
#include "system.h"

static void in_order(const struct system *y, const struct law *patience, struct theory *t)
{
    static const char source[] = "Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005",
                      palm[] = "Palm 1957; Garnett et al. 2002";
    const struct patient system = {y->lambda, 1 / y->mean, y->c, law_model(patience)->cdf,
                                   patience->params};
    struct service law;
    bool exponential = law_model(patience)->service &&
                       law_model(patience)->service(patience->params, &law) &&
                       law.kind == SERVICE_EXPONENTIAL;
    struct abandonment *a = abandonment_solve(&system);
    const char *from = exponential ? palm : source;
    t->model = exponential ? "M/M/c+M" : "M/M/c+G";
    add(t, THEORY_LOSS, NAN, abandonment_loss(a), from, false);
    add_delays(t, y, abandonment_waits(a), abandonment_wait(a), from, false);
    for (size_t i = 0; i < y->n_points; i++)
        add(t, THEORY_WAIT_QUANTILE, y->points[i], abandonment_wait_quantile(a, y->points[i]),
            source, false);
    abandonment_free(a);
}

/* Whether all tasks have the same law of patience. */
static bool one_patience(const struct system *y)
{
    return scenario_classes(y->s) <= 1;
}

void theory_of_impatient(const struct system *y, struct theory *t)
{
    const struct law *patience = scenario_timeout(y->s, 0);
    bool bounded = stability_turns_away(y->s);
    struct service law = {.kind = SERVICE_DETERMINISTIC};
    if (!y->process->poisson || !has(y, SERVICE_EXPONENTIAL)) {
        if (one_patience(y) && stability_conserves_work(y->s) && !y->discipline->before &&
            !y->discipline->shares && law_model(patience)->service &&
            law_model(patience)->service(patience->params, &law) &&
            law.kind == SERVICE_EXPONENTIAL && theory_of_chain(y, 1 / law.a, t))
            return;
        t->why = "of tasks that lose patience formulas know one class, with Poisson arrivals and "
                 "exponential sizes";
        return;
    }
    bool known =
        law_model(patience)->service && law_model(patience)->service(patience->params, &law);
    bool blind = (y->discipline->order == ORDER_BLIND || y->discipline->order == ORDER_PRIORITY) &&
                 !y->discipline->before && !y->discipline->shares;
    if (!stability_conserves_work(y->s)) {
        t->why = "no formula here knows a producer that takes its time to resume";
    } else if (!bounded && y->discipline->by_arrival && (known || !law_model(patience)->atoms)) {
        in_order(y, patience, t);
    } else if (known && law.kind == SERVICE_EXPONENTIAL && blind) {
        const struct mmc m = {y->lambda, 1 / y->mean, y->c};
        t->model = bounded ? "M/M/c/K+M" : "M/M/c+M";
        add(t, THEORY_LOSS, NAN, erlang_a_loss(&m, 1 / law.a, y->s->stage.capacity + y->c),
            "Palm 1957; Garnett et al. 2002", false);
    } else {
        t->why = "no formula here knows the losses of tasks with this patience, in this order or "
                 "from such a buffer";
    }
}
