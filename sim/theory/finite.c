#include "finite.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../base/root.h"

/* ---- what it is made of ---- */

void finite_poisson(struct finite_queue *q, double lambda)
{
    q->n = 1;
    q->move[0] = 0;
    q->arrive[0] = lambda;
}

static void clear(struct finite_queue *q, size_t n)
{
    q->n = n;
    memset(q->move, 0, sizeof q->move);
    memset(q->arrive, 0, sizeof q->arrive);
}

void finite_modulated(struct finite_queue *q, size_t n, const double *rate, const double *stay)
{
    clear(q, n);
    for (size_t i = 0; i < n; i++) {
        q->arrive[i * n + i] = rate[i];
        if (n > 1)
            q->move[i * n + (i + 1) % n] += 1 / stay[i];
    }
}

/* The phases of a law; 0: it has none, or too many. */
static size_t phases_of(const struct service *law, size_t most, double *begin, double *rate,
                        bool *in_series)
{
    size_t n = law->kind == SERVICE_EXPONENTIAL        ? 1
               : law->kind == SERVICE_HYPEREXPONENTIAL ? 2
               : law->kind == SERVICE_ERLANG           ? (size_t)law->b
                                                       : 0;
    if (n > most)
        return 0;
    *in_series = law->kind == SERVICE_ERLANG;
    for (size_t i = 0; i < n; i++) {
        begin[i] = i == 0;
        rate[i] = *in_series ? law->b / law->a : 1 / law->a;
    }
    if (law->kind == SERVICE_HYPEREXPONENTIAL) {
        begin[0] = law->a;
        begin[1] = 1 - law->a;
        rate[0] = 1 / law->b;
        rate[1] = 1 / law->c;
    }
    return n;
}

bool finite_renewal(struct finite_queue *q, const struct service *gap)
{
    double begin[FINITE_PHASES], rate[FINITE_PHASES];
    bool in_series;
    size_t n = phases_of(gap, FINITE_PHASES, begin, rate, &in_series);
    clear(q, n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            if (in_series && j == i + 1)
                q->move[i * n + j] = rate[i];
            if (!in_series || i + 1 == n)
                q->arrive[i * n + j] = rate[i] * begin[j];
        }
    return n > 0;
}

bool finite_service(struct finite_queue *q, const struct service *service)
{
    q->m = phases_of(service, FINITE_STAGES, q->begin, q->rate, &q->in_series);
    return q->m > 0;
}

/* ---- the states ---- */

/* In how many ways so many consumers are busy with m phases. */
static double ways(double busy, size_t m)
{
    double n = 1;
    for (size_t i = 1; i < m; i++)
        n *= (busy + (double)i) / (double)i;
    return round(n);
}

static double states_of(const struct finite_queue *q)
{
    double below = ways(q->c, q->m + 1); /* ways with 0 .. c busy, together */
    return (double)q->n * (below + (q->most - q->c) * ways(q->c, q->m));
}

static double band_of(const struct finite_queue *q)
{
    return 2 * (double)q->n * ways(q->c, q->m);
}

double finite_cost(const struct finite_queue *q)
{
    double band = band_of(q);
    return states_of(q) * band * band;
}

struct finite_solution {
    const struct finite_queue *q;
    double lambda, loss, blocked, probability, wait;
    size_t levels;  /* most + 1 */
    double *seen;   /* shares of those who get in that find so many inside */
    double *above;  /* above[j]: that find c + j or more */
    size_t waiting; /* of them */
};

/* The chain: rates[state * width + to - state + band]. */
struct chain {
    const struct finite_queue *q;
    size_t n, band, width;
    size_t *first; /* states of a level */
    double *rates;
};

static size_t busy_of(const struct finite_queue *q, size_t level)
{
    return level < (size_t)q->c ? level : (size_t)q->c;
}

/* The place of a division of consumers among phases, in lexical order: (0, b) is first. */
static size_t rank_of(const struct finite_queue *q, const size_t *count, size_t busy)
{
    double rank = 0;
    for (size_t i = 0; i + 1 < q->m; i++) {
        for (size_t less = 0; less < count[i]; less++)
            rank += ways((double)(busy - less), q->m - i - 1);
        busy -= count[i];
    }
    return (size_t)rank;
}

/* The next division in that order; false after the last. */
static bool next_of(const struct finite_queue *q, size_t *count)
{
    size_t last = q->m - 1;
    for (size_t i = last; i-- > 0;) {
        size_t rest = 0;
        for (size_t j = i + 1; j <= last; j++)
            rest += count[j];
        if (rest == 0)
            continue;
        count[i]++;
        for (size_t j = i + 1; j <= last; j++)
            count[j] = 0;
        count[last] = rest - 1;
        return true;
    }
    return false;
}

static void add(struct chain *chain, size_t from, size_t to, double rate)
{
    if (rate > 0 && from != to)
        chain->rates[from * chain->width + to + chain->band - from] += rate;
}

/* A state taken apart. */
struct spot {
    size_t level, phase; /* of the arrivals */
    size_t *count;       /* busy with each phase */
};

static size_t index_of(const struct chain *chain, size_t level, const size_t *count, size_t phase)
{
    return chain->first[level] + rank_of(chain->q, count, busy_of(chain->q, level)) * chain->q->n +
           phase;
}

/* From `from` to a level at which one more begins a service. */
static void add_begun(struct chain *chain, size_t from, const struct spot *to, double rate)
{
    for (size_t f = 0; f < chain->q->m; f++) {
        to->count[f]++;
        add(chain, from, index_of(chain, to->level, to->count, to->phase),
            rate * chain->q->begin[f]);
        to->count[f]--;
    }
}

static void add_arrivals(struct chain *chain, size_t from, const struct spot *at)
{
    const struct finite_queue *q = chain->q;
    size_t c = (size_t)q->c, most = (size_t)q->most;
    for (size_t j = 0; j < q->n; j++) {
        double moves = q->move[at->phase * q->n + j], comes = q->arrive[at->phase * q->n + j];
        const struct spot up = {at->level + 1, j, at->count};
        add(chain, from, from - at->phase + j, moves);
        if (at->level == most)
            add(chain, from, from - at->phase + j, comes);
        else if (at->level < c)
            add_begun(chain, from, &up, comes);
        else
            add(chain, from, index_of(chain, up.level, up.count, j), comes);
    }
}

static void add_services(struct chain *chain, size_t from, const struct spot *at)
{
    const struct finite_queue *q = chain->q;
    const struct spot down = {at->level - 1, at->phase, at->count};
    size_t c = (size_t)q->c;
    for (size_t f = 0; f < q->m; f++) {
        double rate = (double)at->count[f] * q->rate[f];
        if (at->count[f] == 0)
            continue;
        at->count[f]--;
        if (q->in_series && f + 1 < q->m) {
            at->count[f + 1]++;
            add(chain, from, index_of(chain, at->level, at->count, at->phase), rate);
            at->count[f + 1]--;
        } else if (at->level > c) { /* a waiting task takes the consumer */
            add_begun(chain, from, &down, rate);
        } else {
            add(chain, from, index_of(chain, down.level, down.count, at->phase), rate);
        }
        at->count[f]++;
    }
    if (at->level > c)
        add(chain, from, index_of(chain, down.level, down.count, at->phase),
            (double)(at->level - c) * q->theta);
}

static void build(struct chain *chain)
{
    const struct finite_queue *q = chain->q;
    for (size_t level = 0; level <= (size_t)q->most; level++) {
        size_t count[FINITE_STAGES] = {0}, state = chain->first[level];
        count[q->m - 1] = busy_of(q, level);
        do
            for (size_t phase = 0; phase < q->n; phase++, state++) {
                const struct spot at = {level, phase, count};
                add_arrivals(chain, state, &at);
                add_services(chain, state, &at);
            }
        while (next_of(q, count));
    }
}

static void begin_chain(struct chain *chain, const struct finite_queue *q)
{
    size_t levels = (size_t)q->most + 1;
    *chain = (struct chain){.q = q, .band = (size_t)band_of(q)};
    chain->width = 2 * chain->band + 1;
    chain->first = xcalloc(levels + 1, sizeof *chain->first);
    for (size_t level = 0; level < levels; level++)
        chain->first[level + 1] =
            chain->first[level] + q->n * (size_t)ways((double)busy_of(q, level), q->m);
    chain->n = chain->first[levels];
    chain->rates = xcalloc(chain->n * chain->width, sizeof *chain->rates);
    build(chain);
}

/* ---- its probabilities ---- */

/* The rates among the states before `s`, with what is done in it and beyond added. */
static void eliminate(struct chain *chain, size_t s)
{
    size_t low = s > chain->band ? s - chain->band : 0;
    const double *out = chain->rates + s * chain->width + chain->band - s;
    double sum = 0;
    for (size_t j = low; j < s; j++)
        sum += out[j];
    for (size_t i = low; i < s; i++) {
        double *row = chain->rates + i * chain->width + chain->band - i;
        if (!(row[s] > 0))
            continue;
        double share = row[s] / sum;
        row[s] = share;
        for (size_t j = low; j < s; j++)
            row[j] += share * out[j];
    }
}

/* Probabilities of all states; to be freed. */
static double *solve(struct chain *chain)
{
    const double large = 1e200;
    double *p = xcalloc(chain->n, sizeof *p), sum = 0;
    for (size_t s = chain->n - 1; s > 0; s--)
        eliminate(chain, s);
    p[0] = 1;
    for (size_t s = 1; s < chain->n; s++) {
        for (size_t i = s > chain->band ? s - chain->band : 0; i < s; i++)
            p[s] += p[i] * chain->rates[i * chain->width + s + chain->band - i];
        for (size_t i = 0; i <= s && p[s] > large; i++)
            p[i] *= i < s ? 1 / large : 1;
        if (p[s] > large)
            p[s] /= large;
    }
    for (size_t s = 0; s < chain->n; s++)
        sum += p[s];
    for (size_t s = 0; s < chain->n; s++)
        p[s] /= sum;
    return p;
}

static double leaving(const struct finite_queue *q, size_t phase)
{
    double sum = 0;
    for (size_t j = 0; j < q->n; j++)
        sum += q->arrive[phase * q->n + j];
    return sum;
}

/* Sums over the states, level by level. */
static void gather(struct finite_solution *f, const struct chain *chain, const double *p)
{
    const struct finite_queue *q = f->q;
    size_t most = (size_t)q->most, c = (size_t)q->c;
    double queue = 0, blocked = 0, accepted = 0;
    for (size_t level = 0; level <= most; level++)
        for (size_t s = chain->first[level]; s < chain->first[level + 1]; s++) {
            double found = p[s] * leaving(q, (s - chain->first[level]) % q->n);
            f->lambda += found;
            queue += level > c ? (double)(level - c) * p[s] : 0;
            f->seen[level] += level < most ? found : 0;
            blocked += level == most ? found : 0;
        }
    accepted = f->lambda - blocked;
    f->blocked = blocked / f->lambda;
    f->loss = (blocked + q->theta * queue) / f->lambda;
    for (size_t level = 0; level < most; level++)
        f->seen[level] /= accepted;
    for (size_t j = f->waiting; j-- > 0;)
        f->above[j] = (j + 1 < f->waiting ? f->above[j + 1] : 0) + f->seen[c + j];
    f->probability = f->waiting > 0 ? f->above[0] : 0;
    f->wait = queue / accepted;
}

struct finite_solution *finite_solve(const struct finite_queue *q)
{
    struct chain chain;
    struct finite_solution *f = xcalloc(1, sizeof *f);
    begin_chain(&chain, q);
    double *p = solve(&chain);
    f->q = q;
    f->levels = (size_t)q->most + 1;
    f->waiting = (size_t)(q->most - q->c);
    f->seen = xcalloc(f->levels, sizeof *f->seen);
    f->above = xcalloc(f->waiting + 1, sizeof *f->above);
    gather(f, &chain, p);
    free(p);
    free(chain.rates);
    free(chain.first);
    return f;
}

void finite_free(struct finite_solution *f)
{
    free(f->seen);
    free(f->above);
    free(f);
}

double finite_loss(const struct finite_solution *f)
{
    return f->loss;
}

double finite_blocked(const struct finite_solution *f)
{
    return f->blocked;
}

double finite_wait_probability(const struct finite_solution *f)
{
    return f->probability;
}

double finite_wait(const struct finite_solution *f)
{
    return f->wait;
}

/* ---- quantiles ---- */

struct tail {
    const struct finite_solution *f;
    bool latency;
    double above;
};

/* P(W > t): so many ends of services in t as are not enough. */
static double wait_above(const struct finite_solution *f, double t)
{
    double mean = f->q->c * f->q->rate[0] * t, sum = 0;
    if (!(mean > 0))
        return f->probability;
    for (size_t j = 0; j < f->waiting; j++)
        sum += f->above[j] * gsl_ran_poisson_pdf((unsigned)j, mean);
    return sum;
}

/* P(W <= t < W + S). Who waits for k ends of services: I(k) = int f_k(x) exp(-mu (t - x)) dx, f_k
 * the Erlang density; by parts, I(k) = (1 - 1 / c) I(k + 1) + P(k ends in t), from the last on. */
static double served_across(const struct finite_solution *f, double t)
{
    double c = f->q->c, mu = f->q->rate[0], mean = c * mu * t, keep = 1 - 1 / c;
    double none = exp(-mu * t), sum = (1 - f->probability) * none, across = 0;
    if (!(mean > 0))
        return sum;
    size_t last = (size_t)(mean + 12 * sqrt(mean) + 60) + f->waiting;
    for (size_t k = last; k > 0; k--) {
        across = keep * across + gsl_ran_poisson_pdf((unsigned)k, mean);
        if (k <= f->waiting)
            sum += f->seen[(size_t)c + k - 1] * across;
    }
    return sum;
}

static double miss(double t, void *context)
{
    const struct tail *tail = context;
    double above = wait_above(tail->f, t);
    return above + (tail->latency ? served_across(tail->f, t) : 0) - tail->above;
}

static double quantile(const struct finite_solution *f, double p, bool latency)
{
    struct tail tail = {f, latency, 1 - p};
    double high = f->wait + 1 / f->q->rate[0];
    while (miss(high, &tail) > 0)
        high *= 2;
    return root_between(miss, &tail, 0, high, 1e-10);
}

double finite_queue_wait_quantile(const struct finite_solution *f, double p)
{
    return p <= 1 - f->probability ? 0 : quantile(f, p, false);
}

double finite_queue_latency_quantile(const struct finite_solution *f, double p)
{
    return quantile(f, p, true);
}
