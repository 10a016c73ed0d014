/* Runs that go on until a figure is known: where they stop, what they say, and that what comes out
 * does not depend on how. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/result/precision.h"
#include "../sim/result/save.h"
#include "program.h"
#include "scene.h"

#define BUSY                                                                                       \
    "arrivals.process", "poisson", "arrivals.rate", "1/s", "tasks.size.distribution",              \
        "exponential", "tasks.size.mean", "800ms", "run.tasks", "5000", "run.precision.measure",   \
        "latency_mean", "run.precision.relative", "5%"
#define SWEEP                                                                                      \
    "sweep.parameter", "tasks.size.mean", "sweep.from", "300ms", "sweep.to", "1100ms",             \
        "sweep.steps", "3"

static struct result *run_of(struct scenario *s, unsigned jobs)
{
    struct result *result =
        run_scenario(s, &(struct run_options){.engine = engine_for(s), .jobs = jobs});
    assert_non_null(result);
    free(s);
    return result;
}

/* 300 ms: easy; 700 ms: as long as it takes; 1100 ms: never. */
static void effort_goes_where_the_doubt_is(void **state)
{
    (void)state;
    struct result *result = run_of(scene(BUSY, SWEEP, NULL), 2);
    const struct row *easy = result_row(result, 0, 0), *busy = result_row(result, 1, 0);
    const struct row *hopeless = result_row(result, 2, 0);
    assert_int_equal(easy->replications, 8);
    assert_true(busy->replications >= 16 && busy->replications <= 128);
    assert_int_equal(hopeless->replications, 8);
    assert_int_equal(busy->offered, 5000 * (uint64_t)busy->replications);
    assert_int_equal(easy->precision_state, PRECISION_REACHED);
    assert_int_equal(busy->precision_state, PRECISION_REACHED);
    assert_int_equal(hopeless->precision_state, PRECISION_NEVER);
    assert_true(easy->precision > 0 && easy->precision <= 0.05 && busy->precision <= 0.05);
    scene_near(busy->latency_mean, 0.7 / 0.3, 0.05 * 0.7 / 0.3);
    /* later looks ask for more than the row's own interval */
    double own = busy->latency_mean_ci95 / busy->latency_mean;
    assert_true(own / (1 - own) < busy->precision);
    char *warnings = result_warnings(result);
    assert_non_null(
        strstr(warnings, "in 1 of 3 columns (tasks.size.mean 1.1 s): it has no interval"));
    free(warnings);
    result_free(result);
}

struct course {
    unsigned rounds;
    uint64_t tasks;
    double seconds;
};

static void note_round(void *context, unsigned number)
{
    struct course *course = context;
    assert_int_equal(number, course->rounds + 2);
    course->rounds++;
}

static void note_progress(void *context, double share, uint64_t tasks, double seconds)
{
    struct course *course = context;
    assert_true(tasks >= course->tasks && seconds >= course->seconds);
    assert_true(share <= 1.5); /* of the round: each is known beforehand, but for its warm-up */
    course->tasks = tasks;
    course->seconds = seconds;
}

/* Progress tells of one round after the other; its tasks are those of all of them. */
static void progress_counts_rounds(void **state)
{
    (void)state;
    struct scenario *s = scene(BUSY, NULL);
    struct course course = {0};
    struct result *result = run_scenario(s, &(struct run_options){.engine = engine_for(s),
                                                                  .jobs = 2,
                                                                  .progress = note_progress,
                                                                  .round = note_round,
                                                                  .context = &course});
    unsigned doublings = 0;
    for (uint32_t n = result_row(result, 0, 0)->replications; n > 8; n = (n + 1) / 2)
        doublings++;
    assert_int_equal(course.rounds, doublings);
    assert_true(doublings >= 1);
    result_free(result); /* (a round that is over at once has no progress) */
    free(s);
}

/* The first replications are those of a run without it, on the same tasks. */
static void it_is_the_same_run_longer(void **state)
{
    (void)state;
    struct result *result = run_of(scene(BUSY, NULL), 1);
    struct scenario *s =
        scene(BUSY, "run.precision.measure", "none", "run.precision.relative", "none", NULL);
    s->run.replications = result_row(result, 0, 0)->replications;
    struct result *plain = run_of(s, 1);
    const struct row *a = result_row(result, 0, 0), *b = result_row(plain, 0, 0);
    assert_true(a->replications >= 16);
    assert_int_equal(a->completed, b->completed);
    scene_near(a->latency_mean, b->latency_mean, 0);
    scene_near(a->latency_q[2], b->latency_q[2], 0);
    scene_near(a->latency_mean_ci95, b->latency_mean_ci95, 0);
    assert_int_equal(b->precision_state, PRECISION_NONE);
    assert_true(isnan(b->precision));
    result_free(result);
    result_free(plain);
}

static void run_max_tasks_ends_it(void **state)
{
    (void)state;
    struct result *result =
        run_of(scene(BUSY, "run.precision.relative", "1%", "run.max_tasks", "60000", NULL), 1);
    const struct row *row = result_row(result, 0, 0);
    assert_int_equal(row->replications, 12); /* all of it is used */
    assert_int_equal(row->precision_state, PRECISION_ENDED);
    char *warnings = result_warnings(result);
    const char *told = strstr(warnings, "run.max_tasks came first; about ");
    assert_non_null(told);
    /* M/M/1 at 0.8: some 2 U = 2 x 2 x 0.8 / 0.2^2 tasks for one (Whitt 1989), and 1.6 mean
     * latencies' spread: 1 % is a matter of millions. */
    double wanted = strtod(told + strlen("run.max_tasks came first; about "), NULL);
    assert_true(wanted >= 2 && wanted < 30 && strstr(told, "M would do"));
    free(warnings);
    result_free(result);
    /* A loss that no task has met yet is not known, whatever the tasks. */
    result = run_of(scene(BUSY, "run.precision.measure", "loss_fraction", "buffer.capacity", "900",
                          "run.max_tasks", "80000", NULL),
                    1);
    assert_int_equal(result_row(result, 0, 0)->precision_state, PRECISION_ENDED);
    result_free(result);
    /* One that cannot be is known at once; so is an absolute error that is large. */
    result = run_of(scene(BUSY, "run.precision.measure", "loss_fraction", NULL), 1);
    assert_int_equal(result_row(result, 0, 0)->precision_state, PRECISION_REACHED);
    scene_near(result_row(result, 0, 0)->precision, 0, 0);
    result_free(result);
    result = run_of(scene(BUSY, "run.precision.absolute", "3s", NULL), 1);
    row = result_row(result, 0, 0);
    assert_int_equal(row->replications, 8);
    assert_true(row->precision_state == PRECISION_REACHED && row->precision < 3);
    assert_true(row->precision > row->latency_mean_ci95); /* the first look spends half */
    result_free(result);
    /* without a variance there is nothing to wait for */
    result = run_of(scene(BUSY, "tasks.size.distribution", "pareto", "tasks.size.alpha", "2.5",
                          "tasks.size.low", "300ms", NULL),
                    1);
    assert_int_equal(result_row(result, 0, 0)->precision_state, PRECISION_NEVER);
    assert_int_equal(result_row(result, 0, 0)->replications, 8);
    result_free(result);
}

/* Quantiles of waits, which rows give no interval of, p99.99, and losses in absolute terms. */
static void other_figures_can_be_asked_for(void **state)
{
    (void)state;
    struct result *result =
        run_of(scene(BUSY, "run.precision.measure", "wait_p99", "run.tasks", "20k", NULL), 2);
    const struct row *row = result_row(result, 0, 0);
    double truth = 5 * log(0.8 / 0.01); /* in units of 800 ms: 1 / (1 - 0.8) */
    assert_int_equal(row->precision_state, PRECISION_REACHED);
    assert_true(row->replications > 8 && row->precision > 0 && row->precision <= 0.05);
    scene_near(row->wait_q[2], 0.8 * truth, 0.05 * 0.8 * truth);
    result_free(result);

    result = run_of(scene(BUSY, "tasks.size.mean", "300ms", "run.precision.measure",
                          "latency_p9999", "run.tasks", "20k", NULL),
                    2);
    row = result_row(result, 0, 0);
    truth = 0.3 / 0.7 * log(1e4);
    assert_int_equal(row->precision_state, PRECISION_REACHED);
    scene_near(row->latency_q[4], truth, 0.05 * truth);
    assert_true(row->latency_low[4] < row->latency_q[4] &&
                row->latency_q[4] < row->latency_high[4]);
    result_free(result);

    result = run_of(scene(BUSY, "run.precision.measure", "loss_fraction",
                          "run.precision.absolute_share", "0.3%", "buffer.capacity", "3", NULL),
                    2);
    row = result_row(result, 0, 0);
    double r = 0.8, full = pow(r, 4) * (1 - r) / (1 - pow(r, 5)); /* M/M/1/4 */
    assert_int_equal(row->precision_state, PRECISION_REACHED);
    assert_true(row->precision > 0 && row->precision <= 0.003);
    scene_near(row->loss_fraction, full, 0.003);
    result_free(result);
}

/* 60 runs of which each may miss by more than 5 % with 5 %: more than 8 is one in 400. */
static void what_is_reached_is_there(void **state)
{
    (void)state;
    int missed = 0;
    for (int seed = 1; seed <= 60; seed++) {
        char text[16];
        snprintf(text, sizeof text, "%d", seed);
        struct result *result = run_of(scene(BUSY, "run.tasks", "4000", "seed", text, NULL), 0);
        const struct row *row = result_row(result, 0, 0);
        assert_int_equal(row->precision_state, PRECISION_REACHED);
        missed += fabs(row->latency_mean - 4) > 0.05 * 4;
        result_free(result);
    }
    assert_in_range(missed, 0, 8);
}

static void any_number_of_workers_gives_the_same_bytes(void **state)
{
    (void)state;
    char *expected = NULL;
    for (unsigned jobs = 1; jobs <= 4; jobs++) {
        struct result *result = run_of(scene(BUSY, SWEEP, NULL), jobs);
        size_t size;
        char *text = save_columns_text(result, &size);
        if (expected)
            assert_string_equal(text, expected);
        assert_true(audit_holds(&result->audit));
        free(expected);
        expected = text;
        result_free(result);
    }
    free(expected);
}

static const char file[] = "arrivals: {rate: 1/s}\n"
                           "tasks: {size: {distribution: exponential, mean: 800ms}}\n"
                           "sweep: {parameter: tasks.size.mean, from: 300ms, to: 900ms, steps: 4}\n"
                           "run:\n"
                           "  tasks: 5000\n"
                           "  precision: {measure: latency_p99, relative: 5%, confidence: 90%}\n"
                           "  max_tasks: 8M\n";

static int times_interrupted;

/* Killed somewhere, resumed until it is done: as if nothing had been. */
static void assert_resumes_after(double seconds, int signal)
{
    static const char *const argv[] = {"queuescope", "run", "s.yaml", "-o", "r", "--resume", NULL};
    int status = program_interrupt(argv, seconds, signal);
    assert_true(status == 0 || status == 130 || status == -signal);
    times_interrupted += status != 0;
    assert_int_equal(program_run("run s.yaml --resume -o r"), 0);
    assert_true(files_equal("r/columns.csv", "whole/columns.csv"));
    assert_true(files_equal("r/histograms.csv", "whole/histograms.csv"));
}

static void interrupted_and_resumed(void **state)
{
    (void)state;
    file_write("s.yaml", file);
    assert_int_equal(program_run("run s.yaml -o whole"), 0);
    assert_true(
        file_has("stdout", "latency_p99 known to within 5 %, with 90 %: in 4 of 4 columns"));
    assert_true(file_has("whole/columns.csv", ",replications,precision,precision_reached,"));
    for (int i = 0; i < 6; i++)
        assert_resumes_after(0.1 * i, i % 2 ? SIGKILL : SIGINT);
    assert_true(times_interrupted > 0);
    /* and from what it resolved to */
    assert_int_equal(program_run("run whole/scenario.yaml -o again -j 1"), 0);
    assert_true(files_equal("again/columns.csv", "whole/columns.csv"));
    assert_true(files_equal("again/scenario.yaml", "whole/scenario.yaml"));
    assert_true(files_equal("again/spectrogram.png", "whole/spectrogram.png"));
}

static void assert_refused(const char *settings, const char *message)
{
    char arguments[400];
    snprintf(arguments, sizeof arguments, "%s -o refused", settings);
    int status = program_run(arguments);
    if (status != 2 || !file_has("stderr", message))
        fail_msg("%s: exit %d\n%s", settings, status, file_text("stderr"));
    assert_false(file_exists("refused"));
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    file_write("s.yaml", file);
    file_write("t.csv", "arrival_s,service_s\n1,1\n2,1\n");
    file_write("t.yaml", "arrivals: {process: trace, file: t.csv}\n"
                         "run: {precision: {measure: wait_mean, relative: 1%}}\n");
    assert_refused("run s.yaml --set run.precision.measure=none", "'measure' is missing");
    assert_refused("run s.yaml --set run.precision.relative=none",
                   "one of 'relative' and 'absolute'");
    assert_refused("run s.yaml --set run.precision.measure=loss_fraction --set "
                   "run.precision.absolute=1ms",
                   "give 'relative' or 'absolute_share' for a loss");
    assert_refused("run s.yaml --set run.precision.absolute_share=1%", "is of loss_fraction");
    assert_refused("run s.yaml --set run.replications=3", "4 replications at least");
    assert_refused("run s.yaml --set run.max_tasks=39999", "less than the first round");
    assert_refused("run s.yaml --set run.tasks=20M", "less than the first round");
    assert_refused("run s.yaml --set sweep.mode=drift --set run.duration=1h",
                   "a drift has the replications that it is given");
    assert_refused("run s.yaml --set sweep.mode=drift --set run.duration=1h --set "
                   "run.replications=1",
                   "a drift has the replications that it is given");
    assert_int_equal(file_lines("stderr"), 1); /* and not that it wants more of them */
    assert_refused("run t.yaml", "t.yaml:2:");
    assert_refused("run s.yaml --set run.precision.measure=latency_p9",
                   "did you mean 'latency_p90'?");
    assert_refused("compare s.yaml --vary consumers.count=1,2", "run.precision is of `run`");
    file_write("s.yaml", "arrivals: {rate: 1/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 800ms}}\n");
    assert_refused("run s.yaml --set run.max_tasks=5", "run.max_tasks ends what run.precision");
}

/* Commands that know by themselves how much to simulate say that they do, and do not seek it. */
static void other_commands_leave_it(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "plan s.yaml --slo 'p99 <= 9s' --vary consumers.count=1..2 -o out",
        "cliff s.yaml --vary arrivals.rate=0.5..2 -o out", "theory s.yaml"};
    file_write("s.yaml", "arrivals: {process: poisson, rate: 1/s}\n"
                         "tasks: {size: {distribution: exponential, mean: 800ms}}\n"
                         "run: {tasks: 10k, precision: {measure: latency_p999, relative: 0.1%}}\n");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(program_run(commands[i]), 0);
        assert_true(file_has("stderr", "note: run.precision is of `run` and not used here: "));
        assert_int_equal(program_run(internf("%s --quiet", commands[i])), 0);
        assert_false(file_has("stderr", "run.precision"));
    }
}

#define cli_test(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)

/* Replications are added until the storm has come fifty times: what the first few show of it has no
 * interval, and is no reason to stop. */
static void goes_on_until_the_input_is_met(void **state)
{
    (void)state;
    struct scenario *s =
        scene("arrivals.process", "mmpp", "arrivals.states.0.rate", "10/s",
              "arrivals.states.0.mean_duration", "300s", "arrivals.states.1.rate", "30/s",
              "arrivals.states.1.mean_duration", "50s", "tasks.size.distribution", "exponential",
              "tasks.size.mean", "20ms", "run.tasks", "4000", "run.replications", "4",
              "run.precision.measure", "latency_mean", "run.precision.relative", "0.3", NULL);
    struct result *result = run_scenario(s, &(struct run_options){.engine = &events_engine});
    const struct row *row = result_row(result, 0, 0);
    assert_true(row->cycles >= 50 && row->replications == 64);
    assert_int_equal(row->precision_state, PRECISION_REACHED);
    result_free(result);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(effort_goes_where_the_doubt_is),
        cmocka_unit_test(progress_counts_rounds),
        cmocka_unit_test(it_is_the_same_run_longer),
        cmocka_unit_test(run_max_tasks_ends_it),
        cmocka_unit_test(other_figures_can_be_asked_for),
        cmocka_unit_test(what_is_reached_is_there),
        cmocka_unit_test(any_number_of_workers_gives_the_same_bytes),
        cli_test(interrupted_and_resumed),
        cli_test(what_makes_no_sense_is_refused),
        cli_test(other_commands_leave_it),
        cmocka_unit_test(goes_on_until_the_input_is_met),
    };
    return cmocka_run_group_tests_name("precision", tests, NULL, NULL);
}
