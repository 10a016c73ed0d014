#include "notice.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/process.h"
#include "cliff.h"
#include "exact.h"
#include "load_network.h"

enum { TASKS = 200000, REPLICATIONS = 8 };
#define MOST 4e6 /* tasks of a replication, where time scales take more */

const double notice_loads[NOTICE_LOADS] = {0.5, 0.95};

/* Multiplies the load; returns by what times have become longer in passing. */
static double scale_load(struct scenario *s, double factor)
{
    struct arrivals *a = &s->arrivals;
    double *given = !isnan(a->rate)                ? &a->rate
                    : !isnan(a->rate_per_consumer) ? &a->rate_per_consumer
                    : !isnan(a->utilization)       ? &a->utilization
                                                   : NULL;
    if (given && s->sources_count == 0) {
        *given *= factor;
        return 1;
    }
    struct param_ref clients;
    if (process_is_closed(s) && cliff_traffic(s) &&
        param_find(s, cliff_traffic(s), (struct place){0}, &clients, NULL)) {
        param_put(s, &clients, fmax(1, round(param_get(s, &clients) * factor)));
        return 1;
    }
    if (scenario_is_network(s)) {
        load_network_slow_down(s, factor);
        return factor;
    }
    s->stage.speed /= factor;
    s->stage.resume_delay *= factor;
    return factor;
}

/* One load, by theory; false where that is not exact. */
static bool known_exactly(const struct scenario *at, double *p99)
{
    struct objective objective = {.figure = {.kind = FIGURE_LATENCY_QUANTILE, .p = 0.99}};
    objective.figure.class = scenario_classes(at) > 1 ? (uint32_t)scenario_classes(at) : 0;
    struct exact exact;
    exact_figures(at, &objective, 1, &exact);
    *p99 = exact.value[0];
    return !isnan(*p99);
}

/* One load, as run. False if stopped. */
static bool measure(const struct load_meter *meter, struct scenario *at, int i, struct notice *out)
{
    enum { P99 = 2 };
    if (!isnan(scenario_likely_rate(at)))
        load_run(at, TASKS, MOST, REPLICATIONS);
    struct run_options options = meter->run;
    options.engine = engine_for(at);
    if (options.engine->refuses(at))
        return true; /* no engine runs it: nothing is known */
    struct result *result = run_scenario(at, &options);
    bool whole = result && !result->interrupted;
    if (whole) {
        const struct row *row = result_row(result, 0, result_row_classes(result) - 1);
        bool enough =
            scenario_replays(at) || !isnan(process_period(at)) || !isnan(row->latency_low[P99]);
        out->p99[i] = enough ? row->latency_q[P99] : NAN;
        out->low[i] = row->latency_low[P99];
        out->high[i] = row->latency_high[P99];
    }
    result_free(result);
    return whole;
}

bool notice_measure(const struct load_meter *meter, const struct scenario *s, double load,
                    struct notice *out)
{
    struct scenario *at = xmalloc(sizeof *at);
    bool whole = true;
    *out = (struct notice){.p99 = {NAN, NAN}, .ratio = NAN};
    for (int i = 0; i < NOTICE_LOADS && whole; i++) {
        *at = *s;
        load_lasting(at);
        double longer = scale_load(at, notice_loads[i] / load);
        if (known_exactly(at, &out->p99[i]))
            out->low[i] = out->high[i] = out->p99[i];
        else
            whole = measure(meter, at, i, out);
        out->p99[i] /= longer;
        out->low[i] /= longer;
        out->high[i] /= longer;
    }
    out->ratio = out->p99[1] / out->p99[0];
    free(at);
    return whole;
}
