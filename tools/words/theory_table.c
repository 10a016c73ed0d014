#include "theory_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/answer/cliff.h"
#include "../shell/panels.h"
#include "../shell/remarks.h"
#include "report.h"

enum { MOST_LINES = 512 };

static const char *number(double value)
{
    char text[64];
    if (isnan(value))
        return "-";
    if (isinf(value))
        return "infinite";
    unit_human(UNIT_NUMBER, value, 4, text, sizeof text);
    return intern(text);
}

static const char *duration(double value)
{
    return isinf(value) ? "infinite" : report_duration(value);
}

void theory_add_numbers(struct sheet *sheet, const struct numbers *n, const struct validation *v)
{
    static const char little[] = "Little 1961";
    const struct {
        const char *name, *theory, *simulated, *source;
        double value;
    } lines[] = {
        {"throughput", report_rate(n->throughput), report_rate(v->throughput), "rate less loss",
         n->throughput},
        {"tasks inside, L", number(n->inside), number(v->inside), little, n->inside},
        {"tasks waiting, Lq", number(n->waiting), number(v->waiting), little, n->waiting},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        bool said = false; /* of closed systems formulas give the throughput */
        for (size_t k = 0; k < v->theory.n && i == 0; k++)
            said = said || v->theory.figure[k].measure == THEORY_THROUGHPUT;
        if (isnan(lines[i].value) || said)
            continue;
        const char *const cells[] = {
            lines[i].name,
            lines[i].theory,
            lines[i].simulated,
            "-",
            "-",
            internf("%s%s", lines[i].source, n->approximate ? " (approximate)" : "")};
        for (size_t k = 0; k < sheet->columns; k++)
            sheet_add(sheet, cells[k]);
    }
}

const char *theory_distribution(const struct numbers *numbers, const double p[NUMBERS_SHOWN])
{
    enum { NAMED = 12 };
    const char *text = "P(N = n), N tasks inside:";
    double left = 1;
    int n = 0;
    for (; n < NAMED && left > 1e-4; n++) {
        text = internf("%s%s %d: %s", text, n ? "," : "", n, report_share(p[n]));
        left -= p[n];
    }
    if (left > 1e-4)
        text = internf("%s, more: %s", text, report_share(left));
    return internf("%s (%s)", text, numbers->source);
}

/* ---- several settings ---- */

/* Of the whole. */
static double figure(const struct scenario *s, const struct theory *t, enum theory_measure measure,
                     double p)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct theory_figure *f = &t->figure[i];
        if (f->measure == measure && f->class == THEORY_ALL && (isnan(p) || f->p == p) &&
            f->place == (int)trial_whole(s))
            return f->value;
    }
    return NAN;
}

static void add_line(struct sheet *sheet, const struct panels *panels, const struct panel *panel,
                     const struct scenario *at, const struct theory *t)
{
    struct numbers n;
    double p[NUMBERS_SHOWN];
    numbers_of(at, t, &n, p);
    for (size_t k = 0; k < panels->n_keys; k++)
        sheet_add(sheet, panel->values[k]);
    sheet_add(sheet, t->model ? internf("%s%s", t->model, n.approximate ? ", roughly" : "") : "-");
    sheet_add(sheet, report_share(scenario_utilization(at)));
    sheet_add(sheet, report_share(figure(at, t, THEORY_WAIT_PROBABILITY, NAN)));
    sheet_add(sheet, duration(figure(at, t, THEORY_WAIT_MEAN, NAN)));
    sheet_add(sheet, duration(figure(at, t, THEORY_LATENCY_MEAN, NAN)));
    sheet_add(sheet, duration(figure(at, t, THEORY_LATENCY_QUANTILE, 0.5)));
    sheet_add(sheet, duration(figure(at, t, THEORY_LATENCY_QUANTILE, 0.99)));
    sheet_add(sheet, number(n.inside));
    sheet_add(sheet, number(n.waiting));
    sheet_add(sheet, report_rate(n.throughput));
    sheet_add(sheet, report_share(figure(at, t, THEORY_LOSS, NAN)));
}

static int print_table(const struct panels *panels)
{
    static const char *const head[] = {"formula", "utilization", "waits", "wait",
                                       "latency", "p50",         "p99",   "L",
                                       "Lq",      "throughput",  "loss"};
    enum { HEAD = sizeof head / sizeof *head };
    struct sheet sheet = {.columns = panels->n_keys + HEAD};
    struct scenario *at = xmalloc(sizeof *at);
    struct theory *t = xmalloc(sizeof *t);
    bool any = false;
    for (size_t k = 0; k < panels->n_keys; k++)
        sheet_add(&sheet, panels->keys[k]);
    for (size_t i = 0; i < HEAD; i++)
        sheet_add(&sheet, head[i]);
    for (size_t i = 0; i < panels->n; i++) {
        cliff_today(&panels->items[i].scenario, at);
        theory_latency(at, t);
        any = any || t->model;
        if (!t->model)
            remarks_note(internf("%s: theory is silent: %s", panels->items[i].title, t->why));
        add_line(&sheet, panels, &panels->items[i], at, t);
    }
    sheet_print(&sheet, stdout);
    printf("\nFormulas alone, nothing is simulated; wait and latency are means, L and Lq the mean "
           "number of tasks inside\nand waiting (Little 1961). Without --vary their sources, and a "
           "simulation beside them.\n");
    sheet_free(&sheet);
    free(t);
    free(at);
    return any ? EXIT_DONE : EXIT_FAILED;
}

int theory_table(const struct options *o)
{
    struct panels panels;
    struct errors errors = {0};
    int status = EXIT_USAGE;
    if (panels_make(o, MOST_LINES, &panels, &errors))
        status = print_table(&panels);
    else
        errors_print(&errors);
    panels_free(&panels);
    return status;
}
