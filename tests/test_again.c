/*
 * Visits that fail and go back into their buffer, and letters: counted on fingers where work and
 * back-offs are constant; the back-off of Sidekiq against its published sum (1,764,857.5 s over 25
 * retries, 20.43 days).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/topology.h"
#include "../sim/scenario/config.h"
#include "../sim/scenario/policy.h"
#include "scene.h"

static struct result *run(const char *text)
{
    struct scenario *scenario = scene_text(text, "");
    struct result *result = scene_run(scenario, 1);
    free(scenario);
    return result;
}

#define JOBS "arrivals: {process: renewal, interarrival: 10s}\ntasks: {size: 1s}\nstages:\n"
#define RUN  "run: {tasks: 40, warmup: 0, replications: 1}\n"

/* Three services of 1 s and two back-offs of 1 s and 2 s. */
static void a_visit_is_one_over_all_its_attempts(void **state)
{
    (void)state;
    struct result *r = run(JOBS "  work: {consumers: {error_rate: 100%}, retry: {max_attempts: 3, "
                                "backoff: {initial: 1s, jitter: none}}}\n" RUN);
    const struct row *work = scene_row(r, 0, "work"), *all = scene_row(r, 0, "all");
    assert_int_equal(work->offered, 40);
    assert_int_equal(work->lost_by[LOSS_ERROR], 40);
    assert_int_equal(all->lost, 40);
    scene_near(work->attempts_mean, 3, 1e-12);
    scene_near(work->utilization, 0.3, 0.01);
    scene_near(work->in_system_mean, 0.6, 0.02); /* while it backs off, too */
    scene_near(all->in_system_mean, 0.6, 0.02);
    scene_near(work->queue_mean, 0, 1e-12);
    result_free(r);
}

/* Of two that come at once one finds no place, and has one a second later. */
static void what_its_own_buffer_refuses_comes_back(void **state)
{
    (void)state;
    struct result *r = run("sources:\n  a: {process: renewal, interarrival: 10s}\n"
                           "  b: {process: renewal, interarrival: 10s}\ntasks: {size: 1s}\n"
                           "stages:\n  work: {buffer: {capacity: 0, when_full: reject}, "
                           "retry: {on: [rejected], backoff: 1s}}\n" RUN);
    const struct row *work = scene_row(r, 0, "work");
    assert_int_equal(work->completed, 40);
    scene_near(work->attempts_mean, 1.5, 1e-12);
    scene_near(work->latency_mean, 1.5, 1e-9);
    scene_near(work->wait_mean, 0, 1e-12);
    result_free(r);
}

static void what_is_not_named_is_not_tried_again(void **state)
{
    (void)state;
    struct result *r = run(JOBS "  work: {consumers: {error_rate: 100%}, buffer: {capacity: 0, "
                                "when_full: reject}, retry: {on: [rejected], backoff: 1s}}\n" RUN);
    scene_near(scene_row(r, 0, "work")->attempts_mean, 1, 1e-12);
    assert_int_equal(scene_row(r, 0, "work")->lost_by[LOSS_ERROR], 40);
    result_free(r);
}

/* The request completes when it leaves the letter's stage: 1 s there behind 1 s of work. */
static void letters_alone_mean_one_attempt(void **state)
{
    (void)state;
    struct result *r = run(JOBS "  work: {consumers: {error_rate: 100%}, dead_letter: morgue}\n"
                                "  morgue: {size: 3s}\n" RUN);
    const struct row *work = scene_row(r, 0, "work"), *morgue = scene_row(r, 0, "morgue"),
                     *all = scene_row(r, 0, "all");
    assert_int_equal(work->lost_by[LOSS_DEAD_LETTER], 40);
    assert_int_equal(work->lost, 40);
    assert_int_equal(morgue->completed, 40);
    assert_int_equal(all->completed, 40);
    scene_near(all->latency_mean, 4, 1e-9);
    struct topology *topology = topology_of(r);
    size_t size;
    char *dot = topology_dot(topology, &size);
    assert_non_null(strstr(dot, "\"work\" -> \"morgue\" [label=\"0.1 /s\", style=dashed]"));
    free(dot);
    topology_free(topology);
    result_free(r);
}

/* The caller has the failure at once, and the client its error; the letters go their way. */
static void whoever_asks_is_told(void **state)
{
    (void)state;
    struct result *r = run(
        "arrivals: {process: renewal, interarrival: 10s}\ntasks: {size: 1s}\n"
        "client: {retry: {on: [error], max_attempts: 2}}\nstages:\n"
        "  api: {size: 0s, calls: [db]}\n"
        "  db: {consumers: {error_rate: 100%}, dead_letter: morgue}\n  morgue: {size: 3s}\n" RUN);
    const struct row *client = scene_row(r, 0, "client"), *api = scene_row(r, 0, "api");
    assert_int_equal(api->lost_by[LOSS_FAILED], 80);
    scene_near(api->loss_fraction, 1, 1e-12);
    scene_near(client->attempts_mean, 2, 1e-12);
    assert_int_equal(client->lost, 40);
    assert_int_equal(scene_row(r, 0, "morgue")->completed, 80);
    result_free(r);
}

/* A budget of a tenth: of forty that fail four are tried again. */
static void the_budget_is_of_the_stage(void **state)
{
    (void)state;
    struct result *r = run(JOBS "  work: {consumers: {count: 2, error_rate: 100%}, replicas: 2, "
                                "retry: {max_attempts: 2, backoff: 1s, "
                                "budget: {ratio: 10%, interval: 100000s}}}\n" RUN);
    scene_near(scene_row(r, 0, "work")->attempts_mean, 1.1, 1e-12);
    result_free(r);
}

static void sidekiq_gives_up_after_three_weeks(void **state)
{
    (void)state;
    struct result *r =
        run("arrivals: {process: renewal, interarrival: 86400s}\ntasks: {size: 1s}\nstages:\n"
            "  work: {consumers: {count: unlimited, error_rate: 100%}, "
            "retry: {max_attempts: 26, backoff: sidekiq}, dead_letter: morgue}\n"
            "  morgue: {size: 0s, consumers: {count: unlimited}}\n"
            "run: {tasks: 2000, warmup: 0, replications: 1}\n");
    const struct row *all = scene_row(r, 0, "all");
    scene_near(all->latency_mean, 1764857.5 + 26, 60);
    scene_near(scene_row(r, 0, "work")->attempts_mean, 26, 1e-12);
    result_free(r);
}

static const struct refused {
    const char *stages, *says;
} all_refused[] = {
    {"  a: {dead_letter: b}\n", "stages.a.dead_letter: unknown stage 'b'"},
    {"  a: {dead_letter: a}\n", "stages.a.dead_letter: what fails at 'a' would come back to it"},
    {"  a: {to: b, dead_letter: b}\n  b: {dead_letter: c}\n  c: {dead_letter: a}\n",
     "stages.a.dead_letter: what fails at 'a' would come back to it"},
    {"  a: {replicas: 2, balancer: all, retry: {backoff: 1s}}\n",
     "stages.a.retry: with balancer: all a task is a copy at each replica"},
    {"  a: {retry: {on: [timeout], backoff: 1s}}\n",
     "stages.a.retry.on: no task loses patience here"},
    {"  a: {retry: {max_attempts: unlimited}}\n",
     "stages.a.retry.max_attempts: without end, and at once"},
    {"  a: {retry: {on: [tmeout], backoff: 1s}}\n",
     "stages.a.retry.on: unknown outcome 'tmeout' (did you mean 'timeout'?)"},
};

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    static struct scenario s;
    static struct errors errors;
    for (size_t i = 0; i < sizeof all_refused / sizeof *all_refused; i++) {
        const char *text =
            internf("arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages:\n%s", all_refused[i].stages);
        struct places places = {0};
        errors.n = 0;
        param_defaults(&s);
        assert_true(config_read("x.yaml", text, strlen(text), &s, &places, &errors));
        assert_false(scenario_check(&s, &places, &errors));
        assert_non_null(strstr(errors.text[0], all_refused[i].says));
        places_free(&places);
    }
}

/* What took several attempts at one stage is at its first at the next, and has come there. */
static void each_stage_counts_for_itself(void **state)
{
    (void)state;
    struct result *r = run("sources: {s: {process: poisson, rate: 0.5/s}}\ntasks: {size: 200ms}\n"
                           "stages:\n"
                           "  a: {consumers: {error_rate: 30%}, retry: {max_attempts: 9, backoff: "
                           "100ms}, to: b}\n"
                           "  b: {consumers: {error_rate: 30%}, retry: {max_attempts: 9, backoff: "
                           "100ms}, buffer: {capacity: 1, when_full: pause}}\n"
                           "run: {tasks: 4k, warmup: 0, replications: 2}\n");
    const struct row *a = scene_row(r, 0, "a"), *b = scene_row(r, 0, "b");
    assert_int_equal(a->offered, 8000);
    assert_int_equal(b->offered, a->completed);
    assert_int_equal(b->completed + b->lost, b->offered);
    scene_near(a->attempts_mean, 1 / 0.7, 0.04);
    scene_near(b->attempts_mean, 1 / 0.7, 0.04);
    result_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_visit_is_one_over_all_its_attempts),
        cmocka_unit_test(what_its_own_buffer_refuses_comes_back),
        cmocka_unit_test(what_is_not_named_is_not_tried_again),
        cmocka_unit_test(letters_alone_mean_one_attempt),
        cmocka_unit_test(whoever_asks_is_told),
        cmocka_unit_test(the_budget_is_of_the_stage),
        cmocka_unit_test(sidekiq_gives_up_after_three_weeks),
        cmocka_unit_test(each_stage_counts_for_itself),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
