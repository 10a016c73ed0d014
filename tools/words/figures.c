#include "figures.h"

#include "report.h"

const char *figure_name(const struct scenario *s, const struct theory_figure *figure)
{
    const char *of =
        figure->class == THEORY_ALL ? "" : internf(" of %s", scenario_class_name(s, figure->class));
    if (scenario_is_network(s))
        of = internf("%s, %s", of, scenario_place_name(s, figure->place));
    switch (figure->measure) {
    case THEORY_WAIT_PROBABILITY:
        return internf("share that waits%s", of);
    case THEORY_WAIT_MEAN:
        return internf("mean wait%s", of);
    case THEORY_LATENCY_MEAN:
        return internf("mean latency%s", of);
    case THEORY_WAIT_QUANTILE:
        return internf("wait p%.4g%s", 100 * figure->p, of);
    case THEORY_LATENCY_QUANTILE:
        return internf("latency p%.4g%s", 100 * figure->p, of);
    case THEORY_THROUGHPUT:
        return internf("throughput%s", of);
    case THEORY_UTILIZATION:
        return internf("utilization%s", of);
    case THEORY_LOSS:
        break;
    }
    return internf("loss%s", of);
}

const char *figure_value(const struct theory_figure *figure, double value)
{
    enum { DIGITS = 4 };
    bool share = figure->measure == THEORY_LOSS || figure->measure == THEORY_WAIT_PROBABILITY ||
                 figure->measure == THEORY_UTILIZATION;
    enum unit unit = share                                  ? UNIT_SHARE
                     : figure->measure == THEORY_THROUGHPUT ? UNIT_RATE
                                                            : UNIT_DURATION;
    char text[64];
    if (isnan(value))
        return "-";
    if (isinf(value))
        return "infinite";
    unit_human(unit, value, DIGITS, text, sizeof text);
    return intern(text);
}

const char *figure_score(const struct validated *figure)
{
    double off = figure->value / figure->theory.value - 1;
    if (figure->theory.approximate && isfinite(off))
        return internf("(%+.1f %%)", 100 * off);
    return isnan(figure->z) ? "-" : internf("%+.2f", figure->z);
}
