/* queuescope why: what the slowest requests spent their time on. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/answer/why.h"
#include "../../sim/result/save.h"
#include "../../sim/scenario/config.h"
#include "../../sim/scenario/sweep.h"
#include "../shell/options.h"
#include "../shell/remarks.h"
#include "../shell/signals.h"
#include "../words/sheet.h"

static const char *const heads[WHY_PARTS] = {"own work",    "behind large",  "behind others",
                                             "behind held", "nobody served", "blocked",
                                             "stopped",     "delay"};

static const char *human(enum unit unit, double x)
{
    char text[64];
    unit_human(unit, x, 3, text, sizeof text);
    return intern(text);
}

static double each(const struct why *why, double seconds)
{
    return seconds / (double)why->slowest;
}

static double sum_of(const double seconds[WHY_PARTS])
{
    double sum = 0;
    for (int part = 0; part < WHY_PARTS; part++)
        sum += seconds[part];
    return sum;
}

static void add_row(struct sheet *sheet, const struct why *why, const char *name,
                    const double seconds[WHY_PARTS])
{
    double sum = sum_of(seconds);
    sheet_add(sheet, name);
    for (int part = 0; part < WHY_PARTS; part++)
        if (why->total[part] > 0)
            sheet_add(sheet,
                      seconds[part] > 0 ? human(UNIT_DURATION, each(why, seconds[part])) : "-");
    sheet_add(sheet, human(UNIT_DURATION, each(why, sum)));
    sheet_add(sheet, human(UNIT_SHARE, sum / why->sum));
}

static void print_table(const struct why *why, FILE *out)
{
    struct sheet sheet = {.columns = 3};
    for (int part = 0; part < WHY_PARTS; part++)
        sheet.columns += why->total[part] > 0;
    sheet_add(&sheet, "stage");
    for (int part = 0; part < WHY_PARTS; part++)
        if (why->total[part] > 0)
            sheet_add(&sheet, heads[part]);
    sheet_add(&sheet, "together");
    sheet_add(&sheet, "share");
    for (uint32_t stage = 0; stage < why->n_stages; stage++)
        add_row(&sheet, why, why->stage[stage], why->seconds[stage]);
    if (why->n_stages > 1)
        add_row(&sheet, why, "all", why->total);
    sheet_print(&sheet, out);
    sheet_free(&sheet);
}

/* The stage in which a part is largest. */
static const char *worst(const struct why *why, enum why_part part)
{
    uint32_t at = 0;
    for (uint32_t stage = 1; stage < why->n_stages; stage++)
        if (why->seconds[stage][part] > why->seconds[at][part])
            at = stage;
    return why->stage[at];
}

/* What would help, by the largest part. */
static void print_advice(const struct why *why, FILE *out)
{
    enum why_part most = WHY_WORK;
    for (int part = 0; part < WHY_PARTS; part++)
        if (why->total[part] > why->total[most])
            most = (enum why_part)part;
    const char *stage = worst(why, most), *share = human(UNIT_SHARE, why->total[most] / why->sum);
    const char *at = why->n_stages > 1 ? internf(", most of it at %s", stage) : "";
    static const char *const sentences[WHY_PARTS] = {
        [WHY_WORK] = "is their own work%s: more consumers would not help, smaller "
                     "tasks or faster consumers would",
        [WHY_LARGE] = "is waiting behind large tasks%s: split these or keep them apart "
                      "(shortest-job, a class of their own); more consumers help less",
        [WHY_PLAIN] = "is waiting behind others%s: more consumers there, or less "
                      "traffic",
        [WHY_HELD] = "is waiting for consumers that are held%s: what holds them is too "
                     "slow, or more of them are needed",
        [WHY_IDLE] = "is waiting while nobody was served%s: outages, or resumptions "
                     "that take long",
        [WHY_BLOCKED] = "is being blocked%s: the stage behind has too few places or "
                        "is too slow",
        [WHY_STOPPED] = "is having a consumer without being served%s: interruptions, "
                        "sharing or outages",
        [WHY_DELAY] = "is delay on the way%s",
    };
    const char *sentence = sentences[most];
    const char *gap = strstr(sentence, "%s");
    fprintf(out, "%s of their latency %.*s%s%s.\n", share, (int)(gap - sentence), sentence, at,
            gap + 2);
}

static void print_spells(const struct why *why, FILE *out)
{
    for (size_t i = 0; i < why->spells; i++) {
        const struct why_spell *spell = &why->spell[i];
        const char *at = why->n_stages > 1 ? internf(" at %s", why->stage[spell->stage]) : "";
        fprintf(out, "%s %s of it%s in %s from %s on, replication %u; largest task then: %s\n",
                i == 0 ? "\nWhere they waited most:\n " : " ",
                human(UNIT_SHARE, spell->waited / why->sum), at,
                human(UNIT_DURATION, spell->to - spell->from), human(UNIT_DURATION, spell->from),
                spell->replication + 1, human(UNIT_DURATION, spell->largest));
    }
}

static void print_all(const struct why *why)
{
    printf("the slowest %s of %s requests (%s): %s and more%s, %s on average\n\n",
           human(UNIT_SHARE, why->share), human(UNIT_COUNT, (double)why->requests),
           human(UNIT_COUNT, (double)why->slowest), human(UNIT_DURATION, why->least),
           why->replies ? " to the client's answer" : "",
           human(UNIT_DURATION, each(why, why->sum)));
    print_table(why, stdout);
    printf("\n");
    print_advice(why, stdout);
    print_spells(why, stdout);
}

static bool save(const struct why *why, const char *folder, struct errors *errors)
{
    size_t size;
    char *csv = why_csv(why, &size);
    bool saved = save_bytes(folder, "why.csv", csv, size, errors);
    free(csv);
    save_settle(folder);
    return saved;
}

static int ask(const struct options *o, const struct scenario *s, const char *folder)
{
    struct errors errors = {0};
    double share = isnan(o->slowest) ? 0.01 : o->slowest;
    struct why *why = why_find(s, share, &signals_stop, &errors);
    if (!why) {
        errors_print(&errors);
        if (errors.n == 0)
            fprintf(stderr, "queuescope why: interrupted; nothing was saved\n");
        return errors.n == 0 ? EXIT_INTERRUPTED : EXIT_FAILED;
    }
    int status = EXIT_DONE;
    if (why->slowest == 0) {
        fprintf(stderr, "queuescope why: error: no request was completed after the warm-up\n");
        status = EXIT_FAILED;
    } else {
        if (!o->quiet)
            print_all(why);
        if (!save(why, folder, &errors)) {
            errors_print(&errors);
            status = EXIT_FAILED;
        } else if (!o->quiet) {
            printf("\n%s: why.csv\n", folder);
        }
    }
    why_free(why);
    return status;
}

int cmd_why(int argc, char **argv)
{
    static struct scenario s; /* large */
    struct options o;
    struct places places = {0};
    struct errors errors = {0};
    if (!options_parse(&o, command_find("why"), 1, argc, argv))
        return EXIT_USAGE;
    bool sound = options_load(&o, o.scenarios[0], &s, &places, &errors);
    if (sound && sweep_drifts(&s))
        sound = error_at(&errors, places_find(&places, "sweep.mode"),
                         "why is asked of one setting: leave the sweep out");
    if (sound)
        options_drop_sweep(&s, "why is asked of one setting");
    places_free(&places);
    const char *folder = options_folder(&o);
    if (!sound) {
        errors_print(&errors);
        return EXIT_USAGE;
    }
    if (!save_folder(folder, &errors)) {
        errors_print(&errors);
        return EXIT_FAILED;
    }
    return ask(&o, &s, folder);
}
