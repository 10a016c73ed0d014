/* Results of networks that are run: every stage has its rows, the whole goes with the worst of
 * them, and threads, drifts and interruptions are what they are of one stage. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/answer/objective.h"
#include "../sim/result/run.h"
#include "../sim/result/save.h"
#include "scene.h"

enum { CUT, DRILL, PAINT, ALL };

/* Three machines with two places between them: the most that they can do is 0.734 a second (as
 * Hillier and Boling have it; examples/1). */
static const char tandem[] = "arrivals: {process: poisson, rate: 0.5/s}\n"
                             "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                             "stages:\n"
                             "  cut: {to: drill}\n"
                             "  drill: {buffer: {capacity: 2, when_full: pause}, to: paint}\n"
                             "  paint: {buffer: {capacity: 2, when_full: pause}}\n";

static void every_stage_has_its_rows(void **state)
{
    (void)state;
    struct scenario *s =
        scene_text(tandem, "sweep: {parameter: arrivals.rate, from: 0.5/s, to: 0.8/s, steps: 2}\n"
                           "run: {tasks: 20k, replications: 8}\n");
    struct result *result = scene_run(s, 2);
    assert_int_equal(result->places, ALL + 1);
    const struct row *all = result_row(result, 0, 0);
    double latency = 0, wait = 0;
    for (uint32_t place = 0; place < ALL; place++) {
        const struct row *row = result_place_row(result, 0, place, 0);
        assert_int_equal(row->offered, all->offered);
        assert_int_equal(row->stable, STABLE_YES);
        assert_true(row->latency_mean_ci95 > 0 && row->latency_low[2] > 0);
        latency += row->latency_mean;
        wait += row->wait_mean;
        /* its own work is 0.5 consumers: the rest is time in which it is blocked */
        scene_near(row->utilization - row->held_fraction, 0.5, 0.01);
    }
    assert_true(result_place_row(result, 0, CUT, 0)->held_fraction > 0.03);
    assert_true(result_place_row(result, 0, PAINT, 0)->held_fraction == 0);
    scene_near(all->latency_mean, latency, 1e-6);
    scene_near(all->wait_mean, wait, 1e-6);
    scene_near(result_place_row(result, 0, CUT, 0)->arrival_cv2, 1, 0.03);
    assert_int_equal(result_bottleneck(result, 1), CUT);
    /* beyond what they can do: before the first of them, and nowhere else */
    assert_int_equal(result_place_row(result, 1, CUT, 0)->stable, STABLE_NO);
    assert_int_equal(result_place_row(result, 1, PAINT, 0)->stable, STABLE_YES);
    assert_int_equal(result_row(result, 1, 0)->stable, STABLE_NO);
    scene_near(result_row(result, 1, 0)->throughput, 0.734, 0.01);
    assert_true(result_first_unstable(result) == 0.8);
    result_free(result);
    free(s);
}

/* No chance decides between stages that are as busy. */
static void alike_stages_are_named_together(void **state)
{
    (void)state;
    struct scenario *s =
        scene_text("arrivals: {process: poisson, rate: 5/s}\n"
                   "stages:\n"
                   "  a: {size: 10ms, to: b}\n"
                   "  b: {size: {distribution: exponential, mean: 100ms}, to: c}\n"
                   "  c: {size: 100ms}\n",
                   "sweep: {parameter: stages.c.size, from: 50ms, to: 100ms, steps: 2}\n"
                   "run: {tasks: 40k, replications: 4}\n");
    struct result *result = scene_run(s, 2);
    assert_string_equal(result_bottleneck_name(result, 0), "b");
    assert_string_equal(result_bottleneck_name(result, 1), "b and c");
    assert_int_equal(result_bottleneck(result, 1), 1);
    result_free(result);
    free(s);
}

/* The client does not wait for what is behind the answer; it does for what that asks. */
static void what_is_behind_the_answer_is_not_the_clients(void **state)
{
    (void)state;
    static const char *const rates[] = {"stages.mail.size", "stages.db.size"};
    for (int slow = 0; slow < 2; slow++) {
        struct scenario *s = scene_text("tasks: {size: {distribution: exponential, mean: 10ms}}\n"
                                        "arrivals: {process: poisson, rate: 5/s}\n"
                                        "stages:\n"
                                        "  web: {consumers: {count: 8}, calls: [db], reply: true, "
                                        "to: mail}\n"
                                        "  db: {}\n"
                                        "  mail: {}\n",
                                        "run: {tasks: 4k, replications: 4}\n");
        struct errors errors = {0};
        assert_true(param_set(s, rates[slow], "300ms", (struct place){0}, &errors));
        struct result *result = scene_run(s, 1);
        assert_int_equal(result_row(result, 0, 0)->stable, STABLE_NO);
        assert_int_equal(result_place_row(result, 0, 4, 0)->stable, slow ? STABLE_NO : STABLE_YES);
        result_free(result);
        free(s);
    }
}

static char *columns_of(const struct scenario *s, const struct engine *engine, unsigned jobs)
{
    const struct run_options options = {.engine = engine, .jobs = jobs};
    struct result *result = run_scenario(s, &options);
    size_t size;
    char *text = save_columns_text(result, &size);
    result_free(result);
    return text;
}

static void threads_change_no_byte(void **state)
{
    (void)state;
    struct scenario *s =
        scene_text(tandem, "sweep: {parameter: stages.drill.buffer.capacity, from: 0, to: 3, "
                           "steps: 4}\nrun: {tasks: 2k, replications: 3}\n");
    char *one = columns_of(s, &networks_engine, 1), *four = columns_of(s, &networks_engine, 4);
    assert_string_equal(one, four);
    free(one);
    free(four);
    free(s);
}

/* What comes to the first stage of a drift is what comes to the only one. */
static void drifts_move_what_arrives(void **state)
{
    (void)state;
    static const char drift[] =
        "sweep: {parameter: arrivals.rate, from: 0.2/s, to: 0.6/s, steps: 4, "
        "mode: drift}\nrun: {duration: 4000s, replications: 2}\n";
    static const char single[] = "arrivals: {process: poisson, rate: 0.5/s}\n"
                                 "tasks: {size: {distribution: exponential, mean: 1s}}\n";
    struct scenario *s = scene_text(tandem, drift), *alone = scene_text(single, drift);
    struct result *result = scene_run(s, 1), *other = scene_run(alone, 1);
    for (uint32_t column = 0; column < 4; column++) {
        uint64_t offered = result_place_row(result, column, CUT, 0)->offered;
        assert_true(column == 0 || offered > result_row(result, column - 1, 0)->offered);
        assert_int_equal(offered, result_row(other, column, 0)->offered);
        assert_int_equal(offered, result_row(result, column, 0)->offered);
    }
    result_free(result);
    result_free(other);
    free(s);
    free(alone);
}

/* A parameter of a source of several moves its tasks and no others. */
static void drifts_move_one_source_of_two(void **state)
{
    (void)state;
    struct scenario *s = scene_text(
        "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
        "sources:\n"
        "  web: {process: poisson, rate: 1/s, to: a, class: web}\n"
        "  jobs: {process: poisson, rate: 1/s, to: b, class: jobs}\n"
        "stages: {a: {}, b: {}}\n",
        "sweep: {parameter: sources.web.rate, from: 1/s, to: 5/s, steps: 2, mode: drift}\n"
        "run: {duration: 4000s, replications: 2}\n");
    struct result *result = scene_run(s, 1);
    double a[2], b[2];
    for (uint32_t column = 0; column < 2; column++) {
        a[column] = result_place_row(result, column, 0, 2)->arrival_rate;
        b[column] = result_place_row(result, column, 1, 2)->arrival_rate;
    }
    scene_near(a[0], 2, 0.2);
    scene_near(a[1], 4, 0.2);
    scene_near(b[0], 1, 0.1);
    scene_near(b[1], 1, 0.1);
    result_free(result);
    free(s);
}

/* Stages of which theory knows nothing alone: a call holds its caller, a lost one fails it, and the
 * client is answered before the mail is out. */
static void callers_are_held_and_clients_answered(void **state)
{
    (void)state;
    struct scenario *s =
        scene_text("tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                   "arrivals: {process: poisson, rate: 5/s}\n"
                   "stages:\n"
                   "  web: {consumers: {count: 8}, calls: [db], reply: true, to: mail}\n"
                   "  db: {buffer: {capacity: 1}}\n"
                   "  mail: {consumers: {count: 4}}\n",
                   "objectives: [\"client.p99 <= 2s\", \"db.loss <= 90%\"]\n"
                   "run: {tasks: 4k, replications: 4}\n");
    enum { WEB, DB, MAIL, WHOLE, CLIENT };
    struct result *result = scene_run(s, 1);
    const struct row *web = result_place_row(result, 0, WEB, 0),
                     *db = result_place_row(result, 0, DB, 0),
                     *mail = result_place_row(result, 0, MAIL, 0),
                     *client = result_place_row(result, 0, CLIENT, 0);
    assert_true(db->lost_by[LOSS_REJECTED] > 100);
    assert_int_equal(web->lost_by[LOSS_FAILED], db->lost);
    assert_int_equal(mail->offered, web->completed);
    assert_int_equal(client->completed, web->completed);
    assert_int_equal(client->offered, client->completed + client->lost + client->unfinished);
    assert_true(client->latency_mean < result_row(result, 0, 0)->latency_mean - 0.05);
    assert_true(web->held_fraction > 0.05 && web->held_fraction < web->utilization);
    struct objective objectives[OBJECTIVES];
    struct errors none = {0};
    size_t n;
    assert_true(objectives_of(s, NULL, objectives, &n, &none));
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++) {
        struct estimate e = estimate_of(result, 0, &objectives[i].figure, 0.05);
        assert_int_equal(objective_judge(&objectives[i], &e), FINDING_MET);
    }
    result_free(result);
    free(s);
}

/* Who waits anywhere is recorded over time: the audit compares it with the integral. */
static void the_number_waiting_is_that_of_all_stages(void **state)
{
    (void)state;
    struct scenario *s = scene_text(tandem, "picture: {measure: queue}\n"
                                            "run: {tasks: 2k, replications: 2}\n");
    struct result *result = scene_run(s, 1);
    const struct row *all = result_row(result, 0, 0);
    assert_true(all->queue_max > 5 && all->queue_q[2] >= all->queue_q[0]);
    assert_false(result_place_row(result, 0, CUT, 0)->queue_max > 0);
    struct queue_time q = {0};
    double scale = result_queue(result, 0, &q);
    struct queue_area area = queue_time_area(&q);
    scene_near(area.least / scale / all->duration, all->queue_mean, 1e-3);
    queue_time_free(&q);
    result_free(result);
    free(s);
}

/* A delay is part of the stay at a stage, whether its task then goes on to another or leaves;
 * copies arrive one by one after it (and scene_run's audit knows where all of them are). */
static void delays_are_part_of_the_stay(void **state)
{
    (void)state;
    static const char *const ways[] = {
        "  late: {delay: 2s, size: 1s, consumers: {count: unlimited}, to: last}\n",
        "  late: {delay: 2s, size: 1s, consumers: {count: unlimited}, reply: true, to: last}\n",
        ("  late: {delay: 2s, size: 1s, consumers: {count: 9}, to: last}\n"
         "  many: {delay: 1s, size: 1s, replicas: 3, balancer: all}\n")};
    for (int i = 0; i < 3; i++) {
        const char *text = internf("arrivals: {rate: 0.1/s}\nstages:\n%s  last: {size: 1s%s}\n",
                                   ways[i], i == 2 ? ", consumers: {count: 9}, to: many" : "");
        struct scenario *s = scene_text(text, "run: {tasks: 2k, replications: 1}\n");
        struct result *result = scene_run(s, 1);
        scene_near(result_place_row(result, 0, 0, 0)->latency_mean, 3, 1e-9);
        scene_near(result_place_row(result, 0, 0, 0)->wait_mean, 0, 1e-9);
        if (i == 2) {
            assert_int_equal(result_place_row(result, 0, 1, 0)->offered, 3 * 2000);
            scene_near(result_row(result, 0, 0)->latency_mean, 6, 0.2);
        }
        result_free(result);
        free(s);
    }
}

/* At one moment completions are in the order in which services began, also of work of 0 s: what is
 * handed on by `b` is before what comes to `c` by way of `nothing`, which begins when `a` is done.
 */
static void no_work_is_done_in_its_turn(void **state)
{
    (void)state;
#define EVERY_4_S "process: renewal, interarrival: {distribution: deterministic, value: 4s}"
    struct scenario *s = scene_text("sources:\n"
                                    "  x: {" EVERY_4_S ", class: gold, to: a}\n"
                                    "  y: {" EVERY_4_S ", class: silver, to: b}\n"
                                    "tasks: {size: 1s, classes: [{name: gold}, {name: silver}]}\n"
                                    "stages:\n"
                                    "  a: {to: nothing}\n"
                                    "  b: {to: c}\n"
                                    "  nothing: {size: 0s, consumers: {count: unlimited}, to: c}\n"
                                    "  c: {}\n",
                                    "run: {tasks: 100, replications: 1, warmup: 0}\n");
    struct result *result = scene_run(s, 1);
    assert_true(result_place_row(result, 0, 3, 0)->wait_mean == 1);
    assert_true(result_place_row(result, 0, 3, 1)->wait_mean == 0);
    result_free(result);
    free(s);
}

/* A request may come back as often as it likes, and be called for as often as may be written: each
 * turn draws its own route. (16 bits were too few: then it went the same rounds for ever.) */
static void turns_and_calls_are_many(void **state)
{
    (void)state;
    struct scenario *s = scene_text("arrivals: {process: poisson, rate: 1/s}\n"
                                    "tasks: {size: 1us}\n"
                                    "stages:\n"
                                    "  round: {consumers: {count: 4}, to: {round: 99.999%}}\n",
                                    "run: {tasks: 20, replications: 2, warmup: 0}\n");
    struct result *result = scene_run(s, 1);
    assert_int_equal(result_row(result, 0, 0)->completed, 40);
    /* a mean of 1e5 rounds, geometrically distributed: 40 of them within 4 standard errors */
    scene_near((double)result_place_row(result, 0, 0, 0)->completed / 40, 1e5, 4e5 / sqrt(40));
    result_free(result);
    free(s);
    s = scene_text("arrivals: {process: poisson, rate: 1/s}\n"
                   "tasks: {size: 1us}\n"
                   "stages: {web: {calls: [{stage: db, count: 70000}]}, db: {}}\n",
                   "run: {tasks: 3, replications: 2, warmup: 0}\n");
    result = scene_run(s, 1);
    assert_int_equal(result_place_row(result, 0, 1, 0)->completed, 6 * 70000);
    result_free(result);
    free(s);
}

/* Two stages that hand on to each other, both full: that ends, and is said. */
static void a_deadlock_ends_the_run(void **state)
{
    (void)state;
    struct scenario *s =
        scene_text("tasks: {size: {distribution: exponential, mean: 1s}}\n"
                   "arrivals: {process: poisson, rate: 2/s}\n"
                   "stages:\n"
                   "  one: {buffer: {capacity: 1, when_full: pause}, to: two}\n"
                   "  two: {buffer: {capacity: 1, when_full: pause}, to: {one: 90%}}\n",
                   "run: {tasks: 1k, replications: 2}\n");
    struct result *result = scene_run(s, 1);
    assert_true(result_row(result, 0, 0)->notes & NOTE_DEADLOCK);
    char *warnings = result_warnings(result);
    assert_null(strstr(warnings, "no task arrived"));
    assert_non_null(strstr(warnings, "two waits for a place at one, one for a place at two;"));
    free(warnings);
    result_free(result);
    free(s);
}

static void a_deadlock_is(const char *stages, const char *words)
{
    struct scenario *s = scene_text(stages, "run: {tasks: 10k, replications: 2}\n");
    struct result *result = scene_run(s, 1);
    assert_true(result_row(result, 0, 0)->notes & NOTE_DEADLOCK);
    char *warnings = result_warnings(result);
    assert_non_null(strstr(warnings, words));
    free(warnings);
    result_free(result);
    free(s);
}

/* Callers that wait, all of them, for what needs one of their consumers; or for what is handed on
 * to them. */
static void a_deadlock_through_calls_ends_the_run(void **state)
{
    (void)state;
    a_deadlock_is("tasks: {size: {distribution: exponential, mean: 1s}}\n"
                  "arrivals: {process: poisson, rate: 0.9/s}\n"
                  "stages:\n"
                  "  web: {consumers: {count: 2}, calls: [db]}\n"
                  "  db: {consumers: web}\n",
                  "web waits for an answer of db, db for a consumer of web;");
    a_deadlock_is(
        "tasks: {size: {distribution: exponential, mean: 1s}}\n"
        "arrivals: {process: poisson, rate: 0.9/s}\n"
        "stages:\n"
        "  web: {consumers: {count: 2}, buffer: {capacity: 3, when_full: pause}, calls: [app]}\n"
        "  app: {consumers: {count: unlimited}, calls: [[db, log]]}\n"
        "  db: {to: {web: 20%}}\n"
        "  log: {size: 1ms}\n",
        "db waits for a place at web, web for an answer of app, app for an answer of db");
}

/* Copies of one task wait for places at two stages, one of which has a consumer at work. */
static void copies_are_watched_wherever_they_wait(void **state)
{
    (void)state;
    a_deadlock_is("tasks: {size: {distribution: exponential, mean: 1s}}\n"
                  "sources: {main: {process: poisson, rate: 1/s, to: web}, other: {process: "
                  "poisson, rate: 0.5/s, to: quick}}\n"
                  "stages:\n"
                  "  web: {buffer: {capacity: 1, when_full: pause}, to: {all: [quick, db]}}\n"
                  "  quick: {size: 500ms, buffer: {capacity: 1, when_full: pause}}\n"
                  "  db: {buffer: {capacity: 1, when_full: pause}, to: {web: 30%}}\n",
                  "db waits for a place at web, web for a place at db");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stage_has_its_rows),
        cmocka_unit_test(alike_stages_are_named_together),
        cmocka_unit_test(what_is_behind_the_answer_is_not_the_clients),
        cmocka_unit_test(threads_change_no_byte),
        cmocka_unit_test(drifts_move_what_arrives),
        cmocka_unit_test(drifts_move_one_source_of_two),
        cmocka_unit_test(callers_are_held_and_clients_answered),
        cmocka_unit_test(the_number_waiting_is_that_of_all_stages),
        cmocka_unit_test(delays_are_part_of_the_stay),
        cmocka_unit_test(no_work_is_done_in_its_turn),
        cmocka_unit_test(turns_and_calls_are_many),
        cmocka_unit_test(a_deadlock_ends_the_run),
        cmocka_unit_test(a_deadlock_through_calls_ends_the_run),
        cmocka_unit_test(copies_are_watched_wherever_they_wait),
    };
    return cmocka_run_group_tests_name("network results", tests, NULL, NULL);
}
