#include "fork.h"

#include <math.h>

#include "markov.h"
#include "mg1.h"

#define LEFT_OUT 1e-13
enum { MOST_STATES = 200000, MOST = 3 };

double fork_two(double lambda, double mu)
{
    return (12 - lambda / mu) / (8 * (mu - lambda));
}

struct view {
    double lambda;
    const double *mu;
    int k, top;
    bool alike;
};

static void arrange(const struct view *v, int *state)
{
    for (int i = 1; i < v->k && v->alike; i++)
        for (int j = i; j > 0 && state[j] < state[j - 1]; j--) {
            int other = state[j];
            state[j] = state[j - 1];
            state[j - 1] = other;
        }
}

static void moves(struct markov *chain, const int *state, void *context)
{
    const struct view *v = context;
    int to[MARKOV_WORDS] = {0};
    bool room = true;
    for (int i = 0; i < v->k; i++) {
        to[i] = state[i] + 1;
        room = room && to[i] <= v->top;
    }
    if (room)
        markov_move(chain, v->lambda, to);
    for (int i = 0; i < v->k; i++) {
        for (int j = 0; j < v->k; j++)
            to[j] = state[j] - (i == j);
        arrange(v, to);
        markov_move(chain, state[i] > 0 ? v->mu[i] : 0, to);
    }
}

static int level(const int *state, void *context)
{
    (void)context;
    return state[0];
}

static double longest(const int *state, void *context)
{
    const struct view *v = context;
    int most = 0;
    for (int i = 0; i < v->k; i++)
        most = state[i] > most ? state[i] : most;
    return most;
}

double fork_chain(double lambda, const double *mu, int k, double most_cost)
{
    struct view v = {lambda, mu, k, 0, true};
    double slowest = mu[0];
    for (int i = 0; i < k; i++) {
        slowest = fmin(slowest, mu[i]);
        v.alike = v.alike && mu[i] == mu[0];
    }
    double top = ceil(log(LEFT_OUT) / log(lambda / slowest)) + 3;
    if (!(lambda < slowest) || k > MOST || (k > 2 && !v.alike) || top > 1000)
        return NAN;
    v.top = (int)top;
    const struct markov_model model = {
        .words = (size_t)k, .moves = moves, .level = level, .context = &v};
    struct markov *chain = markov_of(&model, MOST_STATES, most_cost);
    double mean = chain ? markov_mean(chain, longest, &v) / lambda : NAN;
    markov_free(chain);
    return mean;
}

double order_mean(int k, int need, double mu)
{
    double sum = 0;
    for (int i = 0; i < need; i++)
        sum += 1 / ((k - i) * mu);
    return sum;
}

double order_second(int k, int need, double mu)
{
    double mean = order_mean(k, need, mu), variance = 0;
    for (int i = 0; i < need; i++)
        variance += pow((k - i) * mu, -2);
    return variance + mean * mean;
}

double split_merge(double lambda, double mu, int k, int need)
{
    double mean = order_mean(k, need, mu);
    if (!(lambda * mean < 1))
        return INFINITY;
    return mean + mg1_wait(lambda, mean, order_second(k, need, mu));
}
