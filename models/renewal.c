/*
 * Renewal arrivals: independent gaps of any law. Gap k is draw k of the law from "arrivals".
 *
 * Where a rate is given, the law is scaled to it; a law that lacks its mean then takes it from the
 * rate. The first gap begins at time 0, as if a task had arrived just then.
 */
#include <string.h>

#include "../sim/scenario/process.h"
#include "law.h"

struct renewal {
    struct law interarrival;
};
_Static_assert(sizeof(struct renewal) <= PROCESS_BYTES, "a process holds its parameters");

static const struct param rows[] = {
    {.name = "interarrival",
     .kind = PARAM_GROUP,
     .offset = offsetof(struct renewal, interarrival),
     .help = "gaps between tasks; scaled to `rate` where that is given (`mean` may be left out)",
     .rows = law_rows},
    {0}};

/* The law's `mean` field, or NULL where it has none. */
static double *mean_field(struct law *law)
{
    for (const struct param *row = law->model->rows; row && row->name; row++)
        if (strcmp(row->name, "mean") == 0)
            return (double *)((char *)law->params + row->offset);
    return NULL;
}

/* The law of the gaps at a rate (NAN: as it is). */
static struct law gaps(const struct law *given, double rate)
{
    struct law law = *given;
    double *field = mean_field(&law);
    if (isnan(rate))
        return law;
    if (field)
        *field = 1 / rate;
    else
        law_model(&law)->scale(law.params, 1 / (rate * law_mean(&law)));
    return law;
}

static size_t fill(const struct process_view *view, struct process_state *state, size_t n,
                   struct arrival_block *out)
{
    const struct renewal *p = view->params;
    struct law law = gaps(&p->interarrival, view->rate);
    law_model(&law)->fill(law.params, &view->stream, state->next, n, out->time);
    double time = state->time;
    for (size_t i = 0; i < n; i++)
        out->time[i] = time += out->time[i];
    state->time = time;
    state->next += n;
    return n;
}

static double task_rate(const struct process_view *view)
{
    const struct renewal *p = view->params;
    return isnan(view->rate) ? 1 / law_mean(&p->interarrival) : view->rate;
}

/* The squared coefficient of variation of the gaps; scaling does not change it. */
static double dispersion(const struct process_view *view)
{
    const struct renewal *p = view->params;
    struct law law = gaps(&p->interarrival, view->rate);
    double mean = law_mean(&law);
    return law_model(&law)->second(law.params) / (mean * mean) - 1;
}

static void gaps_of(const struct process_view *view, struct law *out)
{
    const struct renewal *p = view->params;
    *out = gaps(&p->interarrival, view->rate);
}

static bool check(const struct scenario *s, const void *params, const struct places *places,
                  struct errors *errors)
{
    static const char path[] = "arrivals.interarrival";
    const struct renewal *p = params;
    const struct distribution *model = law_model(&p->interarrival);
    struct place at = law_place(places, "arrivals", "interarrival");
    if (!model)
        return error_at(errors, at, "%s is missing: renewal arrivals need the law of their gaps",
                        path);
    if (model->counts_only)
        return error_at(errors, at, "%s: %s counts things; gaps are durations", path,
                        model->model.name);
    bool scaled = !isnan(s->arrivals.rate) || !isnan(s->arrivals.rate_per_consumer) ||
                  !isnan(s->arrivals.utilization);
    struct law law = p->interarrival;
    double *field = mean_field(&law);
    if (scaled && field)
        *field = 1;
    if (!law_check(&law, path, places, errors))
        return false;
    double mean = model->mean(law.params);
    if (mean == 0)
        return error_at(errors, at, "%s has mean 0: all tasks would arrive at once", path);
    if (scaled && isinf(mean))
        return error_at(errors, at, "%s has no finite mean, so it cannot be scaled to a rate",
                        path);
    return true;
}

const struct arrival_process process_renewal = {
    .model = {"renewal", "independent gaps of any law: steadier or burstier than poisson", rows},
    .fill = fill,
    .task_rate = task_rate,
    .dispersion = dispersion,
    .gaps = gaps_of,
    .check = check,
    .optional_rate = true,
    .stationary = true,
};
