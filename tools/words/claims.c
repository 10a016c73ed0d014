#include "claims.h"

#include <stdlib.h>
#include <string.h>

#include "../../sim/base/err.h"
#include "../../sim/result/crew.h"
#include "../../sim/result/difference.h"
#include "report.h"

#define CONFIDENCE 0.95

/* The quantities that sentences are about, the most telling first. Losses and throughput only where
 * tasks can be lost: elsewhere what comes in goes out. */
static const enum quantity told[] = {QUANTITY_LATENCY_P99, QUANTITY_LATENCY_P50,
                                     QUANTITY_LATENCY_MEAN, QUANTITY_LOSS, QUANTITY_THROUGHPUT};
enum { TOLD = sizeof told / sizeof *told };

/* Two panels, and what they differ by: in every column, of every class that both have, and last of
 * all classes together. */
struct pair {
    const struct result *from, *to;
    const char *from_name, *to_name;
    uint32_t rows;                                /* of a column: classes and `all` */
    struct difference (*differences)[QUANTITIES]; /* [column * rows + row]; owned */
};

/* Classes are told apart where both have the same ones, by their names. */
static uint32_t rows_of(const struct result *from, const struct result *to)
{
    uint32_t rows = result_row_classes(from);
    bool same = rows == result_row_classes(to);
    for (uint32_t i = 0; same && i < rows; i++)
        same = strcmp(result_class_name(from, i), result_class_name(to, i)) == 0;
    return same ? rows : 1;
}

/* The row of a result that row `row` of the pair is of; and as differences_find names it. */
static const struct row *row_of(const struct pair *pair, const struct result *result,
                                uint32_t column, uint32_t row)
{
    return row + 1 == pair->rows ? report_row(result, column) : result_row(result, column, row);
}

static void find_column(void *context, size_t column)
{
    const struct pair *pair = context;
    for (uint32_t row = 0; row < pair->rows; row++)
        differences_find(pair->from, pair->to, (uint32_t)column,
                         row + 1 == pair->rows ? ALL_CLASSES : (int)row,
                         pair->differences[column * pair->rows + row]);
}

static const struct difference *differences_of(const struct pair *pair, uint32_t column,
                                               uint32_t row)
{
    return pair->differences[(size_t)column * pair->rows + row];
}

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

/* Whether a sentence says anything of a quantity: not of losses where nothing can be lost, nor of
 * what is only known of all classes together. */
static bool worth_telling(const struct pair *pair, uint32_t column, uint32_t row, enum quantity q)
{
    if (isnan(differences_of(pair, column, row)[q].value))
        return false;
    bool of_loss = q == QUANTITY_LOSS || q == QUANTITY_THROUGHPUT;
    return !of_loss || row_of(pair, pair->from, column, row)->loss_high > 0 ||
           row_of(pair, pair->to, column, row)->loss_high > 0;
}

static const char other_days[] = "of other days nothing is claimed (arrivals.bootstrap makes them)";

/* What a log, replayed, differs by: exactly, and of no other. */
static const char *recorded(const struct pair *pair, uint32_t column, uint32_t row)
{
    const struct difference *all = differences_of(pair, column, row);
    const char *list[] = {[CLAIM_BETTER] = NULL, [CLAIM_WORSE] = NULL};
    for (size_t i = 0; i < TOLD; i++) {
        const struct quantity_kind *kind = &quantity_kinds[told[i]];
        double value = all[told[i]].value;
        if (!worth_telling(pair, column, row, told[i]) || value == 0)
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
    /* Said once below, where there are several lines. */
    const char *other = pair->rows > 1 ? "" : internf("; %s", other_days);
    return internf("%s%s%s%s%s, on this log%s", list[CLAIM_BETTER] ? "better by " : "",
                   list[CLAIM_BETTER] ? list[CLAIM_BETTER] : "",
                   list[CLAIM_BETTER] && list[CLAIM_WORSE] ? "; " : "",
                   list[CLAIM_WORSE] ? "worse by " : "", list[CLAIM_WORSE] ? list[CLAIM_WORSE] : "",
                   other);
}

/* How many claims the lines of a pair at a column make together. */
static size_t claims_at(const struct pair *pair, uint32_t column)
{
    size_t claims = 0;
    for (uint32_t row = 0; row < pair->rows; row++)
        for (size_t i = 0; i < TOLD; i++)
            claims += differences_of(pair, column, row)[told[i]].why == CLAIM_OPEN &&
                      worth_telling(pair, column, row, told[i]);
    return claims;
}

/* "better by 31 ± 4 ms at p99; cannot be told apart at p50"; what stands against it where nothing
 * can be claimed. */
static const char *verdict(const struct pair *pair, uint32_t column, uint32_t row)
{
    const struct difference *all = differences_of(pair, column, row);
    double confidence = confidence_of(claims_at(pair, column));
    bool any = false;
    if (all[told[0]].why == NO_CLAIM_RECORDED)
        return recorded(pair, column, row);
    const char *list[] = {[CLAIM_BETTER] = NULL, [CLAIM_WORSE] = NULL, [CLAIM_CANNOT_TELL] = NULL};
    for (size_t i = 0; i < TOLD; i++) {
        const struct difference *d = &all[told[i]];
        const struct quantity_kind *kind = &quantity_kinds[told[i]];
        if (d->why != CLAIM_OPEN || !worth_telling(pair, column, row, told[i]))
            continue;
        any = true;
        enum claim claim = difference_claim(d, told[i], confidence);
        double half = difference_half(d, confidence);
        const char *words = kind->words;
        if (d->value == 0 && half == 0)
            continue;
        if (claim != CLAIM_CANNOT_TELL)
            words = internf("%s %s", amount(kind->unit, fabs(d->value), half), words);
        list[claim] = join(list[claim], words);
    }
    if (!any)
        return internf("no claim: %s", no_claim_sentences[all[told[0]].why]);
    const char *text = NULL;
    const char *const heads[] = {[CLAIM_BETTER] = "better by",
                                 [CLAIM_WORSE] = "worse by",
                                 [CLAIM_CANNOT_TELL] = "no difference can be told"};
    for (int i = 0; i <= CLAIM_CANNOT_TELL; i++)
        if (list[i])
            text = internf("%s%s%s %s", text ? text : "", text ? "; " : "", heads[i], list[i]);
    return text ? text : "no difference at all";
}

/* Whether a quantity has an interval in a column: of all classes, and, `each`, of every one. */
static bool open_at(const struct pair *pair, uint32_t column, enum quantity q, bool each)
{
    for (uint32_t row = each ? 0 : pair->rows - 1; row < pair->rows; row++)
        if (differences_of(pair, column, row)[q].why != CLAIM_OPEN)
            return false;
    return true;
}

/* The last column up to `last`, or else the first behind it, in which p99, or else the median, has
 * an interval: of every class, if there is such a column. */
static uint32_t column_of(const struct pair *pair, uint32_t last)
{
    for (int each = 1; each >= 0; each--)
        for (size_t i = 0; i < 2; i++) {
            for (uint32_t column = last + 1; column-- > 0;)
                if (open_at(pair, column, told[i], each))
                    return column;
            for (uint32_t column = last + 1; column < pair->from->columns; column++)
                if (open_at(pair, column, told[i], each))
                    return column;
        }
    return last;
}

/* "of 10 columns better at p99 in 9, worse in 0; nothing can be told in 1"; what is claimed of all
 * columns and classes of a pair holds together. */
static const char *over_the_sweep(const struct pair *pair, uint32_t row)
{
    const enum quantity q = told[0];
    uint32_t n = pair->from->columns;
    size_t claims = 0, count[CLAIM_CANNOT_TELL + 1] = {0};
    for (size_t i = 0; i < (size_t)n * pair->rows; i++)
        claims += pair->differences[i][q].why == CLAIM_OPEN;
    for (uint32_t column = 0; column < n; column++)
        count[difference_claim(&differences_of(pair, column, row)[q], q, confidence_of(claims))]++;
    return internf("of %u columns better %s in %zu, worse in %zu; nothing can be told in %zu", n,
                   quantity_kinds[q].words, count[CLAIM_BETTER], count[CLAIM_WORSE],
                   count[CLAIM_CANNOT_TELL]);
}

static void print_told(const struct pair *pair, uint32_t last, FILE *out)
{
    const struct scenario *s = &pair->from->scenario;
    bool swept = sweep_name(s);
    uint32_t column = swept ? column_of(pair, last) : 0;
    fprintf(out, "  %s against %s", pair->to_name, pair->from_name);
    if (swept)
        fprintf(out, ", at %s = %s", sweep_name(s),
                report_value(s, report_row(pair->from, column)->value));
    bool classes = pair->rows > 1;
    if (classes)
        fputs(":\n", out);
    for (uint32_t row = 0; row < pair->rows; row++) {
        fprintf(out, "%s%s: %s.\n", classes ? "    " : "",
                classes ? result_class_name(pair->to, row) : "", verdict(pair, column, row));
        if (swept)
            fprintf(out, "    %s%s\n", classes ? "  " : "", over_the_sweep(pair, row));
    }
}

static void print_pair(struct pair pair, uint32_t last, FILE *out)
{
    pair.rows = rows_of(pair.from, pair.to);
    pair.differences = xmalloc((size_t)pair.from->columns * pair.rows * sizeof *pair.differences);
    crew_each(pair.from->threads, pair.from->columns, find_column, &pair);
    print_told(&pair, last, out);
    free(pair.differences);
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
        print_pair((struct pair){.from = results[to - 1],
                                 .to = results[to],
                                 .from_name = names[to - 1],
                                 .to_name = names[to]},
                   column, out);
    if (n > 2)
        print_pair((struct pair){.from = results[0],
                                 .to = results[n - 1],
                                 .from_name = names[0],
                                 .to_name = names[n - 1]},
                   column, out);
    bool classes = result_row_classes(results[0]) > 1;
    if (logged) {
        fprintf(out, "%s%s%s\n", classes ? "  On this log alone; " : "", classes ? other_days : "",
                classes ? ".\n" : "");
        return;
    }
    fprintf(out,
            "  What %s claim%s holds together with 95 %% (Bonferroni); differences.csv has "
            "all, each at 95 %%.\n\n",
            classes ? "the lines of a pair" : "a line", classes ? "" : "s");
}
