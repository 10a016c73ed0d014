/* sim/engine/cell.h and sim/engine/recorder.h: what is counted of each task. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "../sim/engine/recorder.h"

static void an_empty_cell_says_so(void **state)
{
    (void)state;
    struct cell cell;
    cell_init(&cell);
    assert_int_equal(cell.offered + cell.completed + cell_lost(&cell), 0);
    assert_true(cell.latency_max == 0 && cell.latency_min == INFINITY);
    cell_free(&cell);
}

static void a_label_leads_back_to_the_cell_of_arrival(void **state)
{
    (void)state;
    struct cell cells[6];
    for (int i = 0; i < 6; i++)
        cell_init(&cells[i]);
    struct recorder r = {.cells = cells, .classes = 2, .slot = UNMEASURED};
    uint32_t before = recorder_offer(&r, 1, 5);
    assert_int_equal(before, UNMEASURED);
    r.slot = 2;
    uint32_t first = recorder_offer(&r, 1, 3), second = recorder_offer(&r, 1, 4);
    uint32_t lost = recorder_offer(&r, 1, 1);
    r.slot = 0;
    uint32_t other = recorder_offer(&r, 0, 9);
    assert_int_equal(r.outstanding, 4);
    recorder_complete(&r, before, 1, 6);
    recorder_complete(&r, first, 0, 3);
    recorder_complete(&r, second, 0.5, 4.5);
    recorder_lose(&r, lost, LOSS_DROPPED_OLDEST);
    assert_int_equal(r.outstanding, 1);
    const struct cell *cell = &cells[5];
    assert_int_equal(cell->offered, 3);
    assert_int_equal(cell->completed, 2);
    assert_int_equal(cell->lost[LOSS_DROPPED_OLDEST], 1);
    assert_int_equal(cell_lost(cell), 1);
    assert_int_equal(cell_unfinished(cell), 0);
    assert_int_equal(cell_unfinished(&cells[0]), 1);
    assert_int_equal(cell->wait.zero, 1);
    assert_int_equal(histogram_total(&cell->wait), 2);
    assert_int_equal(histogram_total(&cell->latency), 2);
    assert_true(cell->latency_min == 3 && cell->latency_max == 4.5);
    assert_true(cell->wait_sum == 0.5 && cell->latency_sum == 7.5);
    assert_true(cell->size_sum == 8 && cell->size_max == 4 && cell->size_square == 26);
    recorder_lose(&r, other, LOSS_REJECTED);
    assert_int_equal(cells[0].lost[LOSS_REJECTED], 1);
    for (int i = 0; i < 6; i++)
        cell_free(&cells[i]);
}

static void merging_adds_counts_and_keeps_extremes(void **state)
{
    (void)state;
    struct cell a, b;
    cell_init(&a);
    cell_init(&b);
    struct recorder r = {.cells = &a, .classes = 1};
    recorder_complete(&r, recorder_offer(&r, 0, 2), 1, 3);
    recorder_lose(&r, recorder_offer(&r, 0, 2), LOSS_REJECTED);
    r.cells = &b;
    recorder_complete(&r, recorder_offer(&r, 0, 7), 0, 7);
    recorder_offer(&r, 0, 1);
    cell_merge(&a, &b);
    assert_int_equal(a.offered, 4);
    assert_int_equal(a.completed, 2);
    assert_int_equal(cell_lost(&a), 1);
    assert_int_equal(cell_unfinished(&a), 1);
    assert_int_equal(histogram_total(&a.latency), 2);
    assert_true(a.latency_min == 3 && a.latency_max == 7 && a.latency_sum == 10);
    assert_true(a.size_sum == 12 && a.size_max == 7 && a.size_square == 58);
    cell_free(&a);
    cell_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_cell_says_so),
        cmocka_unit_test(a_label_leads_back_to_the_cell_of_arrival),
        cmocka_unit_test(merging_adds_counts_and_keeps_extremes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
