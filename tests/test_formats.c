/*
 * Every row of formats.h, and others of its family, from one and the same requests: what is read
 * must be their times and sizes, whatever the layout. And what the document says of the rows.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/fit/formats.h"
#include "../sim/fit/reader.h"
#include "samples.h"

enum { N = SAMPLE_REQUESTS };

static char *written(const struct sample_of *s, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    fputs(s->head, out);
    for (int k = 0; k < N; k++)
        s->line(out, &requests[k]);
    fclose(out);
    return text;
}

static void assert_read(const struct sample_of *s)
{
    size_t size;
    char *text = written(s, &size);
    struct errors errors = {0};
    struct log_task task, first = {0};
    struct reader *r = reader_of("log", text, size, &(struct log_options){0}, &errors);
    if (!r) {
        fail_msg("%s (%.80s): %s", s->name, text, errors.text[0]);
        return; /* for those who do not know that it does not come back */
    }
    for (int k = 0; k < N && reader_next(r, &task); k++) {
        if (k == 0)
            first = task;
        double gap = (double)(requests[k].start - requests[0].start) / 1000;
        double length = (double)requests[k].size / 1000 + s->more;
        if (fabs(task.size - length) > 1e-9 ||
            fabs(task.arrival - first.arrival - gap) > s->clock + 1e-6)
            fail_msg("%s, task %d: at %g for %g, and it was at %g for %g\n%.200s", s->name, k,
                     task.arrival - first.arrival, task.size, gap, length, text);
    }
    while (reader_next(r, &task))
        ;
    const struct log_facts *f = reader_facts(r);
    assert_string_equal(f->format, s->name);
    if (s->of)
        assert_string_equal(f->of, s->of);
    if (f->tasks != N || f->bad > 1)
        fail_msg("%s: %ld tasks, %ld bad lines: %s\n%.200s", s->name, f->tasks, f->bad,
                 f->first_bad[0].why, text);
    if (s->sure != (f->other == 0 && !f->size_guessed))
        fail_msg("%s: other unit %g, column guessed %d\n%.200s", s->name, f->other, f->size_guessed,
                 text);
    reader_close(r);
    free(text);
}

static const struct sample_of *const tables[] = {samples, access_samples, dated_samples};
enum { TABLES = sizeof tables / sizeof *tables };

static void test_samples(void **state)
{
    (void)state;
    for (int t = 0; t < TABLES; t++)
        for (const struct sample_of *sample = tables[t]; sample->name; sample++)
            assert_read(sample);
}

/* What has no tasks is named, with what would help. */
static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read\n0.02,0,0,0,0,"
         "0\n",
         "newer versions of hey"},
        {"Type,Name,Request Count,Failure Count,Median Response Time\nGET,/,3000,0,86\n",
         "start_time,response_time,name"},
        {"Timestamp,User Count,Type,Name,Requests/s\n1710234000,10,GET,/,20\n",
         "start_time,response_time,name"},
        {"       Value     Percentile TotalCount 1/(1-Percentile)\n\n       4.000     0.000000 1 "
         "1.00\n"
         "      86.000     0.500000       1500           2.00\n     250.000     0.900000       "
         "2700 "
         "10.00\n     542.000     0.990625       2970         106.67\n    1132.000     1.000000    "
         "   "
         "3000 inf\n#[Mean    =      117.07, StdDeviation   =      108.3]\n",
         "{distribution: percentiles, p50: 86ms, p90: 250ms, p99: 542ms, max: 1132ms}"},
        {"#[StartTime: 1710234000.000 (seconds since epoch)]\n#[Histogram log format version 1.3]\n"
         "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\"\n0.0,1.0,1.1,HISTFAAAA\n",
         "HistogramLogProcessor"},
        {"Running 30s test @ http://h\n  Latency Distribution\n     50%   86.00ms\n", "hey -o csv"},
        {"Percentage served,Time in ms\n0,4.000\n50,86.000\n", "hey -o csv"},
        {"GET,200,1710234000020,1,315,ok\nGET,200,1710234000060,2,20,ok\n", "--service COLUMN"},
        {"when,a,b\n2024-03-12 09:00:00,1,5\n2024-03-12 09:00:01,3,4\n",
         "'a' (1, ...), 'b' (5, ...)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct errors errors = {0};
        struct reader *r = reader_of("log", cases[i].text, strlen(cases[i].text),
                                     &(struct log_options){0}, &errors);
        if (r || !strstr(errors.text[0], cases[i].error))
            fail_msg("'%s' does not say '%s'", r ? "read" : errors.text[0], cases[i].error);
    }
}

/* Every row has its sample, or is refused. */
static void test_all_rows(void **state)
{
    (void)state;
    for (const struct format *f = formats; f->name; f++) {
        bool sampled = f->refusal != NULL;
        for (int t = 0; t < TABLES; t++)
            for (const struct sample_of *sample = tables[t]; sample->name; sample++)
                sampled = sampled || (sample->of && strcmp(sample->of, f->of) == 0);
        if (!sampled)
            fail_msg("no sample of %s (%s)", f->name, f->of);
    }
}

/* The table of docs/logs.md is that of formats.h. */
static void test_document(void **state)
{
    (void)state;
    FILE *in = fopen("docs/logs.md", "r");
    assert_non_null(in);
    char text[1 << 15];
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    for (const struct format *f = formats; f->name; f++) {
        char row[256];
        snprintf(row, sizeof row, "| %s | %s |", f->name, f->of);
        if (!strstr(text, row))
            fail_msg("docs/logs.md has no row '%s'", row);
    }
}

/* A column that only content tells of, in lines without names. */
static void test_no_names(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size;
    struct errors errors = {0};
    struct log_task task;
    FILE *out = open_memstream(&text, &size);
    for (int k = 0; k < N; k++)
        fprintf(out, "GET,200,%lld,0.%03lld,ok\n", requests[k].start, requests[k].size % 1000);
    fclose(out);
    struct reader *r = reader_of("log", text, size, &(struct log_options){0}, &errors);
    assert_non_null(r);
    assert_true(reader_next(r, &task));
    assert_string_equal(reader_facts(r)->service, "column 4");
    assert_true(reader_facts(r)->size_guessed);
    reader_close(r);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),  cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_all_rows), cmocka_unit_test(test_document),
        cmocka_unit_test(test_no_names),
    };
    make_requests();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
