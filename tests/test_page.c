/* Pages of any size, with any text, of any figure; the same every time. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/palette.h"
#include "figures.h"

/* ---- odd figures ---- */

static void test_odd_figures(void **state)
{
    (void)state;
    struct figure nothing = figure_blank(1, 5);
    figure_draw_free(&nothing);

    struct figure alone = figure_blank(1, 3);
    figure_add(&alone.panels[0].columns[1], 1);
    figure_draw_free(&alone);

    struct figure over = figure_blank(1, 2);
    for (int i = 0; i < 2; i++)
        figure_add(&over.panels[0].columns[i], INFINITY);
    figure_draw_free(&over);

    struct figure zero = figure_blank(2, 4);
    zero.panels[0].title = zero.panels[1].title = "";
    for (int i = 0; i < 4; i++)
        figure_add(&zero.panels[1].columns[i], 0);
    figure_draw_free(&zero);

    struct figure one = figure_typical(1, 1); /* a column alone: its distribution */
    figure_draw_free(&one);
    struct figure empty = figure_blank(1, 1);
    figure_draw_free(&empty);
    struct figure wide = figure_blank(1, 2); /* the whole range of the histogram */
    figure_add(&wide.panels[0].columns[0], 1e-9);
    figure_add(&wide.panels[0].columns[1], 1.7e10);
    figure_draw_free(&wide);
}

static void test_odd_texts(void **state)
{
    (void)state;
    char *longest = xmalloc(5001);
    for (int i = 0; i < 5000; i++)
        longest[i] = i % 9 == 8 ? ' ' : 'W';
    longest[5000] = '\0';
    static const char *const titles[] = {
        "", "\xff\xfe broken \xc3", "line\nbreak\ttab",
        "\xe4\xbb\xbb\xe5\x8b\x99\xe3\x81\xae\xe5\xbe\x85\xe6\xa9\x9f"};
    for (size_t i = 0; i < 4; i++) {
        struct figure figure = figure_typical(1, 8);
        figure.title = figure.footer = figure.subtitle = figure.x_name = titles[i];
        figure_draw_free(&figure);
    }
    struct figure figure = figure_typical(2, 8);
    figure.title = figure.footer = figure.subtitle = figure.x_name = figure.x_short = longest;
    figure.panels[0].title = figure.panels[1].title = longest;
    struct page page;
    struct canvas *canvas = figure_draw(&figure, &page);
    assert_true(page.views[0].plot.h > 200);  /* texts give way, not the data */
    for (int y = 0; y < figure.height; y++) { /* nothing runs out at the sides */
        assert_int_equal(canvas_pixel(canvas, 0, y), 0xffffff);
        assert_int_equal(canvas_pixel(canvas, figure.width - 1, y), 0xffffff);
    }
    canvas_del(canvas);
    page_free(&page);
    figure_free(&figure);
    free(longest);
}

static void test_any_size(void **state)
{
    (void)state;
    static const int sizes[][2] = {{320, 240}, {480, 360}, {800, 500}, {1440, 900}, {2400, 1200}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct figure figure = figure_typical(1, 200);
        figure.width = sizes[i][0];
        figure.height = sizes[i][1];
        struct page page;
        struct canvas *canvas = figure_draw(&figure, &page);
        struct box plot = page.views[0].plot;
        assert_true(plot.w > figure.width / 3 && plot.h > figure.height / 4);
        for (int y = 0; y < figure.height; y++) {
            assert_int_equal(canvas_pixel(canvas, 0, y), 0xffffff);
            assert_int_equal(canvas_pixel(canvas, figure.width - 1, y), 0xffffff);
        }
        for (int x = 0; x < figure.width; x++) {
            assert_int_equal(canvas_pixel(canvas, x, 0), 0xffffff);
            assert_int_equal(canvas_pixel(canvas, x, figure.height - 1), 0xffffff);
        }
        canvas_del(canvas);
        page_free(&page);
        figure_free(&figure);
    }
}

/* Panels keep what tells them apart, however narrow: the value, not the path. All alike. */
static void test_titles_of_narrow_panels(void **state)
{
    (void)state;
    struct errors errors = {0};
    struct canvas *canvas = canvas_new(640, 400, &errors);
    struct figure figure = figure_typical(2, 4);
    figure.panels[0].title = "consumers.discipline = fifo";
    figure.panels[1].title = "consumers.discipline = shortest-remaining, 4 consumers";
    static const struct {
        double share; /* of the width that the longer one takes */
        const char *title;
    } cases[] = {{1.01, "consumers.discipline = fifo"}, {0.9, "discipline = fifo"}, {0.5, "fifo"}};
    double whole = canvas_text_width(canvas, figure.panels[1].title, 10, true);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(page_panel_title(canvas, &figure, 0, cases[i].share * whole, 10),
                            cases[i].title);
    assert_string_equal(page_panel_title(canvas, &figure, 1, 20, 10),
                        "shortest-remaining, 4 consumers");
    figure.panels[0].title = figure.panels[1].title = NULL;
    figure_free(&figure);
    canvas_del(canvas);
}

/* Lines do not end between a number and its unit. */
static void test_units_stay(void **state)
{
    (void)state;
    static const char text[] = "loss 0.5 % (at 95 %), p99 1.2 s at 40 /s for 8 consumers";
    struct errors errors = {0};
    struct canvas *canvas = canvas_new(640, 400, &errors);
    double whole = canvas_text_width(canvas, text, 10, false);
    for (double width = 0.3 * whole; width < whole; width += 2) {
        struct paragraph lines;
        canvas_wrap(canvas, text, " ", width, CANVAS_LINES, 10, 10, false, &lines);
        for (int i = 1; i < lines.n; i++)
            assert_null(strchr("%s/", lines.line[i][0]));
    }
    canvas_del(canvas);
}

/* Where one line of the legend would be too small to read, it takes two, and the plot gives way. */
static void test_legend_of_two_lines(void **state)
{
    (void)state;
    struct figure_known known[8];
    for (int i = 0; i < 8; i++)
        known[i] = (struct figure_known){.latency = {NAN, NAN, NAN, 0.1}};
    int gap[2][2]; /* from a short name to a long one; [width] */
    for (int w = 0; w < 2; w++)
        for (int i = 0; i < 2; i++) {
            struct figure figure = figure_typical(1, 8);
            figure.width = w ? 2400 : 640;
            figure.height = 480;
            figure.panels[0].known = known;
            figure.known_exact = i ? "theory, approximately: a model with a long name "
                                     "(Allen and Cunneen 1978; Garnett et al. 2002)"
                                   : "theory";
            struct page page;
            struct canvas *canvas = figure_draw(&figure, &page);
            gap[w][i] = page.views[0].plot.y;
            canvas_del(canvas);
            page_free(&page);
            figure.panels[0].known = NULL;
            figure_free(&figure);
        }
    assert_int_equal(gap[1][0], gap[1][1]);
    assert_true(gap[0][1] > gap[0][0] + 5);
}

/* One column is drawn as its distribution: the bars of neighbouring rows touch. */
static void test_bars_touch(void **state)
{
    (void)state;
    static const int heights[] = {500, 683, 900, 1201};
    for (size_t i = 0; i < sizeof heights / sizeof *heights; i++) {
        struct figure figure = figure_blank(1, 1);
        figure.height = heights[i];
        for (int row = 0; row < 90; row++)
            figure_add(&figure.panels[0].columns[0], heat_edge(row) * 1.03);
        struct canvas *canvas = figure_draw(&figure, NULL);
        const uint32_t colour = 0x5b6f95;
        int first = -1, last = -1, ink = 0, x = figure.width / 4;
        for (int y = 0; y < figure.height; y++)
            if (canvas_pixel(canvas, x, y) == colour) {
                first = first < 0 ? y : first;
                last = y;
                ink++;
            }
        assert_true(ink > figure.height / 3);
        assert_int_equal(ink, last - first + 1);
        canvas_del(canvas);
        figure_free(&figure);
    }
}

static void test_the_same_every_time(void **state)
{
    (void)state;
    struct bytes png[2];
    for (int i = 0; i < 2; i++) {
        struct figure figure = figure_typical(2, 60);
        struct canvas *canvas = figure_draw(&figure, NULL);
        struct raster raster;
        struct errors errors = {0};
        canvas_finish(canvas, &raster);
        assert_true(png_encode(&raster, NULL, 0, 1, &png[i], &errors));
        raster_free(&raster);
        figure_free(&figure);
    }
    assert_int_equal(png[0].size, png[1].size);
    assert_memory_equal(png[0].data, png[1].data, png[0].size);
    bytes_free(&png[0]);
    bytes_free(&png[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_odd_figures), cmocka_unit_test(test_odd_texts),
        cmocka_unit_test(test_any_size),    cmocka_unit_test(test_titles_of_narrow_panels),
        cmocka_unit_test(test_units_stay),  cmocka_unit_test(test_legend_of_two_lines),
        cmocka_unit_test(test_bars_touch),  cmocka_unit_test(test_the_same_every_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
