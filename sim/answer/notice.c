#include "notice.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/process.h"
#include "cliff.h"

enum { TASKS = 200000, REPLICATIONS = 8 };

const double notice_loads[NOTICE_LOADS] = {0.5, 0.95};

/* Multiplies the load; returns by what times have become longer in passing. */
static double scale_load(struct scenario *s, double factor)
{
    struct arrivals *a = &s->arrivals;
    double *given = !isnan(a->rate)                ? &a->rate
                    : !isnan(a->rate_per_consumer) ? &a->rate_per_consumer
                    : !isnan(a->utilization)       ? &a->utilization
                                                   : NULL;
    if (given) {
        *given *= factor;
        return 1;
    }
    struct param_ref clients;
    if (process_is_closed(s) &&
        param_find(s, cliff_traffic(s), (struct place){0}, &clients, NULL)) {
        param_put(s, &clients, fmax(1, round(param_get(s, &clients) * factor)));
        return 1;
    }
    s->stage.speed /= factor;
    s->stage.resume_delay *= factor;
    return factor;
}

bool notice_measure(const struct load_meter *meter, const struct scenario *s, double load,
                    struct notice *out)
{
    struct scenario *at = xmalloc(sizeof *at);
    bool whole = true;
    *out = (struct notice){.p99 = {NAN, NAN}, .ratio = NAN};
    for (int i = 0; i < NOTICE_LOADS && whole; i++) {
        *at = *s;
        double longer = scale_load(at, notice_loads[i] / load);
        if (!isnan(scenario_likely_rate(at))) {
            at->run.tasks = TASKS;
            at->run.duration = NAN;
            at->run.replications = REPLICATIONS;
        }
        struct run_options options = meter->run;
        options.engine = engine_for(at);
        struct result *result = run_scenario(at, &options);
        whole = result && !result->interrupted;
        if (whole) {
            enum { P99 = 2 };
            const struct row *row = result_row(result, 0, result_row_classes(result) - 1);
            out->p99[i] = row->latency_q[P99] / longer;
            out->low[i] = row->latency_low[P99] / longer;
            out->high[i] = row->latency_high[P99] / longer;
        }
        result_free(result);
    }
    out->ratio = out->p99[1] / out->p99[0];
    free(at);
    return whole;
}
