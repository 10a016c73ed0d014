/* The generator against its published answers, and what streams promise. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "../sim/base/rng.h"

enum { N = 4096, STREAMS = 12 };

/* The three vectors that Random123 publishes for threefry2x64 with 13 rounds (Salmon et al. 2011,
 * file kat_vectors): counter, key, answer. */
static void test_known_answers(void **state)
{
    static const uint64_t vectors[3][6] = {
        {0, 0, 0, 0, 0xf167b032c3b480bd, 0xe91f9fee4b7a6fb5},
        {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, 0xccdec5c917a874b1, 0x4df53abca26ceb01},
        {0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89,
         0xc3aac71561042993, 0x3fe7ae8801aff316}};
    (void)state;
    for (int i = 0; i < 3; i++) {
        uint64_t out[2];
        threefry2x64(&vectors[i][2], &vectors[i][0], out);
        assert_true(out[0] == vectors[i][4] && out[1] == vectors[i][5]);
    }
}

/* Vector code, scalar code and every block length give the same uniforms. */
static void test_blocks_do_not_matter(void **state)
{
    static double whole[N], part[N];
    (void)state;
    struct stream s = stream_of(7, 3, "tasks.size");
    const uint64_t first = (UINT64_C(1) << 40) - 1000;
    for (uint32_t sub = 0; sub < 3; sub++) {
        stream_uniforms(&s, sub, first, N, whole);
        for (size_t i = 0; i < N; i++)
            assert_true(whole[i] == stream_uniform(&s, sub, first + i));
        size_t at = 0;
        for (size_t length = 0; at + length <= N; at += length++)
            stream_uniforms(&s, sub, first + at, length, part + at);
        assert_memory_equal(whole, part, at * sizeof *whole);
    }
}

/* The uniforms of a stream, forever: every build, compiler and processor must give these. */
static void test_pinned(void **state)
{
    (void)state;
    struct stream s = stream_of(1, 0, "arrivals");
    double u[N];
    stream_uniforms(&s, 0, 0, N, u);
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < N; i++) {
        uint64_t bits;
        memcpy(&bits, &u[i], sizeof bits);
        hash = (hash ^ bits) * 0x100000001b3;
    }
    assert_true(u[0] == 0x1.160dedc237aeap-2);
    assert_true(hash == 0xbb485e51cc413c43);
}

static void test_open_interval_and_grid(void **state)
{
    static double u[1 << 16];
    (void)state;
    struct stream s = stream_of(5, 0, "x");
    stream_uniforms(&s, 0, 0, 1 << 16, u);
    double sum = 0, squares = 0;
    for (size_t i = 0; i < 1 << 16; i++) {
        assert_true(u[i] > 0 && u[i] < 1);
        double j = u[i] * 0x1p52 - 0.5;
        assert_true(j == floor(j));
        sum += u[i] - 0.5;
        squares += (u[i] - 0.5) * (u[i] - 0.5);
    }
    const double n = 1 << 16;
    assert_true(fabs(sum / n) < 4 * sqrt(1 / (12 * n)));
    assert_true(fabs(squares / n - 1.0 / 12) < 4 * sqrt(1 / (180 * n)));
}

/* Streams of other seeds, replications, paths, turns and subs have nothing in common: no equal
 * uniforms, no correlation. */
static void test_streams_are_apart(void **state)
{
    static double u[STREAMS + 1][N];
    (void)state;
    const struct stream size = stream_of(1, 0, "tasks.size"), once = stream_turn(&size, 1);
    const struct stream streams[STREAMS] = {stream_of(1, 0, "tasks.size"),
                                            stream_of(2, 0, "tasks.size"),
                                            stream_of(1, 1, "tasks.size"),
                                            stream_of(1, 0, "arrivals"),
                                            stream_of(1, 0, "tasks.siz"),
                                            stream_of(1, 0, "tasks.sizes"),
                                            stream_of(1, 0, "tasks.classes.a.size"),
                                            stream_of(1, 0, "tasks.classes.b.size"),
                                            once,
                                            stream_turn(&size, 2),
                                            stream_turn(&size, UINT32_MAX),
                                            stream_turn(&once, 1)};
    for (int i = 0; i < STREAMS; i++)
        stream_uniforms(&streams[i], 0, 0, N, u[i]);
    stream_uniforms(&streams[0], 1, 0, N, u[STREAMS]);
    for (int i = 0; i <= STREAMS; i++)
        for (int j = 0; j < i; j++) {
            double sum = 0;
            for (size_t k = 0; k < N; k++) {
                assert_true(u[i][k] != u[j][k]);
                sum += (u[i][k] - 0.5) * (u[j][k] - 0.5);
            }
            assert_true(fabs(12 * sum / sqrt(N)) < 4);
        }
}

/* What happens once is of the stream itself: single stages keep their draws. The others are pinned
 * like the uniforms. */
static void test_turns(void **state)
{
    (void)state;
    struct stream s = stream_of(1, 0, "tasks.size"), first = stream_turn(&s, 0);
    assert_memory_equal(&s, &first, sizeof s);
    struct stream third = stream_turn(&s, 2);
    assert_true(third.key[0] == 0xdc08f730868e6e3a);
    assert_true(stream_uniform(&third, 0, 0) == 0x1.3c349a7f1deb3p-1);
}

/* Also from task to task of one stream, at the distances of the group layout. */
static void test_tasks_are_apart(void **state)
{
    static double u[1 << 16];
    (void)state;
    struct stream s = stream_of(11, 0, "arrivals");
    stream_uniforms(&s, 0, 0, 1 << 16, u);
    for (size_t lag = 1; lag <= 32; lag++) {
        double sum = 0;
        size_t n = (1 << 16) - lag;
        for (size_t i = 0; i < n; i++)
            sum += (u[i] - 0.5) * (u[i + lag] - 0.5);
        assert_true(fabs(12 * sum / sqrt((double)n)) < 4);
    }
}

/* GSL samplers draw sub = 0, 1, 2, ... of the task they stand at. */
static void test_gsl(void **state)
{
    (void)state;
    struct stream s = stream_of(3, 1, "tasks.size");
    gsl_rng *r = gsl_rng_alloc(gsl_rng_threefry);
    stream_rng_at(r, &s, 12345);
    for (uint32_t sub = 0; sub < 10; sub++)
        assert_true(gsl_rng_uniform(r) == stream_uniform(&s, sub, 12345));
    stream_rng_at(r, &s, 9);
    double a = gsl_ran_gamma(r, 2.5, 1);
    stream_rng_at(r, &s, 9);
    assert_true(a == gsl_ran_gamma(r, 2.5, 1));
    unsigned long most = gsl_rng_max(r);
    for (int i = 0; i < 1000; i++)
        assert_true(gsl_rng_get(r) <= most);
    gsl_rng_set(r, 1);
    double u = gsl_rng_uniform(r);
    gsl_rng_set(r, 2);
    assert_true(u != gsl_rng_uniform(r));
    gsl_rng_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_blocks_do_not_matter),
        cmocka_unit_test(test_pinned),
        cmocka_unit_test(test_open_interval_and_grid),
        cmocka_unit_test(test_streams_are_apart),
        cmocka_unit_test(test_turns),
        cmocka_unit_test(test_tasks_are_apart),
        cmocka_unit_test(test_gsl),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
