#include "storm_plot.h"

#include <math.h>
#include <stdlib.h>

#include "../sim/base/err.h"
#include "../sim/result/save.h"
#include "describe.h"
#include "leaf.h"
#include "palette.h"
#include "spectrogram.h"
#include "view.h"

struct storm_page {
    struct canvas *canvas;
    struct look look;
    double margin;
    const struct storm *storm;
    struct box map;
};

static int column_x(const struct storm_page *page, size_t k)
{
    return page->map.x + (int)((size_t)page->map.w * k / page->storm->n_loads);
}

static int row_y(const struct storm_page *page, size_t i) /* its lower edge */
{
    return page->map.y + page->map.h - (int)((size_t)page->map.h * i / page->storm->n_triggers);
}

static struct box cell_box(const struct storm_page *page, size_t i, size_t k)
{
    int x = column_x(page, k), y = row_y(page, i + 1);
    return (struct box){x, y, column_x(page, k + 1) - x, row_y(page, i) - y};
}

static const char *percent(double share)
{
    return internf("%.0f %%", 100 * share);
}

/* ---- cells ---- */

static bool is_dark(uint32_t colour)
{
    return 0.299 * (colour >> 16) + 0.587 * (colour >> 8 & 255) + 0.114 * (colour & 255) < 140;
}

static uint32_t cell_colour(const struct storm_page *page, size_t i, size_t k)
{
    const struct storm_cell *c = &page->storm->cell[i][k];
    const uint32_t never = 0xf4f4f2;
    return c->down == 0 ? never
                        : palette_entry((int)page->storm->s.picture.palette,
                                        palette_index((double)c->down / c->n));
}

static void draw_cells(const struct storm_page *page)
{
    const struct storm *storm = page->storm;
    for (size_t i = 0; i < storm->n_triggers; i++)
        for (size_t k = 0; k < storm->n_loads; k++)
            canvas_fill(page->canvas, cell_box(page, i, k), cell_colour(page, i, k));
    if (isnan(storm->size[0]) && storm->n_triggers > 1) /* what nothing hits stands apart */
        canvas_fill(page->canvas, (struct box){page->map.x, row_y(page, 1), page->map.w, 1},
                    spectrogram_ink);
    canvas_frame(page->canvas, page->map, spectrogram_ink);
}

/* Over the lines, where there is room. */
static void write_cells(const struct storm_page *page)
{
    const struct storm *storm = page->storm;
    const double size = page->look.small;
    const double wide = canvas_text_width(page->canvas, "64 of 64", size, false) + 0.6 * size;
    for (size_t i = 0; i < storm->n_triggers; i++)
        for (size_t k = 0; k < storm->n_loads; k++) {
            const struct storm_cell *c = &storm->cell[i][k];
            const struct box box = cell_box(page, i, k);
            bool dark = is_dark(cell_colour(page, i, k));
            struct text_style style = {size, dark ? 0xffffff : spectrogram_ink, false, !dark, 0.5,
                                       false};
            const char *text =
                box.w > wide ? internf("%u of %u", c->down, c->n) : internf("%u", c->down);
            if (box.h > 1.3 * size && c->n > 0 &&
                canvas_text_width(page->canvas, text, size, false) < box.w - 2)
                canvas_text(page->canvas, box.x + box.w / 2.0, box.y + box.h / 2.0 + 0.36 * size,
                            text, &style);
        }
}

/* ---- axes ---- */

static void draw_axes(const struct storm_page *page)
{
    const struct storm *storm = page->storm;
    const struct look *look = &page->look;
    const struct box *map = &page->map;
    struct text_style style = {look->text, spectrogram_ink, false, false, 0.5, false};
    double widest = 0, y = map->y + map->h + 1.5 * look->text;
    for (size_t k = 0; k < storm->n_loads; k++)
        widest =
            fmax(widest, canvas_text_width(page->canvas,
                                           storm_value(storm, storm->load_path, storm->load[k]),
                                           look->text, false));
    size_t step = (size_t)ceil((widest + look->text) * (double)storm->n_loads / map->w);
    for (size_t k = 0; k<storm->n_loads; k += step> 0 ? step : 1)
        canvas_text(page->canvas, (column_x(page, k) + column_x(page, k + 1)) / 2.0, y,
                    storm_value(storm, storm->load_path, storm->load[k]), &style);
    canvas_text(page->canvas, map->x + map->w / 2.0, y + 1.8 * look->text,
                internf("how much comes (%s)", storm->load_path), &style);
    style.align = 1;
    step = (size_t)ceil(1.3 * look->text * (double)storm->n_triggers / map->h);
    for (size_t i = 0; i<storm->n_triggers; i += step> 0 ? step : 1)
        canvas_text(page->canvas, map->x - 0.5 * look->text,
                    (row_y(page, i) + row_y(page, i + 1)) / 2.0 + 0.36 * look->text,
                    isnan(storm->size[i]) ? "nothing"
                                          : storm_value(storm, storm->trigger.path, storm->size[i]),
                    &style);
    style.align = 0.5;
    style.upwards = true;
    canvas_text(page->canvas, page->margin + look->text, map->y + map->h / 2.0,
                internf("what hits it (%s)", storm->trigger.path), &style);
}

static double row_width(const struct storm_page *page)
{
    const struct storm *storm = page->storm;
    double widest = canvas_text_width(page->canvas, "nothing", page->look.text, false);
    for (size_t i = 0; i < storm->n_triggers; i++)
        if (!isnan(storm->size[i]))
            widest = fmax(widest,
                          canvas_text_width(page->canvas,
                                            storm_value(storm, storm->trigger.path, storm->size[i]),
                                            page->look.text, false));
    return widest;
}

/* ---- edges ---- */

/* Where a place of the loads is: n is at the middle of column n. */
static double x_at(const struct storm_page *page, double place)
{
    return page->map.x + (place + 0.5) * page->map.w / (double)page->storm->n_loads;
}

/* As likely as not, from row to row. */
static void draw_edge(const struct storm_page *page)
{
    const struct storm *storm = page->storm;
    double x[2 * STORM_TRIGGERS], y[2 * STORM_TRIGGERS];
    size_t n = 0;
    for (size_t i = 0; i < storm->n_triggers; i++) {
        double place = storm_edge(storm, i);
        for (int end = 0; end < 2; end++, n++) {
            x[n] = x_at(page, place); /* NAN: it breaks */
            y[n] = row_y(page, i + (size_t)end);
        }
    }
    const struct line_style white = {4 * page->look.scale, 0xffffff, 1, NULL, 0};
    const struct line_style ink = {2 * page->look.scale, spectrogram_ink, 1, NULL, 0};
    canvas_line(page->canvas, page->map, x, y, n, &white);
    canvas_line(page->canvas, page->map, x, y, n, &ink);
}

/* From `place` on, named above the map; returns where its name ends. */
static double draw_limit(const struct storm_page *page, double place, const char *name,
                         double after)
{
    const struct look *look = &page->look;
    const struct box *map = &page->map;
    if (isnan(place))
        return after;
    const double dash[] = {5 * look->scale, 4 * look->scale};
    const double x[] = {x_at(page, place), x_at(page, place)};
    const double y[] = {map->y - 0.4 * look->text, map->y + map->h};
    const struct box clip = {map->x, map->y - (int)look->text, map->w, map->h + (int)look->text};
    const struct line_style white = {3.5 * look->scale, 0xffffff, 0.9, NULL, 0};
    const struct line_style ink = {1.5 * look->scale, 0xb0352b, 1, dash, 2};
    canvas_line(page->canvas, *map, x, y, 2, &white);
    canvas_line(page->canvas, clip, x, y, 2, &ink);
    struct text_style style = {look->small, 0xb0352b, false, false, 0, false};
    double width = canvas_text_width(page->canvas, name, look->small, false);
    double from = fmax(fmin(x[0] - width / 2, map->x + map->w - width), after);
    canvas_text(page->canvas, from, map->y - 0.9 * look->text, name, &style);
    return from + width + look->text;
}

/* ---- the page ---- */

static void draw_colours(const struct storm_page *page, double x)
{
    const struct look *look = &page->look;
    struct box bar = {(int)x, page->map.y, (int)(14 * look->scale), page->map.h};
    struct text_style style = {look->text, spectrogram_ink, false, false, 0, false};
    for (int i = 0; i < bar.h; i++)
        canvas_fill(page->canvas, (struct box){bar.x, bar.y + i, bar.w, 1},
                    palette_entry((int)page->storm->s.picture.palette,
                                  palette_index((bar.h - 1 - i + 0.5) / bar.h)));
    canvas_frame(page->canvas, bar, spectrogram_ink);
    for (int i = 0; i <= 4; i++) {
        int y = bar.y + bar.h - 1 - (bar.h - 1) * i / 4;
        canvas_fill(page->canvas, (struct box){bar.x + bar.w + 1, y, (int)(5 * look->scale), 1},
                    spectrogram_ink);
        canvas_text(page->canvas, bar.x + bar.w + 9 * look->scale, y + 0.36 * look->text,
                    i == 0 ? "> 0 %" : percent(i / 4.0), &style);
    }
    style.align = 0.5;
    style.upwards = true;
    canvas_text(page->canvas,
                bar.x + bar.w + 9 * look->scale +
                    canvas_text_width(page->canvas, "100 %", look->text, false) + 1.4 * look->text,
                bar.y + bar.h / 2.0, "how often it does not come back", &style);
}

static const char *meaning(const struct storm *storm)
{
    const char *within = "";
    if (isfinite(storm->limit)) {
        char text[64];
        unit_human(UNIT_DURATION, storm->limit, 3, text, sizeof text);
        within = internf(" within %s", text);
    }
    return internf("not back: of the requests of the last quarter of the run less than %s were "
                   "answered%s \xc2\xb7 line: as likely as not",
                   percent(storm->goal), within);
}

static void draw_page(struct storm_page *page)
{
    const struct storm *storm = page->storm;
    const struct look *look = &page->look;
    const struct scenario *s = &storm->s;
    int width = canvas_width(page->canvas), height = canvas_height(page->canvas);
    const struct leaf_text head = {page->margin, 2, look->headline, spectrogram_ink, true},
                           below = {page->margin, 2, look->heading, spectrogram_soft, false},
                           foot = {page->margin, 1, look->small, spectrogram_soft, false};
    double y = leaf_write(page->canvas, &head, storm_sentence(storm), page->margin);
    y = leaf_write(page->canvas, &below, meaning(storm), y + 0.6 * look->heading);
    leaf_write(page->canvas, &foot,
               internf("%s \xc2\xb7 %.0f replications a cell, the same in all \xc2\xb7 seed %.0f "
                       "\xc2\xb7 scenario %s \xc2\xb7 queuescope %s",
                       describe_title(s), s->run.replications, s->seed, describe_hash(s),
                       queuescope_version),
               height - page->margin - look->small);
    double left = page->margin + 2.6 * look->text + row_width(page),
           right = width - page->margin - 30 * look->scale -
                   canvas_text_width(page->canvas, "100 %", look->text, false) - 1.8 * look->text,
           top = y + 3 * look->text, bottom = height - page->margin - 6.4 * look->text;
    page->map = (struct box){(int)left, (int)top, (int)fmax(right - left - look->text, 16),
                             (int)fmax(bottom - top, 16)};
    draw_cells(page);
    draw_axes(page);
    draw_edge(page);
    double after = page->map.x;
    if (storm->attempts > 1)
        after = draw_limit(
            page, storm_place(storm, 1 / storm->attempts),
            internf("from here on a storm feeds itself (utilization 1 / %g)", storm->attempts),
            after);
    draw_limit(page, storm_place(storm, 1), "utilization 1", after);
    write_cells(page);
    draw_colours(page, right);
}

bool plot_storm(const struct storm *storm, struct bytes *png, struct errors *errors)
{
    const struct picture *picture = &storm->s.picture;
    int width = (int)picture->width, height = (int)picture->height;
    struct storm_page page = {.storm = storm, .look = look_of(width, height, picture->text_scale)};
    page.canvas = canvas_new(width, height, errors);
    if (!page.canvas)
        return false;
    page.margin = 18 * page.look.scale;
    draw_page(&page);
    return leaf_png(page.canvas, &storm->s, storm_sentence(storm), "storm",
                    storm->result[0]->threads, png, errors);
}
