#include "order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SPACE = 4 * ORDER_ROOM };

void order_init(struct order *order)
{
    *order = (struct order){.tasks = xmalloc(SPACE * sizeof *order->tasks), .last = -INFINITY};
}

void order_free(struct order *order)
{
    free(order->tasks);
    *order = (struct order){0};
}

bool order_put(struct order *order, const struct log_task *task)
{
    if (task->arrival < order->last) {
        order->late++;
        return false;
    }
    if (order->to == SPACE) {
        size_t n = order->to - order->from;
        memmove(order->tasks, order->tasks + order->from, n * sizeof *order->tasks);
        order->from = 0;
        order->to = n;
    }
    size_t at = order->to;
    if (at > order->from && order->tasks[at - 1].arrival > task->arrival) {
        /* Behind those that arrived at the same time. */
        size_t low = order->from;
        while (low < at) {
            size_t middle = low + (at - low) / 2;
            if (order->tasks[middle].arrival > task->arrival)
                at = middle;
            else
                low = middle + 1;
        }
        memmove(order->tasks + at + 1, order->tasks + at, (order->to - at) * sizeof *order->tasks);
        order->moved++;
    }
    order->tasks[at] = *task;
    order->to++;
    return true;
}

bool order_take(struct order *order, bool all, struct log_task *task)
{
    size_t n = order->to - order->from;
    if (n == 0 || (n < ORDER_ROOM && !all))
        return false;
    *task = order->tasks[order->from++];
    order->last = task->arrival;
    return true;
}
