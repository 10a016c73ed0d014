/*
 * What days resampled from one log (arrivals.bootstrap, blocks by the rule) are worth: how much
 * they vary, and around what, beside what days of the process itself do.
 *
 *   days [LOGS]          make days
 *
 * Each log is one day of 20,000 tasks of a known process. `spread` is the standard deviation of the
 * mean wait over days; `hold` the share of logs whose resampled days, mean and spread taken as a
 * normal law, hold the mean wait of another day of the process in their middle 95 %.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../sim/engine/source.h"
#include "../scene.h"
#include "../setting.h"

enum { TASKS = 20000, DAYS = 32 };

static const struct {
    const char *name, *arrivals;
} studies[] = {
    {"poisson, 70 %", "arrivals.rate=7/s"},
    {"poisson, 90 %", "arrivals.rate=9/s"},
    {"storms of 20 s", "arrivals.process=mmpp; arrivals.states.0.rate=3/s; "
                       "arrivals.states.0.mean_duration=20s; arrivals.states.1.rate=11/s; "
                       "arrivals.states.1.mean_duration=20s"},
    {"storms of 2 min", "arrivals.process=mmpp; arrivals.states.0.rate=3/s; "
                        "arrivals.states.0.mean_duration=2m; arrivals.states.1.rate=11/s; "
                        "arrivals.states.1.mean_duration=2m"},
};

static char folder[] = "/tmp/queuescope-days-XXXXXX";

/* One day of the process, as the file of a trace. */
static const char *write_day(size_t study, int number)
{
    struct scenario *s = xmalloc(sizeof *s);
    struct source *source = xcalloc(1, sizeof *source);
    setting_apply(s, internf("%s; tasks.size.distribution=exponential; tasks.size.mean=100ms",
                             studies[study].arrivals));
    source_begin(source, s, 1, (uint32_t)number);
    const char *file = internf("%s/%zu-%d.csv", folder, study, number);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    for (int k = 0; k < TASKS; k++, source_step(source)) {
        struct arrival a = source_peek(source);
        fprintf(out, "%.9f,%.9f\n", a.time, a.size);
    }
    fclose(out);
    free(source);
    free(s);
    return file;
}

struct moments {
    double n, sum, squares;
};

static void moments_add(struct moments *m, double x)
{
    m->n++;
    m->sum += x;
    m->squares += x * x;
}

static double mean_of(const struct moments *m)
{
    return m->sum / m->n;
}

static double spread_of(const struct moments *m)
{
    return sqrt(fmax(m->squares - m->sum * m->sum / m->n, 0) / (m->n - 1));
}

/* Mean waits of the replications of a scenario. */
static struct moments waits_of(const struct scenario *s)
{
    struct moments waits = {0};
    for (uint32_t r = 0; r < (uint32_t)s->run.replications; r++) {
        struct trial *trial = trial_run(s, &lanes_engine, 0, r, NULL, NULL);
        moments_add(&waits, trial->cells[0].wait_sum / (double)trial->cells[0].completed);
        trial_free(trial);
    }
    return waits;
}

static void survey(size_t study, int logs)
{
    struct moments days = {0}, centres = {0}, spreads = {0};
    double before = NAN, half = NAN, held = 0;
    for (int i = 0; i < logs; i++) {
        const char *file = write_day(study, i);
        struct scenario *s = scene("arrivals.process", "trace", "arrivals.file", file,
                                   "run.replications", "1", NULL);
        struct moments own = waits_of(s);
        double wait = mean_of(&own);
        free(s);
        held += fabs(wait - before) < half;
        s = scene("arrivals.process", "trace", "arrivals.file", file, "arrivals.bootstrap.block",
                  "auto", "run.replications", internf("%d", DAYS), NULL);
        struct moments resampled = waits_of(s);
        free(s);
        unlink(file);
        moments_add(&days, wait);
        moments_add(&centres, before = mean_of(&resampled));
        moments_add(&spreads, spread_of(&resampled));
        half = 1.96 * spread_of(&resampled);
    }
    printf("%-16s %9.4f %9.4f %11.4f %9.4f %8.1f %%\n", studies[study].name, mean_of(&days),
           spread_of(&days), mean_of(&centres), mean_of(&spreads), 100 * held / (logs - 1));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int logs = argc > 1 ? atoi(argv[1]) : 80;
    assert_non_null(mkdtemp(folder));
    printf("%-16s %9s %9s %11s %9s %10s\n", "process", "wait", "spread", "resampled", "spread",
           "hold");
    for (size_t i = 0; i < sizeof studies / sizeof *studies; i++)
        survey(i, logs);
    rmdir(folder);
    return 0;
}
