#include "timescale.h"

#include "../base/err.h"
#include "../scenario/process.h"
#include "../scenario/rarity.h"

static void take(struct timescale *slowest, double tasks, const char *what)
{
    if (!(tasks > slowest->tasks))
        return;
    *slowest = (struct timescale){tasks, NAN, what, false};
}

/* Values of a law of which one in `every` is above `above`; `each`: tasks for each value. */
static void take_rare(struct timescale *slowest, const struct rarity *rare, double each,
                      enum unit unit, const char *what)
{
    char text[64];
    if (!(rare->every > TIMESCALE_ORDINARY))
        return;
    unit_human(unit, rare->above, 2, text, sizeof text);
    take(slowest, rare->every * each,
         isinf(rare->every) ? internf("%s have no mean, and the largest one never returns", what)
                            : internf("one of the %s above %s comes", what, text));
}

bool timescale_find(const struct scenario *column, struct timescale *out)
{
    const struct arrival_process *process =
        (const struct arrival_process *)column->arrivals.process;
    const struct process_view view = {.params = column->arrivals.params,
                                      .rate = scenario_event_rate(column)};
    double rate = scenario_likely_rate(column);
    *out = (struct timescale){0, NAN, NULL, false};
    if (scenario_replays(column)) /* what a log does again and again nobody knows beforehand */
        return false;
    struct cycle cycle;
    if (process->cycle && process->cycle(&view, &cycle)) {
        take(out, cycle.seconds * rate, cycle.what);
        out->by_clock = !isnan(process_period(column));
    }
    struct rarity rare = scenario_rarity(column, TIMESCALE_SHARE);
    take_rare(out, &rare, 1, UNIT_DURATION, "sizes");
    if (process->gaps) {
        struct law gaps;
        process->gaps(&view, &gaps);
        rare = law_rarity(&gaps, TIMESCALE_SHARE);
        take_rare(out, &rare, 1, UNIT_DURATION, "gaps");
    }
    if (process->batch) {
        const struct law *batch = process->batch(&view);
        rare = law_rarity(batch, TIMESCALE_SHARE);
        take_rare(out, &rare, law_mean(batch), UNIT_NUMBER, "batches");
    }
    out->seconds = out->tasks / rate;
    return out->tasks > 0;
}

const char *timescale_words(const struct timescale *scale)
{
    char time[64];
    if (isinf(scale->tasks))
        return scale->what;
    unit_human(UNIT_DURATION, scale->seconds, 3, time, sizeof time);
    return internf("%s every %s%s", scale->what, time, scale->by_clock ? "" : " on average");
}

double timescale_wanted(const struct scenario *column)
{
    struct timescale scale;
    return timescale_find(column, &scale) ? TIMESCALE_CYCLES * scale.tasks : 0;
}
