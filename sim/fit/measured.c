#include "measured.h"

#include <string.h>
#include <strings.h>

enum { PLAIN = 48 /* letters of a number */ };

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

double measured_unit(const char *word, size_t length)
{
    static const struct {
        const char *word;
        double seconds;
    } units[] = {
        {"ns", 1e-9},        {"nanos", 1e-9},       {"nanoseconds", 1e-9},  {"us", 1e-6},
        {"usec", 1e-6},      {"\xc2\xb5s", 1e-6}, /* the micro sign, and the Greek letter */
        {"\xce\xbcs", 1e-6}, {"micros", 1e-6},      {"microsec", 1e-6},     {"microseconds", 1e-6},
        {"ms", 1e-3},        {"msec", 1e-3},        {"msecs", 1e-3},        {"millis", 1e-3},
        {"millisec", 1e-3},  {"millisecond", 1e-3}, {"milliseconds", 1e-3}, {"s", 1},
        {"sec", 1},          {"secs", 1},           {"second", 1},          {"seconds", 1},
        {"m", 60},           {"min", 60},           {"mins", 60},           {"minutes", 60},
        {"h", 3600},         {"hours", 3600},       {"d", 86400},           {"days", 86400}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].word) == length && strncasecmp(units[i].word, word, length) == 0)
            return units[i].seconds;
    return 0;
}

/* ---- groups of thousands ---- */

/* The length of a sign that may stand between groups of three digits at `text`; 0: there is none.
 * Blanks of all kinds, apostrophe, low line. */
static size_t gap(const char *text)
{
    static const char *const signs[] = {"'", "_", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x99"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strncmp(text, signs[i], strlen(signs[i])) == 0)
            return strlen(signs[i]);
    return text[0] == ' ' && digit(text[1]) ? 1 : 0;
}

/* What stands of separators in a number. */
struct signs {
    int commas, points, gaps;
    bool groups[2];  /* what stands between commas, and between points, are groups of three */
    bool comma_last; /* of both signs */
    bool zero;       /* it begins with 0: then what follows is no group */
    size_t length;
};

static bool is_group(const char *text)
{
    return digit(text[0]) && digit(text[1]) && digit(text[2]) && !digit(text[3]);
}

static struct signs look(const char *text)
{
    struct signs s = {.groups = {true, true}};
    const char *p = text + (*text == '-' || *text == '+'), *from = p;
    s.zero = *p == '0';
    while (*p) {
        size_t n = p > from && digit(p[-1]) ? gap(p) : 0;
        if (digit(*p)) {
            p++;
        } else if (*p == ',' || *p == '.') {
            bool comma = *p == ',';
            /* Before the first sign one to three digits. */
            if (s.commas + s.points == 0 && (p - from > 3 || p == from) && s.gaps == 0)
                s.groups[0] = s.groups[1] = false;
            s.groups[!comma] = s.groups[!comma] && is_group(p + 1);
            (comma ? s.commas++ : s.points++);
            s.comma_last = comma;
            p++;
        } else if (n > 0 && is_group(p + n)) {
            s.gaps++;
            p += n;
        } else {
            break;
        }
    }
    s.length = (size_t)(p - text);
    return s;
}

/* What the comma of a number is; COMMA_UNKNOWN: it can be either. */
static enum comma comma_of(const struct signs *s)
{
    if (s->commas > 0 && s->points > 0)
        return s->comma_last ? COMMA_DECIMAL : COMMA_GROUPS;
    if (s->commas == 1 && (!s->groups[0] || s->zero || s->gaps > 0))
        return COMMA_DECIMAL;
    if (s->commas > 1)
        return COMMA_GROUPS;
    if (s->points > 1)
        return COMMA_DECIMAL;
    return COMMA_UNKNOWN;
}

enum comma measured_comma(const char *text)
{
    struct signs s = look(text);
    enum comma comma = comma_of(&s);
    if (comma == COMMA_UNKNOWN && s.commas == 0 && s.points == 1 && (!s.groups[1] || s.zero))
        return COMMA_GROUPS; /* a decimal point */
    return comma;
}

/* A number with other signs than a point, as one with a point; NULL: it is none. Its end in
 * `text`. */
static const char *plain(const char *text, enum comma comma, char out[PLAIN])
{
    struct signs s = look(text);
    enum comma own = comma_of(&s);
    if (own == COMMA_UNKNOWN)
        own = comma;
    if (s.length == 0 || s.length >= PLAIN || (own == COMMA_UNKNOWN && s.commas > 0))
        return NULL;
    char decimal = own == COMMA_DECIMAL ? ',' : '.';
    int decimals = decimal == ',' ? s.commas : s.points, groups = decimal == ',' ? 1 : 0;
    int grouped = decimal == ',' ? s.points : s.commas;
    if (decimals > 1 || (grouped > 0 && (!s.groups[groups] || s.zero)))
        return NULL;
    size_t n = 0;
    for (size_t i = 0; i < s.length; i++)
        if (digit(text[i]) || (i == 0 && text[i] == '-'))
            out[n++] = text[i];
        else if (text[i] == decimal)
            out[n++] = '.';
    out[n] = '\0';
    return text + s.length;
}

/* ---- forms ---- */

/* A number, and where it ends; NULL: there is none. `odd`: it has other signs than a point. */
static const char *number_at(const char *text, enum comma comma, struct decimal *d, bool *odd)
{
    char copy[PLAIN];
    const char *end = decimal_read(text, d);
    *odd = !end || (*end && (*end == ',' || *end == '.' || gap(end) > 0));
    if (!*odd && comma == COMMA_DECIMAL)
        *odd = memchr(text, '.', (size_t)(end - text)) != NULL;
    if (!*odd)
        return end;
    end = plain(text, comma, copy);
    const char *rest = end ? decimal_read(copy, d) : NULL;
    return rest && *rest == '\0' ? end : NULL;
}

/* "00:00:00.117", "1:02.5" from behind the first number. */
static bool read_clock(const char *text, struct decimal first, enum comma comma,
                       struct measured *out)
{
    double sum = first.value;
    bool odd;
    struct decimal d = first;
    int n = 1;
    for (; *text == ':'; n++) {
        if (n == 3 || d.decimals > 0 || !digit(text[1]))
            return false;
        text = number_at(text + 1, comma, &d, &odd);
        if (!text || d.value >= 60)
            return false;
        sum = 60 * sum + d.value;
    }
    *out = (struct measured){sum, 1, d.decimals, false};
    return *text == '\0';
}

/* "117ms", "1m2.5s": from the number on, each of them with a unit. */
static bool read_units(const char *text, enum comma comma, struct measured *out)
{
    *out = (struct measured){0};
    while (*text) {
        struct decimal d = {0};
        bool odd;
        text = number_at(text, comma, &d, &odd);
        if (!text)
            return false;
        text += *text == ' ';
        size_t length = 0;
        while (letter(text[length]) || (text[length] & 0x80))
            length++;
        out->unit = measured_unit(text, length);
        if (out->unit == 0)
            return false;
        out->value += d.value * out->unit;
        out->decimals = d.decimals;
        text += length;
    }
    return out->unit > 0;
}

/* "PT1M2.5S" behind the P. */
static bool read_iso(const char *text, enum comma comma, struct measured *out)
{
    char units[PLAIN] = "";
    size_t n = 0;
    for (; *text && n < PLAIN - 1; text++)
        if (*text != 'T')
            units[n++] = *text;
    units[n] = '\0';
    return *text == '\0' && read_units(units, comma, out);
}

bool measured_read(const char *text, enum comma comma, struct measured *out)
{
    struct decimal d = {0};
    bool odd;
    bool minus = text[0] == '-' && text[1] != '\0';
    if ((text[0] == 'P' || text[0] == 'p') && (digit(text[1]) || text[1] == 'T'))
        return read_iso(text + 1, comma, out);
    const char *end = number_at(text, comma, &d, &odd);
    if (!end)
        return false;
    if (*end == '\0') {
        *out = (struct measured){d.value, 0, d.decimals, d.plain && !odd && *text != '+'};
        return true;
    }
    if (*end == ':')
        return !minus && read_clock(end, d, comma, out);
    return !minus && read_units(text, comma, out);
}
