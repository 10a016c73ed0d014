/* Poisson arrivals: independent exponential gaps. Gap k is made of uniform k of "arrivals". */
#include "../sim/base/vblock.h"
#include "../sim/scenario/process.h"

static void units(const struct process_view *view, uint64_t first, size_t n, double *out)
{
    stream_uniforms(&view->stream, 0, first, n, out);
    vblock_log(1, n, out);
}

static double factor(const struct process_view *view)
{
    return -(1 / view->rate);
}

static size_t fill(const struct process_view *view, struct process_state *state, size_t n,
                   struct arrival_block *out)
{
    units(view, state->next, n, out->time);
    double time = state->time, by = factor(view);
    for (size_t i = 0; i < n; i++)
        out->time[i] = time += by * out->time[i];
    state->time = time;
    state->next += n;
    return n;
}

static double task_rate(const struct process_view *view)
{
    return view->rate;
}

static double dispersion(const struct process_view *view)
{
    (void)view;
    return 1;
}

const struct arrival_process process_poisson = {
    .model = {"poisson", "independent users: exponential gaps, at `rate`", NULL},
    .fill = fill,
    .units = units,
    .factor = factor,
    .task_rate = task_rate,
    .dispersion = dispersion,
    .poisson = true,
    .needs_rate = true,
    .stationary = true,
};
