#include "line.h"

#include <math.h>

#include "markov.h"

/* Levels left out of an unbounded first station hold less than this. */
#define LEFT_OUT 1e-15
enum { MOST_STATES = 400000 };

/* A state: of each station the number in it (of an endless supply: of the first, 1), and how many
 * are blocked there, or else how many phases of the service at hand are over. */
enum { NUMBER, BLOCKED };

struct view {
    const struct line *line;
    int top;        /* most in the first station */
    size_t station; /* asked for */
};

static int number_at(const int *state, size_t i)
{
    return state[2 * i + NUMBER];
}

/* Of a station with phases the second word counts them, and one more: blocked. */
static int blocked_at(const struct line *line, const int *state, size_t i)
{
    int phases = line->station[i].phases, word = state[2 * i + BLOCKED];
    return phases == 1 ? word : word == phases ? 1 : 0;
}

static bool endless(const struct line *line)
{
    return isinf(line->lambda);
}

static bool has_room(const struct view *v, const int *state, size_t i)
{
    return number_at(state, i) < (i == 0 ? v->top : (int)v->line->station[i].room);
}

static int at_work(const struct view *v, const int *state, size_t i)
{
    const struct line_station *s = &v->line->station[i];
    int inside = number_at(state, i), taken = inside < s->consumers ? inside : s->consumers;
    if (s->before && i + 1 < v->line->n && !has_room(v, state, i + 1))
        return 0;
    return taken - blocked_at(v->line, state, i);
}

/* One leaves station i, whose place is taken by one that is blocked before it, and so on up the
 * line. */
static void leave(const struct view *v, int *state, size_t i)
{
    const struct line *line = v->line;
    for (;; i--) {
        if (i > 0 || !endless(line))
            state[2 * i + NUMBER]--;
        if (i == 0 || blocked_at(line, state, i - 1) == 0)
            return;
        state[2 * i + NUMBER]++;
        state[2 * (i - 1) + BLOCKED] -=
            line->station[i - 1].phases == 1 ? 1 : line->station[i - 1].phases;
    }
}

/* A service at station i ends. */
static void complete(const struct view *v, int *state, size_t i)
{
    const struct line *line = v->line;
    const struct line_station *s = &line->station[i];
    if (s->phases > 1)
        state[2 * i + BLOCKED] = 0;
    if (i + 1 < line->n && has_room(v, state, i + 1)) {
        state[2 * (i + 1) + NUMBER]++;
        leave(v, state, i);
    } else if (i + 1 == line->n || s->loses_next) {
        leave(v, state, i);
    } else {
        state[2 * i + BLOCKED] += s->phases; /* 1, or beyond all of them */
    }
}

static void moves(struct markov *chain, const int *state, void *context)
{
    const struct view *v = context;
    const struct line *line = v->line;
    int to[MARKOV_WORDS] = {0};
    for (size_t i = 0; i < line->n; i++) {
        const struct line_station *s = &line->station[i];
        for (size_t k = 0; k < 2 * line->n; k++)
            to[k] = state[k];
        double rate = at_work(v, state, i) * s->mu * s->phases;
        if (rate > 0 && s->phases > 1 && state[2 * i + BLOCKED] + 1 < s->phases)
            to[2 * i + BLOCKED]++;
        else if (rate > 0)
            complete(v, to, i);
        markov_move(chain, rate, to);
    }
    for (size_t k = 0; k < 2 * line->n; k++)
        to[k] = state[k];
    if (!endless(line) && has_room(v, state, 0)) {
        to[NUMBER]++;
        markov_move(chain, line->lambda, to);
    }
}

static int level(const int *state, void *context)
{
    const struct view *v = context;
    int sum = 0;
    if (isinf(v->line->station[0].room) && !endless(v->line))
        return state[NUMBER];
    for (size_t i = 0; i < v->line->n; i++)
        sum += state[2 * i + NUMBER];
    return sum;
}

static struct markov *chain_of(struct view *v, double most_cost)
{
    struct markov_model model = {
        .words = 2 * v->line->n, .moves = moves, .level = level, .context = v};
    if (endless(v->line))
        model.start[NUMBER] = v->line->station[0].consumers;
    return markov_of(&model, MOST_STATES, most_cost);
}

/* ---- figures ---- */

static double number(const int *state, void *context)
{
    const struct view *v = context;
    return number_at(state, v->station);
}

static double working(const int *state, void *context)
{
    const struct view *v = context;
    return at_work(v, state, v->station);
}

/* Held: also by a task that may not begin. */
static double blocked(const int *state, void *context)
{
    const struct view *v = context;
    const struct line_station *s = &v->line->station[v->station];
    int inside = number_at(state, v->station);
    if (s->before && inside > 0 && at_work(v, state, v->station) == 0)
        return 1;
    return blocked_at(v->line, state, v->station);
}

static double full(const int *state, void *context)
{
    const struct view *v = context;
    return has_room(v, state, v->station) ? 0 : 1;
}

/* Services that end at the station while the next is full, per second. */
static double into_full(const int *state, void *context)
{
    const struct view *v = context;
    const struct line_station *s = &v->line->station[v->station];
    bool last = s->phases == 1 || state[2 * v->station + BLOCKED] + 1 == s->phases;
    bool lost = last && !has_room(v, state, v->station + 1);
    return lost ? at_work(v, state, v->station) * s->mu * s->phases : 0;
}

static void figures(const struct view *at, const struct markov *chain, struct line_means *out)
{
    struct view v = *at;
    const struct line *line = v.line;
    double lost = 0;
    *out = (struct line_means){.response = NAN};
    for (size_t i = 0; i < line->n; i++) {
        v.station = i;
        out->number[i] = markov_mean(chain, number, &v);
        out->working[i] = markov_mean(chain, working, &v);
        out->blocked[i] = markov_mean(chain, blocked, &v);
        out->rate[i] = out->working[i] * line->station[i].mu;
        out->inside += out->number[i];
        if (i + 1 < line->n && line->station[i].loses_next) {
            double away = markov_mean(chain, into_full, &v);
            out->lost[i + 1] = away / out->rate[i];
            lost += away;
        }
    }
    out->throughput = out->rate[line->n - 1];
    v.station = 0;
    if (endless(line))
        return;
    bool unbounded = isinf(line->station[0].room);
    out->loss = out->lost[0] = unbounded ? 0 : markov_mean(chain, full, &v);
    if (lost == 0)
        out->response = out->inside / (line->lambda * (1 - out->loss));
}

double line_capacity(const struct line *line, double most_cost)
{
    struct line fed = *line;
    struct line_means means;
    fed.lambda = INFINITY;
    return line_solve(&fed, most_cost, &means) ? means.rate[0] : NAN;
}

/* As many levels as hold all but nothing; each try is held to the cost. */
static struct markov *unbounded(struct view *v, double most_cost)
{
    double can = line_capacity(v->line, most_cost);
    if (!(v->line->lambda < can))
        return NULL;
    double levels = 36 / log(can / v->line->lambda) + 20 + 2 * v->line->station[0].consumers;
    for (int tries = 0; tries < 6 && levels < 30000; tries++, levels *= 1.6) {
        v->top = (int)levels;
        struct markov *chain = chain_of(v, most_cost);
        v->station = 0;
        if (!chain || markov_mean(chain, full, v) < LEFT_OUT)
            return chain;
        markov_free(chain);
    }
    return NULL;
}

bool line_solve(const struct line *line, double most_cost, struct line_means *out)
{
    bool open = isinf(line->station[0].room);
    struct view v = {line, open ? 0 : (int)line->station[0].room, 0};
    if (endless(line))
        v.top = line->station[0].consumers;
    struct markov *chain =
        open && !endless(line) ? unbounded(&v, most_cost) : chain_of(&v, most_cost);
    if (!chain)
        return false;
    figures(&v, chain, out);
    markov_free(chain);
    return true;
}
