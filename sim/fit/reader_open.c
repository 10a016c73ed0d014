/* What a file of a log is, by its first lines. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader_in.h"

double reader_unit_of(const char *name)
{
    size_t end = strlen(name);
    while (end > 0 && !isalpha((unsigned char)name[end - 1]))
        end--;
    size_t from = end;
    while (from > 0 && isalpha((unsigned char)name[from - 1]))
        from--;
    if (from == 0)
        return 0;
    bool minutes = end - from == 1 && tolower((unsigned char)name[from]) == 'm';
    return minutes ? 0 : measured_unit(name + from, end - from);
}

/* ---- the first lines ---- */

static void sample_free(struct sample_lines *sample)
{
    for (int i = 0; i < sample->n; i++)
        free(sample->line[i]);
    free(sample->fields);
}

static char *copy_of(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(xmalloc(size), text, size);
}

/* Comments (#) before the lines are passed over, but for a heading. Returns how many lines there
 * were at all. */
static int take_sample(struct log_file *f, struct sample_lines *sample)
{
    const char *why;
    char *line;
    int lines = 0;
    *sample = (struct sample_lines){0};
    for (; sample->n < SAMPLE_LINES && (line = file_line(f, &why)); lines++) {
        const char *fields = w3c_fields(line);
        if (fields && !sample->fields)
            sample->fields = copy_of(fields);
        if (why || !line[strspn(line, " \t")] || line[0] == '#' || line[0] == ';')
            if (!(why == NULL && strncmp(line, "#[Hist", 6) == 0))
                continue;
        sample->number[sample->n] = f->number;
        sample->line[sample->n++] = copy_of(line);
    }
    return lines;
}

static int rows_of_width(const struct sample_lines *sample, char separator, int width)
{
    int n = 0;
    for (int i = 0; i < sample->n; i++)
        n += columns_in(sample->line[i], separator) == width;
    return n;
}

/* Where quotes in columns are left open at the end of a line, rows as long as the first: taken
 * where more of them are whole then. */
static void join_rows(struct log_file *f, struct sample_lines *sample)
{
    char separator = format_separator(format_named("csv"), sample);
    if (sample->n < 2 || !separator || separator == ' ' || !file_lines_are_open(sample, separator))
        return;
    struct sample_lines rows;
    f->separator = separator;
    f->width = columns_in(sample->line[0], separator);
    lines_rewind(f->lines);
    take_sample(f, &rows);
    bool better = (double)rows_of_width(&rows, separator, f->width) * sample->n >
                  (double)rows_of_width(sample, separator, f->width) * rows.n;
    sample_free(better ? sample : &rows);
    if (better)
        *sample = rows;
}

/* ---- JSON of a whole file ---- */

static bool is_object(const char *line)
{
    json_t *value = json_loads(line, 0, NULL);
    bool object = json_is_object(value);
    json_decref(value);
    return object;
}

/* Whether the file is one value of JSON, rather than one a line. */
static bool is_tree(struct log_file *f, const struct sample_lines *sample)
{
    char head[64] = "";
    lines_rewind(f->lines);
    size_t n = lines_bytes(f->lines, head, sizeof head - 1);
    lines_rewind(f->lines);
    head[n] = '\0';
    const char *at = head + strspn(head, " \t\r\n");
    if (*at != '{' && *at != '[')
        return false;
    const char *next = at + 1 + strspn(at + 1, " \t\r\n");
    if (*at == '[')
        return *next == '{';
    if (*next != '"')
        return false;
    int objects = 0;
    for (int i = 0; i < sample->n; i++)
        objects += is_object(sample->line[i]);
    return 2 * objects < sample->n || (sample->n <= 1 && strstr(head, "\"log\""));
}

static bool take_tree(struct log_file *f, const char *path, struct sample_lines *sample,
                      struct place at, struct errors *errors)
{
    const char *why = NULL;
    f->tree = tree_read(f->lines, path, &why);
    if (!f->tree)
        return error_at(errors, at, "%s", why);
    sample_free(sample);
    size_t n = json_array_size(f->tree);
    *sample = (struct sample_lines){.n = n < SAMPLE_LINES ? (int)n : SAMPLE_LINES, .tree = f->tree};
    for (int i = 0; i < sample->n; i++) {
        sample->line[i] = copy_of("");
        sample->number[i] = i + 1;
    }
    return true;
}

/* ---- refusals ---- */

/* The law of the quantiles of an HdrHistogram listing, as a scenario has it; NULL: they are not
 * there. Its values are of milliseconds, as wrk2 writes them. */
static const char *law_of(struct log_file *f)
{
    static const struct {
        const char *name;
        double p;
    } wanted[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"max", 1}};
    enum { WANTED = sizeof wanted / sizeof *wanted };
    double found[WANTED] = {0}, value, p;
    const char *why, *law = "";
    lines_rewind(f->lines);
    for (char *line; (line = lines_next(f->lines, &why));)
        if (sscanf(line, "%lf %lf", &value, &p) == 2)
            for (int i = 0; i < WANTED; i++)
                if (found[i] == 0 && p >= wanted[i].p && value > 0)
                    found[i] = value;
    for (int i = 0; i < WANTED; i++) {
        if (found[i] == 0)
            return NULL;
        law = internf("%s, %s: %gms", law, wanted[i].name, found[i]);
    }
    return internf("tasks: {size: {distribution: percentiles%s}}", law);
}

static bool refuse(struct log_file *f, const struct format *format, struct place at,
                   struct errors *errors)
{
    const char *law = strstr(format->refusal, "quantiles") ? law_of(f) : NULL;
    if (law)
        return error_at(errors, at,
                        "(%s) holds quantiles and no line a request; as milliseconds they are the "
                        "law %s, to which arrivals are yet to be told (latencies hold the wait)",
                        format->of, law);
    return error_at(errors, at, "(%s) %s", format->of, format->refusal);
}

/* ---- formats ---- */

/* The first row that fits, among those of a name where one is asked for. */
static const struct format *recognise(const char *name, const struct sample_lines *sample)
{
    const struct format *first = name ? format_named(name) : NULL;
    for (const struct format *f = formats; f->name; f++)
        if ((!name || strcmp(f->name, name) == 0) && format_fits(f, sample))
            return f;
    return first;
}

/* Lines of text have no NUL: none can be used, or one of the first bytes is one. */
static bool is_binary(struct log_file *f, const struct sample_lines *sample, int lines)
{
    char head[64];
    lines_rewind(f->lines);
    size_t n = lines_bytes(f->lines, head, sizeof head);
    lines_rewind(f->lines);
    return (sample->n == 0 && lines > 0) || memchr(head, '\0', n);
}

/* The format and the shape of its lines. */
static bool find_shape(struct log_file *f, const struct log_options *o, struct sample_lines *sample,
                       struct errors *errors)
{
    struct place whole = {f->name, 0, 0};
    const struct format *format = recognise(o->format, sample);
    if (!format) /* words of any kind are the last row */
        format = format_named("words");
    if (format->refusal)
        return refuse(f, format, whole, errors);
    if ((format->cut == CUT_TREE) != (f->tree != NULL))
        return error_at(errors, whole, "is no file of the format %s (%s)", format->name,
                        format->of);
    long line = sample->n > 0 && !f->tree ? sample->number[0] : 0;
    struct place first = {f->name, line < INT32_MAX ? (int)line : 0, 1};
    return shape_learn(format, sample, o, first, &f->shape, errors);
}

bool file_begin(struct log_file *f, const struct log_options *o, struct errors *errors)
{
    struct place whole = {f->name, 0, 0};
    struct sample_lines sample;
    int lines = take_sample(f, &sample);
    join_rows(f, &sample);
    const struct format *asked = o->format ? format_named(o->format) : NULL;
    bool good = true, tree = is_tree(f, &sample);
    if (tree) {
        const char *path = asked && asked->cut == CUT_TREE ? asked->tree : NULL;
        good = take_tree(f, path, &sample, whole, errors);
    }
    if (good && sample.n == 0 && lines_damage(f->lines))
        good = error_at(errors, whole, "cannot be read: %s", lines_damage(f->lines));
    else if (good && is_binary(f, &sample, lines))
        good = error_at(errors, whole,
                        "holds no lines of text. (Gatling's simulation.log is binary since 3.12; "
                        "older versions, such as 3.11, write it as text, which is read. Or take "
                        "what js/stats.json of its report has in milliseconds, percentiles1 to "
                        "percentiles4 being p50, p75, p95 and p99: tasks: {size: {distribution: "
                        "percentiles, p50: 20ms, p75: 40ms, p95: 80ms, p99: 200ms, max: 1s}})");
    else if (good && sample.n == 0)
        good = error_at(errors, whole, "holds no lines");
    good = good && find_shape(f, o, &sample, errors) && dates_learn(f, o, errors);
    sample_free(&sample);
    bool columns = good && !tree && f->shape.format->cut == CUT_COLUMNS;
    f->separator = columns ? f->shape.separator : 0;
    f->width = columns && f->separator != ' ' ? f->shape.width : 0;
    if (good && !tree)
        file_rewind(f);
    return good;
}
