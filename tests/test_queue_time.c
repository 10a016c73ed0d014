/* The number waiting over time: as the naive simulator has it, as formulas have it, and the same
 * however the work is shared out. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/result/save.h"
#include "scene.h"
#include "stand.h"

/* Every discipline with every policy, delays of resumption, patience, ties. */
static void it_is_the_naive_simulators(void **state)
{
    (void)state;
    uint64_t seed = 90000;
    for (const struct model *const *discipline = discipline_family.models; *discipline;
         discipline++)
        for (const struct model *const *policy = policy_family.models; *policy; policy++)
            for (int i = 0; i < 25; i++, seed++) {
                struct scenario *s =
                    stand_random_scenario(seed, (*policy)->name, (*discipline)->name);
                stand_compare_queue(s, seed, 250);
                free(s);
            }
}

/* More than 255 wait: numbers share buckets. */
static void long_queues_too(void **state)
{
    (void)state;
    static const char *const disciplines[] = {"fifo", "lifo", "priority-preemptive"};
    for (uint64_t seed = 95000; seed < 95012; seed++) {
        struct scenario *s = stand_scenario();
        stand_arrivals(s, 3, 1, seed % 2 == 0);
        stand_stage(s, 1, seed % 3 ? INFINITY : 400, "pause", disciplines[seed % 3], 0);
        stand_compare_queue(s, seed, 900);
        free(s);
    }
}

static void buckets_hold_whole_numbers(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < 100000; n += 1 + n / 50) {
        int i = (int)histogram_index((double)n);
        assert_true(queue_time_first(i) <= n && n <= queue_time_last(i));
        assert_true(n > 255 || queue_time_first(i) == queue_time_last(i));
        assert_true((double)(queue_time_last(i) - queue_time_first(i)) < 0.008 * (double)n);
    }
}

/* ---- formulas ---- */

enum { REPLICATIONS = 16, NUMBERS = 12 };

/* Shares of time with n waiting, in every replication, against p[n]: Student's t. */
static void has_the_distribution(struct scenario *s, const double p[NUMBERS])
{
    double share[NUMBERS][REPLICATIONS];
    s->picture.measure = PICTURE_QUEUE;
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        struct trial *trial = scene_trial(s, 0, r);
        const struct queue_time *q = trial->queues;
        double all = (double)histogram_total(&q->ticks);
        for (int n = 0; n < NUMBERS; n++)
            share[n][r] = n == 0
                              ? (double)q->ticks.zero / all
                              : (double)histogram_count(&q->ticks, (int)histogram_index(n)) / all;
        trial_free(trial);
    }
    for (int n = 0; n < NUMBERS; n++) {
        double mean = 0, squares = 0;
        for (int r = 0; r < REPLICATIONS; r++)
            mean += share[n][r] / REPLICATIONS;
        for (int r = 0; r < REPLICATIONS; r++)
            squares += (share[n][r] - mean) * (share[n][r] - mean);
        double error = sqrt(squares / (REPLICATIONS - 1) / REPLICATIONS);
        if (!(fabs(mean - p[n]) <= 4.1 * error)) /* p = 1e-3 with 15 degrees of freedom */
            fail_msg("%d wait for %.6g of the time, and not %.6g +- %.2g", n, mean, p[n], error);
        assert_true(error < 0.02 * p[n] + 1e-4); /* the test can tell */
    }
    free(s);
}

/* M/M/c/K by births and deaths (Gross et al. 2008, ch. 2); K = INFINITY: by its geometric tail. */
static void markov(double erlangs, int c, int most, double p[NUMBERS])
{
    double state[400] = {1}, sum = 1;
    for (int n = 1; n < 400; n++) {
        state[n] = n > most ? 0 : state[n - 1] * erlangs / (n < c ? n : c);
        sum += state[n];
    }
    for (int n = 0; n < NUMBERS; n++)
        p[n] = state[c + n] / sum;
    for (int n = 0; n < c; n++)
        p[0] += state[n] / sum;
}

static void as_markov_says(void **state)
{
    (void)state;
    static const struct {
        double utilization;
        int c, places;
    } cases[] = {{0.8, 1, 350}, {0.7, 3, 350}, {0.9, 16, 350}, {1.2, 2, 5}, {0.9, 1, 11}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double p[NUMBERS];
        int c = cases[i].c, places = cases[i].places;
        markov(cases[i].utilization * c, c, c + places, p);
        has_the_distribution(scene("arrivals.process", "poisson", "arrivals.utilization",
                                   internf("%g", cases[i].utilization), "tasks.size.distribution",
                                   "exponential", "tasks.size.mean", "200ms", "consumers.count",
                                   internf("%d", c), "buffer.capacity",
                                   places < 350 ? internf("%d", places) : "unbounded", "run.tasks",
                                   "60000", "run.replications", "16", NULL),
                             p);
    }
}

/* Poisson arrivals of rate 1 in a service of `size`, at least n of them. */
static void arrivals_in(double size, double out[NUMBERS + 2])
{
    out[0] = exp(-size);
    for (int n = 1; n < NUMBERS + 2; n++)
        out[n] = out[n - 1] * size / n;
}

/* M/G/1 of sizes that are one of two, by the chain of the number left behind (Kendall 1953), which
 * is that at any time: p_0 = 1 - rho, p_{n+1} a_0 = p_n - p_0 a_n - sum over 1 <= k <= n of
 * p_k a_{n+1-k}. */
static void two_sizes(double a, double b, double share, double p[NUMBERS])
{
    double first[NUMBERS + 2], second[NUMBERS + 2], arrive[NUMBERS + 2], inside[NUMBERS + 2];
    arrivals_in(a, first);
    arrivals_in(b, second);
    for (int n = 0; n < NUMBERS + 2; n++)
        arrive[n] = share * first[n] + (1 - share) * second[n];
    inside[0] = 1 - share * a - (1 - share) * b;
    for (int n = 0; n + 1 < NUMBERS + 2; n++) {
        double left = inside[n] - inside[0] * arrive[n];
        for (int k = 1; k <= n; k++)
            left -= inside[k] * arrive[n + 1 - k];
        inside[n + 1] = left / arrive[0];
    }
    p[0] = inside[0] + inside[1];
    for (int n = 1; n < NUMBERS; n++)
        p[n] = inside[n + 1];
}

static void as_pollaczek_and_khinchine_say(void **state)
{
    (void)state;
    double p[NUMBERS];
    two_sizes(0.8, 0.8, 1, p);
    has_the_distribution(scene("arrivals.process", "poisson", "arrivals.rate", "1/s",
                               "tasks.size.distribution", "deterministic", "tasks.size.value",
                               "800ms", "run.tasks", "60000", "run.replications", "16", NULL),
                         p);
    two_sizes(0.25, 2, 0.75, p);
    has_the_distribution(scene("arrivals.process", "poisson", "arrivals.rate", "1/s",
                               "tasks.classes.0.name", "a", "tasks.classes.0.share", "3",
                               "tasks.classes.0.size.distribution", "deterministic",
                               "tasks.classes.0.size.value", "250ms", "tasks.classes.1.name", "b",
                               "tasks.classes.1.share", "1", "tasks.classes.1.size.distribution",
                               "deterministic", "tasks.classes.1.size.value", "2s", "run.tasks",
                               "120000", "run.replications", "16", NULL),
                         p);
}

/* ---- results ---- */

static struct scenario *swept(const char *mode)
{
    bool independent = strcmp(mode, "independent") == 0;
    return scene("arrivals.process", "poisson", "arrivals.rate", "4/s", "tasks.size.distribution",
                 "exponential", "tasks.size.mean", "200ms", "consumers.count", "1", "sweep.mode",
                 mode, "sweep.steps", "7", "picture.measure", "queue", "run.replications", "4",
                 independent ? "run.tasks" : "run.duration", independent ? "3000" : "2000s",
                 strcmp(mode, "time") == 0 ? "seed" : "sweep.parameter",
                 strcmp(mode, "time") == 0 ? "3" : "arrivals.rate",
                 strcmp(mode, "time") == 0 ? "seed" : "sweep.from",
                 strcmp(mode, "time") == 0 ? "3" : "1/s",
                 strcmp(mode, "time") == 0 ? "seed" : "sweep.to",
                 strcmp(mode, "time") == 0 ? "3" : "6/s", NULL);
}

/* In every column of every kind of sweep the mean of the histogram is queue_mean, and its time is
 * the window's. */
static void its_mean_is_queue_mean(void **state)
{
    (void)state;
    const char *const modes[] = {"independent", "drift", "time"};
    for (int i = 0; i < 3; i++) {
        struct scenario *s = swept(modes[i]);
        struct result *result = scene_run(s, 1);
        for (uint32_t column = 0; column < 7; column++) {
            const struct row *row = result_row(result, column, 0);
            struct queue_time q = {0};
            double scale = result_queue(result, column, &q);
            struct queue_area area = queue_time_area(&q);
            double ticks = (double)histogram_total(&q.ticks);
            scene_near(ticks / scale, row->duration, 1e-9 * row->duration);
            assert_true(area.least / ticks <= row->queue_mean * (1 + 1e-8));
            assert_true(area.most / ticks >= row->queue_mean * (1 - 1e-8));
            assert_true(row->queue_mean > 100 || area.most - area.least < 0.004 * area.least);
            assert_true(row->queue_q[0] <= row->queue_q[1] && row->queue_q[1] <= row->queue_q[2]);
            assert_true(row->queue_q[2] <= row->queue_max);
            assert_true(row->queue_max == (double)q.most);
            queue_time_free(&q);
        }
        result_free(result);
        free(s);
    }
}

/* Waits and latencies are those of a run that does not record it, by either engine; and the files
 * are the same for any number of workers. */
static void nothing_else_changes(void **state)
{
    (void)state;
    const char *const modes[] = {"independent", "drift", "time"};
    for (int i = 0; i < 3; i++) {
        struct scenario *s = swept(modes[i]);
        assert_non_null(strstr(lanes_engine.refuses(s), "picture.measure: queue"));
        assert_ptr_equal(engine_for(s), &events_engine);
        size_t n;
        struct result *one = scene_run(s, 1), *three = scene_run(s, 3);
        char *a = save_histograms_text(one, &n), *b = save_histograms_text(three, &n);
        assert_string_equal(a, b);
        s->picture.measure = PICTURE_LATENCY;
        struct result *plain = scene_run(s, 1);
        char *c = save_histograms_text(plain, &n);
        char *queue = strstr(a, "\nqueue,main,all,");
        assert_non_null(queue);
        queue[1] = '\0';
        assert_string_equal(a, c);
        free(a);
        free(b);
        free(c);
        result_free(one);
        result_free(three);
        result_free(plain);
        free(s);
    }
}

/* ---- the audit ---- */

static void move_a_second(struct trial *trial)
{
    histogram_add_rare(&trial->queues->ticks, 7, (uint64_t)trial->queue_scale);
    trial->queues->ticks.zero -= (uint64_t)trial->queue_scale;
}

static void lose_a_tick(struct trial *trial)
{
    trial->queues->ticks.zero--;
}

static void the_audit_looks_at_it(void **state)
{
    (void)state;
    struct scenario *s = swept("independent");
    for (int way = 0; way < 3; way++) {
        struct trial *trial = trial_run(s, &events_engine, 3, 0, NULL, NULL);
        if (way == 1)
            move_a_second(trial);
        if (way == 2)
            lose_a_tick(trial);
        struct audit audit;
        audit_begin(&audit);
        audit_trial(&audit, trial);
        audit_finish(&audit);
        assert_int_equal(audit.little, way != 1);
        assert_int_equal(audit.conservation, way != 2);
        trial_free(trial);
    }
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_naive_simulators),     cmocka_unit_test(long_queues_too),
        cmocka_unit_test(buckets_hold_whole_numbers),     cmocka_unit_test(as_markov_says),
        cmocka_unit_test(as_pollaczek_and_khinchine_say), cmocka_unit_test(its_mean_is_queue_mean),
        cmocka_unit_test(nothing_else_changes),           cmocka_unit_test(the_audit_looks_at_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
