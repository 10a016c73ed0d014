/* Storms: does a system come back from what hits it, over loads and sizes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/answer/storm.h"
#include "program.h"
#include "scene.h"

/* A server of 100 requests a second; after 60 s nothing for 5 s. */
#define SERVER                                                                                     \
    "arrivals: {process: poisson, rate: 40/s}\n"                                                   \
    "tasks: {size: {distribution: exponential, mean: 10ms}}\n"                                     \
    "outages: [{at: 60s, for: 5s, effect: pause}]\nrun: {duration: 300s, replications: 8}\n"
#define RETRIES(more)                                                                              \
    "client: {timeout: 100ms, retry: {on: [timeout], max_attempts: 3, backoff: {initial: 1s}" more \
    "}}\n"

/* The n-th figure of the row of a load and a size ("" : nothing hits it) of storm.csv. */
static double figure(const char *load, const char *size, int n)
{
    const char *row = internf("\n%s,%s,", load, size), *at = strstr(file_text("o/storm.csv"), row);
    assert_non_null(at);
    for (at += strlen(row); n > 0; n--)
        at = strchr(at, ',') + 1;
    return atof(at);
}
enum { OF, DOWN, SHARE, LOW, HIGH, MONOTONE, ANSWERED, UTILIZATION };

/* Slow back-off, three attempts: above a third of what it can do a storm feeds itself, and with a
 * budget of retries it does not (field values of an independent simulation: at .30 0 of 64, at .35
 * 64 of 64; with 10 % 0 of 64). */
static void a_storm_feeds_itself_above_a_third(void **state)
{
    (void)state;
    file_write("s.yaml", SERVER RETRIES(""));
    assert_status("storm s.yaml -o o --load arrivals.rate=30/s,35/s --trigger outages.0.for=5s", 0);
    assert_true(figure("30", "5", OF) == 8);
    assert_true(figure("30", "5", DOWN) == 0 && figure("35", "5", DOWN) == 8);
    assert_true(figure("30", "", DOWN) == 0 && figure("35", "", DOWN) == 0);
    scene_near(figure("35", "5", UTILIZATION), 0.35, 1e-9);
    scene_near(figure("30", "5", HIGH), 1 - pow(0.025, 1.0 / 8), 1e-6);
    scene_near(figure("35", "5", LOW), pow(0.025, 1.0 / 8), 1e-6);
    assert_true(figure("30", "5", LOW) == 0 && figure("35", "5", HIGH) == 1);
    assert_true(figure("35", "5", ANSWERED) < 0.1 && figure("35", "", ANSWERED) > 0.99);
    assert_says("stdout", "as much work as 3 attempts");
    assert_says("stdout", "Up to arrivals.rate = 30 /s it came back every time");
    assert_true(file_size("o/storm.png") > 10000);
    assert_status("storm s.yaml -o o -j 1 --set client.retry.budget.ratio=10% "
                  "--load arrivals.rate=45/s --trigger outages.0.for=5s",
                  0);
    assert_true(figure("45", "5", DOWN) == 0);
    assert_says("stdout", "1.1 attempts");
    assert_says("stdout", "came back every time, from everything");
}

/* Without retries nothing keeps itself down. The burst is twice the traffic. */
static void without_retries_it_comes_back(void **state)
{
    (void)state;
    file_write("s.yaml", "arrivals: {process: poisson, rate: 40/s, "
                         "trigger: {at: 60s, for: 5s, factor: 2}}\n"
                         "tasks: {size: {distribution: exponential, mean: 10ms}}\n"
                         "client: {timeout: 1s}\npicture: {objective: 800ms}\n"
                         "run: {duration: 300s, replications: 4}\n");
    assert_status("storm s.yaml -o o --load arrivals.rate=40/s..80/s --trigger "
                  "arrivals.trigger.for=2s..20s",
                  0);
    static const char *const loads[] = {"40", "60", "80"};
    static const char *const sizes[] = {"", "2", "20"};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++)
            assert_true(figure(loads[i], sizes[k], DOWN) == 0);
    assert_says("stdout", "9 loads x 6 sizes");
    assert_says("stdout", "are answered in time");
}

/* Of made-up cells: pooled until they grow, and where that is no chance it is said. */
static void more_is_never_better(void **state)
{
    (void)state;
    static struct storm storm;
    struct scenario *s = scene_text(SERVER RETRIES(""), "");
    storm = (struct storm){.s = *s, .n_loads = 3, .n_triggers = 1};
    const double utilization[] = {0.1, 0.3, 0.5};
    memcpy(storm.utilization, utilization, sizeof utilization);
    scene_near(storm_place(&storm, 1 / 3.0), 1 + 1 / 6.0, 1e-12);
    assert_true(isnan(storm_place(&storm, 0.6)));
    storm.cell[0][0].fit = 0;
    storm.cell[0][1].fit = 0.25;
    storm.cell[0][2].fit = 1;
    scene_near(storm_edge(&storm, 0), 1 + 1 / 3.0, 1e-12);
    /* 0, 6, 2 and 8 of 8 become 0, 4, 4, 8: by chance; 8 and 0 do not */
    const uint32_t down[][4] = {{0, 6, 2, 8}, {0, 8, 0, 8}};
    storm.n_loads = 1;
    storm.n_triggers = 4;
    for (int odd = 0; odd < 2; odd++) {
        for (int i = 0; i < 4; i++)
            storm.cell[i][0] = (struct storm_cell){.n = 8, .down = down[odd][i]};
        storm_fit(&storm);
        assert_true(storm.bumpy == odd);
        for (int i = 0; i < 4; i++)
            scene_near(storm.cell[i][0].fit, i == 0 ? 0 : i == 3 ? 1 : 0.5, 1e-12);
    }
    scene_near(storm.cell[0][0].high, 0.3694, 1e-4); /* Clopper and Pearson, 0 of 8 */
    const struct storm_trigger trigger = storm_trigger_of(s);
    assert_string_equal(trigger.path, "outages.0.for");
    assert_string_equal(trigger.when, "outages.0.at");
    assert_null(storm_trigger_at(s, "client.timeout").when); /* it hits at no time */
    free(s);
    /* Of two outages one has a time: it is that which is put off. */
    s = scene_text("arrivals: {rate: 1/s}\ntasks: {size: 1ms}\noutages: [{every: 10s, for: 1s, "
                   "effect: pause}, {at: 50s, for: 2s, effect: slow, speed: 50%}]\n",
                   "");
    assert_string_equal(storm_trigger_of(s).path, "outages.1.for");
    assert_string_equal(storm_trigger_of(s).when, "outages.1.at");
    assert_string_equal(storm_trigger_at(s, "outages.1.speed").when, "outages.1.at");
    assert_null(storm_trigger_at(s, "outages.0.for").when);
    free(s);
}

/* In a network whoever is hit is named, and the traffic is that of its source. */
static void of_a_network(void **state)
{
    (void)state;
    file_write("n.yaml",
               "sources:\n  web: {rate: 40/s, client: {timeout: 100ms, retry: {max_attempts: 3, "
               "backoff: {initial: 1s}}}}\n"
               "stages:\n  front: {size: 1ms, to: back}\n"
               "  back: {size: {distribution: exponential, mean: 10ms}, outages: [{at: 40s, for: "
               "5s, effect: pause}]}\nrun: {duration: 200s, replications: 4}\n");
    assert_status("storm n.yaml -o o --load sources.web.rate=25/s,38/s --trigger "
                  "stages.back.outages.0.for=1s,5s",
                  0);
    assert_true(figure("25", "5", DOWN) == 0 && figure("38", "5", DOWN) == 4);
    assert_true(figure("38", "", DOWN) == 0);
    assert_status("storm n.yaml -o p -q --set run.replications=2 --set run.duration=80s", 0);
    assert_status("storm n.yaml -o q -q --set run.replications=2 --set run.duration=80s -j 1", 0);
    assert_true(files_equal("p/storm.csv", "q/storm.csv"));
    assert_true(files_equal("p/storm.png", "q/storm.png"));
}

static void what_cannot_be_asked(void **state)
{
    (void)state;
    static const struct {
        const char *options, *words;
    } cases[] = {
        {"--set outages.0.at=none --set 'outages.0.every=10s'", "nothing hits it at a time"},
        {"--set run.duration=none --set run.tasks=1000", "how long has it to come back?"},
        {"--set run.duration=70s", "run longer (run.duration)"},
        {"--load arrivals.rate=5/s..1/s", "the range is empty"},
        {"--load arrivals.rate=5/s,1/s", "values grow"},
        {"--load arrivals.rat=5/s", "did you mean 'rate'?"},
        {"--load arrivals.process", "is not a number"},
        {"--load arrivals.rate=-1/s", "out of range"},
        {"--trigger outages.0.for=1s..x", "'x'"},
        {"--trigger outages.0.for=1s,400s", "is over at 7.67 min"},
    };
    file_write("s.yaml", SERVER RETRIES(""));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_status(internf("storm s.yaml -o p %s", cases[i].options), 2);
        assert_says("stderr", cases[i].words);
        assert_false(file_exists("p/storm.csv"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_storm_feeds_itself_above_a_third, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(without_retries_it_comes_back, program_setup,
                                        program_teardown),
        cmocka_unit_test(more_is_never_better),
        cmocka_unit_test_setup_teardown(of_a_network, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_asked, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
