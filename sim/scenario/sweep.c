#include "sweep.h"

#include "../base/root.h"
#include "../base/vmath.h"

bool sweep_ref(const struct scenario *s, struct param_ref *ref)
{
    return s->sweep.parameter && param_find(s, s->sweep.parameter, (struct place){0}, ref, NULL) &&
           param_is_numeric(ref);
}

bool sweep_is_time(const struct scenario *s)
{
    return (enum sweep_mode)s->sweep.mode == MODE_TIME;
}

bool sweep_drifts(const struct scenario *s)
{
    bool drift = s->sweep.parameter && (enum sweep_mode)s->sweep.mode == MODE_DRIFT;
    return drift || sweep_is_time(s);
}

const char *sweep_name(const struct scenario *s)
{
    return sweep_is_time(s) ? "time" : s->sweep.parameter;
}

enum unit sweep_unit(const struct scenario *s)
{
    struct param_ref ref;
    return sweep_is_time(s) ? UNIT_DURATION : sweep_ref(s, &ref) ? param_unit(&ref) : UNIT_NUMBER;
}

uint32_t sweep_columns(const struct scenario *s)
{
    if (!sweep_name(s))
        return 1;
    return (uint32_t)(s->sweep.values_count > 0 ? s->sweep.values_count : s->sweep.steps);
}

/* From one end to the other; both ends exactly. */
static double between(const struct scenario *s, double x)
{
    double from = s->sweep.from, to = s->sweep.to;
    if (x <= 0 || from == to)
        return from;
    if (x >= 1)
        return to;
    if (s->sweep.scale == SCALE_LOG)
        return from * vmath_pow(to / from, x);
    return from + (to - from) * x;
}

static double value_at(const struct scenario *s, double x, bool whole)
{
    const struct sweep *sweep = &s->sweep;
    double value;
    if (sweep->values_count > 0) {
        double i = floor(x * sweep->values_count);
        i = fmin(fmax(i, 0), sweep->values_count - 1);
        value = sweep->values[(size_t)i];
    } else {
        value = between(s, x);
    }
    return whole ? round(value) : value;
}

double sweep_at(const struct scenario *s, double x)
{
    struct param_ref ref;
    return value_at(s, x, sweep_ref(s, &ref) && ref.kind == PARAM_COUNT);
}

double sweep_value(const struct scenario *s, uint32_t column)
{
    uint32_t n = sweep_columns(s);
    if (!sweep_name(s))
        return NAN;
    if (sweep_is_time(s))
        return s->run.duration * column / n;
    if (s->sweep.values_count > 0)
        return s->sweep.values[column];
    if (s->sweep.mode == MODE_DRIFT)
        return sweep_at(s, (column + 0.5) / n);
    return sweep_at(s, n > 1 ? (double)column / (n - 1) : 0);
}

static void set_swept(const struct scenario *s, double value, struct scenario *out)
{
    struct param_ref ref;
    *out = *s;
    if (sweep_ref(s, &ref))
        param_put(out, &ref, value);
}

void sweep_scenario(const struct scenario *s, uint32_t column, struct scenario *out)
{
    set_swept(s, sweep_value(s, column), out);
}

void sweep_scenario_at(const struct scenario *s, double x, struct scenario *out)
{
    set_swept(s, sweep_at(s, x), out);
}

double sweep_value_at(const struct scenario *s, const struct param_ref *ref, double x)
{
    return value_at(s, x, ref->kind == PARAM_COUNT);
}

/* Offered utilization less 1, with the swept parameter at `value`, whole or not. */
struct excess {
    const struct scenario *s;
    double (*utilization)(const struct scenario *s);
    struct param_ref ref;
    struct scenario at;
};

static double excess(double value, void *context)
{
    struct excess *e = context;
    e->at = *e->s;
    param_put(&e->at, &e->ref, value);
    double over = e->utilization(&e->at) - 1;
    if (fabs(over) < 1e-12)
        return 0;
    if (isnan(over))
        return NAN;
    return fmin(over,
                1e6); /* finite for the root finder; so far out the sign is all that matters */
}

double sweep_cliff(const struct scenario *s)
{
    return sweep_crossing(s, scenario_utilization);
}

double sweep_crossing(const struct scenario *s, double (*utilization)(const struct scenario *s))
{
    enum { POINTS = 64 }; /* utilization need not be monotonic: the first crossing is looked for */
    struct excess e = {.s = s, .utilization = utilization};
    if (!sweep_ref(s, &e.ref))
        return NAN;
    size_t listed = (size_t)s->sweep.values_count, n = listed ? listed : POINTS + 1;
    double last = NAN, last_over = NAN;
    for (size_t i = 0; i < n; i++) {
        double value = listed ? s->sweep.values[i] : between(s, (double)i / POINTS);
        double over = isfinite(value) ? excess(value, &e) : NAN;
        if (over == 0)
            return value;
        if ((last_over < 0 && over > 0) || (last_over > 0 && over < 0))
            return root_between(excess, &e, last, value, 1e-14);
        last = value;
        last_over = over;
    }
    return NAN;
}
