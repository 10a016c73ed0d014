#include "run.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../base/err.h"

enum { PROGRESS_MILLISECONDS = 100 };

/* One trial to be done. */
struct task_item {
    uint32_t column, replication;
    double cost;
    bool done; /* by the run that this one resumes */
};

/* What the workers share. */
struct pool {
    const struct scenario *s;
    const struct engine *engine;
    struct journal *journal;
    struct task_item *items;
    size_t n;
    size_t group; /* trials that a worker takes at a time */
    atomic_size_t next;
    atomic_bool *stop;
    atomic_uint_fast64_t progress;

    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t changed;
    struct result *result;
    size_t complete;
    unsigned working;
};

/* Costly trials first, so that no long one is left to the end; else in order. */
static int by_cost(const void *a, const void *b)
{
    const struct task_item *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost < y->cost ? 1 : -1;
    if (x->replication != y->replication)
        return x->replication < y->replication ? -1 : 1;
    return x->column < y->column ? -1 : x->column > y->column;
}

static void list_trials(struct pool *pool)
{
    const struct scenario *s = pool->s;
    bool drift = sweep_drifts(s);
    uint32_t columns = drift ? 1 : sweep_columns(s);
    uint32_t replications = (uint32_t)s->run.replications;
    pool->items = xmalloc((size_t)columns * replications * sizeof *pool->items);
    for (uint32_t column = 0; column < columns; column++) {
        double cost = trial_cost(s, column);
        for (uint32_t r = 0; r < replications; r++)
            pool->items[pool->n++] = (struct task_item){column, r, cost, false};
    }
    qsort(pool->items, pool->n, sizeof *pool->items, by_cost);
}

/* Takes over what an interrupted run had finished. */
static void recall(struct pool *pool)
{
    struct trial *trial;
    while (pool->journal && (trial = journal_next(pool->journal))) {
        for (size_t i = 0; i < pool->n; i++) {
            struct task_item *item = &pool->items[i];
            if (item->column != trial->column || item->replication != trial->replication ||
                item->done)
                continue;
            item->done = true;
            result_add(pool->result, trial);
            pool->complete++;
            atomic_fetch_add(&pool->progress, (uint64_t)item->cost);
        }
        trial_free(trial);
    }
}

static bool stopped(const struct pool *pool)
{
    return pool->stop && atomic_load(pool->stop);
}

/* Runs n trials of the list, side by side where the engine can, and adds what was not interrupted
 * to the result. */
static void run_group(struct pool *pool, const struct task_item *items, size_t n)
{
    struct trial_id *ids = xmalloc(n * sizeof *ids);
    struct trial **trials = xcalloc(n, sizeof(struct trial *));
    size_t todo = 0;
    for (size_t i = 0; i < n; i++)
        if (!items[i].done)
            ids[todo++] = (struct trial_id){items[i].column, items[i].replication};
    n = todo;
    trial_run_group(&(struct trial_group){.s = pool->s,
                                          .engine = pool->engine,
                                          .ids = ids,
                                          .n = (unsigned)n,
                                          .stop = pool->stop,
                                          .progress = &pool->progress,
                                          .trials = trials});
    pthread_mutex_lock(&pool->lock);
    for (size_t i = 0; i < n; i++) {
        if (trials[i]->notes & NOTE_INTERRUPTED)
            continue;
        result_add(pool->result, trials[i]);
        pool->complete++;
        if (pool->journal)
            journal_append(pool->journal, trials[i]);
    }
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < n; i++)
        trial_free(trials[i]);
    free(trials);
    free(ids);
}

static void *work(void *argument)
{
    struct pool *pool = argument;
    while (!stopped(pool)) {
        size_t i = atomic_fetch_add(&pool->next, pool->group);
        if (i >= pool->n)
            break;
        run_group(pool, &pool->items[i], pool->n - i < pool->group ? pool->n - i : pool->group);
    }
    pthread_mutex_lock(&pool->lock);
    pool->working--;
    pthread_cond_signal(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Waits for the workers, telling how far they are. */
static void watch(struct pool *pool, const struct run_options *options, double began)
{
    double total = 0;
    uint64_t most = 0;
    for (size_t i = 0; i < pool->n; i++)
        total += pool->items[i].cost;
    pthread_mutex_lock(&pool->lock);
    while (pool->working > 0) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += PROGRESS_MILLISECONDS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&pool->changed, &pool->lock, &until);
        if (!options->progress)
            continue;
        uint64_t tasks = atomic_load(&pool->progress);
        most = tasks > most ? tasks : most; /* it falls where an engine gives up on a trial */
        pthread_mutex_unlock(&pool->lock);
        options->progress(options->context, (double)most / total, most, seconds_now() - began);
        pthread_mutex_lock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
}

/* What trials under way may hold together, in bytes, and what a cell of theirs comes to: two
 * histograms of some sixteen octaves. A run keeps its promise of 200 MB (run.h) that way on many
 * cores too; what comes out does not depend on the number of workers. */
enum { TRIALS_MOST = 112 << 20, CELL_BYTES = 2 * 16 * HIST_SUB * 8 };

/* Trials that there is memory for at a time: those of a wide drift are large. */
static size_t trials_for(const struct scenario *s)
{
    size_t cells = (size_t)trial_batches(s) * (size_t)scenario_classes(s) *
                   (sweep_drifts(s) ? sweep_columns(s) : 1);
    size_t fit = TRIALS_MOST / (cells * CELL_BYTES);
    return fit < 1 ? 1 : fit;
}

/* As many as asked for or as there are cores, trials, and memory for. */
static unsigned workers_for(const struct run_options *options, const struct scenario *s,
                            size_t trials)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned jobs = options->jobs ? options->jobs : cores > 0 ? (unsigned)cores : 1;
    size_t fit = trials_for(s), most = fit < trials ? fit : trials;
    most = most < 1 ? 1 : most;
    return jobs < most ? jobs : (unsigned)most;
}

/* Trials that a worker takes at a time: as many as the engine runs side by side and as there is
 * memory for, but so that all workers have as many turns. */
static size_t group_for(const struct engine *engine, const struct scenario *s, size_t trials,
                        unsigned workers)
{
    size_t turn = (size_t)engine->group * workers, turns = (trials + turn - 1) / turn;
    size_t group = (trials + turns * workers - 1) / (turns * workers);
    size_t fit = trials_for(s) / workers;
    return group > fit ? fit : group;
}

/* Starts as many of `workers` as the system lets it; none: this thread does the work. */
static unsigned start(struct pool *pool, pthread_t *threads, unsigned workers)
{
    unsigned started = 0;
    pthread_mutex_lock(&pool->lock);
    while (started < workers && pthread_create(&threads[started], NULL, work, pool) == 0)
        started++;
    pool->working = started;
    pthread_mutex_unlock(&pool->lock);
    if (started == 0) {
        pool->working = 1;
        work(pool);
    }
    return started;
}

struct result *run_scenario(const struct scenario *s, const struct run_options *options)
{
    double began = seconds_now();
    struct pool pool = {.s = s, .engine = options->engine, .stop = options->stop};
    pool.journal = options->journal;
    list_trials(&pool);
    pool.result = result_new(s, options->engine);
    recall(&pool);
    pthread_mutex_init(&pool.lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&pool.changed, &attributes);
    pthread_condattr_destroy(&attributes);

    unsigned workers = workers_for(options, s, pool.n);
    pool.group = group_for(options->engine, s, pool.n, workers);
    pthread_t *threads = xmalloc(workers * sizeof *threads);
    unsigned started = start(&pool, threads, workers);
    watch(&pool, options, began);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    pthread_cond_destroy(&pool.changed);
    pthread_mutex_destroy(&pool.lock);
    free(pool.items);

    struct result *result = pool.result;
    if (pool.complete == 0) {
        result_free(result);
        return NULL;
    }
    result->interrupted = pool.complete < pool.n;
    result_finish(result);
    result->wall_seconds = seconds_now() - began;
    return result;
}
