/* Logs (sim/fit/reader.h): formats, columns, times, bad lines; and tasks into their order. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/rng.h"
#include "../sim/fit/order.h"
#include "../sim/fit/stamp.h"
#include "scene.h"
#include "setting.h"

enum { MOST = 64 };
struct read {
    struct log_facts facts;
    struct log_task task[MOST];
};

static struct read read_log(const char *text, const struct log_options *options)
{
    struct read read = {0};
    struct errors errors = {0};
    struct reader *r = reader_of("log", text, strlen(text), options, &errors);
    if (!r)
        fail_msg("%s", errors.text[0]);
    for (size_t n = 0; n < MOST && reader_next(r, &read.task[n]);)
        n++;
    read.facts = *reader_facts(r);
    reader_close(r);
    return read;
}

static void assert_tasks(const struct read *read, const double (*tasks)[2], long n)
{
    assert_int_equal(read->facts.tasks, n);
    for (long i = 0; i < n; i++) {
        scene_near(read->task[i].arrival, tasks[i][0], 1e-9);
        scene_near(read->task[i].size, tasks[i][1], 1e-9 * tasks[i][1]);
    }
}

static const struct log_options automatic;

/* ---- csv ---- */

static void test_csv(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct log_options options;
        bool native;
        double tasks[2][2];
    } cases[] = {
        {"arrival_s,service_s\n0,1\n2.5,0.5\n", {0}, true, {{0, 1}, {2.5, 0.5}}},
        {"0,1\n2.5,0.5", {0}, true, {{0, 1}, {2.5, 0.5}}},
        {"\xef\xbb\xbf"
         "arrival_s,service_s,class\r\n0,1,a\r\n2.5,0.5,b\r\n",
         {0},
         true,
         {{0, 1}, {2.5, 0.5}}},
        {"# a remark\n\nservice_ms;id;arrival_s\n1000;7;0\n500;8;2.5\n",
         {0},
         false,
         {{0, 1}, {2.5, 0.5}}},
        {"timestamp\tduration (us)\n1700000000.25\t10\n1700000001\t20\n",
         {0},
         false,
         {{0.25, 1e-5}, {1, 2e-5}}},
        {"1700000000250,3\n1700000001500,4\n", {.unit = 1}, false, {{0, 3}, {1.25, 4}}},
        {"1700000000000000,3\n1700000000000001,4\n", {.unit = 1}, false, {{0, 3}, {1e-6, 4}}},
        {"1700000000000000000,3\n1700000000000000128,4\n",
         {.unit = 1},
         false,
         {{0, 3}, {1.28e-7, 4}}},
        {"time,latency\n2023-11-16 18:17:03.9799600,1\n2023-11-16T18:17:04Z,2\n",
         {.unit = 1},
         false,
         {{0.97996, 1}, {1, 2}}},
        {"time,latency\n\"2024-02-28T23:59:59+01:00\",1\n2024-02-29T00:00:00+00:00,2\n",
         {0},
         false,
         {{0, 1}, {3601, 2}}},
        {"a,b,c\nx,5,1\ny,6,2\n", {.arrival = "b", .service = "3"}, false, {{0, 1}, {1, 2}}},
        {"a,b,c\nx,5,1\ny,6,2\n",
         {.arrival = "B", .service = "c", .unit = 1e-3, .arrival_unit = 60},
         false,
         {{0, 1e-3}, {60, 2e-3}}},
        {"end,took\n10,1\n12,2\n",
         {.arrival = "1", .moment = MOMENT_END},
         false,
         {{-1, 1}, {0, 2}}},
        {"\"a,b\",\"1\",2\n\"c\",3,4\n", {.arrival = "2", .service = "3"}, false, {{0, 2}, {2, 4}}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct read read = read_log(cases[i].text, &cases[i].options);
        assert_string_equal(read.facts.format, "csv");
        assert_int_equal(read.facts.native, cases[i].native);
        assert_int_equal(read.facts.bad, 0);
        assert_tasks(&read, cases[i].tasks, 2);
    }
}

static void test_bad_lines(void **state)
{
    (void)state;
    char text[512], *end = text;
    end += sprintf(end, "arrival_s,service_s\n0,1\n1\nx,1\n2,-1\n3,abc\n2023-01-01,1\n5,inf\n"
                        "6,1e300\n\n7,0x10\n8,2\n9,\x1b[31m\n10,");
    memset(end, 'z', 60);
    memcpy(end + 60, "\n", 2);
    struct read read = read_log(text, &automatic);
    assert_tasks(&read, (const double[][2]){{0, 1}, {8, 2}}, 2);
    assert_int_equal(read.facts.bad, 10);
    assert_int_equal(read.facts.lines, 14);
    assert_int_equal(read.facts.bad_kept, LOG_BAD_KEPT);
    assert_false(read.facts.native);
    static const struct {
        long line;
        const char *why;
    } bad[] = {{3, "1 column, where the heading has 2"},
               {4, "the time 'x' is no number, and no date that exists"},
               {5, "the size is not known (-1)"},
               {6, "the size 'abc' is not a number"},
               {7, "the time is a date where the first is a number"}};
    for (int i = 0; i < LOG_BAD_KEPT; i++) {
        assert_int_equal(read.facts.first_bad[i].line, bad[i].line);
        assert_string_equal(read.facts.first_bad[i].why, bad[i].why);
    }
}

static void assert_refused(const char *text, const struct log_options *options, const char *error)
{
    struct errors errors = {0};
    struct reader *r = reader_of("log", text, strlen(text), options, &errors);
    assert_null(r);
    if (!strstr(errors.text[0], error))
        fail_msg("'%s' does not say '%s'", errors.text[0], error);
}

static void test_refused(void **state)
{
    (void)state;
    assert_refused("", &automatic, "log: error: holds no lines");
    assert_refused("\n \n", &automatic, "holds no lines");
    assert_refused("a,b\n1,2\n", &automatic, "log:1:1: error: no column of arrival times");
    assert_refused("start,b\n1,2\n", &automatic, "no column of sizes");
    assert_refused("1\n2\n", &automatic, "no column of sizes");
    assert_refused("start,took\n1,2\n", &(struct log_options){.arrival = "strat"},
                   "--arrival strat: no such column (did you mean 'start'?)");
    assert_refused("start,took\n1,2\n", &(struct log_options){.service = "3"},
                   "--service 3: most lines have 2 columns");
    assert_refused("1,2\n", &(struct log_options){.service = "took"}, "there is no heading");
    assert_refused("1,2\n", &(struct log_options){.service = "1"}, "cannot be the same column");
    assert_refused("- - - [10/Oct/2000:13:55:36 -0700] \"GET /\" 200 5 \"-\" \"agent\"\n",
                   &automatic, "no request time");
}

/* ---- access logs ---- */

#define REQUEST(date) "10.0.0.1 - bob [" date "] \"GET /a?q=\\\"1\\\" HTTP/1.1\" 200 2326 "
#define AGENT         "\"http://example.org/\" \"Mozilla/5.0 (X11; Linux) \" "

static void test_access(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct log_options options;
        double tasks[2][2];
    } cases[] = {
        {REQUEST("10/Oct/2023:13:55:36 -0700") AGENT "0.250\n" //
         REQUEST("10/Oct/2023:20:55:37 +0000") AGENT "2.000\n",
         {0},
         {{-0.25, 0.25}, {-1, 2}}},
        {REQUEST("10/Oct/2023:13:55:36 +0000") AGENT "rt=0.250 uct=0.1\n" //
         REQUEST("10/Oct/2023:13:55:37 +0000") AGENT "uct=0.1 rt=2\n",
         {0},
         {{-0.25, 0.25}, {-1, 2}}},
        {REQUEST("31/Dec/2023:23:59:59 +0000") AGENT "250000\n" //
         REQUEST("01/Jan/2024:00:00:00 +0000") AGENT "500000\n",
         {0},
         {{0, 0.25}, {1, 0.5}}},
        {REQUEST("10/Oct/2023:13:55:36 +0000") "\"-\" \"-\" up=7 250\n" //
         REQUEST("10/Oct/2023:13:55:37 +0000") "\"-\" \"-\" up=9 500\n",
         {.service = "up", .unit = 1e-3, .moment = MOMENT_START},
         {{0, 7e-3}, {1, 9e-3}}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct read read = read_log(cases[i].text, &cases[i].options);
        assert_string_equal(read.facts.format, "access");
        assert_int_equal(read.facts.bad, 0);
        assert_tasks(&read, cases[i].tasks, 2);
        assert_true(read.facts.clock == 1);
    }
    struct read read = read_log(REQUEST("10/Oct/2023:13:55:36 +0000") AGENT
                                "0.1\n" REQUEST("10/Oct/2023:13:55:36 +0000") AGENT
                                "-\n" REQUEST("10/Foo/2023:13:55:36 +0000") AGENT "0.1\nnonsense\n",
                                &automatic);
    assert_int_equal(read.facts.tasks, 1);
    assert_int_equal(read.facts.bad, 3);
    assert_string_equal(read.facts.first_bad[0].why, "the size '-' is not a number");
}

static void test_swf(void **state)
{
    (void)state;
    struct read read = read_log("; Version: 2\n;\n"
                                "1 100 5 60 4 -1 -1 4 90 -1 1 3 -1 -1 -1 -1 -1 -1\n"
                                "  2 160 5 0 4 -1 -1 4 90 -1 1 3 -1 -1 -1 -1 -1 -1\n"
                                "3 170 5 -1 4 -1 -1 4 90 -1 0 3 -1 -1 -1 -1 -1 -1\n4 x\n",
                                &automatic);
    assert_string_equal(read.facts.format, "swf");
    assert_tasks(&read, (const double[][2]){{0, 60}, {60, 0}}, 2);
    assert_int_equal(read.facts.bad, 2);
    assert_string_equal(read.facts.first_bad[0].why, "the size is not known (-1)");
    assert_string_equal(read.facts.first_bad[1].why,
                        "the time 'x' is no number, and no date that exists");
}

/* ---- lines ---- */

static void test_lines(void **state)
{
    (void)state;
    size_t size = 300000;
    char *text = xmalloc(size + 64);
    int head = sprintf(text, "0,1\n");
    memset(text + head, '7', size);
    memcpy(text + head + size, "\n1,\0002\n2,3\n", 10);
    struct errors errors = {0};
    struct reader *r = reader_of("log", text, (size_t)head + size + 10, &automatic, &errors);
    struct log_task task;
    assert_true(reader_next(r, &task) && task.size == 1);
    assert_true(reader_next(r, &task) && task.size == 3);
    assert_false(reader_next(r, &task));
    const struct log_facts *f = reader_facts(r);
    assert_int_equal(f->bad, 2);
    assert_string_equal(f->first_bad[0].why, "the line is longer than 65536 characters");
    assert_int_equal(f->first_bad[1].line, 3);
    assert_string_equal(f->first_bad[1].why, "the line holds a NUL byte");
    reader_close(r);
    free(text);
}

/* What is there of a file that was cut off is used, and the damage named. */
static void test_damaged(void **state)
{
    (void)state;
    char text[4000] = "", *end = text;
    for (int i = 0; i < 300; i++)
        end += sprintf(end, "%d,%d\n", i, i * 7919 % 1000);
    const char *file = setting_file("whole.csv.gz", text, (size_t)(end - text));
    FILE *in = fopen(file, "rb");
    unsigned char bytes[4000];
    size_t n = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    file = setting_file("cut.csv", bytes, n / 2);
    struct errors errors = {0};
    struct log_task task;
    struct lines *lines = lines_open(file, (struct place){file, 0, 0}, &errors);
    struct reader *r = reader_open(&lines, &file, 1, &automatic, &errors);
    assert_non_null(r);
    while (reader_next(r, &task))
        ;
    assert_true(reader_facts(r)->tasks > 10 && reader_facts(r)->tasks < 300);
    assert_non_null(reader_facts(r)->damage);
    reader_close(r);
    assert_null(lines_open("no/such/file", (struct place){"no/such/file", 0, 0}, &errors));
    assert_string_equal(errors.text[0],
                        "no/such/file: error: cannot be opened: No such file or directory");
}

/* ---- numbers ---- */

static void test_decimals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
        int length, decimals;
    } cases[] = {{"12.5,", 12.5, 4, 1},
                 {"-0.001", -0.001, 6, 3},
                 {".5", 0.5, 2, 1},
                 {"1e3", 1000, 3, 0},
                 {"1.", 1, 2, 0},
                 {"0.1234567890123456789", 0.12345678901234568, 21, 19},
                 {"123456789012345678901", 123456789012345678901.0, 21, 0},
                 {"0.00000000000000000000000000001", 0, 31, 19}};
    struct decimal d;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *end = decimal_read(cases[i].text, &d);
        assert_non_null(end);
        assert_int_equal(end - cases[i].text, cases[i].length);
        assert_true(d.value == cases[i].value);
        if (d.plain)
            assert_int_equal(d.decimals, cases[i].decimals);
    }
    static const char *const none[] = {"",    "-",    ".",    "x",    "inf",
                                       "nan", "0x10", "-inf", "+.e5", "1e999"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_null(decimal_read(none[i], &d));
}

static void test_dates(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t whole;
    } cases[] = {{"1970-01-01", 0},
                 {"2000-03-01T00:00:00Z", 951868800},
                 {"2023-11-16 18:17:03.97", 1700158623},
                 {"2023-11-16T18:17:03+0530", 1700138823},
                 {"0001-01-01 00:00:00", -62135596800},
                 {"10/Oct/2000:13:55:36 -0700", 971211336}};
    struct stamp s;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(stamp_read(cases[i].text, &s) && s.kind == STAMP_DATE);
        assert_true(s.whole == cases[i].whole);
    }
    static const char *const none[] = {"2023-13-01", "2023-1-1", "2023-11-16 25:00:00",
                                       "2023-11-16 18:17:03 noon", "10/Xyz/2000:13:55:36 -0700"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(stamp_read(none[i], &s));
}

/* ---- order ---- */

static void test_order(void **state)
{
    (void)state;
    enum { N = 300000, SPAN = 5000 };
    struct order order;
    struct log_task task;
    struct stream stream = stream_of(1, 0, "test");
    double last = -INFINITY, sum = 0;
    long taken = 0;
    order_init(&order);
    for (uint64_t k = 0; k < N; k++) {
        task = (struct log_task){(double)k + SPAN * stream_uniform(&stream, 0, k), 1, 0};
        sum += task.arrival;
        assert_true(order_put(&order, &task));
        while (order_take(&order, false, &task)) {
            assert_true(task.arrival >= last);
            last = task.arrival;
            sum -= last;
            taken++;
        }
    }
    assert_true(taken == N - ORDER_ROOM + 1);
    assert_false(order_put(&order, &(struct log_task){0, 1, 0}));
    assert_int_equal(order.late, 1);
    while (order_take(&order, true, &task)) {
        assert_true(task.arrival >= last);
        last = task.arrival;
        sum -= last;
        taken++;
    }
    assert_true(taken == N && order.moved > N / 2);
    scene_near(sum, 0, 1);
    order_free(&order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),     cmocka_unit_test(test_bad_lines),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_access),
        cmocka_unit_test(test_swf),     cmocka_unit_test(test_lines),
        cmocka_unit_test(test_damaged), cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_dates),   cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
