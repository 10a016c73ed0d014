/* M^X/M/c: batches to several consumers, against simpler systems and the chain itself. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/scenario/process.h"
#include "../sim/theory/bulk.h"
#include "../sim/theory/erlang.h"
#include "../sim/theory/single.h"
#include "../sim/theory/theory.h"
#include "scene.h"

static struct scenario *batches(const char *law)
{
    return scene_text(internf("arrivals: {process: batch, rate: 1/s, batch: {%s}}\n"
                              "tasks: {size: {distribution: exponential, mean: 1s}}\n",
                              law),
                      "");
}

static struct law law_of(const struct scenario *s)
{
    const struct arrival_process *p = (const struct arrival_process *)s->arrivals.process;
    const struct process_view view = {.params = s->arrivals.params, .rate = 1};
    return *p->batch(&view);
}

static void one_at_a_time_it_is_a_plain_queue(void **state)
{
    (void)state;
    struct scenario *s = batches("distribution: deterministic, value: 1");
    const struct law law = law_of(s);
    for (int c = 1; c <= 40; c = 3 * c + 1) {
        const struct mmc m = {0.8 * c, 1, c};
        struct delays d = bulk_delays(m.lambda, &law, 1, c);
        scene_near(d.wait, mmc_wait(&m), 1e-10 * d.wait);
        scene_near(d.probability, erlang_c(m.c, m.lambda), 1e-10);
    }
    free(s);
}

static void with_one_consumer_it_is_burkes(void **state)
{
    (void)state;
    struct scenario *s = batches("distribution: geometric, mean: 4");
    const struct law law = law_of(s);
    const double lambda = 0.2, mean = 4, second = mean * (2 * mean - 1);
    struct delays d = bulk_delays(lambda, &law, 1, 1);
    scene_near(d.wait, batch_wait(lambda * mean, 1, 2, second / mean), 1e-10 * d.wait);
    scene_near(d.probability, 1 - (1 - lambda * mean) / mean, 1e-12);
    free(s);
}

/* The balance of every state, over and over. */
static void chain(double lambda, int size, int c, struct delays *out)
{
    enum { STATES = 200 };
    static double p[STATES];
    double sum = 0, waiting = 0, at_once = 0;
    for (int n = 0; n < STATES; n++)
        p[n] = 1.0 / STATES;
    for (int sweep = 0; sweep < 3000; sweep++)
        for (int n = STATES; n-- > 0;) {
            double in = n >= size ? lambda * p[n - size] : 0;
            if (n + 1 < STATES)
                in += fmin(n + 1, c) * p[n + 1];
            p[n] = in / ((n + size < STATES ? lambda : 0) + fmin(n, c));
        }
    for (int n = 0; n < STATES; n++) {
        sum += p[n];
        waiting += p[n] * fmax(0, n - c);
        at_once += p[n] * fmin(fmax(0, c - n), size) / size;
    }
    *out = (struct delays){1 - at_once / sum, waiting / sum / (lambda * size)};
}

static void as_its_chain_has_it(void **state)
{
    (void)state;
    static const struct {
        double lambda;
        int size, c;
    } cases[] = {{0.5, 3, 2}, {1, 2, 3}, {0.3, 7, 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scenario *s =
            batches(internf("distribution: deterministic, value: %d", cases[i].size));
        const struct law law = law_of(s);
        struct delays d = bulk_delays(cases[i].lambda, &law, 1, cases[i].c), exact;
        chain(cases[i].lambda, cases[i].size, cases[i].c, &exact);
        scene_near(d.wait, exact.wait, 1e-6 * d.wait);
        scene_near(d.probability, exact.probability, 1e-6);
        free(s);
    }
}

/* What is nothing like it is not said in its place: alone, in a network, and mixed with others. */
static void nothing_else_is_said(void **state)
{
    (void)state;
    struct theory t;
    struct scenario *s = scene_text(
        "arrivals: {process: batch, rate: 1/s, batch: {distribution: geometric, mean: 4}}\n"
        "tasks: {size: {distribution: gamma, mean: 400ms, shape: 2}}\nconsumers: {count: 3}\n",
        "");
    theory_of(s, &t);
    assert_null(t.model);
    assert_non_null(t.why);
    free(s);
    s = scene_text("sources:\n  a: {process: batch, rate: 1/s, batch: {distribution: geometric, "
                   "mean: 4}, to: x}\n  b: {rate: 1/s, to: x}\n"
                   "stages:\n  x: {size: {distribution: exponential, mean: 400ms}, consumers: "
                   "{count: 3}, to: y}\n  y: {size: {distribution: exponential, mean: 10ms}}\n",
                   "");
    theory_at(s, NULL, 0, &t);
    for (size_t i = 0; i < t.n; i++)
        assert_false(t.figure[i].measure == THEORY_WAIT_MEAN);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_at_a_time_it_is_a_plain_queue),
                                       cmocka_unit_test(with_one_consumer_it_is_burkes),
                                       cmocka_unit_test(as_its_chain_has_it),
                                       cmocka_unit_test(nothing_else_is_said)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
