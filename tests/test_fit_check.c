/* What fit writes: held against its log, and valid whatever the log is. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "../sim/base/rng.h"
#include "../sim/fit/replay.h"
#include "program.h"

#define fit_test(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)

/* A size by three uniforms and the task's number. */
typedef double size_law(const double u[3], uint64_t k);

static FILE *open_log(const char *name)
{
    FILE *out = fopen(name, "w");
    assert_non_null(out);
    fputs("arrival_s,service_s\n", out);
    return out;
}

/* Poisson arrivals of a rate. */
static void write_log(const char *name, uint64_t n, double rate, size_law *law)
{
    struct stream stream = stream_of(11, 0, "test");
    FILE *out = open_log(name);
    double time = 0;
    for (uint64_t k = 0; k < n; k++) {
        double u[3];
        for (uint32_t i = 0; i < 3; i++)
            u[i] = stream_uniform(&stream, i + 1, k);
        time -= log(stream_uniform(&stream, 0, k)) / rate;
        fprintf(out, "%.6f,%.6f\n", time, law(u, k));
    }
    fclose(out);
}

/* The mean wait of a run without a sweep. */
static double wait_of(const char *folder)
{
    const char *text = file_text(internf("%s/summary.json", folder));
    const char *at = strstr(text, "\"wait_mean\":");
    assert_non_null(at);
    return atof(at + strlen("\"wait_mean\":"));
}

/* Mean wait of the log, and of the scenario run like it. */
static void waits(const char *folder, unsigned tasks, double *replay, double *scenario)
{
    assert_int_equal(program_run(internf("run %s/replay.yaml -q -o r", folder)), 0);
    assert_int_equal(program_run(internf("run %s/scenario.yaml -q -o s --set run.tasks=%u --set "
                                         "run.warmup=0 --set run.replications=32",
                                         folder, tasks)),
                     0);
    *replay = wait_of("r");
    *scenario = wait_of("s");
}

/* Many quick tasks and a few slow ones that are no exponential's. */
static double two_kinds(const double u[3], uint64_t k)
{
    (void)k;
    return u[0] < 0.9 ? -0.05 * log(u[1]) : 1.8 + 0.4 * u[1];
}

static void assert_alike(const char *folder, unsigned tasks, double factor)
{
    double replay, scenario;
    waits(folder, tasks, &replay, &scenario);
    if (!(fabs(log(scenario / replay)) <= log(factor)))
        fail_msg("%s: the log waits %g s, the scenario %g s", folder, replay, scenario);
}

static void test_second_moment(void **state)
{
    (void)state;
    write_log("a.csv", 15000, 2.2, two_kinds);
    assert_int_equal(program_run("fit a.csv -o f"), 0);
    assert_true(file_has("stderr", "no law "));
    assert_true(file_has("stdout", "within chance") && !file_has("stdout", "more than chance"));
    assert_alike("f", 15000, 1.25);
    /* A law is asked for: the check says what that costs. */
    assert_int_equal(program_run("fit a.csv --sizes law -o l"), 0);
    assert_true(file_has("stdout", ", more than chance"));
    assert_true(file_has("stdout", "  p99 "));
    assert_true(file_has("stderr", "To blame is the law of its sizes, whose second moment is"));
}

/* So many that fewer sizes stand for them in the check: all are written all the same. */
static void test_many_sizes(void **state)
{
    (void)state;
    write_log("a.csv", 600000, 2.2, two_kinds);
    assert_int_equal(program_run("fit a.csv -o f"), 0);
    assert_true(file_has("stdout", "within chance") && !file_has("stdout", "more than chance"));
    assert_int_equal(shell_run("test $(wc -l <f/sizes.csv) = 600000"), 0);
}

/* Half of the work is in a handful of tasks. */
static double giants(const double u[3], uint64_t k)
{
    return k % 3000 == 1500 ? 240 : -0.08 * log(u[0]);
}

static void test_few_giants(void **state)
{
    (void)state;
    write_log("a.csv", 15000, 9, giants);
    assert_int_equal(program_run("fit a.csv -o f"), 0);
    assert_true(file_has("stderr", "is that of about 5 of 15000 tasks (up to 4 min)"));
    write_log("b.csv", 15000, 9, two_kinds);
    assert_int_equal(program_run("fit b.csv -o g"), 0);
    assert_false(file_has("stderr", "is that of about"));
}

/* Whole tenths, written as such; zero is among them. */
static double rounded(const double u[3], uint64_t k)
{
    (void)k;
    return round(-1.3 * log(u[0])) / 10;
}

/* The mean of the scenario's sizes is that of the log, to a hundredth of a per cent. */
static void test_rounded_sizes(void **state)
{
    (void)state;
    double sum = 0, said;
    char *unit;
    enum { N = 8000 };
    write_log("a.csv", N, 5, rounded);
    const char *line = strchr(file_text("a.csv"), '\n');
    for (int i = 0; i < N; i++) {
        line = strchr(line + 1, ',');
        sum += atof(line + 1);
    }
    assert_int_equal(program_run("fit a.csv -o f --sizes law"), 0);
    assert_true(file_has("stdout", "sizes are whole steps of 100 ms"));
    const char *mean = strstr(file_text("f/scenario.yaml"), "mean: ");
    assert_non_null(mean);
    said = strtod(mean + strlen("mean: "), &unit);
    said *= strncmp(unit + strspn(unit, " "), "ms", 2) == 0 ? 1e-3 : 1;
    if (!(fabs(said / (sum / N) - 1) < 1e-4))
        fail_msg("the mean is %g and was %g", said, sum / N);
    assert_int_equal(program_run("fit a.csv -o g"), 0);
    assert_alike("g", N, 1.3);
}

/* ---- what times are of ---- */

enum moment { ARRIVAL, START, COMPLETION };

/* A queue of one server; times of one kind. */
static void write_queue(const char *name, uint64_t n, double rate, enum moment moment,
                        const char *format)
{
    struct stream stream = stream_of(13, 0, "test");
    FILE *out = open_log(name);
    double arrival = 0, done = 0;
    for (uint64_t k = 0; k < n; k++) {
        double size = -0.1 * log(stream_uniform(&stream, 1, k));
        arrival -= log(stream_uniform(&stream, 0, k)) / rate;
        double start = fmax(arrival, done);
        done = start + size;
        fprintf(out, format, moment == ARRIVAL ? arrival : moment == START ? start : done, size);
    }
    fclose(out);
}

static void test_times(void **state)
{
    (void)state;
    static const struct {
        enum moment moment;
        double rate;
        const char *format, *says;
    } cases[] = {
        {COMPLETION, 8, "%.6f,%.6f\n", "these are times of completion by one consumer"},
        {COMPLETION, 3, "%.3f,%.3f\n", "these are times of completion by one consumer"},
        {START, 8, "%.6f,%.6f\n", "these are the beginnings of services by one consumer"},
        {ARRIVAL, 8, "%.6f,%.6f\n", NULL},
        {ARRIVAL, 0.5, "%.6f,%.6f\n", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_queue("a.csv", 6000, cases[i].rate, cases[i].moment, cases[i].format);
        assert_int_equal(program_run("fit a.csv -o f"), 0);
        bool said = file_has("stderr", cases[i].says ? cases[i].says : "by one consumer");
        if (said != (cases[i].says != NULL))
            fail_msg("case %zu: %s", i, file_text("stderr"));
    }
}

/* ---- what is to blame ---- */

/* Sizes that stay large, or small, for a while. */
static double in_waves(const double u[3], uint64_t k)
{
    return -log(u[0]) * (k / 400 % 2 ? 0.15 : 0.02);
}

static void test_blames_order(void **state)
{
    (void)state;
    write_log("a.csv", 20000, 8, in_waves);
    assert_int_equal(program_run("fit a.csv -o f"), 0);
    assert_true(file_has("stderr", "To blame is the order of its sizes"));
}

/* Tasks in pairs at 20 a second, with pauses: gaps are of no independent law. */
static void test_blames_gaps(void **state)
{
    (void)state;
    struct stream stream = stream_of(17, 0, "test");
    FILE *out = open_log("a.csv");
    double time = 0;
    for (uint64_t k = 0; k < 20000; k++) {
        time -= log(stream_uniform(&stream, 0, k)) / (k / 200 % 2 ? 20 : 5);
        fprintf(out, "%.6f,%.6f\n", time, -0.09 * log(stream_uniform(&stream, 1, k)));
    }
    fclose(out);
    assert_int_equal(program_run("fit a.csv -o f"), 0);
    bool told = file_has("stderr", "To blame is the course of its rate") ||
                file_has("stdout", "the rate of each piece of its time stands");
    if (!told)
        fail_msg("%s%s", file_text("stdout"), file_text("stderr"));
}

/* ---- validity ---- */

struct odd {
    const char *name;
    int n;
    void (*task)(double *time, double *size, int k, double u);
};

static void apart(double *time, double *size, int k, double u)
{
    *time = 1.5e9 + k * 82 * 365.25 * 86400;
    *size = 1 + u;
}

/* Times since the log's own start, years apart. */
static void from_zero(double *time, double *size, int k, double u)
{
    *time = k * 25 * 365.25 * 86400;
    *size = 1 + u;
}

static void far_from_zero(double *time, double *size, int k, double u)
{
    *time = k * 82 * 365.25 * 86400;
    *size = 1 + u;
}

static void in_nanoseconds(double *time, double *size, int k, double u)
{
    *time = k * 1e-9;
    *size = 1e-8 * u;
}

static void without_work(double *time, double *size, int k, double u)
{
    *time = k + u;
    *size = 0;
}

static void minute(double *time, double *size, int k, double u)
{
    *time = k + u;
    *size = u * 1e-12;
}

static void denormal(double *time, double *size, int k, double u)
{
    *time = 1e-3 * k * (1 + u);
    *size = k % 2 ? 5e-324 : 1e-300;
}

static void one_giant(double *time, double *size, int k, double u)
{
    *time = 0.1 * k;
    *size = k == 77 ? 1e9 : u;
}

static void wild(double *time, double *size, int k, double u)
{
    *time = k;
    *size = pow(10, 23 * u - 11);
}

static void two_bursts(double *time, double *size, int k, double u)
{
    *time = k < 200 ? 0 : 1e6;
    *size = u;
}

static void alike(double *time, double *size, int k, double u)
{
    (void)u;
    *time = k;
    *size = 1;
}

static void halves(double *time, double *size, int k, double u)
{
    *time = k + u;
    *size = k % 2 ? 0 : 0.3;
}

static void on_the_epoch(double *time, double *size, int k, double u)
{
    *time = 1.7e9 + k;
    *size = u;
}

static void out_of_order(double *time, double *size, int k, double u)
{
    *time = k + 3 * u;
    *size = u;
}

static void write_odd(const struct odd *odd)
{
    struct stream stream = stream_of(19, 0, "test");
    FILE *out = open_log("a.csv");
    for (int k = 0; k < odd->n; k++) {
        double time, size;
        odd->task(&time, &size, k, stream_uniform(&stream, 0, (uint64_t)k));
        fprintf(out, "%.17g,%.17g\n", time, size);
    }
    fclose(out);
}

/* A thousand tasks of a second that come at once wait 0 to 999 s for one consumer, and half of that
 * for two; of ninety p99 says nothing. */
static void test_replayed_waits(void **state)
{
    (void)state;
    double waits[REPLAY_FIGURES];
    for (int few = 0; few < 2; few++) {
        struct replay replay;
        replay_init(&replay);
        for (int i = 0; i < (few ? 90 : 1000); i++)
            replay_add(&replay, 5, 1, 0);
        replay_finish(&replay);
        replay_waits(&replay, 1, waits);
        if (few) {
            assert_true(waits[REPLAY_MEAN] == 44.5 && isnan(waits[REPLAY_P90]) &&
                        isnan(waits[REPLAY_P99]));
        } else {
            assert_true(fabs(waits[REPLAY_MEAN] - 499.5) < 1e-9);
            assert_true(waits[REPLAY_P90] == 899 && waits[REPLAY_P99] == 989);
            replay_waits(&replay, 2, waits);
            assert_true(waits[REPLAY_P90] == 449 && waits[REPLAY_P99] == 494);
        }
        replay_free(&replay);
    }
}

/* Whatever is written passes check; what cannot be written is refused with a reason. */
static void test_valid(void **state)
{
    (void)state;
    static const struct odd odds[] = {{"apart", 2, apart},
                                      {"apart", 5, apart},
                                      {"from zero", 2, from_zero},
                                      {"from zero", 3, from_zero},
                                      {"from zero", 300, from_zero},
                                      {"far from zero", 2, far_from_zero},
                                      {"far from zero", 5, far_from_zero},
                                      {"nanoseconds", 3000, in_nanoseconds},
                                      {"no work", 60, without_work},
                                      {"minute", 300, minute},
                                      {"giant", 300, one_giant},
                                      {"wild", 200, wild},
                                      {"bursts", 400, two_bursts},
                                      {"alike", 2, alike},
                                      {"alike", 3, alike},
                                      {"alike", 200, alike},
                                      {"halves", 300, halves},
                                      {"epoch", 300, on_the_epoch},
                                      {"order", 300, out_of_order},
                                      {"order", 3, out_of_order}};
    for (size_t i = 0; i < sizeof odds / sizeof *odds; i++) {
        write_odd(&odds[i]);
        shell_run("rm -rf f");
        for (int trace = 0; trace < 2; trace++) {
            int status = program_run(trace ? "fit a.csv -o f --trace" : "fit a.csv -o f");
            if (status != 0)
                fail_msg("%s of %d: status %d: %s", odds[i].name, odds[i].n, status,
                         file_text("stderr"));
            if (shell_run("for f in f/*.yaml; do $Q check $f || exit 1; done") != 0)
                fail_msg("%s of %d: %s", odds[i].name, odds[i].n, file_text("stderr"));
        }
    }
}

static void too_fast(double *time, double *size, int k, double u)
{
    *time = k * 1e-14;
    *size = 1e-15 * u;
}

static void test_refused(void **state)
{
    (void)state;
    static const struct odd odds[] = {{"too fast", 100, too_fast}, {"denormal", 50, denormal}};
    for (size_t i = 0; i < sizeof odds / sizeof *odds; i++) {
        write_odd(&odds[i]);
        assert_int_equal(program_run("fit a.csv -o f"), 1);
        assert_true(file_has("stderr", "a.csv: error: no scenario can be made of it"));
        assert_false(file_exists("f/scenario.yaml"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replayed_waits),
        fit_test(test_second_moment),
        fit_test(test_many_sizes),
        fit_test(test_few_giants),
        fit_test(test_rounded_sizes),
        fit_test(test_times),
        fit_test(test_blames_order),
        fit_test(test_blames_gaps),
        fit_test(test_valid),
        fit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
