/* What is made of stages and sources: the flat network, and the text that says it again. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/places.h"
#include "../sim/network/network.h"
#include "../sim/network/offered.h"
#include "../sim/scenario/balancer.h"
#include "../sim/scenario/config.h"
#include "../sim/scenario/distribution.h"
#include "../sim/scenario/stages.h"

static struct scenario s, again;

static void read_into(struct scenario *out, const char *text)
{
    struct errors errors = {0};
    struct places places = {0};
    param_defaults(out);
    bool good = config_read("x.yaml", text, strlen(text), out, &places, &errors);
    good = good && scenario_check(out, &places, &errors);
    if (!good)
        fail_msg("%s\n%s", errors.text[0], text);
    places_free(&places);
}

static const char *const tandem =
    "arrivals: {process: poisson, rate: 0.5/s}\n"
    "tasks:\n"
    "  size: {distribution: exponential, mean: 1s}\n"
    "stages:\n"
    "  cut:\n"
    "    to: drill\n"
    "  drill:\n"
    "    buffer: {capacity: 2, when_full: pause}\n"
    "    to: paint\n"
    "  paint:\n"
    "    buffer: {capacity: 2, when_full: pause}\n"
    "sweep: {parameter: arrivals.rate, from: 0.3/s, to: 0.9/s, steps: 61}\n";

static void test_a_tandem(void **state)
{
    (void)state;
    read_into(&s, tandem);
    assert_int_equal(scenario_places(&s), 4);
    assert_string_equal(scenario_place_name(&s, 0), "cut");
    assert_string_equal(scenario_place_name(&s, 3), "all");
    struct network *n = network_of(&s);
    assert_int_equal(n->n_stages, 3);
    assert_int_equal(n->n_stations, 3);
    assert_int_equal(n->n_inlets, 1);
    assert_string_equal(n->inlets[0].name, "main");
    assert_ptr_equal(n->inlets[0].arrivals, &s.arrivals);
    assert_int_equal(n->legs[n->inlets[0].to.first].stage, 0);
    assert_int_equal(n->legs[n->stages[0].to.first].stage, 1);
    assert_int_equal(n->stages[2].to.n, 0);
    assert_int_equal(network_find(n, "paint"), 2);
    assert_true(network_find(n, "main") == NETWORK_EXIT);
    assert_true(n->stages[1].stage->capacity == 2);
    assert_ptr_equal(n->stages[1].size[0], &s.size);
    assert_null(n->stages[1].timeout[0]);
    assert_false(n->stages[1].repeats);
    assert_string_equal(network_stream_path(n, 1, 0, 0, "size"), "stages.drill.size");
    assert_string_equal(network_stream_path(n, NETWORK_EXIT, 0, 0, "arrivals"), "arrivals");
    network_free(n);
}

static const char *const everything =
    "sources:\n"
    "  web: {rate: 40/s, class: web}\n"
    "  jobs: {rate: 1/s, to: {a: 50%, b: 50%}}\n"
    "tasks: {size: 5ms}\n"
    "stages:\n"
    "  api:\n"
    "    size: {web: 20ms, jobs: {distribution: exponential, mean: 3ms}}\n"
    "    calls: [a, [b, {stage: a, share: 30%, count: 3, on_failure: ignore}], "
    "{any: 1, of: [a, b]}]\n"
    "    to: [{stage: f, class: web}, {stage: exit}]\n"
    "    reply: true\n"
    "  a: {size: carried, replicas: [{count: 3}, {count: 1, consumers: {speed: 0.5}}], "
    "balancer: {algorithm: least-requests, choices: 2}}\n"
    "  b: {size: 1ms, replicas: a, balancer: round-robin, consumers: {count: unlimited}}\n"
    "  f: {to: {all: [g, h]}, size: 1ms, delay: 3s}\n"
    "  g: {consumers: h, size: 1ms, to: j, weight: 3}\n"
    "  h: {size: 5ms, to: j, timeout: 10s, buffer: {capacity: 3, when_full: pause}}\n"
    "  j: {size: 1ms, join: 1, cancel: running}\n";

static void test_every_key_of_a_stage(void **state)
{
    (void)state;
    read_into(&s, everything);
    struct network *n = network_of(&s);
    enum { API, A, B, F, G, H, J };
    const struct network_stage *at = n->stages;
    assert_int_equal(n->n_classes, 2);
    assert_string_equal(scenario_class_name(&s, 0), "web");
    assert_string_equal(scenario_class_name(&s, 1), "jobs");
    assert_int_equal(n->inlets[1].class, 1);
    assert_true(law_mean(at[API].size[0]) == 0.02 && law_mean(at[API].size[1]) == 0.003);
    assert_string_equal(network_stream_path(n, API, 1, 1, "size"), "stages.api.size.jobs@jobs");
    assert_true(at[API].replies && n->replies);
    assert_string_equal(scenario_place_name(&s, 8), "client");
    assert_int_equal(at[API].steps, 3);
    const struct call_step *steps = &n->steps[at[API].first_step];
    assert_int_equal(steps[0].n, 1);
    assert_int_equal(steps[1].n, 2);
    assert_int_equal(steps[1].need, 2);
    assert_int_equal(steps[2].need, 1);
    const struct call *call = &n->calls[steps[1].first + 1];
    assert_int_equal(call->stage, A);
    assert_int_equal(call->count, 3);
    assert_true(call->share == 0.3 && call->ignores);
    assert_int_equal(at[API].to.way, WAY_RULES);
    assert_int_equal(n->legs[at[API].to.first].class, 0);
    assert_true(n->legs[at[API].to.first + 1].stage == NETWORK_EXIT);
    assert_true(at[A].carried && !at[A].size[0]);
    assert_int_equal(at[A].replicas, 4);
    assert_int_equal(at[A].choices, 2);
    assert_true(network_station(n, A, 2).speed == 1 && network_station(n, A, 3).speed == 0.5);
    assert_int_equal(at[B].replicas, 4);
    assert_int_equal(at[B].machines, A);
    assert_true(isinf(network_station(n, B, 0).consumers));
    assert_true(at[A].repeats && at[B].repeats && !at[F].repeats && at[J].repeats);
    assert_int_equal(at[F].to.way, WAY_COPIES);
    assert_true(law_mean(at[F].delay) == 3);
    assert_int_equal(n->join_of[F], J);
    assert_true(n->join_of[API] == NETWORK_EXIT);
    assert_int_equal(at[G].pool, H);
    assert_true(at[G].weight == 3 && law_mean(at[H].timeout[1]) == 10);
    assert_int_equal(at[J].join, 1);
    assert_int_equal(at[J].withdraw, WITHDRAW_RUNNING);
    network_free(n);
}

static void reads_back(const char *text)
{
    struct errors errors = {0};
    read_into(&s, text);
    char *first = config_text(&s);
    struct places places = {0};
    param_defaults(&again);
    if (!config_read("again.yaml", first, strlen(first), &again, &places, &errors))
        fail_msg("%s\n%s", errors.text[0], first);
    char *second = config_text(&again);
    assert_string_equal(first, second);
    assert_memory_equal(&s, &again, sizeof s);
    free(first);
    free(second);
    places_free(&places);
}

static void test_texts_read_back(void **state)
{
    (void)state;
    reads_back(tandem);
    reads_back(everything);
}

/* Where the stage with most to do has too much, over any number of it. */
static void test_where_a_stage_has_too_much(void **state)
{
    (void)state;
    static const struct {
        const char *sweep;
        double cliff;
    } sweeps[] = {
        {"arrivals.rate, from: 0.5/s, to: 4/s", 2},
        {"stages.b.size, from: 1s, to: 10s", 30 / 7.0},
        {"stages.a.to.b, values: [0%, 100%]", NAN},
        {"stages.a.consumers.count, values: [1, 2]", 1},
        {"stages.b.consumers.speed, from: 0.01, to: 0.1", 0.07 / 3},
    };
    for (size_t i = 0; i < sizeof sweeps / sizeof *sweeps; i++) {
        read_into(&s, internf("arrivals: {rate: 1/s}\n"
                              "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                              "stages: {a: {to: {b: 70%%}, consumers: {count: 2}}, "
                              "b: {replicas: 3, size: 100ms, balancer: round-robin}}\n"
                              "sweep: {parameter: %s}\n",
                              sweeps[i].sweep));
        double cliff = offered_cliff(&s);
        if (isnan(sweeps[i].cliff) ? !isnan(cliff) : !(fabs(cliff - sweeps[i].cliff) < 1e-9))
            fail_msg("%s: %.17g", sweeps[i].sweep, cliff);
    }
    const struct offered offered = offered_of(&s);
    assert_true(offered.utilization == 0.5 && offered.stage == 0 && !offered.at_least);
    read_into(&s, tandem);
    assert_true(offered_of(&s).at_least); /* held up by full buffers */
    assert_true(isnan(offered_cliff(&s)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tandem),
        cmocka_unit_test(test_every_key_of_a_stage),
        cmocka_unit_test(test_texts_read_back),
        cmocka_unit_test(test_where_a_stage_has_too_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
