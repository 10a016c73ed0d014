#include "rare.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../engine/stability.h"
#include "../result/crew.h"
#include "../scenario/discipline.h"
#include "../scenario/policy.h"
#include "../scenario/sweep.h"

const char *const rare_measures[] = {"loss", "latency", "wait", NULL};
const double rare_q[RARE_FIGURES] = {1e-2, 1e-3, 1e-4, 1e-5, 1e-6};
const char *const rare_quantiles[RARE_FIGURES] = {"p99", "p999", "p9999", "p99999", "p999999"};
const char *const rare_names[RARE_FIGURES] = {"p99", "p99.9", "p99.99", "p99.999", "p99.9999"};

static const struct arrival_process *process_of(const struct scenario *s)
{
    return (const struct arrival_process *)s->arrivals.process;
}

static bool heavy_sizes(const struct scenario *s)
{
    const struct law *law = scenario_size(s, 0);
    return law_model(law)->heavy && law_model(law)->heavy(law->params);
}

/* What plain simulation can do where this cannot. */
#define PLAINLY                                                                                    \
    "; `queuescope run` with run.precision simulates it plainly, which knows p99.9, and losses "   \
    "of "                                                                                          \
    "1e-4 or so, in reasonable time"

enum reason {
    REASON_NONE,
    REASON_NETWORK,
    REASON_DRIFT,
    REASON_CLASSES,
    REASON_ORDER,
    REASON_POLICY,
    REASON_TRACE,
    REASON_MOVING,
    REASON_NO_LIMIT,
    REASON_CONSUMERS,
    REASON_PLACES,
    REASON_UNSTABLE,
    REASON_HEAVY,
    REASON_CLOSED,
    REASON_PATIENCE
};

static const struct {
    const char *key, *why;
} reasons[] = {
    [REASON_NETWORK] = {"stages", "rare events are followed through one stage, and this is a "
                                  "network" PLAINLY},
    [REASON_DRIFT] = {"sweep.mode", "rare events are of a system at rest, and a drift never is; "
                                    "sweep.mode: independent has a column for each value"},
    [REASON_CLASSES] = {"tasks.classes",
                        "rare events are followed through one class of tasks; give tasks.size the "
                        "sizes of all classes together, if they are served alike" PLAINLY},
    [REASON_CLOSED] = {"arrivals.process",
                       "rare events are of traffic that comes whatever happens, and a closed "
                       "system's clients wait for their answer" PLAINLY},
    [REASON_PATIENCE] = {"tasks.timeout",
                         "rare events are followed through tasks that wait as long as it takes "
                         "(no tasks.timeout)" PLAINLY},
    [REASON_ORDER] = {"consumers.discipline",
                      "rare events are followed through a queue in order of arrival only "
                      "(consumers.discipline: fifo)" PLAINLY},
    [REASON_POLICY] = {"buffer.when_full",
                       "rare events are followed through a buffer that turns away who arrives "
                       "(buffer.when_full: reject, drop-newest), or has no limit" PLAINLY},
    [REASON_TRACE] = {"arrivals.process",
                      "a recorded trace is the same tasks each time: what is rarer than its length "
                      "is not in it; `queuescope fit` makes a scenario from a log"},
    [REASON_MOVING] = {"arrivals.process",
                       "rare events are of a system at rest, and these arrivals move with time; "
                       "take the rate of the busiest hour" PLAINLY},
    [REASON_NO_LIMIT] = {"buffer.capacity",
                         "a buffer without a limit loses nothing: ask for --measure latency or "
                         "wait, or give buffer.capacity"},
    [REASON_CONSUMERS] = {"consumers.count",
                          "rare events are followed with at most 4096 consumers" PLAINLY},
    [REASON_PLACES] = {"buffer.capacity",
                       "rare events are followed with at most 65536 waiting places, or no limit "
                       "(buffer.capacity)" PLAINLY},
    [REASON_UNSTABLE] = {"arrivals",
                         "the backlog grows without limit here, so that every latency comes to be "
                         "exceeded by all tasks; add consumers, lower the rate, bound the buffer, "
                         "or end the sweep before (`queuescope cliff` says where)"},
    [REASON_HEAVY] =
        {"tasks.size",
         "sizes whose tail is heavier than exponential go over all levels in one "
         "jump; such rare events are known for poisson arrivals to one consumer with "
         "an unbounded buffer only; bound the sizes (bounded-pareto, empirical)" PLAINLY},
};

static enum reason refused_for(const struct scenario *s, enum rare_measure measure)
{
    bool bounded = isfinite(s->stage.capacity);
    const struct policy *policy = (const struct policy *)s->stage.when_full;
    if (scenario_is_network(s))
        return REASON_NETWORK;
    if (sweep_drifts(s))
        return REASON_DRIFT;
    if (scenario_replays(s))
        return REASON_TRACE;
    if (process_is_closed(s))
        return REASON_CLOSED;
    if (scenario_impatient(s))
        return REASON_PATIENCE;
    if (!process_of(s)->stationary)
        return REASON_MOVING;
    if (scenario_classes(s) > 1)
        return REASON_CLASSES;
    if (!stage_discipline(&s->stage)->by_arrival)
        return REASON_ORDER;
    if (bounded && policy->verdict != VERDICT_LOSE_NEWEST)
        return REASON_POLICY;
    if (!bounded && measure == RARE_LOSS)
        return REASON_NO_LIMIT;
    if (s->stage.consumers > WALK_CONSUMERS)
        return REASON_CONSUMERS;
    if (bounded && s->stage.capacity > WALK_PLACES)
        return REASON_PLACES;
    if (stability_theory(s) != STABLE_YES)
        return REASON_UNSTABLE;
    bool single = process_of(s)->poisson && s->stage.consumers == 1 && !bounded;
    return heavy_sizes(s) && !single ? REASON_HEAVY : REASON_NONE;
}

const char *rare_refuses(const struct scenario *column, enum rare_measure measure, const char **key)
{
    enum reason reason = refused_for(column, measure);
    *key = reasons[reason].key;
    return reasons[reason].why;
}

enum rare_measure rare_usual(const struct scenario *s)
{
    return isfinite(s->stage.capacity) ? RARE_LOSS : RARE_LATENCY;
}

struct rare *rare_find(const struct rare_question *question)
{
    struct rare *rare = xcalloc(1, sizeof *rare);
    struct scenario *at = xmalloc(sizeof *at);
    rare->question = *question;
    rare->question.jobs = crew_size(question->jobs);
    rare->columns = sweep_columns(question->s);
    rare->column = xcalloc(rare->columns, sizeof *rare->column);
    for (uint32_t i = 0; i < rare->columns; i++)
        rare->column[i].value = sweep_value(question->s, i);
    for (uint32_t i = 0; i < rare->columns && !rare->interrupted; i++) {
        sweep_scenario(question->s, i, at);
        rare->interrupted = !rare_column_find(&rare->question, at, &rare->column[i]);
        rare->spent += rare->column[i].spent;
    }
    free(at);
    return rare;
}

void rare_free(struct rare *rare)
{
    if (!rare)
        return;
    for (size_t i = 0; i < rare->columns; i++)
        tail_free(&rare->column[i].tail);
    free(rare->column);
    free(rare);
}
