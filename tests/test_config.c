/* Scenario files: what is read, and what is said about every class of mistake. */
#include "../sim/scenario/config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct scenario s;
static struct places places;
static struct errors errors;

static bool read_bytes(const char *text, size_t length)
{
    param_defaults(&s);
    places_free(&places);
    errors.n = 0;
    bool read = config_read("x.yaml", text, length, &s, &places, &errors);
    return scenario_check(&s, &places, &errors) && read;
}

static void reads(const char *text)
{
    if (!read_bytes(text, strlen(text)))
        fail_msg("%s\n%s", text, errors.text[0]);
}

/* Exactly these errors, in this order; each is the beginning of the message. */
static void refuses(const char *text, const char *const *expected)
{
    if (read_bytes(text, strlen(text)))
        fail_msg("%s\nwas taken", text);
    size_t n = 0;
    for (; n < errors.n && expected[n]; n++)
        if (strncmp(errors.text[n], expected[n], strlen(expected[n])) != 0)
            fail_msg("%s\nsays: %s\nnot:  %s", text, errors.text[n], expected[n]);
    if (expected[n])
        fail_msg("%s\ndoes not say: %s", text, expected[n]);
    if (n < errors.n)
        fail_msg("%s\nsays also: %s", text, errors.text[n]);
}
#define REFUSES(text, ...) refuses(text, (const char *const[]){__VA_ARGS__, NULL})

#define SIZE    "tasks: {size: {distribution: exponential, mean: 250ms}}\n"
#define MINIMAL "arrivals: {rate: 2/s}\n" SIZE

static void test_a_whole_scenario(void **state)
{
    (void)state;
    reads("# a comment\n"
          "run: {tasks: 20k, warmup: 5%, replications: 4, at_end: censor}\n"
          "sweep: {from: 10%, to: 0.9, parameter: arrivals.utilization, steps: 9}\n"
          "title: \"Gold, and tin\"\n"
          "seed: 7\n"
          "arrivals:\n"
          "  batch: {mean: 3, distribution: geometric}\n"
          "  process: batch\n"
          "tasks:\n"
          "  classes:\n"
          "    - {name: gold, share: 20%, size: {mean: 1s, shape: 4, distribution: erlang}}\n"
          "    - name: tin\n"
          "      priority: 1\n"
          "  size: &usual {distribution: exponential, mean: 250ms}\n"
          "consumers: {count: 4, discipline: priority, speed: 2}\n"
          "buffer: {capacity: 100, when_full: drop-oldest}\n"
          "compare: {vary: {consumers.count: [2, 4], buffer.when_full: [reject, pause]}}\n");
    assert_string_equal(s.title, "Gold, and tin");
    assert_true(s.seed == 7 && s.run.tasks == 20000 && s.run.at_end == END_CENSOR);
    assert_true(s.sweep.from == 0.1 && s.sweep.to == 0.9 && s.sweep.steps == 9);
    assert_string_equal(s.arrivals.process->name, "batch");
    assert_true(s.classes_count == 2 && s.classes[0].share == 0.2);
    assert_string_equal(s.classes[0].size.model->name, "erlang");
    assert_true(s.stage.capacity == 100 && s.stage.speed == 2);
    assert_true(s.vary_count == 2 && s.vary[0].values_count == 2);
    assert_string_equal(s.vary[1].values[1], "pause");
    reads("arrivals: {process: mmpp, states: [{rate: 1/s, mean_duration: 10s}, {rate: 9/s, "
          "mean_duration: 1s}]}\n" SIZE);
    reads("arrivals: {process: schedule, repeat: true, schedule: [{until: 60s, rate: 1/s}, {until: "
          "2m, rate: 3/s}]}\n" SIZE);
    reads("arrivals: {process: renewal, rate: 3/s, interarrival: {distribution: erlang, shape: "
          "4}}\n" SIZE);
    reads(MINIMAL "sweep:\nconsumers: ~\n"); /* sections with nothing in them */
    reads("\xef\xbb\xbf---\n" MINIMAL "...\n");
}

static void test_unknown_keys(void **state)
{
    (void)state;
    REFUSES(MINIMAL "comsumers: {count: 4}\n",
            "x.yaml:3:1: error: unknown key 'comsumers' (did you mean 'consumers'?)");
    REFUSES(MINIMAL "consumers:\n  cuont: 4\n",
            "x.yaml:4:3: error: unknown key 'cuont' (did you mean 'count'?)");
    REFUSES(MINIMAL "consumers.count: 4\n",
            "x.yaml:3:1: error: unknown key 'consumers.count': write 'consumers:'");
    REFUSES(
        "arrivals: {rate: 2}\ntasks: {size: {distribution: exponential, alpha: 2, mean: 3}}\n",
        "x.yaml:2:43: error: 'alpha' is a key of pareto and bounded-pareto, not of exponential");
    REFUSES("arrivals: {rate: 2}\ntasks: {size: {mean: 3}}\n",
            "x.yaml:2:16: error: 'mean' is a key of exponential,");
    REFUSES("arrivals: {clients: 5, rate: 3}\n" SIZE "limit: {algorithm: aimed}\n",
            "x.yaml:1:12: error: 'clients' is a key of closed, not of poisson",
            "x.yaml:3:20: error: limit.algorithm: unknown limit 'aimed' (did you mean 'aimd'?)");
    REFUSES("? [a, b]\n: 3\n" MINIMAL, "x.yaml:1:3: error: a key must be a plain text, not a list");
}

static void test_wrong_values(void **state)
{
    (void)state;
    REFUSES("arrivals: {rate: 4/sec}\n" SIZE, "x.yaml:1:18: error: arrivals.rate: '4/sec' is not");
    REFUSES("arrivals: {rate: 0}\n" SIZE, "x.yaml:1:18: error: arrivals.rate: 0 is out of range");
    REFUSES("arrivals: {rate: .nan}\n" SIZE, "x.yaml:1:18: error: arrivals.rate: '.nan' is not");
    REFUSES("arrivals: {rate: [1]}\n" SIZE,
            "x.yaml:1:18: error: arrivals.rate: a single value is needed, not a list");
    REFUSES("arrivals: {rate: {a: 1}}\n" SIZE,
            "x.yaml:1:18: error: arrivals.rate: a single value is needed, not a mapping");
    REFUSES("arrivals:\n  rate:\n" SIZE, "x.yaml:2:8: error: arrivals.rate: no value");
    REFUSES("arrivals: 4\n" SIZE,
            "x.yaml:1:11: error: arrivals: keys and values are needed (key: value), not a single");
    REFUSES("arrivals: [4]\n" SIZE, "x.yaml:1:11: error: arrivals: keys and values are needed");
    REFUSES("arrivals: {rate: 4/s}\ntasks:\n  size: [2s]\n",
            "x.yaml:3:9: error: tasks.size: a distribution is needed, such as {distribution: ");
    REFUSES("arrivals: {rate: 4/s}\ntasks:\n  size: 2 sheep\n",
            "x.yaml:3:9: error: tasks.size: '2 sheep' is neither a duration such as 20ms (");
    REFUSES("- 1\n", "x.yaml:1:1: error: keys and values are needed (key: value), not a list");
    REFUSES(
        MINIMAL "sweep: {parameter: consumers.count, values: 4}\n",
        "x.yaml:3:45: error: sweep.values: a list such as [1, 2] is needed, not a single value");
    REFUSES(MINIMAL "sweep: {parameter: consumers.count, values: []}\n",
            "x.yaml:3:45: error: sweep.values: an empty list");
    REFUSES(MINIMAL "sweep: {parameter: consumers.count, values: [1, x, 2.5]}\n",
            "x.yaml:3:49: error: sweep.values.1: 'x' is not", "x.yaml:3:52: error: sweep.values.2");
    REFUSES(MINIMAL "consumers: {count: !big 4}\n", "x.yaml:3:20: error: a tag (!big)");
    REFUSES(
        "arrivals: {process: poisonn, rate: 3, batch: {}}\n" SIZE,
        "x.yaml:1:21: error: arrivals.process: unknown arrival process 'poisonn' (did you mean");
}

static void test_keys_given_twice(void **state)
{
    (void)state;
    REFUSES("seed: 1\n" MINIMAL "seed: 2\n",
            "x.yaml:4:1: error: duplicate key 'seed': it stands at line 1, column 1 already");
    REFUSES("arrivals: {rate: 2, rate_per_consumer: 3}\n" SIZE,
            "x.yaml:1:21: error: arrivals.rate_per_consumer: 'rate' is given at line 1 already");
    REFUSES(MINIMAL "run: {duration: 1h, tasks: 5}\n",
            "x.yaml:3:21: error: run.tasks: 'duration' is given at line 3 already");
    REFUSES(MINIMAL "sweep: {parameter: consumers.count, from: 1, to: 2, values: [1, 2]}\n",
            "x.yaml:3:53: error: sweep.values: 'from' is given at line 3 already");
}

static void test_missing_keys(void **state)
{
    (void)state;
    REFUSES("seed: 1\n", "x.yaml:1:1: error: arrivals: process poisson needs one of 'rate'",
            "x.yaml:1:1: error: 'tasks.size' is missing");
    REFUSES("arrivals:\n  process: poisson\n" SIZE,
            "x.yaml:2:3: error: arrivals: process poisson needs one of 'rate'");
    REFUSES("arrivals: {rate: 1}\ntasks:\n  size: {distribution: pareto, alpha: 3}\n",
            "x.yaml:3:3: error: 'tasks.size.low' is missing (");
    REFUSES("arrivals: {process: mmpp, states: [{rate: 1, mean_duration: 1s}, {rate: 2}]}\n" SIZE,
            "x.yaml:1:66: error: 'arrivals.states.1.mean_duration' is missing (");
}

/* What no run could measure, or keep. */
static void test_out_of_all_measure(void **state)
{
    (void)state;
    REFUSES("arrivals: {rate: 1e-12/s}\n" SIZE, "x.yaml:1:1: error: run: a clock that runs for ");
    REFUSES("arrivals: {rate: 1/s}\ntasks: {size: {distribution: exponential, mean: 1e-300}}\n"
            "run: {duration: 1h}\n",
            "x.yaml:3:1: error: run: a clock that runs for 1 h is too coarse for services of ");
    reads("arrivals: {rate: 1/s}\ntasks: {size: {distribution: deterministic, value: 0}}\n");
    REFUSES(MINIMAL "sweep: {parameter: arrivals.rate, from: 1, to: 2, steps: 10k}\n"
                    "run: {replications: 26}\n",
            "x.yaml:4:7: error: run.replications: 10000 columns x 26 replications x 1 classes");
}

/* Rules across keys are told beside keys that could not be read, and nothing that only follows. */
static void test_rules_beside_errors(void **state)
{
    (void)state;
    REFUSES("arrivals: {process: poisson, rate: 8/s}\n"
            "tasks: {size: {distribution: uniform, low: 5s, high: 1s}}\n"
            "consumers: {count: zwei}\n"
            "sweep: {parameter: arrivals.rat, from: 5/s, to: 9/s, steps: 3}\n",
            "x.yaml:3:20: error: consumers.count: 'zwei' is not",
            "x.yaml:4:9: error: unknown key 'rat' (did you mean 'rate'?)",
            "x.yaml:2:48: error: tasks.size.high (1 s) must be above");
    /* No size; and no rate, but perhaps one is meant by the unknown key. */
    REFUSES("arrivals: {raet: 8/s}\nconsumers: {count: 0}\n",
            "x.yaml:1:12: error: unknown key 'raet' (did you mean 'rate'?)",
            "x.yaml:1:1: error: 'tasks.size' is missing",
            "x.yaml:2:13: error: consumers.count: 0 is out of range: must be at least 1");
    REFUSES("arrivals: {rate: fast}\ntaks: {size: {distribution: pareto, alpha: 3}}\n",
            "x.yaml:1:18: error: arrivals.rate: 'fast' is not",
            "x.yaml:2:1: error: unknown key 'taks' (did you mean 'tasks'?)");
    REFUSES("arrivals: {process: clozed}\ntasks: {size: {distribution: paretto}}\n"
            "sweep: {parameter: tasks.size.alpha, from: 3, to: 2, steps: few}\n",
            "x.yaml:1:21: error: arrivals.process: unknown arrival process 'clozed' (did you",
            "x.yaml:2:30: error: tasks.size.distribution: unknown distribution 'paretto'",
            "x.yaml:3:61: error: sweep.steps: 'few' is not");
    /* A mistyped sweep or variation may be what gives the rate. */
    REFUSES("arrivals: {}\n" SIZE "sweep: {parameter: arrivals.raet, values: [1, 2]}\n",
            "x.yaml:3:9: error: unknown key 'raet' (did you mean 'rate'?)");
    REFUSES("title: 4\n" SIZE "seed: -4\ncompare: {vary: {arrivals.rate: [1, x]}}\n",
            "x.yaml:3:7: error: seed: -4 is out of range",
            "x.yaml:4:37: error: arrivals.rate: 'x'");
}

static void test_what_is_no_yaml(void **state)
{
    (void)state;
    REFUSES("arrivals: {rate: 2\n",
            "x.yaml:2:1: error: not valid YAML: did not find expected ',' or");
    REFUSES("a: 1\n\tb: 2\n", "x.yaml:2:1: error: not valid YAML: ");
    REFUSES("a: *nobody\n", "x.yaml:1:4: error: not valid YAML: found undefined alias");
    REFUSES("", "x.yaml:1:1: error: nothing in it");
    REFUSES("# only a comment\n\n", "x.yaml:1:1: error: nothing in it");
    REFUSES(MINIMAL "---\nseed: 2\n", "x.yaml:4:1: error: a second document");
    REFUSES("seed: 1\nx\xff: 2\n", "x.yaml:2:2: error: not a text file: ");
    REFUSES("\x7f"
            "ELF\x02\x01\x01",
            "x.yaml:1:1: error: not a text file: ");
    assert_false(read_bytes("seed: \"1\\0\"\n", 12));
    assert_false(read_bytes("seed: 1\n\0\0\0", 11));
}

static void test_hostile_files(void **state)
{
    (void)state;
    enum { DEEP = 20000 };
    char *text = test_malloc(8 * DEEP + 100);
    memset(text, '[', DEEP);
    text[DEEP] = '\0';
    assert_false(read_bytes(text, DEEP));
    for (int i = 0; i < DEEP; i++)
        memcpy(text + 4 * i, "{a: ", 4);
    assert_false(read_bytes(text, 4 * DEEP));
    for (int i = 0; i < DEEP; i++)
        memcpy(text + 8 * i, "seeed:1\n", 8);
    assert_false(read_bytes(text, 8 * DEEP));
    size_t used = 0;
    for (int i = 0; i < 5000; i++)
        used += (size_t)sprintf(text + used, "k%d: %d\n", i, i);
    REFUSES(text, "x.yaml:1:1: error: more than 1000 keys in one mapping");
    /* A billion laughs: what an alias stands for is looked at as often as it is used. */
    used =
        (size_t)sprintf(text, "sweep: {parameter: seed, values: &a0 [1, 1, 1, 1, 1, 1, 1, 1]}\n");
    for (int i = 1; i < 12; i++)
        used += (size_t)sprintf(text + used, "laugh%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n",
                                i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    sprintf(text + used, "tasks: {classes: *a11}\nconsumers: {count: *a11}\n");
    assert_false(read_bytes(text, strlen(text)));
    assert_true(errors.n < 300);
    strcpy(text, "compare: {vary: {seed: &a0 [1, 1, 1, 1, 1, 1, 1, 1]}}\ntasks: {classes: [");
    for (int i = 0; i < 2000; i++)
        strcat(text, "{size: &x {mean: 3, mean: *x, size: *x}}, ");
    strcat(text, "]}\n");
    assert_false(read_bytes(text, strlen(text)));
    /* An alias to what it stands in: without end, were it followed. */
    assert_false(read_bytes("arrivals: &a {rate: *a}\n", 24));
    assert_false(read_bytes("compare: {vary: &v {seed: *v}}\n", 31));
    assert_false(read_bytes("tasks: {classes: &c [{size: *c}, *c]}\n", 38));
    test_free(text);
}

static void test_all_errors_are_collected(void **state)
{
    (void)state;
    REFUSES("sede: 1\narrivals: {rate: x}\ntasks: {size: {distribution: expo, mean: 1}}\n"
            "consumers: {count: -1, speed: 0}\n",
            "x.yaml:1:1: error: unknown key 'sede'", "x.yaml:2:18: error: arrivals.rate",
            "x.yaml:3:30: error: tasks.size.distribution: unknown distribution 'expo'",
            "x.yaml:4:20: error: consumers.count", "x.yaml:4:31: error: consumers.speed");
    char text[2000] = "";
    for (int i = 0; i < 30; i++)
        sprintf(text + strlen(text), "nokey%d: 1\n", i);
    assert_false(read_bytes(text, strlen(text)));
    assert_int_equal(errors.n, 30);
    assert_memory_equal(errors.text[ERRORS_KEPT - 1], "x.yaml:20:1", 11);
}

/* The places of rules across keys. */
static void test_broken_rules_have_places(void **state)
{
    (void)state;
    REFUSES("arrivals: {rate: 1}\n"
            "tasks: {size: {distribution: uniform, low: 2s, high: 1s}}\n",
            "x.yaml:2:48: error: tasks.size.high (1 s) must be above tasks.size.low (2 s)");
    REFUSES(MINIMAL "compare:\n  vary:\n    consumers.cuont: [1]\n    consumers.count: [1, x]\n",
            "x.yaml:5:23: error: unknown key 'cuont' (did you mean 'count'?)",
            "x.yaml:6:26: error: consumers.count: 'x' is not");
    REFUSES(MINIMAL "compare: {vary: {title: [one, two\n\n  three]}}\n",
            "x.yaml:3:31: error: compare.vary: 'title: two?three' has control characters");
    REFUSES(MINIMAL "sweep:\n  parameter: consumers.cuont\n  from: 1\n  to: 3\n",
            "x.yaml:4:3: error: unknown key 'cuont'");
}

static void same_text(const char *text)
{
    static struct scenario again;
    reads(text);
    char *first = config_text(&s);
    param_defaults(&again);
    if (!config_read("again.yaml", first, strlen(first), &again, &places, &errors))
        fail_msg("%s\n%s", first, errors.text[0]);
    char *second = config_text(&again);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void test_written_and_read_back(void **state)
{
    (void)state;
    same_text(MINIMAL);
    same_text(
        "title: 'a \"quoted\" \\ one: # not a comment'\n"
        "arrivals: {process: renewal, rate: 0.1234567890123456789/s,\n"
        "  interarrival: {distribution: hyperexponential, means: [1s, 3ms], probabilities: [10%, "
        "0.9]}}\n"
        "tasks:\n  size: {distribution: lognormal, mean: 17us, cv2: 3}\n"
        "  classes: [{name: a}, {name: b, size: {distribution: deterministic, value: 1h}}]\n"
        "sweep: {parameter: buffer.capacity, values: [0, 3, unbounded]}\n"
        "compare: {vary: {title: ['a, b', 'null'], arrivals.rate: [1/s, 0.3]}}\n"
        "run: {duration: 1h, warmup: 7%}\n");
    assert_string_equal(s.vary[0].values[0], "a, b");
    char *text = config_text(&s);
    assert_non_null(strstr(text, "  rate: 0.12345678901234568/s\n"));
    assert_null(strstr(text, "\n  tasks:")); /* unset */
    free(text);
}

static char *no_scenario(const char *file, const unsigned char *bytes, size_t length)
{
    (void)file;
    (void)bytes;
    (void)length;
    return NULL;
}

static char *a_scenario(const char *file, const unsigned char *bytes, size_t length)
{
    (void)file;
    (void)bytes;
    assert_int_equal(length, 70000);
    return strdup(MINIMAL "seed: 99\n");
}

static const char *load_error(const char *file, config_extract *extract)
{
    param_defaults(&s);
    errors.n = 0;
    assert_false(config_load(file, extract, &s, &places, &errors));
    assert_int_equal(errors.n, 1);
    return errors.text[0];
}

static void write_file(const char *file, const char *bytes, size_t length)
{
    FILE *out = fopen(file, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, length, out), length);
    assert_int_equal(fclose(out), 0);
}

static void test_files(void **state)
{
    (void)state;
    char folder[] = "/tmp/queuescope-config-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *file = internf("%s/x.yaml", folder);
    assert_string_equal(load_error(file, NULL),
                        internf("%s: error: cannot be opened: No such file or directory", file));
    assert_string_equal(load_error(folder, NULL),
                        internf("%s: error: a folder, not a scenario file", folder));
    write_file(file, MINIMAL, strlen(MINIMAL));
    param_defaults(&s);
    errors.n = 0;
    assert_true(config_load(file, NULL, &s, &places, &errors));
    assert_true(s.arrivals.rate == 2);
    char *big = test_calloc(1, 2 << 20);
    memset(big, ' ', 2 << 20);
    write_file(file, big, 2 << 20);
    assert_non_null(strstr(load_error(file, NULL), "too large for a scenario"));
    memcpy(big, "\x89PNG\r\n\x1a\n", 8);
    write_file(file, big, 70000);
    assert_non_null(strstr(load_error(file, NULL), "a PNG without a scenario"));
    assert_non_null(strstr(load_error(file, no_scenario), "a PNG without a scenario"));
    errors.n = 0;
    assert_true(config_load(file, a_scenario, &s, &places, &errors) && s.seed == 99);
    test_free(big);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* 20 beside 80% would be 25 to 1, not 1 to 4. */
static void test_shares_of_two_kinds(void **state)
{
    (void)state;
#define SHARES(a, b)                                                                               \
    "arrivals: {rate: 2/s}\ntasks:\n  classes: [{name: a, share: " a "}, {name: b, share: " b      \
    "}]\n  size: {distribution: exponential, mean: 250ms}\n"
    REFUSES(SHARES("20", "80%"),
            "x.yaml:3:23: error: tasks.classes.0.share 20 stands beside 80%: write all shares");
    REFUSES(SHARES("80%", "3"), "x.yaml:3:46: error: tasks.classes.1.share 3 stands beside 80%");
    reads(SHARES("20", "80"));
    reads(SHARES("0.2", "80%"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_scenario),
        cmocka_unit_test(test_unknown_keys),
        cmocka_unit_test(test_wrong_values),
        cmocka_unit_test(test_keys_given_twice),
        cmocka_unit_test(test_missing_keys),
        cmocka_unit_test(test_out_of_all_measure),
        cmocka_unit_test(test_rules_beside_errors),
        cmocka_unit_test(test_what_is_no_yaml),
        cmocka_unit_test(test_hostile_files),
        cmocka_unit_test(test_all_errors_are_collected),
        cmocka_unit_test(test_shares_of_two_kinds),
        cmocka_unit_test(test_broken_rules_have_places),
        cmocka_unit_test(test_written_and_read_back),
        cmocka_unit_test(test_files),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    places_free(&places);
    return failed;
}
