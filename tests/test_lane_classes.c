/*
 * sim/lanes/lanes.c with several classes of tasks: their cells are those of the events engine,
 * class by class. Scenarios are drawn from a seed as for test_lanes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/lanes/lane.h"
#include "../sim/lanes/lanes.h"
#include "alike.h"
#include "setting.h"
#include "settings.h"

enum { SCENARIOS = 120 };

#define CLASSES                                                                                    \
    "tasks.classes.0.name=a;tasks.classes.0.share=1;tasks.classes.1.name=b;"                       \
    "tasks.classes.1.share=0.4;tasks.classes.1.priority=1;"

/* All trials of a replication by both engines. */
static void must_agree(const struct scenario *s, uint32_t replication, const char *text)
{
    struct trial_id ids[LANES];
    struct trial *lanes[LANES] = {NULL};
    unsigned n = 0;
    int kernels;
    for (uint32_t c = 0; c < sweep_columns(s) && n < LANES; c++)
        ids[n++] = (struct trial_id){s, c, replication};
    const struct lanes_kernel *const *kernel = lanes_kernels(&kernels);
    lanes_run(kernel[(unsigned)s->seed % (unsigned)kernels],
              &(struct trial_group){.ids = ids, .n = n, .trials = lanes});
    struct scenario *at = xmalloc(sizeof *at);
    for (unsigned i = 0; i < n; i++) {
        if (!lanes[i])
            continue;
        struct trial *events = trial_run(s, &events_engine, i, replication, NULL, NULL);
        trial_unpack(lanes[i]);
        sweep_scenario(s, i, at);
        const char *why = trial_difference(events, lanes[i], at->stage.consumers == 1);
        if (why)
            fail_msg("%s\n%s", why, text);
        trial_free(events);
        trial_free(lanes[i]);
    }
    free(at);
}

/* With sizes of their own or not, in buffers with a bound or not. */
static void agrees_with_events_on_random_classes(void **state)
{
    (void)state;
    static const char *const more[] = {
        "",
        "tasks.classes.1.size.distribution=bounded-pareto;tasks.classes.1.size.alpha=1.5;"
        "tasks.classes.1.size.low=0.01;tasks.classes.1.size.high=7;",
        "tasks.classes.0.size.distribution=uniform;tasks.classes.0.size.low=0;"
        "tasks.classes.0.size.high=0.5;tasks.classes.2.name=c;tasks.classes.2.share=0.01;",
        "buffer.capacity=3;",
        "buffer.capacity=0;tasks.classes.2.name=c;tasks.classes.2.share=2;",
        "sweep.parameter=tasks.classes.1.share;sweep.from=0.1;sweep.to=2;sweep.steps=5;"};
    struct scenario *s = xmalloc(sizeof *s);
    struct errors *errors = xcalloc(1, sizeof *errors);
    for (uint64_t i = 0, ran = 0; ran < SCENARIOS; i++) {
        struct settings list = settings_draw(7000000 + i);
        settings_add(&list, internf(CLASSES "%s", more[i % (sizeof more / sizeof *more)]));
        const char *text = settings_text(&list, ";");
        errors->n = 0;
        if (!setting_try(s, text, errors) || lanes_engine.refuses(s) || trial_cost(s, 0) > 100e3)
            continue;
        ran++;
        must_agree(s, (uint32_t)(i % 3) % (uint32_t)s->run.replications, text);
    }
    free(errors);
    free(s);
}

/* Panels with classes beside panels without, and other classes, in one group. */
static void agrees_where_classes_differ_from_lane_to_lane(void **state)
{
    (void)state;
    static const char *const classes[] = {"", CLASSES,
                                          CLASSES "tasks.classes.2.name=c;tasks.classes.2.share=3;"
                                                  "tasks.classes.2.size.distribution=deterministic;"
                                                  "tasks.classes.2.size.value=0.3;"};
    static const char *const ends[] = {"run.tasks=4000", "run.duration=3000s",
                                       "run.duration=3000s;run.at_end=censor"};
    for (int end = 0; end < 3; end++) {
        struct trial_id ids[6];
        struct trial *lanes[6] = {NULL};
        for (uint32_t i = 0; i < 6; i++) {
            struct scenario *s = xmalloc(sizeof *s);
            setting_apply(s, internf("arrivals.rate=1;tasks.size.distribution=exponential;"
                                     "tasks.size.mean=800ms;run.replications=2;%s;%s",
                                     classes[i % 3], ends[end]));
            ids[i] = (struct trial_id){s, 0, i / 3};
            assert_ptr_equal(engine_for(s), &lanes_engine);
            assert_true(i == 0 || trial_alike(s, ids[0].s));
        }
        lanes_run(lanes_kernel_for(6), &(struct trial_group){.ids = ids, .n = 6, .trials = lanes});
        for (int i = 0; i < 6; i++) {
            struct trial *events =
                trial_run(ids[i].s, &events_engine, 0, ids[i].replication, NULL, NULL);
            assert_non_null(lanes[i]);
            trial_unpack(lanes[i]);
            const char *why = trial_difference(events, lanes[i], true);
            if (why)
                fail_msg("%s: %s", ends[end], why);
            trial_free(events);
            trial_free(lanes[i]);
        }
        for (int i = 0; i < 6; i++)
            free((void *)(uintptr_t)ids[i].s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_events_on_random_classes),
        cmocka_unit_test(agrees_where_classes_differ_from_lane_to_lane),
    };
    return cmocka_run_group_tests_name("lane_classes", tests, NULL, setting_tear_down);
}
