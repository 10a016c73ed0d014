#include "timeline.h"

#include <math.h>
#include <stdlib.h>

#include "../sim/base/err.h"
#include "../sim/result/save.h"
#include "../sim/scenario/config.h"
#include "describe.h"
#include "leaf.h"
#include "timeline_panel.h"

/* How high panels are, one beside another. */
static const double weight[TIMELINE_PANELS] = {3.2, 1.7, 1.7, 1.2, 1.1, 1.2};

static double write_text(const struct timeline_page *page, const char *text, double y, int most,
                         double size, uint32_t colour, bool bold)
{
    struct paragraph lines;
    double width = canvas_width(page->canvas) - 2 * page->margin;
    canvas_wrap(page->canvas, text, " ", width, most, size, 0.6 * size, bold, &lines);
    struct text_style style = {lines.size, colour, bold, false, 0, false};
    for (int i = 0; i < lines.n; i++) {
        y += (i == 0 ? 1.0 : 1.3) * lines.size;
        canvas_text(page->canvas, page->margin, y, lines.line[i], &style);
    }
    return y;
}

static const char *footer(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    return internf("%s \xc2\xb7 %s \xc2\xb7 seed %.0f \xc2\xb7 scenario %s \xc2\xb7 queuescope %s",
                   describe_title(s), describe_tasks(&result, 1), s->seed, describe_hash(s),
                   queuescope_version);
}

/* Shares the height out; the plots' left and right ends follow from what stands beside them. */
static void place(struct timeline_page *page, int top, int bottom)
{
    struct timeline_view *v = &page->view;
    const struct look *look = &page->look;
    int gap = (int)lround(16 * look->scale), row = (int)lround(1.35 * look->small);
    int troubles = (int)v->troubles * row, room = bottom - top - (troubles ? troubles + gap : 0);
    double weights = 0, y = top, names = 0, labels = 0;
    for (int i = 0; i < TIMELINE_PANELS; i++)
        if (v->panel[i].drawn) {
            weights += weight[i];
            room -= weights > weight[i] ? gap : 0;
        }
    for (int i = 0; i < TIMELINE_PANELS; i++) {
        struct timeline_panel *panel = &v->panel[i];
        if (!panel->drawn)
            continue;
        int h = (int)floor(room * weight[i] / weights);
        page->plot[i] = (struct box){0, (int)lround(y), 100, h > 8 ? h : 8};
        y += h + gap;
        labels = fmax(labels, timeline_labels_width(page, panel, &page->plot[i]));
        for (size_t k = 0; k < panel->n; k++)
            names = fmax(names,
                         canvas_text_width(page->canvas, panel->line[k].name, look->small, false));
    }
    for (size_t k = 0; k < v->troubles; k++)
        labels =
            fmax(labels, canvas_text_width(page->canvas, v->trouble[k].name, look->small, false) -
                             look->text);
    page->left =
        (int)lround(page->margin + 2.2 * look->text + labels + 0.5 * look->small + 5 * look->scale);
    page->right =
        (int)lround(canvas_width(page->canvas) - page->margin - names - 0.8 * look->small);
    page->right = page->right > page->left + 16 ? page->right : page->left + 16;
    for (int i = 0; i < TIMELINE_PANELS; i++) {
        page->plot[i].x = page->left;
        page->plot[i].w = page->right - page->left;
    }
    page->troubles = (struct box){page->left, (int)lround(y), page->right - page->left, troubles};
}

static void draw_page(struct timeline_page *page)
{
    const struct look *look = &page->look;
    const struct timeline_view *v = &page->view;
    double y = write_text(page, timeline_sentence(v), page->margin, 2, look->headline,
                          spectrogram_ink, true);
    y = write_text(page, timeline_remarks(v), y + 0.6 * look->heading, 1, look->heading,
                   spectrogram_soft, false);
    double bottom = canvas_height(page->canvas) - page->margin;
    write_text(page, footer(v->result), bottom - look->small, 1, look->small, spectrogram_soft,
               false);
    place(page, (int)lround(y + 1.2 * look->text), (int)lround(bottom - 5.6 * look->text));
    struct box lowest = {0};
    for (int i = 0; i < TIMELINE_PANELS; i++)
        if (v->panel[i].drawn) {
            timeline_draw_panel(page, (enum timeline_panel_kind)i);
            lowest = page->plot[i];
        }
    timeline_draw_troubles(page);
    timeline_draw_time(page, v->troubles > 0 ? page->troubles : lowest);
}

static bool encode(struct timeline_page *page, struct bytes *png, struct errors *errors)
{
    const struct result *result = page->view.result;
    return leaf_png(page->canvas, &result->scenario, timeline_sentence(&page->view), "run",
                    result->threads, png, errors);
}

bool plot_timeline(const struct result *result, struct bytes *png, struct errors *errors)
{
    const struct picture *picture = &result->scenario.picture;
    int width = (int)picture->width, height = (int)picture->height;
    struct timeline_page page = {.look = look_of(width, height, picture->text_scale)};
    page.canvas = canvas_new(width, height, errors);
    if (!page.canvas)
        return false;
    page.margin = 18 * page.look.scale;
    timeline_view_make(result, (size_t)width / 3, &page.view);
    draw_page(&page);
    bool ok = encode(&page, png, errors);
    timeline_view_free(&page.view);
    return ok;
}
