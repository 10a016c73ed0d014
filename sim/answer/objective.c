#include "objective.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/places.h"
#include "../result/save_csv.h"
#include "../result/stats.h"
#include "../scenario/sweep.h"
#include "objective_name.h"

const char *const finding_names[3] = {"undecided", "met", "unmet"};

enum { MEASURE = 64 }; /* bytes of a name */

static const struct measure_row {
    const char *name, *also; /* another name for it */
    enum figure_kind kind;
    enum unit unit;
    bool of_class; /* known of single classes, too */
} rows[] = {
    {"latency_mean", "mean", FIGURE_LATENCY_MEAN, UNIT_DURATION, true},
    {"wait_mean", NULL, FIGURE_WAIT_MEAN, UNIT_DURATION, true},
    {"wait_probability", NULL, FIGURE_WAIT_PROBABILITY, UNIT_SHARE, true},
    {"loss_fraction", "loss", FIGURE_LOSS_FRACTION, UNIT_SHARE, true},
    {"utilization", NULL, FIGURE_UTILIZATION, UNIT_SHARE, false},
    {"throughput", NULL, FIGURE_THROUGHPUT, UNIT_RATE, false},
    {"goodput", NULL, FIGURE_GOODPUT, UNIT_RATE, true},
    {"arrival_rate", NULL, FIGURE_ARRIVAL_RATE, UNIT_RATE, false},
    {"queue_mean", NULL, FIGURE_QUEUE_MEAN, UNIT_NUMBER, false},
    {"in_system_mean", NULL, FIGURE_IN_SYSTEM_MEAN, UNIT_NUMBER, false},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

/* Columns that are no objectives, and what to ask for in their place. */
static const struct {
    const char *name, *why;
} others[] = {
    {"latency_max", "the longer one looks, the larger it gets: ask for a quantile such as p9999"},
    {"offered", "it depends on the length of the run: ask for arrival_rate"},
    {"completed", "it depends on the length of the run: ask for goodput"},
    {"lost", "it depends on the length of the run: ask for loss"},
    {"unfinished", "it depends on the length of the run: ask for loss or utilization"},
    {"duration", "it is the length of the run"},
    {"stable", "what grows without limit meets no latency objective anyhow: ask for p99"},
};

/* The p of "p99", "p999", "p99.9"; NAN of anything else, 0 of a quantile out of range. */
static double quantile_of(const char *text)
{
    char digits[MEASURE] = "0.";
    size_t n = 2, dots = 0;
    if (*text != 'p' || !isdigit((unsigned char)text[1]))
        return NAN;
    for (const char *c = text + 1; *c; c++) {
        if (*c == '.' && dots++ == 0 && c == text + 3)
            continue;
        if (!isdigit((unsigned char)*c) || n + 1 == sizeof digits)
            return NAN;
        digits[n++] = *c;
    }
    double p = strtod(digits, NULL);
    return n >= 4 && p >= 0.5 && p <= 0.9999 ? p : 0;
}

/* Names worth suggesting, NULL at the end; for one class only those that are known of it. */
static void known(const char **names, bool of_class)
{
    static const char *const quantiles[] = {
        "p50",         "p90",         "p95",         "p99",          "p999",
        "latency_p50", "latency_p90", "latency_p99", "latency_p999", "wait_p50",
        "wait_p90",    "wait_p99",    "wait_p999"};
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
        *names++ = quantiles[i];
    for (size_t i = 0; i < ROWS; i++) {
        if (of_class && !rows[i].of_class)
            continue;
        *names++ = rows[i].name;
        if (rows[i].also)
            *names++ = rows[i].also;
    }
    *names = NULL;
}

bool objective_quantile(const char *name, struct objective *out)
{
    const char *from = name;
    bool wait = strncmp(name, "wait_", 5) == 0;
    if (wait)
        from += 5;
    else if (strncmp(name, "latency_", 8) == 0)
        from += 8;
    double p = quantile_of(from);
    if (isnan(p))
        return false;
    out->figure.kind = wait ? FIGURE_WAIT_QUANTILE : FIGURE_LATENCY_QUANTILE;
    out->figure.p = p;
    out->unit = UNIT_DURATION;
    return true;
}

/* The full name of a measure: wait_p999, loss_fraction. */
static const char *full_name(const struct objective *o)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].kind == o->figure.kind)
            return rows[i].name;
    const char *text = internf("%.4f", o->figure.p);
    size_t n = strlen(text);
    while (n > 4 && text[n - 1] == '0')
        n--;
    return internf("%s_p%.*s", o->figure.kind == FIGURE_WAIT_QUANTILE ? "wait" : "latency",
                   (int)n - 2, text + 2);
}

/* The measure, by its name without a class. */
static bool take_measure(const char *name, bool of_class, struct place at, struct objective *out,
                         struct errors *errors)
{
    if (objective_quantile(name, out))
        return out->figure.p > 0 ||
               error_at(errors, at, "'%s': quantiles are from p50 to p99.99, such as p99 or p999",
                        name);
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(rows[i].name, name) != 0 && !(rows[i].also && strcmp(rows[i].also, name) == 0))
            continue;
        if (of_class && !rows[i].of_class)
            return error_at(errors, at, "'%s' is known of all classes together only", name);
        out->figure.kind = rows[i].kind;
        out->unit = rows[i].unit;
        return true;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i].name, name) == 0)
            return error_at(errors, at, "'%s' cannot be an objective: %s", name, others[i].why);
    const char *names[2 * ROWS + 16];
    known(names, of_class);
    const char *near = nearest(name, names);
    if (near)
        return error_at(errors, at, "unknown measure '%s' (did you mean '%s'?)", name, near);
    return error_at(errors, at,
                    "unknown measure '%s' (p50 to p99.99, wait_p99, latency_mean, wait_mean, loss, "
                    "utilization, throughput, goodput, wait_probability, queue_mean, ...)",
                    name);
}

/* Requests up to their answer are with no consumer, and wait in no buffer, of their own. */
static bool is_of_client(const struct scenario *s, const struct objective *o, struct place at,
                         struct errors *errors)
{
    bool client = trial_places(s) > 1 && o->figure.place > trial_whole(s) + 1;
    if (!client || (o->figure.kind != FIGURE_UTILIZATION && o->figure.kind != FIGURE_QUEUE_MEAN))
        return true;
    return error_at(errors, at, "'%s' is known of stages and of all, not of what clients see",
                    full_name(o));
}

/* A number without a unit. */
static bool is_bare(const char *text)
{
    size_t n = strlen(text);
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        n--;
    return n > 0 && (isdigit((unsigned char)text[n - 1]) || text[n - 1] == '.');
}

/* Where a unit decides by a factor of 60 or 1000, nobody guesses it; 0 is 0 in all of them. */
static bool has_unit(const char *text, struct place at, struct objective *out,
                     struct errors *errors)
{
    bool bare = is_bare(text) && out->limit > 0;
    int n = (int)(strcspn(text, " \t") ? strcspn(text, " \t") : strlen(text));
    if (bare && out->unit == UNIT_DURATION)
        return error_at(errors, at, "'%s': an objective needs its unit: %.*sms, or %.*ss?", text, n,
                        text, n, text);
    if (bare && out->unit == UNIT_RATE)
        return error_at(errors, at, "'%s': an objective needs its unit: %.*s/s, or %.*s/min?", text,
                        n, text, n, text);
    if (bare && out->unit == UNIT_SHARE) {
        char meant[64];
        unit_human(UNIT_SHARE, out->limit, 6, meant, sizeof meant);
        out->doubt = internf("'%s' without a unit is read as %s: write the %%", text, meant);
    }
    return true;
}

static bool take_limit(const char *text, struct place at, struct objective *out,
                       struct errors *errors)
{
    const char *why;
    text += strspn(text, " \t");
    if (!unit_parse(out->unit, text, &out->limit, &why))
        return error_at(errors, at, "'%s': %s (%s is wanted)", text, why, unit_describe(out->unit));
    if (out->limit < 0)
        return error_at(errors, at, "'%s': no figure is below zero", text);
    if (out->unit == UNIT_SHARE && out->limit > 1)
        return error_at(errors, at, "'%s': a share is at most 100%%", text);
    if (out->unit == UNIT_SHARE && out->limit == 1 && !out->at_least)
        return error_at(errors, at, "'%s': it cannot fail: no share is above 100%%%s", text,
                        is_bare(text) ? " (a bare 1 is all of them; 1 in 100 is 1%)" : "");
    if (out->limit == 0 && out->at_least)
        return error_at(errors, at, "'%s': it cannot fail: no figure is below zero", text);
    return has_unit(text, at, out, errors);
}

bool objective_holds_at(const struct objective *objective, double value)
{
    double off = fabs(value - objective->at);
    return isnan(objective->at) || off <= 1e-9 * fabs(objective->at);
}

/* Cuts " at COLUMN" off what stands behind the sign; NULL, with an error, where that is no column.
 */
static const char *take_column(const struct scenario *s, const char *text, struct place at,
                               struct objective *out, struct errors *errors)
{
    const char *word = strstr(text, " at "), *why;
    if (!word)
        return text;
    const char *column = word + 4 + strspn(word + 4, " \t");
    if (!sweep_name(s)) {
        error_at(errors, at, "'at %s' is a column of a sweep, and the scenario has none", column);
        return NULL;
    }
    if (unit_parse(sweep_unit(s), column, &out->at, &why))
        return internf("%.*s", (int)(word - text), text);
    error_at(errors, at, "'%s': %s", column, why);
    return NULL;
}

static const char *whole_text(const struct scenario *s, const struct objective *o,
                              const char *class, int class_length)
{
    char limit[64], column[64];
    unit_exact(o->unit, o->limit, limit, sizeof limit);
    const char *text = internf("%.*s%s %s %s", class_length, class, full_name(o),
                               o->at_least ? ">=" : "<=", limit);
    if (isnan(o->at) || !sweep_name(s))
        return text;
    unit_exact(sweep_unit(s), o->at, column, sizeof column);
    return internf("%s at %s", text, column);
}

bool objective_parse(const struct scenario *s, const char *text, struct place at,
                     struct objective *out, struct errors *errors)
{
    *out = (struct objective){.at = NAN};
    size_t begin = strspn(text, " \t"), to = strcspn(text, "<>="), end = to;
    while (end > begin && isspace((unsigned char)text[end - 1]))
        end--;
    size_t sign = strspn(text + to, "<>=");
    const char *op = internf("%.*s", (int)sign, text + to);
    bool most = strcmp(op, "<=") == 0 || strcmp(op, "<") == 0;
    out->at_least = strcmp(op, ">=") == 0 || strcmp(op, ">") == 0;
    if (end == begin || (!most && !out->at_least))
        return error_at(errors, at,
                        "an objective is MEASURE <= VALUE or MEASURE >= VALUE, such as "
                        "'p99 <= 250ms' or 'loss <= 0.1%%'");
    const char *name = internf("%.*s", (int)(end - begin), text + begin);
    if (strlen(name) >= MEASURE)
        return error_at(errors, at, "unknown measure '%s'", name);
    const char *measure = objective_of_what(s, name, at, out, errors);
    if (!measure || !take_measure(measure, objective_of_class(s, out), at, out, errors) ||
        !is_of_client(s, out, at, errors))
        return false;
    const char *value = take_column(s, text + to + sign, at, out, errors);
    if (!value || !take_limit(value, at, out, errors))
        return false;
    out->name = name;
    out->text = whole_text(s, out, name, (int)(measure - name));
    return true;
}

bool objectives_of(const struct scenario *s, const struct places *places,
                   struct objective out[OBJECTIVES], size_t *n, struct errors *errors)
{
    size_t before = errors->n;
    *n = 0;
    for (size_t i = 0; i < (size_t)s->objectives_count; i++) {
        struct place at = places_find(places, internf("objectives.%zu", i));
        if (s->objectives[i] && objective_parse(s, s->objectives[i], at, &out[*n], errors))
            ++*n;
    }
    return errors->n == before;
}

static bool has_column(const struct scenario *s, const struct objective *objective)
{
    for (uint32_t i = 0; i < sweep_columns(s); i++)
        if (objective_holds_at(objective, sweep_value(s, i)))
            return true;
    return false;
}

bool objectives_check(const struct scenario *s, const struct places *places, struct errors *errors)
{
    struct objective objectives[OBJECTIVES];
    size_t n;
    bool good = objectives_of(s, places, objectives, &n, errors);
    for (size_t i = 0; good && i < n; i++)
        if (!has_column(s, &objectives[i]))
            good = error_at(errors, places_find(places, internf("objectives.%zu", i)),
                            "'%s': no column of the sweep is there", objectives[i].text);
    return good;
}

enum finding objective_judge(const struct objective *objective, const struct estimate *estimate)
{
    if (isnan(estimate->low) || isnan(estimate->high))
        return FINDING_UNDECIDED;
    if (objective->at_least)
        return estimate->low >= objective->limit   ? FINDING_MET
               : estimate->high < objective->limit ? FINDING_UNMET
                                                   : FINDING_UNDECIDED;
    return estimate->high <= objective->limit ? FINDING_MET
           : estimate->low > objective->limit ? FINDING_UNMET
                                              : FINDING_UNDECIDED;
}

double objective_needs(const struct objective *objective)
{
    bool quantile = objective->figure.kind == FIGURE_LATENCY_QUANTILE ||
                    objective->figure.kind == FIGURE_WAIT_QUANTILE;
    return quantile ? stats_quantile_needs(objective->figure.p) : 1;
}
