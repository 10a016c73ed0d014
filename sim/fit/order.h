/*
 * Tasks into the order of their arrival, where a log is nearly in that order (access logs are in
 * that of the ends of requests), in constant memory: a task may be up to ORDER_ROOM places late.
 */
#ifndef ORDER_H
#define ORDER_H

#include "reader.h"

enum { ORDER_ROOM = 1 << 16 };

struct order {
    struct log_task *tasks; /* waiting, by arrival: from .. to */
    size_t from, to;
    double last; /* arrival of the task that order_take gave last */
    long late;   /* tasks that came too late and were not taken in */
    long moved;  /* tasks that were not the latest when they came */
};

void order_init(struct order *order);
void order_free(struct order *order);

/* Takes in a task. False: it is late. */
bool order_put(struct order *order, const struct log_task *task);

/* The next in order, once ORDER_ROOM tasks wait, or `all` is there. False: none. */
bool order_take(struct order *order, bool all, struct log_task *task);

#endif
