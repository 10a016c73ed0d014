#include "cliff.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../base/root.h"
#include "../network/offered.h"
#include "../result/stats.h"
#include "../scenario/process.h"
#include "../scenario/stages.h"
#include "../scenario/sweep.h"

enum { DOUBLINGS = 10, INSIDE = 8, LEVELS = 4, FIRST_TASKS = 10000 };

/* A search by simulation. The function is the logarithm of the load: 0 at the cliff. */
struct search {
    const struct cliff_question *question;
    const struct load_meter *meter;
    struct param_ref ref;
    struct scenario *at;
    double tasks;
    bool theory, unknown; /* losses that are known exactly; but not at a value that was tried */
    bool stopped;
    struct load load; /* as last measured */
    double wanted; /* tasks that a look would have wanted, where it could not have them; else 0 */
};

static double log_load(double load)
{
    return log(fmin(fmax(load, 1e-9), 1e9));
}

static void move_to(struct search *search, double x)
{
    *search->at = *search->question->s;
    param_put(search->at, &search->ref, x);
}

static double excess(double x, void *context)
{
    struct search *search = context;
    move_to(search, x);
    if (search->theory) {
        search->load = (struct load){.value = load_loss_by_theory(search->at)};
        search->unknown = search->unknown || isnan(search->load.value);
        return log_load(search->load.value);
    }
    if (!search->stopped && !load_measure(search->meter, search->at, search->tasks, &search->load))
        search->stopped = true;
    return search->stopped ? 0 : log_load(search->load.value); /* 0: whoever searches is done */
}

static bool opposite(double a, double b)
{
    return (a <= 0 && b > 0) || (a > 0 && b <= 0);
}

/* ---- where to look ---- */

/* The value between `inside` and `beyond` that the row still allows, as far out as there is one. */
static double allowed(const struct param_ref *ref, double inside, double beyond)
{
    bool whole = ref->kind == PARAM_COUNT;
    if (param_in_range(ref, whole ? round(beyond) : beyond))
        return whole ? round(beyond) : beyond;
    for (int i = 0; i < 60; i++) {
        double middle = inside + (beyond - inside) / 2;
        if (param_in_range(ref, whole ? round(middle) : middle))
            inside = middle;
        else
            beyond = middle;
    }
    return whole ? round(inside) : inside;
}

/* A value `doublings` further up (or down) than today's; from 0 upwards in sizes of a task. */
static double away(const struct cliff *c, const struct scenario *s, double doublings)
{
    if (c->today != 0)
        return allowed(&c->ref, c->today, c->today * exp2(doublings));
    double mean = scenario_mean_size(s) / s->stage.speed;
    double unit = c->whole || !isfinite(mean) ? 1 : mean / 32;
    return doublings < 0 ? 0 : allowed(&c->ref, 0, unit * exp2(doublings));
}

/* ---- by theory ---- */

static double root_of_utilization(const struct cliff_question *q, double from, double to)
{
    struct scenario *s = xmalloc(sizeof *s);
    *s = *q->s;
    s->sweep = (struct sweep){.parameter = q->parameter,
                              .from = from,
                              .to = to,
                              .steps = 2,
                              .scale = from > 0 && to > 0 ? SCALE_LOG : SCALE_LINEAR};
    double root = from == to ? NAN : offered_cliff(s);
    free(s);
    return root;
}

static double load_at(const struct cliff_question *q, const struct param_ref *ref, double x)
{
    struct scenario *s = xmalloc(sizeof *s);
    *s = *q->s;
    param_put(s, ref, x);
    double load = load_loses(s) ? load_loss_by_theory(s) : load_by_theory(s);
    free(s);
    return load;
}

static double demand_excess(double x, void *context)
{
    struct search *search = context;
    return load_at(search->question, &search->ref, x) - 1;
}

/* Of a closed system, or of the last rate of a timetable: the load only rises, or only falls, with
 * any parameter. */
static double root_of_demand(const struct cliff_question *q, const struct param_ref *ref,
                             double from, double to)
{
    struct search search = {.question = q, .ref = *ref};
    return from == to ? NAN : root_between(demand_excess, &search, from, to, 1e-14);
}

static double root_of_load(const struct cliff_question *q, const struct param_ref *ref, double from,
                           double to)
{
    bool by_load =
        scenario_is_network(q->s) || process_is_closed(q->s) || !isnan(process_lasting(q->s));
    return by_load ? root_of_demand(q, ref, from, to) : root_of_utilization(q, from, to);
}

/* The nearer of two values to today's, as ratios go. */
static double nearer(double today, double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) ? b : a;
    return fabs(log(a / today)) <= fabs(log(b / today)) ? a : b;
}

static void find_exact(const struct cliff_question *q, struct cliff *out)
{
    out->load = load_by_theory(q->s);
    if (!isnan(q->low)) {
        out->value = root_of_load(q, &out->ref, q->low, q->high);
    } else {
        out->from = away(out, q->s, -DOUBLINGS);
        out->to = away(out, q->s, DOUBLINGS);
        out->value = nearer(out->today, root_of_load(q, &out->ref, out->today, out->to),
                            root_of_load(q, &out->ref, out->today, out->from));
    }
    if (out->whole && fabs(out->value - round(out->value)) < 1e-9)
        out->value = round(out->value); /* and not the last digit's rounding beside it */
    out->edge = load_at(q, &out->ref, out->from);
    if (fabs(out->edge - load_at(q, &out->ref, out->to)) < 1e-12)
        out->value = NAN; /* at 1 all along */
    out->low = out->high = out->value;
    if (!isnan(out->value))
        out->stable_below = load_at(q, &out->ref, out->value * (1 - 1e-6)) < 1;
}

/* ---- by simulation ---- */

struct bracket {
    double a, b, at_a, at_b;
    bool found;
};

static bool closes(struct bracket *b, double x, double at_x)
{
    b->found = opposite(b->at_a, at_x);
    if (!b->found) {
        b->a = x;
        b->at_a = at_x;
        return false;
    }
    b->b = x;
    b->at_b = at_x;
    return true;
}

/* Within the range asked for: its ends, then a few values inside, from the low end on. */
static struct bracket bracket_inside(struct search *search, double low, double high, bool whole)
{
    struct bracket b = {.a = low, .at_a = excess(low, search)};
    double at_high = excess(high, search);
    if (opposite(b.at_a, at_high)) {
        closes(&b, high, at_high);
        return b;
    }
    for (int i = 1; i < INSIDE && !search->stopped; i++) {
        double t = (double)i / INSIDE;
        double x = low > 0 ? low * pow(high / low, t) : low + (high - low) * t;
        x = whole ? round(x) : x;
        if (x != b.a && closes(&b, x, excess(x, search)))
            return b;
    }
    closes(&b, high, at_high);
    return b;
}

/* Around today's value, twice as far each time, upwards and downwards. */
static struct bracket bracket_around(struct search *search, struct cliff *c)
{
    struct bracket way[2];
    way[0] = way[1] = (struct bracket){.a = c->today, .at_a = excess(c->today, search)};
    for (int i = 1; i <= DOUBLINGS; i++)
        for (int up = 1; up >= 0; up--) {
            double x = away(c, search->question->s, up ? i : -i);
            if (search->stopped || x == way[up].a)
                continue;
            *(up ? &c->to : &c->from) = x;
            if (closes(&way[up], x, excess(x, search)))
                return way[up];
        }
    return way[0];
}

/* Standard error over replications of the logarithm of the load. */
static double spread(const struct load *load)
{
    double mean = 0, squares = 0, n = (double)load->n;
    if (load->n < 2)
        return 0; /* a recording: there is nothing else that it could have been */
    for (size_t i = 0; i < load->n; i++)
        mean += log_load(load->each[i]) / n;
    for (size_t i = 0; i < load->n; i++)
        squares += pow(log_load(load->each[i]) - mean, 2);
    return stats_t(0.05, load->n - 1) * sqrt(squares / (n - 1) / n);
}

static void interval(struct cliff *c, double slope, double half_load)
{
    double half = fabs(half_load / slope);
    c->low = fmax(c->value - half, 0);
    c->high = c->value + half;
}

static bool precise(const struct cliff *c)
{
    return c->high - c->low <= 2 * CLIFF_PRECISION * fabs(c->value);
}

/* Between two neighbours of whole numbers. Capacity over traffic is taken as linear. */
static void settle_whole(struct search *search, struct bracket b, struct cliff *c)
{
    while (fabs(b.b - b.a) > 1 && !search->stopped) {
        double middle = floor((b.a + b.b) / 2);
        bool first = opposite(b.at_a, excess(middle, search));
        *(first ? &b.b : &b.a) = middle;
    }
    for (int level = 0; level < LEVELS && !search->stopped; level++) {
        double room_a = exp(-excess(b.a, search)) - 1, error_a = spread(&search->load);
        double room_b = exp(-excess(b.b, search)) - 1, error_b = spread(&search->load);
        double slope = (room_b - room_a) / (b.b - b.a);
        c->value = slope == 0 ? b.b : b.a - room_a / slope;
        interval(c, slope == 0 ? INFINITY : slope, fmax(error_a, error_b));
        if (precise(c))
            break;
        search->tasks *= 4;
    }
}

static double slope_at(struct search *search, double x)
{
    double step = 0.02 * fabs(x), low = allowed(&search->ref, x, x - step),
           high = allowed(&search->ref, x, x + step);
    return (excess(high, search) - excess(low, search)) / (high - low);
}

static void settle(struct search *search, struct bracket b, struct cliff *c)
{
    c->value = root_between(excess, search, b.a, b.b, search->theory ? 1e-12 : 1e-4);
    if (search->theory) {
        c->low = c->high = c->value;
        return;
    }
    double slope = slope_at(search, c->value);
    for (int level = 0; level < LEVELS && !search->stopped; level++) {
        double at = excess(c->value, search);
        interval(c, slope, spread(&search->load));
        if (precise(c) && fabs(at / slope) < CLIFF_PRECISION / 10 * fabs(c->value))
            return;
        search->tasks *= level > 0 ? 4 : 1;
        for (int i = 0; i < 3; i++) { /* Newton's steps, the slope being known well enough */
            c->value = allowed(&c->ref, c->value, c->value - at / slope);
            at = excess(c->value, search);
        }
        interval(c, slope, spread(&search->load));
    }
}

/* By looks at values; false if theory did not know one of them. */
static bool find_by_looks(const struct cliff_question *q, const struct load_meter *meter,
                          struct cliff *out)
{
    struct search search = {.question = q,
                            .meter = meter,
                            .ref = out->ref,
                            .at = xmalloc(sizeof *search.at),
                            .theory = !out->simulated,
                            .tasks = FIRST_TASKS};
    struct bracket b = isnan(q->low) ? bracket_around(&search, out)
                                     : bracket_inside(&search, q->low, q->high, out->whole);
    out->edge = exp(b.at_a);
    if (b.found && !search.stopped) {
        out->stable_below = (b.at_a <= 0) == (b.a < b.b);
        if (out->whole)
            settle_whole(&search, b, out);
        else
            settle(&search, b, out);
    }
    search.tasks = fmax(search.tasks, 4 * FIRST_TASKS);
    (void)excess(out->today, &search);
    out->load = search.load.value;
    if (search.stopped)
        out->status = CLIFF_STOPPED;
    free(search.at);
    return !search.unknown;
}

void cliff_find(const struct cliff_question *q, const struct load_meter *meter, struct cliff *out)
{
    *out = (struct cliff){.status = CLIFF_NONE,
                          .value = NAN,
                          .low = NAN,
                          .high = NAN,
                          .load = NAN,
                          .from = q->low,
                          .to = q->high};
    if (!param_find(q->s, q->parameter, (struct place){0}, &out->ref, NULL))
        return;
    out->whole = out->ref.kind == PARAM_COUNT;
    out->today = param_get(q->s, &out->ref);
    out->loses = load_loses(q->s);
    out->saturates = !out->loses && process_is_closed(q->s);
    double near = isnan(q->low) ? out->today : q->low, far = isnan(q->low) ? out->today : q->high;
    bool known = !isnan(load_at(q, &out->ref, out->today)) && !isnan(load_at(q, &out->ref, near)) &&
                 !isnan(load_at(q, &out->ref, far));
    out->simulated = q->simulate || !known;
    if (!out->simulated && !out->loses) {
        find_exact(q, out);
    } else if (out->simulated || !find_by_looks(q, meter, out)) {
        out->simulated = true;
        out->wanted = load_wanted(q->s);
        if (!(out->wanted > 0))
            find_by_looks(q, meter, out);
    }
    if (out->status != CLIFF_STOPPED && !isnan(out->value))
        out->status = CLIFF_FOUND;
}

/* ---- the question ---- */

void cliff_today(const struct scenario *s, struct scenario *out)
{
    static struct scenario defaults; /* large */
    struct param_ref ref;
    *out = *s;
    if (sweep_ref(s, &ref) && isnan(param_get(s, &ref)))
        sweep_scenario(s, 0, out);
    param_defaults(&defaults);
    out->sweep = defaults.sweep;
    out->vary_count = 0;
}

const char *cliff_traffic(const struct scenario *s)
{
    if (s->sources_count > 1)
        return NULL; /* which of them? */
    const struct arrivals a = s->sources_count > 0 ? source_arrivals(s, 0) : s->arrivals;
    const char *key = ((const struct arrival_process *)a.process)->clients ? "clients"
                      : !isnan(a.rate)                                     ? "rate"
                      : !isnan(a.rate_per_consumer)                        ? "rate_per_consumer"
                      : !isnan(a.utilization)                              ? "utilization"
                                                                           : NULL;
    if (s->sources_count > 0)
        return key ? internf("sources.%s.%s", source_core(s, 0)->name, key) : NULL;
    return key ? internf("arrivals.%s", key) : NULL;
}

const char *cliff_tail(const struct scenario *s)
{
    const char *worst = NULL;
    double least = INFINITY;
    for (int i = -1; i < (int)s->classes_count; i++) {
        struct param_ref ref;
        const char *path = i < 0 ? "tasks.size.alpha" : internf("tasks.classes.%d.size.alpha", i);
        if (!param_find(s, path, (struct place){0}, &ref, NULL))
            continue;
        double alpha = param_get(s, &ref);
        if (alpha < least) {
            least = alpha;
            worst = path;
        }
    }
    return worst;
}
