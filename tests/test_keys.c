/*
 * Keys of tasks (tasks.key): who is hashed where, and buckets of tokens for each.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "../sim/network/traffic_in.h"
#include "../sim/scenario/balancer.h"
#include "../sim/scenario/policy.h"
#include "fates.h"
#include "scene.h"

enum { REPLICAS = 4 };

static struct story hashed(const char *key)
{
    return fates_of(internf("sources: {s: {process: poisson, rate: 20/s}}\n"
                            "tasks: {size: 10ms, key: {%s}}\n"
                            "stages:\n"
                            "  a: {replicas: 4, balancer: hash, to: b}\n"
                            "  b: {replicas: 4, balancer: hash, to: c}\n"
                            "  c: {replicas: 4, balancer: random}\n",
                            key),
                    20000);
}

/* How many go to each replica of a stage. */
static void count(const struct story *s, uint32_t stage, double *n)
{
    for (int i = 0; i < REPLICAS; i++)
        n[i] = 0;
    for (size_t i = 0; i < s->n_visits; i++)
        if (s->visits[i].stage == stage)
            n[s->visits[i].station - stage * REPLICAS]++;
}

static void one_key_goes_to_one_replica(void **state)
{
    (void)state;
    struct story s = hashed("of: 1");
    double n[REPLICAS];
    count(&s, 0, n);
    for (uint32_t i = 0; i < REPLICAS; i++)
        assert_true((n[i] > 0) == (i == balancer_hash(0, 0, REPLICAS)));
    story_free(&s);
}

/* Stages with as many replicas are hashed alike: a request keeps its key. */
static void a_request_keeps_its_key(void **state)
{
    (void)state;
    struct story s = hashed("of: 1000");
    uint32_t *at = xcalloc(40000, sizeof *at);
    size_t both = 0, third = 0;
    for (size_t i = 0; i < s.n_visits; i++)
        if (s.visits[i].stage == 0)
            at[s.visits[i].request] = 1 + s.visits[i].station;
    for (size_t i = 0; i < s.n_visits; i++) {
        const struct visit_record *v = &s.visits[i];
        if (v->stage == 1) {
            assert_int_equal(at[v->request], 1 + v->station - REPLICAS);
            both++;
        }
        third += v->stage == 2 && at[v->request] != 1 + v->station - 2 * REPLICAS;
    }
    assert_true(both > 15000);
    scene_near((double)third / (double)both, 0.75, 0.02); /* drawn */
    free(at);
    story_free(&s);
}

/* Each replica has the keys that hash to it, with the share of each. */
static void keys_have_their_shares(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        int of;
        double exponent;
    } laws[] = {{"of: 10", 10, 0},
                {"distribution: zipf, of: 10", 10, 1},
                {"distribution: zipf, of: 5, exponent: 2.5", 5, 2.5}};
    for (int l = 0; l < 3; l++) {
        struct story s = hashed(laws[l].key);
        double n[REPLICAS], share[REPLICAS] = {0}, all = 0, sum = 0;
        count(&s, 0, n);
        for (int k = 1; k <= laws[l].of; k++)
            all += pow(k, -laws[l].exponent);
        for (int k = 1; k <= laws[l].of; k++)
            share[balancer_hash((uint32_t)k - 1, 0, REPLICAS)] += pow(k, -laws[l].exponent) / all;
        for (int i = 0; i < REPLICAS; i++)
            sum += n[i];
        for (int i = 0; i < REPLICAS; i++)
            scene_near(n[i] / sum, share[i], 4 * sqrt(0.25 / sum));
        story_free(&s);
    }
}

/* Many keys are as good as chance. */
static void many_keys_are_independent_queues(void **state)
{
    (void)state;
    struct scenario *s = scene_text("arrivals: {process: poisson, rate: 2.8/s}\n"
                                    "tasks: {size: {distribution: exponential, mean: 1s}, key: "
                                    "{of: 1000000}}\n"
                                    "replicas: 4\nbalancer: hash\n",
                                    "run: {tasks: 150k, replications: 4}\n");
    struct result *result = scene_run(s, 1);
    scene_near(scene_row(result, 0, "main")->latency_mean, 1 / 0.3, 0.12);
    result_free(result);
    free(s);
}

/* One hot key is more than a replica can do, although all together could do four times as much. */
static void the_hottest_replica_decides(void **state)
{
    (void)state;
    static const char *const keys[] = {"of: 100000", "of: 1",
                                       "distribution: zipf, of: 100, exponent: 1.5"};
    static const double fullness[] = {0.5, 2, NAN};
    for (int i = 0; i < 3; i++) {
        struct scenario *s = scene_text(internf("sources: {s: {process: poisson, rate: 2/s}}\n"
                                                "tasks: {size: 1s, key: {%s}}\n"
                                                "stages: {a: {replicas: 4, balancer: hash}}\n",
                                                keys[i]),
                                        "");
        struct network *n = network_of(s);
        double most = traffic_fullness(n, 0, 2, 1);
        if (!isnan(fullness[i]))
            scene_near(most, fullness[i], 0.01);
        else
            assert_true(most > 2 * 0.38 && most < 2); /* 1 / zeta(1.5), and what else comes there */
        network_free(n);
        free(s);
    }
}

/* A token a second for each key, and one in hand. */
static void each_key_has_its_bucket(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        double lost;
    } known[] = {{"of: 1", 0.75}, {"of: 1000000", 0.001}};
    for (int i = 0; i < 2; i++) {
        struct story s =
            fates_of(internf("arrivals: {process: renewal, interarrival: {distribution: "
                             "deterministic, value: 250ms}}\n"
                             "tasks: {size: 1ms, key: {%s}}\n"
                             "throttle: {rate: 1/s, per: key}\n",
                             known[i].key),
                     4000);
        double lost = 0;
        for (size_t k = 0; k < s.n_visits; k++)
            lost += s.visits[k].outcome == TRACE_LOST + LOSS_THROTTLED;
        scene_near(lost / (double)s.n_visits, known[i].lost, 0.002);
        story_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_key_goes_to_one_replica),
        cmocka_unit_test(a_request_keeps_its_key),
        cmocka_unit_test(keys_have_their_shares),
        cmocka_unit_test(many_keys_are_independent_queues),
        cmocka_unit_test(the_hottest_replica_decides),
        cmocka_unit_test(each_key_has_its_bucket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
