/* Interval arithmetic: against published numbers, and by covering what it says it covers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/base/rng.h"
#include "../sim/result/interval.h"
#include "../sim/result/stats.h"

static void near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", a, tolerance, b);
}

static void students_t(void **state)
{
    (void)state;
    near(stats_t(0.05, 1), 12.7062, 1e-4); /* any table of Student's t */
    near(stats_t(0.05, 7), 2.36462, 1e-5);
    near(stats_t(0.05, 31), 2.03951, 1e-5);
}

static void ratio_by_hand(void **state)
{
    (void)state;
    const double a[3] = {2, 4, 9}, b[3] = {1, 2, 2};
    struct ratio r = stats_ratio(a, b, 3);
    near(r.value, 3, 1e-15);
    /* residuals -1, -2, 3: sqrt(3/2 * 14) / 5 */
    near(r.error, sqrt(21) / 5, 1e-15);
    assert_true(isnan(stats_ratio(a, b, 1).error));
    const double ones[4] = {1, 1, 1, 1}, x[4] = {1, 2, 3, 4};
    near(stats_ratio(x, ones, 4).error, sqrt(5.0 / 3 / 4), 1e-15); /* s / sqrt(n) */
}

static void neighbours(void **state)
{
    (void)state;
    double slope[32], zigzag[32], level[32];
    for (int i = 0; i < 32; i++) {
        slope[i] = i;
        zigzag[i] = i % 2;
        level[i] = 7;
    }
    assert_true(stats_neighbours(slope, 32) < 1e-6);
    assert_true(stats_neighbours(zigzag, 32) > 0.999);
    near(stats_neighbours(level, 32), 1, 0);
    int rejected = 0;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        struct stream s = stream_of(seed, 0, "test");
        double u[32];
        stream_uniforms(&s, 0, 0, 32, u);
        rejected += stats_neighbours(u, 32) <= 0.05;
    }
    assert_in_range(rejected, 30, 72); /* 50 +- 3 standard deviations */
}

static void fewest_for_a_quantile(void **state)
{
    (void)state;
    near(stats_quantile_needs(0.5), 6, 0);
    near(stats_quantile_needs(0.9), 29, 0);
    near(stats_quantile_needs(0.99), 299, 0);
    near(stats_quantile_needs(0.999), 2995, 0);
}

/* 95 % ranks of independent values: p99 of 1000 and 10 000, p99.9 of 10 000 and 100 000. */
static void order_statistics(void **state)
{
    (void)state;
    double low, high;
    stats_order_interval(0.05, 0.99, 1000, &low, &high);
    near(low * 1000, 983, 1);
    near(high * 1000, 997, 1);
    stats_order_interval(0.05, 0.99, 10000, &low, &high);
    near(low * 10000, 9880, 1);
    near(high * 10000, 9920, 1);
    stats_order_interval(0.05, 0.999, 100000, &low, &high);
    near(low * 100000, 99880, 1);
    near(high * 100000, 99920, 1);
    stats_order_interval(0.05, 0.5, 6, &low, &high);
    near(low, 1.0 / 6, 1e-15);
    near(high, 1, 1e-15);
    stats_order_interval(0.05, 0.5, 5, &low, &high);
    assert_true(low <= 0 || high > 1);
    double exact_low, exact_high;
    stats_order_interval(0.05, 0.9, 1e6, &exact_low, &exact_high);
    stats_order_interval(0.05, 0.9, 1e6 + 1, &low, &high);
    near(low, exact_low, 3e-6);
    near(high, exact_high, 3e-6);
}

static double latency_sum(const struct cell *cell)
{
    return cell->latency_sum;
}

/* Independent exponential latencies in `n` groups of `per`: how often the intervals hold the truth.
 */
static void exponential_groups(uint64_t seed, struct cell *cells, struct cell *all, size_t n,
                               uint64_t per)
{
    cell_init(all);
    for (size_t g = 0; g < n; g++) {
        struct stream s = stream_of(seed, (uint32_t)g, "test");
        cell_init(&cells[g]);
        cells[g].offered = per;
        for (uint64_t k = 0; k < per; k++)
            cell_complete(&cells[g], 0, -log(stream_uniform(&s, 0, k)));
        cell_merge(all, &cells[g]);
    }
}

/* Latencies of an M/M/1 queue at 0.8 that begins at rest (Lindley 1952): exponential, too, with
 * mean 5, in bursts. */
static void queue_groups(uint64_t seed, struct cell *cells, struct cell *all, size_t n,
                         uint64_t per)
{
    cell_init(all);
    for (size_t g = 0; g < n; g++) {
        struct stream s = stream_of(seed, (uint32_t)g, "test");
        cell_init(&cells[g]);
        cells[g].offered = per;
        double latency = -5 * log(stream_uniform(&s, 2, 0));
        for (uint64_t k = 0; k < per; k++) {
            cell_complete(&cells[g], 0, latency / 5);
            double gap = -log(stream_uniform(&s, 0, k)) / 0.8;
            latency = fmax(0, latency - gap) - log(stream_uniform(&s, 1, k));
        }
        cell_merge(all, &cells[g]);
    }
}

typedef void make_groups(uint64_t seed, struct cell *cells, struct cell *all, size_t n,
                         uint64_t per);

static void coverage(make_groups *make, double theory, size_t n, uint64_t per, bool batches,
                     int runs)
{
    const double p[3] = {0.5, 0.9, 0.99};
    int held[4] = {0}, given[4] = {0};
    struct cell *cells = calloc(n, sizeof *cells), all;
    for (int run = 0; run < runs; run++) {
        make((uint64_t)run, cells, &all, n, per);
        struct groups groups = {cells, n, batches, 0.05, NULL, 1};
        double half = interval_mean(&groups, latency_sum, 0, &no_slope);
        given[3] += !isnan(half);
        held[3] += fabs(all.latency_sum / (double)all.completed - 1) <= half;
        double dependence = interval_dependence(&groups, &all, theory), low, high;
        for (int i = 0; i < 3; i++) {
            double q = histogram_quantile(&all.latency, p[i], all.latency_min, all.latency_max);
            interval_quantile(&groups, &all, dependence, false, p[i], q, &no_slope, &low, &high);
            given[i] += !isnan(low);
            held[i] += low <= -log(1 - p[i]) && -log(1 - p[i]) <= high;
            assert_true(isnan(low) || (low <= q && q <= high));
        }
        for (size_t g = 0; g < n; g++)
            cell_free(&cells[g]);
        cell_free(&all);
    }
    free(cells);
    for (int i = 0; i < 4; i++) {
        assert_true(given[i] >= 0.9 * runs);
        /* 95 % less three standard deviations of a binomial; more is allowed (never narrower) */
        assert_true(held[i] >= given[i] * (0.95 - 3 * sqrt(0.95 * 0.05 / given[i])));
    }
}

static void intervals_of_replications_cover(void **state)
{
    (void)state;
    coverage(exponential_groups, 1, 8, 2000, false, 400);
    coverage(exponential_groups, NAN, 8, 2000, false, 400);
}

static void intervals_of_batches_cover(void **state)
{
    (void)state;
    coverage(exponential_groups, 1, 32, 500, true, 400);
}

/* With and without a word from theory; near the fewest tasks for which p99 is stated. */
static void intervals_of_bursts_cover(void **state)
{
    (void)state;
    coverage(queue_groups, 40, 8, 5000, false, 200);
    coverage(queue_groups, NAN, 8, 8000, false, 200);
}

/* The width of the interval of the median of `all` where tasks depend on each other so that they
 * are worth as many independent ones, relative to that which the spread over groups asks for. */
static double widened(const struct groups *groups, const struct cell *all, double worth)
{
    double q = histogram_quantile(&all->latency, 0.5, all->latency_min, all->latency_max);
    double dependence = (double)all->completed * 0.5 / 0.6 / worth, low[2], high[2];
    interval_quantile(groups, all, dependence, false, 0.5, q, &no_slope, &low[0], &high[0]);
    interval_quantile(groups, all, 1, false, 0.5, q, &no_slope, &low[1], &high[1]);
    return (high[0] - low[0]) / (high[1] - low[1]);
}

/* What theory says of dependence widens the interval of a quantile by half where little has been
 * seen of it, and by next to nothing where much has: too wide an interval is no better than a
 * narrow one (docs/statistics.md has how often they hold). */
static void luck_fades_with_what_was_seen(void **state)
{
    (void)state;
    struct cell cells[8], all;
    double little = 0, much = 0;
    for (uint64_t run = 0; run < 50; run++) {
        exponential_groups(run, cells, &all, 8, 2000);
        const struct groups groups = {cells, 8, false, 0.05, NULL, 1};
        little += widened(&groups, &all, 8) / 50;
        much += widened(&groups, &all, 200) / 50;
        for (size_t g = 0; g < 8; g++)
            cell_free(&cells[g]);
        cell_free(&all);
    }
    assert_true(little > 1.3 && little < 1.55);
    assert_true(much < 1.03);
}

/* Likewise of losses: 100 of 10,000, 90 to 110 of them. */
static void luck_fades_of_losses_too(void **state)
{
    (void)state;
    struct cell cells[8];
    double width[3];
    for (size_t g = 0; g < 8; g++) {
        cell_init(&cells[g]);
        cells[g].offered = 10000;
        cells[g].lost[LOSS_REJECTED] = 90 + 20 * g / 7;
    }
    const struct groups groups = {cells, 8, false, 0.05, NULL, 1};
    const double dependence[3] = {0.5, 32, 3200}; /* tasks worth 800, 100 and 10 losses */
    for (int i = 0; i < 3; i++) {
        double low, high;
        interval_loss(&groups, dependence[i], 0, &no_slope, &low, &high);
        width[i] = high - low;
    }
    assert_true(width[1] <= 1.06 * width[0]);
    assert_true(width[2] > 1.4 * width[0] && width[2] < 1.7 * width[0]);
    for (size_t g = 0; g < 8; g++)
        cell_free(&cells[g]);
}

/* Where none was lost, what the run has met counts, not how many tasks it had: of 40,000 tasks in
 * 12 cycles of the input none is lost in one of four of them with 3.2 %. */
static void none_seen_is_told_by_cycles(void **state)
{
    (void)state;
    struct cell cells[8];
    double low, high;
    for (size_t g = 0; g < 8; g++) {
        cell_init(&cells[g]);
        cells[g].offered = 5000;
    }
    const struct groups groups = {cells, 8, false, 0.05, NULL, 1};
    interval_loss(&groups, 1, 0, &no_slope, &low, &high);
    assert_true(low == 0 && high < 1.5e-4);
    interval_loss(&groups, 1, 40000.0 / 12, &no_slope, &low, &high);
    assert_true(low == 0 && fabs(high - 3.0 / 12) < 0.005);
    for (size_t g = 0; g < 8; g++)
        cell_free(&cells[g]);
}

/* Groups whose latencies are 1 + 2 x load and a little noise: with the slope of 2 the luck of the
 * load goes from the interval, and what is left is the noise; it still holds 1, and the half-width
 * is around the mean as measured. */
static void known_load_makes_intervals_short(void **state)
{
    (void)state;
    struct cell cells[8];
    const double load[8] = {0.1, -0.05, 0.2, 0.07, -0.1, 0.12, -0.02, 0.16};
    double mean = 0;
    for (size_t g = 0; g < 8; g++) {
        cell_init(&cells[g]);
        for (int k = 0; k < 1000; k++)
            cell_complete(&cells[g], 0, 1 + 2 * load[g] + 0.01 * cos((double)g * 5));
        mean += cells[g].latency_sum / 8000;
    }
    const struct slope slope = {2, 1, 0};
    struct groups groups = {cells, 8, false, 0.05, NULL, 1};
    double plain = interval_mean(&groups, latency_sum, 0, &no_slope);
    groups.load = load;
    double half = interval_mean(&groups, latency_sum, 0, &slope);
    assert_true(half < 0.8 * plain && half > mean - 1);
    for (size_t g = 0; g < 8; g++)
        cell_free(&cells[g]);
}

static void correlated_batches_have_no_interval(void **state)
{
    (void)state;
    struct cell cells[32];
    for (size_t g = 0; g < 32; g++) {
        cell_init(&cells[g]);
        for (int k = 1; k <= 100; k++)
            cell_complete(&cells[g], 0, 1 + (double)g + 0.01 * k);
    }
    struct groups groups = {cells, 32, true, 0.05, NULL, 1};
    assert_true(isnan(interval_mean(&groups, latency_sum, 0, &no_slope)));
    groups.batches = false;
    assert_true(!isnan(interval_mean(&groups, latency_sum, 0, &no_slope)));
    for (size_t g = 0; g < 32; g++)
        cell_free(&cells[g]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(students_t),
        cmocka_unit_test(ratio_by_hand),
        cmocka_unit_test(neighbours),
        cmocka_unit_test(fewest_for_a_quantile),
        cmocka_unit_test(order_statistics),
        cmocka_unit_test(intervals_of_replications_cover),
        cmocka_unit_test(intervals_of_batches_cover),
        cmocka_unit_test(intervals_of_bursts_cover),
        cmocka_unit_test(luck_fades_with_what_was_seen),
        cmocka_unit_test(luck_fades_of_losses_too),
        cmocka_unit_test(none_seen_is_told_by_cycles),
        cmocka_unit_test(known_load_makes_intervals_short),
        cmocka_unit_test(correlated_batches_have_no_interval),
    };
    return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
