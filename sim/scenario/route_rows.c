/* The rows of what a stage does with a task when its own work is done: handing on, and calls. */
#include "client_rows.h"
#include "stage_rows.h"

#define IN(t, f) offsetof(struct t, f)

/* ---- to ---- */

static const struct param rule_rows[] = {
    {.name = "stage",
     .kind = PARAM_TEXT,
     .offset = IN(leg_spec, stage),
     .help = "where such a task goes: a stage, or exit",
     .flags = PARAM_REQUIRED},
    {.name = "class",
     .kind = PARAM_TEXT,
     .offset = IN(leg_spec, class),
     .help = "of this class only; where it is not given, of every class"},
    {0}};

static const char *const not_stage[] = {"all", "rules", "shares", NULL};
static const char *const not_all[] = {"stage", "rules", "shares", NULL};
static const char *const not_rules[] = {"stage", "all", "shares", NULL};
static const char *const not_shares[] = {"stage", "all", "rules", NULL};

const struct param to_rows[] = {
    {.name = "stage",
     .kind = PARAM_TEXT,
     .offset = IN(to_spec, stage),
     .help = "where tasks that are done here go: a stage, or exit",
     .flags = PARAM_WORD | PARAM_BARE,
     .instead = not_stage},
    {.name = "all",
     .kind = PARAM_LIST,
     .offset = IN(to_spec, legs),
     .help = "a copy of the task to each of these stages, which are a group",
     .instead = not_all,
     .element = PARAM_TEXT,
     .stride = sizeof(struct leg_spec),
     .capacity = MAX_LEGS,
     .count = IN(to_spec, copies)},
    {.name = "rules",
     .kind = PARAM_LIST,
     .offset = IN(to_spec, legs),
     .help = "where tasks go by their class: the first rule that fits; none: exit",
     .rows = rule_rows,
     .flags = PARAM_ITEMS | PARAM_BARE,
     .instead = not_rules,
     .stride = sizeof(struct leg_spec),
     .capacity = MAX_LEGS,
     .count = IN(to_spec, rules)},
    {.name = "shares",
     .kind = PARAM_LIST,
     .offset = IN(to_spec, legs) + IN(leg_spec, share),
     .high = 1,
     .help = "the share of the tasks that goes to the stage of this name, or to exit; what is "
             "missing of 100 % leaves",
     .flags = PARAM_OPEN | PARAM_NAMED | PARAM_BARE,
     .instead = not_shares,
     .element = PARAM_SHARE,
     .stride = sizeof(struct leg_spec),
     .capacity = MAX_LEGS,
     .count = IN(to_spec, shares),
     .names = IN(to_spec, legs)},
    {0}};

/* ---- calls ---- */

static const char *const failures[] = {"fail", "ignore", NULL};

#define CALL_ROWS(at, required)                                                                    \
    {.name = "stage",                                                                              \
     .kind = PARAM_TEXT,                                                                           \
     .offset = (at) + IN(call_spec, stage),                                                        \
     .help = "the stage that is called",                                                           \
     .flags = PARAM_WORD | (required)},                                                            \
        {.name = "share",                                                                          \
         .kind = PARAM_SHARE,                                                                      \
         .offset = (at) + IN(call_spec, share),                                                    \
         .high = 1,                                                                                \
         .help = "of the tasks that make this call; all where it is not given"},                   \
        {.name = "count",                                                                          \
         .kind = PARAM_COUNT,                                                                      \
         .offset = (at) + IN(call_spec, count),                                                    \
         .low = 1,                                                                                 \
         .high = CALLS_MOST,                                                                       \
         .help = "so many calls, one after the other; one where it is not given"},                 \
        {.name = "on_failure",                                                                     \
         .kind = PARAM_CHOICE,                                                                     \
         .offset = (at) + IN(call_spec, on_failure),                                               \
         .help = "what a call that fails does to the task that made it: fail, where it is not "    \
                 "given, or ignore",                                                               \
         .choices = failures},                                                                     \
        CLIENT_ROWS((at) + IN(call_spec, client))

static const struct param branch_rows[] = {CALL_ROWS(0, PARAM_REQUIRED), {0}};

const struct param step_rows[] = {
    CALL_ROWS(IN(step_spec, call), 0),
    {.name = "any",
     .kind = PARAM_COUNT,
     .offset = IN(step_spec, any),
     .low = 1,
     .high = MAX_BRANCHES,
     .help = "of calls side by side: goes on at so many answers; at all where it is not given"},
    {.name = "of",
     .kind = PARAM_LIST,
     .offset = IN(step_spec, of),
     .help = "calls that are made side by side",
     .rows = branch_rows,
     .flags = PARAM_ITEMS,
     .stride = sizeof(struct call_spec),
     .capacity = MAX_BRANCHES,
     .count = IN(step_spec, branches)},
    {0}};
