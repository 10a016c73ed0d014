/* The grid that is drawn: fixed rows, and every task in one. (Its colours: test_colours.c.) */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/palette.h"
#include "../plots/strips.h"
#include "figures.h"

/* ---- rows and columns ---- */

/* A task alone in each corner: all four are seen, and what lies between is empty. */
static void test_corners(void **state)
{
    (void)state;
    struct figure figure = figure_blank(1, 20);
    struct figure_column *columns = figure.panels[0].columns;
    for (int c = 0; c < 20; c++)
        figure_add(&columns[c], 1); /* no column hatched */
    figure_add(&columns[0], 0.003);
    figure_add(&columns[19], 0.003);
    figure_add(&columns[0], 5000);
    figure_add(&columns[19], 5000);
    for (int c = 0; c < 20; c++)
        columns[c].max = 0; /* no marks over the cells */
    struct page page;
    struct canvas *canvas = figure_draw(&figure, &page);
    const struct view *view = &page.views[0];
    const struct heat *heat = &view->heat;
    size_t n = (size_t)heat->rows.n;
    size_t filled = 0;
    for (size_t c = 0; c < 20; c++)
        for (size_t row = 0; row < n; row++) {
            bool full = heat->value[c * n + row] > 0;
            filled += full;
            assert_true(
                full ==
                (palette_find(MAGMA, figure_pixel(canvas, view_cell(view, c, (int)row))) >= 0));
        }
    assert_int_equal(filled, 24);
    assert_int_equal(heat->columns, 20);
    /* the corner cells touch the edges of the plot */
    struct box first = view_cell(view, 0, 0), last = view_cell(view, 19, (int)n - 1);
    assert_int_equal(first.x, view->cells.x);
    assert_int_equal(first.y + first.h, view->cells.y + view->cells.h);
    assert_int_equal(last.x + last.w, view->cells.x + view->cells.w);
    assert_int_equal(last.y, view->cells.y);
    canvas_del(canvas);
    page_free(&page);
    figure_free(&figure);
}

/* Cells cover the plot: each pixel belongs to one. */
static void test_cells_tile(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 137);
    struct page page;
    canvas_del(figure_draw(&figure, &page));
    const struct view *view = &page.views[0];
    int x = view->cells.x, y = view->cells.y + view->cells.h;
    for (size_t c = 0; c < view->heat.columns; c++) {
        struct box box = view_cell(view, c, 0);
        assert_int_equal(box.x, x);
        assert_true(box.w > 0);
        x += box.w;
    }
    for (int row = 0; row < view->heat.rows.n; row++) {
        struct box box = view_cell(view, 0, row);
        assert_int_equal(box.y + box.h, y);
        assert_true(box.h > 0);
        y -= box.h;
    }
    assert_int_equal(x, view->cells.x + view->cells.w);
    assert_int_equal(y, view->cells.y);
    page_free(&page);
    figure_free(&figure);
}

/* A row's edges are where the axis says they are. */
static void test_rows_stand_on_the_axis(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 30);
    struct page page;
    canvas_del(figure_draw(&figure, &page));
    const struct view *view = &page.views[0];
    const struct heat_rows *rows = &view->heat.rows;
    for (int row = 0; row < rows->n; row++) {
        struct box box = view_cell(view, 3, row);
        double low = heat_edge(rows->low + row * rows->step);
        assert_true(fabs(view_y(view, low) - (box.y + box.h)) <= 1);
    }
    for (size_t i = 0; i < page.shared.latency.n; i++) {
        const struct tick *tick = &page.shared.latency.tick[i];
        double y = view->cells.y + view->cells.h * (1 - tick->place);
        assert_true(fabs(view_y(view, tick->value) - y) < 1e-6);
    }
    page_free(&page);
    figure_free(&figure);
}

/* The objective has a row, wherever the data are; a cut below them gives way to it. */
static void test_the_objective_is_in_range(void **state)
{
    (void)state;
    static const double objectives[] = {1e-6, 0.02, 0.25, 3, 1e5};
    for (size_t i = 0; i < sizeof objectives / sizeof *objectives; i++)
        for (int seldom = 0; seldom < 2; seldom++) {
            struct figure figure = figure_blank(1, 2);
            for (int k = 0; k < 1000; k++)
                figure_add(&figure.panels[0].columns[k % 2], 1 + 0.01 * k);
            if (seldom)
                figure_add(&figure.panels[0].columns[0], 1e-4);
            struct heat_rows without = heat_rows_of(&figure, 700);
            assert_true(without.mark[HEAT_UNDER] == seldom);
            figure.objective = objectives[i];
            struct heat_rows rows = heat_rows_of(&figure, 700);
            assert_true(heat_edge(rows.low) < objectives[i] &&
                        objectives[i] < heat_edge(rows.high));
            assert_true(rows.high >= without.high);
            assert_true(rows.mark[HEAT_UNDER] == (heat_edge(rows.low) > 1e-4 && seldom));
            figure_free(&figure);
        }
}

/* The edges do not depend on the data. */
static void test_rows_are_fixed(void **state)
{
    (void)state;
    struct figure a = figure_blank(1, 2), b = figure_blank(1, 2);
    figure_add(&a.panels[0].columns[0], 0.1);
    figure_add(&b.panels[0].columns[0], 17.3);
    figure_add(&b.panels[0].columns[1], 4e5);
    struct heat_rows ra = heat_rows_of(&a, 700), rb = heat_rows_of(&b, 700);
    assert_int_equal(ra.step, 1);
    assert_int_equal(rb.step, 1);
    assert_true(fabs(heat_edge(HEAT_PER_DECADE) - 10) < 1e-12);
    /* few pixels: neighbours are drawn as one, on the same edges */
    struct heat_rows few = heat_rows_of(&b, 100);
    assert_true(few.step > 1 && few.n <= 100 && few.low % few.step == 0);
    figure_free(&a);
    figure_free(&b);
}

/* Rows that hold next to nothing at the lower end become one marked row, and nothing is lost. */
static void test_the_rare_and_fast_share_a_row(void **state)
{
    (void)state;
    struct figure figure = figure_blank(1, 1);
    struct figure_column *column = &figure.panels[0].columns[0];
    for (int i = 0; i < 3000; i++)
        figure_add(column, 1 + 0.001 * i);
    figure_add(column, 2e-6);
    struct heat_rows rows = heat_rows_of(&figure, 700);
    struct heat heat = heat_of(&figure, &figure.panels[0], &rows, 10);
    assert_true(rows.mark[HEAT_UNDER]);
    assert_int_equal(rows.low, 0); /* 1 s */
    assert_true(fabs(heat.mark[0][HEAT_UNDER] - 1.0 / 3001) < 1e-12);
    heat_free(&heat);
    for (int i = 0; i < 20; i++) /* no longer rare */
        figure_add(column, 2e-6);
    rows = heat_rows_of(&figure, 700);
    assert_false(rows.mark[HEAT_UNDER]);
    assert_true(heat_edge(rows.low) < 2e-6);
    figure_free(&figure);
}

/* ---- sums ---- */

static double column_sum(const struct heat *heat, size_t column)
{
    double sum = 0;
    for (int row = 0; row < heat->rows.n; row++)
        sum += heat->value[column * (size_t)heat->rows.n + (size_t)row];
    for (int m = 0; m < HEAT_MARKS; m++)
        sum += heat->mark[column][m];
    return sum;
}

static void test_sums(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 40);
    struct figure_column *columns = figure.panels[0].columns;
    histogram_add(&columns[3].latency, 0);
    columns[3].completed++;
    histogram_add(&columns[4].latency, 1e-12);
    columns[4].completed++;
    histogram_add(&columns[5].latency, 1e12);
    columns[5].completed++;
    columns[6].unfinished = 500;
    for (int colour = COLOUR_DENSITY; colour <= COLOUR_INTENSITY; colour++) {
        figure.colour = colour;
        struct heat_rows rows = heat_rows_of(&figure, 600);
        struct heat heat = heat_of(&figure, &figure.panels[0], &rows, 800);
        for (size_t c = 0; c < 40; c++) {
            double tasks = (double)columns[c].completed + (double)columns[c].unfinished;
            double sum = column_sum(&heat, c);
            if (colour == COLOUR_DENSITY || colour == COLOUR_INTENSITY)
                assert_true(fabs(sum - 1) < 1e-12);
            else if (colour == COLOUR_LOG_COUNT)
                assert_true(fabs(sum - tasks) < 1e-9 * tasks);
        }
        assert_true(rows.mark[HEAT_ZERO] && rows.mark[HEAT_UNDER] && rows.mark[HEAT_OVER] &&
                    rows.mark[HEAT_UNFINISHED]);
        heat_free(&heat);
    }
    figure_free(&figure);
}

/* A bucket that reaches over a row's edge is shared out in proportion, in whole tasks. */
static void test_a_bucket_is_shared_out(void **state)
{
    (void)state;
    struct figure figure = figure_blank(1, 1);
    const double low = 1 + 7.0 / 128, high = 1 + 8.0 / 128, edge = pow(10, 1.0 / 40);
    assert_true(low < edge && edge < high);
    for (int i = 0; i < 10; i++)
        figure_add(&figure.panels[0].columns[0], (low + high) / 2);
    figure_add(&figure.panels[0].columns[0], low * 0.999); /* it is not alone */
    figure_add(&figure.panels[0].columns[0], high * 1.001);
    struct heat_rows rows = heat_rows_of(&figure, 700);
    struct heat heat = heat_of(&figure, &figure.panels[0], &rows, 10);
    double share = round(10 * (edge - low) / (high - low)) / 10;
    assert_true(share > 0.1 && share < 0.9);
    assert_true(fabs(heat.value[0 - rows.low] - (10 * share + 1) / 12) < 1e-12);
    assert_true(fabs(heat.value[1 - rows.low] - (10 * (1 - share) + 1) / 12) < 1e-12);
    heat_free(&heat);
    figure_free(&figure);
}

/* One latency, to the rounding of the clock, is one band: the row that begins with it. */
static void test_one_value_is_one_band(void **state)
{
    (void)state;
    static const double values[] = {0.001, 1, 0.5, 0.01, 10, 0.125, 0.007};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct figure figure = figure_blank(1, 1);
        for (int k = -8; k <= 8; k++)
            figure_add(&figure.panels[0].columns[0], values[i] * (1 + k * 1e-14));
        struct heat_rows rows = heat_rows_of(&figure, 700);
        struct heat heat = heat_of(&figure, &figure.panels[0], &rows, 10);
        int filled = 0;
        for (int row = 0; row < rows.n; row++)
            if (heat.value[row] > 0) {
                filled++;
                assert_true(heat_edge(rows.low + row) <= values[i] * (1 + 1e-9));
                assert_true(heat_edge(rows.low + row + 1) > values[i]);
            }
        assert_int_equal(filled, 1);
        heat_free(&heat);
        figure_free(&figure);
    }
}

/* A range that is given holds whatever the data are; what lies beyond has rows of its own. */
static void test_fixed_ranges(void **state)
{
    (void)state;
    struct figure figure = figure_blank(1, 1);
    struct figure_column *column = &figure.panels[0].columns[0];
    for (int k = 0; k < 100; k++)
        figure_add(column, 1e-4 * pow(1.2, k)); /* 100 us to 2 h */
    figure.latency_low = 1e-3;
    figure.latency_high = 60;
    figure.rows_per_decade = 10;
    figure.colour_low = 1e-4;
    figure.colour_high = 0.01;
    struct heat_rows rows = heat_rows_of(&figure, 700);
    assert_true(fabs(heat_edge(rows.low) / 1e-3 - 1) < 1e-9 && rows.step == 4);
    assert_true(heat_edge(rows.high) >= 60 && heat_edge(rows.high - rows.step) < 60);
    assert_true(rows.mark[HEAT_UNDER] && rows.mark[HEAT_OVER]);
    struct heat heat = heat_of(&figure, &figure.panels[0], &rows, 10);
    assert_true(fabs(column_sum(&heat, 0) - 1) < 1e-12);
    double under = 0;
    for (int k = 0; k < 100; k++)
        under += 1e-4 * pow(1.2, k) < 1e-3;
    assert_true(fabs(heat.mark[0][HEAT_UNDER] - under / 100) < 0.011);
    struct heat_scale scale = heat_scale_of(&figure, &heat, 1);
    assert_true(scale.low == 1e-4 && scale.high == 0.01 && scale.above && !scale.below);
    heat_free(&heat);
    figure_free(&figure);
}

/* No cell shows a part of a task. */
static void test_cells_hold_whole_tasks(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 12);
    figure.colour = COLOUR_LOG_COUNT;
    struct heat_rows rows = heat_rows_of(&figure, 600);
    struct heat heat = heat_of(&figure, &figure.panels[0], &rows, 800);
    for (size_t i = 0; i < heat.columns * (size_t)rows.n; i++)
        assert_true(heat.value[i] == floor(heat.value[i]));
    heat_free(&heat);
    figure_free(&figure);
}

/* More columns than pixels: neighbours share one, and nobody is left out. */
static void test_many_columns(void **state)
{
    (void)state;
    struct figure figure = figure_blank(1, 5000);
    for (int c = 0; c < 5000; c++)
        figure_add(&figure.panels[0].columns[c], 1 + c % 7);
    figure.colour = COLOUR_LOG_COUNT;
    struct heat_rows rows = heat_rows_of(&figure, 300);
    struct heat heat = heat_of(&figure, &figure.panels[0], &rows, 400);
    assert_int_equal(heat.columns, 400);
    double sum = 0;
    for (size_t c = 0; c < heat.columns; c++)
        sum += column_sum(&heat, c);
    assert_true(fabs(sum - 5000) < 1e-6);
    heat_free(&heat);
    figure.width = 480;
    figure.height = 360;
    figure_draw_free(&figure);
}

/* The median lies in the row in which half of the column is reached. */
static void test_quantiles_agree_with_the_cells(void **state)
{
    (void)state;
    static const double p[FIGURE_LINES] = {0.5, 0.99, 0.999};
    struct figure figure = figure_typical(1, 25);
    struct heat_rows rows = heat_rows_of(&figure, 600);
    struct heat heat = heat_of(&figure, &figure.panels[0], &rows, 800);
    for (size_t c = 0; c < 25; c++)
        for (int q = 0; q < FIGURE_LINES; q++) {
            double below = heat.mark[c][HEAT_UNDER];
            for (int row = 0; row < rows.n; row++) {
                double value = heat.value[c * (size_t)rows.n + (size_t)row];
                double at = figure.panels[0].columns[c].q[q];
                if (heat_edge(rows.low + row) <= at && at < heat_edge(rows.low + row + 1)) {
                    assert_true(below <= p[q] + 1e-3);
                    assert_true(below + value >= p[q] - 1e-3);
                }
                below += value;
            }
        }
    heat_free(&heat);
    figure_free(&figure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corners),
        cmocka_unit_test(test_cells_tile),
        cmocka_unit_test(test_rows_stand_on_the_axis),
        cmocka_unit_test(test_the_objective_is_in_range),
        cmocka_unit_test(test_rows_are_fixed),
        cmocka_unit_test(test_the_rare_and_fast_share_a_row),
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_a_bucket_is_shared_out),
        cmocka_unit_test(test_cells_hold_whole_tasks),
        cmocka_unit_test(test_one_value_is_one_band),
        cmocka_unit_test(test_fixed_ranges),
        cmocka_unit_test(test_many_columns),
        cmocka_unit_test(test_quantiles_agree_with_the_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
