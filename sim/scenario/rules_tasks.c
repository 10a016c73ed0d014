/* The rules of what arrives, and of what work it is. */
#include <stdlib.h>
#include <string.h>

#include "process.h"
#include "quantiles.h"
#include "rules.h"

#define TOP(f) offsetof(struct scenario, f)

/* Whether the chosen model of a slot has what it requires; its own rules rely on it. */
static bool has_required(const struct checking *c, const struct model *model, size_t params)
{
    struct errors missing = {0};
    struct checking silent = {c->s, NULL, &missing};
    if (model->rows)
        rules_required(&silent, (struct level){model->rows, params}, "");
    return missing.n == 0;
}

const char *rules_given_rate(const struct arrivals *a)
{
    return !isnan(a->rate)                ? "rate"
           : !isnan(a->rate_per_consumer) ? "rate_per_consumer"
           : !isnan(a->utilization)       ? "utilization"
                                          : NULL;
}

static bool no_rate_is_excused(const struct checking *c)
{
    return rules_excused(c, "arrivals.rate") || rules_excused(c, "arrivals.rate_per_consumer") ||
           rules_excused(c, "arrivals.utilization");
}

void rules_arrivals(const struct checking *c)
{
    const struct arrivals *a = &c->s->arrivals;
    const struct arrival_process *process = (const struct arrival_process *)a->process;
    if (!process) {
        broken(c, "arrivals", "'arrivals.process' is missing");
        return;
    }
    const char *given = rules_given_rate(a), *name = a->process->name;
    bool can_tell = !rules_unknown(c, "arrivals.process");
    if (can_tell && !given && process->needs_rate && !no_rate_is_excused(c))
        broken(c, "arrivals.process",
               "arrivals: process %s needs one of 'rate', 'rate_per_consumer' and 'utilization'",
               name);
    if (can_tell && given && !process->needs_rate && !process->optional_rate)
        broken(c, internf("arrivals.%s", given),
               "arrivals: '%s' means nothing to process %s, which has its own rate: remove it",
               given, name);
    if (process->check && !rules_unknown(c, "arrivals") &&
        has_required(c, a->process, offsetof(struct scenario, arrivals.params)))
        process->check(c->s, a->params, c->places, c->errors);
}

void rules_law(const struct checking *c, const struct law *law, size_t offset, const char *path)
{
    if (!law->model)
        return;
    if (law_model(law)->counts_only)
        broken(c, internf("%s.distribution", path),
               "%s: %s counts things: it is no distribution of times", path, law->model->name);
    if (!rules_unknown(c, path) &&
        has_required(c, law->model, offset + offsetof(struct law, params)))
        law_check(law, path, c->places, c->errors);
}

static void check_size_law(const struct checking *c, const struct law *law, size_t offset,
                           const char *path)
{
    if (law->model && scenario_brings_sizes(c->s) && !rules_unknown(c, "arrivals.process") &&
        !rules_unknown(c, "arrivals.sizes"))
        broken(c, path,
               "'%s' must not be given: the arrivals (%s) bring the sizes of their tasks "
               "(arrivals.sizes: law draws them in their place)",
               path, c->s->arrivals.process->name);
    rules_law(c, law, offset, path);
}

bool rules_word(const struct checking *c, const char *path, const char *name)
{
    if (strpbrk(name, ",\"'. \t") || name[strspn(name, "0123456789")] == '\0')
        return broken(c, path,
                      "%s: '%.60s' must be one word, not a number, without commas, dots and quotes",
                      path, name);
    return true;
}

static void check_class_name(const struct checking *c, int class)
{
    const char *name = c->s->classes[class].name, *path = internf("tasks.classes.%d.name", class);
    if (!name)
        return; /* missing, which has been said */
    if (strcmp(name, "all") == 0)
        broken(c, path, "%s: 'all' stands for the total in results: choose another name", path);
    rules_word(c, path, name);
    for (int other = 0; other < class; other++)
        if (c->s->classes[other].name && strcmp(c->s->classes[other].name, name) == 0) {
            broken(c, path, "%s: '%.60s' is the name of class %d already", path, name, other);
            return;
        }
}

/* How the share of a class was written, or what the sweep gives it; NULL: nobody wrote it. */
static const char *share_text(const struct checking *c, int class)
{
    static const char *const swept[] = {"sweep.values.0", "sweep.values", "sweep.to", "sweep.from"};
    const char *path = internf("tasks.classes.%d.share", class);
    bool by_sweep = c->s->sweep.parameter && param_path(c->s, c->s->sweep.parameter) == path;
    for (size_t i = 0; by_sweep && i < sizeof swept / sizeof *swept; i++)
        if (places_text(c->places, swept[i]))
            return places_text(c->places, swept[i]);
    return places_text(c->places, path);
}

/* Shares are relative to each other: 20 beside 80% would be 25 to 1. (0.2 beside 80% is well.) */
static void check_shares(const struct checking *c, int classes)
{
    int bare = -1, percent = -1;
    for (int i = 0; i < classes; i++) {
        const char *text = share_text(c, i);
        if (text && strchr(text, '%'))
            percent = i;
        else if (text && strtod(text + strspn(text, "[ "), NULL) >= 1)
            bare = i;
    }
    if (bare >= 0 && percent >= 0)
        broken(c, internf("tasks.classes.%d.share", bare),
               "tasks.classes.%d.share %s stands beside %s: write all shares with %%, or none (a "
               "bare 1 is 100%%)",
               bare, share_text(c, bare), share_text(c, percent));
}

static void check_key(const struct checking *c)
{
    const struct key_spec *key = &c->s->key;
    bool given = !isnan(key->law) || !isnan(key->exponent);
    if (isnan(key->of) && given && !rules_excused(c, "tasks.key.of"))
        broken(c, "tasks.key", "tasks.key: 'of' is missing: how many keys there are");
    if (!isnan(key->exponent) && key->law != KEYS_ZIPF &&
        !rules_excused(c, "tasks.key.distribution"))
        broken(c, "tasks.key.exponent",
               "tasks.key.exponent is of zipf: give 'distribution: zipf', or leave it out");
}

void rules_tasks(const struct checking *c)
{
    const struct scenario *s = c->s;
    const struct arrival_process *process = (const struct arrival_process *)s->arrivals.process;
    int classes = (int)s->classes_count, without = classes < scenario_classes(s) || classes == 0;
    double shares = 0;
    check_size_law(c, &s->size, TOP(size), "tasks.size");
    rules_law(c, &s->timeout, TOP(timeout), "tasks.timeout");
    rules_law(c, &s->bytes, TOP(bytes), "tasks.bytes");
    check_key(c);
    rules_law(c, &s->prefill, TOP(prefill), "tasks.prefill");
    if (s->prefill.model && scenario_steps(s) == 0 && !rules_unknown(c, "stages") &&
        !rules_unknown(c, "consumers.step"))
        broken(c, "tasks.prefill",
               "tasks.prefill is of consumers that go step by step: give consumers.step");
    for (int i = 0; i < classes; i++) {
        check_class_name(c, i);
        size_t at = TOP(classes) + (size_t)i * sizeof s->classes[i];
        check_size_law(c, &s->classes[i].size, at + offsetof(struct task_class, size),
                       internf("tasks.classes.%d.size", i));
        rules_law(c, &s->classes[i].timeout, at + offsetof(struct task_class, timeout),
                  internf("tasks.classes.%d.timeout", i));
        shares += s->classes[i].share;
        without += !s->classes[i].size.model;
    }
    check_shares(c, classes);
    if (classes > 0 && !(shares > 0) && !rules_unknown(c, "tasks.classes"))
        broken(c, "tasks.classes",
               "tasks.classes: the shares sum to 0: one at least must be above");
    bool own = scenario_is_network(s) && (rules_unknown(c, "stages") || rules_own_sizes(s));
    if (without && !own && !s->size.model && process && !scenario_brings_sizes(s) &&
        !rules_unknown(c, "arrivals.process") && !rules_unknown(c, "arrivals.sizes") &&
        !rules_unknown(c, "tasks.classes") && !rules_excused(c, "tasks.size"))
        broken(c, "tasks.size",
               "'tasks.size' is missing: the work of a task, such as "
               "{distribution: exponential, mean: 250ms}");
}
