/* Stages and sources: the short form as the special case, paths with names and `*`, sweeps, and
 * how much a scenario costs to copy. */
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
#include "../sim/scenario/balancer.h"
#include "../sim/scenario/config.h"
#include "../sim/scenario/distribution.h"
#include "../sim/scenario/stages.h"
#include "../sim/scenario/sweep.h"

static struct scenario s, other, column;
static struct errors errors;
static const struct place here = {"test", 0, 0};

static void read_into(struct scenario *out, const char *text)
{
    struct places places = {0};
    errors.n = 0;
    param_defaults(out);
    bool good = config_read("x.yaml", text, strlen(text), out, &places, &errors);
    good = good && scenario_check(out, &places, &errors);
    if (!good)
        fail_msg("%s\n%s", errors.text[0], text);
    places_free(&places);
}

static void set(const char *path, const char *text)
{
    errors.n = 0;
    if (!param_set(&s, path, text, here, &errors))
        fail_msg("%s=%s: %s", path, text, errors.text[0]);
}

static const char *refusal(const char *path, const char *text)
{
    errors.n = 0;
    if (param_set(&s, path, text, here, &errors))
        fail_msg("%s=%s was taken", path, text);
    return errors.text[0] + strlen("test: error: ");
}

static const char *value_of(const char *path)
{
    struct param_ref ref;
    errors.n = 0;
    if (!param_find(&s, path, here, &ref, &errors))
        fail_msg("%s", errors.text[0]);
    const char *text = param_text(&s, &ref);
    return text ? text : "nothing";
}

/* ---- one stage ---- */

static void is_the_same(const char *a, const char *b)
{
    read_into(&s, a);
    read_into(&other, b);
    char *text = config_text(&s), *expected = config_text(&other);
    assert_string_equal(text, expected);
    assert_memory_equal(&s, &other, sizeof s);
    free(text);
    free(expected);
}

static void test_one_stage_called_main_is_the_short_form(void **state)
{
    (void)state;
    is_the_same("stages: {main: {consumers: {count: 3, discipline: lifo}, buffer: {capacity: 5}, "
                "size: {distribution: exponential, mean: 2s}, timeout: 7s}}\n"
                "arrivals: {rate: 1/s}\n"
                "sweep: {parameter: stages.main.consumers.count, values: [1, 2]}\n"
                "compare: {vary: {stages.main.size.mean: [1s, 2s]}}\n",
                "consumers: {count: 3, discipline: lifo}\n"
                "buffer: {capacity: 5}\n"
                "arrivals: {rate: 1/s}\n"
                "tasks: {size: {distribution: exponential, mean: 2s}, timeout: 7s}\n"
                "sweep: {parameter: consumers.count, values: [1, 2]}\n"
                "compare: {vary: {tasks.size.mean: [1s, 2s]}}\n");
    is_the_same(
        "sources: {main: {process: mmpp, states: [{rate: 1/s, mean_duration: 1s}, {rate: 2/s, "
        "mean_duration: 3s}]}}\n"
        "tasks: {size: 1s}\nsweep: {parameter: sources.main.states.1.rate, values: [1]}\n",
        "arrivals: {process: mmpp, states: [{rate: 1/s, mean_duration: 1s}, {rate: 2/s, "
        "mean_duration: 3s}]}\n"
        "tasks: {size: 1s}\nsweep: {parameter: arrivals.states.1.rate, values: [1]}\n");
    assert_int_equal(scenario_places(&s), 1);
    assert_null(network_of(&s));
}

static void test_what_only_a_network_can_say_makes_one(void **state)
{
    (void)state;
    static const char *const parts[] = {"stages: {a: {}}",
                                        "stages: {main: {reply: true}}",
                                        "stages: {main: {size: carried}}",
                                        "stages: {main: {replicas: 2}}",
                                        "replicas: 2",
                                        "stages: {main: {delay: 1s}}",
                                        "consumers: {count: unlimited}",
                                        "stages: {main: {to: {exit: 30%, main: 10%}}}"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        read_into(&s, internf("arrivals: {rate: 1/s}\ntasks: {size: 1s}\n%s\n", parts[i]));
        struct network *n = network_of(&s);
        assert_non_null(n);
        assert_int_equal(n->n_stages, 1);
        assert_string_equal(scenario_place_name(&s, 1), "all");
        assert_string_equal(network_stream_path(n, 0, 0, 0, "size"),
                            i == 0 ? "stages.a.size" : "tasks.size");
        network_free(n);
    }
    read_into(&s, "arrivals: {rate: 1/s}\ntasks: {size: 1s, classes: [{name: x, size: 3s}]}\n"
                  "stages: {main: {size: 2s}}\n");
    assert_int_equal(scenario_places(&s), 2); /* the stage's law stands before that of the class */
}

static void test_places_of_what_was_folded(void **state)
{
    (void)state;
    struct places places = {0};
    const char *text = "arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages:\n  main:\n"
                       "    size: {distribution: uniform, low: 2s,\n      high: 1s}\n";
    errors.n = 0;
    param_defaults(&s);
    assert_true(config_read("x.yaml", text, strlen(text), &s, &places, &errors));
    assert_false(scenario_check(&s, &places, &errors));
    assert_memory_equal(errors.text[0], "x.yaml:6:7: error: tasks.size.high", 34);
    places_free(&places);
}

/* ---- paths ---- */

static const char *const shop =
    "sources: {web: {rate: 4/s}, batch: {rate: 1/s, to: b}}\n"
    "tasks: {size: {distribution: exponential, mean: 20ms}}\n"
    "stages:\n"
    "  a: {to: {b: 70%, c: 10%}, calls: [[d, {stage: d, share: 20%}], d], size: 5ms}\n"
    "  b: {replicas: 4, balancer: least-requests, size: {distribution: exponential, mean: 1ms}}\n"
    "  c: {consumers: b, size: carried}\n"
    "  d: {consumers: {count: unlimited}}\n";

static void test_paths_with_names(void **state)
{
    (void)state;
    read_into(&s, shop);
    assert_string_equal(value_of("stages.a.to.b"), "0.7");
    assert_string_equal(value_of("stages.a.size"), "5ms");
    assert_string_equal(value_of("stages.b.replicas"), "4");
    assert_string_equal(value_of("stages.a.calls.0.1.share"), "0.2");
    assert_string_equal(value_of("stages.d.consumers.count"), "unlimited");
    assert_string_equal(value_of("sources.batch.rate"), "1/s");
    assert_string_equal(param_path(&s, "stages.b.replicas"), "stages.b.replicas");
    set("stages.a.to.b", "20%");
    set("stages.a.to.exit", "5%");
    assert_string_equal(value_of("stages.a.to.exit"), "0.05");
    set("stages.a.to", "b");
    assert_true(stage_to(&s, 0)->shares == 0 && strcmp(stage_to(&s, 0)->stage, "b") == 0);
    set("stages.a.to.c", "30%");
    assert_true(stage_to(&s, 0)->shares == 1 && !stage_to(&s, 0)->stage);
    set("stages.a.to.all", "[b, c]");
    assert_true(stage_to(&s, 0)->shares == 0 && stage_to(&s, 0)->copies == 2);
    set("stages.a.to.0.stage", "d");
    assert_true(stage_to(&s, 0)->copies == 0 && stage_to(&s, 0)->rules == 1);
    set("stages.b.size", "carried");
    set("stages.b.size", "3ms");
    assert_true(law_mean(&stage_core(&s, 1)->size) == 0.003 && isnan(stage_core(&s, 1)->carried));
    set("stages.b.balancer", "round-robin");
    set("stages.b.replicas", "a");
    assert_true(isnan(stage_core(&s, 1)->replicas));
    assert_string_equal(stage_core(&s, 1)->machines, "a");
    set("stages.d.timeout", "1s");
    set("stages.d.timeout", "none");
    assert_null(stage_core(&s, 3)->timeout.model);
}

static void test_paths_that_lead_nowhere(void **state)
{
    (void)state;
    read_into(&s, shop);
    assert_string_equal(refusal("stages.dd.consumers.count", "2"),
                        "'stages' has no 'dd' (did you mean 'd'?)");
    assert_string_equal(refusal("stages.a.conusmers.count", "2"),
                        "unknown key 'conusmers' (did you mean 'consumers'?)");
    assert_string_equal(refusal("stages.c.consumers.count", "2"),
                        "'stages.c.consumers.count': these are the consumers of 'b': set 'count' "
                        "there");
    assert_memory_equal(refusal("consumers.count", "2"), "'consumers': 'consumers' is short for",
                        37);
    assert_memory_equal(refusal("arrivals.rate", "2/s"), "'arrivals': 'arrivals' is short for", 35);
    assert_memory_equal(refusal("stages.a.eject.errors", "2"), "'stages.a.eject' is not yet", 27);
    assert_memory_equal(refusal("tasks.recheck.cost", "2s"), "'tasks.recheck' is not yet", 26);
    assert_string_equal(refusal("stages.*.replicas.0.count", "two"),
                        "stages.a.replicas.0.count: 'two' is not a whole number such as 20 or 1M: "
                        "not a number");
}

/* `*` is every element that has the key: c has no consumers of its own. */
static void test_stars(void **state)
{
    (void)state;
    read_into(&s, shop);
    set("stages.*.consumers.count", "3");
    assert_string_equal(value_of("stages.a.consumers.count"), "3");
    assert_string_equal(value_of("stages.b.consumers.count"), "3");
    assert_string_equal(value_of("stages.d.consumers.count"), "3");
    assert_string_equal(stage_core(&s, 2)->stage.pool, "b");
    set("stages.a.to.*", "10%");
    assert_string_equal(value_of("stages.a.to.c"), "0.1");
    set("sources.*.rate", "2/s");
    assert_string_equal(value_of("sources.batch.rate"), "2/s");
    set("stages.a.calls.0.*.share", "50%");
    assert_string_equal(value_of("stages.a.calls.0.0.share"), "0.5");
    assert_memory_equal(refusal("stages.*.consumers.cuont", "1"), "unknown key 'cuont'", 19);
    assert_memory_equal(refusal("stages.*.consumers.count", "-2"), "stages.a.consumers.count: -2",
                        27);
}

/* ---- sweeps ---- */

static void sweeps(const char *path, const char *from, const char *to, double first)
{
    read_into(&s, shop);
    set("sweep.parameter", path);
    set("sweep.from", from);
    set("sweep.to", to);
    errors.n = 0;
    if (!scenario_check(&s, NULL, &errors))
        fail_msg("%s: %s", path, errors.text[0]);
    struct param_ref ref;
    sweep_scenario(&s, 0, &column);
    assert_true(sweep_ref(&column, &ref));
    assert_true(param_get(&column, &ref) == first);
}

static void test_every_number_can_be_swept(void **state)
{
    (void)state;
    sweeps("stages.a.to.b", "0%", "90%", 0);
    sweeps("stages.a.calls.0.1.share", "10%", "100%", 0.1);
    sweeps("stages.b.replicas", "1", "16", 1);
    sweeps("stages.b.size.mean", "1us", "1ms", 1e-6);
    sweeps("stages.a.size", "1ms", "2ms", 1e-3);
    sweeps("stages.a.consumers.speed", "1", "2", 1);
    sweeps("stages.d.consumers.count", "1", "20", 1);
    sweeps("stages.b.buffer.capacity", "0", "20", 0);
    sweeps("sources.batch.rate", "1/s", "2/s", 1);
    read_into(&s, shop);
    set("sweep.parameter", "stages.a.to");
    assert_false(scenario_check(&s, NULL, &errors));
}

/* ---- size ---- */

static char *many(size_t stages)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = xstream(&text, &size);
    fputs("arrivals: {rate: 1/s}\ntasks: {size: 1ms}\nstages:\n", out);
    for (size_t i = 0; i < stages; i++)
        fprintf(out, "  s%zu: {to: {s%zu: 60%%, s%zu: 30%%}, replicas: %d}\n", i, (i + 1) % stages,
                (i + 5) % stages, 100000 / (int)stages);
    return xstream_end(out, &text);
}

static void test_hundreds_of_stages_and_many_replicas(void **state)
{
    (void)state;
    char *text = many(MAX_STAGES), *again;
    read_into(&s, text);
    free(text);
    again = config_text(&s);
    read_into(&other, again);
    free(again);
    assert_memory_equal(&s, &other, sizeof s);
    struct network *n = network_of(&s);
    assert_int_equal(n->n_stages, MAX_STAGES);
    assert_int_equal(n->n_stations, MAX_STAGES * (100000 / MAX_STAGES));
    assert_true(n->stages[MAX_STAGES - 1].repeats);
    network_free(n);
    read_into(&s, "arrivals: {rate: 1/s}\ntasks: {size: 1ms}\nreplicas: 100000\n"
                  "balancer: least-requests\n");
    n = network_of(&s);
    assert_int_equal(n->n_stations, 100000);
    network_free(n);
}

/* Stages that are not touched are shared by all copies; a value that was there before is the same
 * block again. */
static void test_copies_share_what_is_equal(void **state)
{
    (void)state;
    struct param_ref ref;
    char *text = many(256);
    read_into(&s, text);
    free(text);
    other = s;
    assert_true(param_find(&other, "stages.s7.consumers.count", here, &ref, &errors));
    param_put(&other, &ref, 5);
    assert_true(stage_core(&other, 7)->stage.consumers == 5);
    assert_true(stage_core(&s, 7)->stage.consumers == 1);
    assert_ptr_not_equal(other.stages[7], s.stages[7]);
    assert_ptr_equal(other.stages[8], s.stages[8]);
    assert_ptr_equal(stage_to(&other, 7), stage_to(&s, 7));
    param_put(&other, &ref, 1);
    assert_memory_equal(&s, &other, sizeof s);
    assert_true(sizeof s < 32 * 1024);
}

/* What stands behind a key in a file may be given as a text, too. */
static void groups_are_set_as_a_whole(void **state)
{
    (void)state;
    read_into(&s, "arrivals: {process: poisson, rate: 1/s}\n"
                  "tasks: {size: {distribution: lognormal, mean: 400ms, cv2: 4}}\n"
                  "stages:\n"
                  "  a: {replicas: 3, balancer: random, to: b}\n"
                  "  b: {size: 100ms}\n"
                  "compare:\n"
                  "  vary:\n"
                  "    stages.a.balancer: [random, {algorithm: least-requests, choices: 2}]\n"
                  "    stages.a.to: [{b: 50%, exit: '50%'}]\n");
    assert_string_equal(s.vary[0].values[1], "{algorithm: least-requests, choices: 2}");
    assert_string_equal(s.vary[1].values[0], "{b: 50%, exit: \"50%\"}");
    set("tasks.size", "{distribution: exponential, mean: 1s}");
    assert_string_equal(value_of("tasks.size.distribution"), "exponential");
    assert_string_equal(value_of("tasks.size.mean"), "1s");
    set("stages.a.balancer", s.vary[0].values[1]);
    assert_string_equal(value_of("stages.a.balancer.algorithm"), "least-requests");
    assert_string_equal(value_of("stages.a.balancer.choices"), "2");
    set("stages.a.balancer", "{algorithm: random}"); /* what was there before is gone */
    assert_string_equal(value_of("stages.a.balancer.choices"), "nothing");
    set("stages.a.to", s.vary[1].values[0]);
    assert_string_equal(value_of("stages.a.to.b"), "0.5");
    set("stages.a.to", "[{stage: b}]");
    assert_string_equal(value_of("stages.a.to.0.stage"), "b");
    set("stages.*.consumers", "{count: 3}");
    assert_string_equal(value_of("stages.b.consumers.count"), "3");
    assert_non_null(strstr(refusal("tasks.size", "{distribution: exponential, maen: 1s}"),
                           "did you mean 'mean'?"));
    assert_non_null(strstr(refusal("tasks.size", "{distribution: exponential"), "not valid YAML"));
    assert_non_null(
        strstr(refusal("tasks.size", "{distribution: exponential, mean: 1s} x"), "not valid YAML"));
    assert_non_null(strstr(refusal("stages.a.consumers.count", "{a: 1}"), "not a number"));
    assert_string_equal(param_comma("{a: [1, 2], b: 3},4"), ",4");
    assert_null(param_comma("{a: 1, b: 2}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_set_as_a_whole),
        cmocka_unit_test(test_one_stage_called_main_is_the_short_form),
        cmocka_unit_test(test_what_only_a_network_can_say_makes_one),
        cmocka_unit_test(test_places_of_what_was_folded),
        cmocka_unit_test(test_paths_with_names),
        cmocka_unit_test(test_paths_that_lead_nowhere),
        cmocka_unit_test(test_stars),
        cmocka_unit_test(test_every_number_can_be_swept),
        cmocka_unit_test(test_hundreds_of_stages_and_many_replicas),
        cmocka_unit_test(test_copies_share_what_is_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
