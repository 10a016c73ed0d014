#include "queue_words.h"

#include "../../sim/base/err.h"
#include "../../sim/base/units.h"
#include "../../sim/scenario/sweep.h"
#include "report.h"

enum { P50 = 0, P99 = 2, P999 = 3 };

const char *queue_number(double waiting)
{
    char text[64];
    unit_human(UNIT_COUNT, waiting, 4, text, sizeof text);
    return isnan(waiting) ? "-" : intern(text);
}

static const char *tasks(double waiting)
{
    return internf("%s task%s", queue_number(waiting), waiting == 1 ? "" : "s");
}

static const char *one_column(const struct row *row)
{
    if (isnan(row->queue_max))
        return "";
    const char *text = internf(" On average %s wait", queue_number(row->queue_mean));
    if (!isnan(row->queue_q[P50]))
        text = internf("%s; for half of the time at most %s", text, tasks(row->queue_q[P50]));
    if (!isnan(row->queue_q[P99]))
        text = internf("%s, for 99 %% of it at most %s", text, tasks(row->queue_q[P99]));
    return internf("%s; the most in this run were %s.", text, queue_number(row->queue_max));
}

/* The ends of a sweep. */
static const char *first_and_last(const struct result *result)
{
    const struct row *a = report_row(result, 0), *b = report_row(result, result->columns - 1);
    if (isnan(a->queue_q[P99]) || isnan(b->queue_q[P99]))
        return "";
    return internf(" The number waiting goes from a median of %s to %s, and its p99 from %s to %s.",
                   queue_number(a->queue_q[P50]), queue_number(b->queue_q[P50]),
                   queue_number(a->queue_q[P99]), queue_number(b->queue_q[P99]));
}

/* The slices of one run: the fullest of them, and for how long nobody waits. */
static const char *slices(const struct result *result)
{
    const struct row *fullest = NULL;
    double nobody = 0, time = 0;
    for (uint32_t column = 0; column < result->columns; column++) {
        const struct row *row = report_row(result, column);
        struct queue_time queue = {0};
        double scale = result_queue(result, column, &queue);
        if (scale > 0) {
            nobody += (double)queue.ticks.zero / scale;
            time += (double)histogram_total(&queue.ticks) / scale;
        }
        queue_time_free(&queue);
        if (!isnan(row->queue_max) && (!fullest || row->queue_max > fullest->queue_max))
            fullest = row;
    }
    if (!fullest || fullest->queue_max == 0)
        return " Nobody waited in this run.";
    return internf(" For %s of the time nobody waits; the most that ever did are %s, in the slice "
                   "that begins at %s.",
                   report_share(nobody / time), tasks(fullest->queue_max),
                   report_value(&result->scenario, fullest->value));
}

const char *queue_words(const struct result *result)
{
    if (!scenario_records_queue(&result->scenario))
        return "";
    if (sweep_is_time(&result->scenario))
        return slices(result);
    return result->columns == 1 ? one_column(report_row(result, 0)) : first_and_last(result);
}
