#include "periods.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/process.h"
#include "../scenario/sweep.h"
#include "../scenario/trouble.h"
#include "relaxation.h"

#define ROUNDING 1e-9

bool periods_matter(const struct scenario *s)
{
    return !sweep_drifts(s) && !scenario_has_moment(s) && !isnan(process_period(s));
}

static void resolve(const struct scenario *s, const struct scenario *column, struct scenario *out)
{
    double period = process_period(column), rate = scenario_task_rate(column);
    double asked = isnan(s->run.duration) ? s->run.tasks / rate / period : s->run.duration / period;
    *out = *s;
    out->run.tasks = NAN;
    out->run.duration = round(asked) * period;
    if ((enum amount_kind)s->run.warmup.kind != AMOUNT_AUTO)
        return;
    double forgotten = RELAXATION_FORGOTTEN * relaxation_tasks(column) / rate / period;
    double periods = forgotten > 1 ? fmin(ceil(forgotten), round(asked)) : 1;
    out->run.warmup = (struct amount){.kind = AMOUNT_DURATION, .value = periods * period};
}

bool periods_resolve(const struct scenario *s, uint32_t column, struct scenario *out)
{
    if (!periods_matter(s))
        return false;
    struct scenario *at = xmalloc(sizeof *at);
    sweep_scenario(s, column, at);
    double period = process_period(at), rate = scenario_task_rate(at);
    double seconds = isnan(s->run.duration) ? s->run.tasks / rate : s->run.duration;
    bool some = seconds >= period * (1 - ROUNDING) && seconds < PERIODS_MANY * period;
    if (some)
        resolve(s, at, out);
    free(at);
    return some;
}

bool periods_in_thirds(const struct scenario *column, double seconds)
{
    double thirds = seconds / process_period(column) / 3;
    return round(thirds) >= 1 && fabs(thirds - round(thirds)) < ROUNDING * thirds;
}
