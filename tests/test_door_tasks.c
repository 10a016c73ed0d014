/*
 * What stands before a stage, task by task: buckets of tokens, limits, who is dropped and when, who
 * may wait outside, and disciplines that go by what is known at the door.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "../sim/scenario/policy.h"
#include "fates.h"
#include "scene.h"

/* A task a second, at 1, 2 ... */
#define ARRIVALS_A_SECOND                                                                          \
    "arrivals: {process: renewal, interarrival: {distribution: deterministic, value: 1s}}\n"

#define SOURCE_A_SECOND                                                                            \
    "sources: {s: {process: renewal, interarrival: {distribution: deterministic, value: 1s}}}\n"

/* When each of the first requests starts; a negative number: it is lost, for -1 - that reason. */
static void starts(const char *text, size_t n, const double *times)
{
    struct story s = fates_of(text, n);
    for (uint32_t i = 0; i < n; i++) {
        const struct visit_record *v = fates_visit(&s, i, 0);
        if (times[i] < 0)
            assert_int_equal(v->outcome, TRACE_LOST + (int)(-1 - times[i]));
        else
            scene_near(v->start, times[i], 1e-6);
    }
    story_free(&s);
}

#define LOST(why) (-1.0 - (why))

static void a_bucket_begins_full_and_fills_continuously(void **state)
{
    (void)state;
    const double x = LOST(LOSS_THROTTLED);
    /* Tokens when they come: 2, 1.5, 1, 0.5, 1, 0.5, ... */
    starts(ARRIVALS_A_SECOND "tasks: {size: 1ms}\nthrottle: {rate: 0.5/s, burst: 2}\n", 8,
           (const double[]){1, 2, 3, x, 5, x, 7, x});
    /* And who waits for one goes in order, at the moment at which it is there. */
    starts(ARRIVALS_A_SECOND
           "tasks: {size: 1ms}\nthrottle: {rate: 0.5/s, burst: 2, when_empty: delay}\n",
           7, (const double[]){1, 2, 3, 5, 7, 9, 11});
    /* A bucket holds one where nothing is said. */
    starts(ARRIVALS_A_SECOND "tasks: {size: 1ms}\nthrottle: {rate: 0.4/s}\n", 8,
           (const double[]){1, x, x, 4, x, x, 7, x});
}

/* Patience runs while they wait for a token; what is left of it is for the buffer. */
static void patience_runs_at_the_door(void **state)
{
    (void)state;
    const double x = LOST(LOSS_TIMED_OUT);
    /* Tokens at 1, 3 (for 2), 5 (for 3) and 7: the fourth gives up at 6.5, and that is the fifth's;
     * the sixth gives up at 8.5. */
    starts(ARRIVALS_A_SECOND "tasks: {size: 1ms, timeout: 2.5s}\n"
                             "throttle: {rate: 0.5/s, when_empty: delay}\n",
           6, (const double[]){1, 3, 5, x, 7, x});
    /* The second has its token at 3, having waited for a second, and gives up one later, at 4. */
    starts(ARRIVALS_A_SECOND "tasks: {size: 4s, timeout: 2s}\n"
                             "throttle: {rate: 0.5/s, burst: 1, when_empty: delay}\n",
           2, (const double[]){1, x});
}

/* Each source has its own bucket, or each class. */
static void buckets_may_be_of_each_source_or_class(void **state)
{
    (void)state;
    static const char *const per[] = {"", ", per: source", ", per: class"};
    static const int lost[] = {30, 0, 0};
    for (int i = 0; i < 3; i++) {
        struct story s = fates_of(
            internf(
                "sources:\n"
                "  a: {process: renewal, interarrival: {distribution: deterministic, value: 1s}, "
                "class: red}\n"
                "  b: {process: renewal, interarrival: {distribution: deterministic, value: 1s}, "
                "class: blue}\n"
                "tasks: {size: 1ms}\n"
                "stages: {x: {throttle: {rate: 1/s%s}}}\n",
                per[i]),
            60);
        int rejected = 0;
        for (size_t k = 0; k < s.n_visits; k++)
            rejected +=
                s.visits[k].arrival < 30.5 && s.visits[k].outcome == TRACE_LOST + LOSS_THROTTLED;
        assert_int_equal(rejected, lost[i]);
        story_free(&s);
    }
}

/* Waiting and in service together. */
static void a_limit_turns_away_whom_it_has_no_room_for(void **state)
{
    (void)state;
    const double x = LOST(LOSS_LIMITED);
    starts(ARRIVALS_A_SECOND "tasks: {size: 2.5s}\nlimit: {algorithm: fixed, limit: 2}\n", 9,
           (const double[]){1, 3.5, x, 6, x, 8.5, x, x, 11});
}

/* The limit is 1; more with each that is quick, half of it when one takes longer than 1.5 s: the
 * numbers that AIMDLimit of Netflix's concurrency-limits comes to. */
static void a_limit_rises_by_one_and_falls_by_a_ratio(void **state)
{
    (void)state;
    const double x = LOST(LOSS_LIMITED);
    /* 10 a second, 4 consumers of 300 ms: up to 4 are quick. */
    static const char text[] =
        "arrivals: {process: renewal, interarrival: {distribution: deterministic, value: 100ms}}\n"
        "tasks: {size: 300ms}\nconsumers: {count: 4}\n"
        "limit: {algorithm: aimd, initial: 1, min: 1, max: 3, backoff_ratio: 0.5, timeout: 1s}\n";
    /* In at .1, out at .4: limit 2 then. What comes at .4 is behind that: in; .5 in, .6 not; at .7
     * one goes out (2 were inside, of 2: limit 3). */
    starts(text, 9, (const double[]){0.1, x, x, 0.4, 0.5, x, 0.7, 0.8, 0.9});
    /* All are too slow: after the first two is the least that it can be. */
    starts("arrivals: {process: renewal, interarrival: {distribution: deterministic, value: "
           "100ms}}\ntasks: {size: 290ms}\nconsumers: {count: 4}\n"
           "limit: {algorithm: aimd, initial: 4, min: 2, max: 4, backoff_ratio: 0.5, timeout: "
           "100ms}\n",
           9, (const double[]){0.1, 0.2, 0.3, x, 0.5, 0.6, x, 0.8, 0.9});
}

/* RFC 8289, 3.3: drops at 0, 1, 1 + 1 / sqrt 2, ... intervals after the first. */
static void codel_drops_by_its_control_law(void **state)
{
    (void)state;
    struct story s = fates_of(
        "arrivals: {process: renewal, interarrival: {distribution: deterministic, value: 500us}}\n"
        "tasks: {size: 1ms}\n"
        "buffer: {drop: {algorithm: codel, target: 5ms, interval: 1s}}\n"
        "run: {tasks: 20k, replications: 1}\n",
        20000);
    double drop[12] = {0};
    int n = 0;
    double last = 0;
    for (size_t i = 0; i < s.n_visits && n < 12; i++)
        if (s.visits[i].outcome == TRACE_LOST + LOSS_EARLY) {
            assert_true(s.visits[i].left >= last);
            drop[n++] = last = s.visits[i].left;
        }
    assert_int_equal(n, 12);
    /* Waits are above 5 ms from about 10 ms on. */
    scene_near(drop[0], 1.011, 0.003);
    double law = 0;
    for (int k = 1; k < 12; k++) {
        law += 1 / sqrt(k);
        scene_near(drop[k] - drop[0], law, 0.0025); /* it looks each millisecond */
    }
    scene_near(drop[2] - drop[0], 1.707106781187, 0.0025);
    scene_near(drop[9] - drop[0], 4.704770133276, 0.0025);
    story_free(&s);
}

/* One that finds nobody late any more begins anew. */
static void codel_lets_those_go_who_are_not_late(void **state)
{
    (void)state;
    struct story s =
        fates_of(ARRIVALS_A_SECOND "tasks: {size: 1.1s}\n"
                                   "buffer: {capacity: 2, when_full: drop-oldest, drop: "
                                   "{algorithm: codel, target: 3s, interval: 5s}}\n",
                 300);
    for (size_t i = 0; i < s.n_visits; i++) /* nobody waits for 3 s: two places of 1.1 s */
        assert_true(s.visits[i].outcome != TRACE_LOST + LOSS_EARLY);
    story_free(&s);
}

/* Three may wait outside, and the next is told at once. */
static void so_many_wait_outside_and_the_next_gets_an_error(void **state)
{
    (void)state;
    const double x = LOST(LOSS_ERROR);
    starts(ARRIVALS_A_SECOND
           "tasks: {size: 10s}\nbuffer: {capacity: 1, when_full: pause, max_paused: 3}\n",
           8, (const double[]){1, 11, 21, 31, 41, x, x, x});
    starts(ARRIVALS_A_SECOND
           "tasks: {size: 10s}\nbuffer: {capacity: 1, when_full: pause, max_paused: 0}\n",
           4, (const double[]){1, 11, x, x});
}

/* The whole of a pause is nothing but waiting: with any number outside all are served as if the
 * buffer had no end. */
static void without_a_bound_outside_a_pause_costs_nobody_anything(void **state)
{
    (void)state;
    struct story a = fates_of("sources: {main: {process: poisson, rate: 1.2/s}}\n"
                              "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                              "stages: {main: {to: exit}}\n",
                              1000);
    struct story b =
        fates_of("sources: {main: {process: poisson, rate: 1.2/s}}\n"
                 "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                 "stages: {main: {buffer: {capacity: 10, when_full: pause}, to: exit}}\n",
                 1000);
    for (uint32_t i = 0; i < 700; i++) {
        const struct visit_record *u = fates_visit(&a, i, 0), *v = fates_visit(&b, i, 0);
        assert_true(u->arrival == v->arrival);
        scene_near(u->left, v->left, 1e-9);
    }
    story_free(&a);
    story_free(&b);
}

/* Whose patience is over first; who has none goes last, ties by arrival. */
static void the_earliest_deadline_goes_first(void **state)
{
    (void)state;
    struct story s = fates_of("sources:\n"
                              "  calm: {process: schedule, schedule: [{until: 3.5s, rate: 1/s}, "
                              "{until: 1000s, rate: 0/s}], "
                              "class: calm}\n"
                              "  hasty: {process: renewal, interarrival: {distribution: "
                              "deterministic, value: 2.25s}, class: "
                              "hasty}\n"
                              "tasks: {size: 4s, classes: [{name: calm, size: 4s, timeout: 1000s}, "
                              "{name: hasty, size: 4s, "
                              "timeout: 900s}]}\n"
                              "stages: {x: {consumers: {discipline: earliest-deadline}}}\n",
                              20);
    double last[2] = {0, 0};
    size_t waited = 0;
    for (size_t i = 0; i < s.n_visits; i++) {
        const struct visit_record *v = &s.visits[i];
        if (isnan(v->start))
            continue;
        assert_true(v->start >= last[v->class]); /* in order among themselves */
        last[v->class] = v->start;
        for (size_t k = 0; k < s.n_visits; k++) {
            const struct visit_record *u = &s.visits[k];
            const double a = v->arrival + (v->class ? 900 : 1000),
                         b = u->arrival + (u->class ? 900 : 1000);
            if (u->arrival < v->start && !isnan(u->start) && u->start > v->start) {
                waited++;
                assert_true(a <= b);
            }
        }
    }
    assert_true(waited > 20);
    story_free(&s);
}

/* More than two wait: the last goes first; else the first. */
static void adaptive_lifo_turns_round_when_many_wait(void **state)
{
    (void)state;
#define ADAPTIVE                                                                                   \
    "stages: {x: {consumers: {discipline: adaptive-lifo, lifo_above: 2}, buffer: {capacity: "      \
    "%s}}}\n"
    /* At 5 the first is done, and 2, 3 and 4 wait (5 comes behind that): 4 goes; at 9 the last of
     * 2, 3, 5, 6, 7 and 8; and so on. */
    struct story s =
        fates_of(internf("%stasks: {size: 4s}\n" ADAPTIVE, SOURCE_A_SECOND, "unbounded"), 20);
    static const uint32_t order[] = {1, 4, 8, 12, 16};
    for (int i = 0; i < 5; i++)
        scene_near(fates_visit(&s, order[i] - 1, 0)->start, 1 + 4 * i, 1e-9);
    story_free(&s);
    /* Never more than two: first come, first served. */
    starts(internf("%stasks: {size: 1.5s}\n" ADAPTIVE, SOURCE_A_SECOND, "2"), 5,
           (const double[]){1, 2.5, 4, 5.5, 7});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_begins_full_and_fills_continuously),
        cmocka_unit_test(patience_runs_at_the_door),
        cmocka_unit_test(buckets_may_be_of_each_source_or_class),
        cmocka_unit_test(a_limit_turns_away_whom_it_has_no_room_for),
        cmocka_unit_test(a_limit_rises_by_one_and_falls_by_a_ratio),
        cmocka_unit_test(codel_drops_by_its_control_law),
        cmocka_unit_test(codel_lets_those_go_who_are_not_late),
        cmocka_unit_test(so_many_wait_outside_and_the_next_gets_an_error),
        cmocka_unit_test(without_a_bound_outside_a_pause_costs_nobody_anything),
        cmocka_unit_test(the_earliest_deadline_goes_first),
        cmocka_unit_test(adaptive_lifo_turns_round_when_many_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
