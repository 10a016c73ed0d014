/* What a scenario has results of: classes and places. */
#include <math.h>
#include <string.h>

#include "../base/err.h"
#include "discipline.h"
#include "staff.h"
#include "stages.h"

/* Classes that only sources name, in their order. */
struct named {
    const char *names[MAX_SOURCES];
    int n;
};

static bool is_listed(const struct scenario *s, const char *name)
{
    for (int i = 0; i < (int)s->classes_count; i++)
        if (s->classes[i].name && strcmp(s->classes[i].name, name) == 0)
            return true;
    return false;
}

/* The class of a source; NULL: drawn, or the only one there is. */
static const char *class_of(const struct scenario *s, size_t source)
{
    const struct source_core *core = source_core(s, source);
    if (core->class || s->classes_count > 0)
        return core->class;
    for (size_t i = 0; i < (size_t)s->sources_count; i++)
        if (source_core(s, i)->class)
            return core->name; /* others have a class: it has its own */
    return NULL;
}

static struct named named_of(const struct scenario *s)
{
    struct named named = {.n = 0};
    for (size_t i = 0; i < (size_t)s->sources_count; i++) {
        const char *class = class_of(s, i);
        bool there = !class || is_listed(s, class);
        for (int k = 0; k < named.n && !there; k++)
            there = strcmp(named.names[k], class) == 0;
        if (!there)
            named.names[named.n++] = class;
    }
    return named;
}

int scenario_classes(const struct scenario *s)
{
    int listed = s->classes_count >= 1 ? (int)s->classes_count : 0;
    int all = listed + (s->sources_count > 0 ? named_of(s).n : 0);
    return all > 0 ? all : 1;
}

const char *scenario_class_name(const struct scenario *s, int class)
{
    int listed = (int)s->classes_count;
    if (class < listed)
        return s->classes[class].name ? s->classes[class].name : "";
    struct named named = s->sources_count > 0 ? named_of(s) : (struct named){.n = 0};
    return class - listed < named.n ? named.names[class - listed] : "all";
}

int scenario_source_class(const struct scenario *s, int source)
{
    const char *class =
        (size_t)source < (size_t)s->sources_count ? class_of(s, (size_t)source) : NULL;
    for (int i = 0; class && i < scenario_classes(s); i++)
        if (strcmp(scenario_class_name(s, i), class) == 0)
            return i;
    return -1;
}

bool scenario_weighs(const struct scenario *s)
{
    bool unlike = false;
    for (int i = 0; i < (int)s->classes_count; i++)
        unlike |= s->classes[i].weight > 0 && s->classes[i].weight != 1;
    return unlike;
}

/* Whether tasks have unlike shares of the consumers of the short form. */
static bool shares_by_weight(const struct scenario *s)
{
    const struct discipline *d = stage_discipline(&s->stage);
    return d && d->shares && scenario_weighs(s);
}

bool scenario_is_network(const struct scenario *s)
{
    const struct stage_core *main = stage_core(s, SPEC_MAIN);
    return s->stages_count > 0 || s->sources_count > 0 || main->replicas > 0 || main->machines ||
           main->balancer || stage_kinds(s, SPEC_MAIN)->n > 0 || isinf(s->stage.consumers) ||
           s->bytes.model || stage_staff(s, SPEC_MAIN) || stage_is_guarded(&s->stage) ||
           main->door.rate > 0 || main->door.limit || shares_by_weight(s) ||
           !trouble_is_none(stage_trouble(s, SPEC_MAIN)) || scenario_client(s, 0) ||
           burst_says(source_burst(s, SPEC_MAIN_SOURCE));
}

int scenario_stages(const struct scenario *s)
{
    return s->stages_count > 0 ? (int)s->stages_count : 1;
}

bool scenario_replies(const struct scenario *s)
{
    for (size_t i = 0; i < (size_t)s->stages_count; i++)
        if (stage_core(s, i)->reply == 1)
            return true;
    for (size_t i = 0; i == 0 || i < (size_t)s->sources_count; i++)
        if (scenario_client(s, i))
            return true;
    return false;
}

/* Whether consumers of a stage go step by step. */
static bool steps(const struct scenario *s, int stage)
{
    const struct staff_spec *staff =
        stage_staff(s, s->stages_count > 0 ? (size_t)stage : SPEC_MAIN);
    return staff_steps(staff);
}

int scenario_steps(const struct scenario *s)
{
    int n = 0;
    for (int i = 0; i < scenario_stages(s); i++)
        n += steps(s, i);
    return n;
}

int scenario_tokens(const struct scenario *s, int stage)
{
    int place = scenario_stages(s) + 1 + scenario_replies(s);
    for (int i = 0; i < stage; i++)
        place += 2 * steps(s, i);
    return steps(s, stage) ? place : -1;
}

int scenario_places(const struct scenario *s)
{
    return scenario_is_network(s)
               ? scenario_stages(s) + 1 + scenario_replies(s) + 2 * scenario_steps(s)
               : 1;
}

static const char *token_name(const struct scenario *s, int place)
{
    for (int i = 0; i < scenario_stages(s); i++) {
        const int first = scenario_tokens(s, i);
        const char *what = place == first ? "first-token" : "between-tokens";
        if (first >= 0 && (place == first || place == first + 1))
            return s->stages_count > 0 ? internf("%s-%s", stage_core(s, (size_t)i)->name, what)
                                       : what;
    }
    return "client";
}

const char *scenario_place_name(const struct scenario *s, int place)
{
    int stages = scenario_stages(s);
    if (place >= stages)
        return place == stages ? "all" : token_name(s, place);
    return s->stages_count > 0 ? stage_core(s, (size_t)place)->name : "main";
}
