#include "stamp.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 19 }; /* of the largest int64 */

static const double tens[DIGITS + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                        1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};

/* Digits at *text, at most DIGITS and as many as an int64 holds; their number. */
static int digits(const char **text, int64_t *value)
{
    const char *p = *text;
    int64_t x = 0;
    while (*p >= '0' && *p <= '9' && p - *text < DIGITS && x <= (INT64_MAX - 9) / 10)
        x = 10 * x + (*p++ - '0');
    int n = (int)(p - *text);
    *text = p;
    *value = x;
    return n;
}

/* Any number, by strtod, which would also take hexadecimal, nan and inf: the caller saw a digit. */
static const char *slow(const char *text, struct decimal *out)
{
    char *end;
    *out = (struct decimal){.value = strtod(text, &end)};
    if (end == text || !isfinite(out->value))
        return NULL;
    if (fabs(out->value) < 0x1p62) {
        out->whole = (int64_t)out->value;
        out->part = out->value - (double)out->whole;
        out->plain = true;
        out->decimals = out->part == 0 ? 0 : 9;
    }
    return end;
}

const char *decimal_read(const char *text, struct decimal *out)
{
    bool minus = *text == '-';
    const char *p = text + (*text == '-' || *text == '+');
    int64_t whole, part = 0;
    if (!isdigit((unsigned char)(*p == '.' ? p[1] : *p)) || (p[0] == '0' && tolower(p[1]) == 'x'))
        return NULL;
    int n = digits(&p, &whole), m = 0;
    if (isdigit((unsigned char)*p))
        return slow(text, out);
    if (*p == '.') {
        p++;
        m = digits(&p, &part);
        while (m > 0 && isdigit((unsigned char)*p))
            p++; /* beyond what a double can tell */
    }
    if (n + m == 0 || *p == 'e' || *p == 'E')
        return slow(text, out);
    /* Exact where the digits fit into 53 bits: one rounding, by the division (Clinger 1990). */
    double fraction = (double)part / tens[m];
    double value =
        n + m <= 15 ? ((double)whole * tens[m] + (double)part) / tens[m] : (double)whole + fraction;
    *out = (struct decimal){.value = minus ? -value : value,
                            .part = minus ? -fraction : fraction,
                            .whole = minus ? -whole : whole,
                            .decimals = m,
                            .plain = true};
    return p;
}

/* Days from 1970-01-01 in the Gregorian calendar (Howard Hinnant, "chrono-compatible low-level
 * date algorithms", days_from_civil). */
static int64_t days(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Days of a month of the Gregorian calendar. */
static int64_t days_in(int64_t year, int64_t month)
{
    return month == 12 ? 31 : days(year, month + 1, 1) - days(year, month, 1);
}

/* Exactly n digits, a number from low to high. */
static bool field(const char **text, int n, int low, int high, int64_t *out)
{
    int64_t x = 0;
    for (int i = 0; i < n; i++) {
        if (!isdigit((unsigned char)(*text)[i]))
            return false;
        x = 10 * x + ((*text)[i] - '0');
    }
    *text += n;
    *out = x;
    return x >= low && x <= high;
}

static bool sign(const char **text, char c)
{
    bool there = **text == c;
    *text += there;
    return there;
}

/* "13:55:36"; 60 is a leap second. */
static bool clock_time(const char **text, int64_t *seconds)
{
    int64_t h, m, s;
    if (!field(text, 2, 0, 23, &h) || !sign(text, ':') || !field(text, 2, 0, 59, &m) ||
        !sign(text, ':') || !field(text, 2, 0, 60, &s))
        return false;
    *seconds = 3600 * h + 60 * m + s;
    return true;
}

/* ".98" or ",98" behind the seconds, where it is there. */
static void fraction(const char **text, struct stamp *out)
{
    if ((**text != '.' && **text != ',') || !isdigit((unsigned char)(*text)[1]))
        return;
    int64_t part;
    ++*text;
    out->decimals = digits(text, &part);
    out->part = (double)part / tens[out->decimals];
}

/* "", "Z", "+02:00", "-0700" or "+02" up to the end of the text. */
static bool zone(const char *text, int64_t *seconds, struct stamp *out)
{
    *seconds = 0;
    while (*text == ' ')
        text++;
    out->zoned = *text != '\0';
    if (*text == 'Z' || *text == 'z' || strcmp(text, "UTC") == 0 || strcmp(text, "GMT") == 0)
        text += *text == 'Z' || *text == 'z' ? 1 : 3;
    if (*text == '+' || *text == '-') {
        int64_t h, m = 0, direction = *text++ == '-' ? -1 : 1;
        if (!field(&text, 2, 0, 23, &h))
            return false;
        sign(&text, ':');
        if (*text && *text != ' ' && !field(&text, 2, 0, 59, &m))
            return false;
        *seconds = direction * (3600 * h + 60 * m);
    }
    return *text == '\0';
}

/* A moment of the calendar and what stands behind it, the zone. */
static bool set(struct stamp *out, int64_t year, int64_t month, int64_t day, int64_t time,
                const char *rest)
{
    int64_t offset;
    if (day > days_in(year, month) || !zone(rest, &offset, out))
        return false;
    out->whole = 86400 * days(year, month, day) + time - offset;
    return true;
}

/* "2023-11-16 18:17:03.98+01:00", "2023/11/16 18:17:03" */
static bool read_iso(const char *text, struct stamp *out)
{
    int64_t year, month, day, time = 0;
    char between = text[4];
    *out = (struct stamp){.kind = STAMP_DATE};
    if (!field(&text, 4, 1, 9999, &year) || !sign(&text, between) ||
        !field(&text, 2, 1, 12, &month) || !sign(&text, between) || !field(&text, 2, 1, 31, &day))
        return false;
    if (*text == 'T' || *text == 't' || *text == ' ') {
        text += strncmp(text, " - ", 3) == 0 ? 3 : 1; /* Gin */
        if (!clock_time(&text, &time))
            return false;
        fraction(&text, out);
    }
    return set(out, year, month, day, time, text);
}

/* "16.11.2023 18:17:03" */
static bool read_dotted(const char *text, struct stamp *out)
{
    int64_t year, month, day, time;
    *out = (struct stamp){.kind = STAMP_DATE};
    if (!field(&text, 2, 1, 31, &day) || !sign(&text, '.') || !field(&text, 2, 1, 12, &month) ||
        !sign(&text, '.') || !field(&text, 4, 1, 9999, &year) || !sign(&text, ' ') ||
        !clock_time(&text, &time))
        return false;
    fraction(&text, out);
    return set(out, year, month, day, time, text);
}

/* "Oct" as 10. */
static bool month_name(const char **text, int64_t *month)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int i = 0; i < 12; i++)
        if (strncasecmp(*text, months + 3 * i, 3) == 0) {
            *text += 3;
            *month = i + 1;
            return true;
        }
    return false;
}

/* "Tue Mar 12 09:00:00 2024", as ctime writes it. */
static bool read_ctime(const char *text, struct stamp *out)
{
    int64_t year, month, day, time;
    *out = (struct stamp){.kind = STAMP_DATE};
    text += 4;
    if (!month_name(&text, &month) || !sign(&text, ' '))
        return false;
    int blank = *text == ' ';
    text += blank;
    return field(&text, 2 - blank, 1, 31, &day) && sign(&text, ' ') && clock_time(&text, &time) &&
           sign(&text, ' ') && field(&text, 4, 1, 9999, &year) &&
           set(out, year, month, day, time, text);
}

/* A number of one or two digits. */
static bool short_field(const char **text, int low, int high, int64_t *out)
{
    return field(text, isdigit((unsigned char)(*text)[1]) ? 2 : 1, low, high, out);
}

/* "Nov 16 18:17:03", "Nov  6 18:17:03" of syslog, "Nov 16 2023 18:17:03", "Nov 16, 2023 @
 * 18:17:03.019" */
static bool read_named(const char *text, struct stamp *out)
{
    int64_t year = 0, month, day, time;
    *out = (struct stamp){.kind = STAMP_DATE};
    if (!month_name(&text, &month) || !sign(&text, ' '))
        return false;
    text += strspn(text, " ");
    if (!short_field(&text, 1, 31, &day))
        return false;
    sign(&text, ',');
    if (!sign(&text, ' '))
        return false;
    out->yearless = strspn(text, "0123456789") != 4;
    if (!out->yearless && (!field(&text, 4, 1, 9999, &year) || !sign(&text, ' ')))
        return false;
    if (sign(&text, '@'))
        text += strspn(text, " ");
    if (!clock_time(&text, &time))
        return false;
    fraction(&text, out);
    if (!out->yearless)
        return set(out, year, month, day, time, text);
    out->leap_day = month == 2 && day == 29;
    const int64_t leap = 2000, plain = 2001;
    int64_t offset;
    if (day > days_in(leap, month) || !zone(text, &offset, out))
        return false;
    out->whole = 86400 * (days(plain, month, day) - days(plain, 1, 1)) + time - offset;
    return true;
}

/* "6:17:03 PM", "18:17", as spreadsheets write times of day. */
static bool short_time(const char **text, struct stamp *out, int64_t *seconds)
{
    int64_t h, m, s = 0;
    if (!short_field(text, 0, 23, &h) || !sign(text, ':') || !field(text, 2, 0, 59, &m))
        return false;
    if (sign(text, ':')) {
        if (!field(text, 2, 0, 60, &s))
            return false;
        fraction(text, out);
    }
    const char *half = *text + strspn(*text, " ");
    bool am = strncasecmp(half, "AM", 2) == 0, pm = strncasecmp(half, "PM", 2) == 0;
    if (am || pm) {
        if (h < 1 || h > 12)
            return false;
        h = h % 12 + (pm ? 12 : 0);
        *text = half + 2;
    }
    *seconds = 3600 * h + 60 * m + s;
    return true;
}

/* "11/16/2023 6:17:03 PM", "16/11/2023 18:17": which of the two numbers is the month, they alone
 * may not tell. */
static bool read_slashed(const char *text, struct stamp *out)
{
    int64_t a, b, year, time = 0;
    *out = (struct stamp){.kind = STAMP_DATE};
    if (!short_field(&text, 1, 31, &a) || !sign(&text, '/') || !short_field(&text, 1, 31, &b) ||
        !sign(&text, '/') || !field(&text, 4, 1, 9999, &year))
        return false;
    sign(&text, ',');
    if (sign(&text, ' ') && !short_time(&text, out, &time))
        return false;
    bool month_first = a <= 12 && b <= days_in(year, a),
         day_first = b <= 12 && a <= days_in(year, b);
    if (!month_first && !day_first)
        return false;
    out->order = !day_first ? ORDER_MONTH_FIRST : !month_first ? ORDER_DAY_FIRST : ORDER_EITHER;
    if (out->order == ORDER_EITHER)
        out->swapped = 86400 * (days(year, b, a) - days(year, a, b));
    return month_first ? set(out, year, a, b, time, text) : set(out, year, b, a, time, text);
}

/* "20231116181703", "20231116181703980", "20231116T181703Z" */
static bool read_compact(const char *text, struct stamp *out)
{
    int64_t year, month, day, h, m, sec, part;
    *out = (struct stamp){.kind = STAMP_DATE};
    if (!field(&text, 4, 1900, 2199, &year) || !field(&text, 2, 1, 12, &month) ||
        !field(&text, 2, 1, 31, &day))
        return false;
    if (*text == 'T')
        text++;
    if (!field(&text, 2, 0, 23, &h) || !field(&text, 2, 0, 59, &m) || !field(&text, 2, 0, 60, &sec))
        return false;
    if (isdigit((unsigned char)*text) && field(&text, 3, 0, 999, &part)) {
        out->decimals = 3;
        out->part = (double)part / 1000;
    }
    fraction(&text, out);
    return set(out, year, month, day, 3600 * h + 60 * m + sec, text);
}

/* "16-Nov-2023 18:17:03.98", "16 Nov 2023 18:17:03" */
static bool read_day_first(const char *text, struct stamp *out)
{
    int64_t year, month, day, time;
    *out = (struct stamp){.kind = STAMP_DATE};
    if (!short_field(&text, 1, 31, &day) || (*text != '-' && *text != ' '))
        return false;
    char between = *text++;
    if (!month_name(&text, &month) || !sign(&text, between) || !field(&text, 4, 1, 9999, &year) ||
        !sign(&text, ' ') || !clock_time(&text, &time))
        return false;
    fraction(&text, out);
    return set(out, year, month, day, time, text);
}

bool stamp_read_access(const char *text, struct stamp *out)
{
    int64_t day, month, year, time;
    *out = (struct stamp){.kind = STAMP_DATE};
    if (!field(&text, 2, 1, 31, &day) || !sign(&text, '/') || !month_name(&text, &month) ||
        !sign(&text, '/') || !field(&text, 4, 1, 9999, &year) || !sign(&text, ':') ||
        !clock_time(&text, &time))
        return false;
    fraction(&text, out);
    return set(out, year, month, day, time, text);
}

bool stamp_read(const char *text, struct stamp *out)
{
    size_t run = strspn(text, "0123456789");
    if ((run == 14 || run == 17 || (run == 8 && text[8] == 'T')) && read_compact(text, out))
        return true;
    if ((run == 1 || run == 2) && (text[run] == '-' || text[run] == ' ') &&
        isalpha((unsigned char)text[run + 1]))
        return read_day_first(text, out);
    if (isalpha((unsigned char)*text) && strncmp(text + 3, ", ", 2) == 0) /* Thu, 16 Nov 2023 */
        return read_day_first(text + 5, out);
    if (run == 4 && (text[4] == '-' || text[4] == '/'))
        return read_iso(text, out);
    if ((run == 1 || run == 2) && text[run] == '/')
        return isalpha((unsigned char)text[run + 1]) ? stamp_read_access(text, out)
                                                     : read_slashed(text, out);
    if (run == 2 && text[2] == '.' && strspn(text + 3, "0123456789") == 2 && text[5] == '.')
        return read_dotted(text, out);
    if (isalpha((unsigned char)*text) && strcspn(text, " ") == 3)
        return isdigit((unsigned char)text[3 + strspn(text + 3, " ")]) ? read_named(text, out)
                                                                       : read_ctime(text, out);
    struct decimal number;
    const char *end = decimal_read(text, &number);
    if (!end || *end || !number.plain)
        return false;
    *out = (struct stamp){.kind = STAMP_NUMBER,
                          .whole = number.whole,
                          .part = number.part,
                          .decimals = number.decimals,
                          .zoned = true};
    return true;
}

bool stamp_read_any(const char *text, struct stamp *out)
{
    int64_t time, offset;
    if (stamp_read(text, out))
        return true;
    *out = (struct stamp){.kind = STAMP_DATE, .dayless = true};
    if (!clock_time(&text, &time))
        return false;
    fraction(&text, out);
    out->whole = time;
    return zone(text, &offset, out) && !out->zoned;
}
