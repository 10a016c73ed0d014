/* queuescope tournament: the same tasks through several policies. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/tournament_plot.h"
#include "../../sim/result/save.h"
#include "../../sim/scenario/config.h"
#include "../shell/policies.h"
#include "../shell/remarks.h"
#include "../shell/saving.h"
#include "../shell/together.h"
#include "../words/report.h"
#include "../words/sheet.h"

struct contest {
    const struct options *o;
    struct scenario s; /* as asked, before any policy */
    struct policies policies;
    struct contestant contestants[POLICIES_MOST + 1];
    const struct result *unbounded;
    double limit; /* what is in time; INFINITY */
};

static const char *human(enum unit unit, double x)
{
    char text[64];
    if (isnan(x))
        return "-";
    unit_human(unit, x, 3, text, sizeof text);
    return intern(text);
}

static void print_table(const struct contest *contest, FILE *out)
{
    struct sheet sheet = {.columns = 10};
    const char *heads[] = {
        "policy",   "goodput", "p99",    "lost", "inside", "waits: in the buffer",
        "producer", "retries", "spared", ""};
    for (size_t i = 0; i < sheet.columns; i++)
        sheet_add(&sheet, heads[i]);
    for (size_t i = 0; i < contest->policies.n; i++) {
        const struct contestant *c = &contest->contestants[i];
        const char *rate = human(UNIT_RATE, c->goodput);
        if (c->goodput_half > 0)
            rate = internf("%s \xc2\xb1 %s", rate, human(UNIT_NUMBER, c->goodput_half));
        sheet_add(&sheet, c->name);
        sheet_add(&sheet, rate);
        sheet_add(&sheet, human(UNIT_DURATION, c->p99));
        sheet_add(&sheet, human(UNIT_SHARE, c->loss));
        sheet_add(&sheet, human(UNIT_SHARE, c->unfinished));
        for (int k = 0; k < WAITINGS; k++)
            sheet_add(&sheet, human(UNIT_DURATION, c->waiting[k]));
        sheet_add(&sheet, c->front && c->grows ? "front, grows"
                          : c->front           ? "front"
                          : c->grows           ? "grows"
                                               : "");
    }
    sheet_print(&sheet, out);
    sheet_free(&sheet);
}

static void print_all(const struct contest *contest)
{
    uint64_t tasks = contest->unbounded->simulated;
    double seconds = contest->unbounded->wall_seconds;
    bool grows = false;
    for (size_t i = 0; i < contest->policies.n; i++) {
        const struct result *result = contest->contestants[i].result;
        tasks += result == contest->unbounded ? 0 : result->simulated;
        seconds += result == contest->unbounded ? 0 : result->wall_seconds;
        grows = grows || contest->contestants[i].grows;
    }
    printf("%zu policies, the same tasks: %s\n\n", contest->policies.n,
           report_speed(tasks, seconds));
    print_table(contest, stdout);
    printf("\n%s.\n",
           tournament_sentence(contest->contestants, contest->policies.n, contest->limit));
    if (isinf(contest->limit))
        printf("goodput counts all that are served: picture.objective says what is in time.\n");
    else
        printf("goodput counts what is done within %s (picture.objective).\n",
               human(UNIT_DURATION, contest->limit));
    printf(
        "Waits are for each task that arrived; spared: what the unbounded buffer would have made "
        "them wait besides, had nothing been lost.\n");
    if (grows)
        printf("grows: the backlog has no limit: p99 is a matter of how long one looks, and of "
               "what is "
               "served alone, not of what is still inside.\n");
}

static bool save_files(const void *context, const char *folder, struct errors *errors)
{
    const struct contest *contest = context;
    size_t size;
    char *csv = tournament_csv(contest->contestants, contest->policies.n, &size);
    char *text = config_text(&contest->s);
    bool saved = save_bytes(folder, "tournament.csv", csv, size, errors) &&
                 save_bytes(folder, "scenario.yaml", text, strlen(text), errors);
    free(csv);
    free(text);
    return saved;
}

static bool draw_picture(const void *context, struct bytes *png, struct errors *errors)
{
    const struct contest *contest = context;
    return plot_tournament(&contest->s, contest->contestants, contest->policies.n, contest->limit,
                           png, errors);
}

static bool finish(const struct contest *contest, const char *folder)
{
    const struct options *o = contest->o;
    if (!o->quiet)
        print_all(contest);
    if (!saving_done(&(struct saving){.folder = folder,
                                      .name = "tournament.png",
                                      .files = save_files,
                                      .picture = draw_picture,
                                      .context = contest,
                                      .threads = contest->unbounded->threads}))
        return false;
    if (!o->quiet)
        printf("\n%s: tournament.png, tournament.csv, scenario.yaml\n", folder);
    return true;
}

/* All of them at once, and the unbounded buffer beside them. */
static int run(struct contest *contest, const char *folder)
{
    const size_t n = contest->policies.n;
    const struct scenario *scenarios[POLICIES_MOST + 1];
    struct result *results[POLICIES_MOST + 1] = {0};
    int status = EXIT_INTERRUPTED;
    for (size_t i = 0; i < n; i++)
        scenarios[i] = contest->policies.scenario[i];
    scenarios[n] = contest->policies.unbounded;
    if (together_run(contest->o, "tournament", scenarios, n + 1, results)) {
        for (size_t i = 0; i < n; i++)
            contest->contestants[i] =
                (struct contestant){.name = contest->policies.name[i], .result = results[i]};
        contest->unbounded = results[n];
        tournament_judge(contest->contestants, n, contest->unbounded, contest->limit);
        status = together_holds("tournament", results, n) ? EXIT_DONE : EXIT_FAILED;
        status = finish(contest, folder) ? status : EXIT_FAILED;
    }
    together_free(results, n + 1);
    return status;
}

/* What is of other commands: a tournament has one column, and compares what is alike. */
static void leave_out(struct scenario *s)
{
    options_drop_sweep(s, "policies are compared at one setting");
    s->vary_count = 0;
    s->picture.measure = PICTURE_LATENCY;
    s->run.windows = NAN;
    options_drop_precision(s, "policies are compared on the same replications");
}

int cmd_tournament(int argc, char **argv)
{
    static struct contest contest; /* large */
    struct options o;
    struct places places = {0};
    struct errors errors = {0};
    if (!options_parse(&o, command_find("tournament"), 1, argc, argv))
        return EXIT_USAGE;
    saving_prepare(o.jobs);
    contest.o = &o;
    bool sound = options_load(&o, o.scenarios[0], &contest.s, &places, &errors);
    if (sound) {
        leave_out(&contest.s);
        double objective = contest.s.picture.objective;
        contest.limit = objective > 0 ? objective : INFINITY;
        sound = policies_make(&contest.s, o.policies, o.stage, &places, &contest.policies, &errors);
    }
    for (size_t i = 0; sound && i < contest.policies.n; i++)
        sound = options_engine_fits(&o, contest.policies.scenario[i], o.scenarios[0], &errors);
    places_free(&places);
    const char *folder = options_folder(&o);
    int status = EXIT_USAGE;
    if (sound && !save_folder(folder, &errors)) {
        sound = false;
        status = EXIT_FAILED;
    }
    if (sound)
        status = run(&contest, folder);
    else
        errors_print(&errors);
    policies_free(&contest.policies);
    return status;
}
