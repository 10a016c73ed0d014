/* queuescope compare: several scenarios, or one with varied keys, side by side. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/result/run.h"
#include "../../sim/result/save.h"
#include "../../sim/result/save_set.h"
#include "../../sim/result/warnings.h"
#include "../../sim/scenario/config.h"
#include "../shell/progress.h"
#include "../shell/remarks.h"
#include "../shell/saving.h"
#include "../shell/signals.h"
#include "../words/claims.h"
#include "../words/comparison.h"
#include "../words/promises.h"
#include "../words/report.h"

static void simulate(const struct options *o, const struct panels *panels,
                     struct journal *const *journals, struct comparison *comparison)
{
    struct progress progress;
    progress_begin(&progress, o->quiet);
    const struct run_options run = {
        .jobs = o->jobs, .stop = &signals_stop, .progress = progress_show, .context = &progress};
    struct run_part *parts = xcalloc(panels->n, sizeof *parts);
    for (size_t i = 0; i < panels->n; i++) {
        const struct scenario *s = &panels->items[i].scenario;
        parts[i] =
            (struct run_part){.s = s, .engine = options_engine(o, s), .journal = journals[i]};
    }
    run_together(parts, panels->n, &run);
    comparison->all = panels;
    comparison->panels = xcalloc(panels->n, sizeof *comparison->panels);
    comparison->results = xcalloc(panels->n, sizeof *comparison->results);
    for (size_t i = 0; i < panels->n; i++)
        if (parts[i].result) {
            comparison->panels[comparison->n] = &panels->items[i];
            comparison->results[comparison->n++] = parts[i].result;
        }
    free(parts);
    progress_end(&progress);
}

static bool interrupted(const struct comparison *comparison)
{
    bool some = comparison->n < comparison->all->n;
    for (size_t i = 0; i < comparison->n; i++)
        some = some || comparison->results[i]->interrupted;
    return some;
}

static bool draw_picture(const void *context, struct bytes *png, struct errors *errors)
{
    const struct comparison *comparison = context;
    const char *headings[PLOT_PANELS];
    for (size_t i = 0; i < comparison->n; i++)
        headings[i] = comparison->panels[i]->heading;
    bool several = strcmp(comparison->all->keys[0], "scenario") == 0;
    const char *title = several ? NULL : comparison->panels[0]->scenario.title;
    return plot_comparison(comparison->results, comparison->n, headings, title, comparison->known,
                           png, errors);
}

static bool save_table(const struct comparison *comparison, const char *folder,
                       struct errors *errors)
{
    const struct panels *panels = comparison->all;
    const char **values = xcalloc(comparison->n * panels->n_keys, sizeof *values);
    for (size_t i = 0; i < comparison->n; i++)
        for (size_t k = 0; k < panels->n_keys; k++)
            values[i * panels->n_keys + k] = comparison->panels[i]->values[k];
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
        char *text = config_text(&comparison->panels[i]->scenario);
        bool saved =
            save_bytes(folder, internf("panel-%zu.yaml", i + 1), text, strlen(text), errors);
        free(text);
        if (!saved)
            return false;
    }
    for (size_t i = comparison->n + 1; i <= PLOT_PANELS; i++)
        save_gone(folder, internf("panel-%zu.yaml", i)); /* of an earlier comparison of more */
    return true;
}

static bool save_differences(const struct comparison *comparison, const char *folder,
                             struct errors *errors)
{
    const char *titles[PLOT_PANELS];
    for (size_t i = 0; i < comparison->n; i++)
        titles[i] = comparison->panels[i]->title;
    size_t size;
    char *text = save_differences_text(comparison->results, comparison->n, titles, &size);
    bool saved = save_bytes(folder, "differences.csv", text, size, errors);
    free(text);
    return saved;
}

static bool save_files(const void *context, const char *folder, struct errors *errors)
{
    return save_table(context, folder, errors) && save_differences(context, folder, errors) &&
           save_scenarios(context, folder, errors);
}

static void print_claims(const struct comparison *comparison)
{
    const char *names[PLOT_PANELS];
    for (size_t i = 0; i < comparison->n; i++)
        names[i] = comparison->panels[i]->heading;
    claims_print(comparison->results, names, comparison->n, comparison_last_before_edge(comparison),
                 stdout);
}

/* The audit of every panel; false, with errors, if one is violated. */
static bool audits_hold(const struct comparison *comparison)
{
    bool hold = true;
    for (size_t i = 0; i < comparison->n; i++) {
        const struct audit *audit = &comparison->results[i]->audit;
        if (audit_holds(audit))
            continue;
        hold = false;
        for (int line = 0; line < AUDIT_LINES; line++)
            fprintf(stderr, "%s: %s\n", comparison->panels[i]->title, audit->text[line]);
    }
    if (!hold)
        fprintf(stderr, "queuescope compare: error: a panel violates its own audit: this is a bug "
                        "in queuescope, and the results are not to be trusted\n");
    return hold;
}

/* "in 3 of 9 panels (A; B; C): unstable ...": what several have to say alike is said once, in the
 * words of the one that has it worst. */
static void keep_warnings(const struct comparison *comparison)
{
    size_t n;
    struct warning *warnings = warnings_of(comparison->results, comparison->n, &n);
    for (size_t i = 0; i < n; i++) {
        const struct warning *w = &warnings[i];
        enum { NAMED = 3 };
        const char *names = "";
        for (size_t k = 0; k < w->n && k < NAMED; k++)
            names = internf("%s%s%s", names, k ? "; " : "", comparison->panels[w->in[k]]->title);
        if (w->n > NAMED)
            names = internf("%s and %zu more", names, w->n - NAMED);
        const char *where = w->n == comparison->n
                                ? internf("in all %zu panels", w->n)
                                : internf("in %zu of %zu panels (%s)", w->n, comparison->n, names);
        if (comparison->n == 1)
            remarks_warn(w->text);
        else
            remarks_warn(internf("%s%s%s: %s", where, w->same ? "" : ", here of ",
                                 w->same ? "" : comparison->panels[w->from]->title, w->text));
    }
    warnings_free(warnings, n);
    report_lacking("the title", comparison->panels[0]->scenario.title);
    if (comparison->panels[0]->scenario.picture.observed)
        remarks_warn("picture.observed is left out of comparisons");
    for (size_t i = 0; i < comparison->n; i++)
        report_lacking(internf("the heading of panel %zu", i + 1), comparison->panels[i]->heading);
}

static void print_theory(const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->n; i++)
        printf("%s: %s\n", comparison->panels[i]->heading,
               overlay_words(&comparison->overlay, comparison->results[i], i));
    printf("\n");
}

/* What every panel makes of its scenario's objectives. */
static void print_promises(const struct comparison *comparison)
{
    bool any = false;
    for (size_t i = 0; i < comparison->n; i++) {
        const char *lead = internf("%s: ", comparison->panels[i]->heading);
        const char *text = promises_words(comparison->results[i], lead);
        fputs(text, stdout);
        any = any || *text;
    }
    if (any)
        printf("\n");
}

static void print_all(const struct comparison *comparison, bool hold)
{
    uint64_t tasks = 0;
    double seconds = 0;
    for (size_t i = 0; i < comparison->n; i++) {
        tasks += comparison->results[i]->simulated;
        seconds += comparison->results[i]->wall_seconds;
    }
    printf("%zu panels: %s\n\n", comparison->n, report_speed(tasks, seconds));
    if (scenario_remark(&comparison->panels[0]->scenario))
        printf("%s\n\n", scenario_remark(&comparison->panels[0]->scenario));
    comparison_print_table(comparison, stdout);
    printf("\n");
    print_claims(comparison);
    print_promises(comparison);
    if (comparison->known)
        print_theory(comparison);
    if (hold)
        printf("Audit: conservation, Little's law and utilization hold in every panel.\n");
}

static int finish(struct comparison *comparison, const char *folder, bool quiet)
{
    if (overlay_make(comparison->results, comparison->n, &comparison->overlay))
        comparison->known = &comparison->overlay.known;
    bool holds = audits_hold(comparison);
    if (!quiet)
        print_all(comparison, holds);
    keep_warnings(comparison);
    if (!saving_done(&(struct saving){.folder = folder,
                                      .name = "comparison.png",
                                      .files = save_files,
                                      .picture = draw_picture,
                                      .context = comparison,
                                      .threads = comparison->results[0]->threads}))
        return EXIT_FAILED;
    if (!quiet)
        printf("\n%s: comparison.png, comparison.csv, differences.csv, panel-1.yaml to "
               "panel-%zu.yaml\n",
               folder, comparison->n);
    if (!holds)
        return EXIT_FAILED;
    for (size_t i = 0; i < comparison->n; i++)
        if (result_stood_still(comparison->results[i])) {
            fprintf(stderr, "queuescope compare: error: simulated time stood still in a panel (see "
                            "above): its run ended there\n");
            return EXIT_FAILED;
        }
    if (interrupted(comparison)) {
        fprintf(
            stderr,
            "queuescope compare: interrupted: %s holds what was complete; the same command with "
            "--resume goes on from there\n",
            folder);
        return EXIT_INTERRUPTED;
    }
    return EXIT_DONE;
}

/* Every panel has a journal of its own. */
static bool open_journals(const struct options *o, const struct panels *panels, const char *folder,
                          struct journal **journals, struct errors *errors)
{
    for (size_t i = 0; i < panels->n; i++) {
        journals[i] = journal_open(folder, i + 1, &panels->items[i].scenario, o->resume, errors);
        if (!journals[i])
            return false;
    }
    return true;
}

/* Those of an interrupted comparison are kept, of panels that are complete as well. */
static bool close_journals(struct journal **journals, size_t n, bool remove, struct errors *errors)
{
    bool good = true;
    for (size_t i = 0; i < n; i++)
        good = (!journals[i] || journal_close(journals[i], remove, errors)) && good;
    return good;
}

static int simulate_and_save(const struct options *o, const struct panels *panels,
                             struct journal *const *journals, const char *folder, bool *whole)
{
    struct comparison comparison = {0};
    int status = EXIT_INTERRUPTED;
    simulate(o, panels, journals, &comparison);
    *whole = !interrupted(&comparison);
    if (comparison.n > 0)
        status = finish(&comparison, folder, o->quiet);
    else
        fprintf(stderr, "queuescope compare: interrupted before anything was complete; nothing was "
                        "saved\n");
    for (size_t i = 0; i < comparison.n; i++)
        result_free((struct result *)comparison.results[i]);
    overlay_free(&comparison.overlay);
    free(comparison.results);
    free(comparison.panels);
    return status;
}

static int run_panels(const struct options *o, const struct panels *panels)
{
    struct errors errors = {0};
    const char *folder = options_folder(o);
    struct journal **journals = xcalloc(panels->n, sizeof *journals);
    int status = EXIT_FAILED;
    bool whole = false;
    if (save_folder(folder, &errors) && open_journals(o, panels, folder, journals, &errors))
        status = simulate_and_save(o, panels, journals, folder, &whole);
    if (!close_journals(journals, panels->n, whole, &errors) && status == EXIT_DONE)
        status = EXIT_FAILED;
    errors_print(&errors);
    free(journals);
    return status;
}

int cmd_compare(int argc, char **argv)
{
    struct options o;
    struct panels panels;
    struct errors errors = {0};
    if (!options_parse(&o, command_find("compare"), OPTIONS_MANY, argc, argv))
        return EXIT_USAGE;
    saving_prepare(o.jobs);
    bool sound = panels_make(&o, PLOT_PANELS, &panels, &errors);
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
