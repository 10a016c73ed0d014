/* The rows of what befalls stages, and what a scenario has of it. */
#include "trouble.h"

#include "stages.h"

#define LONGEST   1e12 /* seconds */
#define CRASH(f)  offsetof(struct crash_spec, f)
#define OUTAGE(f) offsetof(struct outage_spec, f)

static const char *const effects[] = {"pause", "reject", "slow", NULL};
static const char *const not_every[] = {"every", NULL};
static const char *const not_at[] = {"at", NULL};

const struct param outage_rows[] = {
    {.name = "at",
     .kind = PARAM_DURATION,
     .offset = OUTAGE(at),
     .high = LONGEST,
     .help = "when it begins, from time 0 on, which is before the warm-up",
     .instead = not_every},
    {.name = "every",
     .kind = PARAM_GROUP,
     .offset = OUTAGE(every),
     .help = "in place of at, again and again: from the end of one to the start of the next",
     .rows = law_rows,
     .instead = not_at},
    {.name = "for",
     .kind = PARAM_GROUP,
     .offset = OUTAGE(length),
     .help = "how long it takes",
     .rows = law_rows},
    {.name = "effect",
     .kind = PARAM_CHOICE,
     .offset = OUTAGE(effect),
     .preset = "pause",
     .help =
         "consumers stand still, and nothing begins (pause); what comes is refused, and what is "
         "inside goes on (reject); or consumers work at 'speed' of their own (slow)",
     .choices = effects},
    {.name = "speed",
     .kind = PARAM_SHARE,
     .offset = OUTAGE(speed),
     .high = 1000,
     .help = "slow: how fast consumers work meanwhile, as a share of their own speed",
     .flags = PARAM_OPEN_LOW},
    {.name = "each",
     .kind = PARAM_FLAG,
     .offset = OUTAGE(each),
     .help =
         "whether every replica has outages of its own; no, all at once, where it is not given"},
    {0}};

static const char *const keeps[] = {"nothing", "durable", "all", NULL};

const struct param crash_rows[] = {
    {.name = "memory",
     .kind = PARAM_BYTES,
     .offset = CRASH(memory),
     .high = 1e18,
     .help = "a replica falls over when the tasks that wait or are served at it, and at the other "
             "stages on its machine, take more (tasks.bytes); those in durable buffers take none",
     .flags = PARAM_OPEN_LOW},
    {.name = "full_for",
     .kind = PARAM_DURATION,
     .offset = CRASH(full_for),
     .high = LONGEST,
     .help = "a replica falls over when its buffer has been full for so long since it last became "
             "so: whoever reads too slowly is cut off",
     .flags = PARAM_OPEN_LOW},
    {.name = "every",
     .kind = PARAM_GROUP,
     .offset = CRASH(every),
     .help = "how long a replica is up before it falls over by chance",
     .rows = law_rows},
    {.name = "restart",
     .kind = PARAM_GROUP,
     .offset = CRASH(restart),
     .help = "how long it takes to come up again; without it, it never does",
     .rows = law_rows},
    {.name = "keeps",
     .kind = PARAM_CHOICE,
     .offset = CRASH(keeps),
     .help = "which of its tasks are there when it comes up again: nothing, where it is not given; "
             "durable, those in buffers that are; or all, which begin anew",
     .choices = keeps},
    {0}};

const struct param health_rows[] = {
    {.name = "interval",
     .kind = PARAM_DURATION,
     .offset = offsetof(struct trouble_spec, health_check),
     .high = LONGEST,
     .help = "how long balancers send tasks to a replica that is down; they are at once left out "
             "where it is not given"},
    {0}};

bool crash_is_given(const struct crash_spec *crash)
{
    return crash->memory > 0 || crash->full_for > 0 || crash->every.model;
}

bool trouble_is_none(const struct trouble_spec *trouble)
{
    return trouble->outages_count == 0 && !crash_is_given(&trouble->crash);
}

bool trouble_loses(const struct trouble_spec *trouble)
{
    if (crash_is_given(&trouble->crash))
        return true;
    for (size_t i = 0; i < (size_t)trouble->outages_count; i++)
        if (trouble->outages[i].effect == OUTAGE_REJECT)
            return true;
    return false;
}

static bool has_moment(const struct trouble_spec *trouble)
{
    for (size_t i = 0; i < (size_t)trouble->outages_count; i++)
        if (!isnan(trouble->outages[i].at))
            return true;
    return false;
}

bool scenario_bursts(const struct scenario *s)
{
    for (size_t i = 0; i == 0 || i < (size_t)s->sources_count; i++)
        if (burst_says(scenario_burst(s, i)))
            return true;
    return false;
}

bool scenario_has_moment(const struct scenario *s)
{
    bool has = has_moment(stage_trouble(s, SPEC_MAIN));
    for (size_t i = 0; i < (size_t)s->stages_count && !has; i++)
        has = has_moment(stage_trouble(s, i));
    return has || scenario_bursts(s);
}

bool scenario_has_trouble(const struct scenario *s)
{
    bool has = !trouble_is_none(stage_trouble(s, SPEC_MAIN));
    for (size_t i = 0; i < (size_t)s->stages_count && !has; i++)
        has = !trouble_is_none(stage_trouble(s, i));
    return has;
}
