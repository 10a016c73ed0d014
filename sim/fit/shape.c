/* Columns by their names: of shape.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "reader_in.h"
#include "shape_in.h"

/* ---- columns and their headings ---- */

static bool has_numbers(struct record *r)
{
    struct stamp stamp;
    struct measured measured;
    for (int i = 0; i < r->n && i < FIELDS; i++) {
        const char *text = r->field[i].text;
        if (stamp_read(text, &stamp) || measured_read(text, COMMA_DECIMAL, &measured))
            return true;
    }
    return false;
}

static void keep_headings(struct shape *shape, const struct record *r)
{
    shape->n_headings = r->n < FIELDS ? r->n : FIELDS;
    for (int i = 0; i < shape->n_headings; i++)
        shape->headings[i] = intern(r->field[i].text);
    shape->width = r->n;
}

/* The heading stands before the first line with numbers; of several lines there, it is the first
 * that is as wide as most lines are, or else the first. */
static void find_heading(struct learning *l)
{
    struct shape *shape = l->shape;
    struct record r = {0};
    int width[SAMPLE_LINES], usual = 0, alike = 0, numbers = l->sample->n, heading = -1;
    for (int i = 0; i < l->sample->n; i++) {
        format_cut(shape->format, shape->separator, l->sample, i, l->room, &r);
        width[i] = r.n;
        if (numbers == l->sample->n && has_numbers(&r))
            numbers = i;
    }
    for (int i = 0; i < l->sample->n; i++) {
        int same = 0;
        for (int k = 0; k < l->sample->n; k++)
            same += width[k] == width[i];
        if (same > alike) {
            alike = same;
            usual = width[i];
        }
    }
    for (int i = 0; i < numbers; i++)
        if (heading < 0 || (width[heading] != usual && width[i] == usual))
            heading = i;
    shape->width = 2 * alike > l->sample->n ? usual : 0;
    if (heading < 0)
        return;
    format_cut(shape->format, shape->separator, l->sample, heading, l->room, &r);
    has_numbers(&r);
    keep_headings(shape, &r);
    shape->heading = true;
    shape->heading_line = l->sample->number[heading];
}

/* #Fields: of W3C logs */
static void take_fields(struct learning *l)
{
    struct record r = {0};
    memcpy(l->room, l->sample->fields, strlen(l->sample->fields) + 1);
    cut_line(CUT_COLUMNS, ' ', l->room, &r);
    has_numbers(&r);
    keep_headings(l->shape, &r);
    l->shape->separator = strchr(l->sample->line[0], '\t') ? '\t' : ' ';
}

void learn_columns(struct learning *l)
{
    const struct format *f = l->shape->format;
    l->shape->separator = format_separator(f, l->sample);
    if (!l->shape->separator)
        l->shape->separator = ',';
    if (l->sample->fields)
        take_fields(l);
    else if (!f->sign || *f->sign != '^')
        find_heading(l);
}

/* ---- what names a column ---- */

static bool whole_number(const char *text, int *n)
{
    char *end;
    long value = strtol(text, &end, 10);
    *n = (int)value;
    return isdigit((unsigned char)*text) && *end == '\0' && value >= 1 && value <= FIELDS;
}

/* date+3, request+5, last-1, and a part of it: /5 or /last. */
static bool anchored(const char *text, struct column *column)
{
    static const struct {
        const char *word;
        enum anchor anchor;
    } anchors[] = {{"date", AT_DATE}, {"request", AT_REQUEST}, {"last", AT_END}};
    for (size_t i = 0; i < sizeof anchors / sizeof *anchors; i++) {
        size_t n = strlen(anchors[i].word);
        if (strncmp(text, anchors[i].word, n) != 0)
            continue;
        char *end = (char *)(uintptr_t)(text + n);
        *column = (struct column){.anchor = anchors[i].anchor, .set = true};
        if (*end == '+' || *end == '-')
            column->offset = (int)strtol(end, &end, 10);
        if (*end == '/') {
            column->between = '/';
            if (strcmp(end + 1, "last") == 0)
                return true;
            return whole_number(end + 1, &column->part);
        }
        return *end == '\0';
    }
    return false;
}

/* How many of the first lines have it. */
static int lines_with(struct learning *l, const struct column *column)
{
    int n = 0;
    for (int i = 0; i < l->sample->n; i++) {
        struct record r = {0};
        n += format_cut(l->shape->format, l->shape->separator, l->sample, i, l->room, &r) &&
             record_get(&r, column);
        record_done(&r);
    }
    return n;
}

bool resolve(struct learning *l, const char *text, struct column *column)
{
    const struct shape *shape = l->shape;
    int n;
    for (int i = 0; i < shape->n_headings; i++)
        if (strcasecmp(shape->headings[i], text) == 0) {
            *column = (struct column){.anchor = AT_START, .offset = i, .set = true};
            return true;
        }
    bool objects = shape->format->cut == CUT_OBJECT || shape->format->cut == CUT_TREE;
    *column = (struct column){.anchor = AT_KEY, .key = intern(text), .set = true};
    if (objects || shape->format->cut == CUT_LABELS)
        return lines_with(l, column) > 0;
    if (whole_number(text, &n))
        *column = (struct column){.anchor = AT_START, .offset = n - 1, .set = true};
    else if (!anchored(text, column))
        *column = (struct column){.anchor = AT_KEY, .key = intern(text), .set = true};
    if (column->anchor == AT_KEY && shape->format->cut == CUT_COLUMNS)
        return false;
    return lines_with(l, column) > 0;
}

/* Every name that a user might give, for messages. */
static const char **names_of(const struct traits *traits, int *n)
{
    const char **names = xcalloc((size_t)traits->n + 1, sizeof *names);
    *n = 0;
    for (int i = 0; i < traits->n; i++)
        if (traits->trait[i].column.anchor != AT_END)
            names[(*n)++] = traits->trait[i].name;
    return names;
}

static bool refuse_column(struct learning *l, const char *option, const char *asked)
{
    struct traits traits;
    int n, width = l->shape->width;
    traits_find(l->shape, l->sample, &traits);
    const char **names = names_of(&traits, &n), *near = nearest(asked, names);
    bool number = whole_number(asked, &n),
         bare = !l->shape->n_headings && l->shape->format->cut == CUT_COLUMNS;
    const char *list = "";
    for (int i = 0; i < 12 && names[i]; i++)
        list = internf("%s%s%s", list, i ? ", " : "", reader_quote(names[i]));
    if (number && width > 0)
        error_at(l->errors, l->at, "%s %s: most lines have %d columns", option, asked, width);
    else if (near)
        error_at(l->errors, l->at, "%s %s: no such column (did you mean '%s'?)", option, asked,
                 near);
    else if (bare)
        error_at(l->errors, l->at, "%s %s: there is no heading; name columns by number, from 1",
                 option, asked);
    else
        error_at(l->errors, l->at, "%s %s: no such column; there is %s", option, asked, list);
    free(names);
    traits_free(&traits);
    return false;
}

/* What the user asks for; true where nothing is asked. */
bool ask(struct learning *l, const char *option, const char *asked, struct spots *spots)
{
    if (!asked)
        return true;
    if (strchr(asked, '&') && take(l, asked, spots)) /* date&time */
        return true;
    spots->n = 1;
    return resolve(l, asked, &spots->column[0]) || refuse_column(l, option, asked);
}

/* What the format says: a|b, a&b. False: it is not there. */
bool take(struct learning *l, const char *said, struct spots *spots)
{
    while (said && *said) {
        char name[64];
        size_t n = strcspn(said, "|&");
        snprintf(name, sizeof name, "%.*s", (int)n, said);
        bool found = spots->n < SPOTS && resolve(l, name, &spots->column[spots->n]);
        spots->n += found;
        if (found && said[n] == '|')
            return true;
        said += n + (said[n] != '\0');
    }
    return spots->n > 0;
}

bool take_filters(struct learning *l)
{
    const struct format *f = l->shape->format;
    const char *const *asked = l->options->only;
    struct shape *shape = l->shape;
    char text[256];
    for (int i = 0; i < l->options->n_only; i++) {
        const char *equals = strchr(asked[i], '=');
        snprintf(text, sizeof text, "%.*s", (int)(equals - asked[i]), asked[i]);
        if (shape->n_only == FILTERS)
            return error_at(l->errors, l->at, "--only: %d of them at most", FILTERS);
        if (!resolve(l, text, &shape->only[shape->n_only]))
            return refuse_column(l, "--only", intern(text));
        shape->only_text[shape->n_only++] = equals + 1;
    }
    for (const char *p = l->options->n_only ? NULL : f->only; p && *p;) {
        size_t n = strcspn(p, " "), key = strcspn(p, "=");
        snprintf(text, sizeof text, "%.*s", (int)key, p);
        if (resolve(l, text, &shape->only[shape->n_only]))
            shape->only_text[shape->n_only++] = internf("%.*s", (int)(n - key - 1), p + key + 1);
        p += n + (p[n] == ' ');
    }
    return true;
}
