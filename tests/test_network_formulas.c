/* Formulas of networks (sim/theory) against every value of the oracle files that they can say, and
 * against each other where two of them meet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/theory/erlang.h"
#include "../sim/theory/fork.h"
#include "../sim/theory/line.h"
#include "../sim/theory/many.h"
#include "../sim/theory/parallel.h"
#include "../sim/theory/passage.h"
#include "../sim/theory/product.h"
#include "given.h"
#include "oracle.h"
#include "theory.h"

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static double otherwise(double value, double fallback)
{
    return isnan(value) ? fallback : value;
}

/* The number at the end of a measure, "throughput_class2"; 0: none. */
static size_t of_measure(const char *measure, const char *before)
{
    size_t n = strlen(before);
    return strncmp(measure, before, n) == 0 ? strtoul(measure + n, NULL, 10) : 0;
}

/* ---- closed ---- */

static double closed_value(const struct product *network, const char *measure)
{
    struct product_means m;
    if (!product_solve(network, &m))
        return NAN;
    size_t i;
    if (is(measure, "throughput"))
        return m.cycles[0];
    if ((i = of_measure(measure, "throughput_class")))
        return m.cycles[i - 1];
    if ((i = of_measure(measure, "mean_response_class"))) {
        double sum = 0;
        for (size_t j = 0; j < network->stations; j++)
            sum += m.residence[j][i - 1];
        return sum;
    }
    if ((i = of_measure(measure, "mean_response_station")))
        return m.residence[i - 1][0];
    if (is(measure, "mean_response"))
        return m.residence[0][0];
    if ((i = of_measure(measure, "utilization_station")))
        return m.busy[i - 1] / network->station[i - 1].consumers;
    if ((i = of_measure(measure, "mean_number_station"))) {
        double sum = 0;
        for (size_t r = 0; r < network->classes; r++)
            sum += m.number[i - 1][r];
        return sum;
    }
    return NAN;
}

static double multiclass(const char *params, const char *measure)
{
    static struct product network;
    memset(&network, 0, sizeof network);
    for (int r = 1; !isnan(givenf(params, "N%d", r)); r++) {
        network.classes = (size_t)r;
        network.clients[r - 1] = (int)givenf(params, "N%d", r);
        network.think[r - 1] = givenf(params, "Z%d", r);
        for (int j = 1; !isnan(givenf(params, "s%d%d", r, j)); j++) {
            network.stations = (size_t)j;
            network.station[j - 1].consumers = 1;
            network.station[j - 1].demand[r - 1] = givenf(params, "s%d%d", r, j);
        }
    }
    return closed_value(&network, measure);
}

static double machines(const char *params, const char *measure)
{
    static struct product network;
    memset(&network, 0, sizeof network);
    network.classes = network.stations = 1;
    network.clients[0] = (int)given(params, "N");
    network.think[0] = given(params, "mean_think");
    network.station[0].consumers = given(params, "c");
    network.station[0].demand[0] = 1 / given(params, "mu");
    double wait = closed_value(&network, "mean_response") - network.station[0].demand[0];
    return is(measure, "mean_wait") ? wait : closed_value(&network, measure);
}

static double cyclic(const char *params, const char *measure)
{
    static struct product network;
    memset(&network, 0, sizeof network);
    network.classes = 1;
    network.stations = 2;
    network.clients[0] = (int)given(params, "N");
    for (int j = 0; j < 2; j++)
        network.station[j] = (struct product_station){1, {1 / givenf(params, "mu%d", j + 1)}};
    return closed_value(&network, measure);
}

/* ---- lines ---- */

static double line_value(const char *model, const char *params, const char *measure)
{
    struct line line = {.lambda = strstr(model, "saturated") ? INFINITY : given(params, "lambda")};
    struct line_means m;
    line.n = (size_t)otherwise(given(params, "stations"), 2);
    for (int i = 0; i < (int)line.n; i++) {
        double room = otherwise(givenf(params, "B%d", i + 1) + 1, givenf(params, "K%d", i + 1));
        line.station[i] =
            (struct line_station){.mu = givenf(params, "mu%d", i + 1),
                                  .consumers = 1,
                                  .phases = (int)otherwise(given(params, "erlang_k"), 1),
                                  .room = otherwise(room, INFINITY),
                                  .before = strstr(model, "BBS") != NULL,
                                  .loses_next = is(model, "tandem-loss")};
    }
    if (!line_solve(&line, LINE_MOST, &m))
        return NAN;
    if (is(measure, "throughput"))
        return m.throughput;
    if (is(measure, "loss_prob"))
        return m.loss;
    size_t i;
    if ((i = of_measure(measure, "loss_prob_station")))
        return m.lost[i - 1];
    if ((i = of_measure(measure, "blocked_fraction_station")))
        return m.blocked[i - 1];
    if (is(measure, "mean_number_in_system"))
        return m.inside;
    return is(measure, "mean_response") ? m.response : NAN;
}

/* ---- side by side ---- */

static double side_by_side(const char *params, const char *measure)
{
    char policy[64];
    struct parallel p = {
        .lambda = given(params, "lambda"), .n = (int)given(params, "servers"), .consumers = 1};
    struct parallel_means m;
    double mu = given(params, "mu"), waits;
    bool response = is(measure, "mean_response");
    given_text(params, "policy", policy, sizeof policy);
    for (int i = 0; i < p.n && i < PARALLEL_STATIONS; i++)
        p.mu[i] = otherwise(mu, givenf(params, "mu%d", i + 1));
    p.drawn = (int)otherwise(given(params, "d"), p.n);
    if (is(policy, "random"))
        return response ? mmc_wait(&(struct mmc){p.lambda / p.n, mu, 1}) + 1 / mu : NAN;
    if (is(policy, "round_robin"))
        return response ? round_robin_wait(p.lambda, mu, p.n, 1, &waits) + 1 / mu : NAN;
    if (is(policy, "least_work")) /* one line for all (Foss 1980) */
        return response ? mmc_wait(&(struct mmc){p.lambda, mu, p.n}) + 1 / mu : NAN;
    p.rule = strncmp(policy, "join_idle", 9) == 0 ? PARALLEL_IDLE : PARALLEL_SHORTEST;
    if (!parallel_solve(&p, LINE_MOST, &m))
        return NAN;
    return response ? m.response : is(measure, "p_wait") ? m.probability : NAN;
}

static double forked(const char *model, const char *params)
{
    double lambda = given(params, "lambda"), mu = given(params, "mu");
    double two[3] = {otherwise(mu, given(params, "mu1")), otherwise(mu, given(params, "mu2")), mu};
    int k = (int)given(params, "k"), need = (int)given(params, "need");
    if (is(model, "fork-join-2"))
        return fork_two(lambda, two[0]);
    if (is(model, "fork-join-2-unequal"))
        return fork_chain(lambda, two, 2, LINE_MOST);
    if (is(model, "fork-join-3"))
        return fork_chain(lambda, two, 3, LINE_MOST);
    return is(model, "split-merge") ? split_merge(lambda, mu, k, need) : order_mean(k, need, mu);
}

static double many(const char *model, const char *params)
{
    double lambda = given(params, "lambda"), mu = given(params, "mu");
    int d = (int)given(params, "d"), n = (int)given(params, "servers");
    if (is(model, "power-of-d-limit"))
        return many_shortest_of(lambda, mu, d);
    return is(model, "redundancy-d") ? many_copies(lambda, mu, n, d)
                                     : many_copies_limit(lambda, mu, d);
}

static double tandem(const char *params, const char *measure)
{
    struct passage p = {.n = (size_t)given(params, "stations")};
    for (size_t i = 0; i < p.n; i++) {
        p.rate[i] = givenf(params, "mu%zu", i + 1) - given(params, "lambda");
        if (i + 1 < p.n)
            p.to[i][i + 1] = 1;
    }
    p.start[0] = 1;
    return is(measure, "mean_response") ? passage_mean(&p)
                                        : passage_quantile(&p, theory_p(measure));
}

static double value_of(const struct oracle *row)
{
    const char *model = row->model;
    if (is(model, "closed-multiclass"))
        return multiclass(row->params, row->measure);
    if (strstr(model, "/M/c//N"))
        return machines(row->params, row->measure);
    if (is(model, "closed-cyclic-2"))
        return cyclic(row->params, row->measure);
    if (strncmp(model, "tandem-B", 8) == 0 || is(model, "tandem-loss"))
        return line_value(model, row->params, row->measure);
    if (strncmp(model, "routing", 7) == 0)
        return side_by_side(row->params, row->measure);
    if (strncmp(model, "fork-join", 9) == 0 || is(model, "split-merge") ||
        is(model, "order-statistic"))
        return forked(model, row->params);
    if (is(model, "power-of-d-limit") || strncmp(model, "redundancy-d", 12) == 0)
        return many(model, row->params);
    return is(model, "jackson-tandem") ? tandem(row->params, row->measure) : NAN;
}

static size_t check_all(const char *folder)
{
    struct oracle *rows = malloc(ORACLE_ROWS * sizeof *rows);
    size_t n = oracle_read_from(folder, rows, ORACLE_ROWS), known = 0, off = 0;
    for (size_t i = 0; i < n; i++) {
        double value = value_of(&rows[i]);
        if (isnan(value))
            continue;
        known++;
        if (!(fabs(value - rows[i].value) <= rows[i].bound + 1e-12 * fabs(value))) {
            off++;
            print_error("%s:%d %s %s: %.13g, should be %.13g +- %.1g\n", rows[i].file, rows[i].line,
                        rows[i].model, rows[i].measure, value, rows[i].value, rows[i].bound);
        }
    }
    free(rows);
    assert_int_equal(off, 0);
    return known;
}

static void test_oracles(void **state)
{
    (void)state;
    size_t known = check_all("networks");
    if (known == 0)
        skip();
    print_message("%zu and ", known);
    size_t public = check_all("public");
    print_message("%zu values\n", public);
    assert_true(known >= 64 && public >= 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oracles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
