/* The journal: a run that was interrupted goes on to the same bytes, whatever became of the file.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../sim/result/run.h"
#include "../sim/result/save.h"
#include "scene.h"

static char folder[] = "/tmp/queuescope-journal-XXXXXX";
static char file[sizeof folder + 32];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return 1;
    snprintf(file, sizeof file, "%s/.queuescope-trials", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(file);
    return rmdir(folder);
}

static struct scenario *sweep(const char *mode)
{
    return scene("arrivals.process", "poisson", "arrivals.rate", "1/s", "tasks.size.distribution",
                 "exponential", "tasks.size.mean", "500ms", "tasks.classes.0.name", "a",
                 "tasks.classes.0.share", "1", "tasks.classes.1.name", "b", "tasks.classes.1.share",
                 "2", "sweep.parameter", "tasks.size.mean", "sweep.from", "100ms", "sweep.to",
                 "900ms", "sweep.steps", "5", "run.replications", "3", "sweep.mode", mode,
                 strcmp(mode, "drift") == 0 ? "run.duration" : "run.tasks", "2000", NULL);
}

static struct journal *opened(const struct scenario *s, bool resume)
{
    struct errors *errors = xcalloc(1, sizeof *errors);
    struct journal *journal = journal_open(folder, 0, s, resume, errors);
    if (!journal)
        fail_msg("%s", errors->text[0]);
    free(errors);
    return journal;
}

static void closed(struct journal *journal, bool remove)
{
    struct errors *errors = xcalloc(1, sizeof *errors);
    assert_true(journal_close(journal, remove, errors));
    assert_int_equal(access(file, F_OK) == 0, !remove);
    free(errors);
}

/* Leaves a journal with trials of n of the scenario's columns (drift: replications). */
static void interrupted(const struct scenario *s, uint32_t n)
{
    struct journal *journal = opened(s, false);
    struct trial *none;
    assert_int_equal(journal_read(journal, &none, 1, 1), 0);
    bool drift = (enum sweep_mode)s->sweep.mode == MODE_DRIFT;
    for (uint32_t i = 0; i < n; i++)
        journal_append(journal, scene_trial(s, drift ? 0 : i, drift ? i : 1));
    closed(journal, false);
}

static int kept(const struct scenario *s)
{
    size_t got;
    struct journal *journal = opened(s, true);
    int n = 0;
    for (struct trial *trials[7]; (got = journal_read(journal, trials, 7, 2)) > 0; n += (int)got)
        for (size_t i = 0; i < got; i++)
            trial_free(trials[i]);
    closed(journal, false);
    return n;
}

static void resumes_to_the_same_bytes(const struct scenario *s)
{
    struct result *straight = scene_run(s, 1);
    struct run_options options = {.engine = &events_engine, .jobs = 2, .journal = opened(s, true)};
    struct result *resumed = run_scenario(s, &options);
    assert_non_null(resumed);
    assert_false(resumed->interrupted);
    assert_int_equal(resumed->simulated, straight->simulated);
    closed(options.journal, false);
    assert_int_equal(kept(s), (enum sweep_mode)s->sweep.mode == MODE_DRIFT ? 3 : 15);
    size_t n, m;
    char *a = save_columns_text(straight, &n), *b = save_columns_text(resumed, &m);
    assert_string_equal(a, b);
    free(a);
    free(b);
    a = save_histograms_text(straight, &n);
    b = save_histograms_text(resumed, &m);
    assert_string_equal(a, b);
    free(a);
    free(b);
    for (int i = 0; i < AUDIT_LINES; i++)
        assert_string_equal(straight->audit.text[i], resumed->audit.text[i]);
    result_free(straight);
    result_free(resumed);
}

static void goes_on_to_the_same_bytes(void **state)
{
    (void)state;
    const char *const modes[] = {"independent", "drift"};
    for (int i = 0; i < 2; i++)
        for (uint32_t n = 0; n <= 3; n++) {
            struct scenario *s = sweep(modes[i]);
            interrupted(s, n);
            assert_int_equal(kept(s), n);
            resumes_to_the_same_bytes(s);
            free(s);
        }
}

/* Interrupted anywhere, in whatever order trials have ended: the file is cut at many places. */
static void goes_on_from_wherever_it_was_cut(void **state)
{
    (void)state;
    const char *const modes[] = {"independent", "drift"};
    for (int i = 0; i < 2; i++) {
        struct scenario *s = sweep(modes[i]);
        struct journal *journal = opened(s, false);
        for (uint32_t k = 0, n = i == 0 ? 15 : 3; k < n; k++) {
            uint32_t at = (7 * k + 4) % n;
            journal_append(journal, scene_trial(s, i == 0 ? at % 5 : 0, i == 0 ? at / 5 : at));
        }
        closed(journal, false);
        struct stat st;
        assert_int_equal(stat(file, &st), 0);
        for (off_t cut = st.st_size, step = st.st_size / 9; cut > 16; cut -= step) {
            assert_int_equal(truncate(file, cut), 0);
            resumes_to_the_same_bytes(s);
        }
        free(s);
    }
}

/* A trial of a wide drift is more than what is read at a time (4 MB). */
static void a_trial_of_many_megabytes_comes_back(void **state)
{
    (void)state;
    struct scenario *s = sweep("drift");
    s->sweep.steps = 10000;
    s->run.duration = 20000;
    interrupted(s, 2);
    struct stat st;
    assert_int_equal(stat(file, &st), 0);
    assert_true(st.st_size > 2 * (4 << 20));
    assert_int_equal(kept(s), 2);
    struct run_options options = {.engine = &events_engine, .jobs = 2, .journal = opened(s, true)};
    struct result *resumed = run_scenario(s, &options), *straight = scene_run(s, 1);
    closed(options.journal, true);
    size_t n, m;
    char *a = save_columns_text(straight, &n), *b = save_columns_text(resumed, &m);
    assert_int_equal(n, m);
    assert_memory_equal(a, b, n);
    free(a);
    free(b);
    result_free(straight);
    result_free(resumed);
    free(s);
}

/* Trials in no order, each of them twice: taken once, and what is not there is run. */
static void a_trial_that_is_there_twice_counts_once(void **state)
{
    (void)state;
    struct scenario *s = sweep("independent");
    struct journal *journal = opened(s, false);
    for (uint32_t i = 0; i < 6; i++)
        journal_append(journal, scene_trial(s, 4 - i % 3, 1));
    closed(journal, false);
    struct result *straight = scene_run(s, 1);
    struct run_options options = {.engine = &events_engine, .jobs = 3, .journal = opened(s, true)};
    struct result *resumed = run_scenario(s, &options);
    closed(options.journal, true);
    assert_int_equal(resumed->simulated, straight->simulated);
    size_t n, m;
    char *a = save_columns_text(straight, &n), *b = save_columns_text(resumed, &m);
    assert_string_equal(a, b);
    free(a);
    free(b);
    result_free(straight);
    result_free(resumed);
    free(s);
}

/* So does the number waiting, where it is recorded. */
static void the_number_waiting_goes_on(void **state)
{
    (void)state;
    const char *const modes[] = {"independent", "drift"};
    for (int i = 0; i < 2; i++) {
        struct scenario *s = sweep(modes[i]);
        s->picture.measure = PICTURE_QUEUE;
        interrupted(s, 2);
        assert_int_equal(kept(s), 2);
        resumes_to_the_same_bytes(s);
        free(s);
    }
}

static void one_replication_with_batches_too(void **state)
{
    (void)state;
    struct scenario *s = sweep("independent");
    s->run.replications = 1;
    interrupted(s, 0);
    struct run_options options = {.engine = &events_engine, .journal = opened(s, true)};
    result_free(run_scenario(s, &options));
    closed(options.journal, false);
    assert_int_equal(kept(s), 5);
    free(s);
}

/* Cut anywhere, or with any byte changed, the whole records before that are still good. */
static void a_torn_file_keeps_its_whole_records(void **state)
{
    (void)state;
    struct scenario *s = sweep("independent");
    interrupted(s, 2);
    struct stat st;
    assert_int_equal(stat(file, &st), 0);
    for (off_t cut = 16; cut < st.st_size; cut += 1 + st.st_size / 23) {
        interrupted(s, 2);
        assert_int_equal(truncate(file, cut), 0);
        assert_true(kept(s) < 2);
    }
    for (off_t at = 16; at < st.st_size; at += 1 + st.st_size / 23) {
        interrupted(s, 2);
        FILE *stream = fopen(file, "r+");
        fseek(stream, at, SEEK_SET);
        int byte = fgetc(stream);
        fseek(stream, at, SEEK_SET);
        fputc(byte ^ 64, stream);
        fclose(stream);
        assert_true(kept(s) < 2);
    }
    resumes_to_the_same_bytes(s);
    free(s);
}

static void anothers_trials_are_refused(void **state)
{
    (void)state;
    struct errors *errors = xcalloc(1, sizeof *errors);
    struct scenario *s = sweep("independent");
    interrupted(s, 2);
    s->seed++;
    assert_null(journal_open(folder, 0, s, true, errors));
    assert_non_null(strstr(errors->text[0], "another scenario"));
    closed(opened(s, false), false); /* without --resume they are thrown away */
    assert_int_equal(kept(s), 0);
    free(s);
    free(errors);
}

static void one_run_at_a_time(void **state)
{
    (void)state;
    struct errors *errors = xcalloc(1, sizeof *errors);
    struct scenario *s = sweep("independent");
    struct journal *journal = opened(s, false);
    assert_null(journal_open(folder, 0, s, true, errors));
    assert_non_null(strstr(errors->text[0], "another run is at work"));
    closed(journal, true);
    assert_null(journal_open("/nonexistent", 0, s, false, errors));
    assert_non_null(strstr(errors->text[1], "No such file"));
    free(s);
    free(errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_on_to_the_same_bytes),
        cmocka_unit_test(goes_on_from_wherever_it_was_cut),
        cmocka_unit_test(a_trial_of_many_megabytes_comes_back),
        cmocka_unit_test(a_trial_that_is_there_twice_counts_once),
        cmocka_unit_test(the_number_waiting_goes_on),
        cmocka_unit_test(one_replication_with_batches_too),
        cmocka_unit_test(a_torn_file_keeps_its_whole_records),
        cmocka_unit_test(anothers_trials_are_refused),
        cmocka_unit_test(one_run_at_a_time),
    };
    return cmocka_run_group_tests_name("journal", tests, make_folder, remove_folder);
}
