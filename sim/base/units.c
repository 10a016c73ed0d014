#include "units.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

/* A value with a suffix is number * multiply / divide: one of the two is 1, so that 250ms is the
 * double nearest to 0.25 and not 250 times an inexact 0.001. */
struct suffix {
    const char *text;
    double multiply, divide;
};

static const struct suffix durations[] = {
    {"ns", 1, 1e9}, {"us", 1, 1e6}, {"\xc2\xb5s", 1, 1e6}, {"ms", 1, 1e3},  {"s", 1, 1},
    {"m", 60, 1},   {"min", 60, 1}, {"h", 3600, 1},        {"d", 86400, 1}, {NULL, 0, 0}};
static const struct suffix magnitudes[] = {
    {"k", 1e3, 1}, {"M", 1e6, 1}, {"G", 1e9, 1}, {NULL, 0, 0}};
static const struct suffix periods[] = {{"/s", 1, 1},    {"/min", 1, 60},  {"/m", 1, 60},
                                        {"/h", 1, 3600}, {"/d", 1, 86400}, {NULL, 0, 0}};
static const struct suffix shares[] = {{"%", 1, 1e2}, {NULL, 0, 0}};
static const struct suffix memory[] = {
    {"B", 1, 1},        {"kB", 1e3, 1},   {"MB", 1e6, 1},          {"GB", 1e9, 1},
    {"TB", 1e12, 1},    {"KiB", 1024, 1}, {"MiB", 1024 * 1024, 1}, {"GiB", 0x1p30, 1},
    {"TiB", 0x1p40, 1}, {"k", 1e3, 1},    {"M", 1e6, 1},           {"G", 1e9, 1},
    {NULL, 0, 0}};

/* Plain decimal numbers only: strtod alone would take hexadecimal, infinities and NAN. */
static const char *number_end(const char *p)
{
    p += *p == '+' || *p == '-';
    size_t digits = strspn(p, "0123456789");
    p += digits;
    if (*p == '.') {
        size_t more = strspn(p + 1, "0123456789");
        digits += more;
        p += 1 + more;
    }
    if (digits == 0)
        return NULL;
    if (*p == 'e' || *p == 'E') {
        const char *q = p + 1;
        q += *q == '+' || *q == '-';
        size_t exponent = strspn(q, "0123456789");
        if (exponent > 0)
            p = q + exponent;
    }
    return p;
}

static const struct suffix *match(const struct suffix *table, const char *text, size_t length)
{
    for (; table->text; table++)
        if (strlen(table->text) == length && strncmp(table->text, text, length) == 0)
            return table;
    return NULL;
}

static bool apply(const struct suffix *table, const char *text, size_t length, double *value)
{
    if (length == 0)
        return true;
    const struct suffix *found = match(table, text, length);
    if (found)
        *value = *value * found->multiply / found->divide;
    return found;
}

static bool apply_rate(const char *text, size_t length, double *value)
{
    size_t before = strcspn(text, "/");
    if (before >= length)
        return apply(magnitudes, text, length, value);
    size_t magnitude = before;
    while (magnitude > 0 && isspace((unsigned char)text[magnitude - 1]))
        magnitude--;
    return apply(magnitudes, text, magnitude, value) &&
           apply(periods, text + before, length - before, value);
}

static bool apply_suffix(enum unit unit, const char *text, size_t length, double *value)
{
    switch (unit) {
    case UNIT_NUMBER:
    case UNIT_COUNT:
        return apply(magnitudes, text, length, value);
    case UNIT_DURATION:
        return apply(durations, text, length, value);
    case UNIT_RATE:
        return apply_rate(text, length, value);
    case UNIT_SHARE:
        return apply(shares, text, length, value);
    case UNIT_BYTES:
        return apply(memory, text, length, value);
    }
    assert(false && "a unit");
    return false;
}

static const char *known_suffixes(enum unit unit)
{
    switch (unit) {
    case UNIT_NUMBER:
    case UNIT_COUNT:
        return "k, M or G";
    case UNIT_DURATION:
        return "ns, us, ms, s, m, h or d";
    case UNIT_RATE:
        return "/s, /min or /h, with k, M or G before it";
    case UNIT_SHARE:
        return "%";
    case UNIT_BYTES:
        return "B, kB, MB, GB, KiB, MiB or GiB";
    }
    assert(false && "a unit");
    return "";
}

static bool fail(const char **why, const char *reason)
{
    *why = reason;
    return false;
}

bool unit_parse(enum unit unit, const char *text, double *value, const char **why)
{
    while (isspace((unsigned char)*text))
        text++;
    const char *end = number_end(text);
    if (!end)
        return fail(why, *text ? "not a number" : "no value");
    errno = 0;
    char *stopped;
    double x = strtod(text, &stopped);
    if (stopped != end)
        return fail(why, "not a number");
    if (errno == ERANGE && (isinf(x) || x == 0))
        return fail(why, isinf(x) ? "too large" : "too close to zero");
    while (isspace((unsigned char)*end))
        end++;
    size_t length = strlen(end);
    while (length > 0 && isspace((unsigned char)end[length - 1]))
        length--;
    if (!apply_suffix(unit, end, length, &x))
        return fail(why, internf("unknown unit '%.*s', known: %s", length > 20 ? 20 : (int)length,
                                 end, known_suffixes(unit)));
    if (isinf(x))
        return fail(why, "too large");
    if (unit == UNIT_COUNT && x != floor(x))
        return fail(why, "not a whole number");
    *value = x + 0; /* no negative zero */
    return true;
}

/* As %g writes it, with 1e9 for 1e+09. */
static const char *plain_exponent(int digits, double value)
{
    static _Thread_local char text[64];
    snprintf(text, sizeof text, "%.*g", digits, value);
    char *mark = strchr(text, 'e');
    if (mark) {
        const char *rest = mark + 1 + (mark[1] == '+');
        bool negative = *rest == '-';
        rest += negative;
        rest += strspn(rest, "0");
        char *out = mark + 1;
        if (negative)
            *out++ = '-';
        memmove(out, rest, strlen(rest) + 1);
    }
    return text;
}

/* The shortest decimal text that, followed by `suffix`, reads back to `value`; false: none does. */
static bool exact_with(enum unit unit, double value, double shown, const char *suffix, char *out,
                       size_t size)
{
    for (int digits = 1; digits <= 17; digits++) {
        char text[64];
        /* Whole numbers are written out, 1000000 rather than 1e+06, as far as they are read. */
        bool round = fabs(shown) >= 1e9 && fmod(shown, 1e9) == 0;
        if (fabs(shown) < 0x1p53 * 2 && shown == floor(shown) && !round)
            snprintf(text, sizeof text, "%.0f%s", shown, suffix);
        else
            snprintf(text, sizeof text, "%s%s", plain_exponent(digits, shown), suffix);
        double back;
        const char *why;
        if (unit_parse(unit, text, &back, &why) && back == value) {
            snprintf(out, size, "%s", text);
            return true;
        }
    }
    return false;
}

static void exact_duration(double value, char *out, size_t size)
{
    static const struct suffix whole[] = {
        {"d", 86400, 1}, {"h", 3600, 1}, {"m", 60, 1}, {NULL, 0, 0}};
    static const struct suffix small[] = {
        {"ms", 1, 1e3}, {"us", 1, 1e6}, {"ns", 1, 1e9}, {NULL, 0, 0}};
    double size_of = fabs(value);
    for (const struct suffix *unit = whole; unit->text && size_of >= 60; unit++)
        if (fmod(value, unit->multiply) == 0 &&
            exact_with(UNIT_DURATION, value, value / unit->multiply, unit->text, out, size))
            return;
    char seconds[64];
    bool plain = exact_with(UNIT_DURATION, value, value, "s", seconds, sizeof seconds);
    assert(plain);
    for (const struct suffix *unit = small; unit->text && size_of > 0 && size_of < 1; unit++)
        if (size_of * unit->divide >= 0.999 &&
            exact_with(UNIT_DURATION, value, value * unit->divide, unit->text, out, size) &&
            strlen(out) <= strlen(seconds) + 1)
            return;
    snprintf(out, size, "%s", seconds);
}

/* In the largest unit of which it is a whole number. */
static void exact_bytes(double value, char *out, size_t size)
{
    static const struct suffix whole[] = {
        {"GB", 1e9, 1}, {"MB", 1e6, 1}, {"kB", 1e3, 1}, {NULL, 0, 0}};
    for (const struct suffix *unit = whole; unit->text; unit++)
        if (fabs(value) >= unit->multiply && fmod(value, unit->multiply) == 0 &&
            exact_with(UNIT_BYTES, value, value / unit->multiply, unit->text, out, size))
            return;
    bool written = exact_with(UNIT_BYTES, value, value, "B", out, size);
    assert(written);
    (void)written;
}

void unit_exact(enum unit unit, double value, char *out, size_t size)
{
    assert(!isnan(value));
    if (isinf(value)) {
        snprintf(out, size, "%s", value > 0 ? "unbounded" : "-unbounded");
        return;
    }
    if (unit == UNIT_DURATION) {
        exact_duration(value, out, size);
        return;
    }
    if (unit == UNIT_BYTES) {
        exact_bytes(value, out, size);
        return;
    }
    bool written = exact_with(unit, value, value, unit == UNIT_RATE ? "/s" : "", out, size);
    assert(written);
    (void)written;
}

/* value / scale with `digits` significant digits, without an exponent between 1e-4 and 1e6. */
static void significant(double value, int digits, const char *suffix, char *out, size_t size)
{
    char text[64];
    snprintf(text, sizeof text, "%.*g", digits, value);
    double rounded = strtod(text, NULL);
    if (fabs(rounded) < 1e6 && fabs(rounded) == floor(fabs(rounded)))
        snprintf(text, sizeof text, "%.0f", rounded);
    snprintf(out, size, "%s%s", text, suffix);
}

void unit_human(enum unit unit, double value, int digits, char *out, size_t size)
{
    struct scale {
        double from, by;
        const char *suffix;
    };
    static const struct scale time[] = {
        {86400 * 3, 86400, " d"}, {3600, 3600, " h"},  {120, 60, " min"}, {1, 1, " s"},
        {1e-3, 1e-3, " ms"},      {1e-6, 1e-6, " us"}, {0, 1e-9, " ns"}};
    static const struct scale per[] = {
        {1e9, 1e9, " G/s"}, {1e6, 1e6, " M/s"}, {1e3, 1e3, " k/s"}, {0, 1, " /s"}};
    static const struct scale count[] = {
        {1e9, 1e9, " G"}, {1e6, 1e6, " M"}, {1e4, 1e3, " k"}, {0, 1, ""}};
    static const struct scale part[] = {{0, 1e-2, " %"}};
    static const struct scale bytes[] = {
        {1e12, 1e12, " TB"}, {1e9, 1e9, " GB"}, {1e6, 1e6, " MB"}, {1e3, 1e3, " kB"}, {0, 1, " B"}};
    if (isnan(value) || isinf(value)) {
        snprintf(out, size, "%s",
                 isnan(value) ? "unknown"
                 : value > 0  ? "unbounded"
                              : "-unbounded");
        return;
    }
    if (value == 0) {
        snprintf(out, size, "0%s",
                 unit == UNIT_DURATION ? " s"
                 : unit == UNIT_RATE   ? " /s"
                 : unit == UNIT_SHARE  ? " %"
                 : unit == UNIT_BYTES  ? " B"
                                       : "");
        return;
    }
    const struct scale *scale = unit == UNIT_DURATION ? time
                                : unit == UNIT_RATE   ? per
                                : unit == UNIT_SHARE  ? part
                                : unit == UNIT_BYTES  ? bytes
                                                      : count;
    /* What rounds up to the next unit is written in that one: 999.9 ms is 1 s at 3 digits. */
    char rounded[64];
    snprintf(rounded, sizeof rounded, "%.*g", digits, fabs(value));
    double reached = strtod(rounded, NULL);
    while (scale->from > 0 && reached < scale->from * (1 - 1e-12))
        scale++;
    significant(value / scale->by, digits, scale->suffix, out, size);
}

const char *unit_describe(enum unit unit)
{
    switch (unit) {
    case UNIT_NUMBER:
        return "a number such as 2.5";
    case UNIT_COUNT:
        return "a whole number such as 20 or 1M";
    case UNIT_DURATION:
        return "a duration such as 250ms";
    case UNIT_RATE:
        return "a rate such as 4/s";
    case UNIT_SHARE:
        return "a share such as 0.2 or 20%";
    case UNIT_BYTES:
        return "an amount of memory such as 64kB";
    }
    assert(false && "a unit");
    return "";
}
