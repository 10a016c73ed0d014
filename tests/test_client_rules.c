/*
 * Clients by hand: regular arrivals and constant work, so that everything can be counted on
 * fingers. Deadlines, limits, breakers in a run, and what becomes of copies of attempts that nobody
 * waits for; who tries again without saying after what, and who would for ever.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/result/run.h"
#include "../sim/scenario/config.h"
#include "../sim/scenario/policy.h"
#include "scene.h"

static struct scenario s;
static struct errors errors;

static bool is_sound(const char *text)
{
    struct places places = {0};
    errors.n = 0;
    param_defaults(&s);
    bool sound = config_read("x.yaml", text, strlen(text), &s, &places, &errors) &&
                 scenario_check(&s, &places, &errors);
    places_free(&places);
    return sound;
}

static struct result *run(const char *text)
{
    struct scenario *scenario = scene_text(text, "");
    struct result *result = scene_run(scenario, 1);
    free(scenario);
    return result;
}

#define RUN "run: {tasks: 40, warmup: 0, replications: 1}\n"

/* An attempt at 0 is given up at 2, the next one at 3 would be at 5: so is the request. */
static void a_deadline_is_of_all_attempts(void **state)
{
    (void)state;
    struct result *r = run("arrivals: {process: renewal, interarrival: 10s}\ntasks: {size: 3s}\n"
                           "consumers: {count: unlimited}\n"
                           "client: {timeout: 2s, deadline: 5s, retry: {on: [timeout], "
                           "max_attempts: 9, backoff: 1s}}\n" RUN);
    const struct row *client = scene_row(r, 0, "client");
    assert_int_equal(client->lost_by[LOSS_CANCELLED], client->offered);
    scene_near(client->attempts_mean, 2, 1e-12);
    scene_near(client->abandoned, 40, 1e-12);
    assert_int_equal(scene_row(r, 0, "main")->completed, 80); /* nobody tells the servers */
    result_free(r);
}

/* Three at once, one under way: they wait with the client, and the stage sees no wait. */
static void whoever_is_over_the_limit_waits_with_the_client(void **state)
{
    (void)state;
    struct result *r = run("arrivals: {process: batch, rate: 0.1/s, batch: 3}\ntasks: {size: 1s}\n"
                           "consumers: {count: unlimited}\nclient: {limit: 1}\n"
                           "run: {tasks: 30000, warmup: 0, replications: 1}\n");
    const struct row *client = scene_row(r, 0, "client"), *main = scene_row(r, 0, "main");
    assert_true(client->latency_mean > 2 && client->latency_mean < 3); /* batches meet */
    scene_near(client->latency_mean, client->wait_mean + 1, 1e-6);
    scene_near(main->latency_mean, 1, 1e-9);
    scene_near(main->in_system_mean, main->throughput, 1e-2);
    result_free(r);
}

/* Refused at 11 and 12: open up to 17, whose probe is refused; open up to 22, whose probe is not.
 */
static void a_breaker_opens_and_closes_in_a_run(void **state)
{
    (void)state;
    struct result *r = run("arrivals: {process: renewal, interarrival: 1s}\ntasks: {size: 100ms}\n"
                           "outages: [{at: 10.5s, for: 10s, effect: reject}]\n"
                           "client: {circuit_breaker: {failure_rate: 50%, window: 4, min_calls: 4, "
                           "open_for: 5s, probes: 1}}\n" RUN);
    const struct row *client = scene_row(r, 0, "client");
    assert_int_equal(client->lost_by[LOSS_OUTAGE], 3);
    assert_int_equal(client->lost_by[LOSS_BREAKER], 8);
    assert_int_equal(client->completed, 40 - 11);
    assert_int_equal(scene_row(r, 0, "main")->offered, 40 - 8);
    result_free(r);
}

/* One request a second, refused from 10.5 s to 20.5 s, and asked again once: the breaker is open
 * from 11.1 s on, until a probe goes through. */
static void clients_count_in_their_window(void **state)
{
    (void)state;
    struct scenario *scenario = scene_text(
        "arrivals: {process: renewal, interarrival: 1s}\ntasks: {size: 100ms}\n"
        "outages: [{at: 10.5s, for: 10s, effect: reject}]\n"
        "client: {retry: {on: [rejected], max_attempts: 2, backoff: 100ms}, circuit_breaker: "
        "{failure_rate: 50%, window: 4, min_calls: 4, open_for: 5s, probes: 1}}\n",
        "run: {duration: 40s, warmup: 0, replications: 1, windows: 5s}\n");
    struct trial *trial = trial_run(scenario, engine_for(scenario), 0, 0, NULL, NULL);
    const struct timeline *t = trial->timeline;
    const uint32_t client = t->places - 1, whole = trial->whole;
    double retries = 0;
    for (uint32_t w = 0; w < t->n; w++) {
        const struct window_place *at = &t->place[(size_t)w * t->places + client];
        assert_int_equal(at->state >> TROUBLE_OPEN & 1, w >= 2 && w <= 4);
        retries += at->retries;
        if (w == 0 || w > 4)
            scene_near(at->goodput, 1, 0.2 + 1e-9);
        if (w == 3)
            scene_near(at->goodput, 0, 1e-12);
        scene_near(t->place[(size_t)w * t->places + whole].retries, at->retries, 1e-12);
    }
    assert_true(retries >= 10 && retries <= 12);
    trial_free(trial);
    free(scenario);
}

/* Who gives up, tries again, and goes back into the buffer is one visit, in every window. */
static void windows_add_up(void **state)
{
    (void)state;
    struct scenario *scenario = scene_text(
        "arrivals: {process: poisson, rate: 0.8/s}\n"
        "tasks: {size: {distribution: exponential, mean: 1s}}\n"
        "client: {timeout: 6s, cancel: running, retry: {max_attempts: 3, backoff: 1s}}\nstages:\n"
        "  front: {size: 0s, calls: [{stage: db, timeout: 5s, retry: {on: [timeout, error]}}]}\n"
        "  db: {consumers: {error_rate: 20%}, buffer: {capacity: 2, when_full: reject}, retry: "
        "{backoff: 2s}, dead_letter: morgue}\n  morgue: {}\n",
        "run: {tasks: 900, replications: 1, windows: 3.7s}\n");
    struct trial *trial = trial_run(scenario, engine_for(scenario), 0, 0, NULL, NULL);
    const struct timeline *t = trial->timeline;
    for (uint32_t place = 0; place < t->places; place++) {
        const struct flow *end = &trial->windows[place].close;
        uint64_t arrivals = 0, completions = 0, losses = 0;
        for (size_t w = 0; w < t->n; w++) {
            const struct window_tasks *all = &t->tasks[w * t->places + place];
            arrivals += all->arrivals;
            completions += all->completions;
            losses += all->losses;
        }
        assert_int_equal(arrivals, end->arrived);
        assert_int_equal(completions, end->completed);
        assert_int_equal(losses, end->lost);
        assert_int_equal(end->arrived, end->completed + end->lost + end->inside);
    }
    trial_free(trial);
    free(scenario);
}

/* Both copies are stopped in service, and no join starts anything. */
static void copies_are_taken_out_with_their_attempt(void **state)
{
    (void)state;
    struct result *r = run("arrivals: {process: renewal, interarrival: 10s}\ntasks: {size: 1s}\n"
                           "client: {timeout: 3s, cancel: running}\n"
                           "stages:\n  a: {to: {all: [b, c]}}\n  b: {size: 5s, to: d}\n"
                           "  c: {size: 5s, to: d}\n  d: {join: all}\n" RUN);
    const struct row *client = scene_row(r, 0, "client"), *b = scene_row(r, 0, "b"),
                     *c = scene_row(r, 0, "c");
    assert_int_equal(client->lost_by[LOSS_CANCELLED], 40);
    assert_int_equal(scene_row(r, 0, "d")->offered, 0);
    assert_int_equal(b->lost_by[LOSS_CANCELLED], 40);
    assert_int_equal(c->lost_by[LOSS_CANCELLED], 40);
    scene_near(b->utilization * b->duration, 2 * 39,
               1e-6); /* the 40th comes when all is measured */
    scene_near(b->wasted_fraction, 1, 1e-9);
    result_free(r);
}

/* Those in service go on to their end, for nobody: no join is left that could start anything. */
static void copies_in_service_end_for_nobody(void **state)
{
    (void)state;
    struct result *r = run("arrivals: {process: renewal, interarrival: 10s}\ntasks: {size: 1s}\n"
                           "client: {timeout: 3s, cancel: queued}\n"
                           "stages:\n  a: {to: {all: [b, c]}}\n  b: {size: 5s, to: d}\n"
                           "  c: {size: 5s, to: d}\n  d: {join: all}\n" RUN);
    const struct row *b = scene_row(r, 0, "b");
    assert_int_equal(scene_row(r, 0, "d")->offered, 0);
    assert_int_equal(b->lost_by[LOSS_CANCELLED], 0);
    assert_int_equal(b->completed, 40);
    scene_near(b->wasted_fraction, 1, 1e-9);
    result_free(r);
}

/* A back-off alone makes one try again: three times, after whatever is told. */
static void a_backoff_is_enough_to_try_again(void **state)
{
    (void)state;
    static const char *const backoffs[] = {"sidekiq", "1s", "{initial: 1s}"};
    for (size_t i = 0; i < sizeof backoffs / sizeof *backoffs; i++) {
        struct result *r =
            run(internf("arrivals: {process: renewal, interarrival: 1000s}\ntasks: {size: 1s}\n"
                        "outages: [{at: 0s, for: 1e9s, effect: reject}]\n"
                        "client: {retry: {backoff: %s}}\n" RUN,
                        backoffs[i]));
        scene_near(scene_row(r, 0, "client")->attempts_mean, 3, 1e-12);
        result_free(r);
    }
}

static void nobody_tries_again_at_one_moment_for_ever(void **state)
{
    (void)state;
    static const char *const more[] = {"", ", on: [rejected]", ", budget: {ratio: unlimited}"};
    static const char *const ends[] = {", backoff: 1s", ", budget: {ratio: 10%}"};
    const char *full = "arrivals: {rate: 1/s}\ntasks: {size: 1s}\nbuffer: {capacity: 0}\n"
                       "client: {retry: {max_attempts: unlimited%s}}\n";
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        assert_false(is_sound(internf(full, more[i])));
        assert_memory_equal(errors.text[0], "x.yaml:4:18: error: client.retry.max_attempts: ", 47);
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        assert_true(is_sound(internf(full, ends[i])));
}

/* A breaker is of use wherever something is lost, whatever it is lost by. */
static void edges_fail_in_more_ways_than_one(void **state)
{
    (void)state;
    static const char *const losses[] = {
        "outages: [{at: 1s, for: 1s, effect: reject}]", "consumers: {error_rate: 1%}",
        "crash: {every: 1h, restart: 1s}", "buffer: {capacity: 3}"};
    static const char *const none[] = {"outages: [{at: 1s, for: 1s, effect: pause}]",
                                       "buffer: {capacity: 3, when_full: pause}", "title: none"};
    const char *text = "arrivals: {rate: 1/s}\ntasks: {size: 100ms}\n%s\n"
                       "client: {circuit_breaker: {failure_rate: 50%%}}\n";
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++)
        if (!is_sound(internf(text, losses[i])))
            fail_msg("%s: %s", losses[i], errors.text[0]);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(is_sound(internf(text, none[i])));
        assert_non_null(strstr(errors.text[0], "nothing that is asked here ever fails"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deadline_is_of_all_attempts),
        cmocka_unit_test(whoever_is_over_the_limit_waits_with_the_client),
        cmocka_unit_test(a_breaker_opens_and_closes_in_a_run),
        cmocka_unit_test(clients_count_in_their_window),
        cmocka_unit_test(windows_add_up),
        cmocka_unit_test(copies_are_taken_out_with_their_attempt),
        cmocka_unit_test(copies_in_service_end_for_nobody),
        cmocka_unit_test(a_backoff_is_enough_to_try_again),
        cmocka_unit_test(nobody_tries_again_at_one_moment_for_ever),
        cmocka_unit_test(edges_fail_in_more_ways_than_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
