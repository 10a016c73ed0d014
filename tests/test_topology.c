/* topology.png and topology.dot: what is on them, that nothing lies over anything else, and which
 * runs write them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/topology.h"
#include "../sim/result/run.h"
#include "../sim/scenario/config.h"
#include "program.h"

static struct result *run(const char *text)
{
    static struct scenario s;
    struct places places = {0};
    struct errors errors = {0};
    param_defaults(&s);
    if (!config_read("test", text, strlen(text), &s, &places, &errors) ||
        !scenario_check(&s, &places, &errors))
        fail_msg("%s", errors.text[0]);
    places_free(&places);
    const struct run_options options = {.engine = engine_for(&s), .jobs = 1};
    return run_scenario(&s, &options);
}

static const char shop[] =
    "title: A shop\n"
    "sources:\n"
    "  web: {process: poisson, rate: 40/s, to: api}\n"
    "  jobs: {process: poisson, rate: 5/s, to: mailer}\n"
    "tasks: {size: {distribution: exponential, mean: 10ms}}\n"
    "stages:\n"
    "  api: {replicas: 8, balancer: random, consumers: {count: 4}, reply: yes,\n"
    "        buffer: {capacity: 3, when_full: reject},\n"
    "        calls: [auth, [db, {stage: cache, share: 50%, count: 3}], auth], to: {mailer: 30%}}\n"
    "  auth: {consumers: {count: 2}}\n"
    "  db: {consumers: {count: 4}, size: {distribution: exponential, mean: 80ms}}\n"
    "  cache: {consumers: {count: unlimited}, size: 2ms}\n"
    "  mailer: {to: {retry: 20%, audit: 80%}}\n"
    "  retry: {to: mailer}\n"
    "  audit: {consumers: retry}\n"
    "run: {tasks: 5k, replications: 2}\n";

static const struct topology_edge *edge_of(const struct topology *t, const char *from,
                                           const char *to)
{
    for (size_t i = 0; i < t->n_edges; i++)
        if (strcmp(t->nodes[t->edges[i].from].name, from) == 0 &&
            strcmp(t->nodes[t->edges[i].to].name, to) == 0)
            return &t->edges[i];
    fail_msg("no way from %s to %s", from, to);
    return NULL;
}

static void near(double value, double want)
{
    if (!(fabs(value - want) <= 1e-9 * want))
        fail_msg("%.12g is not %.12g", value, want);
}

static void ways_have_their_traffic(void **state)
{
    (void)state;
    struct result *result = run(shop);
    struct topology *t = topology_of(result);
    topology_place(t, 100);
    double api = topology_row(t, 0)->throughput, mailer = topology_row(t, 4)->throughput;
    near(edge_of(t, "web", "api")->rate, 40);
    near(edge_of(t, "api", "auth")->rate, 2 * api); /* called twice: one way */
    near(edge_of(t, "api", "cache")->rate, 1.5 * api);
    near(edge_of(t, "api", "mailer")->rate, 0.3 * api);
    near(edge_of(t, "mailer", "audit")->rate, 0.8 * mailer);
    assert_int_equal(t->n_edges, 9);
    assert_true(edge_of(t, "api", "db")->calls && !edge_of(t, "api", "mailer")->calls);
    assert_true(edge_of(t, "retry", "mailer")->back && !edge_of(t, "mailer", "retry")->back);
    assert_true(t->nodes[0].leaves && t->nodes[6].leaves); /* 70 % of api's; all of audit's */
    assert_false(t->nodes[1].leaves || t->nodes[4].leaves || t->nodes[5].leaves);
    assert_true(strncmp(topology_headline(t), "db is the bottleneck: ", 22) == 0);
    assert_string_equal(topology_what(t, 0), "4 consumers, 3 places, replies");
    assert_string_equal(topology_what(t, 3), "delay, no queue");
    assert_string_equal(topology_what(t, 6), "consumers of retry");
    topology_free(t);
    result_free(result);
}

static void equals_are_told_together(void **state)
{
    (void)state;
    struct result *result = run("arrivals: {process: poisson, rate: 5/s}\n"
                                "tasks: {size: {distribution: deterministic, value: 100ms}}\n"
                                "stages: {a: {to: b}, b: {to: c}, c: {size: 10ms}}\n"
                                "run: {tasks: 1k, replications: 2}\n");
    struct topology *t = topology_of(result);
    assert_true(strncmp(topology_headline(t), "a and b are the busiest: ", 25) == 0);
    assert_true(topology_is_busiest(t, 0) && topology_is_busiest(t, 1));
    assert_false(topology_is_busiest(t, 2));
    topology_free(t);
    result_free(result);
}

static void the_column_is_todays(void **state)
{
    (void)state;
    const char *sweep = "arrivals: {process: poisson, rate: 6.4/s}\n"
                        "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
                        "stages: {a: {to: b}, b: {}}\n"
                        "run: {tasks: 1k, replications: 2}\n"
                        "sweep: {parameter: arrivals.rate, values: [%s]}\n";
    struct result *result = run(internf(sweep, "2/s, 6/s, 8/s"));
    struct topology *t = topology_of(result);
    assert_int_equal(t->column, 1);
    assert_string_equal(topology_where(t), "at rate 6 /s");
    near(edge_of(t, "main", "a")->rate, 6);
    topology_free(t);
    result_free(result);
    result = run(internf(sweep, "1/s, 2/s, 40/s")); /* the last is not stable */
    result->scenario.arrivals.rate = 100;
    t = topology_of(result);
    assert_int_equal(t->column, 1);
    topology_free(t);
    result_free(result);
}

/* Boxes are apart, inside the picture, and ways lead to the right or into a later band. */
static void assert_laid_out(const struct topology *t)
{
    for (size_t i = 0; i < t->n_nodes; i++) {
        const struct topology_node *a = &t->nodes[i];
        assert_true(a->x >= 0 && a->y >= 100 && a->x + a->w < t->width && a->y + a->h < t->height);
        for (size_t k = 0; k < i; k++) {
            const struct topology_node *b = &t->nodes[k];
            assert_true(a->x + a->w < b->x || b->x + b->w < a->x || a->y + a->h < b->y ||
                        b->y + b->h < a->y);
        }
    }
    for (size_t i = 0; i < t->n_edges; i++) {
        const struct topology_node *from = &t->nodes[t->edges[i].from],
                                   *to = &t->nodes[t->edges[i].to];
        assert_true(t->edges[i].back || to->layer > from->layer);
        if (!t->edges[i].back && from->band == to->band)
            assert_true(to->x > from->x + from->w);
    }
}

static void boxes_are_apart(void **state)
{
    (void)state;
    for (int n = 1; n <= TOPOLOGY_MOST; n += 13)
        for (int shape = 0; shape < 4; shape++) {
            const char *text = "arrivals: {process: poisson, rate: 1/s}\n"
                               "tasks: {size: {distribution: exponential, mean: 1ms}}\n"
                               "run: {tasks: 100, replications: 1}\nstages:\n  start: {";
            if (shape == 1) /* a fan */
                for (int i = 0; i < n; i++)
                    text = internf("%s%ss%d", text, i ? ", " : "to: {all: [", i);
            else
                text = internf("%sto: s0", text);
            text = internf("%s%s}\n", text, shape == 1 ? "]}" : "");
            for (int i = 0; i < n; i++) {
                const char *to = i + 1 == n || shape == 1 ? "" : internf("to: s%d", i + 1);
                if (shape == 2 && i + 1 < n) /* skips, and comes back */
                    to = internf("to: {s%d: 50%%, s%d: 20%%, s%d: 10%%}", i + 1,
                                 i + 4 < n ? i + 4 : n - 1, i / 2);
                if (shape == 2 && i + 4 >= n && i + 1 < n)
                    to = internf("to: {s%d: 50%%, s0: 10%%}", i + 1);
                if (shape == 3 && 2 * i + 2 < n) /* a tree */
                    to = internf("to: {s%d: 50%%, s%d: 50%%}", 2 * i + 1, 2 * i + 2);
                else if (shape == 3)
                    to = 2 * i + 1 < n ? internf("to: s%d", 2 * i + 1) : "";
                text = internf("%s  s%d: {%s}\n", text, i, to);
            }
            struct result *result = run(text);
            struct topology *t = topology_of(result);
            struct bytes png = {0};
            struct errors errors = {0};
            if (n + 1 <= TOPOLOGY_MOST) {
                assert_true(topology_png(t, 1, &png, &errors));
                assert_laid_out(t);
                bytes_free(&png);
            }
            topology_free(t);
            result_free(result);
        }
}

static void networks_have_both_files(void **state)
{
    (void)state;
    file_write("shop.yaml", shop);
    assert_status("run shop.yaml -o out", 0);
    assert_says("stdout", "out: spectrogram.png, topology.png, topology.dot, columns.csv");
    assert_true(file_exists("out/topology.png"));
    static const char *const parts[] = {
        "label=\"A shop\\ndb is the bottleneck: ", "\"api\" [label=\"api \u00d78\\n4 consumers",
        "\"source web\" -> \"api\" [label=\"40 /s\"]", "color=\"black:invis:black\"",
        "\"audit\" -> \"exit of audit\""};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_says("out/topology.dot", parts[i]);
    assert_status("run shop.yaml -o again -j 1", 0);
    assert_true(files_equal("out/topology.png", "again/topology.png"));
    assert_true(files_equal("out/topology.dot", "again/topology.dot"));

    /* One stage has no topology, and what a network has left there goes. */
    file_write("one.yaml", "arrivals: {rate: 5/s}\nrun: {tasks: 1k}\n"
                           "tasks: {size: {distribution: exponential, mean: 10ms}}\n");
    assert_status("run one.yaml -o out", 0);
    assert_false(file_exists("out/topology.png") || file_exists("out/topology.dot"));
}

static void stages_to_be_drawn_are_known(void **state)
{
    (void)state;
    file_write("shop.yaml", shop);
    assert_status("run shop.yaml -o out --stage bd", 2);
    assert_says("stderr", "--stage bd: error: unknown stage 'bd' (did you mean 'db'?)");
    assert_status("run shop.yaml -o out --stage warehouse", 2);
    assert_says("stderr",
                "here are api, auth, db, cache, mailer, retry, audit, all, client and each");
    assert_status("run shop.yaml -o out --stage client", 0);
    assert_says("out/scenario.yaml", "stage: \"client\"");
}

static void too_many_stages_are_said(void **state)
{
    (void)state;
    const char *text = "arrivals: {process: poisson, rate: 1/s}\nrun: {tasks: 100}\n"
                       "tasks: {size: {distribution: exponential, mean: 1ms}}\nstages:\n";
    for (int i = 0; i <= TOPOLOGY_MOST; i++)
        text =
            internf("%s  s%d: {%s}\n", text, i, i < TOPOLOGY_MOST ? internf("to: s%d", i + 1) : "");
    file_write("long.yaml", text);
    assert_status("run long.yaml -o out", 0);
    assert_says("stderr", "note: 41 stages are too many for topology.png (it has 40 at most)");
    assert_false(file_exists("out/topology.png"));
    assert_true(file_exists("out/topology.dot"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_have_their_traffic),
        cmocka_unit_test(equals_are_told_together),
        cmocka_unit_test(the_column_is_todays),
        cmocka_unit_test(boxes_are_apart),
        cmocka_unit_test_setup_teardown(networks_have_both_files, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(stages_to_be_drawn_are_known, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(too_many_stages_are_said, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
