#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "../plots/plot.h"
#include "../sim/save.h"
#include "../sim/save_csv.h"
#include "../sim/sweep.h"
#include "table.h"

enum { ROWS_SHOWN = 10, DIGITS = 3 };

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
    struct param_ref ref;
    if (!sweep_ref(s, &ref))
        return "-";
    return human(param_unit(&ref), value, DIGITS + 1);
}

const char *report_speed(uint64_t tasks, double seconds)
{
    return internf("%s tasks in %s (%s tasks/s)", human(UNIT_COUNT, (double)tasks, DIGITS),
                   report_duration(seconds), human(UNIT_COUNT, (double)tasks / seconds, DIGITS));
}

/* The columns worth a line: evenly spread, and both sides of where stability ends. */
static bool worth_a_line(const struct result *result, uint32_t column)
{
    uint32_t n = result->columns;
    if (n <= ROWS_SHOWN)
        return true;
    for (uint32_t i = 0; i < ROWS_SHOWN; i++)
        if (column == i * (n - 1) / (ROWS_SHOWN - 1))
            return true;
    bool unstable = report_row(result, column)->stable == STABLE_NO;
    return (column > 0 && unstable != (report_row(result, column - 1)->stable == STABLE_NO)) ||
           (column + 1 < n && unstable != (report_row(result, column + 1)->stable == STABLE_NO));
}

static const char *interval(double low, double high)
{
    if (isnan(low) || isnan(high))
        return "-";
    return internf("%s to %s", report_duration(low), report_duration(high));
}

static void print_columns(const struct result *result, FILE *out)
{
    const struct scenario *s = &result->scenario;
    struct table table = {.columns = 8};
    const char *const head[] = {s->sweep.parameter, "utilization", "p50",  "p99",
                                "95 % interval",    "p99.9",       "loss", "stable"};
    for (size_t i = 0; i < table.columns; i++)
        table_add(&table, head[i]);
    for (uint32_t column = 0; column < result->columns; column++) {
        if (!worth_a_line(result, column))
            continue;
        const struct row *row = report_row(result, column);
        table_add(&table, report_value(s, row->value));
        table_add(&table, report_share(row->utilization));
        table_add(&table, report_duration(row->latency_q[0]));
        table_add(&table, report_duration(row->latency_q[2]));
        table_add(&table, interval(row->latency_low[2], row->latency_high[2]));
        table_add(&table, report_duration(row->latency_q[3]));
        table_add(&table, report_share(row->loss_fraction));
        table_add(&table, stable_names[row->stable]);
    }
    table_print(&table, out);
    table_free(&table);
}

static void add_line(struct table *table, const char *name, double latency, double low, double high,
                     double wait)
{
    table_add(table, name);
    table_add(table, report_duration(latency));
    table_add(table, interval(low, high));
    table_add(table, report_duration(wait));
}

/* One column: everything about it. */
static void print_single(const struct result *result, FILE *out)
{
    static const char *const names[QUANTILES] = {"p50", "p90", "p99", "p99.9"};
    const struct row *row = report_row(result, 0);
    struct table table = {.columns = 4};
    table_add(&table, "");
    table_add(&table, "latency");
    table_add(&table, "95 % interval");
    table_add(&table, "wait");
    add_line(&table, "mean", row->latency_mean, row->latency_mean - row->latency_mean_ci95,
             row->latency_mean + row->latency_mean_ci95, row->wait_mean);
    for (int i = 0; i < QUANTILES; i++)
        add_line(&table, names[i], row->latency_q[i], row->latency_low[i], row->latency_high[i],
                 row->wait_q[i]);
    add_line(&table, "largest", row->latency_max, NAN, NAN, NAN);
    table_print(&table, out);
    table_free(&table);
    fprintf(out, "\n  utilization %s, loss %s, stable: %s\n", report_share(row->utilization),
            report_share(row->loss_fraction), stable_names[row->stable]);
}

void report_print(const struct result *result, FILE *out)
{
    const struct scenario *s = &result->scenario;
    if (s->title)
        fprintf(out, "%s\n", s->title);
    fprintf(out, "%u column%s, %u replication%s%s: %s\n\n", result->columns,
            result->columns == 1 ? "" : "s", result->replications,
            result->replications == 1 ? "" : "s",
            result->interrupted ? ", interrupted: some are missing" : "",
            report_speed(result->simulated, result->wall_seconds));
    if (s->sweep.parameter)
        print_columns(result, out);
    else
        print_single(result, out);
    fprintf(out, "\n%s\n\n", report_reading(result));
    for (int i = 0; i < AUDIT_LINES; i++)
        fprintf(out, "%s\n", result->audit.text[i]);
}

void report_warnings(const struct result *result)
{
    char *text = result_warnings(result), *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        fprintf(stderr, "warning: %s\n", line);
    free(text);
    report_lacking("the title", result->scenario.title);
}

void report_lacking(const char *what, const char *text)
{
    if (text && plot_lacks(text))
        fprintf(stderr,
                "warning: %s has characters that the picture's font lacks: boxes stand in their "
                "place\n",
                what);
}
