/* Golden results as text (golden.h): CSV, a head of one fact a line, then one figure a line.
 *
 *   format,1
 *   version,...  seed,...  tasks,...  recorded,yes|no  parameter,PATH
 *   key,PATH,TEXT                       of the scenario, each
 *   at,class,figure,value,low95,high95,degrees
 *   8,all,latency_p99,...               numbers as save_number writes them; none: empty
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../base/units.h"
#include "../result/save_csv.h"
#include "golden.h"

enum { FORMAT = 1, FIELDS = 8 };

static const char heading[] = "at,class,figure,value,low95,high95,degrees";
static const char comment[] =
    "# Golden results: written by `queuescope verify DIR --bless`, which overwrites this file.\n";

static void put_fact(struct text *to, const char *name, const char *text)
{
    text_put(to, name);
    text_char(to, ',');
    csv_text(to, text);
    text_char(to, '\n');
}

static void put_number(struct text *to, const char *name, double x)
{
    text_put(to, name);
    csv_number(to, x);
    text_char(to, '\n');
}

static void put_line(struct text *to, const struct golden_line *line)
{
    char at[NUMBER_TEXT];
    save_number(line->at, at);
    text_put(to, at);
    text_char(to, ',');
    csv_text(to, line->class);
    text_char(to, ',');
    text_put(to, golden_kinds[line->figure].name);
    if (line->figure == GOLDEN_STABLE) {
        text_char(to, ',');
        text_put(to, stable_names[(int)line->value]);
    } else {
        csv_number(to, line->value);
    }
    csv_number(to, line->low);
    csv_number(to, line->high);
    csv_number(to, line->degrees);
    text_char(to, '\n');
}

char *golden_text(const struct golden *golden)
{
    struct text to = {0};
    text_put(&to, comment);
    put_number(&to, "format", FORMAT);
    put_fact(&to, "version", golden->version);
    put_number(&to, "seed", golden->seed);
    put_number(&to, "tasks", golden->tasks);
    put_fact(&to, "recorded", golden->recorded ? "yes" : "no");
    if (golden->parameter)
        put_fact(&to, "parameter", golden->parameter);
    for (size_t i = 0; i < golden->n_keys; i++) {
        text_put(&to, "key,");
        put_fact(&to, golden->keys[i].path, golden->keys[i].text);
    }
    text_put(&to, heading);
    text_char(&to, '\n');
    for (size_t i = 0; i < golden->n; i++)
        put_line(&to, &golden->lines[i]);
    text_char(&to, '\0');
    return to.bytes;
}

/* A file being read: where it is, and the fields of the line. */
struct reading {
    struct place at;
    const char *field[FIELDS];
    size_t n;
    bool heading; /* has been seen */
    struct golden *out;
    struct errors *errors;
};

static bool refuse(struct reading *r, const char *what)
{
    return error_at(r->errors, r->at, "not a golden result: %s", what);
}

/* A line that is none; quoted only where a merge left it, for the file may be anything. */
static bool no_line(struct reading *r, const char *name)
{
    bool merge = strncmp(name, "<<<<<<<", 7) == 0;
    return refuse(r, merge ? internf("'%.40s' is no line of one", name) : "this is no line of one");
}

/* Cuts a line into its fields in place, out of their quotes. */
static bool split(struct reading *r, char *line)
{
    r->n = 0;
    for (char *from = line; from;) {
        if (r->n == FIELDS)
            return refuse(r, "too many fields");
        char *to = from;
        r->field[r->n++] = from;
        bool quoted = *from == '"';
        from += quoted;
        for (; *from && (quoted || *from != ','); from++) {
            if (quoted && *from == '"' && *++from != '"')
                break;
            *to++ = *from;
        }
        if (*from && *from != ',')
            return refuse(r, "a quote within a field");
        from = *from ? from + 1 : NULL;
        *to = '\0';
    }
    return true;
}

static bool number(struct reading *r, size_t field, double *out)
{
    const char *text = r->field[field];
    char *end;
    *out = NAN;
    if (*text == '\0')
        return true;
    *out = strtod(text, &end);
    if (*end == '\0' && isfinite(*out))
        return true;
    return refuse(r, internf("'%.40s' is no number", text));
}

static int word(const char *const *words, int n, const char *text)
{
    for (int i = 0; i < n; i++)
        if (strcmp(words[i], text) == 0)
            return i;
    return -1;
}

static bool take_format(struct reading *r)
{
    double format;
    if (!number(r, 1, &format))
        return false;
    if (format == FORMAT)
        return true;
    return refuse(r, internf("format %.40s; this version of queuescope reads format %d",
                             r->field[1], FORMAT));
}

static bool take_fact(struct reading *r)
{
    struct golden *out = r->out;
    const char *name = r->field[0], *text = r->n > 1 ? r->field[1] : "";
    if (strcmp(name, "key") == 0 && r->n == 3) {
        out->keys = xrealloc(out->keys, (out->n_keys + 1) * sizeof *out->keys);
        out->keys[out->n_keys++] =
            (struct golden_key){.path = intern(text), .text = intern(r->field[2])};
        return true;
    }
    if (r->n != 2)
        return no_line(r, name);
    if (strcmp(name, "format") == 0)
        return take_format(r);
    if (strcmp(name, "seed") == 0)
        return number(r, 1, &out->seed);
    if (strcmp(name, "tasks") == 0)
        return number(r, 1, &out->tasks);
    if (strcmp(name, "version") == 0)
        out->version = intern(text);
    else if (strcmp(name, "parameter") == 0)
        out->parameter = intern(text);
    else if (strcmp(name, "recorded") == 0)
        out->recorded = strcmp(text, "yes") == 0;
    else
        return no_line(r, name);
    return true;
}

static int figure_named(const char *name)
{
    for (int i = 0; i <= GOLDEN_STABLE; i++)
        if (strcmp(golden_kinds[i].name, name) == 0)
            return i;
    return -1;
}

static bool take_figure(struct reading *r)
{
    struct golden_line line = {.figure = -1};
    if (r->n != 7)
        return refuse(r, "a figure has 7 fields");
    line.class = intern(r->field[1]);
    line.figure = figure_named(r->field[2]);
    if (line.figure < 0)
        return refuse(r, internf("'%.40s' is no figure", r->field[2]));
    if (!number(r, 0, &line.at) || !number(r, 4, &line.low) || !number(r, 5, &line.high) ||
        !number(r, 6, &line.degrees))
        return false;
    if (line.figure == GOLDEN_STABLE) {
        line.value = word(stable_names, 3, r->field[3]);
        if (line.value < 0)
            return refuse(r, internf("'%.40s' is none of yes, no, unknown", r->field[3]));
    } else if (!number(r, 3, &line.value)) {
        return false;
    }
    bool interval = !isnan(line.low) || !isnan(line.high);
    if (interval && !(line.low <= line.value && line.value <= line.high && line.degrees >= 1))
        return refuse(r,
                      "an interval that does not hold its figure, or without degrees of freedom");
    *golden_add(r->out) = line;
    return true;
}

static bool take_line(struct reading *r, char *line)
{
    size_t length = strlen(line);
    if (length > 0 && line[length - 1] == '\r') /* as some version control leaves it */
        line[length - 1] = '\0';
    if (!text_is_clean(line))
        return refuse(r, "control characters, or not UTF-8");
    if (*line == '#' || *line == '\0')
        return true;
    if (strcmp(line, heading) == 0) {
        r->heading = true;
        return true;
    }
    return split(r, line) && (r->heading ? take_figure(r) : take_fact(r));
}

bool golden_read(const char *name, const char *text, struct golden *out, struct errors *errors)
{
    *out = (struct golden){.seed = NAN, .tasks = NAN};
    struct reading r = {.at = {name, 0, 1}, .out = out, .errors = errors};
    size_t size = strlen(text) + 1;
    char *copy = xmalloc(size), *next = memcpy(copy, text, size);
    bool good = true;
    while (good && next) {
        char *line = strsep(&next, "\n");
        r.at.line++;
        good = take_line(&r, line);
    }
    if (good && (!out->version || isnan(out->seed) || out->n == 0))
        good = refuse(&r, "it ends before its figures");
    free(copy);
    if (!good)
        golden_free(out);
    return good;
}
