#include "again.h"

enum outcome again_outcome(enum loss why)
{
    switch (why) {
    case LOSS_TIMED_OUT:
        return OUTCOME_TIMEOUT;
    case LOSS_REJECTED:
    case LOSS_THROTTLED:
    case LOSS_LIMITED:
    case LOSS_OUTAGE:
        return OUTCOME_REJECTED;
    case LOSS_FAILED:
    case LOSS_ERROR:
    case LOSS_CRASHED:
        return OUTCOME_ERROR;
    case LOSS_DROPPED_NEWEST:
    case LOSS_DROPPED_OLDEST:
    case LOSS_EARLY:
    case LOSS_WITHDRAWN:
    case LOSS_CANCELLED:
    case LOSS_BREAKER:
    case LOSS_DEAD_LETTER:
    case LOSS_KINDS:
        break;
    }
    return OUTCOMES;
}
