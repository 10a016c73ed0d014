#include "fit_plot.h"

#include <math.h>

#include "../sim/result/save.h"
#include "fit_panel.h"

enum { WIDTH = 1560, HEIGHT = 940, ACROSS = 3, DOWN = 2 };
enum { LEFT = 74, RIGHT = 16, ABOVE = 44, BELOW = 50, HEAD = 62 };

static struct box place(int column, int row)
{
    int w = WIDTH / ACROSS, h = (HEIGHT - HEAD) / DOWN;
    return (struct box){column * w + LEFT, HEAD + row * h + ABOVE - 8, w - LEFT - RIGHT,
                        h - ABOVE - BELOW};
}

static const char *rate_text(double rate)
{
    char text[64];
    unit_human(UNIT_RATE, rate, 3, text, sizeof text);
    return intern(text);
}

static const char *duration_text(double seconds)
{
    char text[64];
    unit_human(UNIT_DURATION, seconds, 3, text, sizeof text);
    return intern(text);
}

static const char *verdict_text(const struct fit *fit)
{
    switch (fit->arrivals.verdict) {
    case ARRIVALS_FEW:
        return "too few tasks to tell whether arrivals are Poisson";
    case ARRIVALS_POISSON:
        return "arrivals pass for Poisson";
    case ARRIVALS_MOVING:
        return "arrivals are Poisson at a rate that moves";
    case ARRIVALS_RENEWAL:
        return "gaps are independent, but not exponential";
    case ARRIVALS_OTHER:
        return "arrivals are not Poisson: bursts, or gaps that depend on each other";
    }
    return "";
}

static void draw_head(struct canvas *canvas, const struct fit *fit)
{
    struct text_style title = {22, fit_ink, true, false, 0, false},
                      line = {14, fit_soft, false, false, 0, false};
    const struct laws *laws = &fit->size_laws;
    struct paragraph name;
    canvas_wrap(canvas, fit->facts.file, "/", WIDTH - 40, 1, 22, 12, true, &name);
    title.size = name.size;
    canvas_text(canvas, 20, 32, name.line[0], &title);
    canvas_text(canvas, 20, 56,
                internf("%ld tasks in %s, %s; sizes of mean %s: %s; %s", fit->facts.tasks,
                        duration_text(fit->span), rate_text(fit->rate), duration_text(fit->mean),
                        laws->n > 0 ? laws->fitted[laws->best].law.model->name : "of no law",
                        verdict_text(fit)),
                &line);
}

static void draw(struct canvas *canvas, const struct fit *fit)
{
    draw_head(canvas, fit);
    if (fit->sizes.n > 0) {
        fit_draw_density(canvas, place(0, 0), fit);
        fit_draw_beyond(canvas, place(1, 0), fit);
        fit_draw_quantiles(canvas, place(2, 0), fit);
    }
    fit_draw_course(canvas, place(0, 1), fit);
    fit_draw_gaps(canvas, place(1, 1), fit);
    fit_draw_hill(canvas, place(2, 1), fit);
}

bool fit_plot(const struct fit *fit, const char *scenario, struct bytes *png, struct errors *errors)
{
    struct canvas *canvas = canvas_new(WIDTH, HEIGHT, errors);
    if (!canvas)
        return false;
    draw(canvas, fit);
    struct raster raster;
    canvas_finish(canvas, &raster);
    const struct png_chunk chunks[] = {{"Software", internf("queuescope %s", queuescope_version)},
                                       {"queuescope:scenario", scenario},
                                       {"queuescope:version", queuescope_version},
                                       {"queuescope:command", "fit"}};
    bool good = png_encode(&raster, chunks, sizeof chunks / sizeof *chunks, 1, png, errors);
    raster_free(&raster);
    return good;
}
