/* The line of the objective of frame.h. */
#include <math.h>

#include "frame.h"
#include "measure.h"

void frame_objective_line(struct canvas *canvas, const struct view *view, struct box across)
{
    double s = view->look.scale, y = view_y(view, view_level(view));
    if (isnan(y))
        return;
    y = floor(y) + 0.5;
    double x[2] = {across.x, across.x + across.w}, at[2] = {y, y};
    double dash[4] = {14 * s, 3 * s, 3 * s, 3 * s};
    struct line_style under = {4.4 * s, 0xffffff, 0.9, NULL, 0},
                      over = {2 * s, spectrogram_ink, 1, dash, 4};
    canvas_line(canvas, across, x, at, 2, &under);
    canvas_line(canvas, across, x, at, 2, &over);
}

/* Above the line or else below it, as far left as there is room (right, where a single column is
 * drawn as bars): where nothing is; or else over cells, but not over lines and labels; or else at
 * that end all the same. */
static struct box find_place(const struct view *view, int w, int h, double y)
{
    int gap = (int)ceil(3 * view->look.scale), first = view->cells.x + gap,
        last = view->cells.x + view->cells.w - gap - w, step = 4;
    int edge[2] = {(int)floor(y) - gap - h, (int)ceil(y) + gap};
    if (view->figure->columns == 1) {
        int swap = first;
        first = last;
        last = swap;
        step = -step;
    }
    for (int attempt = 0; attempt < 4; attempt++)
        for (int x = first; step * (last - x) >= 0; x += step) {
            struct box box = {x, edge[attempt % 2], w, h};
            if (attempt < 2 ? view_is_free(view, box) : view_is_clear(view, box))
                return box;
        }
    return (struct box){first, edge[edge[0] < view->cells.y], w, h};
}

/* The line's name. */
static const char *name_of(const struct view *view)
{
    if (isnan(view->figure->objective))
        return internf("buffer full: %s", measure_value(PICTURE_QUEUE, view->panel->places, 6));
    return internf("objective %s", measure_value(PICTURE_LATENCY, view->figure->objective, 6));
}

void frame_objective(struct canvas *canvas, struct view *view)
{
    double y = view_y(view, view_level(view));
    if (isnan(y))
        return;
    frame_objective_line(canvas, view, view->plot);
    struct paragraph line;
    canvas_wrap(canvas, name_of(view), " ", view->plot.w - 16 * view->look.scale, 1,
                view->look.text, 0.6 * view->look.text, false, &line);
    double w = canvas_text_width(canvas, line.line[0], line.size, false);
    struct text_style style = {line.size, spectrogram_ink, false, false, 0, false};
    struct box box =
        find_place(view, (int)ceil(w + 8 * view->look.scale), (int)ceil(1.1 * line.size), y);
    frame_plate(canvas, &view->look, box);
    canvas_text(canvas, box.x + 4 * view->look.scale, box.y + 0.85 * line.size, line.line[0],
                &style);
    view_take(view, box);
}
