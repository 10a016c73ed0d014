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

static uint32_t offer(struct recorder *r, uint32_t class, double size)
{
    r->outstanding += recorder_offer(*r, 1, &(uint16_t){(uint16_t) class}, &size);
    return label_of(recorder_labels(r), class);
}

/* Many at once count as one by one, to the bit. */
static void arrivals_are_counted_in_any_portions(void **state)
{
    (void)state;
    static const uint16_t class[7] = {0, 1, 1, 0, 2, 0, 1};
    static const double size[7] = {0.1, 0.7, 1e-3, 3, 0.3, 0.2, 1e3};
    for (uint32_t classes = 1; classes <= 3; classes += 2) {
        struct cell cells[2][3] = {0};
        struct recorder one = {.cells = cells[0], .classes = classes}, many = one;
        many.cells = cells[1];
        for (int i = 0; i < 7; i++)
            offer(&one, classes > 1 ? class[i] : 0, size[i]);
        many.outstanding += recorder_offer(many, 3, class, size);
        many.outstanding += recorder_offer(many, 0, class + 3, size + 3);
        many.outstanding += recorder_offer(many, 4, class + 3, size + 3);
        assert_int_equal(one.outstanding, 7);
        assert_int_equal(many.outstanding, 7);
        assert_memory_equal(cells[0], cells[1], sizeof cells[0]);
    }
}

static void a_label_leads_back_to_the_cell_of_arrival(void **state)
{
    (void)state;
    struct cell cells[6];
    for (int i = 0; i < 6; i++)
        cell_init(&cells[i]);
    struct recorder r = {.cells = cells, .classes = 2, .slot = UNMEASURED};
    uint32_t before = offer(&r, 1, 5);
    assert_int_equal(before, UNMEASURED);
    r.slot = 2;
    uint32_t first = offer(&r, 1, 3), second = offer(&r, 1, 4);
    uint32_t lost = offer(&r, 1, 1);
    r.slot = 0;
    uint32_t other = offer(&r, 0, 9);
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
    recorder_complete(&r, offer(&r, 0, 2), 1, 3);
    recorder_lose(&r, offer(&r, 0, 2), LOSS_REJECTED);
    r.cells = &b;
    recorder_complete(&r, offer(&r, 0, 7), 0, 7);
    offer(&r, 0, 1);
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

/* Packed or not, a cell says the same. */
static void a_packed_cell_merges_alike(void **state)
{
    (void)state;
    struct cell cell, into;
    cell_init(&cell);
    cell_init(&into);
    struct recorder r = {.cells = &cell, .classes = 1};
    recorder_complete(&r, offer(&r, 0, 2), 1, 3);
    recorder_complete(&r, offer(&r, 0, 7), 0, 7);
    cell_pack(&cell);
    assert_int_equal(histogram_total(&cell.wait), 0);
    assert_int_equal(cell.packed_wait.total, 2);
    cell_pack(&cell); /* once is enough */
    cell_merge(&into, &cell);
    assert_int_equal(into.wait.zero, 1);
    assert_int_equal(histogram_count(&into.latency, (int)histogram_index(7)), 1);
    cell_unpack(&cell);
    cell_unpack(&cell);
    assert_null(cell.packed_latency.bytes);
    assert_int_equal(histogram_total(&cell.latency), 2);
    assert_int_equal(histogram_count(&cell.wait, (int)histogram_index(1)), 1);
    cell_free(&cell);
    cell_free(&into);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_cell_says_so),
        cmocka_unit_test(arrivals_are_counted_in_any_portions),
        cmocka_unit_test(a_label_leads_back_to_the_cell_of_arrival),
        cmocka_unit_test(merging_adds_counts_and_keeps_extremes),
        cmocka_unit_test(a_packed_cell_merges_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
