#include "objective_name.h"

#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

/* What follows WORD. in `name`; NULL: it does not begin so. */
static const char *behind(const char *name, const char *word)
{
    size_t n = word ? strlen(word) : 0; /* NULL: it is missing, which is told elsewhere */
    return n > 0 && strncmp(name, word, n) == 0 && name[n] == '.' ? name + n + 1 : NULL;
}

/* The place of a network that a name begins with: what follows, or the name where it is none. */
static const char *take_place(const struct scenario *s, const char *name, struct objective *out)
{
    for (uint32_t place = 0; place < trial_places(s); place++) {
        const char *rest = behind(name, trial_place_name(s, place));
        if (rest)
            out->figure.place = place + 1;
        if (rest)
            return rest;
    }
    return name;
}

/* What follows STAGE. in `name`. A class may have the name of the only stage: then it is the
 * class. */
static const char *skip_stage(const struct scenario *s, const char *name, struct objective *out)
{
    if (trial_places(s) > 1)
        return take_place(s, name, out);
    static const char stage_name[] = "main";
    size_t n = strlen(stage_name);
    if (strncmp(name, stage_name, n) != 0 || name[n] != '.')
        return name;
    for (int i = 0; i < (int)s->classes_count; i++)
        if (s->classes[i].name && strcmp(s->classes[i].name, stage_name) == 0)
            return name;
    return name + n + 1;
}

/* Classes that have names. */
static int named_classes(const struct scenario *s)
{
    return trial_places(s) > 1 ? scenario_classes(s) : (int)s->classes_count;
}

static const char *class_name(const struct scenario *s, int class)
{
    return trial_places(s) > 1 ? scenario_class_name(s, class) : s->classes[class].name;
}

/* No class, or stage where none has been named yet, is called so. */
static void unknown_class(const struct scenario *s, const char *word, struct place at,
                          bool or_stage, struct errors *errors)
{
    int classes = named_classes(s);
    uint32_t places = or_stage ? trial_places(s) : 0;
    const char **names = xmalloc((places + (size_t)classes + 1) * sizeof *names);
    size_t named = 0;
    for (uint32_t place = 0; place < places; place++)
        names[named++] = trial_place_name(s, place);
    for (int i = 0; i < classes; i++)
        if (class_name(s, i))
            names[named++] = class_name(s, i);
    names[named] = NULL;
    const char *near = nearest(word, names), *what = or_stage ? "stage or class" : "class";
    free(names);
    if (near)
        error_at(errors, at, "unknown %s '%s' (did you mean '%s'?)", what, word, near);
    else
        error_at(errors, at, "unknown %s '%s'%s", what, word,
                 classes || or_stage ? "" : ": the scenario has no tasks.classes");
}

/* Cuts CLASS off CLASS.MEASURE, where it is one: what follows it. */
static const char *take_class(const struct scenario *s, const char *name, struct place at,
                              struct objective *out, struct errors *errors)
{
    int classes = named_classes(s);
    struct objective whole = {0};
    out->figure.class = classes > 1 ? (uint32_t)classes : 0;
    if (!strchr(name, '.') || objective_quantile(name, &whole))
        return name;
    for (int i = 0; i < classes; i++) {
        const char *rest = behind(name, class_name(s, i));
        if (rest)
            out->figure.class = (uint32_t)i;
        if (rest)
            return rest;
    }
    if (behind(name, "all"))
        return behind(name, "all");
    bool or_stage = trial_places(s) > 1 && out->figure.place == 0;
    unknown_class(s, internf("%.*s", (int)strcspn(name, "."), name), at, or_stage, errors);
    return NULL;
}

const char *objective_of_what(const struct scenario *s, const char *name, struct place at,
                              struct objective *out, struct errors *errors)
{
    return take_class(s, skip_stage(s, name, out), at, out, errors);
}

bool objective_of_class(const struct scenario *s, const struct objective *o)
{
    int classes = named_classes(s);
    return classes > 1 && o->figure.class < (uint32_t)classes;
}
