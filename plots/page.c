#include "page.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/base/err.h"
#include "bars.h"
#include "frame.h"
#include "known.h"
#include "measure.h"
#include "single.h"
#include "strips.h"

/* ---- texts above and below ---- */

struct layout {
    struct canvas *canvas;
    const struct figure *figure;
    struct look look;
    double margin, top, bottom; /* free from top to bottom */
    int rank;                   /* what gives way */
    bool draw;                  /* false: only measures */
    double legend, second;      /* scale of the legend; room for a second line of it */
};

/* What gives way, one after the other, where the heat map would be left with less than this share
 * of the page: the chunks of the file say everything. */
enum { ALL, NO_FOOTER, NO_SUBTITLE, NO_STRIPS, NO_LEGEND, RANKS };
#define HEAT_SHARE 0.45

/* Smaller letters than that are no longer read: the legend takes a second line. */
#define LEGIBLE 0.75

static double write_lines(struct layout *layout, const struct paragraph *text, double y,
                          uint32_t colour, bool bold)
{
    struct text_style style = {text->size, colour, bold, false, 0, false};
    for (int i = 0; i < text->n; i++) {
        y += (i == 0 ? 1.0 : 1.3) * text->size;
        if (layout->draw)
            canvas_text(layout->canvas, layout->margin, y, text->line[i], &style);
    }
    return y;
}

static void write_heading(struct layout *layout)
{
    const struct figure *figure = layout->figure;
    const struct look *look = &layout->look;
    double width = canvas_width(layout->canvas) - 2 * layout->margin;
    struct paragraph text;
    canvas_wrap(layout->canvas, figure->title, " ", width, 2, look->headline, look->text, true,
                &text);
    double y = write_lines(layout, &text, layout->top, spectrogram_ink, true);
    if (layout->rank < NO_SUBTITLE) {
        canvas_wrap(layout->canvas, figure->subtitle, " \xc2\xb7 ", width, 2, look->heading,
                    0.75 * look->heading, false, &text);
        y = write_lines(layout, &text, y + 0.5 * look->heading, spectrogram_soft, false);
    }
    layout->top = y + 0.7 * look->text;
}

static void write_footer(struct layout *layout)
{
    const struct look *look = &layout->look;
    if (layout->rank >= NO_FOOTER)
        return;
    double width = canvas_width(layout->canvas) - 2 * layout->margin;
    struct paragraph text;
    canvas_wrap(layout->canvas, layout->figure->footer, " \xc2\xb7 ", width, 4, look->small,
                0.7 * look->small, false, &text);
    struct paragraph even = text; /* as many lines, of about the same length */
    for (double w = width; w > 0.5 * width && even.n == text.n && even.size == text.size;
         w -= 0.03 * width) {
        text = even;
        canvas_wrap(layout->canvas, layout->figure->footer, " \xc2\xb7 ", w, 4, look->small,
                    0.7 * look->small, false, &even);
    }
    double height = text.size * (1 + 1.3 * (text.n - 1));
    layout->bottom -= height;
    write_lines(layout, &text, layout->bottom, spectrogram_soft, false);
    layout->bottom -= look->text;
}

static struct look scaled(const struct look *look, double s)
{
    return (struct look){s * look->scale, s * look->text, s * look->small, s * look->heading,
                         s * look->headline};
}

static struct legend_size legend_at(const struct layout *layout, const struct view *views, size_t n,
                                    double scale, double room, bool draw)
{
    struct look look = scaled(&layout->look, scale);
    enum legend_kind kind = layout->figure->n_panels > 1 ? LEGEND_PANELS : LEGEND_ALONE;
    return frame_legend(layout->canvas, &look, views, n, layout->margin,
                        layout->top + layout->look.small, room, kind, draw);
}

/* One line, as small as need be; two where that would be too small. */
static void fit_legend(struct layout *layout, const struct view *views, size_t n)
{
    double room = canvas_width(layout->canvas) - 2 * layout->margin;
    layout->legend = fmin(1, room / legend_at(layout, views, n, 1, INFINITY, false).width);
    for (double s = 1; layout->legend < LEGIBLE && s > layout->legend; s *= 0.95) {
        struct legend_size size = legend_at(layout, views, n, s, room, false);
        if (size.lines <= 2 && size.width <= room) {
            layout->legend = s;
            layout->second = size.lines > 1 ? 1.45 * s * layout->look.small : 0;
            return;
        }
    }
}

static void write_legend(const struct layout *layout, const struct view *views, size_t n)
{
    double room = canvas_width(layout->canvas) - 2 * layout->margin;
    if (layout->rank < NO_LEGEND)
        legend_at(layout, views, n, layout->legend, layout->second > 0 ? room : INFINITY, true);
}

/* ---- the panels ---- */

size_t page_grid(size_t n)
{
    return n <= 3 ? n : n == 4 ? 2 : 3;
}

static size_t across_of(const struct figure *figure)
{
    return figure->across ? figure->across : page_grid(figure->n_panels);
}

/* Three rows of panels and more are as high as those of two rows would be: the page grows. So it
 * does, from two rows on, by a strip that tells of stages. */
static int page_height(const struct figure *figure)
{
    enum { STRIP_SHARE = 20 }; /* of the page */
    size_t across = across_of(figure), down = (figure->n_panels + across - 1) / across;
    if (figure->ways > 0 && down > 1)
        return figure->height * (int)down / 2 + (int)down * figure->height / STRIP_SHARE;
    return down > 2 ? figure->height * (int)down / 2 : figure->height;
}

/* Heights of what belongs to a panel around its plot. */
struct parts {
    int title, above, below;
};

static struct parts parts_of(const struct layout *layout)
{
    double s = layout->look.scale, text = layout->look.text;
    bool titled = layout->figure->n_panels > 1;
    struct parts parts = {
        .title = titled ? (int)lround(1.6 * layout->look.heading) : 0,
        .above = (int)lround(frame_above_height(&layout->look, layout->figure)) + 1,
        .below = (int)lround(6 * s +
                             frame_below_height(layout->canvas, &layout->look, layout->figure,
                                                across_of(layout->figure)) +
                             0.6 * text)};
    return parts;
}

/* The boxes of one panel inside `cell` of the page's grid. */
static void place_panel(struct view *view, const struct shared *shared, struct box cell,
                        const struct parts *parts)
{
    int top = cell.y + parts->title + parts->above;
    view->plot = (struct box){cell.x, top, cell.w, cell.y + cell.h - parts->below - top};
    view->plot.h -= strips_height(&view->look, shared);
    view->plot.h = view->plot.h > 1 ? view->plot.h : 1;
    strips_place(view, shared);
}

/* "a.b.c = v, d.e = w" without what stands before the last dots, or before the values. */
static const char *shorter(const char *title, bool values)
{
    const char *out = "";
    for (const char *piece = title; *piece;) {
        const char *end = strstr(piece, ", "), *equals = strstr(piece, " = "), *from = piece;
        end = end ? end : piece + strlen(piece);
        if (equals && equals < end)
            for (from = values ? equals + 3 : equals; !values && from > piece; from--)
                if (from[-1] == '.')
                    break;
        out = internf("%s%s%.*s", out, *out ? ", " : "", (int)(end - from), from);
        piece = *end ? end + 2 : end;
    }
    return out;
}

const char *page_panel_title(struct canvas *canvas, const struct figure *figure, size_t panel,
                             double width, double size)
{
    for (int cut = 0;; cut++) {
        bool fits = true;
        for (size_t i = 0; i < figure->n_panels && cut < 2; i++) {
            const char *title = figure->panels[i].title ? figure->panels[i].title : "";
            const char *text = cut > 0 ? shorter(title, false) : title;
            fits = fits && canvas_text_width(canvas, text, size, true) <= width;
        }
        if (fits)
            return cut > 0 ? shorter(figure->panels[panel].title, cut > 1)
                           : figure->panels[panel].title;
    }
}

static void draw_panel(struct canvas *canvas, struct view *view, const struct shared *shared,
                       bool first, const struct parts *parts, double margin)
{
    bool alone = view->figure->n_panels == 1;
    spectrogram_draw(canvas, view, shared);
    frame_latency(canvas, view, shared, first);
    frame_below(canvas, view);
    frame_above(canvas, view, first, margin);
    bool early = view->figure->measure == PICTURE_QUEUE && !view->heat.rows.empty;
    if (early) /* of its places few are free, close to the top */
        frame_objective(canvas, view);
    frame_today(canvas, view);
    frame_cliff(canvas, view);
    if (view->heat.rows.empty) {
        frame_nothing(canvas, &view->look, view->plot, view->figure, view->panel);
    } else {
        if (!early)
            frame_objective(canvas, view);
        frame_warning(canvas, view);
    }
    if (alone) {
        spectrogram_end_labels(canvas, view);
        known_label(canvas, view);
    }
    if (view->panel->title) {
        struct paragraph title;
        double least = 0.6 * view->look.heading;
        size_t which = (size_t)(view->panel - view->figure->panels);
        canvas_wrap(canvas, page_panel_title(canvas, view->figure, which, view->plot.w, least),
                    ", ", view->plot.w, 1, view->look.heading, least, true, &title);
        struct text_style style = {title.size, spectrogram_ink, true, false, 0, false};
        canvas_text(canvas, view->plot.x, view->plot.y - parts->above - 0.45 * title.size,
                    title.line[0], &style);
    }
}

static void name_axes(const struct layout *layout, const struct page *page, double left)
{
    const struct box *first = &page->views[0].plot, *last = &page->views[page->n - 1].plot;
    size_t grid = across_of(layout->figure);
    const struct box *right = &page->views[grid - 1].plot;
    struct paragraph name;
    double width = right->x + right->w - first->x;
    canvas_wrap(layout->canvas, layout->figure->x_name, " ", width, 1, layout->look.text,
                0.6 * layout->look.text, false, &name);
    struct text_style style = {name.size, spectrogram_ink, false, false, 0.5, false};
    canvas_text(layout->canvas, first->x + width / 2, layout->bottom - 0.3 * layout->look.text,
                name.line[0], &style);
    if (page->views[0].heat.rows.empty)
        return;
    style.upwards = true;
    style.size = layout->look.text;
    canvas_text(layout->canvas, left + layout->look.text, (first->y + last->y + last->h) / 2.0,
                measure_axis(layout->figure->measure), &style);
}

/* Divides the page; fills the views' boxes and the bar. */
static void lay_out(struct layout *layout, struct page *page)
{
    const struct figure *figure = layout->figure;
    double s = layout->look.scale, text = layout->look.text;
    assert(page->n > 0);
    size_t across = across_of(figure), down = (page->n + across - 1) / across;
    double name = 1.5 * text, bottom = layout->bottom - name,
           top = layout->top + layout->second + (layout->rank >= NO_LEGEND ? 0.5 : 2.1) * text;
    struct parts parts = parts_of(layout);
    double gap_y = 10 * s, height = (bottom - top - gap_y * (double)(down - 1)) / (double)down;
    int plot = (int)height - parts.title - parts.above - parts.below;
    strips_share(figure, &page->shared);
    for (int i = 0; i < STRIPS && layout->rank >= NO_STRIPS; i++)
        if (i != STRIP_LOST)
            page->shared.strip_top[i] = 0;
    strips_fit(&layout->look, page->n == 1, plot, &page->shared);
    plot -= strips_height(&layout->look, &page->shared);

    struct heat_rows rows = heat_rows_of(figure, plot); /* marks known, step for the whole plot */
    rows = heat_rows_of(figure, view_cells_height(&layout->look, rows.mark, plot));
    int cells = view_cells_height(&layout->look, rows.mark, plot);
    page->shared.latency.n = 0;
    if (!rows.empty)
        measure_ticks(&rows, cells, 1.7 * text, &page->shared.latency);

    double left = layout->margin + name +
                  fmax(frame_latency_width(layout->canvas, &layout->look, &page->shared, &rows),
                       canvas_text_width(layout->canvas, "utilization", text, false) + 20 * s);
    double right = canvas_width(layout->canvas) - layout->margin -
                   frame_colours_width(layout->canvas, &layout->look, figure);
    double bar = right;
    right -= page->n == 1
                 ? 32 * s + canvas_text_width(layout->canvas, "p99.9", text, false) + 14 * s
                 : 30 * s;
    if (figure->marginal)
        right -= bars_marginal_width(&layout->look);
    double gap_x = 34 * s, width = (right - left - gap_x * (double)(across - 1)) / (double)across;
    if (width < 8)
        width = 8;
    for (size_t i = 0; i < page->n; i++) {
        struct view *view = &page->views[i];
        *view = (struct view){.figure = figure, .panel = &figure->panels[i], .look = layout->look};
        view->overhang = page->n > 1 ? gap_x / 2 - 5 * s : 30 * s;
        size_t line = i / across;
        struct box cell = {(int)lround(left + (double)(i % across) * (width + gap_x)),
                           (int)lround(top + (double)line * (height + gap_y)), (int)width,
                           (int)height};
        place_panel(view, &page->shared, cell, &parts);
        view_divide(view, &rows);
        view->heat.rows = rows; /* its cells are filled when all has its place */
    }
    const struct view *first = &page->views[0], *last = &page->views[page->n - 1];
    page->bar = (struct box){(int)lround(bar), first->plot.y, (int)lround(18 * s),
                             last->plot.y + last->plot.h - first->plot.y};
    if (figure->marginal)
        page->marginal =
            (struct box){(int)lround(bar - bars_marginal_width(&layout->look)), first->plot.y,
                         bars_marginal_box(&layout->look), first->plot.h};
}

/* All but the texts, with as much of a legend as there is. */
static void lay_out_all(struct layout *layout, struct page *page)
{
    layout->second = 0;
    lay_out(layout, page);
    if (layout->rank < NO_LEGEND)
        fit_legend(layout, page->views, page->n);
    if (layout->second > 0) /* the panels give way */
        lay_out(layout, page);
}

/* The share of the page's height that heat maps have. */
static double heat_share(const struct layout *layout, const struct page *page)
{
    size_t across = across_of(layout->figure), down = (page->n + across - 1) / across;
    return (double)down * page->views[0].cells.h / canvas_height(layout->canvas);
}

static void draw_panels(struct layout *layout, struct page *page)
{
    const struct figure *figure = layout->figure;
    for (size_t i = 0; i < page->n; i++) {
        struct view *view = &page->views[i];
        struct heat_rows rows = view->heat.rows;
        view->heat = heat_of(figure, view->panel, &rows, view->cells.w);
    }
    struct heat *heats = xcalloc(page->n, sizeof *heats);
    for (size_t i = 0; i < page->n; i++)
        heats[i] = page->views[i].heat;
    page->shared.scale = heat_scale_of(figure, heats, page->n);
    free(heats);

    write_legend(layout, page->views, page->n);
    struct parts parts = parts_of(layout);
    size_t across = across_of(figure);
    for (size_t i = 0; i < page->n; i++)
        draw_panel(layout->canvas, &page->views[i], &page->shared, i % across == 0, &parts,
                   layout->margin + 1.6 * layout->look.text);
    if (page->marginal.h > 0) {
        bars_marginal(layout->canvas, page->views, &page->shared, page->marginal);
        frame_objective_line(layout->canvas, page->views, page->marginal);
    }
    name_axes(layout, page, layout->margin);
    if (!page->views[0].heat.rows.empty)
        frame_colours(layout->canvas, &layout->look, page->bar, figure, &page->shared.scale,
                      &page->views[0].heat.rows);
}

static void write_texts(struct layout *layout, int rank, bool draw)
{
    layout->rank = rank;
    layout->draw = draw;
    layout->top = layout->margin;
    layout->bottom = canvas_height(layout->canvas) - layout->margin;
    write_heading(layout);
    write_footer(layout);
}

/* Leaves out what the heat maps have no room for, and draws the rest. */
static void draw_page(struct layout *layout, struct page *page)
{
    page->n = layout->figure->n_panels;
    page->views = xcalloc(page->n, sizeof *page->views);
    for (int rank = ALL; rank < RANKS; rank++) {
        write_texts(layout, rank, false);
        lay_out_all(layout, page);
        if (heat_share(layout, page) >= HEAT_SHARE)
            break;
    }
    write_texts(layout, layout->rank, true);
    draw_panels(layout, page);
}

struct canvas *page_draw(const struct figure *figure, struct page *page, struct errors *errors)
{
    assert(figure->n_panels > 0 && figure->columns > 0);
    struct canvas *canvas = canvas_new(figure->width, page_height(figure), errors);
    if (!canvas)
        return NULL;
    struct page own = {0};
    struct layout layout = {.canvas = canvas, .figure = figure, .legend = 1};
    layout.look = look_of(figure->width, figure->height, figure->text_scale);
    layout.margin = 18 * layout.look.scale;
    if (figure->n_panels == 1 && figure->columns == 1) {
        write_texts(&layout, figure->height < SMALLEST_PAGE ? NO_LEGEND : ALL, true);
        single_draw(canvas, figure, &layout.look, layout.margin, layout.top, layout.bottom);
    } else {
        draw_page(&layout, &own);
    }
    if (page)
        *page = own;
    else
        page_free(&own);
    return canvas;
}

void page_free(struct page *page)
{
    for (size_t i = 0; i < page->n; i++)
        heat_free(&page->views[i].heat);
    free(page->views);
    *page = (struct page){0};
}
