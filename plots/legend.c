/* The colour bar and the legend of frame.h. */
#include <math.h>
#include <stdio.h>

#include "frame.h"
#include "known.h"
#include "measure.h"
#include "observed.h"
#include "palette.h"
#include "quantiles.h"
#include "strips.h"

/* ---- colours ---- */

/* `end`: -1, the colour is of less, too; 1, of more, too. */
static void value_label(enum picture_colour colour, double value, int end, char *out, size_t size)
{
    static const char *const signs[] = {"\xe2\x89\xa4 ", "", "\xe2\x89\xa5 "};
    char text[AXIS_LABEL];
    if (colour != COLOUR_LOG_COUNT && value > 0 && value < 1e-6) /* decades, without an exponent */
        snprintf(text, sizeof text, "%.*f %%", (int)ceil(-log10(100 * value) - 1e-9), 100 * value);
    else
        unit_human(colour == COLOUR_LOG_COUNT ? UNIT_NUMBER : UNIT_SHARE, value, 3, text,
                   sizeof text);
    snprintf(out, size, "%s%s", signs[end + 1], text);
}

/* The widest label that a scale of these tasks can have. */
static double label_width(struct canvas *canvas, const struct look *look,
                          const struct figure *figure)
{
    enum picture_colour colour = (enum picture_colour)figure->colour;
    uint64_t most = 1;
    for (size_t p = 0; p < figure->n_panels; p++)
        for (size_t c = 0; c < figure->columns; c++) {
            const struct figure_column *column = &figure->panels[p].columns[c];
            uint64_t tasks = column->completed + column->unfinished;
            most = tasks > most ? tasks : most;
        }
    char label[AXIS_LABEL + 8];
    bool fixed = figure->colour_high > figure->colour_low;
    value_label(colour,
                fixed                         ? figure->colour_low
                : colour == COLOUR_LOG_COUNT  ? 100e3
                : colour == COLOUR_COLUMN_MAX ? 1
                : colour == COLOUR_INTENSITY  ? 1e-7
                                              : fmax(pow(10, -ceil(log10((double)most))), 1e-7),
                colour == COLOUR_COLUMN_MAX ? 0 : -1, label, sizeof label);
    return canvas_text_width(canvas, label, look->text, false);
}

double frame_colours_width(struct canvas *canvas, const struct look *look,
                           const struct figure *figure)
{
    return 28 * look->scale + label_width(canvas, look, figure) + 1.9 * look->text;
}

static void colour_tick(struct canvas *canvas, const struct look *look, struct box bar,
                        const struct heat_scale *scale, double value, const char *label)
{
    double place = heat_scale_place(scale, value);
    int y = bar.y + bar.h - 1 - (int)lround(place * (bar.h - 1));
    int length = (int)lround((label ? 5 : 3) * look->scale);
    canvas_fill(canvas, (struct box){bar.x + bar.w + 1, y, length, 1}, spectrogram_ink);
    if (label) {
        struct text_style style = {look->text, spectrogram_ink, false, false, 0, false};
        canvas_text(canvas, bar.x + bar.w + 9 * look->scale, y + 0.5 + 0.36 * look->text, label,
                    &style);
    }
}

void frame_colours(struct canvas *canvas, const struct look *look, struct box bar,
                   const struct figure *figure, const struct heat_scale *scale,
                   const struct heat_rows *rows)
{
    enum picture_colour colour = (enum picture_colour)figure->colour;
    for (int i = 0; i < bar.h; i++) {
        int entry = palette_index((bar.h - 1 - i + 0.5) / bar.h);
        canvas_fill(canvas, (struct box){bar.x, bar.y + i, bar.w, 1},
                    palette_entry((int)figure->palette, entry));
    }
    canvas_frame(canvas, bar, spectrogram_ink);
    char label[AXIS_LABEL + 8];
    if (scale->log) {
        double first = floor(log10(scale->low) + 1e-9);
        for (int d = (int)first; pow(10, d) <= scale->high * 1.001; d++)
            for (int digit = 1; digit < 10; digit++) {
                double value = digit * pow(10, d);
                if (value > scale->high * 1.001)
                    break;
                /* The upper end, too, where that keeps clear of the decade below it. */
                bool end = digit >= 2 && value > scale->high * 0.999 &&
                           (1 - heat_scale_place(scale, pow(10, d))) * bar.h > 1.3 * look->text;
                if (value < scale->low * 0.999)
                    continue;
                bool lowest = value<scale->low * 1.001, highest = value> scale->high * 0.999;
                value_label(colour, value,
                            lowest && scale->below    ? -1
                            : highest && scale->above ? 1
                                                      : 0,
                            label, sizeof label);
                colour_tick(canvas, look, bar, scale, value, digit == 1 || end ? label : NULL);
            }
    } else {
        for (int i = 0; i <= 4; i++) {
            double value = scale->low + (scale->high - scale->low) * i / 4;
            value_label(colour, value, 0, label, sizeof label);
            colour_tick(canvas, look, bar, scale, value, label);
        }
    }
    struct paragraph name;
    const char *text = heat_scale_name(colour, rows);
    if (canvas_text_width(canvas, text, 0.7 * look->text, false) > bar.h)
        text = heat_scale_short(colour, rows);
    canvas_wrap(canvas, text, " ", bar.h, 1, look->text, 0.6 * look->text, false, &name);
    struct text_style style = {name.size, spectrogram_ink, false, false, 0.5, true};
    canvas_text(canvas, bar.x + frame_colours_width(canvas, look, figure) - 0.4 * look->text,
                bar.y + bar.h / 2.0, name.line[0], &style);
}

/* ---- legend ---- */

struct legend {
    struct canvas *canvas;
    const struct view *view;
    struct look look;
    double x, y; /* baseline */
    double left, room, widest;
    int lines;
    bool draw;
};

/* Leaves room for a sample, draws the name, on the next line if need be; returns where the sample
 * starts. */
static double entry(struct legend *legend, double sample, const char *name)
{
    const struct look *look = &legend->look;
    struct text_style style = {look->small, spectrogram_soft, false, false, 0, false};
    double width =
        sample + 6 * look->scale + canvas_text_width(legend->canvas, name, look->small, false);
    if (legend->x > legend->left && legend->x + width > legend->left + legend->room) {
        legend->x = legend->left;
        legend->y += 1.45 * look->small;
        legend->lines++;
    }
    legend->widest = fmax(legend->widest, legend->x + width - legend->left);
    double start = legend->x, text = start + sample + 6 * look->scale;
    if (legend->draw)
        canvas_text(legend->canvas, text, legend->y, name, &style);
    legend->x =
        text + canvas_text_width(legend->canvas, name, look->small, false) + 18 * look->scale;
    return start;
}

static struct box sample_box(const struct legend *legend, double start, double w, double h)
{
    const struct look *look = &legend->look;
    double middle = legend->y - 0.36 * look->small;
    return (struct box){(int)lround(start), (int)lround(middle - h * look->scale / 2),
                        (int)lround(w), (int)lround(h * look->scale)};
}

/* A sample of a line, `w` long. */
static void sample_line(const struct legend *legend, double start, double w,
                        const struct line_style *style)
{
    double middle = legend->y - 0.36 * legend->look.small;
    double x[2] = {start, start + w}, y[2] = {middle, middle};
    struct box everywhere = {0, 0, canvas_width(legend->canvas), canvas_height(legend->canvas)};
    if (legend->draw)
        canvas_line(legend->canvas, everywhere, x, y, 2, style);
}

/* What there is to explain. */
struct present {
    bool line[FIGURE_LINES];
    bool known[2][KNOWN_LINES], means; /* exactly, roughly */
    bool band, slowest, hatch, unfinished, cliff, unstable, arrivals, observed;
};

static struct present look_for(const struct view *views, size_t n)
{
    struct present is = {0};
    for (size_t v = 0; v < n; v++) {
        for (size_t c = 0; c < views[v].figure->columns; c++) {
            const struct figure_column *column = &views[v].panel->columns[c];
            for (int q = 0; q < FIGURE_LINES; q++) {
                is.line[q] |= !isnan(column->q[q]);
                is.band |= !isnan(column->low[q]) && !isnan(column->high[q]);
            }
            is.slowest |= column->max > 0;
            is.hatch |= figure_is_bare(views[v].figure, column);
            is.unfinished |= column->unfinished > 0;
            is.unstable |= column->unstable;
            for (int i = 0; i < KNOWN_LINES && views[v].panel->known; i++) {
                const struct figure_known *known = &views[v].panel->known[c];
                is.known[known->approximate][i] |= !isnan(known->latency[i]);
                is.means |= i == KNOWN_MEAN && !isnan(known->latency[i]) && column->mean > 0;
            }
        }
        is.cliff |= !isnan(axis_place(&views[v].figure->x, views[v].panel->cliff));
        is.observed |= views[v].figure->observed != NULL;
        is.arrivals |= views[v].strip[STRIP_THROUGHPUT].h > 0;
    }
    return is;
}

static void quantile_entries(struct legend *legend, const struct present *is)
{
    const struct look *look = &legend->look;
    struct box everywhere = {0, 0, canvas_width(legend->canvas), canvas_height(legend->canvas)};
    double w = 26 * look->scale;
    for (int q = 0; q < FIGURE_LINES; q++) {
        if (!is->line[q])
            continue;
        double start = entry(legend, w, figure_line_names[q]);
        double middle = legend->y - 0.36 * look->small;
        double x[2] = {start, start + w}, y[2] = {middle, middle};
        if (legend->draw)
            spectrogram_line(legend->canvas, look, (int)legend->view->figure->palette, q,
                             everywhere, x, y, 2);
    }
}

static void known_entries(struct legend *legend, const struct present *is)
{
    const struct figure *figure = legend->view->figure;
    struct box everywhere = {0, 0, canvas_width(legend->canvas), canvas_height(legend->canvas)};
    double s = legend->look.scale, rise = 0.36 * legend->look.small;
    for (int i = 0; i < 2 * KNOWN_LINES; i++) { /* a line each; the last says where it is from */
        int rough = i / KNOWN_LINES, line = i % KNOWN_LINES;
        const char *source = rough ? figure->known_roughly : figure->known_exact;
        if (!is->known[rough][line] || !source)
            continue;
        bool last = true;
        for (int next = line + 1; next < KNOWN_LINES; next++)
            last = last && !is->known[rough][next];
        double start =
            entry(legend, 26 * s, internf("%s by %s", known_names[line], last ? source : "theory"));
        double x[2] = {start, start + 26 * s}, y[2] = {legend->y - rise, legend->y - rise};
        if (legend->draw)
            known_line(legend->canvas, &legend->look, everywhere, line, rough, x, y, 2);
    }
    if (is->means) {
        double start = entry(legend, 8 * s, "simulated mean"), middle = legend->y - rise;
        if (legend->draw)
            known_point(legend->canvas, &legend->look, everywhere, start + 4 * s, middle,
                        middle + 4 * s, middle - 4 * s);
    }
}

static void distribution_entries(struct legend *legend, const struct present *is)
{
    double s = legend->look.scale;
    size_t group = legend->view->plot.w > 0 ? quantiles_group(legend->view) : 1;
    if (group > 1)
        entry(legend, 0, internf("lines: of %zu columns together", group));
    if (is->band) {
        double start = entry(legend, 22 * s, "95 % confidence");
        if (legend->draw) {
            canvas_fill(legend->canvas, sample_box(legend, start, 22 * s, 10), 0xcfd3d8);
            canvas_frame(legend->canvas, sample_box(legend, start, 22 * s, 10), 0x777777);
        }
    }
    if (is->slowest) {
        double start = entry(legend, 20 * s, measure_largest(legend->view->figure->measure));
        for (int i = 0; i < 3 && legend->draw; i++)
            canvas_fill(legend->canvas, sample_box(legend, start + 8 * s * i, 4 * s, 1.5),
                        spectrogram_max);
    }
}

static void observed_entry(struct legend *legend, bool band)
{
    double w = (band ? 22 : 12) * legend->look.scale;
    const char *name = legend->view->figure->observed->name;
    double start =
        entry(legend, w,
              band ? internf("observed: %s", name) : internf("observed p50, p90, p99: %s", name));
    if (legend->draw)
        observed_sample(legend->canvas, sample_box(legend, start, w, 10), band);
}

static void mark_entries(struct legend *legend, const struct present *is)
{
    double s = legend->look.scale;
    if (is->cliff) {
        double dash[2] = {8 * s, 5 * s};
        struct line_style style = {2 * s, spectrogram_cliff_colour, 1, dash, 2};
        sample_line(legend, entry(legend, 26 * s, "utilization 1"), 26 * s, &style);
    }
    if (is->unstable) {
        double start = entry(legend, 22 * s, "not stable");
        if (legend->draw)
            canvas_fill(legend->canvas, sample_box(legend, start, 22 * s, 4), spectrogram_unstable);
    }
    if (is->hatch) {
        double start = entry(legend, 20 * s, "no task completed");
        if (legend->draw)
            canvas_hatch(legend->canvas, sample_box(legend, start, 20 * s, 11), (int)lround(5 * s),
                         spectrogram_hatch);
    }
    if (is->unfinished) {
        double start = entry(legend, 20 * s, "unfinished at the end");
        if (legend->draw) {
            canvas_frame(legend->canvas, sample_box(legend, start, 20 * s, 11), 0x777777);
            canvas_hatch(legend->canvas, sample_box(legend, start, 20 * s, 11), (int)lround(5 * s),
                         spectrogram_unfinished);
        }
    }
    if (is->arrivals) {
        struct line_style style = strips_reference(&legend->look);
        sample_line(legend, entry(legend, 22 * s, "arrival rate"), 22 * s, &style);
    }
}

struct legend_size frame_legend(struct canvas *canvas, const struct look *look,
                                const struct view *views, size_t n, double x, double y, double room,
                                enum legend_kind kind, bool draw)
{
    struct legend legend = {canvas, views, *look, x, y, x, room, 0, 1, draw};
    struct present is = look_for(views, n);
    is.cliff &= kind == LEGEND_PANELS;
    is.slowest &= kind != LEGEND_SINGLE;
    is.unstable &= kind != LEGEND_SINGLE;
    if (kind == LEGEND_PANELS)
        quantile_entries(&legend, &is);
    distribution_entries(&legend, &is);
    mark_entries(&legend, &is);
    known_entries(&legend, &is);
    if (is.observed)
        observed_entry(&legend, kind == LEGEND_SINGLE);
    return (struct legend_size){legend.widest, legend.lines};
}
