#include "plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/result/save.h"
#include "../sim/scenario/config.h"
#include "page.h"

enum { CHUNKS = PLOT_PANELS + 6 };

struct chunks {
    size_t n;
    struct png_chunk chunk[CHUNKS];
    char *texts[PLOT_PANELS]; /* owned */
    size_t n_texts;
};

static void chunk_add(struct chunks *chunks, const char *key, const char *text)
{
    chunks->chunk[chunks->n++] = (struct png_chunk){key, text};
}

static void describe(struct chunks *chunks, const struct result *const *results, size_t n,
                     const char *command, const char *title)
{
    chunk_add(chunks, "Title", title);
    chunk_add(chunks, "Software", internf("queuescope %s", queuescope_version));
    for (size_t i = 0; i < n; i++) {
        char *text = config_text(&results[i]->scenario);
        chunks->texts[chunks->n_texts++] = text;
        chunk_add(chunks,
                  i == 0 ? "queuescope:scenario" : internf("queuescope:scenario.%zu", i + 1), text);
    }
    chunk_add(chunks, "queuescope:seed", internf("%.0f", results[0]->scenario.seed));
    chunk_add(chunks, "queuescope:version", queuescope_version);
    chunk_add(chunks, "queuescope:command", command);
}

bool plot_lacks(const char *text)
{
    struct errors errors = {0};
    struct canvas *canvas = canvas_new(1, 1, &errors);
    bool lacks = canvas && !canvas_can_write(canvas, text, true);
    canvas_del(canvas);
    return lacks;
}

void plot_prepare(void)
{
    struct errors errors = {0}; /* are told by who draws */
    canvas_del(canvas_new(1, 1, &errors));
}

static bool draw(const struct figure *figure, struct chunks *chunks, unsigned threads,
                 struct bytes *png, struct errors *errors)
{
    struct canvas *canvas = page_draw(figure, NULL, errors);
    if (!canvas)
        return false;
    struct raster raster;
    canvas_finish(canvas, &raster);
    bool ok = png_encode(&raster, chunks->chunk, chunks->n, threads, png, errors);
    raster_free(&raster);
    return ok;
}

static bool make(struct figure *figure, const struct result *const *results, size_t n,
                 const char *command, struct bytes *png, struct errors *errors)
{
    struct chunks chunks = {0};
    describe(&chunks, results, n, command, figure->title);
    bool ok = draw(figure, &chunks, results[0]->threads, png, errors);
    for (size_t i = 0; i < chunks.n_texts; i++)
        free(chunks.texts[i]);
    figure_free(figure);
    return ok;
}

/* Gives every panel its own part. */
static void take_known(struct figure *figure, const struct plot_known *known)
{
    if (!known)
        return;
    figure->known_exact = known->exact;
    figure->known_roughly = known->approximate;
    for (size_t p = 0; p < figure->n_panels; p++) {
        struct figure_known *own = xcalloc(figure->columns, sizeof *own);
        for (size_t c = 0; c < figure->columns; c++) {
            const struct figure_source *from = &figure->panels[p].columns[c].source;
            for (int line = 0; line < KNOWN_LINES; line++)
                own[c].latency[line] = NAN;
            if (from->place != FIGURE_WHOLE)
                continue; /* it is known from end to end */
            size_t class = from->class == FIGURE_WHOLE ? known->classes - 1 : from->class - 1;
            own[c] = known->columns[(from->result * known->classes + class) * known->per_class +
                                    from->column];
        }
        figure->panels[p].known = own;
    }
}

bool plot_spectrogram(const struct result *result, const struct plot_known *known,
                      struct bytes *png, struct errors *errors)
{
    struct figure figure = figure_of(result, false);
    take_known(&figure, known);
    return make(&figure, &result, 1, "run", png, errors);
}

bool plot_cliff(const struct result *result, const struct plot_marks *marks, struct bytes *png,
                struct errors *errors)
{
    struct figure figure = figure_of(result, true);
    figure.cliff_name = marks->name;
    figure.today = marks->today;
    take_known(&figure, marks->known);
    figure.panels[0].cliff = marks->cliff;
    figure.panels[0].cliff_low = marks->low;
    figure.panels[0].cliff_high = marks->high;
    return make(&figure, &result, 1, "cliff", png, errors);
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_axis(const struct sweep *a, const struct sweep *b)
{
    if (a->mode != b->mode || !a->parameter || !b->parameter)
        return a->mode == b->mode && a->parameter == b->parameter &&
               (a->mode != MODE_TIME || a->steps == b->steps);
    bool same = strcmp(a->parameter, b->parameter) == 0 && same_number(a->from, b->from) &&
                same_number(a->to, b->to) && same_number(a->steps, b->steps) &&
                a->scale == b->scale && a->mode == b->mode && a->values_count == b->values_count;
    for (size_t i = 0; same && i < (size_t)a->values_count; i++)
        same = a->values[i] == b->values[i];
    return same;
}

bool plot_comparison(const struct result *const *panels, size_t n, const char *const *panel_titles,
                     const char *title, const struct plot_known *known, struct bytes *png,
                     struct errors *errors)
{
    struct place nowhere = {0};
    if (n < 1 || n > PLOT_PANELS)
        return error_at(errors, nowhere, "a comparison has 1 to %d panels, not %zu", PLOT_PANELS,
                        n);
    for (size_t i = 1; i < n; i++)
        if (!same_axis(&panels[0]->scenario.sweep, &panels[i]->scenario.sweep) ||
            panels[i]->columns != panels[0]->columns)
            return error_at(errors, nowhere,
                            "'%s' and '%s' sweep different things: panels are drawn on one axis, "
                            "so their `sweep` must be the same",
                            panel_titles[0], panel_titles[i]);
    struct figure figure = figure_compare(panels, n, panel_titles, title);
    take_known(&figure, known);
    return make(&figure, panels, n, "compare", png, errors);
}
