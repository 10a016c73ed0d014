/* What theory says of whole networks, made by hand: against the oracle files and textbooks, and
 * that it says nothing where it knows nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/network/traffic.h"
#include "../sim/theory/line.h"
#include "../sim/theory/theory.h"
#include "given.h"
#include "hand.h"
#include "oracle.h"
#include "scene.h"
#include "setting.h"
#include "theory.h"

#define EXP(mean) "tasks.size.distribution=exponential;tasks.size.mean=" mean ";"
static const double points[] = {0.5, 0.99};

static void theory_by_hand(struct hand *h, struct theory *out)
{
    theory_of_network(hand_network(h), points, 2, false, LINE_MOST, out);
}

/* A figure of a place and class; NAN: there is none. An approximate one is negative. */
static double said(const struct theory *t, uint32_t place, int class, enum theory_measure measure,
                   double p)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct theory_figure *f = &t->figure[i];
        bool same = f->measure == measure && f->place == (int)place && f->class == class;
        if (same && (isnan(p) || f->p == p))
            return f->approximate ? -f->value : f->value;
    }
    return NAN;
}

static double latency(const struct theory *t, uint32_t place)
{
    return said(t, place, THEORY_ALL, THEORY_LATENCY_MEAN, NAN);
}

/* ---- the oracle files ---- */

static const char *exponential(double rate)
{
    return internf("tasks.size.distribution=exponential;tasks.size.mean=%.17gs;", 1 / rate);
}

/* jackson-*: gamma, mu, c and p by number. */
static struct hand *jackson(const char *model, const char *params)
{
    struct hand *h = hand_begin("");
    bool feedback = strcmp(model, "jackson-feedback-1") == 0;
    int n = feedback ? 1 : 0;
    while (!feedback && !isnan(givenf(params, "mu%d", n + 1)))
        n++;
    for (int i = 1; i <= n; i++) {
        double c = givenf(params, "c%d", i);
        hand_stage(h, internf("s%d", i),
                   internf("%sconsumers.count=%.0f",
                           exponential(feedback ? given(params, "mu") : givenf(params, "mu%d", i)),
                           isnan(c) ? 1 : c));
    }
    bool tandem = strcmp(model, "jackson-tandem") == 0;
    for (uint32_t i = 0; i < (uint32_t)n; i++) {
        for (uint32_t j = 0; j < (uint32_t)n; j++) {
            double p = tandem     ? (j == i + 1 ? 1 : NAN)
                       : feedback ? given(params, "p_feedback")
                                  : givenf(params, "p%d%d", i + 1, j + 1);
            if (p > 0)
                hand_to(h, i, j, p);
        }
        double rate = givenf(params, "gamma%d", i + 1);
        rate = isnan(rate) && i == 0 ? given(params, "lambda") : rate;
        if (rate > 0)
            hand_source(h, internf("arrivals.rate=%.17g/s", rate), NETWORK_ANY, i);
    }
    return h;
}

/* Two classes that share a server; or on their ways through two: the second comes back to B, and so
 * has a stage of its own there, on the same consumers. */
static struct hand *two_classes(const char *model, const char *params)
{
    const char *classes = "tasks.classes.0.name=one;tasks.classes.0.share=60%;"
                          "tasks.classes.1.name=two;tasks.classes.1.share=40%;";
    bool open = strcmp(model, "BCMP-open") == 0;
    struct hand *h = hand_begin(classes);
    const char *shared = "consumers.discipline=processor-sharing;";
    double s1 = given(params, open ? "sB1" : "s1"), s2 = given(params, open ? "sB2" : "s2");
    uint32_t a = open ? hand_stage(h, "A", exponential(1 / given(params, "sA"))) : 0;
    uint32_t b1 = hand_stage(h, "B1", internf("%s%s", exponential(1 / s1), shared));
    uint32_t b2 = hand_stage(h, "B2", internf("%s%s", exponential(1 / s2), shared));
    hand_source(h, internf("arrivals.rate=%.17g/s", given(params, "lambda1")), 0, open ? a : b1);
    hand_source(h, internf("arrivals.rate=%.17g/s", given(params, "lambda2")), 1, b2);
    hand_network(h)->stages[b2].pool = b1;
    if (open) {
        hand_class_to(h, a, 0, b1);
        hand_to(h, b2, b2, given(params, "p_back"));
        hand_to(h, b2, a, 1 - given(params, "p_back"));
    }
    return h;
}

static double value_of(const struct oracle *row, const struct theory *t, uint32_t stages)
{
    double p = theory_p(row->measure);
    const char *number = strpbrk(row->measure, "0123456789");
    uint32_t which = number ? (uint32_t)atoi(number) - 1 : 0;
    if (strcmp(row->measure, "mean_response") == 0)
        return latency(t, stages);
    if (strcmp(row->measure, "resp_p99") == 0)
        return said(t, stages, THEORY_ALL, THEORY_LATENCY_QUANTILE, p);
    if (strncmp(row->measure, "mean_response_class", 19) == 0)
        return said(t, stages, (int)which, THEORY_LATENCY_MEAN, NAN);
    if (strncmp(row->measure, "utilization_", 12) == 0)
        return row->measure[12] == 'A' ? said(t, 0, THEORY_ALL, THEORY_UTILIZATION, NAN)
                                       : said(t, 1, THEORY_ALL, THEORY_UTILIZATION, NAN) +
                                             said(t, 2, THEORY_ALL, THEORY_UTILIZATION, NAN);
    return NAN;
}

static size_t check_folder(const char *folder)
{
    struct oracle *rows = malloc(ORACLE_ROWS * sizeof *rows);
    size_t n = oracle_read_from(folder, rows, ORACLE_ROWS), known = 0;
    for (size_t i = 0; i < n; i++) {
        const struct oracle *row = &rows[i];
        bool is_jackson = strncmp(row->model, "jackson", 7) == 0;
        if (!is_jackson && strncmp(row->model, "BCMP", 4) != 0)
            continue;
        struct hand *h =
            is_jackson ? jackson(row->model, row->params) : two_classes(row->model, row->params);
        struct theory t;
        theory_by_hand(h, &t);
        const struct network *network = hand_network(h);
        double value = value_of(row, &t, network->n_stages);
        if (strncmp(row->measure, "mean_number", 11) == 0) { /* Little */
            uint32_t stage = (uint32_t)atoi(row->measure + 19) - 1;
            struct traffic *traffic = traffic_of(network, NULL);
            value = latency(&t, stage) * traffic->stage[stage].rate;
            traffic_free(traffic);
        }
        if (!(fabs(value - row->value) <= row->bound + 1e-12 * fabs(value)))
            fail_msg("%s:%d %s %s: %.13g, should be %.13g", row->file, row->line, row->model,
                     row->measure, value, row->value);
        known++;
        hand_free(h);
    }
    free(rows);
    return known;
}

static void test_oracles(void **state)
{
    (void)state;
    size_t networks = check_folder("networks"), public = check_folder("public");
    if (networks + public == 0)
        skip();
    assert_true(networks >= 10 && public >= 12);
}

/* ---- open ---- */

/* A tree of stages: from end to end a mixture of sums of independent times. */
static void test_quantiles_of_a_tree(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    uint32_t a = hand_stage(h, "a", EXP("1s") "consumers.count=2"),
             b = hand_stage(h, "b", EXP("1s")), c = hand_stage(h, "c", EXP("0.5s"));
    struct theory t;
    hand_to(h, a, b, 0.5);
    hand_to(h, a, c, 0.25);
    hand_source(h, "arrivals.rate=1/s", NETWORK_ANY, a);
    theory_by_hand(h, &t);
    /* a: M/M/2 with C = 1/3: P(W > x) = exp(-x) / 3. b: rate 1/2, of half; c: rate 7/4. */
    double q = said(&t, 3, THEORY_ALL, THEORY_LATENCY_QUANTILE, 0.99), above = 0;
    enum { STEPS = 400000 };
    for (int i = 0; i < STEPS; i++) { /* P(A + X > q), the density of A is (2 / 3 + x / 3) e^-x */
        double x = (i + 0.5) / STEPS * q, rest = q - x;
        double density = (2.0 / 3 + x / 3) * exp(-x) * q / STEPS;
        above += density * (0.5 * exp(-0.5 * rest) + 0.25 * exp(-1.75 * rest));
    }
    above += (1 + q / 3) * exp(-q);
    scene_near(above, 0.01, 1e-8);
    scene_near(latency(&t, 3), 4.0 / 3 + 0.5 * 2 + 0.25 / 1.75, 1e-12);
    /* With two ways to b tasks overtake, and nothing is said of quantiles. */
    hand_to(h, c, b, 1);
    theory_by_hand(h, &t);
    assert_true(isnan(said(&t, 3, THEORY_ALL, THEORY_LATENCY_QUANTILE, 0.99)));
    assert_true(latency(&t, 3) > 0);
    hand_free(h);
}

/* Behind a stage that changes the traffic figures are approximate; behind constant sizes no smaller
 * ones wait; of the first stage all is known. */
static void test_behind_other_stages(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    const char *constant = "tasks.size.distribution=deterministic;tasks.size.value=1s";
    uint32_t a = hand_stage(h, "a", constant), b = hand_stage(h, "b", constant),
             c = hand_stage(h, "c", EXP("1s"));
    struct theory t;
    hand_to(h, a, b, 1);
    hand_to(h, b, c, 1);
    hand_source(h, "arrivals.rate=0.8/s", NETWORK_ANY, a);
    theory_by_hand(h, &t);
    scene_near(said(&t, a, THEORY_ALL, THEORY_WAIT_MEAN, NAN), 2, 1e-12);
    scene_near(said(&t, b, THEORY_ALL, THEORY_WAIT_MEAN, NAN), 0, 0);
    /* cv2 of what leaves M/D/1 is 1 - 0.64; b changes nothing. */
    scene_near(said(&t, c, THEORY_ALL, THEORY_WAIT_MEAN, NAN), -4 * (0.36 + 1) / 2, 1e-12);
    assert_true(latency(&t, 3) < 0);
    hand_free(h);
}

/* A stage that calls, and is not held up by anything: product form with its calls. */
static void test_calls_of_a_delay(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    uint32_t web = hand_stage(h, "web", EXP("1s")), db = hand_stage(h, "db", EXP("0.5s"));
    struct theory t;
    hand_call(h, web, db, 2, 0.5, false);
    hand_source(h, "arrivals.rate=1/s", NETWORK_ANY, web);
    struct network *n = hand_network(h);
    theory_of_network(n, points, 2, false, LINE_MOST, &t);
    assert_true(isnan(latency(&t, 2))); /* one consumer waits for the answer */
    for (size_t i = 0; i < t.n; i++)    /* nor is what it lets through Poisson */
        assert_true(t.figure[i].measure == THEORY_THROUGHPUT ||
                    t.figure[i].measure == THEORY_UTILIZATION);
    struct stage unlimited = *n->stages[web].stage;
    unlimited.consumers = INFINITY;
    n->stages[web].stage = &unlimited;
    theory_of_network(n, points, 2, false, LINE_MOST, &t);
    scene_near(latency(&t, db), 1, 1e-12);
    scene_near(latency(&t, web), 2, 1e-12);
    scene_near(latency(&t, 2), 2, 1e-12);
    hand_free(h);
}

/* ---- closed ---- */

/* The middle row of closed-multiclass: two sources, two shared stages in a row. */
static void test_closed_classes(void **state)
{
    (void)state;
    const char *classes = "tasks.classes.0.name=one;tasks.classes.0.share=50%;"
                          "tasks.classes.1.name=two;tasks.classes.1.share=50%;";
    const char *size =
        "tasks.classes.%d.size.distribution=exponential;tasks.classes.%d.size.mean=%gs;";
    const double mean[2][2] = {{0.5, 0.2}, {0.3, 0.6}};
    struct hand *h = hand_begin(classes);
    struct theory t;
    for (int j = 0; j < 2; j++)
        hand_stage(h, internf("s%d", j),
                   internf("%s%s%sconsumers.discipline=processor-sharing", classes,
                           internf(size, 0, 0, mean[j][0]), internf(size, 1, 1, mean[j][1])));
    hand_to(h, 0, 1, 1);
    for (int r = 0; r < 2; r++)
        hand_source(h,
                    internf("arrivals.process=closed;arrivals.clients=%d;arrivals.think_time."
                            "distribution=exponential;arrivals.think_time.mean=%ds",
                            r ? 6 : 4, r ? 5 : 2),
                    (uint32_t)r, 0);
    theory_by_hand(h, &t);
    scene_near(said(&t, 2, 0, THEORY_LATENCY_MEAN, NAN), 1.922668825527, 2e-10);
    scene_near(said(&t, 2, 1, THEORY_LATENCY_MEAN, NAN), 2.220283104979, 3e-10);
    scene_near(said(&t, 2, THEORY_ALL, THEORY_THROUGHPUT, NAN), 1.019713918741 + 0.8309923465276,
               3e-10);
    scene_near(said(&t, 0, THEORY_ALL, THEORY_UTILIZATION, NAN), 0.6760554286759, 1e-10);
    scene_near(latency(&t, 1) * said(&t, 1, THEORY_ALL, THEORY_THROUGHPUT, NAN), 2.360092045683,
               3e-10);
    hand_free(h);
}

/* ---- lines and groups ---- */

static void test_a_line_with_small_buffers(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    struct theory t;
    for (int i = 0; i < 2; i++)
        hand_stage(h, i ? "drill" : "cut",
                   i ? EXP("1s") "buffer.capacity=0;buffer.when_full=pause" : EXP("1s"));
    hand_to(h, 0, 1, 1);
    hand_source(h, "arrivals.rate=0.5/s", NETWORK_ANY, 0);
    theory_by_hand(h, &t); /* tandem-BAS-unbounded of the oracles */
    scene_near(latency(&t, 2), 5.6, 1e-9);
    scene_near(said(&t, 0, THEORY_ALL, THEORY_UTILIZATION, NAN), 0.5 + 0.2, 1e-10);
    struct network *n = hand_network(h); /* who finds the first one full waits outside */
    struct stage pauses = *n->stages[1].stage;
    pauses.capacity = 3;
    n->stages[0].stage = &pauses;
    theory_of_network(n, points, 2, false, LINE_MOST, &t);
    scene_near(latency(&t, 2), 5.6, 1e-9);
    hand_free(h);
}

static void test_fork_and_join(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    struct theory t;
    uint32_t fork = hand_stage(h, "fork", EXP("0.5s")), left = hand_stage(h, "left", EXP("1s")),
             right = hand_stage(h, "right", EXP("1s")), join = hand_stage(h, "join", EXP("0.25s"));
    hand_copy_to(h, fork, left, join);
    hand_copy_to(h, fork, right, join);
    hand_to(h, left, join, 1);
    hand_to(h, right, join, 1);
    hand_source(h, "arrivals.rate=0.5/s", NETWORK_ANY, fork);
    struct network *n = hand_network(h);
    struct stage unlimited = *n->stages[join].stage;
    n->stages[join].join = JOIN_ALL;
    theory_of_network(n, points, 2, false, LINE_MOST, &t);
    assert_true(isnan(latency(&t, 4))); /* what comes to the join is not Poisson */
    scene_near(latency(&t, left), 2, 1e-12);
    unlimited.consumers = INFINITY;
    n->stages[join].stage = &unlimited;
    theory_of_network(n, points, 2, false, LINE_MOST, &t);
    scene_near(latency(&t, 4), 0.5 / 0.75 + 2.875 + 0.25, 1e-12);
    /* The first of two counts, and the other is taken back: redundancy-d of the oracles. */
    n->stages[fork].to.n = 1;
    n->stages[fork].to.way = WAY_ONE;
    n->join_of[fork] = NETWORK_EXIT;
    n->stages[left].replicas = 2;
    n->stages[left].copies = true;
    n->copies_join_of[left] = join;
    n->stages[join].join = 1;
    n->stages[join].withdraw = WITHDRAW_RUNNING;
    theory_of_network(n, points, 2, false, LINE_MOST, &t);
    scene_near(latency(&t, 4), 0.5 / 0.75 + 1 / (2 - 0.5) + 0.25, 1e-12);
    hand_free(h);
}

/* What comes of two copies is no chance, though each of them is. */
static void test_copies_that_meet(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    struct theory t;
    uint32_t fork = hand_stage(h, "fork", EXP("0.5s")), left = hand_stage(h, "left", EXP("1s")),
             right = hand_stage(h, "right", EXP("1s")), both = hand_stage(h, "both", EXP("0.25s"));
    hand_copy_to(h, fork, left, NETWORK_EXIT);
    hand_copy_to(h, fork, right, NETWORK_EXIT);
    hand_to(h, left, both, 1);
    hand_to(h, right, both, 1);
    hand_source(h, "arrivals.rate=0.5/s", NETWORK_ANY, fork);
    theory_by_hand(h, &t);
    scene_near(latency(&t, right), 2, 1e-12);
    assert_true(isnan(latency(&t, both)) && isnan(latency(&t, 4)));
    hand_free(h);
}

/* Sizes that are carried through a delay are as good as drawn; not those of a queue. */
static void test_carried_sizes(void **state)
{
    (void)state;
    struct hand *h = hand_begin(EXP("1s"));
    struct theory t;
    uint32_t delay = hand_stage(h, "delay", EXP("1s")), a = hand_stage(h, "a", EXP("9s")),
             b = hand_stage(h, "b", EXP("9s"));
    hand_to(h, delay, a, 1);
    hand_to(h, a, b, 1);
    hand_source(h, "arrivals.rate=0.5/s", NETWORK_ANY, delay);
    struct network *n = hand_network(h);
    struct stage unlimited = *n->stages[delay].stage;
    unlimited.consumers = INFINITY;
    n->stages[delay].stage = &unlimited;
    n->stages[a].carried = n->stages[b].carried = true;
    theory_of_network(n, points, 2, false, LINE_MOST, &t);
    scene_near(latency(&t, a), 2, 1e-12);
    assert_true(isnan(latency(&t, b)) && isnan(latency(&t, 3)));
    hand_free(h);
}

/* Many replicas of which two are compared: the limit of ever more, and said to be one. */
static void test_two_choices_of_many(void **state)
{
    (void)state;
    static struct scenario s; /* large */
    struct theory t;
    setting_apply(&s, "arrivals.rate=90/s;tasks.size.distribution=exponential;tasks.size.mean=1s;"
                      "replicas=100;balancer.algorithm=least-requests;balancer.choices=2");
    theory_of(&s, &t);
    scene_near(latency(&t, 0), -2.614057377324, 1e-10); /* power-of-d-limit of the oracles */
    setting_apply(&s, "arrivals.rate=2.1/s;tasks.size.distribution=exponential;tasks.size.mean=1s;"
                      "replicas=3;balancer.algorithm=least-requests;balancer.choices=2");
    theory_of(&s, &t);
    scene_near(latency(&t, 0), 1.884792361543, 1e-10);
}

static void test_nothing_at_rest(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    struct theory t;
    uint32_t a = hand_stage(h, "a", EXP("1s"));
    hand_source(h, "arrivals.rate=1.5/s", NETWORK_ANY, a);
    theory_by_hand(h, &t);
    assert_null(t.model);
    assert_non_null(strstr(t.why, "utilization of a is 1 or more"));
    hand_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oracles),
        cmocka_unit_test(test_quantiles_of_a_tree),
        cmocka_unit_test(test_behind_other_stages),
        cmocka_unit_test(test_calls_of_a_delay),
        cmocka_unit_test(test_closed_classes),
        cmocka_unit_test(test_a_line_with_small_buffers),
        cmocka_unit_test(test_fork_and_join),
        cmocka_unit_test(test_copies_that_meet),
        cmocka_unit_test(test_carried_sizes),
        cmocka_unit_test(test_two_choices_of_many),
        cmocka_unit_test(test_nothing_at_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
