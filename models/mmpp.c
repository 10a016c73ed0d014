/*
 * Markov-modulated Poisson arrivals: the rate goes through states in a cycle, staying in each for
 * an exponential time (Fischer and Meier-Hellstern 1993). At time 0 it is at rest: in a state drawn
 * from "arrivals.phase" with the share of time that is spent there, of which another whole stay is
 * then still to come (that is exponential, too), so that it does not matter which state is listed
 * first.
 *
 * Task k spends unit exponential k of "arrivals" on the integral of the rate; stay j is draw j of
 * "arrivals.states".
 */
#include "../sim/theory/mmpp.h"
#include "../sim/scenario/burst.h"
#include "../sim/scenario/process.h"
#include "law.h"

enum { MAX_STATES = MODULATION_STATES };

/* Words of the state. */
enum { SWITCH, STAYS, FIRST };

struct mmpp {
    struct mmpp_state {
        double rate, mean_duration;
    } states[MAX_STATES];
    double count;
};
_Static_assert(sizeof(struct mmpp) <= PROCESS_BYTES, "a process holds its parameters");

static const struct param state_rows[] = {
    {.name = "rate",
     .kind = PARAM_RATE,
     .offset = offsetof(struct mmpp_state, rate),
     .high = LONGEST,
     .help = "tasks per second while in this state; may be 0",
     .flags = PARAM_REQUIRED | PARAM_DRIFTS},
    {.name = "mean_duration",
     .kind = PARAM_DURATION,
     .offset = offsetof(struct mmpp_state, mean_duration),
     .high = LONGEST,
     .help = "mean of the exponential time spent in this state at a visit",
     .flags = PARAM_REQUIRED | PARAM_DRIFTS | PARAM_OPEN_LOW},
    {0}};

static const struct param rows[] = {{.name = "states",
                                     .kind = PARAM_LIST,
                                     .offset = offsetof(struct mmpp, states),
                                     .help = "states, visited in a cycle from the first",
                                     .flags = PARAM_REQUIRED,
                                     .rows = state_rows,
                                     .stride = sizeof(struct mmpp_state),
                                     .capacity = MAX_STATES,
                                     .count = offsetof(struct mmpp, count)},
                                    {0}};

/* Length of stay number j, in state number i mod count. */
static double stay(const struct mmpp *p, const struct stream *stays, uint64_t j, uint64_t i)
{
    double unit = -vmath_log(stream_uniform(stays, 0, j));
    return unit * p->states[i % (uint64_t)p->count].mean_duration;
}

/* The state at time 0. */
static int first_state(const struct mmpp *p, const struct process_view *view)
{
    const struct stream phase = process_stream(view, "arrivals.phase");
    double time = 0, reached = 0;
    for (int i = 0; i < (int)p->count; i++)
        time += p->states[i].mean_duration;
    double at = time * stream_uniform(&phase, 0, 0);
    for (int i = 0; i + 1 < (int)p->count; i++)
        if (at < (reached += p->states[i].mean_duration))
            return i;
    return (int)p->count - 1;
}

static void begin(const struct process_view *view, struct process_state *state)
{
    const struct stream stays = process_stream(view, "arrivals.states");
    int first = first_state(view->params, view);
    state->words[FIRST] = first;
    state->words[SWITCH] = stay(view->params, &stays, 0, (uint64_t)first);
}

static size_t fill(const struct process_view *view, struct process_state *state, size_t n,
                   struct arrival_block *out)
{
    const struct mmpp *p = view->params;
    const struct stream stays = process_stream(view, "arrivals.states");
    uint64_t j = (uint64_t)state->words[STAYS], count = (uint64_t)p->count;
    uint64_t first = (uint64_t)state->words[FIRST];
    double time = state->time, until = state->words[SWITCH];
    stream_uniforms(&view->stream, 0, state->next, n, out->time);
    vblock_log(-1, n, out->time);
    for (size_t i = 0; i < n; i++) {
        double unit = out->time[i], edge;
        double rate = p->states[(first + j) % count].rate * burst_factor(view->burst, time, &edge);
        double end = until < edge ? until : edge;
        for (double room; unit >= (room = rate * (end - time));) {
            unit -= room;
            time = end;
            if (end == until) {
                j++;
                until += stay(p, &stays, j, first + j);
            }
            rate = p->states[(first + j) % count].rate * burst_factor(view->burst, time, &edge);
            end = until < edge ? until : edge;
        }
        time += unit / rate;
        time = time < end ? time : end; /* rounding only */
        out->time[i] = time;
    }
    state->words[SWITCH] = until;
    state->words[STAYS] = (double)j;
    state->time = time;
    state->next += n;
    return n;
}

/* Tasks and time of a mean cycle. */
static double cycle_tasks(const struct mmpp *p)
{
    double sum = 0;
    for (int i = 0; i < (int)p->count; i++)
        sum += p->states[i].rate * p->states[i].mean_duration;
    return sum;
}

static double task_rate(const struct process_view *view)
{
    const struct mmpp *p = view->params;
    double time = 0;
    for (int i = 0; i < (int)p->count; i++)
        time += p->states[i].mean_duration;
    return cycle_tasks(p) / time;
}

static void modulation(const struct process_view *view, struct modulation *out)
{
    const struct mmpp *p = view->params;
    out->n = (size_t)p->count;
    for (size_t i = 0; i < out->n; i++) {
        out->rate[i] = p->states[i].rate;
        out->stay[i] = p->states[i].mean_duration;
    }
}

static double dispersion(const struct process_view *view)
{
    struct modulation states;
    modulation(view, &states);
    return mmpp_dispersion(states.n, states.rate, states.stay);
}

/* The states come in turn, so each returns as seldom as the others; what takes longest is named
 * after the one that lasts shortest. A chain of very many alike states, in which it is never quite
 * forgotten which of them it is, has a relaxation time beyond that. */
static bool cycle(const struct process_view *view, struct cycle *out)
{
    const struct mmpp *p = view->params;
    struct modulation states;
    modulation(view, &states);
    double time = 0;
    const struct mmpp_state *rarest = &p->states[0];
    bool moves = false;
    for (int i = 0; i < (int)p->count; i++) {
        const struct mmpp_state *at = &p->states[i];
        time += at->mean_duration;
        moves = moves || at->rate != p->states[0].rate;
        rarest = at->mean_duration < rarest->mean_duration ? at : rarest;
    }
    char rate[64];
    unit_human(UNIT_RATE, rarest->rate, 3, rate, sizeof rate);
    out->relaxation = mmpp_relaxation(states.n, states.stay);
    out->seconds = fmax(time, out->relaxation);
    out->what = internf("the state of %s returns", rate);
    return moves;
}

static double shortest(const struct process_view *view)
{
    const struct mmpp *p = view->params;
    double least = INFINITY;
    for (int i = 0; i < (int)p->count; i++)
        least = fmin(least, p->states[i].mean_duration);
    return least;
}

static bool check(const struct scenario *s, const void *params, const struct places *places,
                  struct errors *errors)
{
    (void)s;
    const struct mmpp *p = params;
    struct place at = law_place(places, "arrivals", "states");
    if (p->count == 0)
        return error_at(errors, at, "arrivals.states is missing: mmpp arrivals need their states");
    if (cycle_tasks(p) == 0)
        return error_at(errors, at, "arrivals.states: every rate is 0, so no task would arrive");
    if (cycle_tasks(p) < 1e-6)
        return error_at(errors, at,
                        "arrivals.states: fewer than one task in a million cycles would arrive");
    return true;
}

const struct arrival_process process_mmpp = {
    .model = {"mmpp", "bursts: poisson arrivals whose rate changes at random times", rows},
    .begin = begin,
    .fill = fill,
    .task_rate = task_rate,
    .dispersion = dispersion,
    .cycle = cycle,
    .modulation = modulation,
    .bursts = true,
    .shortest = shortest,
    .check = check,
    .stationary = true,
};
