/*
 * sim/lanes/lanes.c: wherever the lanes engine can run a scenario, it measures what the events
 * engine does.
 *
 * Scenarios are drawn from a seed as lists of settings. One that fails is shrunk (each setting is
 * left out or made simpler as long as it still fails) and printed. QUEUESCOPE_SEED=N draws others,
 * QUEUESCOPE_LONG=1 many more.
 */
#include <glob.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/lanes/lane.h"
#include "../sim/lanes/lanes.h"
#include "../sim/result/run.h"
#include "../sim/result/save.h"
#include "../tools/shell/options.h"
#include "alike.h"
#include "scene.h"
#include "setting.h"
#include "settings.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SCENARIOS = 60 };
#else
enum { SCENARIOS = 600 };
#endif

static uint64_t trials_run, trials_left; /* by lanes; to events */

/* A kernel that this machine has; all of them have their turn. */
static const struct lanes_kernel *some_kernel(unsigned turn)
{
    int n;
    const struct lanes_kernel *const *kernels = lanes_kernels(&n);
    return kernels[turn % (unsigned)n];
}

/* All trials of a scenario by both engines, lanes in groups of `group`; the first difference. */
static const char *scenario_difference(const struct scenario *s, unsigned group)
{
    const struct lanes_kernel *kernel = some_kernel((unsigned)s->seed);
    struct trial_id ids[64];
    unsigned n = 0;
    const char *why = NULL;
    struct scenario *at = xmalloc(sizeof *at);
    for (uint32_t r = 0; r < (uint32_t)s->run.replications; r++)
        for (uint32_t c = 0; c < (sweep_drifts(s) ? 1 : sweep_columns(s)) && n < 64; c++)
            ids[n++] = (struct trial_id){s, c, r};
    for (unsigned i = 0; i < n && !why; i += group) {
        struct trial *lanes[LANES] = {NULL};
        unsigned m = n - i < group ? n - i : group;
        lanes_run(kernel, &(struct trial_group){.ids = &ids[i], .n = m, .trials = lanes});
        for (unsigned k = 0; k < m; k++) {
            trials_run += lanes[k] != NULL;
            trials_left += lanes[k] == NULL;
            if (!lanes[k])
                continue;
            trial_unpack(lanes[k]);
            uint32_t column = ids[i + k].column;
            struct trial *events =
                trial_run(s, &events_engine, column, ids[i + k].replication, NULL, NULL);
            sweep_scenario(s, column, at);
            why = why ? why : trial_difference(events, lanes[k], at->stage.consumers == 1);
            trial_free(events);
            trial_free(lanes[k]);
        }
    }
    free(at);
    return why;
}

/* A time can hold any number of tasks; but a trace ends. */
static bool is_short(const struct scenario *s)
{
    if (scenario_replays(s))
        return true;
    const struct amount *warmup = &s->run.warmup;
    double most = 0;
    struct scenario *at = xmalloc(sizeof *at);
    for (uint32_t c = 0; c < sweep_columns(s); c++) {
        sweep_scenario(s, c, at);
        double tasks = trial_cost(s, c);
        if ((enum amount_kind)warmup->kind == AMOUNT_DURATION)
            tasks += warmup->value * scenario_task_rate(at);
        most = fmax(most, tasks);
    }
    free(at);
    return most < 150000;
}

static bool apply(const struct settings *list, struct scenario *s)
{
    struct errors errors = {0};
    return setting_try(s, settings_text(list, ";"), &errors) && !lanes_engine.refuses(s) &&
           is_short(s);
}

static const char *settings_difference(const struct settings *list, unsigned group)
{
    struct scenario *s = xmalloc(sizeof *s);
    const char *why = apply(list, s) ? scenario_difference(s, group) : NULL;
    free(s);
    return why;
}

static void without(struct settings *list, int i)
{
    memmove(&list->item[i], &list->item[i + 1], (size_t)(list->n - i - 1) * sizeof list->item[0]);
    list->n--;
}

/* A simpler list that fails too, if leaving out one setting, or halving its number, makes one. */
static bool shrink(struct settings *list, unsigned group)
{
    for (int i = 0; i < list->n; i++) {
        struct settings less = *list, half = *list;
        without(&less, i);
        if (settings_difference(&less, group)) {
            *list = less;
            return true;
        }
        char *end;
        const char *value = strchr(list->item[i], '=') + 1;
        double number = floor(strtod(value, &end));
        if (number < 2 || *end)
            continue;
        half.item[i] =
            internf("%.*s%.0f", (int)(value - list->item[i]), list->item[i], floor(number / 2));
        if (settings_difference(&half, group)) {
            *list = half;
            return true;
        }
    }
    return false;
}

static void must_agree(struct settings list, unsigned group)
{
    if (!settings_difference(&list, group))
        return;
    while (group > 1 && settings_difference(&list, group - 1))
        group--;
    while (shrink(&list, group))
        continue;
    fail_msg("the engines differ (%s), in groups of %u:\n    %s", settings_difference(&list, group),
             group, settings_text(&list, "\n    "));
}

static void agrees_with_events_on_random_scenarios(void **state)
{
    (void)state;
    const char *seed = getenv("QUEUESCOPE_SEED");
    uint64_t first = seed ? strtoull(seed, NULL, 10) * 1000000 : 0;
    uint64_t n = getenv("QUEUESCOPE_LONG") ? 20000 : SCENARIOS;
    uint64_t run = 0;
    struct scenario *s = xmalloc(sizeof *s);
    for (uint64_t i = first; run < n; i++) {
        struct settings list = settings_draw(i);
        if (!apply(&list, s)) /* a key that the chosen models do not have */
            continue;
        run++;
        must_agree(list, 1 + (unsigned)(i % LANES));
    }
    free(s);
    assert_true(trials_run > 3 * trials_left); /* it is lanes that were looked at */
}

/* Around the numbers from which on tasks are served by the block and by lists, and whole blocks of
 * consumers; lanes with fewer beside them. */
static void agrees_with_many_consumers(void **state)
{
    (void)state;
    static const unsigned most[] = {13, 27, 28, 32, 33, 100, 191, 192, 193, 520, 1025};
    static const char *const sizes[] = {
        "tasks.size.distribution=exponential;tasks.size.mean=1",
        ("tasks.size.distribution=bounded-pareto;tasks.size.alpha=1.2;tasks.size.low=0.5;"
         "tasks.size.high=100"),
        "tasks.size.distribution=deterministic;tasks.size.value=1"};
    for (unsigned i = 0; i < sizeof most / sizeof *most; i++) {
        struct settings list = {0};
        settings_add(&list, internf("seed=%u", i));
        settings_add(&list, sizes[i % 3]);
        settings_add(&list, "arrivals.utilization=97%");
        settings_add(&list, internf("sweep.parameter=consumers.count;sweep.from=%u;sweep.to=%u;"
                                    "sweep.steps=3",
                                    most[i] - most[i] / 6, most[i]));
        settings_add(&list, internf("run.tasks=%u;run.warmup=%u;run.replications=2",
                                    3001 + 4 * most[i], 3 * most[i] + 5));
        if (i % 2)
            settings_add(&list, "consumers.speed=0.8");
        uint64_t run = trials_run;
        must_agree(list, LANES);
        assert_int_equal(trials_run - run, 6);
    }
}

/* Services of years in a window of seconds: what lies beyond it is added and taken away again, and
 * what is left is rounded more than the clock is (lane_flow.c). */
static void agrees_where_little_is_left(void **state)
{
    (void)state;
    struct settings list = {.n = 0};
    settings_add(&list, "tasks.size.distribution=uniform;tasks.size.high=1250000000;"
                        "tasks.size.low=76293;arrivals.process=renewal;"
                        "arrivals.interarrival.distribution=uniform;"
                        "arrivals.interarrival.high=1e-9;arrivals.interarrival.low=0");
    settings_add(&list,
                 "arrivals.rate_per_consumer=0.482961;consumers.count=64;"
                 "sweep.parameter=consumers.speed;sweep.from=0.5;sweep.to=1;run.duration=22");
    must_agree(list, 1);
}

/* What its ring cannot hold, and what a backlog might end, is left to the events engine. */
static void gives_up_where_it_cannot_tell(void **state)
{
    (void)state;
    static const char batches[] = /* thousands of tasks come at once */
        "arrivals.process=batch;arrivals.batch.distribution=deterministic;"
        "arrivals.batch.value=6000;arrivals.rate=0.0001;tasks.size.distribution=exponential;"
        "tasks.size.mean=1;run.tasks=100000";
    static const char giants[] = /* in service while thousands come and go, up to a censored end */
        "arrivals.rate=10;consumers.count=16;tasks.size.distribution=hyperexponential;"
        "tasks.size.means=[0.1, 600];tasks.size.probabilities=[0.999, 0.001];run.tasks=20000;"
        "run.warmup=0;run.at_end=censor";
    static const char limited[] = /* some get to twenty tasks inside */
        "arrivals.utilization=70%;tasks.size.distribution=exponential;tasks.size.mean=1;"
        "run.max_backlog=20;run.warmup=0;run.tasks=3000";
    static const char overload[] = /* to hundreds, and then more */
        "arrivals.rate=1;tasks.size.distribution=exponential;tasks.size.mean=1;"
        "sweep.parameter=arrivals.rate;sweep.from=0.9;sweep.to=1.3;sweep.steps=10;"
        "sweep.mode=drift;run.duration=6000;run.max_backlog=600";
    static const char speeding[] = /* from a task on, by starts that may come before it arrives */
        "arrivals.rate=1;tasks.size.distribution=exponential;tasks.size.mean=1;"
        "sweep.parameter=consumers.speed;sweep.from=2;sweep.to=0.8;sweep.steps=10;"
        "sweep.mode=drift;run.duration=6000;run.warmup=100";
    static const char ending[] = /* a timetable after which nobody comes */
        "tasks.size.distribution=exponential;tasks.size.mean=1;arrivals.process=schedule;"
        "arrivals.schedule.0.until=500;arrivals.schedule.0.rate=1;arrivals.schedule.1.until=600;"
        "arrivals.schedule.1.rate=0;run.tasks=10000";
    const char *const cases[] = {
        batches, internf("%s;run.warmup=0", batches), giants, limited, overload, speeding, ending};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct settings list = {0};
        settings_add(&list, cases[i]);
        settings_add(&list, "run.replications=16");
        uint64_t left = trials_left;
        must_agree(list, LANES);
        assert_true(trials_left > left);
        struct scenario *s = xmalloc(sizeof *s);
        assert_true(apply(&list, s));
        struct trial *trial =
            trial_run(s, &lanes_engine, 0, 0, NULL, NULL); /* in the end it runs */
        assert_true(trial->simulated > 0);
        trial_free(trial);
        free(s);
    }
}

/* Arrivals, completions and deadlines at the very same times, also where the flow is read. */
static void agrees_where_all_ties(void **state)
{
    (void)state;
    static const char *const arrivals[] = {
        "arrivals.process=renewal;arrivals.interarrival.distribution=deterministic;"
        "arrivals.interarrival.value=0.5",
        "arrivals.process=batch;arrivals.rate=0.4;arrivals.batch.distribution=deterministic;"
        "arrivals.batch.value=5"};
    static const char *const ends[] = {"complete", "censor"};
    static const char *const patience[] = {"0", "0.5", "1", "3"};
    for (unsigned i = 0; i < 64; i++) {
        struct settings list = {0};
        const unsigned consumers = 1 + i / 16;
        settings_add(&list, arrivals[i % 2]);
        settings_add(&list, internf("run.at_end=%s", ends[i / 2 % 2]));
        settings_add(&list, internf("consumers.count=%u", consumers));
        settings_add(&list, internf("tasks.timeout.distribution=deterministic;"
                                    "tasks.timeout.value=%s",
                                    patience[i / 4 % 4]));
        settings_add(&list, internf("tasks.size.distribution=deterministic;tasks.size.value=%g",
                                    consumers * (i % 3 ? 0.75 : 1.5)));
        settings_add(&list, "run.tasks=301;run.warmup=7;run.replications=2");
        uint64_t run = trials_run;
        must_agree(list, LANES);
        assert_int_equal(trials_run - run, 2);
    }
}

static void load(const char *file, const char *length, struct scenario *s)
{
    struct options o = {.engine = &events_engine, .set = {"run.replications=9", length}};
    struct places places = {0};
    struct errors errors = {0};
    o.n_set = length ? 2 : 1;
    if (!options_load(&o, file, s, &places, &errors))
        fail_msg("%s", errors.text[0]);
    places_free(&places);
}

/* Every file in configs/, for a shorter time: the same histograms, by the engine that fits. */
static void agrees_with_events_on_the_configs(void **state)
{
    (void)state;
    glob_t files;
    assert_int_equal(glob("configs/*.yaml", 0, NULL, &files), 0);
    struct scenario *s = xmalloc(sizeof *s);
    int fitting = 0, drifting = 0;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        load(files.gl_pathv[i], NULL, s);
        load(files.gl_pathv[i], isnan(s->run.duration) ? "run.tasks=4000" : "run.duration=8000s",
             s);
        if (lanes_engine.refuses(s))
            continue;
        fitting++;
        drifting += sweep_drifts(s);
        const char *why = scenario_difference(s, LANES);
        if (why)
            fail_msg("%s: the engines differ: %s", files.gl_pathv[i], why);
    }
    assert_true(fitting >= 4 && drifting >= 1);
    globfree(&files);
    free(s);
}

/* The whole of histograms.csv. Interned. */
static const char *histograms_of(const struct scenario *s, const struct engine *engine)
{
    const struct run_options options = {.engine = engine};
    struct result *result = run_scenario(s, &options);
    size_t n;
    char *text = save_histograms_text(result, &n);
    const char *interned = intern(text);
    free(text);
    result_free(result);
    return interned;
}

/* The drift of configs/open.yaml ends with thousands waiting: no lane is given up for that. */
static void follows_a_drift_into_overload(void **state)
{
    (void)state;
    struct scenario *s = xmalloc(sizeof *s);
    uint64_t run = trials_run, left = trials_left;
    load("configs/open.yaml", "run.duration=100000s", s);
    s->sweep.to = 1.1;
    const char *why = scenario_difference(s, LANES);
    if (why)
        fail_msg("the engines differ: %s", why);
    assert_int_equal(trials_run - run, 9);
    assert_int_equal(trials_left, left);
    struct trial *trial = trial_run(s, &lanes_engine, 0, 0, NULL, NULL);
    assert_true(trial->windows[trial->columns - 1].close.waiting > RING);
    trial_free(trial);
    assert_ptr_equal(histograms_of(s, &lanes_engine), histograms_of(s, &events_engine));
    free(s);
}

static void a_stop_interrupts(void **state)
{
    (void)state;
    struct scenario *s = scene("arrivals.rate", "1/s", "tasks.size.distribution", "exponential",
                               "tasks.size.mean", "500ms", "run.tasks", "1000000000", NULL);
    atomic_bool stop = true;
    struct trial *trial = trial_run(s, &lanes_engine, 0, 0, &stop, NULL);
    assert_true(trial->notes & NOTE_INTERRUPTED);
    trial_free(trial);
    free(s);
}

static void refuses_what_it_cannot_run(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"consumers.discipline=lifo", "order of arrival"},
        {"buffer.capacity=20;buffer.when_full=drop-oldest", "task that arrives"},
        {"buffer.capacity=20;buffer.when_full=pause", "task that arrives"},
        {"buffer.capacity=1025", "1024 waiting places"},
        {"consumers.count=4097", "4096 consumers"},
        {"consumers.count=513;buffer.capacity=20", "512 consumers"},
        {"consumers.count=513;run.at_end=censor", "512 consumers"},
        {"tasks.timeout.distribution=exponential;tasks.timeout.mean=1;buffer.capacity=5",
         "unbounded buffer only"},
        {"tasks.timeout.distribution=exponential;tasks.timeout.mean=1;run.duration=50",
         "by their number"},
        {"tasks.timeout.distribution=exponential;tasks.timeout.mean=1;run.warmup=50s",
         "by their number"},
        {"tasks.classes.0.name=a;tasks.classes.1.name=b;run.at_end=censor", "several classes"},
    };
    struct scenario *s = xmalloc(sizeof *s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        setting_apply(s, internf("arrivals.rate=1;tasks.size.distribution=exponential;"
                                 "tasks.size.mean=500ms;%s",
                                 cases[i][0]));
        const char *why = lanes_engine.refuses(s);
        assert_non_null(why);
        if (!strstr(why, cases[i][1]))
            fail_msg("%s", why);
        assert_ptr_equal(engine_for(s), &events_engine);
    }
    setting_apply(s, "arrivals.rate=1;tasks.size.distribution=exponential;tasks.size.mean=500ms");
    assert_ptr_equal(engine_for(s), &lanes_engine);
    setting_apply(s, "arrivals.rate=1;tasks.size.distribution=exponential;tasks.size.mean=500ms;"
                     "consumers.count=4096;run.replications=4");
    assert_ptr_equal(engine_for(s), &lanes_engine);
    s->run.replications = 3; /* vectors would be empty for the most part */
    assert_ptr_equal(engine_for(s), &events_engine);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_it_cannot_run),
        cmocka_unit_test(a_stop_interrupts),
        cmocka_unit_test(gives_up_where_it_cannot_tell),
        cmocka_unit_test(agrees_where_all_ties),
        cmocka_unit_test(agrees_with_events_on_the_configs),
        cmocka_unit_test(follows_a_drift_into_overload),
        cmocka_unit_test(agrees_with_events_on_random_scenarios),
        cmocka_unit_test(agrees_where_little_is_left),
        cmocka_unit_test(agrees_with_many_consumers),
    };
    return cmocka_run_group_tests_name("lanes", tests, NULL, setting_tear_down);
}
