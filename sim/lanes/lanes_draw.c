#include "lanes_draw.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/trial.h"
#include "../scenario/sweep.h"

static bool same_arrivals(const struct source *a, const struct source *b)
{
    if (a->process != b->process)
        return false;
    const struct arrivals *x = &a->scenario.arrivals, *y = &b->scenario.arrivals;
    if (a->brings & BRINGS_ORDER) /* what is recorded stays as it is */
        return same_bits(x->params, y->params, sizeof x->params);
    if (a->view.replication != b->view.replication)
        return false;
    if (a->process->units) /* they depend on the stream alone */
        return true;
    return same_bits(&a->view.rate, &b->view.rate, sizeof a->view.rate) &&
           same_bits(x->params, y->params, sizeof x->params);
}

static bool same_sizes(const struct source *a, const struct source *b)
{
    if (a->brings & BRINGS_SIZES)
        return a->brings & BRINGS_ORDER || same_arrivals(a, b);
    if (a->view.replication != b->view.replication || a->classes != b->classes)
        return false;
    const struct scenario *x = &a->scenario, *y = &b->scenario;
    if (a->classes > 1)
        return same_bits(x->classes, y->classes, sizeof x->classes) &&
               same_bits(&x->size, &y->size, sizeof x->size);
    return same_bits(scenario_size(x, 0), scenario_size(y, 0), sizeof(struct law));
}

static bool same_patience(const struct source *a, const struct source *b)
{
    const struct law *x = scenario_timeout(&a->scenario, 0), *y = scenario_timeout(&b->scenario, 0);
    if (!x || !y)
        return !x && !y;
    return same_bits(x, y, sizeof *x) &&
           same_bits(&a->patience_stream[0], &b->patience_stream[0], sizeof(struct stream));
}

static bool same_uniforms(const struct source *a, const struct source *b)
{
    return a->view.replication == b->view.replication && a->classes == 1 && b->classes == 1;
}

static int first_like(const struct lanes_draw *draw, int lane,
                      bool (*alike)(const struct source *, const struct source *))
{
    for (int i = 0; i < lane; i++)
        if (alike(draw->sources[i], draw->sources[lane]))
            return i;
    return lane;
}

void lanes_draw_begin(struct lanes_draw *draw, int lanes, const struct scenario *s,
                      const struct scenario *const *columns, const uint32_t *replications)
{
    assert(lanes >= 1 && lanes <= LANES);
    memset(draw, 0, sizeof *draw);
    draw->lanes = lanes;
    for (int i = 0; i < LANES; i++) {
        int from = i < lanes ? i : 0;
        draw->speed[i] = columns[from]->stage.speed;
        draw->scaled = draw->scaled || draw->speed[i] != 1;
        if (i < lanes) {
            draw->sources[i] = xcalloc(1, sizeof *draw->sources[i]);
            source_begin(draw->sources[i], columns[i], (uint64_t)columns[i]->seed, replications[i]);
        }
        const struct source *source = draw->sources[from];
        draw->arrivals_of[i] = i < lanes ? first_like(draw, i, same_arrivals) : 0;
        draw->uniforms_of[i] = i < lanes ? first_like(draw, i, same_uniforms) : 0;
        draw->sizes_of[i] = i < lanes ? first_like(draw, i, same_sizes) : 0;
        if (i < lanes && draw->uniforms_of[i] < i && draw->sizes_of[i] == i)
            draw->uniforms_shared[i] = draw->uniforms_shared[draw->uniforms_of[i]] = true;
        draw->patience_of[i] = i < lanes ? first_like(draw, i, same_patience) : 0;
        draw->impatient = draw->impatient || source->impatient;
        draw->units = source->process->units != NULL;
        if (draw->units)
            draw->factor[i] = source->process->factor(&source->view);
    }
    if (sweep_drifts(s))
        draw->drift = lanes_drift_new(s);
}

/* What is shared is most of what is drawn where sizes are, and all lanes have the same; else it
 * takes as long to hand it over. (One lane has the same as itself, and nobody else may.) */
void lanes_draw_share(struct lanes_draw *draw, struct ahead *ahead, unsigned beside)
{
    const struct source *source = draw->sources[0];
    bool same = draw->lanes > 1 && draw->units && !draw->drift && !(source->brings & BRINGS_SIZES);
    for (int i = 0; i < draw->lanes; i++)
        same = same && draw->sources[i]->classes == 1 && draw->arrivals_of[i] == 0 &&
               draw->sizes_of[i] == 0;
    if (!same)
        return;
    struct ahead_row *rows = xcalloc(AHEAD_ROWS, sizeof *rows);
    rows[AHEAD_GAPS].kind = AHEAD_UNITS;
    rows[AHEAD_GAPS].stream = source->view.stream;
    rows[AHEAD_GAPS].process = source->process;
    rows[AHEAD_SIZES].kind = AHEAD_DRAWS;
    rows[AHEAD_SIZES].stream = source->size_stream[0];
    rows[AHEAD_SIZES].law = *scenario_size(&source->scenario, 0);
    draw->ahead = ahead_join(ahead, rows, AHEAD_ROWS, beside);
    free(rows);
}

void lanes_draw_end(struct lanes_draw *draw)
{
    ahead_leave(draw->ahead);
    lanes_drift_free(draw->drift);
    for (int i = 0; i < draw->lanes; i++)
        free(draw->sources[i]);
}

static void draw_arrivals(struct lanes_draw *draw, int lane)
{
    struct source *source = draw->sources[lane];
    double *time = source->block.time;
    if (draw->units) {
        source->process->units(&source->view, draw->first, BLOCK, time);
        return;
    }
    size_t n = source->process->fill(&source->view, &source->state, BLOCK, &source->block);
    if (source->brings & BRINGS_ORDER)
        draw->n = n;
    draw->short_of[lane] = n < BLOCK && !(source->brings & BRINGS_ORDER);
    for (; n < BLOCK; n++) /* something to calculate with */
        time[n] = n > 0 ? time[n - 1] : source->state.time;
}

static void draw_sizes(struct lanes_draw *draw, int lane)
{
    struct source *source = draw->sources[lane];
    const struct law *law = scenario_size(&source->scenario, 0);
    const struct stream *stream = &source->size_stream[0];
    if (source->brings & BRINGS_SIZES)
        return;
    if (source->classes > 1) {
        source_draw_sizes(source, draw->first, BLOCK);
        return;
    }
    if (!law_model(law)->of) {
        law_model(law)->fill(law->params, stream, draw->first, BLOCK, source->block.size);
        return;
    }
    int from = draw->uniforms_of[lane]; /* not after this lane; it has drawn its own */
    double *own = draw->uniforms_shared[lane] ? draw->uniforms[lane] : source->block.size;
    if (from == lane)
        stream_uniforms(stream, 0, draw->first, BLOCK, own);
    if (draw->uniforms_shared[lane])
        memcpy(source->block.size, draw->uniforms[from], sizeof source->block.size);
    law_model(law)->of(law->params, BLOCK, source->block.size);
}

static void draw_patience(struct lanes_draw *draw, int lane)
{
    struct source *source = draw->sources[lane];
    const struct law *law = scenario_timeout(&source->scenario, 0);
    if (law)
        law_model(law)->fill(law->params, &source->patience_stream[0], draw->first, BLOCK,
                             source->patience);
    for (int i = 0; i < BLOCK && !law; i++)
        source->patience[i] = INFINITY;
}

/* The next block of what is shared. */
static void take_block(struct lanes_draw *draw)
{
    size_t stride;
    const double *row = ahead_take(draw->ahead, &stride);
    for (int i = 0; i < LANES; i++) {
        draw->time_row[i] = row + AHEAD_GAPS * stride;
        draw->size_row[i] = row + AHEAD_SIZES * stride;
    }
}

/* What the lanes have in common is drawn by the first of them that has it. */
static void draw_rows(struct lanes_draw *draw)
{
    for (int i = 0; i < draw->lanes; i++) {
        if (draw->arrivals_of[i] == i)
            draw_arrivals(draw, i);
        if (draw->drift && law_model(scenario_size(&draw->sources[i]->scenario, 0))->of)
            stream_uniforms(&draw->sources[i]->size_stream[0], 0, draw->first, BLOCK,
                            draw->uniforms[i]);
        else if (!draw->drift && draw->sizes_of[i] == i)
            draw_sizes(draw, i);
    }
    for (int i = 0; i < LANES; i++) {
        draw->short_of[i] = draw->short_of[draw->arrivals_of[i]];
        draw->time_row[i] = draw->sources[draw->arrivals_of[i]]->block.time;
        draw->size_row[i] = draw->sources[draw->sizes_of[i]]->block.size;
        draw->class_row[i] = draw->sources[draw->sizes_of[i]]->block.class;
    }
}

void lanes_draw_block(struct lanes_draw *draw)
{
    draw->n = BLOCK;
    if (draw->drift && !draw->units) {
        lanes_drift_block(draw);
        draw->first += BLOCK;
        return;
    }
    if (draw->ahead)
        take_block(draw);
    else
        draw_rows(draw);
    for (int i = 0; i < LANES && draw->impatient; i++) {
        if (i < draw->lanes && draw->patience_of[i] == i)
            draw_patience(draw, i);
        draw->patience_row[i] = draw->sources[draw->patience_of[i]]->patience;
    }
    draw->first += BLOCK;
}

static bool one_row(const double *const row[LANES])
{
    bool one = true;
    for (int i = 1; i < LANES; i++)
        one = one && row[i] == row[0];
    return one;
}

static void spread(const struct lanes_kernel *kernel, const double *const row[LANES], int lanes,
                   size_t at, size_t n, double (*out)[LANES])
{
    if (one_row(row)) {
        kernel->spread_one(row[0] + at, lanes, n, out);
        return;
    }
    const double *from[LANES];
    for (int i = 0; i < LANES; i++)
        from[i] = row[i] + at;
    kernel->spread_each(from, lanes, n, out);
}

/* Lays out arrivals and sizes of n tasks. */
static void lay_out(struct lanes_draw *draw, const struct lanes_kernel *kernel, size_t at, size_t n,
                    struct lanes_chunk *chunk)
{
    if (draw->units && !one_row(draw->time_row)) {
        const double *from[LANES];
        for (int i = 0; i < LANES; i++)
            from[i] = draw->time_row[i] + at;
        kernel->spread_gaps(from, draw->factor, draw->lanes, n, draw->time, chunk->arrival);
    } else {
        spread(kernel, draw->time_row, draw->lanes, at, n, chunk->arrival);
        if (draw->units)
            kernel->accumulate(draw->factor, draw->lanes, n, draw->time, chunk->arrival);
    }
    spread(kernel, draw->size_row, draw->lanes, at, n, chunk->size);
}

void lanes_draw_chunk(struct lanes_draw *draw, const struct lanes_kernel *kernel, size_t at,
                      size_t n, bool rows, struct lanes_work *work)
{
    struct lanes_chunk *chunk = &work->chunk;
    work->rows = (struct lanes_rows){.time = draw->time, .factor = draw->factor};
    if (draw->drift && draw->units) {
        lanes_drift_chunk(draw, kernel, at, n, chunk);
    } else if (rows && !draw->scaled && draw->units && one_row(draw->time_row)) {
        work->rows.unit = draw->time_row[0] + at;
        if (one_row(draw->size_row))
            work->rows.size = draw->size_row[0] + at;
        else
            spread(kernel, draw->size_row, draw->lanes, at, n, chunk->size);
    } else {
        lay_out(draw, kernel, at, n, chunk);
    }
    if (draw->impatient)
        spread(kernel, draw->patience_row, draw->lanes, at, n, chunk->patience);
    if (draw->scaled)
        kernel->divide(chunk->size, draw->speed, draw->lanes, n, chunk->service);
}
