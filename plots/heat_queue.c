/* The heat of the number waiting (heat.h). */
#include "heat_queue.h"

#include <math.h>
#include <stdlib.h>

#include "../sim/base/err.h"
#include "../sim/engine/queue_time.h"

/* The axis begins half a task below 1: the band of a number is what rounds to it. */
#define HALF 0.5

/* Rows above the most that waits. */
enum { ROOM_ABOVE = 5 };

static double count_of(const struct histogram *h, double number)
{
    return number >= 1 ? (double)histogram_count(h, (int)histogram_index(number)) : 0;
}

/* A row narrower than one task is of the number that its middle rounds to. */
static double number_at(double low, double high)
{
    return fmax(1, floor(sqrt(low * high) + HALF));
}

/* Shares a bucket out over the rows that are wider than one task: its numbers, with half a task
 * around them, in equal parts. */
static void share_bucket(const double *edge, int n, double first, double last, double count,
                         double *value)
{
    double low = first - HALF, high = last + HALF;
    int row = 0, end = n;
    while (end - row > 1) { /* the last row that begins at or below it */
        int middle = (row + end) / 2;
        *(edge[middle] <= low ? &row : &end) = middle;
    }
    for (; row < n && edge[row] < high; row++) {
        double part = fmin(edge[row + 1], high) - fmax(edge[row], low);
        if (edge[row + 1] - edge[row] > 1 && part > 0)
            value[row] += count * part / (high - low);
    }
}

void heat_queue_share(const struct histogram *h, const struct heat_rows *rows, double *value)
{
    double *edge = xmalloc(((size_t)rows->n + 1) * sizeof *edge);
    for (int row = 0; row <= rows->n; row++)
        edge[row] = heat_edge(rows->low + row * rows->step);
    for (int row = 0; row < rows->n; row++)
        if (edge[row + 1] - edge[row] <= 1)
            value[row] += count_of(h, number_at(edge[row], edge[row + 1]));
    for (int i = 0; i < HIST_BUCKETS; i++) {
        const uint64_t *page = h->page[i / HIST_SUB];
        if (!page)
            i += HIST_SUB - 1;
        else if (page[i % HIST_SUB] > 0)
            share_bucket(edge, rows->n, (double)queue_time_first(i), (double)queue_time_last(i),
                         (double)page[i % HIST_SUB], value);
    }
    free(edge);
}

void heat_queue_rows(const struct figure *figure, struct heat_rows *rows)
{
    double most = 0;
    rows->empty = true;
    for (size_t p = 0; p < figure->n_panels; p++)
        for (size_t c = 0; c < figure->columns; c++) {
            const struct figure_column *column = &figure->panels[p].columns[c];
            most = fmax(most, column->max);
            rows->empty = rows->empty && histogram_total(&column->latency) == 0;
        }
    rows->mark[HEAT_ZERO] = !rows->empty;
    rows->low = (int)ceil(log10(HALF) * HEAT_PER_DECADE);
    rows->high = (int)ceil(log10(most + HALF) * HEAT_PER_DECADE) + ROOM_ABOVE;
}
