/*
 * Scheduled arrivals: Poisson arrivals whose rate is piecewise constant in time, by inversion of
 * the cumulated rate (Cinlar 1975, section 4.7): task k arrives where the cumulated rate reaches
 * the sum of the first k unit exponentials, which are those of "arrivals". Its state says in which
 * piece of which cycle it is.
 */
#include "../sim/scenario/process.h"
#include "law.h"

enum { MAX_PIECES = 512 };

/* Words of the state. */
enum { PIECE, CYCLE };

struct schedule {
    struct piece {
        double until, rate;
    } pieces[MAX_PIECES];
    double count, repeat;
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

static const struct param rows[] = {
    {.name = "schedule",
     .kind = PARAM_LIST,
     .offset = offsetof(struct schedule, pieces),
     .help = "pieces of time, each with its rate",
     .flags = PARAM_REQUIRED,
     .rows = piece_rows,
     .stride = sizeof(struct piece),
     .capacity = MAX_PIECES,
     .count = offsetof(struct schedule, count)},
    {.name = "repeat",
     .kind = PARAM_FLAG,
     .offset = offsetof(struct schedule, repeat),
     .preset = "no",
     .help = "yes: begins again after the last piece; no: the last rate goes on for ever"},
    {0}};

static double cycle_length(const struct schedule *p)
{
    return p->pieces[(int)p->count - 1].until;
}

static double cycle_tasks(const struct schedule *p)
{
    double sum = 0, from = 0;
    for (int i = 0; i < (int)p->count; i++) {
        sum += p->pieces[i].rate * (p->pieces[i].until - from);
        from = p->pieces[i].until;
    }
    return sum;
}

/* Goes on to where the cumulated rate has grown by `unit`; INFINITY if it never will. */
static double advance(const struct schedule *p, struct process_state *state, double tasks,
                      double unit)
{
    const int last = (int)p->count - 1;
    double time = state->time;
    for (;;) {
        int i = (int)state->words[PIECE];
        double start = state->words[CYCLE] * cycle_length(p);
        double rate = p->pieces[i].rate, until = start + p->pieces[i].until;
        if (i == last && p->repeat == 0)
            return rate > 0 ? time + unit / rate : INFINITY;
        if (i == 0 && time <= start && unit > tasks) {
            double cycles = floor(unit / tasks);
            unit = fmax(0, unit - cycles * tasks);
            state->words[CYCLE] += cycles;
            time = state->words[CYCLE] * cycle_length(p);
            continue;
        }
        double room = rate * (until - time);
        if (unit < room)
            return fmin(time + unit / rate, until); /* rounding only */
        unit -= room;
        time = fmax(time, until);
        state->words[PIECE] = i == last ? 0 : i + 1;
        state->words[CYCLE] += i == last;
    }
}

static size_t fill(const struct process_view *view, struct process_state *state, size_t n,
                   struct arrival_block *out)
{
    const struct schedule *p = view->params;
    const double tasks = cycle_tasks(p);
    stream_uniforms(&view->stream, 0, state->next, n, out->time);
    vblock_log(-1, n, out->time);
    for (size_t i = 0; i < n; i++) {
        double time = advance(p, state, tasks, out->time[i]);
        if (isinf(time))
            return i;
        out->time[i] = state->time = time;
        state->next++;
    }
    return n;
}

static double task_rate(const struct process_view *view)
{
    const struct schedule *p = view->params;
    return p->repeat != 0 ? cycle_tasks(p) / cycle_length(p) : NAN;
}

static double period(const struct process_view *view)
{
    const struct schedule *p = view->params;
    return p->repeat != 0 ? cycle_length(p) : NAN;
}

/* Of a timetable with one rate only nothing needs to come again. */
static bool cycle(const struct process_view *view, struct cycle *out)
{
    const struct schedule *p = view->params;
    bool moves = false;
    for (int i = 1; i < (int)p->count; i++)
        moves = moves || p->pieces[i].rate != p->pieces[0].rate;
    *out = (struct cycle){cycle_length(p), 0, "the timetable begins anew"};
    return moves && p->repeat != 0;
}

/* In whole periods, as for any Poisson process. */
static double dispersion(const struct process_view *view)
{
    const struct schedule *p = view->params;
    return p->repeat != 0 ? 1 : NAN;
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
    const struct schedule *p = params;
    struct place at = law_place(places, "arrivals", "schedule");
    if (p->count == 0)
        return error_at(errors, at, "arrivals.schedule is missing: pieces {until, rate}");
    for (int i = 1; i < (int)p->count; i++)
        if (p->pieces[i].until <= p->pieces[i - 1].until)
            return error_at(errors, law_place(places, internf("arrivals.schedule.%d", i), "until"),
                            "arrivals.schedule.%d.until (%g s) must be later than the piece "
                            "before it (%g s)",
                            i, p->pieces[i].until, p->pieces[i - 1].until);
    if (cycle_tasks(p) == 0 && (p->repeat != 0 || p->pieces[(int)p->count - 1].rate == 0))
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
    .check = check,
};
