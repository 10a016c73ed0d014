#include "paths.h"

#include <stdlib.h>
#include <string.h>

#include "given.h"

/* The flow of one path at each of n times. */
static void path_run(const struct scenario *s, uint32_t replication, const double *times, size_t n,
                     struct flow *flows)
{
    static struct source source;
    struct recorder recorder = {.classes = 1, .slot = UNMEASURED};
    uint64_t seed = (uint64_t)s->seed;
    source_begin(&source, s, seed, replication);
    void *state = events_engine.begin(s, &source, &recorder, seed, replication);
    for (size_t i = 0; i < n; i++) {
        struct engine_limits limits = {times[i], UINT64_MAX, false};
        events_engine.advance(state, &limits);
        events_engine.flow(state, &flows[i]);
    }
    events_engine.end(state);
}

struct watch {
    const char *params;
    const struct flow *at;
};

static double number(const struct watch *w)
{
    return (double)w->at[0].inside;
}

static double growth(const struct watch *w)
{
    return ((double)w->at[1].inside - (double)w->at[0].inside) / (w->at[1].time - w->at[0].time);
}

static double departures(const struct watch *w)
{
    return (double)(w->at[1].completed - w->at[0].completed) / (w->at[1].time - w->at[0].time);
}

static double offset(const struct watch *w)
{
    return given(w->params, "mu") * (w->at[1].time - w->at[1].busy_area);
}

static double (*watcher(const char *model, const char *measure))(const struct watch *w)
{
    bool overload = strcmp(model, "M/G/c-overload") == 0;
    bool transient = strcmp(model, "M/M/1-transient") == 0;
    if (!overload && !transient && strcmp(model, "M(t)/M/c") != 0)
        return NULL;
    if (strcmp(measure, "mean_number_at_t") == 0)
        return number;
    if (strcmp(measure, "growth_rate") == 0)
        return growth;
    if (strcmp(measure, "throughput") == 0 && overload)
        return departures;
    return strcmp(measure, "asymptotic_offset") == 0 ? offset : NULL;
}

bool paths_score(const char *model, const char *params, const char *measure, double exact,
                 uint32_t paths, struct score *out)
{
    double (*watch)(const struct watch *w) = watcher(model, measure);
    static struct scenario s;
    if (!watch || !experiment_scenario(model, params, &s))
        return false;
    bool number_at_t = watch == number;
    double times[2] = {number_at_t ? given(params, "t") : PATHS_FROM, PATHS_TO};
    double mean = 0, squares = 0;
    for (uint32_t i = 0; i < paths; i++) {
        struct flow flows[2];
        path_run(&s, i, times, number_at_t ? 1 : 2, flows);
        double x = watch(&(struct watch){params, flows}), from_mean = x - mean;
        mean += from_mean / (i + 1);
        squares += from_mean * (x - mean);
    }
    double error = sqrt(squares / (paths - 1) / paths);
    *out = (struct score){.value = mean, .z = normal_score((mean - exact) / error, paths - 1)};
    return true;
}
