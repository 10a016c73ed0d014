/* How long a queue takes to forget: against exact values, and where it is not known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/engine/relaxation.h"
#include "scene.h"
#include "setting.h"

#define MM1 "arrivals.process", "poisson", "tasks.size.distribution", "exponential"

static double relaxation(struct scenario *s)
{
    double tasks = relaxation_tasks(s);
    free(s);
    return tasks;
}

/* M/M/c: rho / (1 - sqrt rho)^2 tasks (Blanc and van Doorn 1984); the limit is within 10 % at 0.9.
 */
static void as_exact_in_heavy_traffic(void **state)
{
    (void)state;
    const char *busy[] = {"0.9", "0.95", "0.99"};
    for (int i = 0; i < 3; i++) {
        double rho = atof(busy[i]), exact = rho / pow(1 - sqrt(rho), 2);
        double tasks =
            relaxation(scene(MM1, "tasks.size.mean", busy[i], "arrivals.rate", "1/s", NULL));
        scene_near(tasks, 4 * rho / pow(1 - rho, 2), 1e-9 * tasks);
        scene_near(tasks / exact, 1, (1 - rho) * 1.1);
        /* as many consumers as you like: in tasks it is the same */
        scene_near(relaxation(scene(MM1, "tasks.size.mean", "1s", "arrivals.utilization", busy[i],
                                    "consumers.count", "5", NULL)),
                   tasks, 1e-9 * tasks);
    }
}

static void grows_with_variation(void **state)
{
    (void)state;
    double poisson = relaxation(scene("arrivals.utilization", "0.9", "tasks.size.distribution",
                                      "deterministic", "tasks.size.value", "1s", NULL));
    scene_near(poisson, 180, 1e-9);
    double erlang = relaxation(
        scene("arrivals.process", "renewal", "arrivals.interarrival.distribution", "erlang",
              "arrivals.interarrival.shape", "4", "arrivals.utilization", "0.9",
              "tasks.size.distribution", "deterministic", "tasks.size.value", "1s", NULL));
    scene_near(erlang, 45, 1e-9);
    /* geometric batches of mean 3: E[B^2] / E[B] = 2 * 3 - 1 */
    double batches = relaxation(scene("arrivals.process", "batch", "arrivals.batch.distribution",
                                      "geometric", "arrivals.batch.mean", "3",
                                      "arrivals.utilization", "0.9", "tasks.size.distribution",
                                      "deterministic", "tasks.size.value", "1s", NULL));
    scene_near(batches, 5 * 180, 1e-6);
    scene_near(relaxation(scene("arrivals.process", "renewal", "arrivals.interarrival.distribution",
                                "deterministic", "arrivals.interarrival.value", "1s",
                                "tasks.size.distribution", "deterministic", "tasks.size.value",
                                "900ms", NULL)),
               1, 0);
}

/* Two states: dispersion 1 + 2 pi0 pi1 (r0 - r1)^2 tau / lambda, tau = 1 / (1 / s0 + 1 / s1) the
 * relaxation time of the chain (Heffes and Lucantoni 1986, equation 8), which no room shortens. */
static void follows_modulation(void **state)
{
    (void)state;
#define BURSTS                                                                                     \
    "arrivals.process", "mmpp", "arrivals.states.0.rate", "10/s",                                  \
        "arrivals.states.0.mean_duration", "40s", "arrivals.states.1.rate", "50/s",                \
        "arrivals.states.1.mean_duration", "10s", "tasks.size.distribution", "exponential",        \
        "tasks.size.mean", "40ms"
    double lambda = 18, tau = 8, rho = 0.72;
    double v = 1 + 2 * 0.8 * 0.2 * 1600 * tau / lambda + 1;
    scene_near(relaxation(scene(BURSTS, NULL)), 2 * rho * v / pow(1 - rho, 2), 1e-6);
    scene_near(relaxation(scene(BURSTS, "buffer.capacity", "3", NULL)), lambda * tau, 1e-9);
}

/* A bounded room forgets sooner, and even when overloaded. */
static void bounded_rooms(void **state)
{
    (void)state;
    double open = relaxation(scene(MM1, "tasks.size.mean", "1s", "arrivals.rate", "0.99/s", NULL));
    double wide = relaxation(scene(MM1, "tasks.size.mean", "1s", "arrivals.rate", "0.99/s",
                                   "buffer.capacity", "100000", NULL));
    double narrow = relaxation(
        scene(MM1, "tasks.size.mean", "1s", "arrivals.rate", "1/s", "buffer.capacity", "9", NULL));
    scene_near(wide / open, 1, 1e-3);
    scene_near(narrow, 100 / (M_PI * M_PI), 1e-9);
}

static void unknown(void **state)
{
    (void)state;
    assert_true(isnan(relaxation(
        scene(MM1, "tasks.size.mean", "1100ms", "arrivals.rate", "1/s", NULL)))); /* unstable */
    assert_true(isnan(
        relaxation(scene(MM1, "tasks.size.mean", "500ms", "arrivals.rate", "1/s", "buffer.capacity",
                         "2", "buffer.when_full", "pause", "buffer.resume_delay", "1ms", NULL))));
    assert_true(
        isnan(relaxation(scene("arrivals.process", "schedule", "arrivals.schedule.0.until", "1s",
                               "arrivals.schedule.0.rate", "2/s", "tasks.size.distribution",
                               "exponential", "tasks.size.mean", "100ms", NULL))));
    assert_true(
        isinf(relaxation(scene("arrivals.utilization", "0.5", "tasks.size.distribution", "pareto",
                               "tasks.size.alpha", "1.9", "tasks.size.low", "1s", NULL))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_exact_in_heavy_traffic),
        cmocka_unit_test(grows_with_variation),
        cmocka_unit_test(follows_modulation),
        cmocka_unit_test(bounded_rooms),
        cmocka_unit_test(unknown),
    };
    return cmocka_run_group_tests_name("relaxation", tests, NULL, setting_tear_down);
}
