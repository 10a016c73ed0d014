/* What the names of columns and keys say: of shape.h. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "shape.h"

/* Names in small letters and digits only, those that say most first. */
static const char *const arrivals[] = {
    "arrival",    "arrivaltime", "arrived",   "arrivedat",       "starttime",    "start",
    "started",    "startedat",   "startts",   "starttimestamp",  "begin",        "begintime",
    "submittime", "submit",      "submitted", "submittedat",     "enqueued",     "enqueuedat",
    "received",   "receivedat",  "createdat", "starteddatetime", "requeststart", NULL};
/* Names of times that may be of either end. */
static const char *const moments[] = {"requesttime", "timestamp", "datetime",  "timelocal",
                                      "timeiso8601", "msec",      "eventtime", "logtime",
                                      "date",        "time",      "ts",        "t",
                                      "when",        "at",        NULL};
static const char *const ends[] = {
    "end",        "endtime",  "ended",      "endedat",   "endts",        "finish",
    "finishtime", "finished", "finishedat", "completed", "completedat",  "completiontime",
    "stop",       "stoptime", "done",       "doneat",    "endtimestamp", NULL};
static const struct {
    const char *name;
    bool latency;
} sizes[] = {{"service", false},
             {"servicetime", false},
             {"duration", false},
             {"elapsed", false},
             {"elapsedtime", false},
             {"latency", true},
             {"requesttime", true},
             {"responsetime", true},
             {"reqtime", true},
             {"rt", true},
             {"runtime", false},
             {"requestduration", true},
             {"processingtime", false},
             {"processtime", false},
             {"executiontime", false},
             {"exectime", false},
             {"took", false},
             {"timetaken", true},
             {"taken", true},
             {"totaltime", true},
             {"total", true},
             {"apptime", false},
             {"cost", false},
             {"dur", false},
             {"spent", false},
             {"size", false},
             {"d", true},
             {"time", true}};

/* A name in small letters and digits; whether `n` letters at its end stand apart in the original.
 */
struct bare {
    char text[64];
    size_t n, apart; /* letters behind the last sign that is none */
};

static struct bare bare_of(const char *name)
{
    struct bare b = {.n = 0};
    for (const char *p = name; *p && b.n < sizeof b.text - 1; p++) {
        if (isalnum((unsigned char)*p)) {
            b.text[b.n++] = (char)tolower((unsigned char)*p);
            b.apart++;
        } else if (isalpha((unsigned char)p[1])) {
            b.apart = 0;
        }
    }
    b.text[b.n] = '\0';
    if (b.apart == b.n)
        b.apart = 0;
    return b;
}

/* Whether it is that name, with a unit behind it or without. */
static bool is_name(const struct bare *b, const char *name, double *unit)
{
    size_t n = strlen(name), rest = b->n > n ? b->n - n : 0;
    if (strncmp(b->text, name, n) != 0)
        return false;
    *unit = 0;
    if (rest == 0)
        return b->n == n;
    *unit = measured_unit(b->text + n, rest);
    return *unit > 0 && (rest >= 2 || (b->apart == 1 && b->text[n] != 'm'));
}

static int rank_in(const char *const *names, const struct bare *b, double *unit)
{
    for (int i = 0; names[i]; i++)
        if (is_name(b, names[i], unit))
            return i;
    return -1;
}

/* The part behind the last dot says it. */
static const char *last_of(const char *name, int *depth)
{
    *depth = 0;
    for (const char *dot; (dot = strchr(name, '.')) && dot[1]; name = dot + 1)
        ++*depth;
    return name;
}

int name_rank(enum role role, const char *name, double *unit, bool *unsure)
{
    enum { DEEPEST = 8, SURE = 64 };
    int depth, rank = -1;
    struct bare b = bare_of(last_of(name, &depth));
    *unsure = false;
    *unit = 0;
    if (role == ROLE_END)
        rank = rank_in(ends, &b, unit);
    if (role == ROLE_ARRIVAL) {
        rank = rank_in(arrivals, &b, unit);
        if (rank < 0 && (rank = rank_in(moments, &b, unit)) >= 0) {
            *unsure = true;
            rank += SURE;
        }
    }
    for (size_t i = 0; role == ROLE_SIZE && rank < 0 && i < sizeof sizes / sizeof *sizes; i++)
        if (is_name(&b, sizes[i].name, unit)) {
            *unsure = sizes[i].latency;
            rank = (int)i;
        }
    return rank < 0 ? -1 : rank * DEEPEST + (depth < DEEPEST ? depth : DEEPEST - 1);
}
