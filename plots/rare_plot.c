#include "rare_plot.h"

#include <math.h>
#include <stdlib.h>

#include "../sim/base/err.h"
#include "../sim/result/save.h"
#include "../sim/scenario/config.h"
#include "describe.h"
#include "leaf.h"
#include "rare_panel.h"
#include "rare_words.h"

static double write_text(const struct rare_page *page, const char *text, double y, int most,
                         double size, uint32_t colour, bool bold)
{
    const struct leaf_text style = {page->margin, most, size, colour, bold};
    return leaf_write(page->canvas, &style, text, y);
}

static const char *footer(const struct rare *rare)
{
    const struct scenario *s = rare->question.s;
    char tasks[32];
    unit_human(UNIT_COUNT, rare->spent, 3, tasks, sizeof tasks);
    return internf("%s%s%s tasks simulated \xc2\xb7 seed %.0f \xc2\xb7 scenario %s "
                   "\xc2\xb7 queuescope %s",
                   s->title ? s->title : "", s->title ? " \xc2\xb7 " : "", tasks, s->seed,
                   describe_hash(s), queuescope_version);
}

static void draw_page(struct rare_page *page)
{
    const struct rare *rare = page->rare;
    const struct look *look = &page->look;
    int width = canvas_width(page->canvas), height = canvas_height(page->canvas);
    double y = write_text(page, rare_sentence(rare), page->margin, 3, look->headline,
                          spectrogram_ink, true);
    y = write_text(page, rare_remarks(rare), y + 0.5 * look->heading, 2, look->heading,
                   spectrogram_soft, false);
    write_text(page, footer(rare), height - page->margin - look->small, 1, look->small,
               spectrogram_soft, false);
    double top = y + 2.6 * look->text, bottom = height - page->margin - 6 * look->text;
    double left = page->margin + 2.4 * look->text +
                  canvas_text_width(page->canvas, "0.0001 ms", look->text, false);
    double w = width - 2 * page->margin - left, h = bottom - top;
    page->plot =
        (struct box){(int)lround(left), (int)lround(top), w > 8 ? (int)w : 8, h > 8 ? (int)h : 8};
    if (rare->question.s->sweep.parameter)
        rare_draw_sweep(page);
    else
        rare_draw_tail(page);
}

bool plot_rare(const struct rare *rare, struct bytes *png, struct errors *errors)
{
    const struct scenario *s = rare->question.s;
    int width = (int)s->picture.width, height = (int)s->picture.height;
    struct rare_page page = {.rare = rare, .look = look_of(width, height, s->picture.text_scale)};
    page.canvas = canvas_new(width, height, errors);
    if (!page.canvas)
        return false;
    page.margin = 24 * page.look.scale;
    draw_page(&page);
    return leaf_png(page.canvas, s, rare_sentence(rare), "rare", rare->question.jobs, png, errors);
}
