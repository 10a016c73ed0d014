#include "plan_plot.h"

#include <math.h>
#include <stdlib.h>

#include "../sim/base/err.h"
#include "../sim/result/crew.h"
#include "../sim/result/save.h"
#include "../sim/scenario/config.h"
#include "describe.h"
#include "leaf.h"
#include "plan_panel.h"
#include "plan_words.h"

static double write_text(const struct plan_page *sheet, const char *text, double y, int most,
                         double size, uint32_t colour, bool bold)
{
    const struct leaf_text style = {sheet->margin, most, size, colour, bold};
    return leaf_write(sheet->canvas, &style, text, y);
}

/* Returns the baseline of its last line: what bars are stands below the marks where it has no room
 * beside them. */
static double write_legend(const struct plan_page *sheet, double y)
{
    static const char *const names[3] = {"undecided", "meets the objective", "does not meet it"};
    static const enum finding order[3] = {FINDING_MET, FINDING_UNMET, FINDING_UNDECIDED};
    const struct look *look = &sheet->look;
    struct text_style style = plan_style(look, spectrogram_ink, 0);
    double x = sheet->margin + 8 * look->scale;
    char confidence[32];
    for (int i = 0; i < 3; i++) {
        plan_mark(sheet->canvas, look->scale, x, y - 0.36 * look->text, order[i]);
        canvas_text(sheet->canvas, x + 12 * look->scale, y, names[order[i]], &style);
        x +=
            canvas_text_width(sheet->canvas, names[order[i]], style.size, false) + 44 * look->scale;
    }
    unit_human(UNIT_SHARE, sheet->answer->question.confidence, 4, confidence, sizeof confidence);
    const char *bars = internf(
        "bars: intervals, all of which hold together with %s; an arrow: off the scale, or no limit",
        confidence);
    double room = canvas_width(sheet->canvas) - sheet->margin - x;
    if (canvas_text_width(sheet->canvas, bars, 0.85 * style.size, false) > room) {
        x = sheet->margin;
        y += 1.4 * look->text;
        room = canvas_width(sheet->canvas) - 2 * sheet->margin;
    }
    struct paragraph line;
    canvas_wrap(sheet->canvas, bars, " ", fmax(room, 1), 1, style.size, 0.6 * style.size, false,
                &line);
    style.size = line.size;
    canvas_text(sheet->canvas, x, y, line.line[0], &style);
    return y;
}

static const char *footer(const struct answer *answer)
{
    const struct scenario *s = answer->question.scenario;
    char tasks[32];
    unit_human(UNIT_COUNT, answer->spent, 3, tasks, sizeof tasks);
    return internf("%s%s%s tasks simulated \xc2\xb7 seed %.0f \xc2\xb7 scenario %s "
                   "\xc2\xb7 queuescope %s",
                   s->title ? s->title : "", s->title ? " \xc2\xb7 " : "", tasks, s->seed,
                   describe_hash(s), queuescope_version);
}

static void draw_page(struct plan_page *sheet)
{
    const struct answer *answer = sheet->answer;
    const struct look *look = &sheet->look;
    int width = canvas_width(sheet->canvas), height = canvas_height(sheet->canvas);
    double y = write_text(sheet, plan_sentence(answer), sheet->margin, 3, look->headline,
                          spectrogram_ink, true);
    y = write_text(sheet, plan_remarks(answer), y + 0.5 * look->heading, 2, look->heading,
                   spectrogram_soft, false);
    y += 1.8 * look->text;
    y = write_legend(sheet, y);
    write_text(sheet, footer(answer), height - sheet->margin - look->small, 1, look->small,
               spectrogram_soft, false);
    double top = y + 2.4 * look->text, bottom = height - sheet->margin - 6.2 * look->text;
    size_t n = answer->question.n_objectives;
    double gap = 1.6 * look->text,
           each = fmax((bottom - top - gap * (double)(n - 1)) / (double)n, 8);
    double left = sheet->margin + 2.2 * look->text +
                  canvas_text_width(sheet->canvas, "0.0001 %", look->text, false);
    plan_window(sheet);
    for (size_t i = 0; i < n; i++) {
        struct plan_panel panel = {.sheet = sheet, .objective = i};
        panel.plot = (struct box){(int)lround(left), (int)lround(top + (each + gap) * (double)i),
                                  (int)(width - sheet->margin - left), (int)each};
        panel.plot.w = panel.plot.w > 8 ? panel.plot.w : 8;
        plan_panel_draw(&panel, i == 0, i + 1 == n);
    }
}

bool plot_plan(const struct answer *answer, struct bytes *png, struct errors *errors)
{
    const struct scenario *s = answer->question.scenario;
    int width = (int)s->picture.width, height = (int)s->picture.height;
    struct plan_page sheet = {.answer = answer,
                              .line = answer->best ? answer->best : &answer->lines[0],
                              .look = look_of(width, height, s->picture.text_scale)};
    sheet.canvas = canvas_new(width, height, errors);
    if (!sheet.canvas)
        return false;
    sheet.margin = 24 * sheet.look.scale;
    draw_page(&sheet);
    return leaf_png(sheet.canvas, s, plan_sentence(answer), "plan",
                    crew_size(answer->question.jobs), png, errors);
}
