#include "bars.h"

#include <math.h>
#include <stdlib.h>

#include "frame.h"
#include "measure.h"

static const uint32_t bar_colour = 0x5b6f95;

double bars_end(const struct heat_rows *rows, const double *value, const double *mark)
{
    double most = 0;
    for (int row = 0; row < rows->n; row++)
        most = fmax(most, value[row]);
    for (int m = 0; m < HEAT_MARKS; m++)
        most = fmax(most, mark[m]);
    return most > 0 ? fmin(1.04 * most, 1) : 1;
}

/* The bar in a row's box: at least a pixel long. */
static struct box bar_of(struct box in, struct box row, double value, double end)
{
    int length = (int)fmax(1, round(fmin(value / end, 1) * in.w));
    return (struct box){in.x, row.y, length, row.h};
}

void bars_draw(struct canvas *canvas, const struct view *view, struct box in, const double *value,
               const double *mark, double end)
{
    for (int row = 0; row < view->heat.rows.n; row++)
        if (value[row] > 0)
            canvas_fill(canvas, bar_of(in, view_cell(view, 0, row), value[row], end), bar_colour);
    for (int m = 0; m < HEAT_MARKS; m++) {
        if (!view->heat.rows.mark[m] || !(mark[m] > 0))
            continue;
        struct box bar = bar_of(in, view->mark[m], mark[m], end);
        canvas_fill(canvas, bar, bar_colour);
        if (m == HEAT_UNFINISHED)
            canvas_hatch(canvas, bar, (int)lround(5 * view->look.scale), 0xffffff);
    }
}

/* ---- the marginal distribution ---- */

/* Means over columns; one column after the other, so that little memory is needed. */
static void average(const struct view *view, double *value, double *mark)
{
    const struct heat_rows *rows = &view->heat.rows;
    struct figure one = *view->figure;
    one.columns = 1;
    one.colour = COLOUR_DENSITY;
    double columns = 0;
    for (size_t c = 0; c < view->figure->columns; c++) {
        const struct figure_panel panel = {.columns = &view->panel->columns[c]};
        if (figure_is_bare(&one, panel.columns) && panel.columns->unfinished == 0)
            continue;
        struct heat heat = heat_of(&one, &panel, rows, 1);
        columns++;
        for (int row = 0; row < rows->n; row++)
            value[row] += (heat.value[row] - value[row]) / columns;
        for (int m = 0; m < HEAT_MARKS; m++)
            mark[m] += (heat.mark[0][m] - mark[m]) / columns;
        heat_free(&heat);
    }
}

static void label_marginal(struct canvas *canvas, const struct view *view, struct box box,
                           double end)
{
    const struct look *look = &view->look;
    struct axis axis = {
        .layout = AXIS_SLICES, .unit = UNIT_SHARE, .from = 0, .to = end, .columns = 1};
    struct ruler ruler = {canvas, look->text};
    struct ticks ticks;
    axis_ticks(&axis, box.w, 8 * look->scale, frame_measure, &ruler, &ticks);
    int y = box.y + box.h, length = (int)lround(5 * look->scale);
    struct text_style style = {look->text, spectrogram_ink, false, false, 0.5, false};
    for (size_t i = 0; i < ticks.n; i++) {
        double x = box.x + ticks.tick[i].place * box.w;
        canvas_fill(canvas, (struct box){(int)fmin(floor(x), box.x + box.w - 1), y + 1, 1, length},
                    spectrogram_ink);
        canvas_text(canvas, x, y + length + 1.15 * look->text, ticks.tick[i].label, &style);
    }
    const char *name = internf("all columns, in equal weight: share of the %s (%s)",
                               measure_row(view->figure->measure), measure_width(&view->heat.rows));
    struct paragraph line;
    canvas_wrap(canvas, name, " ", box.h, 1, look->text, 0.6 * look->text, false, &line);
    style.size = line.size;
    style.upwards = true;
    canvas_text(canvas, box.x + box.w + 1.4 * look->text, box.y + box.h / 2.0, line.line[0],
                &style);
}

void bars_marginal(struct canvas *canvas, const struct view *view, const struct shared *shared,
                   struct box box)
{
    double *value = xcalloc((size_t)view->heat.rows.n, sizeof *value), mark[HEAT_MARKS] = {0};
    average(view, value, mark);
    double end = bars_end(&view->heat.rows, value, mark);
    spectrogram_grid(canvas, view, &shared->latency, box);
    bars_draw(canvas, view, box, value, mark, end);
    canvas_frame(canvas, box, spectrogram_ink);
    label_marginal(canvas, view, box, end);
    free(value);
}

int bars_marginal_box(const struct look *look)
{
    return (int)lround(84 * look->scale);
}

double bars_marginal_width(const struct look *look)
{
    return bars_marginal_box(look) + 1.9 * look->text + 26 * look->scale;
}
