/*
 * Scheduled arrivals: Poisson arrivals whose rate is piecewise constant in time, by inversion of
 * the cumulated rate (Cinlar 1975, section 4.7): task k arrives where the cumulated rate reaches
 * the sum of the first k unit exponentials, which are those of "arrivals". Its state says in which
 * piece of which cycle it is.
 */
#include <string.h>

#include "../sim/scenario/burst.h"
#include "../sim/scenario/process.h"
#include "../sim/scenario/table.h"
#include "law.h"

enum { MAX_PIECES = 512 };

/* Words of the state. */
enum { PIECE, CYCLE };

struct schedule {
    struct piece {
        double until, rate;
    } pieces[MAX_PIECES];
    double count, repeat;
    const char *file; /* in place of the pieces */
};
_Static_assert(sizeof(struct schedule) <= PROCESS_BYTES, "a process holds its parameters");

static const struct param piece_rows[] = {
    {.name = "until",
     .kind = PARAM_DURATION,
     .offset = offsetof(struct piece, until),
     .high = LONGEST,
     .help = "end of this piece, counted from the start; later than the piece before",
     .flags = PARAM_REQUIRED | PARAM_OPEN_LOW},
    {.name = "rate",
     .kind = PARAM_RATE,
     .offset = offsetof(struct piece, rate),
     .high = LONGEST,
     .help = "tasks per second in this piece; may be 0",
     .flags = PARAM_REQUIRED | PARAM_DRIFTS},
    {0}};

static const struct param file_rows[] = {
    {.name = "file",
     .kind = PARAM_FILE,
     .offset = offsetof(struct schedule, file),
     .help =
         "a file of pieces in place of the list: two columns, until (seconds from the start) and "
         "rate (tasks per second); .gz too"},
    {0}};

static const struct param rows[] = {
    {.name = "schedule",
     .kind = PARAM_LIST,
     .offset = offsetof(struct schedule, pieces),
     .help = "pieces of time, each with its rate; or a file of them: {file: rate.csv}",
     .flags = PARAM_REQUIRED,
     .rows = piece_rows,
     .map = file_rows,
     .stride = sizeof(struct piece),
     .capacity = MAX_PIECES,
     .count = offsetof(struct schedule, count)},
    {.name = "repeat",
     .kind = PARAM_FLAG,
     .offset = offsetof(struct schedule, repeat),
     .preset = "no",
     .help = "yes: begins again after the last piece; no: the last rate goes on for ever"},
    {0}};

/* The pieces of a timetable, given one by one or in a file. */
struct course {
    const struct piece *pieces;
    int count; /* 0: the file could not be read: check() has said so */
    bool repeat;
};

static struct course course_of(const struct schedule *p)
{
    const struct table *table = p->file ? table_find(p->file) : NULL;
    struct course course = {p->pieces, (int)p->count, p->repeat != 0};
    if (p->file)
        course.count = 0;
    if (table && table->columns == 2) {
        course.pieces = (const struct piece *)(const void *)table_values(table);
        course.count = (int)table->rows;
    }
    return course;
}

static double cycle_length(const struct course *p)
{
    return p->count > 0 ? p->pieces[p->count - 1].until : NAN;
}

static double cycle_tasks(const struct course *p)
{
    double sum = 0, from = 0;
    for (int i = 0; i < p->count; i++) {
        sum += p->pieces[i].rate * (p->pieces[i].until - from);
        from = p->pieces[i].until;
    }
    return sum;
}

/* Goes on to where the cumulated rate has grown by `unit`; INFINITY if it never will. */
static double advance(const struct course *p, const struct burst_spec *burst,
                      struct process_state *state, double tasks, double unit)
{
    const int last = p->count - 1;
    double time = state->time;
    for (;;) {
        int i = (int)state->words[PIECE];
        double start = state->words[CYCLE] * cycle_length(p);
        double until = start + p->pieces[i].until, edge;
        double rate = p->pieces[i].rate * burst_factor(burst, time, &edge);
        if (i == last && !p->repeat && isinf(edge))
            return rate > 0 ? time + unit / rate : INFINITY;
        if (i == 0 && time <= start && unit > tasks && isinf(edge)) {
            double cycles = floor(unit / tasks);
            unit = fmax(0, unit - cycles * tasks);
            state->words[CYCLE] += cycles;
            time = state->words[CYCLE] * cycle_length(p);
            continue;
        }
        bool lasts = i == last && !p->repeat, within = lasts || edge < until;
        until = within ? edge : until;
        double room = rate * (until - time);
        if (unit < room)
            return fmin(time + unit / rate, until); /* rounding only */
        unit -= room;
        time = fmax(time, until);
        if (within)
            continue;
        state->words[PIECE] = i == last ? 0 : i + 1;
        state->words[CYCLE] += i == last;
    }
}

static size_t fill(const struct process_view *view, struct process_state *state, size_t n,
                   struct arrival_block *out)
{
    const struct course course = course_of(view->params), *p = &course;
    const double tasks = cycle_tasks(p);
    stream_uniforms(&view->stream, 0, state->next, n, out->time);
    vblock_log(-1, n, out->time);
    for (size_t i = 0; i < n; i++) {
        double time = advance(p, view->burst, state, tasks, out->time[i]);
        if (isinf(time))
            return i;
        out->time[i] = state->time = time;
        state->next++;
    }
    return n;
}

static double task_rate(const struct process_view *view)
{
    const struct course course = course_of(view->params), *p = &course;
    return p->repeat ? cycle_tasks(p) / cycle_length(p) : NAN;
}

static double period(const struct process_view *view)
{
    const struct course course = course_of(view->params), *p = &course;
    return p->repeat ? cycle_length(p) : NAN;
}

static double lasting(const struct process_view *view)
{
    const struct course course = course_of(view->params), *p = &course;
    return p->repeat || p->count == 0 ? NAN : p->pieces[p->count - 1].rate;
}

/* Of a timetable with one rate only nothing needs to come again. */
static bool cycle(const struct process_view *view, struct cycle *out)
{
    const struct course course = course_of(view->params), *p = &course;
    bool moves = false;
    for (int i = 1; i < p->count; i++)
        moves = moves || p->pieces[i].rate != p->pieces[0].rate;
    *out = (struct cycle){cycle_length(p), 0, "the timetable begins anew"};
    return moves && p->repeat;
}

/* In whole periods, as for any Poisson process. */
static double dispersion(const struct process_view *view)
{
    const struct course course = course_of(view->params), *p = &course;
    return p->repeat ? 1 : NAN;
}

/* The file, where there is one: two columns, by name if they have names. */
static bool load(const struct schedule *p, const struct places *places, struct errors *errors)
{
    enum { MOST = 1000000 };
    struct place at = law_place(places, "arrivals.schedule", "file");
    const struct table *table = table_load(p->file, at, errors);
    if (!table)
        return false;
    const char *first = table->column[0].name, *second = table->column[1].name;
    bool named = table->columns == 2 &&
                 (!first || strcmp(first, "until") == 0 || strcmp(first, "until_s") == 0) &&
                 (!second || strcmp(second, "rate") == 0);
    if (!named)
        return error_at(
            errors, at,
            "arrivals.schedule.file: '%s' must have two columns, until (seconds from the "
            "start) and rate (tasks per second)",
            p->file);
    return table->rows <= MOST ||
           error_at(errors, at, "arrivals.schedule.file: '%s' has more than %d pieces", p->file,
                    MOST);
}

/* Where piece i stands. */
static struct place piece_place(const struct schedule *p, const struct places *places, int i)
{
    if (p->file)
        return table_place(table_find(p->file), (size_t)i);
    return law_place(places, internf("arrivals.schedule.%d", i), "until");
}

static double shortest(const struct process_view *view)
{
    const struct schedule *p = view->params;
    double least = INFINITY, from = 0;
    for (int i = 0; i < (int)p->count && p->repeat != 0; i++) {
        least = fmin(least, p->pieces[i].until - from);
        from = p->pieces[i].until;
    }
    return least;
}

static bool check(const struct scenario *s, const void *params, const struct places *places,
                  struct errors *errors)
{
    (void)s;
    const struct schedule *own = params;
    struct place at = law_place(places, "arrivals", "schedule");
    if (own->file && !load(own, places, errors))
        return false;
    const struct course course = course_of(own), *p = &course;
    if (p->count == 0)
        return error_at(errors, at, "arrivals.schedule is missing: pieces {until, rate}");
    if (!(p->pieces[0].until > 0))
        return error_at(errors, piece_place(own, places, 0),
                        "arrivals.schedule.0.until must be above 0");
    for (int i = 1; i < p->count; i++)
        if (p->pieces[i].until <= p->pieces[i - 1].until)
            return error_at(errors, piece_place(own, places, i),
                            "arrivals.schedule.%d.until (%g s) must be later than the piece "
                            "before it (%g s)",
                            i, p->pieces[i].until, p->pieces[i - 1].until);
    for (int i = 0; i < p->count; i++)
        if (!(p->pieces[i].rate <= LONGEST))
            return error_at(errors, piece_place(own, places, i),
                            "arrivals.schedule.%d.rate (%g /s) is out of range", i,
                            p->pieces[i].rate);
    if (!(cycle_length(p) <= LONGEST))
        return error_at(errors, piece_place(own, places, p->count - 1),
                        "arrivals.schedule.%d.until is out of range", p->count - 1);
    if (cycle_tasks(p) == 0 && (p->repeat || p->pieces[p->count - 1].rate == 0))
        return error_at(errors, at, "arrivals.schedule: every rate is 0, so no task would arrive");
    return true;
}

const struct arrival_process process_schedule = {
    .model = {"schedule", "rush hours: poisson arrivals at a rate that follows a timetable", rows},
    .fill = fill,
    .task_rate = task_rate,
    .dispersion = dispersion,
    .cycle = cycle,
    .period = period,
    .shortest = shortest,
    .lasting = lasting,
    .check = check,
    .bursts = true,
};
