#include "variation.h"

#include "stats.h"

#define RISK 0.05

/* Of the times that end in a window. */
struct sums {
    double n, first, second;
};

static struct sums less(struct sums a, struct sums b)
{
    return (struct sums){a.n - b.n, a.first - b.first, a.second - b.second};
}

static struct sums arrivals(const struct window *w)
{
    const struct flow *a = &w->open, *b = &w->close;
    return less((struct sums){(double)b->arrived, b->arrival_gaps, b->arrival_gap_square},
                (struct sums){(double)a->arrived, a->arrival_gaps, a->arrival_gap_square});
}

static struct sums departures(const struct window *w)
{
    const struct flow *a = &w->open, *b = &w->close;
    return less((struct sums){(double)b->completed, b->departure_gaps, b->departure_gap_square},
                (struct sums){(double)a->completed, a->departure_gaps, a->departure_gap_square});
}

static double figure(struct sums s)
{
    return s.n > 1 && s.first > 0 ? s.n * s.second / (s.first * s.first) - 1 : NAN;
}

static struct variation variation(const struct window *windows, size_t n,
                                  struct sums (*of)(const struct window *))
{
    struct sums all = {0};
    for (size_t i = 0; i < n; i++) {
        struct sums one = of(&windows[i]);
        all = (struct sums){all.n + one.n, all.first + one.first, all.second + one.second};
    }
    struct variation out = {figure(all), NAN};
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) { /* what each adds to the figure */
        double pseudo = (double)(n - 1) * (out.value - figure(less(all, of(&windows[i]))));
        sum += pseudo;
        squares += pseudo * pseudo;
    }
    if (n > 1 && !isnan(sum)) {
        double variance = (squares - sum * sum / (double)n) / (double)(n - 1);
        out.half = stats_t(RISK, n - 1) * sqrt(fmax(0, variance) / (double)n);
    }
    return out;
}

struct variation variation_arrivals(const struct window *windows, size_t n)
{
    return variation(windows, n, arrivals);
}

struct variation variation_departures(const struct window *windows, size_t n)
{
    return variation(windows, n, departures);
}
