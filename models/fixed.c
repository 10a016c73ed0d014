/* A limit that stays what it is. */
#include "../sim/scenario/limiter.h"

struct fixed {
    double limit;
};

static const struct param rows[] = {{.name = "limit",
                                     .kind = PARAM_COUNT,
                                     .offset = offsetof(struct fixed, limit),
                                     .low = 1,
                                     .high = 1e9,
                                     .help = "tasks that may be inside at once",
                                     .flags = PARAM_REQUIRED},
                                    {0}};

static double begin(const void *params)
{
    return ((const struct fixed *)params)->limit;
}

const struct limiter limiter_fixed = {
    .model = {.name = "fixed", .help = "always as many", .rows = rows},
    .begin = begin,
};
