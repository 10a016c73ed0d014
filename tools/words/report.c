#include "report.h"
#include "known_words.h"

#include <stdlib.h>
#include <string.h>

#include "../../plots/plot.h"
#include "../../sim/result/precision.h"
#include "../../sim/result/save.h"
#include "../../sim/result/save_csv.h"
#include "../../sim/scenario/sweep.h"
#include "../shell/remarks.h"
#include "observed_words.h"
#include "promises.h"
#include "queue_words.h"
#include "sheet.h"
#include "stages.h"
#include "tail_words.h"

enum { ROWS_SHOWN = 10, LINES_SHOWN = 30, STAGES_OF_COLUMN = 3, DIGITS = 3 };

const struct row *report_row(const struct result *result, uint32_t column)
{
    return result_row(result, column, result_row_classes(result) - 1);
}

static const char *human(enum unit unit, double value, int digits)
{
    if (isnan(value))
        return "-";
    char text[64];
    unit_human(unit, value, digits, text, sizeof text);
    return intern(text);
}

const char *report_duration(double seconds)
{
    return human(UNIT_DURATION, seconds, DIGITS);
}

const char *report_rate(double per_second)
{
    return human(UNIT_RATE, per_second, DIGITS);
}

const char *report_share(double share)
{
    return human(UNIT_SHARE, share, DIGITS);
}

const char *report_value(const struct scenario *s, double value)
{
    if (!sweep_name(s))
        return "-";
    return human(sweep_unit(s), value, DIGITS + 1);
}

const char *report_speed(uint64_t tasks, double seconds)
{
    return internf("%s tasks in %s (%s tasks/s)", human(UNIT_COUNT, (double)tasks, DIGITS),
                   report_duration(seconds), human(UNIT_COUNT, (double)tasks / seconds, DIGITS));
}

/* Lines of a column: classes, and of a network the busiest stages. */
static uint32_t lines_a_column(const struct result *result)
{
    uint32_t stages = result->whole < STAGES_OF_COLUMN ? result->whole : STAGES_OF_COLUMN;
    uint32_t others = result->places - result->whole - 1; /* client */
    return result_row_classes(result) + stages + others;
}

/* The columns worth a line, or one for each class: evenly spread, fewer where classes are many, and
 * both sides of where stability ends. */
static bool worth_a_line(const struct result *result, uint32_t column)
{
    uint32_t n = result->columns, shown = LINES_SHOWN / lines_a_column(result);
    shown = shown > ROWS_SHOWN ? ROWS_SHOWN : shown < 3 ? 3 : shown;
    if (n <= shown)
        return true;
    for (uint32_t i = 0; i < shown; i++)
        if (column == i * (n - 1) / (shown - 1))
            return true;
    bool unstable = report_row(result, column)->stable == STABLE_NO;
    return (column > 0 && unstable != (report_row(result, column - 1)->stable == STABLE_NO)) ||
           (column + 1 < n && unstable != (report_row(result, column + 1)->stable == STABLE_NO));
}

const char *report_interval(double low, double high)
{
    if (isnan(low) || isnan(high))
        return "-";
    return internf("%s to %s", report_duration(low), report_duration(high));
}

/* A line of one class of a column, or of all together: what is known of all alone is left out of
 * the others. */
static void add_line_of(struct sheet *sheet, const struct result *result, uint32_t column,
                        uint32_t place, uint32_t class)
{
    uint32_t classes = result_row_classes(result);
    const struct row *row = result_place_row(result, column, place, class);
    bool whole = class + 1 == classes;
    sheet_add(sheet, report_value(&result->scenario, row->value));
    if (result->places > 1)
        sheet_add(sheet, result_place_name(result, place));
    if (classes > 1)
        sheet_add(sheet, result_class_name(result, class));
    sheet_add(sheet, whole ? report_share(row->utilization) : "");
    sheet_add(sheet, report_duration(row->latency_q[0]));
    sheet_add(sheet, report_duration(row->latency_q[2]));
    sheet_add(sheet, report_interval(row->latency_low[2], row->latency_high[2]));
    sheet_add(sheet, report_duration(row->latency_q[3]));
    if (scenario_records_queue(&result->scenario)) {
        sheet_add(sheet, whole ? queue_number(row->queue_q[0]) : "");
        sheet_add(sheet, whole ? queue_number(row->queue_q[2]) : "");
    }
    sheet_add(sheet, report_share(row->loss_fraction));
    sheet_add(sheet, !whole ? "" : row->replications == 0 ? "not run" : stable_names[row->stable]);
}

/* Of a network the busiest stages before the whole; classes of the whole alone. */
static void add_column(struct sheet *sheet, const struct result *result, uint32_t column)
{
    uint32_t classes = result_row_classes(result);
    struct places_shown *shown = stages_shown(result, column, STAGES_OF_COLUMN);
    for (uint32_t i = 0; i < shown->n; i++) {
        bool whole = shown->place[i] == result->whole;
        for (uint32_t class = whole ? 0 : classes - 1; class < classes; class ++)
            add_line_of(sheet, result, column, shown->place[i], class);
    }
    free(shown);
}

static void print_columns(const struct result *result, FILE *out)
{
    const struct scenario *s = &result->scenario;
    uint32_t classes = result_row_classes(result);
    bool queue = scenario_records_queue(s), network = result->places > 1;
    struct sheet sheet = {.columns = 8u + network + (classes > 1) + (queue ? 2 : 0)};
    sheet_add(&sheet, sweep_name(s));
    if (network)
        sheet_add(&sheet, "stage");
    if (classes > 1)
        sheet_add(&sheet, "class");
    const char *const head[] = {"utilization", "p50", "p99", "95 % interval", "p99.9"};
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        sheet_add(&sheet, head[i]);
    if (queue) {
        sheet_add(&sheet, "waiting p50");
        sheet_add(&sheet, "waiting p99");
    }
    sheet_add(&sheet, "loss");
    sheet_add(&sheet, "stable");
    for (uint32_t column = 0; column < result->columns; column++)
        if (worth_a_line(result, column))
            add_column(&sheet, result, column);
    sheet_print(&sheet, out);
    sheet_free(&sheet);
}

static void add_line(struct sheet *sheet, const char *name, double latency, double low, double high,
                     double wait)
{
    sheet_add(sheet, name);
    sheet_add(sheet, report_duration(latency));
    sheet_add(sheet, report_interval(low, high));
    sheet_add(sheet, report_duration(wait));
}

/* One column of several classes: a line for each, and for all together. */
static void print_classes(const struct result *result, FILE *out)
{
    static const char *const head[] = {"class", "mean",    "p50",       "p99", "95 % interval",
                                       "p99.9", "largest", "mean wait", "loss"};
    struct sheet sheet = {.columns = sizeof head / sizeof *head};
    for (size_t i = 0; i < sheet.columns; i++)
        sheet_add(&sheet, head[i]);
    for (uint32_t class = 0; class < result_row_classes(result); class ++) {
        const struct row *row = result_row(result, 0, class);
        sheet_add(&sheet, result_class_name(result, class));
        sheet_add(&sheet, report_duration(row->latency_mean));
        sheet_add(&sheet, report_duration(row->latency_q[0]));
        sheet_add(&sheet, report_duration(row->latency_q[2]));
        sheet_add(&sheet, report_interval(row->latency_low[2], row->latency_high[2]));
        sheet_add(&sheet, report_duration(row->latency_q[3]));
        sheet_add(&sheet, report_duration(row->latency_max));
        sheet_add(&sheet, report_duration(row->wait_mean));
        sheet_add(&sheet, report_share(row->loss_fraction));
    }
    sheet_print(&sheet, out);
    sheet_free(&sheet);
    fprintf(out, "\n  all together:\n");
}

/* One column: everything about it. */
static void print_single(const struct result *result, FILE *out)
{
    static const char *const names[QUANTILES] = {"p50", "p90", "p99", "p99.9", "p99.99"};
    const struct row *row = report_row(result, 0);
    struct sheet sheet = {.columns = 4};
    if (result->places > 1) {
        stages_print(result, out);
        fprintf(out, "\n  from end to end:\n");
    }
    if (result_row_classes(result) > 1)
        print_classes(result, out);
    sheet_add(&sheet, "");
    sheet_add(&sheet, "latency");
    sheet_add(&sheet, "95 % interval");
    sheet_add(&sheet, "wait");
    add_line(&sheet, "mean", row->latency_mean, row->latency_mean - row->latency_mean_ci95,
             row->latency_mean + row->latency_mean_ci95, row->wait_mean);
    for (int i = 0; i < QUANTILES; i++)
        add_line(&sheet, names[i], row->latency_q[i], row->latency_low[i], row->latency_high[i],
                 row->wait_q[i]);
    add_line(&sheet, "largest", row->latency_max, NAN, NAN, NAN);
    sheet_print(&sheet, out);
    sheet_free(&sheet);
    if (scenario_records_queue(&result->scenario))
        fprintf(out, "\n  tasks waiting: mean %s, p50 %s, p90 %s, p99 %s, p99.9 %s, most %s\n",
                queue_number(row->queue_mean), queue_number(row->queue_q[0]),
                queue_number(row->queue_q[1]), queue_number(row->queue_q[2]),
                queue_number(row->queue_q[3]), queue_number(row->queue_max));
    fprintf(out, "\n  utilization %s, loss %s, stable: %s\n", report_share(row->utilization),
            known_words_loss(result, row), stable_names[row->stable]);
}

/* What became of the precision asked for: in how many columns, with how much work. */
static void print_precision(const struct result *result, FILE *out)
{
    const struct scenario *s = &result->scenario;
    const struct precision *p = &s->run.precision;
    uint32_t reached = 0, least = UINT32_MAX, most = 0;
    for (uint32_t column = 0; column < result->columns; column++) {
        const struct row *row = report_row(result, column);
        reached += row->precision_state == PRECISION_REACHED;
        least = row->replications < least ? row->replications : least;
        most = row->replications > most ? row->replications : most;
    }
    double confidence = isnan(p->confidence) ? PRECISION_CONFIDENCE : p->confidence;
    fprintf(out, "\n  %s known to within %s, with %s: %s, with %u",
            quantity_kinds[precision_quantity(s)].name,
            !isnan(p->absolute)         ? report_duration(p->absolute)
            : !isnan(p->absolute_share) ? report_share(p->absolute_share)
                                        : report_share(p->relative),
            report_share(confidence),
            result->columns > 1 ? internf("in %u of %u columns", reached, result->columns)
            : reached           ? "yes"
                                : "no",
            least);
    fprintf(out, "%s replications\n", most > least ? internf(" to %u", most) : "");
}

void report_print(const struct result *result, FILE *out)
{
    const struct scenario *s = &result->scenario;
    if (s->title)
        fprintf(out, "%s\n", s->title);
    const char *remark = scenario_remark(s);
    fprintf(out, "%u column%s, %u replication%s%s%s: %s\n", result->columns,
            result->columns == 1 ? "" : "s", result->replications,
            result->replications == 1 ? "" : "s", scenario_seeks_precision(s) ? " or more" : "",
            result->interrupted ? ", interrupted: some are missing" : "",
            report_speed(result->simulated, result->wall_seconds));
    fprintf(out, "%s%s\n", remark ? remark : "", remark ? "\n" : "");
    if (sweep_name(s))
        print_columns(result, out);
    else
        print_single(result, out);
    if (scenario_seeks_precision(s))
        print_precision(result, out);
    fprintf(out, "\n%s%s%s\n%s\n", report_reading(result), stages_reading(result),
            queue_words(result),
            internf("%s%s", report_classes_reading(result), promises_words(result, "  ")));
    const char *theory = tail_words(result);
    if (theory)
        fprintf(out, "%s\n\n", theory);
    if (observed_words(result))
        fprintf(out, "%s\n\n", observed_words(result));
    for (int i = 0; i < AUDIT_LINES; i++)
        fprintf(out, "%s\n", result->audit.text[i]);
}

void report_warnings(const struct result *result)
{
    char *text = result_warnings(result), *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        remarks_warn(line);
    free(text);
    if (observed_warning(&result->scenario))
        remarks_warn(observed_warning(&result->scenario));
    report_lacking("the title", result->scenario.title);
}

void report_lacking(const char *what, const char *text)
{
    if (text && plot_lacks(text))
        remarks_warn(internf("%s has characters that the picture's font lacks: boxes stand in "
                             "their place",
                             what));
}
