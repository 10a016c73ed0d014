#include "sensitivity.h"

#include "../engine/stability.h"
#include "../scenario/discipline.h"
#include "../scenario/process.h"

enum { HALVINGS = 40 };

#define STEP       1e-4 /* of the load, relative, on either side */
#define LEAST_ROOM 1e-3 /* for a room without a place, in which nobody waits */

/* The diffusion limit at one load, time in services. */
struct limit {
    double waits;    /* the share of tasks that wait */
    double rate;     /* of the exponential that their wait is: 1 / its mean; may be 0 or less */
    double room;     /* where it is cut off; INFINITY */
    double exponent; /* of the load in r: the chance of a backlog of all places */
    double load;
};

static const struct arrival_process *process_of(const struct scenario *s)
{
    return (const struct arrival_process *)s->arrivals.process;
}

double sensitivity_variation(const struct scenario *column)
{
    const struct process_view view = {.params = column->arrivals.params,
                                      .rate = scenario_event_rate(column)};
    double mean = scenario_mean_size(column);
    return process_of(column)->dispersion(&view) + scenario_second_size(column) / (mean * mean) - 1;
}

bool sensitivity_known(const struct scenario *column)
{
    const struct arrival_process *process = process_of(column);
    double load = scenario_utilization(column);
    bool still = process->stationary && process->dispersion && !process->modulation &&
                 !scenario_replays(column) && !process_is_closed(column);
    if (!still || !stage_discipline(&column->stage)->by_arrival || scenario_impatient(column) ||
        !stability_conserves_work(column) || !(load > 0))
        return false;
    double variation = sensitivity_variation(column);
    return variation > 0 && isfinite(variation) &&
           (load < SENSITIVITY_LOAD || (stability_turns_away(column) && load < 2));
}

static struct limit limit_of(const struct scenario *column, double factor)
{
    double c = column->stage.consumers, variation = sensitivity_variation(column);
    double load = scenario_utilization(column) * factor;
    struct limit l = {.load = load, .room = INFINITY};
    l.waits = fmin(1, pow(load, sqrt(2 * (c + 1)) - 1));
    l.rate = 2 * c * (1 - load) / variation;
    if (fabs(l.rate) < 1e-6)
        l.rate = 1e-6;
    if (fabs(l.rate - 1) < 1e-6) /* that of a service: the convolution has another form there */
        l.rate += 1e-6;
    if (stability_turns_away(column)) {
        double places = fmax(LEAST_ROOM, column->stage.capacity);
        l.room = places / c;
        l.exponent = 2 * places / variation;
    }
    return l;
}

/* P(a wait that is not 0 > x), up to a room. */
static double wait_above(const struct limit *l, double x)
{
    if (x >= l->room)
        return 0;
    double cut = isinf(l->room) ? 0 : exp(-l->rate * l->room);
    return (exp(-l->rate * x) - cut) / (1 - cut);
}

static double above(const struct limit *l, bool wait, double x)
{
    double late = wait_above(l, x);
    if (wait)
        return l->waits * late;
    double cut = isinf(l->room) ? 0 : exp(-l->rate * l->room), to = fmin(x, l->room);
    late += l->rate / (1 - cut) * (exp((1 - l->rate) * to - x) - exp(-x)) / (1 - l->rate);
    return (1 - l->waits) * exp(-x) + l->waits * late;
}

static double mean(const struct limit *l, bool wait)
{
    double x = l->room, late = 1 / l->rate;
    if (isfinite(x))
        late -= x * exp(-l->rate * x) / (1 - exp(-l->rate * x));
    return l->waits * late + (wait ? 0 : 1);
}

static double loss(const struct limit *l)
{
    double r = pow(l->load, l->exponent);
    return fabs(l->load - 1) < 1e-9 ? l->waits / fmax(1, l->exponent)
                                    : l->waits * (1 - l->load) * r / (1 - r);
}

static double quantile(const struct limit *l, bool wait, double p)
{
    double low = 0, high = 1;
    while (above(l, wait, high) > 1 - p && high < 1e12)
        high *= 2;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (above(l, wait, middle) > 1 - p)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static double slope_or_none(double difference)
{
    return isfinite(difference) ? difference / (2 * STEP) : 0;
}

double sensitivity_mean(const struct scenario *column, bool wait)
{
    const struct limit less = limit_of(column, 1 - STEP), more = limit_of(column, 1 + STEP);
    return slope_or_none(log(mean(&more, wait) / mean(&less, wait)));
}

struct quantile_slope sensitivity_quantile(const struct scenario *column, bool wait, double p)
{
    const struct limit here = limit_of(column, 1), less = limit_of(column, 1 - STEP),
                       more = limit_of(column, 1 + STEP);
    double x = quantile(&here, wait, p);
    double by_load = slope_or_none(above(&more, wait, x) - above(&less, wait, x));
    /* The same figure moves along its own tail: x and the load make up for each other. */
    double by_x =
        slope_or_none(above(&here, wait, x * (1 + STEP)) - above(&here, wait, x * (1 - STEP)));
    return (struct quantile_slope){by_load, x > 1e-6 && by_x < 0 ? -by_load / by_x : 0};
}

double sensitivity_loss(const struct scenario *column)
{
    const struct limit less = limit_of(column, 1 - STEP), more = limit_of(column, 1 + STEP);
    double a = loss(&less), b = loss(&more);
    return a > 0 && b > 0 ? slope_or_none(log(b / a)) : 0;
}
