#include "fit_log_words.h"

#include <math.h>
#include <stdio.h>

#include "../words/report.h"

static void warn(const char *text)
{
    fprintf(stderr, "queuescope fit: warning: %s\n", text);
}

/* ---- guesses ---- */

/* A unit as --unit has it. */
static const char *unit_word(double unit)
{
    return unit == 1 ? "s" : unit == 1e-3 ? "ms" : unit == 1e-6 ? "us" : "ns";
}

static void warn_guesses(const struct fit *fit)
{
    const struct log_facts *f = &fit->facts;
    if (f->size_guessed)
        warn(internf("sizes are taken from %s, which no name calls so: --service says it, or "
                     "another",
                     f->service));
    if (f->other > 0)
        warn(internf("nothing names the unit of %s: read as %s, %ld tasks take %s on average; as "
                     "%s it would be %s (--unit %s, or --unit %s to be sure)",
                     f->service, unit_word(f->unit), f->tasks, report_duration(fit->mean),
                     unit_word(f->other), report_duration(fit->mean / f->unit * f->other),
                     unit_word(f->other), unit_word(f->unit)));
    double step = reader_size_step(fit->reader);
    if (step >= 1 && fit->mean < 10 * step)
        warn(internf("sizes are whole steps of %s, and %s on average: how they are spread below "
                     "that is not in the log (nginx logs $request_time, Apache %%D or %%{ms}T)",
                     report_duration(step), report_duration(fit->mean)));
}

/* ---- what is absurd ---- */

static void warn_dates(const struct fit *fit)
{
    const struct log_facts *f = &fit->facts;
    if (f->dates_guessed)
        warn(
            internf("none of the dates tells which number is the month: read as %s, with which the "
                    "log is much the shorter (--dates %s-first, or --dates %s-first to be sure)",
                    f->day_first ? "day/month" : "month/day", f->day_first ? "month" : "day",
                    f->day_first ? "day" : "month"));
}

static void warn_absurd(const struct fit *fit)
{
    enum { MANY = 1000 };
    const double shortest = 10e-6;
    const struct log_facts *f = &fit->facts;
    const struct sample *s = &fit->sizes;
    double whole = f->unit > 0 ? s->max / f->unit : 0;
    bool constant = s->n > 1 && s->min == s->max;
    if (fit->load > MANY)
        warn(internf("that is work for %.0f consumers at once: is the unit right (--unit), and the "
                     "column (--service)?",
                     fit->load));
    if (constant && whole == floor(whole) && whole >= 100 && whole < 600)
        warn(internf("all sizes are %.0f: is %s a status code (--service)?", whole, f->service));
    else if (fit->mean > fit->span)
        warn(internf("the average task takes %s, longer than the whole log (%s): is the unit right "
                     "(--unit)?",
                     report_duration(fit->mean), report_duration(fit->span)));
    else if (s->n > 0 && s->max > fit->span)
        warn(internf("the longest task takes %s, longer than the whole log (%s)",
                     report_duration(s->max), report_duration(fit->span)));
    if (s->n > 0 && sample_quantile(s, 0.99) < shortest)
        warn(internf("99 %% of the sizes are below %s: is the unit right (--unit)?",
                     report_duration(shortest)));
}

/* ---- clocks ---- */

static void warn_clocks(const struct fit *fit)
{
    const double nearly_all = 0.99;
    const struct log_facts *f = &fit->facts;
    double gap = fit->gaps.sample.max;
    if (f->back > 0)
        warn(internf("at line %ld the clock goes back by %s, as at the end of summer time: what "
                     "follows is put that much later (dates with their offset from UTC leave no "
                     "doubt)",
                     f->back_line, report_duration(f->back)));
    if (f->tasks > 2 && gap > nearly_all * fit->span)
        warn(internf("a single gap of %s is %s of the log: a wrong time, or two logs in one? Rate "
                     "and bursts are of no use",
                     report_duration(gap), report_share(gap / fit->span)));
}

static void warn_processors(const struct fit *fit)
{
    const struct log_facts *f = &fit->facts;
    if (f->processors > 1)
        warn(internf("jobs take up to %.0f processors each, %.4g at once on average; here a job is "
                     "one task of one consumer, whatever it takes: consumers are not processors, "
                     "and waits of large jobs for many free ones are not in the model",
                     f->processors, f->work / fit->span));
}

void fit_log_warnings(const struct fit *fit, enum fit_as as)
{
    warn_guesses(fit);
    warn_dates(fit);
    warn_absurd(fit);
    warn_clocks(fit);
    warn_processors(fit);
    if (fit->facts.latency && as == FIT_AS_UNSAID)
        warn("request times hold the wait, and are sizes only as far as nothing waited: where it "
             "did, the scenario waits twice. Take what the workers measure; --as latency lays the "
             "times over simulated ones, --as size says that they are sizes");
}

void fit_say_overlay(const char *folder, const char *file)
{
    printf(
        "\nLatencies are no sizes, and no scenario is made of them. In one that has sizes of its "
        "own,\nthese lines lay them over the simulated ones:\n\n"
        "    picture:\n"
        "      observed: %s/%s\n",
        folder, file);
}
