/* The rules of bursts, and of what is there at time 0. */
#include "process.h"
#include "rules.h"

/* All of its keys, or none. */
static bool check_trigger(const struct checking *c, const struct burst_spec *b, const char *path)
{
    const struct {
        const char *key;
        double value;
    } keys[] = {{"at", b->at}, {"for", b->length}, {"factor", b->factor}};
    bool any = false;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        any = any || !isnan(keys[i].value);
    for (size_t i = 0; i < sizeof keys / sizeof *keys && any; i++)
        if (isnan(keys[i].value) && !rules_excused(c, internf("%s.%s", path, keys[i].key)))
            broken(c, path, "%s: '%s' is missing: a burst is {at, for, factor}", path, keys[i].key);
    return any;
}

void rules_burst(const struct checking *c, size_t source, const char *path)
{
    const struct burst_spec *b = source_burst(c->s, source);
    const struct arrivals arrivals =
        source == SPEC_MAIN_SOURCE ? c->s->arrivals : source_arrivals(c->s, source);
    const struct arrival_process *process = (const struct arrival_process *)arrivals.process;
    const char *trigger = internf("%s.trigger", path), *initial = internf("%s.initial", path);
    if (!process || rules_unknown(c, trigger))
        return;
    bool more = check_trigger(c, b, trigger);
    if (more && !process->fill)
        broken(c, trigger,
               "%s: more of what? The tasks of a closed system come when their clients have "
               "thought: vary how many these are (%s.clients)",
               trigger, path);
    if (more && process->length)
        broken(c, trigger, "%s: a log has the bursts that it has", trigger);
    if (!(b->initial > 0))
        return;
    if (!process->fill)
        broken(c, initial,
               "%s: all tasks of a closed system are those of its clients, which begin by thinking",
               initial);
    if (process->length)
        broken(c, initial, "%s: a log has the tasks that it has", initial);
    if (process->batches)
        broken(c, initial,
               "%s: they would be of no batch: give them to a source of their own (sources)",
               initial);
}
