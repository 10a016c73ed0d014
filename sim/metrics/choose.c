/* Which histogram is meant (metrics.h). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "metrics_in.h"

enum { LISTED = 8 };

static bool is_type(const struct family *f, const char *type)
{
    return f->type && strcmp(f->type, type) == 0;
}

static bool is_histogram(const struct family *f)
{
    return f->buckets && !is_type(f, "gaugehistogram");
}

static bool is_summary(const struct family *f)
{
    return !f->buckets && (f->points || is_type(f, "summary"));
}

static const char *shown(const char *name)
{
    return text_is_clean(name) ? internf("%.80s", name) : "...";
}

/* Why a family is none that can be taken; NULL: it can. */
static const char *refusal(const struct family *f)
{
    if (is_histogram(f))
        return NULL;
    if (is_type(f, "gaugehistogram"))
        return internf("'%s' is a gauge histogram, a snapshot of what is there at the moment: what "
                       "is wanted is a histogram that counts what went by",
                       shown(f->name));
    if (is_summary(f))
        return internf("'%s' is a summary: its quantiles are those of one process and cannot be "
                       "merged, nor bounded between each other; a histogram with le is needed",
                       shown(f->name));
    return internf("'%s' is no histogram: it has no buckets with le", shown(f->name));
}

/* The first few names of those for which `is` holds, "a, b and 3 more"; their number. */
static size_t list(const struct metrics *m, bool (*is)(const struct family *), const char **names)
{
    size_t n = 0;
    *names = "";
    for (size_t i = 0; i < m->families.n; i++)
        if (is(&m->family[i]) && n++ < LISTED)
            *names = internf("%s%s%s", *names, n > 1 ? ", " : "", shown(m->family[i].name));
    if (n > LISTED)
        *names = internf("%s and %zu more", *names, n - LISTED);
    return n;
}

/* The family called so; -1 with an error. */
static long family_called(const struct metrics *m, const char *name, struct place at,
                          struct errors *errors)
{
    const char **near = xcalloc(m->families.n + 1, sizeof *near);
    size_t length = strlen(name), n = 0;
    long found = -1;
    for (size_t i = 0; i < m->families.n && found < 0; i++) {
        const char *other = m->family[i].name;
        bool same = strcmp(other, name) == 0 ||
                    (strncmp(other, name, strlen(other)) == 0 && length == strlen(other) + 7 &&
                     strcmp(name + strlen(other), "_bucket") == 0);
        if (same)
            found = (long)i;
        else if (is_histogram(&m->family[i]))
            near[n++] = shown(other);
    }
    if (found >= 0 && refusal(&m->family[found])) {
        error_at(errors, at, "%s", refusal(&m->family[found]));
        found = -1;
    } else if (found < 0) {
        const char *names, *suggestion = nearest(name, near);
        list(m, is_histogram, &names);
        error_at(errors, at,
                 suggestion ? "there is no histogram '%s' (did you mean '%s'?)"
                 : *names   ? "there is no histogram '%s'; there is %s"
                            : "there is no histogram '%s', nor another",
                 shown(name), suggestion ? suggestion : names);
    }
    free(near);
    return found;
}

/* The only histogram there is; -1 with an error. */
static long only_family(const struct metrics *m, struct place at, struct errors *errors)
{
    const char *names;
    size_t n = list(m, is_histogram, &names);
    for (size_t i = 0; n == 1 && i < m->families.n; i++)
        if (is_histogram(&m->family[i]))
            return (long)i;
    if (n > 1) {
        error_at(errors, at, "holds %zu histograms: choose one: %s", n, names);
        return -1;
    }
    for (size_t i = 0; i < m->families.n; i++)
        if (is_type(&m->family[i], "gaugehistogram") || is_summary(&m->family[i])) {
            error_at(errors, at, "holds no histogram: %s", refusal(&m->family[i]));
            return -1;
        }
    error_at(errors, at, "holds no histogram: no line NAME_bucket{le=\"...\"} can be used%s%s",
             m->facts.bad > 0 ? "; the first that cannot: " : "",
             m->facts.bad > 0 ? m->facts.first_bad[0] : "");
    return -1;
}

/* ---- units ---- */

static const struct {
    const char *word;
    double seconds; /* 0: no time */
} units[] = {{"seconds", 1},  {"milliseconds", 1e-3}, {"microseconds", 1e-6}, {"nanoseconds", 1e-9},
             {"minutes", 60}, {"hours", 3600},        {"days", 86400},        {"ms", 1e-3},
             {"us", 1e-6},    {"ns", 1e-9},           {"millis", 1e-3},       {"micros", 1e-6},
             {"nanos", 1e-9}, {"seconds_total", 1},   {"bytes", 0},           {"ratio", 0},
             {"second", 1},   {"millisecond", 1e-3},  {"microsecond", 1e-6},  {"nanosecond", 1e-9},
             {"sec", 1},      {"msec", 1e-3},         {"usec", 1e-6},         {"nsec", 1e-9},
             {"secs", 1},     {"msecs", 1e-3},        {"usecs", 1e-6},        {"nsecs", 1e-9},
             {"percent", 0},  {"meters", 0},          {"volts", 0},           {"amperes", 0},
             {"joules", 0},   {"grams", 0},           {"celsius", 0}};

/* Whether a word is one of those that underscores join to a name; `last`: the last of them. */
static bool is_in_name(const char *name, const char *word, bool last)
{
    size_t k = strlen(word);
    for (const char *at = name; (at = strstr(at, word)); at++)
        if (at > name && at[-1] == '_' && (at[k] == '\0' || (at[k] == '_' && !last)))
            return true;
    return false;
}

/* Seconds in the unit of a family; 0 with an error where it is none of time; NAN where nothing says
 * it. */
static double unit_of(const struct family *f, double asked, struct place at, const char **words,
                      struct errors *errors)
{
    if (asked > 0) {
        *words = "as --unit says";
        return asked;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        bool named = is_in_name(f->name, units[i].word, !(units[i].seconds > 0));
        if (f->unit ? strcmp(f->unit, units[i].word) != 0 : !named)
            continue;
        *words = internf("%s, by its %s", units[i].word, f->unit ? "UNIT" : "name");
        if (!(units[i].seconds > 0))
            error_at(errors, at,
                     "'%s' is in %s: the size of a task is a time (a --unit says what 1 takes)",
                     shown(f->name), units[i].word);
        return units[i].seconds;
    }
    *words = "seconds, since nothing says another unit";
    return NAN;
}

static const char *latency_word(const char *name)
{
    static const char *const words[] = {"latency", "request_duration", "response", "wait",
                                        "sojourn", "round_trip",       "rtt"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(name, words[i]))
            return words[i];
    return NULL;
}

/* ---- labels ---- */

/* The selector as given: text copies that it points into are interned. */
static bool take_selector(const struct metrics_choice *choice, struct exposition *out,
                          struct place at, struct errors *errors)
{
    *out = (struct exposition){0};
    const char *why = NULL;
    if (choice->metric) {
        size_t size = strlen(choice->metric) + 1;
        char *text = memcpy(xmalloc(size), choice->metric, size);
        bool good = exposition_selector(text, out, &why);
        out->name = good ? intern(out->name) : NULL;
        for (int i = 0; good && i < out->labels; i++)
            out->label[i] =
                (struct exposition_label){intern(out->label[i].name), intern(out->label[i].value)};
        free(text);
        if (!good)
            return error_at(errors, at, "%s: NAME, or NAME{label=\"value\"}", why);
    }
    for (int i = 0; i < choice->n_labels; i++) {
        const char *equals = strchr(choice->labels[i], '=');
        if (!equals || equals == choice->labels[i])
            return error_at(errors, (struct place){internf("--label %s", choice->labels[i]), 0, 0},
                            "must be NAME=VALUE");
        if (out->labels == EXPOSITION_LABELS)
            return error_at(errors, at, "more than %d labels", EXPOSITION_LABELS);
        out->label[out->labels++] = (struct exposition_label){
            internf("%.*s", (int)(equals - choice->labels[i]), choice->labels[i]),
            intern(equals + 1)};
    }
    return true;
}

static bool no_series(const struct metrics *m, uint32_t family, const struct exposition *selector,
                      struct place at, struct errors *errors)
{
    for (uint32_t s = 0; s < m->all_series.n; s++) {
        char text[120];
        metrics_series_text(m, s, text);
        if (m->series[s].family == family)
            return error_at(errors, at, "no series of '%s' has %s=\"%s\"%s; there is, for one, %s",
                            shown(m->family[family].name), shown(selector->label[0].name),
                            shown(selector->label[0].value),
                            selector->labels > 1 ? " and what else is asked for" : "", text);
    }
    return error_at(errors, at, "'%s' has no series", shown(m->family[family].name));
}

bool metrics_choose(struct metrics *m, const struct metrics_choice *choice, struct place at,
                    struct scraped *out, struct errors *errors)
{
    struct exposition selector;
    *out = (struct scraped){0};
    if (!take_selector(choice, &selector, at, errors))
        return false;
    long chosen =
        selector.name ? family_called(m, selector.name, at, errors) : only_family(m, at, errors);
    if (chosen < 0)
        return false;
    const struct family *f = &m->family[chosen];
    double unit = unit_of(f, choice->unit, at, &out->unit, errors);
    bool guessed = isnan(unit);
    if (guessed)
        unit = 1;
    if (!(unit > 0))
        return false;
    size_t n;
    bool timed;
    struct metric_sample *samples = metrics_samples_of(m, (uint32_t)chosen, &selector, &n, &timed);
    if (n == 0) {
        free(samples);
        return no_series(m, (uint32_t)chosen, &selector, at, errors);
    }
    const char *words = out->unit;
    *out = m->facts;
    out->unit = words;
    out->unit_guessed = guessed;
    out->metric = shown(f->name);
    out->latency = latency_word(f->name);
    bool any = metrics_merge(m, samples, n, timed, unit, out);
    free(samples);
    if (any)
        return true;
    scraped_free(out);
    return error_at(errors, at, "'%s' counts nothing%s%s", shown(f->name),
                    out->bad_kept > 0 ? "; the first that cannot be used: " : "",
                    out->bad_kept > 0 ? out->first_bad[0] : "");
}

void scraped_free(struct scraped *scraped)
{
    bins_free(&scraped->bins);
}
