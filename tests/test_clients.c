/*
 * Clients: what is known of them (Cohen 1957 and Falin and Templeton 1997 of retries after a
 * refusal, Kleinrock 1975 of timeouts, Dean and Barroso 2013 of hedges), retry storms, and what
 * becomes of attempts that nobody waits for. Budget, breaker and back-off by hand.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/stations/backoff.h"
#include "../sim/stations/breaker.h"
#include "../sim/stations/budget.h"
#include "../tools/shell/panels.h"
#include "configs.h"
#include "scene.h"

static struct result *run(const char *text)
{
    struct scenario *s = scene_text(text, "");
    struct result *result = scene_run(s, 1);
    free(s);
    return result;
}

#define ONE "tasks: {size: {distribution: exponential, mean: 1s}}\n"

/* Requests, attempts and work: nothing is lost on the way. */
static void conserves(const struct result *result)
{
    const struct row *main = scene_row(result, 0, "main"), *client = scene_row(result, 0, "client");
    scene_near((double)main->offered, client->attempts_mean * (double)client->offered, 0.5);
    assert_int_equal(scene_row(result, 0, "all")->offered, client->offered);
    assert_int_equal(client->offered, client->completed + client->lost + client->unfinished);
}

static void whoever_is_refused_tries_again_until_taken(void **state)
{
    (void)state;
    struct result *r = run("arrivals: {process: poisson, rate: 1/s}\n" ONE
                           "consumers: {count: 2}\nbuffer: {capacity: 0, when_full: reject}\n"
                           "client: {retry: {on: [rejected], max_attempts: unlimited, backoff: "
                           "{distribution: exponential, mean: 1s}}}\n"
                           "run: {tasks: 40k, replications: 4}\n");
    const struct row *client = scene_row(r, 0, "client");
    scene_near(client->attempts_mean, 1.7687143, 0.04);
    scene_near(client->latency_mean, 1.7687143, 0.04);
    assert_int_equal(client->lost, 0);
    conserves(r);
    result_free(r);
}

static void attempts_are_used_up(void **state)
{
    (void)state;
    struct result *r = run("arrivals: {process: poisson, rate: 0.9/s}\n" ONE
                           "buffer: {capacity: 4, when_full: reject}\n"
                           "client: {retry: {on: [rejected], max_attempts: 3, backoff: "
                           "{distribution: exponential, mean: 2000s}}}\n"
                           "run: {tasks: 60k, replications: 4}\n");
    const struct row *client = scene_row(r, 0, "client");
    scene_near(client->attempts_mean, 1.2884504, 0.013);
    scene_near(client->loss_fraction, 0.0127787, 0.002);
    assert_int_equal(client->lost, client->lost_by[LOSS_REJECTED]);
    conserves(r);
    result_free(r);
}

static void what_comes_too_late_is_no_good(void **state)
{
    (void)state;
    struct result *r = run("arrivals: {process: poisson, rate: 0.8/s}\n" ONE
                           "client: {timeout: 5s}\nrun: {tasks: 100k, replications: 4}\n");
    const struct row *client = scene_row(r, 0, "client"), *all = scene_row(r, 0, "all"),
                     *main = scene_row(r, 0, "main");
    scene_near(client->goodput, 0.8 * (1 - exp(-1)), 0.01);
    scene_near(client->abandoned, (double)client->lost, 0);
    scene_near(client->late, (double)client->lost, 0); /* the server does it all the same */
    scene_near(all->late, (double)client->lost, 0);
    scene_near(main->late, (double)client->lost, 0);
    scene_near(all->goodput, client->goodput, 1e-3);
    assert_int_equal(all->completed, all->offered);
    conserves(r);
    result_free(r);
}

static void the_first_of_two_answers_counts(void **state)
{
    (void)state;
    struct result *r = run("arrivals: {process: poisson, rate: 0.5/s}\n" ONE
                           "consumers: {count: unlimited}\nclient: {hedge: {delay: 0.5s}}\n"
                           "run: {tasks: 60k, replications: 4}\n");
    const struct row *client = scene_row(r, 0, "client");
    scene_near(client->latency_mean, 1 - exp(-0.5) / 2, 0.008);
    scene_near(client->attempts_mean, 1 + exp(-0.5), 0.008);
    assert_int_equal(client->lost, 0);
    conserves(r);
    result_free(r);
}

/* Ten at once, of 1 s each, for one consumer: clients wait 2.5 s. */
static struct result *ten_at_once(const char *cancel)
{
    return run(internf("arrivals: {process: renewal, interarrival: {distribution: deterministic, "
                       "value: 0.1s}}\ntasks: {size: 1s}\nclient: {timeout: 2.5s, cancel: %s}\n"
                       "run: {tasks: 10, warmup: 0, replications: 1}\n",
                       cancel));
}

static void what_nobody_waits_for_is_taken_out(void **state)
{
    (void)state;
    struct result *never = ten_at_once("never"), *queued = ten_at_once("queued"),
                  *running = ten_at_once("running");
    assert_int_equal(scene_row(never, 0, "main")->completed, 10);
    assert_int_equal(scene_row(never, 0, "client")->completed, 2);
    /* The third is at work when its time is up, and goes on to its end; then it is so with the next
     * one that is left. */
    assert_int_equal(scene_row(queued, 0, "main")->completed, 4);
    assert_int_equal(scene_row(queued, 0, "main")->lost_by[LOSS_CANCELLED], 6);
    assert_int_equal(scene_row(queued, 0, "client")->completed, 2);
    assert_int_equal(scene_row(running, 0, "main")->completed, 2);
    assert_int_equal(scene_row(running, 0, "main")->lost_by[LOSS_CANCELLED], 8);
    conserves(queued);
    conserves(running);
    result_free(never);
    result_free(queued);
    result_free(running);
}

static void callers_have_clients_of_their_own(void **state)
{
    (void)state;
    struct result *r = run(
        "arrivals: {process: poisson, rate: 1/s}\ntasks: {size: 1s}\n"
        "stages:\n  api: {consumers: {count: unlimited}, size: 0s, calls: [{stage: db, timeout: "
        "0.5s, cancel: running, retry: {on: [timeout], max_attempts: 3}}]}\n"
        "  db: {consumers: {count: unlimited}, size: {distribution: exponential, mean: 1s}}\n"
        "run: {tasks: 40k, replications: 4}\n");
    const double p = exp(-0.5); /* of an attempt that it takes too long */
    const struct row *api = scene_row(r, 0, "api"), *db = scene_row(r, 0, "db");
    scene_near((double)db->offered / (double)api->offered, 1 + p + p * p, 0.01);
    scene_near(api->loss_fraction, p * p * p, 0.005);
    assert_int_equal(api->lost, api->lost_by[LOSS_FAILED]);
    assert_int_equal(db->lost, db->lost_by[LOSS_CANCELLED]);
    result_free(r);
}

/* What share of the requests is answered long after the outage. */
static double answered(const char *rate, const char *ratio)
{
    const char *const set[] = {internf("arrivals.rate=%s", rate),
                               internf("client.retry.budget.ratio=%s", ratio), "run.replications=4",
                               NULL};
    static struct scenario s;
    struct options o = config_options("configs/retry-storm.yaml", set);
    config_scenario(&o, &s);
    s.sweep.parameter = NULL;
    s.vary_count = 0;
    struct result *r = scene_run(&s, 1);
    const struct row *client = scene_row(r, 0, "client");
    double share = client->goodput / client->arrival_rate;
    result_free(r);
    return share;
}

static void storms_keep_themselves_alive_without_a_budget(void **state)
{
    (void)state;
    scene_near(answered("30/s", "unlimited"), 1, 0.01);
    scene_near(answered("35/s", "unlimited"), 0, 0.01);
    scene_near(answered("35/s", "20%"), 1, 0.01);
    scene_near(answered("35/s", "10%"), 1, 0.01);
}

static void budgets_slide(void **state)
{
    (void)state;
    struct budget b = {.ratio = 0.2, .min_rate = 0, .interval = 10};
    for (int i = 0; i < 10; i++)
        budget_first(&b, i * 0.1);
    assert_true(budget_grants(&b, 1));
    assert_true(budget_grants(&b, 1));
    assert_false(budget_grants(&b, 1)); /* 2 of 10 */
    for (int i = 0; i < 10; i++)
        budget_first(&b, 5);
    assert_true(budget_grants(&b, 6));
    assert_true(budget_grants(&b, 6));
    assert_false(budget_grants(&b, 6));     /* 4 of 20 */
    assert_false(budget_grants(&b, 10.95)); /* 4 of 10: the first ones are forgotten */
    assert_false(budget_grants(&b, 20));    /* none of none */
    budget_free(&b);
}

static void breakers_open_and_close(void **state)
{
    (void)state;
    struct breaker b = {
        .failure_rate = 0.5, .window = 4, .open_for = 10, .min_calls = 4, .probes = 2};
    uint32_t epoch = 0, probe = 0;
    for (int i = 0; i < 4; i++) {
        assert_true(breaker_lets(&b, i, &epoch));
        breaker_end(&b, i, epoch, i % 2 == 0);
    }
    assert_false(breaker_lets(&b, 5, &epoch)); /* 2 of 4 failed, at 3 s */
    assert_false(breaker_lets(&b, 12.9, &epoch));
    assert_true(breaker_lets(&b, 13, &probe));
    assert_true(breaker_lets(&b, 13, &probe));
    assert_false(breaker_lets(&b, 13, &epoch));
    breaker_end(&b, 14, probe, false);
    breaker_end(&b, 14, probe, false);
    assert_true(breaker_lets(&b, 14, &epoch));
    breaker_end(&b, 14, probe, true); /* of a state that is over: says nothing */
    assert_int_equal(b.calls, 0);
    breaker_free(&b);
}

static void backoffs_are_as_published(void **state)
{
    (void)state;
    struct backoff b = {.initial = 0.1, .multiplier = 2, .max = 10, .jitter = JITTER_NONE};
    double sum = 0, jobs = 0;
    const struct backoff sidekiq = {.sidekiq = true};
    for (uint32_t retry = 1; retry <= 8; retry++)
        sum += backoff_delay(&b, retry, NAN, 0.3);
    scene_near(sum, 22.7, 1e-9);
    for (uint32_t retry = 1; retry <= 25; retry++)
        for (int k = 0; k < 10; k++)
            jobs += backoff_delay(&sidekiq, retry, NAN, (k + 0.5) / 10) / 10;
    scene_near(jobs, 1764857.5, 1e-3);
    b.jitter = JITTER_EQUAL;
    scene_near(backoff_delay(&b, 3, NAN, 0.5), 0.3, 1e-12);
    b.jitter = JITTER_FULL;
    scene_near(backoff_delay(&b, 3, NAN, 0.5), 0.2, 1e-12);
    b.jitter = JITTER_DECORRELATED;
    scene_near(backoff_delay(&b, 3, 1, 0.5), 0.1 + 0.5 * 2.9, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_is_refused_tries_again_until_taken),
        cmocka_unit_test(attempts_are_used_up),
        cmocka_unit_test(what_comes_too_late_is_no_good),
        cmocka_unit_test(the_first_of_two_answers_counts),
        cmocka_unit_test(what_nobody_waits_for_is_taken_out),
        cmocka_unit_test(callers_have_clients_of_their_own),
        cmocka_unit_test(storms_keep_themselves_alive_without_a_budget),
        cmocka_unit_test(budgets_slide),
        cmocka_unit_test(breakers_open_and_close),
        cmocka_unit_test(backoffs_are_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
