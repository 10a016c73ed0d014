/* What the lanes engine can run, and which engine a scenario gets. */
#include <stdlib.h>

#include "../base/err.h"
#include "../engine/periods.h"
#include "../scenario/discipline.h"
#include "../scenario/policy.h"
#include "lanes.h"

/* Consumers: at most; at most where each task is put into its place by itself, or the ring may be
 * too short for what is in service; and how many make the events engine faster than lanes of less
 * than FEW_TRIALS. */
enum { MOST_CONSUMERS = 4096, MANY_CONSUMERS = 512, CONSUMERS_OF_FEW = 1024, FEW_TRIALS = 4 };
enum { MOST_PLACES = 1024 };
/* What its columns ask of an engine. */
struct demands {
    double consumers; /* the most */
    double places;    /* the most of a bounded buffer; -1: all are unbounded */
    bool removes;     /* some full buffer does something else than lose who arrives */
};

static struct demands demands_of(const struct scenario *s)
{
    struct demands demands = {.places = -1};
    struct scenario *at = xmalloc(sizeof *at);
    for (uint32_t column = 0; column < sweep_columns(s); column++) {
        sweep_scenario(s, column, at);
        demands.consumers = fmax(demands.consumers, at->stage.consumers);
        if (isinf(at->stage.capacity))
            continue;
        demands.places = fmax(demands.places, at->stage.capacity);
        enum verdict verdict = ((const struct policy *)at->stage.when_full)->verdict;
        demands.removes = demands.removes || verdict != VERDICT_LOSE_NEWEST;
    }
    free(at);
    return demands;
}

const char *lanes_refuses(const struct scenario *s)
{
    if (scenario_is_network(s))
        return "the lanes engine has one stage, and this is a network";
    if (scenario_records_queue(s))
        return "the lanes engine goes from arrival to arrival and does not follow the number "
               "waiting (picture.measure: queue); 'events' records it";
    if (!isnan(s->run.windows))
        return "the lanes engine has several tasks under way at different times and does not go by "
               "the clock (run.windows); 'events' does";
    if (process_is_closed(s))
        return "the lanes engine goes from arrival to arrival, and the next one of a closed system "
               "(arrivals.process) is known only when tasks have left: 'events' waits for that";
    bool by_time = !isnan(s->run.duration) || periods_matter(s) ||
                   (enum amount_kind)s->run.warmup.kind == AMOUNT_DURATION;
    if (scenario_impatient(s) && by_time)
        return "the lanes engine measures tasks that lose patience (tasks.timeout) by their number "
               "only (run.tasks, and run.warmup likewise); 'events' by time, too";
    bool censored = isnan(s->run.duration) && (enum at_end)s->run.at_end == END_CENSOR;
    if (scenario_classes(s) > 1 &&
        (sweep_drifts(s) || scenario_replays(s) || scenario_impatient(s) || censored))
        return "the lanes engine has several classes of tasks (tasks.classes) at rest, drawn, "
               "patient and followed to their end only (sweep.mode, arrivals.process, "
               "tasks.timeout, run.at_end); 'events' has them everywhere";
    if (!stage_discipline(&s->stage)->by_arrival)
        return "the lanes engine serves in order of arrival only (consumers.discipline); 'events' "
               "has them all";
    struct demands demands = demands_of(s);
    if (scenario_impatient(s) && demands.places >= 0)
        return "in the lanes engine tasks lose patience (tasks.timeout) in an unbounded buffer "
               "only "
               "(buffer.capacity); in 'events' in any";
    if (demands.removes)
        return "the lanes engine can only lose the task that arrives where a buffer is full "
               "(buffer.when_full: reject, drop-newest); 'events' can do more";
    if (demands.places > MOST_PLACES)
        return "the lanes engine has at most 1024 waiting places (buffer.capacity), or no limit; "
               "'events' has more";
    if (demands.consumers > MOST_CONSUMERS)
        return "the lanes engine has at most 4096 consumers; 'events' has more";
    bool held = !by_time && (enum at_end)s->run.at_end == END_CENSOR;
    bool lost = scenario_impatient(s) || demands.places >= 0;
    if (demands.consumers > MANY_CONSUMERS && (lost || held || sweep_drifts(s)))
        return "the lanes engine has more than 512 consumers only at rest, with an unbounded "
               "buffer and patient tasks, that are followed until they have left (run.at_end: "
               "complete) "
               "or measured by time (run.duration); 'events' has them in any case";
    return NULL;
}

/* Whether there are too few trials to fill a vector, with as many consumers as that takes. */
static bool too_few_for(const struct scenario *s)
{
    double columns = sweep_drifts(s) ? 1 : sweep_columns(s);
    return s->run.replications * columns < FEW_TRIALS && demands_of(s).consumers > CONSUMERS_OF_FEW;
}

const struct engine *engine_by_events(const struct scenario *s)
{
    return scenario_is_network(s) ? &networks_engine : &events_engine;
}

const struct engine *engine_by_lanes(const struct scenario *s)
{
    return scenario_is_network(s) ? &chains_engine : &lanes_engine;
}

const struct engine *engine_for(const struct scenario *s)
{
    const struct engine *lanes = engine_by_lanes(s);
    bool few = !scenario_is_network(s) && too_few_for(s);
    return lanes->refuses(s) || few ? engine_by_events(s) : lanes;
}
