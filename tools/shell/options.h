/*
 * The options that commands share: described once, parsed once (getopt_long), explained in every
 * command's help.
 *
 * A wrong option is one sentence on standard error, with the nearest right one. Texts point into
 * argv.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "../../sim/base/places.h"
#include "../../sim/engine/engine.h"
#include "command.h"

enum option_bit {
    OPTION_SET = 1,
    OPTION_SEED = 2,
    OPTION_OUT = 4,
    OPTION_JOBS = 8,
    OPTION_ENGINE = 16,
    OPTION_RESUME = 32,
    OPTION_QUIET = 64,
    OPTION_VARY = 128,
    OPTION_SPAN = 256, /* --vary PATH=LOW..HIGH */
    OPTION_SLO = 512,
    OPTION_COST = 1024,
    OPTION_CONFIDENCE = 2048,
    OPTION_MAX_TASKS = 4096,
    OPTION_METHOD = 8192,
    OPTION_LOG = 1 << 16,        /* what is in a log (fit) */
    OPTION_METRICS = 1 << 17,    /* and in metrics */
    OPTION_GOLDEN = 1 << 18,     /* of golden results (verify) */
    OPTION_ALONG = 1 << 19,      /* --vary PATH, or PATH=LOW..HIGH (cliff) */
    OPTION_CLASS = 1 << 20,      /* whose tasks the picture shows, at which stage (run, compare) */
    OPTION_SLOWEST = 1 << 15,    /* which share of the requests (why) */
    OPTION_POLICIES = 1 << 14,   /* of a tournament, and of which stage */
    OPTION_CLOCK = 1 << 28,      /* which clock a run is seen by (run) */
    OPTION_STORM = 1 << 27,      /* over which loads, and what hits it (storm) */
    OPTION_ALL = 1 << 22,        /* every value that was tried (plan) */
    OPTION_FILES = 1 << 25,      /* of scenarios that came in pictures */
    OPTION_TABLE = 1 << 23,      /* --vary, of formulas (theory) */
    OPTION_COPY = 1 << 21,       /* where to copy to (example) */
    OPTION_HISTOGRAMS = 1 << 26, /* whether to write histograms.csv (run) */
    OPTION_RARE = 1 << 24        /* which rare event, and how well it is to be known (rare) */
};

enum { OPTIONS_MANY = 64 }; /* scenarios, --set and --vary at most */

struct options {
    const char *scenarios[OPTIONS_MANY];
    int n_scenarios;
    const char *set[OPTIONS_MANY], *vary[OPTIONS_MANY]; /* PATH=TEXT, unparsed */
    int n_set, n_vary;
    const char *slo[OPTIONS_MANY]; /* unparsed */
    int n_slo;
    const char *cost;             /* unparsed; NULL: none given */
    double confidence, max_tasks; /* NAN: not given */
    double relative, slowest;     /* likewise */
    const char *measure;          /* unparsed; NULL: not given */
    const char *seed;
    const char *folder;          /* NULL: out/NAME, NAME that of the (first) scenario file */
    unsigned jobs;               /* 0: all cores */
    const struct engine *engine; /* NULL: auto */
    bool simulated;              /* --method simulated */
    bool without_theory;         /* --method rare */
    bool resume, quiet;
    bool no_histograms;         /* --histograms no */
    const char *clock;          /* a name, unchecked; NULL: not given */
    const char *drawn;          /* a class of tasks, unchecked; NULL: not given */
    const char *policies;       /* of a tournament, unparsed; NULL: the usual */
    const char *load, *trigger; /* of a storm: PATH, or PATH=VALUES, unparsed; likewise */
    const char *stage;          /* of a network, to be drawn; likewise */
    const char *format, *arrival, *end, *service, *unit, *time_unit, *moment, *dates; /* of a log;
                                                                                  NULL: found */
    const char *bad_lines;
    const char *only[OPTIONS_MANY]; /* COLUMN=TEXT */
    int n_only;
    const char *class, *sizes;
    bool trace;
    bool all;
    bool bless;
    double false_alarms;             /* NAN: not given */
    const char *metric, *rate, *as;  /* of metrics; NULL: not given */
    const char *label[OPTIONS_MANY]; /* NAME=VALUE */
    int n_label;
};

/* Parses; at least one scenario and at most `scenarios` must be named (0: none may be;
 * OPTIONS_MAYBE: one may be, and need not). A scenario that is no file may be an example (share.h).
 * On false a message has been printed, and the exit status is EXIT_USAGE. */
enum { OPTIONS_MAYBE = -1 };
bool options_parse(struct options *o, const struct command *command, int scenarios, int argc,
                   char **argv);

/* Prints the lines of a help page for the options in `accepted`. */
void options_help(unsigned accepted);

/* Applies --set and --seed, in the order of the command line, each a placed error of its own. */
bool options_apply(const struct options *o, struct scenario *s, struct places *places,
                   struct errors *errors);

/* A title is that of the question in the file: where --set has made another of it than `before`,
 * the title says so. Not of one that was set itself. */
void options_retitle(const struct options *o, const struct scenario *before, struct scenario *s);

/* A duration without a unit is in seconds: a note where the scenario has another size of them.
 * `option` is as typed; `text` may be a list, of which the first counts. */
void options_note_bare(const struct scenario *s, const char *option, const char *path,
                       const char *text);

/* Notes for those who set what is not run: where the sweep, or a varied key `by`, stands in its
 * place. `at` is what is run of `s`; `what` comes before the key ("the sweep of"). */
void options_note_swept(const struct options *o, const struct scenario *s);
void options_note_replaced(const struct options *o, const struct scenario *s,
                           const struct scenario *at, const char *by, const char *what);

/* Leaves the sweep out, with a note that says what is asked in its place: what it moves stays where
 * it is set, or else where the sweep begins. */
void options_drop_sweep(struct scenario *s, const char *instead);

/* Defaults, the file (YAML, or a picture that queuescope drew), --set, --seed, then the rules
 * across keys. */
bool options_load(const struct options *o, const char *file, struct scenario *s,
                  struct places *places, struct errors *errors);

/* The engine that was asked for, or else the one that fits `s` best; whether it can run `s`. */
const struct engine *options_engine(const struct options *o, const struct scenario *s);
bool options_engine_fits(const struct options *o, const struct scenario *s, const char *file,
                         struct errors *errors);

/* Splits PATH=TEXT; the path interned. NULL, and an error at "OPTION ARGUMENT", without an "=". */
const char *options_split(const char *option, const char *argument, const char **path,
                          struct place *at, struct errors *errors);

/* The output folder: -o, or out/NAME (of a pipe out/log). Interned. */
const char *options_folder(const struct options *o);

/* Base name of a file without folder and ending. Interned. */
const char *base_name(const char *file);

/* Prints collected errors to standard error, one a line. */
void errors_print(const struct errors *errors);

/* For a command that decides by itself how much to simulate: takes run.precision out of the
 * scenario and says so, with what is done instead. */
void options_drop_precision(struct scenario *s, const char *instead);

#endif
