/*
 * A closed system: clients, each of whom thinks, brings a task, waits until it has left (completed
 * or lost), and thinks again. The traffic is what they make of it: it slackens where they wait.
 *
 * Gordon and Newell, "Closed queuing systems with exponential servers", Operations Research 15,
 * 1967. Their number and their thinking is all that this model says; the source keeps them
 * (sim/engine/clients.h).
 */
#include "../sim/scenario/policy.h"
#include "../sim/scenario/process.h"
#include "law.h"

struct closed {
    double clients;
    struct law think_time;
};
_Static_assert(sizeof(struct closed) <= PROCESS_BYTES, "a process holds its parameters");

static const struct param rows[] = {
    {.name = "clients",
     .kind = PARAM_COUNT,
     .offset = offsetof(struct closed, clients),
     .low = 1,
     .high = CLIENTS_MOST,
     .help = "how many there are: each has one task at a time, or none while thinking",
     .flags = PARAM_REQUIRED | PARAM_DRIFTS},
    {.name = "think_time",
     .kind = PARAM_GROUP,
     .offset = offsetof(struct closed, think_time),
     .help = "from the moment a client's task has left to its next; all think at first",
     .rows = law_rows},
    {0}};

static double clients(const struct process_view *view)
{
    return ((const struct closed *)view->params)->clients;
}

static const struct law *think(const struct process_view *view)
{
    return &((const struct closed *)view->params)->think_time;
}

/* It depends on how long they wait. */
static double task_rate(const struct process_view *view)
{
    (void)view;
    return NAN;
}

/* Why a client would come back with another task at the moment at which its last was lost, over and
 * over: as a part of a sentence, or NULL. */
static const char *spins(const struct scenario *s, const struct closed *p)
{
    const struct policy *policy = (const struct policy *)s->stage.when_full;
    if (law_mean(&p->think_time) > 0 || p->clients <= s->stage.consumers)
        return NULL;
    for (int i = 0; i < scenario_classes(s); i++) {
        const struct law *timeout = scenario_timeout(s, i);
        if (timeout && scenario_share(s, i) > 0 && law_mean(timeout) == 0)
            return "tasks.timeout is 0: all consumers are busy";
    }
    if (policy && policy->verdict != VERDICT_PAUSE &&
        p->clients > s->stage.consumers + s->stage.capacity)
        return internf("buffer.when_full: %s", policy->model.name);
    return NULL;
}

static bool check(const struct scenario *s, const void *params, const struct places *places,
                  struct errors *errors)
{
    static const char path[] = "arrivals.think_time";
    const struct closed *p = params;
    const struct distribution *model = law_model(&p->think_time);
    struct place at = law_place(places, "arrivals", "think_time");
    if (!model)
        return error_at(errors, at,
                        "%s is missing: the time from a client's answer to its next task, such as "
                        "{distribution: exponential, mean: 1s}",
                        path);
    if (model->counts_only)
        return error_at(errors, at, "%s: %s counts things; thinking takes time", path,
                        model->model.name);
    if (!law_check(&p->think_time, path, places, errors))
        return false;
    if (isinf(model->mean(p->think_time.params)))
        return error_at(errors, at,
                        "%s has no finite mean: sooner or later everybody would be lost in thought",
                        path);
    const char *why = spins(s, p);
    if (why)
        return error_at(errors, at,
                        "%s is 0: a client whose task is lost (%s) would try again at the same "
                        "moment, without end: let it think%s",
                        path, why, strncmp(why, "buffer", 6) == 0 ? ", or pause" : "");
    return true;
}

static bool check_whole(const struct scenario *s, const struct places *places,
                        struct errors *errors)
{
    double n = process_clients(s);
    if (process_think(s) == 0 && scenario_mean_size(s) == 0)
        return error_at(errors, law_place(places, "arrivals", "think_time"),
                        "arrivals.think_time: neither thinking nor service takes any time: time "
                        "would stand still");
    if (n > s->run.max_backlog)
        return error_at(errors, law_place(places, "run", "max_backlog"),
                        "run.max_backlog must be %.0f at least: with as many clients there can be "
                        "as many tasks inside",
                        n);
    return true;
}

const struct arrival_process process_closed = {
    .model = {"closed", "clients that wait for their task to leave, and think before the next",
              rows},
    .clients = clients,
    .think = think,
    .task_rate = task_rate,
    .check = check,
    .check_whole = check_whole,
    .stationary = true,
};
