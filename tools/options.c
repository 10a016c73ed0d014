#include "options.h"

#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../plots/png.h"
#include "../sim/scenario/config.h"

/* Options without a short form of their own. */
enum letter {
    LETTER_FORMAT = 256,
    LETTER_ARRIVAL,
    LETTER_SERVICE,
    LETTER_UNIT,
    LETTER_TIME_UNIT,
    LETTER_MOMENT,
    LETTER_TRACE,
    LETTER_MEASURE,
    LETTER_RELATIVE
};

static const struct row_of_option {
    enum option_bit option;
    const char *name;
    int letter;           /* also the value that getopt_long returns */
    bool short_form;      /* the letter may be typed */
    const char *argument; /* NULL: none */
    const char *help;
} rows[] = {
    {OPTION_OUT, "output", 'o', true, "DIR", "folder for the results (default: out/NAME)"},
    {OPTION_SET, "set", 's', false, "PATH=VALUE", "set any key of the scenario; may be repeated"},
    {OPTION_VARY, "vary", 'v', false, "PATH=V1,V2,...",
     "one panel for each value (several: every combination)"},
    {OPTION_SLO, "slo", 'l', false, "EXPR",
     "what to meet, such as 'p99 <= 250ms', 'loss <= 0.1%' or 'gold.p99 <= 1s'; may be repeated"},
    {OPTION_SPAN, "vary", 'v', false, "PATH=LOW..HIGH",
     "where to look (or V1,V2,...; default consumers.count=1..64); may be repeated"},
    {OPTION_COST, "cost", 'c', false, "PATH=N,...", "what one more of each varied key costs"},
    {OPTION_CONFIDENCE, "confidence", 'C', false, "SHARE",
     "how sure the whole answer is to be (default: 95%)"},
    {OPTION_MAX_TASKS, "max-tasks", 'm', false, "N",
     "tasks to simulate at most, in all (default: 300M)"},
    {OPTION_RARE, "measure", LETTER_MEASURE, false, "loss|latency|wait",
     "what is rare (default: loss where the buffer has a limit, else latency)"},
    {OPTION_RARE, "relative", LETTER_RELATIVE, false, "SHARE",
     "how well every figure is to be known (default: 10%)"},
    {OPTION_RARE, "confidence", 'C', false, "SHARE", "of the intervals (default: 95%)"},
    {OPTION_RARE, "max-tasks", 'm', false, "N",
     "tasks to simulate at most for a column of the sweep (default: 1G)"},
    {OPTION_SEED, "seed", 'S', false, "N", "seed of all random numbers (default: the scenario's)"},
    {OPTION_JOBS, "jobs", 'j', true, "N", "threads (default: all cores); never changes results"},
    {OPTION_ENGINE, "engine", 'e', false, "auto|lanes|events", "how to simulate (default: auto)"},
    {OPTION_METHOD, "method", 'M', false, "auto|simulated",
     "simulated: measure even where theory knows (default: auto)"},
    {OPTION_RESUME, "resume", 'r', false, NULL, "go on with a run that was interrupted"},
    {OPTION_QUIET, "quiet", 'q', true, NULL, "no progress, no summary; only warnings and errors"},
    {OPTION_LOG, "format", LETTER_FORMAT, false, "auto|csv|access|swf",
     "what the log is (default: auto, by its first line)"},
    {OPTION_LOG, "arrival", LETTER_ARRIVAL, false, "COLUMN",
     "heading of the arrival times, or number from 1"},
    {OPTION_LOG, "service", LETTER_SERVICE, false, "COLUMN",
     "the same of sizes; access logs: its key (rt, for rt=0.12) or word"},
    {OPTION_LOG, "unit", LETTER_UNIT, false, "UNIT", "of sizes: ns, us, ms, s, min, h or d"},
    {OPTION_LOG, "time-unit", LETTER_TIME_UNIT, false, "UNIT", "of times that are numbers"},
    {OPTION_LOG, "times-are", LETTER_MOMENT, false, "start|end",
     "of tasks (default: start; access logs: end)"},
    {OPTION_LOG, "trace", LETTER_TRACE, false, NULL,
     "write trace.csv too, for arrivals.process: trace"},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

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
    static const char *const names[] = {"auto", "simulated", NULL};
    o->simulated = strcmp(text, "simulated") == 0;
    if (o->simulated || strcmp(text, "auto") == 0)
        return true;
    const char *near = nearest(text, names);
    if (near)
        return usage_error(command, "--method %s: unknown method (did you mean '%s'?)", text, near);
    return usage_error(command, "--method %s: unknown method (one of auto, simulated)", text);
}

static bool take_confidence(struct options *o, const struct command *command, const char *text)
{
    const char *why;
    if (!unit_parse(UNIT_SHARE, text, &o->confidence, &why))
        return usage_error(command, "--confidence %s: %s", text, why);
    if (!(o->confidence >= 0.5 && o->confidence <= 0.9999))
        return usage_error(command, "--confidence %s: it is from 50%% to 99.99%%", text);
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

static bool take_relative(struct options *o, const struct command *command, const char *text)
{
    const char *why;
    if (!unit_parse(UNIT_SHARE, text, &o->relative, &why))
        return usage_error(command, "--relative %s: %s", text, why);
    if (!(o->relative >= 0.001 && o->relative <= 1))
        return usage_error(command, "--relative %s: it is from 0.1%% to 100%%", text);
    return true;
}

static bool take(struct options *o, const struct command *command, int letter, const char *text)
{
    switch (letter) {
    case 'o':
        if (!*text)
            return usage_error(command, "-o: the name of a folder is empty");
        o->folder = text;
        return true;
    case 's':
        return add(command, o->set, &o->n_set, text, "--set");
    case 'v':
        return add(command, o->vary, &o->n_vary, text, "--vary");
    case 'l':
        return add(command, o->slo, &o->n_slo, text, "--slo");
    case 'c':
        o->cost = text;
        return true;
    case 'C':
        return take_confidence(o, command, text);
    case 'm':
        return take_max_tasks(o, command, text);
    case 'S':
        o->seed = text;
        return true;
    case 'j':
        return take_jobs(o, command, text);
    case 'e':
        return take_engine(o, command, text);
    case 'M':
        return take_method(o, command, text);
    case 'r':
        o->resume = true;
        return true;
    case LETTER_FORMAT:
        o->format = text;
        return true;
    case LETTER_ARRIVAL:
        o->arrival = text;
        return true;
    case LETTER_SERVICE:
        o->service = text;
        return true;
    case LETTER_UNIT:
        o->unit = text;
        return true;
    case LETTER_TIME_UNIT:
        o->time_unit = text;
        return true;
    case LETTER_MOMENT:
        o->moment = text;
        return true;
    case LETTER_TRACE:
        o->trace = true;
        return true;
    case LETTER_MEASURE:
        o->measure = text;
        return true;
    case LETTER_RELATIVE:
        return take_relative(o, command, text);
    default:
        o->quiet = true;
        return true;
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

bool options_parse(struct options *o, const struct command *command, int scenarios, int argc,
                   char **argv)
{
    struct tables tables;
    tables_fill(&tables, command->options);
    memset(o, 0, sizeof *o);
    o->confidence = o->max_tasks = o->relative = NAN;
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
    const char *what = command->options & OPTION_LOG ? "log" : "scenario";
    if (o->n_scenarios > 0 && scenarios == 0)
        return usage_error(command, "'%s': it takes no %s", o->scenarios[0], what);
    if (o->n_scenarios == 0 && scenarios > 0)
        return usage_error(command, "no %s is named", what);
    if (o->n_scenarios > scenarios)
        return usage_error(command, "'%s': only one %s at a time", o->scenarios[1], what);
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

const char *options_split(const char *option, const char *argument, const char **path,
                          struct place *at, struct errors *errors)
{
    *at = (struct place){internf("%s %s", option, argument), 0, 0};
    const char *equals = strchr(argument, '=');
    if (!equals || equals == argument) {
        error_at(errors, *at, "%s takes PATH=VALUE, such as %s", option,
                 strcmp(option, "--vary") == 0 ? "consumers.count=1,2,4" : "consumers.count=8");
        return NULL;
    }
    *path = internf("%.*s", (int)(equals - argument), argument);
    return equals + 1;
}

bool options_apply(const struct options *o, struct scenario *s, struct places *places,
                   struct errors *errors)
{
    size_t before = errors->n;
    for (int i = 0; i < o->n_set; i++) {
        const char *path;
        struct place at;
        const char *text = options_split("--set", o->set[i], &path, &at, errors);
        if (!text)
            continue;
        if (param_set(s, path, text, at, errors))
            places_add(places, path, at);
        else
            places_spoil(places, path, true);
    }
    if (o->seed) {
        struct place at = {internf("--seed %s", o->seed), 0, 0};
        if (param_set(s, "seed", o->seed, at, errors))
            places_add(places, "seed", at);
    }
    return errors->n == before;
}

bool options_load(const struct options *o, const char *file, struct scenario *s,
                  struct places *places, struct errors *errors)
{
    param_defaults(s);
    bool sound = config_load(file, png_scenario, s, places, errors);
    sound = options_apply(o, s, places, errors) && sound;
    return scenario_check(s, places, errors) && sound;
}

const struct engine *options_engine(const struct options *o, const struct scenario *s)
{
    return o->engine ? o->engine : engine_for(s);
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
    return o->folder ? o->folder : internf("out/%s", base_name(o->scenarios[0]));
}

void errors_print(const struct errors *errors)
{
    size_t kept = errors->n < ERRORS_KEPT ? errors->n : ERRORS_KEPT;
    for (size_t i = 0; i < kept; i++)
        fprintf(stderr, "%s\n", errors->text[i]);
    if (errors->n > kept)
        fprintf(stderr, "and %zu more errors\n", errors->n - kept);
}
