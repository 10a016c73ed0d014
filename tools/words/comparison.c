#include "comparison.h"

#include <string.h>

#include "report.h"
#include "sheet.h"
#include "stages.h"

#define NEAR_THE_EDGE 0.95

static uint32_t columns_of(const struct comparison *comparison)
{
    return comparison->results[0]->columns;
}

uint32_t comparison_last_before_edge(const struct comparison *comparison)
{
    for (uint32_t column = 0; column < columns_of(comparison); column++)
        for (size_t i = 0; i < comparison->n; i++) {
            const struct row *row = report_row(comparison->results[i], column);
            if (row->stable == STABLE_NO || row->offered_utilization > NEAR_THE_EDGE)
                return column > 0 ? column - 1 : 0;
        }
    return columns_of(comparison) - 1;
}

/* Which columns are not stable: "from 1.98", "until 0" (the sweep leads out of trouble), ... */
static const char *not_stable(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    uint32_t n = 0, first = 0, last = 0;
    for (uint32_t column = 0; column < result->columns; column++)
        if (report_row(result, column)->stable == STABLE_NO) {
            if (n++ == 0)
                first = column;
            last = column;
        }
    if (n == 0)
        return "-";
    if (n == result->columns)
        return "all of it";
    if (last + 1 == result->columns && n == last - first + 1)
        return internf("from %s", report_value(s, report_row(result, first)->value));
    if (first == 0 && n == last + 1)
        return internf("until %s", report_value(s, report_row(result, last)->value));
    return internf("%u of %u columns", n, result->columns);
}

/* The classes of all panels, by their names in the order in which they come, and `all`, last. */
struct classes {
    const char *names[PLOT_PANELS * MAX_CLASSES + 1];
    size_t n;
};

static void classes_of(const struct comparison *comparison, struct classes *out)
{
    out->n = 0;
    for (size_t i = 0; i < comparison->n; i++) {
        const struct result *result = comparison->results[i];
        for (uint32_t class = 0; class + 1 < result_row_classes(result); class ++) {
            const char *name = result_class_name(result, class);
            size_t k = 0;
            while (k < out->n && strcmp(out->names[k], name) != 0)
                k++;
            if (k == out->n)
                out->names[out->n++] = name;
        }
    }
    out->names[out->n++] = "all";
}

/* The row of a class by its name; NULL: the panel has none of that name. */
static const struct row *row_named(const struct result *result, uint32_t column, const char *name)
{
    for (uint32_t class = 0; class < result_row_classes(result); class ++)
        if (strcmp(result_class_name(result, class), name) == 0 ||
            (class + 1 == result_row_classes(result) && strcmp(name, "all") == 0))
            return result_row(result, column, class);
    return NULL;
}

static bool networks(const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->n; i++)
        if (comparison->results[i]->places > 1)
            return true;
    return false;
}

/* What is said of all classes together is left out of the lines of one. */
static void add_line(const struct comparison *comparison, size_t i, uint32_t column,
                     const char *class, bool several, struct sheet *sheet)
{
    const struct result *result = comparison->results[i];
    const struct row *row = row_named(result, column, class);
    bool whole = row == report_row(result, column);
    if (!row)
        return;
    sheet_add(sheet, comparison->panels[i]->title);
    if (sweep_name(&result->scenario))
        sheet_add(sheet, report_value(&result->scenario, row->value));
    if (several)
        sheet_add(sheet, class);
    sheet_add(sheet, whole ? report_share(row->utilization) : "");
    sheet_add(sheet, report_duration(row->latency_q[0]));
    sheet_add(sheet, report_duration(row->latency_q[2]));
    sheet_add(sheet, report_interval(row->latency_low[2], row->latency_high[2]));
    sheet_add(sheet, report_duration(row->latency_q[3]));
    sheet_add(sheet, whole ? report_rate(row->throughput) : "");
    sheet_add(sheet, report_share(row->loss_fraction));
    sheet_add(sheet, whole ? not_stable(result) : "");
    if (networks(comparison))
        sheet_add(sheet, whole ? stages_bottleneck(result, column) : "");
}

static void add_column(const struct comparison *comparison, const struct classes *classes,
                       uint32_t column, struct sheet *sheet)
{
    for (size_t k = 0; k < classes->n; k++)
        for (size_t i = 0; i < comparison->n; i++)
            add_line(comparison, i, column, classes->names[k], classes->n > 1, sheet);
}

void comparison_print_table(const struct comparison *comparison, FILE *out)
{
    const char *parameter = sweep_name(&comparison->panels[0]->scenario);
    struct classes classes;
    classes_of(comparison, &classes);
    struct sheet sheet = {.columns =
                              9u + (parameter ? 1 : 0) + (classes.n > 1) + networks(comparison)};
    sheet_add(&sheet, "panel");
    if (parameter)
        sheet_add(&sheet, parameter);
    if (classes.n > 1)
        sheet_add(&sheet, "class");
    const char *const head[] = {"utilization", "p50",        "p99",  "95 % interval",
                                "p99.9",       "throughput", "loss", "not stable"};
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++)
        sheet_add(&sheet, head[i]);
    if (networks(comparison))
        sheet_add(&sheet, "bottleneck");
    uint32_t last = columns_of(comparison) - 1, middle = comparison_last_before_edge(comparison);
    add_column(comparison, &classes, 0, &sheet);
    if (middle > 0 && middle < last)
        add_column(comparison, &classes, middle, &sheet);
    if (last > 0)
        add_column(comparison, &classes, last, &sheet);
    sheet_print(&sheet, out);
    sheet_free(&sheet);
}
