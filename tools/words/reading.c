/* The picture in words (report_reading): for those who cannot see it, and for those who want to
 * know whether they read it right. */
#include <string.h>

#include "../../sim/network/offered.h"
#include "../../sim/scenario/sweep.h"
#include "known_words.h"
#include "report.h"

enum { P50 = 0, P99 = 2 };

static const char *single(const struct result *result)
{
    const struct row *row = report_row(result, 0);
    if (row->completed == 0)
        return "No task was completed.";
    const char *text = internf("At a utilization of %s%s", report_share(row->utilization),
                               known_words_within(result, row));
    const char *lost = known_words_lost(result, row, "the tasks", "are lost");
    if (lost)
        text = internf("%s; %s", text, lost);
    if (row->stable == STABLE_NO)
        text = internf("%s. The backlog grows: these figures tell how long the run was, not how "
                       "the system is",
                       text);
    return internf("%s.", text);
}

/* From where to where, left to right. */
static const char *sweep_words(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    struct ends ends = known_words_ends(result, result_row_classes(result) - 1);
    const struct row *a = ends.a, *b = ends.b;
    if (a->replications == 0 || b->replications == 0)
        return internf("Not all of %s = %s to %s was run: the %s column was not.",
                       s->sweep.parameter, report_value(s, a->value), report_value(s, b->value),
                       a->replications > 0   ? "last"
                       : b->replications > 0 ? "first"
                                             : "first and the last");
    const char *text =
        internf("From %s = %s to %s utilization goes from %s to %s", s->sweep.parameter,
                report_value(s, a->value), report_value(s, b->value), report_share(a->utilization),
                report_share(b->utilization));
    if (a->completed == 0)
        return internf("%s; in the first column no task was completed.", text);
    if (b->completed == 0)
        return internf("%s; in the first column%s, and in the last none was completed.", text,
                       known_words_within(result, a));
    const char *median = known_words_from_to(&ends, ", the median latency", P50),
               *p99 = known_words_from_to(&ends, median ? " and p99" : ", p99", P99);
    return internf("%s%s%s.%s%s", text, median ? median : "", p99 ? p99 : "",
                   known_words_instead(&ends, P50), known_words_instead(&ends, P99));
}

/* The first column, in the order of the sweep, with p99 ten times that of the first one; of columns
 * that have an interval alone. */
static const char *tenfold(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    const struct row *first = report_row(result, 0);
    bool skipped = false;
    for (uint32_t column = 1; column < result->columns && known_words_is(result, first, P99);
         column++) {
        const struct row *row = report_row(result, column);
        bool known = known_words_is(result, row, P99);
        if (known && row->latency_q[P99] >= 10 * first->latency_q[P99])
            return internf(" p99 is ten times that of the first column from %s on%s, at a "
                           "utilization of %s.",
                           report_value(s, row->value), skipped ? " at the latest" : "",
                           report_share(row->utilization));
        skipped = !known;
    }
    return "";
}

/* What a column says of the picture's objective: by the interval of p99 and not by its value, which
 * luck may have put on the other side. Of a log that is only replayed the value is all there is. */
enum keeping { KEEPS, MISSES, UNTOLD, UNKNOWN };

static enum keeping keeping(const struct result *result, const struct row *row, double limit)
{
    double value = row->latency_q[P99], low = row->latency_low[P99], high = row->latency_high[P99];
    if (row->stable == STABLE_NO && !sweep_drifts(&result->scenario))
        return MISSES; /* sooner or later */
    if (isnan(value))
        return UNKNOWN;
    if (scenario_repeats(&result->scenario))
        return value > limit ? MISSES : KEEPS;
    return high <= limit ? KEEPS : low > limit ? MISSES : UNTOLD;
}

/* "; in 2 of 12 columns its interval does not tell". */
static const char *untold(const struct result *result, uint32_t n)
{
    return n == 0 ? ""
                  : internf("; in %u of %u columns its interval does not tell", n, result->columns);
}

/* Where p99 of a class (or of all) keeps to the picture's objective, and where it does not. */
static const char *objective(const struct result *result, uint32_t class)
{
    const struct scenario *s = &result->scenario;
    double limit = s->picture.objective;
    struct columns of[UNKNOWN + 1] = {{0}};
    for (uint32_t column = 0; column < result->columns && !isnan(limit); column++)
        columns_count(&of[keeping(result, result_row(result, column, class), limit)], column);
    const struct columns *met = &of[KEEPS], *missed = &of[MISSES];
    if (met->n + missed->n + of[UNTOLD].n == 0)
        return "";
    char text[64];
    unit_human(UNIT_DURATION, limit, 6, text, sizeof text);
    const char *what = internf("the objective of %s", text);
    if (met->n + missed->n == 0)
        return internf(" Whether p99 meets %s cannot be told%s: %s.", what,
                       result->columns == 1 ? "" : " anywhere",
                       report_row(result, of[UNTOLD].first)->intervals
                           ? "its interval reaches beyond it on both sides, or has no end"
                           : "it has no interval");
    if ((met->n == 0 || missed->n == 0) && of[UNTOLD].n > 0)
        return internf(" p99 %s %s in %u of %u columns%s.", missed->n == 0 ? "meets" : "exceeds",
                       what, met->n + missed->n, result->columns, untold(result, of[UNTOLD].n));
    if (met->n == 0 || missed->n == 0)
        return internf(" p99 %s %s%s.", missed->n == 0 ? "meets" : "exceeds", what,
                       result->columns == 1                    ? ""
                       : met->n + missed->n == result->columns ? " everywhere"
                                                               : " wherever it is known");
    const struct columns *later = met->last < missed->first ? missed : met;
    const char *verb = later == missed ? "exceeds" : "meets";
    if (met->last < missed->first || missed->last < met->first)
        return internf(" p99 %s %s from %s on%s.", verb, what,
                       report_value(s, report_row(result, later->first)->value),
                       untold(result, of[UNTOLD].n));
    return internf(" p99 exceeds %s in %u of %u columns, first at %s%s.", what, missed->n,
                   result->columns, report_value(s, report_row(result, missed->first)->value),
                   untold(result, of[UNTOLD].n));
}

static const char *stability(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    uint32_t unstable = 0, first = 0;
    for (uint32_t column = result->columns; column-- > 0;)
        if (report_row(result, column)->stable == STABLE_NO) {
            unstable++;
            first = column;
        }
    if (unstable == 0)
        return "";
    if (unstable == result->columns)
        return " No column is stable: the backlog grows in all of them.";
    const char *where = report_value(s, report_row(result, first)->value);
    if (first == 0)
        return internf(
            " %u of %u columns are not stable, the first (%s) among them: there the backlog "
            "grows, and latencies tell how long the run was.",
            unstable, result->columns, where);
    const struct row *before = report_row(result, first - 1);
    bool known = known_words_is(result, before, P99);
    return internf(" The last stable column is at %s (utilization %s%s%s); from %s on the "
                   "backlog grows, and latencies tell how long the run was.",
                   report_value(s, before->value), report_share(before->utilization),
                   known ? ", p99 " : "", known ? report_duration(before->latency_q[P99]) : "",
                   where);
}

static const char *worst_loss(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    const struct row *worst = report_row(result, 0);
    bool open = false;
    for (uint32_t column = 0; column < result->columns; column++) {
        const struct row *row = report_row(result, column);
        open = open || (row->replications > 0 && known_words_loss_is_open(result, row));
        worst = row->loss_fraction > worst->loss_fraction ? row : worst;
    }
    if (!(worst->loss_fraction > MATERIAL_LOSS))
        return open ? " No task is lost in what this run has met." : "";
    return internf(" At worst%s %s of the tasks are lost, at %s.",
                   open ? ", in what this run has met," : "", report_share(worst->loss_fraction),
                   report_value(s, worst->value));
}

/* "gold: the median latency from 112 ms to 2.7 s and p99 from 1 s to 12 s." */
static const char *class_line(const struct result *result, uint32_t class)
{
    const struct row *a = result_row(result, 0, class),
                     *b = result_row(result, result->columns - 1, class);
    const char *name = result_class_name(result, class);
    if (a->completed == 0 && b->completed == 0)
        return internf("  %s: no task was completed%s.", name,
                       result->columns > 1 ? " in the first column nor in the last" : "");
    bool lossy = a->loss_fraction > MATERIAL_LOSS || b->loss_fraction > MATERIAL_LOSS;
    bool open = known_words_loss_is_open(result, a) || known_words_loss_is_open(result, b);
    const char *lost = known_words_lost(result, a, "them", "lost");
    const char *within = known_words_within(result, a);
    if (result->columns == 1)
        return internf("  %s:%s%s%s.%s", name, within + (*within == ','), lost ? "; " : "",
                       lost ? lost : "", objective(result, class));
    struct ends ends = known_words_ends(result, class);
    const char *median = known_words_from_to(&ends, " median latency", P50),
               *p99 = known_words_from_to(&ends, median ? ", p99" : " p99", P99);
    const char *list = internf(
        "%s%s%s%s", median ? median : "", p99 ? p99 : "", lossy && (median || p99) ? "," : "",
        lossy ? internf(" loss%s from %s to %s", open ? ", in what this run has met," : "",
                        report_share(a->loss_fraction), report_share(b->loss_fraction))
              : "");
    return internf("  %s:%s%s%s%s%s", name, list, *list ? "." : "", known_words_instead(&ends, P50),
                   known_words_instead(&ends, P99), objective(result, class));
}

const char *report_classes_reading(const struct result *result)
{
    uint32_t classes = result_row_classes(result);
    const char *text = "";
    for (uint32_t class = 0; class + 1 < classes; class ++)
        text = internf("%s%s\n", text, class_line(result, class));
    return text;
}

/* "1.3 h in the slice at 17.75 h" */
static const char *slice(const struct scenario *s, const struct row *row)
{
    return internf("%s in the slice at %s", report_duration(row->latency_q[P99]),
                   report_value(s, row->value));
}

/* When latencies are worst, and best, as far as is known. */
static const char *p99_through_time(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    const struct row *worst = NULL, *best = NULL, *met = NULL;
    uint32_t known = 0;
    for (uint32_t column = 0; column < result->columns; column++) {
        const struct row *row = report_row(result, column);
        double p99 = row->latency_q[P99];
        if (!isnan(p99) && (!met || p99 > met->latency_q[P99]))
            met = row;
        if (!known_words_is(result, row, P99))
            continue;
        known++;
        worst = !worst || p99 > worst->latency_q[P99] ? row : worst;
        best = !best || p99 < best->latency_q[P99] ? row : best;
    }
    if (!met)
        return " p99 is known of no slice: tasks are too few for it.";
    if (!worst)
        return internf(" p99 has no interval in any slice; the worst that this run has met is %s.",
                       slice(s, met));
    return internf(
        " p99 is worst, %s, and best, %s%s.", slice(s, worst), slice(s, best),
        known == result->columns
            ? ""
            : internf(", of the %u of %u slices in which it has an interval%s", known,
                      result->columns,
                      met == worst ? ""
                                   : internf("; beyond these this run has met %s", slice(s, met))));
}

/* Slices of one run: when most arrive, when most wait, and when latencies are worst. */
static const char *through_time(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    const struct row *busiest = report_row(result, 0), *longest = busiest;
    for (uint32_t column = 1; column < result->columns; column++) {
        const struct row *row = report_row(result, column);
        busiest = row->arrival_rate > busiest->arrival_rate ? row : busiest;
        longest = row->queue_mean > longest->queue_mean ? row : longest;
    }
    char waiting[64];
    unit_human(UNIT_NUMBER, longest->queue_mean, 3, waiting, sizeof waiting);
    return internf("Most tasks arrive in the slice that begins at %s (%s); the queue is longest in "
                   "that at %s (%s wait on average).%s",
                   report_value(s, busiest->value), report_rate(busiest->arrival_rate),
                   report_value(s, longest->value), waiting, p99_through_time(result));
}

const char *report_reading(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    uint32_t all = result_row_classes(result) - 1;
    if (sweep_is_time(s))
        return internf("%s%s%s", through_time(result), objective(result, all), worst_loss(result));
    if (!s->sweep.parameter || result->columns == 1)
        return internf("%s%s", single(result), objective(result, all));
    const char *text =
        internf("%s%s%s", sweep_words(result), tenfold(result), objective(result, all));
    double cliff = offered_cliff(s);
    if (!isnan(cliff))
        text = internf("%s By theory utilization reaches 1 at %s = %s.", text, s->sweep.parameter,
                       report_value(s, cliff));
    return internf("%s%s%s", text, stability(result), worst_loss(result));
}
