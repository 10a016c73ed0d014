/* What a trial holds (trial.h). */
#include <stdlib.h>

#include "../base/err.h"
#include "trial.h"

size_t trial_cells(const struct trial *trial)
{
    return (size_t)trial->columns * trial->batches * trial->places * trial->classes;
}

struct trial *trial_new(const struct scenario *s, uint32_t column, uint32_t replication)
{
    bool drift = sweep_drifts(s);
    struct trial *trial = xcalloc(1, sizeof *trial);
    trial->column = column;
    trial->columns = drift ? sweep_columns(s) : 1;
    trial->replication = replication;
    trial->batches = trial_batches(s);
    trial->classes = (uint32_t)scenario_classes(s);
    trial->places = trial_places(s);
    trial->whole = trial_whole(s);
    size_t n = trial_cells(trial);
    trial->cells = xcalloc(n, sizeof *trial->cells);
    for (size_t i = 0; i < n; i++)
        cell_init(&trial->cells[i]);
    trial->windows = xcalloc((size_t)trial->columns * trial->places, sizeof *trial->windows);
    if (scenario_records_queue(s))
        trial->queues = xcalloc(trial->columns, sizeof *trial->queues);
    return trial;
}

void trial_pack(struct trial *trial)
{
    for (size_t i = 0; i < trial_cells(trial); i++)
        cell_pack(&trial->cells[i]);
}

void trial_unpack(struct trial *trial)
{
    for (size_t i = 0; i < trial_cells(trial); i++)
        cell_unpack(&trial->cells[i]);
}

void trial_free(struct trial *trial)
{
    if (!trial)
        return;
    for (size_t i = 0; i < trial_cells(trial); i++)
        cell_free(&trial->cells[i]);
    for (uint32_t i = 0; i < trial->columns && trial->queues; i++)
        queue_time_free(&trial->queues[i]);
    free(trial->queues);
    free(trial->cells);
    free(trial->windows);
    free(trial->ends);
    timeline_free(trial->timeline);
    free(trial);
}
