/* The rows of a scenario: every key, its unit, range, default and meaning. */
#include <stddef.h>

#include "client_rows.h"
#include "discipline.h"
#include "distribution.h"
#include "policy.h"
#include "process.h"
#include "stage_rows.h"

#define LONGEST  1e12   /* seconds */
#define FASTEST  1e12   /* events per second */
#define MOST     0x1p53 /* the whole numbers that a double counts exactly */
#define TOP(f)   offsetof(struct scenario, f)
#define IN(t, f) offsetof(struct t, f)

const struct param law_rows[] = {{.name = "distribution",
                                  .kind = PARAM_MODEL,
                                  .offset = IN(law, model),
                                  .help = "which distribution; its parameters stand beside it",
                                  .flags = PARAM_WORD | PARAM_CONSTANT,
                                  .family = &distribution_family,
                                  .block = IN(law, params),
                                  .block_size = LAW_BYTES},
                                 {0}};

static const struct param class_rows[] = {
    {.name = "name",
     .kind = PARAM_TEXT,
     .offset = IN(task_class, name),
     .help = "what the class is called in results and paths",
     .flags = PARAM_REQUIRED},
    {.name = "share",
     .kind = PARAM_SHARE,
     .offset = IN(task_class, share),
     .high = 1e6,
     .preset = "1",
     .help = "how much of the tasks are of this class, relative to the other classes' shares",
     .flags = PARAM_DRIFTS},
    {.name = "priority",
     .kind = PARAM_COUNT,
     .offset = IN(task_class, priority),
     .high = 1e6,
     .preset = "0",
     .help = "0 goes first; matters to the disciplines priority and priority-preemptive"},
    {.name = "weight",
     .kind = PARAM_NUMBER,
     .offset = IN(task_class, weight),
     .high = 1e6,
     .help = "of this class's tasks in the draws of the discipline weighted, and in the shares of "
             "processor-sharing; 1 where it is not given",
     .flags = PARAM_OPEN_LOW},
    {.name = "size",
     .kind = PARAM_GROUP,
     .offset = IN(task_class, size),
     .help = "work of a task of this class; without it tasks.size",
     .rows = law_rows},
    {.name = "timeout",
     .kind = PARAM_GROUP,
     .offset = IN(task_class, timeout),
     .help = "patience of a task of this class; without it tasks.timeout",
     .rows = law_rows},
    {0}};

static const char *const key_laws[] = {"uniform", "zipf", NULL};

static const struct param key_rows[] = {
    {.name = "distribution",
     .kind = PARAM_CHOICE,
     .offset = IN(key_spec, law),
     .help = "uniform, where it is not given: each key is as likely; zipf: the k-th has a share in "
             "proportion to 1 / k^exponent",
     .choices = key_laws},
    {.name = "of",
     .kind = PARAM_COUNT,
     .offset = IN(key_spec, of),
     .low = 1,
     .high = 1e6,
     .help = "how many keys there are"},
    {.name = "exponent",
     .kind = PARAM_NUMBER,
     .offset = IN(key_spec, exponent),
     .high = 100,
     .help = "of zipf: 1 where it is not given",
     .flags = PARAM_OPEN_LOW},
    {0}};

static const struct param tasks_rows[] = {
    {.name = "size",
     .kind = PARAM_GROUP,
     .offset = TOP(size),
     .help = "work of a task: the time that a consumer of speed 1 takes for it",
     .rows = law_rows},
    {.name = "timeout",
     .kind = PARAM_GROUP,
     .offset = TOP(timeout),
     .help = "patience of a task: it leaves unserved, and is lost, when it has waited for so long; "
             "without it tasks wait as long as it takes",
     .rows = law_rows},
    {.name = "bytes",
     .kind = PARAM_GROUP,
     .offset = TOP(bytes),
     .help = "memory that a task takes wherever it is: an amount such as 20kB, or a law whose "
             "times are amounts (mean: 500B)",
     .rows = law_rows},
    {.name = "key",
     .kind = PARAM_GROUP,
     .offset = TOP(key),
     .help = "what a task is of, drawn for each (a user, an account): balancers hash by it, and "
             "throttles may count by it",
     .rows = key_rows},
    {.name = "prefill",
     .kind = PARAM_GROUP,
     .offset = TOP(prefill),
     .help = "where consumers go step by step (consumers.step): what a task takes before its first "
             "iteration, while all others there wait; drawn for each of its visits",
     .rows = law_rows},
    {.name = "classes",
     .kind = PARAM_LIST,
     .offset = TOP(classes),
     .help = "kinds of tasks, reported one by one",
     .rows = class_rows,
     .stride = sizeof(struct task_class),
     .capacity = MAX_CLASSES,
     .count = TOP(classes_count)},
    {0}};

static const char *const scales[] = {"linear", "log", NULL};
static const char *const modes[] = {"independent", "drift", "time", NULL};
static const char *const not_values[] = {"values", NULL};
static const char *const not_ends[] = {"from", "to", "steps", NULL};

static const struct param sweep_rows[] = {
    {.name = "parameter",
     .kind = PARAM_TEXT,
     .offset = IN(sweep, parameter),
     .help = "path of the number that changes from column to column; without it one column"},
    {.name = "from",
     .kind = PARAM_SWEPT,
     .offset = IN(sweep, from),
     .help = "value in the first column, in the parameter's unit",
     .instead = not_values},
    {.name = "to",
     .kind = PARAM_SWEPT,
     .offset = IN(sweep, to),
     .help = "value in the last column, in the parameter's unit",
     .instead = not_values},
    {.name = "steps",
     .kind = PARAM_COUNT,
     .offset = IN(sweep, steps),
     .low = 1,
     .high = 10000,
     .preset = "200",
     .help = "number of columns",
     .instead = not_values},
    {.name = "scale",
     .kind = PARAM_CHOICE,
     .offset = IN(sweep, scale),
     .preset = "linear",
     .help = "equal differences between columns, or equal ratios (log)",
     .choices = scales},
    {.name = "values",
     .kind = PARAM_LIST,
     .offset = IN(sweep, values),
     .help = "the columns one by one, in place of from, to and steps",
     .instead = not_ends,
     .element = PARAM_SWEPT,
     .stride = sizeof(double),
     .capacity = MAX_VALUES,
     .count = IN(sweep, values_count)},
    {.name = "mode",
     .kind = PARAM_CHOICE,
     .offset = IN(sweep, mode),
     .preset = "independent",
     .help = "one stationary run a column (independent), or one run of run.duration in which the "
             "parameter moves and the backlog carries over (drift), or one run of run.duration "
             "whose columns are slices of it and nothing is swept (time: for timetables, storms "
             "and logs)",
     .choices = modes},
    {0}};

static const struct param compare_rows[] = {
    {.name = "vary",
     .kind = PARAM_VARY,
     .offset = TOP(vary),
     .help = "the panels of compare: a map from path to the values it takes"},
    {0}};

static const char *const ends[] = {"complete", "censor", NULL};
static const char *const not_duration[] = {"duration", NULL};
static const char *const not_tasks[] = {"tasks", NULL};

const char *const precision_measures[] = {
    "latency_mean",  "latency_p50",   "latency_p90", "latency_p99", "latency_p999",
    "latency_p9999", "wait_mean",     "wait_p50",    "wait_p90",    "wait_p99",
    "wait_p999",     "loss_fraction", NULL};
static const char *const not_absolute[] = {"absolute", "absolute_share", NULL};
static const char *const not_relative[] = {"relative", "absolute_share", NULL};
static const char *const neither[] = {"relative", "absolute", NULL};

static const struct param precision_rows[] = {
    {.name = "measure",
     .kind = PARAM_CHOICE,
     .offset = IN(precision, measure),
     .help = "the figure of columns.csv that is to be known so well; replications are added, where "
             "it is not yet, until it is or run.max_tasks is reached",
     .choices = precision_measures},
    {.name = "relative",
     .kind = PARAM_SHARE,
     .offset = IN(precision, relative),
     .high = 1,
     .help = "largest error, as a share of what is to be known",
     .flags = PARAM_OPEN_LOW,
     .instead = not_absolute},
    {.name = "absolute",
     .kind = PARAM_DURATION,
     .offset = IN(precision, absolute),
     .high = LONGEST,
     .help = "in place of relative: largest error of a latency or wait",
     .flags = PARAM_OPEN_LOW,
     .instead = not_relative},
    {.name = "absolute_share",
     .kind = PARAM_SHARE,
     .offset = IN(precision, absolute_share),
     .high = 1,
     .help = "in place of relative: largest error of loss_fraction, as a share of all tasks",
     .flags = PARAM_OPEN_LOW,
     .instead = neither},
    {.name = "confidence",
     .kind = PARAM_SHARE,
     .offset = IN(precision, confidence),
     .low = 0.5,
     .high = 0.999,
     .help = "how sure, however often the run has looked; 95 % where it is not given"},
    {0}};

static const struct param run_rows[] = {
    {.name = "tasks",
     .kind = PARAM_COUNT,
     .offset = IN(run, tasks),
     .low = 1,
     .high = MOST,
     .preset = "1M",
     .help = "tasks offered per column and replication, after warm-up; or give duration",
     .instead = not_duration},
    {.name = "duration",
     .kind = PARAM_DURATION,
     .offset = IN(run, duration),
     .high = LONGEST,
     .help = "simulated time per column and replication, after warm-up (drift: of all columns "
             "together); in place of tasks",
     .flags = PARAM_OPEN_LOW,
     .instead = not_tasks},
    {.name = "warmup",
     .kind = PARAM_AMOUNT,
     .offset = IN(run, warmup),
     .preset = "auto",
     .help = "what is left out of the results at the start: auto (a rule finds it; in modes drift "
             "and time nothing), a number of tasks, a duration, a percentage of tasks or duration"},
    {.name = "replications",
     .kind = PARAM_COUNT,
     .offset = IN(run, replications),
     .low = 1,
     .high = REPLICATIONS_MOST,
     .preset = "8",
     .help = "independent runs per column, laid over each other; the intervals come from them"},
    {.name = "at_end",
     .kind = PARAM_CHOICE,
     .offset = IN(run, at_end),
     .preset = "complete",
     .help = "follow every measured task until it leaves, or stop and count those inside as "
             "unfinished (censor)",
     .choices = ends},
    {.name = "max_backlog",
     .kind = PARAM_COUNT,
     .offset = IN(run, max_backlog),
     .low = 1,
     .high = 1e9,
     .preset = "2M",
     .help = "tasks inside at once at which a hopeless run ends early, and says so"},
    {.name = "windows",
     .kind = PARAM_DURATION,
     .offset = IN(run, windows),
     .high = LONGEST,
     .help = "the run by the clock: figures of every so much simulated time, from time 0 on, in "
             "windows.csv and timeline.png; without it there are none",
     .flags = PARAM_OPEN_LOW},
    {.name = "precision",
     .kind = PARAM_GROUP,
     .offset = IN(run, precision),
     .help = "how well a figure is to be known, in place of a fixed effort",
     .rows = precision_rows},
    {.name = "max_tasks",
     .kind = PARAM_COUNT,
     .offset = IN(run, max_tasks),
     .low = 1,
     .high = MOST,
     .help = "with precision: tasks measured in a column at most, all replications together; 100M "
             "where it is not given"},
    {0}};

/* In the order of enum picture_colour and of the palettes. */
const struct param scenario_rows[] = {
    {.name = "title", .kind = PARAM_TEXT, .offset = TOP(title), .help = "heads picture and report"},
    {.name = "seed",
     .kind = PARAM_COUNT,
     .offset = TOP(seed),
     .high = MOST,
     .preset = "1",
     .help = "where the random numbers begin: the same seed, the same results"},
    {.name = "arrivals", .kind = PARAM_GROUP, .help = "when tasks arrive", .rows = arrivals_rows},
    {.name = "tasks", .kind = PARAM_GROUP, .help = "what the tasks are", .rows = tasks_rows},
    {.name = "consumers", .kind = PARAM_GROUP, .help = "who does the work", .rows = consumers_rows},
    {.name = "buffer",
     .kind = PARAM_GROUP,
     .offset = TOP(stage),
     .help = "where tasks wait",
     .rows = buffer_rows},
    {.name = "replicas",
     .kind = PARAM_GROUP,
     .offset = SPEC_STAGES + SPEC_MAIN * sizeof(struct stage_spec),
     .help = "identical copies, with buffers of their own: how many; or a list of unlike ones",
     .rows = replicas_rows},
    {.name = "balancer",
     .kind = PARAM_GROUP,
     .offset = SPEC_STAGES + SPEC_MAIN * sizeof(struct stage_spec),
     .help = "which replica a task goes to",
     .rows = balancer_rows},
    TROUBLE_ROWS(SPEC_STAGES + SPEC_MAIN * sizeof(struct stage_spec)),
    {.name = "client",
     .kind = PARAM_GROUP,
     .offset = SPEC_SOURCES + SPEC_MAIN_SOURCE * sizeof(struct source_spec) +
               offsetof(struct source_spec, client),
     .help = "what whoever asks does about not being answered",
     .rows = client_rows},
    {.name = "sources",
     .kind = PARAM_LIST,
     .offset = SPEC_SOURCES,
     .help = "several sources of tasks, by name, in place of arrivals",
     .rows = source_rows,
     .flags = PARAM_NAMED,
     .stride = sizeof(struct source_spec),
     .capacity = MAX_SOURCES,
     .count = TOP(sources_count),
     .names = SPEC_SOURCES},
    {.name = "stages",
     .kind = PARAM_LIST,
     .offset = SPEC_STAGES,
     .help = "several stages, by name, in place of consumers and buffer; the first is the entry",
     .rows = stage_rows,
     .flags = PARAM_NAMED,
     .stride = sizeof(struct stage_spec),
     .capacity = MAX_STAGES,
     .count = TOP(stages_count),
     .names = SPEC_STAGES},
    {.name = "throttle",
     .kind = PARAM_GROUP,
     .offset = SPEC_STAGES + SPEC_MAIN * sizeof(struct stage_spec) +
               offsetof(struct stage_spec, core.door),
     .help = "a token bucket before the consumers and their buffer",
     .rows = throttle_rows},
    {.name = "limit",
     .kind = PARAM_GROUP,
     .offset = SPEC_STAGES + SPEC_MAIN * sizeof(struct stage_spec) +
               offsetof(struct stage_spec, core.door),
     .help = "how many tasks may be inside at once",
     .rows = limit_rows},
    {.name = "sweep",
     .kind = PARAM_GROUP,
     .offset = TOP(sweep),
     .help = "what changes from column to column",
     .rows = sweep_rows},
    {.name = "compare",
     .kind = PARAM_GROUP,
     .help = "what changes from panel to panel",
     .rows = compare_rows},
    {.name = "objectives",
     .kind = PARAM_LIST,
     .offset = TOP(objectives),
     .help =
         "what the system must keep to, for verify, and for plan without --slo: 'p99 <= 250ms', "
         "'gold.loss <= 0.1%', or of one column 'p99 <= 1s at 8'",
     .element = PARAM_TEXT,
     .stride = sizeof(const char *),
     .capacity = MAX_OBJECTIVES,
     .count = TOP(objectives_count)},
    {.name = "run",
     .kind = PARAM_GROUP,
     .offset = TOP(run),
     .help = "how much is simulated",
     .rows = run_rows},
    {.name = "picture",
     .kind = PARAM_GROUP,
     .offset = TOP(picture),
     .help = "how the spectrogram is drawn",
     .rows = picture_rows},
    {0}};
