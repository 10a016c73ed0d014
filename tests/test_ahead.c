/* Draws ahead: whoever sits at a ring gets the numbers that it would draw alone, however fast it
 * and the others are, and whenever they come and go. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "../sim/engine/trial.h"
#include "../sim/scenario/scenario.h"
#include "scene.h"

enum { GAPS, SIZES, ROWS, MOST_BLOCKS = 4000 };

/* Rows of a scenario's second replication. */
static void rows_of(const struct scenario *s, struct ahead_row *rows)
{
    memset(rows, 0, ROWS * sizeof *rows);
    rows[GAPS].kind = AHEAD_UNITS;
    rows[GAPS].stream = stream_of(7, 1, "arrivals");
    rows[GAPS].process = (const struct arrival_process *)s->arrivals.process;
    rows[SIZES].kind = AHEAD_DRAWS;
    rows[SIZES].stream = stream_of(7, 1, "tasks.size");
    rows[SIZES].law = s->size;
}

static struct scenario *pareto(void)
{
    return scene("arrivals.rate", "1/s", "tasks.size.distribution", "bounded-pareto",
                 "tasks.size.alpha", "2.5", "tasks.size.low", "500ms", "tasks.size.high", "100s",
                 NULL);
}

/* Numbers first to first + BLOCK of both rows. */
static void draw_alone(const struct ahead_row *rows, uint64_t first, double (*out)[BLOCK])
{
    const struct process_view view = {.stream = rows[GAPS].stream};
    rows[GAPS].process->units(&view, first, BLOCK, out[GAPS]);
    const struct law *law = &rows[SIZES].law;
    law_model(law)->fill(law->params, &rows[SIZES].stream, first, BLOCK, out[SIZES]);
}

/* One who takes so many blocks, and sleeps before every so manieth. */
struct taker {
    struct ahead *ahead;
    const struct ahead_row *rows;
    uint64_t blocks, sleeps_every, comes_after_us;
    unsigned expected;
    uint64_t wrong; /* blocks */
    pthread_t thread;
};

static void nap(uint64_t us)
{
    nanosleep(&(struct timespec){.tv_nsec = (long)us * 1000}, NULL);
}

static void *take(void *argument)
{
    struct taker *taker = argument;
    double(*alone)[BLOCK] = xmalloc(ROWS * sizeof *alone);
    if (taker->comes_after_us > 0)
        nap(taker->comes_after_us);
    struct ahead_seat *seat = ahead_join(taker->ahead, taker->rows, ROWS, taker->expected);
    for (uint64_t b = 0; b < taker->blocks; b++) {
        size_t stride;
        const double *row = ahead_take(seat, &stride);
        if (taker->sleeps_every > 0 && b % taker->sleeps_every == 0)
            nap(50); /* and what it was given is still there */
        draw_alone(taker->rows, b * BLOCK, alone);
        taker->wrong += !same_bits(row, alone[GAPS], sizeof *alone) ||
                        !same_bits(row + stride, alone[SIZES], sizeof *alone);
    }
    ahead_leave(seat);
    free(alone);
    return NULL;
}

static void assert_all_right(struct taker *takers, size_t n)
{
    struct scenario *s = pareto();
    struct ahead_row *rows = xmalloc(ROWS * sizeof *rows);
    struct ahead *ahead = ahead_new();
    rows_of(s, rows);
    for (size_t i = 0; i < n; i++) {
        takers[i].ahead = ahead;
        takers[i].rows = rows;
        assert_int_equal(pthread_create(&takers[i].thread, NULL, take, &takers[i]), 0);
    }
    for (size_t i = 0; i < n; i++) {
        pthread_join(takers[i].thread, NULL);
        assert_int_equal(takers[i].wrong, 0);
    }
    ahead_free(ahead);
    free(rows);
    free(s);
}

static void test_alone(void **state)
{
    (void)state;
    struct taker taker = {.blocks = 1000};
    assert_all_right(&taker, 1);
}

static void test_side_by_side(void **state)
{
    (void)state;
    struct taker takers[2] = {{.blocks = MOST_BLOCKS, .expected = 2},
                              {.blocks = MOST_BLOCKS, .expected = 2, .comes_after_us = 500}};
    assert_all_right(takers, 2);
}

/* One is soon more than a ring behind. */
static void test_one_is_slow(void **state)
{
    (void)state;
    struct taker takers[2] = {{.blocks = MOST_BLOCKS}, {.blocks = 600, .sleeps_every = 3}};
    assert_all_right(takers, 2);
}

/* More than a ring has seats for, coming and going when they like. */
static void test_a_crowd(void **state)
{
    (void)state;
    struct taker takers[12] = {{0}};
    for (size_t i = 0; i < 12; i++)
        takers[i] = (struct taker){.blocks = 200 + 150 * i,
                                   .sleeps_every = i % 3 == 0 ? 50 : 0,
                                   .comes_after_us = 40 * i,
                                   .expected = i % 2 ? 12 : 0};
    assert_all_right(takers, 12);
}

/* Who sits beside somebody with other rows gets its own. */
static void test_rows_of_others(void **state)
{
    (void)state;
    struct scenario *s = pareto();
    struct ahead_row *rows = xmalloc(2 * ROWS * sizeof *rows);
    struct ahead *ahead = ahead_new();
    rows_of(s, rows);
    rows_of(s, rows + ROWS);
    rows[ROWS + SIZES].stream = stream_of(7, 2, "tasks.size");
    struct ahead_seat *first = ahead_join(ahead, rows, ROWS, 0);
    struct ahead_seat *second = ahead_join(ahead, rows + ROWS, ROWS, 0);
    double alone[ROWS][BLOCK];
    for (uint64_t b = 0; b < 100; b++) {
        size_t stride;
        const double *row = ahead_take(first, &stride);
        draw_alone(rows, b * BLOCK, alone);
        assert_memory_equal(row + stride, alone[SIZES], sizeof alone[SIZES]);
        row = ahead_take(second, &stride);
        draw_alone(rows + ROWS, b * BLOCK, alone);
        assert_memory_equal(row, alone[GAPS], sizeof alone[GAPS]);
        assert_memory_equal(row + stride, alone[SIZES], sizeof alone[SIZES]);
    }
    ahead_leave(first);
    ahead_leave(second);
    ahead_free(ahead);
    free(rows);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alone),          cmocka_unit_test(test_side_by_side),
        cmocka_unit_test(test_one_is_slow),    cmocka_unit_test(test_a_crowd),
        cmocka_unit_test(test_rows_of_others),
    };
    return cmocka_run_group_tests_name("ahead", tests, NULL, NULL);
}
