#include "product.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"

/* Vectors of clients of each class, 0 .. clients[r], as numbers of mixed base: class 0 moves
 * fastest. Constants are long doubles, of demands scaled so that none is beyond it. */
struct lattice {
    const struct product *network;
    size_t size, stride[PRODUCT_CLASSES];
    double scale[PRODUCT_CLASSES]; /* of a class's demands */
};

static int count_of(const struct lattice *l, size_t at, size_t class)
{
    assert(l->stride[class] > 0);
    return (int)(at / l->stride[class] % ((size_t)l->network->clients[class] + 1));
}

static void lattice_of(const struct product *network, struct lattice *l)
{
    *l = (struct lattice){.network = network, .size = 1};
    for (size_t r = 0; r < network->classes; r++) {
        double most = network->think[r] / fmax(1, network->clients[r]);
        l->stride[r] = l->size;
        l->size *= (size_t)network->clients[r] + 1;
        for (size_t j = 0; j < network->stations; j++) {
            const struct product_station *s = &network->station[j];
            double clients = fmax(1, network->clients[r]);
            most = fmax(most, s->demand[r] / fmin(s->consumers, clients));
        }
        l->scale[r] = most > 0 ? 1 / most : 1;
    }
}

/* The weight of having so many of each class at a station; think: of those who think. */
static long double weight(const struct lattice *l, const double *demand, double consumers,
                          size_t at)
{
    double log_of = 0;
    int all = 0;
    for (size_t r = 0; r < l->network->classes; r++) {
        int n = count_of(l, at, r);
        if (n > 0 && demand[r] == 0)
            return 0;
        log_of += n > 0 ? n * log(demand[r] * l->scale[r]) - lgamma(n + 1.0) : 0;
        all += n;
    }
    for (int k = 1; k <= all && isfinite(consumers); k++)
        log_of += log(k / fmin(k, consumers));
    return expl((long double)log_of);
}

/* g = g * weights of a station, in place: a recursion for one consumer, else the sum itself. */
static void fold_one(const struct lattice *l, const double *demand, long double *g)
{
    for (size_t at = 0; at < l->size; at++)
        for (size_t r = 0; r < l->network->classes; r++)
            if (count_of(l, at, r) > 0)
                g[at] += demand[r] * l->scale[r] * g[at - l->stride[r]];
}

/* Whether `part` is inside `whole`, in every class. */
static bool fits(const struct lattice *l, size_t part, size_t whole)
{
    for (size_t r = 0; r < l->network->classes; r++)
        if (count_of(l, part, r) > count_of(l, whole, r))
            return false;
    return true;
}

static void fold_many(const struct lattice *l, const struct product_station *s, long double *g)
{
    long double *w = xmalloc(l->size * sizeof *w);
    for (size_t at = 0; at < l->size; at++)
        w[at] = weight(l, s->demand, s->consumers, at);
    for (size_t whole = l->size; whole-- > 0;) { /* from the top: those below are still the old */
        long double sum = 0;
        for (size_t part = 0; part <= whole; part++)
            if (fits(l, part, whole))
                sum += w[part] * g[whole - part];
        g[whole] = sum;
    }
    free(w);
}

/* Constants of the network without station `but` (out of range: of all). */
static void constants(const struct lattice *l, size_t but, long double *g)
{
    const struct product *n = l->network;
    double delay[PRODUCT_CLASSES];
    for (size_t r = 0; r < n->classes; r++) {
        delay[r] = n->think[r];
        for (size_t j = 0; j < n->stations; j++)
            delay[r] += j != but && isinf(n->station[j].consumers) ? n->station[j].demand[r] : 0;
    }
    for (size_t at = 0; at < l->size; at++)
        g[at] = weight(l, delay, INFINITY, at);
    for (size_t j = 0; j < n->stations; j++) {
        const struct product_station *s = &n->station[j];
        if (j == but || isinf(s->consumers))
            continue;
        if (s->consumers == 1)
            fold_one(l, s->demand, g);
        else
            fold_many(l, s, g);
    }
}

static void figures_of(const struct lattice *l, size_t station, const long double *without,
                       long double all, struct product_means *out)
{
    const struct product *n = l->network;
    const struct product_station *s = &n->station[station];
    size_t top = l->size - 1;
    for (size_t at = 0; at <= top; at++) {
        double p = (double)(weight(l, s->demand, s->consumers, at) * without[top - at] / all);
        for (size_t r = 0; r < n->classes; r++)
            out->number[station][r] += p * count_of(l, at, r);
    }
    for (size_t r = 0; r < n->classes; r++) {
        out->busy[station] += out->cycles[r] * s->demand[r];
        if (out->cycles[r] > 0)
            out->residence[station][r] = out->number[station][r] / out->cycles[r];
    }
}

/* Multiplications, roughly. */
static double cost(const struct lattice *l)
{
    double one = 0, size = (double)l->size, stations = (double)l->network->stations;
    for (size_t j = 0; j < l->network->stations; j++) {
        double c = l->network->station[j].consumers;
        one += c == 1 ? size * (double)l->network->classes : isinf(c) ? 0 : size * size / 2;
    }
    return (stations + 1) * one;
}

bool product_solve(const struct product *network, struct product_means *out)
{
    struct lattice l;
    *out = (struct product_means){0};
    lattice_of(network, &l);
    if (cost(&l) > PRODUCT_MOST || l.size < 2)
        return false;
    long double *g = xmalloc(l.size * sizeof *g);
    constants(&l, network->stations, g);
    long double all = g[l.size - 1];
    for (size_t r = 0; r < network->classes; r++)
        if (network->clients[r] > 0)
            out->cycles[r] = (double)(g[l.size - 1 - l.stride[r]] / all) * l.scale[r];
    bool sound = isfinite(all) && all > 0;
    for (size_t j = 0; sound && j < network->stations; j++) {
        constants(&l, j, g);
        figures_of(&l, j, g, all, out);
    }
    free(g);
    return sound;
}
