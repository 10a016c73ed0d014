#include "claims.h"

#include <stdlib.h>
#include <string.h>

#include "../sim/base/err.h"
#include "../sim/result/difference.h"
#include "report.h"

#define CONFIDENCE 0.95

/* The quantities that sentences are about, the most telling first. Losses and throughput only where
 * tasks can be lost: elsewhere what comes in goes out. */
static const enum quantity told[] = {QUANTITY_LATENCY_P99, QUANTITY_LATENCY_P50,
                                     QUANTITY_LATENCY_MEAN, QUANTITY_LOSS, QUANTITY_THROUGHPUT};
enum { TOLD = sizeof told / sizeof *told };

struct pair {
    const struct result *from, *to;
    const char *from_name, *to_name;
};

static double confidence_of(size_t claims)
{
    return claims > 1 ? 1 - (1 - CONFIDENCE) / (double)claims : CONFIDENCE;
}

/* "31.2 ± 4.1 ms": two digits of what is not known, and as many places of the value. */
static const char *amount(enum unit unit, double value, double half)
{
    char text[64], *end;
    unit_human(unit, value, 6, text, sizeof text);
    double shown = strtod(text, &end), scale = shown > 0 ? value / shown : 1;
    const char *suffix = unit == UNIT_SHARE ? " points" : end;
    double unknown = half / scale;
    int places = unknown > 0 ? 1 - (int)floor(log10(unknown)) : 3;
    places = places < 0 ? 0 : places > 9 ? 9 : places;
    return internf("%.*f ± %.*f%s", places, value / scale, places, unknown, suffix);
}

static const char *join(const char *list, const char *piece)
{
    return list ? internf("%s, %s", list, piece) : piece;
}

/* Whether a sentence says anything of a quantity: not of losses where nothing can be lost. */
static bool worth_telling(const struct pair *pair, uint32_t column, enum quantity q)
{
    bool of_loss = q == QUANTITY_LOSS || q == QUANTITY_THROUGHPUT;
    return !of_loss || report_row(pair->from, column)->loss_high > 0 ||
           report_row(pair->to, column)->loss_high > 0;
}

/* What a log, replayed, differs by: exactly, and of no other. */
static const char *recorded(const struct pair *pair, uint32_t column,
                            const struct difference all[QUANTITIES])
{
    const char *list[] = {[CLAIM_BETTER] = NULL, [CLAIM_WORSE] = NULL};
    for (size_t i = 0; i < TOLD; i++) {
        const struct quantity_kind *kind = &quantity_kinds[told[i]];
        double value = all[told[i]].value;
        if (!worth_telling(pair, column, told[i]) || isnan(value) || value == 0)
            continue;
        enum claim way = (value > 0) == kind->more_is_better ? CLAIM_BETTER : CLAIM_WORSE;
        const char *shown = kind->unit == UNIT_SHARE ? internf("%.3g points", 100 * fabs(value))
                                                     : report_duration(fabs(value));
        if (kind->unit == UNIT_RATE)
            shown = report_rate(fabs(value));
        list[way] = join(list[way], internf("%s %s", shown, kind->words));
    }
    if (!list[CLAIM_BETTER] && !list[CLAIM_WORSE])
        return "no difference at all, on this log";
    return internf(
        "%s%s%s%s%s, on this log; of other days nothing is claimed "
        "(arrivals.bootstrap makes them)",
        list[CLAIM_BETTER] ? "better by " : "", list[CLAIM_BETTER] ? list[CLAIM_BETTER] : "",
        list[CLAIM_BETTER] && list[CLAIM_WORSE] ? "; " : "", list[CLAIM_WORSE] ? "worse by " : "",
        list[CLAIM_WORSE] ? list[CLAIM_WORSE] : "");
}

/* "better by 31 ± 4 ms at p99; cannot be told apart at p50"; what stands against it where nothing
 * can be claimed. */
static const char *verdict(const struct pair *pair, uint32_t column)
{
    struct difference all[QUANTITIES];
    differences_find(pair->from, pair->to, column, ALL_CLASSES, all);
    size_t claims = 0;
    for (size_t i = 0; i < TOLD; i++)
        claims += all[told[i]].why == CLAIM_OPEN && worth_telling(pair, column, told[i]);
    if (all[told[0]].why == NO_CLAIM_RECORDED)
        return recorded(pair, column, all);
    if (claims == 0)
        return internf("no claim: %s", no_claim_sentences[all[told[0]].why]);
    const char *list[] = {[CLAIM_BETTER] = NULL, [CLAIM_WORSE] = NULL, [CLAIM_CANNOT_TELL] = NULL};
    for (size_t i = 0; i < TOLD; i++) {
        const struct difference *d = &all[told[i]];
        const struct quantity_kind *kind = &quantity_kinds[told[i]];
        if (d->why != CLAIM_OPEN || !worth_telling(pair, column, told[i]))
            continue;
        enum claim claim = difference_claim(d, told[i], confidence_of(claims));
        double half = difference_half(d, confidence_of(claims));
        const char *words = kind->words;
        if (d->value == 0 && half == 0)
            continue;
        if (claim != CLAIM_CANNOT_TELL)
            words = internf("%s %s", amount(kind->unit, fabs(d->value), half), words);
        list[claim] = join(list[claim], words);
    }
    const char *text = NULL;
    const char *const heads[] = {[CLAIM_BETTER] = "better by",
                                 [CLAIM_WORSE] = "worse by",
                                 [CLAIM_CANNOT_TELL] = "no difference can be told"};
    for (int i = 0; i <= CLAIM_CANNOT_TELL; i++)
        if (list[i])
            text = internf("%s%s%s %s", text ? text : "", text ? "; " : "", heads[i], list[i]);
    return text ? text : "no difference at all";
}

static bool open_at(const struct pair *pair, uint32_t column, enum quantity q)
{
    struct difference all[QUANTITIES];
    differences_find(pair->from, pair->to, column, ALL_CLASSES, all);
    return all[q].why == CLAIM_OPEN;
}

/* The last column up to `last`, or else the first behind it, in which p99, or else the median, has
 * an interval. */
static uint32_t column_of(const struct pair *pair, uint32_t last)
{
    for (size_t i = 0; i < 2; i++) {
        for (uint32_t column = last + 1; column-- > 0;)
            if (open_at(pair, column, told[i]))
                return column;
        for (uint32_t column = last + 1; column < pair->from->columns; column++)
            if (open_at(pair, column, told[i]))
                return column;
    }
    return last;
}

/* "; over the sweep better at p99 in 9 of 10 columns and worse in 0, and nothing can be told in 1"
 */
static const char *over_the_sweep(const struct pair *pair)
{
    const enum quantity q = told[0];
    uint32_t n = pair->from->columns;
    size_t claims = 0, count[CLAIM_CANNOT_TELL + 1] = {0};
    struct difference *differences = xmalloc(n * sizeof *differences);
    for (uint32_t column = 0; column < n; column++) {
        struct difference all[QUANTITIES];
        differences_find(pair->from, pair->to, column, ALL_CLASSES, all);
        differences[column] = all[q];
        claims += all[q].why == CLAIM_OPEN;
    }
    for (uint32_t column = 0; column < n; column++)
        count[difference_claim(&differences[column], q, confidence_of(claims))]++;
    free(differences);
    return internf("    of %u columns better %s in %zu, worse in %zu; nothing can be told in %zu\n",
                   n, quantity_kinds[q].words, count[CLAIM_BETTER], count[CLAIM_WORSE],
                   count[CLAIM_CANNOT_TELL]);
}

static void print_pair(const struct pair *pair, uint32_t last, FILE *out)
{
    const struct scenario *s = &pair->from->scenario;
    fprintf(out, "  %s against %s", pair->to_name, pair->from_name);
    if (!s->sweep.parameter) {
        fprintf(out, ": %s.\n", verdict(pair, 0));
        return;
    }
    uint32_t column = column_of(pair, last);
    fprintf(out, ", at %s = %s: %s.\n%s", s->sweep.parameter,
            report_value(s, report_row(pair->from, column)->value), verdict(pair, column),
            over_the_sweep(pair));
}

void claims_print(const struct result *const *results, const char *const *names, size_t n,
                  uint32_t column, FILE *out)
{
    if (n < 2)
        return;
    bool alike = true, logged = scenario_repeats(&results[0]->scenario);
    for (size_t i = 1; i < n; i++)
        alike =
            alike && results[i]->scenario.arrivals.process == results[0]->scenario.arrivals.process;
    fprintf(out, "Differences%s%s:\n", alike ? " of the same tasks" : "",
            logged  ? ""
            : alike ? ", by pairs of replications"
                    : " by pairs of replications");
    for (size_t to = 1; to < n; to++)
        print_pair(&(struct pair){results[to - 1], results[to], names[to - 1], names[to]}, column,
                   out);
    if (n > 2)
        print_pair(&(struct pair){results[0], results[n - 1], names[0], names[n - 1]}, column, out);
    if (logged) {
        fprintf(out, "\n");
        return;
    }
    fprintf(out, "  What a line claims holds together with 95 %% (Bonferroni); differences.csv has "
                 "all, each at 95 %%.\n\n");
}
