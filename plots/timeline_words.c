/* The sentences of timeline.png (timeline_lines.h). */
#include <math.h>
#include <stdlib.h>

#include "../sim/base/err.h"
#include "timeline_lines.h"

/* A peak so many times what is usual is told as one. */
#define PEAK 3

static const char *duration(double seconds)
{
    char text[64];
    unit_human(UNIT_DURATION, seconds, 3, text, sizeof text);
    return intern(text);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The values of a line after the warm-up, in order of size; how many. */
static size_t sorted(const struct timeline_view *v, const double *line, double *out)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (!isnan(line[i]) && v->x[i] * v->length >= v->warm_up)
            out[n++] = line[i];
    qsort(out, n, sizeof *out, by_size);
    return n;
}

static const struct timeline_line *p99_of(const struct timeline_view *v)
{
    const struct timeline_panel *panel = &v->panel[PANEL_LATENCY];
    return panel->n > 0 ? &panel->line[panel->n - 1] : NULL; /* the last that is put there */
}

/* The point at which a line is highest, after the warm-up. */
static size_t highest(const struct timeline_view *v, const double *line)
{
    size_t at = 0;
    double most = -1;
    for (size_t i = 0; i < v->n; i++)
        if (line[i] > most && v->x[i] * v->length >= v->warm_up) {
            most = line[i];
            at = i;
        }
    return at;
}

static bool is_wrong(const struct timeline_view *v)
{
    bool wrong = false;
    for (size_t i = 0; i < v->n; i++)
        wrong = wrong || v->wrong[i] > 0;
    return wrong;
}

/* The largest of a line where something is wrong, and where nothing is. */
static void apart(const struct timeline_view *v, const double *line, double *wrong, double *right)
{
    *wrong = *right = NAN;
    for (size_t i = 0; i < v->n; i++) {
        double *most = v->wrong[i] > 0 ? wrong : right;
        if (!isnan(line[i]) && !(*most >= line[i]))
            *most = line[i];
    }
}

const char *timeline_sentence(const struct timeline_view *v)
{
    const struct timeline_line *p99 = p99_of(v);
    double *values = xmalloc((v->n + 1) * sizeof *values);
    size_t n = p99 ? sorted(v, p99->mid, values) : 0;
    double half = n > 0 ? values[(n - 1) / 2] : NAN, most = n > 0 ? values[n - 1] : NAN;
    double tenth = n > 0 ? values[n - 1 - n / 10] : NAN, wrong = NAN, right = NAN;
    free(values);
    if (n == 0)
        return intern("In no window most replications completed anything");
    if (is_wrong(v))
        apart(v, p99->mid, &wrong, &right);
    if (wrong > right * PEAK)
        return internf("p99 is up to %s while something is wrong, and at most %s where nothing is",
                       duration(wrong), duration(right));
    size_t peak = highest(v, p99->mid);
    if (most > half * PEAK && p99->low[peak] > half) /* not of a few replications */
        return internf("p99 rises to %s at %s; in half of the time it is below %s", duration(most),
                       duration((double)(peak * v->group) * v->width), duration(half));
    return internf("p99 of a window of %s: %s in half of them, above %s in one of ten",
                   duration(v->width), duration(half), duration(tenth));
}

const char *timeline_remarks(const struct timeline_view *v)
{
    const char *points =
        v->group > 1 ? internf("windows of %s, %zu to a point", duration(v->width), v->group)
                     : internf("windows of %s", duration(v->width));
    uint64_t values = (uint64_t)v->replications * v->group;
    const char *lines =
        values == 1  ? "one replication: lines are what it was like"
        : values < 5 ? internf("lines: median of %s, bands: all of them",
                               v->replications > 1 ? internf("%u replications", v->replications)
                                                   : "the windows")
                     : internf("lines: median of %s, bands: 10 to 90 %% of them",
                               v->replications > 1 ? internf("%u replications", v->replications)
                                                   : "the windows");
    return internf("%s \xc2\xb7 %s%s%s", points, lines,
                   v->panel[PANEL_LATENCY].drawn ? "; dots: the slowest" : "",
                   v->longest > v->length * (1 + 1e-9) ? " \xc2\xb7 drawn as far as half of them go"
                                                       : "");
}
