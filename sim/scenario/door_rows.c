/* The rows of what stands before a stage: its buffer, throttle and limit. */
#include "drop.h"
#include "limiter.h"
#include "policy.h"
#include "stage_rows.h"

#define LONGEST  1e12 /* seconds */
#define FASTEST  1e12 /* events per second */
#define IN(t, f) offsetof(struct t, f)

static const struct param drop_rows[] = {
    {.name = "algorithm",
     .kind = PARAM_MODEL,
     .offset = IN(stage, drop),
     .help = "which are dropped: by their wait (codel), or by chance (red); its parameters stand "
             "beside it",
     .flags = PARAM_WORD,
     .family = &drop_family,
     .block = IN(stage, drop_params),
     .block_size = DROP_BYTES},
    {0}};

const struct param buffer_rows[] = {
    {.name = "capacity",
     .kind = PARAM_COUNT,
     .offset = IN(stage, capacity),
     .high = 1e9,
     .preset = "unbounded",
     .help = "waiting places, tasks in service not counted; 0 is an unbuffered hand-off (with "
             "processor-sharing: tasks inside beyond one for each consumer)",
     .flags = PARAM_UNBOUNDED},
    {.name = "max_bytes",
     .kind = PARAM_BYTES,
     .offset = IN(stage, max_bytes),
     .high = 1e18,
     .help = "a task finds no place, either, where what waits in the buffer would take more memory "
             "than this with it (tasks.bytes); any amount where it is not given",
     .flags = PARAM_UNBOUNDED},
    {.name = "max_paused",
     .kind = PARAM_COUNT,
     .offset = IN(stage, max_paused),
     .high = 1e9,
     .help =
         "pause: so many producers may wait for a place, and the next gets an error; any number "
         "where it is not given",
     .flags = PARAM_UNBOUNDED},
    {.name = "high_water",
     .kind = PARAM_COUNT,
     .offset = IN(stage, high_water),
     .low = 1,
     .high = 1e9,
     .help = "when so many tasks wait, the sources that they come from are told to stop: their "
             "clocks stand still"},
    {.name = "low_water",
     .kind = PARAM_COUNT,
     .offset = IN(stage, low_water),
     .high = 1e9,
     .help = "when no more than so many wait, the sources are told to go on"},
    {.name = "ignore",
     .kind = PARAM_SHARE,
     .offset = IN(stage, ignore),
     .high = 1,
     .help =
         "share of the tasks, drawn for each, that come although their source was told to stop; "
         "none where it is not given"},
    {.name = "signal_delay",
     .kind = PARAM_DURATION,
     .offset = IN(stage, signal_delay),
     .high = LONGEST,
     .help = "how long it takes until a source hears that it is to stop, or go on; 0s where it is "
             "not given",
     .flags = PARAM_DRIFTS},
    {.name = "drop",
     .kind = PARAM_GROUP,
     .help = "tasks that are dropped before the buffer is full",
     .rows = drop_rows},
    {.name = "when_full",
     .kind = PARAM_MODEL,
     .offset = IN(stage, when_full),
     .preset = "reject",
     .help = "what happens to a task that finds no place",
     .family = &policy_family},
    {.name = "durable",
     .kind = PARAM_FLAG,
     .offset = IN(stage, durable),
     .help = "whether what waits here is on disk: it takes no memory (crash.memory), and is there "
             "when its replica comes up again (crash.keeps: durable); no where it is not given"},
    {.name = "resume_delay",
     .kind = PARAM_DURATION,
     .offset = IN(stage, resume_delay),
     .high = LONGEST,
     .preset = "0s",
     .help = "pause: from a place falling free to the paused task taking it",
     .flags = PARAM_DRIFTS},
    {0}};

static const char *const pers[] = {"key", "source", "class", NULL};
static const char *const empties[] = {"reject", "delay", NULL};

const struct param throttle_rows[] = {
    {.name = "rate",
     .kind = PARAM_RATE,
     .offset = IN(door_spec, rate),
     .high = FASTEST,
     .help = "tokens per second, of each bucket; a task takes one to come in",
     .flags = PARAM_OPEN_LOW | PARAM_DRIFTS},
    {.name = "burst",
     .kind = PARAM_NUMBER,
     .offset = IN(door_spec, burst),
     .low = 1,
     .high = 1e9,
     .help = "tokens that a bucket holds; it is full at first; 1 where it is not given"},
    {.name = "per",
     .kind = PARAM_CHOICE,
     .offset = IN(door_spec, per),
     .help =
         "a bucket for each key (tasks.key), source or class of tasks; one for all where it is not "
         "given",
     .choices = pers},
    {.name = "when_empty",
     .kind = PARAM_CHOICE,
     .offset = IN(door_spec, when_empty),
     .help = "a task that finds no token is rejected, where it is not given, or waits for one, in "
             "order (delay), which counts as waiting",
     .choices = empties},
    {0}};

const struct param limit_rows[] = {
    {.name = "algorithm",
     .kind = PARAM_MODEL,
     .offset = IN(door_spec, limit),
     .help = "how many tasks may be inside at once, fixed, or adapted to how long they take; the "
             "next is rejected; its parameters stand beside it",
     .flags = PARAM_WORD,
     .family = &limiter_family,
     .block = IN(door_spec, limit_params),
     .block_size = LIMITER_BYTES},
    {0}};
