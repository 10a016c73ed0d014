/* Differences: right where they are known, silent where there are none, and when they say nothing.
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

#include "../sim/result/difference.h"
#include "../sim/result/run.h"
#include "../sim/result/save.h"
#include "scene.h"
#include "setting.h"
#include "theory.h"

#define MMC                                                                                        \
    "arrivals.process", "poisson", "arrivals.rate", "2.4/s", "tasks.size.distribution",            \
        "exponential", "tasks.size.mean", "1s", "consumers.count", "3", "run.tasks", "10000"

/* On the engine that fits, which is the faster. */
static struct result *run_of(struct scenario *s)
{
    struct result *result = run_scenario(s, &(struct run_options){.engine = engine_for(s)});
    assert_non_null(result);
    free(s);
    return result;
}

/* Frees both. */
static void find(struct result *from, struct result *to, struct difference out[QUANTITIES])
{
    differences_find(from, to, 0, ALL_CLASSES, out);
    result_free(from);
    result_free(to);
}

static void a_known_difference_is_found(void **state)
{
    (void)state;
    struct result *three = run_of(scene(MMC, "run.tasks", "20000", NULL));
    struct result *four = run_of(scene(MMC, "run.tasks", "20000", "consumers.count", "4", NULL));
    const struct row *a = result_row(three, 0, 0), *b = result_row(four, 0, 0);
    struct difference d[QUANTITIES];
    differences_find(three, four, 0, ALL_CLASSES, d);
    static const char *const measures[] = {"mean_response", "resp_p50", "resp_p90", "resp_p99"};
    const enum quantity quantities[] = {QUANTITY_LATENCY_MEAN, QUANTITY_LATENCY_P50,
                                        QUANTITY_LATENCY_P90, QUANTITY_LATENCY_P99};
    for (size_t i = 0; i < 4; i++) {
        enum quantity q = quantities[i];
        double truth = theory_value("M/M/c", "lambda=2.4;mu=1;c=4", measures[i]) -
                       theory_value("M/M/c", "lambda=2.4;mu=1;c=3", measures[i]);
        double half = difference_half(&d[q], 0.95);
        scene_near(d[q].value, quantity_value(b, q) - quantity_value(a, q), 0);
        scene_near(d[q].value, truth, half);
        assert_true(half < 0.6 * fabs(truth));
        assert_true(half >= fabs(quantity_half(a, q) - quantity_half(b, q)));
        assert_int_equal(difference_claim(&d[q], q, 0.95), CLAIM_BETTER);
        assert_int_equal(difference_why(&d[q], 0.95), CLAIM_OPEN);
    }
    differences_find(four, three, 0, ALL_CLASSES, d);
    assert_int_equal(difference_claim(&d[QUANTITY_LATENCY_P50], QUANTITY_LATENCY_P50, 0.95),
                     CLAIM_WORSE);
    /* nothing can be lost */
    assert_int_equal(difference_claim(&d[QUANTITY_LOSS], QUANTITY_LOSS, 0.95), CLAIM_CANNOT_TELL);
    scene_near(difference_half(&d[QUANTITY_LOSS], 0.95), 0, 0);
    result_free(three);
    result_free(four);
}

#define LOSING "arrivals.rate", "0.9/s", "consumers.count", "1", "run.tasks", "2500"

/* One more place: fewer are lost, and more come through. */
static void of_losses_and_throughput_too(void **state)
{
    (void)state;
    struct difference d[QUANTITIES];
    find(run_of(scene(MMC, LOSING, "buffer.capacity", "4", NULL)),
         run_of(scene(MMC, LOSING, "buffer.capacity", "5", NULL)), d);
    double truth = theory_value("M/M/c/K", "lambda=0.9;mu=1;c=1;K=6", "loss_prob") -
                   theory_value("M/M/c/K", "lambda=0.9;mu=1;c=1;K=5", "loss_prob");
    scene_near(d[QUANTITY_LOSS].value, truth, difference_half(&d[QUANTITY_LOSS], 0.95));
    assert_int_equal(difference_claim(&d[QUANTITY_LOSS], QUANTITY_LOSS, 0.95), CLAIM_BETTER);
    assert_int_equal(difference_claim(&d[QUANTITY_THROUGHPUT], QUANTITY_THROUGHPUT, 0.95),
                     CLAIM_BETTER);
    assert_int_equal(difference_claim(&d[QUANTITY_WAIT_MEAN], QUANTITY_WAIT_MEAN, 0.95),
                     CLAIM_WORSE);
    /* Where nothing was lost by luck, that is worth no more than what luck could hide. */
    struct result *none = run_of(scene(MMC, LOSING, "buffer.capacity", "200", NULL));
    struct result *more = run_of(scene(MMC, LOSING, "buffer.capacity", "201", NULL));
    double open = quantity_half(result_row(none, 0, 0), QUANTITY_LOSS);
    assert_true(result_row(none, 0, 0)->lost == 0 && open > 0);
    find(none, more, d);
    assert_true(difference_half(&d[QUANTITY_LOSS], 0.95) >= 2 * open * (1 - 1e-9));
}

/* A system against itself on another seed: every claim is wrong, and 5 % are made. */
static void nothing_is_claimed_of_luck(void **state)
{
    (void)state;
    enum { PAIRS = 1000 };
    int claims[QUANTITIES] = {0}, all = 0;
    for (int i = 0; i < PAIRS; i++) {
        struct difference d[QUANTITIES];
        char seed[2][16];
        snprintf(seed[0], sizeof seed[0], "%d", 2 * i + 1);
        snprintf(seed[1], sizeof seed[1], "%d", 2 * i + 2);
        find(run_of(scene(MMC, LOSING, "buffer.capacity", "4", "seed", seed[0], NULL)),
             run_of(scene(MMC, LOSING, "buffer.capacity", "4", "seed", seed[1], NULL)), d);
        for (int q = 0; q < QUANTITIES; q++)
            claims[q] += difference_claim(&d[q], (enum quantity)q, 0.95) != CLAIM_CANNOT_TELL;
    }
    for (int q = 0; q < QUANTITIES; q++) {
        all += claims[q];
        /* each alone within three standard errors of 0.7 %, all together within the 5 % */
        if (claims[q] > PAIRS * 0.071)
            fail_msg("%s: %d of %d claims are luck", quantity_kinds[q].name, claims[q], PAIRS);
    }
    assert_in_range(all, 1, QUANTITIES * PAIRS / 20);
}

/* Of rates of 0.8 and 0.81 nothing can be told on seeds of their own, and all on the same. */
static void common_random_numbers_shrink_the_interval(void **state)
{
    (void)state;
    struct difference same[QUANTITIES], own[QUANTITIES];
#define BUSY MMC, "consumers.count", "1", "arrivals.rate"
    find(run_of(scene(BUSY, "0.8/s", NULL)), run_of(scene(BUSY, "0.81/s", NULL)), same);
    find(run_of(scene(BUSY, "0.8/s", NULL)), run_of(scene(BUSY, "0.81/s", "seed", "2", NULL)), own);
    const enum quantity mean = QUANTITY_LATENCY_MEAN, p99 = QUANTITY_LATENCY_P99;
    assert_true(difference_half(&own[mean], 0.95) > 4 * difference_half(&same[mean], 0.95));
    assert_true(difference_half(&own[p99], 0.95) > 3 * difference_half(&same[p99], 0.95));
    assert_int_equal(difference_claim(&same[mean], mean, 0.95), CLAIM_WORSE);
    assert_int_equal(difference_claim(&own[mean], mean, 0.95), CLAIM_CANNOT_TELL);
    assert_int_equal(difference_why(&own[mean], 0.95), NO_CLAIM_ZERO);
    /* Student's t with 7 degrees: 2.365 at 95 %, 3.499 at 99 % */
    scene_near(difference_half(&same[mean], 0.99) / difference_half(&same[mean], 0.95),
               3.4995 / 2.3646, 1e-3);
    /* the same tasks in the same system */
    find(run_of(scene(MMC, NULL)), run_of(scene(MMC, NULL)), same);
    scene_near(same[mean].value, 0, 0);
    scene_near(difference_half(&same[mean], 0.95), 0, 0);
    assert_int_equal(difference_claim(&same[mean], mean, 0.95), CLAIM_CANNOT_TELL);
}

static void assert_silent(struct result *from, struct result *to, enum no_claim why)
{
    struct difference d[QUANTITIES];
    find(from, to, d);
    for (int q = 0; q < QUANTITIES; q++) {
        if (q == QUANTITY_THROUGHPUT && why == NO_CLAIM_NO_INTERVAL)
            continue;
        assert_int_equal(difference_why(&d[q], 0.95), why);
        assert_int_equal(difference_claim(&d[q], (enum quantity)q, 0.95), CLAIM_CANNOT_TELL);
        assert_true(isnan(difference_half(&d[q], 0.95)));
    }
}

static const char trace[] = "arrival_s,service_s\n1,1\n2,1\n3,2\n4,1\n5,1\n6,3\n";

static void no_claim_where_it_would_lie(void **state)
{
    (void)state;
    assert_silent(run_of(scene(MMC, "consumers.count", "2", NULL)), run_of(scene(MMC, NULL)),
                  NO_CLAIM_UNSTABLE);
    assert_silent(run_of(scene(MMC, NULL)), run_of(scene(MMC, "consumers.count", "2", NULL)),
                  NO_CLAIM_UNSTABLE);
    assert_silent(run_of(scene(MMC, "run.replications", "3", NULL)),
                  run_of(scene(MMC, "run.replications", "3", "consumers.count", "4", NULL)),
                  NO_CLAIM_FEW);
    assert_silent(run_of(scene(MMC, "run.replications", "1", NULL)),
                  run_of(scene(MMC, "run.replications", "1", "consumers.count", "4", NULL)),
                  NO_CLAIM_FEW);
    assert_silent(run_of(scene(MMC, "run.replications", "6", NULL)), run_of(scene(MMC, NULL)),
                  NO_CLAIM_UNPAIRED);
    const char *file = setting_file("t.csv", trace, sizeof trace - 1);
    assert_silent(run_of(scene("arrivals.process", "trace", "arrivals.file", file, NULL)),
                  run_of(scene("arrivals.process", "trace", "arrivals.file", file,
                               "consumers.count", "2", NULL)),
                  NO_CLAIM_RECORDED);
    /* a run so short that a busy queue has no interval */
    struct difference d[QUANTITIES];
    find(run_of(scene(MMC, "arrivals.rate", "2.95/s", NULL)), run_of(scene(MMC, NULL)), d);
    assert_int_equal(d[QUANTITY_LATENCY_P99].why, NO_CLAIM_NO_INTERVAL);
    assert_true(d[QUANTITY_LATENCY_MEAN].value < 0); /* the figures are what they are */
}

/* A drift that ends where nothing is stable is a question of its own, and has an answer. */
static void drifts_are_compared_slice_by_slice(void **state)
{
    (void)state;
#define DRIFT                                                                                      \
    MMC, "sweep.parameter", "tasks.size.mean", "sweep.from", "500ms", "sweep.to", "1500ms",        \
        "sweep.steps", "4", "sweep.mode", "drift", "run.duration", "4000s"
    struct result *three = run_of(scene(DRIFT, NULL));
    struct result *four = run_of(scene(DRIFT, "consumers.count", "4", NULL));
    struct difference d[QUANTITIES];
    differences_find(three, four, 3, ALL_CLASSES, d);
    assert_int_equal(difference_claim(&d[QUANTITY_LATENCY_MEAN], QUANTITY_LATENCY_MEAN, 0.95),
                     CLAIM_BETTER);
    result_free(three);
    result_free(four);
}

#define CLASSES                                                                                    \
    "tasks.classes.0.name", "gold", "tasks.classes.0.share", "0.25", "tasks.classes.0.priority",   \
        "0", "tasks.classes.1.name", "rest", "tasks.classes.1.share", "0.75",                      \
        "tasks.classes.1.priority", "1"

/* What is better for one class and worse for another is said of each; a panel without classes is
 * compared as a whole. */
static void classes_are_told_apart(void **state)
{
    (void)state;
    struct result *fifo = run_of(scene(MMC, CLASSES, NULL));
    struct result *first = run_of(scene(MMC, CLASSES, "consumers.discipline", "priority", NULL));
    struct difference gold[QUANTITIES], rest[QUANTITIES];
    differences_find(fifo, first, 0, 0, gold);
    differences_find(fifo, first, 0, 1, rest);
    const enum quantity wait = QUANTITY_WAIT_MEAN;
    assert_int_equal(difference_claim(&gold[wait], wait, 0.95), CLAIM_BETTER);
    assert_int_equal(difference_claim(&rest[wait], wait, 0.95), CLAIM_WORSE);
    struct result *plain = run_of(scene(MMC, NULL));
    const struct result *const some[] = {fifo, first, plain};
    const char *const names[] = {"fifo", "priority", "a, \"plain\" one"};
    size_t size, lines = 0;
    char *text = save_differences_text(some, 3, names, &size);
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 1 + QUANTITIES * (3 + 1 + 1));
    assert_non_null(strstr(text, "\npriority,fifo,main,gold,,,wait_mean,-"));
    assert_non_null(strstr(text, "\n\"a, \"\"plain\"\" one\",fifo,main,all,,,latency_mean,"));
    free(text);
    result_free(fifo);
    result_free(first);
    result_free(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_difference_is_found),
        cmocka_unit_test(of_losses_and_throughput_too),
        cmocka_unit_test(nothing_is_claimed_of_luck),
        cmocka_unit_test(common_random_numbers_shrink_the_interval),
        cmocka_unit_test(no_claim_where_it_would_lie),
        cmocka_unit_test(drifts_are_compared_slice_by_slice),
        cmocka_unit_test(classes_are_told_apart),
    };
    return cmocka_run_group_tests_name("difference", tests, NULL, setting_tear_down);
}
