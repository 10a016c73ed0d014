/* Objectives, spans, estimates of any confidence, and the search for an answer. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plans.h"
#include "scene.h"
#include "theory.h"

static const struct place here = {"test", 0, 0};
static struct errors errors;

/* ---- objectives ---- */

static struct scenario *simple(void)
{
    return scene("arrivals.rate", "1", "tasks.size.distribution", "exponential", "tasks.size.mean",
                 "1s", NULL);
}

static struct objective parsed(const struct scenario *s, const char *text)
{
    struct objective o;
    errors.n = 0;
    if (!objective_parse(s, text, here, &o, &errors))
        fail_msg("%s: %s", text, errors.text[0]);
    return o;
}

static void assert_refused(const struct scenario *s, const char *text, const char *part)
{
    struct objective o;
    errors.n = 0;
    assert_false(objective_parse(s, text, here, &o, &errors));
    assert_int_equal(errors.n, 1);
    if (!strstr(errors.text[0], part))
        fail_msg("'%s' is not in: %s", part, errors.text[0]);
}

static struct scenario *two_classes(void)
{
    return scene("arrivals.rate", "1", "tasks.classes.0.name", "gold", "tasks.classes.0.share",
                 "0.2", "tasks.classes.0.size.distribution", "exponential",
                 "tasks.classes.0.size.mean", "0.2s", "tasks.classes.1.name", "rest",
                 "tasks.classes.1.share", "0.8", "tasks.classes.1.size.distribution", "exponential",
                 "tasks.classes.1.size.mean", "0.4s", "run.tasks", "20000", NULL);
}

static void test_objectives(void **state)
{
    (void)state;
    struct scenario *s = two_classes();
    struct objective o = parsed(s, " p99 <= 250ms");
    assert_string_equal(o.text, "latency_p99 <= 250ms");
    assert_int_equal(o.figure.kind, FIGURE_LATENCY_QUANTILE);
    assert_int_equal(o.figure.class, 2);
    assert_true(o.figure.p == 0.99 && o.limit == 0.25 && !o.at_least);
    assert_true(parsed(s, "p99.9<=1s").figure.p == 0.999);
    assert_true(parsed(s, "p999<=1s").figure.p == 0.999);
    assert_true(parsed(s, "p99.99<=1s").figure.p == 0.9999);
    assert_string_equal(parsed(s, "latency_p9999 <= 1s").text, "latency_p9999 <= 1s");
    assert_string_equal(parsed(s, "wait_p95<1s").text, "wait_p95 <= 1s");
    assert_string_equal(parsed(s, "p50 <= 1 s").text, "latency_p50 <= 1s");
    o = parsed(s, "gold.p99.9 <= 1s");
    assert_int_equal(o.figure.class, 0);
    assert_true(o.figure.p == 0.999);
    assert_string_equal(parsed(s, "rest.loss <= 0.1%").text, "rest.loss_fraction <= 0.001");
    assert_int_equal(parsed(s, "all.wait_mean <= 1s").figure.class, 2);
    assert_int_equal(parsed(s, "all.utilization <= 80%").figure.kind, FIGURE_UTILIZATION);
    assert_int_equal(parsed(s, "main.p99 <= 1s").figure.class, 2);
    assert_int_equal(parsed(s, "main.rest.mean <= 1s").figure.class, 1);
    assert_string_equal(parsed(s, "main.mean <= 1s").text, "main.latency_mean <= 1s");
    o = parsed(s, "goodput >= 240/min");
    assert_true(o.at_least && o.limit == 4);
    assert_true(parsed(s, "utilization <= 80%").limit == 0.8);
    assert_true(parsed(s, "queue_mean <= 5").limit == 5);
    free(s);
}

static void test_objectives_refused(void **state)
{
    (void)state;
    struct scenario *s = two_classes();
    assert_refused(s, "", "such as 'p99 <= 250ms'");
    assert_refused(s, "p99", "MEASURE <= VALUE");
    assert_refused(s, "p99 = 3s", "MEASURE <= VALUE");
    assert_refused(s, "p99 =< 3s", "MEASURE <= VALUE");
    assert_refused(s, "lantency_p99 <= 3s", "did you mean 'latency_p99'?");
    assert_refused(s, "utilisation <= 80%", "did you mean 'utilization'?");
    assert_refused(s, "p100 <= 3s", "from p50 to p99.99");
    assert_refused(s, "p10 <= 3s", "from p50 to p99.99");
    assert_refused(s, "p99.999 <= 3s", "from p50 to p99.99");
    assert_refused(s, "latency_max <= 3s", "ask for a quantile");
    assert_refused(s, "completed >= 3", "ask for goodput");
    assert_refused(s, "golf.p99 <= 3s", "unknown class 'golf' (did you mean 'gold'?)");
    assert_refused(s, "gold.utilization <= 80%", "of all classes together only");
    assert_refused(s, "p99 <= 250 parsec", "unknown unit 'parsec'");
    assert_refused(s, "p99 <= 20%", "unknown unit '%'");
    assert_refused(s, "loss <= 120%", "at most 100%");
    assert_refused(s, "p99 <= -1s", "below zero");
    assert_refused(s, "p99 <=", "no value");
    /* Without its unit, 250 is 250 s or 250 ms; 0 is 0. */
    assert_refused(s, "p99 <= 250", "needs its unit: 250ms, or 250s?");
    assert_refused(s, "gold.wait_mean <= 1e-2 ", "needs its unit: 1e-2ms, or 1e-2s?");
    assert_refused(s, "goodput >= 40", "needs its unit: 40/s, or 40/min?");
    assert_true(parsed(s, "wait_p50 <= 0").limit == 0);
    assert_string_equal(parsed(s, "loss <= 0.5").doubt,
                        "'0.5' without a unit is read as 50 %: write the %");
    assert_null(parsed(s, "loss <= 0.5%").doubt);
    /* What cannot fail promises nothing. */
    assert_refused(s, "loss <= 1", "1 in 100 is 1%");
    assert_refused(s, "utilization <= 100%", "it cannot fail: no share is above 100%");
    assert_refused(s, "goodput >= 0/s", "it cannot fail");
    assert_refused(s, "gold.wait_mean >= 0s", "it cannot fail");
    free(s);
    s = simple();
    assert_refused(s, "gold.p99 <= 3s", "has no tasks.classes");
    free(s);
}

static void test_judging(void **state)
{
    (void)state;
    struct scenario *s = simple();
    struct objective most = parsed(s, "p99 <= 2s"), least = parsed(s, "goodput >= 2/s");
    const struct estimate below = {1.5, 1, 1.9}, across = {1.9, 1.5, 2.1}, above = {3, 2.1, 4},
                          none = {1, NAN, NAN}, without = {INFINITY, INFINITY, INFINITY};
    assert_int_equal(objective_judge(&most, &below), FINDING_MET);
    assert_int_equal(objective_judge(&most, &across), FINDING_UNDECIDED);
    assert_int_equal(objective_judge(&most, &above), FINDING_UNMET);
    assert_int_equal(objective_judge(&most, &none), FINDING_UNDECIDED);
    assert_int_equal(objective_judge(&most, &without), FINDING_UNMET);
    assert_int_equal(objective_judge(&least, &below), FINDING_UNMET);
    assert_int_equal(objective_judge(&least, &across), FINDING_UNDECIDED);
    assert_int_equal(objective_judge(&least, &above), FINDING_MET);
    free(s);
}

/* ---- spans ---- */

static void test_spans(void **state)
{
    (void)state;
    struct scenario *s = simple();
    struct span span;
    errors.n = 0;
    assert_true(span_parse(s, "consumers.count", "3..9", here, &span, &errors));
    assert_int_equal(span.n, 7);
    assert_true(span_value(&span, 0) == 3 && span_value(&span, 6) == 9 && span.resolution == 0);
    assert_true(s->stage.consumers == 3);
    assert_true(span_parse(s, "arrivals.rate", "10/s..6k/min", here, &span, &errors));
    assert_true(span.resolution == 1 && span_value(&span, 1) == 10.25 && span.n == 361);
    assert_true(span_value(&span, 360) == 100);
    assert_true(span_parse(s, "buffer.capacity", "unbounded,10,0,10", here, &span, &errors));
    assert_int_equal(span.n, 3);
    assert_true(span_value(&span, 0) == 0 && isinf(span_value(&span, 2)));
    span_free(&span);
    assert_int_equal(errors.n, 0);
    assert_false(span_parse(s, "consumers.count", "9..3", here, &span, &errors));
    assert_false(span_parse(s, "consumers.count", "9", here, &span, &errors));
    assert_false(span_parse(s, "consumers.count", "0..3", here, &span, &errors));
    assert_false(span_parse(s, "consumers.count", "1..2000000", here, &span, &errors));
    assert_false(span_parse(s, "consumers.cout", "1..3", here, &span, &errors));
    assert_false(span_parse(s, "buffer.capacity", "1..unbounded", here, &span, &errors));
    assert_false(span_parse(s, "consumers.discipline", "1..3", here, &span, &errors));
    assert_int_equal(errors.n, 7);
    free(s);
}

/* ---- estimates ---- */

static void test_estimates(void **state)
{
    (void)state;
    struct scenario *s =
        scene("arrivals.rate", "0.8", "tasks.size.distribution", "exponential", "tasks.size.mean",
              "1s", "run.tasks", "200000", "run.replications", "8", NULL);
    struct result *result = scene_run(s, 2);
    const struct row *row = result_row(result, 0, 0);
    for (int i = 0; i < QUANTILES; i++) {
        struct figure_wanted wanted = {FIGURE_LATENCY_QUANTILE, quantile_p[i], 0, 0};
        struct estimate e = estimate_of(result, 0, &wanted, 0.05);
        assert_true(e.value == row->latency_q[i]);
        assert_int_equal(isnan(e.low), isnan(row->latency_low[i]));
        if (isnan(e.low))
            continue;
        assert_true(e.low == row->latency_low[i] && e.high == row->latency_high[i]);
        struct estimate surer = estimate_of(result, 0, &wanted, 1e-3);
        assert_true(isnan(surer.low) || (surer.low < e.low && surer.high > e.high));
    }
    struct estimate e =
        estimate_of(result, 0, &(struct figure_wanted){.kind = FIGURE_WAIT_MEAN}, 0.05);
    scene_near(e.value, row->wait_mean, 1e-12);
    scene_near(e.high - e.value, row->wait_mean_ci95, 1e-12);
    static const struct {
        enum figure_kind kind;
        double p, exact;
    } known[] = {{FIGURE_WAIT_QUANTILE, 0.99, NAN}, {FIGURE_WAIT_PROBABILITY, 0, 0.8},
                 {FIGURE_UTILIZATION, 0, 0.8},      {FIGURE_THROUGHPUT, 0, 0.8},
                 {FIGURE_GOODPUT, 0, 0.8},          {FIGURE_ARRIVAL_RATE, 0, 0.8},
                 {FIGURE_QUEUE_MEAN, 0, 3.2},       {FIGURE_IN_SYSTEM_MEAN, 0, 4},
                 {FIGURE_LATENCY_MEAN, 0, 5},       {FIGURE_LOSS_FRACTION, 0, 0}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct figure_wanted wanted = {known[i].kind, known[i].p, 0, 0};
        double exact = isnan(known[i].exact)
                           ? theory_value("M/M/c", "lambda=0.8;mu=1;c=1", "wait_p99")
                           : known[i].exact;
        e = estimate_of(result, 0, &wanted, 1e-4);
        if (!(e.low <= exact && exact <= e.high) || e.high - e.low > 0.5 * exact)
            fail_msg("figure %zu: %g (%g to %g) is not %g", i, e.value, e.low, e.high, exact);
    }
    result_free(result);
    free(s);
}

/* A wait that most tasks do not have is 0, and its interval does not deny it. */
static void test_no_wait(void **state)
{
    (void)state;
    struct scenario *s =
        scene("arrivals.rate", "0.5", "tasks.size.distribution", "exponential", "tasks.size.mean",
              "1s", "consumers.count", "3", "run.tasks", "20000", NULL);
    struct result *result = scene_run(s, 1);
    struct estimate e =
        estimate_of(result, 0, &(struct figure_wanted){FIGURE_WAIT_QUANTILE, 0.9, 0, 0}, 1e-3);
    assert_true(e.value == 0 && e.low == 0 && e.high == 0);
    result_free(result);
    free(s);
}

static void test_growth(void **state)
{
    (void)state;
    struct scenario *s = scene("arrivals.rate", "1.5", "tasks.size.distribution", "exponential",
                               "tasks.size.mean", "1s", "run.tasks", "20000", NULL);
    struct result *result = scene_run(s, 1);
    struct estimate e =
        estimate_of(result, 0, &(struct figure_wanted){FIGURE_LATENCY_QUANTILE, 0.5, 0, 0}, 0.01);
    assert_true(isinf(e.value) && isinf(e.low) && isinf(e.high));
    e = estimate_of(result, 0, &(struct figure_wanted){.kind = FIGURE_THROUGHPUT}, 1e-4);
    assert_true(e.low < 1 && 1 < e.high);
    result_free(result);
    free(s);
}

static void test_classes(void **state)
{
    (void)state;
    struct scenario *s = two_classes();
    struct result *result = scene_run(s, 1);
    struct estimate e =
        estimate_of(result, 0, &(struct figure_wanted){FIGURE_GOODPUT, 0, 0, 0}, 1e-4);
    assert_true(e.low < 0.2 && 0.2 < e.high);
    e = estimate_of(result, 0, &(struct figure_wanted){FIGURE_GOODPUT, 0, 2, 0}, 1e-4);
    assert_true(e.low < 1 && 1 < e.high);
    e = estimate_of(result, 0, &(struct figure_wanted){FIGURE_LATENCY_QUANTILE, 0.99, 0, 0}, 0.05);
    assert_true(e.value == result_row(result, 0, 0)->latency_q[2]);
    result_free(result);
    free(s);
}

/* ---- answers ---- */

/* Problems whose answers theory knows: it gives them at once, and simulation bears them out. */
static void test_answers_by_theory(void **state)
{
    (void)state;
    for (size_t i = 0; i < plan_problems(); i++) {
        struct plan_problem *problem = plan_problem(i);
        struct answer *answer = answer_find(&problem->question);
        if (plan_judge(problem, answer) != PLAN_RIGHT)
            fail_msg("%s: not the answer", problem->name);
        const struct point *best = answer->best->best;
        assert_true(best->theory && best->check != CHECK_DISAGREES && !answer->contradicted);
        assert_true(answer->spent <= 2 * CHECK_TASKS);
        answer_free(answer);
        plan_problem_free(problem);
    }
}

/* The same by simulation, each with one seed: `make plans` asks with many. */
static void test_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < plan_problems(); i++) {
        struct plan_problem *problem = plan_problem(i);
        problem->question.max_tasks = 2e7;
        problem->question.simulate = true;
        struct answer *answer = answer_find(&problem->question);
        if (plan_judge(problem, answer) == PLAN_WRONG)
            fail_msg("%s: a wrong answer", problem->name);
        if (problem->apart > 0.2 && plan_judge(problem, answer) != PLAN_RIGHT)
            fail_msg("%s: no answer within 20 M tasks", problem->name);
        assert_true(answer->spent <= 1.1 * problem->question.max_tasks);
        assert_true(answer->finding != FINDING_UNDECIDED ||
                    answer->needed > problem->question.max_tasks);
        answer_free(answer);
        plan_problem_free(problem);
    }
}

/* What may go wrong in all is no more than was asked for, however many values are tried. */
static void test_risk(void **state)
{
    (void)state;
    struct plan_problem *problem = plan_problem(plan_problems() - 1);
    problem->question.simulate = true;
    struct answer *answer = answer_find(&problem->question);
    double sum = 0;
    for (size_t k = 0; k < answer->n_points; k++)
        sum += answer->points[k]->risk * answer->points[k]->looks;
    assert_true(answer->n_points > 10 && sum > 0 && sum <= 0.05);
    answer_free(answer);
    plan_problem_free(problem);
}

/* The same question has the same answer on any number of threads. */
static void test_threads(void **state)
{
    (void)state;
    struct plan_problem *problem = plan_problem(0);
    problem->question.simulate = true;
    problem->question.jobs = 1;
    struct answer *one = answer_find(&problem->question);
    problem->question.jobs = 3;
    struct answer *three = answer_find(&problem->question);
    char *a = answer_json(one), *b = answer_json(three);
    assert_string_equal(a, b);
    free(a);
    free(b);
    answer_free(one);
    answer_free(three);
    plan_problem_free(problem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objectives),    cmocka_unit_test(test_objectives_refused),
        cmocka_unit_test(test_judging),       cmocka_unit_test(test_spans),
        cmocka_unit_test(test_estimates),     cmocka_unit_test(test_no_wait),
        cmocka_unit_test(test_growth),        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_known_answers), cmocka_unit_test(test_answers_by_theory),
        cmocka_unit_test(test_risk),          cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
