/* Texts that are saved: exact columns, numbers that read back. (Files: test_save_files.c.) */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "../sim/base/rng.h"
#include "../sim/result/save.h"
#include "scene.h"

static const char contract[] =
    "stage,class,parameter,value,offered,completed,lost,unfinished,duration,arrival_rate,"
    "throughput,utilization,loss_fraction,"
    "queue_mean,in_system_mean,wait_probability,wait_mean,wait_mean_ci95,wait_p50,wait_p90,"
    "wait_p99,wait_p999,"
    "latency_mean,latency_mean_ci95,latency_p50,latency_p90,latency_p99,latency_p999,latency_max,"
    "latency_p50_low95,latency_p50_high95,latency_p90_low95,latency_p90_high95,latency_p99_low95,"
    "latency_p99_high95,"
    "latency_p999_low95,latency_p999_high95,stable";

static struct scenario *sweep(void)
{
    return scene("title", "A \"title\", with marks", "arrivals.process", "poisson", "arrivals.rate",
                 "1/s", "tasks.size.distribution", "exponential", "tasks.size.mean", "500ms",
                 "buffer.capacity", "10", "run.tasks", "2000", "sweep.parameter", "tasks.size.mean",
                 "sweep.from", "100ms", "sweep.to", "1100ms", "sweep.steps", "3", NULL);
}

static void numbers_read_back(void **state)
{
    (void)state;
    const double some[] = {0,
                           0.1,
                           1.0 / 3,
                           1e6,
                           123456789012345680.0,
                           5e-324,
                           -2.5,
                           0x1p-30,
                           1.7976931348623157e308,
                           0.1 + 0.2};
    char text[NUMBER_TEXT];
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        save_number(some[i], text);
        scene_near(strtod(text, NULL), some[i], 0);
    }
    save_number(0.1, text);
    assert_string_equal(text, "0.1");
    save_number(1e6, text);
    assert_string_equal(text, "1000000");
    save_number(NAN, text);
    assert_string_equal(text, "");
    save_number(INFINITY, text);
    assert_string_equal(text, "inf");
}

/* What is written sooner is what the shortest number of digits says. */
static void shortest_number(double x)
{
    char text[NUMBER_TEXT], slow[64];
    int digits = 15;
    do
        snprintf(slow, sizeof slow, "%.*g", digits, x);
    while (strtod(slow, NULL) != x && digits++ < 17);
    save_number(x, text);
    assert_string_equal(text, slow);
}

static void numbers_are_shortest(void **state)
{
    (void)state;
    struct stream stream = stream_of(5, 0, "test");
    const double edges[] = {1e-4, 0.000123, 1e-6, 9.9999e-5, 0.000100, 999999999.999999, 1e9 + 0.5};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        shortest_number(edges[i]);
        shortest_number(nextafter(edges[i], 0));
        shortest_number(nextafter(edges[i], INFINITY));
    }
    for (uint64_t k = 0; k < 20000; k++) {
        double x = pow(10, 15 * stream_uniform(&stream, 0, k) - 5);
        shortest_number(x);
        shortest_number(round(x * 1e6) / 1e6);
        shortest_number(round(x * 1e3) / 1e3);
        shortest_number(nextafter(round(x * 1e6) / 1e6, INFINITY));
    }
}

static size_t count(const char *text, char c)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == c;
    return n;
}

static void columns_are_the_contracts(void **state)
{
    (void)state;
    struct scenario *s = sweep();
    struct result *result = scene_run(s, 0);
    size_t size;
    char *text = save_columns_text(result, &size);
    assert_int_equal(size, strlen(text));
    assert_memory_equal(text, contract, strlen(contract));
    assert_int_equal(text[strlen(contract)], ',');
    assert_int_equal(count(text, '\n'), 4);
    size_t commas = 0;
    for (char *rest = NULL, *line = strtok_r(text, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        commas = commas ? commas : count(line, ',');
        assert_int_equal(count(line, ','), commas);
        if (line != text)
            assert_memory_equal(line, "main,all,tasks.size.mean,", 25);
    }
    free(text);
    result_free(result);
    free(s);
}

static void histograms_hold_every_task(void **state)
{
    (void)state;
    struct scenario *s = sweep();
    struct result *result = scene_run(s, 0);
    size_t size;
    char *text = save_histograms_text(result, &size), *rest = NULL;
    char *line = strtok_r(text, "\n", &rest);
    assert_string_equal(line, "measure,stage,class,value,low,high,count");
    uint64_t latency[3] = {0}, wait[3] = {0}, completed = 0;
    int zeros = 0, unders = 0, overs = 0;
    while ((line = strtok_r(NULL, "\n", &rest))) {
        char measure[16], high_text[40];
        double value, low;
        unsigned long long n;
        assert_int_equal(sscanf(line, "%15[a-z],main,all,%lf,%lf,%39[^,],%llu", measure, &value,
                                &low, high_text, &n),
                         5);
        double high = strtod(high_text, NULL);
        zeros += low == 0 && high == 0;
        unders += low == 0 && high == 0x1p-30;
        overs += low == 0x1p34 && isinf(high);
        assert_true(low == 0 || isinf(high) || (n > 0 && high > low && high <= low * 1.01));
        int column = (int)lround((value - 0.1) / 0.5);
        (strcmp(measure, "wait") == 0 ? wait : latency)[column] += n;
    }
    assert_int_equal(zeros, 6);
    assert_int_equal(unders, 6);
    assert_int_equal(overs, 6);
    for (uint32_t i = 0; i < 3; i++) {
        completed = result_row(result, i, 0)->completed;
        assert_int_equal(latency[i], completed);
        assert_int_equal(wait[i], completed);
    }
    free(text);
    result_free(result);
    free(s);
}

static void class_names_are_quoted(void **state)
{
    (void)state;
    struct scenario *s = sweep();
    s->classes_count = 2;
    s->classes[0] = (struct task_class){.name = intern("a,b"), .share = 1};
    s->classes[1] = (struct task_class){.name = intern("say \"x\""), .share = 1};
    struct result *result = scene_run(s, 0);
    size_t size;
    char *text = save_columns_text(result, &size);
    assert_int_equal(count(text, '\n'), 1 + 3 * 3);
    assert_non_null(strstr(text, "\nmain,\"a,b\",tasks.size.mean,"));
    assert_non_null(strstr(text, "\nmain,\"say \"\"x\"\"\",tasks.size.mean,"));
    free(text);
    result_free(result);
    free(s);
}

static void the_summary_says_the_same(void **state)
{
    (void)state;
    struct scenario *s = sweep();
    struct result *result = scene_run(s, 0);
    char *text = save_summary_text(result);
    json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "version")), queuescope_version);
    assert_string_equal(json_string_value(json_object_get(root, "engine")), "events");
    assert_int_equal(json_integer_value(json_object_get(root, "seed")), 1);
    json_t *rows = json_object_get(root, "rows");
    assert_int_equal(json_array_size(rows), 3);
    json_t *last = json_array_get(rows, 2);
    const struct row *row = result_row(result, 2, 0);
    assert_int_equal(json_integer_value(json_object_get(last, "lost")), row->lost);
    scene_near(json_real_value(json_object_get(last, "latency_p99")), row->latency_q[2],
               1e-12 * row->latency_q[2]);
    assert_true(json_is_null(json_object_get(last, "time_low")));
    /* every column of columns.csv is there by name */
    char *names = strdup(contract), *rest = NULL;
    for (char *name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
        if (!json_object_get(last, name))
            fail_msg("no %s", name);
    free(names);
    assert_true(json_is_true(json_object_get(json_object_get(root, "audit"), "holds")));
    json_decref(root);
    free(text);
    result_free(result);
    free(s);
}

static void a_comparison_has_its_keys_in_front(void **state)
{
    (void)state;
    struct scenario *s = sweep();
    struct result *one = scene_run(s, 0);
    s->stage.consumers = 2;
    struct result *two = scene_run(s, 0);
    const struct result *panels[] = {one, two};
    const char *keys[] = {"consumers.count", "title"};
    const char *values[] = {"1", "x,y", "2", "z"};
    size_t size;
    char *text = save_comparison_text(panels, 2, keys, 2, values, &size);
    assert_int_equal(count(text, '\n'), 7);
    assert_memory_equal(text, "consumers.count,title,stage,class,", 34);
    assert_non_null(strstr(text, "\n1,\"x,y\",main,all,tasks.size.mean,0.1,"));
    assert_non_null(strstr(text, "\n2,z,main,all,tasks.size.mean,1.1,"));
    free(text);
    result_free(one);
    result_free(two);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_read_back),
        cmocka_unit_test(numbers_are_shortest),
        cmocka_unit_test(columns_are_the_contracts),
        cmocka_unit_test(histograms_hold_every_task),
        cmocka_unit_test(class_names_are_quoted),
        cmocka_unit_test(the_summary_says_the_same),
        cmocka_unit_test(a_comparison_has_its_keys_in_front),
    };
    return cmocka_run_group_tests_name("save", tests, NULL, NULL);
}
