/* Lines, marks, labels and the legend of a panel: what stands over its cells and around them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../plots/frame.h"
#include "../plots/known.h"
#include "../plots/palette.h"
#include "figures.h"

static void test_the_cliff_stands_at_its_value(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 51);
    figure.panels[0].cliff = 2.5;
    struct page page;
    struct canvas *canvas = figure_draw(&figure, &page);
    const struct view *view = &page.views[0];
    int x = (int)floor(view_x(view, axis_place(&figure.x, 2.5)));
    struct box here = {x - 1, view->plot.y, 3, view->plot.h},
               elsewhere = {x + 60, view->plot.y, 3, view->plot.h};
    assert_true(figure_any(canvas, here, spectrogram_cliff_colour));
    assert_false(figure_any(canvas, elsewhere, spectrogram_cliff_colour));
    canvas_del(canvas);
    page_free(&page);
    figure_free(&figure);
}

/* Pixels of ink in the row of a latency. */
static int ink_at(struct canvas *canvas, const struct view *view, double latency)
{
    int y = (int)floor(view_y(view, latency)), ink = 0;
    for (int x = view->plot.x; x < view->plot.x + view->plot.w; x++)
        ink += canvas_pixel(canvas, x, y) == spectrogram_ink;
    return ink;
}

/* A line across every panel, at its latency, named where nothing else stands. */
static void test_the_objective_is_a_line(void **state)
{
    (void)state;
    for (size_t panels = 1; panels <= 3; panels++) {
        struct figure figure = figure_typical(panels, 30);
        figure.objective = 20; /* beyond the data at the left, among them at the right */
        struct page page;
        struct canvas *canvas = figure_draw(&figure, &page);
        for (size_t p = 0; p < panels; p++) {
            const struct view *view = &page.views[p];
            assert_true(ink_at(canvas, view, 20) > view->plot.w / 2);
            assert_true(ink_at(canvas, view, 40) < view->plot.w / 4);
            int y = (int)view_y(view, 20);
            struct box above = {view->plot.x + 2, y - 20, view->plot.w / 4, 15};
            assert_true(figure_any(canvas, above, spectrogram_ink)); /* its name */
        }
        canvas_del(canvas);
        page_free(&page);
        figure.objective = NAN;
        canvas = figure_draw(&figure, &page);
        assert_true(ink_at(canvas, page.views, 20) < page.views->plot.w / 4);
        canvas_del(canvas);
        page_free(&page);
        figure_free(&figure);
    }
}

/* Length of the bar in the marginal's row of a latency. */
static int bar_length(struct canvas *canvas, const struct page *page, double latency)
{
    int y = (int)floor(view_y(page->views, latency)), length = 0;
    while (canvas_pixel(canvas, page->marginal.x + length, y) == 0x5b6f95)
        length++;
    return length;
}

/* Every column counts alike beside the spectrogram, however many tasks it had. */
static void test_the_marginal_weighs_columns_alike(void **state)
{
    (void)state;
    struct figure figure = figure_blank(1, 4);
    double low = heat_edge(4) * 1.02, middle = heat_edge(44) * 1.02, high = heat_edge(84) * 1.02;
    for (int k = 0; k < 3000; k++)
        figure_add(&figure.panels[0].columns[0], low);
    figure_add(&figure.panels[0].columns[1], middle);
    for (int k = 0; k < 8; k++)
        figure_add(&figure.panels[0].columns[2], k % 2 ? middle : high);
    figure.marginal = true; /* and the last column had no tasks */
    figure.colour = COLOUR_LOG_COUNT;
    struct page page;
    struct canvas *canvas = figure_draw(&figure, &page);
    double most = bar_length(canvas, &page, middle);
    assert_true(most > 0.9 * page.marginal.w && most < page.marginal.w);
    assert_true(fabs(bar_length(canvas, &page, low) - most * 2 / 3) <= 1);
    assert_true(fabs(bar_length(canvas, &page, high) - most / 3) <= 1);
    canvas_del(canvas);
    page_free(&page);
    figure_free(&figure);
}

/* It stands between the labels of the lines and the colour bar, as high as the plot. */
static void test_the_marginal_has_its_place(void **state)
{
    (void)state;
    static const int sizes[][2] = {{480, 360}, {1440, 900}, {3000, 1000}};
    for (size_t i = 0; i < 3; i++) {
        struct figure figure = figure_typical(1, 40);
        figure.width = sizes[i][0];
        figure.height = sizes[i][1];
        struct page page;
        canvas_del(figure_draw(&figure, &page));
        assert_int_equal(page.marginal.h, 0);
        page_free(&page);
        figure.marginal = true;
        figure.objective = 20;
        struct canvas *canvas = figure_draw(&figure, &page);
        const struct view *view = page.views;
        struct box box = page.marginal, plot = view->plot;
        double label = canvas_text_width(canvas, "p99.9", view->look.text, false);
        assert_true(box.x > plot.x + plot.w + 31 * view->look.scale + label);
        assert_true(box.x + box.w + 1.4 * view->look.text < page.bar.x);
        assert_int_equal(box.y, plot.y);
        assert_int_equal(box.h, plot.h);
        assert_true(plot.w > figure.width / 4);
        assert_true(figure_any(canvas, (struct box){box.x, (int)view_y(view, 20), box.w, 1},
                               spectrogram_ink));
        canvas_del(canvas);
        page_free(&page);
        figure_free(&figure);
    }
}

/* A line that ends before the plot does is not drawn on to its label in the margin. */
static void test_lines_end_where_they_end(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 20);
    struct page page;
    for (int end = 20; end >= 12; end -= 8) {
        for (int c = end; c < 20; c++)
            for (int q = 0; q < FIGURE_LINES; q++) {
                struct figure_column *column = &figure.panels[0].columns[c];
                column->q[q] = column->low[q] = column->high[q] = NAN;
            }
        struct canvas *canvas = figure_draw(&figure, &page);
        struct box plot = page.views[0].plot;
        struct box margin = {plot.x + plot.w + 2, plot.y, 20, plot.h},
                   right = {plot.x + plot.w * 7 / 10, plot.y, plot.w * 3 / 10, plot.h};
        assert_true(figure_any(canvas, margin, palette_line(MAGMA, 1)) == (end == 20));
        assert_true(figure_any(canvas, right, palette_line(MAGMA, 1)) == (end == 20));
        canvas_del(canvas);
        page_free(&page);
    }
    figure_free(&figure);
}

static double legend_width(const struct figure *figure)
{
    struct page page;
    struct canvas *canvas = figure_draw(figure, &page);
    struct look look = look_of(1440, 900, 1);
    double width =
        frame_legend(canvas, &look, page.views, page.n, 0, 0, INFINITY, LEGEND_PANELS, false).width;
    canvas_del(canvas);
    page_free(&page);
    return width;
}

/* The legend explains what is there, and nothing else. */
static void test_the_legend_says_what_is_drawn(void **state)
{
    (void)state;
    struct figure figure = figure_typical(2, 10);
    double all = legend_width(&figure);
    for (size_t p = 0; p < 2; p++)
        for (int c = 0; c < 10; c++)
            figure.panels[p].columns[c].q[2] = NAN;
    double without = legend_width(&figure);
    assert_true(without < all - 40); /* p99.9 */
    figure.panels[1].columns[4].unfinished = 1;
    assert_true(legend_width(&figure) > without + 80);
    figure_free(&figure);
}

/* Knows a mean in all columns, or in those from `from` on. */
static void know_mean(struct figure *figure, size_t from, double times)
{
    figure->known_exact = "theory: a model";
    for (size_t p = 0; p < figure->n_panels; p++) {
        struct figure_panel *panel = &figure->panels[p];
        panel->known = xcalloc(figure->columns, sizeof *panel->known);
        for (size_t c = 0; c < figure->columns; c++) {
            struct figure_column *column = &panel->columns[c];
            column->mean = 0.5 * column->q[0];
            column->mean_half = 0.01 * column->mean;
            for (int line = 0; line < KNOWN_LINES; line++)
                panel->known[c].latency[line] = NAN;
            if (c >= from)
                panel->known[c].latency[KNOWN_MEAN] = times * column->mean;
        }
    }
}

/* How many of the columns from..to have the colour of what is known near a latency. */
static int known_near(struct canvas *canvas, const struct view *view, size_t from, size_t to,
                      double times)
{
    int n = 0;
    for (size_t c = from; c < to; c++) {
        struct box box = view_column(view, &view->plot, c);
        box.y = (int)view_y(view, times * view->panel->columns[c].mean) - 3;
        box.h = 7;
        n += figure_any(canvas, box, known_colours[KNOWN_MEAN]);
    }
    return n;
}

/* What theory knows is a line of its own, where it knows, in every panel; the measured means are
 * points at their own place. */
static void test_what_is_known_is_a_line(void **state)
{
    (void)state;
    for (size_t panels = 1; panels <= 3; panels += 2) {
        struct figure figure = figure_typical(panels, 30);
        know_mean(&figure, 10, 3);
        struct page page;
        struct canvas *canvas = figure_draw(&figure, &page);
        for (size_t p = 0; p < panels; p++) {
            const struct view *view = &page.views[p];
            assert_int_equal(known_near(canvas, view, 0, 9, 3), 0); /* a gap */
            assert_true(known_near(canvas, view, 10, 30, 3) > 10);
            int points = known_near(canvas, view, 10, 30, 1);
            assert_true(points > 3 && points < 15);
            assert_int_equal(known_near(canvas, view, 0, 9, 1), 0); /* nothing to compare with */
        }
        canvas_del(canvas);
        page_free(&page);
        figure_free(&figure);
    }
}

/* Dots where it is approximate, dashes where it is exact, and an entry in the legend for each. */
static void test_what_is_roughly_known_is_dotted(void **state)
{
    (void)state;
    struct figure figure = figure_typical(2, 30);
    double without = legend_width(&figure);
    know_mean(&figure, 0, 1);
    double exact = legend_width(&figure);
    assert_true(exact > without + 150);
    figure.known_roughly = "roughly: another model";
    assert_true(legend_width(&figure) == exact); /* there is none of it */
    for (size_t c = 10; c < 20; c++)
        figure.panels[1].known[c].approximate = true;
    assert_true(legend_width(&figure) > exact + 100);
    figure_draw_free(&figure);
}

/* A line beyond what was measured is in the picture all the same. */
static void test_the_known_has_room(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 30);
    know_mean(&figure, 0, 1e5);
    struct page page;
    struct canvas *canvas = figure_draw(&figure, &page);
    const struct view *view = &page.views[0];
    assert_true(view_y(view, 1e5 * view->panel->columns[29].mean) > view->cells.y + 2);
    assert_true(known_near(canvas, view, 0, 30, 1e5) > 20);
    canvas_del(canvas);
    page_free(&page);
    figure_free(&figure);
}

/* A single column has it across both of its plots, with its value. */
static void test_a_single_column_has_it_across(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 1);
    struct page page;
    struct canvas *canvas = figure_draw(&figure, &page);
    struct box all = {0, 0, figure.width, figure.height};
    assert_false(figure_any(canvas, all, known_colours[KNOWN_MEAN]));
    canvas_del(canvas);
    know_mean(&figure, 0, 1);
    canvas = figure_draw(&figure, &page);
    int ink = 0;
    for (int x = figure.width / 4; x < figure.width; x++)
        ink += figure_any(canvas, (struct box){x, figure.height / 8, 1, figure.height * 3 / 4},
                          known_colours[KNOWN_MEAN]);
    assert_true(ink > figure.width / 4);
    canvas_del(canvas);
    figure_free(&figure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_cliff_stands_at_its_value),
        cmocka_unit_test(test_the_objective_is_a_line),
        cmocka_unit_test(test_the_marginal_weighs_columns_alike),
        cmocka_unit_test(test_the_marginal_has_its_place),
        cmocka_unit_test(test_lines_end_where_they_end),
        cmocka_unit_test(test_the_legend_says_what_is_drawn),
        cmocka_unit_test(test_what_is_known_is_a_line),
        cmocka_unit_test(test_what_is_roughly_known_is_dotted),
        cmocka_unit_test(test_the_known_has_room),
        cmocka_unit_test(test_a_single_column_has_it_across),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
