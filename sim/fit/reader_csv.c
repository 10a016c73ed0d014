/* Comma-separated logs of reader.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader_in.h"

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && isblank((unsigned char)text[length - 1]))
        text[--length] = '\0';
    if (length >= 2 && text[0] == '"' && text[length - 1] == '"') {
        text[length - 1] = '\0';
        return text + 1;
    }
    return text;
}

/* The sign behind a field: separators between double quotes are text. */
static char *field_end(char *text, char separator)
{
    bool quoted = false;
    for (; *text && (quoted || *text != separator); text++)
        quoted ^= *text == '"';
    return text;
}

/* Cuts a line into at most FIELDS fields, or as many as are wanted; their number. */
static int cut(char *text, char separator, int wanted, char *fields[FIELDS])
{
    int n = 0;
    while (n < wanted) {
        char *end = field_end(text, separator);
        bool last = *end == '\0';
        *end = '\0';
        fields[n++] = trim(text);
        if (last)
            break;
        text = end + 1;
    }
    return n;
}

static char separator_of(const char *line)
{
    static const char signs[] = ",;\t|";
    size_t count[sizeof signs] = {0}, best = 0;
    bool quoted = false;
    for (; *line; line++) {
        const char *sign = strchr(signs, *line);
        quoted ^= *line == '"';
        if (sign && !quoted)
            count[sign - signs]++;
    }
    for (size_t i = 1; signs[i]; i++)
        if (count[i] > count[best])
            best = i;
    return signs[best];
}

/* Names that columns of times and of sizes go by, those that say most first. */
static const char *const times[] = {"arrival_s",    "arrival",   "arrival_time", "arrived",
                                    "start_time",   "start",     "submit_time",  "submit",
                                    "request_time", "timestamp", "time_stamp",   "datetime",
                                    "date",         "time",      "ts",           NULL};
static const char *const sizes[] = {
    "service_s",       "service",      "service_time",  "duration", "elapsed",
    "latency",         "request_time", "response_time", "run_time", "runtime",
    "processing_time", "took",         "time_taken",    "size",     NULL};

/* Whether a heading is a name, but for case, quotes and a unit behind it. */
static bool is_named(const char *heading, const char *name)
{
    size_t n = strlen(name);
    if (strncasecmp(heading, name, n) != 0)
        return false;
    heading += n;
    heading += strspn(heading, "_ ([");
    return *heading == '\0' ||
           (heading[-1] != name[n - 1] && strlen(heading) <= 13 && reader_unit_of(heading - 1) > 0);
}

static int column_of(char *const fields[], int n, const char *const *names, int not )
{
    for (; *names; names++)
        for (int i = 0; i < n; i++)
            if (i != not &&is_named(fields[i], *names))
                return i;
    return -1;
}

static bool is_number(const char *text, long *number)
{
    char *end;
    *number = strtol(text, &end, 10);
    return *text && isdigit((unsigned char)*text) && *end == '\0';
}

/* The column that was asked for; -1 with an error. */
static int column_asked(const struct reader *r, char *const fields[], int n, bool header,
                        const char *option, const char *asked, struct errors *errors)
{
    const char *names[FIELDS + 1];
    long number;
    struct place at = {r->facts.file, (int)lines_number(r->lines), 1};
    if (is_number(asked, &number)) {
        if (number >= 1 && number <= n)
            return (int)number - 1;
        error_at(errors, at, "%s %s: the first line has %d columns", option, asked, n);
        return -1;
    }
    if (!header) {
        error_at(errors, at, "%s %s: the first line is no header; name columns by number, from 1",
                 option, asked);
        return -1;
    }
    for (int i = 0; i < n; i++) {
        names[i] = intern(reader_quote(fields[i]));
        if (strcasecmp(fields[i], asked) == 0)
            return i;
    }
    names[n] = NULL;
    const char *near = nearest(asked, names);
    if (near)
        error_at(errors, at, "%s %s: no such column (did you mean '%s'?)", option, asked, near);
    else
        error_at(errors, at, "%s %s: no such column; there is %s%s%s", option, asked, names[0],
                 n > 1 ? ", " : "", n > 1 ? names[1] : "");
    return -1;
}

/* A first line without a single number or date is a header. */
static bool is_header(char *const fields[], int n)
{
    struct stamp stamp;
    for (int i = 0; i < n; i++)
        if (stamp_read(fields[i], &stamp))
            return false;
    return true;
}

static bool find_columns(struct reader *r, char *const fields[], int n, bool header,
                         struct errors *errors)
{
    const struct log_options *o = &r->options;
    struct place at = {r->facts.file, (int)lines_number(r->lines), 1};
    r->arrival = o->arrival ? column_asked(r, fields, n, header, "--arrival", o->arrival, errors)
                 : header   ? column_of(fields, n, times, -1)
                            : 0;
    if (o->arrival && r->arrival < 0)
        return false;
    r->class = o->class ? column_asked(r, fields, n, header, "--class", o->class, errors)
               : header ? column_of(fields, n, (const char *const[]){"class", NULL}, -1)
                        : -1;
    if (o->class && r->class < 0)
        return false;
    r->service = o->service ? column_asked(r, fields, n, header, "--service", o->service, errors)
                 : header   ? column_of(fields, n, sizes, r->arrival)
                            : 1;
    if (o->service && r->service < 0)
        return false;
    if (r->arrival < 0 || r->service < 0 || r->service >= n)
        return error_at(errors, at,
                        "no column of %s was recognised: name it with %s COLUMN (its heading, or "
                        "its number from 1)",
                        r->arrival < 0 ? "arrival times" : "sizes",
                        r->arrival < 0 ? "--arrival" : "--service");
    return r->arrival != r->service ||
           error_at(errors, at, "arrival times and sizes cannot be the same column");
}

static bool open_csv(struct reader *r, char *first, struct errors *errors)
{
    size_t size = strlen(first) + 1;
    char *copy = memcpy(xmalloc(size), first, size), *fields[FIELDS];
    r->separator = separator_of(copy);
    int n = cut(copy, r->separator, FIELDS, fields);
    bool header = is_header(fields, n), good = find_columns(r, fields, n, header, errors);
    if (good) {
        struct log_facts *f = &r->facts;
        const char *arrival = fields[r->arrival], *service = fields[r->service];
        f->end = r->options.moment == MOMENT_END;
        if (header) {
            f->arrival = internf("column '%s'", reader_quote(arrival));
            f->service = internf("column '%s'", reader_quote(service));
        } else {
            f->arrival = internf("column %d", r->arrival + 1);
            f->service = internf("column %d", r->service + 1);
        }
        if (r->class >= 0)
            f->class = header ? internf("column '%s'", reader_quote(fields[r->class]))
                              : internf("column %d", r->class + 1);
        if (header && !(r->options.unit > 0) && reader_unit_of(service) > 0)
            f->unit = reader_unit_of(service);
        if (header && !(r->options.arrival_unit > 0))
            r->options.arrival_unit = reader_unit_of(arrival);
        f->native = header ? strcmp(arrival, "arrival_s") == 0 && strcmp(service, "service_s") == 0
                           : r->arrival == 0 && r->service == 1 && n <= 3;
        f->native = f->native && r->separator == ',' && !f->end && f->unit == 1;
        if (r->class >= 0) /* where a trace looks for it */
            f->native = f->native && header && strcmp(fields[r->class], "class") == 0;
        r->kept = header ? NULL : first;
    }
    free(copy);
    return good;
}

static enum log_verdict read_csv(struct reader *r, char *line, struct log_task *task)
{
    char *fields[FIELDS];
    struct stamp stamp;
    int wanted = (r->arrival > r->service ? r->arrival : r->service) + 1;
    if (wanted <= r->class)
        wanted = r->class + 1;
    int n = cut(line, r->separator, wanted, fields);
    if (n < wanted)
        return reader_bad(r, "%d column%s, and column %d is wanted", n, n == 1 ? "" : "s", wanted);
    if (!stamp_read(fields[r->arrival], &stamp))
        return reader_bad(r, "the time '%s' is neither a number nor a date",
                          reader_quote(fields[r->arrival]));
    if (!reader_size(r, fields[r->service], &task->size) || !reader_time(r, &stamp, &task->arrival))
        return LINE_BAD;
    task->class = r->class >= 0 ? log_class_of(&r->facts.classes, fields[r->class]) : 0;
    return LINE_TASK;
}

const struct log_reading reading_csv = {open_csv, read_csv};
