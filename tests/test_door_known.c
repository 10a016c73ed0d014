/*
 * What stands before a stage against what is known of it: water marks and RED as birth-death
 * chains, a token bucket as an M/D/1 queue (Erlang 1909; Berger 1991), a bound on who waits outside
 * as M/M/1/K, first passages (Keilson 1965), Burke's theorem.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/scenario/policy.h"
#include "fates.h"
#include "scene.h"

#define POISSON(rate)                                                                              \
    "arrivals: {process: poisson, rate: " #rate "/s}\n"                                            \
    "tasks: {size: {distribution: exponential, mean: 1s}}\n"
#define RUN(tasks) "run: {tasks: " #tasks ", replications: 4}\n"

static struct result *run_text(const char *text, const char *run)
{
    struct scenario *s = scene_text(text, run);
    struct result *result = scene_run(s, 1);
    free(s);
    return result;
}

static const struct row *main_row(const struct result *result)
{
    return result_place_row(result, 0, 0, result_row_classes(result) - 1);
}

/* Relatively: some four standard errors. */
static void near(double value, double exact, double share)
{
    scene_near(value / exact, 1, share);
}

/* Marks are by those that wait: one less than are inside, with one consumer. */
static void marks_stop_producers_as_the_chain_has_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double throughput, inside, pauses;
    } known[] = {
        {POISSON(1.5) "buffer: {high_water: 7, low_water: 1}\n", 0.950492285358, 4.143600290346,
         0.061056412738},
        {POISSON(1.5) "buffer: {high_water: 7, low_water: 6}\n", 0.98665, NAN, 0.3422},
        {POISSON(0.9) "buffer: {high_water: 15, low_water: 3}\n", 0.861324110262, 4.552272680135,
         0.003581100901662},
        {POISSON(6) "consumers: {count: 4}\nbuffer: {high_water: 20, low_water: 4, ignore: 10%}\n",
         3.986397577163, 14.78236604587, 0.07923898423201},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct result *result = run_text(known[i].text, RUN(100k));
        const struct row *row = main_row(result);
        near(row->throughput, known[i].throughput, 0.008);
        if (!isnan(known[i].inside))
            near(row->in_system_mean, known[i].inside, 0.025);
        near(row->pauses, known[i].pauses, 0.06);
        result_free(result);
    }
}

/* Up at in - out from the low mark to the high one (and for as long as the signal takes), down at
 * out: a hundred periods of (H - L + in delay) (1 / (in - out) + 1 / out), in hundreds of tasks. */
static void marks_go_up_and_down_like_a_fluid(void **state)
{
    (void)state;
#define REGULAR(gap)                                                                               \
    "arrivals: {process: renewal, interarrival: {distribution: deterministic, value: " #gap "}}\n" \
    "tasks: {size: 10ms, bytes: 1B}\n"
    static const struct {
        const char *text;
        double period, peak;
    } known[] = {
        {REGULAR(3333333.3ns) "buffer: {high_water: 5000, low_water: 1000}\n"
                              "run: {duration: 6000s, warmup: 60s, replications: 1}\n",
         60, 5000},
        {REGULAR(6666666.7ns) "buffer: {high_water: 3000, low_water: 2000, signal_delay: 1s}\n"
                              "run: {duration: 3450s, warmup: 60s, replications: 1}\n",
         34.5, 3050},
    };
    for (int i = 0; i < 2; i++) {
        struct result *result = run_text(known[i].text, "");
        near(main_row(result)->pauses, 1 / known[i].period, 0.011);
        scene_near(main_row(result)->bytes_max, 1 + known[i].peak, 1.5); /* and in service */
        result_free(result);
    }
}

static void red_drops_as_the_birth_death_chain_does(void **state)
{
    (void)state;
    struct result *result = run_text(
        POISSON(0.9) "buffer: {drop: {algorithm: red, from: 4, to: 14, most: 10%}}\n", RUN(200k));
    near(main_row(result)->loss_fraction, 0.03201878072755, 0.06);
    near(main_row(result)->latency_mean, 5.74997865702, 0.025);
    assert_int_equal(main_row(result)->lost, main_row(result)->lost_by[LOSS_EARLY]);
    result_free(result);
    result = run_text(POISSON(4.5) "consumers: {count: 4}\n"
                                   "buffer: {drop: {algorithm: red, from: 6, to: 26, most: 20%}}\n",
                      RUN(100k));
    near(main_row(result)->loss_fraction, 0.1194712750612, 0.04);
    near(main_row(result)->latency_mean, 4.733252484608, 0.02);
    result_free(result);
}

/* Who waits for a token waits in an M/D/1 queue, but for the credit. */
static void tokens_are_waited_for_as_in_a_queue_less_the_credit(void **state)
{
    (void)state;
#define BUCKET(burst)                                                                              \
    "tasks: {size: 1us}\nconsumers: {count: unlimited}\n"                                          \
    "throttle: {rate: 1/s, burst: " #burst ", when_empty: delay}\n"
#define COME(rate) "arrivals: {process: poisson, rate: " #rate "/s}\n"
    static const struct {
        const char *text;
        double delayed, mean, share;
    } known[] = {
        {COME(0.8) BUCKET(1), 0.8, 2, 0.03},
        {COME(0.5) BUCKET(3), 0.05303940344551, 0.04264246380911, 0.06},
        {COME(0.8) BUCKET(10), 0.01793507615075, 0.04162794570561, 0.2},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct result *result = run_text(known[i].text, RUN(200k));
        near(main_row(result)->wait_probability, known[i].delayed, known[i].share);
        near(main_row(result)->wait_mean, known[i].mean, known[i].share);
        result_free(result);
    }
}

/* In any stretch of t at most burst + rate t go in; after a silence the burst at once. */
static void no_more_go_in_than_the_bucket_lets(void **state)
{
    (void)state;
    struct story s = fates_of(
        "arrivals: {process: schedule, schedule: [{until: 100s, rate: 0/s}, {until: 1000s, rate: "
        "5/s}]}\n" BUCKET(10),
        2000);
    double went[800] = {0};
    size_t n = 0;
    for (size_t i = 0; i < s.n_visits && n < 800; i++)
        if (s.visits[i].start < 900)
            went[n++] = s.visits[i].start;
    assert_true(n > 700);
    size_t most = 0;
    for (size_t i = 0, first = 0; i < n; i++) {
        assert_true(i == 0 || went[i] >= went[i - 1]);
        while (went[first] < went[i] - 60)
            first++;
        most = i + 1 - first > most ? i + 1 - first : most;
    }
    assert_true(most <= 10 + 60 + 1); /* both ends belong to it */
    assert_true(went[9] - went[0] < 5);
    scene_near(went[600] - went[500], 100, 1e-6);
    story_free(&s);
}

/* A channel: a place at the consumer, 10 in the buffer, and so many pending puts; the next is an
 * error. */
static void a_channel_is_an_mm1k_queue(void **state)
{
    (void)state;
    struct result *result = run_text(
        POISSON(1.2) "buffer: {capacity: 10, when_full: pause, max_paused: 20}\n", RUN(200k));
    near(main_row(result)->loss_fraction, 0.167156, 0.02);
    assert_int_equal(main_row(result)->lost, main_row(result)->lost_by[LOSS_ERROR]);
    result_free(result);
}

/* Two hundred channels with traffic of their own: 60 inside, and the 61st gets an error. */
static void the_first_error_of_a_channel_comes_after_a_first_passage(void **state)
{
    (void)state;
    enum { CHANNELS = 200, FIRST = 61 };
    struct story s = fates_of("sources: {puts: {process: poisson, rate: 240/s}}\n"
                              "stages: {channel: {replicas: 200, balancer: random, size: "
                              "{distribution: exponential, mean: "
                              "1s}, buffer: {capacity: 10, when_full: pause, max_paused: 49}}}\n",
                              1000);
    double first[CHANNELS], sum = 0;
    for (int i = 0; i < CHANNELS; i++)
        first[i] = 1000;
    for (size_t i = 0; i < s.n_visits; i++)
        if (s.visits[i].outcome == TRACE_LOST + LOSS_ERROR)
            first[s.visits[i].station] = fmin(first[s.visits[i].station], s.visits[i].left);
    for (int i = 0; i < CHANNELS; i++)
        sum += first[i];
    near(sum / CHANNELS, FIRST / 0.2 - (1 - pow(1 / 1.2, FIRST)) / (0.2 * 0.2), 0.12);
    story_free(&s);
}

/* Behind a first stage without losses the executor has Poisson traffic (Burke 1956). */
static void a_handoff_to_an_executor_is_two_queues(void **state)
{
    (void)state;
    struct result *result =
        run_text("sources: {s: {process: poisson, rate: 0.8/s}}\n"
                 "stages:\n"
                 "  channel: {size: {distribution: exponential, mean: 1s}, "
                 "buffer: {capacity: 5, when_full: pause}, to: executor}\n"
                 "  executor: {size: {distribution: exponential, mean: 0.5s}}\n",
                 RUN(100k));
    near(scene_row(result, 0, "channel")->latency_mean, 5, 0.03);
    near(scene_row(result, 0, "executor")->latency_mean, 1 / (2 - 0.8), 0.02);
    near(scene_row(result, 0, "all")->latency_mean, 5 + 1 / 1.2, 0.03);
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_stop_producers_as_the_chain_has_it),
        cmocka_unit_test(marks_go_up_and_down_like_a_fluid),
        cmocka_unit_test(red_drops_as_the_birth_death_chain_does),
        cmocka_unit_test(tokens_are_waited_for_as_in_a_queue_less_the_credit),
        cmocka_unit_test(no_more_go_in_than_the_bucket_lets),
        cmocka_unit_test(a_channel_is_an_mm1k_queue),
        cmocka_unit_test(the_first_error_of_a_channel_comes_after_a_first_passage),
        cmocka_unit_test(a_handoff_to_an_executor_is_two_queues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
