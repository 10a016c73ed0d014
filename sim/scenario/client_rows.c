/* The rows of clients. */
#include "client_rows.h"

#include "distribution.h"

#define IN(t, f) offsetof(struct t, f)
#define FASTEST  1e12 /* events per second */

const char *const client_cancels[] = {"never", "queued", "running", NULL};

static const char *const formulas[] = {"sidekiq", NULL};
static const char *const jitters[] = {"none", "full", "equal", "decorrelated", NULL};
static const char *const not_formula[] = {"distribution", "initial", "multiplier",
                                          "max",          "jitter",  NULL};
static const char *const not_law[] = {"formula", "initial", "multiplier", "max", "jitter", NULL};
static const char *const neither[] = {"formula", "distribution", NULL};

static const struct param backoff_rows[] = {
    {.name = "formula",
     .kind = PARAM_CHOICE,
     .offset = IN(backoff_spec, formula),
     .help = "sidekiq: count^4 + 15 s + (0 to 9 s)(count + 1), count from 0",
     .flags = PARAM_WORD | PARAM_BARE,
     .instead = not_formula,
     .choices = formulas},
    {.name = "distribution",
     .kind = PARAM_MODEL,
     .offset = IN(backoff_spec, law.model),
     .help = "a law of the back-off; its parameters stand beside it",
     .flags = PARAM_WORD | PARAM_CONSTANT,
     .instead = not_law,
     .family = &distribution_family,
     .block = IN(backoff_spec, law.params),
     .block_size = LAW_BYTES},
    {.name = "initial",
     .kind = PARAM_DURATION,
     .offset = IN(backoff_spec, initial),
     .high = CLIENT_LONGEST,
     .help = "before the second attempt, without jitter",
     .flags = PARAM_DRIFTS | PARAM_OPEN_LOW,
     .instead = neither},
    {.name = "multiplier",
     .kind = PARAM_NUMBER,
     .offset = IN(backoff_spec, multiplier),
     .low = 1,
     .high = 1e6,
     .help = "so many times longer before each further one; 2 where it is not given",
     .instead = neither},
    {.name = "max",
     .kind = PARAM_DURATION,
     .offset = IN(backoff_spec, max),
     .high = CLIENT_LONGEST,
     .help = "never longer than this, without jitter",
     .flags = PARAM_DRIFTS | PARAM_OPEN_LOW,
     .instead = neither},
    {.name = "jitter",
     .kind = PARAM_CHOICE,
     .offset = IN(backoff_spec, jitter),
     .help = "what is drawn: nothing (none), uniformly from 0 to the whole (full, where it is not "
             "given), from half of it to the whole (equal), or from initial to three times the "
             "last one (decorrelated)",
     .instead = neither,
     .choices = jitters},
    {0}};

static const struct param budget_rows[] = {
    {.name = "ratio",
     .kind = PARAM_SHARE,
     .offset = IN(budget_spec, ratio),
     .high = 1e6,
     .help = "retries for each first attempt at most, over the interval; without it there is no "
             "limit",
     .flags = PARAM_DRIFTS | PARAM_UNBOUNDED,
     .infinity = "unlimited"},
    {.name = "min_rate",
     .kind = PARAM_RATE,
     .offset = IN(budget_spec, min_rate),
     .high = FASTEST,
     .help = "retries that there may be all the same; 0 where it is not given",
     .flags = PARAM_DRIFTS},
    {.name = "interval",
     .kind = PARAM_DURATION,
     .offset = IN(budget_spec, interval),
     .high = CLIENT_LONGEST,
     .help = "so far back they are counted; 10 s where it is not given",
     .flags = PARAM_OPEN_LOW},
    {0}};

const struct param retry_rows[] = {
    {.name = "on",
     .kind = PARAM_LIST,
     .offset = IN(retry_spec, on),
     .help = "after what: timeout (no answer came in time), rejected (told that it is not taken), "
             "error (told that it has failed); all three where it is not given",
     .element = PARAM_TEXT,
     .stride = sizeof(const char *),
     .capacity = OUTCOMES,
     .count = IN(retry_spec, on_count)},
    {.name = "max_attempts",
     .kind = PARAM_COUNT,
     .offset = IN(retry_spec, max_attempts),
     .low = 1,
     .high = 1e9,
     .help = "so many attempts at most, the first counted; 3 where it is not given",
     .flags = PARAM_UNBOUNDED,
     .infinity = "unlimited"},
    {.name = "backoff",
     .kind = PARAM_GROUP,
     .offset = IN(retry_spec, backoff),
     .help = "how long before the next attempt: what `initial` begins, a law, or the word sidekiq; "
             "at once where it is not given",
     .rows = backoff_rows},
    {.name = "budget",
     .kind = PARAM_GROUP,
     .offset = IN(retry_spec, budget),
     .help = "how many retries there may be, of all requests together",
     .rows = budget_rows},
    {0}};

const struct param hedge_rows[] = {
    {.name = "delay",
     .kind = PARAM_DURATION,
     .offset = IN(hedge_spec, delay),
     .high = CLIENT_LONGEST,
     .help = "another attempt when there has been no answer for so long; the first answer counts",
     .flags = PARAM_DRIFTS | PARAM_OPEN_LOW},
    {.name = "max_attempts",
     .kind = PARAM_COUNT,
     .offset = IN(hedge_spec, max_attempts),
     .low = 2,
     .high = 1e6,
     .help = "so many of them at once at most, the first counted; 2 where it is not given"},
    {0}};

const struct param breaker_rows[] = {
    {.name = "failure_rate",
     .kind = PARAM_SHARE,
     .offset = IN(breaker_spec, failure_rate),
     .high = 1,
     .help = "opens when so much of the calls in the window has failed",
     .flags = PARAM_DRIFTS | PARAM_OPEN_LOW},
    {.name = "window",
     .kind = PARAM_AMOUNT,
     .offset = IN(breaker_spec, window),
     .help = "the calls that are counted: so many, the last ones, or those of so much time; 100 "
             "where it is not given"},
    {.name = "min_calls",
     .kind = PARAM_COUNT,
     .offset = IN(breaker_spec, min_calls),
     .low = 1,
     .high = 1e9,
     .help = "fewer in the window decide nothing; 100, or as many as the window holds, where it is "
             "not given"},
    {.name = "open_for",
     .kind = PARAM_DURATION,
     .offset = IN(breaker_spec, open_for),
     .high = CLIENT_LONGEST,
     .help = "so long it rejects at once, before it lets a few through to see; 60 s where it is "
             "not given",
     .flags = PARAM_OPEN_LOW},
    {.name = "probes",
     .kind = PARAM_COUNT,
     .offset = IN(breaker_spec, probes),
     .low = 1,
     .high = 1e6,
     .help = "so few: it closes when fewer of them fail than failure_rate, and opens again else; "
             "10 where it is not given"},
    {0}};

const struct param client_rows[] = {CLIENT_ROWS(0), {0}};
