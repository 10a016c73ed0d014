/* The rules of visits that fail: `retry` and `dead_letter` of a stage. */
#include <string.h>

#include "balancer.h"
#include "rules.h"
#include "stages.h"

static bool loses_patience(const struct scenario *s, size_t i)
{
    return stage_core(s, i)->timeout.model || scenario_impatient(s);
}

static void check_retry(const struct checking *c, size_t i, const char *path)
{
    const struct retry_spec *r = &stage_again(c->s, i)->retry;
    const struct balancer *balancer = (const struct balancer *)stage_core(c->s, i)->balancer;
    if (!retry_says(r))
        return;
    rules_retry(c, r,
                SPEC_STAGES + i * sizeof(struct stage_spec) +
                    offsetof(struct stage_spec, again.retry),
                path);
    for (size_t k = 0; k < (size_t)r->on_count; k++)
        if (r->on[k] && strcmp(r->on[k], outcome_names[OUTCOME_TIMEOUT]) == 0 &&
            !loses_patience(c->s, i) && !rules_excused(c, "tasks.timeout"))
            broken(c, internf("%s.on.%zu", path, k),
                   "%s.on: no task loses patience here: give the stage a 'timeout', or leave "
                   "'timeout' out of the list",
                   path);
    if (balancer && balancer->copies)
        broken(c, path,
               "%s: with balancer: all a task is a copy at each replica: there is no buffer that "
               "it would go back to; retry where it comes from (client.retry)",
               path);
}

/* Letters that are lost in their turn, at the same moment, and so on. */
static void check_letters(const struct checking *c, size_t i, const char *path)
{
    const char *name = stage_again(c->s, i)->dead_letter;
    size_t at = i, n = 0;
    if (!name || !rules_stage_known(c, path, name, false))
        return;
    while (at != SIZE_MAX && stage_again(c->s, at)->dead_letter && n++ < MAX_STAGES) {
        at = stage_find(c->s, stage_again(c->s, at)->dead_letter);
        if (at == i) {
            broken(c, path,
                   "%s: what fails at '%s' would come back to it as a letter, and fail there "
                   "again, without end",
                   path, stage_core(c->s, i)->name);
            return;
        }
    }
}

void rules_again(const struct checking *c, size_t i, const char *path)
{
    check_retry(c, i, internf("%sretry", path));
    check_letters(c, i, internf("%sdead_letter", path));
}
