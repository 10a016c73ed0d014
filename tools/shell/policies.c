#include "policies.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/base/err.h"
#include "../../sim/scenario/discipline.h"
#include "../../sim/scenario/policy.h"
#include "../../sim/scenario/stages.h"
#include "remarks.h"

static const char usual[] = "unbounded,reject,drop-oldest,pause,lifo";

/* Words that are no models' names. */
static const struct word {
    const char *word, *path, *value;
} words[] = {
    {"unbounded", "buffer.capacity", "unbounded"}, {"codel", "buffer.drop.algorithm", "codel"},
    {"red", "buffer.drop.algorithm", "red"},       {"aimd", "limit.algorithm", "aimd"},
    {"gradient", "limit.algorithm", "gradient"},   {"vegas", "limit.algorithm", "vegas"},
};
enum { WORDS = sizeof words / sizeof *words };

/* A policy being made. */
struct making {
    struct scenario *s;
    const char *stage; /* NULL: one, in the short form */
    struct place at;
    struct errors *errors;
};

/* What runs up to the next `separator` outside braces and brackets. */
static size_t upto(const char *text, char separator)
{
    int depth = 0;
    size_t i = 0;
    for (; text[i] && (depth > 0 || text[i] != separator); i++)
        depth += (text[i] == '{' || text[i] == '[') - (text[i] == '}' || text[i] == ']');
    return i;
}

static bool set(const struct making *m, const char *path, const char *value)
{
    const char *whole = m->stage ? internf("stages.%s.%s", m->stage, path) : path;
    return param_set(m->s, whole, value, m->at, m->errors);
}

static bool is_model(const struct family *family, const char *word)
{
    for (const struct model *const *model = family->models; *model; model++)
        if (strcmp((*model)->name, word) == 0)
            return true;
    return false;
}

/* The stage in the scenario that is being made. */
static const struct stage *stage_of(const struct making *m)
{
    for (size_t i = 0; m->stage && i < (size_t)m->s->stages_count; i++)
        if (strcmp(stage_core(m->s, i)->name, m->stage) == 0)
            return &stage_core(m->s, i)->stage;
    return &m->s->stage;
}

/* A full buffer needs places. */
static bool bound(const struct making *m)
{
    const struct stage *stage = stage_of(m);
    if (isfinite(stage->capacity) || !isfinite(stage->consumers))
        return true;
    double places = POLICY_PLACES * fmax(stage->consumers, 1);
    remarks_note(internf("the buffer is unbounded: where it has to be full it gets %.0f places, %d "
                         "for each consumer (--set %s%s%sbuffer.capacity=N)",
                         places, POLICY_PLACES, m->stage ? "stages." : "", m->stage ? m->stage : "",
                         m->stage ? "." : ""));
    return set(m, "buffer.capacity", internf("%.0f", places));
}

static bool unknown(const struct making *m, const char *word)
{
    enum { MOST = 64 };
    const char *names[MOST + WORDS];
    size_t n = 0;
    const struct family *families[] = {&policy_family, &discipline_family};
    for (size_t f = 0; f < 2; f++)
        for (const struct model *const *model = families[f]->models; *model && n < MOST; model++)
            names[n++] = (*model)->name;
    for (size_t i = 0; i < WORDS; i++)
        names[n++] = words[i].word;
    names[n] = NULL;
    const char *near = nearest(word, names);
    return error_at(m->errors, m->at,
                    "unknown policy '%s'%s%s%s: a word such as reject, pause, lifo or codel, or "
                    "PATH=VALUE",
                    word, near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
}

static bool apply_part(const struct making *m, const char *part)
{
    size_t equals = upto(part, '=');
    if (part[equals])
        return param_set(m->s, internf("%.*s", (int)equals, part), part + equals + 1, m->at,
                         m->errors);
    for (size_t i = 0; i < WORDS; i++)
        if (strcmp(words[i].word, part) == 0)
            return set(m, words[i].path, words[i].value);
    if (is_model(&policy_family, part))
        return set(m, "buffer.when_full", part) && bound(m);
    if (is_model(&discipline_family, part))
        return set(m, "consumers.discipline", part);
    return unknown(m, part);
}

static bool apply(const struct making *m, const char *policy)
{
    bool good = true;
    for (const char *at = policy; *at && good;) {
        size_t n = upto(at, '+');
        good = n > 0 ? apply_part(m, internf("%.*s", (int)n, at))
                     : error_at(m->errors, m->at, "'%s': nothing stands beside the +", policy);
        at += n;
        if (good && *at == '+' && *++at == '\0')
            good = error_at(m->errors, m->at, "nothing stands behind the last +");
    }
    return good;
}

/* What a policy is called, and what follows that. */
static const char *name_of(const char *policy, const char **parts)
{
    size_t n = strcspn(policy, ":=.{");
    *parts = policy;
    if (n == 0 || policy[n] != ':')
        return policy;
    *parts = policy + n + 1 + strspn(policy + n + 1, " ");
    return internf("%.*s", (int)n, policy);
}

/* A scenario with a policy; NULL, with errors, where that cannot be. */
static struct scenario *make(const struct scenario *s, const char *policy, const char *stage,
                             struct places *places, struct errors *errors)
{
    struct scenario *own = xmalloc(sizeof *own);
    struct making m = {own, stage, {internf("--policies %s", policy), 0, 0}, errors};
    size_t before = errors->n;
    *own = *s;
    if (*policy == '\0')
        error_at(errors, (struct place){"--policies", 0, 0}, "nothing stands before a comma");
    else if (apply(&m, policy) && errors->n == before) {
        struct errors *found = xcalloc(1, sizeof *found);
        if (!scenario_check(own, places, found)) /* told at the policy that made it so */
            error_at(errors, m.at, "%s",
                     strstr(found->text[0], "error: ") ? strstr(found->text[0], "error: ") + 7
                                                       : found->text[0]);
        free(found);
    }
    if (errors->n == before)
        return own;
    free(own);
    return NULL;
}

static bool add(struct policies *out, const char *name, struct scenario *scenario,
                struct errors *errors)
{
    struct place at = {internf("--policies %s", name), 0, 0};
    for (size_t i = 0; i < out->n; i++)
        if (out->name[i] == name) { /* interned */
            free(scenario);
            return error_at(errors, at, "it stands there twice");
        }
    if (out->n == POLICIES_MOST) {
        free(scenario);
        return error_at(errors, at, "more than %d policies", POLICIES_MOST);
    }
    out->name[out->n] = name;
    out->scenario[out->n++] = scenario;
    return true;
}

/* The stage that policies are of: NULL of the short form; false where there is none of that name.
 */
static bool find_stage(const struct scenario *s, const char *name, const char **stage,
                       struct errors *errors)
{
    *stage = s->stages_count > 0 ? stage_core(s, 0)->name : NULL;
    if (!name)
        return true;
    for (size_t i = 0; i < (size_t)s->stages_count; i++)
        if (strcmp(stage_core(s, i)->name, name) == 0) {
            *stage = stage_core(s, i)->name;
            return true;
        }
    return error_at(errors, (struct place){internf("--stage %s", name), 0, 0},
                    "there is no stage of that name");
}

bool policies_make(const struct scenario *s, const char *list, const char *stage,
                   struct places *places, struct policies *out, struct errors *errors)
{
    *out = (struct policies){0};
    const char *own;
    bool good = find_stage(s, stage, &own, errors);
    for (const char *at = list ? list : usual; good && *at;) {
        size_t n = upto(at, ',');
        size_t blanks = strspn(at, " ") < n ? strspn(at, " ") : n;
        const char *policy = internf("%.*s", (int)(n - blanks), at + blanks), *parts;
        const char *name = name_of(policy, &parts);
        struct scenario *scenario = make(s, parts, own, places, errors);
        good = scenario && add(out, name, scenario, errors);
        at += n + (at[n] == ',');
    }
    if (good && out->n == 0)
        good = error_at(errors, (struct place){"--policies", 0, 0}, "it names none");
    if (good)
        out->unbounded = make(s, "unbounded", own, places, errors);
    return good && out->unbounded;
}

void policies_free(struct policies *policies)
{
    for (size_t i = 0; i < policies->n; i++)
        free(policies->scenario[i]);
    free(policies->unbounded);
}
