/* What a table of values accepts, and what it says about what it does not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <unistd.h>

#include "../sim/scenario/table.h"
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
    const struct table_column *class = table_column(t, "class");
    assert_true(time->values[0] == 0 && time->values[1] == 0.25 && time->values[2] == 7);
    assert_true(size->values[0] == 1.5 && size->values[1] == 0.2 && size->values[2] == 0.5);
    assert_true(class->values[0] == 0 && class->values[1] == 1 && class->values[2] == 0);
    assert_string_equal(t->words[0], "gold");
    assert_string_equal(t->words[1], "3");
    assert_int_equal(t->words_count, 2);
    assert_null(table_column(t, "nothing"));
    assert_null(time->sorted);
    struct place at = table_place(t, 2);
    assert_int_equal(at.line, 6);
    assert_string_equal(at.source, t->file);
}

static void test_values_alone(void **state)
{
    (void)state;
    const struct table *t = good(file("b.csv", "3\n1\n2"));
    assert_false(t->named);
    assert_int_equal(t->rows, 3);
    assert_true(t->column[0].mean == 2 && fabs(t->column[0].second - 14.0 / 3) < 1e-15);
    const double *sorted = t->column[0].sorted;
    assert_true(sorted[0] == 3 && sorted[1] == 2 && sorted[2] == 1);
    assert_int_equal(table_place(t, 0).line, 1);
    assert_null(table_column(t, "size"));
    assert_int_equal(good(file("b2.csv", "size\n5\n"))->rows, 1);
}

static void test_compressed_and_long(void **state)
{
    (void)state;
    enum { ROWS = 100000 };
    char *text = xmalloc(ROWS * 32), *end = text;
    for (int i = 0; i < ROWS; i++)
        end += sprintf(end, "%d,%.17g\n", i, i / 7.0);
    const struct table *plain = good(setting_file("c.csv", text, (size_t)(end - text)));
    const struct table *packed = good(setting_file("c.csv.gz", text, (size_t)(end - text)));
    assert_int_equal(plain->rows, ROWS);
    assert_int_equal(packed->rows, ROWS);
    for (int c = 0; c < 2; c++)
        assert_memory_equal(plain->column[c].values, packed->column[c].values,
                            ROWS * sizeof(double));
    for (int i = 0; i < ROWS; i++)
        assert_true(plain->column[1].values[i] == i / 7.0);
    free(text);
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
    bad(file("word.csv", "a,b\n1,2\n3, x1\n"), "FILE:3:4: error: 'x1' in column 2 is not a number");
    bad(file("nan.csv", "1\nnan\n"), "FILE:2:1: error: 'nan' in column 1 is not a number");
    bad(file("hex.csv", "1\n0x10\n"), "FILE:2:1: error: '0x10' in column 1 is not a number");
    bad(file("tail.csv", "1\n2s\n"), "FILE:2:1: error: '2s' in column 1 is not a number");
    bad(file("none.csv", "1,2\n1,\n"), "FILE:2:3: error: '' in column 2 is not a number");
    bad(file("minus.csv", "1\n-2\n"), "FILE:2:1: error: '-2' in column 1 must be a number from 0");
    bad(file("huge.csv", "1\n1e999\n"), "FILE:2:1: error: '1e999' in column 1 must be a number");
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
        cmocka_unit_test(test_compressed_and_long),
        cmocka_unit_test(test_shared),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_damaged_archives),
    };
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
