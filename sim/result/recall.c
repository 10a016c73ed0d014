#include "recall.h"

#include <stdlib.h>

#include "../base/err.h"
#include "crew.h"

enum { AT_ONCE = 1024 /* trials */ };

/* The roster, in an order to search in; made when there is something to search for. */
struct index {
    struct roster *roster;
    struct roster_item **items;
};

static int by_id(const void *a, const void *b)
{
    const struct roster_item *const *p = a, *const *q = b, *x = *p, *y = *q;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    if (x->id.column != y->id.column)
        return x->id.column < y->id.column ? -1 : 1;
    return (x->id.replication > y->id.replication) - (x->id.replication < y->id.replication);
}

/* The item of a trial; NULL: the roster has none. */
static struct roster_item *find(struct index *index, size_t part, const struct trial *trial)
{
    size_t n = index->roster->n_items;
    if (!index->items) {
        index->items = xmalloc(n * sizeof *index->items);
        for (size_t i = 0; i < n; i++)
            index->items[i] = &index->roster->items[i];
        qsort(index->items, n, sizeof *index->items, by_id);
    }
    const struct roster_item wanted = {.part = part,
                                       .id = {NULL, trial->column, trial->replication}};
    const struct roster_item *key = &wanted;
    struct roster_item **found = bsearch(&key, index->items, n, sizeof *index->items, by_id);
    return found ? *found : NULL;
}

/* Trials that were read together. */
struct batch {
    struct result *result;
    struct trial *trials[AT_ONCE];
    size_t n;
};

/* Leaves only trials that are to be done and are not yet, marked as done. Their cost. */
static uint64_t keep_wanted(struct batch *batch, struct index *index, size_t part)
{
    uint64_t cost = 0;
    size_t kept = 0;
    for (size_t i = 0; i < batch->n; i++) {
        struct roster_item *item = find(index, part, batch->trials[i]);
        if (!item || item->done) {
            trial_free(batch->trials[i]);
            continue;
        }
        item->done = true;
        cost += (uint64_t)item->cost;
        batch->trials[kept++] = batch->trials[i];
    }
    batch->n = kept;
    return cost;
}

static void add(void *context, size_t i)
{
    struct batch *batch = context;
    result_add(batch->result, batch->trials[i]);
    trial_free(batch->trials[i]);
}

uint64_t recall(struct roster *roster, struct run_part *parts, size_t n, unsigned threads)
{
    uint64_t cost = 0;
    struct index index = {.roster = roster};
    for (size_t part = 0; part < n; part++) {
        struct journal *journal = parts[part].journal;
        struct batch batch = {.result = parts[part].result};
        while (journal && (batch.n = journal_read(journal, batch.trials, AT_ONCE, threads)) > 0) {
            cost += keep_wanted(&batch, &index, part);
            parts[part].complete += batch.n;
            crew_each(threads, batch.n, add, &batch);
        }
    }
    free(index.items);
    return cost;
}
