/* Lines of quantiles: where columns are narrow they are of several together, and where they come
 * close together they are thin, so that what they are of is still seen. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../plots/palette.h"
#include "../plots/quantiles.h"
#include "figures.h"

static void test_narrow_columns_are_taken_together(void **state)
{
    (void)state;
    for (size_t columns = 10; columns <= 2000; columns *= 2) {
        struct figure figure = figure_typical(1, columns);
        struct page page;
        canvas_del(figure_draw(&figure, &page));
        const struct view *view = &page.views[0];
        size_t group = quantiles_group(view);
        double width = (double)view->plot.w / (double)columns;
        assert_true(width * (double)group >= 2.4);
        assert_int_equal(group > 1, width < 2.5);
        struct line_path p50 = quantiles_path(view, 0), p99 = quantiles_path(view, 1);
        for (size_t i = 0; i < p50.n; i++) {
            assert_true(isfinite(p50.y[i]) && p99.y[i] < p50.y[i]); /* downwards */
            assert_true(i == 0 || p50.x[i] >= p50.x[i - 1] - 1e-6);
            assert_true(group == 1 || isnan(p50.low[i]));
        }
        assert_true(p50.n <= 2 * (size_t)view->plot.w);
        free(p50.x);
        free(p99.x);
        page_free(&page);
        figure_free(&figure);
    }
}

/* Of several columns: the quantile of all their tasks. */
static void test_quantiles_of_several_columns(void **state)
{
    (void)state;
    struct figure figure = figure_blank(1, 2000);
    for (int c = 0; c < 2000; c++)
        for (int k = 0; k < 20; k++)
            figure_add(&figure.panels[0].columns[c], c % 2 ? 10 : 0.1); /* half of them each */
    for (int k = 0; k < 4000; k++)
        figure_add(&figure.panels[0].columns[1000], 0.1);
    struct page page;
    canvas_del(figure_draw(&figure, &page));
    const struct view *view = &page.views[0];
    struct line_path p99 = quantiles_path(view, 1), p999 = quantiles_path(view, 2);
    for (size_t i = 0; i < p99.n; i++) {
        assert_true(isnan(p99.y[i]) || fabs(p99.y[i] - view_y(view, 10)) < 6 ||
                    fabs(p99.y[i] - view_y(view, 0.1)) < 6);
        assert_true(isnan(p999.y[i])); /* fewer than ten tasks lie beyond it */
    }
    free(p99.x);
    free(p999.x);
    page_free(&page);
    figure_free(&figure);
}

/* The share of the filled cells that lines leave to be seen. */
static double seen(const struct figure *figure)
{
    struct page page;
    struct canvas *canvas = figure_draw(figure, &page);
    const struct view *view = &page.views[0];
    size_t n = (size_t)view->heat.rows.n, filled = 0, shown = 0;
    for (size_t c = 0; c < view->heat.columns; c++)
        for (size_t row = 0; row < n; row++) {
            if (!(view->heat.value[c * n + row] > 0))
                continue;
            filled++;
            shown += palette_find(MAGMA, figure_pixel(canvas, view_cell(view, c, (int)row))) >= 0;
        }
    canvas_del(canvas);
    page_free(&page);
    return (double)shown / (double)filled;
}

static void test_data_are_seen(void **state)
{
    (void)state;
    struct figure many = figure_typical(1, 2000); /* each of them by chance another */
    for (int c = 0; c < 2000; c++)
        for (int q = 0; q < FIGURE_LINES; q++)
            many.panels[0].columns[c].q[q] *= c % 2 ? 1.6 : 1 / 1.6;
    assert_true(seen(&many) > 0.8);
    figure_free(&many);
    struct figure close = figure_blank(1, 100); /* after the cliff: everybody waits as long */
    for (int c = 0; c < 100; c++) {
        struct figure_column *column = &close.panels[0].columns[c];
        double latency = 100 * pow(100, c / 100.0);
        for (int k = 0; k < 1000; k++)
            figure_add(column, latency * (1 + 0.3 * k / 1000));
        for (int q = 0; q < FIGURE_LINES; q++)
            column->q[q] = latency * (1.12 + 0.08 * q);
        column->max = 0;
    }
    figure_add(&close.panels[0].columns[0], 0.1); /* a long axis */
    assert_true(seen(&close) > 0.4);
    figure_free(&close);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_narrow_columns_are_taken_together),
        cmocka_unit_test(test_quantiles_of_several_columns),
        cmocka_unit_test(test_data_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
