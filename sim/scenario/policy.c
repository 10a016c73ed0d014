#include "policy.h"

const char *const loss_names[LOSS_KINDS] = {
    [LOSS_REJECTED] = "rejected",
    [LOSS_DROPPED_NEWEST] = "dropped-newest",
    [LOSS_DROPPED_OLDEST] = "dropped-oldest",
    [LOSS_TIMED_OUT] = "timed-out",
    [LOSS_FAILED] = "failed",
    [LOSS_WITHDRAWN] = "withdrawn",
};
