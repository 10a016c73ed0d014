/* The rules of the door of a stage: what its buffer takes. */
#include <string.h>

#include "discipline.h"
#include "policy.h"
#include "rules.h"

static const struct stage *stage_at(const struct scenario *s, size_t i)
{
    return i == SPEC_MAIN ? &s->stage : &stage_core(s, i)->stage;
}

/* Of those whose consumers they are. */
static const struct stage *owner_of(const struct scenario *s, size_t i)
{
    const struct stage *stage = stage_at(s, i);
    size_t pool = stage->pool ? stage_find(s, stage->pool) : SIZE_MAX;
    return pool == SIZE_MAX ? stage : stage_at(s, pool);
}

static void check_bytes(const struct checking *c, size_t i, const char *path)
{
    const struct stage *stage = stage_at(c->s, i);
    const struct discipline *d = stage_discipline(owner_of(c->s, i));
    path = internf("%sbuffer.max_bytes", path);
    if (isnan(stage->max_bytes))
        return;
    if (!c->s->bytes.model && !rules_unknown(c, "tasks.bytes"))
        broken(c, path, "%s: give 'tasks.bytes', the memory that a task takes", path);
    if (d && (d->before || d->shares))
        broken(
            c, path,
            "%s: the discipline %s %s: what waits in the buffer is no number of bytes that keeps "
            "(bound it by 'capacity')",
            path, d->model.name,
            d->shares ? "serves all at once" : "puts tasks in service back into the buffer");
}

void rules_door(const struct checking *c, size_t i, const char *path)
{
    check_bytes(c, i, path);
}
