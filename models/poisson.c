/* Poisson arrivals: independent exponential gaps. Gap k is made of uniform k of "arrivals". */
#include "../sim/process.h"
#include "../sim/vmath.h"

VECTOR static void poisson_gaps(double mean, size_t n, double *restrict x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = -mean * vmath_log(x[i]);
}

static size_t fill(const struct process_view *view, struct process_state *state, size_t n,
                   struct arrival_block *out)
{
    stream_uniforms(&view->stream, 0, state->next, n, out->time);
    poisson_gaps(1 / view->rate, n, out->time);
    double time = state->time;
    for (size_t i = 0; i < n; i++)
        out->time[i] = time += out->time[i];
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
    .task_rate = task_rate,
    .dispersion = dispersion,
    .poisson = true,
    .needs_rate = true,
    .stationary = true,
};
