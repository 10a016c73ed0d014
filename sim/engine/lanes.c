#include "lanes.h"

#include <stdlib.h>
#include <string.h>

#include "../scenario/discipline.h"
#include "lane_cells.h"
#include "lane_flow.h"
#include "stability.h"

enum { MOST_CONSUMERS = 256, LOOK_EVERY = 16 /* blocks */ };

/* A group under way. */
struct lanes {
    const struct trial_group *group;
    const struct lanes_kernel *kernel;
    struct lanes_state *state;
    struct lanes_draw *draw;
    struct scenario *columns[LANES];
    struct lane lane[LANES];
    unsigned slot[LANES]; /* number in the group */
    int n;                /* lanes in use */
    uint64_t k;           /* tasks that have been served */
    size_t drawn;         /* those that come next, in the chunk from its first row on */
};

/* Consumers of the column that has most. */
static double most_consumers(const struct scenario *s)
{
    double most = 0;
    struct scenario *at = xmalloc(sizeof *at);
    for (uint32_t column = 0; column < sweep_columns(s); column++) {
        sweep_scenario(s, column, at);
        most = fmax(most, at->stage.consumers);
    }
    free(at);
    return most;
}

static bool has_bounded_column(const struct scenario *s)
{
    bool bounded = false;
    struct scenario *at = xmalloc(sizeof *at);
    for (uint32_t column = 0; column < sweep_columns(s) && !bounded; column++) {
        sweep_scenario(s, column, at);
        bounded = isfinite(at->stage.capacity);
    }
    free(at);
    return bounded;
}

static const char *lanes_refuses(const struct scenario *s)
{
    if (scenario_classes(s) > 1)
        return "the lanes engine has one class of tasks only (tasks.classes); 'events' has many";
    if (!stage_discipline(&s->stage)->by_arrival)
        return "the lanes engine serves in order of arrival only (consumers.discipline); 'events' "
               "has them all";
    if (has_bounded_column(s))
        return "the lanes engine has unbounded buffers only (buffer.capacity); 'events' has any";
    if (most_consumers(s) > MOST_CONSUMERS)
        return "the lanes engine has at most 256 consumers; 'events' has more, and is faster there";
    return NULL;
}

const struct engine *engine_for(const struct scenario *s)
{
    return lanes_refuses(s) ? &events_engine : &lanes_engine;
}

/* Sorted: those that a lane has are free at 0, those that it lacks never. */
static void free_consumers(struct lanes *l)
{
    struct lanes_state *state = l->state;
    for (int i = 0; i < l->n; i++) {
        int consumers = (int)l->columns[i]->stage.consumers;
        state->consumers = consumers > state->consumers ? consumers : state->consumers;
    }
    state->free = xaligned((size_t)state->consumers * sizeof *state->free);
    for (int c = 0; c < state->consumers; c++)
        for (int i = 0; i < LANES; i++)
            if (c >= (int)l->columns[i < l->n ? i : 0]->stage.consumers)
                state->free[c][i] = INFINITY;
}

/* The trials that fit; false if none does. Without a limit to its backlog a column fits only where
 * all its edges are times that are known from the beginning. */
static bool take_columns(struct lanes *l)
{
    const struct trial_group *group = l->group;
    const struct run *run = &group->s->run;
    bool known = !isnan(run->duration) && (enum amount_kind)run->warmup.kind != AMOUNT_COUNT;
    struct scenario *at = xmalloc(sizeof *at);
    for (unsigned i = 0; i < group->n; i++) {
        if (sweep_drifts(group->s))
            sweep_scenario_at(group->s, 0, at);
        else
            sweep_scenario(group->s, group->ids[i].column, at);
        if (!known && stability_theory(at) == STABLE_NO)
            continue;
        l->columns[l->n] = at;
        l->slot[l->n++] = i;
        at = xmalloc(sizeof *at);
    }
    free(at);
    return l->n > 0;
}

static void begin(struct lanes *l)
{
    const struct trial_group *group = l->group;
    uint32_t replications[LANES];
    struct lanes_plan plan = {.s = group->s};
    plan.tasks = trial_tasks(group->s, &plan.whole_trace);
    l->state = xaligned(sizeof *l->state);
    l->draw = xaligned(sizeof *l->draw);
    for (int i = 0; i < l->n; i++) {
        struct trial_id id = group->ids[l->slot[i]];
        replications[i] = id.replication;
        lane_begin(&l->lane[i], l->state, i, &plan, l->columns[i], id);
    }
    const struct scenario *columns[LANES] = {0};
    for (int i = 0; i < l->n; i++)
        columns[i] = l->columns[i];
    lanes_draw_begin(l->draw, l->n, group->s, columns, replications);
    free_consumers(l);
}

static void end(struct lanes *l)
{
    for (int i = 0; i < l->n; i++) {
        struct lane *lane = &l->lane[i];
        lane_end(lane);
        if (lane->phase == LANE_GIVEN_UP) {
            trial_free(lane->trial);
            if (l->group->progress)
                atomic_fetch_sub_explicit(l->group->progress, lane->told, memory_order_relaxed);
        } else {
            l->group->trials[l->slot[i]] = lane->trial;
        }
        free(l->columns[i]);
    }
    lanes_draw_end(l->draw);
    free(l->draw);
    free(l->state->free);
    free(l->state);
}

static void count(struct lanes_state *state, int lanes, size_t n)
{
    const struct lanes_chunk *chunk = &state->chunk;
    for (size_t i = 0; i < n; i++)
        for (int lane = 0; lane < lanes; lane++) {
            state->waits[lane][chunk->wait_slot[i][lane]]++;
            state->latencies[lane][chunk->latency_slot[i][lane]]++;
        }
}

/* Keeps a chunk, whose first task is number k, in the ring. */
static void keep(struct lanes_state *state, uint64_t k, size_t n)
{
    const struct lanes_chunk *chunk = &state->chunk;
    size_t row = k % RING; /* a chunk never crosses a multiple of its length */
    memcpy(state->ring.arrival[row], chunk->arrival, n * sizeof *chunk->arrival);
    memcpy(state->ring.service[row], chunk->service, n * sizeof *chunk->service);
    memcpy(state->ring.start[row], chunk->start, n * sizeof *chunk->start);
}

/* Serves the first n tasks of the chunk, of which number k is the first; at most up to the next
 * edge of a lane. The others move up. */
static void advance(struct lanes *l, uint64_t k, size_t n)
{
    struct lanes_state *state = l->state;
    struct lanes_chunk *chunk = &state->chunk;
    bool kept = false, by_time = !isnan(l->group->s->run.duration);
    if (by_time) {
        memcpy(state->earlier.wait, state->sums.wait, sizeof state->sums.wait);
        memcpy(state->earlier.latency, state->sums.latency, sizeof state->sums.latency);
        memcpy(state->earlier.latency_min, state->sums.latency_min, sizeof state->sums.latency_min);
        memcpy(state->earlier.latency_max, state->sums.latency_max, sizeof state->sums.latency_max);
    }
    l->kernel->serve(chunk, n, state->consumers, state->free);
    l->kernel->measure(chunk, n, &state->sums);
    for (int i = 0; by_time && i < l->n; i++)
        lane_count_late(&l->lane[i], k, n);
    if (by_time)
        lanes_note_starts(l->lane, l->n, k, n);
    if (l->n == LANES) /* the common case, with a number that the compiler can unroll */
        count(state, LANES, n);
    else
        count(state, l->n, n);
    for (int i = 0; i < l->n; i++) {
        lane_feed(&l->lane[i], k + n);
        kept = kept || l->lane[i].keep_from < k + n;
    }
    if (kept)
        keep(state, k, n);
    l->drawn -= n;
    memmove(chunk->arrival, chunk->arrival + n, l->drawn * sizeof *chunk->arrival);
    memmove(chunk->size, chunk->size + n, l->drawn * sizeof *chunk->size);
    memmove(chunk->service, chunk->service + n, l->drawn * sizeof *chunk->service);
}

/* Finds a lane's edge by time where it is before a task of the chunk, of which k is the first. */
static void find_edge(const struct lanes *l, struct lane *lane, uint64_t k)
{
    const double(*arrival)[LANES] = (const double(*)[LANES])l->state->chunk.arrival;
    size_t row = 0;
    if (lane->edge != UINT64_MAX || l->drawn == 0 ||
        arrival[l->drawn - 1][lane->index] <= lane->edge_after)
        return;
    while (arrival[row][lane->index] <= lane->edge_after)
        row++;
    lane->edge = k + row;
}

/* Before task number k. */
static bool meet_edges(struct lanes *l, uint64_t k)
{
    bool going = false;
    for (int i = 0; i < l->n; i++) {
        struct lane *lane = &l->lane[i];
        if (lane_going(lane))
            find_edge(l, lane, k);
        if (lane_going(lane) && k > 0 && k % LANES_CHUNK != 0 && lane->edge == k)
            lane_look(lane, k);
        while (lane_going(lane) && lane->edge == k) {
            lane_edge(lane, k);
            find_edge(l, lane, k);
        }
        going = going || lane_going(lane);
    }
    return going;
}

/* Tasks from number k on until the chunk ends or a lane comes to its edge. */
static size_t to_next_edge(const struct lanes *l, uint64_t k)
{
    uint64_t until = k + l->drawn;
    for (int i = 0; i < l->n; i++)
        if (lane_going(&l->lane[i]) && l->lane[i].edge < until)
            until = l->lane[i].edge;
    return (size_t)(until - k);
}

static void report(struct lanes *l, uint64_t k)
{
    for (int i = 0; i < l->n; i++) {
        struct lane *lane = &l->lane[i];
        double done = lane_going(lane) ? fmin((double)k, lane->cost) : lane->cost;
        uint64_t tasks = (uint64_t)done;
        if (!l->group->progress || lane->phase == LANE_GIVEN_UP || tasks <= lane->told)
            continue;
        atomic_fetch_add_explicit(l->group->progress, tasks - lane->told, memory_order_relaxed);
        lane->told = tasks;
    }
}

static bool stopped(const struct lanes *l)
{
    return l->group->stop && atomic_load_explicit(l->group->stop, memory_order_relaxed);
}

/* Draws the chunk that begins with task number k; false where there are no more. */
static bool draw(struct lanes *l, uint64_t k)
{
    size_t at = k % BLOCK;
    if (at == 0) {
        lanes_draw_block(l->draw);
        for (int i = 0; i < l->n; i++)
            if (l->draw->short_of[i] && lane_going(&l->lane[i]))
                lane_give_up(&l->lane[i]);
    }
    size_t left = l->draw->n - at;
    l->drawn = left < LANES_CHUNK ? left : LANES_CHUNK;
    if (l->drawn > 0)
        lanes_draw_chunk(l->draw, l->kernel, at, l->drawn, &l->state->chunk);
    if (l->drawn > 0 && lanes_draw_moves_speed(l->draw))
        lanes_drift_services(l->draw, l->drawn, l->state->consumers, l->state->free,
                             &l->state->chunk);
    return l->drawn > 0;
}

/* Goes on by a chunk, or to the next edge in it; false where nobody goes on. */
static bool go_on(struct lanes *l)
{
    uint64_t k = l->k;
    for (int i = 0; i < l->n && k > 0 && k % LANES_CHUNK == 0; i++)
        if (lane_going(&l->lane[i]))
            lane_look(&l->lane[i], k);
    if (!meet_edges(l, k))
        return false;
    if (l->drawn == 0) {
        if (k % (LOOK_EVERY * BLOCK) == 0) {
            report(l, k);
            if (stopped(l))
                return false;
        }
        if (!draw(l, k)) {
            for (int i = 0; i < l->n; i++)
                if (lane_going(&l->lane[i]))
                    lane_ended(&l->lane[i], k);
            return false;
        }
        if (!meet_edges(l, k))
            return false;
    }
    size_t n = to_next_edge(l, k);
    advance(l, k, n);
    l->k += n;
    return true;
}

static void run(struct lanes *l)
{
    while (go_on(l))
        continue;
    for (int i = 0; i < l->n; i++)
        if (lane_going(&l->lane[i]))
            l->lane[i].trial->notes |= NOTE_INTERRUPTED;
    report(l, l->k);
}

void lanes_run(const struct lanes_kernel *kernel, const struct trial_group *group)
{
    struct lanes *l = xcalloc(1, sizeof *l);
    l->group = group;
    l->kernel = kernel;
    if (lanes_drift_fits(group->s) && take_columns(l)) {
        begin(l);
        run(l);
        end(l);
    }
    free(l);
}

static void lanes_run_group(const struct trial_group *group)
{
    int kernels;
    const struct lanes_kernel *const *kernel = lanes_kernels(&kernels);
    lanes_run(kernel[kernels - 1], group);
}

const struct engine lanes_engine = {
    .model = {.name = "lanes", .help = "trials side by side, from arrival to arrival: fast"},
    .refuses = lanes_refuses,
    .run_group = lanes_run_group,
    .group = LANES,
};
