#include "reader.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader_in.h"

const char *const log_format_names[] = {"auto", "csv", "access", "swf", NULL};
const char *const log_moment_names[] = {"auto", "start", "end", NULL};

/* The longest task or log, in seconds: 30,000 years, as everywhere in a scenario. */
#define LONGEST 1e12

enum log_verdict reader_bad(struct reader *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(r->why, sizeof r->why, format, args);
    va_end(args);
    return LINE_BAD;
}

const char *reader_quote(const char *text)
{
    /* Not interned: bad lines are as many as a file wants. */
    static _Thread_local char quoted[40];
    enum { SHOWN = 30 };
    size_t length = strlen(text);
    int cut = (int)(length < SHOWN ? length : SHOWN);
    while (length > SHOWN && cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80)
        cut--; /* not through the middle of a character */
    snprintf(quoted, sizeof quoted, "%.*s%s", cut, text, length > SHOWN ? "..." : "");
    return text_is_clean(quoted) ? quoted : "...";
}

double reader_unit_of(const char *name)
{
    static const struct {
        const char *word;
        double seconds;
    } words[] = {{"ns", 1e-9},
                 {"us", 1e-6},
                 {"usec", 1e-6},
                 {"micros", 1e-6},
                 {"ms", 1e-3},
                 {"msec", 1e-3},
                 {"millis", 1e-3},
                 {"s", 1},
                 {"sec", 1},
                 {"secs", 1},
                 {"seconds", 1},
                 {"min", 60},
                 {"minutes", 60},
                 {"h", 3600},
                 {"hours", 3600},
                 {"d", 86400},
                 {"milliseconds", 1e-3},
                 {"microseconds", 1e-6},
                 {"nanoseconds", 1e-9}};
    size_t end = strlen(name);
    while (end > 0 && !isalpha((unsigned char)name[end - 1]))
        end--;
    size_t from = end;
    while (from > 0 && isalpha((unsigned char)name[from - 1]))
        from--;
    for (size_t i = 0; from > 0 && i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == end - from &&
            strncasecmp(words[i].word, name + from, end - from) == 0)
            return words[i].seconds;
    return 0;
}

/* Seconds since 1970 have 10 digits in this century, their thousandths 13, and so on. */
static double tick_of(const struct reader *r, const struct stamp *stamp)
{
    double size = fabs((double)stamp->whole);
    if (stamp->kind == STAMP_DATE)
        return 1;
    if (r->options.arrival_unit > 0)
        return r->options.arrival_unit;
    return size >= 1e17 ? 1e-9 : size >= 1e14 ? 1e-6 : size >= 1e11 ? 1e-3 : 1;
}

bool reader_time(struct reader *r, const struct stamp *stamp, double *seconds)
{
    if (!r->begun) {
        r->begun = true;
        r->kind = stamp->kind;
        r->start = stamp->whole;
        r->tick = tick_of(r, stamp);
    }
    if (stamp->kind != r->kind) {
        reader_bad(r, "the time is a %s where the first is a %s",
                   stamp->kind == STAMP_DATE ? "date" : "number",
                   r->kind == STAMP_DATE ? "date" : "number");
        return false;
    }
    int64_t ticks;
    if (__builtin_sub_overflow(stamp->whole, r->start, &ticks)) {
        reader_bad(r, "the time is too far from the first one");
        return false;
    }
    *seconds = ((double)ticks + stamp->part) * r->tick;
    if (!(fabs(*seconds) <= LONGEST)) {
        reader_bad(r, "the time is too far from the first one");
        return false;
    }
    if (stamp->decimals > r->decimals)
        r->decimals = stamp->decimals;
    return true;
}

bool reader_size(struct reader *r, const char *text, double *seconds)
{
    struct decimal number;
    const char *end = decimal_read(text, &number);
    if (!end || *end) {
        reader_bad(r, "the size '%s' is not a number", reader_quote(text));
        return false;
    }
    *seconds = number.value * r->facts.unit;
    if (number.decimals > r->size_decimals)
        r->size_decimals = number.decimals;
    if (number.value < 0) {
        reader_bad(r, "the size %s is below 0", reader_quote(text));
        return false;
    }
    if (!(*seconds <= LONGEST)) {
        reader_bad(r, "the size %s is over 30,000 years", reader_quote(text));
        return false;
    }
    return true;
}

static bool blank(const char *text)
{
    return text[strspn(text, " \t")] == '\0';
}

/* "[10/Oct/2000:13:" somewhere. */
static bool has_access_date(const char *line)
{
    for (const char *p = strchr(line, '['); p; p = strchr(p + 1, '[')) {
        struct stamp stamp;
        char date[40];
        snprintf(date, sizeof date, "%.*s", (int)strcspn(p + 1, "]"), p + 1);
        if (stamp_read_access(date, &stamp))
            return true;
    }
    return false;
}

/* 18 numbers between blanks. */
static bool is_swf_row(const char *line)
{
    int n = 0;
    for (line += strspn(line, " \t"); *line; line += strspn(line, " \t"), n++) {
        struct decimal number;
        line = decimal_read(line, &number);
        if (!line || (*line && !isblank((unsigned char)*line)))
            return false;
    }
    return n == 18;
}

static enum log_format format_of(const char *line)
{
    if (line[0] == ';' || is_swf_row(line))
        return LOG_SWF;
    return has_access_date(line) ? LOG_ACCESS : LOG_CSV;
}

static void note_bad(struct reader *r, const char *why)
{
    struct log_facts *f = &r->facts;
    f->bad++;
    if (f->bad_kept == LOG_BAD_KEPT)
        return;
    f->first_bad[f->bad_kept].line = lines_number(r->lines);
    snprintf(f->first_bad[f->bad_kept++].why, LOG_WHY, "%s", why);
}

/* The first line that can be looked at. Comments (#) before the rows are passed over. */
static char *first_line(struct reader *r)
{
    const char *why;
    char *line;
    while ((line = lines_next(r->lines, &why))) {
        if (why)
            note_bad(r, why);
        else if (!blank(line) && line[0] != '#')
            return line;
    }
    return NULL;
}

static struct reader *begin(struct reader *r, struct errors *errors)
{
    static const struct log_reading *const readings[] = {NULL, &reading_csv, &reading_access,
                                                         &reading_swf};
    struct place whole = {r->facts.file, 0, 0};
    char *line = first_line(r);
    bool good = line != NULL;
    if (!line && lines_damage(r->lines))
        error_at(errors, whole, "cannot be read: %s", lines_damage(r->lines));
    else if (!line)
        error_at(errors, whole, "holds no lines");
    if (good) {
        r->facts.format = r->options.format == LOG_AUTO ? format_of(line) : r->options.format;
        r->reading = readings[r->facts.format];
        good = r->reading->open(r, line, errors);
    }
    if (good)
        return r;
    reader_close(r);
    return NULL;
}

static struct reader *reader_new(const char *name, const struct log_options *options,
                                 struct lines *lines)
{
    struct reader *r = xcalloc(1, sizeof *r);
    r->lines = lines;
    r->options = *options;
    r->facts.file = intern(name);
    r->class = -1;
    r->facts.unit = options->unit > 0 ? options->unit : 1;
    return r;
}

struct reader *reader_open(const char *file, const struct log_options *options,
                           struct errors *errors)
{
    struct lines *lines = lines_open(file, (struct place){file, 0, 0}, errors);
    return lines ? begin(reader_new(file, options, lines), errors) : NULL;
}

struct reader *reader_of(const char *name, const char *text, size_t size,
                         const struct log_options *options, struct errors *errors)
{
    return begin(reader_new(name, options, lines_of(text, size)), errors);
}

/* What is known only when all is read. */
static bool finish(struct reader *r)
{
    struct log_facts *f = &r->facts;
    f->lines = lines_number(r->lines);
    f->damage = lines_damage(r->lines);
    bool renamed = f->classes.renamed && log_classes_use(&f->classes);
    f->native = f->native && !renamed && f->bad == 0 && !f->damage && r->tick == 1 &&
                r->start >= 0 && r->start < 1000000000;
    f->clock = reader_clock(r);
    return false;
}

static double step_of(double unit, int decimals)
{
    double step = unit * pow(10, -decimals);
    return step >= 0.9e-9 ? step : 0;
}

double reader_clock(const struct reader *r)
{
    return step_of(r->tick, r->decimals);
}

double reader_size_step(const struct reader *r)
{
    return step_of(r->facts.unit, r->size_decimals);
}

bool reader_next(struct reader *r, struct log_task *task)
{
    task->class = 0;
    for (;;) {
        const char *why = NULL;
        char *line = r->kept ? r->kept : lines_next(r->lines, &why);
        r->kept = NULL;
        if (!line)
            return finish(r);
        if (why) {
            note_bad(r, why);
            continue;
        }
        if (blank(line))
            continue;
        enum log_verdict verdict = r->reading->read(r, line, task);
        if (verdict == LINE_BAD)
            note_bad(r, r->why);
        if (verdict != LINE_TASK)
            continue;
        if (r->facts.end)
            task->arrival -= task->size;
        r->facts.tasks++;
        return true;
    }
}

const struct log_facts *reader_facts(const struct reader *reader)
{
    return &reader->facts;
}

void reader_close(struct reader *reader)
{
    if (reader)
        lines_close(reader->lines);
    free(reader);
}
