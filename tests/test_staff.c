/*
 * Consumers that come and go: the thread pool of java.util.concurrent task by task, and pools,
 * speeds and errors against what is known of them (chains solved elsewhere; Gunther's law as a
 * birth-death process).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/engine/engine.h"
#include "naive_network.h"
#include "scene.h"

extern _Thread_local struct network_trace *networks_trace;

/* What becomes of the first `n` requests, in the order in which they came. */
static struct story fates(const char *text, uint64_t n)
{
    struct scenario *s = scene_text(text, "");
    struct story story = {0};
    struct network_trace trace = {&story, story_visit, story_request};
    struct recorder recorder = {
        .classes = 1, .places = (uint32_t)scenario_places(s), .slot = UNMEASURED};
    const struct engine_limits limits = {.until_time = INFINITY, .until_tasks = n + 1};
    networks_trace = &trace;
    void *state = networks_engine.begin(s, NULL, &recorder, 1, 0);
    networks_trace = NULL;
    networks_engine.advance(state, &limits);
    networks_engine.end(state);
    free(s);
    return story;
}

static const struct visit_record *of(const struct story *story, uint32_t request)
{
    for (size_t i = 0; i < story->n_visits; i++)
        if (story->visits[i].request == request)
            return &story->visits[i];
    fail_msg("nothing became of request %u", request);
    return NULL;
}

#define NINE_AT_ONCE                                                                               \
    "seed: 1\n"                                                                                    \
    "arrivals: {process: batch, rate: 0.001/s, batch: {distribution: deterministic, value: 9s}}\n" \
    "tasks: {size: 1s}\n"                                                                          \
    "buffer: {capacity: 3, when_full: reject}\n"

static void started(const struct story *story, const double *after, size_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct visit_record *v = of(story, i);
        if (isnan(after[i]))
            assert_int_equal(v->outcome, TRACE_LOST + LOSS_REJECTED);
        else
            scene_near(v->start - v->arrival, after[i], 1e-9);
    }
}

static void a_thread_pool_adds_a_thread_for_the_task_that_the_queue_refuses(void **state)
{
    (void)state;
    const double after[] = {0, 0, 1, 1, 1, 0, 0, 0, NAN};
    struct story story = fates(NINE_AT_ONCE "consumers: {count: 2, max: 5, grow: when-full}\n", 9);
    started(&story, after, 9);
    story_free(&story);
}

static void a_thread_that_starts_is_for_its_task(void **state)
{
    (void)state;
    /* 6, 7 and 8 wait for their threads; the core takes 3 and 4 meanwhile, and then 5. */
    const double after[] = {0, 0, 1, 1, 2, 1.5, 1.5, 1.5, NAN};
    struct story story = fates(
        NINE_AT_ONCE "consumers: {count: 2, max: 5, grow: when-full, start_delay: 1.5s}\n", 9);
    started(&story, after, 9);
    story_free(&story);
}

static void a_pool_that_grows_when_busy_does_not_let_the_queue_fill(void **state)
{
    (void)state;
    const double at_once[] = {0, 0, 0, 0, 0, 1, 1, 1, NAN};
    struct story story = fates(NINE_AT_ONCE "consumers: {count: 2, max: 5, grow: when-busy}\n", 9);
    started(&story, at_once, 9);
    story_free(&story);
    /* started for whoever waits: 3, 4, 5; the others are turned away, since nobody is there yet */
    const double later[] = {0, 0, 0.5, 0.5, 0.5, NAN, NAN, NAN, NAN};
    story = fates(
        NINE_AT_ONCE "consumers: {count: 2, max: 5, grow: when-busy, start_delay: 0.5s}\n", 9);
    started(&story, later, 9);
    story_free(&story);
}

/* Where there are no consumers the queue takes the task, and one is added that takes from it. */
static void a_pool_without_core_has_one_as_soon_as_somebody_waits(void **state)
{
    (void)state;
    const double after[] = {0, 1, 1, 1, 0, 0, NAN, NAN, NAN};
    struct story story = fates(NINE_AT_ONCE "consumers: {count: 0, max: 3}\n", 9);
    started(&story, after, 9);
    story_free(&story);
}

static struct result *run(const char *text)
{
    struct scenario *s = scene_text(text, "seed: 1\n");
    struct result *result = scene_run(s, 1);
    free(s);
    return result;
}

static const struct row *stage(const struct result *result, uint32_t place)
{
    return result_place_row(result, 0, place, result_row_classes(result) - 1);
}

#define POISSON(rate)                                                                              \
    "arrivals: {process: poisson, rate: " #rate "/s}\n"                                            \
    "tasks: {size: {distribution: exponential, mean: 1s}}\n"

static void pools_are_as_large_as_the_chain_of_threads_and_tasks_says(void **state)
{
    (void)state;
    static const struct {
        const char *more;
        double rejected, threads, wait;
    } known[] = {
        {POISSON(3) "consumers: {count: 2, max: 8, keep_alive: {distribution: exponential, mean: "
                    "10s}}\nbuffer: {capacity: 10}\n",
         0.0004814998562944, 3.761805382634, 0.8110586121457},
        {POISSON(3) "consumers: {count: 2, max: 8, keep_alive: {distribution: exponential, mean: "
                    "10s}, wakes: longest-idle}\nbuffer: {capacity: 0}\n",
         0.008132439397151, 5.661768975711, 0},
        {POISSON(10) "consumers: {count: 4, max: 8, keep_alive: {distribution: exponential, mean: "
                     "1s}}\nbuffer: {capacity: 20}\n",
         0.2024928827648, 7.97897920946, 2.03386605072},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct result *result =
            run(internf("%srun: {tasks: 200k, replications: 4}\n", known[i].more));
        const struct row *row = stage(result, 0);
        scene_near(row->loss_fraction, known[i].rejected, 0.06 * known[i].rejected + 1e-4);
        scene_near(row->consumers_mean, known[i].threads, 0.01 * known[i].threads);
        scene_near(row->wait_mean, known[i].wait, 0.015 * known[i].wait);
        result_free(result);
    }
}

static void consumers_slow_each_other_down(void **state)
{
    (void)state;
    enum { SERVER = 1 };
    struct result *fifo = run(POISSON(5) "consumers: {count: 32, contention: 0.05, coherency: "
                                         "0.001}\nrun: {tasks: 100k, replications: 4}\n");
    scene_near(stage(fifo, 0)->latency_mean, 1.42483674036, 0.01);
    result_free(fifo);
    struct result *shared =
        run("arrivals: {process: poisson, rate: 5/s}\ntasks: {size: 0s}\nstages:\n"
            "  sockets: {consumers: {count: 32}, calls: [server]}\n"
            "  server:\n"
            "    consumers: {count: 256, discipline: processor-sharing, contention: 0.05, "
            "coherency: 0.001}\n"
            "    size: {distribution: exponential, mean: 1s}\n"
            "run: {tasks: 100k, replications: 4}\n");
    scene_near(stage(shared, 0)->latency_mean, 1.42483674036, 0.015);
    scene_near(stage(shared, SERVER)->wait_mean, 0, 0);
    result_free(shared);
}

/* A task whose service ends in an error has been served all the same. */
static void errors_are_lost_after_their_service(void **state)
{
    (void)state;
    struct result *result =
        run("arrivals: {process: poisson, rate: 0.5/s}\nstages:\n"
            "  web: {consumers: {count: 1, error_rate: 20%}, size: {distribution: exponential, "
            "mean: 1s}, to: db}\n"
            "  db: {consumers: {count: 1, discipline: processor-sharing, error_rate: 50%}, size: "
            "{distribution: exponential, mean: 1s}}\n"
            "run: {tasks: 100k, replications: 4}\n");
    enum { DB = 1, ALL };
    scene_near(stage(result, 0)->utilization, 0.5, 0.01);
    scene_near(stage(result, DB)->utilization, 0.4, 0.01);
    scene_near(stage(result, 0)->loss_fraction, 0.2, 0.005);
    scene_near(stage(result, DB)->loss_fraction, 0.5, 0.005);
    scene_near(stage(result, ALL)->loss_fraction, 0.6, 0.005);
    assert_int_equal(stage(result, ALL)->lost_by[LOSS_ERROR], stage(result, ALL)->lost);
    assert_true(isnan(stage(result, 0)->consumers_mean));
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_pool_adds_a_thread_for_the_task_that_the_queue_refuses),
        cmocka_unit_test(a_thread_that_starts_is_for_its_task),
        cmocka_unit_test(a_pool_that_grows_when_busy_does_not_let_the_queue_fill),
        cmocka_unit_test(a_pool_without_core_has_one_as_soon_as_somebody_waits),
        cmocka_unit_test(pools_are_as_large_as_the_chain_of_threads_and_tasks_says),
        cmocka_unit_test(consumers_slow_each_other_down),
        cmocka_unit_test(errors_are_lost_after_their_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
