/* The rows of stages and sources: every key, its unit, range, default and meaning. */
#include "stage_rows.h"

#include "balancer.h"
#include "client_rows.h"
#include "distribution.h"
#include "policy.h"
#include "process.h"

#define LONGEST  1e12 /* seconds */
#define FASTEST  1e12 /* events per second */
#define IN(t, f) offsetof(struct t, f)
#define PLANNED(what, means)                                                                       \
    {                                                                                              \
        .name = (what), .kind = PARAM_PLANNED, .help = (means)                                     \
    }

/* ---- of a single stage as well ---- */

static const char *const not_rate[] = {"rate_per_consumer", "utilization", NULL};
static const char *const not_per_consumer[] = {"rate", "utilization", NULL};
static const char *const not_utilization[] = {"rate", "rate_per_consumer", NULL};

#define ARRIVALS_ROWS(at)                                                                          \
    {.name = "process",                                                                            \
     .kind = PARAM_MODEL,                                                                          \
     .offset = (at) + IN(arrivals, process),                                                       \
     .preset = "poisson",                                                                          \
     .help = "how tasks arrive; its parameters stand beside it",                                   \
     .family = &process_family,                                                                    \
     .block = (at) + IN(arrivals, params),                                                         \
     .block_size = PROCESS_BYTES},                                                                 \
        {.name = "rate",                                                                           \
         .kind = PARAM_RATE,                                                                       \
         .offset = (at) + IN(arrivals, rate),                                                      \
         .high = FASTEST,                                                                          \
         .help = "arrivals per second (batch: batches)",                                           \
         .flags = PARAM_DRIFTS | PARAM_OPEN_LOW,                                                   \
         .instead = not_rate},                                                                     \
        {.name = "rate_per_consumer",                                                              \
         .kind = PARAM_RATE,                                                                       \
         .offset = (at) + IN(arrivals, rate_per_consumer),                                         \
         .high = FASTEST,                                                                          \
         .help = "in place of rate: arrivals per second and consumer",                             \
         .flags = PARAM_DRIFTS | PARAM_OPEN_LOW,                                                   \
         .instead = not_per_consumer},                                                             \
    {                                                                                              \
        .name = "utilization", .kind = PARAM_SHARE, .offset = (at) + IN(arrivals, utilization),    \
        .high = 1000,                                                                              \
        .help =                                                                                    \
            "in place of rate: the work that arrives, as a share of what all consumers can do",    \
        .flags = PARAM_DRIFTS | PARAM_OPEN_LOW, .instead = not_utilization                         \
    }

static const struct param trigger_rows[] = {
    {.name = "at",
     .kind = PARAM_DURATION,
     .offset = IN(burst_spec, at),
     .high = LONGEST,
     .help = "when the burst begins, from time 0 on, before the warm-up"},
    {.name = "for",
     .kind = PARAM_DURATION,
     .offset = IN(burst_spec, length),
     .high = LONGEST,
     .help = "how long it lasts",
     .flags = PARAM_OPEN_LOW},
    {.name = "factor",
     .kind = PARAM_NUMBER,
     .offset = IN(burst_spec, factor),
     .high = 1e6,
     .help = "how many times as many tasks come meanwhile; 0: none"},
    {0}};

#define BURST_ROWS(at)                                                                             \
    {.name = "trigger",                                                                            \
     .kind = PARAM_GROUP,                                                                          \
     .offset = (at),                                                                               \
     .help = "a burst on top of the traffic, once",                                                \
     .rows = trigger_rows},                                                                        \
    {                                                                                              \
        .name = "initial", .kind = PARAM_COUNT, .offset = (at) + IN(burst_spec, initial),          \
        .high = 1e9, .help = "how many tasks are there at time 0; none, where it is not given"     \
    }

#define MAIN_BURST                                                                                 \
    (SPEC_SOURCES + SPEC_MAIN_SOURCE * sizeof(struct source_spec) +                                \
     offsetof(struct source_spec, burst))

const struct param arrivals_rows[] = {
    ARRIVALS_ROWS(offsetof(struct scenario, arrivals)), BURST_ROWS(MAIN_BURST), {0}};

/* ---- of a stage among several ---- */

#define STAGE(f) offsetof(struct stage_spec, f)

static const char *const not_carried[] = {"distribution", "classes", NULL};
static const char *const not_law[] = {"carried", "classes", NULL};
static const char *const not_classes[] = {"carried", "distribution", NULL};
static const char *const carried[] = {"carried", NULL};

static const struct param size_rows[] = {
    {.name = "carried",
     .kind = PARAM_CHOICE,
     .offset = STAGE(core.carried),
     .help = "as much work as the task was at the stage before (for an arrival tasks.size)",
     .flags = PARAM_WORD | PARAM_BARE,
     .instead = not_carried,
     .choices = carried},
    {.name = "distribution",
     .kind = PARAM_MODEL,
     .offset = STAGE(core.size.model),
     .help = "which distribution; its parameters stand beside it",
     .flags = PARAM_WORD | PARAM_CONSTANT,
     .instead = not_law,
     .family = &distribution_family,
     .block = STAGE(core.size.params),
     .block_size = LAW_BYTES},
    {.name = "classes",
     .kind = PARAM_LIST,
     .offset = STAGE(sizes.laws) + IN(class_law, law),
     .help = "work of a task of the class of this name; of others tasks.size",
     .rows = law_rows,
     .flags = PARAM_OPEN | PARAM_NAMED | PARAM_BARE,
     .instead = not_classes,
     .stride = sizeof(struct class_law),
     .capacity = MAX_CLASSES,
     .count = STAGE(sizes.n),
     .names = STAGE(sizes.laws)},
    {0}};

static const struct param kind_consumers_rows[] = {
    {.name = "count",
     .kind = PARAM_COUNT,
     .offset = IN(kind_spec, consumers),
     .low = 1,
     .high = 1e6,
     .help = "consumers of each of these replicas, in place of the stage's",
     .flags = PARAM_UNBOUNDED,
     .infinity = "unlimited"},
    {.name = "speed",
     .kind = PARAM_NUMBER,
     .offset = IN(kind_spec, speed),
     .high = 1e9,
     .help = "their speed, in place of the stage's",
     .flags = PARAM_OPEN_LOW},
    PLANNED("discipline", "the order in which their tasks go"),
    PLANNED("failures", "consumers that fail and are repaired"),
    {0}};

static const struct param kind_rows[] = {{.name = "count",
                                          .kind = PARAM_COUNT,
                                          .offset = IN(kind_spec, count),
                                          .low = 1,
                                          .high = REPLICAS_MOST,
                                          .preset = "1",
                                          .help = "so many replicas of this kind"},
                                         {.name = "consumers",
                                          .kind = PARAM_GROUP,
                                          .help = "what is unlike of their consumers",
                                          .rows = kind_consumers_rows},
                                         PLANNED("buffer", "what is unlike of their buffers"),
                                         PLANNED("size", "what is unlike of their work"),
                                         PLANNED("timeout", "what is unlike of the patience there"),
                                         {0}};

static const char *const not_count[] = {"machines", "kinds", NULL};
static const char *const not_machines[] = {"count", "kinds", NULL};
static const char *const not_kinds[] = {"count", "machines", NULL};

const struct param replicas_rows[] = {
    {.name = "count",
     .kind = PARAM_COUNT,
     .offset = STAGE(core.replicas),
     .low = 1,
     .high = REPLICAS_MOST,
     .help = "identical copies of the stage, with buffers of their own; one where it is not given",
     .flags = PARAM_WORD | PARAM_BARE,
     .instead = not_count},
    {.name = "machines",
     .kind = PARAM_TEXT,
     .offset = STAGE(core.machines),
     .help = "the name of the stage on whose machines this one is, too",
     .flags = PARAM_WORD | PARAM_BARE,
     .instead = not_machines},
    {.name = "kinds",
     .kind = PARAM_LIST,
     .offset = STAGE(kinds.kinds),
     .help = "unlike copies, kind by kind",
     .rows = kind_rows,
     .flags = PARAM_ITEMS | PARAM_BARE,
     .instead = not_kinds,
     .stride = sizeof(struct kind_spec),
     .capacity = MAX_KINDS,
     .count = STAGE(kinds.n)},
    {0}};

const struct param balancer_rows[] = {
    {.name = "algorithm",
     .kind = PARAM_MODEL,
     .offset = STAGE(core.balancer),
     .help = "which replica a task goes to; random where it is not given",
     .flags = PARAM_WORD,
     .family = &balancer_family},
    {.name = "choices",
     .kind = PARAM_COUNT,
     .offset = STAGE(core.choices),
     .low = 1,
     .high = CHOICES_MOST,
     .help = "the best of so many different replicas, drawn; of all where it is not given"},
    {0}};

static const char *const cancels[] = {"queued", "running", NULL};

const struct param stage_rows[] = {
    {.name = "consumers",
     .kind = PARAM_GROUP,
     .help = "who does the work; or the name of the stage whose consumers do it",
     .rows = stage_consumers_rows},
    {.name = "buffer",
     .kind = PARAM_GROUP,
     .offset = STAGE(core.stage),
     .help = "where tasks wait",
     .rows = buffer_rows},
    {.name = "replicas",
     .kind = PARAM_GROUP,
     .help = "identical copies: how many; a list of unlike ones; or the stage on whose machines "
             "they are",
     .rows = replicas_rows},
    {.name = "balancer",
     .kind = PARAM_GROUP,
     .help = "which replica a task goes to",
     .rows = balancer_rows},
    {.name = "size",
     .kind = PARAM_GROUP,
     .help = "work of a task here, drawn anew: a law, a duration, a map from class to law; or "
             "carried; without it that of the task's class, or tasks.size",
     .rows = size_rows},
    {.name = "timeout",
     .kind = PARAM_GROUP,
     .offset = STAGE(core.timeout),
     .help = "patience of a task in this buffer; without it tasks.timeout",
     .rows = law_rows},
    {.name = "delay",
     .kind = PARAM_GROUP,
     .offset = STAGE(core.delay),
     .help = "so long it is before a task may join the buffer; it takes no place meanwhile",
     .rows = law_rows},
    {.name = "calls",
     .kind = PARAM_LIST,
     .offset = STAGE(calls.steps),
     .help = "what is called when the task's own work is done, one after the other; its consumer "
             "waits for the answers",
     .rows = step_rows,
     .stride = sizeof(struct step_spec),
     .capacity = MAX_STEPS,
     .count = STAGE(calls.n)},
    {.name = "reply",
     .kind = PARAM_FLAG,
     .offset = STAGE(core.reply),
     .help =
         "whether the client has its answer when a task is done here; no where it is not given"},
    {.name = "to",
     .kind = PARAM_GROUP,
     .offset = STAGE(to),
     .help = "where tasks that are done here go; without it they leave",
     .rows = to_rows},
    {.name = "join",
     .kind = PARAM_COUNT,
     .offset = STAGE(core.join),
     .low = 1,
     .high = 1e9,
     .help = "one task starts here when so many members of its group (copies, or the tasks of a "
             "batch) have come, or all",
     .flags = PARAM_UNBOUNDED,
     .infinity = "all"},
    {.name = "cancel",
     .kind = PARAM_CHOICE,
     .offset = STAGE(core.cancel),
     .help = "beside join: what is withdrawn of the members that are late: those in buffers "
             "(queued), or those in service as well (running); nothing where it is not given",
     .choices = cancels},
    {.name = "priority",
     .kind = PARAM_COUNT,
     .offset = STAGE(core.priority),
     .high = 1e6,
     .help = "among stages that share consumers, where their discipline is priority: 0, where it "
             "is not given, goes first"},
    {.name = "weight",
     .kind = PARAM_NUMBER,
     .offset = STAGE(core.weight),
     .high = 1e6,
     .help = "of this stage's tasks among those of stages that share consumers; 1 where it is not "
             "given",
     .flags = PARAM_OPEN_LOW},
    {.name = "throttle",
     .kind = PARAM_GROUP,
     .offset = STAGE(core.door),
     .help = "a token bucket before the stage",
     .rows = throttle_rows},
    {.name = "limit",
     .kind = PARAM_GROUP,
     .offset = STAGE(core.door),
     .help = "how many tasks may be inside at once",
     .rows = limit_rows},
    TROUBLE_ROWS(0),
    PLANNED("eject", "replicas that are left out while they fail"),
    {.name = "retry",
     .kind = PARAM_GROUP,
     .offset = STAGE(again.retry),
     .help =
         "a visit that fails here goes back into the buffer, later; it takes no place meanwhile",
     .rows = retry_rows},
    {.name = "dead_letter",
     .kind = PARAM_TEXT,
     .offset = STAGE(again.dead_letter),
     .help = "the stage where a task goes that has failed here for good: its attempts are used up, "
             "or there is no retry"},
    PLANNED("initial", "tasks that are there at time 0"),
    {0}};

/* ---- of a source ---- */

const struct param source_rows[] = {
    ARRIVALS_ROWS(offsetof(struct source_spec, arrivals)),
    BURST_ROWS(offsetof(struct source_spec, burst)),
    {.name = "class",
     .kind = PARAM_TEXT,
     .offset = offsetof(struct source_spec, core.class),
     .help = "of all tasks of this source; without it as the shares of tasks.classes have it"},
    {.name = "to",
     .kind = PARAM_GROUP,
     .offset = offsetof(struct source_spec, to),
     .help = "where the tasks go; without it to the first stage",
     .rows = to_rows},
    {.name = "client",
     .kind = PARAM_GROUP,
     .offset = offsetof(struct source_spec, client),
     .help = "what whoever asks does about not being answered",
     .rows = client_rows},
    {0}};
