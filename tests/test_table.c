/* What a table of values accepts, and what it says about what it does not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <malloc.h>
#include <pthread.h>
#include <unistd.h>

#include "../sim/scenario/table.h"
#include "../sim/scenario/table_spool.h"
#include "setting.h"

static const char *file(const char *name, const char *text)
{
    return setting_file(name, text, strlen(text));
}

static const struct table *good(const char *path)
{
    struct errors errors = {0};
    const struct table *table = table_load(path, (struct place){"here", 3, 4}, &errors);
    if (!table)
        fail_msg("%s", errors.text[0]);
    assert_true(errors.n == 0);
    return table;
}

/* One error, which says so and names the place ("FILE" in `says` stands for the path). */
static void bad(const char *path, const char *says)
{
    struct errors errors = {0};
    assert_null(table_load(path, (struct place){"here", 3, 4}, &errors));
    assert_true(errors.n == 1);
    char expected[ERROR_TEXT];
    const char *stands = strstr(says, "FILE");
    assert_non_null(stands);
    snprintf(expected, sizeof expected, "%.*s%s%s", (int)(stands - says), says, path, stands + 4);
    if (!strstr(errors.text[0], expected))
        fail_msg("got:      %s\nexpected: %s", errors.text[0], expected);
}

static double at(const struct table *table, size_t row, size_t column)
{
    double values[TABLE_COLUMNS];
    table_read(table, row, 1, values);
    return values[column];
}

static void test_header_and_columns(void **state)
{
    (void)state;
    const struct table *t =
        good(file("a.csv", "\xef\xbb\xbf# made by hand\r\n\r\narrival_s, \"service_s\" ,class\r\n"
                           "0,1.5,gold\r\n 0.25 ,\"2e-1\",3\r\n7,+.5,gold\n\n\n"));
    assert_int_equal(t->rows, 3);
    assert_int_equal(t->columns, 3);
    assert_true(t->named);
    const struct table_column *time = table_column(t, "arrival_s");
    const struct table_column *size = table_column(t, "service_s");
    assert_ptr_equal(table_column(t, "class"), &t->column[2]);
    assert_true(at(t, 0, 0) == 0 && at(t, 1, 0) == 0.25 && at(t, 2, 0) == 7);
    assert_true(at(t, 0, 1) == 1.5 && at(t, 1, 1) == 0.2 && at(t, 2, 1) == 0.5);
    assert_true(at(t, 0, 2) == 0 && at(t, 1, 2) == 1 && at(t, 2, 2) == 0);
    assert_true(time->first == 0 && time->last == 7 && time->falls == 0 && !time->counts);
    assert_true(size->falls == 1);
    assert_int_equal(t->word_row[1], 1);
    assert_string_equal(t->words[0], "gold");
    assert_string_equal(t->words[1], "3");
    assert_int_equal(t->words_count, 2);
    assert_null(table_column(t, "nothing"));
    struct place place = table_place(t, 2);
    assert_int_equal(place.line, 6);
    assert_string_equal(place.source, t->file);
}

static void test_values_alone(void **state)
{
    (void)state;
    const struct table *t = good(file("b.csv", "3\n1\n2"));
    assert_false(t->named);
    assert_int_equal(t->rows, 3);
    assert_true(t->column[0].mean == 2 && fabs(t->column[0].second - 14.0 / 3) < 1e-15);
    assert_true(t->column[0].counts);
    const double *sorted = table_sorted(t);
    assert_true(sorted[0] == 3 && sorted[1] == 2 && sorted[2] == 1);
    assert_int_equal(table_place(t, 0).line, 1);
    assert_null(table_column(t, "size"));
    assert_int_equal(good(file("b2.csv", "size\n5\n"))->rows, 1);
}

/* Values in the place of a file that is not read; a table that was loaded stays. */
static void test_held(void **state)
{
    (void)state;
    const double values[] = {4, 0.5, 1.5};
    const char *path = file("held.csv", "1\nno number\n"), *loaded = file("read.csv", "7\n");
    good(loaded);
    table_hold(path, values, 3);
    table_hold(loaded, values, 3);
    const struct table *t = good(path);
    assert_int_equal(t->rows, 3);
    assert_true(at(t, 1, 0) == 0.5 && t->column[0].mean == 2 && !t->column[0].counts);
    assert_true(table_sorted(t)[2] == 0.5 && table_largest(t, 2) == 5.5);
    assert_int_equal(good(loaded)->rows, 1);
}

static void test_compressed_and_long(void **state)
{
    (void)state;
    enum { ROWS = 700000 }; /* beyond what a spool keeps in memory */
    char *text = xmalloc((size_t)ROWS * 32), *end = text;
    for (int i = 0; i < ROWS; i++)
        end += sprintf(end, "%d,%.17g\n", i, i / 7.0);
    const struct table *plain = good(setting_file("c.csv", text, (size_t)(end - text)));
    const struct table *packed = good(setting_file("c.csv.gz", text, (size_t)(end - text)));
    assert_int_equal(plain->rows, ROWS);
    assert_int_equal(packed->rows, ROWS);
    double *a = xmalloc(ROWS * 2 * sizeof *a), *b = xmalloc(ROWS * 2 * sizeof *b);
    table_read(plain, 0, ROWS, a);
    table_read(packed, 0, ROWS, b);
    assert_memory_equal(a, b, ROWS * 2 * sizeof *a);
    for (int i = 0; i < ROWS; i++)
        assert_true(a[2 * i] == i && a[2 * i + 1] == i / 7.0);
    for (size_t first = 7; first < ROWS - 2000; first *= 3) {
        table_read(plain, first, 1999, b);
        assert_memory_equal(a + 2 * first, b, (size_t)1999 * 2 * sizeof *a);
    }
    free(a);
    free(b);
    free(text);
}

/* What a table takes of memory does not grow with its rows; where there is no room for them, that
 * is said. */
static void test_constant_memory(void **state)
{
    (void)state;
    enum { ROWS = 3000000 };
    char *text = xmalloc((size_t)ROWS * 16), *end = text;
    for (int i = 0; i < ROWS; i++)
        end += sprintf(end, "%d,%d\n", i, i % 7);
    const char *path = setting_file("l.csv", text, (size_t)(end - text));
    free(text);
    setenv("TMPDIR", "/nowhere/at/all", 1);
    bad(path, "FILE: error: no temporary file in /nowhere/at/all: No such file");
    unsetenv("TMPDIR");
    size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    const struct table *t = good(path);
    size_t after = mallinfo2().uordblks + mallinfo2().hblkhd;
    assert_true(after <= before + SPOOL_KEPT * sizeof(double) + 100000);
    assert_int_equal(t->rows, ROWS);
    assert_true(at(t, ROWS - 1, 0) == ROWS - 1 && at(t, 1500001, 1) == 1500001 % 7);
}

/* Read once: the same table, whatever has become of the file. */
static void test_shared(void **state)
{
    (void)state;
    const char *path = file("d.csv", "1\n2\n");
    assert_null(table_find(path));
    const struct table *t = good(path);
    assert_ptr_equal(good(path), t);
    assert_ptr_equal(table_find(path), t);
    unlink(path);
    assert_ptr_equal(good(path), t);
}

static void *load(void *path)
{
    struct errors errors = {0};
    return (void *)(size_t)table_load(path, (struct place){0}, &errors);
}

static void test_threads(void **state)
{
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s", file("e.csv", "1\n2\n3\n"));
    pthread_t threads[8];
    void *got[8];
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, load, path), 0);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], &got[i]);
    for (int i = 0; i < 8; i++)
        assert_true(got[i] && got[i] == got[0]);
}

static void test_errors(void **state)
{
    (void)state;
    bad("/nowhere/at/all.csv", "here:3:4: error: FILE: cannot be opened: No such file");
    bad("/tmp", "FILE: error: cannot be read: Is a directory");
    bad(file("empty.csv", ""), "FILE: error: holds no values");
    bad(file("comments.csv", "# a\n\n"), "FILE: error: holds no values");
    bad(file("header.csv", "a,b\n\n"), "FILE: error: holds no values");
    bad(file("word.csv", "a,b\n1,2\n3, x1\n"), "FILE:3:4: error: column 2 holds no number here");
    bad(file("nan.csv", "1\nnan\n"), "FILE:2:1: error: column 1 holds no number here");
    bad(file("hex.csv", "1\n0x10\n"), "FILE:2:1: error: column 1 holds no number here");
    bad(file("tail.csv", "1\n2s\n"), "FILE:2:1: error: column 1 holds no number here");
    bad(file("none.csv", "1,2\n1,\n"), "FILE:2:3: error: column 2 holds no number here");
    bad(file("minus.csv", "1\n-2\n"),
        "FILE:2:1: error: column 1 holds a number that is not from 0");
    bad(file("huge.csv", "1\n1e999\n"),
        "FILE:2:1: error: column 1 holds a number that is not from 0");
    bad(file("short.csv", "1,2\n3\n"), "FILE:2:1: error: 1 columns where the first row has 2");
    bad(file("long.csv", "1,2\n3,4,5\n"), "FILE:2:1: error: 3 columns where the first row has 2");
    bad(file("gap.csv", "1\n\n2\n"), "FILE:2:1: error: an empty line between the rows");
    bad(file("wide.csv", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17\n"), "FILE:1:1: error: 17 col");
    bad(setting_file("nul.csv", "1\n2\0003\n4\n", 8), "FILE:2:1: error: the line holds a NUL byte");
    char *line = xcalloc(1, 70001);
    memset(line, '1', 70000);
    bad(setting_file("line.csv", line, 70000), "FILE:1:1: error: the line is longer than 65534");
    free(line);
}

static void test_damaged_archives(void **state)
{
    (void)state;
    char text[60000];
    for (int i = 0; i < 10000; i++)
        memcpy(text + 6 * i, "0.125\n", 6);
    const char *whole = setting_file("whole.csv.gz", text, sizeof text);
    unsigned char bytes[60000];
    FILE *in = fopen(whole, "rb");
    size_t length = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    assert_true(length > 40);
    bad(setting_file("cut", bytes, length - 20), "FILE: error: ");
    bytes[length - 6] ^= 1; /* the checksum */
    bad(setting_file("sum", bytes, length), "FILE: error: cannot be read: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_header_and_columns),
        cmocka_unit_test(test_values_alone),
        cmocka_unit_test(test_held),
        cmocka_unit_test(test_compressed_and_long),
        cmocka_unit_test(test_constant_memory),
        cmocka_unit_test(test_shared),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_damaged_archives),
    };
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
