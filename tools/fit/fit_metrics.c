#include "fit_metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/metrics_plot.h"
#include "../../sim/result/save_file.h"
#include "../../sim/result/save_set.h"
#include "../shell/folder.h"
#include "../shell/saving.h"
#include "fit_goal.h"
#include "fit_input.h"
#include "metrics_scenario.h"

static bool refuse(struct errors *errors, const char *option, const char *why)
{
    return error_at(errors, (struct place){option, 0, 0}, "%s", why);
}

/* Options of logs, which metrics have no use for. */
static bool check_options(const struct options *o, struct errors *errors)
{
    static const char why[] = "is for logs, and this is metrics";
    return (!o->arrival || refuse(errors, "--arrival", why)) &&
           (!o->service || refuse(errors, "--service", why)) &&
           (!o->time_unit || refuse(errors, "--time-unit", why)) &&
           (!o->moment || refuse(errors, "--times-are", why)) &&
           (!o->end || refuse(errors, "--end", why)) &&
           (!o->n_only || refuse(errors, "--only", why)) &&
           (!o->trace || refuse(errors, "--trace", why));
}

static bool take_options(const struct options *o, struct metrics_fit *fit,
                         struct metrics_choice *choice, struct errors *errors)
{
    const char *why;
    *choice = (struct metrics_choice){o->metric, o->label, o->n_label, 0};
    if (!check_options(o, errors))
        return false;
    if (o->unit && !fit_unit("--unit", o->unit, &choice->unit, errors))
        return false;
    if (o->rate && (!unit_parse(UNIT_RATE, o->rate, &fit->rate, &why) || !(fit->rate > 0)))
        return error_at(errors, (struct place){internf("--rate %s", o->rate), 0, 0},
                        "must be a rate above 0, such as 40/s");
    fit->rate_is_told = o->rate != NULL;
    if (!o->as)
        return true;
    fit->as = strcmp(o->as, "size") == 0      ? AS_SIZE
              : strcmp(o->as, "latency") == 0 ? AS_LATENCY
                                              : AS_UNSAID;
    return fit->as != AS_UNSAID || error_at(errors, (struct place){internf("--as %s", o->as), 0, 0},
                                            "must be size or latency");
}

static const char *selector_of(const struct options *o, const struct scraped *scraped)
{
    const char *text = o->metric ? o->metric : scraped->metric;
    for (int i = 0; i < o->n_label; i++) {
        const char *value = strchr(o->label[i], '=') + 1, *brace = strchr(text, '{');
        int kept = (int)strlen(text) - (brace ? 1 : 0); /* "}" is its last */
        text = internf("%.*s%s%.*s\"%s\"}", kept, text, brace ? "," : "{",
                       (int)(value - o->label[i]), o->label[i], value);
    }
    return text;
}

static bool read_all(const struct options *o, struct lines *const *lines, struct metrics_fit *fit,
                     const struct metrics_choice *choice, struct errors *errors)
{
    struct metrics *metrics = metrics_new();
    bool good = true;
    for (int i = 0; good && i < o->n_scenarios; i++)
        good = metrics_read_lines(metrics, o->scenarios[i], lines[i], errors);
    good = good && metrics_choose(metrics, choice, (struct place){o->scenarios[0], 0, 0},
                                  &fit->scraped, errors);
    metrics_free(metrics);
    if (!good)
        return false;
    fit->file = o->scenarios[0];
    fit->files = o->n_scenarios;
    fit->selector = selector_of(o, &fit->scraped);
    if (!fit->rate_is_told)
        fit->rate = fit->scraped.rate > 0 ? fit->scraped.rate : NAN;
    binned_fit(&fit->scraped.bins, &fit->binned);
    return true;
}

/* ---- saving ---- */

/* The names of what is written. */
struct names {
    struct goal goal;
    const char *scenario[2], *sizes[2]; /* by enum envelope; sizes NULL: has no end */
    bool fitted;                        /* there is goal.scenario */
};

static struct names names_of(const struct options *o)
{
    static const char *const sides[] = {"low", "high"};
    struct names names = {.goal = fit_goal(o)};
    const char *base = base_name(names.goal.scenario);
    bool own = strcmp(base, "scenario") != 0;
    for (int i = 0; i < 2; i++) {
        names.scenario[i] = internf("%s-%s.yaml", base, sides[i]);
        names.sizes[i] =
            internf("%s%s-%s.csv", own ? base : "sizes", own ? "-sizes" : "", sides[i]);
    }
    return names;
}

struct sizes {
    const double *size;
    size_t n;
};

static void write_sizes(FILE *file, const void *context)
{
    const struct sizes *sizes = context;
    char text[NUMBER_TEXT];
    fputs("size_s\n", file);
    for (size_t i = 0; i < sizes->n; i++) {
        save_number(sizes->size[i], text);
        fprintf(file, "%s\n", text);
    }
}

static bool save_text(const struct names *names, const char *name, char *text,
                      struct errors *errors)
{
    bool good = save_bytes(names->goal.folder, name, text, strlen(text), errors);
    free(text);
    return good;
}

static bool save_envelope(const struct metrics_fit *fit, struct names *names, enum envelope side,
                          struct errors *errors)
{
    static const char *const remarks[2][2] = {
        {"Optimistic: every size is at the lower bound of its bucket.",
         "Pessimistic: every size is at the upper bound of its bucket."},
        {"Optimistic: sizes as even as the buckets and the _sum allow.",
         "Pessimistic: sizes as uneven as the buckets and the _sum allow."}};
    const char *remark = remarks[!isnan(fit->scraped.bins.sum)][side];
    struct sizes sizes;
    double *size = metrics_sizes(&fit->scraped.bins, side, &sizes.n);
    sizes.size = size;
    if (!size) {
        names->sizes[side] = names->scenario[side] = NULL;
        return true;
    }
    bool good = save_file(names->goal.folder, names->sizes[side], write_sizes, &sizes, errors) &&
                save_text(names, names->scenario[side],
                          metrics_scenario_text(fit, names->sizes[side], remark), errors);
    free(size);
    return good;
}

static bool draw(const struct metrics_fit *fit, const char *scenario, struct bytes *png,
                 struct errors *errors)
{
    const struct metrics_picture picture = {fit->file, &fit->scraped, &fit->binned,
                                            fit->as == AS_LATENCY ? "latency" : "size", scenario};
    return metrics_plot(&picture, png, errors);
}

static bool save_files(const struct metrics_fit *fit, struct names *names, const char *text,
                       const struct bytes *png, struct errors *errors)
{
    const char *folder = names->goal.folder;
    bool good = save_bytes(folder, names->goal.picture, png->data, png->size, errors);
    for (int side = 0; good && fit->as != AS_LATENCY && side < 2; side++)
        good = save_envelope(fit, names, (enum envelope)side, errors);
    if (good && text) {
        size_t n = strlen(text) + 1;
        char *listed = folder_list(memcpy(xmalloc(n), text, n), folder);
        good = save_bytes(folder, names->goal.scenario, listed, strlen(listed), errors);
        free(listed);
    }
    folder_drop_stale(folder, names->goal.scenario);
    return good;
}

/* `own`: the command line names no folder. */
static bool save_all(const struct metrics_fit *fit, struct names *names, bool own,
                     struct errors *errors)
{
    struct goal *goal = &names->goal;
    struct bytes png = {0};
    char *text = NULL;
    names->fitted = fit->as != AS_LATENCY && metrics_has_law(fit);
    if (names->fitted)
        text = metrics_scenario_text(fit, NULL,
                                     "Sizes by the law that fits the buckets best; "
                                     "between the bounds of a bucket it is a guess.");
    bool good = draw(fit, text, &png, errors);
    if (good && own)
        goal->folder = folder_unused(goal->folder, goal->picture, png.data, png.size);
    good = good && save_folder(goal->folder, errors);
    if (good) {
        save_begin(goal->folder);
        good = save_files(fit, names, text, &png, errors);
        if (good)
            good = save_commit(goal->folder, errors) && saving_picture(&png, errors);
        else
            save_drop(goal->folder);
    }
    bytes_free(&png);
    free(text);
    return good;
}

static void say_saved(const struct metrics_fit *fit, const struct names *names)
{
    printf("\n%s: %s%s%s", names->goal.folder, names->fitted ? names->goal.scenario : "",
           names->fitted ? ", " : "", names->goal.picture);
    for (int i = 0; i < 2 && fit->as != AS_LATENCY; i++)
        if (names->sizes[i])
            printf(", %s, %s", names->scenario[i], names->sizes[i]);
    printf("\n");
    if (fit->as == AS_LATENCY)
        printf("\nLatencies are no sizes, and no scenario is made of them. In one that has sizes "
               "of its own,\nthese lines lay them over the simulated ones:\n\n%s",
               metrics_overlay_lines(fit));
    else if (!names->sizes[ENVELOPE_HIGH])
        printf("  no upper envelope: values above the last bucket have no bound, and there is no "
               "_sum that gives one\n");
    else
        printf("  what the buckets leave open: queuescope compare %s/%s%s %s/%s\n",
               names->goal.folder, names->scenario[0],
               names->fitted ? internf(" %s/%s", names->goal.folder, names->goal.scenario) : "",
               names->goal.folder, names->scenario[1]);
}

int fit_metrics(const struct options *o, struct lines *const *lines)
{
    struct errors errors = {0};
    struct metrics_choice choice;
    struct metrics_fit fit = {.rate = NAN};
    if (!take_options(o, &fit, &choice, &errors) || !read_all(o, lines, &fit, &choice, &errors)) {
        errors_print(&errors);
        return EXIT_USAGE;
    }
    struct names names = names_of(o);
    if (!o->quiet)
        metrics_report(&fit, stdout);
    bool good = save_all(&fit, &names, !o->folder, &errors);
    fflush(stdout);
    metrics_warnings(&fit);
    if (good && !o->quiet)
        say_saved(&fit, &names);
    scraped_free(&fit.scraped);
    errors_print(&errors);
    return good ? EXIT_DONE : EXIT_FAILED;
}
