/* The picture by its pixels and by its numbers: what a heat map must not do wrong. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/page.h"
#include "../plots/palette.h"

enum { MAGMA = 1 };

/* A figure with panels and columns that are still empty. */
static struct figure blank(size_t panels, size_t columns)
{
    struct figure figure = {.title = "A title",
                            .subtitle = "how it was run",
                            .footer = "what \xc2\xb7 it \xc2\xb7 was \xc2\xb7 made from",
                            .x_name = "alpha (tasks.size.alpha)",
                            .x_short = "alpha",
                            .columns = columns,
                            .n_panels = panels,
                            .time = NAN,
                            .palette = MAGMA,
                            .width = 1440,
                            .height = 900};
    figure.x = (struct axis){.layout = AXIS_CENTRES, .from = 4, .to = 1.5, .columns = columns};
    figure.panels = xcalloc(panels, sizeof *figure.panels);
    for (size_t p = 0; p < panels; p++) {
        struct figure_panel *panel = &figure.panels[p];
        panel->cliff = NAN;
        panel->columns = xcalloc(columns, sizeof *panel->columns);
        for (size_t c = 0; c < columns; c++) {
            panel->columns[c].utilization = NAN;
            for (int q = 0; q < FIGURE_LINES; q++)
                panel->columns[c].q[q] = panel->columns[c].low[q] = panel->columns[c].high[q] = NAN;
        }
    }
    return figure;
}

static void add(struct figure_column *column, double latency)
{
    column->offered++;
    column->completed++;
    histogram_add(&column->latency, latency);
    column->max = fmax(column->max, latency);
}

/* Numbers that look drawn by lot (Lehmer's generator, so that they are the same everywhere). */
static double lot(uint64_t *state)
{
    *state = *state * 48271 % 2147483647;
    return (double)*state / 2147483647;
}

/* Columns with exponential latencies, growing towards the right, quantiles and bands. */
static struct figure typical(size_t panels, size_t columns)
{
    static const double p[FIGURE_LINES] = {0.5, 0.99, 0.999};
    struct figure figure = blank(panels, columns);
    for (size_t i = 0; i < panels; i++) {
        uint64_t state = 7;
        figure.panels[i].cliff = 2;
        for (size_t c = 0; c < columns; c++) {
            struct figure_column *column = &figure.panels[i].columns[c];
            double mean = 0.1 * pow(1000, (double)c / (double)columns);
            for (int k = 0; k < 2000; k++)
                add(column, (0.1 - log(lot(&state))) * mean);
            column->utilization = 0.6 + 0.6 * (double)c / (double)columns;
            for (int q = 0; q < FIGURE_LINES; q++) {
                column->q[q] = histogram_quantile(&column->latency, p[q], 0, column->max);
                column->low[q] = 0.9 * column->q[q];
                column->high[q] = 1.1 * column->q[q];
            }
        }
    }
    return figure;
}

static struct canvas *draw(const struct figure *figure, struct page *page)
{
    struct errors errors = {0};
    struct canvas *canvas = page_draw(figure, page, &errors);
    assert_non_null(canvas);
    assert_int_equal(errors.n, 0);
    return canvas;
}

static void draw_and_forget(struct figure *figure)
{
    canvas_del(draw(figure, NULL));
    figure_free(figure);
}

static struct box middle(struct box box)
{
    return (struct box){box.x + box.w / 2, box.y + box.h / 2, 1, 1};
}

static uint32_t pixel(struct canvas *canvas, struct box box)
{
    struct box at = middle(box);
    return canvas_pixel(canvas, at.x, at.y);
}

/* ---- rows and columns ---- */

/* A task alone in each corner: all four are seen, and what lies between is empty. */
static void test_corners(void **state)
{
    (void)state;
    struct figure figure = blank(1, 20);
    struct figure_column *columns = figure.panels[0].columns;
    for (int c = 0; c < 20; c++)
        add(&columns[c], 1); /* no column hatched */
    add(&columns[0], 0.003);
    add(&columns[19], 0.003);
    add(&columns[0], 5000);
    add(&columns[19], 5000);
    for (int c = 0; c < 20; c++)
        columns[c].max = 0; /* no marks over the cells */
    struct page page;
    struct canvas *canvas = draw(&figure, &page);
    const struct view *view = &page.views[0];
    const struct heat *heat = &view->heat;
    size_t n = (size_t)heat->rows.n;
    size_t filled = 0;
    for (size_t c = 0; c < 20; c++)
        for (size_t row = 0; row < n; row++) {
            bool full = heat->value[c * n + row] > 0;
            filled += full;
            assert_true(full ==
                        (palette_find(MAGMA, pixel(canvas, view_cell(view, c, (int)row))) >= 0));
        }
    assert_true(filled >= 24 && filled <= 48); /* a bucket may straddle two rows */
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
    struct figure figure = typical(1, 137);
    struct page page;
    canvas_del(draw(&figure, &page));
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
    struct figure figure = typical(1, 30);
    struct page page;
    canvas_del(draw(&figure, &page));
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

/* The edges do not depend on the data. */
static void test_rows_are_fixed(void **state)
{
    (void)state;
    struct figure a = blank(1, 2), b = blank(1, 2);
    add(&a.panels[0].columns[0], 0.1);
    add(&b.panels[0].columns[0], 17.3);
    add(&b.panels[0].columns[1], 4e5);
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
    struct figure figure = blank(1, 1);
    struct figure_column *column = &figure.panels[0].columns[0];
    for (int i = 0; i < 3000; i++)
        add(column, 1 + 0.001 * i);
    add(column, 2e-6);
    struct heat_rows rows = heat_rows_of(&figure, 700);
    struct heat heat = heat_of(&figure, &figure.panels[0], &rows, 10);
    assert_true(rows.mark[HEAT_UNDER]);
    assert_int_equal(rows.low, 0); /* 1 s */
    assert_true(fabs(heat.mark[0][HEAT_UNDER] - 1.0 / 3001) < 1e-12);
    heat_free(&heat);
    for (int i = 0; i < 20; i++) /* no longer rare */
        add(column, 2e-6);
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
    struct figure figure = typical(1, 40);
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

/* More columns than pixels: neighbours share one, and nobody is left out. */
static void test_many_columns(void **state)
{
    (void)state;
    struct figure figure = blank(1, 5000);
    for (int c = 0; c < 5000; c++)
        add(&figure.panels[0].columns[c], 1 + c % 7);
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
    draw_and_forget(&figure);
}

/* The median lies in the row in which half of the column is reached. */
static void test_quantiles_agree_with_the_cells(void **state)
{
    (void)state;
    static const double p[FIGURE_LINES] = {0.5, 0.99, 0.999};
    struct figure figure = typical(1, 25);
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

/* ---- colours ---- */

static void test_every_cell_has_its_colour(void **state)
{
    (void)state;
    for (int colour = COLOUR_DENSITY; colour <= COLOUR_INTENSITY; colour++) {
        struct figure figure = typical(1, 30);
        figure.colour = colour;
        figure.panels[0].cliff = NAN;
        for (int c = 0; c < 30; c++) { /* nothing over the cells */
            struct figure_column *column = &figure.panels[0].columns[c];
            column->max = 0;
            for (int q = 0; q < FIGURE_LINES; q++)
                column->q[q] = column->low[q] = column->high[q] = NAN;
        }
        struct page page;
        struct canvas *canvas = draw(&figure, &page);
        const struct view *view = &page.views[0];
        for (size_t c = 0; c < 30; c++)
            for (int row = 0; row < view->heat.rows.n; row++) {
                double value = view->heat.value[c * (size_t)view->heat.rows.n + (size_t)row];
                int entry = palette_find(MAGMA, pixel(canvas, view_cell(view, c, row)));
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
        struct figure figure = typical(1, 30);
        figure.colour = colour;
        struct page page;
        struct canvas *canvas = draw(&figure, &page);
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
    assert_true(contrast(spectrogram_loss) >= 3);
    assert_true(contrast(spectrogram_max) >= 3);
    struct look look = look_of(1440, 900);
    const double capital = 0.729; /* of DejaVu Sans, of the em */
    assert_true(look.text * capital >= 9 && look.small * capital >= 9);
    look = look_of(800, 500);
    assert_true(look.text * capital >= 8);
}

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
    struct figure figure = typical(1, 20);
    struct figure_column *column = &figure.panels[0].columns[7];
    histogram_free(&column->latency);
    *column = (struct figure_column){.offered = 10, .unfinished = 10, .utilization = NAN};
    for (int q = 0; q < FIGURE_LINES; q++)
        column->q[q] = column->low[q] = column->high[q] = NAN;
    struct page page;
    struct canvas *canvas = draw(&figure, &page);
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
    struct figure figure = typical(1, 10);
    struct page page;
    canvas_del(draw(&figure, &page));
    for (int m = 0; m < HEAT_MARKS; m++)
        assert_int_equal(page.views[0].mark[m].h, 0);
    page_free(&page);
    struct figure_column *column = &figure.panels[0].columns[1];
    add(column, 0);
    add(column, 1e-11);
    add(column, 1e11);
    column->unfinished = 3;
    canvas_del(draw(&figure, &page));
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
    assert_true(view_y(view, 1e11) < view_y(view, 1e9));
    page_free(&page);
    figure_free(&figure);
}

static void test_loss_has_a_strip(void **state)
{
    (void)state;
    struct figure figure = typical(1, 10);
    struct page page;
    canvas_del(draw(&figure, &page));
    assert_int_equal(page.views[0].lost.h, 0);
    assert_int_equal(page.views[0].tasks.h, 0);
    page_free(&page);
    figure.panels[0].columns[9].lost = 2000; /* half of what was offered */
    figure.panels[0].columns[9].offered += 2000;
    struct canvas *canvas = draw(&figure, &page);
    const struct view *view = &page.views[0];
    assert_true(view->lost.h > 20 && view->tasks.h > 10); /* tasks differ as well now */
    assert_true(fabs(page.shared.lost_top - 0.5) < 1e-12);
    struct box full = view_column(view, &view->lost, 9), none = view_column(view, &view->lost, 8);
    assert_int_equal(canvas_pixel(canvas, full.x + 1, full.y), spectrogram_loss);
    assert_int_equal(canvas_pixel(canvas, none.x + 1, none.y + none.h - 1), 0xffffff);
    canvas_del(canvas);
    page_free(&page);
    figure_free(&figure);
}

static bool any(struct canvas *canvas, struct box box, uint32_t colour)
{
    for (int y = box.y; y < box.y + box.h; y++)
        for (int x = box.x; x < box.x + box.w; x++)
            if (canvas_pixel(canvas, x, y) == colour)
                return true;
    return false;
}

/* The slowest task of each column is marked at its place. */
static void test_the_slowest_task_is_there(void **state)
{
    (void)state;
    struct figure figure = typical(1, 50);
    add(&figure.panels[0].columns[12], 3e6);
    struct page page;
    struct canvas *canvas = draw(&figure, &page);
    const struct view *view = &page.views[0];
    struct box column = view_column(view, &view->cells, 12);
    int y = (int)lround(view_y(view, 3e6));
    assert_true(y > view->cells.y);
    assert_true(any(canvas, (struct box){column.x, y - 2, column.w, 5}, spectrogram_max));
    canvas_del(canvas);
    page_free(&page);
    figure_free(&figure);
}

static void test_the_cliff_stands_at_its_value(void **state)
{
    (void)state;
    struct figure figure = typical(1, 51);
    figure.panels[0].cliff = 2.5;
    struct page page;
    struct canvas *canvas = draw(&figure, &page);
    const struct view *view = &page.views[0];
    int x = (int)floor(view_x(view, axis_place(&figure.x, 2.5)));
    struct box here = {x - 1, view->plot.y, 3, view->plot.h},
               elsewhere = {x + 60, view->plot.y, 3, view->plot.h};
    assert_true(any(canvas, here, spectrogram_cliff_colour));
    assert_false(any(canvas, elsewhere, spectrogram_cliff_colour));
    canvas_del(canvas);
    page_free(&page);
    figure_free(&figure);
}

/* ---- panels ---- */

/* The same data under different titles: the same pixels but for the titles. */
static void test_equal_panels_are_equal(void **state)
{
    (void)state;
    struct figure figure = typical(3, 40);
    figure.panels[0].title = "one";
    figure.panels[1].title = "two";
    figure.panels[2].title = "three";
    struct page page;
    struct canvas *canvas = draw(&figure, &page);
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
        struct figure figure = typical(n, 6);
        for (size_t i = 0; i < n && n > 1; i++)
            figure.panels[i].title = "a panel";
        struct page page;
        canvas_del(draw(&figure, &page));
        for (size_t i = 0; i < n; i++) {
            struct box a = page.views[i].plot;
            assert_true(a.w > 100 && a.h > 50);
            assert_true(a.x > 0 && a.x + a.w < page.bar.x && a.y + a.h < figure.height);
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

/* ---- odd figures ---- */

static void test_odd_figures(void **state)
{
    (void)state;
    struct figure nothing = blank(1, 5);
    draw_and_forget(&nothing);

    struct figure alone = blank(1, 3);
    add(&alone.panels[0].columns[1], 1);
    draw_and_forget(&alone);

    struct figure over = blank(1, 2);
    for (int i = 0; i < 2; i++)
        add(&over.panels[0].columns[i], INFINITY);
    draw_and_forget(&over);

    struct figure zero = blank(2, 4);
    zero.panels[0].title = zero.panels[1].title = "";
    for (int i = 0; i < 4; i++)
        add(&zero.panels[1].columns[i], 0);
    draw_and_forget(&zero);

    struct figure one = typical(1, 1); /* a column alone: its distribution */
    draw_and_forget(&one);
    struct figure empty = blank(1, 1);
    draw_and_forget(&empty);
    struct figure wide = blank(1, 2); /* the whole range of the histogram */
    add(&wide.panels[0].columns[0], 1e-9);
    add(&wide.panels[0].columns[1], 1.7e10);
    draw_and_forget(&wide);
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
        struct figure figure = typical(1, 8);
        figure.title = figure.footer = figure.subtitle = figure.x_name = titles[i];
        draw_and_forget(&figure);
    }
    struct figure figure = typical(2, 8);
    figure.title = figure.footer = figure.subtitle = figure.x_name = figure.x_short = longest;
    figure.panels[0].title = figure.panels[1].title = longest;
    struct page page;
    struct canvas *canvas = draw(&figure, &page);
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
        struct figure figure = typical(1, 200);
        figure.width = sizes[i][0];
        figure.height = sizes[i][1];
        struct page page;
        struct canvas *canvas = draw(&figure, &page);
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

static void test_the_same_every_time(void **state)
{
    (void)state;
    struct bytes png[2];
    for (int i = 0; i < 2; i++) {
        struct figure figure = typical(2, 60);
        struct canvas *canvas = draw(&figure, NULL);
        struct raster raster;
        struct errors errors = {0};
        canvas_raster(canvas, &raster);
        assert_true(png_encode(&raster, NULL, 0, &png[i], &errors));
        raster_free(&raster);
        canvas_del(canvas);
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
        cmocka_unit_test(test_corners),
        cmocka_unit_test(test_cells_tile),
        cmocka_unit_test(test_rows_stand_on_the_axis),
        cmocka_unit_test(test_rows_are_fixed),
        cmocka_unit_test(test_the_rare_and_fast_share_a_row),
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_many_columns),
        cmocka_unit_test(test_quantiles_agree_with_the_cells),
        cmocka_unit_test(test_every_cell_has_its_colour),
        cmocka_unit_test(test_the_bar_inverts),
        cmocka_unit_test(test_legible),
        cmocka_unit_test(test_missing_is_drawn_as_missing),
        cmocka_unit_test(test_marked_rows),
        cmocka_unit_test(test_loss_has_a_strip),
        cmocka_unit_test(test_the_slowest_task_is_there),
        cmocka_unit_test(test_the_cliff_stands_at_its_value),
        cmocka_unit_test(test_equal_panels_are_equal),
        cmocka_unit_test(test_panels_do_not_overlap),
        cmocka_unit_test(test_odd_figures),
        cmocka_unit_test(test_odd_texts),
        cmocka_unit_test(test_any_size),
        cmocka_unit_test(test_the_same_every_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
