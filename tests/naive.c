#include "naive.h"

#include <assert.h>
#include <stdlib.h>

/* Tasks in a list, by number. */
struct list {
    size_t *items, n;
};

struct stage_state {
    const struct scenario *s;
    struct naive_task *tasks;
    struct list outside, buffer, service; /* service in the order in which it began */
    double *calls;                        /* times at which tasks outside come in, as called */
    size_t n_calls;
    struct stream picks;
    uint64_t n_picks;
    double now;
    double given, since; /* shared consumers: to every task, as of when */
    double *waited;      /* time by the number waiting; NULL: nobody asks */
};

static void add(struct list *list, size_t task)
{
    list->items[list->n++] = task;
}

/* Takes item i out; the others keep their order. */
static size_t take(struct list *list, size_t i)
{
    size_t task = list->items[i];
    memmove(&list->items[i], &list->items[i + 1], (--list->n - i) * sizeof *list->items);
    return task;
}

/* Takes item i out; the last fills the gap. */
static size_t take_gap(struct list *list, size_t i)
{
    size_t task = list->items[i];
    list->items[i] = list->items[--list->n];
    return task;
}

static const char *discipline_name(const struct stage_state *x)
{
    return x->s->stage.discipline->name;
}

static bool is(const struct stage_state *x, const char *name)
{
    return strcmp(discipline_name(x), name) == 0;
}

static bool interrupts(const struct stage_state *x)
{
    return is(x, "lifo-preemptive") || is(x, "shortest-remaining") || is(x, "priority-preemptive");
}

static bool shares(const struct stage_state *x)
{
    return is(x, "processor-sharing");
}

/* Whether waiting task a goes before b; or, both in service, a is interrupted after b. */
static bool goes_first(const struct stage_state *x, size_t a, size_t b, bool served)
{
    const struct naive_task *t = x->tasks;
    if (is(x, "lifo") || is(x, "lifo-preemptive"))
        return a > b;
    if (is(x, "earliest-deadline") && t[a].deadline != t[b].deadline)
        return t[a].deadline < t[b].deadline;
    if (is(x, "shortest-job") && t[a].size != t[b].size)
        return t[a].size < t[b].size;
    if (is(x, "shortest-remaining") && !served && t[a].rest != t[b].rest)
        return t[a].rest < t[b].rest;
    if (is(x, "shortest-remaining") && served && t[a].done != t[b].done)
        return t[a].done < t[b].done;
    if (is(x, "priority") || is(x, "priority-preemptive")) {
        double pa = x->s->classes[t[a].class].priority, pb = x->s->classes[t[b].class].priority;
        if (pa != pb)
            return pa < pb;
    }
    return a < b;
}

/* A class of those that wait is drawn by weight; its first goes. */
static size_t weighted(struct stage_state *x)
{
    double weight[MAX_CLASSES] = {0}, all = 0;
    int classes = 0;
    size_t best = x->buffer.n;
    for (size_t i = 0; i < x->buffer.n; i++) {
        uint32_t class = x->tasks[x->buffer.items[i]].class;
        double own = x->s->classes_count > 0 ? x->s->classes[class].weight : NAN;
        classes += weight[class] == 0;
        weight[class] = own > 0 ? own : 1;
    }
    for (int i = 0; i < MAX_CLASSES; i++)
        all += weight[i];
    double u = classes > 1 ? stream_uniform(&x->picks, 0, x->n_picks++) * all : 0;
    uint32_t class = 0;
    for (; weight[class] == 0 || (class + 1 < MAX_CLASSES && u >= weight[class]); class ++)
        u -= weight[class];
    for (size_t i = 0; i < x->buffer.n; i++)
        if (x->tasks[x->buffer.items[i]].class == class &&
            (best == x->buffer.n || x->buffer.items[i] < x->buffer.items[best]))
            best = i;
    return best;
}

static size_t next_waiting(struct stage_state *x)
{
    if (is(x, "weighted"))
        return weighted(x);
    if (is(x, "random")) {
        double u = stream_uniform(&x->picks, 0, x->n_picks++);
        return (size_t)(u * (double)x->buffer.n);
    }
    const double above = x->s->stage.discipline_params[0];
    const bool last = is(x, "adaptive-lifo") && (double)x->buffer.n > above;
    size_t best = 0;
    for (size_t i = 1; i < x->buffer.n; i++) {
        if (last ? x->buffer.items[i] > x->buffer.items[best]
                 : goes_first(x, x->buffer.items[i], x->buffer.items[best], false))
            best = i;
    }
    return best;
}

static size_t oldest(const struct list *list)
{
    size_t best = 0;
    for (size_t i = 1; i < list->n; i++) {
        if (list->items[i] < list->items[best])
            best = i;
    }
    return best;
}

/* Time goes on; nobody waits for shared consumers but outside. */
static void move_to(struct stage_state *x, double time)
{
    if (x->waited)
        x->waited[x->outside.n + (shares(x) ? 0 : x->buffer.n)] += time - x->now;
    x->now = time;
}

/* Tasks inside for whom there is no consumer of their own. */
static double beyond(const struct stage_state *x)
{
    double consumers = x->s->stage.consumers;
    return shares(x) ? fmax(0, (double)x->service.n - consumers) : (double)x->buffer.n;
}

/* Of a consumer, what each task in service has. */
static double share_of_each(const struct stage_state *x)
{
    double n = (double)x->service.n, consumers = x->s->stage.consumers;
    return n > consumers ? consumers / n : 1;
}

static void give(struct stage_state *x)
{
    double used = (x->now - x->since) * share_of_each(x);
    x->given = x->service.n == 0 ? 0 : x->given + used * x->s->stage.speed;
    x->since = x->now;
}

static void begin_service(struct stage_state *x, size_t task)
{
    struct naive_task *t = &x->tasks[task];
    if (isnan(t->entered))
        t->entered = x->now;
    if (isnan(t->started)) {
        t->started = x->now;
        t->wait = x->now - t->arrival;
        t->deadline = INFINITY;
    }
    give(x);
    t->turn = x->now;
    t->done = shares(x) ? t->size + x->given : x->now + t->rest / x->s->stage.speed;
    t->latency = t->wait + t->size / x->s->stage.speed;
    add(&x->service, task);
}

/* Takes a task, item i, out of service. */
static size_t end_service(struct stage_state *x, size_t i)
{
    give(x);
    struct naive_task *t = &x->tasks[x->service.items[i]];
    t->busy_time += x->now - t->turn;
    if (!shares(x))
        t->rest = (t->done - x->now) * x->s->stage.speed;
    return take(&x->service, i);
}

static void lose_task(struct stage_state *x, size_t task)
{
    x->tasks[task].fate = FATE_LOST;
    x->tasks[task].left = x->now;
}

/* The one in service that is interrupted first. */
static size_t last_in_service(const struct stage_state *x)
{
    size_t last = 0;
    for (size_t i = 1; i < x->service.n; i++)
        if (goes_first(x, x->service.items[last], x->service.items[i], true))
            last = i;
    return last;
}

/* A place is free, and the consumers are busy. */
static void take_place(struct stage_state *x, size_t task)
{
    struct naive_task *t = &x->tasks[task];
    if (shares(x)) {
        begin_service(x, task);
        return;
    }
    t->entered = x->now;
    t->done = x->now + t->size / x->s->stage.speed;
    size_t last = interrupts(x) ? last_in_service(x) : 0;
    if (!interrupts(x) || !goes_first(x, task, x->service.items[last], true)) {
        add(&x->buffer, task);
        return;
    }
    add(&x->buffer, end_service(x, last));
    begin_service(x, task);
}

static bool idle(const struct stage_state *x)
{
    return x->service.n < (size_t)x->s->stage.consumers;
}

static void come_in(struct stage_state *x)
{
    size_t task = take(&x->outside, 0);
    if (idle(x))
        begin_service(x, task);
    else
        take_place(x, task);
}

/* Every free place that nobody has been called to calls one. */
static void call(struct stage_state *x)
{
    const struct stage *stage = &x->s->stage;
    for (;;) {
        double places = stage->capacity == 0 ? stage->consumers - (double)x->service.n
                                             : stage->capacity - beyond(x);
        if (places <= (double)x->n_calls || x->outside.n <= x->n_calls)
            return;
        if (stage->resume_delay == 0)
            come_in(x);
        else
            x->calls[x->n_calls++] = x->now + stage->resume_delay;
    }
}

static void arrive(struct stage_state *x, size_t task)
{
    const struct stage *stage = &x->s->stage;
    const char *policy = stage->when_full->name;
    if (x->outside.n > 0) {
        add(&x->outside, task);
        call(x);
    } else if (idle(x)) {
        begin_service(x, task);
    } else if (beyond(x) < stage->capacity) {
        take_place(x, task);
    } else if (strcmp(policy, "pause") == 0) {
        add(&x->outside, task);
        call(x);
    } else if (strcmp(policy, "drop-oldest") == 0 && stage->capacity > 0) {
        lose_task(x, shares(x) ? end_service(x, oldest(&x->service))
                               : take_gap(&x->buffer, oldest(&x->buffer)));
        take_place(x, task);
    } else {
        lose_task(x, task);
    }
}

static double completion_of(const struct stage_state *x, size_t i)
{
    const struct naive_task *t = &x->tasks[x->service.items[i]];
    double left = fmax(0, t->done - x->given);
    return shares(x) ? x->since + left / (x->s->stage.speed * share_of_each(x)) : t->done;
}

/* The item that completes first; shared consumers: of several the first that came. */
static size_t first_done(const struct stage_state *x)
{
    size_t first = 0;
    for (size_t i = 1; i < x->service.n; i++) {
        const struct naive_task *a = &x->tasks[x->service.items[i]];
        const struct naive_task *b = &x->tasks[x->service.items[first]];
        bool ties = shares(x) && a->done == b->done;
        first = a->done < b->done || (ties && a < b) ? i : first;
    }
    return first;
}

static void complete(struct stage_state *x, size_t item)
{
    size_t task = end_service(x, item);
    struct naive_task *t = &x->tasks[task];
    t->fate = FATE_COMPLETED;
    t->left = x->now;
    if (interrupts(x) || shares(x))
        t->latency = x->now - t->arrival;
    if (shares(x))
        x->given = t->done;
    if (x->buffer.n > 0)
        begin_service(x, take_gap(&x->buffer, next_waiting(x)));
}

static bool leaves_first(const struct stage_state *x, size_t a, size_t b)
{
    double at = x->tasks[a].deadline, other = x->tasks[b].deadline;
    return at != other ? at < other : a < b;
}

/* The place in a list of the task that leaves first, if not served: its deadline is the soonest. */
static size_t least_patient(const struct stage_state *x, const struct list *list)
{
    size_t best = 0;
    for (size_t i = 1; i < list->n; i++)
        if (leaves_first(x, list->items[i], list->items[best]))
            best = i;
    return best;
}

static double deadline_of(const struct stage_state *x, const struct list *list)
{
    return list->n ? x->tasks[list->items[least_patient(x, list)]].deadline : INFINITY;
}

/* Whoever's patience is over at `time` leaves; the last calls go if there is nobody for them. */
static void time_out(struct stage_state *x, double time)
{
    move_to(x, time);
    bool inside = deadline_of(x, &x->buffer) == time;
    struct list *list = inside ? &x->buffer : &x->outside;
    size_t i = least_patient(x, list), task = inside ? take_gap(list, i) : take(list, i);
    x->tasks[task].fate = FATE_TIMED_OUT;
    x->tasks[task].left = time;
    while (x->n_calls > x->outside.n) {
        size_t last = 0;
        for (size_t k = 1; k < x->n_calls; k++)
            last = x->calls[k] >= x->calls[last] ? k : last;
        x->calls[last] = x->calls[--x->n_calls];
    }
}

/* All completions, resumptions and deadlines up to and at `time`, in their order. */
static void catch_up(struct stage_state *x, double time)
{
    for (;;) {
        size_t done = first_done(x), called = 0;
        for (size_t i = 1; i < x->n_calls; i++)
            called = x->calls[i] < x->calls[called] ? i : called;
        double completion = x->service.n ? completion_of(x, done) : INFINITY;
        double resumption = x->n_calls ? x->calls[called] : INFINITY;
        double deadline = fmin(deadline_of(x, &x->buffer), deadline_of(x, &x->outside));
        if (fmin(fmin(completion, resumption), deadline) > time)
            return;
        if (deadline < fmin(completion, resumption)) {
            time_out(x, deadline);
        } else if (completion <= resumption) {
            move_to(x, completion);
            complete(x, done);
        } else {
            move_to(x, resumption);
            memmove(&x->calls[called], &x->calls[called + 1],
                    (--x->n_calls - called) * sizeof *x->calls);
            come_in(x);
        }
        call(x);
    }
}

static double until(double time, double end)
{
    return isnan(time) || time > end ? end : time;
}

double naive_run(const struct scenario *s, uint64_t seed, struct naive_task *tasks, size_t n,
                 double *waited)
{
    struct stage_state x = {.s = s, .tasks = tasks, .waited = waited};
    x.picks = stream_of(seed, 0, "consumers.discipline");
    struct list *const lists[] = {&x.outside, &x.buffer, &x.service};
    for (int i = 0; i < 3; i++)
        lists[i]->items = xcalloc(n + 1, sizeof *lists[i]->items);
    x.calls = xcalloc(n + 1, sizeof *x.calls);
    for (size_t i = 0; i < n; i++) {
        catch_up(&x, tasks[i].arrival);
        move_to(&x, tasks[i].arrival);
        arrive(&x, i);
    }
    for (size_t i = 0; i < x.service.n; i++)
        tasks[x.service.items[i]].busy_time += x.now - tasks[x.service.items[i]].turn;
    for (size_t i = 0; i < n; i++) {
        struct naive_task *t = &tasks[i];
        double left = until(t->left, x.now), entered = fmin(until(t->entered, x.now), left);
        t->outside_time = entered - t->arrival;
        t->buffer_time = left - entered - t->busy_time;
    }
    for (int i = 0; i < 3; i++)
        free(lists[i]->items);
    free(x.calls);
    return x.now;
}
