#include "fit_input.h"

#include <string.h>

#include "../../sim/fit/formats.h"
#include "../../sim/metrics/metrics.h"

bool fit_open(const struct options *o, struct lines *lines[], struct errors *errors)
{
    memset(lines, 0, OPTIONS_MANY * sizeof *lines);
    for (int i = 0; i < o->n_scenarios; i++) {
        const char *name = o->scenarios[i];
        for (int k = 0; k < i; k++)
            if (strcmp(o->scenarios[k], name) == 0)
                return error_at(errors, (struct place){name, 0, 0}, "is named twice");
        lines[i] = lines_open(name, (struct place){name, 0, 0}, errors);
        if (!lines[i])
            return false;
    }
    return true;
}

void fit_close(const struct options *o, struct lines *lines[])
{
    for (int i = 0; i < o->n_scenarios; i++)
        lines_close(lines[i]);
}

bool fit_is_metrics(const struct options *o, struct lines *lines)
{
    if (o->format && strcmp(o->format, "auto") != 0)
        return strcmp(o->format, "metrics") == 0;
    return metrics_are_likely(lines);
}

int fit_choice(const char *option, const char *text, const char *const *words,
               struct errors *errors)
{
    struct place at = {internf("%s %s", option, text), 0, 0};
    const char *list = "";
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], text) == 0)
            return i;
        list = internf("%s%s%s", list, !i ? "" : words[i + 1] ? ", " : " or ", words[i]);
    }
    const char *near = nearest(text, words);
    if (near)
        error_at(errors, at, "unknown (did you mean '%s'?)", near);
    else
        error_at(errors, at, "unknown: must be %s", list);
    return -1;
}

bool fit_unit(const char *option, const char *text, double *unit, struct errors *errors)
{
    struct place at = {internf("%s %s", option, text), 0, 0};
    const char *why;
    if (unit_parse(UNIT_DURATION, internf("1%s", text), unit, &why) && *unit > 0)
        return true;
    return error_at(errors, at, "must be one of ns, us, ms, s, min, h and d");
}

/* ---- of logs ---- */

static bool refuse_metrics(const struct options *o, struct errors *errors)
{
    const char *option = o->metric    ? "--metric"
                         : o->n_label ? "--label"
                         : o->rate    ? "--rate"
                                      : NULL;
    return !option ||
           error_at(errors, (struct place){option, 0, 0}, "is for metrics, and this is a log");
}

static bool take_only(const struct options *o, struct log_options *log, struct errors *errors)
{
    for (int i = 0; i < o->n_only; i++) {
        struct place at = {internf("--only %s", o->only[i]), 0, 0};
        if (!strchr(o->only[i], '=') || o->only[i][0] == '=')
            return error_at(errors, at, "must be COLUMN=TEXT, such as status=200");
        if (i == LOG_ONLY)
            return error_at(errors, at, "one more than %d", LOG_ONLY);
        log->only[log->n_only++] = o->only[i];
    }
    return true;
}

static bool take_bad(const struct options *o, struct log_options *log, struct errors *errors)
{
    const char *why;
    struct place at = {internf("--bad-lines %s", o->bad_lines), 0, 0};
    if (!o->bad_lines)
        return true;
    if (!unit_parse(UNIT_SHARE, o->bad_lines, &log->bad, &why))
        return error_at(errors, at, "%s", why);
    return (log->bad > 0 && log->bad <= 1) ||
           error_at(errors, at, "a share of the lines, above 0 and at most 100%%");
}

bool fit_log_options(const struct options *o, struct log_options *log, enum fit_as *as,
                     struct errors *errors)
{
    static const char *const kinds[] = {"size", "latency", NULL};
    size_t before = errors->n;
    int i = 0;
    *log = (struct log_options){
        .arrival = o->arrival, .end = o->end, .service = o->service, .class = o->class};
    *as = FIT_AS_UNSAID;
    refuse_metrics(o, errors);
    if (o->format && (i = fit_choice("--format", o->format, format_names(), errors)) > 0)
        log->format = format_names()[i];
    if (o->moment && (i = fit_choice("--times-are", o->moment, log_moment_names, errors)) >= 0)
        log->moment = (enum log_moment)i;
    if (o->dates && (i = fit_choice("--dates", o->dates, log_dates_names, errors)) >= 0)
        log->dates = (enum log_dates)i;
    if (o->as && (i = fit_choice("--as", o->as, kinds, errors)) >= 0)
        *as = i == 0 ? FIT_AS_SIZE : FIT_AS_LATENCY;
    if (o->unit)
        fit_unit("--unit", o->unit, &log->unit, errors);
    if (o->time_unit)
        fit_unit("--time-unit", o->time_unit, &log->arrival_unit, errors);
    take_only(o, log, errors);
    take_bad(o, log, errors);
    return errors->n == before;
}
