/* The rows of consumers. Their fields are in two places, the stage itself and its part `staff`: in
 * the short form those of the scenario (SPEC_MAIN), else those of the stage. */
#include "discipline.h"
#include "stage_rows.h"

#define LONGEST  1e12 /* seconds */
#define IN(t, f) offsetof(struct t, f)

static const char *const blockings[] = {"after-service", "before-service", NULL};
static const char *const wakes[] = {"shortest-idle", "longest-idle", NULL};
static const char *const grows[] = {"when-full", "when-busy", NULL};

#define COUNT_ROWS(stage_at)                                                                       \
    {.name = "count",                                                                              \
     .kind = PARAM_COUNT,                                                                          \
     .offset = (stage_at) + IN(stage, consumers),                                                  \
     .low = 1,                                                                                     \
     .high = 1e6,                                                                                  \
     .preset = "1",                                                                                \
     .help =                                                                                       \
         "number of consumers, alike, that take tasks from one buffer; unlimited: nobody ever "    \
         "waits, a delay; 0 only where there can be more (max)",                                   \
     .flags = PARAM_UNBOUNDED | PARAM_OR_0,                                                        \
     .infinity = "unlimited"},                                                                     \
        {.name = "speed",                                                                          \
         .kind = PARAM_NUMBER,                                                                     \
         .offset = (stage_at) + IN(stage, speed),                                                  \
         .high = 1e9,                                                                              \
         .preset = "1",                                                                            \
         .help = "seconds of work that one consumer does in a second",                             \
         .flags = PARAM_DRIFTS | PARAM_OPEN_LOW},                                                  \
        {.name = "discipline",                                                                     \
         .kind = PARAM_MODEL,                                                                      \
         .offset = (stage_at) + IN(stage, discipline),                                             \
         .preset = "fifo",                                                                         \
         .help = "which task goes next, whether it interrupts one in service, or all share",       \
         .family = &discipline_family,                                                             \
         .block = (stage_at) + IN(stage, discipline_params),                                       \
         .block_size = DISCIPLINE_BYTES},                                                          \
    {                                                                                              \
        .name = "blocks", .kind = PARAM_CHOICE, .offset = (stage_at) + IN(stage, blocks),          \
        .help = "when a consumer is held up by a full buffer further on (when_full: pause "        \
                "there): after-service, where it is not given, with its task done; or "            \
                "before-service, which begins when a place further on has been kept for it",       \
        .choices = blockings                                                                       \
    }

#define POOL_ROWS(at)                                                                              \
    {.name = "max",                                                                                \
     .kind = PARAM_COUNT,                                                                          \
     .offset = (at) + IN(staff_spec, max),                                                         \
     .low = 1,                                                                                     \
     .high = 1e6,                                                                                  \
     .help = "consumers that there can be: beyond `count` one is added when it is needed (grow)"}, \
        {.name = "grow",                                                                           \
         .kind = PARAM_CHOICE,                                                                     \
         .offset = (at) + IN(staff_spec, grow),                                                    \
         .help = "when one is added: when-full, where it is not given, when the buffer refuses a " \
                 "task, which it then runs, as in java.util.concurrent; or when-busy, when a "     \
                 "task finds no consumer idle",                                                    \
         .choices = grows},                                                                        \
        {.name = "wakes",                                                                          \
         .kind = PARAM_CHOICE,                                                                     \
         .offset = (at) + IN(staff_spec, wakes),                                                   \
         .help = "which of several idle consumers takes the next task: shortest-idle, where it "   \
                 "is not given; or longest-idle, as the queues of java.util.concurrent wake "      \
                 "threads: under a steady load hardly any is then idle for as long as "            \
                 "keep_alive",                                                                     \
         .choices = wakes},                                                                        \
        {.name = "start_delay",                                                                    \
         .kind = PARAM_GROUP,                                                                      \
         .offset = (at) + IN(staff_spec, start_delay),                                             \
         .help = "how long one that is added takes until it can begin",                            \
         .rows = law_rows},                                                                        \
    {                                                                                              \
        .name = "keep_alive", .kind = PARAM_GROUP, .offset = (at) + IN(staff_spec, keep_alive),    \
        .help = "how long a consumer may be idle before it goes, while there are more than "       \
                "`count`; without it all that have been added stay",                               \
        .rows = law_rows                                                                           \
    }

static const struct param shift_rows[] = {
    {.name = "until",
     .kind = PARAM_DURATION,
     .offset = IN(shift, until),
     .high = LONGEST,
     .help = "end of this piece, counted from the start; later than the piece before",
     .flags = PARAM_REQUIRED | PARAM_OPEN_LOW},
    {.name = "count",
     .kind = PARAM_COUNT,
     .offset = IN(shift, count),
     .high = 1e6,
     .help = "consumers in this piece; may be 0",
     .flags = PARAM_REQUIRED},
    {0}};

static const char *const failed[] = {"resume", "restart", "lost", NULL};
static const char *const fails[] = {"always", "serving", NULL};

/* Of a struct staff_spec. */
static const struct param failures_rows[] = {
    {.name = "time_to_failure",
     .kind = PARAM_GROUP,
     .offset = IN(staff_spec, time_to_failure),
     .help = "how long a consumer goes on until it fails, each by itself",
     .rows = law_rows},
    {.name = "repair_time",
     .kind = PARAM_GROUP,
     .offset = IN(staff_spec, repair_time),
     .help = "how long it then takes until it is back, as good as new",
     .rows = law_rows},
    {.name = "task",
     .kind = PARAM_CHOICE,
     .offset = IN(staff_spec, failed),
     .help = "what becomes of its task: resume, where it is not given: it goes to the head of the "
             "buffer with what is left of its work, and any consumer takes it; restart: with all "
             "of its work; lost",
     .choices = failed},
    {.name = "when",
     .kind = PARAM_CHOICE,
     .offset = IN(staff_spec, fails),
     .help = "when it can fail: always, where it is not given, idle or not; or serving: only while "
             "it is at work, which alone counts as time",
     .choices = fails},
    {0}};

#define SHIFT_ROWS(at)                                                                             \
    {.name = "schedule",                                                                           \
     .kind = PARAM_LIST,                                                                           \
     .offset = (at) + IN(staff_spec, shift),                                                       \
     .help = "in place of count: pieces of time, from 0 on, each with its number of consumers; "   \
             "who has a task when there are to be fewer goes when it is done",                     \
     .rows = shift_rows,                                                                           \
     .stride = sizeof(struct shift),                                                               \
     .capacity = MAX_SHIFTS,                                                                       \
     .count = (at) + IN(staff_spec, shifts)},                                                      \
        {.name = "repeat",                                                                         \
         .kind = PARAM_FLAG,                                                                       \
         .offset = (at) + IN(staff_spec, repeat),                                                  \
         .help = "of the schedule: whether it begins again after the last piece; else that goes "  \
                 "on for ever"},                                                                   \
        {.name = "setup",                                                                          \
         .kind = PARAM_GROUP,                                                                      \
         .offset = (at) + IN(staff_spec, setup),                                                   \
         .help = "consumers are off when they are idle (at once, or after keep_alive), and take "  \
                 "so long to come back: each waiting task sets one up, and no longer when it has " \
                 "been taken by another",                                                          \
         .rows = law_rows},                                                                        \
        {.name = "vacation",                                                                       \
         .kind = PARAM_GROUP,                                                                      \
         .offset = (at) + IN(staff_spec, vacation),                                                \
         .help = "how long a consumer is away that finds nothing waiting; and again while "        \
                 "nothing does",                                                                   \
         .rows = law_rows},                                                                        \
    {                                                                                              \
        .name = "failures", .kind = PARAM_GROUP, .offset = (at),                                   \
        .help = "consumers that fail and are repaired", .rows = failures_rows                      \
    }

static const struct param batch_rows[] = {
    {.name = "max",
     .kind = PARAM_COUNT,
     .offset = IN(staff_spec, batch_max),
     .low = 1,
     .high = 1e4,
     .help = "tasks that a consumer serves at once, at most: they take one draw of the size "
             "together, that of the first, and are done together"},
    {.name = "wait",
     .kind = PARAM_DURATION,
     .offset = IN(staff_spec, batch_wait),
     .high = LONGEST,
     .help = "how long the first of them waits, at most, for the batch to be as large as it may "
             "(or as at_least says); without it a consumer begins with what is there"},
    {.name = "at_least",
     .kind = PARAM_COUNT,
     .offset = IN(staff_spec, batch_at_least),
     .low = 1,
     .high = 1e4,
     .help = "a consumer waits until so many are there, or for as long as wait says"},
    {0}};

static const struct param iteration_rows[] = {
    {.name = "base",
     .kind = PARAM_DURATION,
     .offset = IN(staff_spec, step_base),
     .high = LONGEST,
     .help = "what an iteration takes, whoever takes part in it"},
    {.name = "each",
     .kind = PARAM_DURATION,
     .offset = IN(staff_spec, step_each),
     .high = LONGEST,
     .help = "what each task that takes part in it takes longer"},
    {.name = "memory",
     .kind = PARAM_BYTES,
     .offset = IN(staff_spec, step_memory),
     .high = 1e18,
     .help = "memory for the tasks inside (tasks.bytes), of each replica",
     .flags = PARAM_OPEN_LOW},
    {.name = "refuse_beyond",
     .kind = PARAM_SHARE,
     .offset = IN(staff_spec, step_beyond),
     .high = 1,
     .help = "share of the memory beyond which what comes is refused; 80% where it is not given",
     .flags = PARAM_OPEN_LOW},
    {0}};

#define BATCH_ROWS(at)                                                                             \
    {.name = "step",                                                                               \
     .kind = PARAM_GROUP,                                                                          \
     .offset = (at),                                                                               \
     .help = "continuous batching, as language-model servers do it: a task takes one iteration "   \
             "for each second of its size (a token), rounded up; an iteration with n tasks takes " \
             "base + each n, and tasks join and leave between them, batch.max at once",            \
     .rows = iteration_rows},                                                                      \
    {                                                                                              \
        .name = "batch", .kind = PARAM_GROUP, .offset = (at),                                      \
        .help = "several tasks in one service", .rows = batch_rows                                 \
    }

#define SPEED_ROWS(at)                                                                             \
    {.name = "error_rate",                                                                         \
     .kind = PARAM_SHARE,                                                                          \
     .offset = (at) + IN(staff_spec, error_rate),                                                  \
     .high = 1,                                                                                    \
     .help = "share of the services that end in an error: the task is lost"},                      \
        {.name = "contention",                                                                     \
         .kind = PARAM_NUMBER,                                                                     \
         .offset = (at) + IN(staff_spec, contention),                                              \
         .high = 1e6,                                                                              \
         .help = "how much a busy consumer slows each other one down by waiting for what they "    \
                 "share: sigma of the Universal Scalability Law; n are as fast as n / (1 + "       \
                 "contention (n - 1) + coherency n (n - 1)) of them alone"},                       \
    {                                                                                              \
        .name = "coherency", .kind = PARAM_NUMBER, .offset = (at) + IN(staff_spec, coherency),     \
        .high = 1e6, .help = "the same by having to agree with each other: kappa of that law"      \
    }

#define CONSUMERS_ROWS(stage_at, at)                                                               \
    COUNT_ROWS(stage_at), POOL_ROWS(at), SHIFT_ROWS(at), BATCH_ROWS(at), SPEED_ROWS(at)

#define MAIN_STAFF                                                                                 \
    (SPEC_STAGES + SPEC_MAIN * sizeof(struct stage_spec) + offsetof(struct stage_spec, staff))

const struct param consumers_rows[] = {CONSUMERS_ROWS(offsetof(struct scenario, stage), MAIN_STAFF),
                                       {0}};

const struct param stage_consumers_rows[] = {
    {.name = "pool",
     .kind = PARAM_TEXT,
     .offset = offsetof(struct stage_spec, core.stage.pool),
     .help = "the name of the stage whose consumers do the work here, too, in place of own ones",
     .flags = PARAM_WORD | PARAM_BARE},
    CONSUMERS_ROWS(offsetof(struct stage_spec, core.stage), offsetof(struct stage_spec, staff)),
    {0}};
