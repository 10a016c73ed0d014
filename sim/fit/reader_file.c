/* The tasks of one file of a log. */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "reader_in.h"

/* The longest task or log, in seconds: 30,000 years, as everywhere in a scenario. */
#define LONGEST 1e12

static enum log_verdict bad(struct log_file *f, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum log_verdict bad(struct log_file *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(f->why, sizeof f->why, format, args);
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

double reader_tick(double x)
{
    double size = fabs(x);
    return size >= 1e17 ? 1e-9 : size >= 1e14 ? 1e-6 : size >= 1e11 ? 1e-3 : 1;
}

/* ---- times ---- */

static double tick_of(const struct log_file *f, const struct stamp *stamp)
{
    if (stamp->kind == STAMP_DATE)
        return 1;
    if (f->shape.tick > 0)
        return f->shape.tick;
    return reader_tick(isnan(f->shape.epoch) ? (double)stamp->whole : f->shape.epoch);
}

/* A clock that was never set begins in 1970. */
static bool is_unset(const struct log_file *f, const struct stamp *stamp)
{
    const double two_years = 6.3e7, long_after = 5e8;
    double tick = tick_of(f, stamp);
    return f->shape.calendar && f->shape.epoch * tick > long_after &&
           (double)stamp->whole * tick < two_years && (double)stamp->whole * tick > -two_years;
}

/* By how much the clock was put back between a time and the next: an hour or half of one, at a full
 * hour, and not to where the log began; else 0. */
static double put_back(const struct log_file *f, double now)
{
    const double hour = 3600, near = 300, order = 60;
    double back = f->last - now;
    double to_hour = fmod((double)f->start + f->last, hour); /* behind the full hour */
    if (f->back_most > order || now < near || hour - to_hour > near)
        return 0;
    for (int halves = 1; halves <= 2; halves++)
        if (fabs(back - halves * hour / 2) < near)
            return halves * hour / 2;
    return 0;
}

/* The clock's own time as one that never goes back. */
static double mend(struct log_file *f, double now)
{
    enum { YOUNG = 100 };
    const double near = 300;
    if (f->read) {
        double back = put_back(f, now);
        if (back > 0) {
            f->shift += back;
            f->shift_age = 0;
            if (f->facts->back == 0) {
                f->facts->back = back;
                f->facts->back_line = f->number;
            }
        } else if (f->shift > 0 && f->shift_age < YOUNG && fabs(now - f->last - f->shift) < near) {
            f->shift = 0; /* it was one line, not the clock */
        } else {
            f->back_most = fmax(f->back_most, f->last - now);
        }
    }
    f->last = now;
    f->shift_age++;
    return now + f->shift;
}

static bool take_time(struct log_file *f, const struct stamp *stamp, double *seconds)
{
    if (!f->begun) {
        f->begun = true;
        f->kind = stamp->kind;
        f->start = stamp->whole;
        f->tick = tick_of(f, stamp);
    }
    if (stamp->kind != f->kind) {
        bad(f, "the time is a %s where the first is a %s",
            stamp->kind == STAMP_DATE ? "date" : "number",
            f->kind == STAMP_DATE ? "date" : "number");
        return false;
    }
    int64_t ticks;
    bool far = __builtin_sub_overflow(stamp->whole, f->start, &ticks);
    *seconds = far ? INFINITY : ((double)ticks + stamp->part) * f->tick;
    if (!(fabs(*seconds) <= LONGEST)) {
        bad(f, "the time is too far from the first one");
        return false;
    }
    if (stamp->decimals > f->decimals)
        f->decimals = stamp->decimals;
    return true;
}

static bool read_time(struct log_file *f, const struct spots *spots, struct stamp *stamp)
{
    char room[64];
    const char *text;
    if (!spots_text(&f->record, spots, room, sizeof room, &text))
        return bad(f, "there is no time"), false;
    if (!stamp_read_any(text, stamp))
        return bad(f, "the time '%s' is no number, and no date that exists", reader_quote(text)),
               false;
    if (!dates_settle(f, stamp))
        return bad(f, "the date '%s' has its %s first, and most have not", reader_quote(text),
                   f->shape.day_first ? "month" : "day"),
               false;
    if (is_unset(f, stamp))
        return bad(f, "the time is of 1970: a clock that was not set"), false;
    return true;
}

/* ---- sizes ---- */

static bool check_size(struct log_file *f, double size, const char *text)
{
    if (size < 0)
        return bad(f,
                   strcmp(text, "-1") == 0 ? "the size is not known (-1)"
                                           : "the size %s is below 0",
                   reader_quote(text)),
               false;
    if (!(size <= LONGEST))
        return bad(f, "the size %s is over 30,000 years", reader_quote(text)), false;
    return true;
}

/* The finest step is kept. */
static void take_step(struct log_file *f, double unit, int decimals)
{
    if (unit == f->step_unit && decimals <= f->step_decimals)
        return;
    f->size_step = fmin(f->size_step, unit * pow(10, -decimals));
    f->step_unit = unit;
    f->step_decimals = decimals;
}

static bool read_size(struct log_file *f, double *seconds)
{
    struct measured measured;
    const char *wrong;
    const struct shape *s = &f->shape;
    if (!spots_measured(&f->record, &s->size, s->comma, s->unit, &measured, &wrong)) {
        if (wrong)
            bad(f, "the size '%s' is not a number", reader_quote(wrong));
        else
            bad(f, "there is no size");
        return false;
    }
    if (!check_size(f, measured.value, wrong ? wrong : "that is written"))
        return false;
    *seconds = measured.value;
    take_step(f, measured.unit, measured.decimals);
    f->plain = f->plain && measured.plain;
    return true;
}

/* The time between start and end. */
static bool read_difference(struct log_file *f, const struct stamp *start, double *seconds)
{
    struct stamp end;
    if (!read_time(f, &f->shape.end, &end))
        return false;
    if (end.kind != start->kind)
        return bad(f, "start and end are a date and a number"), false;
    double ticks = (double)(end.whole - start->whole) + (end.part - start->part);
    *seconds = ticks * tick_of(f, start);
    take_step(f, tick_of(f, start),
              end.decimals > start->decimals ? end.decimals : start->decimals);
    /* The digits below those that are written are dust. */
    if (f->size_step > 1e-10)
        *seconds = f->size_step * round(*seconds / f->size_step);
    f->plain = false;
    if (*seconds < 0)
        return bad(f, "it ends before it starts"), false;
    return check_size(f, *seconds, "that is written");
}

/* ---- lines ---- */

static void take_processors(struct log_file *f, double size)
{
    const char *text = record_get(&f->record, &f->shape.count);
    struct measured n;
    if (!text || !measured_read(text, COMMA_UNKNOWN, &n) || n.value < 1)
        n.value = 1;
    f->facts->work += n.value * size;
    f->facts->processors = fmax(f->facts->processors, n.value);
}

static enum log_verdict read_record(struct log_file *f, struct log_task *task)
{
    const struct shape *s = &f->shape;
    struct stamp stamp;
    if (!shape_takes(s, &f->record)) {
        f->facts->others++;
        return LINE_NOTHING;
    }
    if (!read_time(f, &s->arrival, &stamp))
        return LINE_BAD;
    if (!(s->size.n > 0 ? read_size(f, &task->size) : read_difference(f, &stamp, &task->size)) ||
        !take_time(f, &stamp, &task->arrival))
        return LINE_BAD;
    if (stamp.kind == STAMP_DATE && !stamp.zoned)
        task->arrival = mend(f, task->arrival);
    if (s->from_end)
        task->arrival -= task->size;
    task->class = 0;
    if (s->class.set) {
        const char *class = record_get(&f->record, &s->class);
        task->class = log_class_of(&f->facts->classes, class ? class : "");
    }
    if (s->count.set)
        take_processors(f, task->size);
    f->read = true;
    return LINE_TASK;
}

/* A row ends, as some write it, with one more separator. */
static bool has_width(struct log_file *f)
{
    const struct shape *s = &f->shape;
    int n = f->record.n;
    if (s->width == 0 || n == s->width)
        return true;
    if (n == s->width + 1 && n <= FIELDS && f->record.field[n - 1].text[0] == '\0')
        return true;
    bad(f, "%d column%s, where %s %d%s", n, n == 1 ? "" : "s",
        s->n_headings ? "the heading has" : "most lines have", s->width,
        n == 2 * s->width && s->separator == ','
            ? ": decimal commas between commas? Write points, or separate by semicolons"
            : "");
    return false;
}

const char *w3c_fields(const char *line)
{
    static const char mark[] = "#Fields:";
    if (strncasecmp(line, mark, strlen(mark)) != 0)
        return NULL;
    line += strlen(mark);
    return line + strspn(line, " \t");
}

/* Lines between the tasks that say something else. */
static bool is_remark(struct log_file *f, const char *line)
{
    const struct shape *s = &f->shape;
    if (line[0] == ';')
        return s->format->cut == CUT_WORDS;
    if (line[0] != '#' || s->format->cut == CUT_OBJECT)
        return false;
    const char *fields = w3c_fields(line);
    if (fields) {
        char name[256];
        int i = 0, n;
        for (; sscanf(fields, "%255s%n", name, &n) == 1; fields += n, i++)
            f->other_fields =
                f->other_fields || i >= s->n_headings || strcmp(name, s->headings[i]) != 0;
        return true;
    }
    return !f->read || (!s->heading && s->n_headings > 0);
}

static enum log_verdict read_line(struct log_file *f, char *line, struct log_task *task)
{
    const struct shape *s = &f->shape;
    if (line[0] == '#' || line[0] == ';')
        if (is_remark(f, line))
            return LINE_NOTHING;
    if (s->heading && f->number == s->heading_line)
        return LINE_NOTHING;
    if (f->other_fields)
        return bad(f, "other #Fields stand above it than at the beginning");
    if (!cut_line(s->format->cut, s->separator, line, &f->record)) {
        record_done(&f->record);
        return bad(f, s->format->cut == CUT_OBJECT ? "it is no object of JSON" : "it has no words");
    }
    enum log_verdict verdict =
        s->format->cut == CUT_COLUMNS && !has_width(f) ? LINE_BAD : read_record(f, task);
    record_done(&f->record);
    return verdict;
}

static void note_bad(struct log_file *f, const char *why)
{
    struct log_facts *facts = f->facts;
    facts->bad++;
    if (facts->bad_kept == LOG_BAD_KEPT)
        return;
    facts->first_bad[facts->bad_kept].file = f->name;
    facts->first_bad[facts->bad_kept].line = f->tree ? (long)f->tree_at : f->number;
    snprintf(facts->first_bad[facts->bad_kept++].why, LOG_WHY, "%s", why);
}

/* Of an array of objects the next. */
static enum log_verdict next_object(struct log_file *f, struct log_task *task)
{
    f->record = (struct record){.object = json_array_get(f->tree, f->tree_at++)};
    return json_is_object(f->record.object) ? read_record(f, task)
                                            : bad(f, "it is no object of JSON");
}

bool file_next(struct log_file *f, struct log_task *task)
{
    for (;;) {
        const char *why = NULL;
        char *line = f->tree ? NULL : file_line(f, &why);
        if (f->tree ? f->tree_at >= json_array_size(f->tree) : !line)
            return false;
        enum log_verdict verdict = LINE_NOTHING;
        if (f->tree)
            verdict = next_object(f, task);
        else if (why)
            verdict = bad(f, "%s", why);
        else if (line[strspn(line, " \t")])
            verdict = read_line(f, line, task);
        if (verdict == LINE_BAD)
            note_bad(f, f->why);
        if (verdict == LINE_TASK)
            return true;
    }
}

void file_rewind(struct log_file *f)
{
    if (f->tree)
        f->tree_at = 0;
    else
        file_lines_rewind(f);
    f->read = f->other_fields = f->ended = f->waits = f->leap = false;
    f->year = f->first_year;
    f->in_year = 0;
    f->last = f->back_most = f->shift = 0;
    f->shift_age = 0;
}
