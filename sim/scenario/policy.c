#include "policy.h"

const char *const loss_names[LOSS_KINDS] = {
    [LOSS_REJECTED] = "rejected",
    [LOSS_DROPPED_NEWEST] = "dropped-newest",
    [LOSS_DROPPED_OLDEST] = "dropped-oldest",
    [LOSS_TIMED_OUT] = "timed-out",
    [LOSS_FAILED] = "failed",
    [LOSS_WITHDRAWN] = "withdrawn",
    [LOSS_THROTTLED] = "throttled",
    [LOSS_LIMITED] = "limited",
    [LOSS_EARLY] = "dropped-early",
    [LOSS_OUTAGE] = "outage",
    [LOSS_CRASHED] = "crashed",
    [LOSS_ERROR] = "error",
    [LOSS_CANCELLED] = "cancelled",
    [LOSS_BREAKER] = "breaker",
    [LOSS_DEAD_LETTER] = "dead-letter",
};

const char *const loss_columns[LOSS_KINDS] = {
    [LOSS_REJECTED] = "lost_rejected",
    [LOSS_DROPPED_NEWEST] = "lost_dropped_newest",
    [LOSS_DROPPED_OLDEST] = "lost_dropped_oldest",
    [LOSS_TIMED_OUT] = "lost_timed_out",
    [LOSS_FAILED] = "lost_failed",
    [LOSS_WITHDRAWN] = "lost_withdrawn",
    [LOSS_THROTTLED] = "lost_throttled",
    [LOSS_LIMITED] = "lost_limited",
    [LOSS_EARLY] = "lost_dropped_early",
    [LOSS_OUTAGE] = "lost_outage",
    [LOSS_CRASHED] = "lost_crashed",
    [LOSS_ERROR] = "lost_error",
    [LOSS_CANCELLED] = "lost_cancelled",
    [LOSS_BREAKER] = "lost_breaker",
    [LOSS_DEAD_LETTER] = "lost_dead_letter",
};
