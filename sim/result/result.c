#include "result.h"

#include <stdlib.h>

#include "../base/err.h"
#include "crew.h"
#include "grid.h"

const double quantile_p[QUANTILES] = {0.5, 0.9, 0.99, 0.999, 0.9999};
const char *const quantile_names[QUANTILES] = {"p50", "p90", "p99", "p999", "p9999"};

struct result *result_new(const struct scenario *s, const struct engine *engine)
{
    struct result *result = xcalloc(1, sizeof *result);
    result->scenario = *s;
    result->columns = sweep_columns(s);
    result->replications = (uint32_t)s->run.replications;
    result->classes = (uint32_t)scenario_classes(s);
    result->batches = trial_batches(s);
    result->engine = engine->model.name;
    result->grid = xcalloc(1, sizeof *result->grid);
    uint32_t groups = result->batches > 1 ? result->batches : result->replications;
    grid_init(result->grid, result->columns, groups, result->classes, result->replications);
    audit_begin(&result->audit);
    return result;
}

static struct packed_queue packed_queue(const struct trial *trial, uint32_t column)
{
    struct packed_queue packed = {0};
    if (trial->queues) {
        size_t size;
        packed.bytes = histogram_pack(&trial->queues[column].ticks, &size);
        packed.most = trial->queues[column].most;
        packed.scale = trial->queue_scale;
    }
    return packed;
}

void result_add(struct result *result, const struct trial *trial)
{
    struct grid *grid = result->grid;
    for (uint32_t i = 0; i < trial->columns; i++) {
        uint32_t column = trial->column + i;
        for (uint32_t batch = 0; batch < trial->batches; batch++)
            for (uint32_t class = 0; class < trial->classes; class ++) {
                uint32_t group = trial->batches > 1 ? batch : trial->replication;
                size_t from = ((size_t)i * trial->batches + batch) * trial->classes + class;
                grid_put(grid, column, group, class, &trial->cells[from]);
            }
        grid->column[column].replicas[trial->replication] = (struct replica){
            true,         trial->windows[i],     trial->warmup_tasks, trial->warmup_time,
            trial->notes, packed_queue(trial, i)};
    }
    pthread_mutex_lock(&grid->lock);
    grid_forget_merged(grid);
    audit_trial(&result->audit, trial);
    result->simulated += trial->simulated;
    pthread_mutex_unlock(&grid->lock);
}

static void finish_column(void *context, size_t column)
{
    struct result *result = context;
    row_compute(result, (uint32_t)column, &result->rows[column * result_row_classes(result)]);
}

void result_figures(struct result *result)
{
    uint32_t per_column = result_row_classes(result);
    free(result->rows);
    result->rows = xcalloc((size_t)result->columns * per_column, sizeof *result->rows);
    grid_forget_merged(result->grid);
    result->grid->merged =
        xcalloc((size_t)result->columns * per_column, sizeof *result->grid->merged);
    crew_each(result->threads, result->columns, finish_column, result);
}

void result_finish(struct result *result)
{
    uint32_t per_column = result_row_classes(result);
    result_figures(result);
    struct scenario *at = xmalloc(sizeof *at);
    for (uint32_t column = 0; column < result->columns; column++) {
        const struct row *rows = &result->rows[(size_t)column * per_column];
        if (sweep_drifts(&result->scenario) || rows[0].stable != STABLE_YES)
            continue;
        size_t n = 0;
        uint32_t replications = result->grid->column[column].replications;
        struct window *windows = xmalloc(replications * sizeof *windows);
        for (uint32_t r = 0; r < replications; r++)
            if (grid_replica(result->grid, column, r)->present)
                windows[n++] = grid_replica(result->grid, column, r)->window;
        sweep_scenario(&result->scenario, column, at);
        audit_pasta(&result->audit, at, windows, n,
                    rows[0].completed ? (double)rows[0].completed * rows[0].wait_probability : 0);
        free(windows);
    }
    free(at);
    audit_finish(&result->audit);
}

void result_free(struct result *result)
{
    if (!result)
        return;
    grid_free(result->grid);
    free(result->grid);
    free(result->rows);
    free(result->achieved);
    free(result);
}

uint32_t result_row_classes(const struct result *result)
{
    return result->classes == 1 ? 1 : result->classes + 1;
}

const char *result_class_name(const struct result *result, uint32_t class)
{
    if (class + 1 == result_row_classes(result))
        return "all";
    return scenario_class_name(&result->scenario, (int)class);
}

const struct row *result_row(const struct result *result, uint32_t column, uint32_t class)
{
    return &result->rows[(size_t)column * result_row_classes(result) + class];
}

const struct window *result_window(const struct result *result, uint32_t column,
                                   uint32_t replication)
{
    const struct replica *replica = grid_replica(result->grid, column, replication);
    return replica->present ? &replica->window : NULL;
}

void result_histogram(const struct result *result, uint32_t column, uint32_t class,
                      enum measure measure, struct histogram *out)
{
    const struct grid *grid = result->grid;
    if (grid->merged) {
        const struct packed_merged *p =
            &grid->merged[(size_t)column * result_row_classes(result) + class];
        histogram_unpack_own(out, p->bytes[measure]);
        return;
    }
    uint32_t from = class, to = class + 1;
    if (class + 1 == result_row_classes(result)) {
        from = 0;
        to = grid->classes;
    }
    const struct grid_column *c = &grid->column[column];
    for (uint32_t group = 0; group < c->groups; group++)
        for (uint32_t i = from; i < to; i++) {
            const struct packed_cell *p = &c->cells[(size_t)group * grid->classes + i];
            if (p->bytes[measure])
                histogram_unpack_own(out, p->bytes[measure]);
        }
}

double result_queue(const struct result *result, uint32_t column, struct queue_time *out)
{
    const struct grid_column *c = &result->grid->column[column];
    double scale = 0;
    for (uint32_t r = 0; r < c->replications; r++) {
        const struct packed_queue *p = &c->replicas[r].queue;
        if (!p->bytes)
            continue;
        histogram_unpack_own(&out->ticks, p->bytes);
        out->most = p->most > out->most ? p->most : out->most;
        scale = p->scale; /* of a column it is always the same */
    }
    return scale;
}

double result_first_unstable(const struct result *result)
{
    for (uint32_t column = 0; column < result->columns; column++) {
        const struct row *row = result_row(result, column, result_row_classes(result) - 1);
        if (row->stable == STABLE_NO)
            return row->value;
    }
    return NAN;
}
