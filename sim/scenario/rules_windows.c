/* The rules of run.windows. */
#include "process.h"
#include "rules.h"
#include "sweep.h"

/* Simulated time up to the end of the measured stretch, at the most as far as is known. */
static double horizon(const struct scenario *s)
{
    const struct run *run = &s->run;
    const struct amount *warmup = &run->warmup;
    double rate = scenario_likely_rate(s);
    double measured = isnan(run->duration) ? run->tasks / rate : run->duration;
    switch ((enum amount_kind)warmup->kind) {
    case AMOUNT_AUTO: /* whose rule looks at no more than what is measured */
        return 2 * measured;
    case AMOUNT_COUNT:
        return measured + warmup->value / rate;
    case AMOUNT_DURATION:
        return measured + warmup->value;
    case AMOUNT_SHARE:
        return measured * (1 + warmup->value);
    }
    return measured;
}

double scenario_windows_most(const struct scenario *s)
{
    double classes = scenario_classes(s), rows = classes > 1 ? classes + 1 : 1;
    return floor(SCENARIO_WINDOWS / (scenario_places(s) * rows * s->run.replications));
}

bool scenario_many_runs(const struct scenario *s)
{
    return !sweep_drifts(s) && sweep_columns(s) > 1;
}

void rules_windows(const struct checking *c)
{
    const struct scenario *s = c->s;
    const double width = s->run.windows;
    if (isnan(width) || scenario_many_runs(s))
        return;
    const double windows = horizon(s) / width;
    if (scenario_seeks_precision(s))
        broken(c, "run.windows",
               "run.windows: windows are of the replications that a run is given, and with "
               "run.precision more are added: give run.replications in its place");
    else if (windows > scenario_windows_most(s))
        broken(c, "run.windows",
               "run.windows: about %.0f windows x %.0f stages (all and client among them) x %.0f "
               "classes x %.0f replications are more rows than can be kept, %.0f at most: make the "
               "windows longer, or the run shorter",
               ceil(windows), (double)scenario_places(s), (double)scenario_classes(s),
               s->run.replications, SCENARIO_WINDOWS);
}
