/*
 * Which figures of short runs have an interval is the same for every seed: it is decided by what is
 * foreseen of the scenario, not by what a run has met. An interval that is stated in lucky runs
 * only holds too seldom, since luck picks it.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/result/estimate.h"
#include "../sim/result/foreseen.h"
#include "coverage_cases.h"
#include "scene.h"
#include "setting.h"

enum { FIGURES = 6, SEEDS = 12 };
static const char *const names[FIGURES] = {"wait", "latency", "p50", "p90", "p99", "p99.9"};

/* The figures of a case that have an interval in every run; the others have it in none. */
static const struct expected {
    const char *name;
    double tasks;
    const char *stated;
} expected[] = {
    {"MMPP slow .9", 10000, "wait latency p50 p90"},
    {"MMPP slow .9", 40000, "wait latency p50 p90 p99"},
    {"MMPP storms", 5000, "p50 p90"}, /* 55 of them */
    {"MMPP storms", 20000, "p50 p90 p99"},
    {"MMPP three", 5000, "latency p50 p90"},
    {"on/off c=4", 2000, "p50 p90"},
    {"on/off c=4", 10000, "wait latency p50 p90"},
    {"MMPP/M/2/20", 20000, ""}, /* 32 */
    {"M/BP/1 1.2", 50000, "p50 p90"},
    {"M/W/1 .3", 20000, "p50 p90"},
    {"M/LN/1 30", 20000, "p50"},
    {"M/P/1 1.8", 20000, ""},
    {"M/P/4 1.8", 20000, "p50 p90"},
    {"M/LN/4 10", 20000, "wait latency p50 p90"},
    {"M/LN/8 2", 4800, "wait latency p50 p90 p99"},
};

static const struct coverage_case *case_named(const char *name)
{
    for (size_t i = 0; i < n_coverage_cases; i++)
        if (strcmp(coverage_cases[i].name, name) == 0)
            return &coverage_cases[i];
    fail_msg("no case %s", name);
    return NULL;
}

static bool has(const struct row *row, int figure)
{
    return !isnan(figure == 0   ? row->wait_mean_ci95
                  : figure == 1 ? row->latency_mean_ci95
                                : row->latency_low[figure - 2]);
}

/* Whether one of the words is the name. */
static bool named(const char *words, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = words; (at = strstr(at, name)) != NULL; at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == 0))
            return true;
    return false;
}

static void luck_does_not_decide(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        int stated[FIGURES] = {0};
        for (int seed = 1; seed <= SEEDS; seed++) {
            struct result *result =
                coverage_case_run(case_named(expected[i].name), expected[i].tasks, seed);
            for (int k = 0; k < FIGURES; k++)
                stated[k] += has(result_row(result, 0, 0), k);
            result_free(result);
        }
        for (int k = 0; k < FIGURES; k++)
            if (stated[k] != (named(expected[i].stated, names[k]) ? SEEDS : 0))
                fail_msg("%s, %.0f tasks: %s is stated in %d of %d runs", expected[i].name,
                         expected[i].tasks, names[k], stated[k], SEEDS);
    }
}

/* The more tasks and groups, the more has an interval: never the other way. */
static void more_is_never_less(void **state)
{
    (void)state;
    static struct scenario s;
    static const char *const settings[] = {
        "arrivals.rate=0.95;tasks.size.distribution=exponential;tasks.size.mean=1s",
        "arrivals.process=mmpp;arrivals.states.0.rate=0.3/s;arrivals.states.0.mean_duration=2000s;"
        "arrivals.states.1.rate=2.5/s;arrivals.states.1.mean_duration=50s;"
        "tasks.size.distribution=exponential;tasks.size.mean=1s",
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        setting_apply(&s, settings[i]);
        double relaxation = i == 0 ? 1520 : 60;
        int turns = 0;
        for (size_t groups = 2; groups <= 64; groups *= 2) {
            int had = 0;
            for (double tasks = 1e3; tasks < 1e11; tasks *= 2) {
                struct foreseen f;
                foreseen_of(&s, tasks, groups, relaxation, &f);
                int has_it = foreseen_bears_mean(&f, true, 1);
                for (double p = 0.5; p < 0.9995; p = 1 - (1 - p) / 5)
                    has_it += foreseen_bears_quantile(&f, p, 1, 1);
                assert_true(has_it >= had);
                turns += has_it > had;
                had = has_it;
            }
            assert_int_equal(had, 6);
        }
        assert_true(turns > 6);
    }
}

/* Of what nothing is known beforehand nothing is foreseen, and the run decides. */
static void unknown_is_left_to_the_run(void **state)
{
    (void)state;
    static struct scenario s;
    struct foreseen f;
    setting_apply(&s, "arrivals.rate=0.8;tasks.size.distribution=exponential;tasks.size.mean=1s");
    foreseen_of(&s, 100, 2, NAN, &f);
    assert_true(foreseen_bears_mean(&f, true, 1) && foreseen_bears_quantile(&f, 0.99, 1, 1));
    foreseen_of(&s, 100, 2, 80, &f);
    assert_false(foreseen_bears_mean(&f, true, 1) || foreseen_bears_quantile(&f, 0.99, 1, 1));
}

/* A look that is taken again with more tasks may use what the run itself shows of chance in the
 * queue; figures that are stated once (rows, objectives of a run, golden results) may not. Neither
 * may where the rate has states. */
static void looks_have_means_sooner(void **state)
{
    (void)state;
    const struct figure_wanted wait = {.kind = FIGURE_WAIT_MEAN};
    for (int seed = 1; seed <= 3; seed++) {
        struct scenario *s =
            scene("arrivals.process", "poisson", "arrivals.rate", "0.9/s",
                  "tasks.size.distribution", "exponential", "tasks.size.mean", "1s", "run.tasks",
                  "2000", "run.replications", "8", "seed", internf("%d", seed), NULL);
        struct result *result = scene_run(s, 1);
        assert_true(isnan(result_row(result, 0, 0)->wait_mean_ci95));
        assert_true(isnan(estimate_of(result, 0, &wait, 0.05).low));
        assert_true(!isnan(estimate_look(result, 0, &wait, 0.05).low));
        result_free(result);
        free(s);
    }
    struct scenario *s =
        scene("arrivals.process", "mmpp", "arrivals.states.0.rate", "0.2/s",
              "arrivals.states.0.mean_duration", "200s", "arrivals.states.1.rate", "0.9/s",
              "arrivals.states.1.mean_duration", "100s", "tasks.size.distribution", "exponential",
              "tasks.size.mean", "1s", "run.tasks", "1000", "run.replications", "8", NULL);
    struct result *result = scene_run(s, 1);
    assert_true(isnan(estimate_look(result, 0, &wait, 0.05).low) ==
                isnan(estimate_of(result, 0, &wait, 0.05).low));
    result_free(result);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(luck_does_not_decide),
        cmocka_unit_test(more_is_never_less),
        cmocka_unit_test(unknown_is_left_to_the_run),
        cmocka_unit_test(looks_have_means_sooner),
    };
    return cmocka_run_group_tests_name("stated", tests, NULL, setting_tear_down);
}
