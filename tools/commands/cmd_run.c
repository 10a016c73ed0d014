/* queuescope run: one scenario to a folder of results. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/timeline.h"
#include "../../plots/topology.h"
#include "../../sim/result/run.h"
#include "../../sim/result/save.h"
#include "../../sim/result/save_set.h"
#include "../../sim/scenario/config.h"
#include "../../sim/scenario/sweep.h"
#include "../shell/golden_folder.h"
#include "../shell/options.h"
#include "../shell/progress.h"
#include "../shell/remarks.h"
#include "../shell/saving.h"
#include "../shell/signals.h"
#include "../words/clocks_words.h"
#include "../words/overlay.h"
#include "../words/report.h"
#include "../words/tail_words.h"

static int failed(const struct errors *errors, int status)
{
    errors_print(errors);
    return status;
}

/* What is saved. */
struct outcome {
    const char *folder;
    const struct result *result;
    const struct plot_known *known; /* NULL: none */
    bool histograms;                /* whether histograms.csv is written */
};

static bool save_files(const void *context, const char *folder, struct errors *errors)
{
    const struct outcome *outcome = context;
    return save_result(outcome->result, folder, outcome->histograms, errors);
}

/* Of a network, besides; of one stage, what a network has left in the folder goes. */
static bool draw_topology(const struct outcome *outcome, struct errors *errors)
{
    const struct result *result = outcome->result;
    const char *folder = outcome->folder;
    struct topology *topology = topology_of(result);
    bool draws = topology && topology->network->n_stages <= TOPOLOGY_MOST, saved = true;
    if (!draws)
        save_gone(folder, "topology.png");
    if (!topology)
        save_gone(folder, "topology.dot");
    if (topology) {
        size_t size;
        char *dot = topology_dot(topology, &size);
        saved = save_bytes(folder, "topology.dot", dot, size, errors);
        free(dot);
    }
    if (draws && saved) {
        struct bytes png = {0};
        saved = topology_png(topology, result->threads, &png, errors) &&
                save_bytes(folder, "topology.png", png.data, png.size, errors);
        bytes_free(&png);
    }
    topology_free(topology);
    return saved;
}

/* Of a run that goes by the clock. */
static bool draw_timeline(const struct outcome *outcome, struct errors *errors)
{
    struct bytes png = {0};
    if (isnan(outcome->result->scenario.run.windows)) {
        save_gone(outcome->folder, "timeline.png");
        return true;
    }
    bool saved = plot_timeline(outcome->result, &png, errors) &&
                 save_bytes(outcome->folder, "timeline.png", png.data, png.size, errors);
    bytes_free(&png);
    return saved;
}

static bool draw_picture(const void *context, struct bytes *png, struct errors *errors)
{
    const struct outcome *outcome = context;
    save_gone(outcome->folder, "clocks.csv"); /* of an earlier run; this one's come later */
    /* First: the picture that is drawn last is -o's. */
    if (!draw_topology(outcome, errors) || !draw_timeline(outcome, errors))
        return false;
    return plot_spectrogram(outcome->result, outcome->known, png, errors);
}

static struct result *simulate(const struct options *o, const struct scenario *s,
                               struct journal *journal)
{
    struct progress progress;
    progress_begin(&progress, o->quiet);
    const struct run_options run = {.engine = options_engine(o, s),
                                    .jobs = o->jobs,
                                    .stop = &signals_stop,
                                    .progress = progress_show,
                                    .round = progress_round,
                                    .context = &progress,
                                    .journal = journal};
    struct result *result = run_scenario(s, &run);
    progress_end(&progress);
    return result;
}

static bool save(const struct result *result, const char *folder, const struct options *o)
{
    struct overlay overlay;
    struct outcome outcome = {.folder = folder, .result = result, .histograms = !o->no_histograms};
    if (overlay_make(&result, 1, &overlay)) {
        outcome.known = &overlay.known;
        if (!o->quiet)
            printf("\n%s\n", overlay_words(&overlay, result, 0));
    }
    bool saved = saving_done(&(struct saving){.folder = folder,
                                              .name = "spectrogram.png",
                                              .files = save_files,
                                              .picture = draw_picture,
                                              .context = &outcome,
                                              .threads = result->threads});
    overlay_free(&overlay);
    return saved;
}

/* Says and saves what there is. */
static int finish(struct result *result, const char *folder, const struct options *o)
{
    tail_words_find(result);
    if (!o->quiet)
        report_print(result, stdout);
    report_warnings(result);
    if (!save(result, folder, o))
        return EXIT_FAILED;
    bool network = result->places > 1, drawn = network && result->whole <= TOPOLOGY_MOST;
    if (!o->quiet)
        printf("\n%s: spectrogram.png, %s%scolumns.csv, %s%ssummary.json, scenario.yaml\n", folder,
               drawn ? "topology.png, " : "", network ? "topology.dot, " : "",
               isnan(result->scenario.run.windows) ? "" : "timeline.png, windows.csv, ",
               o->no_histograms ? "" : "histograms.csv, ");
    if (network && !drawn)
        fprintf(stderr,
                "note: %u stages are too many for topology.png (it has %d at most): topology.dot "
                "has them, for Graphviz\n",
                result->whole, TOPOLOGY_MOST);
    if (!audit_holds(&result->audit)) {
        fprintf(stderr, "queuescope run: error: the run violates its own audit: this is a bug in "
                        "queuescope, and the results are not to be trusted\n");
        return EXIT_FAILED;
    }
    if (result_stood_still(result)) {
        fprintf(stderr, "queuescope run: error: simulated time stood still (see above): the run "
                        "ended there\n");
        return EXIT_FAILED;
    }
    if (result->interrupted) {
        fprintf(stderr,
                "queuescope run: interrupted: %s holds what was complete; the same command with "
                "--resume goes on from there\n",
                folder);
        return EXIT_INTERRUPTED;
    }
    return EXIT_DONE;
}

/* A run goes on in a folder of its own: what an earlier one has saved there is of this very
 * scenario, or there is nothing yet. */
static bool is_same(const struct scenario *s, const char *folder, struct errors *errors)
{
    struct bytes there;
    const char *path = internf("%s/scenario.yaml", folder);
    size_t before = errors->n;
    if (!file_read(path, &there, errors))
        return errors->n == before;
    char *mine = config_text(s);
    bool same = strlen(mine) == there.size && memcmp(mine, there.data, there.size) == 0;
    free(mine);
    bytes_free(&there);
    return same ||
           error_at(errors, (struct place){path, 0, 0},
                    "cannot resume: the folder holds the results of another scenario; leave "
                    "--resume out to replace them, or name another folder (-o)");
}

/* From here on the scenario is sound, and the folder is there. */
static int run(const struct options *o, const struct scenario *s, const char *folder)
{
    struct errors errors = {0};
    struct journal *journal = NULL;
    if (!o->resume || is_same(s, folder, &errors))
        journal = journal_open(folder, 0, s, o->resume, &errors);
    if (!journal)
        return failed(&errors, EXIT_FAILED);
    int status = EXIT_INTERRUPTED;
    struct result *result = simulate(o, s, journal);
    if (result)
        status = finish(result, folder, o);
    else
        fprintf(stderr, "queuescope run: interrupted before anything was complete; nothing was "
                        "saved\n");
    /* Only an interrupted run can go on. */
    if (!journal_close(journal, !result || !result->interrupted, &errors)) {
        errors_print(&errors);
        status = status == EXIT_DONE ? EXIT_FAILED : status;
    }
    result_free(result);
    return status;
}

/* The clock that was asked for; CLOCK_KINDS: none. False: there is no such, or it cannot be asked.
 */
static bool clock_of(const struct options *o, const struct scenario *s, enum clock_kind *kind,
                     struct errors *errors)
{
    *kind = CLOCK_KINDS;
    for (int k = 0; o->clock && k < CLOCK_KINDS; k++)
        if (strcmp(clock_names[k], o->clock) == 0)
            *kind = (enum clock_kind)k;
    if (o->clock && *kind == CLOCK_KINDS)
        return error_at(errors, (struct place){0},
                        "--clock %.60s: unknown clock (one of meant, admitted, tester)", o->clock);
    if (o->clock && (scenario_many_runs(s) || sweep_drifts(s)))
        return error_at(errors, (struct place){0},
                        "--clock is asked of one setting: leave the sweep out");
    return true;
}

/* The same run once more, request by request. */
static int show_clocks(const struct options *o, const struct scenario *s, enum clock_kind kind,
                       const char *folder)
{
    struct errors errors = {0};
    struct clocks *clocks = clocks_find(s, &signals_stop, &errors);
    if (!clocks) {
        errors_print(&errors);
        return errors.n == 0 ? EXIT_INTERRUPTED : EXIT_FAILED;
    }
    size_t size;
    char *csv = clocks_csv(clocks, &size);
    bool saved = save_bytes(folder, "clocks.csv", csv, size, &errors);
    free(csv);
    save_settle(folder);
    if (saved && !o->quiet) {
        clocks_print(clocks, kind, stdout);
        printf("\n%s: clocks.csv\n", folder);
    }
    clocks_free(clocks);
    return saved ? EXIT_DONE : failed(&errors, EXIT_FAILED);
}

/* Windows are of one run: those of a sweep are left out, as where runs are compared. */
static void leave_windows(struct scenario *s)
{
    if (isnan(s->run.windows) || !scenario_many_runs(s))
        return;
    s->run.windows = NAN;
    remarks_note("run.windows is left out: windows are of one run, and a sweep has one for every "
                 "column; run one value of it, or go through them in one run (sweep.mode: drift)");
}

int cmd_run(int argc, char **argv)
{
    static struct scenario s; /* large */
    struct options o;
    struct places places = {0};
    struct errors errors = {0};
    if (!options_parse(&o, command_find("run"), 1, argc, argv))
        return EXIT_USAGE;
    saving_prepare(o.jobs);
    bool sound = options_load(&o, o.scenarios[0], &s, &places, &errors);
    if (sound)
        leave_windows(&s);
    enum clock_kind kind;
    sound = sound && options_engine_fits(&o, &s, o.scenarios[0], &errors) &&
            clock_of(&o, &s, &kind, &errors);
    places_free(&places);
    if (!sound)
        return failed(&errors, EXIT_USAGE);

    /* Before the work: an hour's run should not end in a folder that cannot be written. */
    const char *folder = options_folder(&o);
    if (!save_folder(folder, &errors))
        return failed(&errors, EXIT_FAILED);
    options_note_swept(&o, &s);
    int status = run(&o, &s, folder);
    if (o.clock && status == EXIT_DONE)
        status = show_clocks(&o, &s, kind, folder);
    return status;
}
