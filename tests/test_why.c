/* Why the slowest are slow: parts add up to the latency, and are those that they are by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/answer/why.h"
#include "program.h"
#include "scene.h"

static struct why *ask(const char *text, double share)
{
    struct scenario *s = scene_text(text, "");
    struct errors *errors = xcalloc(1, sizeof *errors);
    struct why *why = why_find(s, share, NULL, errors);
    if (!why)
        fail_msg("%s", errors->text[0]);
    free(errors);
    free(s);
    return why;
}

#define EACH(why, part) ((why)->total[part] / (double)(why)->slowest)

/* One stage and networks of every kind: whatever happens, all of the latency is put down. */
static void parts_add_up_to_the_latency(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "arrivals: {process: poisson, rate: 4/s}\n"
        "tasks: {size: {distribution: lognormal, mean: 200ms, cv2: 8}}\n",
        "arrivals: {process: poisson, rate: 8/s}\n"
        "tasks: {size: {distribution: exponential, mean: 200ms}, timeout: 3s}\n"
        "consumers: {count: 2, discipline: lifo-preemptive}\n",
        "arrivals: {process: poisson, rate: 8/s}\n"
        "tasks: {size: {distribution: exponential, mean: 200ms}}\n"
        "consumers: {count: 2, discipline: processor-sharing}\n",
        "arrivals: {process: closed, clients: 30, think_time: {distribution: exponential, mean: "
        "1s}}\ntasks: {size: {distribution: exponential, mean: 60ms}}\n",
        "arrivals: {process: poisson, rate: 5/s}\n"
        "tasks: {size: {distribution: exponential, mean: 150ms}}\n"
        "stages:\n  a: {buffer: {capacity: 3, when_full: pause}, to: b}\n"
        "  b: {buffer: {capacity: 1, when_full: pause}, to: {c: 50%}}\n"
        "  c: {buffer: {capacity: 0, when_full: pause}}\n",
        "arrivals: {process: poisson, rate: 5/s}\n"
        "tasks: {size: {distribution: exponential, mean: 50ms}}\n"
        "stages:\n  web: {consumers: {count: 6}, calls: [auth, [db, cache, {stage: db, share: "
        "30%}]], reply: true, to: log}\n"
        "  auth: {calls: [db]}\n  db: {consumers: {count: 2}}\n  cache: {consumers: {count: "
        "unlimited}}\n  log: {delay: 100ms}\n",
        "arrivals: {process: poisson, rate: 3/s}\n"
        "tasks: {size: {distribution: exponential, mean: 150ms}}\n"
        "stages:\n  split: {to: {all: [x, y, z]}}\n  x: {to: done}\n  y: {to: done, delay: 50ms}\n"
        "  z: {consumers: {count: 2}, to: done}\n  done: {join: all}\n",
        "arrivals: {process: poisson, rate: 6/s}\n"
        "tasks: {size: {distribution: exponential, mean: 100ms}}\n"
        "stages:\n  a: {replicas: 3, balancer: random, to: {a: 20%, b: 30%}, outages: [{every: "
        "20s, for: 1s, each: yes}]}\n  b: {consumers: a}\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct why *why =
            ask(internf("%srun: {tasks: 3k, replications: 2, warmup: 0}\n", texts[i]), 0.2);
        double sum = 0;
        for (uint32_t stage = 0; stage < why->n_stages; stage++)
            for (int part = 0; part < WHY_PARTS; part++) {
                assert_true(why->seconds[stage][part] >= 0);
                sum += why->seconds[stage][part];
            }
        if (!(why->apart < 1e-9) || !(fabs(sum - why->sum) < 1e-7 * sum))
            fail_msg("%s: parts are off by %g; %.9g is not %.9g", texts[i], why->apart, sum,
                     why->sum);
        assert_true(why->requests > 4000 && why->slowest >= why->requests / 5);
        assert_true(why->total[WHY_WORK] > 0);
        why_free(why);
    }
}

/* All alike: nobody is large. */
static void alike_none_is_large(void **state)
{
    (void)state;
    struct why *why = ask("arrivals: {process: poisson, rate: 9/s}\n"
                          "tasks: {size: {distribution: deterministic, value: 100ms}}\n"
                          "run: {tasks: 5k, replications: 2, warmup: 0}\n",
                          0.05);
    assert_true(why->total[WHY_LARGE] == 0 && why->total[WHY_HELD] == 0);
    assert_true(why->total[WHY_IDLE] == 0 && why->total[WHY_STOPPED] == 0);
    scene_near(EACH(why, WHY_WORK), 0.1, 1e-9);
    scene_near(EACH(why, WHY_PLAIN), why->sum / (double)why->slowest - 0.1, 1e-9);
    why_free(why);
}

/* A task of 100 s among those of half a second, one a second: it is to blame for 100 s of waiting
 * of all that came meanwhile, and they, for what then stands before them, for the rest. */
static void one_large_task_is_blamed(void **state)
{
    (void)state;
    char *rows = xmalloc(100000), *at = rows;
    at += sprintf(at, "arrival_s,service_s\n");
    for (int i = 1; i <= 1000; i++)
        at += sprintf(at, "%d,%s\n", i, i == 200 ? "100" : "0.5");
    file_write("t.csv", rows);
    free(rows);
    struct why *why = ask("arrivals: {process: trace, file: t.csv}\n"
                          "run: {replications: 1, warmup: 0}\n",
                          1);
    assert_int_equal(why->slowest, 1000);
    scene_near(why->total[WHY_WORK], 999 * 0.5 + 100, 1e-6);
    /* those that come at 201 to 299 wait for it till 300; the others are done by and by: of task k
     * after it the wait is 100 - k + (k - 1) / 2, as long as that is above 0 */
    double large = 0, all = 0;
    for (int k = 1; k < 1000 - 200; k++) {
        double wait = 100 - k + (k - 1) * 0.5;
        large += k < 100 ? 100 - k : 0;
        all += wait > 0 ? wait : 0;
    }
    scene_near(why->total[WHY_LARGE], large, 1e-6);
    scene_near(why->total[WHY_PLAIN], all - large, 1e-6);
    assert_int_equal(why->spells, 1);
    scene_near(why->spell[0].from, 201, 1e-9);
    scene_near(why->spell[0].largest, 100, 0);
    scene_near(why->spell[0].waited, all, 1e-6);
    why_free(why);
}

/* Every 4 s a request works 1 s, calls for 2 s; then it is blocked until the stage behind it has
 * handed on the one before. */
static void by_hand_at_two_stages(void **state)
{
    (void)state;
    struct why *why =
        ask("arrivals: {process: renewal, interarrival: {distribution: deterministic, "
            "value: 4s}}\n"
            "tasks: {size: 1s}\n"
            "stages:\n  a: {calls: [b], to: c}\n  b: {size: 2s}\n"
            "  c: {size: 3500ms, buffer: {capacity: 0, when_full: pause}}\n"
            "run: {tasks: 100, replications: 1, warmup: 0}\n",
            1);
    assert_int_equal(why->slowest, 100);
    scene_near(why->seconds[0][WHY_WORK], 100, 1e-9);
    scene_near(why->seconds[1][WHY_WORK], 200, 1e-9);
    scene_near(why->seconds[2][WHY_WORK], 350, 1e-9);
    scene_near(why->sum, 650, 1e-9);
    why_free(why);
    /* one every 3.25 s, and c takes 3.5: a is held up by what c cannot take */
    why = ask("arrivals: {process: renewal, interarrival: {distribution: deterministic, value: "
              "3250ms}}\n"
              "tasks: {size: 1s}\n"
              "stages:\n  a: {calls: [b], to: c}\n  b: {size: 2s}\n"
              "  c: {size: 3500ms, buffer: {capacity: 0, when_full: pause}}\n"
              "run: {tasks: 3, replications: 1, warmup: 0}\n",
              1);
    /* 1: a 3.25 to 6.25, c to 9.75. 2: a 6.5 to 9.5, blocked to 9.75, c to 13.25. 3: comes at 9.75,
     * a to 12.75, blocked to 13.25, c to 16.75 */
    scene_near(why->seconds[0][WHY_BLOCKED], 0.25 + 0.5, 1e-9);
    scene_near(why->sum, 6.5 + 6.75 + 7, 1e-9);
    why_free(why);
}

static void the_program_says_why(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {process: poisson, rate: 0.7/s}\n"
                         "tasks: {size: {distribution: pareto, alpha: 1.6, low: 300ms}}\n"
                         "sweep: {parameter: arrivals.rate, from: 0.1/s, to: 0.7/s, steps: 3}\n"
                         "run: {tasks: 20k, replications: 2}\n");
    assert_status("why s.yaml -o o", 0);
    assert_says("stdout", "is waiting behind large tasks: split these");
    assert_says("stdout", "Where they waited most:");
    assert_says("stderr", "the sweep of arrivals.rate is left out");
    assert_says("o/why.csv",
                "stage,work,large,plain,held,idle,blocked,stopped,delay,latency\nmain,");
    assert_status("why s.yaml -o o --slowest 0%", 2);
    assert_status("why s.yaml -o o --set sweep.mode=drift --set run.duration=1h", 2);
    assert_says("stderr", "why is asked of one setting");
    assert_status("why s.yaml -o p --set run.tasks=5M --set run.replications=1 --quiet", 1);
    assert_says("stderr", "more than 4000000 visits");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up_to_the_latency),
        cmocka_unit_test(alike_none_is_large),
        cmocka_unit_test_setup_teardown(one_large_task_is_blamed, program_setup, program_teardown),
        cmocka_unit_test(by_hand_at_two_stages),
        cmocka_unit_test_setup_teardown(the_program_says_why, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
