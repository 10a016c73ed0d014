/* queuescope storm: whether a system comes back from what hits it, over loads and sizes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/storm_plot.h"
#include "../../sim/answer/cliff.h"
#include "../../sim/network/offered.h"
#include "../../sim/result/save.h"
#include "../../sim/scenario/config.h"
#include "../../sim/scenario/stages.h"
#include "../../sim/scenario/sweep.h"
#include "../shell/options.h"
#include "../shell/saving.h"
#include "../shell/together.h"
#include "../words/report.h"
#include "../words/sheet.h"

enum { LOADS = 9, TRIGGERS = 5, REPLICATIONS = 32 };

/* ---- what is asked ---- */

/* An axis as it is typed: PATH, PATH=LOW..HIGH (`steps` values, even or in equal ratios) or
 * PATH=V1,V2,... */
struct asked {
    const char *option, *text;
    double *values;
    size_t most, steps, n;
    bool ratios;
};

static bool take_value(const struct param_ref *ref, const char *text, struct place at, double *out,
                       struct errors *errors)
{
    const char *why;
    if (!unit_parse(param_unit(ref), text, out, &why))
        return error_at(errors, at, "'%s': %s", text, why);
    if (isfinite(*out) && param_in_range(ref, *out))
        return true;
    char range[128];
    param_range(ref, range, sizeof range);
    return error_at(errors, at, "'%s' is out of range: must be %s", text, range);
}

static bool take_span(struct asked *a, const struct param_ref *ref, const char *text,
                      const char *dots, struct place at, struct errors *errors)
{
    double low, high;
    if (!take_value(ref, internf("%.*s", (int)(dots - text), text), at, &low, errors) ||
        !take_value(ref, intern(dots + 2), at, &high, errors))
        return false;
    if (!(low < high))
        return error_at(errors, at, "the range is empty: '%s' is not below '%s'",
                        internf("%.*s", (int)(dots - text), text), dots + 2);
    a->n = a->steps;
    for (size_t i = 0; i < a->n; i++) {
        double x = (double)i / (double)(a->n - 1);
        a->values[i] = a->ratios && low > 0 ? low * pow(high / low, x) : low + x * (high - low);
    }
    return true;
}

static bool take_list(struct asked *a, const struct param_ref *ref, const char *text,
                      struct place at, struct errors *errors)
{
    for (const char *from = text;; a->n++) {
        size_t length = strcspn(from, ",");
        if (a->n == a->most)
            return error_at(errors, at, "more than %zu values", a->most);
        if (!take_value(ref, internf("%.*s", (int)length, from), at, &a->values[a->n], errors))
            return false;
        if (a->n > 0 && a->values[a->n] <= a->values[a->n - 1])
            return error_at(errors, at, "values grow from one to the next");
        if (!from[length]) {
            a->n++;
            return true;
        }
        from += length + 1;
    }
}

/* The path; NULL with an error. */
static const char *take_axis(struct asked *a, const struct scenario *s, struct errors *errors)
{
    const struct place at = {internf("%s %s", a->option, a->text), 0, 0};
    const char *equals = strchr(a->text, '=');
    const char *path = equals ? internf("%.*s", (int)(equals - a->text), a->text) : intern(a->text);
    const char *dots = equals ? strstr(equals, "..") : NULL;
    struct param_ref ref;
    if (!param_find(s, path, at, &ref, errors))
        return NULL;
    if (!param_is_numeric(&ref)) {
        error_at(errors, at, "'%s' is not a number", path);
        return NULL;
    }
    bool taken = !equals || (dots ? take_span(a, &ref, equals + 1, dots, at, errors)
                                  : take_list(a, &ref, equals + 1, at, errors));
    return taken ? path : NULL;
}

/* Around today's load: from where a storm cannot feed itself to where nothing helps any more. */
static void usual_loads(struct storm *storm, double today)
{
    double utilization = offered_of(&storm->s).utilization;
    double low = isfinite(utilization) && utilization > 0 ? 0.2 / utilization : 0.5;
    double high = isfinite(utilization) && utilization > 0 ? 1 / utilization : 1.3;
    storm->n_loads = LOADS;
    for (size_t k = 0; k < LOADS; k++)
        storm->load[k] = today * (low + (high - low) * (double)k / (LOADS - 1));
}

/* Those of the scenario's own sweep, not more than can be read. */
static void swept_loads(struct storm *storm, const struct scenario *swept)
{
    enum { MOST = 11 };
    uint32_t n = sweep_columns(swept);
    uint32_t step = (n + MOST - 1) / MOST;
    for (uint32_t k = 0; k < n; k += step)
        storm->load[storm->n_loads++] = sweep_value(swept, k);
}

static bool ask_load(struct storm *storm, const struct options *o, const struct scenario *swept,
                     struct errors *errors)
{
    struct asked a = {"--load", o->load, storm->load, STORM_LOADS, LOADS, 0, false};
    struct place at = {o->scenarios[0], 0, 0};
    struct param_ref ref;
    const struct scenario *s = &storm->s;
    storm->load_path = o->load                 ? take_axis(&a, s, errors)
                       : s->sources_count == 1 ? internf("sources.%s.rate", source_core(s, 0)->name)
                                               : cliff_traffic(s);
    storm->n_loads = a.n;
    if (!storm->load_path && o->load)
        return false;
    if (!storm->load_path)
        return error_at(errors, at, "say what there is more or less of, such as --load %s",
                        s->sources_count > 1 ? internf("sources.%s.rate", source_core(s, 0)->name)
                                             : "consumers.speed");
    if (storm->n_loads > 0)
        return true;
    if (!param_find(s, storm->load_path, at, &ref, errors))
        return false;
    bool same =
        swept->sweep.parameter && !sweep_drifts(swept) &&
        strcmp(param_path(s, swept->sweep.parameter), param_path(s, storm->load_path)) == 0 &&
        sweep_columns(swept) > 1;
    double today = param_get(s, &ref);
    if (same && sweep_value(swept, 0) < sweep_value(swept, 1)) {
        swept_loads(storm, swept);
    } else if (today > 0 && isfinite(today)) {
        usual_loads(storm, today);
    } else {
        return error_at(errors, at,
                        "the scenario gives no number for '%s': say which loads, such "
                        "as --load %s=10..100",
                        storm->load_path, storm->load_path);
    }
    return true;
}

static bool ask_trigger(struct storm *storm, const struct options *o, struct errors *errors)
{
    double sizes[STORM_TRIGGERS];
    struct asked a = {"--trigger", o->trigger, sizes, STORM_TRIGGERS - 1, TRIGGERS, 0, true};
    struct place at = {o->scenarios[0], 0, 0};
    struct param_ref ref;
    storm->trigger = storm_trigger_of(&storm->s);
    if (o->trigger) {
        const char *path = take_axis(&a, &storm->s, errors);
        if (!path)
            return false;
        storm->trigger = storm_trigger_at(&storm->s, path);
    } else if (!storm->trigger.path) {
        return error_at(errors, at,
                        "nothing hits it at a time of the clock: give the scenario a burst "
                        "(arrivals.trigger: {at, for, factor}) or an outage (outages: [{at, for, "
                        "effect}]), or say what is bigger and smaller: --trigger PATH=LOW..HIGH");
    }
    if (a.n == 0) {
        static const double of_today[] = {0.25, 0.5, 1, 2};
        if (!param_find(&storm->s, storm->trigger.path, at, &ref, errors))
            return false;
        double today = param_get(&storm->s, &ref);
        if (!(today > 0))
            return error_at(errors, at,
                            "the scenario gives no number for '%s': say which sizes, "
                            "such as --trigger %s=1..10",
                            storm->trigger.path, storm->trigger.path);
        for (; a.n < sizeof of_today / sizeof *of_today; a.n++)
            sizes[a.n] = today * of_today[a.n];
    }
    if (storm->trigger.when)
        storm->size[storm->n_triggers++] = NAN;
    for (size_t i = 0; i < a.n; i++)
        storm->size[storm->n_triggers++] = sizes[i];
    return true;
}

/* What is of other commands. */
static void leave_out(struct scenario *s, const struct places *places)
{
    s->vary_count = 0;
    s->objectives_count = 0;
    s->picture.measure = PICTURE_LATENCY;
    s->run.windows = NAN;
    options_drop_precision(s, "every cell has the same replications");
    if (!places_given(places, "run.replications"))
        s->run.replications = REPLICATIONS;
}

/* ---- the answer ---- */

static const char *cell_text(const struct storm_cell *c)
{
    return c->n == 0 ? "-" : internf("%.0f %%", 100.0 * c->down / c->n);
}

static void print_table(const struct storm *storm, FILE *out)
{
    struct sheet sheet = {.columns = storm->n_triggers + 1};
    sheet_add(&sheet, storm->load_path);
    for (size_t i = 0; i < storm->n_triggers; i++)
        sheet_add(&sheet, isnan(storm->size[i])
                              ? "nothing"
                              : storm_value(storm, storm->trigger.path, storm->size[i]));
    for (size_t k = 0; k < storm->n_loads; k++) {
        sheet_add(&sheet, storm_value(storm, storm->load_path, storm->load[k]));
        for (size_t i = 0; i < storm->n_triggers; i++)
            sheet_add(&sheet, cell_text(&storm->cell[i][k]));
    }
    sheet_print(&sheet, out);
    sheet_free(&sheet);
}

static void print_edges(const struct storm *storm)
{
    double u = 1 / storm->attempts;
    if (storm->attempts > 1)
        printf("A request that is given up makes as much work as %g attempts: where first attempts "
               "alone keep the bottleneck busy for %.1f %% of the time a storm feeds itself.\n",
               storm->attempts, 100 * u);
    if (storm->bumpy)
        printf("In places something bigger seems to do less, by more than chance: look at why, or "
               "take more replications.\n");
}

static void print_all(const struct storm *storm)
{
    uint64_t tasks = 0;
    double seconds = 0;
    for (size_t i = 0; i < storm->n_triggers; i++) {
        tasks += storm->result[i]->simulated;
        seconds += storm->result[i]->wall_seconds;
    }
    const struct storm_cell *first = &storm->cell[0][0];
    printf("%zu loads x %zu sizes of %s x %.0f replications: %s\n\n", storm->n_loads,
           storm->n_triggers, storm->trigger.path, storm->s.run.replications,
           report_speed(tasks, seconds));
    printf("How often it does not come back (of the last quarter's requests less than %.0f %% are "
           "answered%s):\n\n",
           100 * storm->goal, isinf(storm->limit) ? "" : " in time");
    print_table(storm, stdout);
    printf("\n%s.\n", storm_sentence(storm));
    printf("None of %u is at most %.0f %%, all at least %.0f %% (95 %%); storm.csv has the "
           "intervals.\n",
           first->n, 100 * (1 - pow(0.025, 1.0 / first->n)), 100 * pow(0.025, 1.0 / first->n));
    print_edges(storm);
}

static bool save_files(const void *context, const char *folder, struct errors *errors)
{
    const struct storm *storm = context;
    size_t size;
    char *csv = storm_csv(storm, &size);
    char *text = config_text(&storm->s);
    bool saved = save_bytes(folder, "storm.csv", csv, size, errors) &&
                 save_bytes(folder, "scenario.yaml", text, strlen(text), errors);
    free(csv);
    free(text);
    return saved;
}

static bool draw_picture(const void *context, struct bytes *png, struct errors *errors)
{
    return plot_storm(context, png, errors);
}

static bool finish(const struct storm *storm, const struct options *o, const char *folder)
{
    if (!o->quiet)
        print_all(storm);
    if (!saving_done(&(struct saving){.folder = folder,
                                      .name = "storm.png",
                                      .files = save_files,
                                      .picture = draw_picture,
                                      .context = storm,
                                      .threads = storm->result[0]->threads}))
        return false;
    if (!o->quiet)
        printf("\n%s: storm.png, storm.csv, scenario.yaml\n", folder);
    return true;
}

static int run(struct storm *storm, const struct options *o, const char *folder)
{
    struct result *results[STORM_TRIGGERS] = {0};
    const struct scenario *const *parts = (const struct scenario *const *)storm->part;
    int status = EXIT_INTERRUPTED;
    if (together_run(o, "storm", parts, storm->n_triggers, results)) {
        for (size_t i = 0; i < storm->n_triggers; i++)
            storm->result[i] = results[i];
        storm_judge(storm);
        status = together_holds("storm", results, storm->n_triggers) ? EXIT_DONE : EXIT_FAILED;
        status = finish(storm, o, folder) ? status : EXIT_FAILED;
    }
    together_free(results, storm->n_triggers);
    return status;
}

int cmd_storm(int argc, char **argv)
{
    static struct storm storm; /* large, as is the scenario */
    static struct scenario swept;
    struct options o;
    struct places places = {0};
    struct errors errors = {0};
    if (!options_parse(&o, command_find("storm"), 1, argc, argv))
        return EXIT_USAGE;
    saving_prepare(o.jobs);
    bool sound = options_load(&o, o.scenarios[0], &swept, &places, &errors);
    if (sound) {
        cliff_today(&swept, &storm.s);
        leave_out(&storm.s, &places);
        double objective = storm.s.picture.objective;
        storm.limit = objective > 0 ? objective : INFINITY;
        storm.goal = STORM_GOAL;
        sound = ask_load(&storm, &o, &swept, &errors) && ask_trigger(&storm, &o, &errors) &&
                storm_plan(&storm, (struct place){o.scenarios[0], 0, 0}, &errors);
    }
    for (size_t i = 0; sound && i < storm.n_triggers; i++)
        sound = options_engine_fits(&o, storm.part[i], o.scenarios[0], &errors);
    places_free(&places);
    const char *folder = options_folder(&o);
    int status = EXIT_USAGE;
    if (sound && !save_folder(folder, &errors)) {
        sound = false;
        status = EXIT_FAILED;
    }
    if (sound)
        status = run(&storm, &o, folder);
    else
        errors_print(&errors);
    storm_free(&storm);
    return status;
}
