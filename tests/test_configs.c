/*
 * The scenarios in configs/ show what their comments promise. Sizes are cut down (the numbers of
 * tasks and replications, never the system), seeds are theirs, so every figure is reproducible.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/result/run.h"
#include "../tools/shell/panels.h"
#include "../tools/words/report.h"
#include "configs.h"

enum { P50 = 0, P99 = 2 };
enum { PANELS = 4 };

/* The results of a comparison, or of one run. */
struct shown {
    struct panels panels;
    struct result *results[PANELS];
};

static struct result *simulate(const struct scenario *s)
{
    const struct run_options run = {.engine = &events_engine};
    struct result *result = run_scenario(s, &run);
    assert_non_null(result);
    if (!audit_holds(&result->audit))
        fail_msg("%s\n%s\n%s", result->audit.text[0], result->audit.text[1], result->audit.text[2]);
    for (uint32_t column = 0; column < result->columns; column++) {
        const struct row *row = report_row(result, column);
        assert_int_equal(row->offered, row->completed + row->lost + row->unfinished);
    }
    return result;
}

static struct result *run(const char *file, const char *const *set)
{
    static struct scenario s;
    struct options o = config_options(file, set);
    config_scenario(&o, &s);
    return simulate(&s);
}

static void show(struct shown *shown, const struct options *o)
{
    struct errors errors = {0};
    memset(shown, 0, sizeof *shown);
    if (!panels_make(o, PANELS, &shown->panels, &errors))
        config_fail(&errors);
    assert_true(shown->panels.n <= PANELS);
    for (size_t i = 0; i < shown->panels.n; i++)
        shown->results[i] = simulate(&shown->panels.items[i].scenario);
}

static void compare(struct shown *shown, const char *file, const char *const *set)
{
    struct options o = config_options(file, set);
    show(shown, &o);
}

static void shown_free(struct shown *shown)
{
    for (size_t i = 0; i < shown->panels.n; i++)
        result_free(shown->results[i]);
    panels_free(&shown->panels);
}

static const struct row *row_at(const struct shown *shown, size_t panel, uint32_t column)
{
    return report_row(shown->results[panel], column);
}

static void test_all_are_sound(void **state)
{
    (void)state;
    glob_t files;
    assert_int_equal(glob("configs/*.yaml", 0, NULL, &files), 0);
    assert_true(files.gl_pathc >= 6);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        static struct scenario s;
        struct options o = config_options(files.gl_pathv[i], NULL);
        struct places places = {0};
        struct errors errors = {0};
        if (!options_load(&o, files.gl_pathv[i], &s, &places, &errors))
            config_fail(&errors);
        assert_non_null(s.title);
        places_free(&places);
    }
    globfree(&files);
}

/* E[S] = 1 where the cliff is: bounded Pareto on [0.5, 100], one task a second and consumer. */
static double mean_size(double alpha)
{
    double low = 0.5, high = 100;
    return alpha / (alpha - 1) * pow(low, alpha) * (pow(low, 1 - alpha) - pow(high, 1 - alpha)) /
           (1 - pow(low / high, alpha));
}

static double cliff_alpha(void)
{
    double low = 1.5, high = 4;
    while (high - low > 1e-9) {
        double middle = 0.5 * (low + high);
        if (mean_size(middle) > 1)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* A thin band that creeps up; latencies over orders of magnitude before the cliff; a rocket that is
 * a narrow band again. */
static void test_open(void **state)
{
    (void)state;
    static const char *const set[] = {"sweep.steps=50", "run.replications=4", NULL};
    struct result *result = run("configs/open.yaml", set);
    const struct row *first = report_row(result, 0), *last = report_row(result, 49);
    assert_true(fabs(sweep_cliff(&result->scenario) - cliff_alpha()) < 1e-6);
    assert_true(fabs(result_first_unstable(result) - cliff_alpha()) < 2.5 / 50);
    assert_true(first->latency_q[P99] / first->latency_q[P50] < 10);
    double widest = 0;
    for (uint32_t column = 0; column < 40; column++) {
        const struct row *row = report_row(result, column);
        double width = row->latency_q[P99] / row->latency_q[P50];
        widest = width > widest ? width : widest;
        assert_int_equal(row->unfinished, 0);
    }
    assert_true(widest > 10);
    assert_true(report_row(result, 38)->latency_q[P99] > 50); /* the least is 0.5 */
    assert_true(last->latency_q[P50] > 1e4 * first->latency_q[P50]);
    assert_true(last->latency_q[P99] / last->latency_q[P50] < 3);
    result_free(result);
}

static void test_open_independent(void **state)
{
    (void)state;
    static const char *const set[] = {"sweep.steps=26", "run.replications=4", "run.tasks=50k",
                                      NULL};
    struct result *result = run("configs/open-independent.yaml", set);
    for (uint32_t column = 0; column < result->columns; column++) {
        const struct row *row = report_row(result, column);
        if (row->value > cliff_alpha())
            assert_int_not_equal(row->stable, STABLE_NO);
        else
            assert_int_equal(row->stable, STABLE_NO);
    }
    assert_true(report_row(result, 19)->latency_q[P99] >
                10 * report_row(result, 0)->latency_q[P99]);
    result_free(result);
}

/* One consumer goes over the cliff, two flare up in the tail, four are hardly fazed. */
static void test_consumers(void **state)
{
    (void)state;
    static const char *const set[] = {"sweep.steps=50", "run.replications=2", NULL};
    struct shown shown;
    compare(&shown, "configs/consumers.yaml", set);
    assert_int_equal(shown.panels.n, 3);
    assert_true(result_first_unstable(shown.results[0]) < cliff_alpha());
    for (uint32_t column = 0; column < 50; column++) {
        assert_int_equal(row_at(&shown, 1, column)->stable, STABLE_YES);
        assert_int_equal(row_at(&shown, 2, column)->stable, STABLE_YES);
    }
    assert_true(row_at(&shown, 0, 49)->latency_q[P50] >
                1e3 * row_at(&shown, 1, 49)->latency_q[P50]);
    assert_true(row_at(&shown, 1, 49)->latency_q[P99] > 2 * row_at(&shown, 2, 49)->latency_q[P99]);
    assert_true(row_at(&shown, 2, 49)->latency_q[P50] < 1.5 * row_at(&shown, 2, 0)->latency_q[P50]);
    shown_free(&shown);
}

/* All fail at the same alpha; the more consumers, the better it looks up to there. */
static void test_scaled(void **state)
{
    (void)state;
    static const char *const set[] = {"sweep.steps=50", "run.replications=1", NULL};
    struct shown shown;
    compare(&shown, "configs/scaled.yaml", set);
    assert_int_equal(shown.panels.n, 3);
    uint32_t before = 0; /* the last column in which utilization stays below 0.95 */
    while (mean_size(row_at(&shown, 0, before + 1)->value) < 0.95)
        before++;
    for (size_t i = 0; i < 3; i++) {
        assert_true(fabs(sweep_cliff(&shown.results[i]->scenario) - cliff_alpha()) < 1e-6);
        assert_true(result_first_unstable(shown.results[i]) ==
                    result_first_unstable(shown.results[0]));
        assert_true(row_at(&shown, i, 49)->latency_q[P50] > 1e4);
    }
    assert_true(row_at(&shown, 0, before)->latency_q[P99] >
                2 * row_at(&shown, 1, before)->latency_q[P99]);
    assert_true(row_at(&shown, 1, before)->latency_q[P99] >
                2 * row_at(&shown, 2, before)->latency_q[P99]);
    shown_free(&shown);
}

/* At twice the capacity: half is lost, or the backlog grows; the oldest dropped, the rest is fresh.
 */
static void test_answers(void **state)
{
    (void)state;
    static const char *const set[] = {"sweep.steps=7", "run.replications=4", "run.tasks=20k", NULL};
    enum { REJECT, DROP_NEWEST, DROP_OLDEST, PAUSE };
    struct shown shown;
    compare(&shown, "configs/answers.yaml", set);
    assert_int_equal(shown.panels.n, 4);
    for (size_t i = REJECT; i <= DROP_OLDEST; i++) {
        const struct row *row = row_at(&shown, i, 6);
        assert_true(fabs(row->loss_fraction - 0.5) < 0.01);
        assert_int_equal(row->stable, STABLE_YES);
        assert_int_equal(row->lost, row->lost_by[i == REJECT        ? LOSS_REJECTED
                                                 : i == DROP_NEWEST ? LOSS_DROPPED_NEWEST
                                                                    : LOSS_DROPPED_OLDEST]);
        assert_true(row_at(&shown, i, 0)->loss_fraction < 1e-3);
    }
    assert_true(row_at(&shown, REJECT, 6)->latency_q[P99] ==
                row_at(&shown, DROP_NEWEST, 6)->latency_q[P99]);
    assert_true(row_at(&shown, DROP_OLDEST, 6)->latency_q[P50] <
                0.8 * row_at(&shown, REJECT, 6)->latency_q[P50]);
    assert_int_equal(row_at(&shown, PAUSE, 6)->lost, 0);
    assert_int_equal(row_at(&shown, PAUSE, 6)->stable, STABLE_NO);
    assert_int_equal(row_at(&shown, PAUSE, 0)->stable, STABLE_YES);
    shown_free(&shown);
}

/* Places hide the wake-up of a paused producer; where the full buffer rejects, they buy throughput
 * with latency. */
static void test_handoff(void **state)
{
    (void)state;
    static const char *const set[] = {"run.replications=4", "run.tasks=20k", NULL};
    enum { PAUSE, REJECT };
    struct shown shown;
    compare(&shown, "configs/handoff.yaml", set);
    assert_int_equal(shown.panels.n, 2);
    uint32_t last = shown.results[0]->columns - 1;
    const struct row *none = row_at(&shown, PAUSE, 0), *many = row_at(&shown, PAUSE, last);
    assert_int_equal(none->stable, STABLE_NO);
    assert_int_equal(many->stable, STABLE_YES);
    assert_true(fabs(none->throughput - 1 / 0.13) < 0.02 / 0.13);
    assert_true(fabs(many->throughput - 9) < 0.2);
    for (uint32_t column = 1; column <= last; column++) {
        const struct row *before = row_at(&shown, REJECT, column - 1);
        const struct row *row = row_at(&shown, REJECT, column);
        assert_true(row->throughput > before->throughput);
        assert_true(row->loss_fraction < before->loss_fraction);
        assert_true(row->latency_q[P99] > before->latency_q[P99]);
    }
    shown_free(&shown);
}

static void add(struct options *o, const char *file)
{
    o->scenarios[o->n_scenarios++] = file;
}

/* Past what one consumer can do the open system has no limit; in the closed one N - 1 others wait
 * at the most, traffic falls to what can be done, and nothing looks like an overload. */
static void test_closed(void **state)
{
    (void)state;
    enum { OPEN, CLOSED, CLIENTS = 100, THINK = 10 };
    static const char *const set[] = {"sweep.steps=10", "run.replications=4", "run.tasks=20k",
                                      NULL};
    struct options o = config_options("configs/closed-open.yaml", set);
    struct shown shown;
    add(&o, "configs/closed.yaml");
    show(&shown, &o);
    assert_int_equal(shown.panels.n, 2);
    for (uint32_t column = 0; column < 10; column++) {
        const struct row *open = row_at(&shown, OPEN, column);
        const struct row *closed = row_at(&shown, CLOSED, column);
        double size = closed->value, utilization = 10 * size;
        /* The same load, as long as nobody waits to speak of. */
        assert_true(open->value == size && fabs(open->offered_utilization - utilization) < 1e-9);
        if (utilization < 0.5) {
            assert_true(fabs(closed->utilization - utilization) < 0.02);
            assert_true(fabs(closed->latency_q[P50] / open->latency_q[P50] - 1) < 0.1);
        }
        assert_true(closed->latency_q[P99] < 1.02 * open->latency_q[P99]);
        assert_int_equal(open->stable == STABLE_NO, utilization > 1 - 1e-9);
        /* Bounds of Muntz and Wong 1974, and those whom a task can find before it. */
        assert_int_equal(closed->stable, STABLE_YES);
        assert_true(closed->throughput < 1.02 * fmin(CLIENTS / (THINK + size), 1 / size));
        assert_true(closed->latency_mean > fmax(0.98 * size, 0.98 * CLIENTS * size - THINK));
        assert_true(closed->latency_mean < CLIENTS * size);
        assert_true(closed->latency_q[P99] < 1.5 * CLIENTS * size);
        assert_true(fabs(closed->throughput * (THINK + closed->latency_mean) - CLIENTS) < 2);
    }
    /* At twice the capacity: half of the traffic has not been sent. */
    const struct row *open = row_at(&shown, OPEN, 9), *closed = row_at(&shown, CLOSED, 9);
    assert_true(open->latency_q[P99] > 50 * closed->latency_q[P99]);
    assert_true(fabs(open->arrival_rate - 10) < 0.2 && fabs(closed->arrival_rate - 5) < 0.1);
    assert_true(fabs(closed->latency_mean - 10) < 0.3); /* N S - Z */
    /* A longer look makes the one worse and leaves the other. */
    struct shown longer;
    o.set[2] = "run.tasks=40k";
    show(&longer, &o);
    assert_true(row_at(&longer, OPEN, 9)->latency_q[P99] > 1.8 * open->latency_q[P99]);
    assert_true(fabs(row_at(&longer, CLOSED, 9)->latency_q[P99] / closed->latency_q[P99] - 1) <
                0.05);
    shown_free(&longer);
    shown_free(&shown);
}

/* No cliff: waits level off at what patience allows, and what cannot be done hangs up. */
static void test_impatience(void **state)
{
    (void)state;
    static const char *const set[] = {"sweep.steps=5", "run.replications=4", "run.tasks=20k", NULL};
    struct shown shown;
    compare(&shown, "configs/impatience.yaml", set);
    assert_int_equal(shown.panels.n, 3);
    for (size_t i = 0; i < 3; i++) {
        for (uint32_t column = 0; column < 5; column++)
            assert_int_equal(row_at(&shown, i, column)->stable, STABLE_YES);
        assert_true(row_at(&shown, i, 0)->loss_fraction < 0.01);
        const struct row *last = row_at(&shown, i, 4);
        assert_int_equal(last->lost, last->lost_by[LOSS_TIMED_OUT]);
        assert_true(last->loss_fraction > 1 - 1 / 1.4 - 0.01 && last->loss_fraction < 0.34);
    }
    for (size_t i = 1; i < 3; i++) { /* the patient wait longer, and as many are served */
        const struct row *before = row_at(&shown, i - 1, 4), *row = row_at(&shown, i, 4);
        assert_true(row->wait_mean > 3 * before->wait_mean);
        assert_true(row->throughput < 1.05 * before->throughput);
    }
    /* 40 % too many: e^-x of those with exponential patience are still there after a wait x */
    assert_true(fabs(row_at(&shown, 2, 4)->wait_mean / (720 * log(1.4)) - 1) < 0.05);
    shown_free(&shown);
}

/* The same work, done in three orders: small tasks gain, the slowest task pays. */
static void test_disciplines(void **state)
{
    (void)state;
    static const char *const set[] = {"sweep.steps=4", "run.replications=4", "run.tasks=60k", NULL};
    enum { FIFO, SHARING, SHORTEST };
    struct shown shown;
    compare(&shown, "configs/disciplines.yaml", set);
    assert_int_equal(shown.panels.n, 3);
    for (uint32_t column = 0; column < 4; column++) {
        const struct row *fifo = row_at(&shown, FIFO, column);
        const struct row *sharing = row_at(&shown, SHARING, column);
        const struct row *shortest = row_at(&shown, SHORTEST, column);
        assert_true(shortest->latency_q[P50] < 0.022);
        assert_true(shortest->latency_q[P50] < 0.7 * sharing->latency_q[P50]);
        assert_true(shortest->latency_q[P99] < 0.9 * sharing->latency_q[P99]);
        assert_true(sharing->latency_q[P99] < 0.6 * fifo->latency_q[P99]);
        assert_true(shortest->latency_mean < sharing->latency_mean);
        assert_true(fmin(sharing->latency_max, shortest->latency_max) > 1.5 * fifo->latency_max);
        assert_int_equal(shortest->stable, STABLE_YES);
    }
    assert_true(row_at(&shown, FIFO, 3)->latency_q[P50] >
                10 * row_at(&shown, FIFO, 0)->latency_q[P50]);
    shown_free(&shown);
}

/* The queue is longest when the rush is long over, and no column is said to be at rest. */
static void test_timetable(void **state)
{
    (void)state;
    static const char *const set[] = {"run.replications=4", NULL};
    struct result *result = run("configs/timetable.yaml", set);
    uint32_t longest = 0, busiest = 0;
    assert_int_equal(result->columns, 96);
    for (uint32_t column = 0; column < 96; column++) {
        const struct row *row = report_row(result, column);
        assert_true(row->value == 900.0 * column && row->stable == STABLE_UNKNOWN);
        longest = row->queue_mean > report_row(result, longest)->queue_mean ? column : longest;
        busiest = row->arrival_rate > report_row(result, busiest)->arrival_rate ? column : busiest;
    }
    assert_true(busiest >= 4 * 9 && busiest < 4 * 12);
    assert_true(longest >= 4 * 17 && longest <= 4 * 18);
    assert_true(report_row(result, 4 * 5)->latency_q[P50] < 60);
    assert_true(report_row(result, longest)->latency_q[P50] > 1800);
    assert_true(report_row(result, 4 * 23)->latency_q[P50] < 60);
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_are_sound),    cmocka_unit_test(test_open),
        cmocka_unit_test(test_open_independent), cmocka_unit_test(test_consumers),
        cmocka_unit_test(test_scaled),           cmocka_unit_test(test_answers),
        cmocka_unit_test(test_handoff),          cmocka_unit_test(test_closed),
        cmocka_unit_test(test_impatience),       cmocka_unit_test(test_disciplines),
        cmocka_unit_test(test_timetable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
