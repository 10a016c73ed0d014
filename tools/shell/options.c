#include "options.h"

#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../sim/scenario/config.h"
#include "options_rows.h"
#include "remarks.h"
#include "saving.h"
#include "share.h"

static bool usage_error(const struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool usage_error(const struct command *command, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "queuescope %s: error: ", command->name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nusage: queuescope %s %s\n", command->name, command->usage);
    return false;
}

/* An option that getopt_long did not take: unknown, or known and wanting an argument. */
static bool refuse_option(const struct command *command, const char *word, bool incomplete)
{
    if (incomplete)
        return usage_error(command, "option '%s' needs an argument", word);
    const char *names[ROWS + 2];
    size_t n = 0;
    for (size_t i = 0; i < ROWS; i++) {
        if (command->options & rows[i].option)
            names[n++] = internf("--%s", rows[i].name);
        else if (strcmp(word, internf("--%s", rows[i].name)) == 0)
            return usage_error(command, "'%s' takes no option '%s'", command->name, word);
    }
    names[n++] = "--help";
    names[n] = NULL;
    const char *shown = internf("%.*s", (int)strcspn(word, "="), word);
    const char *near = nearest(shown, names);
    if (near)
        return usage_error(command, "unknown option '%s' (did you mean '%s'?)", shown, near);
    return usage_error(command, "unknown option '%s'", shown);
}

static bool add(const struct command *command, const char **list, int *n, const char *text,
                const char *what)
{
    if (*n == OPTIONS_MANY)
        return usage_error(command, "more than %d %s", OPTIONS_MANY, what);
    list[(*n)++] = text;
    return true;
}

static bool take_jobs(struct options *o, const struct command *command, const char *text)
{
    double jobs;
    const char *why;
    if (!unit_parse(UNIT_COUNT, text, &jobs, &why))
        return usage_error(command, "--jobs %s: %s", text, why);
    if (!(jobs >= 1 && jobs <= 1024))
        return usage_error(command, "--jobs %s: threads are from 1 to 1024", text);
    o->jobs = (unsigned)jobs;
    return true;
}

static bool take_engine(struct options *o, const struct command *command, const char *text)
{
    static const char *const names[] = {"auto", "lanes", "events", NULL};
    const struct engine *const engines[] = {NULL, &lanes_engine, &events_engine};
    for (int i = 0; names[i]; i++)
        if (strcmp(text, names[i]) == 0) {
            o->engine = engines[i];
            return true;
        }
    const char *near = nearest(text, names);
    if (near)
        return usage_error(command, "--engine %s: unknown engine (did you mean '%s'?)", text, near);
    return usage_error(command, "--engine %s: unknown engine (one of auto, lanes, events)", text);
}

static bool take_method(struct options *o, const struct command *command, const char *text)
{
    /* There are several ways to know what is rare, and plan takes them. */
    bool rare = command->options & OPTION_SLO;
    const char *names[] = {"auto", "simulated", rare ? "rare" : NULL, NULL};
    o->simulated = strcmp(text, "simulated") == 0;
    o->without_theory = rare && strcmp(text, "rare") == 0;
    if (o->simulated || o->without_theory || strcmp(text, "auto") == 0)
        return true;
    const char *near = nearest(text, names);
    if (near)
        return usage_error(command, "--method %s: unknown method (did you mean '%s'?)", text, near);
    return usage_error(command, "--method %s: unknown method (one of auto, %ssimulated)", text,
                       rare ? "rare, " : "");
}

static bool take_histograms(struct options *o, const struct command *command, const char *text)
{
    o->no_histograms = strcmp(text, "no") == 0;
    if (o->no_histograms || strcmp(text, "yes") == 0)
        return true;
    return usage_error(command, "--histograms %s: it is yes or no", text);
}

/* --NAME SHARE, from `low` to `high`, in words `range`. */
static bool take_share(const struct command *command, const char *name, const char *text,
                       double *out, double low, double high, const char *range)
{
    const char *why;
    if (!unit_parse(UNIT_SHARE, text, out, &why))
        return usage_error(command, "--%s %s: %s", name, text, why);
    if (!(*out >= low && *out <= high))
        return usage_error(command, "--%s %s: it is %s", name, text, range);
    return true;
}

static bool take_max_tasks(struct options *o, const struct command *command, const char *text)
{
    const char *why;
    if (!unit_parse(UNIT_COUNT, text, &o->max_tasks, &why))
        return usage_error(command, "--max-tasks %s: %s", text, why);
    if (!(o->max_tasks >= 1))
        return usage_error(command, "--max-tasks %s: at least one", text);
    return true;
}

/* An option that is kept as it is. */
static bool keep(struct options *o, int letter, const char *text)
{
    char *at = (char *)o + (letter - LETTER_KEPT);
    bool there = true;
    if (text)
        memcpy(at, &text, sizeof text);
    else
        memcpy(at, &there, sizeof there);
    return true;
}

static bool take(struct options *o, const struct command *command, int letter, const char *text)
{
    switch (letter) {
    case 'o':
        if (!*text)
            return usage_error(command, "-o: the name of a folder is empty");
        if (saving_names_picture(text) && command->options & OPTION_GOLDEN)
            return usage_error(command, "-o %s: there are several pictures: name a folder", text);
        if (saving_names_picture(text))
            saving_also(text);
        else
            o->folder = text;
        return true;
    case 's':
        return add(command, o->set, &o->n_set, text, "--set");
    case 'v':
        return add(command, o->vary, &o->n_vary, text, "--vary");
    case 'l':
        return add(command, o->slo, &o->n_slo, text, "--slo");
    case LETTER_FILES:
        config_allow_files();
        return true;
    case LETTER_ONLY:
        return add(command, o->only, &o->n_only, text, "--only");
    case LETTER_LABEL:
        return add(command, o->label, &o->n_label, text, "--label");
    case 'C':
        return take_share(command, "confidence", text, &o->confidence, 0.5, 0.9999,
                          "from 50% to 99.99%");
    case LETTER_FALSE_ALARMS:
        return take_share(command, "false-alarms", text, &o->false_alarms, 1e-9, 0.5,
                          "above 0% and at most 50%");
    case LETTER_RELATIVE:
        return take_share(command, "relative", text, &o->relative, 0.001, 1, "from 0.1% to 100%");
    case LETTER_SLOWEST:
        return take_share(command, "slowest", text, &o->slowest, 0.0001, 1, "from 0.01% to 100%");
    case 'm':
        return take_max_tasks(o, command, text);
    case 'j':
        return take_jobs(o, command, text);
    case 'e':
        return take_engine(o, command, text);
    case LETTER_HISTOGRAMS:
        return take_histograms(o, command, text);
    case 'M':
        return take_method(o, command, text);
    case 'q':
        o->quiet = true;
        remarks_leave_out();
        return true;
    default:
        return keep(o, letter, text);
    }
}

/* What getopt_long wants, from our rows, as far as the command takes them. */
struct tables {
    struct option longs[ROWS + 1];
    char shorts[2 + 2 * ROWS];
};

static void tables_fill(struct tables *tables, unsigned accepted)
{
    struct option *next = tables->longs;
    char *letter = tables->shorts;
    memset(tables, 0, sizeof *tables);
    *letter++ = ':';
    for (size_t i = 0; i < ROWS; i++) {
        if (!(accepted & rows[i].option))
            continue;
        next->name = rows[i].name;
        next->has_arg = rows[i].argument ? required_argument : no_argument;
        next++->val = rows[i].letter;
        if (rows[i].short_form) {
            *letter++ = (char)rows[i].letter;
            if (rows[i].argument)
                *letter++ = ':';
        }
    }
}

/* A scenario that is no file may be an example that came with the program. */
static void take_examples(struct options *o)
{
    for (int i = 0; i < o->n_scenarios; i++) {
        const char *name = o->scenarios[i];
        const char *example = access(name, F_OK) != 0 ? share_example(name) : NULL;
        if (!example)
            continue;
        o->scenarios[i] = example;
        remarks_note(internf("%s is the example in %s", name, example));
    }
}

bool options_parse(struct options *o, const struct command *command, int scenarios, int argc,
                   char **argv)
{
    struct tables tables;
    tables_fill(&tables, command->options);
    memset(o, 0, sizeof *o);
    o->confidence = o->max_tasks = o->false_alarms = NAN;
    o->relative = o->slowest = NAN;
    opterr = 0;
    optind = 0;
    int letter;
    while ((letter = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
        if (letter == '?' || letter == ':') {
            const char *word = argv[optind - 1];
            if (strncmp(word, "--", 2) != 0)
                word = internf("-%c", optopt);
            return refuse_option(command, word, letter == ':');
        }
        if (!take(o, command, letter, optarg))
            return false;
    }
    for (; optind < argc; optind++)
        if (!add(command, o->scenarios, &o->n_scenarios, argv[optind], "scenarios"))
            return false;
    const char *what = command->options & OPTION_LOG      ? "log"
                       : command->options & OPTION_GOLDEN ? "folder"
                                                          : "scenario";
    bool needed = scenarios > 0;
    if (scenarios == OPTIONS_MAYBE)
        scenarios = 1;
    if (o->n_scenarios > 0 && scenarios == 0)
        return usage_error(command, "'%s': it takes no %s", o->scenarios[0], what);
    if (o->n_scenarios == 0 && needed)
        return usage_error(command, "no %s is named", what);
    if (o->n_scenarios > scenarios)
        return usage_error(command, "'%s': only one %s at a time", o->scenarios[1], what);
    if (!(command->options & (OPTION_LOG | OPTION_GOLDEN | OPTION_COPY)))
        take_examples(o);
    return true;
}

void options_help(unsigned accepted)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (!(accepted & rows[i].option))
            continue;
        char name[64];
        snprintf(name, sizeof name, "%s--%s%s%s",
                 rows[i].short_form ? internf("-%c, ", rows[i].letter) : "", rows[i].name,
                 rows[i].argument ? " " : "", rows[i].argument ? rows[i].argument : "");
        printf("  %-28s %s\n", name, rows[i].help);
    }
    printf("  %-28s %s\n", "--help", "this page");
}

const struct engine *options_engine(const struct options *o, const struct scenario *s)
{
    return !o->engine                    ? engine_for(s)
           : o->engine == &events_engine ? engine_by_events(s)
                                         : engine_by_lanes(s);
}

bool options_engine_fits(const struct options *o, const struct scenario *s, const char *file,
                         struct errors *errors)
{
    const char *why = options_engine(o, s)->refuses(s);
    return !why || error_at(errors, (struct place){file, 0, 0}, "%s", why);
}

const char *base_name(const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *name = slash ? slash + 1 : file;
    const char *dot = strrchr(name, '.');
    return internf("%.*s", dot && dot != name ? (int)(dot - name) : (int)strlen(name), name);
}

const char *options_folder(const struct options *o)
{
    bool pipe = strcmp(o->scenarios[0], "-") == 0 || strncmp(o->scenarios[0], "/dev/", 5) == 0;
    return o->folder ? o->folder : internf("out/%s", pipe ? "log" : base_name(o->scenarios[0]));
}

void errors_print(const struct errors *errors)
{
    size_t kept = errors->n < ERRORS_KEPT ? errors->n : ERRORS_KEPT;
    /* What an option has against it, every scenario says again: once is enough. */
    for (size_t i = 0; i < kept; i++)
        if (i == 0 || strcmp(errors->text[i], errors->text[i - 1]) != 0)
            fprintf(stderr, "%s\n", errors->text[i]);
    if (errors->n > kept)
        fprintf(stderr, "and %zu more errors\n", errors->n - kept);
}

void options_drop_precision(struct scenario *s, const char *instead)
{
    if (scenario_seeks_precision(s))
        remarks_note(internf("run.precision is of `run` and not used here: %s", instead));
    s->run.precision = (struct precision){NAN, NAN, NAN, NAN, NAN};
    s->run.max_tasks = NAN;
}
