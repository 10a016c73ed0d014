#include "run.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "../base/elapsed.h"
#include "../base/err.h"
#include "crew.h"
#include "precision.h"
#include "recall.h"

enum { PROGRESS_MILLISECONDS = 100 };

/* Of these times of progress, the journal is written at every third. */
enum { JOURNAL_EVERY = 3 };

/* What the workers share. */
struct pool {
    struct run_part *parts;
    size_t n_parts;
    struct roster roster;
    atomic_size_t *complete; /* trials of each part */
    atomic_bool *stop;
    atomic_uint_fast64_t progress;
    uint64_t before;     /* tasks of earlier rounds */
    struct ahead *ahead; /* NULL: one worker */

    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t changed, more;
    size_t next;           /* group to be taken */
    size_t *left;          /* numbers of trials that an engine left to the events engine */
    size_t n_left, n_busy; /* of these; groups under way, of which more may be left */
    unsigned working;
};

static bool stopped(const struct pool *pool)
{
    return pool->stop && atomic_load(pool->stop);
}

/* Adds a trial to its result, unless it was interrupted. */
static void take_in(struct pool *pool, size_t part, struct trial *trial)
{
    struct journal *journal = pool->parts[part].journal;
    if (trial->notes & NOTE_INTERRUPTED) {
        trial_free(trial);
        return;
    }
    trial_pack(trial); /* once, for both */
    result_add(pool->parts[part].result, trial);
    if (journal)
        journal_append(journal, trial);
    else
        trial_free(trial);
    atomic_fetch_add(&pool->complete[part], 1);
}

/* Groups of the scenario and replication of one that are among those that begin first, with it. */
static unsigned begins_beside(const struct pool *pool, const struct roster_group *group)
{
    const struct roster *roster = &pool->roster;
    size_t n = roster->workers < roster->n_groups ? roster->workers : roster->n_groups;
    unsigned beside = 0;
    const struct roster_item *own = &roster->items[group->first];
    for (size_t i = 0; i < n; i++) {
        const struct roster_item *other = &roster->items[roster->groups[i].first];
        beside += other->part == own->part && other->id.replication == own->id.replication;
    }
    return (size_t)(group - roster->groups) < n ? beside : 0;
}

/* Runs a group, side by side where the engine can; what it leaves goes to whoever is free. */
static void run_group(struct pool *pool, const struct roster_group *group)
{
    const struct roster_item *items = &pool->roster.items[group->first];
    struct trial_id *ids = xmalloc(group->n * sizeof *ids);
    size_t *numbers = xmalloc(group->n * sizeof *numbers), todo = 0;
    struct trial **trials = xcalloc(group->n, sizeof(struct trial *));
    for (size_t i = 0; i < group->n; i++)
        if (!items[i].done) {
            numbers[todo] = group->first + i;
            ids[todo++] = items[i].id;
        }
    if (todo > 0)
        trial_run_together(&(struct trial_group){.engine = pool->parts[items[0].part].engine,
                                                 .ids = ids,
                                                 .n = (unsigned)todo,
                                                 .stop = pool->stop,
                                                 .progress = &pool->progress,
                                                 .trials = trials,
                                                 .ahead = pool->ahead,
                                                 .beside = begins_beside(pool, group)});
    pthread_mutex_lock(&pool->lock);
    for (size_t i = 0; i < todo; i++)
        if (!trials[i])
            pool->left[pool->n_left++] = numbers[i];
    pool->n_busy--;
    pthread_cond_broadcast(&pool->more);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < todo; i++)
        if (trials[i])
            take_in(pool, pool->roster.items[numbers[i]].part, trials[i]);
    free(trials);
    free(numbers);
    free(ids);
}

static void run_left(struct pool *pool, size_t number)
{
    const struct roster_item *item = &pool->roster.items[number];
    const struct trial_id *id = &item->id;
    take_in(
        pool, item->part,
        trial_run(id->s, &events_engine, id->column, id->replication, pool->stop, &pool->progress));
}

/* What to do next: first what was left, as it takes long (*left: its number), else a group. False
 * if there is nothing, and nothing will come. */
static bool next_work(struct pool *pool, const struct roster_group **group, size_t *left)
{
    bool found = true;
    *group = NULL;
    pthread_mutex_lock(&pool->lock);
    while (pool->n_left == 0 && pool->next == pool->roster.n_groups && pool->n_busy > 0 &&
           !stopped(pool))
        pthread_cond_wait(&pool->more, &pool->lock);
    if (pool->n_left > 0) {
        *left = pool->left[--pool->n_left];
    } else if (pool->next < pool->roster.n_groups) {
        *group = &pool->roster.groups[pool->next++];
        pool->n_busy++;
    } else {
        found = false;
    }
    pthread_mutex_unlock(&pool->lock);
    return found;
}

static void *work(void *argument)
{
    struct pool *pool = argument;
    const struct roster_group *group;
    size_t left = 0;
    while (!stopped(pool) && next_work(pool, &group, &left)) {
        if (group)
            run_group(pool, group);
        else
            run_left(pool, left);
    }
    pthread_mutex_lock(&pool->lock);
    pool->working--;
    pthread_cond_signal(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* Waits for the workers, telling how far they are and keeping what they have finished. */
static void watch(struct pool *pool, const struct run_options *options, double began)
{
    uint64_t most = 0;
    pthread_mutex_lock(&pool->lock);
    for (unsigned time = 1; pool->working > 0; time++) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += PROGRESS_MILLISECONDS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&pool->changed, &pool->lock, &until);
        bool over = pool->working == 0;
        uint64_t tasks = atomic_load(&pool->progress);
        most = tasks > most ? tasks : most; /* it falls where an engine gives up on a trial */
        pthread_mutex_unlock(&pool->lock);
        for (size_t i = 0; i < pool->n_parts && !over && time % JOURNAL_EVERY == 0; i++)
            if (pool->parts[i].journal)
                journal_write(pool->parts[i].journal);
        if (options->progress)
            options->progress(options->context, (double)most / pool->roster.cost,
                              pool->before + most, elapsed_seconds() - began);
        pthread_mutex_lock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
}

/* Starts as many workers as the system lets it; none: this thread does the work. */
static unsigned start(struct pool *pool, pthread_t *threads)
{
    unsigned started = 0;
    pthread_mutex_lock(&pool->lock);
    while (started < pool->roster.workers && crew_thread(&threads[started], work, pool))
        started++;
    pool->working = started;
    pthread_mutex_unlock(&pool->lock);
    if (started == 0) {
        pool->working = 1;
        work(pool);
    }
    return started;
}

static void run_pool(struct pool *pool, const struct run_options *options, double began)
{
    pthread_mutex_init(&pool->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_cond_init(&pool->more, NULL);
    pool->ahead = pool->roster.workers > 1 ? ahead_new() : NULL;
    pthread_t *threads = xmalloc(pool->roster.workers * sizeof *threads);
    unsigned started = start(pool, threads);
    watch(pool, options, began);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    ahead_free(pool->ahead);
    pthread_cond_destroy(&pool->more);
    pthread_cond_destroy(&pool->changed);
    pthread_mutex_destroy(&pool->lock);
}

/* A run under way, round by round. */
struct run_course {
    struct run_part *parts;
    size_t n;
    struct run_options options;
    unsigned jobs;
    unsigned rounds;
    uint64_t tasks; /* of the rounds so far */
    double began;
};

struct run_course *run_begin(struct run_part *parts, size_t n, const struct run_options *options)
{
    struct run_course *course = xcalloc(1, sizeof *course);
    *course = (struct run_course){.parts = parts, .n = n, .options = *options};
    course->jobs = crew_size(options->jobs);
    course->began = elapsed_seconds();
    for (size_t i = 0; i < n; i++) {
        parts[i].result = result_new(parts[i].s, parts[i].engine);
        parts[i].result->threads = course->jobs;
        parts[i].trials = parts[i].complete = 0;
    }
    return course;
}

bool run_round(struct run_course *course)
{
    struct pool pool = {.parts = course->parts, .n_parts = course->n, .stop = course->options.stop};
    bool whole = true;
    roster_make(&pool.roster, course->parts, course->n, course->jobs);
    pool.complete = xcalloc(course->n, sizeof *pool.complete);
    pool.left = xmalloc(pool.roster.n_items * sizeof *pool.left);
    for (size_t i = 0; i < course->n; i++)
        if (course->rounds > 0 && course->parts[i].journal)
            journal_again(course->parts[i].journal);
    pool.progress = recall(&pool.roster, course->parts, course->n, course->jobs);
    pool.before = course->tasks;
    if (++course->rounds > 1 && course->options.round)
        course->options.round(course->options.context, course->rounds);
    run_pool(&pool, &course->options, course->began);
    course->tasks += atomic_load(&pool.progress);
    for (size_t k = 0; k < pool.roster.n_items; k++)
        course->parts[pool.roster.items[k].part].trials++;
    for (size_t i = 0; i < course->n; i++) {
        struct run_part *part = &course->parts[i];
        part->complete += atomic_load(&pool.complete[i]);
        whole = whole && part->complete == part->trials;
    }
    free(pool.left);
    free(pool.complete);
    roster_free(&pool.roster);
    return whole;
}

void run_end(struct run_course *course)
{
    uint64_t simulated = 0;
    for (size_t i = 0; i < course->n; i++) {
        struct run_part *part = &course->parts[i];
        if (part->complete == 0) {
            result_free(part->result);
            part->result = NULL;
            continue;
        }
        part->result->interrupted = part->complete < part->trials;
        result_finish(part->result);
        simulated += part->result->simulated;
    }
    double seconds = elapsed_seconds() - course->began;
    for (size_t i = 0; i < course->n; i++)
        if (course->parts[i].result)
            course->parts[i].result->wall_seconds =
                seconds * (double)course->parts[i].result->simulated / (double)simulated;
    free(course);
}

void run_together(struct run_part *parts, size_t n, const struct run_options *options)
{
    struct run_course *course = run_begin(parts, n, options);
    run_round(course);
    run_end(course);
}

struct result *run_scenario(const struct scenario *s, const struct run_options *options)
{
    if (scenario_seeks_precision(s))
        return precision_run(s, options);
    struct run_part part = {.s = s, .engine = options->engine, .journal = options->journal};
    run_together(&part, 1, options);
    return part.result;
}
