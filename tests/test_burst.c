/*
 * Bursts on top of the traffic (arrivals.trigger), and tasks that are there at time 0: every
 * arrival where its process without a burst would have it, by the clock that the burst makes
 * faster; or where the integral of the rate, burst and all, reaches as much as it had without.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/engine/source.h"
#include "../sim/scenario/stages.h"
#include "../sim/stations/inlets.h"
#include "scene.h"

enum { TASKS = 2000 };

/* In place of burst.h's: from what it says alone, by adding up. */
static double own_clock(double at, double length, double factor, double time)
{
    double before = fmin(time, at), in = fmin(fmax(time - at, 0), length);
    return before + factor * in + fmax(time - at - length, 0);
}

/* Times of the first tasks of the only source of a scenario. */
static void times_of(struct scenario *s, double *time)
{
    struct source *source = xcalloc(1, sizeof *source);
    source_begin(source, s, 7, 3);
    for (int k = 0; k < TASKS; k++, source_step(source))
        time[k] = source_peek(source).time;
    source_end(source);
    free(source);
}

static void text_times(const char *arrivals, double *time)
{
    struct scenario *s = scene_text(internf("arrivals: {%s}\ntasks: {size: 1s}\n", arrivals), "");
    times_of(s, time);
    free(s);
}

#define BURST ", trigger: {at: 100s, for: 50s, factor: "

static void a_clock_of_its_own_runs_faster(void **state)
{
    (void)state;
    static const char *const processes[] = {
        "rate: 2/s",
        "process: renewal, interarrival: {distribution: gamma, mean: 0.5s, shape: 0.5}",
        "process: batch, rate: 1/s, batch: {distribution: geometric, mean: 2}"};
    static const double factors[] = {5, 0.25, 1, 0};
    static double plain[TASKS], burst[TASKS];
    for (size_t p = 0; p < sizeof processes / sizeof *processes; p++) {
        text_times(processes[p], plain);
        for (size_t f = 0; f < sizeof factors / sizeof *factors; f++) {
            text_times(internf("%s" BURST "%g}", processes[p], factors[f]), burst);
            for (int k = 0; k < TASKS; k++)
                scene_near(own_clock(100, 50, factors[f], burst[k]), plain[k], 1e-9);
            assert_true(burst[TASKS - 1] > 150);
            for (int k = 0; k < TASKS && factors[f] == 0; k++)
                assert_false(burst[k] > 100 && burst[k] < 150 - 1e-9);
        }
    }
}

/* The integral of a rate of 1, 4 and 0.5 (then for ever, or again and again) up to a time. */
static double cumulated(double time, bool repeat, double factor)
{
    double sum = 0;
    const double step = 1.0 / 8; /* at which pieces and burst begin and end */
    for (double t = 0; t < time; t += step) {
        double in = repeat ? fmod(t, 90) : t, rate = in < 30 ? 1 : in < 60 ? 4 : 0.5;
        sum += rate * (t >= 100 && t < 150 ? factor : 1) * fmin(step, time - t);
    }
    return sum;
}

static void a_timetable_stays_where_it_is(void **state)
{
    (void)state;
    static double unit[TASKS], burst[TASKS];
    const char *table = "process: schedule, schedule: [{until: 30s, rate: 1/s}, {until: 60s, rate: "
                        "4/s}, {until: 90s, rate: 0.5/s}]";
    text_times("rate: 1/s", unit); /* of the same exponentials */
    for (int repeat = 0; repeat < 2; repeat++) {
        text_times(internf("%s, repeat: %s" BURST "5}", table, repeat ? "yes" : "no"), burst);
        for (int k = 0; k < TASKS; k += 7)
            scene_near(cumulated(burst[k], repeat, 5), unit[k], 1e-6);
        text_times(internf("%s, repeat: %s" BURST "0}", table, repeat ? "yes" : "no"), burst);
        for (int k = 0; k < TASKS; k += 7)
            scene_near(cumulated(burst[k], repeat, 0), unit[k], 1e-6);
    }
}

/* States that are long and dense, and others without a task: where the gaps are. */
static int off_times(const char *more, double *from, int most)
{
    struct scenario *s = scene_text(
        internf("arrivals: {process: mmpp, states: [{rate: 0/s, mean_duration: 5s}, {rate: 500/s, "
                "mean_duration: 5s}]%s}\ntasks: {size: 1s}\n",
                more),
        "");
    struct source *source = xcalloc(1, sizeof *source);
    int n = 0;
    source_begin(source, s, 7, 3);
    for (double last = 0; n < most; source_step(source)) {
        double time = source_peek(source).time;
        if (time - last > 0.2)
            from[n++] = last;
        last = time;
    }
    source_end(source);
    free(source);
    free(s);
    return n;
}

static void states_last_as_long_as_ever(void **state)
{
    (void)state;
    double plain[40], burst[40], unit[TASKS], both[TASKS];
    assert_int_equal(off_times("", plain, 40), 40);
    assert_int_equal(off_times(BURST "8}", burst, 40), 40);
    for (int i = 0; i < 40; i++)
        scene_near(burst[i], plain[i], 0.05);
    text_times("rate: 3/s", unit);
    text_times("process: mmpp, states: [{rate: 3/s, mean_duration: 5s}, {rate: 3/s, mean_duration: "
               "1s}]" BURST "5}",
               both);
    for (int k = 0; k < TASKS; k++)
        scene_near(own_clock(100, 50, 5, both[k]), unit[k], 1e-9);
}

/* The rate jumps from 1 to 2 at 120, in the burst, and at 170 to 0.5. */
static void a_rate_may_change_meanwhile(void **state)
{
    (void)state;
    static double unit[TASKS];
    struct param_ref ref;
    struct scenario *s =
        scene_text("arrivals: {rate: 1/s" BURST "5}, initial: 300}\ntasks: {size: 1s}\n", "");
    struct source *source = xcalloc(1, sizeof *source);
    text_times("rate: 1/s", unit);
    assert_true(param_find(s, "arrivals.rate", (struct place){0}, &ref, NULL));
    source_begin(source, s, 7, 3);
    for (int k = 0, changes = 0; k < TASKS; k++, source_step(source)) {
        if (k == 100)
            source_adopt(source, &ref, 1, 0); /* among those at time 0: nothing changes */
        if (source_peek(source).time > 120 && changes == 0)
            source_adopt(source, &ref, 2, 120), changes++;
        if (source_peek(source).time > 170 && changes == 1)
            source_adopt(source, &ref, 0.5, 170), changes++;
        double time = source_peek(source).time;
        double sum = own_clock(100, 50, 5, fmin(time, 120));
        if (time > 120)
            sum += 2 * (own_clock(100, 50, 5, fmin(time, 170)) - own_clock(100, 50, 5, 120));
        sum += 0.5 * fmax(0, time - 170);
        if (k < 300)
            assert_true(time == 0);
        else
            scene_near(sum, unit[k - 300], 1e-9);
    }
    source_end(source);
    free(source);
    free(s);
}

/* Of several sources each has its own. */
static void every_source_has_its_own(void **state)
{
    (void)state;
    struct scenario *s =
        scene_text("sources:\n  a: {rate: 1/s, initial: 3}\n  b: {rate: 1/s" BURST "2}}\n"
                   "stages:\n  x: {size: 1ms}\n",
                   "");
    struct network *n = network_of(s);
    struct source *sources = inlets_open(n, 7, 0);
    int initial[2] = {0, 0}, inside[2] = {0, 0};
    for (int i = 0; i < 2; i++)
        for (double time; (time = source_peek(&sources[i]).time) < 300; source_step(&sources[i])) {
            initial[i] += time == 0;
            inside[i] += time >= 100 && time < 150;
        }
    assert_int_equal(initial[0], 3);
    assert_int_equal(initial[1], 0);
    assert_in_range(inside[0], 50 - 28, 50 + 28); /* four standard deviations */
    assert_in_range(inside[1], 100 - 40, 100 + 40);
    inlets_close(sources, n);
    network_free(n);
    free(s);
}

/* A queue of n tasks of one second, and no others: the k-th waits k seconds. */
static void a_queue_drains(void **state)
{
    (void)state;
    struct scenario *s =
        scene_text("arrivals: {rate: 0.000001/s, initial: 100}\ntasks: {size: 1s}\n"
                   "run: {tasks: 100, warmup: 0, replications: 1}\n",
                   "");
    struct result *r = scene_run(s, 1);
    scene_near(scene_row(r, 0, "main")->wait_mean, 99 / 2.0, 1e-9);
    assert_int_equal(scene_row(r, 0, "main")->offered, 100);
    result_free(r);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_clock_of_its_own_runs_faster),
                                       cmocka_unit_test(a_timetable_stays_where_it_is),
                                       cmocka_unit_test(states_last_as_long_as_ever),
                                       cmocka_unit_test(a_rate_may_change_meanwhile),
                                       cmocka_unit_test(every_source_has_its_own),
                                       cmocka_unit_test(a_queue_drains)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
