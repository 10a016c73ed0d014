/* queuescope rare: splitting and Pollaczek-Khinchine against exact losses and tails, what is
 * refused, and the command as users meet it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "../sim/base/err.h"
#include "../sim/rare/pk.h"
#include "program.h"
#include "rare_cases.h"
#include "scene.h"
#include "setting.h"

/* Within four standard errors of the truth, on the scale on which intervals are made. */
static void near_truth(const char *name, double value, double half, double truth)
{
    enum { DEGREES = RARE_REPLICATIONS - 1 };
    double t = 2.1314; /* Student's, 95 %, DEGREES */
    if (!(half > 0 && half < 1) || !(fabs(log(value / truth)) < 4 * half / t))
        fail_msg("%s: %.6g (half-width %.2g) where %.6g is exact", name, value, half, truth);
}

/* Of a tail a exp(-theta x), the probability at the quantile that was found. */
static double probability_at(const struct rare_case *c, double x)
{
    return c->a * exp(-c->theta * x);
}

static void check_case(const struct rare_case *c)
{
    struct rare *rare = rare_case_run(c, 7, 1, 3e6, 0);
    const struct rare_column *column = &rare->column[0];
    const struct tail_figure *f = column->figure;
    if (column->tail.replications < RARE_REPLICATIONS)
        fail_msg("%s: nothing found, %g tasks would do", c->name, column->needed);
    assert_true(fabs(column->mass - 1) < 0.03);
    if (c->measure == RARE_LOSS) {
        near_truth(c->name, f->value, f->half, c->loss);
    } else if (!isnan(c->p999)) {
        assert_true(fabs(f[1].value / c->p999 - 1) < 2 * (f[1].high / f[1].low - 1));
        assert_true(f[1].high / f[1].low < 1.5);
    } else {
        for (size_t i = 2; i < RARE_FIGURES; i++)
            near_truth(c->name, probability_at(c, f[i].value), f[i].half, rare_q[i]);
    }
    rare_case_free(rare);
}

static void test_exact_values_are_found(void **state)
{
    (void)state;
    size_t n;
    const struct rare_case *cases = rare_cases(&n);
    for (size_t i = 0; i < n; i++)
        check_case(&cases[i]);
}

/* Without levels a splitting is a plain simulation, on the very tasks of a run. */
static void test_a_walk_is_a_run(void **state)
{
    (void)state;
    static const char *const settings[] = {
        "arrivals.process=poisson; arrivals.rate=2.6; tasks.size.distribution=exponential; "
        "tasks.size.mean=1; consumers.count=3; buffer.capacity=5",
        "arrivals.process=batch; arrivals.rate=0.2; arrivals.batch.distribution=geometric; "
        "arrivals.batch.mean=3; tasks.size.distribution=uniform; tasks.size.low=0.5; "
        "tasks.size.high=1.5; consumers.count=2; consumers.speed=2"};
    enum { TASKS = 5000 };
    for (size_t k = 0; k < sizeof settings / sizeof *settings; k++) {
        struct scenario *s = xcalloc(1, sizeof *s);
        setting_apply(s, settings[k]);
        s->run.tasks = TASKS;
        s->run.warmup = (struct amount){AMOUNT_COUNT, 0};
        s->run.replications = 1;
        struct result *result = scene_run(s, 1);
        struct walk_stage stage;
        walk_stage_of(s, false, &stage);
        struct split split = {.stage = &stage, .by = SPLIT_WAIT, .tasks = TASKS};
        split.levels.weight[0] = 1;
        struct split_tally tally;
        split_tally_init(&tally, &split);
        assert_true(split_run(&split, (uint64_t)s->seed, 0, UINT64_MAX, NULL, &tally));
        struct histogram waits = {0};
        result_histogram(result, 0, 0, MEASURE_WAIT, &waits);
        assert_true(tally.weight[SLOT_ZERO] == (double)waits.zero);
        for (int i = 0; i < HIST_BUCKETS; i++)
            assert_true(tally.weight[SLOT_BUCKETS + i] == (double)histogram_count(&waits, i));
        assert_true(tally.counted == (double)result_row(result, 0, 0)->completed);
        histogram_free(&waits);
        split_tally_free(&tally);
        result_free(result);
        free(s);
    }
}

/* What is not rare is the same by splitting and by an ordinary run. */
static void test_plain_figures_are_those_of_a_run(void **state)
{
    (void)state;
    struct scenario *s = xcalloc(1, sizeof *s);
    setting_apply(s, "arrivals.process=renewal; arrivals.rate=1.8; "
                     "arrivals.interarrival.distribution=hyperexponential; "
                     "arrivals.interarrival.means=0.2,2; "
                     "arrivals.interarrival.probabilities=0.7,0.3; "
                     "tasks.size.distribution=erlang; tasks.size.shape=2; tasks.size.mean=1; "
                     "consumers.count=2; buffer.capacity=6; run.tasks=40000; run.replications=16");
    struct result *result = scene_run(s, 0);
    const struct row *row = result_row(result, 0, 0);
    struct rare_question q = {.s = s, .relative = 1, .confidence = 0.95, .max_tasks = 3e6};
    struct rare *rare = rare_find(&q);
    const struct tail_figure *f = rare->column[0].figure;
    double error = (row->loss_high - row->loss_low) + (f->high - f->low);
    assert_true(error < 0.2 * row->loss_fraction);
    assert_true(fabs(f->value - row->loss_fraction) < error);
    rare_free(rare);
    result_free(result);
    free(s);
}

/* A Weibull law of shape 1 is exponential: both tails of M/M/1 are known. */
static void test_pollaczek_khinchine_is_exact(void **state)
{
    (void)state;
    struct scenario *s = xcalloc(1, sizeof *s);
    struct pk *pk = xmalloc(sizeof *pk);
    setting_apply(s, "arrivals.process=poisson; arrivals.rate=1.2; consumers.speed=2; "
                     "tasks.size.distribution=weibull; tasks.size.shape=1; tasks.size.mean=1");
    for (int latency = 0; latency < 2; latency++) {
        struct tail tail = {.n = 3, .x = {0, 1, 5}};
        pk_init(pk, s, latency);
        scene_near(pk_above(pk, 0.7), exp(-1.4), 1e-6);
        scene_near(log(pk_above(pk, 15)), -30, 1e-5);
        tail_extend(&tail, RARE_REPLICATIONS);
        for (size_t r = 0; r < RARE_REPLICATIONS; r++)
            pk_run(pk, 3, (uint32_t)r, 3000, &tail, r);
        for (size_t i = 0; i < tail.n; i++) {
            struct tail_figure at = tail_at(&tail, i, 0.05);
            double exact = (latency ? 1 : 0.6) * exp(-0.8 * tail.x[i]);
            if (at.half > 1e-9)
                near_truth(latency ? "latency" : "wait", at.value, at.half, exact);
            else
                scene_near(at.value, exact, 1e-9);
        }
        tail_free(&tail);
    }
    free(pk);
    free(s);
}

/* Which laws are heavy, and that their tails far out are those of their cdfs near by. */
static void test_heavy_laws(void **state)
{
    (void)state;
    static const struct {
        const char *law;
        bool heavy;
        double x, far; /* P(X > x) there */
    } laws[] = {
        {"pareto; tasks.size.alpha=2; tasks.size.low=1", true, 1e10, 1e-20},
        {"weibull; tasks.size.shape=0.5; tasks.size.mean=2", true, 2500, 1.9287498479639178e-22},
        {"weibull; tasks.size.shape=2; tasks.size.mean=1", false, NAN, NAN},
        {"lognormal; tasks.size.mean=1; tasks.size.cv2=1", true, 1e4, 0},
        {"exponential; tasks.size.mean=1", false, NAN, NAN},
        {"bounded-pareto; tasks.size.alpha=1.5; tasks.size.low=1; tasks.size.high=9", false, NAN,
         NAN},
    };
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
        struct scenario *s = xcalloc(1, sizeof *s);
        char text[256];
        snprintf(text, sizeof text,
                 "arrivals.process=poisson; arrivals.rate=0.1; tasks.size.distribution=%s",
                 laws[i].law);
        setting_apply(s, text);
        const struct law *law = scenario_size(s, 0);
        const struct distribution *model = law_model(law);
        assert_true((model->heavy && model->heavy(law->params)) == laws[i].heavy);
        for (double x = 0.1; model->above && x < 20; x *= 1.5)
            scene_near(model->above(law->params, x), 1 - model->cdf(law->params, x), 1e-14);
        double far = model->above ? model->above(law->params, laws[i].x) : NAN;
        if (laws[i].far > 0)
            scene_near(far / laws[i].far, 1, 1e-9);
        else
            assert_true(far > 0 || !laws[i].heavy);
        free(s);
    }
}

static void test_threads_do_not_matter(void **state)
{
    (void)state;
    const struct rare_case *c = rare_case_named("M^X/M/1 .6");
    char *text[2];
    for (int i = 0; i < 2; i++) {
        size_t size;
        struct rare *rare = rare_case_run(c, 5, 1, 1e6, i ? 3 : 1);
        text[i] = rare_csv(rare, &size);
        rare_case_free(rare);
    }
    assert_string_equal(text[0], text[1]);
    assert_non_null(strstr(text[0], "latency_p99999") ? NULL : strstr(text[0], "wait_p99999"));
    free(text[0]);
    free(text[1]);
}

/* ---- the command ---- */

static const char system_text[] = "title: Ten\n"
                                  "arrivals: {process: poisson, rate: 0.5/s}\n"
                                  "tasks:\n"
                                  "  size: {distribution: exponential, mean: 1s}\n"
                                  "consumers: {count: 1}\n"
                                  "buffer: {capacity: 15, when_full: reject}\n";

static void test_the_command(void **state)
{
    (void)state;
    file_write("ten.yaml", system_text);
    assert_status("rare ten.yaml -o out --relative 50% --set sweep.parameter=buffer.capacity "
                  "--set sweep.values=11,15",
                  0);
    assert_says("stdout", "At buffer.capacity = 15: loss ");
    assert_says("stdout", "e-6");
    assert_int_equal(file_lines("out/rare.csv"), 3);
    assert_says("out/rare.csv", "loss_fraction,loss_fraction_low,loss_fraction_high");
    assert_true(file_size("out/rare.png") > 1000);
    json_error_t error;
    json_t *root = json_loads(file_text("out/rare.json"), 0, &error);
    json_t *column = json_array_get(json_object_get(root, "columns"), 1);
    json_t *loss = json_object_get(json_object_get(column, "figures"), "loss_fraction");
    double exact = 0.5 * pow(0.5, 16) / (1 - pow(0.5, 17));
    double low = json_real_value(json_object_get(loss, "low")),
           high = json_real_value(json_object_get(loss, "high"));
    assert_true(low / 1.5 < exact && exact < high * 1.5 && high < 3 * low);
    json_decref(root);
}

static void test_too_few_tasks_are_undecided(void **state)
{
    (void)state;
    file_write("ten.yaml", system_text);
    assert_status("rare ten.yaml -o out3 --relative 1% --max-tasks 1M", 3);
    assert_says("stderr", "--max-tasks came first; about ");
    assert_says("stderr", " would do");
    assert_true(file_exists("out3/rare.csv"));
    assert_status("rare ten.yaml -o out4 --max-tasks 1000", 3);
    assert_says("stderr", " would do");
}

static void test_refusals_have_places(void **state)
{
    (void)state;
    static const struct {
        const char *set, *place, *what;
    } refusals[] = {
        {"--set consumers.discipline=lifo", "--set consumers.discipline=lifo", "order of arrival"},
        {"--set buffer.when_full=pause", "--set buffer.when_full=pause", "turns away"},
        {"--set buffer.when_full=drop-oldest", "drop-oldest", "turns away"},
        {"--set buffer.capacity=unbounded --measure loss", "--set buffer.capacity=unbounded",
         "loses nothing"},
        {"--set buffer.capacity=unbounded --set arrivals.rate=1.5", "ten.yaml:2",
         "grows without limit"},
        {"--set buffer.capacity=70000", "--set buffer.capacity=70000", "65536"},
        {"--set tasks.size.distribution=lognormal --set tasks.size.cv2=2 --set tasks.size.mean=1",
         "ten.yaml:4", "heavier than exponential"},
        {"--set sweep.parameter=arrivals.rate --set sweep.from=0.1 --set sweep.to=0.4 "
         "--set sweep.mode=drift --set run.duration=1h",
         "--set sweep.mode=drift", "at rest"},
        {"--measure los", "--measure los", "did you mean 'loss'"},
        {"--relative 200%", "--relative 200%", "from 0.1% to 100%"},
    };
    file_write("ten.yaml", system_text);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        char arguments[512];
        snprintf(arguments, sizeof arguments, "rare ten.yaml -o no %s", refusals[i].set);
        assert_status(arguments, 2);
        assert_says("stderr", refusals[i].place);
        assert_says("stderr", refusals[i].what);
        assert_false(file_exists("no"));
    }
}

static int tear_down(void **state)
{
    return setting_tear_down(state) | program_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_values_are_found),
        cmocka_unit_test(test_a_walk_is_a_run),
        cmocka_unit_test(test_plain_figures_are_those_of_a_run),
        cmocka_unit_test(test_pollaczek_khinchine_is_exact),
        cmocka_unit_test(test_heavy_laws),
        cmocka_unit_test(test_threads_do_not_matter),
        cmocka_unit_test(test_the_command),
        cmocka_unit_test(test_too_few_tasks_are_undecided),
        cmocka_unit_test(test_refusals_have_places),
    };
    return cmocka_run_group_tests(tests, program_setup, tear_down);
}
