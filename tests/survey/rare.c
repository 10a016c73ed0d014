/*
 * How often the intervals of `rare` hold the truth, and what splitting saves, in systems whose
 * losses and tails are known exactly (tests/rare_cases.h).
 *
 *   rare [RUNS [RELATIVE]]        make rare
 *
 * Each case is run RUNS times (200) with a seed of its own until its figures are known to within
 * RELATIVE (20 %). Of losses the share is looked at, of tails p99.999 (of M/Pareto/1 p99.9, which
 * is what theory knows). A line gives the exact value, the share of the intervals that hold it, the
 * share that lie above it, the mean of the estimates over it, the mean half-width of the intervals
 * of the probability, the tasks simulated, and the gain: how many times as many independent tasks
 * would tell as much.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../rare_cases.h"

static void survey(const struct rare_case *c, int runs, double relative)
{
    size_t figure = c->measure == RARE_LOSS ? 0 : isnan(c->p999) ? 3 : 1;
    double truth = rare_case_truth(c, figure), held = 0, above = 0, bias = 0, half = 0, spent = 0;
    double gain = 0, mass = 0;
    for (int run = 1; run <= runs; run++) {
        struct rare *rare = rare_case_run(c, run, relative, 1e9, 0);
        const struct rare_column *column = &rare->column[0];
        const struct tail_figure *f = &column->figure[figure];
        held += f->low <= truth && truth <= f->high;
        above += f->low > truth;
        bias += f->value / truth - 1;
        half += f->half;
        mass += column->mass;
        spent += column->spent;
        double q = c->measure == RARE_LOSS ? f->value : rare_q[figure], error = f->half / 2.13;
        gain += (1 - q) / q / (error * error) / column->spent;
        rare_case_free(rare);
    }
    printf("%-12s %-9s %10.4g %8.1f %% %8.1f %% %+8.2f %% %8.2f %8.4f %8.2f M %10.3g\n", c->name,
           c->measure == RARE_LOSS ? "loss"
           : figure == 1           ? "p99.9"
                                   : "p99.999",
           truth, 100 * held / runs, 100 * above / runs, 100 * bias / runs, half / runs,
           mass / runs, spent / runs / 1e6, gain / runs);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : 200;
    double relative = argc > 2 ? atof(argv[2]) : 0.2;
    if (runs < 1 || !(relative > 0) || argc > 3) {
        fputs("usage: rare [RUNS [RELATIVE]]\n", stderr);
        return 2;
    }
    printf("%-12s %-9s %10s %10s %10s %10s %8s %8s %10s %10s\n", "case", "figure", "exact", "hold",
           "above", "bias", "half", "mass", "tasks", "gain");
    size_t n;
    const struct rare_case *cases = rare_cases(&n);
    for (size_t i = 0; i < n; i++)
        survey(&cases[i], runs, relative);
    return 0;
}
