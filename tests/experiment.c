#include "experiment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/result/stats.h"
#include "given.h"
#include "theory.h"

struct experiment *experiment_run(const char *model, const char *params, double tasks,
                                  double replications, const char *warmup)
{
    struct experiment *e = xcalloc(1, sizeof *e);
    e->model = model;
    e->params = params;
    if (!experiment_scenario(model, params, &e->scenario)) {
        free(e);
        return NULL;
    }
    scenario_set(&e->scenario, "run.tasks", "%.17g", tasks);
    scenario_set(&e->scenario, "run.replications", "%.17g", replications);
    scenario_set(&e->scenario, "run.warmup", "%s", warmup);
    static struct errors errors;
    errors.n = 0;
    if (!scenario_check(&e->scenario, NULL, &errors))
        fail_msg("%s: %s: %s", model, params, errors.text[0]);
    e->replications = (uint32_t)replications;
    e->trials = xcalloc(e->replications, sizeof(struct trial *));
    e->result = result_new(&e->scenario, &events_engine);
    for (uint32_t i = 0; i < e->replications; i++) {
        e->trials[i] = trial_run(&e->scenario, &events_engine, 0, i, NULL, NULL);
        result_add(e->result, e->trials[i]);
    }
    result_finish(e->result);
    e->row = result_row(e->result, 0, result_row_classes(e->result) - 1);
    return e;
}

void experiment_free(struct experiment *e)
{
    for (uint32_t i = 0; i < e->replications; i++)
        trial_free(e->trials[i]);
    free(e->trials);
    result_free(e->result);
    free(e);
}

void experiment_check(const struct experiment *e)
{
    const struct row *row = e->row;
    const struct audit *audit = &e->result->audit;
    assert_true(row->offered == row->completed + row->lost + row->unfinished);
    assert_int_equal(row->unfinished, 0);
    if (row->stable == STABLE_NO)
        fail_msg("%s %s: judged unstable", e->model, e->params);
    if (!audit->conservation || !audit->little || !audit->utilization || !audit->work_conserving ||
        !audit->pasta)
        fail_msg("%s %s: audit: %s; %s; %s", e->model, e->params, audit->text[0], audit->text[1],
                 audit->text[2]);
}

double normal_score(double t, double degrees)
{
    double p = gsl_cdf_tdist_Q(fabs(t), degrees);
    return copysign(p > 0 ? gsl_cdf_ugaussian_Qinv(p) : 40, t);
}

/* What a measure looks at in one replication: a / b over all replications estimates `target`. */
struct look {
    const struct cell *cell;
    const struct window *window;
    double exact; /* value to be compared with, or the cut of a truncated mean */
    double mean_wait;
};

/* Sum over the tasks of f(time), buckets at their middle. */
static double sum_times(const struct histogram *h, double (*f)(double time, double x), double x)
{
    double sum = (double)h->zero * f(0, x);
    for (int i = 0; i < HIST_BUCKETS; i++) {
        uint64_t n = h->page[i / HIST_SUB] ? histogram_count(h, i) : 0;
        if (n)
            sum += (double)n * f((histogram_low(i) + histogram_high(i)) / 2, x);
    }
    return sum;
}

static double square_from(double wait, double x)
{
    return (wait - x) * (wait - x);
}

static double at_most(double wait, double x)
{
    return wait < x ? wait : x;
}

static double per_task(const struct look *l, double sum, double *b)
{
    *b = (double)l->cell->completed;
    return sum;
}

static double look_waits(const struct look *l, double *b)
{
    return per_task(l, (double)(l->cell->completed - l->cell->wait.zero), b);
}

static double look_wait(const struct look *l, double *b)
{
    return per_task(l, l->cell->wait_sum, b);
}

static double look_latency(const struct look *l, double *b)
{
    return per_task(l, l->cell->latency_sum, b);
}

static double look_second(const struct look *l, double *b)
{
    return per_task(l, sum_times(&l->cell->wait, square_from, 0), b);
}

static double look_latency_second(const struct look *l, double *b)
{
    return per_task(l, sum_times(&l->cell->latency, square_from, 0), b);
}

static double look_variance(const struct look *l, double *b)
{
    return per_task(l, sum_times(&l->cell->wait, square_from, l->mean_wait), b);
}

static double look_cut(const struct look *l, double *b)
{
    return per_task(l, sum_times(&l->cell->wait, at_most, l->exact), b);
}

static double look_wait_above(const struct look *l, double *b)
{
    double below = histogram_rank(&l->cell->wait, l->exact);
    return per_task(l, (double)l->cell->completed - below, b);
}

static double look_latency_above(const struct look *l, double *b)
{
    double below = histogram_rank(&l->cell->latency, l->exact);
    return per_task(l, (double)l->cell->completed - below, b);
}

static double look_lost(const struct look *l, double *b)
{
    *b = (double)l->cell->offered;
    return (double)cell_lost(l->cell);
}

/* Of all tasks, those that did not begin at once, whether or not they left. */
static double look_offered_waits(const struct look *l, double *b)
{
    double waited = (double)(l->cell->completed - l->cell->wait.zero);
    return waited + look_lost(l, b);
}

static double per_second(const struct look *l, double sum, double *b)
{
    *b = l->window->close.time - l->window->open.time;
    return sum;
}

static double look_throughput(const struct look *l, double *b)
{
    return per_second(l, (double)(l->window->close.completed - l->window->open.completed), b);
}

static double look_queue(const struct look *l, double *b)
{
    return per_second(l, l->window->close.queue_area - l->window->open.queue_area, b);
}

static double look_wait_all(const struct look *l, double *b)
{
    double area = look_queue(l, b);
    *b = (double)(l->window->close.arrived - l->window->open.arrived);
    return area;
}

static double look_inside(const struct look *l, double *b)
{
    double busy = l->window->close.busy_area - l->window->open.busy_area;
    return look_queue(l, b) + per_second(l, busy, b);
}

typedef double look_function(const struct look *look, double *b);

/* The t value of a / b over replications against `target`, as a normal score. A `rare` share comes
 * in bursts, whose number varies as its mean does: few of them mean a small spread too, which would
 * make low estimates look worse than they are. So the spread is taken as it is at the target (the
 * score test; Agresti, Categorical Data Analysis, 2013, section 1.3). */
static double score(const struct experiment *e, look_function *f, uint32_t class, double exact,
                    double target, double error, bool rare)
{
    double *a = xmalloc(2 * e->replications * sizeof *a), *b = a + e->replications;
    double mean_wait = theory_value(e->model, e->params, "mean_wait");
    for (uint32_t i = 0; i < e->replications; i++) {
        const struct trial *trial = e->trials[i];
        struct look look = {&trial->cells[class], &trial->windows[0], exact, mean_wait};
        a[i] = f(&look, &b[i]);
    }
    struct ratio ratio = stats_ratio(a, b, e->replications);
    free(a);
    double spread = ratio.error * (rare ? sqrt(target / ratio.value) : 1);
    double t = (ratio.value - target) / hypot(spread, error);
    return normal_score(t, e->replications - 1);
}

/* The figure of the row beside it, and the interval that the row states. */
static void from_row(const struct row *row, const char *measure, struct score *out)
{
    double half = NAN, p = theory_p(measure);
    out->value = NAN;
    for (int i = 0; i < QUANTILES; i++)
        if (p == quantile_p[i]) {
            bool latency = measure[0] == 'r';
            out->value = latency ? row->latency_q[i] : row->wait_q[i];
            out->low = row->latency_low[i];
            out->high = row->latency_high[i];
            out->stated = latency && !isnan(out->low);
            out->silent = isnan(out->low);
            return;
        }
    if (strcmp(measure, "mean_wait_all") == 0) {
        out->value = row->queue_mean / row->arrival_rate;
    } else if (strncmp(measure, "mean_wait", 9) == 0) {
        out->value = row->wait_mean;
        half = row->wait_mean_ci95;
        out->stated = !isnan(half);
        out->silent = isnan(half);
    } else if (strcmp(measure, "mean_response") == 0) {
        out->value = row->latency_mean;
        half = row->latency_mean_ci95;
        out->stated = !isnan(half);
        out->silent = isnan(half);
    } else if (strcmp(measure, "p_wait") == 0 || strcmp(measure, "sigma") == 0)
        out->value = row->wait_probability;
    else if (strcmp(measure, "loss_prob") == 0)
        out->value = row->loss_fraction;
    else if (strcmp(measure, "p_abandon") == 0) {
        out->value = row->loss_fraction;
        out->low = row->loss_low;
        out->high = row->loss_high;
        out->stated = !isnan(out->low);
        return;
    } else if (strcmp(measure, "throughput") == 0)
        out->value = row->throughput;
    else if (strcmp(measure, "mean_queue_length") == 0)
        out->value = row->queue_mean;
    else if (strcmp(measure, "mean_number_in_system") == 0)
        out->value = row->in_system_mean;
    out->low = out->value - half;
    out->high = out->value + half;
}

/* The class that mean_wait_class1, mean_response_class2, ... is of, or mean_response_given_size,
 * where each class has a size of its own; 0: of all. */
static int class_of(const struct experiment *e, const char *measure)
{
    const char *class = strstr(measure, "_class");
    if (strcmp(measure, "mean_response_given_size") == 0)
        return given(e->params, "size") == given(e->params, "value1") ? 1 : 2;
    return class ? atoi(class + 6) : 0;
}

bool experiment_score(const struct experiment *e, const char *measure, double exact, double error,
                      struct score *out)
{
    static const struct {
        const char *name;
        look_function *look;
    } looks[] = {
        {"p_wait", look_waits},
        {"sigma", look_waits},
        {"mean_wait", look_wait},
        {"mean_response", look_latency},
        {"wait_m2", look_second},
        {"wait_var", look_variance},
        {"resp_m2", look_latency_second},
        {"loss_prob", look_lost},
        {"p_abandon", look_lost},
        {"mean_wait_served", look_wait},
        {"mean_wait_all", look_wait_all},
        {"throughput", look_throughput},
        {"mean_queue_length", look_queue},
        {"mean_number_in_system", look_inside},
    };
    double p = theory_p(measure);
    *out = (struct score){0};
    from_row(e->row, measure, out);
    if (!isnan(p)) {
        look_function *look = measure[0] == 'r' ? look_latency_above : look_wait_above;
        out->z = out->silent ? NAN : score(e, look, 0, exact, 1 - p, 0, true);
        return true;
    }
    int class = class_of(e, measure);
    if (class > 0) {
        bool latency = measure[5] == 'r';
        const struct row *row = result_row(e->result, 0, (uint32_t) class - 1);
        from_row(row, latency ? "mean_response" : "mean_wait", out);
        out->z = score(e, latency ? look_latency : look_wait, (uint32_t) class - 1, exact, exact,
                       error, false);
        return true;
    }
    bool all = scenario_impatient(&e->scenario) && strcmp(measure, "p_wait") == 0;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (strcmp(looks[i].name, measure) == 0) {
            look_function *look = all ? look_offered_waits : looks[i].look;
            out->z = score(e, look, 0, exact, exact, error, false);
            return true;
        }
    return false;
}

double experiment_score_cut(const struct experiment *e, double x, double excess, double exact)
{
    return score(e, look_cut, 0, x, exact - excess, 0, false);
}
