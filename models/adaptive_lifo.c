/* First come, first served, until more than lifo_above wait; then last come, first served, so that
 * some are served in time (Maurer, "Fail at scale", ACM Queue 13, 2015: adaptive LIFO). A task in
 * service is not interrupted. */
#include "../sim/events/waiting.h"

struct adaptive_lifo {
    double lifo_above;
};
_Static_assert(sizeof(struct adaptive_lifo) <= DISCIPLINE_BYTES, "fits the block");

static const struct param rows[] = {
    {.name = "lifo_above",
     .kind = PARAM_COUNT,
     .offset = offsetof(struct adaptive_lifo, lifo_above),
     .high = 1e9,
     .help = "as long as more than so many wait the last one goes first",
     .flags = PARAM_REQUIRED},
    {0}};

static uint32_t adaptive_lifo_pick(struct waiting_room *room)
{
    const struct adaptive_lifo *p = (const struct adaptive_lifo *)room->params;
    return (double)room->n > p->lifo_above ? room->newest : room->oldest;
}

const struct discipline discipline_adaptive_lifo = {
    .model = {.name = "adaptive-lifo",
              .help = "first come, first served; last come, first served while more than "
                      "lifo_above wait",
              .rows = rows},
    .by_number = true,
    .pick = adaptive_lifo_pick,
};
