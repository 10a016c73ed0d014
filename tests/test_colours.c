/* Colours of the picture: their scale, that they can be read back from cells and bar, and that what
 * is written in them is legible. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../plots/palette.h"
#include "../plots/strips.h"
#include "figures.h"

/* `most` tasks at 1 s and one at 10 s, in one column. */
static struct heat_scale scale_of(uint64_t most)
{
    struct figure figure = figure_blank(1, 1);
    struct figure_column *column = &figure.panels[0].columns[0];
    figure_add(column, 10);
    histogram_add_rare(&column->latency, 1, most);
    column->completed += most;
    struct heat_rows rows = heat_rows_of(&figure, 600);
    struct heat heat = heat_of(&figure, &figure.panels[0], &rows, 800);
    struct heat_scale scale = heat_scale_of(&figure, &heat, 1);
    heat_free(&heat);
    figure_free(&figure);
    return scale;
}

/* Colours go up to a tenth, and down to the power of ten of one task: two to six decades. */
static void test_the_scale_follows_the_data(void **state)
{
    (void)state;
    static const struct {
        uint64_t most;
        double low;
        bool below;
    } cases[] = {{3, 0.001, false},     {50, 0.001, false},    {150, 0.001, false},
                 {99999, 1e-5, false},  {900000, 1e-6, false}, {5000000, 1e-7, false},
                 {80000000, 1e-7, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct heat_scale scale = scale_of(cases[i].most);
        assert_true(fabs(scale.low / cases[i].low - 1) < 1e-9);
        assert_true(scale.high == 0.1 && scale.log && scale.above);
        assert_int_equal(scale.below, cases[i].below);
    }
}

static void test_every_cell_has_its_colour(void **state)
{
    (void)state;
    for (int colour = COLOUR_DENSITY; colour <= COLOUR_INTENSITY; colour++) {
        struct figure figure = figure_typical(1, 30);
        figure.colour = colour;
        figure.panels[0].cliff = NAN;
        for (int c = 0; c < 30; c++) { /* nothing over the cells */
            struct figure_column *column = &figure.panels[0].columns[c];
            column->max = 0;
            for (int q = 0; q < FIGURE_LINES; q++)
                column->q[q] = column->low[q] = column->high[q] = NAN;
        }
        struct page page;
        struct canvas *canvas = figure_draw(&figure, &page);
        const struct view *view = &page.views[0];
        for (size_t c = 0; c < 30; c++)
            for (int row = 0; row < view->heat.rows.n; row++) {
                double value = view->heat.value[c * (size_t)view->heat.rows.n + (size_t)row];
                int entry = palette_find(MAGMA, figure_pixel(canvas, view_cell(view, c, row)));
                if (value > 0)
                    assert_int_equal(entry,
                                     palette_index(heat_scale_place(&page.shared.scale, value)));
                else
                    assert_int_equal(entry, -1);
            }
        canvas_del(canvas);
        page_free(&page);
        figure_free(&figure);
    }
}

/* From a value to its tick on the bar, to the colour there, and back. */
static void test_the_bar_inverts(void **state)
{
    (void)state;
    for (int colour = COLOUR_DENSITY; colour <= COLOUR_INTENSITY; colour++) {
        struct figure figure = figure_typical(1, 30);
        figure.colour = colour;
        struct page page;
        struct canvas *canvas = figure_draw(&figure, &page);
        const struct heat_scale *scale = &page.shared.scale;
        assert_true(scale->high > scale->low);
        for (int i = 0; i <= 20; i++) {
            double value = heat_scale_value(scale, i / 20.0);
            assert_true(fabs(heat_scale_place(scale, value) - i / 20.0) < 1e-9);
            int y = page.bar.y + page.bar.h - 1 - (int)lround(i / 20.0 * (page.bar.h - 1));
            int entry = palette_find(MAGMA, canvas_pixel(canvas, page.bar.x + page.bar.w / 2, y));
            assert_true(abs(entry - palette_index(i / 20.0)) <= 1);
            double back = heat_scale_value(scale, palette_middle(entry));
            assert_true(fabs(heat_scale_place(scale, back) - i / 20.0) <= 1.6 / PALETTE_ENTRIES);
        }
        canvas_del(canvas);
        page_free(&page);
        figure_free(&figure);
    }
}

/* WCAG contrast of a colour on white. */
static double contrast(uint32_t colour)
{
    static const double weight[3] = {0.2126, 0.7152, 0.0722};
    double light = 0;
    for (int i = 0; i < 3; i++) {
        double c = (colour >> (16 - 8 * i) & 255) / 255.0;
        light += weight[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return 1.05 / (light + 0.05);
}

static void test_legible(void **state)
{
    (void)state;
    assert_true(contrast(spectrogram_ink) >= 7);
    assert_true(contrast(spectrogram_soft) >= 4.5);
    assert_true(contrast(spectrogram_cliff_colour) >= 4.5);
    for (int strip = 0; strip < STRIPS; strip++)
        assert_true(contrast(strips_colour[strip]) >= 2.5);
    assert_true(contrast(strips_colour[STRIP_LOST]) >= 3);
    assert_true(contrast(strips_colour[STRIP_THROUGHPUT]) >= 3);
    assert_true(contrast(spectrogram_max) >= 3);
    struct look look = look_of(1440, 900, 1);
    const double capital = 0.729; /* of DejaVu Sans, of the em */
    assert_true(look.text * capital >= 9 && look.small * capital >= 9);
    look = look_of(800, 500, 1);
    assert_true(look.text * capital >= 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_scale_follows_the_data),
        cmocka_unit_test(test_every_cell_has_its_colour),
        cmocka_unit_test(test_the_bar_inverts),
        cmocka_unit_test(test_legible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
