#include "overlay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/result/crew.h"
#include "../../sim/scenario/sweep.h"
#include "report.h"

/* Farther than chance goes in one of so many runs is said to be too far. */
#define TOO_FAR 1e-3

struct work {
    const struct result *const *panels;
    struct overlay *overlay;
    bool quantiles;
};

/* NAN where a log axis has no place for it: the mean is infinite. */
static double drawable(double latency)
{
    return isfinite(latency) && latency > 0 ? latency : NAN;
}

/* Where the overlay has a class of a column (classes - 1: all together). */
static struct figure_known *drawn_at(const struct overlay *overlay, size_t panel, size_t class,
                                     size_t column)
{
    const struct plot_known *known = &overlay->known;
    return &overlay->drawn[(panel * known->classes + class) * known->per_class + column];
}

static void take_figure(const struct work *work, const struct theory_figure *f,
                        struct figure_known *known)
{
    static const double p[FIGURE_LINES] = {0.5, 0.99, 0.999};
    if (f->measure == THEORY_LATENCY_MEAN) {
        known->latency[KNOWN_MEAN] = drawable(f->value);
        known->approximate = f->approximate;
    }
    for (int q = 0; q < FIGURE_LINES; q++)
        if (f->measure == THEORY_LATENCY_QUANTILE && f->p == p[q] && work->quantiles)
            known->latency[q] = drawable(f->value);
}

static void ask_theory(void *context, size_t i)
{
    const struct work *work = context;
    size_t per_panel = work->overlay->known.per_class, classes = work->overlay->known.classes,
           panel = i / per_panel, c = i % per_panel;
    struct overlay_column *column = &work->overlay->columns[i];
    struct scenario *at = xmalloc(sizeof *at);
    struct theory theory;
    sweep_scenario(&work->panels[panel]->scenario, (uint32_t)c, at);
    theory_latency(at, &theory);
    free(at);
    for (size_t class = 0; class < classes; class ++)
        for (int line = 0; line < KNOWN_LINES; line++)
            drawn_at(work->overlay, panel, class, c)->latency[line] = NAN;
    *column = (struct overlay_column){.why = theory.why};
    for (size_t k = 0; k < theory.n; k++) {
        const struct theory_figure *f = &theory.figure[k];
        bool whole = f->class == THEORY_ALL;
        if (f->place != (int)trial_whole(&work->panels[panel]->scenario))
            continue;
        take_figure(work, f,
                    drawn_at(work->overlay, panel, whole ? classes - 1 : (size_t)f->class, c));
        if (whole && f->measure == THEORY_LATENCY_MEAN) {
            column->mean = *f;
            column->model = theory.model;
        }
    }
    if (!column->model && !column->why)
        column->why = "no formula here knows the mean latency";
}

/* The models, each with its source, of the columns known exactly or approximately: "M/G/1
 * (Pollaczek 1930, Khinchine 1932)"; NULL: there are none. */
static const char *name_models(const struct overlay_column *columns, size_t n, bool approximate)
{
    enum { MOST = 3 };
    const char *seen[MOST], *text = NULL;
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        if (!columns[i].model || columns[i].mean.approximate != approximate)
            continue;
        const char *name = internf("%s (%s)", columns[i].model, columns[i].mean.source);
        size_t k = 0;
        while (k < found && seen[k] != name) /* interned */
            k++;
        if (k < found)
            continue;
        if (found == MOST)
            return internf("%s and others", text);
        seen[found++] = name;
        text = text ? internf("%s, %s", text, name) : name;
    }
    return text;
}

/* Of all classes of a panel together. */
static bool knows_quantiles(const struct overlay *overlay, size_t panel)
{
    for (size_t i = 0; i < overlay->known.per_class; i++)
        for (int q = 0; q < FIGURE_LINES; q++)
            if (!isnan(drawn_at(overlay, panel, overlay->known.classes - 1, i)->latency[q]))
                return true;
    return false;
}

bool overlay_make(const struct result *const *panels, size_t n, struct overlay *out)
{
    enum picture_theory wanted = (enum picture_theory)panels[0]->scenario.picture.theory;
    size_t columns = panels[0]->columns, classes = 1;
    *out = (struct overlay){0};
    if (wanted == THEORY_LINE_NONE)
        return false;
    for (size_t i = 0; i < n; i++)
        classes = result_row_classes(panels[i]) > classes ? result_row_classes(panels[i]) : classes;
    out->known = (struct plot_known){.classes = classes, .per_class = columns};
    out->drawn = xcalloc(n * classes * columns, sizeof *out->drawn);
    out->columns = xcalloc(n * columns, sizeof *out->columns);
    struct work work = {panels, out, wanted == THEORY_LINE_QUANTILES};
    crew_each(panels[0]->threads, n * columns, ask_theory, &work);
    const char *exact = name_models(out->columns, n * columns, false),
               *rough = name_models(out->columns, n * columns, true);
    out->known.columns = out->drawn;
    out->known.exact = exact ? internf("theory: %s", exact) : NULL;
    out->known.approximate = rough ? internf("theory, approximately: %s", rough) : NULL;
    return true;
}

void overlay_free(struct overlay *overlay)
{
    free(overlay->drawn);
    free(overlay->columns);
    *overlay = (struct overlay){0};
}

/* ---- in words ---- */

/* What the columns of a panel come to. */
struct apart {
    uint32_t exact, rough, scored, inside;
    double worst, error;         /* z farthest from 0; relative error of approximations */
    uint32_t worst_at, error_at; /* where */
    const char *why;             /* the first silent column is */
};

/* z of a column: of the replications, or, where these are not to be had one by one, by the row's
 * own interval; NAN where it has none. */
static double score(const struct result *result, uint32_t column, const struct theory_figure *mean)
{
    const struct row *row = report_row(result, column);
    struct validated v;
    if (isnan(row->latency_mean_ci95) || !isfinite(mean->value))
        return NAN;
    if (result->interrupted || result->batches > 1)
        return 1.96 * (row->latency_mean - mean->value) / row->latency_mean_ci95;
    validation_figure(result, column, mean, &v);
    return v.z;
}

static struct apart measure(const struct overlay *overlay, const struct result *result,
                            size_t panel)
{
    struct apart a = {0};
    for (uint32_t c = 0; c < result->columns; c++) {
        const struct overlay_column *column = &overlay->columns[panel * result->columns + c];
        const struct row *row = report_row(result, c);
        if (!column->model) {
            a.why = a.why ? a.why : column->why;
            continue;
        }
        double off = row->latency_mean - column->mean.value;
        a.exact += column->mean.approximate ? 0 : 1;
        a.rough += column->mean.approximate ? 1 : 0;
        if (column->mean.approximate) {
            if (fabs(off) > fabs(a.error) * row->latency_mean && isfinite(off)) {
                a.error = -off / row->latency_mean;
                a.error_at = c;
            }
            continue;
        }
        double z = score(result, c, &column->mean);
        a.scored += isnan(z) ? 0 : 1;
        a.inside += fabs(off) <= row->latency_mean_ci95 ? 1 : 0;
        if (fabs(z) > fabs(a.worst)) {
            a.worst = z;
            a.worst_at = c;
        }
    }
    return a;
}

static const char *at(const struct result *result, uint32_t column)
{
    const struct scenario *s = &result->scenario;
    return s->sweep.parameter ? internf(" at %s = %s", s->sweep.parameter,
                                        report_value(s, report_row(result, column)->value))
                              : "";
}

static const char *exact_words(const struct result *result, const struct apart *a)
{
    if (a->scored == 0)
        return " no simulated mean has an interval to compare them with";
    /* Sidak 1967: that any of so many columns lies so far off, by chance alone. */
    double chance = -expm1(a->scored * log1p(-validation_p(a->worst)));
    const char *far = "";
    if (a->worst != 0)
        far = internf(", farthest off%s, z = %+.2f", at(result, a->worst_at), a->worst);
    const char *inside =
        result->columns == 1
            ? internf(" the simulated mean is %s its 95 %% interval of it (z = %+.2f)",
                      a->inside ? "within" : "outside", a->worst)
            : internf(" it lies in the 95 %% interval of the simulated mean in %u of %u columns%s",
                      a->inside, a->scored, far);
    if (chance < TOO_FAR)
        return internf("%s: more than chance. The start from empty, or a short run close to "
                       "saturation, pulls a mean so far; longer runs (run.tasks) tell",
                       inside);
    return internf(chance > 0.05 ? "%s: no more than chance"
                                 : "%s: chance goes so far in %.2g %% of runs",
                   inside, 100 * chance);
}

const char *overlay_words(const struct overlay *overlay, const struct result *result, size_t panel)
{
    struct apart a = measure(overlay, result, panel);
    const struct overlay_column *columns = overlay->columns + panel * result->columns;
    if (a.exact + a.rough == 0)
        return internf("Theory is silent: %s.", a.why);
    const char *text = "Theory:";
    if (a.exact > 0)
        text = internf(
            "%s the mean latency is known exactly%s (%s);%s.", text,
            result->columns == 1 ? "" : internf(" in %u of %u columns", a.exact, result->columns),
            name_models(columns, result->columns, false), exact_words(result, &a));
    if (a.rough > 0)
        text = internf(
            "%s %s known approximately%s (%s), off by %.2g %%%s%s.", text,
            a.exact > 0 ? "It is" : "the mean latency is",
            result->columns == 1 ? "" : internf(" in %u of %u columns", a.rough, result->columns),
            name_models(columns, result->columns, true), 100 * fabs(a.error),
            result->columns == 1 ? "" : " at most,", at(result, a.error_at));
    if (a.why)
        text = internf("%s In the others it is silent: %s.", text, a.why);
    if (result->scenario.picture.theory == THEORY_LINE_QUANTILES &&
        !knows_quantiles(overlay, panel))
        text = internf("%s Quantiles of the latency it knows in no column.", text);
    return text;
}
