#include <assert.h>
#include <stdlib.h>

#include "process.h"
#include "stages.h"

static const struct arrival_process *process_of(const struct scenario *s)
{
    return (const struct arrival_process *)s->arrivals.process;
}

static unsigned brings(const struct scenario *s)
{
    return process_brings(s);
}

bool scenario_seeks_precision(const struct scenario *s)
{
    return !isnan(s->run.precision.measure);
}

const struct law *scenario_size(const struct scenario *s, int class)
{
    bool own = class < (int)s->classes_count && s->classes[class].size.model;
    return own ? &s->classes[class].size : &s->size;
}

const struct law *scenario_timeout(const struct scenario *s, int class)
{
    bool own = class < (int)s->classes_count && s->classes[class].timeout.model;
    const struct law *law = own ? &s->classes[class].timeout : &s->timeout;
    return law->model ? law : NULL;
}

bool scenario_impatient(const struct scenario *s)
{
    for (int i = 0; i < scenario_classes(s); i++)
        if (scenario_timeout(s, i))
            return true;
    return false;
}

bool scenario_all_impatient(const struct scenario *s)
{
    for (int i = 0; i < scenario_classes(s); i++)
        if (scenario_share(s, i) > 0 && !scenario_timeout(s, i))
            return false;
    return true;
}

double scenario_share(const struct scenario *s, int class)
{
    if (s->classes_count < 1)
        return scenario_classes(s) == 1;
    if (class >= (int)s->classes_count)
        return 0;
    double sum = 0;
    for (int i = 0; i < (int)s->classes_count; i++)
        sum += s->classes[i].share;
    return s->classes[class].share / sum;
}

/* The mean over tasks of a moment of their laws. */
static double over_classes(const struct scenario *s, double (*moment)(const struct law *law))
{
    unsigned brought = brings(s);
    if (brought & BRINGS_SIZES || (brought & BRINGS_CLASSES && scenario_classes(s) > 1))
        return NAN;
    double sum = 0;
    for (int i = 0; i < scenario_classes(s); i++) {
        const struct law *law = scenario_size(s, i);
        double share = scenario_share(s, i);
        if (!law->model)
            return NAN;
        if (share > 0)
            sum += share * moment(law);
    }
    return sum;
}

static double law_second(const struct law *law)
{
    return law_model(law)->second(law->params);
}

double scenario_mean_size(const struct scenario *s)
{
    return over_classes(s, law_mean);
}

double scenario_second_size(const struct scenario *s)
{
    return over_classes(s, law_second);
}

/* Tasks per second where events come at `rate` per second. */
static double task_rate_at(const struct scenario *s, double rate)
{
    struct process_view view = {.params = s->arrivals.params, .rate = rate};
    return process_of(s)->task_rate(&view);
}

double scenario_event_rate(const struct scenario *s)
{
    const struct arrivals *a = &s->arrivals;
    if (!isnan(a->rate_per_consumer))
        return a->rate_per_consumer * s->stage.consumers;
    if (isnan(a->utilization))
        return a->rate;
    double tasks = a->utilization * s->stage.consumers * s->stage.speed / scenario_mean_size(s);
    double tasks_per_event = task_rate_at(s, 1);
    return tasks / tasks_per_event;
}

/* Tasks of all sources; NAN where one cannot be known. */
static double rate_of_sources(const struct scenario *s)
{
    double sum = 0;
    for (size_t i = 0; i < (size_t)s->sources_count; i++) {
        const struct arrivals a = source_arrivals(s, i);
        const struct arrival_process *process = (const struct arrival_process *)a.process;
        struct process_view view = {.params = a.params, .rate = a.rate};
        sum += process->task_rate(&view);
    }
    return sum;
}

double scenario_task_rate(const struct scenario *s)
{
    if (s->sources_count > 0)
        return rate_of_sources(s);
    assert(s->arrivals.process);
    return task_rate_at(s, scenario_event_rate(s));
}

double scenario_utilization(const struct scenario *s)
{
    if (scenario_is_network(s))
        return NAN; /* of which stage? */
    return scenario_task_rate(s) * scenario_mean_size(s) / (s->stage.consumers * s->stage.speed);
}

double scenario_demand(const struct scenario *s)
{
    double service = scenario_mean_size(s) / s->stage.speed;
    return process_clients(s) * service / (process_think(s) + service) / s->stage.consumers;
}

bool scenario_records_queue(const struct scenario *s)
{
    return (enum picture_measure)s->picture.measure == PICTURE_QUEUE;
}

double scenario_likely_rate(const struct scenario *s)
{
    if (!process_is_closed(s))
        return scenario_task_rate(s);
    if (scenario_is_network(s)) /* whichever stage is the slowest */
        return process_clients(s) / (process_think(s) + scenario_mean_size(s));
    double service = scenario_mean_size(s) / s->stage.speed;
    return fmin(process_clients(s) / (process_think(s) + service), s->stage.consumers / service);
}

double scenario_patient_utilization(const struct scenario *s)
{
    if (scenario_is_network(s))
        return NAN;
    if (scenario_all_impatient(s))
        return 0;
    if (isnan(scenario_mean_size(s)))
        return NAN;
    double work = 0;
    for (int i = 0; i < scenario_classes(s); i++)
        if (scenario_share(s, i) > 0 && !scenario_timeout(s, i) && scenario_size(s, i)->model)
            work += scenario_share(s, i) * law_mean(scenario_size(s, i));
    return scenario_task_rate(s) * work / (s->stage.consumers * s->stage.speed);
}

double scenario_tail(const struct scenario *s)
{
    double least = INFINITY;
    if (scenario_brings_sizes(s))
        return least;
    for (int i = 0; i < scenario_classes(s); i++) {
        const struct law *law = scenario_size(s, i);
        if (law->model && law_model(law)->tail && scenario_share(s, i) > 0)
            least = fmin(least, law_model(law)->tail(law->params));
    }
    return least;
}

enum picture_colour scenario_colour(const struct scenario *s)
{
    if (!isnan(s->picture.colour))
        return (enum picture_colour)s->picture.colour;
    bool classic = (enum picture_palette)s->picture.palette == PALETTE_CLASSIC;
    return classic ? COLOUR_COLUMN_MAX : COLOUR_DENSITY;
}
