/* Whether a log is of a format: `sign` of formats.h. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats.h"
#include "measured.h"

bool format_cut(const struct format *f, char separator, const struct sample_lines *sample, int i,
                char *room, struct record *r)
{
    if (f->cut == CUT_TREE) {
        r->object = json_array_get(sample->tree, (size_t)i);
        r->owned = false;
        return r->object != NULL;
    }
    memcpy(room, sample->line[i], strlen(sample->line[i]) + 1);
    return cut_line(f->cut, separator, room, r);
}

/* ---- separators ---- */

static int width_of(const char *line, char separator)
{
    int n = 1;
    bool quoted = false;
    for (const char *p = line; *p; p++) {
        quoted ^= *p == '"';
        n += !quoted && *p == separator && (separator != ' ' || (p[1] != ' ' && p > line));
    }
    return n;
}

char format_separator(const struct format *f, const struct sample_lines *sample)
{
    static const char signs[] = ",;\t| ";
    char best = 0;
    int most = 0, columns = 0;
    if (f->separator)
        return f->separator;
    for (const char *sign = signs; *sign; sign++) {
        int width[SAMPLE_LINES], same = 0, wide = 0;
        for (int i = 0; i < sample->n; i++)
            width[i] = width_of(sample->line[i], *sign);
        for (int i = 0; i < sample->n; i++) {
            int alike = 0;
            for (int j = 0; j < sample->n; j++)
                alike += width[j] == width[i];
            if (width[i] > 1 && alike > same) {
                same = alike + (width[i] == width[0]); /* the heading counts twice */
                wide = width[i];
            }
        }
        /* A comma in every date separates as many lines as what stands between more columns. */
        if (same > most || (same == most && *sign != ' ' && wide > columns)) {
            most = same;
            columns = wide;
            best = *sign;
        }
    }
    return 2 * most > sample->n ? best : 0;
}

/* ---- kinds of words ---- */

static bool is_number(const char *text, double *value, int *decimals)
{
    struct decimal d;
    const char *end = decimal_read(text, &d);
    *value = end ? d.value : NAN;
    *decimals = end ? d.decimals : 0;
    return end && *end == '\0';
}

static bool is_slashed(const char *text)
{
    int n = 0;
    for (;; text++, n++) {
        struct decimal d;
        text = decimal_read(text, &d);
        if (!text || (*text && *text != '/'))
            return false;
        if (!*text)
            return n >= 2;
    }
}

static bool is_kind(char kind, const struct field *field)
{
    const char *text = field->text;
    struct stamp stamp;
    struct measured measured;
    double x;
    int decimals;
    switch (kind) {
    case '*':
        return true;
    case '@':
        return stamp_read(text, &stamp) && stamp.kind == STAMP_DATE;
    case '"':
        return field->mark == '"';
    case 'w':
        return !field->mark;
    case 'b':
        return strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0;
    case '/':
        return is_slashed(text);
    case 'u':
        return measured_read(text, COMMA_UNKNOWN, &measured) && measured.unit > 0;
    default:
        break;
    }
    if (strcmp(text, "-") == 0)
        return kind == 'c' || kind == 'n';
    if (!is_number(text, &x, &decimals))
        return false;
    bool whole = x == floor(x);
    return kind == 'n'   ? true
           : kind == 'c' ? whole && (x == 0 || (x >= 100 && x < 600))
           : kind == 'e' ? x >= 1e8 && x < 1e10 && decimals > 0
           : kind == 'M' ? whole && x >= 1e11 && x < 1e14
                         : whole && x >= 1e17 && x < 1e20;
}

/* The words of a line from the date on, or all. */
static bool fits_kinds(const char *kinds, struct record *r)
{
    int at = 0, n = r->n < FIELDS ? r->n : FIELDS;
    if (strncmp(kinds, "*@", 2) == 0) {
        at = r->date;
        kinds++;
    }
    for (; *kinds && at >= 0; kinds++, at++) {
        if (at >= n)
            return false;
        if (!is_kind(*kinds, &r->field[at]))
            return false;
    }
    return at >= 0;
}

static int keys_in(const struct record *r)
{
    int keys = 0;
    for (int i = 0; i < r->n && i < FIELDS; i++)
        keys += r->field[i].key != NULL;
    return keys;
}

static bool fits_words(const char *sign, struct record *r)
{
    switch (*sign) {
    case '[':
        return r->date >= 0 && (r->field[r->date].mark == '[' || r->request > r->date);
    case '=':
    case ':':
        return sign[1] ? fits_kinds(sign + 1, r) : keys_in(r) >= 2;
    default:
        return fits_kinds(sign, r);
    }
}

/* ---- keys and headings ---- */

/* Whether a,b=x|c holds: has(context, "b", 1, "x", 1) tells of one key. */
static bool fits_keys(const char *sign,
                      bool (*has)(void *context, const char *key, size_t length, const char *value),
                      void *context)
{
    while (*sign) {
        bool any = false;
        size_t group = strcspn(sign, ",");
        for (const char *p = sign; p < sign + group;) {
            size_t one = strcspn(p, ",|"), key = strcspn(p, ",|=");
            any = any || has(context, p, key, key < one ? p + key + 1 : NULL);
            p += one + (p[one] == '|');
        }
        if (!any)
            return false;
        sign += group + (sign[group] == ',');
    }
    return true;
}

static bool object_has(void *context, const char *key, size_t length, const char *value)
{
    char name[128];
    snprintf(name, sizeof name, "%.*s", (int)length, key);
    const char *text = object_text(context, name);
    size_t n = value ? strcspn(value, ",|") : 0;
    return text && (!value || (strlen(text) == n && strncmp(text, value, n) == 0));
}

static bool heading_has(void *context, const char *key, size_t length, const char *value)
{
    const struct record *r = context;
    (void)value;
    for (int i = 0; i < r->n && i < FIELDS; i++)
        if (strlen(r->field[i].text) == length && strncasecmp(r->field[i].text, key, length) == 0)
            return true;
    return false;
}

static bool fits_heading(const struct format *f, char separator, const struct sample_lines *sample,
                         char *room)
{
    struct record r;
    bool w3c = sample->fields != NULL;
    memcpy(room, w3c ? sample->fields : sample->line[0],
           strlen(w3c ? sample->fields : sample->line[0]) + 1);
    cut_line(CUT_COLUMNS, w3c ? ' ' : separator, room, &r);
    return fits_keys(f->sign, heading_has, &r);
}

/* Whether what a sign separates are columns: there is a heading, a line without numbers, or two of
 * them are numbers or times in most lines. Texts may have a comma each; what blanks separate are
 * words, but for two numbers. */
static bool fits_columns(const struct format *f, char separator, const struct sample_lines *sample,
                         char *room)
{
    int fit = 0;
    for (int i = 0; separator && i < sample->n; i++) {
        struct record r;
        struct stamp stamp;
        struct measured measured;
        int values = 0;
        format_cut(f, separator, sample, i, room, &r);
        for (int k = 0; k < r.n && k < FIELDS; k++) {
            const char *text = r.field[k].text;
            values += stamp_read(text, &stamp) || measured_read(text, COMMA_DECIMAL, &measured);
        }
        if (i == 0 && values == 0)
            return true;
        fit += separator == ' ' ? values == 2 && r.n == 2 : values >= 2;
    }
    return separator && 2 * fit >= sample->n;
}

/* ---- a log ---- */

/* ^text and ~a|~b */
static bool fits_text(const char *sign, const struct sample_lines *sample)
{
    if (*sign == '^')
        return strstr(sample->line[0], sign + 1) == sample->line[0];
    for (; *sign == '~'; sign += strcspn(sign, "|"), sign += *sign == '|') {
        char text[64];
        snprintf(text, sizeof text, "%.*s", (int)strcspn(sign + 1, "|"), sign + 1);
        for (int i = 0; i < sample->n; i++)
            if (strstr(sample->line[i], text))
                return true;
    }
    return false;
}

static bool fits_line(const struct format *f, struct record *r)
{
    if (!f->sign)
        return true;
    return f->cut == CUT_OBJECT || f->cut == CUT_TREE ? fits_keys(f->sign, object_has, r)
                                                      : fits_words(f->sign, r);
}

bool format_fits(const struct format *f, const struct sample_lines *sample)
{
    if ((f->cut == CUT_TREE) != (sample->tree != NULL))
        return false;
    if (f->sign && (*f->sign == '^' || *f->sign == '~'))
        return fits_text(f->sign, sample);
    char separator = f->cut == CUT_COLUMNS ? format_separator(f, sample) : 0;
    char *room = xmalloc(LINE_MOST + 1);
    int fit = 0;
    bool heading = f->cut == CUT_COLUMNS && f->sign && *f->sign != '=';
    if (heading && *f->sign == ',')
        fit = fits_columns(f, separator, sample, room) ? sample->n : 0;
    else if (heading)
        fit = fits_heading(f, separator, sample, room) ? sample->n : 0;
    for (int i = 0; !heading && i < sample->n; i++) {
        struct record r = {0};
        fit += format_cut(f, separator, sample, i, room, &r) && fits_line(f, &r);
        record_done(&r);
    }
    free(room);
    return 2 * fit >= sample->n;
}
