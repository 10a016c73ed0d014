/* queuescope verify: scenarios with committed results, and whether those still hold. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/plot.h"
#include "../../sim/result/run.h"
#include "../../sim/result/save.h"
#include "../../sim/result/save_set.h"
#include "../shell/progress.h"
#include "../shell/signals.h"
#include "../words/golden_report.h"
#include "../words/overlay.h"

#define FALSE_ALARMS 0.01

static const char report_name[] = "CHANGES.md";

struct work {
    const struct options *o;
    struct golden_folder folder;
    double false_alarms; /* of figures and objectives together */
    double risk;         /* of the figures alone, together */
    double promise_risk; /* of each objective in each column */
    size_t differ, findings[3];
    bool audited;
};

/* Where there are objectives, half of the false alarms are theirs, in equal parts (Bonferroni). */
static void share_out(struct work *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->folder.n; i++)
        n += golden_promises(&w->folder.items[i]);
    w->risk = n > 0 ? w->false_alarms / 2 : w->false_alarms;
    w->promise_risk = n > 0 ? w->false_alarms / 2 / (double)n : NAN;
}

/* Whether its picture may be wanted once all are judged: Holm marks nothing above the risk. */
static bool may_be_stale(const struct work *w, const struct golden_item *item)
{
    struct golden_count count = golden_counted(item);
    return golden_stale(item) || item->audit || count.findings[FINDING_UNMET] > 0 ||
           count.smallest <= w->risk;
}

static const char *broken_audit(const struct audit *audit)
{
    if (audit_holds(audit))
        return NULL;
    const char *text = audit->text[0];
    for (int i = 1; i < AUDIT_LINES; i++)
        text = internf("%s; %s", text, audit->text[i]);
    return intern(text);
}

static bool draw(const struct result *result, struct bytes *png, struct errors *errors)
{
    struct overlay overlay;
    bool known = overlay_make(&result, 1, &overlay);
    bool good = plot_spectrogram(result, known ? &overlay.known : NULL, png, errors);
    if (known)
        overlay_free(&overlay);
    return good;
}

/* False if stopped, or, with an error, where the picture cannot be drawn. */
static bool run_item(struct work *w, struct golden_item *item, const struct run_options *options,
                     struct errors *errors)
{
    struct run_options run = *options;
    run.engine = options_engine(w->o, item->scenario);
    struct result *result = run_scenario(item->scenario, &run);
    bool good = result && !result->interrupted;
    if (good) {
        golden_of(result, &item->after);
        item->audit = broken_audit(&result->audit);
        w->audited = w->audited && !item->audit;
        golden_keep(item, result, w->promise_risk);
    }
    if (good && item->blessed) {
        golden_compare(&item->before, &item->after, &item->pairs);
        item->changes = golden_changes(&item->before, &item->after);
    }
    if (good && may_be_stale(w, item))
        good = draw(result, &item->picture, errors);
    result_free(result);
    return good;
}

static bool run_all(struct work *w, struct errors *errors)
{
    struct progress progress;
    progress_begin(&progress, w->o->quiet);
    const struct run_options run = {
        .jobs = w->o->jobs, .stop = &signals_stop, .progress = progress_show, .context = &progress};
    bool good = true;
    for (size_t i = 0; good && i < w->folder.n; i++) {
        struct golden_item *item = &w->folder.items[i];
        progress.doing = internf("%s (%zu of %zu)", item->name, i + 1, w->folder.n);
        progress.printed = 0;
        good = run_item(w, item, &run, errors);
    }
    progress_end(&progress);
    return good;
}

static void judge(struct work *w)
{
    struct golden_pairs *all = xcalloc(w->folder.n, sizeof *all);
    for (size_t i = 0; i < w->folder.n; i++)
        all[i] = w->folder.items[i].pairs; /* the pairs themselves are the items' */
    w->differ = golden_judge(all, w->folder.n, w->risk);
    free(all);
    for (size_t i = 0; i < w->folder.n; i++)
        for (int k = 0; k < 3; k++)
            w->findings[k] += golden_counted(&w->folder.items[i]).findings[k];
}

/* ---- what is written ---- */

/* The picture that was blessed, for the report; true where there is one that is another. */
static bool keep_before(const struct work *w, const struct golden_item *item, const char *to,
                        struct errors *errors)
{
    struct bytes old;
    if (!file_read(internf("%s/%s", w->folder.path, golden_png(item)), &old, errors))
        return false;
    bool another = old.size != item->picture.size || !item->picture.data ||
                   memcmp(old.data, item->picture.data, old.size) != 0;
    if (another)
        save_bytes(to, golden_before_png(item), old.data, old.size, errors);
    bytes_free(&old);
    return another;
}

/* Gives what was written into a folder its names, or nothing of it. */
static bool conclude(const char *folder, bool good, struct errors *errors)
{
    if (good)
        return save_commit(folder, errors);
    save_drop(folder);
    return false;
}

/* CHANGES.md and its pictures, to be concluded. Where it goes into the folder itself, today's
 * pictures are those that are blessed. */
static bool write_report(const struct work *w, const char *to, struct errors *errors)
{
    bool inside = strcmp(to, w->folder.path) == 0 && w->o->bless;
    bool *before = xcalloc(w->folder.n + 1, sizeof *before);
    bool good = save_folder(to, errors);
    if (good)
        save_begin(to);
    for (size_t i = 0; good && i < w->folder.n; i++) {
        const struct golden_item *item = &w->folder.items[i];
        if (!golden_told(item))
            continue;
        before[i] = item->blessed && keep_before(w, item, to, errors);
        good = errors->n == 0;
        if (good && !inside)
            good = save_bytes(to, golden_after_png(item), item->picture.data, item->picture.size,
                              errors);
    }
    const struct golden_links links = {before, inside ? golden_png : golden_after_png};
    char *text = good ? golden_markdown(&w->folder, w->false_alarms, &links) : NULL;
    good = text && save_bytes(to, report_name, text, strlen(text), errors);
    free(text);
    free(before);
    return good;
}

static bool bless_item(const struct work *w, const struct golden_item *item, struct errors *errors)
{
    char *text = golden_text(&item->after);
    bool good = save_bytes(w->folder.path, golden_csv(item), text, strlen(text), errors) &&
                save_bytes(w->folder.path, golden_png(item), item->picture.data, item->picture.size,
                           errors);
    free(text);
    return good;
}

/* What the objectives alone make of it. */
static int promised(const struct work *w)
{
    return w->findings[FINDING_UNMET] > 0       ? EXIT_FAILED
           : w->findings[FINDING_UNDECIDED] > 0 ? EXIT_UNDECIDED
                                                : EXIT_DONE;
}

/* The report first: it keeps the pictures that are to be replaced. */
static int bless(const struct work *w, struct errors *errors)
{
    const char *to = w->o->folder ? w->o->folder : w->folder.path;
    size_t n = 0;
    for (size_t i = 0; i < w->folder.n; i++)
        n += golden_stale(&w->folder.items[i]);
    if (n == 0) {
        if (!w->o->quiet)
            printf("\nNothing to bless: all golden results hold.\n");
        return promised(w);
    }
    bool good = save_folder(w->folder.path, errors);
    if (good)
        save_begin(w->folder.path);
    good = good && write_report(w, to, errors);
    for (size_t i = 0; good && i < w->folder.n; i++)
        if (golden_stale(&w->folder.items[i]))
            good = bless_item(w, &w->folder.items[i], errors);
    good = conclude(to, good, errors);
    if (!conclude(w->folder.path, good, errors))
        return EXIT_FAILED;
    if (!w->o->quiet)
        printf("\nBlessed %zu of %zu scenarios in %s; %s/%s says what changed.\n", n, w->folder.n,
               w->folder.path, to, report_name);
    return promised(w);
}

static bool undecided(const struct golden_folder *folder)
{
    for (size_t i = 0; i < folder->n; i++)
        if (!folder->items[i].blessed || golden_counted(&folder->items[i]).came_or_went > 0)
            return true;
    return false;
}

static int verdict(const struct work *w, struct errors *errors)
{
    const char *to = w->o->folder ? w->o->folder : "out/verify";
    if (w->differ > 0 || !w->audited || promised(w) == EXIT_FAILED) {
        if (conclude(to, write_report(w, to, errors), errors) && !w->o->quiet)
            printf("\n%s/%s has the figures and pictures.%s\n", to, report_name,
                   w->differ == 0
                       ? ""
                       : internf(" If the change is wanted: queuescope verify %s --bless",
                                 w->o->scenarios[0]));
        if (w->o->quiet)
            fprintf(stderr, "queuescope verify: error: %s\n",
                    golden_sentence(&w->folder, w->false_alarms));
        return EXIT_FAILED;
    }
    if (!undecided(&w->folder)) {
        if (promised(w) == EXIT_UNDECIDED)
            fprintf(stderr, "queuescope verify: undecided: an objective can be neither met nor "
                            "refuted by runs of this length; more run.tasks or run.replications "
                            "would tell\n");
        return promised(w);
    }
    fprintf(stderr,
            "queuescope verify: undecided: golden results are missing, or of other columns or "
            "classes; queuescope verify %s --bless writes them\n",
            w->o->scenarios[0]);
    return EXIT_UNDECIDED;
}

static int finish(struct work *w)
{
    struct errors errors = {0};
    judge(w);
    if (!w->o->quiet)
        golden_print(&w->folder, w->false_alarms, stdout);
    for (size_t i = 0; i < w->folder.n; i++)
        if (w->folder.items[i].audit)
            fprintf(stderr,
                    "queuescope verify: error: %s violates its own audit: this is a bug in "
                    "queuescope, and the results are not to be trusted: %s\n",
                    w->folder.items[i].name, w->folder.items[i].audit);
    int status = w->o->bless && w->audited ? bless(w, &errors) : verdict(w, &errors);
    errors_print(&errors);
    return status;
}

static bool sound(const struct work *w, struct errors *errors)
{
    const char *what = w->o->n_set > 0 ? "--set" : w->o->seed ? "--seed" : NULL;
    if (!w->o->bless || !what)
        return true;
    return error_at(errors, (struct place){"verify", 0, 0},
                    "--bless keeps the results of the scenarios as they stand: it cannot go with "
                    "%s",
                    what);
}

int cmd_verify(int argc, char **argv)
{
    struct options o;
    struct errors errors = {0};
    if (!options_parse(&o, command_find("verify"), 1, argc, argv))
        return EXIT_USAGE;
    struct work w = {.o = &o, .audited = true};
    w.false_alarms = isnan(o.false_alarms) ? FALSE_ALARMS : o.false_alarms;
    int status = EXIT_USAGE;
    if (sound(&w, &errors) && golden_folder_read(&o, &w.folder, &errors)) {
        share_out(&w);
        bool whole = run_all(&w, &errors);
        if (whole)
            status = finish(&w);
        else if (errors.n > 0)
            status = EXIT_FAILED;
        else
            status = EXIT_INTERRUPTED;
        if (status == EXIT_INTERRUPTED)
            fprintf(stderr, "queuescope verify: interrupted: nothing was compared or written\n");
    }
    errors_print(&errors);
    golden_folder_free(&w.folder);
    return status;
}
