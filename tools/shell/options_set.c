/* What --set and --seed make of a scenario, and what is to be said of that (options.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/png.h"
#include "../../sim/scenario/config.h"
#include "../../sim/scenario/sweep.h"
#include "options.h"
#include "outside.h"
#include "remarks.h"

const char *options_split(const char *option, const char *argument, const char **path,
                          struct place *at, struct errors *errors)
{
    *at = (struct place){internf("%s %s", option, argument), 0, 0};
    const char *equals = strchr(argument, '=');
    if (!equals || equals == argument) {
        error_at(errors, *at, "%s takes PATH=VALUE, such as %s", option,
                 strcmp(option, "--vary") == 0 ? "consumers.count=1,2,4" : "consumers.count=8");
        return NULL;
    }
    *path = internf("%.*s", (int)(equals - argument), argument);
    return equals + 1;
}

static const char *duration(double seconds)
{
    char text[64];
    unit_human(UNIT_DURATION, seconds, 4, text, sizeof text);
    return intern(text);
}

void options_note_bare(const struct scenario *s, const char *option, const char *path,
                       const char *text)
{
    enum { APART = 50 };
    struct errors none = {0};
    struct param_ref ref;
    char *end;
    double value = strtod(text, &end);
    if (end == text || (*end && *end != ',') || !(value > 0) || !isfinite(value) ||
        !param_find(s, path, (struct place){0}, &ref, &none) || !param_is_numeric(&ref))
        return;
    bool swept = ref.kind == PARAM_SWEPT;
    struct param_ref parameter;
    enum unit unit = swept && sweep_ref(s, &parameter) ? param_unit(&parameter) : param_unit(&ref);
    double old = param_get(s, &ref);
    bool known = old > 0 && isfinite(old);
    if (unit != UNIT_DURATION || (known && value < APART * old && old < APART * value))
        return;
    double times = known ? fmax(value / old, old / value) : NAN;
    const char *against = known ? internf(", %.0f times %s than the scenario's %s", times,
                                          value > old ? "more" : "less", duration(old))
                                : "";
    remarks_note(internf("%s: a bare number is in seconds: %s%s; %.*sms is a thousandth of that",
                         option, duration(value), against, (int)strcspn(text, ","), text));
}

/* Keys that say how long, how exactly and how it is drawn, and not what is asked. */
static bool is_question(const char *path)
{
    static const char *const other[] = {"title",       "seed",         "run.",     "picture.",
                                        "objectives",  "sweep.steps",  "sweep.to", "sweep.from",
                                        "sweep.scale", "sweep.values", "compare."};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (strncmp(path, other[i], strlen(other[i])) == 0)
            return false;
    return true;
}

static const char *value_of(const struct scenario *s, const char *path)
{
    struct errors none = {0};
    struct param_ref ref;
    if (!param_find(s, path, (struct place){0}, &ref, &none) || ref.kind == PARAM_GROUP)
        return NULL;
    return param_text(s, &ref);
}

/* Whether a key has another value in what is run. */
static bool differs(const struct scenario *before, const struct scenario *s, const char *path)
{
    struct scenario *a = xmalloc(2 * sizeof *a), *b = a + 1;
    sweep_scenario(before, 0, a);
    sweep_scenario(s, 0, b);
    bool other = value_of(a, path) != value_of(b, path); /* interned */
    free(a);
    return other;
}

void options_retitle(const struct options *o, const struct scenario *before, struct scenario *s)
{
    enum { NAMED = 3 };
    const char *list = "";
    int changed = 0;
    if (!s->title || s->title != before->title) /* interned */
        return;
    for (int i = 0; i < o->n_set; i++) {
        const char *path, *text;
        struct place at;
        struct errors none = {0};
        text = options_split("--set", o->set[i], &path, &at, &none);
        /* The same value is the same question. */
        if (!text || !is_question(path) || (*text != '{' && !differs(before, s, path)))
            continue;
        if (changed++ < NAMED)
            list = internf("%s%s%s = %s", list, *list ? ", " : "", path, text);
    }
    if (changed > NAMED)
        list = internf("%s and %d more", list, changed - NAMED);
    if (changed > 0)
        s->title = internf("%s, with %s", s->title, list);
}

/* Whether what is set at `path` is not in the scenario that is run, `at`. */
static bool is_replaced(const struct scenario *s, const struct scenario *at, const char *path,
                        const char *by)
{
    struct errors none = {0};
    struct param_ref set, other;
    if (!param_find(s, path, (struct place){0}, &set, &none))
        return false;
    bool same = param_find(s, by, (struct place){0}, &other, &none) && other.offset == set.offset;
    return same || value_of(s, path) != value_of(at, path); /* interned */
}

void options_note_replaced(const struct options *o, const struct scenario *s,
                           const struct scenario *at, const char *by, const char *what)
{
    for (int i = 0; i < o->n_set; i++) {
        const char *path;
        struct place place;
        struct errors none = {0};
        if (options_split("--set", o->set[i], &path, &place, &none) && is_question(path) &&
            is_replaced(s, at, path, by))
            remarks_note(internf("--set %s changes nothing here: %s %s takes its place", o->set[i],
                                 what, by));
    }
}

void options_note_swept(const struct options *o, const struct scenario *s)
{
    if (!s->sweep.parameter || o->n_set == 0)
        return;
    struct scenario *at = xmalloc(sizeof *at);
    sweep_scenario(s, 0, at);
    options_note_replaced(o, s, at, s->sweep.parameter, "the sweep of");
    free(at);
}

bool options_apply(const struct options *o, struct scenario *s, struct places *places,
                   struct errors *errors)
{
    size_t before = errors->n;
    for (int i = 0; i < o->n_set; i++) {
        const char *path;
        struct place at;
        const char *text = options_split("--set", o->set[i], &path, &at, errors);
        if (!text)
            continue;
        options_note_bare(s, internf("--set %s", o->set[i]), path, text);
        if (param_set(s, path, text, at, errors)) {
            if (*text == '{' || *text == '[')
                places_forget_inside(places, param_path(s, path));
            places_add_text(places, param_path(s, path), at, text);
        } else {
            places_spoil(places, param_path(s, path), true);
        }
    }
    const struct {
        const char *option, *path, *text;
    } own[] = {{"--seed", "seed", o->seed},
               {"--class", "picture.class", o->drawn},
               {"--stage", "picture.stage", o->stage}};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        struct place at = {internf("%s %s", own[i].option, own[i].text), 0, 0};
        if (own[i].text && param_set(s, own[i].path, own[i].text, at, errors))
            places_add(places, own[i].path, at);
    }
    return errors->n == before;
}

void options_drop_sweep(struct scenario *s, const char *instead)
{
    struct scenario *defaults = xcalloc(1, sizeof *defaults);
    struct param_ref ref;
    if (s->sweep.parameter && sweep_ref(s, &ref)) {
        if (isnan(param_get(s, &ref)))
            param_put(s, &ref, sweep_value(s, 0));
        const char *text = param_text(s, &ref);
        remarks_note(internf("the sweep of %s is left out: %s (here %s)", s->sweep.parameter,
                             instead, text ? text : "its default"));
    } else if (sweep_is_time(s)) {
        remarks_note(internf("the slices of time are left out: %s", instead));
    }
    param_defaults(defaults);
    s->sweep = defaults->sweep;
    free(defaults);
}

bool options_load(const struct options *o, const char *file, struct scenario *s,
                  struct places *places, struct errors *errors)
{
    struct scenario *before = xmalloc(sizeof *before);
    param_defaults(s);
    bool sound = config_load(file, png_scenario, s, places, errors);
    *before = *s;
    sound = options_apply(o, s, places, errors) && sound;
    options_retitle(o, before, s);
    free(before);
    outside_note(s, places);
    return scenario_check(s, places, errors) && sound;
}
