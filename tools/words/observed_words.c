#include "observed_words.h"

#include <math.h>

#include "../../sim/scenario/observed.h"
#include "../../sim/scenario/sweep.h"
#include "report.h"

/* Quantile q of a row: the same as in observed_quantiles. */
static const char *verdict(const struct row *row, const struct observed *o, int q)
{
    const double sure = 0.95;
    struct bounds at = o->quantile[q],
                  law = bins_law_quantile(&o->scraped.bins, observed_quantiles[q], sure);
    double value = row->latency_q[q], low = row->latency_low[q], high = row->latency_high[q];
    if (isnan(value))
        return "not simulated: too few tasks";
    const char *text = internf("simulated %s", report_duration(value));
    if (row->stable == STABLE_NO)
        return internf("%s (not stable: it tells how long the run was)", text);
    if (value >= at.low && value <= at.high)
        return internf("%s: agrees", text);
    bool above = value > at.high;
    if (!isnan(low) && !isnan(high) && (above ? low <= at.high : high >= at.low))
        return internf("%s: %s, but its interval reaches in", text, above ? "above" : "below");
    const char *few =
        value >= law.low && value <= law.high ? ", but so few values do not tell" : "";
    return internf("%s: %s%s", text, above ? "above" : "below", few);
}

static const char *range(struct bounds at)
{
    const char *low = report_duration(at.low), *high = report_duration(at.high);
    return isinf(at.high) ? internf("above %s, how far is not known", low)
           : low == high  ? low /* interned */
                          : internf("from %s to %s", low, high);
}

const char *observed_words(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    const struct observed *o = observed_of(s);
    uint32_t column;
    if (!o || !observed_column(s, &column))
        return NULL;
    const struct row *row = report_row(result, column);
    char total[64];
    unit_human(UNIT_COUNT, o->scraped.bins.total, 4, total, sizeof total);
    const char *text = internf(
        "Observed (%s, %s values)%s: ", o->name, total,
        sweep_name(s) ? internf(" at %s = %s", sweep_name(s), report_value(s, row->value)) : "");
    for (int q = 0; q < OBSERVED_QUANTILES; q++)
        text = internf("%s%s%s %s, %s", text, q > 0 ? "; " : "", observed_quantile_names[q],
                       range(o->quantile[q]), verdict(row, o, q));
    return internf("%s.", text);
}

const char *observed_warning(const struct scenario *s)
{
    const struct observed *o = observed_of(s);
    uint32_t column;
    if (!o)
        return NULL;
    if (!observed_column(s, &column))
        return sweep_is_time(s)
                   ? "picture.observed is not drawn: picture.observed_at says when in the run it "
                     "was "
                     "observed"
                   : internf("picture.observed is not drawn: the scenario's own %s is not within "
                             "the sweep; picture.observed_at says where it was observed",
                             s->sweep.parameter);
    if (o->scraped.bad > 0)
        return internf("picture.observed: %ld lines or series cannot be used; the first: %s",
                       o->scraped.bad, o->scraped.first_bad[0]);
    return NULL;
}
