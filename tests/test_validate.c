/* Theory beside simulation: what formulas say of a scenario, scores, `theory` and `validate`. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/answer/validation.h"
#include "../sim/result/stats.h"
#include "experiment.h"
#include "oracle.h"
#include "program.h"
#include "theory.h"

/* The figure of a scenario that an oracle's measure names; NULL: none. */
static const struct theory_figure *figure_of(const struct theory *t, const char *measure)
{
    static const struct {
        const char *name;
        enum theory_measure measure;
    } means[] = {{"p_wait", THEORY_WAIT_PROBABILITY},
                 {"sigma", THEORY_WAIT_PROBABILITY},
                 {"mean_wait", THEORY_WAIT_MEAN},
                 {"mean_response", THEORY_LATENCY_MEAN},
                 {"loss_prob", THEORY_LOSS},
                 {"throughput", THEORY_THROUGHPUT},
                 {"p_abandon", THEORY_LOSS},
                 {"mean_wait_served", THEORY_WAIT_MEAN},
                 {"wait_p", THEORY_WAIT_QUANTILE},
                 {"resp_p", THEORY_LATENCY_QUANTILE},
                 {"mean_wait_class1", THEORY_WAIT_MEAN},
                 {"mean_wait_class2", THEORY_WAIT_MEAN}};
    double p = theory_p(measure);
    size_t stem = isnan(p) ? strlen(measure) : (size_t)(strstr(measure, "_p") - measure) + 2;
    int class = strcmp(measure, "mean_wait_class1") == 0   ? 0
                : strcmp(measure, "mean_wait_class2") == 0 ? 1
                                                           : THEORY_ALL;
    for (size_t m = 0; m < sizeof means / sizeof *means; m++)
        for (size_t i = 0; i < t->n; i++) {
            const struct theory_figure *f = &t->figure[i];
            if (strlen(means[m].name) == stem && strncmp(means[m].name, measure, stem) == 0 &&
                f->measure == means[m].measure && f->class == class && (isnan(p) || f->p == p))
                return f;
        }
    return NULL;
}

/* Of tasks that lose patience the files have the share that does not begin at once, of all of them;
 * theory that of the served. */
static double said_value(const struct theory *t, const struct theory_figure *f)
{
    bool impatient = strstr(t->model, "+") != NULL;
    if (!impatient || f->measure != THEORY_WAIT_PROBABILITY)
        return f->value;
    double loss = figure_of(t, "p_abandon")->value;
    return loss + (1 - loss) * f->value;
}

/* Every public value that a formula covers is what theory says of the scenario. */
static void test_public_values(void **state)
{
    (void)state;
    static struct oracle rows[ORACLE_ROWS];
    static struct scenario s;
    struct theory t;
    size_t n = oracle_read(rows, ORACLE_ROWS), exact = 0;
    if (n == 0) {
        print_message("skipped: no ../shared/oracles/public here\n");
        skip();
    }
    for (size_t i = 0; i < n; i++) {
        const struct oracle *row = &rows[i];
        if (strstr(row->model, "(t)") || strstr(row->model, "transient") ||
            strstr(row->model, "overload") || strstr(row->model, "tellman") ||
            !experiment_scenario(row->model, row->params, &s))
            continue;
        theory_of(&s, &t);
        const struct theory_figure *f = figure_of(&t, row->measure);
        if (!f || f->approximate)
            continue;
        exact++;
        double value = said_value(&t, f);
        if (!(fabs(value - row->value) <= 1e-7 * fabs(row->value)))
            fail_msg("%s:%d: %s %s: %.12g, should be %.12g", row->file, row->line, row->params,
                     row->measure, value, row->value);
    }
    print_message("%zu public values are said of their scenarios\n", exact);
    assert_true(exact >= 233);
}

static struct theory said_of(const char *settings[])
{
    static struct scenario s;
    static struct errors errors;
    struct theory t;
    param_defaults(&s);
    for (int i = 0; settings[i]; i += 2)
        scenario_set(&s, settings[i], "%s", settings[i + 1]);
    errors.n = 0;
    if (!scenario_check(&s, NULL, &errors))
        fail_msg("%s", errors.text[0]);
    theory_of(&s, &t);
    return t;
}

#define EXPONENTIAL "tasks.size.distribution", "exponential", "tasks.size.mean", "1s"

static void test_where_theory_is_silent(void **state)
{
    (void)state;
    static const struct {
        const char *settings[15], *why;
    } cases[] = {
        {{"arrivals.rate", "2/s", "tasks.size.distribution", "exponential", "tasks.size.mean",
          "1s"},
         "utilization is 1 or more"},
        {{"arrivals.rate", "0.5/s", "tasks.size.distribution", "exponential", "tasks.size.mean",
          "1s", "buffer.capacity", "1", "buffer.when_full", "pause", "buffer.resume_delay", "1ms"},
         "takes its time to resume"},
        {{"arrivals.rate", "0.5/s", "tasks.size.distribution", "gamma", "tasks.size.shape", "2",
          "tasks.size.mean", "1s", "buffer.capacity", "3"},
         "finite buffer"},
        {{"arrivals.rate", "0.5/s", "tasks.size.distribution", "exponential", "tasks.size.mean",
          "1s", "buffer.capacity", "3", "consumers.discipline", "shortest-job"},
         "sizes decide who is served"},
        {{"arrivals.rate", "0.5/s", "tasks.size.distribution", "gamma", "tasks.size.shape", "2",
          "tasks.size.mean", "1s", "consumers.discipline", "shortest-job"},
         "order"},
        {{"arrivals.rate", "0.5/s", EXPONENTIAL, "consumers.discipline", "shortest-job",
          "buffer.capacity", "3"},
         "sizes decide who is served"},
        {{"arrivals.rate", "0.5/s", EXPONENTIAL, "consumers.discipline", "shortest-remaining",
          "consumers.count", "2"},
         "order"},
        {{"arrivals.rate", "0.5/s", EXPONENTIAL, "consumers.discipline", "processor-sharing",
          "buffer.capacity", "3", "buffer.when_full", "pause"},
         "outside"},
        {{"arrivals.rate", "0.5/s", "tasks.size.distribution", "deterministic", "tasks.size.value",
          "1s", "consumers.discipline", "lifo-preemptive", "consumers.count", "2"},
         "order"},
        {{"arrivals.rate", "0.5/s", "tasks.size.distribution", "deterministic", "tasks.size.value",
          "1s", "consumers.discipline", "lifo-preemptive", "buffer.capacity", "4"},
         "finite buffer"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct theory t = said_of((const char **)cases[i].settings);
        assert_null(t.model);
        assert_int_equal(t.n, 0);
        if (!strstr(t.why, cases[i].why))
            fail_msg("'%s' is not in '%s'", cases[i].why, t.why);
    }
}

/* Which formula covers what. */
static void test_models(void **state)
{
    (void)state;
#define SIZES "tasks.size.distribution", "exponential", "tasks.size.mean", "1s"
    static const struct {
        const char *settings[19], *model;
        bool approximate;
    } cases[] = {
        {{SIZES, "arrivals.process", "renewal", "arrivals.rate", "2/s",
          "arrivals.interarrival.distribution", "bounded-pareto", "arrivals.interarrival.alpha",
          "1.5", "arrivals.interarrival.low", "1s", "arrivals.interarrival.high", "9s",
          "consumers.count", "3"},
         "GI/M/c",
         false},
        {{SIZES, "arrivals.process", "mmpp", "arrivals.states.0.rate", "3/s",
          "arrivals.states.0.mean_duration", "1s", "consumers.count", "4"},
         "MMPP/M/c",
         false},
        {{"tasks.size.distribution", "deterministic", "tasks.size.value", "1s", "arrivals.process",
          "mmpp", "arrivals.states.0.rate", "3/s", "arrivals.states.0.mean_duration", "1s",
          "consumers.count", "4"},
         "GI/G/c",
         true},
        {{"tasks.size.distribution", "erlang", "tasks.size.mean", "1s", "tasks.size.shape", "2",
          "arrivals.rate", "3/s", "buffer.capacity", "5"},
         "M/G/1/K",
         false},
        {{SIZES, "arrivals.process", "renewal", "arrivals.rate", "2/s",
          "arrivals.interarrival.distribution", "erlang", "arrivals.interarrival.shape", "2",
          "buffer.capacity", "5"},
         "GI/M/1/K",
         false},
    };
#undef SIZES
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct theory t = said_of((const char **)cases[i].settings);
        if (!t.model)
            fail_msg("%s: %s", cases[i].model, t.why);
        assert_string_equal(t.model, cases[i].model);
        for (size_t k = 0; k < t.n; k++)
            assert_int_equal(t.figure[k].approximate, cases[i].approximate);
        assert_non_null(figure_of(&t, "mean_response"));
    }
}

/* Approximations are exact where they should be, and say what they are elsewhere. */
static void test_approximations(void **state)
{
    (void)state;
    const char *settings[] = {"arrivals.rate",
                              "3/s",
                              "tasks.size.distribution",
                              "lognormal",
                              "tasks.size.mean",
                              "1s",
                              "tasks.size.cv2",
                              "3",
                              "consumers.count",
                              "4",
                              NULL};
    struct theory t = said_of(settings);
    assert_string_equal(t.model, "M/G/c");
    for (size_t i = 0; i < t.n; i++)
        assert_true(t.figure[i].approximate);
    double exponential = theory_value("M/M/c", "lambda=3;mu=1;c=4", "mean_wait");
    assert_true(fabs(figure_of(&t, "mean_wait")->value / exponential - 2) < 1e-12);
    assert_true(figure_of(&t, "wait_p99")->value > figure_of(&t, "wait_p90")->value);
}

static void test_holm(void **state)
{
    (void)state;
    bool off[4];
    assert_int_equal(stats_holm((double[]){0.5, 0.3, 0.04, 0.9}, 4, 0.05, off), 0);
    /* 0.01 <= 0.05 / 4, then 0.016 <= 0.05 / 3, then 0.03 > 0.05 / 2 although below 0.05. */
    assert_int_equal(stats_holm((double[]){0.03, 0.01, 0.9, 0.016}, 4, 0.05, off), 2);
    assert_true(!off[0] && off[1] && !off[2] && off[3]);
    assert_int_equal(stats_holm(NULL, 0, 0.05, off), 0);
    assert_true(fabs(validation_p(-1.959964) - 0.05) < 1e-6);
}

/* Consumers that are 2 % too slow are noticed, and ones that are right are not. */
static void *slow_begin(const struct scenario *s, struct source *source, struct recorder *recorder,
                        uint64_t seed, uint32_t replication)
{
    struct scenario *slow = xmalloc(sizeof *slow);
    *slow = *s;
    slow->stage.speed *= 0.98;
    void *engine = events_engine.begin(slow, source, recorder, seed, replication);
    free(slow); /* an engine keeps what it needs */
    return engine;
}

static size_t off_with(const struct engine *engine)
{
    static struct scenario s;
    static struct validation v;
    double p[THEORY_FIGURES];
    bool off[THEORY_FIGURES];
    size_t n = 0;
    assert_true(experiment_scenario("M/M/c", "lambda=3.2;mu=1;c=4", &s));
    scenario_set(&s, "run.tasks", "60k");
    scenario_set(&s, "run.replications", "32");
    assert_true(validate(&s, &(struct run_options){.engine = engine}, &v));
    for (size_t i = 0; i < v.theory.n; i++)
        if (!isnan(v.figure[i].z))
            p[n++] = validation_p(v.figure[i].z);
    assert_true(n >= 10);
    return stats_holm(p, n, 1e-4, off);
}

static void test_a_slow_engine_is_caught(void **state)
{
    (void)state;
    struct engine slow = events_engine;
    slow.begin = slow_begin;
    assert_int_equal(off_with(&events_engine), 0);
    assert_int_equal(off_with(&lanes_engine), 0);
    assert_true(off_with(&slow) > 0);
}

static void test_validate(void **state)
{
    (void)state;
    assert_int_equal(program_run("validate"), 0);
    assert_says("stdout", "all is well");
    assert_says("stdout", "M/M/16 at 90 %");
    assert_says("stdout", "seed 1");
    assert_int_equal(program_run("validate --seed 77 --quiet"), 0);
    assert_int_equal(file_size("stdout") + file_size("stderr"), 0);
    assert_int_equal(program_run("validate s.yaml"), 2);
    assert_says("stderr", "it takes no scenario");
    assert_int_equal(program_run("validate --seed x"), 2);
    assert_says("stderr", "--seed x: error:");
    const char *argv[] = {"queuescope", "validate", NULL};
    assert_int_equal(program_interrupt(argv, 1, SIGINT), 130);
}

static void test_theory_command(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {process: poisson, rate: 40/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 150ms}}\n"
                         "consumers: {count: 8}\n");
    assert_int_equal(program_run("theory s.yaml"), 0);
    assert_says("stdout", "M/M/c: exact values");
    assert_says("stdout", "Erlang 1917");
    assert_int_equal(program_run("theory s.yaml --set tasks.size.distribution=gamma "
                                 "--set tasks.size.shape=3 --set tasks.size.mean=150ms"),
                     0);
    assert_says("stdout", "approximate");
    assert_int_equal(program_run("theory s.yaml --set consumers.count=6"), 1);
    assert_says("stderr", "theory is silent: utilization is 1 or more");
    assert_int_equal(program_run("theory s.yaml --set consumers.count=many"), 2);
    assert_int_equal(program_run("theory"), 2);
    assert_int_equal(program_run("theory s.yaml -o x"), 2);
}

/* A mean that sizes make of which a run meets too few has no score: its spread tells nothing. */
static void test_giants_have_no_score(void **state)
{
    (void)state;
    file_write("w.yaml", "arrivals: {utilization: 60%}\n"
                         "tasks: {size: {distribution: weibull, shape: 0.2, mean: 200ms}}\n"
                         "run: {tasks: 50k, replications: 8}\n");
    assert_status("theory w.yaml", 0);
    assert_true(file_has("stdout", "mean wait"));
    assert_false(file_has("stderr", "off by more than luck"));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_public_values),
        cmocka_unit_test(test_where_theory_is_silent),
        cmocka_unit_test(test_models),
        cmocka_unit_test(test_approximations),
        cmocka_unit_test(test_holm),
        cmocka_unit_test(test_a_slow_engine_is_caught),
        TEST(test_validate),
        TEST(test_theory_command),
        TEST(test_giants_have_no_score),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
