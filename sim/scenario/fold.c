/* A network of one stage and one source, both called main, that says nothing which only a network
 * can say, is the short form. */
#include <string.h>

#include "../base/places.h"
#include "rows.h"

static bool says_nothing(const struct to_spec *to)
{
    return !to->stage && to->shares == 0 && to->rules == 0 && to->copies == 0;
}

static bool source_folds(const struct scenario *s, const struct places *places)
{
    if (s->sources_count == 0)
        return true;
    const struct source_core *core = source_core(s, 0);
    return s->sources_count == 1 && strcmp(core->name, "main") == 0 && !core->class &&
           says_nothing(source_to(s, 0)) && !client_says(source_client(s, 0)) &&
           !burst_says(source_burst(s, 0)) && !places_given(places, "arrivals") &&
           !places_given(places, "client");
}

/* What is of the tasks in the short form: of a stage it stands before what classes have. */
static bool tasks_fold(const struct scenario *s, const struct stage_core *core)
{
    for (int i = 0; i < (int)s->classes_count; i++)
        if ((core->size.model && s->classes[i].size.model) ||
            (core->timeout.model && s->classes[i].timeout.model))
            return false;
    return true;
}

static bool stage_folds(const struct scenario *s, const struct places *places)
{
    static const char *const keys[] = {"consumers",    "buffer",   "replicas",
                                       "balancer",     "outages",  "crash",
                                       "health_check", "throttle", "limit"};
    if (s->stages_count == 0)
        return true;
    const struct stage_core *core = stage_core(s, 0);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (places_given(places, keys[i]))
            return false;
    bool plain = !core->stage.pool && isnan(core->carried) && !core->delay.model &&
                 isnan(core->reply) && isnan(core->join) && isnan(core->cancel) &&
                 isnan(core->priority) && isnan(core->weight) && isnan(core->stage.blocks) &&
                 !(core->door.rate > 0) && !core->door.limit;
    bool single = isnan(core->replicas) && !core->machines && !core->balancer &&
                  isnan(core->choices) && stage_kinds(s, 0)->n == 0 && !stage_staff(s, 0) &&
                  !retry_says(&stage_again(s, 0)->retry) && !stage_again(s, 0)->dead_letter &&
                  trouble_is_none(stage_trouble(s, 0));
    return s->stages_count == 1 && strcmp(core->name, "main") == 0 && plain && single &&
           says_nothing(stage_to(s, 0)) && stage_calls(s, 0)->n == 0 && stage_sizes(s, 0)->n == 0 &&
           tasks_fold(s, core);
}

static void rename_paths(struct scenario *s, struct places *places)
{
    if (s->sweep.parameter)
        s->sweep.parameter = short_path(s, s->sweep.parameter);
    for (size_t i = 0; i < (size_t)s->vary_count; i++)
        s->vary[i].path = short_path(s, s->vary[i].path);
    for (size_t i = 0, n = places ? places->n : 0; i < n; i++) {
        struct placed placed = places->items[i];
        const char *vary = "compare.vary.";
        bool varied = strncmp(placed.path, vary, strlen(vary)) == 0;
        const char *old = placed.path + (varied ? strlen(vary) : 0), *path = short_path(s, old);
        if (path != old)
            places_add_text(places, varied ? internf("%s%s", vary, path) : path, placed.at,
                            placed.text);
    }
}

void stages_fold(struct scenario *s, struct places *places)
{
    if ((s->stages_count == 0 && s->sources_count == 0) || !stage_folds(s, places) ||
        !source_folds(s, places))
        return;
    if (s->sources_count > 0)
        s->arrivals = source_arrivals(s, 0);
    if (s->stages_count > 0) {
        const struct stage_core core = *stage_core(s, 0);
        s->stage = core.stage;
        if (core.size.model)
            s->size = core.size;
        if (core.timeout.model)
            s->timeout = core.timeout;
    }
    for (const struct param *row = scenario_rows; row->name; row++)
        if (row_is_named(row))
            row_empty(s, row, 0);
    rename_paths(s, places);
}
