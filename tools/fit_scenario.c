#include "fit_scenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/result/save.h"
#include "options.h"
#include "report.h"

/* Six digits that people can read, or all of them where those would be another number: shares must
 * sum to 1. */
static const char *value_text(enum unit unit, double value)
{
    char text[64];
    const char *why;
    double again;
    if (unit != UNIT_SHARE) {
        unit_human(unit, value, 6, text, sizeof text);
        if (unit_parse(unit, text, &again, &why) && fabs(again - value) <= 2e-6 * fabs(value))
            return intern(text);
    }
    unit_exact(unit, value, text, sizeof text);
    return intern(text);
}

const char *fit_law_text(const struct law *law)
{
    double x[LAW_NUMBERS];
    const char *names[LAW_NUMBERS], *text = internf("{distribution: %s", law->model->name);
    enum unit units[LAW_NUMBERS];
    int n = law_numbers(law, x, names, units);
    for (int i = 0; i < n; i++) {
        /* "means.0", "means.1": a list. */
        const char *dot = strchr(names[i], '.'), *value = value_text(units[i], x[i]);
        bool first = !dot || strcmp(dot, ".0") == 0;
        if (first)
            text =
                internf("%s, %.*s: %s", text, dot ? (int)(dot - names[i]) : (int)strlen(names[i]),
                        names[i], dot ? "[" : "");
        bool last = dot && (i + 1 == n || !strchr(names[i + 1], '.') ||
                            strcmp(strchr(names[i + 1], '.'), ".0") == 0);
        text = internf("%s%s%s%s", text, first ? "" : ", ", value, last ? "]" : "");
    }
    return internf("%s}", text);
}

static void write_schedule(const struct fit *fit, FILE *out)
{
    int level = fit->arrivals.coarse;
    double width = course_width(&fit->course, level);
    size_t from = 0;
    fputs("  process: schedule\n"
          "  repeat: yes\n"
          "  schedule:\n",
          out);
    for (size_t i = 0; i < fit->pieces; i++) {
        double tasks = 0;
        for (size_t k = from; k < fit->ends[i]; k++)
            tasks += course_at(&fit->course, level, k).tasks;
        double rate = tasks / (width * (double)(fit->ends[i] - from));
        fprintf(out, "    - {until: %s, rate: %s}\n",
                value_text(UNIT_DURATION, width * (double)fit->ends[i]),
                rate > 0 ? value_text(UNIT_RATE, rate) : "0/s");
        from = fit->ends[i];
    }
}

/* Which process says most of what the log shows; gaps of their own law where rates do not tell
 * more. */
static bool is_scheduled(const struct fit *fit)
{
    const struct poisson_test *t = &fit->arrivals;
    if (fit->pieces < 2)
        return false;
    return t->verdict == ARRIVALS_MOVING ||
           (t->verdict == ARRIVALS_OTHER &&
            t->coarse_dispersion > 2 * fmax(fit->gaps.sample.cv2, 1));
}

static bool is_renewal(const struct fit *fit)
{
    enum arrivals_verdict verdict = fit->arrivals.verdict;
    return (verdict == ARRIVALS_RENEWAL || verdict == ARRIVALS_OTHER) && fit->gap_laws.n > 0 &&
           isfinite(law_mean(&fit->gap_laws.fitted[fit->gap_laws.best].law));
}

static void write_arrivals(const struct fit *fit, FILE *out)
{
    fputs("arrivals:\n", out);
    if (is_scheduled(fit)) {
        write_schedule(fit, out);
        return;
    }
    bool renewal = is_renewal(fit);
    fprintf(out, "  process: %s\n  rate: %s\n", renewal ? "renewal" : "poisson",
            value_text(UNIT_RATE, fit->rate));
    if (renewal)
        fprintf(out, "  interarrival: %s\n",
                fit_law_text(&fit->gap_laws.fitted[fit->gap_laws.best].law));
}

/* In single quotes, as YAML wants it. */
static void write_quoted(const char *text, FILE *out)
{
    fputc('\'', out);
    for (; *text; text++) {
        if (*text == '\'')
            fputc('\'', out);
        fputc(*text, out);
    }
    fputs("'\n", out);
}

static const char *log_name(const struct fit *fit)
{
    const char *name = base_name(fit->facts.file);
    return text_is_clean(name) ? name : "a log";
}

char *fit_scenario_text(const struct fit *fit)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        abort();
    const struct laws *laws = &fit->size_laws;
    fprintf(out, "# By queuescope %s fit, from %ld tasks in %s.\n", queuescope_version,
            fit->facts.tasks, report_duration(fit->span));
    if (fit_doubts(fit))
        fputs("# What the log shows is more than this: replay it with arrivals.process: trace\n"
              "# before a decision rests on it (queuescope fit says why).\n",
              out);
    fputs("title: ", out);
    write_quoted(internf("As fitted to %s", log_name(fit)), out);
    fputc('\n', out);
    write_arrivals(fit, out);
    fputs("\ntasks:\n  size: ", out);
    if (laws->n > 0)
        fputs(fit_law_text(&laws->fitted[laws->best].law), out);
    else
        fputs("{distribution: deterministic, value: 0s}", out);
    fprintf(out,
            "\n\nconsumers:\n"
            "  count: %.0f    # a guess, busy %s of the time: the log does not say how many\n",
            fit->consumers, report_share(fit->load / fit->consumers));
    fclose(out);
    return text;
}

const char *fit_replay_lines(const struct fit *fit, const char *file)
{
    return internf("    arrivals:\n"
                   "      process: trace\n"
                   "      file: %s\n"
                   "    consumers:\n"
                   "      count: %.0f\n",
                   file, fit->consumers);
}
