#include "metrics_scenario.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/result/save.h"
#include "../shell/options.h"
#include "../words/report.h"
#include "fit_scenario.h"

/* Row k of n has the value at the middle of its share; what that leaves out of the mean (values
 * rarer than a row) goes to the last. */
static void take_extreme(const struct bins *bins, bool uneven, double *sizes, size_t n)
{
    struct bin *value = xcalloc(2 * bins->n, sizeof *value);
    size_t values = bins_extreme(bins, uneven, value), at = 0;
    double below = 0, sum = 0;
    for (size_t k = 0; k < n; k++) {
        double rank = ((double)k + 0.5) / (double)n * bins->total;
        while (at + 1 < values && below + value[at].count < rank)
            below += value[at++].count;
        sizes[k] = value[at].low;
        sum += sizes[k];
    }
    double lack = bins->sum / bins->total * (double)n - sum;
    if (uneven && lack > 0)
        sizes[n - 1] += lack;
    free(value);
}

static void take_bounds(const struct bins *bins, enum envelope side, double *sizes, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        double from = ((double)k + 1e-6) / (double)n, to = (double)(k + 1) / (double)n;
        if (side == ENVELOPE_LOW)
            sizes[k] = bins_quantile(bins, from).low;
        else
            sizes[k] = k + 1 == n ? bins_largest(bins) : bins_quantile(bins, to).high;
    }
}

double *metrics_sizes(const struct bins *bins, enum envelope side, size_t *n)
{
    *n = bins->total < METRICS_SIZES ? (size_t)ceil(bins->total) : METRICS_SIZES;
    double *sizes = xcalloc(*n, sizeof *sizes);
    if (isnan(bins->sum))
        take_bounds(bins, side, sizes, *n);
    else
        take_extreme(bins, side == ENVELOPE_HIGH, sizes, *n);
    if (isfinite(sizes[*n - 1]))
        return sizes;
    free(sizes);
    return NULL;
}

bool metrics_has_law(const struct metrics_fit *fit)
{
    const struct laws *laws = &fit->binned.laws;
    return laws->n > 0 && isfinite(law_mean(&laws->fitted[laws->best].law));
}

double metrics_mean(const struct metrics_fit *fit)
{
    const struct laws *laws = &fit->binned.laws;
    struct bounds mean = bins_mean(&fit->scraped.bins);
    if (mean.low == mean.high)
        return mean.low;
    return metrics_has_law(fit)  ? law_mean(&laws->fitted[laws->best].law)
           : isfinite(mean.high) ? (mean.low + mean.high) / 2
                                 : mean.low;
}

/* Six digits are more than a histogram knows. */
static const char *value_text(enum unit unit, double value)
{
    char text[64];
    unit_human(unit, value, 6, text, sizeof text);
    return intern(text);
}

static void write_head(const struct metrics_fit *fit, const char *remark, FILE *out)
{
    const char *slash = strrchr(fit->file, '/'), *name = slash ? slash + 1 : fit->file;
    fprintf(out, "# By queuescope %s fit, from the histogram %s in %s.\n", queuescope_version,
            fit->scraped.metric, text_is_clean(name) ? name : "a file");
    fprintf(out, "# %s\n", remark);
    fprintf(out, "title: 'As fitted to %s'\n\n", fit->scraped.metric);
}

char *metrics_scenario_text(const struct metrics_fit *fit, const char *sizes, const char *remark)
{
    const double aim = 0.8;
    char *text = NULL;
    size_t size = 0;
    FILE *out = xstream(&text, &size);
    const struct laws *laws = &fit->binned.laws;
    double mean = fmax(metrics_mean(fit), 1e-12), rate = fit->rate;
    bool guessed = isnan(rate);
    if (guessed)
        rate = fmin(aim / mean, 1e12);
    double load = rate * mean, consumers = fmin(fmax(ceil(load / aim - 1e-9), 1), 1e6);
    write_head(fit, remark, out);
    fprintf(out, "arrivals:\n  process: poisson    # a histogram does not tell\n  rate: %s%s\n",
            value_text(UNIT_RATE, rate),
            guessed ? "    # a placeholder: the file does not say how many tasks arrive (--rate)"
                    : "");
    fprintf(out, "\ntasks:\n  size: %s\n",
            sizes ? internf("{distribution: empirical, file: %s}", sizes)
                  : fit_law_text(&laws->fitted[laws->best].law));
    fprintf(out,
            "\nconsumers:\n"
            "  count: %.0f    # a guess, busy %s of the time: the file does not say how many\n",
            consumers, report_share(load / consumers));
    return xstream_end(out, &text);
}

const char *metrics_overlay_lines(const struct metrics_fit *fit)
{
    return internf("    picture:\n"
                   "      observed: %s\n"
                   "      observed_metric: '%s'\n",
                   text_is_clean(fit->file) ? fit->file : "FILE", fit->selector);
}
