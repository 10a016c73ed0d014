#include "queue_time.h"

#include <math.h>

/* A replication lasts so many ticks (queue_time.h); in seconds where its length is not known. */
#define TICKS         0x1p42
#define UNKNOWN_SCALE 0x1p20

void queue_time_free(struct queue_time *q)
{
    histogram_free(&q->ticks);
    q->most = 0;
}

void queue_time_merge(struct queue_time *into, const struct queue_time *from)
{
    histogram_merge(&into->ticks, &from->ticks);
    into->most = from->most > into->most ? from->most : into->most;
}

uint64_t queue_time_first(int bucket)
{
    return (uint64_t)ceil(histogram_low(bucket));
}

uint64_t queue_time_last(int bucket)
{
    return (uint64_t)ceil(histogram_high(bucket)) - 1;
}

double queue_time_scale(const struct scenario *column)
{
    bool whole_log;
    double seconds = column->run.duration;
    if (isnan(seconds))
        seconds = scenario_tasks(column, &whole_log) / scenario_likely_rate(column);
    if (!(seconds > 0 && isfinite(seconds)))
        return UNKNOWN_SCALE;
    int exponent;
    frexp(TICKS / seconds, &exponent);
    return ldexp(1, exponent - 1);
}

double queue_time_quantile(const struct queue_time *q, double p)
{
    return floor(histogram_quantile(&q->ticks, p, 0, (double)q->most));
}

struct queue_area queue_time_area(const struct queue_time *q)
{
    struct queue_area area = {0, 0};
    for (int i = 0; i < HIST_BUCKETS; i++) {
        const uint64_t *page = q->ticks.page[i / HIST_SUB];
        if (!page) {
            i += HIST_SUB - 1;
            continue;
        }
        double ticks = (double)page[i % HIST_SUB];
        if (ticks > 0) {
            area.least += ticks * (double)queue_time_first(i);
            area.most += ticks * (double)queue_time_last(i);
        }
    }
    return area;
}
