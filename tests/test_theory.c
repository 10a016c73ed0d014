/*
 * The simulator against formulas, in a clone by itself: every kind of arrivals, sizes, discipline
 * and buffer that a formula covers, each measure compared by its own standard error (experiment.h);
 * scores.h says what must hold of all together. test_oracles.c does the same with the published
 * values, where they are at hand.
 *
 * QUEUESCOPE_LONG=1 in the environment adds the long check (a minute): the mean wait of M/G/1 with
 * bounded Pareto sizes of exponent 2.5, 1e8 tasks, within 1 % of Pollaczek-Khinchine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "paths.h"
#include "scores.h"
#include "theory.h"

enum { TASKS = 60000, REPLICATIONS = 30, PATHS = 8000 };

struct point {
    const char *model, *params;
    const char *measures[8];
};

#define RESPONSE "mean_wait", "mean_response", "resp_p50", "resp_p90", "resp_p99", "resp_p999"
#define WAIT     "mean_wait", "wait_m2", "p_wait", "wait_p50", "wait_p90", "wait_p99"
#define MEAN     "mean_wait", "p_wait"
#define LOSS     "loss_prob", "throughput"
#define SHORTEST "mean_wait", "mean_response"
#define THREE                                                                                      \
    "classes=3;class1_lambda=1;class1_service=exponential;class1_mean_service=1;"                  \
    "class2_lambda=0.8;class2_service=exponential;class2_mean_service=1;"                          \
    "class3_lambda=1.4;class3_service=exponential;class3_mean_service=1"
#define BPARETO "service=bpareto;low=0.5;high=100;alpha="
#define HYPER   "service=hyperexponential;p1=0.8;mean1=0.5;mean2=3"

static const struct point points[] = {
    {"M/M/c", "lambda=0.8;mu=1;c=1", {RESPONSE, "p_wait", "mean_queue_length"}},
    {"M/M/c", "lambda=2.4;mu=1;c=3", {RESPONSE, "p_wait", "mean_number_in_system"}},
    {"M/M/c", "lambda=18;mu=1;c=20", {RESPONSE, "wait_p90", "wait_p99"}},
    {"M/M/c", "lambda=900;mu=1;c=1000", {"mean_response", "resp_p50", "resp_p99"}},
    {"M/M/c/K", "lambda=0.9;mu=1;c=1;K=4", {LOSS, "mean_wait"}},
    {"M/M/c/K", "lambda=5;mu=1;c=4;K=10", {LOSS, "mean_wait"}},
    {"M/M/c/K", "lambda=3;mu=1;c=3;K=3", {LOSS}},
    {"M/G/c/c", "lambda=4;c=6;K=6;service=erlang;k=3;mean_service=1", {LOSS}},
    {"M/G/c/c", "lambda=4;c=6;K=6;" HYPER, {LOSS}},
    {"M/G/c/c", "lambda=2;c=3;K=3;" BPARETO "2.5", {LOSS}},
    {"M/D/1/K", "lambda=0.95;mean_service=1;K=4", {"loss_prob"}},
    {"M/G/1", "lambda=0.7;service=exponential;mean_service=1", {WAIT}},
    {"M/G/1", "lambda=0.7;service=deterministic;mean_service=1", {WAIT}},
    {"M/G/1", "lambda=0.7;service=erlang;k=4;mean_service=1", {WAIT}},
    {"M/G/1", "lambda=0.6;" HYPER, {WAIT}},
    {"M/G/1", "lambda=0.6;service=lognormal;mu_log=-0.2;sigma_log=0.7", {WAIT}},
    {"M/G/1", "lambda=0.7;service=pareto;xm=0.6;alpha=4.5", {"mean_wait", "p_wait", "wait_p90"}},
    {"M/G/1", "lambda=1;" BPARETO "4", {WAIT}},
    {"M/G/1", "lambda=1;" BPARETO "3", {WAIT}},
    {"M/G/1", "lambda=0.6;" BPARETO "2", {WAIT}},
    {"M/D/c", "lambda=2.4;service=deterministic;mean_service=1;c=3", {MEAN, "wait_p99"}},
    {"M/D/c", "lambda=8.5;service=deterministic;mean_service=1;c=10", {MEAN, "wait_p99"}},
    {"M/PH/c", "lambda=2.4;service=erlang;k=2;mean_service=1;c=3", {MEAN}},
    {"M/PH/c", "lambda=2.1;" HYPER ";c=3", {MEAN}},
    {"GI/M/1", "arrival=deterministic;mean_interarrival=1.25;mu=1", {RESPONSE, "sigma"}},
    {"GI/M/1", "arrival=erlang;k=3;mean_interarrival=1.25;mu=1", {RESPONSE, "sigma"}},
    {"GI/M/1", "arrival=hyperexponential;p1=0.8;mean1=0.5;mean2=5;mu=1", {RESPONSE, "sigma"}},
    {"GI/M/1", "arrival=pareto;xm=0.6;alpha=2.5;mu=1.25", {RESPONSE, "sigma"}},
    {"M/G/1-NPPRIO",
     "classes=2;class1_lambda=0.3;class1_service=deterministic;class1_mean_service=1;"
     "class2_lambda=0.2;class2_service=exponential;class2_mean_service=2",
     {"mean_wait_class1", "mean_wait_class2"}},
    {"M/G/1-SJF", "lambda=0.7;service=exponential;mean_service=1", {"mean_wait"}},
    {"M/G/1-SJF", "lambda=1;" BPARETO "3", {"mean_wait"}},
    {"M/G/1-SJF", "lambda=0.7;service=erlang;k=3;mean_service=1", {"mean_wait"}},
    {"M/G/1-SJF", "lambda=0.6;" HYPER, {"mean_wait"}},
    {"M/G/1-SJF", "lambda=0.6;service=lognormal;mu_log=-0.2;sigma_log=0.7", {"mean_wait"}},
    {"M/G/1-SRPT", "lambda=0.7;service=exponential;mean_service=1", {SHORTEST}},
    {"M/G/1-SRPT", "lambda=0.7;service=deterministic;mean_service=1", {SHORTEST}},
    {"M/G/1-SRPT", "lambda=0.7;service=erlang;k=3;mean_service=1", {SHORTEST}},
    {"M/G/1-SRPT", "lambda=0.6;" HYPER, {SHORTEST}},
    {"M/G/1-SRPT", "lambda=0.6;service=lognormal;mu_log=-0.2;sigma_log=0.7", {SHORTEST}},
    {"M/G/1-SRPT", "lambda=0.7;service=pareto;xm=0.6;alpha=2.9", {SHORTEST}},
    {"M/G/1-SRPT", "lambda=1;" BPARETO "3", {SHORTEST}},
    {"M/M/c-NPPRIO", "c=4;" THREE, {"mean_wait_class1", "mean_wait_class2", "mean_wait_class3"}},
    {"M/M/c-PRPRIO",
     "c=4;" THREE,
     {"mean_response_class1", "mean_response_class2", "mean_response_class3"}},
    {"M/G/1-PRPRIO",
     "classes=2;class1_lambda=0.3;class1_service=deterministic;class1_mean_service=1;"
     "class2_lambda=0.2;class2_service=exponential;class2_mean_service=2",
     {"mean_wait_class1", "mean_response_class1", "mean_wait_class2", "mean_response_class2"}},
    {"M/G/1-LIFOPR", "lambda=0.6;service=exponential;mean_service=1", {"mean_response"}},
    {"M/G/1-LIFOPR", "lambda=0.6;" HYPER, {"mean_response"}},
    {"M/G/1-PS", "lambda=0.7;service=exponential;mean_service=1", {"mean_response"}},
    {"M/M/1-PS", "lambda=0.7;service=exponential;mean_service=1", {"resp_m2"}},
    {"M/G/1-PS", "lambda=0.6;" HYPER, {"mean_response"}},
    {"M/G/1-PS", "lambda=0.7;service=pareto;xm=0.6;alpha=2.9", {"mean_response"}},
    {"M/G/1-PS",
     "lambda=0.4;service=two-point;p1=0.8;value1=1;value2=5;size=5",
     {"mean_response_given_size"}},
    {"M/G/c-PS", "c=3;lambda=2.1;" HYPER, {"mean_response"}},
    {"M/G/c-PS", "c=3;lambda=2.1;service=deterministic;mean_service=1", {"mean_response"}},
    {"M/G/c/K-PS", "c=2;K=6;lambda=1.4;" HYPER, {"mean_response", "loss_prob"}},
    {"M/G/c/K-PS", "c=1;K=5;lambda=1;service=deterministic;mean_service=1", {"loss_prob"}},
    {"M/G/1-LIFO", "lambda=0.6;service=exponential;mean_service=1", {"mean_wait", "wait_var"}},
    {"M/G/1-LIFO", "lambda=0.6;service=erlang;k=2;mean_service=1", {"mean_wait", "wait_var"}},
    {"M^X/M/1",
     "lambda_batch=0.2;batch=fixed;mean_batch=3;mu=1",
     {"mean_response", "mean_number_in_system"}},
    {"M^X/M/1",
     "lambda_batch=0.3;batch=geometric;mean_batch=2;mu=1",
     {"mean_response", "mean_number_in_system"}},
    {"MMPP2/M/1", "lambda1=0.3;lambda2=1.2;r12=0.2;r21=0.4;mu=1", {"mean_response", "p_wait"}},
};

static void test_at_rest(void **state)
{
    (void)state;
    struct scores scores = {0};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        const struct point *p = &points[i];
        struct experiment *e = experiment_run(p->model, p->params, TASKS, REPLICATIONS, "auto");
        assert_non_null(e);
        experiment_check(e);
        for (size_t j = 0; j < 8 && p->measures[j]; j++) {
            struct score score;
            double exact = theory_value(p->model, p->params, p->measures[j]);
            if (isnan(exact) || !experiment_score(e, p->measures[j], exact, 0, &score))
                fail_msg("%s %s: %s: no value", p->model, p->params, p->measures[j]);
            scores_add(&scores, p->model, p->params, p->measures[j], exact, &score);
        }
        experiment_free(e);
    }
    scores_judge(&scores);
}

static void test_in_motion(void **state)
{
    (void)state;
    static const char scheduled[] =
        "c=2;mu=1;L0=0;rate1=1;rate2=3;rate3=1.5;switch1=10;switch2=20;t=";
    char later[128];
    struct scores scores = {0};
    struct point moving[] = {
        {"M/M/1-transient", "lambda=0.9;mu=1;L0=0;t=5", {"mean_number_at_t"}},
        {"M/M/1-transient", "lambda=1.1;mu=1;L0=0;t=100", {"mean_number_at_t"}},
        {"M(t)/M/c", later, {"mean_number_at_t"}},
        {"M/G/c-overload",
         "lambda=3;c=2;service=exponential;mean_service=1",
         {"growth_rate", "throughput"}},
    };
    snprintf(later, sizeof later, "%s%s", scheduled, "18");
    for (size_t i = 0; i < sizeof moving / sizeof *moving; i++)
        for (size_t j = 0; j < 8 && moving[i].measures[j]; j++) {
            const struct point *p = &moving[i];
            struct score score;
            double exact = theory_value(p->model, p->params, p->measures[j]);
            uint32_t paths = i == 3 ? PATHS / 80 : PATHS;
            assert_true(paths_score(p->model, p->params, p->measures[j], exact, paths, &score));
            scores_add(&scores, p->model, p->params, p->measures[j], exact, &score);
        }
    assert_int_equal(scores.wrong, 0);
}

/* The alpha at which the talk's system is exactly busy, whatever the number of consumers. */
static void test_cliff(void **state)
{
    (void)state;
    static struct scenario s;
    const char *params = "lambda_per_consumer=1;service=bpareto;low=0.5;high=100;alpha=4";
    double exact = theory_value("M/G/c tellman", params, "alpha_at_rho_1");
    for (int count = 1; count <= 16; count *= 4) {
        assert_true(experiment_scenario("M/G/c tellman", params, &s));
        scenario_set(&s, "consumers.count", "%d", count);
        scenario_set(&s, "sweep.parameter", "tasks.size.alpha");
        scenario_set(&s, "sweep.from", "4");
        scenario_set(&s, "sweep.to", "1.5");
        assert_true(fabs(sweep_cliff(&s) - exact) < 1e-11);
    }
}

static void test_hundred_million(void **state)
{
    (void)state;
    const char *asked = getenv("QUEUESCOPE_LONG"), *params = "lambda=1;" BPARETO "2.5";
    if (!asked) {
        print_message("skipped: a minute; QUEUESCOPE_LONG=1 runs it\n");
        skip();
    }
    double exact = theory_value("M/G/1", params, "mean_wait");
    struct experiment *e = experiment_run("M/G/1", params, 1e7, 10, "auto");
    experiment_check(e);
    double mean = e->row->wait_mean;
    print_message(
        "%llu tasks: mean wait %.5f +- %.5f (95 %%), Pollaczek-Khinchine %.5f, %+.3f %%\n",
        (unsigned long long)e->row->completed, mean, e->row->wait_mean_ci95, exact,
        100 * (mean / exact - 1));
    assert_true(fabs(mean / exact - 1) < 0.01);
    experiment_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cliff),
        cmocka_unit_test(test_in_motion),
        cmocka_unit_test(test_at_rest),
        cmocka_unit_test(test_hundred_million),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
