/*
 * How well `fit` knows a law again: what a suite of pinned seeds cannot show.
 *
 *   families [RUNS [TASKS]]          make families
 *
 * Each law is drawn RUNS times (200) with TASKS tasks (100,000). A line gives the share of the
 * runs in which the law's own family was chosen, and which others were; the lines below it, for
 * each parameter: its value, the mean of its estimates and their standard error (over the runs),
 * the bias in standard errors, and the share of the estimates within two standard errors of the
 * value. For the ends of a support, whose estimates are no normal variates, "within" is the share
 * of the samples in which the end is no further off than two mean distances.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../families.h"

struct estimates {
    int runs;
    double *values; /* runs * LAW_NUMBERS */
};

/* Phases have no order of their own: that of the larger mean first. */
static void order_phases(double *x, int n)
{
    if (n == 4 && x[0] < x[1])
        for (int i = 0; i < 4; i += 2) {
            double keep = x[i];
            x[i] = x[i + 1];
            x[i + 1] = keep;
        }
}

static void print_parameter(const char *name, double truth, const double *values, int runs)
{
    double sum = 0, squares = 0;
    int within = 0;
    for (int i = 0; i < runs; i++)
        sum += values[(size_t)i * LAW_NUMBERS];
    double mean = sum / runs;
    for (int i = 0; i < runs; i++)
        squares += pow(values[(size_t)i * LAW_NUMBERS] - mean, 2);
    double error = sqrt(squares / (runs > 1 ? runs - 1 : 1));
    for (int i = 0; i < runs; i++)
        within += fabs(values[(size_t)i * LAW_NUMBERS] - truth) <= 2 * error;
    printf("    %-16s %10.5g %12.6g %10.2g %+7.2f %8.1f %%\n", name, truth, mean, error,
           (mean - truth) / error, 100.0 * within / runs);
}

static void print_choices(const int *chosen, const char *const *names, int n, int runs)
{
    for (int i = 0; i < n; i++)
        if (chosen[i] > 0)
            printf(" %s %.1f %%", names[i], 100.0 * chosen[i] / runs);
    printf("\n");
}

static void survey(const struct family_case *c, int runs, size_t tasks)
{
    const struct law law = family_law(c);
    double truth[LAW_NUMBERS], *values = xcalloc((size_t)runs * LAW_NUMBERS, sizeof *values);
    const char *names[LAW_NUMBERS], *families[LAWS_MOST];
    int chosen[LAWS_MOST] = {0}, n_families = 0, n = law_numbers(&law, truth, names, NULL);
    struct sample sample;
    order_phases(truth, n);
    sample_init(&sample);
    for (int run = 0; run < runs; run++) {
        struct laws laws;
        struct fitted own;
        family_draw(&law, (uint32_t)run, tasks, &sample);
        laws_fit(&sample, &laws);
        const char *name = laws.fitted[laws.best].law.model->name;
        int i = 0;
        while (i < n_families && families[i] != name)
            i++;
        if (i == n_families)
            families[n_families++] = name;
        chosen[i]++;
        double *x = values + (size_t)run * LAW_NUMBERS;
        if (law_fit(law_model(&law), &sample, &own))
            law_numbers(&own.law, x, NULL, NULL);
        order_phases(x, n);
    }
    printf("%-16s chosen:", c->name);
    print_choices(chosen, families, n_families, runs);
    for (int i = 0; i < n; i++)
        print_parameter(names[i], truth[i], values + i, runs);
    fflush(stdout);
    sample_free(&sample);
    free(values);
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : 200;
    double tasks = argc > 2 ? atof(argv[2]) : 1e5;
    if (runs < 1 || !(tasks >= 10) || argc > 4) {
        fputs("usage: families [RUNS [TASKS [CASE]]]\n", stderr);
        return 2;
    }
    printf("    %-16s %10s %12s %10s %7s %10s\n", "parameter", "value", "estimate", "error", "bias",
           "within");
    for (int i = 0; i < n_family_cases; i++)
        if (argc < 4 || strstr(family_cases[i].name, argv[3]))
            survey(&family_cases[i], runs, (size_t)tasks);
    return 0;
}
