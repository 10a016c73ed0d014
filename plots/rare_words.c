#include "rare_words.h"

#include <math.h>
#include <stdio.h>

#include "../sim/base/err.h"
#include "../sim/scenario/sweep.h"

enum { DIGITS = 3 };

static const char *human(enum unit unit, double value, int digits)
{
    char text[64];
    unit_human(unit, value, digits, text, sizeof text);
    return intern(text);
}

/* A probability with the power of ten of `like`: ends of an interval are compared by eye. */
static const char *probability(double p, double like)
{
    if (!(p > 0) || like >= 1e-3)
        return p == 0 ? "0" : internf("%.3g", p);
    int power = (int)floor(log10(like));
    return internf("%.2fe%d", p / pow(10, power), power);
}

static const char *value_like(const struct rare *rare, double value, double like)
{
    if (isnan(value))
        return "-";
    return rare->question.measure == RARE_LOSS ? probability(value, like)
                                               : human(UNIT_DURATION, value, DIGITS);
}

const char *rare_value(const struct rare *rare, double value)
{
    return value_like(rare, value, value);
}

const char *rare_interval(const struct rare *rare, const struct tail_figure *figure)
{
    if (isnan(figure->low) || isnan(figure->high))
        return "-";
    const char *low = value_like(rare, figure->low, figure->value),
               *high = value_like(rare, figure->high, figure->value);
    return internf("%s to %s", low, high);
}

/* "11 tasks in 1e10". */
static const char *tasks_in(double p)
{
    double power = ceil(-log10(p)) + 1;
    return internf("%.0f tasks in %s", p * pow(10, power),
                   power < 7 ? human(UNIT_COUNT, pow(10, power), 3) : internf("1e%.0f", power));
}

/* The column that is told: the only one, or the one with the rarest loss, or the longest tail. */
static const struct rare_column *told(const struct rare *rare)
{
    const struct rare_column *best = NULL;
    bool loss = rare->question.measure == RARE_LOSS;
    for (size_t i = 0; i < rare->columns; i++) {
        const struct rare_column *c = &rare->column[i];
        if (c->n == 0 || isnan(c->figure[c->n - 1].value))
            continue;
        double value = c->figure[c->n - 1].value, than = best ? best->figure[c->n - 1].value : 0;
        if (!best || (loss ? value < than : value > than))
            best = c;
    }
    return best;
}

static const char *at_value(const struct rare *rare, const struct rare_column *column)
{
    const struct scenario *s = rare->question.s;
    struct param_ref ref;
    if (!sweep_ref(s, &ref))
        return "";
    return internf("At %s = %s: ", s->sweep.parameter, human(param_unit(&ref), column->value, 4));
}

const char *rare_sentence(const struct rare *rare)
{
    const struct rare_column *column = told(rare);
    if (!column)
        return "Nothing is known yet.";
    const struct tail_figure *f = &column->figure[column->n - 1];
    const char *at = at_value(rare, column),
               *confidence = human(UNIT_SHARE, rare->question.confidence, 4);
    if (rare->question.measure == RARE_LOSS)
        return internf("%sloss %s (%s at %s)%s%s.", at, rare_value(rare, f->value),
                       rare_interval(rare, f), confidence, f->value > 0 ? ": " : "",
                       f->value > 0 ? tasks_in(f->value) : "");
    const struct tail_figure *g = &column->figure[column->n - 2];
    return internf("%s%s %s %s (%s at %s), %s %s (%s).", at, rare_measures[rare->question.measure],
                   rare_names[column->n - 2], rare_value(rare, g->value), rare_interval(rare, g),
                   confidence, rare_names[column->n - 1], rare_value(rare, f->value),
                   rare_interval(rare, f));
}

const char *rare_remarks(const struct rare *rare)
{
    const struct rare_column *column = told(rare);
    if (!column)
        return "The pilot runs alone took all tasks, or found no way.";
    const char *replications = human(UNIT_COUNT, (double)column->tail.replications, 4);
    const char *how =
        column->conditional
            ? internf("Conditional Monte Carlo on the Pollaczek-Khinchine formula, %s replications",
                      replications)
            : internf("Splitting at %zu levels, %s replications", column->levels.n, replications);
    double gain = column->plain / column->spent;
    if (!(gain > 2))
        return internf("%s.", how);
    return internf("%s; plain simulation would take at least %s times as many tasks for it.", how,
                   gain < 1e4 ? internf("%.2g", gain) : human(UNIT_COUNT, gain, 2));
}
