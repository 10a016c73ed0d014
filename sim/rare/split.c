#include "split.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../engine/histogram.h"

/* The stop flag is looked at each time that so many steps are done. */
enum { LOOK = 1 << 16 };

struct path {
    struct walk walk;
    size_t region, born; /* born: the region below which it ends; 0: the main path */
    uint32_t left;       /* retrials that it still has to send off from where it stands */
};

/* A replication under way: paths[0] is the main path, paths[i + 1] a retrial of paths[i], which
 * waits for it. */
struct splitting {
    const struct split *split;
    struct path *paths;
    size_t depth;
    struct stream seeds;
    uint64_t retrials, end;
    struct split_tally *tally;
};

void split_tally_init(struct split_tally *tally, const struct split *split)
{
    bool waits = split->by == SPLIT_WAIT;
    *tally = (struct split_tally){.slots = HIST_SLOTS};
    if (!waits)
        tally->slots = (size_t)split->stage->consumers + split->stage->places + 1;
    tally->weight = xcalloc(tally->slots, sizeof *tally->weight);
    tally->seen = xcalloc(tally->slots, sizeof *tally->seen);
    tally->sum = waits ? xcalloc(tally->slots, sizeof *tally->sum) : NULL;
}

void split_tally_free(struct split_tally *tally)
{
    free(tally->weight);
    free(tally->seen);
    free(tally->sum);
    *tally = (struct split_tally){0};
}

double split_slot_low(enum split_by by, size_t slot)
{
    if (by == SPLIT_INSIDE)
        return (double)slot;
    if (slot <= SLOT_UNDER)
        return 0;
    return slot == SLOT_OVER ? histogram_high(HIST_BUCKETS - 1)
                             : histogram_low((int)slot - SLOT_BUCKETS);
}

static double found(const struct split *split, const struct walk *walk)
{
    return split->by == SPLIT_WAIT ? walk->wait : walk->inside;
}

static void count(const struct splitting *run, const struct path *path)
{
    struct split_tally *tally = run->tally;
    double weight = run->split->levels.weight[path->region];
    tally->offered += weight;
    if (run->split->by == SPLIT_WAIT) {
        if (walk_loses(&path->walk))
            return;
        size_t slot = (size_t)histogram_slot(path->walk.wait);
        tally->weight[slot] += weight;
        tally->sum[slot] += weight * path->walk.wait;
        tally->seen[slot]++;
    } else {
        tally->weight[path->walk.inside] += weight;
        tally->seen[path->walk.inside]++;
    }
    tally->counted += weight;
}

static void send_retrial(struct splitting *run)
{
    const struct path *from = &run->paths[run->depth];
    struct path *to = &run->paths[++run->depth];
    uint64_t key[2];
    threefry2x64(run->seeds.key, (uint64_t[2]){run->retrials++, 0}, key);
    walk_branch(&to->walk, &from->walk, key[0], (uint32_t)key[1]);
    to->region = to->born = from->region;
    to->left = 0;
}

/* From the task at the door to the next one; whether the path goes on. */
static bool step(struct splitting *run, struct path *path)
{
    const double *at = run->split->levels.at;
    count(run, path);
    run->tally->steps++;
    walk_serve(&path->walk);
    if (path->walk.task == run->end)
        return false;
    walk_arrive(&path->walk);
    double now = found(run->split, &path->walk);
    if (path->born > 0 && now < at[path->born - 1])
        return false;
    while (path->region > 0 && now < at[path->region - 1])
        path->region--;
    return true;
}

/* Does one thing of what is next; false at the end. */
static bool go_on(struct splitting *run)
{
    const struct split_levels *levels = &run->split->levels;
    struct path *path = &run->paths[run->depth];
    if (path->left > 0) {
        path->left--;
        send_retrial(run);
    } else if (path->region < levels->n &&
               found(run->split, &path->walk) >= levels->at[path->region]) {
        path->left = levels->factor[path->region++] - 1;
    } else if (!step(run, path)) {
        if (run->depth == 0)
            return false;
        run->depth--;
    }
    return true;
}

static bool warm_up(struct splitting *run, const atomic_bool *stop)
{
    struct walk *walk = &run->paths[0].walk;
    for (uint64_t i = 0; i < run->split->warm_up; i++) {
        walk_arrive(walk);
        walk_serve(walk);
        if (i % LOOK == 0 && stop && atomic_load(stop))
            return false;
    }
    run->tally->steps += run->split->warm_up;
    walk_arrive(walk);
    return true;
}

bool split_run(const struct split *split, uint64_t seed, uint32_t replication, uint64_t most,
               const atomic_bool *stop, struct split_tally *tally)
{
    size_t n = split->levels.n + 1;
    struct splitting run = {.split = split,
                            .paths = xcalloc(n, sizeof *run.paths),
                            .seeds = stream_of(seed, replication, "rare"),
                            .end = split->warm_up + split->tasks,
                            .tally = tally};
    for (size_t i = 0; i < n; i++)
        walk_init(&run.paths[i].walk, split->stage);
    walk_begin(&run.paths[0].walk, seed, replication);
    uint64_t next = tally->steps + LOOK;
    most = most < UINT64_MAX - tally->steps ? most + tally->steps : UINT64_MAX;
    bool whole = warm_up(&run, stop);
    while (whole && go_on(&run)) {
        if (tally->steps < next)
            continue;
        next = tally->steps + LOOK;
        whole = tally->steps < most && !(stop && atomic_load(stop));
    }
    for (size_t i = 0; i < n; i++)
        walk_free(&run.paths[i].walk);
    free(run.paths);
    return whole;
}
