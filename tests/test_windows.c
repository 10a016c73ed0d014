/* The run by the clock (run.windows): what windows count, that they change nothing, and that they
 * are what theory says of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "../sim/result/run.h"
#include "../sim/result/save.h"
#include "../sim/result/save_windows.h"
#include "../sim/result/trial_bytes.h"
#include "scene.h"

/* ---- scenarios of every kind ---- */

#define STAGES                                                                                     \
    "arrivals: {process: poisson, rate: 0.9/s}\n"                                                  \
    "tasks: {size: {distribution: exponential, mean: 1s}}\n"                                       \
    "stages:\n"                                                                                    \
    "  front: {consumers: {count: 3}, calls: [db], to: {back: 60%, front: 20%}}\n"                 \
    "  db: {size: {distribution: exponential, mean: 300ms}, reply: true}\n"                        \
    "  back: {buffer: {capacity: 4}}\n"

#define POISSON                                                                                    \
    "arrivals: {process: poisson, rate: 9/s}\n"                                                    \
    "tasks: {size: {distribution: exponential, mean: 200ms}}\nconsumers: {count: 2}\n"

#define CLASSES                                                                                    \
    "arrivals: {process: poisson, rate: 9/s}\n"                                                    \
    "tasks:\n  size: {distribution: exponential, mean: 200ms}\n"                                   \
    "  classes: [{name: gold, share: 1, priority: 0}, {name: rest, share: 4, priority: 1}]\n"      \
    "consumers: {count: 2, discipline: priority-preemptive}\n"

static const char *const every_kind[] = {
    POISSON "run: {duration: 100s, warmup: 0, replications: 3}\n",
    POISSON "run: {tasks: 900, replications: 3}\n",
    POISSON "run: {tasks: 900, warmup: 100, replications: 1}\n",
    POISSON "run: {duration: 95s, warmup: 10%, replications: 2, at_end: censor}\n",
    /* overloaded, and the last to come are served first: measured tasks stay for long */
    "arrivals: {process: poisson, rate: 11/s}\n"
    "tasks: {size: {distribution: exponential, mean: 200ms}}\n"
    "consumers: {count: 2, discipline: lifo}\nrun: {tasks: 900, warmup: 300, replications: 3}\n",
    CLASSES "run: {tasks: 900, replications: 2}\n",
    "arrivals: {process: closed, clients: 20, think_time: {distribution: exponential, mean: 1s}}\n"
    "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
    "consumers: {discipline: processor-sharing}\nrun: {tasks: 900, replications: 2}\n",
    "arrivals: {process: schedule, schedule: [{until: 20s, rate: 2/s}, {until: 40s, rate: 12/s}],\n"
    "  repeat: true}\n"
    "tasks: {size: {distribution: exponential, mean: 200ms}, timeout: 2s}\n"
    "consumers: {count: 2}\nbuffer: {capacity: 30, when_full: drop-oldest}\n"
    "run: {duration: 200s, replications: 2}\nsweep: {mode: time, steps: 20}\n",
    POISSON "buffer: {capacity: 3, when_full: pause, resume_delay: 50ms}\n"
            "run: {duration: 100s, replications: 2}\n"
            "sweep: {parameter: arrivals.rate, from: 2/s, to: 14/s, steps: 5, mode: drift}\n",
    STAGES "run: {tasks: 900, replications: 3}\n",
    STAGES "run: {duration: 200s, warmup: 30s, replications: 1}\n",
    STAGES "run: {duration: 200s, warmup: 0, replications: 2, at_end: censor}\n",
    "arrivals: {process: closed, clients: 20, think_time: 0s}\n"
    "tasks: {size: {distribution: exponential, mean: 1s}}\n"
    "stages:\n  a: {buffer: {capacity: 0, when_full: pause}, to: b}\n"
    "  b: {buffer: {capacity: 1, when_full: pause}, to: c, consumers: {count: 2, discipline: "
    "processor-sharing}}\n"
    "  c: {consumers: {discipline: lifo-preemptive}}\nrun: {tasks: 900, replications: 2}\n",
    STAGES "sources: {a: {process: poisson, rate: 0.5/s, class: x}, b: {process: poisson, rate: "
           "0.3/s, class: y, to: back}}\nrun: {tasks: 900, replications: 2}\n",
};
enum { KINDS = sizeof every_kind / sizeof *every_kind };

static struct scenario *of_kind(size_t i, const char *windows)
{
    const char *text = every_kind[i];
    bool sources = strstr(text, "sources:") != NULL;
    return scene_text(sources ? strchr(text, '\n') + 1 : text, windows);
}

static struct scenario *with_windows(size_t i, double width)
{
    struct scenario *s = of_kind(i, "");
    s->run.windows = width;
    return s;
}

static void columns_have_the_same_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        char *text[2][2];
        size_t size[2][2];
        for (int k = 0; k < 2; k++) {
            struct scenario *s = with_windows(i, k ? 7 : NAN);
            struct result *result = scene_run(s, 2);
            text[k][0] = save_columns_text(result, &size[k][0]);
            text[k][1] = save_histograms_text(result, &size[k][1]);
            result_free(result);
            free(s);
        }
        for (int file = 0; file < 2; file++) {
            if (size[0][file] != size[1][file] ||
                memcmp(text[0][file], text[1][file], size[0][file]) != 0)
                fail_msg("%s:\n%s\nis not\n%s", every_kind[i], text[0][file], text[1][file]);
            free(text[0][file]);
            free(text[1][file]);
        }
    }
}

/* ---- what they count ---- */

static struct trial *run_trial(const struct scenario *s)
{
    return trial_run(s, engine_for(s), 0, 0, NULL, NULL);
}

/* All that arrived by the end of the measured stretch is in some window, and so is all that left;
 * and the areas under the number waiting are those of the run. */
static void windows_add_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        struct scenario *s = with_windows(i, 3.7);
        struct trial *trial = run_trial(s);
        const struct timeline *t = trial->timeline;
        assert_non_null(t);
        for (uint32_t place = 0; place < t->places; place++) {
            const struct flow *end =
                &trial->windows[(size_t)(trial->columns - 1) * trial->places + place].close;
            uint64_t arrivals = 0, completions = 0, losses = 0;
            double waiting = 0;
            for (uint32_t w = 0; w < t->n; w++) {
                size_t at = (size_t)w * t->places + place;
                const struct window_tasks *all = &t->tasks[at * t->rows + t->rows - 1];
                arrivals += all->arrivals;
                completions += all->completions;
                losses += all->losses;
                waiting += isnan(t->place[at].queue_mean)
                               ? 0
                               : t->place[at].queue_mean * timeline_length(t, w);
                for (uint32_t class = 0; class + 1 < t->rows; class ++)
                    assert_true(t->tasks[at * t->rows + class].arrivals <= all->arrivals);
            }
            assert_int_equal(arrivals, end->arrived);
            assert_int_equal(completions, end->completed);
            assert_int_equal(losses, end->lost);
            if (place <= trial->whole)
                scene_near(waiting, end->queue_area + end->paused_area, 1e-6 * (1 + waiting));
        }
        scene_near(t->end, trial->windows[(size_t)trial->columns * trial->places - 1].close.time,
                   1e-9);
        trial_free(trial);
        free(s);
    }
}

/* One task a second at 1 s, 2 s, ..., each 2.5 s long, one consumer: all of it by hand. */
static void what_happens_counts_in_its_window(void **state)
{
    (void)state;
    struct scenario *s = scene_text("arrivals: {process: renewal, interarrival: {distribution: "
                                    "deterministic, value: 1s}}\n"
                                    "tasks: {size: {distribution: deterministic, value: 2500ms}}\n",
                                    "run: {duration: 10s, warmup: 2s, replications: 1, windows: "
                                    "4s}\n");
    struct trial *trial = run_trial(s);
    const struct timeline *t = trial->timeline;
    assert_int_equal(t->n, 3);
    assert_false(timeline_ends_short(t));
    /* [0, 4): 1, 2, 3 arrive, and 1 is done at 3.5 */
    assert_int_equal(t->tasks[0].arrivals, 3);
    assert_int_equal(t->tasks[0].completions, 1);
    scene_near(t->tasks[0].latency_p50, 2.5, 0);
    scene_near(t->tasks[0].latency_max, 2.5, 0);
    scene_near(t->tasks[0].wait_p99, 0, 0);
    /* one waits from 2 to 3, two from 3 to 3.5, one from 3.5 on */
    scene_near(t->place[0].queue_mean, 2.5 / 4, 1e-12);
    scene_near(t->place[0].queue_max, 2, 0);
    scene_near(t->place[0].in_service_mean, 0.75, 1e-12);
    scene_near(t->place[0].utilization, 0.75, 1e-12);
    scene_near(t->place[0].consumers, 1, 1e-12);
    /* [4, 8): 4 comes at 4; the second is done at 6, four seconds after it came */
    assert_int_equal(t->tasks[1].arrivals, 4);
    assert_int_equal(t->tasks[1].completions, 1);
    scene_near(t->tasks[1].latency_max, 4, 0);
    scene_near(t->tasks[1].wait_p50, 1.5, 0.0075 * 1.5);
    scene_near(t->place[1].queue_max, 4, 0);
    scene_near(t->place[1].utilization, 1, 1e-12);
    /* [8, 12): 3 is done at 8.5, 4 at 11 */
    assert_int_equal(t->tasks[2].arrivals, 4);
    assert_int_equal(t->tasks[2].completions, 2);
    scene_near(t->tasks[2].latency_p50, 5.5, 0.0075 * 5.5);
    scene_near(t->tasks[2].latency_max, 7, 0);
    assert_true(isnan(t->place[0].goodput));
    assert_int_equal(t->place[2].state, 0);
    trial_free(trial);
    free(s);
}

/* Every 4 s a task of 2 s and 1000 bytes, there from 4 to 6, 8 to 10, ...: at 6 it goes, when a
 * window begins; the next one knows nothing of it. */
static void bytes_are_the_most_at_once(void **state)
{
    (void)state;
    struct scenario *s = scene_text(
        "arrivals: {process: renewal, interarrival: {distribution: deterministic, value: 4s}}\n"
        "tasks: {size: 2s, bytes: {distribution: deterministic, value: 1000}}\nstages: {a: {}}\n",
        "run: {duration: 16s, warmup: 0, replications: 1, windows: 1s}\n");
    struct trial *trial = run_trial(s);
    const struct timeline *t = trial->timeline;
    for (uint32_t w = 0; w < 16; w++)
        for (uint32_t place = 0; place < 2; place++)
            scene_near(t->place[w * 2 + place].bytes, w >= 4 && w % 4 != 3 ? 1000 : 0, 0);
    trial_free(trial);
    free(s);
}

static void nothing_that_completed_has_no_latency(void **state)
{
    (void)state;
    struct scenario *s = scene_text("arrivals: {process: renewal, interarrival: {distribution: "
                                    "deterministic, value: 10s}}\n"
                                    "tasks: {size: {distribution: deterministic, value: 1s}}\n",
                                    "run: {tasks: 2, warmup: 0, replications: 1, windows: 4s}\n");
    struct result *result = scene_run(s, 1);
    size_t size;
    char *text = save_windows_text(result, &size);
    assert_string_equal(
        text, "stage,class,replication,time,arrivals,completions,losses,retries,queue_mean,"
              "queue_max,in_service_mean,consumers,utilization,wait_p50,wait_p99,latency_p50,"
              "latency_p99,latency_max,goodput,bytes,state\n"
              "main,all,1,0,0,0,0,,0,0,0,1,0,,,,,,,,\n"
              "main,all,1,4,0,0,0,,0,0,0,1,0,,,,,,,,\n"
              "main,all,1,8,1,1,0,,0,0,0.25,1,0.25,0,0,1,1,1,,,\n"
              "main,all,1,12,0,0,0,,0,0,0,1,0,,,,,,,,\n"
              "main,all,1,16,0,0,0,,0,0,0,1,0,,,,,,,,\n"
              /* the second task comes at 20, at the very end of the run */
              "main,all,1,20,1,0,0,,,0,,,,,,,,,,,\n");
    free(text);
    result_free(result);
    free(s);
}

/* ---- what they are ---- */

/* Counts of windows against a Poisson distribution, in cells of at least 10 expected: chi squared
 * at 1e-4. */
static void is_poisson(const double *counts, size_t n, double mean)
{
    enum { MOST = 400 };
    double observed[MOST] = {0}, squared = 0, below = 0, seen = 0, wanted = 0;
    int cells = 0;
    for (size_t i = 0; i < n; i++)
        observed[(size_t)fmin(counts[i], MOST - 1)]++;
    for (unsigned k = 0; k < MOST; k++) {
        double here = k + 1 < MOST ? gsl_ran_poisson_pdf(k, mean) * (double)n : (double)n - below;
        below += here;
        seen += observed[k];
        wanted += here;
        if (wanted < 10 || ((double)n - below < 10 && k + 1 < MOST))
            continue;
        squared += (seen - wanted) * (seen - wanted) / wanted;
        seen = wanted = 0;
        cells++;
    }
    assert_true(cells > 10);
    double p = gsl_cdf_chisq_Q(squared, cells - 1);
    if (p < 1e-4)
        fail_msg("chi squared %g in %d cells: p = %g", squared, cells, p);
}

static struct result *erlang_c(const char *windows)
{
    struct scenario *s =
        scene("arrivals.process", "poisson", "arrivals.rate", "12/s", "tasks.size.distribution",
              "exponential", "tasks.size.mean", "200ms", "consumers.count", "4", "run.duration",
              "4000s", "run.warmup", "100s", "run.replications", "4", "run.windows", windows, NULL);
    struct result *result = scene_run(s, 2);
    free(s);
    return result;
}

/* Arrivals in windows of w are Poisson of mean 12 w; and so, by Burke's theorem (1956), are the
 * completions of M/M/c at rest. Their quantiles over the windows are its quantiles. */
static void counts_are_poisson(void **state)
{
    (void)state;
    static const char *const widths[] = {"1s", "2500ms", "10s"};
    for (int i = 0; i < 3; i++) {
        struct result *result = erlang_c(widths[i]);
        const double width = result->scenario.run.windows, mean = 12 * width;
        double *counts = xcalloc(4 * 4100, sizeof *counts);
        for (int figure = WINDOW_ARRIVALS; figure <= WINDOW_COMPLETIONS; figure++) {
            size_t n = 0;
            for (uint32_t r = 0; r < 4; r++) {
                const struct timeline *t = result_timeline(result, r);
                assert_int_equal(t->n, (uint32_t)(4100 / width));
                for (struct window_at at = {0}; at.window < t->n; at.window++)
                    if (at.window * width >= 100)
                        counts[n++] = window_figure(t, at, (enum window_figure)figure);
            }
            is_poisson(counts, n, mean);
            struct window_spread spread =
                windows_spread(result, 0, 0, (enum window_figure)figure, true);
            assert_int_equal(spread.n, n);
            scene_near(spread.mean, mean, 4.5 * sqrt(mean / (double)n));
            for (int q = 0; q < WINDOW_QUANTILES; q++) {
                double p = window_quantile_p[q], at = spread.quantile[q];
                double off = 4.5 * sqrt(p * (1 - p) / (double)n);
                assert_true(at == floor(at));
                assert_true(gsl_cdf_poisson_P((unsigned)at, mean) >= p - off);
                assert_true(gsl_cdf_poisson_P((unsigned)at - 1, mean) <= p + off);
            }
        }
        free(counts);
        result_free(result);
    }
}

/* Completions do not drift: the first half of the windows has as many as the second. */
static void completions_are_stationary(void **state)
{
    (void)state;
    struct result *result = erlang_c("10s");
    double half[2] = {0, 0}, windows = 0;
    for (uint32_t r = 0; r < 4; r++) {
        const struct timeline *t = result_timeline(result, r);
        for (struct window_at at = {.window = 10}; at.window < t->n; at.window++, windows++)
            half[at.window >= 210] += window_figure(t, at, WINDOW_COMPLETIONS);
    }
    scene_near(half[0] + half[1], 120 * windows, 4.5 * sqrt(120 * windows));
    scene_near(half[0], half[1], 4.5 * sqrt(120 * windows));
    result_free(result);
}

/* Little's law over all windows: time waited is wait of tasks; and each window knows who is inside:
 * what has come and not left. */
static void windows_know_who_is_inside(void **state)
{
    (void)state;
    struct scenario *s =
        scene("arrivals.process", "poisson", "arrivals.rate", "9/s", "tasks.size.distribution",
              "exponential", "tasks.size.mean", "100ms", "run.duration", "20000s", "run.warmup",
              "0", "run.replications", "1", "run.windows", "100s", NULL);
    struct result *result = scene_run(s, 1);
    const struct timeline *t = result_timeline(result, 0);
    double inside = 0, area = 0, tasks = 0, square = 0;
    for (struct window_at at = {0}; at.window < t->n; at.window++) {
        double f[WINDOW_FIGURES];
        window_figures(t, at, f);
        inside += f[WINDOW_ARRIVALS] - f[WINDOW_COMPLETIONS];
        assert_true(inside >= 0 && inside <= f[WINDOW_QUEUE_MAX] + 1 + 1e-9);
        assert_true(f[WINDOW_QUEUE_MEAN] <= f[WINDOW_QUEUE_MAX]);
        assert_true(f[WINDOW_LATENCY_P50] <= f[WINDOW_LATENCY_P99]);
        assert_true(f[WINDOW_LATENCY_P99] <= f[WINDOW_LATENCY_MAX]);
        scene_near(f[WINDOW_IN_SERVICE], f[WINDOW_UTILIZATION], 1e-12);
        area += f[WINDOW_QUEUE_MEAN] * 100;
        tasks += f[WINDOW_COMPLETIONS];
        square += f[WINDOW_UTILIZATION];
    }
    const struct row *row = result_row(result, 0, 0);
    scene_near(area / tasks, row->wait_mean, 0.001 * row->wait_mean);
    scene_near(area / 20000, row->queue_mean, 1e-9 * row->queue_mean);
    scene_near(square / t->n, row->utilization, 1e-9);
    result_free(result);
    free(s);
}

/* ---- files ---- */

static char *windows_of(const struct scenario *s, unsigned jobs)
{
    size_t size;
    struct result *result = scene_run(s, jobs);
    char *text = save_windows_text(result, &size);
    result_free(result);
    return text;
}

static void threads_change_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        struct scenario *s = with_windows(i, 11);
        char *one = windows_of(s, 1), *three = windows_of(s, 3);
        assert_string_equal(one, three);
        free(one);
        free(three);
        free(s);
    }
}

/* What an interrupted run leaves is taken up bit by bit. */
static void the_journal_keeps_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        struct scenario *s = with_windows(i, 11);
        struct trial *trial = run_trial(s);
        struct bytes bytes = {0};
        trial_pack(trial);
        trial_put(&bytes, trial);
        bytes.capacity = bytes.n;
        bytes.n = 0;
        struct trial *back = trial_take(&bytes, s);
        assert_non_null(back);
        const struct timeline *a = trial->timeline, *b = back->timeline;
        size_t places = (size_t)a->n * a->places;
        assert_int_equal(a->n, b->n);
        assert_memory_equal(a->place, b->place, places * sizeof *a->place);
        assert_memory_equal(a->tasks, b->tasks, places * a->rows * sizeof *a->tasks);
        bytes.n = 0;
        bytes.capacity--; /* cut off: no trial */
        assert_null(trial_take(&bytes, s));
        free(bytes.data);
        trial_free(back);
        trial_free(trial);
        free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_have_the_same_bytes),
        cmocka_unit_test(windows_add_up),
        cmocka_unit_test(what_happens_counts_in_its_window),
        cmocka_unit_test(bytes_are_the_most_at_once),
        cmocka_unit_test(nothing_that_completed_has_no_latency),
        cmocka_unit_test(counts_are_poisson),
        cmocka_unit_test(completions_are_stationary),
        cmocka_unit_test(windows_know_who_is_inside),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(the_journal_keeps_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
