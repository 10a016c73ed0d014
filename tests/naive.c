#include "naive.h"

#include <assert.h>
#include <stdlib.h>

static size_t naive_fill(const struct process_view *view, struct process_state *state, size_t n,
                         struct arrival_block *out)
{
    const struct naive_arrivals *p = view->params;
    if (p->tasks > 0 && (double)(state->next + n) > p->tasks)
        n = (size_t)p->tasks - state->next;
    for (size_t i = 0; i < n; i++, state->next++) {
        double gap = -log(stream_uniform(&view->stream, 0, state->next)) / p->rate;
        double size = -log(stream_uniform(&view->stream, 1, state->next)) * p->mean_size;
        double class = stream_uniform(&view->stream, 2, state->next) * p->classes;
        state->time += p->grid != 0 ? floor(2 * gap) / 2 : gap;
        out->time[i] = state->time;
        out->size[i] = p->grid != 0 ? floor(2 * size) / 2 : size;
        out->class[i] = (uint16_t) class;
    }
    return n;
}

static double naive_length(const struct scenario *s)
{
    const struct naive_arrivals *p =
        (const struct naive_arrivals *)(const void *)s->arrivals.params;
    return p->tasks > 0 ? p->tasks : INFINITY;
}

static unsigned naive_brings(const struct scenario *s)
{
    (void)s;
    return BRINGS_SIZES | BRINGS_CLASSES | BRINGS_ORDER;
}

const struct arrival_process naive_process = {
    .model = {.name = "naive", .help = "for tests"},
    .fill = naive_fill,
    .length = naive_length,
    .brings = naive_brings,
};

const struct model *model_named(const struct family *family, const char *name)
{
    const struct model *const *m = family->models;
    while (*m && strcmp((*m)->name, name) != 0)
        m++;
    assert(*m);
    return *m;
}

struct naive_task *naive_tasks(const struct scenario *s, uint64_t seed, size_t n)
{
    struct source *source = xcalloc(1, sizeof *source);
    struct naive_task *tasks = xcalloc(n, sizeof *tasks);
    source_begin(source, s, seed, 0);
    for (size_t i = 0; i < n; i++, source_step(source)) {
        struct arrival a = source_peek(source);
        tasks[i] = (struct naive_task){.arrival = a.time, .size = a.size, .class = a.class};
        tasks[i].entered = tasks[i].started = tasks[i].left = NAN;
    }
    free(source);
    return tasks;
}

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

/* Whether waiting task a goes before b. */
static bool goes_first(const struct stage_state *x, size_t a, size_t b)
{
    const struct naive_task *t = x->tasks;
    const char *name = discipline_name(x);
    if (strcmp(name, "lifo") == 0)
        return a > b;
    if (strcmp(name, "shortest-job") == 0 && t[a].size != t[b].size)
        return t[a].size < t[b].size;
    if (strcmp(name, "priority") == 0) {
        double pa = x->s->classes[t[a].class].priority, pb = x->s->classes[t[b].class].priority;
        if (pa != pb)
            return pa < pb;
    }
    return a < b;
}

static size_t next_waiting(struct stage_state *x)
{
    if (strcmp(discipline_name(x), "random") == 0) {
        double u = stream_uniform(&x->picks, 0, x->n_picks++);
        return (size_t)(u * (double)x->buffer.n);
    }
    size_t best = 0;
    for (size_t i = 1; i < x->buffer.n; i++) {
        if (goes_first(x, x->buffer.items[i], x->buffer.items[best]))
            best = i;
    }
    return best;
}

static size_t oldest_waiting(const struct stage_state *x)
{
    size_t best = 0;
    for (size_t i = 1; i < x->buffer.n; i++) {
        if (x->buffer.items[i] < x->buffer.items[best])
            best = i;
    }
    return best;
}

static void begin_service(struct stage_state *x, size_t task)
{
    struct naive_task *t = &x->tasks[task];
    if (isnan(t->entered))
        t->entered = x->now;
    t->started = x->now;
    t->wait = x->now - t->arrival;
    t->latency = t->wait + t->size / x->s->stage.speed;
    add(&x->service, task);
}

static void begin_waiting(struct stage_state *x, size_t task)
{
    x->tasks[task].entered = x->now;
    add(&x->buffer, task);
}

static void lose_task(struct stage_state *x, size_t task)
{
    x->tasks[task].fate = FATE_LOST;
    x->tasks[task].left = x->now;
}

static void come_in(struct stage_state *x)
{
    size_t task = take(&x->outside, 0);
    if (x->service.n < (size_t)x->s->stage.consumers)
        begin_service(x, task);
    else
        begin_waiting(x, task);
}

/* Every free place that nobody has been called to calls one. */
static void call(struct stage_state *x)
{
    const struct stage *stage = &x->s->stage;
    for (;;) {
        double places = stage->capacity == 0 ? stage->consumers - (double)x->service.n
                                             : stage->capacity - (double)x->buffer.n;
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
    } else if (x->service.n < (size_t)stage->consumers) {
        begin_service(x, task);
    } else if ((double)x->buffer.n < stage->capacity) {
        begin_waiting(x, task);
    } else if (strcmp(policy, "pause") == 0) {
        add(&x->outside, task);
        call(x);
    } else if (strcmp(policy, "drop-oldest") == 0 && stage->capacity > 0) {
        lose_task(x, take_gap(&x->buffer, oldest_waiting(x)));
        begin_waiting(x, task);
    } else {
        lose_task(x, task);
    }
}

static double completion_of(const struct stage_state *x, size_t i)
{
    const struct naive_task *t = &x->tasks[x->service.items[i]];
    return t->started + t->size / x->s->stage.speed;
}

/* All completions and resumptions up to and at `time`, in their order. */
static void catch_up(struct stage_state *x, double time)
{
    for (;;) {
        size_t done = 0, called = 0;
        for (size_t i = 1; i < x->service.n; i++)
            done = completion_of(x, i) < completion_of(x, done) ? i : done;
        for (size_t i = 1; i < x->n_calls; i++)
            called = x->calls[i] < x->calls[called] ? i : called;
        double completion = x->service.n ? completion_of(x, done) : INFINITY;
        double resumption = x->n_calls ? x->calls[called] : INFINITY;
        if (fmin(completion, resumption) > time)
            return;
        if (completion <= resumption) {
            x->now = completion;
            struct naive_task *t = &x->tasks[take(&x->service, done)];
            t->fate = FATE_COMPLETED;
            t->left = x->now;
            if (x->buffer.n > 0)
                begin_service(x, take_gap(&x->buffer, next_waiting(x)));
        } else {
            x->now = resumption;
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

double naive_run(const struct scenario *s, uint64_t seed, struct naive_task *tasks, size_t n)
{
    struct stage_state x = {.s = s, .tasks = tasks};
    x.picks = stream_of(seed, 0, "consumers.discipline");
    struct list *const lists[] = {&x.outside, &x.buffer, &x.service};
    for (int i = 0; i < 3; i++)
        lists[i]->items = xcalloc(n + 1, sizeof *lists[i]->items);
    x.calls = xcalloc(n + 1, sizeof *x.calls);
    for (size_t i = 0; i < n; i++) {
        catch_up(&x, tasks[i].arrival);
        x.now = tasks[i].arrival;
        arrive(&x, i);
    }
    for (size_t i = 0; i < n; i++) {
        struct naive_task *t = &tasks[i];
        double left = until(t->left, x.now), started = fmin(until(t->started, x.now), left);
        double entered = fmin(until(t->entered, x.now), left);
        t->outside_time = entered - t->arrival;
        t->buffer_time = started - entered;
        t->busy_time = left - started;
    }
    for (int i = 0; i < 3; i++)
        free(lists[i]->items);
    free(x.calls);
    return x.now;
}
