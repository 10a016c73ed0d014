#include "lanes_drift.h"

#include <stdlib.h>
#include <string.h>

#include "../engine/trial.h"
#include "lanes_draw.h"

static bool moves_speed(const struct scenario *s)
{
    struct param_ref ref;
    return sweep_ref(s, &ref) && ref.offset == offsetof(struct scenario, stage.speed);
}

bool lanes_drift_fits(const struct scenario *s)
{
    return !sweep_drifts(s) || !moves_speed(s) ||
           (!isnan(trial_warm_up_time(s)) && isinf(s->stage.capacity));
}

/* Number q of the slices. */
static const struct drift_slice *slice_at(struct lanes_drift *drift, const struct source *source,
                                          uint32_t q)
{
    for (; drift->made <= q; drift->made++) {
        struct drift_slice *slice = &drift->slices[drift->made];
        double x = drift->made ? drift_middle(drift->made - 1) : 0;
        if (drift->moves)
            param_put(drift->at, &drift->swept, sweep_value_at(drift->s, &drift->swept, x));
        struct process_view view = source->view;
        view.params = drift->at->arrivals.params;
        view.scenario = drift->at;
        view.rate = scenario_event_rate(drift->at);
        slice->rate = view.rate;
        slice->factor = source->process->factor ? source->process->factor(&view) : NAN;
        slice->speed = drift->at->stage.speed;
        slice->size = *scenario_size(drift->at, 0);
    }
    return &drift->slices[q];
}

/* Where number q of the slices ends in a lane. */
static double end_of(const struct lanes_drift *drift, int lane, uint32_t q)
{
    double start = drift->start[lane];
    return q == 0              ? start
           : q >= DRIFT_SLICES ? INFINITY
                               : start + drift->s->run.duration * drift_slice_end(q - 1);
}

struct lanes_drift *lanes_drift_new(const struct scenario *s)
{
    struct lanes_drift *drift = xcalloc(1, sizeof *drift);
    double start = trial_warm_up_time(s);
    drift->s = s;
    drift->at = xmalloc(sizeof *drift->at);
    *drift->at = *s;
    drift->moves = sweep_ref(s, &drift->swept);
    drift->slices = xmalloc((DRIFT_SLICES + 1) * sizeof *drift->slices);
    drift->moves_speed = moves_speed(s);
    drift->start_tasks = isnan(start) ? (uint64_t)s->run.warmup.value : UINT64_MAX;
    for (int i = 0; i < LANES; i++)
        drift->start[i] = drift->until[i] = isnan(start) ? INFINITY : start;
    return drift;
}

void lanes_drift_free(struct lanes_drift *drift)
{
    if (!drift)
        return;
    free(drift->slices);
    free(drift->at);
    free(drift);
}

/* The drift of a lane begins with the task that comes after one at `time`. */
static void start_at(struct lanes_drift *drift, int lane, double time)
{
    drift->start[lane] = drift->until[lane] = time;
}

static void adopt_slice(const struct lanes_drift *drift, struct source *source, uint32_t slice,
                        double now)
{
    const struct param_ref *swept = &drift->swept;
    source_adopt(source, swept, sweep_value_at(drift->s, swept, drift_middle(slice)), now);
}

void lanes_drift_block(struct lanes_draw *draw)
{
    struct lanes_drift *drift = draw->drift;
    for (int i = 0; i < draw->lanes; i++) {
        struct source *source = draw->sources[i];
        size_t n = 0;
        for (; n < BLOCK && source_peek(source).time < INFINITY; n++) {
            if (draw->first + n == drift->start_tasks)
                start_at(drift, i, draw->time[i]);
            while (source_peek(source).time >= drift->until[i]) {
                if (drift->moves)
                    adopt_slice(drift, source, drift->slice[i], drift->until[i]);
                drift->until[i] = end_of(drift, i, ++drift->slice[i]);
            }
            struct arrival a = source_peek(source);
            drift->time[i][n] = draw->time[i] = a.time;
            drift->size[i][n] = a.size;
            source_step(source);
        }
        if (source->brings & BRINGS_ORDER)
            draw->n = n;
        draw->short_of[i] = n < BLOCK && !(source->brings & BRINGS_ORDER);
        for (; n < BLOCK; n++) /* something to calculate with */
            drift->time[i][n] = drift->size[i][n] = draw->time[i];
    }
    for (int i = 0; i < LANES; i++) {
        draw->time_row[i] = drift->time[i < draw->lanes ? i : 0];
        draw->size_row[i] = drift->size[i < draw->lanes ? i : 0];
    }
}

/* The task in a row of the chunk arrives in another slice than the one before: the gap under way is
 * kept, its rest scaled, and the rows after it follow with the new factor. */
static void adopt(struct lanes_draw *draw, int lane, size_t at, size_t row, size_t n,
                  struct lanes_chunk *chunk)
{
    struct lanes_drift *drift = draw->drift;
    const double *unit = draw->time_row[lane] + at;
    double time = chunk->arrival[row][lane], was = time, factor = draw->factor[lane];
    while (time >= drift->until[lane]) {
        double now = drift->until[lane];
        uint32_t q = drift->slice[lane]++;
        double rate = slice_at(drift, draw->sources[0], q)->rate;
        const struct drift_slice *next = slice_at(drift, draw->sources[0], q + 1);
        double ratio = rate / next->rate;
        if (time > now && ratio != 1 && isfinite(ratio))
            time = now + (time - now) * ratio;
        factor = next->factor;
        drift->until[lane] = end_of(drift, lane, q + 1);
    }
    if (time == was && factor == draw->factor[lane])
        return;
    draw->factor[lane] = factor;
    chunk->arrival[row][lane] = time;
    while (++row < n)
        chunk->arrival[row][lane] = time += factor * unit[row];
    draw->time[lane] = time;
}

/* Sizes of n tasks from number `at` of the block on. */
static void draw_sizes(struct lanes_draw *draw, int lane, size_t at, size_t n)
{
    struct lanes_drift *drift = draw->drift;
    struct source *source = draw->sources[lane];
    const struct law *law = &slice_at(drift, source, drift->slice[lane])->size;
    double *size = drift->size[lane] + at;
    if (n == 0)
        return;
    if (!law_model(law)->of) {
        law_model(law)->fill(law->params, &source->size_stream[0], draw->first - BLOCK + at, n,
                             size);
        return;
    }
    memcpy(size, draw->uniforms[lane] + at, n * sizeof *size);
    law_model(law)->of(law->params, n, size);
}

void lanes_drift_chunk(struct lanes_draw *draw, const struct lanes_kernel *kernel, size_t at,
                       size_t n, struct lanes_chunk *chunk)
{
    struct lanes_drift *drift = draw->drift;
    const double *unit[LANES], *size[LANES];
    double last[LANES];
    uint64_t first = draw->first - BLOCK + at;
    for (int i = 0; i < LANES; i++) {
        unit[i] = draw->time_row[i] + at;
        size[i] = drift->size[i < draw->lanes ? i : 0] + at;
        last[i] = draw->time[i];
    }
    kernel->spread_gaps(unit, draw->factor, draw->lanes, n, draw->time, chunk->arrival);
    for (int i = 0; i < draw->lanes; i++) {
        size_t from = 0, row = 0;
        if (drift->start_tasks >= first && drift->start_tasks < first + n) {
            row = (size_t)(drift->start_tasks - first);
            start_at(drift, i, row > 0 ? chunk->arrival[row - 1][i] : last[i]);
        }
        while (chunk->arrival[n - 1][i] >= drift->until[i]) {
            while (chunk->arrival[row][i] < drift->until[i])
                row++;
            draw_sizes(draw, i, at + from, row - from);
            adopt(draw, i, at, row, n, chunk);
            from = row;
        }
        draw_sizes(draw, i, at + from, n - from);
    }
    kernel->spread_each(size, draw->lanes, n, chunk->size);
}

void lanes_drift_services(struct lanes_draw *draw, size_t n, struct lanes_work *work)
{
    struct lanes_drift *drift = draw->drift;
    struct lanes_chunk *chunk = &work->chunk;
    const int consumers = work->consumers;
    double *at = xmalloc((size_t)consumers * sizeof *at);
    for (int i = 0; i < draw->lanes; i++) {
        for (int c = 0; c < consumers; c++)
            at[c] = work->free[c][i];
        for (size_t row = 0; row < n; row++) {
            double start = fmax(at[0], chunk->arrival[row][i]);
            while (start >= end_of(drift, i, drift->serving[i]))
                drift->serving[i]++;
            double speed = slice_at(drift, draw->sources[0], drift->serving[i])->speed;
            double service = chunk->size[row][i] / speed, done = start + service;
            chunk->service[row][i] = service;
            int c = 1;
            for (; c < consumers && at[c] < done; c++)
                at[c - 1] = at[c];
            at[c - 1] = done;
        }
    }
    free(at);
}
