/* Traffic equations: visits, loads, stability and the bottleneck of networks made by hand, against
 * what can be reckoned on paper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "../sim/network/traffic.h"
#include "hand.h"
#include "scene.h"

#define EXP(mean) "tasks.size.distribution=exponential;tasks.size.mean=" mean ";"

/* The network of the oracle row jackson-open with three stations. */
static void test_feedback_between_stages(void **state)
{
    (void)state;
    enum { a, b, c };
    struct hand *h = hand_jackson();
    struct traffic *t = traffic_of(hand_network(h), NULL);
    double rate_a = 1 / (1 - 0.07), rate_b = 0.7 * rate_a;
    double rate_c = (0.5 + 0.2 * rate_a + 0.5 * rate_b) / 0.8;
    scene_near(t->stage[a].rate, rate_a, 1e-12);
    scene_near(t->stage[b].rate, rate_b, 1e-12);
    scene_near(t->stage[c].rate, rate_c, 1e-12);
    scene_near(t->visits[a], rate_a, 1e-12); /* of one request of the first source */
    scene_near(t->visits[3 + c], 1.25, 1e-12);
    scene_near(t->stage[c].utilization, rate_c * 1.25 / 3, 1e-12);
    assert_int_equal(t->bottleneck, c);
    assert_false(t->feeds_forward);
    for (uint32_t i = 0; i < 3; i++) /* one class: below 1 is enough (Jackson) */
        assert_int_equal(t->stage[i].stable, TRAFFIC_STABLE);
    traffic_free(t);
    hand_free(h);
}

/* Classes have ways and sizes of their own: BCMP-open of the oracles. */
static void test_ways_by_class(void **state)
{
    (void)state;
    const char *classes =
        "tasks.classes.0.name=one;tasks.classes.0.share=60%;tasks.classes.1.name=two;"
        "tasks.classes.1.share=40%;";
    struct hand *h = hand_begin(classes);
    uint32_t a = hand_stage(h, "A", EXP("1s"));
    uint32_t b =
        hand_stage(h, "B",
                   internf("%stasks.classes.0.size.distribution=exponential;"
                           "tasks.classes.0.size.mean=1.2s;tasks.classes.1.size.distribution="
                           "exponential;tasks.classes.1.size.mean=0.8s;"
                           "consumers.discipline=processor-sharing",
                           classes));
    hand_class_to(h, a, 0, b);
    hand_class_to(h, b, 1, a);
    hand_source(h, "arrivals.rate=0.12/s", 0, a);
    hand_source(h, "arrivals.rate=0.08/s", 1, b);
    struct traffic *t = traffic_of(hand_network(h), NULL);
    scene_near(t->by_class[0 * 2 + b], 0.12, 1e-12);
    scene_near(t->by_class[1 * 2 + b], 0.08, 1e-12);
    scene_near(t->stage[a].utilization, 0.2, 1e-12);
    scene_near(t->stage[b].utilization, 0.12 * 1.2 + 0.08 * 0.8, 1e-12);
    assert_int_equal(t->stage[b].stable, TRAFFIC_STABLE);
    traffic_free(t);
    hand_free(h);
}

/* A fork to three of which one tasks a detour, joined, behind it a stage: one task again. */
static void test_copies_and_joins(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    uint32_t fork = hand_stage(h, "fork", EXP("0.1s")), left = hand_stage(h, "left", EXP("1s")),
             right = hand_stage(h, "right", EXP("0.5s")),
             detour = hand_stage(h, "detour", EXP("1s")), join = hand_stage(h, "join", EXP("0.2s")),
             after = hand_stage(h, "after", EXP("0.2s"));
    hand_copy_to(h, fork, left, join);
    hand_copy_to(h, fork, right, join);
    hand_copy_to(h, fork, right, join);
    hand_to(h, left, join, 1);
    hand_to(h, right, detour, 0.25);
    hand_to(h, right, join, 0.75);
    hand_to(h, detour, join, 1);
    hand_to(h, join, after, 1);
    hand_source(h, "arrivals.rate=0.4/s", NETWORK_ANY, fork);
    struct network *n = hand_network(h);
    n->stages[join].join = JOIN_ALL;
    struct traffic *t = traffic_of(n, NULL);
    scene_near(t->stage[left].rate, 0.4, 1e-12);
    scene_near(t->stage[right].rate, 0.8, 1e-12);
    scene_near(t->stage[detour].rate, 0.2, 1e-12);
    scene_near(t->stage[join].rate, 0.4, 1e-12);
    scene_near(t->stage[after].rate, 0.4, 1e-12);
    assert_true(t->feeds_forward);
    traffic_free(t);
    /* To each of 4 replicas: four visits an offer, and one task behind their join. */
    n->stages[left].replicas = 4;
    n->stages[left].copies = true;
    n->copies_join_of[left] = after;
    n->stages[after].join = JOIN_ALL;
    n->stages[left].to.n = 1;
    n->legs[n->stages[left].to.first].stage = after;
    t = traffic_of(n, NULL);
    scene_near(t->stage[left].rate, 1.6, 1e-12);
    scene_near(t->stage[left].utilization, 0.4, 1e-12);
    scene_near(t->stage[after].rate, 0.4, 1e-12);
    traffic_free(t);
    hand_free(h);
}

/* Web threads that wait for a database and, side by side, for two slow parties. */
static void test_calls_hold_consumers(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    uint32_t web = hand_stage(h, "web", EXP("10ms") "consumers.count=16"),
             db = hand_stage(h, "db", EXP("20ms") "consumers.count=4"),
             slow = hand_stage(h, "slow", EXP("100ms"));
    hand_call(h, web, db, 2, 0.5, false);
    hand_source(h, "arrivals.rate=100/s", NETWORK_ANY, web);
    struct network *n = hand_network(h);
    struct traffic *t = traffic_of(n, NULL);
    scene_near(t->stage[db].rate, 100, 1e-9);
    scene_near(t->stage[db].utilization, 0.5, 1e-12);
    scene_near(t->stage[web].called, 0.02, 1e-12); /* nobody waits: the least */
    assert_false(t->stage[web].holding_known);
    scene_near(t->stage[web].load, 3, 1e-9);
    assert_int_equal(t->stage[web].stable, TRAFFIC_UNKNOWN);
    assert_int_equal(t->stage[db].stable, TRAFFIC_STABLE);
    traffic_free(t);
    /* A delay station answers in a known time; of two side by side only the longer one is known. */
    struct stage unlimited = *n->stages[slow].stage;
    unlimited.consumers = INFINITY;
    n->stages[slow].stage = &unlimited;
    n->calls[0].stage = slow;
    t = traffic_of(n, NULL);
    assert_true(t->stage[web].holding_known);
    scene_near(t->stage[web].load, 11, 1e-9);
    assert_int_equal(t->stage[web].stable, TRAFFIC_STABLE);
    traffic_free(t);
    hand_call(h, web, slow, 1, 1, true);
    t = traffic_of(hand_network(h), NULL);
    assert_false(t->stage[web].holding_known);
    scene_near(t->stage[web].called, 0.1, 1e-12);
    traffic_free(t);
    hand_free(h);
}

/* What cannot be done does not come to those behind (Goodman and Massey 1984). */
static void test_behind_one_that_does_not_keep_up(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    uint32_t a = hand_stage(h, "a", EXP("1s")), b = hand_stage(h, "b", EXP("0.9s"));
    hand_to(h, a, b, 1);
    hand_source(h, "arrivals.rate=1.25/s", NETWORK_ANY, a);
    struct traffic *t = traffic_of(hand_network(h), NULL);
    assert_int_equal(t->stage[a].stable, TRAFFIC_UNSTABLE);
    scene_near(t->stage[b].utilization, 1.125, 1e-12); /* of what is offered */
    scene_near(t->stage[b].comes, 1, 1e-9);
    assert_int_equal(t->stage[b].stable, TRAFFIC_STABLE);
    traffic_free(t);
    hand_to(h, b, a, 0.5); /* half of it comes back: 2.5 and 2.25 offered */
    t = traffic_of(hand_network(h), NULL);
    scene_near(t->stage[a].comes, 1.25 + 0.5, 1e-9);
    scene_near(t->stage[b].comes, 1, 1e-9);
    assert_int_equal(t->stage[a].stable, TRAFFIC_UNSTABLE);
    assert_int_equal(t->stage[b].stable, TRAFFIC_STABLE);
    traffic_free(t);
    hand_free(h);
}

/* Who is called by so many, or handed what there are places for, holds no more than that: it is
 * before them that the backlog grows. */
static void test_the_backlog_is_before_what_is_bounded(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    uint32_t web = hand_stage(h, "web", EXP("0.02s") "consumers.count=16"),
             mid = hand_stage(h, "mid", EXP("0.001s") "consumers.count=8"),
             db = hand_stage(h, "db", EXP("0.03s") "consumers.count=4"),
             log = hand_stage(h, "log", EXP("0.0074s"));
    hand_call(h, web, mid, 1, 1, false);
    hand_call(h, mid, db, 1, 1, false);
    hand_to(h, web, log, 1);
    hand_source(h, "arrivals.rate=140/s", NETWORK_ANY, web);
    struct traffic *t = traffic_of(hand_network(h), NULL);
    assert_true(t->stage[db].bounded && t->stage[mid].bounded);
    assert_false(t->stage[web].bounded || t->stage[log].bounded);
    assert_int_equal(t->stage[db].stable, TRAFFIC_STABLE);
    assert_int_equal(t->stage[mid].stable, TRAFFIC_STABLE);
    assert_int_equal(t->stage[web].stable, TRAFFIC_UNSTABLE);
    scene_near(t->stage[log].comes, 4 / 0.03, 1e-9); /* 0.987 of what it can do, not 1.036 */
    traffic_free(t);
    /* Of two that call, one backs up: which one the run has to tell. Both are no more than so many
     * all the same. */
    uint32_t jobs = hand_stage(h, "jobs", EXP("0.01s") "consumers.count=2");
    hand_call(h, jobs, db, 1, 1, false);
    hand_source(h, "arrivals.rate=1/s", NETWORK_ANY, jobs);
    t = traffic_of(hand_network(h), NULL);
    assert_int_equal(t->stage[db].stable, TRAFFIC_STABLE);
    assert_int_equal(t->stage[web].stable, TRAFFIC_UNKNOWN);
    assert_int_equal(t->stage[jobs].stable, TRAFFIC_UNKNOWN);
    traffic_free(t);
    /* What comes to it from outside has no such limit; nor has who asks and does not wait. */
    hand_source(h, "arrivals.rate=1/s", NETWORK_ANY, db);
    t = traffic_of(hand_network(h), NULL);
    assert_false(t->stage[db].bounded);
    assert_int_equal(t->stage[db].stable, TRAFFIC_UNKNOWN);
    traffic_free(t);
    hand_source(h, "arrivals.rate=134/s", NETWORK_ANY, db);
    t = traffic_of(hand_network(h), NULL);
    assert_int_equal(t->stage[db].stable, TRAFFIC_UNSTABLE);
    traffic_free(t);
    hand_free(h);
}

static void test_the_backlog_is_before_a_small_buffer(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    uint32_t a = hand_stage(h, "a", EXP("0.5s")),
             b = hand_stage(h, "b", EXP("1.2s") "buffer.capacity=2;buffer.when_full=pause");
    hand_to(h, a, b, 1);
    hand_source(h, "arrivals.rate=1/s", NETWORK_ANY, a);
    struct traffic *t = traffic_of(hand_network(h), NULL);
    assert_int_equal(t->stage[a].stable, TRAFFIC_UNSTABLE);
    assert_int_equal(t->stage[b].stable, TRAFFIC_STABLE);
    traffic_free(t);
    hand_source(h, "arrivals.rate=0.1/s", NETWORK_ANY, b); /* outside, there is room for all */
    t = traffic_of(hand_network(h), NULL);
    assert_false(t->stage[b].bounded);
    assert_int_not_equal(t->stage[b].stable, TRAFFIC_STABLE);
    traffic_free(t);
    hand_free(h);
}

/* Rybko and Stolyar's network: loads below 1 say nothing where priorities cross. */
static void test_where_loads_below_one_are_not_enough(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    uint32_t a1 = hand_stage(h, "a1", EXP("0.01s") "consumers.discipline=priority"),
             b1 = hand_stage(h, "b1", EXP("0.6s")),
             b2 = hand_stage(h, "b2", EXP("0.01s") "consumers.discipline=priority"),
             a2 = hand_stage(h, "a2", EXP("0.6s"));
    hand_to(h, a1, b1, 1);
    hand_to(h, b2, a2, 1);
    hand_source(h, "arrivals.rate=1/s", NETWORK_ANY, a1);
    hand_source(h, "arrivals.rate=1/s", NETWORK_ANY, b2);
    struct network *n = hand_network(h);
    n->stages[a2].pool = a1;
    n->stages[b1].pool = b2;
    struct traffic *t = traffic_of(n, NULL);
    scene_near(t->stage[a1].utilization, 0.61, 1e-12);
    assert_int_equal(t->stage[a1].stable, TRAFFIC_UNKNOWN);
    traffic_free(t);
    hand_free(h);
}

/* A size carried along, of two sources; what a loss leaves is less. */
static void test_carried_sizes_and_losses(void **state)
{
    (void)state;
    struct hand *h = hand_begin(EXP("2s"));
    uint32_t a = hand_stage(h, "a", EXP("0.5s") "consumers.count=4;consumers.speed=2"),
             b = hand_stage(h, "b", EXP("9s") "consumers.count=8"),
             c = hand_stage(h, "c", EXP("9s") "consumers.count=8");
    hand_to(h, a, b, 1);
    hand_to(h, b, c, 0.5);
    hand_source(h, "arrivals.rate=1/s", NETWORK_ANY, a);
    hand_source(h, "arrivals.rate=3/s", NETWORK_ANY, b);
    struct network *n = hand_network(h);
    n->stages[b].carried = n->stages[c].carried = true;
    struct traffic *t = traffic_of(n, NULL);
    scene_near(t->stage[a].work, 0.25, 1e-12);
    scene_near(t->stage[b].work, (0.5 + 3 * 2) / 4, 1e-12);
    scene_near(t->stage[c].work, (0.5 + 3 * 2) / 4, 1e-12);
    assert_false(t->stage[c].at_most);
    traffic_free(t);
    struct stage small = *n->stages[b].stage;
    small.capacity = 3;
    n->stages[b].stage = &small;
    t = traffic_of(n, NULL);
    assert_int_equal(t->stage[b].stable, TRAFFIC_STABLE);
    assert_false(t->stage[b].at_most);
    assert_true(t->stage[c].at_most);
    traffic_free(t);
    hand_free(h);
}

static void test_closed_and_unlike_replicas(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    uint32_t a = hand_stage(h, "a", EXP("1s")), b = hand_stage(h, "b", EXP("0.25s"));
    hand_to(h, a, b, 1);
    hand_to(h, b, a, 0.5);
    hand_source(h,
                "arrivals.process=closed;arrivals.clients=7;arrivals.think_time.distribution="
                "exponential;arrivals.think_time.mean=1s",
                NETWORK_ANY, a);
    struct traffic *t = traffic_of(hand_network(h), NULL);
    scene_near(t->visits[a], 2, 1e-12);
    assert_true(isnan(t->stage[a].rate) && isnan(t->stage[a].utilization));
    assert_int_equal(t->bottleneck, a); /* by demands */
    assert_int_equal(t->stage[a].stable, TRAFFIC_STABLE);
    traffic_free(t);
    hand_free(h);
    /* One of three at a tenth of the speed: drawn blindly it is the bottleneck. */
    h = hand_begin("");
    a = hand_stage(h, "a", EXP("1s"));
    hand_source(h, "arrivals.rate=0.6/s", NETWORK_ANY, a);
    struct network *n = hand_network(h);
    struct station_kind kinds[] = {{1, 1}, {1, 0.1}, {1, 1}};
    n->kinds = kinds;
    n->stages[a].replicas = n->n_stations = 3;
    t = traffic_of(n, NULL);
    scene_near(t->stage[a].utilization, 0.6 / 3 / 0.1, 1e-12);
    n->kinds = NULL;
    traffic_free(t);
    hand_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_feedback_between_stages),
        cmocka_unit_test(test_ways_by_class),
        cmocka_unit_test(test_copies_and_joins),
        cmocka_unit_test(test_calls_hold_consumers),
        cmocka_unit_test(test_behind_one_that_does_not_keep_up),
        cmocka_unit_test(test_where_loads_below_one_are_not_enough),
        cmocka_unit_test(test_the_backlog_is_before_what_is_bounded),
        cmocka_unit_test(test_the_backlog_is_before_a_small_buffer),
        cmocka_unit_test(test_carried_sizes_and_losses),
        cmocka_unit_test(test_closed_and_unlike_replicas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
