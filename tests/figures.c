#include "figures.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../plots/palette.h"

/* A figure with panels and columns that are still empty. */
struct figure figure_blank(size_t panels, size_t columns)
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
                            .objective = NAN,
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

void figure_add(struct figure_column *column, double latency)
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
struct figure figure_typical(size_t panels, size_t columns)
{
    static const double p[FIGURE_LINES] = {0.5, 0.99, 0.999};
    struct figure figure = figure_blank(panels, columns);
    for (size_t i = 0; i < panels; i++) {
        uint64_t state = 7;
        figure.panels[i].cliff = 2;
        for (size_t c = 0; c < columns; c++) {
            struct figure_column *column = &figure.panels[i].columns[c];
            double mean = 0.1 * pow(1000, (double)c / (double)columns);
            for (int k = 0; k < 2000; k++)
                figure_add(column, (0.1 - log(lot(&state))) * mean);
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

struct canvas *figure_draw(const struct figure *figure, struct page *page)
{
    struct errors errors = {0};
    struct canvas *canvas = page_draw(figure, page, &errors);
    assert_non_null(canvas);
    assert_int_equal(errors.n, 0);
    return canvas;
}

void figure_draw_free(struct figure *figure)
{
    canvas_del(figure_draw(figure, NULL));
    figure_free(figure);
}

static struct box middle(struct box box)
{
    return (struct box){box.x + box.w / 2, box.y + box.h / 2, 1, 1};
}

uint32_t figure_pixel(struct canvas *canvas, struct box box)
{
    struct box at = middle(box);
    return canvas_pixel(canvas, at.x, at.y);
}

bool figure_any(struct canvas *canvas, struct box box, uint32_t colour)
{
    for (int y = box.y; y < box.y + box.h; y++)
        for (int x = box.x; x < box.x + box.w; x++)
            if (canvas_pixel(canvas, x, y) == colour)
                return true;
    return false;
}
