/* Setting by path: what is set, what is unset by it, and what is said about mistakes. */
#include "../sim/scenario/param.h"

#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../sim/scenario/scenario.h"

static const struct place here = {"--set", 0, 0};
static struct scenario s;

static int set_up(void **state)
{
    (void)state;
    param_defaults(&s);
    return 0;
}

static void set(const char *path, const char *text)
{
    static struct errors errors;
    errors.n = 0;
    if (!param_set(&s, path, text, here, &errors))
        fail_msg("%s", errors.text[0]);
}

/* The message, after its place. */
static const char *refusal(const char *path, const char *text)
{
    static struct errors errors;
    errors.n = 0;
    if (param_set(&s, path, text, here, &errors))
        fail_msg("%s=%s was taken", path, text);
    assert_int_equal(errors.n, 1);
    const char *start = "--set: error: ";
    assert_memory_equal(errors.text[0], start, strlen(start));
    return errors.text[0] + strlen(start);
}

static const char *text_at(const char *path)
{
    struct param_ref ref;
    assert_true(param_find(&s, path, here, &ref, NULL));
    return param_text(&s, &ref);
}

static void test_defaults(void **state)
{
    (void)state;
    assert_string_equal(s.arrivals.process->name, "poisson");
    assert_string_equal(s.stage.discipline->name, "fifo");
    assert_string_equal(s.stage.when_full->name, "reject");
    assert_true(isinf(s.stage.capacity));
    assert_true(isnan(s.arrivals.rate));
    assert_null(s.size.model);
    assert_null(s.sweep.parameter);
    assert_true(s.run.tasks == 1e6 && isnan(s.run.duration));
    assert_true(s.run.warmup.kind == AMOUNT_AUTO);
    assert_true(s.seed == 1 && s.run.replications == 8 && s.sweep.steps == 200);
}

static void test_values_go_where_they_belong(void **state)
{
    (void)state;
    set("arrivals.rate", "240/min");
    set("tasks.size.distribution", "bounded-pareto");
    set("tasks.size.low", "500ms");
    set("consumers.count", "4");
    set("buffer.capacity", "10k");
    set("run.warmup", "5%");
    set("run.at_end", "censor");
    set("title", "Much \"ado\"");
    assert_true(s.arrivals.rate == 4 && s.stage.consumers == 4 && s.stage.capacity == 10000);
    assert_string_equal(text_at("tasks.size.low"), "500ms");
    assert_null(text_at("tasks.size.alpha"));
    assert_true(s.run.warmup.kind == AMOUNT_SHARE && s.run.warmup.value == 0.05);
    assert_true(s.run.at_end == END_CENSOR);
    assert_string_equal(s.title, "Much \"ado\"");
    set("run.warmup", "10k");
    assert_true(s.run.warmup.kind == AMOUNT_COUNT && s.run.warmup.value == 10000);
    set("run.warmup", "10m");
    assert_true(s.run.warmup.kind == AMOUNT_DURATION && s.run.warmup.value == 600);
    set("buffer.capacity", "unbounded");
    assert_true(isinf(s.stage.capacity));
    set("title", "");
    assert_null(s.title);
}

static void test_a_choice_resets_its_parameters(void **state)
{
    (void)state;
    set("tasks.size.distribution", "gamma");
    set("tasks.size.mean", "3s");
    set("tasks.size.distribution", "lognormal");
    assert_null(text_at("tasks.size.mean"));
}

static void test_one_in_place_of_the_other(void **state)
{
    (void)state;
    set("arrivals.rate", "4");
    set("arrivals.utilization", "80%");
    assert_true(isnan(s.arrivals.rate) && s.arrivals.utilization == 0.8);
    set("run.duration", "1h");
    assert_true(isnan(s.run.tasks));
    set("run.tasks", "5");
    assert_true(isnan(s.run.duration) && s.run.tasks == 5);
    set("sweep.from", "1");
    set("sweep.values", "[1, 2,4]");
    assert_true(isnan(s.sweep.from) && isnan(s.sweep.steps) && s.sweep.values_count == 3);
    set("sweep.steps", "1");
    assert_true(s.sweep.values_count == 0);
    set("arrivals.utilization", "none");
    assert_true(isnan(s.arrivals.utilization));
}

static void test_lists(void **state)
{
    (void)state;
    set("tasks.classes.0.name", "gold");
    set("tasks.classes.1.name", "tin");
    set("tasks.classes.gold.share", "20%");
    set("tasks.classes.1.priority", "3");
    set("tasks.classes.tin.size.distribution", "exponential");
    assert_true(s.classes_count == 2 && s.classes[0].share == 0.2 && s.classes[1].share == 1);
    assert_true(s.classes[1].priority == 3 && s.classes[0].priority == 0);
    assert_string_equal(s.classes[1].size.model->name, "exponential");
    assert_string_equal(refusal("tasks.classes.3.share", "1"),
                        "'tasks.classes' has no element '3': it has 2, counted from 0");
    assert_string_equal(refusal("tasks.classes.lead.share", "1"),
                        "'tasks.classes' has no element 'lead': it has 2, counted from 0");
    assert_string_equal(
        refusal("tasks.classes", "1"),
        "'tasks.classes' is a list: set its elements, such as tasks.classes.0.name");
    for (int i = 2; i < MAX_CLASSES; i++)
        set(internf("tasks.classes.%d.name", i), internf("c%d", i));
    assert_string_equal(refusal("tasks.classes.16.name", "more"),
                        "'tasks.classes' holds at most 16 elements");
    set("arrivals.process", "mmpp");
    set("arrivals.states.0.rate", "3/s");
    set("arrivals.states.1.rate", "1/s");
    set("arrivals.states.1.mean_duration", "10s");
    assert_string_equal(text_at("arrivals.states.1.mean_duration"), "10s");
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text, *message;
    } cases[] = {
        {"comsumers.count", "1", "unknown key 'comsumers' (did you mean 'consumers'?)"},
        {"consumers.cuont", "1", "unknown key 'cuont' (did you mean 'count'?)"},
        {"rate", "1", "unknown key 'rate' (did you mean 'arrivals.rate'?)"},
        {"capacity", "1", "unknown key 'capacity' (did you mean 'buffer.capacity'?)"},
        {"", "1", "unknown key ''; known here: "},
        {"consumers..count", "1", "unknown key '' in consumers; known here: "},
        {"consumers", "1",
         "'consumers' is a group of keys: set one of them, such as consumers.count"},
        {"consumers.count.x", "1", "'consumers.count' has no keys of its own, so no 'x'"},
        {"consumers.count", "-1",
         "consumers.count: -1 is out of range: must be at least 1, at most "
         "1000000"},
        {"consumers.count", "2.5",
         "consumers.count: '2.5' is not a whole number such as 20 or 1M: "
         "not a whole number"},
        {"consumers.count", "unbounded", "consumers.count: the word is 'unlimited' here, not"},
        {"consumers.count", "none", "consumers.count: 'none' is not a whole number such as 20"},
        {"arrivals.rate", "-1/s", "arrivals.rate: -1/s is out of range: must be above 0/s"},
        {"arrivals.rate", "0", "arrivals.rate: 0 is out of range: must be above 0/s"},
        {"arrivals.rate", "4/sec",
         "arrivals.rate: '4/sec' is not a rate such as 4/s: unknown unit "
         "'/sec'"},
        {"arrivals.rate", "nan", "arrivals.rate: 'nan' is not a rate such as 4/s: not a number"},
        {"arrivals.rate", "1e999", "arrivals.rate: '1e999' is not a rate such as 4/s: too large"},
        {"arrivals.process", "poison",
         "arrivals.process: unknown arrival process 'poison' (did you "
         "mean 'poisson'?); known: poisson, renewal,"},
        {"arrivals.clients", "5", "'clients' is a key of closed, not of poisson"},
        {"tasks.timeout.value", "5",
         "'value' is a key of deterministic: choose one with 'distribution'"},
        {"throttle.rats", "5", "unknown key 'rats' (did you mean 'rate'?)"},
        {"tasks.recheck", "5", "'tasks.recheck' is not yet "},
        {"consumers.discipline", "procesor-sharing",
         "consumers.discipline: unknown discipline 'procesor-sharing' (did you mean "
         "'processor-sharing'?); known: fifo, "},
        {"tasks.size.alpha", "2",
         "'alpha' is a key of pareto and bounded-pareto: choose one with "
         "'distribution'"},
        {"picture.colour", "densty",
         "picture.colour: unknown choice 'densty' (did you mean "
         "'density'?); known: density, "},
        {"run.warmup", "soon", "run.warmup: 'soon' is none of: auto, a number of tasks"},
        {"run.warmup", "100%", "run.warmup: '100%' is none of: auto"},
        {"run.warmup", "-5", "run.warmup: '-5' is none of: auto"},
        {"title", "a\nb", "title: 'a?b' has control characters"},
        {"seed", "1e17", "seed: 1e17 is out of range: "},
        {"sweep.values", "1, x", "sweep.values: 'x' is not a number"},
        {"compare.vary", "1", "'compare.vary' takes a path, such as compare.vary.consumers.count"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        param_defaults(&s);
        const char *said = refusal(cases[i].path, cases[i].text);
        if (strncmp(said, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("%s=%s: %s", cases[i].path, cases[i].text, said);
    }
    param_defaults(&s);
    set("tasks.size.distribution", "exponential");
    assert_string_equal(refusal("tasks.size.alpha", "2"),
                        "'alpha' is a key of pareto and bounded-pareto, not of exponential");
    set("arrivals.process", "schedule");
    assert_memory_equal(refusal("arrivals.repeat", "maybe"), "arrivals.repeat: 'maybe' is neither",
                        35);
}

static void test_long_paths_and_texts(void **state)
{
    (void)state;
    char *text = test_malloc(100001);
    memset(text, 'a', 100000);
    text[100000] = '\0';
    refusal(text, "1");
    refusal(internf("consumers.%s", text), "1");
    refusal("consumers.count", text);
    refusal("consumers.discipline", text);
    refusal("title", text);
    memset(text, '.', 100000);
    refusal(text, "1");
    test_free(text);
}

static void test_swept_values_have_the_unit_of_what_is_swept(void **state)
{
    (void)state;
    set("tasks.size.distribution", "exponential");
    set("sweep.parameter", "tasks.size.mean");
    set("sweep.from", "250ms");
    assert_true(s.sweep.from == 0.25);
    assert_string_equal(text_at("sweep.from"), "250ms");
    assert_memory_equal(refusal("sweep.to", "4/s"), "sweep.to: '4/s' is not a duration", 33);
    set("sweep.parameter", "buffer.capacity");
    set("sweep.values", "0, 10, unbounded");
    assert_true(isinf(s.sweep.values[2]));
    assert_string_equal(text_at("sweep.values.2"), "unbounded");
}

static void test_files_are_absolute(void **state)
{
    (void)state;
    char folder[PATH_MAX];
    assert_non_null(getcwd(folder, sizeof folder));
    set("arrivals.process", "trace");
    set("arrivals.file", "a b.csv");
    assert_string_equal(text_at("arrivals.file"), internf("%s/a b.csv", folder));
    set("arrivals.file", "/x/y.csv");
    assert_string_equal(text_at("arrivals.file"), "/x/y.csv");
    struct place in_file = {"configs/x.yaml", 3, 1}, elsewhere = {"/etc/x.yaml", 3, 1};
    assert_true(param_set(&s, "arrivals.file", "t.csv", in_file, NULL));
    assert_string_equal(text_at("arrivals.file"), internf("%s/configs/t.csv", folder));
    assert_true(param_set(&s, "arrivals.file", "t.csv", elsewhere, NULL));
    assert_string_equal(text_at("arrivals.file"), "/etc/t.csv");
}

static void test_vary(void **state)
{
    (void)state;
    set("compare.vary.consumers.count", "[1, 4,16]");
    set("compare.vary.arrivals.rate", "1/s");
    assert_true(s.vary_count == 2 && s.vary[0].values_count == 3);
    assert_string_equal(s.vary[0].path, "consumers.count");
    assert_string_equal(s.vary[0].values[2], "16");
    set("compare.vary.consumers.count", "2");
    assert_true(s.vary_count == 2 && s.vary[0].values_count == 1);
}

static void test_refs(void **state)
{
    (void)state;
    struct param_ref ref;
    set("arrivals.rate", "4");
    assert_true(param_find(&s, "arrivals.utilization", here, &ref, NULL));
    assert_true(param_is_numeric(&ref));
    assert_int_equal(param_unit(&ref), UNIT_SHARE);
    assert_true(param_in_range(&ref, 0.5) && !param_in_range(&ref, 0) &&
                !param_in_range(&ref, NAN));
    param_put(&s, &ref, 0.5);
    assert_true(param_get(&s, &ref) == 0.5 && isnan(s.arrivals.rate));
    assert_true(param_find(&s, "title", here, &ref, NULL) && !param_is_numeric(&ref));
    assert_true(param_find(&s, "arrivals", here, &ref, NULL) && !param_is_numeric(&ref));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_defaults, set_up),
        cmocka_unit_test_setup(test_values_go_where_they_belong, set_up),
        cmocka_unit_test_setup(test_a_choice_resets_its_parameters, set_up),
        cmocka_unit_test_setup(test_one_in_place_of_the_other, set_up),
        cmocka_unit_test_setup(test_lists, set_up),
        cmocka_unit_test_setup(test_mistakes, set_up),
        cmocka_unit_test_setup(test_long_paths_and_texts, set_up),
        cmocka_unit_test_setup(test_swept_values_have_the_unit_of_what_is_swept, set_up),
        cmocka_unit_test_setup(test_files_are_absolute, set_up),
        cmocka_unit_test_setup(test_vary, set_up),
        cmocka_unit_test_setup(test_refs, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
