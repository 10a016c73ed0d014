#include "metrics_report.h"

#include <math.h>
#include <string.h>

#include "../shell/remarks.h"
#include "../words/report.h"
#include "../words/sheet.h"
#include "fit_report.h"
#include "metrics_scenario.h"

#define CONFIDENCE 0.95

static const char *number(double value, int digits)
{
    char text[64];
    if (isnan(value))
        return "-";
    if (isinf(value))
        return "unbounded";
    unit_human(UNIT_NUMBER, value, digits, text, sizeof text);
    return intern(text);
}

static const char *count(double value)
{
    char text[64];
    unit_human(UNIT_COUNT, value, 6, text, sizeof text);
    return intern(text);
}

/* A bound; where there is none, that is said. */
static const char *duration(double seconds)
{
    return isinf(seconds) ? "unbounded" : report_duration(seconds);
}

/* ---- the file ---- */

static void report_scrapes(const struct metrics_fit *fit, FILE *out)
{
    const struct scraped *s = &fit->scraped;
    if (s->scrapes > 1)
        fprintf(out, "  %ld scrapes%s: the increase from the first to the last\n", s->scrapes,
                isnan(s->span) ? "" : internf(", %s apart in all", report_duration(s->span)));
    else
        fprintf(out, "  one scrape: all that was counted since the counters began\n");
    if (fit->rate_is_told)
        fprintf(out, "  rate %s, as --rate says\n", report_rate(fit->rate));
    else if (isnan(fit->rate))
        fprintf(out,
                "  the rate is not known: there are no times between scrapes (--rate tells)\n");
    else
        fprintf(out, "  rate %s (of completions)\n", report_rate(fit->rate));
}

static void report_file(const struct metrics_fit *fit, FILE *out)
{
    const struct scraped *s = &fit->scraped;
    fprintf(out, "%s%s: metrics\n", fit->file,
            fit->files > 1 ? internf(" and %d more", fit->files - 1) : "");
    fprintf(out, "  histogram %s, in %s\n", s->metric, s->unit);
    fprintf(out, "  %s values in %.0f buckets, %ld series together\n", count(s->bins.total),
            s->edges, s->series);
    report_scrapes(fit, out);
    for (const char *const *note = s->notes; *note; note++)
        fprintf(out, "  %s\n", *note);
    if (s->bad > 0)
        fprintf(out, "  %ld lines or series cannot be used:\n", s->bad);
    for (int i = 0; i < s->bad_kept; i++)
        fprintf(out, "    %s\n", s->first_bad[i]);
    if (s->bad > s->bad_kept)
        fprintf(out, "    and %ld more\n", s->bad - s->bad_kept);
}

/* ---- bounds ---- */

static void report_quantiles(const struct bins *bins, FILE *out)
{
    static const struct {
        const char *name;
        double p, values; /* given from that many values on */
    } rows[] = {{"p50", 0.5, 1},    {"p90", 0.9, 10},      {"p95", 0.95, 20},
                {"p99", 0.99, 100}, {"p99.9", 0.999, 1e3}, {"p99.99", 0.9999, 1e4}};
    struct sheet sheet = {.columns = 6};
    static const char *const head[] = {"",        "at least",    "at most", "of the law, at least",
                                       "at most", "interpolated"};
    for (size_t i = 0; i < sheet.columns; i++)
        sheet_add(&sheet, head[i]);
    for (size_t i = 0; i < sizeof rows / sizeof *rows && bins->total >= rows[i].values; i++) {
        struct bounds of_values = bins_quantile(bins, rows[i].p),
                      of_law = bins_law_quantile(bins, rows[i].p, CONFIDENCE);
        sheet_add(&sheet, rows[i].name);
        sheet_add(&sheet, duration(of_values.low));
        sheet_add(&sheet, duration(of_values.high));
        sheet_add(&sheet, duration(of_law.low));
        sheet_add(&sheet, duration(of_law.high));
        bool open =
            bins->bin[bins->n - 1].low == of_values.low && isinf(bins->bin[bins->n - 1].high);
        sheet_add(&sheet, open ? "-" : duration(binned_interpolated(bins, rows[i].p)));
    }
    sheet_print(&sheet, out);
    sheet_free(&sheet);
}

static void report_bounds(const struct metrics_fit *fit, FILE *out)
{
    const struct bins *bins = &fit->scraped.bins;
    struct bounds mean = bins_mean(bins), cv2 = bins_cv2(bins);
    fprintf(out, "\n%s\n", fit->as == AS_LATENCY ? "latencies" : "sizes");
    report_quantiles(bins, out);
    fprintf(out, "  (of the law: with 95 %%, if values are independent)\n");
    if (mean.low == mean.high)
        fprintf(out, "  mean %s, by the _sum\n", report_duration(mean.low));
    else
        fprintf(out, "  mean from %s to %s: there is no _sum that says more\n",
                report_duration(mean.low), duration(mean.high));
    fprintf(out, "  squared coefficient of variation from %s to %s\n", number(cv2.low, 3),
            number(cv2.high, 3));
    if (bins_open_share(bins) > 0)
        fprintf(out, "  %s of the values are above the last bound, %s; %s\n",
                report_share(bins_open_share(bins)), report_duration(bins->bin[bins->n - 1].low),
                isinf(bins_largest(bins)) ? "how far is not known: no bound holds above"
                                          : internf("by the _sum none can be above %s",
                                                    report_duration(bins_largest(bins))));
    else
        fprintf(out, "  none is above %s\n", report_duration(bins_largest(bins)));
}

/* ---- laws ---- */

static void report_laws(const struct metrics_fit *fit, FILE *out)
{
    const struct binned *b = &fit->binned;
    if (b->zeros > 0)
        fprintf(out, "  %s values of 0 are left out of the laws\n", count(b->zeros));
    if (b->laws.n == 0) {
        fprintf(out, "  no law can be fitted: %d bucket%s with values above 0\n", b->cells,
                b->cells == 1 ? "" : "s");
        return;
    }
    fprintf(out, "\nlaws, by the likelihood of the buckets\n");
    fprintf(out, "  %-18s%10s%10s%14s%11s  %s\n", "law", "AIC", "distance", "chi squared", "p",
            "parameters");
    for (int i = 0; i < b->laws.n; i++) {
        const struct fitted *f = &b->laws.fitted[i];
        const struct binned_test *t = &b->test[i];
        fprintf(out, "%s %-18s%10s%10s%14s%11s  %s\n", i == b->laws.best ? " >" : "  ",
                f->law.model->name,
                i == 0 ? "best" : internf("+%s", number(f->aic - b->laws.fitted[0].aic, 3)),
                internf("%.4f", f->distance),
                t->freedom < 1 ? "-" : internf("%s (%d)", number(t->chi2, 3), t->freedom),
                isnan(t->p)    ? "-"
                : t->p < 0.001 ? "p < 0.001"
                               : internf("p = %.3f", t->p),
                fit_law_short(&f->law));
    }
}

void metrics_report(const struct metrics_fit *fit, FILE *out)
{
    report_file(fit, out);
    report_bounds(fit, out);
    report_laws(fit, out);
}

/* ---- warnings ---- */

static void warn(const char *text)
{
    remarks_add("queuescope fit: warning: ", text);
}

/* A guess, with what it would be otherwise. Bounds of buckets in seconds begin below one; those of
 * milliseconds are whole. */
static void warn_unit(const struct scraped *s)
{
    const struct bins *bins = &s->bins;
    struct bounds mean = bins_mean(bins);
    double first = INFINITY, last = 0;
    for (size_t i = 0; i < bins->n; i++)
        if (isfinite(bins->bin[i].high) && bins->bin[i].high > 0) {
            first = fmin(first, bins->bin[i].high);
            last = fmax(last, bins->bin[i].high);
        }
    bool whole = first >= 1 && last >= 100;
    warn(internf("nothing says the unit of %s, and it was read as seconds: a mean of %s%s. Were "
                 "it milliseconds, the mean would be %s (--unit ms)%s",
                 s->metric, isinf(mean.high) ? "at least " : "", duration(mean.low),
                 report_duration(mean.low / 1000),
                 whole ? internf("; buckets from %s to %s are more like these", number(first, 4),
                                 number(last, 6))
                       : ""));
}

void metrics_warnings(const struct metrics_fit *fit)
{
    const struct scraped *s = &fit->scraped;
    const struct laws *laws = &fit->binned.laws;
    struct bounds mean = bins_mean(&s->bins);
    if (fit->as == AS_UNSAID)
        warn(s->latency
                 ? internf(
                       "%s looks like a latency ('%s'), which holds the wait too and is no size: "
                       "take what the workers measure; --as latency lays it over simulated "
                       "ones, --as size says that it is a size all the same",
                       s->metric, s->latency)
                 : internf(
                       "%s is taken for the sizes of tasks: were it a latency, the wait would be "
                       "counted twice (--as size or --as latency says which it is)",
                       s->metric));
    if (s->unit_guessed)
        warn_unit(s);
    if (bins_open_share(&s->bins) > 0)
        warn(internf("%s of the values are above the last bucket: its bound, %s, is all that is "
                     "known of them%s",
                     report_share(bins_open_share(&s->bins)),
                     report_duration(s->bins.bin[s->bins.n - 1].low),
                     isnan(s->bins.sum) ? "" : ", besides the _sum"));
    if (fit->as == AS_LATENCY)
        return;
    if (isnan(fit->rate))
        warn("the rate in the scenarios is a placeholder: --rate tells how many tasks arrive");
    if (laws->n == 0)
        return;
    const struct fitted *best = &laws->fitted[laws->best];
    double of_law = law_mean(&best->law);
    if (best->distance > 0.05)
        warn(internf("no law is near the buckets (distance %.3f): the envelope says more",
                     best->distance));
    if (fit->binned.excluded)
        warn("no law that is near the buckets varies as they and the _sum allow: the waits of the "
             "fitted one would be off; the envelope says by how much");
    if (!isfinite(of_law))
        warn("the law that fits best has no mean: no scenario is made of it");
    else if (of_law < 0.95 * mean.low || of_law > 1.05 * mean.high)
        warn(internf("the fitted law's mean is %s where the %s: utilization is off by that much",
                     report_duration(of_law),
                     mean.low == mean.high
                         ? internf("_sum says %s", report_duration(mean.low))
                         : internf("buckets allow %s to %s", report_duration(mean.low),
                                   duration(mean.high))));
}
