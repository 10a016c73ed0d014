#include "fit_report.h"

#include <math.h>
#include <string.h>

#include "../shell/remarks.h"
#include "../words/report.h"
#include "fit_scenario.h"

static const char *number(double value, int digits)
{
    char text[64];
    if (isnan(value))
        return "-";
    unit_human(UNIT_NUMBER, value, digits, text, sizeof text);
    return intern(text);
}

static const char *probability(double p)
{
    return isnan(p) ? "-" : p < 0.001 ? "p < 0.001" : internf("p = %.3f", p);
}

/* ---- the log ---- */

static void report_bad(const struct log_facts *f, FILE *out)
{
    if (f->bad > 0)
        fprintf(out, "  %ld of %ld lines cannot be used:\n", f->bad, f->lines);
    for (int i = 0; i < f->bad_kept; i++)
        fprintf(out, "    line %ld: %s\n", f->first_bad[i].line, f->first_bad[i].why);
    if (f->bad > f->bad_kept)
        fprintf(out, "    and %ld more\n", f->bad - f->bad_kept);
}

static void report_log(const struct fit *fit, FILE *out)
{
    const struct log_facts *f = &fit->facts;
    fprintf(out, "%s%s: %s (%s)\n", f->file,
            f->files > 1 ? internf(" and %d more", f->files - 1) : "", f->format, f->of);
    fprintf(out, "  arrivals: %s; sizes: %s\n", f->arrival, f->service);
    fprintf(out, "  %ld tasks in %s\n", f->tasks, report_duration(fit->span));
    if (fit->spread.time > 0)
        fprintf(out, "  times are whole steps of %s: each was spread evenly over its step\n",
                report_duration(fit->spread.time));
    if (fit->spread.size > 0.01 * fit->mean)
        fprintf(out, "  sizes are whole steps of %s: the smallest were spread over theirs\n",
                report_duration(fit->spread.size));
    if (fit->moved > 0)
        fprintf(out, "  %ld tasks were not in order of arrival, and are now\n", fit->moved);
    if (f->classes.n > LOG_CLASSES)
        fprintf(out, "  classes: %s has more than %d: all tasks are fitted as one class\n",
                f->class, LOG_CLASSES);
    else if (fit->n_classes > 0)
        fprintf(out, "  classes: %s, %d of them\n", f->class, fit->n_classes);
    if (f->others > 0)
        fprintf(out, "  %ld lines are no tasks (--only)\n", f->others);
    report_bad(f, out);
}

/* ---- arrivals ---- */

const char *fit_verdict(const struct fit *fit)
{
    switch (fit->arrivals.verdict) {
    case ARRIVALS_FEW:
        return "too few tasks to tell";
    case ARRIVALS_POISSON:
        return fit->arrivals.nearly ? "nearly: gaps differ, but by too little to matter"
                                    : "yes, as far as any test can tell";
    case ARRIVALS_MOVING:
        return "from moment to moment yes, but at a rate that moves with time";
    case ARRIVALS_RENEWAL:
        if (fit->gaps.sample.cv2 <= 1e-4)
            return "no: tasks come at a steady pace, one gap is like the other";
        return "no: gaps are independent, but not exponential";
    case ARRIVALS_OTHER:
        if (fit_evens_out(fit))
            return "no, nor are gaps independent: long ones are made up for by short ones";
        return "no, nor are gaps independent: arrivals come in bursts, or depend on each other";
    }
    return "";
}

static void report_test(FILE *out, const char *what, const char *test, const char *figure, double p)
{
    if (!isnan(p))
        fprintf(out, "    %-46s %-18s %-18s %s\n", what, test, figure, probability(p));
}

/* Over 1, 8, 64, ... gaps. */
static void report_dispersion(const struct gaps *gaps, FILE *out)
{
    const char *lengths = "", *values = "";
    for (int level = 0; level < GAPS_LEVELS; level += 3) {
        double value = gaps_dispersion(gaps, level);
        if (isnan(value))
            continue;
        lengths = internf("%s%s%.0f", lengths, level ? ", " : "", ldexp(1, level));
        values = internf("%s%s%s", values, level ? ", " : "", number(value, 3));
    }
    if (*values)
        fprintf(out, "  index of dispersion of %s gaps: %s\n", lengths, values);
}

static void report_arrivals(const struct fit *fit, FILE *out)
{
    const struct poisson_test *t = &fit->arrivals;
    double fine = course_width(&fit->course, t->fine),
           coarse = course_width(&fit->course, t->coarse);
    fprintf(out, "\narrivals\n  rate %s on average, %s in the busiest %s\n", report_rate(fit->rate),
            report_rate(fit->peak), report_duration(coarse));
    fprintf(out, "  Poisson? %s\n", fit_verdict(fit));
    report_test(out, "gaps are exponential", "Anderson-Darling",
                internf("A2 %s", number(t->gaps_a2, 3)), t->gaps_p);
    report_test(out, "gaps over the mean of their 64 neighbours are", "Anderson-Darling",
                internf("distance %s", number(t->blocks_distance, 2)), t->blocks_p);
    report_test(out, internf("counts in windows of %s", report_duration(fine)), "chi squared",
                internf("dispersion %s", number(t->fine_dispersion, 3)), t->fine_p);
    if (t->coarse != t->fine)
        report_test(out, internf("counts in windows of %s", report_duration(coarse)), "chi squared",
                    internf("dispersion %s", number(t->coarse_dispersion, 3)), t->coarse_p);
    fprintf(out,
            "  gaps vary by %s (squared coefficient of variation; Poisson: 1), %s over 64 "
            "neighbours\n",
            number(fit->gaps.sample.cv2, 3), number(t->blocks_cv2, 3));
    report_dispersion(&fit->gaps, out);
}

/* ---- sizes ---- */

const char *fit_law_short(const struct law *law)
{
    double x[LAW_NUMBERS];
    const char *names[LAW_NUMBERS], *text = "";
    enum unit units[LAW_NUMBERS];
    int n = law_numbers(law, x, names, units);
    for (int i = 0; i < n; i++) {
        char value[64];
        unit_human(units[i], x[i], 4, value, sizeof value);
        text = internf("%s%s%s %s", text, i ? ", " : "", names[i], value);
    }
    return text;
}

static void report_families(const struct laws *laws, FILE *out)
{
    fprintf(out, "  %-18s%10s%10s  %s\n", "law", "AIC", "distance", "parameters");
    for (int i = 0; i < laws->n; i++) {
        const struct fitted *f = &laws->fitted[i];
        double above = f->aic - laws->fitted[0].aic;
        fprintf(out, "%s %-18s%10s%10s  %s\n", i == laws->best ? " >" : "  ", f->law.model->name,
                i == 0 || isnan(above) ? "best" : internf("+%s", number(above, 3)),
                internf("%.4f", f->distance), fit_law_short(&f->law));
    }
}

static void report_errors(const struct laws *laws, FILE *out)
{
    double x[LAW_NUMBERS];
    const char *names[LAW_NUMBERS];
    enum unit units[LAW_NUMBERS];
    int n = law_numbers(&laws->fitted[laws->best].law, x, names, units);
    if (laws->samples == 0) {
        fprintf(out, "  how probable so large a distance is was not asked: too large a log\n");
        return;
    }
    fprintf(out, "  of that law, so large a distance has %s (%d samples drawn and fitted)\n",
            laws->p * (laws->samples + 1) < 1.5 ? internf("p < %.3f", laws->p + 0.0005)
                                                : probability(laws->p),
            laws->samples);
    fprintf(out, "  standard errors:");
    for (int i = 0; i < n; i++) {
        char value[64];
        unit_human(units[i], laws->error[i], 2, value, sizeof value);
        fprintf(out, "%s %s %s", i ? "," : "", names[i], value);
    }
    fprintf(out, "\n");
}

static void report_tail(const struct hill *h, FILE *out)
{
    if (h->n == 0)
        return;
    fprintf(out, "  tail index (Hill) %s, 95 %% %s to %s, from the %.0f sizes above %s\n",
            number(h->chosen, 3), number(h->low, 3), number(h->high, 3), h->k[h->to],
            report_duration(h->threshold));
    fprintf(out,
            h->p < 0.01 ? "  but those are of no power law (%s)\n"
                        : "  a power law is possible there (%s)\n",
            probability(h->p));
}

static void report_sizes(const struct fit *fit, FILE *out)
{
    const struct sample *s = &fit->sizes;
    fprintf(out, "\nsizes\n  mean %s, squared coefficient of variation %s\n",
            report_duration(fit->mean), number(fit->second / (fit->mean * fit->mean) - 1, 3));
    if (s->zeros > 0)
        fprintf(out, "  %.0f tasks of size 0 are left out of the laws\n", s->zeros);
    if (s->n == 0)
        return;
    fprintf(out, "  from %s; p50 %s, p99 %s, p99.9 %s; to %s\n", report_duration(s->min),
            report_duration(sample_quantile(s, 0.5)), report_duration(sample_quantile(s, 0.99)),
            report_duration(sample_quantile(s, 0.999)), report_duration(s->max));
    if (fit->size_laws.n > 0) {
        report_families(&fit->size_laws, out);
        report_errors(&fit->size_laws, out);
    }
    report_tail(&fit->hill, out);
}

static void report_classes(const struct fit *fit, FILE *out)
{
    if (fit->n_classes == 0)
        return;
    fprintf(out, "\nsizes by class\n  %-18s%10s%10s  %-18s%8s  parameters\n", "class", "share",
            "mean", "law", "distance");
    for (int i = 0; i < fit->n_classes; i++) {
        const struct fit_class *class = fit->classes[i];
        const struct fitted *best =
            class->laws.n > 0 ? &class->laws.fitted[class->laws.best] : NULL;
        double share = class->tasks / (fit->sizes.n + fit->sizes.zeros);
        fprintf(out, "  %-18s%10s%10s  %-18s%8s  %s\n", class->name, report_share(share),
                report_duration(class->mean), best ? best->law.model->name : "-",
                best ? internf("%.4f", best->distance) : "-",
                best ? fit_law_short(&best->law) : "");
    }
}

static void report_load(const struct fit *fit, FILE *out)
{
    fprintf(out, "\nload\n  %s consumers' worth of work (rate times mean size)\n",
            number(fit->load, 3));
    if (!isnan(fit->correlation))
        fprintf(out, "  rate and mean size, window by window: rank correlation %+.2f, %s\n",
                fit->correlation, probability(fit->correlation_p));
    if (!isnan(fit->work_dispersion))
        fprintf(out, "  index of dispersion of work: %s (independent Poisson arrivals: 1)\n",
                number(fit->work_dispersion, 3));
    fprintf(out, "  consumers.count: %.0f is a guess, for a utilization of %s\n", fit->consumers,
            report_share(fit->load / fit->consumers));
}

void fit_report(const struct fit *fit, FILE *out)
{
    report_log(fit, out);
    report_arrivals(fit, out);
    report_sizes(fit, out);
    report_classes(fit, out);
    report_load(fit, out);
}

/* ---- warnings ---- */

static void warn(const char *text)
{
    remarks_add("queuescope fit: warning: ", text);
}

/* Where no law is near, and what was done about it. */
static void warn_distance(const struct fit *fit, const struct fit_wish *wish, int class)
{
    const struct laws *laws = class < 0 ? &fit->size_laws : &fit->classes[class]->laws;
    const struct sample *sizes = class < 0 ? &fit->sizes : &fit->classes[class]->sizes;
    if (laws->n == 0 || laws_near(laws, sizes->n))
        return;
    const char *of = class < 0 ? "" : internf(" of class %s", fit->classes[class]->name);
    const char *done = fit_is_empirical(fit, wish, class)
                           ? internf("the scenario draws from the log's own (%s)",
                                     fit_sizes_file(fit, wish, class))
                           : "empirical sizes, or a trace, say more";
    const struct fitted *best = &laws->fitted[laws->best];
    if (isnan(laws->second) || best->distance > LAWS_NEAR)
        warn(internf("no law is near the sizes%s (distance %.3f): %s", of, best->distance, done));
    else
        warn(internf("no law has the second moment of the sizes%s, on which waits rest: that of %s "
                     "is %.2g times it, more than chance explains: %s",
                     of, best->law.model->name, laws->second, done));
}

static void warn_tail(const struct fit *fit)
{
    const struct laws *laws = &fit->size_laws;
    const struct hill *h = &fit->hill;
    if (laws->n == 0)
        return;
    const struct law *law = &laws->fitted[laws->best].law;
    const struct distribution *model = law_model(law);
    double tail = model->tail ? model->tail(law->params) : INFINITY;
    if (tail <= 2)
        warn(internf("the fitted sizes have tail exponent %s: their %s is infinite, and figures "
                     "that rest on it settle slowly or never; a bound on sizes would be the better "
                     "model where there is one (bounded-pareto, high: %s was the largest)",
                     number(tail, 3), tail <= 1 ? "mean" : "variance",
                     report_duration(fit->sizes.max)));
    else if (h->n > 0 && h->p >= 0.01 && h->low <= 2 && h->k[h->to] >= 50)
        warn(internf("the tail index may be %s or less (%s to %s): then sizes have no finite %s, "
                     "whatever the fitted law says",
                     h->low <= 1 ? "1" : "2", number(h->low, 3), number(h->high, 3),
                     h->low <= 1 ? "mean" : "variance"));
    double mean = law_mean(law);
    if (isfinite(mean) && fabs(mean / fit->mean - 1) > 0.05)
        warn(
            internf("the fitted law's mean is %s where the log's is %s: utilization is off by that "
                    "much",
                    report_duration(mean), report_duration(fit->mean)));
}

static void warn_doubts(const struct fit *fit, const struct fit_wish *wish)
{
    unsigned doubts = fit_doubts(fit);
    if (doubts & DOUBT_DRIFT)
        warn(
            internf("rate and sizes move %s each other (rank correlation %+.2f): independent sizes "
                    "get the load wrong",
                    fit->correlation < 0 ? "against" : "with", fit->correlation));
    if ((doubts & DOUBT_BURSTS) && fit_evens_out(fit))
        warn("arrivals keep to a pace, and are made up for where they are early or late: the "
             "fitted process is burstier than they are");
    else if (doubts & DOUBT_BURSTS)
        warn("arrivals are neither Poisson nor independent gaps: the fitted process lacks their "
             "bursts");
    if ((doubts & DOUBT_UNEVEN) && !(doubts & DOUBT_BURSTS))
        warn(internf(
            "gaps are far from Poisson (squared coefficient of variation %s): M/G/c formulas "
            "would be badly wrong",
            number(fit->gaps.sample.cv2, 3)));
    if (doubts & DOUBT_WORK)
        warn(internf("work comes in waves (index of dispersion %s): successive sizes are not "
                     "independent",
                     number(fit->work_dispersion, 3)));
    if (!doubts)
        return;
    fprintf(stderr,
            "queuescope fit: a fitted model would wait less, or more, than the log did: replay it "
            "before a decision rests on it:\n\n");
    if (wish->replay)
        fprintf(stderr, "    queuescope compare %s --vary consumers.count=%.0f,%.0f\n\n",
                wish->replay, fit->consumers, fit->consumers + ceil(fit->consumers / 8));
    else
        fprintf(stderr,
                "    queuescope fit --trace ... writes the trace, and a scenario for it\n\n");
}

void fit_warnings(const struct fit *fit, const struct fit_wish *wish)
{
    const struct log_facts *f = &fit->facts;
    if (f->damage)
        warn(internf("%s: only what stands before line %ld was read: %s", f->file, f->lines + 1,
                     f->damage));
    if ((double)f->bad > 0.01 * (double)f->lines)
        warn(internf("%ld of %ld lines cannot be used: look at the first of them", f->bad,
                     f->lines));
    if (fit->late > 0)
        warn(internf("%ld tasks are left out: they arrived before %d tasks that stand above them",
                     fit->late, 1 << 16));
    warn_tail(fit);
    for (int class = fit->n_classes ? 0 : -1; class < fit->n_classes; class ++)
        warn_distance(fit, wish, class);
    warn_doubts(fit, wish);
}
