/*
 * Asked of every arrival process that is listed: order, blocks, restored states, rates and
 * dispersion against closed forms, the very bits of its times; and what each refuses.
 */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/vector.h"
#include "../sim/engine/source.h"
#include "setting.h"

#define SIZE "tasks.size.distribution=exponential; tasks.size.mean=100ms; "

/* Processes to test; `window` is long beside their correlations, `dispersion` the exact limit of
 * the variance of a window's count over its mean (NAN: none), `hash` pins the bits of 4096 times.
 * Sources of the limits: batch, E[B^2]/E[B]; renewal, the gaps' squared coefficient of variation
 * (Cox 1962, section 4.5); two states, Heffes and Lucantoni 1986, equation 8. */
static const struct {
    const char *process, *settings;
    double rate, window, dispersion;
    uint64_t hash;
} givens[] = {
    {"poisson", "arrivals.rate=4/s", 4, 10, 1, 0x02c2ecbee9db2de2},
    {"renewal", "arrivals.rate=4/s; I.distribution=erlang; I.shape=4", 4, 20, 0.25,
     0xa65295959c44baba},
    {"renewal", "arrivals.rate=4/s; I.distribution=lognormal; I.cv2=4; I.mean=1h", 4, 500, 4,
     0x1fb35fecc7038c4d},
    {"renewal", "I.distribution=uniform; I.low=0; I.high=1s", 2, 100, 1.0 / 3, 0xfa74478e083353ee},
    {"renewal", "arrivals.rate=4/s; I.distribution=uniform; I.low=0; I.high=1s", 4, 50, 1.0 / 3,
     0x9c34478e083353ee},
    {"renewal", "arrivals.rate=4/s; I.distribution=deterministic; I.value=1", 4, 25, NAN,
     0x3f88dc83ce3b6325},
    {"batch", "arrivals.rate=2/s; B.distribution=geometric; B.mean=3", 6, 10, 5,
     0x54d627b634e5e191},
    {"batch", "arrivals.rate=2/s; B.distribution=deterministic; B.value=3", 6, 10, 3,
     0xc7a325053f2d76e6},
    {"batch", "arrivals.rate=2/s; B.distribution=empirical; B.file=FILE", 4, 10, 3,
     0xe8bff5e50a243625},
    {"mmpp", "S.0.rate=10/s; S.0.mean_duration=1s; S.1.rate=1/s; S.1.mean_duration=2s", 4, 200,
     1 + 2 * 1 * 0.5 * 81 / (1.5 * 1.5 * (10 * 0.5 + 1 * 1)), 0x5a741a957a453574},
    {"mmpp", "S.0.rate=5/s; S.0.mean_duration=1h", 5, 10, 1, 0x1a830f13a84606a6},
    {"mmpp",
     "S.0.rate=0; S.0.mean_duration=1s; S.1.rate=8/s; S.1.mean_duration=1s; S.2.rate=1/s; "
     "S.2.mean_duration=1s",
     3, 200, NAN, 0x27e879577c908a56},
    {"schedule", "T.0.until=1s; T.0.rate=7/s; T.1.until=4s; T.1.rate=1/s; arrivals.repeat=yes", 2.5,
     8, 1, 0xae0d1022687c3d54},
    {"schedule",
     "T.0.until=1s; T.0.rate=0; T.1.until=4s; T.1.rate=0.001/s; T.2.until=5s; T.2.rate=0;"
     "arrivals.repeat=yes",
     0.0006, 5000, 1, 0x53f38b83e24fe53a},
    {"schedule", "T.0.until=1s; T.0.rate=70/s; T.1.until=4s; T.1.rate=2/s", NAN, 8, 1,
     0xf05e4c7445ddccb2},
    {"trace", "arrivals.file=TRACE", NAN, NAN, NAN, 0x7a0d12186c0f2fb7},
    {"trace", "arrivals.file=TRACE; arrivals.bootstrap.block=2", NAN, NAN, NAN, 0xeaf6c083ce3b6325},
};
enum { GIVENS = sizeof givens / sizeof *givens };

/* The settings with I, B, S, T for the long paths and with files for FILE and TRACE. */
static void settings_of(const char *process, const char *settings, char *out, size_t size)
{
    static const char *const shorts[][2] = {{"I.", "arrivals.interarrival."},
                                            {"B.", "arrivals.batch."},
                                            {"S.", "arrivals.states."},
                                            {"T.", "arrivals.schedule."}};
    int n = snprintf(out, size, "arrivals.process=%s; %s", process,
                     strcmp(process, "trace") == 0 ? "" : SIZE);
    char *copy = strdup(settings), *rest = copy, *item;
    while ((item = strsep(&rest, ";"))) {
        item += strspn(item, " ");
        const char *path = "";
        for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++)
            if (strncmp(item, shorts[i][0], 2) == 0) {
                path = shorts[i][1];
                item += 2;
            }
        const char *file = "";
        char *stands = strstr(item, "FILE");
        if (strstr(item, "TRACE")) {
            stands = strstr(item, "TRACE");
            file = setting_file("trace.csv", "arrival_s,service_s\n0.5,1\n0.5,0\n2,3.5\n", 38);
        } else if (stands) {
            file = setting_file("counts", "1\n1\n1\n1\n1\n3\n3\n5\n", 16);
        }
        if (stands)
            *stands = '\0';
        n += snprintf(out + n, size - (size_t)n, "%s%s%s; ", path, item, file);
    }
    free(copy);
}

static struct scenario *scenario_of(int i)
{
    char text[2048];
    struct scenario *s = xcalloc(1, sizeof *s);
    settings_of(givens[i].process, givens[i].settings, text, sizeof text);
    setting_apply(s, text);
    return s;
}

static const struct arrival_process *process_of(const struct scenario *s)
{
    return (const struct arrival_process *)s->arrivals.process;
}

static struct process_view view_of(const struct scenario *s)
{
    return (struct process_view){.params = s->arrivals.params,
                                 .rate = scenario_event_rate(s),
                                 .seed = 1,
                                 .stream = stream_of(1, 0, "arrivals"),
                                 .scenario = s};
}

static void test_every_process_is_given(void **state)
{
    (void)state;
    for (size_t m = 0; process_family.models[m]; m++) {
        const struct arrival_process *process =
            (const struct arrival_process *)process_family.models[m];
        bool found = process->clients && process->think; /* it has no times (test_closed.c) */
        assert_true(found == !process->fill);
        for (int i = 0; i < GIVENS; i++)
            found = found || strcmp(givens[i].process, process_family.models[m]->name) == 0;
        if (!found)
            fail_msg("add settings of %s to `givens`", process_family.models[m]->name);
    }
}

/* Fills of every length give the same times, which never fall; so does a restored state; for every
 * width of vectors. */
static int wrong_at_this_width(void)
{
    enum { COUNT = 4096 };
    static double whole[COUNT + BLOCK];
    struct arrival_block *block = xcalloc(1, sizeof *block);
    int wrong = 0;
    for (int i = 0; i < GIVENS; i++) {
        struct scenario *s = scenario_of(i);
        const struct arrival_process *process = process_of(s);
        struct process_view view = view_of(s);
        struct process_state a = {0}, b = {0};
        if (process->begin)
            process->begin(&view, &a);
        b = a;
        size_t count = 0, got;
        while (count < COUNT && (got = process->fill(&view, &a, BLOCK, block)) > 0) {
            memcpy(whole + count, block->time, got * sizeof *whole);
            count += got;
        }
        for (size_t k = 0; k < count; k++)
            assert_true(whole[k] >= (k ? whole[k - 1] : 0) && isfinite(whole[k]));
        assert_int_equal(a.next, count);
        size_t at = 0;
        for (size_t n = 1; at < count; n = n % BLOCK + 1) {
            struct process_state before = b;
            size_t first = process->fill(&view, &b, n, block);
            assert_memory_equal(block->time, whole + at,
                                (first < count - at ? first : count - at) * sizeof *whole);
            b = before;
            assert_int_equal(process->fill(&view, &b, first, block), first);
            at += first;
            if (first < n)
                break;
        }
        assert_true(at >= count);
        uint64_t hash = 0xcbf29ce484222325;
        for (size_t k = 0; k < count; k++) {
            uint64_t bits;
            memcpy(&bits, &whole[k], sizeof bits);
            hash = (hash ^ bits) * 0x100000001b3;
        }
        if (hash != givens[i].hash)
            print_message("%s {%s} by vectors of %d: 0x%016" PRIx64 "\n", givens[i].process,
                          givens[i].settings, vector_width(), hash);
        wrong += hash != givens[i].hash;
        free(s);
    }
    free(block);
    return wrong;
}

static void test_order_blocks_and_bits(void **state)
{
    (void)state;
    int wrong = 0;
    for (int width = 2; vector_force(width); width *= 2)
        wrong += wrong_at_this_width();
    assert_int_equal(vector_width(), vector_widest());
    assert_int_equal(wrong, 0);
}

/* Counts in consecutive windows, from one window after the start on. */
static void count_windows(const struct scenario *s, double window, int windows, double *counts)
{
    struct source *source = xmalloc(sizeof *source);
    memset(counts, 0, (size_t)windows * sizeof *counts);
    source_begin(source, s, 3, 0);
    for (;;) {
        double at = floor(source_peek(source).time / window) - 1;
        source_step(source);
        if (at >= windows)
            break;
        if (at >= 0)
            counts[(int)at]++;
    }
    free(source);
}

static void test_rates_and_dispersion(void **state)
{
    (void)state;
    enum { WINDOWS = 8000 };
    static double counts[WINDOWS];
    for (int i = 0; i < GIVENS; i++) {
        if (isnan(givens[i].window))
            continue;
        struct scenario *s = scenario_of(i);
        double claimed = scenario_task_rate(s), exact = givens[i].rate;
        assert_true(isnan(exact) ? isnan(claimed) : fabs(claimed / exact - 1) < 1e-12);
        if (isnan(exact))
            exact = 2; /* the last piece of a schedule goes on */
        count_windows(s, givens[i].window, WINDOWS, counts);
        double sum = 0, squares = 0;
        for (int w = 0; w < WINDOWS; w++)
            sum += counts[w];
        double mean = sum / WINDOWS, expected = exact * givens[i].window;
        for (int w = 0; w < WINDOWS; w++)
            squares += (counts[w] - mean) * (counts[w] - mean);
        double variance = squares / (WINDOWS - 1), error = sqrt(variance / WINDOWS);
        if (!(fabs(mean - expected) <= 5 * error + 1e-3))
            fail_msg("%s {%s}: %g a window, not %g", givens[i].process, givens[i].settings, mean,
                     expected);
        /* 5 standard errors of a variance, and the edge of a window of finite length. */
        double tolerance = 5 * sqrt(2.0 / WINDOWS) + 0.02;
        if (!isnan(givens[i].dispersion) &&
            !(fabs(variance / mean / givens[i].dispersion - 1) < tolerance))
            fail_msg("%s {%s}: dispersion %g, not %g", givens[i].process, givens[i].settings,
                     variance / mean, givens[i].dispersion);
        free(s);
    }
}

/* Each piece of a timetable has its own rate, in every cycle. */
static void test_schedule_keeps_its_times(void **state)
{
    (void)state;
    struct scenario *s = xcalloc(1, sizeof *s);
    char text[1024];
    settings_of("schedule",
                "T.0.until=1s; T.0.rate=70/s; T.1.until=3s; T.1.rate=0; T.2.until=4s; "
                "T.2.rate=7/s; arrivals.repeat=yes",
                text, sizeof text);
    setting_apply(s, text);
    enum { CYCLES = 2000 };
    static double counts[CYCLES * 4];
    count_windows(s, 1, CYCLES * 4, counts); /* second w + 1 of the run */
    double sums[4] = {0};
    for (int w = 0; w < CYCLES * 4; w++)
        sums[(w + 1) % 4] += counts[w];
    const double expected[4] = {70, 0, 0, 7};
    for (int p = 0; p < 4; p++)
        assert_true(fabs(sums[p] - CYCLES * expected[p]) <= 5 * sqrt(CYCLES * expected[p]));
    assert_true(sums[1] == 0 && sums[2] == 0);
    free(s);
}

/* After a last piece of rate 0 no more come. */
static void test_schedule_ends(void **state)
{
    (void)state;
    struct scenario *s = xcalloc(1, sizeof *s);
    struct source *source = xmalloc(sizeof *source);
    char text[1024];
    settings_of("schedule", "T.0.until=100s; T.0.rate=10/s; T.1.until=101s; T.1.rate=0", text,
                sizeof text);
    setting_apply(s, text);
    source_begin(source, s, 1, 0);
    int n = 0;
    double last = 0;
    for (; source_peek(source).time < INFINITY; source_step(source), n++)
        last = source_peek(source).time;
    assert_true(last <= 100 && abs(n - 1000) < 5 * 32);
    for (int i = 0; i < 1000; i++, source_step(source))
        assert_true(isinf(source_peek(source).time));
    free(source);
    free(s);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *process, *settings, *says;
    } refused[] = {
        {"poisson", "", "arrivals: process poisson needs one of 'rate'"},
        {"renewal", "arrivals.rate=1", "arrivals.interarrival is missing"},
        {"renewal", "I.distribution=erlang; I.shape=4", "arrivals.interarrival.mean is missing"},
        {"renewal", "I.distribution=geometric; I.mean=4", "geometric counts things"},
        {"renewal", "I.distribution=deterministic; I.value=0", "mean 0"},
        {"renewal", "arrivals.rate=1; I.distribution=pareto; I.alpha=1; I.low=1", "no finite mean"},
        {"renewal", "I.distribution=uniform; I.low=2; I.high=1", "arrivals.interarrival.high"},
        {"batch", "arrivals.rate=1", "arrivals.batch is missing"},
        {"batch", "B.distribution=geometric; B.mean=2", "needs one of 'rate'"},
        {"batch", "arrivals.rate=1; B.distribution=exponential; B.mean=3",
         "arrivals.batch must be whole numbers from 1 up (exponential is not)"},
        {"batch", "arrivals.rate=1; B.distribution=deterministic; B.value=2.5", "whole numbers"},
        {"batch", "arrivals.rate=1; B.distribution=deterministic; B.value=0", "whole numbers"},
        {"batch", "arrivals.rate=1; B.distribution=empirical; B.file=FILE; B.scale=0.5",
         "whole numbers"},
        {"mmpp", "", "'arrivals.states' is missing"},
        {"mmpp", "arrivals.rate=1; S.0.rate=1; S.0.mean_duration=1s", "has its own rate"},
        {"mmpp", "S.0.rate=0; S.0.mean_duration=1s", "every rate is 0"},
        {"mmpp", "S.0.rate=1", "'arrivals.states.0.mean_duration' is missing"},
        {"mmpp", "S.0.rate=1; S.0.mean_duration=1us; S.1.rate=0; S.1.mean_duration=1us", ""},
        {"mmpp", "S.0.rate=1/h; S.0.mean_duration=1ns", "one task in a million cycles"},
        {"mmpp", "S.0.rate=1; S.0.mean_duration=0", "arrivals.states.0.mean_duration"},
        {"schedule", "", "'arrivals.schedule' is missing"},
        {"schedule", "T.0.until=2s; T.0.rate=1; T.1.until=2s; T.1.rate=1",
         "arrivals.schedule.1.until (2 s) must be later"},
        {"schedule", "T.0.until=2s; T.0.rate=0", "every rate is 0"},
        {"schedule", "T.0.until=2s; T.0.rate=0; arrivals.repeat=yes", "every rate is 0"},
        {"trace", "", "'arrivals.file' is missing"},
        {"trace", "arrivals.file=/nowhere", "/nowhere: cannot be opened"},
        {"trace", "arrivals.rate=1; arrivals.file=TRACE", "has its own rate"},
        {"trace", "arrivals.file=TRACE; tasks.size.distribution=exponential; tasks.size.mean=1",
         "'tasks.size' must not be given"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct errors *errors = xcalloc(1, sizeof *errors);
        struct scenario *s = xcalloc(1, sizeof *s);
        char text[2048];
        settings_of(refused[i].process, refused[i].settings, text, sizeof text);
        bool good = setting_try(s, text, errors), said = *refused[i].says == '\0';
        if (good != said)
            fail_msg("%s: %s", text, good ? "passes" : errors->text[0]);
        for (size_t e = 0; e < errors->n && e < ERRORS_KEPT; e++)
            said = said || strstr(errors->text[e], refused[i].says);
        if (!said)
            fail_msg("%s: %s", text, errors->text[0]);
        free(s);
        free(errors);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_process_is_given),
        cmocka_unit_test(test_order_blocks_and_bits),
        cmocka_unit_test(test_rates_and_dispersion),
        cmocka_unit_test(test_schedule_keeps_its_times),
        cmocka_unit_test(test_schedule_ends),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
