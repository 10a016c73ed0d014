/* The formulas that the engine is tested against (theory.h), tested themselves: against each other
 * where two of them meet, and against every value of the public oracle files that they cover. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/theory/bounded.h"
#include "../sim/theory/erlang.h"
#include "../sim/theory/finite.h"
#include "../sim/theory/gimc.h"
#include "../sim/theory/mg1.h"
#include "../sim/theory/mmpp.h"
#include "../sim/theory/service.h"
#include "../sim/theory/single.h"
#include "oracle.h"
#include "theory.h"

static void check_near(const char *what, double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%s: %.12g, should be %.12g", what, got, want);
}

/* Textbook values that can be checked by hand. */
static void test_known_values(void **state)
{
    (void)state;
    const char *one = "lambda=0.5;mu=1;c=1", *two = "lambda=1.6;mu=1;c=2";
    check_near("M/M/1 wait", theory_value("M/M/c", one, "mean_wait"), 1, 1e-12);
    check_near("M/M/1 median", theory_value("M/M/c", one, "resp_p50"), 2 * log(2), 1e-11);
    check_near("M/M/2 p_wait", theory_value("M/M/c", two, "p_wait"), 32.0 / 45, 1e-12);
    check_near(
        "M/D/1 wait",
        theory_value("M/G/1", "lambda=0.8;service=deterministic;mean_service=1", "mean_wait"), 2,
        1e-12);
    check_near(
        "Erlang B",
        theory_value("M/G/c/c", "lambda=1;c=2;service=deterministic;mean_service=1", "loss_prob"),
        0.2, 1e-12);
    assert_true(isnan(theory_value("M/M/c", one, "no_such_measure")));
    assert_true(isnan(theory_value("no/such/model", one, "mean_wait")));
}

/* Different methods for the same queue. */
static void test_where_models_meet(void **state)
{
    (void)state;
    struct {
        const char *model, *params, *measure, *model2, *params2, *measure2;
    } pairs[] = {
        {"M/M/c", "lambda=0.8;mu=1;c=1", "wait_p99", "M/G/1",
         "lambda=0.8;service=exponential;mean_service=1", "wait_p99"},
        {"M/D/c", "lambda=0.8;mean_service=1;c=1", "wait_p999", "M/G/1",
         "lambda=0.8;service=deterministic;mean_service=1", "wait_p999"},
        {"M/D/c", "lambda=0.8;mean_service=1;c=1", "wait_p50", "M/G/1",
         "lambda=0.8;service=deterministic;mean_service=1", "wait_p50"},
        {"M/PH/c", "lambda=0.7;service=erlang;k=2;mean_service=1;c=1", "mean_wait", "M/G/1",
         "lambda=0.7;service=erlang;k=2;mean_service=1", "mean_wait"},
        {"M/PH/c", "lambda=1.6;service=hyperexponential;p1=0.3;mean1=1;mean2=1;c=2", "p_wait",
         "M/M/c", "lambda=1.6;mu=1;c=2", "p_wait"},
        {"MMPP2/M/1", "lambda1=0.8;lambda2=0.8;r12=1;r21=2;mu=1", "mean_response", "M/M/c",
         "lambda=0.8;mu=1;c=1", "mean_response"},
        {"GI/M/1", "arrival=exponential;mean_interarrival=1.25;mu=1", "resp_p99", "M/M/c",
         "lambda=0.8;mu=1;c=1", "resp_p99"},
        {"M^X/M/1", "lambda_batch=0.8;batch=geometric;mean_batch=1;mu=1", "mean_response", "M/M/c",
         "lambda=0.8;mu=1;c=1", "mean_response"},
        {"M/M/c-NPPRIO",
         "c=1;classes=2;class1_lambda=0.3;class1_service=exponential;class1_mean_service=1;"
         "class2_lambda=0.5;class2_service=exponential;class2_mean_service=1",
         "mean_wait_class2", "M/G/1-NPPRIO",
         "classes=2;class1_lambda=0.3;class1_service=exponential;class1_mean_service=1;"
         "class2_lambda=0.5;class2_service=exponential;class2_mean_service=1",
         "mean_wait_class2"},
        {"M/M/c-PRPRIO",
         "c=1;classes=2;class1_lambda=0.3;class1_service=exponential;class1_mean_service=1;"
         "class2_lambda=0.5;class2_service=exponential;class2_mean_service=1",
         "mean_response_class2", "M/G/1-PRPRIO",
         "classes=2;class1_lambda=0.3;class1_service=exponential;class1_mean_service=1;"
         "class2_lambda=0.5;class2_service=exponential;class2_mean_service=1",
         "mean_response_class2"},
        {"M/D/1/K", "lambda=0.9;mean_service=1;K=1", "loss_prob", "M/G/c/c",
         "lambda=0.9;c=1;service=exponential;mean_service=1", "loss_prob"},
        {"M/M/c/K", "lambda=4;mu=1;c=5;K=5", "loss_prob", "M/G/c/c",
         "lambda=4;c=5;service=deterministic;mean_service=1", "loss_prob"},
        {"M(t)/M/c", "c=1;mu=1;rate1=0.8;rate2=0.8;rate3=0.8;switch1=3;switch2=5;t=10",
         "mean_number_at_t", "M/M/1-transient", "lambda=0.8;mu=1;L0=0;t=10", "mean_number_at_t"},
        {"M/M/1-transient", "lambda=0.5;mu=1;L0=3;t=200", "mean_number_at_t", "M/M/c",
         "lambda=0.5;mu=1;c=1", "mean_number_in_system"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        check_near(pairs[i].model, theory_value(pairs[i].model, pairs[i].params, pairs[i].measure),
                   theory_value(pairs[i].model2, pairs[i].params2, pairs[i].measure2), 1e-7);
}

static const struct service exponential = {SERVICE_EXPONENTIAL, 1.25, 0, 0};

/* Exponential gaps make GI/M/c of M/M/c, whether or not c (1 - sigma) is a whole number (it is with
 * rho = 1/2 and c = 4), and one consumer makes GI/M/1 of it. */
static void test_renewal_arrivals(void **state)
{
    (void)state;
    for (double c = 1; c <= 40; c += 3)
        for (double rho = 0.25; rho < 1; rho += 0.25) {
            const struct service gap = {SERVICE_EXPONENTIAL, 1, 0, 0};
            const struct mmc m = {1, 1 / (rho * c), c};
            struct gimc g = gimc(&gap, m.mu, c);
            check_near("probability", g.probability, erlang_c(c, rho * c), 1e-6);
            check_near("wait", gimc_wait(&g), mmc_wait(&m), 1e-6);
            check_near("latency", gimc_latency_quantile(&g, 0.99), mmc_latency_quantile(&m, 0.99),
                       1e-6);
        }
    const struct service laws[] = {{SERVICE_DETERMINISTIC, 1.25, 0, 0},
                                   {SERVICE_ERLANG, 1.25, 3, 0},
                                   {SERVICE_LOGNORMAL, 0, 0.7, 0},
                                   {SERVICE_BPARETO, 0.5, 100, 1.7}};
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
        struct gimc g = gimc(&laws[i], 1.2, 1);
        double sigma = gim1_sigma(&laws[i], 1.2);
        check_near("sigma", g.probability, sigma, 1e-12);
        check_near("GI/M/1 latency", gimc_latency_quantile(&g, 0.9),
                   -log(0.1) / (1.2 * (1 - sigma)), 1e-9);
    }
}

/* Where arrivals are Poisson and sizes exponential, both chains are M/M/1/K; with much room they
 * are the queues without an end. */
static void test_bounded_buffers(void **state)
{
    (void)state;
    const struct mmc m = {0.8, 1 / 0.9, 1};
    const struct service size = {SERVICE_EXPONENTIAL, 0.9, 0, 0};
    for (double most = 1; most <= 40; most += 3) {
        struct mmck k = mmck(&m, most);
        struct bounded a = mg1k(&size, 0.8, most), b = gim1k(&exponential, 1 / 0.9, most);
        check_near("M/G/1/K loss", a.loss, k.loss, 1e-9);
        check_near("GI/M/1/K loss", b.loss, k.loss, 1e-9);
        assert_true(fabs(a.wait - k.wait) < 1e-9 && fabs(b.wait - k.wait) < 1e-9);
        assert_true(fabs(a.probability - k.probability) < 1e-9);
        assert_true(fabs(b.probability - k.probability) < 1e-9);
    }
    const struct service laws[] = {{SERVICE_DETERMINISTIC, 1, 0, 0},
                                   {SERVICE_ERLANG, 1, 3, 0},
                                   {SERVICE_LOGNORMAL, -0.3, 0.6, 0},
                                   {SERVICE_BPARETO, 0.5, 4, 1.5}};
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
        const struct service *s = &laws[i];
        double lambda = 0.7 / service_moment(s, 1);
        struct bounded large = mg1k(s, lambda, 200);
        check_near("M/G/1", large.wait,
                   mg1_wait(lambda, service_moment(s, 1), service_moment(s, 2)), 1e-8);
        assert_true(fabs(large.loss) < 1e-10);
        check_near("P(wait)", large.probability, 0.7, 1e-9);
        struct bounded found = gim1k(s, 1.4 / service_moment(s, 1), 200);
        struct gimc g = gimc(s, 1.4 / service_moment(s, 1), 1);
        check_near("GI/M/1", found.wait, gimc_wait(&g), 1e-8);
    }
    /* Hopelessly overloaded: all but one in rho is lost, nothing overflows. */
    check_near("overload", mg1k(&laws[1], 50, 400).loss, 1 - 1 / 50.0, 1e-9);
    check_near("overload", gim1k(&laws[1], 0.02, 400).loss, 1 - 0.02, 1e-9);
}

static struct finite_queue *chain_of(const struct service *size, double c, double most)
{
    struct finite_queue *q = calloc(1, sizeof *q);
    assert_non_null(q);
    assert_true(finite_service(q, size));
    q->c = c;
    q->most = most;
    return q;
}

static void check_chain(const struct finite_queue *q, double loss, double wait, double probability)
{
    struct finite_solution *f = finite_solve(q);
    check_near("loss", finite_loss(f), loss, 1e-9);
    assert_true(fabs(finite_wait(f) - wait) < 1e-8);
    assert_true(fabs(finite_wait_probability(f) - probability) < 1e-8);
    finite_free(f);
}

/* The finite chain is M/M/c/K, M/G/1/K and GI/M/1/K where these are known by themselves, whatever
 * the order of magnitude of the loss. */
static void test_finite_chain(void **state)
{
    (void)state;
    const struct service small = {SERVICE_EXPONENTIAL, 0.9, 0, 0},
                         laws[] = {{SERVICE_ERLANG, 1, 3, 0},
                                   {SERVICE_HYPEREXPONENTIAL, 0.999, 0.5, 200}};
    for (double c = 1; c <= 30; c += 7) {
        const struct mmc m = {0.8 * c, 1 / 0.9, c};
        struct mmck k = mmck(&m, c + 60);
        struct finite_queue *q = chain_of(&small, c, c + 60);
        finite_poisson(q, 0.8 * c);
        check_chain(q, k.loss, k.wait, k.probability);
        q->theta = 0.3;
        struct finite_solution *f = finite_solve(q);
        check_near("Erlang A", finite_loss(f), erlang_a_loss(&m, 0.3, c + 60), 1e-9);
        finite_free(f);
        free(q);
    }
    for (size_t i = 0; i < 2; i++) {
        struct bounded b = mg1k(&laws[i], 0.9, 12);
        struct finite_queue *q = chain_of(&laws[i], 1, 12);
        finite_poisson(q, 0.9);
        check_chain(q, b.loss, b.wait, b.probability);
        free(q);
        q = chain_of(&small, 1, 15);
        assert_true(finite_renewal(q, &laws[i]));
        b = gim1k(&laws[i], 1 / 0.9, 15);
        check_chain(q, b.loss, b.wait, b.probability);
        free(q);
    }
    /* Many consumers without room: whatever the law, Erlang's formula. */
    for (size_t i = 0; i < 2; i++) {
        double erlangs = 4 * service_moment(&laws[i], 1);
        struct finite_queue *q = chain_of(&laws[i], 6, 6);
        finite_poisson(q, 4);
        check_chain(q, erlang_b(6, erlangs), 0, 0);
        free(q);
    }
}

/* With much room the quantiles of waits and latencies are those of the queues without an end; with
 * storms of a day, too. */
static void test_finite_quantiles(void **state)
{
    (void)state;
    const double rate[] = {10, 100}, stay[] = {3600, 20};
    const struct service size = {SERVICE_EXPONENTIAL, 0.1, 0, 0};
    const struct mmpp_queue queue = {2, rate, stay, 10, 9};
    struct mmpp_solution *m = mmpp_solve(&queue);
    struct finite_queue *q = chain_of(&size, 9, 6000);
    finite_modulated(q, 2, rate, stay);
    struct finite_solution *f = finite_solve(q);
    check_near("wait", finite_wait(f), mmpp_wait(m), 1e-6);
    for (double p = 0.5; p < 1; p = 1 - (1 - p) / 4) {
        check_near("latency", finite_queue_latency_quantile(f, p), mmpp_latency_quantile(m, p),
                   1e-6);
        if (p > 1 - mmpp_wait_probability(m))
            check_near("wait", finite_queue_wait_quantile(f, p), mmpp_wait_quantile(m, p), 1e-6);
        if (p > 0.9999)
            break;
    }
    finite_free(f);
    free(q);
    mmpp_free(m);
}

/* A rate that does not change is Poisson; one that is there or not makes gaps of an independent
 * hyperexponential law (Kuczura, Bell System Technical Journal 52, 1973). */
static void test_modulated_arrivals(void **state)
{
    (void)state;
    const double same[3] = {2, 2, 2}, stay[3] = {1, 5, 0.3}, on_off[2] = {5, 0}, spell[2] = {2, 3};
    const double on = 5, leave = 1 / spell[0], back = 1 / spell[1];
    double half = (on + leave + back) / 2, root = sqrt(half * half - on * back);
    double fast = half + root, slow = half - root;
    const struct service gap = {SERVICE_HYPEREXPONENTIAL, (on - slow) / (fast - slow), 1 / fast,
                                1 / slow};
    for (double c = 1; c <= 6; c++) {
        const struct mmpp_queue steady = {3, same, stay, 2.5 / c, c};
        const struct mmc m = {2, 2.5 / c, c};
        struct mmpp_solution *one = mmpp_solve(&steady);
        check_near("M/M/c probability", mmpp_wait_probability(one), erlang_c(c, 2 / m.mu), 1e-10);
        check_near("M/M/c wait", mmpp_wait(one), mmc_wait(&m), 1e-10);
        check_near("M/M/c wait", mmpp_wait_quantile(one, 0.99), mmc_wait_quantile(&m, 0.99), 1e-8);
        check_near("M/M/c latency", mmpp_latency_quantile(one, 0.5), mmc_latency_quantile(&m, 0.5),
                   1e-8);
        mmpp_free(one);

        const struct mmpp_queue bursts = {2, on_off, spell, 2.5 / c, c};
        struct mmpp_solution *two = mmpp_solve(&bursts);
        struct gimc g = gimc(&gap, 2.5 / c, c);
        check_near("H2/M/c probability", mmpp_wait_probability(two), g.probability, 1e-9);
        check_near("H2/M/c wait", mmpp_wait(two), gimc_wait(&g), 1e-9);
        check_near("H2/M/c wait", mmpp_wait_quantile(two, 0.999), gimc_wait_quantile(&g, 0.999),
                   1e-8);
        check_near("H2/M/c latency", mmpp_latency_quantile(two, 0.9),
                   gimc_latency_quantile(&g, 0.9), 1e-8);
        mmpp_free(two);
    }
    /* Of independent gaps the index of dispersion is their squared coefficient of variation. */
    double mean = service_moment(&gap, 1), second = service_moment(&gap, 2);
    check_near("dispersion", mmpp_dispersion(2, on_off, spell), second / mean / mean - 1, 1e-10);
    check_near("dispersion", mmpp_dispersion(3, same, stay), 1, 1e-12);
}

/* Classes of one law are one class: their waits average to that of first come first served. */
static void test_priority_keeps_the_mean(void **state)
{
    (void)state;
    const char *params = "classes=2;class1_lambda=0.3;class1_service=exponential;"
                         "class1_mean_service=1;class2_lambda=0.5;class2_service=exponential;"
                         "class2_mean_service=1";
    double high = theory_value("M/G/1-NPPRIO", params, "mean_wait_class1");
    double low = theory_value("M/G/1-NPPRIO", params, "mean_wait_class2");
    check_near("average", (0.3 * high + 0.5 * low) / 0.8, 4, 1e-12);
}

/* With exponential sizes the work inside is sum of rho_k T_k, whatever the order, interrupted or
 * not (Kleinrock, Queueing Systems II, 1976, ch. 3): W0 / (1 - rho). */
static void test_priority_conserves_work(void **state)
{
    (void)state;
    const char *params = "classes=3;class1_lambda=0.3;class1_service=exponential;"
                         "class1_mean_service=0.5;class2_lambda=0.2;class2_service=exponential;"
                         "class2_mean_service=2;class3_lambda=0.1;class3_service=exponential;"
                         "class3_mean_service=1";
    static const double lambda[] = {0.3, 0.2, 0.1}, mean[] = {0.5, 2, 1};
    double interrupted = 0, in_turn = 0, residual = 0, rho = 0;
    for (int k = 0; k < 3; k++) {
        char latency[32], wait[32];
        snprintf(latency, sizeof latency, "mean_response_class%d", k + 1);
        snprintf(wait, sizeof wait, "mean_wait_class%d", k + 1);
        double load = lambda[k] * mean[k];
        interrupted += load * theory_value("M/G/1-PRPRIO", params, latency);
        in_turn += load * (theory_value("M/G/1-NPPRIO", params, wait) + mean[k]);
        residual += lambda[k] * mean[k] * mean[k];
        rho += load;
    }
    check_near("interrupted", interrupted, residual / (1 - rho), 1e-12);
    check_near("in turn", in_turn, residual / (1 - rho), 1e-12);
}

/* Moments, survival, excess and transform of a law agree: E[S] = excess(0), and the mean of
 * (S - x)+ falls at the rate P(S > x). */
static void test_laws(void **state)
{
    (void)state;
    struct service laws[] = {
        {SERVICE_EXPONENTIAL, 2, 0, 0},   {SERVICE_DETERMINISTIC, 2, 0, 0},
        {SERVICE_ERLANG, 2, 3, 0},        {SERVICE_HYPEREXPONENTIAL, 0.9, 0.5, 5.5},
        {SERVICE_LOGNORMAL, -0.5, 1, 0},  {SERVICE_PARETO, 0.6, 2.5, 0},
        {SERVICE_BPARETO, 0.5, 100, 2.5}, {SERVICE_BPARETO, 0.5, 100, 2},
    };
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
        const struct service *s = &laws[i];
        check_near("excess", service_excess(s, 0), service_moment(s, 1), 1e-12);
        for (double x = 0.1; x < 20; x *= 1.3) {
            double slope = (service_excess(s, x - 1e-5) - service_excess(s, x + 1e-5)) / 2e-5;
            assert_true(fabs(slope - service_above(s, x)) < 1e-6);
        }
        for (int k = 1; k <= 2; k++) {
            double all = service_moment(s, k), x = 1.5, h = 1e-5;
            double slope = (service_part(s, k, x + h) - service_part(s, k, x - h)) / (2 * h);
            if (isfinite(all) && s->kind != SERVICE_PARETO)
                check_near("all of it", service_part(s, k, 1e6), all, 1e-9);
            if (s->kind != SERVICE_DETERMINISTIC)
                check_near("density", slope, pow(x, k) * service_density(s, x), 1e-6);
        }
        double z = 1e-4, t = service_transform(s, z);
        if (isfinite(t)) /* its slope at 0 is the mean */
            assert_true(fabs((1 - t) / z - service_moment(s, 1)) < 0.03);
    }
}

/* Erlang A two ways: the birth-death chain, and quadrature of the offered wait. The limits: nobody
 * waits at all (Erlang B), everybody waits for long (M/M/c). */
static void test_impatience(void **state)
{
    (void)state;
    static const double cases[][3] = {/* lambda, c, mean patience */
                                      {0.5, 1, 0.01},   {0.99, 1, 300}, {3, 1, 20},
                                      {4.4, 4, 4},      {20, 16, 0.5},  {480, 512, 1},
                                      {530, 512, 3},    {530, 512, 50}, {1500, 512, 1},
                                      {1500, 512, 200}, {0.01, 1, 1}};
    char params[200];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct mmc m = {cases[i][0], 1, cases[i][1]};
        snprintf(params, sizeof params, "lambda=%g;mu=1;c=%g;patience=exponential;mean_patience=%g",
                 m.lambda, m.c, cases[i][2]);
        double loss = theory_value("M/M/c+M", params, "p_abandon");
        check_near(params, erlang_a_loss(&m, 1 / cases[i][2], INFINITY), loss, 1e-8);
        /* everyone who waits leaves at the same rate */
        check_near(params, theory_value("M/M/c+M", params, "mean_queue_length"),
                   loss * m.lambda * cases[i][2], 1e-8);
    }
    check_near("no patience",
               theory_value("M/M/c+D",
                            "lambda=3;mu=1;c=4;patience=deterministic;"
                            "mean_patience=0",
                            "p_abandon"),
               erlang_b(4, 3), 1e-9);
    const char *endless = "lambda=3;mu=1;c=4;patience=deterministic;mean_patience=100";
    check_near("patience", theory_value("M/M/c+D", endless, "mean_wait_served"),
               theory_value("M/M/c", "lambda=3;mu=1;c=4", "mean_wait"), 1e-9);
    check_near("patience", theory_value("M/M/c+D", endless, "wait_p99"),
               theory_value("M/M/c", "lambda=3;mu=1;c=4", "wait_p99"), 1e-9);
    const struct mmc m = {3, 1, 4};
    check_near("bounded", erlang_a_loss(&m, 1e-12, 9), mmck(&m, 9).loss, 1e-9);
}

static void test_public_values(void **state)
{
    (void)state;
    static struct oracle rows[ORACLE_ROWS];
    size_t n = oracle_read(rows, ORACLE_ROWS), compared = 0;
    if (n == 0) {
        print_message("skipped: no ../shared/oracles/public here\n");
        skip();
    }
    double worst = 0;
    for (size_t i = 0; i < n; i++) {
        double value = theory_value(rows[i].model, rows[i].params, rows[i].measure);
        if (isnan(value))
            continue;
        double off = fabs(value - rows[i].value) / fabs(rows[i].value);
        worst = fmax(worst, off);
        compared++;
        if (!(off < 1e-7))
            fail_msg("%s:%d: %s: %s: %.12g, should be %.12g", rows[i].file, rows[i].line,
                     rows[i].params, rows[i].measure, value, rows[i].value);
    }
    print_message("%zu of %zu public values computed here; worst relative difference %.1e\n",
                  compared, n, worst);
    assert_true(compared >= 302);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_where_models_meet),
        cmocka_unit_test(test_renewal_arrivals),
        cmocka_unit_test(test_bounded_buffers),
        cmocka_unit_test(test_finite_chain),
        cmocka_unit_test(test_finite_quantiles),
        cmocka_unit_test(test_modulated_arrivals),
        cmocka_unit_test(test_priority_keeps_the_mean),
        cmocka_unit_test(test_priority_conserves_work),
        cmocka_unit_test(test_laws),
        cmocka_unit_test(test_impatience),
        cmocka_unit_test(test_public_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
