/*
 * Weights. The discipline weighted: whoever is free draws among the buffers, or the classes, of
 * which a task waits (chains of weighted queues solved elsewhere). Processor sharing: shares in
 * proportion.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "fates.h"
#include "scene.h"

static struct result *run_text(const char *text)
{
    struct scenario *s = scene_text(text, "run: {tasks: 250k, replications: 4}\n");
    struct result *result = scene_run(s, 1);
    free(s);
    return result;
}

static const struct row *class_row(const struct result *result, uint32_t class)
{
    return result_place_row(result, 0, 0, class);
}

#define SHARED(rate, consumers, first, second)                                                     \
    "sources:\n"                                                                                   \
    "  a: {process: poisson, rate: " #rate "/s, to: a}\n"                                          \
    "  b: {process: poisson, rate: " #rate "/s, to: b}\n"                                          \
    "tasks: {size: {distribution: exponential, mean: 1s}}\n"                                       \
    "stages:\n"                                                                                    \
    "  a: {consumers: {count: " #consumers ", discipline: weighted}, weight: " #first "}\n"        \
    "  b: {consumers: a, weight: " #second "}\n"

static const struct {
    const char *text;
    double first, second, share; /* share: some four standard errors */
} known[] = {
    {SHARED(0.35, 1, 2, 1), 1.743054033063, 2.923612627029, 0.04},
    {SHARED(0.6, 2, 3, 2), 0.5005101195942, 0.6244898804044, 0.025},
    {SHARED(0.6, 2, 1.5, 1), 0.5005101195942, 0.6244898804044, 0.025},
};

static void buffers_are_drawn_by_the_weights_of_stages(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct result *result = run_text(known[i].text);
        scene_near(scene_row(result, 0, "a")->wait_mean / known[i].first, 1, known[i].share);
        scene_near(scene_row(result, 0, "b")->wait_mean / known[i].second, 1, known[i].share);
        result_free(result);
    }
}

/* One buffer with two classes is the same. */
static void classes_are_drawn_by_their_weights(void **state)
{
    (void)state;
    struct result *result =
        run_text("arrivals: {process: poisson, rate: 1.2/s}\n"
                 "tasks:\n"
                 "  size: {distribution: exponential, mean: 1s}\n"
                 "  classes: [{name: a, share: 50%, weight: 3}, {name: b, share: 50%, weight: 2}]\n"
                 "consumers: {count: 2, discipline: weighted}\n");
    scene_near(class_row(result, 0)->wait_mean / known[1].first, 1, known[1].share);
    scene_near(class_row(result, 1)->wait_mean / known[1].second, 1, known[1].share);
    result_free(result);
}

/* A weight that is next to nothing is strict priority (Cobham 1954), and none at all is half and
 * half. */
static void weights_go_from_none_to_strict(void **state)
{
    (void)state;
    struct result *strict = run_text(SHARED(0.35, 1, 1000000, 0.000001)),
                  *even = run_text(SHARED(0.35, 1, 1, 1));
    const double w0 = 0.7 / (1 - 0.35);
    scene_near(scene_row(strict, 0, "a")->wait_mean / w0, 1, 0.03);
    scene_near(scene_row(strict, 0, "b")->wait_mean / (w0 / (1 - 0.7)), 1, 0.06);
    scene_near(scene_row(even, 0, "a")->wait_mean / (0.7 / (1 - 0.7)), 1, 0.05);
    scene_near(scene_row(even, 0, "b")->wait_mean / (0.7 / (1 - 0.7)), 1, 0.05);
    result_free(strict);
    result_free(even);
}

/* Of 9 to 1 one in ten goes to the other, while both wait. */
static void each_has_its_share_of_the_turns(void **state)
{
    (void)state;
    struct story s = fates_of("sources:\n"
                              "  a: {process: renewal, interarrival: {distribution: deterministic, "
                              "value: 100ms}, to: a}\n"
                              "  b: {process: renewal, interarrival: {distribution: deterministic, "
                              "value: 100ms}, to: b}\n"
                              "tasks: {size: 200ms}\n"
                              "stages:\n"
                              "  a: {consumers: {discipline: weighted}, weight: 9}\n"
                              "  b: {consumers: a}\n",
                              4000);
    double begun[2] = {0, 0}, last[2] = {0, 0};
    for (size_t i = 0; i < s.n_visits; i++) {
        const struct visit_record *v = &s.visits[i];
        if (!(v->start < 400)) /* both wait until then, at least */
            continue;
        assert_true(v->start > last[v->stage]); /* first come, first served, inside */
        last[v->stage] = v->start;
        begun[v->stage]++;
    }
    scene_near(begun[0] + begun[1], 2000, 2);
    scene_near(begun[1] / 2000, 0.1, 0.025);
    story_free(&s);
}

/* Discriminatory processor sharing (Fayolle, Mitrani and Iasnogorodski, JACM 27, 1980): the mean
 * responses of two classes with exponential sizes are solutions of two linear equations. */
static void responses_of(const double *rate, const double *mu, const double *weight, double *mean)
{
    /* T_i (1 - sum over j of w_j rate_j / (w_j mu_j + w_i mu_i)) - sum over j of w_j rate_j T_j /
     * (w_j mu_j + w_i mu_i) = 1 / mu_i */
    double a[2][2], b[2];
    for (int i = 0; i < 2; i++) {
        double own = 1;
        for (int j = 0; j < 2; j++) {
            const double part = weight[j] * rate[j] / (weight[j] * mu[j] + weight[i] * mu[i]);
            own -= part;
            a[i][j] = -part;
        }
        a[i][i] += own;
        b[i] = 1 / mu[i];
    }
    const double det = a[0][0] * a[1][1] - a[0][1] * a[1][0];
    mean[0] = (b[0] * a[1][1] - b[1] * a[0][1]) / det;
    mean[1] = (b[1] * a[0][0] - b[0] * a[1][0]) / det;
}

static void shares_are_in_proportion_to_weights(void **state)
{
    (void)state;
    static const struct {
        double rate[2], mu[2], weight[2];
    } of[] = {{{0.3, 0.3}, {1, 1}, {3, 1}}, {{0.2, 0.9}, {1, 2}, {1, 10}}};
    double mean[2];
    responses_of(of[0].rate, of[0].mu, of[0].weight, mean);
    scene_near(mean[0], 1.964285714286, 1e-9);
    scene_near(mean[1], 3.035714285714, 1e-9);
    for (int i = 0; i < 2; i++) {
        struct result *result = run_text(
            internf("sources:\n"
                    "  a: {process: poisson, rate: %g/s, class: a}\n"
                    "  b: {process: poisson, rate: %g/s, class: b}\n"
                    "tasks:\n"
                    "  classes:\n"
                    "    - {name: a, weight: %g, size: {distribution: exponential, mean: %gs}}\n"
                    "    - {name: b, weight: %g, size: {distribution: exponential, mean: %gs}}\n"
                    "stages: {x: {consumers: {discipline: processor-sharing}}}\n",
                    of[i].rate[0], of[i].rate[1], of[i].weight[0], 1 / of[i].mu[0], of[i].weight[1],
                    1 / of[i].mu[1]));
        responses_of(of[i].rate, of[i].mu, of[i].weight, mean);
        scene_near(class_row(result, 0)->latency_mean / mean[0], 1, 0.03);
        scene_near(class_row(result, 1)->latency_mean / mean[1], 1, 0.03);
        result_free(result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffers_are_drawn_by_the_weights_of_stages),
        cmocka_unit_test(classes_are_drawn_by_their_weights),
        cmocka_unit_test(weights_go_from_none_to_strict),
        cmocka_unit_test(each_has_its_share_of_the_turns),
        cmocka_unit_test(shares_are_in_proportion_to_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
