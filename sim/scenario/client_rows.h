/*
 * The tables of rows of clients: those that stand in a source, at top level and in an entry of
 * `calls` alike, for whoever has a struct client_spec at an offset; and of `retry`, by itself.
 */
#ifndef CLIENT_ROWS_H
#define CLIENT_ROWS_H

#include "client.h"

extern const struct param client_rows[]; /* of a struct client_spec */
extern const struct param retry_rows[];  /* of a struct retry_spec */
extern const struct param hedge_rows[], breaker_rows[];
extern const char *const client_cancels[];

#define CLIENT_LONGEST 1e12 /* seconds */

#define CLIENT_ROWS(at)                                                                            \
    {.name = "timeout",                                                                            \
     .kind = PARAM_DURATION,                                                                       \
     .offset = (at) + offsetof(struct client_spec, timeout),                                       \
     .high = CLIENT_LONGEST,                                                                       \
     .help = "how long an attempt is waited for, from when it was meant to start; without it as "  \
             "long as it takes",                                                                   \
     .flags = PARAM_DRIFTS | PARAM_OPEN_LOW},                                                      \
        {.name = "deadline",                                                                       \
         .kind = PARAM_DURATION,                                                                   \
         .offset = (at) + offsetof(struct client_spec, deadline),                                  \
         .high = CLIENT_LONGEST,                                                                   \
         .help = "how long an answer is waited for over all attempts, from when the first was "    \
                 "meant to start",                                                                 \
         .flags = PARAM_DRIFTS | PARAM_OPEN_LOW},                                                  \
        {.name = "cancel",                                                                         \
         .kind = PARAM_CHOICE,                                                                     \
         .offset = (at) + offsetof(struct client_spec, cancel),                                    \
         .help = "what becomes of an attempt that nobody waits for any more: its work is done "    \
                 "all the same (never, where it is not given), it is taken out of buffers "        \
                 "(queued), or its service is stopped as well (running)",                          \
         .choices = client_cancels},                                                               \
        {.name = "retry",                                                                          \
         .kind = PARAM_GROUP,                                                                      \
         .offset = (at) + offsetof(struct client_spec, retry),                                     \
         .help = "attempts that are made again",                                                   \
         .rows = retry_rows},                                                                      \
        {.name = "hedge",                                                                          \
         .kind = PARAM_GROUP,                                                                      \
         .offset = (at) + offsetof(struct client_spec, hedge),                                     \
         .help = "another attempt beside one that has no answer yet",                              \
         .rows = hedge_rows},                                                                      \
        {.name = "circuit_breaker",                                                                \
         .kind = PARAM_GROUP,                                                                      \
         .offset = (at) + offsetof(struct client_spec, breaker),                                   \
         .help = "attempts that are not made while too many fail",                                 \
         .rows = breaker_rows},                                                                    \
    {                                                                                              \
        .name = "limit", .kind = PARAM_COUNT,                                                      \
        .offset = (at) + offsetof(struct client_spec, limit), .low = 1, .high = 1e9,               \
        .help = "most requests under way at once; more wait with the client, which counts in its " \
                "latency and against its timeouts",                                                \
        .flags = PARAM_DRIFTS                                                                      \
    }

#endif
