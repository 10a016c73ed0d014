#include "reader.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reader_in.h"

const char *const log_moment_names[] = {"auto", "start", "end", NULL};
const char *const log_dates_names[] = {"auto", "month-first", "day-first", NULL};

struct reader {
    int n;
    struct log_file *file[LOG_FILES];
    struct log_facts facts;
    double bad; /* the largest share of bad lines */
};

/* ---- opening ---- */

static struct log_file *file_new(const char *name, struct lines *lines, struct log_facts *facts)
{
    struct log_file *f = xcalloc(1, sizeof *f);
    f->name = intern(name);
    f->lines = lines;
    f->facts = facts;
    f->size_step = INFINITY;
    f->plain = true;
    return f;
}

static void start_facts(struct reader *r)
{
    const struct log_file *f = r->file[0];
    const struct shape *s = &f->shape;
    r->facts.file = f->name;
    r->facts.files = r->n;
    r->facts.format = s->format->name;
    r->facts.of = s->format->of;
    r->facts.arrival = s->arrival_words;
    r->facts.service = s->size_words;
    r->facts.class = s->class_words;
    r->facts.end = s->from_end;
    r->facts.unit = s->size.n > 0 ? s->unit : 1;
    r->facts.other = s->unit_guessed ? s->other : 0;
    r->facts.size_guessed = s->size_guessed;
    r->facts.latency = s->latency;
}

/* Whether two files are of one log. */
static bool same_kind(const struct log_file *a, const struct log_file *b, struct errors *errors)
{
    if (a->shape.format == b->shape.format && a->shape.unit == b->shape.unit)
        return true;
    return error_at(errors, (struct place){b->name, 0, 0},
                    "is of another kind (%s) than %s (%s): one kind at a time",
                    b->shape.format->name, a->name, a->shape.format->name);
}

/* All times of several files are from the earliest start of one, as they are in a file. */
static bool align(struct reader *r, struct errors *errors)
{
    struct log_file *first = NULL;
    bool good = true;
    for (int i = 0; i < r->n; i++) {
        struct log_file *f = r->file[i];
        if (!file_next(f, &f->task))
            continue;
        if (i > 0)
            dates_follow(f, r->file[i - 1]);
        if (!first || f->start < first->start)
            first = f;
        if (f->kind != first->kind || f->tick != first->tick)
            good = error_at(errors, (struct place){f->name, 0, 0},
                            "its times are not of the kind of those in %s", first->name);
    }
    for (int i = 0; i < r->n && first; i++)
        r->file[i]->start = first->start;
    reader_rewind(r);
    return good;
}

static struct reader *begin(struct reader *r, const struct log_options *options,
                            struct errors *errors)
{
    bool good = true;
    r->bad = options->bad > 0 ? options->bad : LOG_BAD_SHARE;
    for (int i = 0; i < r->n && good; i++)
        good = file_begin(r->file[i], options, errors) &&
               (i == 0 || same_kind(r->file[0], r->file[i], errors));
    good = good && (r->n == 1 || align(r, errors));
    if (good) {
        start_facts(r);
        return r;
    }
    reader_close(r);
    return NULL;
}

struct reader *reader_open(struct lines *const *lines, const char *const *names, int n,
                           const struct log_options *options, struct errors *errors)
{
    struct reader *r = xcalloc(1, sizeof *r);
    for (int i = 0; i < n && i < LOG_FILES; i++)
        r->file[r->n++] = file_new(names[i], lines[i], &r->facts);
    return begin(r, options, errors);
}

struct reader *reader_of(const char *name, const char *text, size_t size,
                         const struct log_options *options, struct errors *errors)
{
    struct reader *r = xcalloc(1, sizeof *r);
    r->file[r->n++] = file_new(name, lines_of(text, size), &r->facts);
    return begin(r, options, errors);
}

/* ---- reading ---- */

/* A trace as it is: what table.h reads, from time 0 on. */
static bool is_native(const struct reader *r)
{
    const struct log_file *f = r->file[0];
    const struct shape *s = &f->shape;
    if (r->n > 1 || s->format->cut != CUT_COLUMNS || s->separator != ',' || s->from_end ||
        s->n_only > 0 || s->size.n != 1 || s->arrival.n != 1 || s->unit != 1 || !f->plain ||
        lines_are_copied(f->lines) || f->kind != STAMP_NUMBER)
        return false;
    int arrival = s->arrival.column[0].offset, size = s->size.column[0].offset;
    bool named = s->n_headings > 0;
    if (named && (strcmp(s->headings[arrival], "arrival_s") != 0 ||
                  strcmp(s->headings[size], "service_s") != 0))
        return false;
    if (!named && (arrival != 0 || size != 1 || s->width > 3))
        return false;
    /* Where a trace looks for classes. */
    return !s->class.set || (named && strcmp(s->headings[s->class.offset], "class") == 0);
}

/* What is known only when all is read. */
static bool finish(struct reader *r)
{
    struct log_facts *facts = &r->facts;
    facts->lines = 0;
    for (int i = 0; i < r->n; i++) {
        struct log_file *f = r->file[i];
        facts->lines += f->tree ? (long)json_array_size(f->tree) : lines_number(f->lines);
        if (!facts->damage)
            facts->damage = f->tree ? NULL : lines_damage(f->lines);
    }
    const struct log_file *first = r->file[0];
    bool renamed = facts->classes.renamed && log_classes_use(&facts->classes);
    facts->native = is_native(r) && !renamed && facts->bad == 0 && !facts->damage &&
                    facts->back == 0 && first->tick == 1 && first->start >= 0 &&
                    first->start < 1000000000;
    facts->clock = reader_clock(r);
    return false;
}

/* Of several files that whose next task is the earliest. */
static bool next_of_all(struct reader *r, struct log_task *task)
{
    struct log_file *best = NULL;
    double earliest = INFINITY;
    for (int i = 0; i < r->n; i++) {
        struct log_file *f = r->file[i];
        if (!f->waits && !f->ended) {
            f->waits = file_next(f, &f->task);
            f->ended = !f->waits;
        }
        if (f->waits && f->task.arrival < earliest) {
            earliest = f->task.arrival;
            best = f;
        }
    }
    if (!best)
        return false;
    *task = best->task;
    best->waits = false;
    return true;
}

bool reader_next(struct reader *r, struct log_task *task)
{
    assert(r);
    if (!(r->n == 1 ? file_next(r->file[0], task) : next_of_all(r, task)))
        return finish(r);
    r->facts.tasks++;
    return true;
}

void reader_rewind(struct reader *r)
{
    for (int i = 0; i < r->n; i++)
        file_rewind(r->file[i]);
    struct log_facts *f = &r->facts;
    f->lines = f->tasks = f->bad = f->others = f->back_line = 0;
    f->back = f->work = f->processors = 0;
    f->bad_kept = 0;
    f->damage = NULL;
}

/* ---- what is known ---- */

bool reader_check(const struct reader *r, struct errors *errors)
{
    const struct log_facts *f = &r->facts;
    double share = (double)f->bad / (double)(f->bad + f->tasks);
    if (f->bad == 0 || share <= r->bad)
        return true;
    struct place at = {f->first_bad[0].file, (int)fmin((double)f->first_bad[0].line, INT32_MAX), 1};
    return error_at(errors, at,
                    "%ld of %ld lines cannot be used, over %g %%, and what such lines have in "
                    "common the rest may lack; the first: %s (--bad-lines %.0f%% leaves them out "
                    "all the same)",
                    f->bad, f->bad + f->tasks, 100 * r->bad, f->first_bad[0].why,
                    fmin(100, 5 * ceil(20 * share)));
}

static double step(double x)
{
    return x >= 0.9e-9 && isfinite(x) ? x : 0;
}

double reader_clock(const struct reader *r)
{
    double finest = INFINITY;
    for (int i = 0; i < r->n; i++)
        if (r->file[i]->begun)
            finest = fmin(finest, r->file[i]->tick * pow(10, -r->file[i]->decimals));
    return step(finest);
}

double reader_size_step(const struct reader *r)
{
    double finest = INFINITY;
    for (int i = 0; i < r->n; i++)
        finest = fmin(finest, r->file[i]->size_step);
    return step(finest);
}

const struct log_facts *reader_facts(const struct reader *reader)
{
    return &reader->facts;
}

void reader_close(struct reader *r)
{
    for (int i = 0; r && i < r->n; i++) {
        lines_close(r->file[i]->lines);
        json_decref(r->file[i]->tree);
        free(r->file[i]->joined);
        free(r->file[i]);
    }
    free(r);
}
