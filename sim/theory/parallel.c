#include "parallel.h"

#include <math.h>

#include "gimc.h"
#include "markov.h"

/* The states that are cut off hold less than this. */
#define LEFT_OUT 1e-12
enum { MOST_STATES = 200000 };

struct view {
    const struct parallel *p;
    int top, apart; /* most inside in all; most between longest and shortest */
    bool alike;
};

static bool idle(const struct parallel *p, int number)
{
    return number < p->consumers;
}

static void arrange(const struct view *v, int *state)
{
    for (int i = 1; i < v->p->n && v->alike; i++)
        for (int k = i; k > 0 && state[k] < state[k - 1]; k--) {
            int other = state[k];
            state[k] = state[k - 1];
            state[k - 1] = other;
        }
}

/* C(n, k) of small numbers. */
static double choose(int n, int k)
{
    double sum = n >= k ? 1 : 0;
    for (int i = 0; i < k && sum > 0; i++)
        sum *= (double)(n - i) / (k - i);
    return sum;
}

/* The chance that the next task goes to station i. */
static double chance(const struct view *v, const int *state, int i)
{
    const struct parallel *p = v->p;
    int shorter = 0, same = 0, idlers = 0;
    for (int k = 0; k < p->n; k++) {
        shorter += state[k] < state[i];
        same += state[k] == state[i];
        idlers += idle(p, state[k]);
    }
    if (p->rule == PARALLEL_IDLE && idlers > 0)
        return idle(p, state[i]) ? 1.0 / idlers : 0;
    if (p->rule == PARALLEL_IDLE)
        return 1.0 / p->n;
    /* None of those drawn is shorter, and one of the same length is among them. */
    int rest = p->n - shorter;
    double some = choose(rest, p->drawn) - choose(rest - same, p->drawn);
    return some / choose(p->n, p->drawn) / same;
}

static bool allowed(const struct view *v, const int *state)
{
    int least = state[0], most = state[0], sum = 0;
    for (int i = 0; i < v->p->n; i++) {
        least = state[i] < least ? state[i] : least;
        most = state[i] > most ? state[i] : most;
        sum += state[i];
    }
    return sum <= v->top && most - least <= v->apart;
}

static void moves(struct markov *chain, const int *state, void *context)
{
    const struct view *v = context;
    const struct parallel *p = v->p;
    for (int i = 0; i < p->n; i++)
        for (int change = -1; change <= 1; change += 2) {
            int to[MARKOV_WORDS] = {0};
            int busy = state[i] < p->consumers ? state[i] : p->consumers;
            double rate = change > 0 ? p->lambda * chance(v, state, i) : busy * p->mu[i];
            for (int k = 0; k < p->n; k++)
                to[k] = state[k] + (k == i ? change : 0);
            if (rate == 0 || !allowed(v, to))
                continue;
            arrange(v, to);
            markov_move(chain, rate, to);
        }
}

static int level(const int *state, void *context)
{
    const struct view *v = context;
    int sum = 0;
    for (int i = 0; i < v->p->n; i++)
        sum += state[i];
    return sum;
}

static double inside(const int *state, void *context)
{
    return level(state, context);
}

static double waits(const int *state, void *context)
{
    const struct view *v = context;
    double sum = 0;
    for (int i = 0; i < v->p->n; i++)
        sum += idle(v->p, state[i]) ? 0 : chance(v, state, i);
    return sum;
}

static double at_top(const int *state, void *context)
{
    const struct view *v = context;
    return level(state, context) == v->top ? 1 : 0;
}

static double at_edge(const int *state, void *context)
{
    struct view less = *(const struct view *)context;
    less.apart--;
    return allowed(&less, state) ? 0 : 1;
}

bool parallel_solve(const struct parallel *p, double most_cost, struct parallel_means *out)
{
    double capacity = 0;
    struct view v = {.p = p, .alike = true};
    for (int i = 0; i < p->n; i++) {
        capacity += p->mu[i] * p->consumers;
        v.alike = v.alike && p->mu[i] == p->mu[0];
    }
    if (!(p->lambda < capacity) || p->n > PARALLEL_STATIONS)
        return false;
    v.top = (int)fmin(20000, ceil(log(LEFT_OUT) / log(p->lambda / capacity)) + p->n * p->consumers);
    v.apart = 8 + p->consumers;
    for (;;) {
        const struct markov_model model = {
            .words = (size_t)p->n, .moves = moves, .level = level, .context = &v};
        struct markov *chain = markov_of(&model, MOST_STATES, most_cost);
        if (!chain)
            return false;
        double top = markov_mean(chain, at_top, &v), edge = markov_mean(chain, at_edge, &v);
        out->inside = markov_mean(chain, inside, &v);
        out->response = out->inside / p->lambda;
        out->probability = markov_mean(chain, waits, &v);
        markov_free(chain);
        if (top < LEFT_OUT && edge < LEFT_OUT)
            return true;
        v.top += top < LEFT_OUT ? 0 : v.top / 4 + 4;
        v.apart += edge < LEFT_OUT ? 0 : v.apart / 3 + 1;
    }
}

double round_robin_wait(double lambda, double mu, int n, double consumers, double *probability)
{
    const struct service gap = {n == 1 ? SERVICE_EXPONENTIAL : SERVICE_ERLANG, n / lambda, n, 0};
    struct gimc m = gimc(&gap, mu, consumers);
    *probability = m.probability;
    return gimc_wait(&m);
}
