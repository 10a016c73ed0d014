/*
 * Every row of the public oracle files that a scenario can express, simulated and compared.
 *
 * One run per parameter point, all its measures from that run, each compared by its own standard
 * error (experiment.h, paths.h); scores.h says what must hold of all together. Skipped where the
 * files are absent; test_theory.c then still compares the same models with formulas.
 *
 * Exceptions, by name:
 *   - M/G/1 with unbounded Pareto sizes of exponent <= 3: the wait has infinite variance, no
 *     interval of its sample mean is valid. Compared is E[min(W, x)] at the exact p99.9 x; the rest
 *     of the mean comes from the formula.
 *   - Bounded Pareto sizes of exponent 2 at utilization 0.995: relaxes over 1e5 arrivals, which no
 *     rule can see in a run of that length; longer runs, with an explicit warm-up in place of auto.
 *     wait_p99 and wait_p999 lie in a handful of excursions and stay out of reach all the same.
 *   - M/G/c tellman: offered_rho and alpha_at_rho_1 are derived from the scenario, not simulated.
 *
 * QUEUESCOPE_SCORES=1 in the environment prints every comparison.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "given.h"
#include "oracle.h"
#include "paths.h"
#include "scores.h"
#include "theory.h"

enum { TASKS = 4000000, REPLICATIONS = 32, PATHS = 20000 };

static struct oracle rows[ORACLE_ROWS];
static size_t n_rows;

static void need_rows(void)
{
    n_rows = oracle_read(rows, ORACLE_ROWS);
    if (n_rows == 0) {
        print_message("skipped: no ../shared/oracles/public here\n");
        skip();
    }
}

/* Rows whose measures are not taken from a run at rest. */
static bool derived(const struct oracle *row)
{
    return strcmp(row->measure, "offered_rho") == 0 || strcmp(row->measure, "alpha_at_rho_1") == 0;
}

/* Of every task's latency over its size nothing is kept: test_formulas.c has the formula. */
static bool formula_alone(const struct oracle *row)
{
    return strcmp(row->measure, "mean_slowdown") == 0;
}

/* Unbounded Pareto sizes with a wait of infinite variance. */
static bool infinite_variance(const struct oracle *row)
{
    return strcmp(row->model, "M/G/1") == 0 && strstr(row->params, "service=pareto") &&
           given(row->params, "alpha") <= 3;
}

/* Nearly saturated with very unequal sizes: relaxation times of 1e5 arrivals and more. */
static bool slow(const struct oracle *row)
{
    return given(row->params, "rho") > 0.99;
}

static struct experiment *run_point(const struct oracle *row)
{
    if (slow(row))
        return experiment_run(row->model, row->params, 1.5e6, REPLICATIONS, "800k");
    return experiment_run(row->model, row->params, (double)TASKS / REPLICATIONS, REPLICATIONS,
                          "auto");
}

static void score_row(const struct experiment *e, const struct oracle *row, struct scores *scores)
{
    struct score score = {0};
    double error = row->simulated ? row->bound / 4 : 0;
    if (infinite_variance(row) && strcmp(row->measure, "mean_wait") == 0) {
        double x = theory_value(row->model, row->params, "wait_p999");
        score.value = e->row->wait_mean;
        score.z = experiment_score_cut(e, x, theory_wait_excess(row->params, x), row->value);
        assert_true(isnan(e->row->wait_mean_ci95)); /* and the run says so itself */
    } else if (!experiment_score(e, row->measure, row->value, error, &score)) {
        fail_msg("%s:%d: %s cannot be measured", row->file, row->line, row->measure);
    }
    scores_add(scores, row->model, row->params, row->measure, row->value, &score);
}

static void test_at_rest(void **state)
{
    (void)state;
    need_rows();
    struct scores scores = {0};
    struct experiment *e = NULL;
    size_t points = 0;
    for (size_t i = 0; i < n_rows; i++) {
        const struct oracle *row = &rows[i];
        bool same = e && strcmp(e->model, row->model) == 0 && strcmp(e->params, row->params) == 0;
        if (derived(row) || formula_alone(row) ||
            (!same && strcmp(row->model, "M/M/1-transient") == 0) ||
            strcmp(row->model, "M(t)/M/c") == 0 || strcmp(row->model, "M/G/c-overload") == 0)
            continue;
        if (!same) {
            if (e)
                experiment_free(e);
            e = run_point(row);
            if (!e)
                continue;
            points++;
            experiment_check(e);
        }
        score_row(e, row, &scores);
    }
    if (e)
        experiment_free(e);
    print_message("%zu parameter points\n", points);
    scores_judge(&scores);
    assert_true(scores.n >= 285 && scores.n <= 293); /* of 293; the rest too short */
}

/* Not random: equal to the last digit that is known. */
static void test_derived(void **state)
{
    (void)state;
    need_rows();
    size_t n = 0;
    for (size_t i = 0; i < n_rows; i++) {
        static struct scenario s;
        const struct oracle *row = &rows[i];
        if (!derived(row))
            continue;
        char params[400];
        bool root = isnan(given(row->params, "alpha"));
        snprintf(params, sizeof params, "%s%s", row->params, root ? ";alpha=4" : "");
        assert_true(experiment_scenario(row->model, params, &s));
        double value;
        if (!root) {
            value = scenario_utilization(&s);
        } else {
            scenario_set(&s, "consumers.count", "7");
            scenario_set(&s, "sweep.parameter", "tasks.size.alpha");
            scenario_set(&s, "sweep.from", "4");
            scenario_set(&s, "sweep.to", "1.5");
            value = sweep_cliff(&s);
        }
        if (!(fabs(value - row->value) <= row->bound + 1e-12 * row->value))
            fail_msg("%s:%d: %.13g, exact %.13g", row->file, row->line, value, row->value);
        n++;
    }
    assert_int_equal(n, 6);
}

static void test_in_motion(void **state)
{
    (void)state;
    need_rows();
    struct scores scores = {0};
    for (size_t i = 0; i < n_rows; i++) {
        const struct oracle *row = &rows[i];
        struct score score;
        bool long_paths = strcmp(row->measure, "mean_number_at_t") != 0;
        if (paths_score(row->model, row->params, row->measure, row->value,
                        long_paths ? PATHS / 40 : PATHS, &score))
            scores_add(&scores, row->model, row->params, row->measure, row->value, &score);
    }
    double n = (double)scores.n;
    print_message("%zu comparisons: mean z %+.3f, root mean square %.3f\n", scores.n,
                  scores.sum / n, sqrt(scores.squares / n));
    assert_int_equal(scores.n, 27);
    assert_int_equal(scores.wrong, 0);
    assert_true(fabs(scores.sum / n) < 0.7);
    assert_true(scores.squares / n > 0.3 && scores.squares / n < 2.2);
}

/* Overload is said aloud by an ordinary run. */
static void test_overload_is_seen(void **state)
{
    (void)state;
    need_rows();
    for (size_t i = 0; i < n_rows; i++) {
        const struct oracle *row = &rows[i];
        if (strcmp(row->model, "M/G/c-overload") != 0 || strcmp(row->measure, "throughput") != 0)
            continue;
        struct experiment *e = experiment_run(row->model, row->params, 20000, 4, "auto");
        assert_int_equal(e->row->stable, STABLE_NO);
        assert_true(isnan(e->row->latency_mean_ci95));
        experiment_free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derived),
        cmocka_unit_test(test_in_motion),
        cmocka_unit_test(test_overload_is_seen),
        cmocka_unit_test(test_at_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
