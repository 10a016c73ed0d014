#include "stages.h"

#include <stdlib.h>

#include "../../sim/base/err.h"
#include "../../sim/result/save_csv.h"
#include "../../sim/scenario/sweep.h"
#include "report.h"
#include "sheet.h"

enum { STAGES_SHOWN = 20, NAMED = 5, CHANGES_TOLD = 3 };
enum { P50 = 0, P99 = 2, P999 = 3 };

static const struct row *row_at(const struct result *result, uint32_t column, uint32_t place)
{
    return result_place_row(result, column, place, result_row_classes(result) - 1);
}

/* What a stage is sorted by: unlimited consumers, and what was not run, come last. */
struct busy {
    double utilization;
    uint32_t place;
};

static int by_place(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int busiest_first(const void *a, const void *b)
{
    const struct busy *x = a, *y = b;
    if (x->utilization != y->utilization)
        return x->utilization > y->utilization ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

struct places_shown *stages_shown(const struct result *result, uint32_t column, uint32_t most)
{
    const uint32_t stages = result->whole;
    struct busy *busy = xmalloc((stages + 1) * sizeof *busy);
    for (uint32_t i = 0; i < stages; i++) {
        double utilization = row_at(result, column, i)->utilization;
        busy[i] = (struct busy){isnan(utilization) ? -1 : utilization, i};
    }
    qsort(busy, stages, sizeof *busy, busiest_first);
    struct places_shown *out =
        xcalloc(1, sizeof *out + ((size_t)most + result->places) * sizeof *out->place);
    for (uint32_t i = 0; i < stages && i < most; i++)
        out->place[out->n++] = busy[i].place;
    qsort(out->place, out->n, sizeof *out->place, by_place);
    out->left_out = stages - out->n;
    for (uint32_t i = stages; i < result->places; i++)
        out->place[out->n++] = i;
    free(busy);
    return out;
}

const char *stages_bottleneck(const struct result *result, uint32_t column)
{
    uint32_t place = result_bottleneck(result, column);
    if (place == result->whole)
        return "-";
    return internf("%s %s", result_bottleneck_name(result, column),
                   report_share(row_at(result, column, place)->utilization));
}

static const char *listed(const char *list, const char *piece)
{
    return *list ? internf("%s, %s", list, piece) : piece;
}

/* Stages that are not stable, in any column, and what for. */
static const char *unstable(const struct result *result)
{
    const char *list = "";
    uint32_t n = 0;
    for (uint32_t place = 0; place < result->whole; place++) {
        uint32_t found = result->columns;
        for (uint32_t column = 0; column < result->columns; column++)
            if (row_at(result, column, place)->stable == STABLE_NO)
                found = column;
        if (found == result->columns || n++ >= NAMED)
            continue;
        uint32_t other = result_waits_for(result, found, place);
        const char *name = result_place_name(result, place);
        list = listed(list, other == place ? name
                                           : internf("%s (which waits for %s)", name,
                                                     result_place_name(result, other)));
    }
    if (n == 0)
        return "";
    return internf(" It is at %s%s that the backlog grows.", list,
                   n > NAMED ? internf(" and %u more stages", n - NAMED) : "");
}

static const char *is_or_are(const struct result *result, uint32_t column)
{
    bool *is = xcalloc(result->whole + 1, sizeof *is);
    uint32_t n = result_bottlenecks(result, column, is);
    free(is);
    return n > 1 ? "bottlenecks are" : "bottleneck is";
}

static bool is_still(const struct result *result, uint32_t column, uint32_t place)
{
    bool *is = xcalloc(result->whole + 1, sizeof *is);
    result_bottlenecks(result, column, is);
    bool still = is[place];
    free(is);
    return still;
}

/* The bottleneck of every column, where another takes over along the sweep: one that is as busy as
 * it was does not. */
static const char *along(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    const char *text = "";
    uint32_t last = result->whole, changes = 0;
    for (uint32_t column = 0; column < result->columns; column++) {
        uint32_t place = result_bottleneck(result, column);
        if (place == result->whole || (last < result->whole && is_still(result, column, last)))
            continue;
        const char *name = result_bottleneck_name(result, column);
        if (last == result->whole)
            text = internf(" The %s %s", is_or_are(result, column), name);
        else if (++changes <= CHANGES_TOLD)
            text = internf("%s, from %s on %s", text,
                           report_value(s, row_at(result, column, place)->value), name);
        last = place;
    }
    if (last == result->whole)
        return "";
    if (changes == 0)
        return internf("%s throughout.", text);
    return internf("%s%s.", text, changes > CHANGES_TOLD ? ", and it changes on" : "");
}

const char *stages_reading(const struct result *result)
{
    if (result->places == 1)
        return "";
    if (result->columns > 1)
        return internf("%s%s", along(result), unstable(result));
    uint32_t place = result_bottleneck(result, 0);
    if (place == result->whole)
        return unstable(result);
    const struct row *row = row_at(result, 0, place);
    const char *verb = is_or_are(result, 0);
    const char *held = row->held_fraction > 0
                           ? internf(", %s of it held by what it calls or cannot hand on",
                                     report_share(row->held_fraction))
                           : "";
    return internf(" The %s %s: %s consumers are taken for %s of their time%s.%s", verb,
                   result_bottleneck_name(result, 0), verb[10] == 's' ? "their" : "its",
                   report_share(row->utilization), held, unstable(result));
}

void stages_print(const struct result *result, FILE *out)
{
    static const char *const head[] = {"stage", "utilization", "held",  "throughput", "waiting",
                                       "p50",   "p99",         "p99.9", "loss",       "stable"};
    struct sheet sheet = {.columns = sizeof head / sizeof *head};
    for (size_t i = 0; i < sheet.columns; i++)
        sheet_add(&sheet, head[i]);
    struct places_shown *shown = stages_shown(result, 0, STAGES_SHOWN);
    for (uint32_t i = 0; i < shown->n; i++) {
        const struct row *row = row_at(result, 0, shown->place[i]);
        char waiting[64] = "-";
        if (!isnan(row->queue_mean))
            unit_human(UNIT_NUMBER, row->queue_mean, 3, waiting, sizeof waiting);
        sheet_add(&sheet, result_place_name(result, shown->place[i]));
        sheet_add(&sheet, report_share(row->utilization));
        sheet_add(&sheet, report_share(row->held_fraction));
        sheet_add(&sheet, report_rate(row->throughput));
        sheet_add(&sheet, intern(waiting));
        sheet_add(&sheet, report_duration(row->latency_q[P50]));
        sheet_add(&sheet, report_duration(row->latency_q[P99]));
        sheet_add(&sheet, report_duration(row->latency_q[P999]));
        sheet_add(&sheet, report_share(row->loss_fraction));
        sheet_add(&sheet, row->replications == 0 ? "not run" : stable_names[row->stable]);
    }
    sheet_print(&sheet, out);
    sheet_free(&sheet);
    if (shown->left_out)
        fprintf(out, "  and %u stages that are less busy (columns.csv has them)\n",
                shown->left_out);
    free(shown);
}
