/* Numbers with units: as people write them, and as files keep them. */
#include "../sim/base/units.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/err.h"

static double parsed(enum unit unit, const char *text)
{
    double value = -1;
    const char *why = "";
    if (!unit_parse(unit, text, &value, &why))
        fail_msg("'%s': %s", text, why);
    return value;
}

static void assert_value(double value, double expected)
{
    if (value != expected)
        fail_msg("%.17g is not %.17g", value, expected);
}

static void test_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        enum unit unit;
        const char *text;
        double value;
    } cases[] = {
        {UNIT_DURATION, "250ms", 0.25},
        {UNIT_DURATION, "1.5s", 1.5},
        {UNIT_DURATION, "2 h", 7200},
        {UNIT_DURATION, "7us", 7e-6},
        {UNIT_DURATION, "3ns", 3e-9},
        {UNIT_DURATION, "2m", 120},
        {UNIT_DURATION, "1d", 86400},
        {UNIT_DURATION, " 4 ", 4},
        {UNIT_RATE, "4/s", 4},
        {UNIT_RATE, "240/min", 4},
        {UNIT_RATE, "4k/s", 4000},
        {UNIT_RATE, "36/h", 0.01},
        {UNIT_RATE, "1M/h", 1e6 / 3600},
        {UNIT_RATE, "2 k/s", 2000},
        {UNIT_RATE, "7", 7},
        {UNIT_RATE, "3M", 3e6},
        {UNIT_NUMBER, "1e6", 1e6},
        {UNIT_NUMBER, "20k", 20000},
        {UNIT_NUMBER, "2G", 2e9},
        {UNIT_NUMBER, "-.5", -0.5},
        {UNIT_NUMBER, "+1.25E-2", .0125},
        {UNIT_COUNT, "1M", 1e6},
        {UNIT_COUNT, "2.5k", 2500},
        {UNIT_SHARE, "20%", 0.2},
        {UNIT_SHARE, "0.2", 0.2},
        {UNIT_SHARE, "150 %", 1.5},
        {UNIT_BYTES, "64kB", 64e3},
        {UNIT_BYTES, "512 B", 512},
        {UNIT_BYTES, "2GB", 2e9},
        {UNIT_BYTES, "1KiB", 1024},
        {UNIT_BYTES, "0B", 0},
        {UNIT_BYTES, "20k", 20e3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_value(parsed(cases[i].unit, cases[i].text), cases[i].value);
}

static void test_what_is_refused_says_why(void **state)
{
    (void)state;
    static const struct {
        enum unit unit;
        const char *text, *why;
    } cases[] = {
        {UNIT_NUMBER, "", "no value"},
        {UNIT_NUMBER, "  ", "no value"},
        {UNIT_NUMBER, "nan", "not a number"},
        {UNIT_NUMBER, "inf", "not a number"},
        {UNIT_NUMBER, "-inf", "not a number"},
        {UNIT_NUMBER, "0x10", "not a number"},
        {UNIT_NUMBER, "1e999", "too large"},
        {UNIT_NUMBER, "1e-999", "too close to zero"},
        {UNIT_NUMBER, "1e308G", "too large"},
        {UNIT_NUMBER, "1,5", "unknown unit ',5'"},
        {UNIT_NUMBER, "1 2", "unknown unit '2'"},
        {UNIT_NUMBER, ".", "not a number"},
        {UNIT_COUNT, "1.5", "not a whole number"},
        {UNIT_DURATION, "5 weeks", "unknown unit 'weeks'"},
        {UNIT_DURATION, "5k", "unknown unit 'k'"},
        {UNIT_RATE, "4/sec", "unknown unit '/sec'"},
        {UNIT_RATE, "4x/s", "unknown unit 'x/s'"},
        {UNIT_SHARE, "5%%", "unknown unit '%%'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = 42;
        const char *why = "";
        if (unit_parse(cases[i].unit, cases[i].text, &value, &why))
            fail_msg("'%s' is %g", cases[i].text, value);
        if (strncmp(why, cases[i].why, strlen(cases[i].why)) != 0)
            fail_msg("'%s': %s, not: %s", cases[i].text, why, cases[i].why);
        assert_value(value, 42);
    }
}

static void assert_exact(enum unit unit, double value, const char *expected)
{
    char text[64];
    unit_exact(unit, value, text, sizeof text);
    assert_string_equal(text, expected);
    assert_value(parsed(unit, text), value);
}

static void test_exact_texts_are_short(void **state)
{
    (void)state;
    assert_exact(UNIT_DURATION, 0.25, "250ms");
    assert_exact(UNIT_DURATION, 0.5, "500ms");
    assert_exact(UNIT_DURATION, 0, "0s");
    assert_exact(UNIT_DURATION, 90, "90s");
    assert_exact(UNIT_DURATION, 7200, "2h");
    assert_exact(UNIT_DURATION, 1e6, "1000000s");
    assert_exact(UNIT_RATE, 4, "4/s");
    assert_exact(UNIT_RATE, 0.1, "0.1/s");
    assert_exact(UNIT_RATE, 1e12, "1e12/s");
    assert_exact(UNIT_COUNT, 1e6, "1000000");
    assert_exact(UNIT_COUNT, 0x1p53, "9007199254740992");
    assert_exact(UNIT_SHARE, 0.2, "0.2");
    assert_exact(UNIT_BYTES, 64e3, "64kB");
    assert_exact(UNIT_BYTES, 1536, "1536B");
    assert_exact(UNIT_BYTES, 2e9, "2GB");
    assert_exact(UNIT_NUMBER, -2.5, "-2.5");
    char text[64];
    unit_exact(UNIT_COUNT, INFINITY, text, sizeof text);
    assert_string_equal(text, "unbounded");
}

/* Any double, in any unit, comes back as it was. */
static void test_exact_texts_read_back(void **state)
{
    (void)state;
    static const enum unit units[] = {UNIT_NUMBER, UNIT_DURATION, UNIT_RATE, UNIT_SHARE};
    uint64_t bits = 88172645463325252u;
    for (int i = 0; i < 40000; i++) {
        bits ^= bits << 13; /* xorshift (Marsaglia 2003) */
        bits ^= bits >> 7;
        bits ^= bits << 17;
        double value;
        if (i % 2)
            value = (double)(bits % 100000000) / 1000;
        else
            memcpy(&value, &bits, sizeof value);
        if (value != value || value - value != 0)
            continue;
        char text[64];
        unit_exact(units[i % 4], value, text, sizeof text);
        assert_value(parsed(units[i % 4], text), value);
    }
    assert_exact(UNIT_NUMBER, 5e-324, "5e-324");
    assert_exact(UNIT_NUMBER, 1.7976931348623157e308, "1.7976931348623157e308");
}

static void assert_human(enum unit unit, double value, int digits, const char *expected)
{
    char text[64];
    unit_human(unit, value, digits, text, sizeof text);
    assert_string_equal(text, expected);
}

static void test_for_people(void **state)
{
    (void)state;
    assert_human(UNIT_DURATION, 0.25, 3, "250 ms");
    assert_human(UNIT_DURATION, 0.9999, 3, "1 s");
    assert_human(UNIT_DURATION, 5400, 3, "1.5 h");
    assert_human(UNIT_DURATION, 1.234567e-6, 3, "1.23 us");
    assert_human(UNIT_DURATION, 0, 3, "0 s");
    assert_human(UNIT_RATE, 4, 3, "4 /s");
    assert_human(UNIT_RATE, 4200, 2, "4.2 k/s");
    assert_human(UNIT_SHARE, 0.8, 3, "80 %");
    assert_human(UNIT_NUMBER, 1.6e9, 3, "1.6 G");
    assert_human(UNIT_DURATION, NAN, 3, "unknown");
}

static const char *const words[] = {"consumers", "arrivals", "buffer", "bounded-pareto", NULL};

static void test_the_nearest_word(void **state)
{
    (void)state;
    assert_string_equal(nearest("comsumers", words), "consumers");
    assert_string_equal(nearest("arrivlas", words), "arrivals");
    assert_string_equal(nearest("Buffer", words), "buffer");
    assert_string_equal(nearest("bounded_pareto", words), "bounded-pareto");
    assert_string_equal(nearest("bound", words), "bounded-pareto");
    assert_null(nearest("throttle", words));
    assert_null(nearest("", words));
}

static void test_messages_cannot_steer_a_terminal(void **state)
{
    (void)state;
    static struct errors errors;
    error_at(&errors, (struct place){"x.yaml", 3, 7}, "bad '%s'",
             "\x1b[2J\xff\xc3\xa9\n\xe2\x80\xa8");
    assert_string_equal(errors.text[0], "x.yaml:3:7: error: bad '?[2J?\xc3\xa9?"
                                        "?"
                                        "?"
                                        "?'");
    error_at(&errors, (struct place){"--set", 0, 0}, "no");
    assert_string_equal(errors.text[1], "--set: error: no");
    for (int i = 0; i < 30; i++)
        error_at(&errors, (struct place){0}, "%600d", i);
    assert_int_equal(errors.n, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_people_write_them),
        cmocka_unit_test(test_what_is_refused_says_why),
        cmocka_unit_test(test_exact_texts_are_short),
        cmocka_unit_test(test_exact_texts_read_back),
        cmocka_unit_test(test_for_people),
        cmocka_unit_test(test_the_nearest_word),
        cmocka_unit_test(test_messages_cannot_steer_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
