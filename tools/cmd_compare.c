/* queuescope compare: several scenarios, or one with varied keys, side by side. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../plots/plot.h"
#include "../sim/result/run.h"
#include "../sim/result/save.h"
#include "../sim/scenario/config.h"
#include "panels.h"
#include "progress.h"
#include "report.h"
#include "sheet.h"
#include "signals.h"

#define NEAR_THE_EDGE 0.95

/* Results of the first n panels. */
struct comparison {
    const struct panels *panels;
    const struct result **results;
    size_t n;
};

static void simulate(const struct options *o, const struct panels *panels,
                     struct comparison *comparison)
{
    struct progress progress;
    progress_begin(&progress, o->quiet);
    struct run_options run = {
        .jobs = o->jobs, .stop = &signals_stop, .progress = progress_show, .context = &progress};
    comparison->panels = panels;
    comparison->results = xcalloc(panels->n, sizeof *comparison->results);
    for (size_t i = 0; i < panels->n && !atomic_load(&signals_stop); i++) {
        progress_stretch(&progress, (unsigned)i, (unsigned)panels->n);
        run.engine = options_engine(o, &panels->items[i].scenario);
        const struct result *result = run_scenario(&panels->items[i].scenario, &run);
        if (!result)
            break;
        comparison->results[comparison->n++] = result;
    }
    progress_end(&progress);
}

static bool interrupted(const struct comparison *comparison)
{
    return comparison->n < comparison->panels->n ||
           comparison->results[comparison->n - 1]->interrupted;
}

static uint32_t columns_of(const struct comparison *comparison)
{
    return comparison->results[0]->columns;
}

/* The last column before one in which some panel is unstable or within 5 % of it: there panels tell
 * most apart, and chance little. */
static uint32_t last_before_edge(const struct comparison *comparison)
{
    for (uint32_t column = 0; column < columns_of(comparison); column++)
        for (size_t i = 0; i < comparison->n; i++) {
            const struct row *row = report_row(comparison->results[i], column);
            if (row->stable == STABLE_NO || row->offered_utilization > NEAR_THE_EDGE)
                return column > 0 ? column - 1 : 0;
        }
    return columns_of(comparison) - 1;
}

/* Which columns are not stable: "from 1.98", "until 0" (the sweep leads out of trouble), ... */
static const char *not_stable(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    uint32_t n = 0, first = 0, last = 0;
    for (uint32_t column = 0; column < result->columns; column++)
        if (report_row(result, column)->stable == STABLE_NO) {
            if (n++ == 0)
                first = column;
            last = column;
        }
    if (n == 0)
        return "-";
    if (n == result->columns)
        return "all of it";
    if (last + 1 == result->columns && n == last - first + 1)
        return internf("from %s", report_value(s, report_row(result, first)->value));
    if (first == 0 && n == last + 1)
        return internf("until %s", report_value(s, report_row(result, last)->value));
    return internf("%u of %u columns", n, result->columns);
}

static void add_column(const struct comparison *comparison, uint32_t column, struct sheet *sheet)
{
    for (size_t i = 0; i < comparison->n; i++) {
        const struct result *result = comparison->results[i];
        const struct row *row = report_row(result, column);
        sheet_add(sheet, comparison->panels->items[i].title);
        if (result->scenario.sweep.parameter)
            sheet_add(sheet, report_value(&result->scenario, row->value));
        sheet_add(sheet, report_share(row->utilization));
        sheet_add(sheet, report_duration(row->latency_q[0]));
        sheet_add(sheet, report_duration(row->latency_q[2]));
        sheet_add(sheet, report_duration(row->latency_q[3]));
        sheet_add(sheet, report_rate(row->throughput));
        sheet_add(sheet, report_share(row->loss_fraction));
        sheet_add(sheet, not_stable(result));
    }
}

/* The first column, the last before the edge, and the last. */
static void print_table(const struct comparison *comparison)
{
    const char *parameter = comparison->panels->items[0].scenario.sweep.parameter;
    struct sheet sheet = {.columns = parameter ? 9 : 8};
    sheet_add(&sheet, "panel");
    if (parameter)
        sheet_add(&sheet, parameter);
    const char *const head[] = {"utilization", "p50",  "p99",       "p99.9",
                                "throughput",  "loss", "not stable"};
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++)
        sheet_add(&sheet, head[i]);
    uint32_t last = columns_of(comparison) - 1, middle = last_before_edge(comparison);
    add_column(comparison, 0, &sheet);
    if (middle > 0 && middle < last)
        add_column(comparison, middle, &sheet);
    if (last > 0)
        add_column(comparison, last, &sheet);
    sheet_print(&sheet, stdout);
    sheet_free(&sheet);
}

static bool save_picture(const struct comparison *comparison, const char *folder,
                         struct errors *errors)
{
    const struct panels *panels = comparison->panels;
    const char *headings[PLOT_PANELS];
    struct bytes png = {0};
    for (size_t i = 0; i < comparison->n; i++)
        headings[i] = panels->items[i].heading;
    const char *title =
        strcmp(panels->keys[0], "scenario") == 0 ? NULL : panels->items[0].scenario.title;
    bool saved =
        plot_comparison(comparison->results, comparison->n, headings, title, &png, errors) &&
        save_bytes(folder, "comparison.png", png.data, png.size, errors);
    bytes_free(&png);
    return saved;
}

static bool save_table(const struct comparison *comparison, const char *folder,
                       struct errors *errors)
{
    const struct panels *panels = comparison->panels;
    const char **values = xcalloc(comparison->n * panels->n_keys, sizeof *values);
    for (size_t i = 0; i < comparison->n; i++)
        for (size_t k = 0; k < panels->n_keys; k++)
            values[i * panels->n_keys + k] = panels->items[i].values[k];
    size_t size;
    char *text = save_comparison_text(comparison->results, comparison->n, panels->keys,
                                      panels->n_keys, values, &size);
    bool saved = save_bytes(folder, "comparison.csv", text, size, errors);
    free(text);
    free(values);
    return saved;
}

/* panel-1.yaml and so on: each panel as a scenario of its own. */
static bool save_scenarios(const struct comparison *comparison, const char *folder,
                           struct errors *errors)
{
    for (size_t i = 0; i < comparison->n; i++) {
        char *text = config_text(&comparison->panels->items[i].scenario);
        bool saved =
            save_bytes(folder, internf("panel-%zu.yaml", i + 1), text, strlen(text), errors);
        free(text);
        if (!saved)
            return false;
    }
    return true;
}

/* The audit of every panel; false if one is violated. */
static bool print_audits(const struct comparison *comparison)
{
    bool hold = true;
    for (size_t i = 0; i < comparison->n; i++) {
        const struct audit *audit = &comparison->results[i]->audit;
        if (audit_holds(audit))
            continue;
        hold = false;
        for (int line = 0; line < AUDIT_LINES; line++)
            fprintf(stderr, "%s: %s\n", comparison->panels->items[i].title, audit->text[line]);
    }
    if (hold)
        printf("Audit: conservation, Little's law and utilization hold in every panel.\n");
    else
        fprintf(stderr, "queuescope compare: error: a panel violates its own audit: this is a bug "
                        "in queuescope, and the results are not to be trusted\n");
    return hold;
}

/* What several panels have to say alike is said once. */
static void print_warnings(const struct comparison *comparison)
{
    struct warning {
        const char *text, *panels;
    } *warnings = NULL;
    size_t n = 0;
    for (size_t i = 0; i < comparison->n; i++) {
        const char *title = comparison->panels->items[i].title;
        char *text = result_warnings(comparison->results[i]), *rest = NULL;
        for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
            size_t k = 0;
            while (k < n && strcmp(warnings[k].text, line) != 0)
                k++;
            if (k == n) {
                warnings = xrealloc(warnings, ++n * sizeof *warnings);
                warnings[k] = (struct warning){intern(line), title};
            } else {
                warnings[k].panels = internf("%s; %s", warnings[k].panels, title);
            }
        }
        free(text);
    }
    for (size_t k = 0; k < n; k++)
        fprintf(stderr, "warning: %s: %s\n", warnings[k].panels, warnings[k].text);
    free(warnings);
    report_lacking("the title", comparison->panels->items[0].scenario.title);
    for (size_t i = 0; i < comparison->n; i++)
        report_lacking(internf("the heading of panel %zu", i + 1),
                       comparison->panels->items[i].heading);
}

static int finish(const struct comparison *comparison, const char *folder)
{
    struct errors errors = {0};
    uint64_t tasks = 0;
    double seconds = 0;
    print_warnings(comparison);
    for (size_t i = 0; i < comparison->n; i++) {
        tasks += comparison->results[i]->simulated;
        seconds += comparison->results[i]->wall_seconds;
    }
    printf("%zu panels: %s\n\n", comparison->n, report_speed(tasks, seconds));
    print_table(comparison);
    printf("\n");
    bool holds = print_audits(comparison);
    if (!save_table(comparison, folder, &errors) || !save_scenarios(comparison, folder, &errors) ||
        !save_picture(comparison, folder, &errors)) {
        errors_print(&errors);
        return EXIT_FAILED;
    }
    printf("\n%s: comparison.png, comparison.csv, panel-1.yaml to panel-%zu.yaml\n", folder,
           comparison->n);
    if (!holds)
        return EXIT_FAILED;
    if (interrupted(comparison)) {
        fprintf(stderr, "queuescope compare: interrupted: %s holds what was complete\n", folder);
        return EXIT_INTERRUPTED;
    }
    return EXIT_DONE;
}

static int run_panels(const struct options *o, const struct panels *panels)
{
    struct errors errors = {0};
    const char *folder = options_folder(o);
    if (!save_folder(folder, &errors)) {
        errors_print(&errors);
        return EXIT_FAILED;
    }
    struct comparison comparison = {0};
    int status = EXIT_INTERRUPTED;
    simulate(o, panels, &comparison);
    if (comparison.n > 0)
        status = finish(&comparison, folder);
    else
        fprintf(stderr, "queuescope compare: interrupted before anything was complete; nothing was "
                        "saved\n");
    for (size_t i = 0; i < comparison.n; i++)
        result_free((struct result *)comparison.results[i]);
    free(comparison.results);
    return status;
}

int cmd_compare(int argc, char **argv)
{
    struct options o;
    struct panels panels;
    struct errors errors = {0};
    if (!options_parse(&o, command_find("compare"), OPTIONS_MANY, argc, argv))
        return EXIT_USAGE;
    bool sound = panels_make(&o, &panels, &errors);
    for (size_t i = 0; sound && i < panels.n; i++)
        sound = options_engine_fits(&o, &panels.items[i].scenario, o.scenarios[0], &errors);
    int status = EXIT_USAGE;
    if (sound)
        status = run_panels(&o, &panels);
    else
        errors_print(&errors);
    panels_free(&panels);
    return status;
}
