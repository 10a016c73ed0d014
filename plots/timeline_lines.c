#include "timeline_lines.h"

#include <math.h>
#include <stdlib.h>

#include "../sim/base/err.h"
#include "axis.h"

const uint32_t timeline_stage_colour[TIMELINE_STAGES] = {0x1f5fbf, 0xb7600f, 0x2c7a4b,
                                                         0x7a3fb0, 0x0d7f86, 0xa8326e};
static const uint32_t usual = 0x333333, slow = 0x1f5fbf, slowest = 0x8a6d3b, coming = 0x777777,
                      good = 0x2c7a4b, again = 0xb7600f, gone = 0xc8372d;

/* Below this share of windows that have a figure there is no point. */
#define HALF 0.5

/* ---- values of a point ---- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Whether a window says something of rates: the last may be too short. */
static bool counts(const struct timeline *t, uint32_t window)
{
    return timeline_length(t, window) >= HALF * t->width;
}

/* What is drawn of a figure: counts by the second. */
static double value_of(const struct timeline *t, struct window_at at, enum window_figure figure)
{
    double x = window_figure(t, at, figure);
    return figure <= WINDOW_RETRIES ? x / timeline_length(t, at.window) : x;
}

/* The values that point i is made of; how many windows there are for it. */
static size_t gather(const struct timeline_view *v, size_t i, struct window_at at,
                     enum window_figure figure, double *values, size_t *n)
{
    size_t windows = 0;
    *n = 0;
    for (uint32_t r = 0; r < v->result->replications; r++) {
        const struct timeline *t = result_timeline(v->result, r);
        for (size_t k = i * v->group; t && k < (i + 1) * v->group && k < t->n; k++) {
            at.window = (uint32_t)k;
            if (!counts(t, at.window))
                continue;
            windows++;
            double x = value_of(t, at, figure);
            if (!isnan(x))
                values[(*n)++] = x;
        }
    }
    return windows;
}

static double *points(const struct timeline_view *v)
{
    return xcalloc(v->n, sizeof(double));
}

/* A line of a figure at a place; of all classes together. */
static struct timeline_line line_of(const struct timeline_view *v, uint32_t place,
                                    enum window_figure figure, bool most)
{
    struct timeline_line line = {.most = most, .mid = points(v), .low = points(v)};
    double *values = xmalloc((v->group * v->result->replications + 1) * sizeof *values);
    struct window_at at = {.place = place, .class = result_row_classes(v->result) - 1};
    line.high = points(v);
    for (size_t i = 0; i < v->n; i++) {
        size_t n, windows = gather(v, i, at, figure, values, &n);
        line.mid[i] = line.low[i] = line.high[i] = NAN;
        if (n == 0 || (double)n < HALF * (double)windows)
            continue;
        qsort(values, n, sizeof *values, by_size);
        size_t tenth = n < 5 ? 0 : (size_t)floor((double)n / 10);
        line.mid[i] = most ? values[n - 1] : (values[(n - 1) / 2] + values[n / 2]) / 2;
        line.low[i] = most ? NAN : values[tenth];
        line.high[i] = most ? NAN : values[n - 1 - tenth];
    }
    free(values);
    return line;
}

static void free_line(struct timeline_line *line)
{
    free(line->mid);
    free(line->low);
    free(line->high);
}

static double largest(const double *values, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = values[i] > most ? values[i] : most; /* not of NAN */
    return most;
}

/* ---- panels ---- */

static void put(struct timeline_view *v, enum timeline_panel_kind kind, uint32_t place,
                enum window_figure figure, const char *name, uint32_t colour, bool most)
{
    struct timeline_panel *panel = &v->panel[kind];
    struct timeline_line line = line_of(v, place, figure, most);
    bool known = false;
    for (size_t i = 0; i < v->n; i++)
        known = known || !isnan(line.mid[i]);
    if (!known || panel->n == TIMELINE_LINES) {
        free_line(&line);
        return;
    }
    line.name = name;
    line.colour = colour;
    panel->line[panel->n++] = line;
    panel->drawn = true;
}

/* The same where it ever is more than 0. */
static void put_if_any(struct timeline_view *v, enum timeline_panel_kind kind, uint32_t place,
                       enum window_figure figure, const char *name, uint32_t colour)
{
    struct timeline_panel *panel = &v->panel[kind];
    size_t before = panel->n;
    put(v, kind, place, figure, name, colour, false);
    if (panel->n > before && largest(panel->line[before].mid, v->n) == 0 &&
        largest(panel->line[before].high, v->n) == 0)
        free_line(&panel->line[--panel->n]);
}

static bool moves(const struct timeline_line *line, size_t n)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < n; i++) {
        least = line->low[i] < least ? line->low[i] : least;
        most = line->high[i] > most ? line->high[i] : most;
    }
    return most > least * (1 + 1e-9);
}

static void put_stages(struct timeline_view *v)
{
    const struct result *result = v->result;
    bool one = result->places == 1;
    for (size_t i = 0; i < v->stages; i++) {
        uint32_t place = v->stage[i], colour = timeline_stage_colour[i];
        const char *name = one ? "waiting" : result_place_name(result, place);
        put(v, PANEL_WAITING, place, WINDOW_QUEUE_MEAN, name, colour, false);
        put(v, PANEL_TAKEN, place, WINDOW_UTILIZATION, one ? "busy" : name, colour, false);
        struct timeline_panel *panel = &v->panel[PANEL_CONSUMERS];
        size_t before = panel->n;
        put(v, PANEL_CONSUMERS, place, WINDOW_CONSUMERS, one ? "consumers" : name, colour, false);
        if (panel->n > before && !moves(&panel->line[before], v->n))
            free_line(&panel->line[--panel->n]);
        put_if_any(v, PANEL_BYTES, place, WINDOW_BYTES, one ? "held" : name, colour);
    }
    if (one)
        put(v, PANEL_WAITING, 0, WINDOW_QUEUE_MAX, "most at once", slowest, true);
}

static void put_panels(struct timeline_view *v)
{
    uint32_t whole = v->result->whole;
    put(v, PANEL_LATENCY, v->seen, WINDOW_LATENCY_MAX, "slowest", slowest, true);
    put(v, PANEL_LATENCY, v->seen, WINDOW_LATENCY_P50, "p50", usual, false);
    put(v, PANEL_LATENCY, v->seen, WINDOW_LATENCY_P99, "p99", slow, false);
    put(v, PANEL_TRAFFIC, v->seen, WINDOW_ARRIVALS, "arriving", coming, false);
    put(v, PANEL_TRAFFIC, v->seen, WINDOW_COMPLETIONS, whole == v->seen ? "completed" : "answered",
        slow, false);
    put_if_any(v, PANEL_TRAFFIC, v->seen, WINDOW_GOODPUT, "in time", good);
    put_if_any(v, PANEL_TRAFFIC, v->seen, WINDOW_RETRIES, "retries", again);
    put_if_any(v, PANEL_TRAFFIC, v->seen, WINDOW_LOSSES, "lost", gone);
    put_stages(v);
}

/* The ends of a panel's axis: from 0, or of latencies from the least to the largest. */
static void scale(struct timeline_panel *panel, size_t n)
{
    double least = INFINITY, most = 0;
    for (size_t k = 0; k < panel->n; k++) {
        const struct timeline_line *line = &panel->line[k];
        most = fmax(most, fmax(largest(line->mid, n), largest(line->high, n)));
        for (size_t i = 0; i < n; i++) {
            double low = line->most ? line->mid[i] : line->low[i];
            least = low > 0 && low < least ? low : least;
        }
    }
    panel->drawn = panel->n > 0;
    panel->from = panel->log ? least / 1.15 : 0;
    panel->to = panel->log ? most * 1.15 : most * 1.08;
    if (panel->unit == UNIT_SHARE)
        panel->to = 1.06;
    if (!(panel->to > panel->from) || !isfinite(panel->from)) {
        panel->from = panel->log ? 1e-3 : 0;
        panel->to = 1;
    }
}

/* ---- stages, troubles ---- */

/* The stages in which most ever wait on average, in their order. */
static void choose_stages(struct timeline_view *v)
{
    const struct result *result = v->result;
    uint32_t stages = result->places == 1 ? 1 : result->whole;
    double *most = xcalloc(stages, sizeof *most);
    for (uint32_t place = 0; place < stages; place++) {
        struct timeline_line line = line_of(v, place, WINDOW_QUEUE_MEAN, false);
        most[place] = largest(line.mid, v->n);
        free_line(&line);
    }
    for (uint32_t place = 0; place < stages; place++) {
        uint32_t before = 0; /* stages that go before it */
        for (uint32_t other = 0; other < stages; other++)
            before += most[other] > most[place] || (other < place && most[other] == most[place]);
        if (before < TIMELINE_STAGES)
            v->stage[v->stages++] = place;
    }
    free(most);
}

static void find_wrong(struct timeline_view *v, uint32_t place, size_t i, double share[TROUBLES],
                       double *any)
{
    uint32_t windows = 0, seen[TROUBLES] = {0}, some = 0;
    for (uint32_t r = 0; r < v->result->replications; r++) {
        const struct timeline *t = result_timeline(v->result, r);
        for (size_t k = i * v->group; t && k < (i + 1) * v->group && k < t->n; k++, windows++) {
            unsigned state = window_state(t, (struct window_at){(uint32_t)k, place, 0});
            some += state != 0;
            for (int kind = 0; kind < TROUBLES; kind++)
                seen[kind] += (state >> kind) & 1u;
        }
    }
    for (int kind = 0; kind < TROUBLES; kind++)
        share[kind] = windows > 0 ? (double)seen[kind] / windows : 0;
    *any = windows > 0 ? (double)some / windows : 0;
}

static void find_troubles(struct timeline_view *v)
{
    double share[TROUBLES], any;
    for (size_t i = 0; i < v->n; i++)
        find_wrong(v, v->result->whole, i, share, &v->wrong[i]);
    for (uint32_t place = 0; place < v->result->places; place++) {
        struct timeline_trouble trouble = {.name = result_place_name(v->result, place)};
        bool found = false;
        if ((place == v->result->whole && v->result->places > 1) || v->troubles == TIMELINE_STAGES)
            continue;
        for (int kind = 0; kind < TROUBLES; kind++)
            trouble.share[kind] = points(v);
        for (size_t i = 0; i < v->n; i++) {
            find_wrong(v, place, i, share, &any);
            found = found || any > 0;
            for (int kind = 0; kind < TROUBLES; kind++)
                trouble.share[kind][i] = share[kind];
        }
        if (found)
            v->trouble[v->troubles++] = trouble;
        for (int kind = 0; kind < TROUBLES && !found; kind++)
            free(trouble.share[kind]);
    }
}

/* ---- all of it ---- */

static void name_panels(struct timeline_view *v)
{
    struct timeline_panel *p = v->panel;
    bool client = v->seen != v->result->whole, one = v->result->places == 1;
    p[PANEL_LATENCY] = (struct timeline_panel){
        .name = client ? "latency of the client" : "latency", .unit = UNIT_DURATION, .log = true};
    p[PANEL_TRAFFIC] =
        (struct timeline_panel){.name = one ? "tasks" : "requests", .unit = UNIT_RATE};
    p[PANEL_WAITING] = (struct timeline_panel){.name = "tasks waiting", .unit = UNIT_COUNT};
    p[PANEL_TAKEN] = (struct timeline_panel){.name = "utilization", .unit = UNIT_SHARE};
    p[PANEL_CONSUMERS] = (struct timeline_panel){.name = "consumers", .unit = UNIT_COUNT};
    p[PANEL_BYTES] = (struct timeline_panel){.name = "bytes held", .unit = UNIT_COUNT};
    if (!one && v->stages < v->result->whole)
        p[PANEL_WAITING].more = internf("%zu of %u stages", v->stages, v->result->whole);
}

/* How far the picture goes: as half of the replications do, whose warm-ups are not the same. In
 * windows. */
static size_t measure(struct timeline_view *v)
{
    const struct result *result = v->result;
    double *ends = xcalloc(result->replications + (size_t)1, sizeof *ends);
    for (uint32_t r = 0; r < result->replications; r++) {
        const struct timeline *t = result_timeline(result, r);
        if (!t)
            continue;
        ends[v->replications++] = t->end;
        v->warm_up += result_warm_up(result, r);
    }
    v->warm_up /= fmax(v->replications, 1);
    qsort(ends, v->replications, sizeof *ends, by_size);
    size_t n = v->replications;
    v->length = n > 0 ? ends[n / 2] : 0;
    v->longest = n > 0 ? ends[n - 1] : 0;
    free(ends);
    return (size_t)ceil(v->length / v->width * (1 - 1e-9));
}

void timeline_view_make(const struct result *result, size_t most, struct timeline_view *out)
{
    *out = (struct timeline_view){.result = result, .width = result->scenario.run.windows};
    size_t windows = measure(out);
    most = most > 0 ? most : 1;
    out->group = windows > most ? (windows + most - 1) / most : 1;
    out->n = (windows + out->group - 1) / out->group;
    out->seen = result->places > result->whole + 1 ? result->whole + 1 : result->whole;
    out->x = points(out);
    out->wrong = points(out);
    for (size_t i = 0; i < out->n; i++) {
        double from = (double)(i * out->group) * out->width;
        double to = fmin((double)((i + 1) * out->group) * out->width, out->length);
        out->x[i] = (from + to) / 2 / out->length;
    }
    choose_stages(out);
    name_panels(out);
    put_panels(out);
    for (int kind = 0; kind < TIMELINE_PANELS; kind++)
        scale(&out->panel[kind], out->n);
    find_troubles(out);
}

void timeline_view_free(struct timeline_view *view)
{
    for (int kind = 0; kind < TIMELINE_PANELS; kind++)
        for (size_t i = 0; i < view->panel[kind].n; i++)
            free_line(&view->panel[kind].line[i]);
    for (size_t i = 0; i < view->troubles; i++)
        for (int kind = 0; kind < TROUBLES; kind++)
            free(view->trouble[i].share[kind]);
    free(view->x);
    free(view->wrong);
}
