/* Timetables that repeat are run, and judged, in whole periods. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/engine/periods.h"
#include "scene.h"
#include "setting.h"

/* A day of 240 s: 9800 tasks, the last sixth of it more than 2 consumers can do. */
#define DAY                                                                                        \
    "arrivals.process", "schedule", "arrivals.schedule.0.until", "200s",                           \
        "arrivals.schedule.0.rate", "25/s", "arrivals.schedule.1.until", "240s",                   \
        "arrivals.schedule.1.rate", "120/s", "arrivals.repeat", "yes", "tasks.size.distribution",  \
        "exponential", "tasks.size.mean", "20ms", "consumers.count", "2"

/* Seconds measured and warmed up in the first replication; what it is called of stability. */
struct looked {
    double measured, warmup;
    enum verdict_stable stable;
    bool interval;
    unsigned notes;
};

static struct looked look(struct scenario *s)
{
    struct result *result = scene_run(s, 1);
    const struct row *row = result_row(result, 0, 0);
    const struct window *window = result_window(result, 0, 0);
    struct looked looked = {window->close.time - window->open.time, window->open.time, row->stable,
                            !isnan(row->latency_low[0]), row->notes};
    result_free(result);
    free(s);
    return looked;
}

/* One day measured looks like growth in its thirds; in whole days it is none. */
static void a_day_is_stable(void **state)
{
    (void)state;
    struct looked day = look(scene(DAY, "run.duration", "240s", "run.replications", "4", NULL));
    scene_near(day.measured, 240, 1e-9);
    scene_near(day.warmup, 240, 1e-9);
    assert_int_equal(day.stable, STABLE_YES);
    assert_false(day.interval); /* four days */
    assert_true(day.notes & NOTE_FEW_CYCLES);
    struct looked days = look(scene(DAY, "run.duration", "720s", "run.replications", "4", NULL));
    scene_near(days.measured, 720, 1e-9);
    assert_true(days.stable == STABLE_YES && days.interval && !(days.notes & NOTE_FEW_CYCLES));
}

/* The nearest number of whole days, by number of tasks, too; less than a day, and a run of so many
 * days that a part of one does not matter, as they are written. */
static void runs_are_whole_days(void **state)
{
    (void)state;
    scene_near(look(scene(DAY, "run.duration", "310s", NULL)).measured, 240, 1e-9);
    scene_near(look(scene(DAY, "run.duration", "400s", NULL)).measured, 480, 1e-9);
    scene_near(look(scene(DAY, "run.tasks", "20k", NULL)).measured, 480, 1e-9);
    struct looked part = look(scene(DAY, "run.duration", "100s", "run.warmup", "0", NULL));
    scene_near(part.measured, 100, 1e-9);
    scene_near(part.warmup, 0, 0);
    struct looked given = look(scene(DAY, "run.duration", "240s", "run.warmup", "30s", NULL));
    scene_near(given.warmup, 30, 1e-9);
    scene_near(given.measured, 240, 1e-9);
    struct scenario *out = xmalloc(sizeof *out);
    struct scenario *many = scene(DAY, "run.tasks", "1M", NULL);
    assert_false(periods_resolve(many, 0, out));
    struct scenario *once = scene(DAY, "arrivals.repeat", "no", "run.duration", "310s", NULL);
    assert_false(periods_resolve(once, 0, out));
    free(many);
    free(once);
    free(out);
}

/* A queue near saturation is warmed up for more than a day. */
static void warm_up_lasts_as_long_as_the_queue_remembers(void **state)
{
    (void)state;
    struct looked busy = look(scene(DAY, "tasks.size.mean", "48ms", "run.duration", "2400s", NULL));
    assert_true(busy.warmup >= 480 && busy.warmup <= 2400);
    scene_near(fmod(busy.warmup, 240), 0, 1e-9);
}

/* What cannot settle is still told, by theory or by thirds that are whole days. */
static void growth_is_told(void **state)
{
    (void)state;
    assert_int_equal(
        look(scene(DAY, "tasks.size.mean", "60ms", "run.duration", "240s", NULL)).stable,
        STABLE_NO);
    assert_int_equal(look(scene(DAY, "buffer.capacity", "4", "buffer.when_full", "pause",
                                "buffer.resume_delay", "3s", "run.duration", "720s", NULL))
                         .stable,
                     STABLE_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_stable),
        cmocka_unit_test(runs_are_whole_days),
        cmocka_unit_test(warm_up_lasts_as_long_as_the_queue_remembers),
        cmocka_unit_test(growth_is_told),
    };
    return cmocka_run_group_tests_name("periods", tests, NULL, setting_tear_down);
}
