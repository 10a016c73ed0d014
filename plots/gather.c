/* Figures from results (figure.h). */
#include "figure.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/network/offered.h"
#include "../sim/result/warnings.h"
#include "describe.h"
#include "palette.h"
#include "shown.h"
#include "way.h"

/* Of the quantiles of a row (result.h), those that are drawn. */
static const int drawn[FIGURE_LINES] = {0, 2, 3};

/* The number waiting, whoever's tasks they are. */
static void take_queue(const struct result *result, uint32_t column, const struct row *row,
                       struct figure_column *out)
{
    struct queue_time queue = {0};
    result_queue(result, column, &queue);
    out->latency = queue.ticks;
    out->unfinished = 0; /* tasks at the end, and not their time */
    out->max = isnan(row->queue_max) ? 0 : row->queue_max;
    out->mean = row->queue_mean;
    out->mean_half = NAN;
    for (int q = 0; q < FIGURE_LINES; q++) {
        out->q[q] = row->queue_q[drawn[q]];
        out->low[q] = out->high[q] = NAN;
    }
}

static void take_column(const struct result *result, const struct figure_source *source,
                        struct figure_column *out)
{
    uint32_t all = result_row_classes(result) - 1,
             class = source->class == FIGURE_WHOLE ? all : source->class - 1;
    uint32_t place = source->place == FIGURE_WHOLE ? result->whole : source->place - 1;
    const struct row *row = result_place_row(result, source->column, place, class);
    out->source = *source;
    out->offered = row->offered;
    out->completed = row->completed;
    out->lost = row->lost;
    out->unfinished = row->unfinished;
    out->utilization = row->offered_utilization;
    out->arrival_rate = row->arrival_rate;
    out->throughput = row->throughput;
    out->waiting = row->queue_mean;
    out->unstable = row->stable == STABLE_NO;
    enum picture_measure measure = (enum picture_measure)result->scenario.picture.measure;
    if (measure == PICTURE_QUEUE) {
        take_queue(result, source->column, row, out);
        return;
    }
    bool waits = measure == PICTURE_WAIT;
    out->max = row->completed > 0 && !waits ? row->latency_max : 0;
    out->mean = waits ? row->wait_mean : row->latency_mean;
    out->mean_half = waits ? row->wait_mean_ci95 : row->latency_mean_ci95;
    for (int q = 0; q < FIGURE_LINES; q++) {
        out->q[q] = waits ? row->wait_q[drawn[q]] : row->latency_q[drawn[q]];
        out->low[q] = waits ? NAN : row->latency_low[drawn[q]]; /* of waits there are none */
        out->high[q] = waits ? NAN : row->latency_high[drawn[q]];
    }
    result_place_histogram(result, source->column, place, class,
                           waits ? MEASURE_WAIT : MEASURE_LATENCY, &out->latency);
}

/* The places of the buffer, to be drawn as a line: not where they differ from column to column. */
static double places_of(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    bool swept = s->sweep.parameter && strcmp(s->sweep.parameter, "buffer.capacity") == 0;
    double places = s->stage.capacity;
    return scenario_records_queue(s) && !swept && isfinite(places) ? places : 0;
}

/* Of the stages of a network only the one that has the most to do has the cliff. */
static bool is_bottleneck(const struct scenario *s, uint32_t place)
{
    return offered_of(s).stage == place;
}

/* A panel of a result: of one class or stage, or of all. */
static struct figure_panel panel_of(const struct result *result, size_t which,
                                    const struct shown *shown, size_t i)
{
    struct figure_panel panel = {.cliff = NAN, .cliff_low = NAN, .cliff_high = NAN};
    struct figure_source source = shown_source(shown, i, result, which);
    panel.columns = xcalloc(result->columns, sizeof *panel.columns);
    for (; source.column < result->columns; source.column++)
        take_column(result, &source, &panel.columns[source.column]);
    if (result->scenario.sweep.parameter &&
        (source.place == FIGURE_WHOLE || is_bottleneck(&result->scenario, source.place - 1)))
        panel.cliff = offered_cliff(&result->scenario);
    panel.places = places_of(result);
    return panel;
}

static struct axis axis_of(const struct scenario *s, size_t columns)
{
    struct axis axis = {.layout = AXIS_CENTRES, .columns = columns, .unit = UNIT_NUMBER};
    struct param_ref ref;
    if (sweep_is_time(s)) {
        axis.layout = AXIS_SLICES;
        axis.unit = UNIT_DURATION;
        axis.to = s->run.duration;
        return axis;
    }
    if (!sweep_ref(s, &ref))
        return axis;
    axis.unit = param_unit(&ref);
    axis.whole = ref.kind == PARAM_COUNT;
    axis.from = s->sweep.from;
    axis.to = s->sweep.to;
    axis.log = s->sweep.scale == SCALE_LOG;
    if (s->sweep.values_count > 0) {
        double *values = xcalloc(columns, sizeof *values);
        for (uint32_t c = 0; c < columns; c++)
            values[c] = sweep_value(s, c);
        axis.layout = AXIS_LIST;
        axis.values = values;
    } else if (s->sweep.mode == MODE_DRIFT) {
        axis.layout = AXIS_SLICES;
    }
    return axis;
}

/* A utilization that is the same everywhere is said once. */
static void say_utilization(struct figure *figure)
{
    double first = figure->panels[0].columns[0].utilization;
    for (size_t p = 0; p < figure->n_panels; p++)
        for (size_t c = 0; c < figure->columns; c++)
            if (!(fabs(figure->panels[p].columns[c].utilization - first) <= 1e-9 * first))
                return;
    char text[AXIS_LABEL];
    unit_human(UNIT_NUMBER, first, 3, text, sizeof text);
    figure->subtitle = internf("%s \xc2\xb7 offered utilization %s", figure->subtitle, text);
}

/* Lines with gaps are explained. */
static void explain_gaps(const struct figure *figure, struct pieces *pieces)
{
    for (int q = 0; q < FIGURE_LINES; q++) {
        size_t gaps = 0, columns = 0;
        for (size_t p = 0; p < figure->n_panels; p++)
            for (size_t c = 0; c < figure->columns; c++) {
                const struct figure_column *column = &figure->panels[p].columns[c];
                columns += column->completed > 0;
                gaps += column->completed > 0 && isnan(column->q[q]);
            }
        if (gaps > 0)
            pieces_add(pieces,
                       internf("%s %s", figure_line_names[q],
                               gaps == columns ? "left out: too few tasks for it"
                                               : "has gaps where tasks are too few for it"));
    }
}

/* What the scenario fixes of its picture. */
static void fix(const struct picture *picture, struct figure *figure)
{
    const char *why;
    bool counts = figure->colour == COLOUR_LOG_COUNT;
    figure->measure = (enum picture_measure)picture->measure;
    figure->text_scale = picture->text_scale;
    if (!isnan(picture->rows_per_decade))
        figure->rows_per_decade = (int)picture->rows_per_decade;
    if (picture->latency)
        picture_range(picture->latency, UNIT_DURATION, &figure->latency_low, &figure->latency_high,
                      &why);
    if (picture->colours)
        picture_range(picture->colours, counts ? UNIT_COUNT : UNIT_SHARE, &figure->colour_low,
                      &figure->colour_high, &why);
    if (figure->measure != PICTURE_LATENCY)
        figure->objective = NAN; /* it is one of latencies */
}

static struct figure start(const struct result *result, size_t n_panels)
{
    const struct scenario *s = &result->scenario;
    struct figure figure = {.title = describe_title(s),
                            .subtitle = describe_run(result),
                            .x_name = describe_axis(s),
                            .x_short = describe_parameter(s),
                            .x = axis_of(s, result->columns),
                            .columns = result->columns,
                            .n_panels = n_panels,
                            .time = NAN,
                            .colour = scenario_colour(s),
                            .palette = s->picture.palette,
                            .objective = s->picture.objective,
                            .width = (int)s->picture.width,
                            .height = (int)s->picture.height};
    fix(&s->picture, &figure);
    figure.by_time = sweep_is_time(s);
    if (sweep_drifts(s) && !figure.by_time)
        figure.time = s->run.duration;
    figure.panels = xcalloc(n_panels, sizeof *figure.panels);
    return figure;
}

/* A picture of one class says so above. */
static void say_class(const struct shown *shown, struct figure *figure)
{
    if (shown->stage)
        figure->subtitle = internf("stage %s%s%s", shown->stage,
                                   *figure->subtitle ? " \xc2\xb7 " : "", figure->subtitle);
    if (!shown->one)
        return;
    const char *class = shown->stages ? shown->class : shown->name[0];
    bool whole = strcmp(class, "all") == 0;
    figure->subtitle =
        internf("%s%s%s%s", whole ? "all classes together" : "tasks of class ", whole ? "" : class,
                *figure->subtitle ? " \xc2\xb7 " : "", figure->subtitle);
}

/* A line far above all that ever waits would leave the heat map a fraction of the axis. */
static void place_lines(struct figure *figure)
{
    enum { FAR = 4 };
    double most = 1;
    for (size_t p = 0; p < figure->n_panels; p++)
        for (size_t c = 0; c < figure->columns; c++)
            most = fmax(most, figure->panels[p].columns[c].max);
    for (size_t p = 0; p < figure->n_panels; p++)
        if (figure->panels[p].places > FAR * most)
            figure->panels[p].places = 0;
}

/* `say`: the subtitle does not say the utilization by itself. */
static void finish(struct figure *figure, bool say, struct pieces *pieces)
{
    place_lines(figure);
    if (figure->columns > 1 && say)
        say_utilization(figure);
    explain_gaps(figure, pieces);
    pieces_add(pieces, internf("colours %s", palette_names[(int)figure->palette]));
    figure->footer = pieces_join(pieces);
}

/* What stands side by side in place of a sweep: columns with labels. Those too long to stand under
 * their columns are numbered; the list of them, else NULL. */
static const char *label_columns(const char *const *titles, size_t n, struct figure *figure)
{
    assert(n > 0 && figure->n_panels > 0);
    const char **labels = xcalloc(n, sizeof *labels);
    double *values = xcalloc(n, sizeof *values);
    /* Three lines below a column have room for so many. */
    size_t longest = 0, room = 420 / n / figure->n_panels;
    for (size_t i = 0; i < n; i++)
        longest = strlen(titles[i]) > longest ? strlen(titles[i]) : longest;
    bool numbered = longest > room;
    struct pieces list = {0};
    for (size_t i = 0; i < n; i++) {
        values[i] = (double)(i + 1);
        labels[i] = numbered ? internf("%zu", i + 1) : intern(titles[i]);
        pieces_add(&list, internf("%zu: %s", i + 1, titles[i]));
    }
    figure->x_name = figure->x_short = "";
    figure->columns = n;
    figure->x = (struct axis){
        .layout = AXIS_LIST, .columns = n, .unit = UNIT_COUNT, .values = values, .labels = labels};
    return numbered ? pieces_join(&list) : NULL;
}

/* Of one column: its classes, or stages, are the columns of one panel. */
static void merge_parts(const struct result *result, const struct shown *shown,
                        struct figure *figure)
{
    struct figure_panel *panel = figure->panels;
    *panel = (struct figure_panel){.cliff = NAN, .cliff_low = NAN, .cliff_high = NAN};
    panel->columns = xcalloc(shown->n, sizeof *panel->columns);
    for (size_t i = 0; i < shown->n; i++) {
        struct figure_source source = shown_source(shown, i, result, 0);
        take_column(result, &source, &panel->columns[i]);
    }
    const char *list = label_columns(shown->name, shown->n, figure);
    figure->x_name = shown->stages ? "stage, then all from end to end" : "class of tasks";
    figure->subtitle =
        internf("%s%sone column for each %s", figure->subtitle,
                *figure->subtitle ? " \xc2\xb7 " : "", shown->stages ? "stage" : "class");
    if (list && shown->stages)
        figure->subtitle = internf("%s \xc2\xb7 %s", figure->subtitle, list);
}

struct figure figure_of(const struct result *result, bool whole)
{
    bool merges = result->columns == 1;
    struct shown shown = {.n = 1, .name = {"all"}};
    if (!whole)
        shown_of_one(result, !merges, &shown);
    merges = merges && shown.n > 1;
    struct figure figure = start(result, merges ? 1 : shown.n);
    for (size_t i = 0; i < shown.n && !merges; i++) {
        figure.panels[i] = panel_of(result, 0, &shown, i);
        figure.panels[i].title = shown.n > 1 ? shown_title(&shown, i) : NULL;
        figure.panels[i].part = shown.stage || (shown.stages ? strcmp(shown.name[i], "all") != 0
                                                             : shown.n > 1 && i + 1 < shown.n);
    }
    if (merges)
        merge_parts(result, &shown, &figure);
    if (shown.stages)
        way_fill(result, &shown, &figure);
    for (size_t p = 0; p < figure.n_panels && shown.stages; p++) /* each has its own, or none */
        for (size_t c = 0; c < figure.columns; c++)
            figure.panels[p].columns[c].utilization = NAN;
    uint32_t column;
    if (!merges && observed_column(&result->scenario, &column)) {
        figure.observed = observed_of(&result->scenario);
        figure.observed_column = column;
    }
    figure.marginal =
        result->scenario.picture.marginal > 0 && figure.columns > 1 && figure.n_panels == 1;
    if (shown.stages && !merges)
        figure.subtitle = internf("stage by stage, and from end to end%s%s",
                                  *figure.subtitle ? " \xc2\xb7 " : "", figure.subtitle);
    say_class(&shown, &figure);
    struct pieces pieces;
    describe_pieces(result, &pieces);
    pieces_add(&pieces, shown.note);
    finish(&figure, !merges, &pieces);
    return figure;
}

/* ---- comparisons ---- */

static bool pieces_have(const struct pieces *pieces, const char *piece)
{
    bool have = false;
    for (size_t i = 0; i < pieces->n; i++)
        have |= pieces->piece[i] == piece; /* interned */
    return have;
}

/* What panels warn of; where not all do, in how many of them. */
static void warning_pieces(const struct result *const *results, size_t n, struct pieces *out)
{
    size_t count;
    struct warning *warnings = warnings_of(results, n, &count);
    for (size_t i = 0; i < count; i++) {
        const char *text =
            warnings[i].same && warnings[i].n == n
                ? warning_brief(warnings[i].text)
                : internf("%s in %s panels", warning_kind(warnings[i].text),
                          warnings[i].n == n ? "all" : internf("%zu of %zu", warnings[i].n, n));
        if (!pieces_have(out, text))
            pieces_add(out, text);
    }
    warnings_free(warnings, count);
}

/* What all panels have in common. */
static void common_pieces(const struct result *const *results, size_t n, struct pieces *out)
{
    describe_pieces(results[0], out);
    for (size_t i = 1; i < n; i++) {
        struct pieces other;
        describe_pieces(results[i], &other);
        size_t kept = 0;
        for (size_t k = 0; k < out->n; k++) {
            if (pieces_have(&other, out->piece[k]))
                out->piece[kept++] = out->piece[k];
        }
        out->n = kept;
    }
}

/* Results without a sweep are the columns of one panel, or of one for each class. */
static void merge_panels(const struct result *const *results, size_t n, const char *const *titles,
                         const struct shown *shown, struct figure *figure)
{
    for (size_t k = 0; k < shown->n; k++) {
        struct figure_panel *panel = &figure->panels[k];
        panel->cliff = NAN;
        panel->columns = xcalloc(n, sizeof *panel->columns);
        panel->title = shown->n > 1 ? shown->name[k] : NULL;
        for (size_t i = 0; i < n; i++) {
            struct figure_source source = shown_source(shown, k, results[i], i);
            take_column(results[i], &source, &panel->columns[i]);
        }
        panel->places = places_of(results[0]);
        for (size_t i = 1; i < n; i++)
            if (places_of(results[i]) != panel->places)
                panel->places = 0;
    }
    const char *list = label_columns(titles, n, figure);
    figure->subtitle = list ? list : "one column for each";
}

/* Panels side by side, those of a class below those of the one before. */
static void lay_panels(const struct result *const *results, size_t n, const char *const *titles,
                       const struct shown *shown, struct figure *figure)
{
    for (size_t k = 0; k < shown->n; k++)
        for (size_t i = 0; i < n; i++) {
            struct figure_panel *panel = &figure->panels[k * n + i];
            *panel = panel_of(results[i], i, shown, k);
            panel->title =
                shown->n > 1 ? internf("%s, %s", shown->name[k], titles[i]) : intern(titles[i]);
        }
    figure->across = shown->n > 1 && n > 1 ? n : 0;
}

struct figure figure_compare(const struct result *const *results, size_t n,
                             const char *const *titles, const char *title)
{
    bool swept = sweep_name(&results[0]->scenario) != NULL;
    struct shown shown;
    shown_of(results, n, swept ? PLOT_PANELS / n : PLOT_PANELS, &shown);
    struct figure figure = start(results[0], swept ? n * shown.n : shown.n);
    figure.title = title ? intern(title) : describe_several(&results[0]->scenario);
    if (swept)
        lay_panels(results, n, titles, &shown, &figure);
    else
        merge_panels(results, n, titles, &shown, &figure);
    say_class(&shown, &figure);
    struct pieces pieces;
    common_pieces(results, n, &pieces);
    if (!pieces_have(&pieces, describe_tasks(results, 1)))
        pieces_add(&pieces, describe_tasks(results, n));
    warning_pieces(results, n, &pieces);
    pieces_add(&pieces, shown.note);
    finish(&figure, true, &pieces);
    return figure;
}
