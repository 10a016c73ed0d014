/*
 * Random early detection by the number waiting at the moment: nobody is dropped at `from`, a share
 * of `most` at `to`, linearly between, and everybody from there on (Floyd and Jacobson, "Random
 * early detection gateways for congestion avoidance", IEEE/ACM Trans. Networking 1, 1993, sec. 4,
 * with the length of the queue in place of its moving average).
 */
#include "../sim/scenario/drop.h"

struct red {
    double from, to, most;
};
_Static_assert(sizeof(struct red) <= DROP_BYTES, "fits the block");

static const struct param rows[] = {{.name = "from",
                                     .kind = PARAM_COUNT,
                                     .offset = offsetof(struct red, from),
                                     .high = 1e9,
                                     .help = "so many waiting: nobody is dropped yet",
                                     .flags = PARAM_REQUIRED},
                                    {.name = "to",
                                     .kind = PARAM_COUNT,
                                     .offset = offsetof(struct red, to),
                                     .high = 1e9,
                                     .help = "so many waiting: everybody is dropped",
                                     .flags = PARAM_REQUIRED},
                                    {.name = "most",
                                     .kind = PARAM_SHARE,
                                     .offset = offsetof(struct red, most),
                                     .high = 1,
                                     .help = "share of the tasks that is dropped just before `to`",
                                     .flags = PARAM_REQUIRED},
                                    {0}};

static double at_door(const void *params, double waiting)
{
    const struct red *p = params;
    return waiting <= p->from ? 0
           : waiting >= p->to ? 1
                              : p->most * (waiting - p->from) / (p->to - p->from);
}

static const char *check(const void *params)
{
    const struct red *p = params;
    return p->from < p->to ? NULL : "'from' must be below 'to'";
}

const struct drop_rule drop_red = {
    .model = {.name = "red",
              .help = "by chance, the more the more wait (random early detection)",
              .rows = rows},
    .at_door = at_door,
    .check = check,
};
