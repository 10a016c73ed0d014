/*
 * A scenario: everything a run depends on, as a plain value.
 *
 * Copied with `=`; holds no pointer that it owns (texts are interned, models are constants,
 * tables of empirical data are shared and live to the program's end). Times in seconds, rates per
 * second, shares as fractions; NAN: not given.
 *
 * One stage in the short form is `stage`, fed by `arrivals`; networks have their stages and sources
 * in blocks (stages.h). The rows of `scenario_rows` mirror the YAML of the contract.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <math.h>

#include "param.h"

enum {
    LAW_BYTES = 224,      /* parameter block of a distribution */
    PROCESS_BYTES = 8216, /* parameter block of an arrival process */
    DISCIPLINE_BYTES = 8, /* of a discipline, a rule of buffer.drop, a limit */
    DROP_BYTES = 32,
    LIMITER_BYTES = 64,
    MAX_CLASSES = 16,
    MAX_VALUES = 512, /* sweep.values */
    MAX_VARY = 8,     /* keys of compare.vary */
    MAX_VARY_VALUES = 64,
    MAX_OBJECTIVES = 8,
    MAX_STAGES = 512,
    MAX_SOURCES = 64
};

/* A chosen distribution with its parameters. model NULL: not given. */
struct law {
    const struct model *model; /* a struct distribution */
    double params[LAW_BYTES / sizeof(double)];
};

struct task_class {
    const char *name;
    double share;       /* relative weight; scenario_shares normalises */
    double priority;    /* 0 = first */
    double weight;      /* NAN: 1 */
    struct law size;    /* model NULL: tasks.size */
    struct law timeout; /* model NULL: tasks.timeout */
};

struct arrivals {
    const struct model *process; /* a struct arrival_process */
    double rate;                 /* at most one of these three is given */
    double rate_per_consumer;
    double utilization;
    double params[PROCESS_BYTES / sizeof(double)];
};

struct stage {
    double consumers;               /* c */
    double speed;                   /* work per second of one consumer */
    const struct model *discipline; /* a struct discipline */
    double discipline_params[DISCIPLINE_BYTES / sizeof(double)];
    double capacity;              /* waiting places; INFINITY: unbounded; 0: hand-off */
    double durable;               /* flag: what waits outlives a crash; NAN: no */
    double max_bytes;             /* of what waits in the buffer together; NAN: any number */
    double max_paused;            /* producers that may wait outside; NAN: any number */
    double high_water, low_water; /* waiting tasks; NAN: none */
    double ignore, signal_delay;  /* NAN: 0 */
    const struct model *drop;     /* a struct drop_rule; NULL: none */
    double drop_params[DROP_BYTES / sizeof(double)];
    const struct model *when_full; /* a struct policy */
    double resume_delay;
    double blocks;    /* enum stage_blocks (stages.h); NAN: after service */
    const char *pool; /* the stage whose consumers it has; NULL: its own */
};

/* Whether the buffer may be full. */
static inline bool stage_is_bounded(const struct stage *stage)
{
    return isfinite(stage->capacity) || stage->max_bytes < INFINITY;
}

/* Whether its buffer says more than how many find a place in it, and for how much memory. */
static inline bool stage_is_guarded(const struct stage *stage)
{
    return stage->max_paused < INFINITY || stage->high_water > 0 || stage->drop;
}

enum sweep_scale { SCALE_LINEAR, SCALE_LOG };
enum sweep_mode { MODE_INDEPENDENT, MODE_DRIFT, MODE_TIME };
struct sweep {
    const char *parameter; /* NULL: no sweep, one column; or, mode time, slices of one run */
    double from, to, steps, scale, mode;
    double values[MAX_VALUES], values_count;
};

struct vary {
    const char *path;
    const char *values[MAX_VARY_VALUES];
    double values_count;
};

/* How well a figure is to be known (precision.h in sim/result). NAN measure: not asked for. */
struct precision {
    double measure;                            /* index into precision_measures */
    double relative, absolute, absolute_share; /* exactly one is given; absolute in seconds */
    double confidence;                         /* NAN: PRECISION_CONFIDENCE */
};
extern const char *const precision_measures[]; /* columns of columns.csv; NULL-ended */
#define PRECISION_CONFIDENCE 0.95
#define PRECISION_TASKS      100e6 /* run.max_tasks where it is not given */
enum { REPLICATIONS_MOST = 10000, PRECISION_FEWEST = 4 };

/* What every column, replication and class measured is kept to the end (result.h): so many. */
#define SCENARIO_CELLS 250e3

/* And rows of windows.csv (run.windows), all replications together. */
#define SCENARIO_WINDOWS 2e6

enum at_end { END_COMPLETE, END_CENSOR };
struct run {
    double tasks, duration; /* exactly one is given (tasks has the default) */
    struct amount warmup;
    double replications;
    double at_end;
    double max_backlog; /* tasks inside at once; beyond it a trial ends early and says so */
    struct precision precision;
    double windows;   /* seconds: the run by the clock (engine/timeline.h); NAN: not asked for */
    double max_tasks; /* measured in a column, all replications; NAN: PRECISION_TASKS */
};

/* How the picture is drawn: everything that must be the same to draw it again. */
enum picture_colour { COLOUR_DENSITY, COLOUR_COLUMN_MAX, COLOUR_LOG_COUNT, COLOUR_INTENSITY };
/* What theory says of the latency, drawn over it: nothing, its mean, or quantiles as well. */
enum picture_theory { THEORY_LINE_NONE, THEORY_LINE_MEAN, THEORY_LINE_QUANTILES };
/* What the heat map is of. */
enum picture_measure { PICTURE_LATENCY, PICTURE_WAIT, PICTURE_QUEUE };
enum picture_palette { PALETTE_VIRIDIS, PALETTE_MAGMA, PALETTE_CIVIDIS, PALETTE_CLASSIC };
struct picture {
    double colour;        /* enum picture_colour; NAN: as the palette has it (scenario_colour) */
    double palette;       /* enum picture_palette */
    double width, height; /* pixels */
    double objective;     /* a latency to keep to, drawn as a line; unset: none */
    const char *class;    /* whose tasks: of one, "all", or "each" (NULL: the same) */
    const char *stage;    /* of a network, the stage that is drawn: its name, "all", "client", or
                             "each" (NULL: the same) */
    double marginal;      /* flag: the distribution over all columns beside the spectrogram */
    double theory;        /* enum picture_theory */
    const char *observed, *observed_metric; /* what was observed elsewhere (observed.h) */
    double observed_at;                     /* at this value of the sweep; NAN: at today's */
    double measure;                         /* enum picture_measure */
    const char *latency, *colours;          /* ranges "1ms..1h"; NULL: as the data have it */
    double rows_per_decade; /* of the axis of latency; NAN: as many as there is room for */
    double text_scale;      /* multiplies the size of all texts */
};

/* Reads "LOW..HIGH" of a unit, 0 < LOW < HIGH; false, and why not, where it is none. */
bool picture_range(const char *text, enum unit unit, double *low, double *high, const char **why);

enum key_law { KEYS_UNIFORM, KEYS_ZIPF }; /* tasks.key.distribution */

struct scenario {
    const char *title;
    double seed;
    struct arrivals arrivals;
    struct law size;
    struct law timeout; /* model NULL: tasks wait as long as it takes */
    struct law bytes;   /* memory that a task takes, drawn once for all of its way; model NULL:
                           nobody asks. Its times are bytes. */
    struct key_spec {
        double law, of, exponent; /* enum key_law, NAN: uniform; NAN: tasks have none; NAN: 1 */
    } key;
    struct law prefill; /* of a task before its first iteration (consumers.step); model NULL: 0 */
    struct task_class classes[MAX_CLASSES];
    double classes_count; /* 0: one class, named `all` */
    struct stage stage;   /* of the short form */
    struct sweep sweep;
    struct vary vary[MAX_VARY];
    double vary_count;
    const char *objectives[MAX_OBJECTIVES]; /* sim/answer/objective.h reads them */
    double objectives_count;
    struct run run;
    struct picture picture;
    const struct spec *stages[MAX_STAGES + 1], *sources[MAX_SOURCES + 1]; /* stages.h */
    double stages_count, sources_count; /* 0: the short form: `stage`; `arrivals` */
    uint64_t changing;                  /* bits of stages.h; 0 */
};

extern const struct param scenario_rows[], picture_rows[];

/* The rows of a struct law: `distribution`, which chooses. For every group that is a law. */
extern const struct param law_rows[];

/* The rules across rows (exactly one rate, low < high, shares, what the chosen models need, what
 * cannot go together). Every broken rule is one error at the place of the key that breaks it;
 * `places` may be NULL. */
struct places;
bool scenario_check(const struct scenario *s, const struct places *places, struct errors *errors);

/* Whether replications are added until a figure is known well enough. */
bool scenario_seeks_precision(const struct scenario *s);

/* Whether arrivals are of a log; whether it brings the sizes of its tasks, so that none are drawn;
 * and whether every replication is the same tasks again. */
bool scenario_replays(const struct scenario *s);
bool scenario_brings_sizes(const struct scenario *s);
bool scenario_repeats(const struct scenario *s);

/* Measured tasks of a replication asked for, where they are not given by time: run.tasks, which
 * left at its default means all of a log (less the warm-up). */
double scenario_tasks(const struct scenario *s, bool *whole_log);

/* What its arrivals found out about their parameters, as a sentence part, interned; NULL: nothing.
 */
const char *scenario_remark(const struct scenario *s);

/* Whether the distribution over time of the number waiting is recorded: where the picture is of it.
 */
bool scenario_records_queue(const struct scenario *s);

/* Whether a sweep has a run for every column, and more than one: then there are no windows. */
bool scenario_many_runs(const struct scenario *s);

/* Windows of a replication (run.windows) at the most. */
double scenario_windows_most(const struct scenario *s);

/* Number of task classes, at least 1; the size law and name of one; its share, normalised. Of a
 * network: those of tasks.classes, then those that only sources name (share 0: it is the source
 * that says it). Where a source names none, and there are no tasks.classes, but others name some,
 * its class is called as the source is. */
int scenario_classes(const struct scenario *s);
const struct law *scenario_size(const struct scenario *s, int class);
const char *scenario_class_name(const struct scenario *s, int class);
double scenario_share(const struct scenario *s, int class);

/* The law of the patience of a class: how long a task waits for its service to begin before it
 * leaves. NULL: as long as it takes. */
const struct law *scenario_timeout(const struct scenario *s, int class);

/* Whether the tasks of any class lose patience; whether all that arrive do. */
bool scenario_impatient(const struct scenario *s);
bool scenario_all_impatient(const struct scenario *s);

/* The class of all tasks of a source; -1: drawn by the shares of tasks.classes, or the only one. */
int scenario_source_class(const struct scenario *s, int source);

/* How many places there are results of, and what they are called. The short form: 1, "main". A
 * network: its stages in their order, "all" (from the source to the end of what a request became),
 * and, where a stage says `reply`, "client". */
int scenario_places(const struct scenario *s);

/* Stages whose consumers go step by step; the places of one's first tokens and, behind it, of the
 * times between tokens: -1, if it is none. */
int scenario_steps(const struct scenario *s);
int scenario_tokens(const struct scenario *s, int stage);
const char *scenario_place_name(const struct scenario *s, int place);

/* Whether it is a network (network.h), and not one stage in the short form; stages then; whether
 * some stage says `reply`. */
bool scenario_is_network(const struct scenario *s);

/* Whether classes have weights that are not all 1. */
bool scenario_weighs(const struct scenario *s);
int scenario_stages(const struct scenario *s);
bool scenario_replies(const struct scenario *s);

/* Mean task size over classes, E[S] in seconds of work; INFINITY where it does not exist, NAN where
 * sizes or classes are a log's. */
double scenario_mean_size(const struct scenario *s);

/* E[S^2], likewise. */
double scenario_second_size(const struct scenario *s);

/* Events per second of the arrival process (batches for `batch`): `rate`, or what
 * rate_per_consumer or utilization make of it; NAN where the process brings its own. */
double scenario_event_rate(const struct scenario *s);

/* Long-run tasks per second; NAN where it cannot be known beforehand (a trace, clients). */
double scenario_task_rate(const struct scenario *s);

/* The same; of a closed system the most that it can be, min(N / (Z + S), c / S): with N clients,
 * thoughts of Z and services of S on average, and c consumers (Muntz and Wong 1974; Denning and
 * Buzen, "The operational analysis of queueing network models", Computing Surveys 10, 1978,
 * sec. 9). Where tasks are lost there may be more of them. For what is reckoned with beforehand. */
double scenario_likely_rate(const struct scenario *s);

/* Of a closed system: what its clients would ask of the consumers if nobody ever had to wait, over
 * what these can do, N S / ((Z + S) c). Where it is 1 the two bounds above cross: the saturation
 * point. */
double scenario_demand(const struct scenario *s);

/* Offered utilization: task rate * E[S] / (c * speed); NAN where unknown (scenario_task_rate),
 * INFINITY where E[S] is infinite. */
double scenario_utilization(const struct scenario *s);

/* The same of the tasks alone that wait as long as it takes; 0 where there are none. */
double scenario_patient_utilization(const struct scenario *s);

/* What colours say: as asked for, else density, or the column maximum with the classic palette. */
enum picture_colour scenario_colour(const struct scenario *s);

/* Smallest tail exponent among the size laws (distribution.h); INFINITY: all moments exist. */
double scenario_tail(const struct scenario *s);

#endif
