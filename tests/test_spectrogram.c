/* What a panel shows besides its cells: marked rows, hatches, strips, points; and panels beside
 * each other. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/frame.h"
#include "../plots/palette.h"
#include "../plots/strips.h"
#include "figures.h"

/* ---- marked rows, hatches, strips ---- */

static bool hatched(struct canvas *canvas, struct box box)
{
    int ink = 0, ground = 0;
    for (int y = box.y; y < box.y + box.h; y++)
        for (int x = box.x; x < box.x + box.w; x++) {
            uint32_t c = canvas_pixel(canvas, x, y);
            if (c == spectrogram_hatch)
                ink++;
            else if (c == 0xffffff)
                ground++;
        }
    return ink > 10 && ground > ink;
}

static void test_missing_is_drawn_as_missing(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 20);
    struct figure_column *column = &figure.panels[0].columns[7];
    histogram_free(&column->latency);
    *column = (struct figure_column){.offered = 10, .unfinished = 10, .utilization = NAN};
    for (int q = 0; q < FIGURE_LINES; q++)
        column->q[q] = column->low[q] = column->high[q] = NAN;
    struct page page;
    struct canvas *canvas = figure_draw(&figure, &page);
    const struct view *view = &page.views[0];
    assert_true(hatched(canvas, view_column(view, &view->cells, 7)));
    struct box other = view_column(view, &view->cells, 2);
    other.h /= 3; /* empty, above the data */
    assert_false(hatched(canvas, other));
    /* all of column 7 is unfinished: its mark has the top colour under the hatch */
    assert_true(view->mark[HEAT_UNFINISHED].h > 0);
    assert_true(view->heat.mark[7][HEAT_UNFINISHED] == 1);
    struct box mark = view_column(view, &view->mark[HEAT_UNFINISHED], 7);
    bool found = false;
    for (int x = mark.x; x < mark.x + mark.w; x++)
        found |= palette_find(MAGMA, canvas_pixel(canvas, x, mark.y + 2)) == PALETTE_ENTRIES - 1;
    assert_true(found);
    canvas_del(canvas);
    page_free(&page);
    figure_free(&figure);
}

/* Rows of their own, inside the plot, not touching the grid, and only where there is anything. */
static void test_marked_rows(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 10);
    struct page page;
    canvas_del(figure_draw(&figure, &page));
    for (int m = 0; m < HEAT_MARKS; m++)
        assert_int_equal(page.views[0].mark[m].h, 0);
    page_free(&page);
    struct figure_column *column = &figure.panels[0].columns[1];
    figure_add(column, 0);
    figure_add(column, 1e-11);
    figure_add(column, 1e11);
    column->unfinished = 3;
    canvas_del(figure_draw(&figure, &page));
    const struct view *view = &page.views[0];
    int above = 0, below = 0;
    for (int m = 0; m < HEAT_MARKS; m++) {
        const struct box *box = &view->mark[m];
        assert_true(box->h >= 10);
        assert_true(box->y >= view->plot.y && box->y + box->h <= view->plot.y + view->plot.h);
        above += box->y + box->h < view->cells.y;
        below += box->y > view->cells.y + view->cells.h;
    }
    assert_int_equal(above, 2);
    assert_int_equal(below, 2);
    assert_true(view_y(view, 0) > view_y(view, 1e-11));
    assert_true(view_y(view, 1e11) < view_y(view, 100));
    page_free(&page);
    figure_free(&figure);
}

static void test_loss_has_a_strip(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 10);
    struct page page;
    canvas_del(figure_draw(&figure, &page));
    assert_int_equal(page.views[0].strip[STRIP_LOST].h, 0);
    assert_int_equal(page.views[0].strip[STRIP_TASKS].h, 0);
    page_free(&page);
    figure.panels[0].columns[9].lost = 2000; /* half of what was offered */
    figure.panels[0].columns[9].offered += 2000;
    struct canvas *canvas = figure_draw(&figure, &page);
    const struct view *view = &page.views[0];
    const struct box *lost = &view->strip[STRIP_LOST];
    assert_true(lost->h > 20 && view->strip[STRIP_TASKS].h > 10); /* tasks differ as well now */
    assert_true(fabs(page.shared.strip_top[STRIP_LOST] - 0.5) < 1e-12);
    struct box full = view_column(view, lost, 9), none = view_column(view, lost, 8);
    assert_int_equal(canvas_pixel(canvas, full.x + 1, full.y), strips_colour[STRIP_LOST]);
    assert_int_equal(canvas_pixel(canvas, none.x + 1, none.y + none.h - 1), 0xffffff);
    canvas_del(canvas);
    page_free(&page);
    figure_free(&figure);
}

/* Six served of ten that arrive: a strip with both, where columns stand for themselves. */
static void test_throughput_has_a_strip(void **state)
{
    (void)state;
    struct figure figure = figure_typical(2, 10);
    for (size_t p = 0; p < 2; p++)
        for (int c = 0; c < 10; c++)
            figure.panels[p].columns[c].arrival_rate = figure.panels[p].columns[c].throughput = 10;
    struct figure_column *column = &figure.panels[1].columns[9];
    struct page page;
    column->throughput = 6; /* but the column is stable and lost nothing: chance */
    canvas_del(figure_draw(&figure, &page));
    assert_int_equal(page.views[0].strip[STRIP_THROUGHPUT].h, 0);
    page_free(&page);
    column->unstable = true;
    struct canvas *canvas = figure_draw(&figure, &page);
    double top = page.shared.strip_top[STRIP_THROUGHPUT];
    assert_true(top >= 10 && top <= 13);
    for (size_t p = 0; p < 2; p++) { /* in both panels, on one scale */
        const struct view *view = &page.views[p];
        struct box box = view_column(view, &view->strip[STRIP_THROUGHPUT], 9);
        assert_true(box.h > 20 && box.y >= view->plot.y + view->plot.h);
        int bars = 0;
        for (int y = box.y; y < box.y + box.h; y++)
            bars += canvas_pixel(canvas, box.x + 2, y) == strips_colour[STRIP_THROUGHPUT];
        assert_true(fabs(bars - (p ? 6 : 10) / top * box.h) <= 2.5);
        /* the line of the arrival rate */
        int line = (int)floor(box.y + box.h * (1 - 10 / top));
        assert_true((canvas_pixel(canvas, box.x + 2, line) & 255) < 120);
    }
    canvas_del(canvas);
    page_free(&page);
    figure.time = 1e6; /* a drift */
    canvas_del(figure_draw(&figure, &page));
    assert_int_equal(page.views[0].strip[STRIP_THROUGHPUT].h, 0);
    page_free(&page);
    figure_free(&figure);
}

/* Where there is little room, losses are told of and the rest gives way. */
static void test_strips_leave_room(void **state)
{
    (void)state;
    struct figure figure = figure_typical(4, 10);
    for (int c = 0; c < 10; c++) {
        struct figure_column *column = &figure.panels[2].columns[c];
        column->offered += column->lost = 200 * (uint64_t)c;
        column->arrival_rate = 10;
        column->throughput = 10.0 - c;
    }
    figure.width = 480;
    figure.height = 360;
    struct page page;
    canvas_del(figure_draw(&figure, &page));
    for (size_t p = 0; p < 4; p++) {
        const struct view *view = &page.views[p];
        assert_true(view->strip[STRIP_LOST].h >= 10);
        assert_int_equal(view->strip[STRIP_THROUGHPUT].h, 0);
        assert_int_equal(view->strip[STRIP_TASKS].h, 0);
        assert_true(view->plot.h > view->strip[STRIP_LOST].h);
    }
    page_free(&page);
    figure_free(&figure);
}

/* The slowest task of each column is marked at its place. */
static void test_the_slowest_task_is_there(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 50);
    figure_add(&figure.panels[0].columns[12], 3e6);
    struct page page;
    struct canvas *canvas = figure_draw(&figure, &page);
    const struct view *view = &page.views[0];
    struct box column = view_column(view, &view->cells, 12);
    int y = (int)lround(view_y(view, 3e6));
    assert_true(y > view->cells.y);
    assert_true(figure_any(canvas, (struct box){column.x, y - 2, column.w, 5}, spectrogram_max));
    canvas_del(canvas);
    page_free(&page);
    figure_free(&figure);
}

/* ---- panels ---- */

/* Labels at the ends of axes keep out of the middle between two panels. */
static void test_labels_of_neighbours_keep_apart(void **state)
{
    (void)state;
    struct figure figure = figure_typical(2, 61);
    figure.x.unit = UNIT_SHARE;
    figure.x.layout = AXIS_SLICES;
    figure.x.from = 0;
    figure.x.to = 20;
    struct page page;
    struct canvas *canvas = figure_draw(&figure, &page);
    struct box a = page.views[0].plot, b = page.views[1].plot;
    int middle = (a.x + a.w + b.x) / 2;
    for (int y = a.y; y < a.y + a.h + 24; y++)
        for (int x = middle - 1; x <= middle + 1; x++)
            assert_int_equal(canvas_pixel(canvas, x, y), 0xffffff);
    struct box label = {b.x - 12, a.y + a.h + 8, 60, 16};
    assert_true(figure_any(canvas, label, spectrogram_ink) ||
                figure_pixel(canvas, label) != 0xffffff);
    canvas_del(canvas);
    page_free(&page);
    figure_free(&figure);
}

/* The same data under different titles: the same pixels but for the titles. */
static void test_equal_panels_are_equal(void **state)
{
    (void)state;
    struct figure figure = figure_typical(3, 40);
    figure.panels[0].title = "one";
    figure.panels[1].title = "two";
    figure.panels[2].title = "three";
    struct page page;
    struct canvas *canvas = figure_draw(&figure, &page);
    struct box a = page.views[0].plot;
    for (int i = 1; i < 3; i++) {
        struct box b = page.views[i].plot;
        assert_int_equal(a.w, b.w);
        assert_int_equal(a.h, b.h);
        assert_int_equal(a.y, b.y);
        for (int y = 0; y < a.h; y++)
            for (int x = 0; x < a.w; x++)
                assert_int_equal(canvas_pixel(canvas, a.x + x, a.y + y),
                                 canvas_pixel(canvas, b.x + x, b.y + y));
    }
    canvas_del(canvas);
    page_free(&page);
    figure_free(&figure);
}

static void test_panels_do_not_overlap(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 12; n++) {
        struct figure figure = figure_typical(n, 6);
        for (size_t i = 0; i < n && n > 1; i++)
            figure.panels[i].title = "a panel";
        struct page page;
        struct canvas *canvas = figure_draw(&figure, &page);
        int height = canvas_height(canvas);
        assert_int_equal(height, n <= 6 ? 900 : n <= 9 ? 1350 : 1800); /* the page grows */
        canvas_del(canvas);
        for (size_t i = 0; i < n; i++) {
            struct box a = page.views[i].plot;
            assert_true(a.w > 250 && a.h > 150);
            assert_true(a.x > 0 && a.x + a.w < page.bar.x && a.y + a.h < height);
            for (size_t k = 0; k < i; k++) {
                struct box b = page.views[k].plot;
                assert_true(a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h ||
                            b.y >= a.y + a.h);
            }
        }
        page_free(&page);
        figure_free(&figure);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_missing_is_drawn_as_missing),
        cmocka_unit_test(test_marked_rows),
        cmocka_unit_test(test_loss_has_a_strip),
        cmocka_unit_test(test_throughput_has_a_strip),
        cmocka_unit_test(test_strips_leave_room),
        cmocka_unit_test(test_the_slowest_task_is_there),
        cmocka_unit_test(test_labels_of_neighbours_keep_apart),
        cmocka_unit_test(test_equal_panels_are_equal),
        cmocka_unit_test(test_panels_do_not_overlap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
