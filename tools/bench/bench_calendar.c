/*
 * The calendars of calendars.h in the hold model, back to back, one thread.
 *
 *   bench_calendar [HOLDS] [REPETITIONS]
 *
 * Increments of time have mean 1 or about: exponential; bounded Pareto, alpha 1.1 over six decades;
 * bimodal (nine in ten below 0.1, the rest about 9); and a lattice of eight times, where most
 * events come at the same time as others. Nanoseconds of CPU time for a hold, medians over the
 * turns, in which all calendars follow one another. A calendar that brings another order is an
 * error.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/base/err.h"
#include "../../sim/base/rng.h"
#include "calendars.h"

enum { DRAWS = 65536, MOST_CONTESTANTS = 16 };

static double exponential(double u)
{
    return -log(u);
}

static double pareto(double u)
{
    return 1e-3 * pow(1 - u * (1 - pow(1e-6, 1.1)), -1 / 1.1);
}

static double bimodal(double u)
{
    return u < 0.9 ? u / 9 : 9 + (u - 0.9);
}

static double lattice(double u)
{
    return floor(8 * u) / 4;
}

static const struct {
    const char *name;
    double (*of)(double u);
} laws[] = {
    {"exponential", exponential}, {"pareto", pareto}, {"bimodal", bimodal}, {"lattice", lattice}};

static int contestants(struct contestant all[MOST_CONTESTANTS])
{
    const struct contestant *const lists[] = {contest_heaps, contest_trees, contest_arrays,
                                              contest_ladder};
    int n = 0;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (const struct contestant *c = lists[i]; c->name; c++)
            all[n++] = *c;
    return n;
}

static void contest(const char *law, const struct hold *h, int turns)
{
    struct contestant all[MOST_CONTESTANTS];
    int n = contestants(all);
    static double seconds[MOST_CONTESTANTS][MOST_TURNS];
    uint64_t order = 0;
    for (int turn = 0; turn < turns; turn++) {
        for (int i = 0; i < n; i++) {
            if (h->size > all[i].most)
                continue;
            struct held held = all[i].hold(h);
            seconds[i][turn] = held.seconds;
            if (i == 0)
                order = held.order;
            if (held.order != order) {
                fprintf(stderr, "%s: another order than the first\n", all[i].name);
                exit(1);
            }
        }
    }
    printf("%-12s %8" PRIu64, law, h->size);
    for (int i = 0; i < n; i++) {
        if (h->size > all[i].most)
            printf(" %8s", "-");
        else
            printf(" %8.1f", 1e9 * median(seconds[i], turns) / (double)h->holds);
    }
    printf("\n");
    fflush(stdout);
}

static void heading(void)
{
    struct contestant all[MOST_CONTESTANTS];
    int n = contestants(all);
    for (int i = 0; i < n; i++)
        printf("%*s%s\n", 22 + 9 * i, "", all[i].name);
}

int main(int argc, char **argv)
{
    uint64_t holds = argc > 1 ? strtoull(argv[1], NULL, 10) : 250000;
    int turns = argc > 2 ? atoi(argv[2]) : 3;
    if (holds == 0 || turns < 1 || turns > MOST_TURNS) {
        fprintf(stderr, "usage: bench_calendar [HOLDS] [REPETITIONS]\n");
        return 2;
    }
    static double draw[DRAWS];
    static double u[DRAWS];
    const struct stream stream = stream_of(1, 0, "bench");
    stream_uniforms(&stream, 0, 0, DRAWS, u);
    printf("hold model, ns per hold, medians of %d turns\n", turns);
    heading();
    for (size_t law = 0; law < sizeof laws / sizeof *laws; law++) {
        for (int i = 0; i < DRAWS; i++)
            draw[i] = laws[law].of(u[i]);
        static const uint64_t sizes[] = {1, 4, 10, 16, 32, 64, 100, 1000, 10000, 100000, 1000000};
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            if (laws[law].of == lattice && sizes[i] > 10000)
                break; /* minutes, for a ladder queue: everything is in one bucket */
            const struct hold h = {sizes[i], holds + sizes[i], draw, DRAWS};
            contest(laws[law].name, &h, turns);
        }
    }
    return 0;
}
