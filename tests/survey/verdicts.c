/*
 * How often a queue is judged stable, unstable or neither, over many short runs: by measurement
 * where theory is silent (a producer that takes a moment to resume), and with theory (mmpp).
 *
 *   verdicts [RUNS]          make verdicts
 *
 * Below a utilization of 1 no run may say no. PASTA and the other laws of the audit are counted,
 * too: no run may break one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "../scene.h"

enum { BUSY = 5 };
static const double busy[BUSY] = {0.9, 0.95, 0.98, 1.02, 1.05};

struct study {
    const char *name;
    double tasks, replications;
};
static const struct study studies[] = {
    {"pause", 20000, 8}, {"pause", 20000, 2},  {"pause", 20000, 1},
    {"mmpp", 20000, 8},  {"poisson", 2000, 8},
};

static struct scenario *scenario_of(const struct study *study, double utilization)
{
    const char *tasks = internf("%g", study->tasks);
    const char *replications = internf("%g", study->replications);
    const char *rate = internf("%.17g", utilization);
    if (study->name[1] == 'm') /* a third of the time at twice the rate of the rest */
        return scene("arrivals.process", "mmpp", "arrivals.states.0.rate",
                     internf("%.17g", 1.5 * utilization), "arrivals.states.0.mean_duration", "20s",
                     "arrivals.states.1.rate", internf("%.17g", 0.75 * utilization),
                     "arrivals.states.1.mean_duration", "40s", "tasks.size.distribution",
                     "exponential", "tasks.size.mean", "1s", "run.tasks", tasks, "run.replications",
                     replications, NULL);
    if (study->name[1] == 'a')
        return scene("arrivals.process", "poisson", "arrivals.rate", rate,
                     "tasks.size.distribution", "exponential", "tasks.size.mean", "1s",
                     "buffer.capacity", "10", "buffer.when_full", "pause", "buffer.resume_delay",
                     "1us", "run.tasks", tasks, "run.replications", replications, NULL);
    return scene("arrivals.process", "poisson", "arrivals.rate", rate, "tasks.size.distribution",
                 "exponential", "tasks.size.mean", "1s", "run.tasks", tasks, "run.replications",
                 replications, NULL);
}

static void survey(const struct study *study, double utilization, int runs)
{
    int verdicts[3] = {0}, broken = 0;
    struct scenario *s = scenario_of(study, utilization);
    for (int run = 0; run < runs; run++) {
        s->seed = run + 1;
        struct result *result = result_new(s, &events_engine);
        for (uint32_t r = 0; r < result->replications; r++) {
            struct trial *trial = trial_run(s, &events_engine, 0, r, NULL, NULL);
            result_add(result, trial);
            trial_free(trial);
        }
        result_finish(result);
        verdicts[result_row(result, 0, 0)->stable]++;
        broken += !audit_holds(&result->audit);
        result_free(result);
    }
    free(s);
    printf("%-8s %4.0f x %-8.0f %5.2f %8d %8d %8d %8d\n", study->name, study->replications,
           study->tasks, utilization, verdicts[STABLE_YES], verdicts[STABLE_UNKNOWN],
           verdicts[STABLE_NO], broken);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : 200;
    if (runs < 1 || argc > 2) {
        fputs("usage: verdicts [RUNS]\n", stderr);
        return 2;
    }
    printf("%-8s %15s %5s %8s %8s %8s %8s\n", "case", "run", "busy", "yes", "unknown", "no",
           "broken");
    for (size_t i = 0; i < sizeof studies / sizeof *studies; i++)
        for (int j = 0; j < BUSY; j++)
            survey(&studies[i], busy[j], runs);
    return 0;
}
