#include "result.h"

#include <stdlib.h>
#include <string.h>

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
    result->places = trial_places(s);
    result->whole = trial_whole(s);
    result->batches = trial_batches(s);
    result->engine = engine->model.name;
    result->grid = xcalloc(1, sizeof *result->grid);
    uint32_t groups = result->batches > 1 ? result->batches : result->replications;
    grid_init(result->grid, result->columns, groups, result->places, result->classes,
              result->replications);
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

static struct replica replica_of(const struct trial *trial, uint32_t column)
{
    const struct window *windows = &trial->windows[(size_t)column * trial->places];
    struct replica replica = {.present = true,
                              .window = windows[trial->whole],
                              .warmup_tasks = trial->warmup_tasks,
                              .warmup_time = trial->warmup_time,
                              .notes = trial->notes,
                              .queue = packed_queue(trial, column),
                              .deadlock = trial->deadlock};
    if (trial->timeline && column == 0)
        replica.timeline = timeline_copy(trial->timeline);
    if (trial->places > 1) {
        replica.windows = xmalloc(trial->places * sizeof *replica.windows);
        memcpy(replica.windows, windows, trial->places * sizeof *replica.windows);
    }
    return replica;
}

static void put_cells(struct grid *grid, const struct trial *trial, uint32_t column, uint32_t batch)
{
    struct grid_at at = {.column = trial->column + column,
                         .group = trial->batches > 1 ? batch : trial->replication};
    for (at.place = 0; at.place < trial->places; at.place++)
        for (at.class = 0; at.class < trial->classes; at.class ++)
            grid_put(grid, at, trial_cell(trial, column, batch, at.place, at.class));
}

void result_add(struct result *result, const struct trial *trial)
{
    struct grid *grid = result->grid;
    for (uint32_t i = 0; i < trial->columns; i++) {
        for (uint32_t batch = 0; batch < trial->batches; batch++)
            put_cells(grid, trial, i, batch);
        grid->column[trial->column + i].replicas[trial->replication] = replica_of(trial, i);
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
    size_t per_column = (size_t)result->places * result_row_classes(result);
    row_compute(result, (uint32_t)column, &result->rows[column * per_column]);
}

void result_figures(struct result *result)
{
    size_t rows = (size_t)result->columns * result->places * result_row_classes(result);
    free(result->rows);
    result->rows = xcalloc(rows, sizeof *result->rows);
    grid_forget_merged(result->grid);
    result->grid->merged = xcalloc(rows, sizeof *result->grid->merged);
    crew_each(result->threads, result->columns, finish_column, result);
}

void result_finish(struct result *result)
{
    result_figures(result);
    struct scenario *at = xmalloc(sizeof *at);
    for (uint32_t column = 0; column < result->columns && result->places == 1; column++) {
        const struct row *rows = result_row(result, column, 0);
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

static size_t row_number(const struct result *result, uint32_t column, uint32_t place,
                         uint32_t class)
{
    size_t at = (size_t)column * result->places + place;
    return at * result_row_classes(result) + class;
}

const struct row *result_place_row(const struct result *result, uint32_t column, uint32_t place,
                                   uint32_t class)
{
    return &result->rows[row_number(result, column, place, class)];
}

const struct row *result_row(const struct result *result, uint32_t column, uint32_t class)
{
    return result_place_row(result, column, result->whole, class);
}

const char *result_place_name(const struct result *result, uint32_t place)
{
    return trial_place_name(&result->scenario, place);
}

const char *result_row_label(const struct result *result, uint32_t place, uint32_t class)
{
    const char *name = result_class_name(result, class);
    if (result->places == 1)
        return intern(name);
    const char *stage = result_place_name(result, place);
    return class + 1 == result_row_classes(result) ? intern(stage) : internf("%s.%s", stage, name);
}

const struct window *result_place_window(const struct result *result, uint32_t column,
                                         uint32_t place, uint32_t replication)
{
    const struct replica *replica = grid_replica(result->grid, column, replication);
    return replica->present ? replica_window(replica, place) : NULL;
}

const struct window *result_window(const struct result *result, uint32_t column,
                                   uint32_t replication)
{
    return result_place_window(result, column, result->whole, replication);
}

const struct timeline *result_timeline(const struct result *result, uint32_t replication)
{
    return grid_replica(result->grid, 0, replication)->timeline;
}

double result_warm_up(const struct result *result, uint32_t replication)
{
    return grid_replica(result->grid, 0, replication)->warmup_time;
}

void result_histogram(const struct result *result, uint32_t column, uint32_t class,
                      enum measure measure, struct histogram *out)
{
    result_place_histogram(result, column, result->whole, class, measure, out);
}

void result_place_histogram(const struct result *result, uint32_t column, uint32_t place,
                            uint32_t class, enum measure measure, struct histogram *out)
{
    const struct grid *grid = result->grid;
    if (grid->merged) {
        const struct packed_merged *p = &grid->merged[row_number(result, column, place, class)];
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
            const struct packed_cell *p =
                grid_cell(grid, (struct grid_at){column, group, place, i});
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
