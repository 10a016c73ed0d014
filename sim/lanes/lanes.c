#include "lanes.h"

#include <stdlib.h>
#include <string.h>

#include "../engine/stability.h"
#include "lane_cells.h"
#include "lane_flow.h"

enum { REPORT_EVERY = 16 /* blocks */, MOST_UNSEEN = 1 << 16 /* tasks */ };

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
    uint64_t look_every;  /* tasks from one look at the lanes to the next */
    uint64_t edge;        /* the first of the lanes' edges that are known */
    uint64_t keep_from;   /* tasks from this number on belong into the ring */
    bool classes;         /* some lane has several */
    bool by_number;       /* nobody has to know when tasks arrive before they are served */
};

/* Sorted: those that a lane has are free at 0, those that it lacks never. */
static void free_consumers(struct lanes *l)
{
    struct lanes_work *work = &l->state->work;
    for (int i = 0; i < l->n; i++) {
        int consumers = (int)l->columns[i]->stage.consumers;
        work->consumers = consumers > work->consumers ? consumers : work->consumers;
    }
    int rows = (work->consumers + LANES_BLOCK - 1) / LANES_BLOCK * LANES_BLOCK;
    work->free = xaligned((size_t)rows * sizeof *work->free);
    for (int c = 0; c < rows; c++)
        for (int i = 0; i < LANES; i++)
            if (c >= (int)l->columns[i < l->n ? i : 0]->stage.consumers)
                work->free[c][i] = INFINITY;
}

/* An empty ring of starts for each lane. */
static void free_places(struct lanes *l)
{
    struct lanes_work *work = &l->state->work;
    struct lanes_places *places = &work->places;
    int64_t rows = 1;
    for (int i = 0; i < LANES; i++) {
        double capacity = l->columns[i < l->n ? i : 0]->stage.capacity;
        int64_t ring = isinf(capacity) || capacity < 1 ? 1 : (int64_t)capacity;
        rows = ring > rows ? ring : rows;
        places->next[i] = i;
        places->end[i] = ring * LANES + i;
        places->limit[i] = isinf(capacity) ? 0 : INFINITY;
        places->handoff[i] = capacity == 0 ? UINT64_MAX : 0;
        work->bounded = work->bounded || isfinite(capacity);
    }
    places->begun = xaligned((size_t)rows * LANES * sizeof *places->begun);
}

/* How the trials of a group are run, and any drift: that they have in common. */
static const struct scenario *run_of(const struct trial_group *group)
{
    return group->ids[0].s;
}

/* The trials that fit; false if none does. Without a limit to its backlog a column fits only where
 * all its edges are times that are known from the beginning. */
static bool take_columns(struct lanes *l)
{
    const struct trial_group *group = l->group;
    const struct run *run = &run_of(group)->run;
    bool known = !isnan(run->duration) && (enum amount_kind)run->warmup.kind != AMOUNT_COUNT;
    struct scenario *at = xmalloc(sizeof *at);
    for (unsigned i = 0; i < group->n; i++) {
        const struct trial_id *id = &group->ids[i];
        if (sweep_drifts(id->s))
            sweep_scenario_at(id->s, 0, at);
        else
            sweep_scenario(id->s, id->column, at);
        if (!known && stability_theory(at) == STABLE_NO)
            continue;
        l->columns[l->n] = at;
        l->slot[l->n++] = i;
        at = xmalloc(sizeof *at);
    }
    free(at);
    return l->n > 0;
}

/* What comes between two looks counts as waiting, so it must be little of what may wait. */
static uint64_t look_every(const struct scenario *s)
{
    uint64_t tasks = LANES_CHUNK;
    while (tasks < MOST_UNSEEN && 16 * (double)tasks < s->run.max_backlog)
        tasks *= 2;
    return tasks;
}

static void begin(struct lanes *l)
{
    const struct trial_group *group = l->group;
    uint32_t replications[LANES];
    const struct scenario *s = run_of(group);
    struct lanes_plan plan = {0};
    plan.tasks = scenario_tasks(s, &plan.whole_trace);
    l->state = lanes_state_take();
    l->draw = xaligned(sizeof *l->draw);
    for (int i = 0; i < l->n; i++) {
        struct trial_id id = group->ids[l->slot[i]];
        replications[i] = id.replication;
        l->classes = l->classes || scenario_classes(l->columns[i]) > 1;
        lane_begin(&l->lane[i], l->state, i, &plan, l->columns[i], id);
    }
    const struct scenario *columns[LANES] = {0};
    for (int i = 0; i < l->n; i++)
        columns[i] = l->columns[i];
    lanes_draw_begin(l->draw, l->n, s, columns, replications);
    if (group->ahead)
        lanes_draw_share(l->draw, group->ahead, group->beside);
    free_consumers(l);
    free_places(l);
    l->state->work.lanes = l->n;
    l->state->work.impatient = l->draw->impatient;
    l->look_every = look_every(s);
    l->by_number = isnan(s->run.duration) && l->state->work.consumers <= LANES_KEPT &&
                   (enum amount_kind)s->run.warmup.kind != AMOUNT_DURATION;
    l->state->work.scaled = l->draw->scaled || lanes_draw_moves_speed(l->draw);
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
    free(l->state->work.free);
    free(l->state->work.places.begun);
    lanes_state_give(l->state);
}

static void remember_sums(struct lanes *l)
{
    struct lanes_state *state = l->state;
    const struct lanes_sums *sums = &state->work.sums;
    for (int i = 0; i < l->n; i++)
        state->earlier.lost[i] = lane_lost(&l->lane[i]);
    memcpy(state->earlier.wait, sums->wait, sizeof sums->wait);
    memcpy(state->earlier.latency, sums->latency, sizeof sums->latency);
    memcpy(state->earlier.latency_min, sums->latency_min, sizeof sums->latency_min);
    memcpy(state->earlier.latency_max, sums->latency_max, sizeof sums->latency_max);
}

/* Serves the first n tasks of the chunk, of which number k is the first; at most up to the next
 * edge of a lane. The others move up. */
static void advance(struct lanes *l, uint64_t k, size_t n)
{
    struct lanes_state *state = l->state;
    struct lanes_chunk *chunk = &state->work.chunk;
    bool kept = l->keep_from < k + n, by_time = !isnan(run_of(l->group)->run.duration);
    lanes_feed(l->lane, l->n, k + n);
    if (by_time)
        remember_sums(l);
    l->kernel->serve(&state->work, n, kept || by_time || l->classes);
    for (int i = 0; (by_time || l->classes) && i < l->n; i++)
        lane_count_late(&l->lane[i], k, n, l->classes ? l->draw->class_row[i] + k % BLOCK : NULL);
    if (by_time)
        lanes_note_starts(l->lane, l->n, k, n);
    if (kept)
        lanes_keep(state, k, n, l->n);
    l->drawn -= n;
    if (l->drawn == 0)
        return;
    struct lanes_rows *rows = &state->work.rows;
    rows->unit = rows->unit ? rows->unit + n : NULL;
    rows->size = rows->size ? rows->size + n : NULL;
    memmove(chunk->arrival, chunk->arrival + n, l->drawn * sizeof *chunk->arrival);
    memmove(chunk->size, chunk->size + n, l->drawn * sizeof *chunk->size);
    memmove(chunk->service, chunk->service + n, l->drawn * sizeof *chunk->service);
    if (state->work.impatient)
        memmove(chunk->patience, chunk->patience + n, l->drawn * sizeof *chunk->patience);
}

/* Finds a lane's edge by time where it is before a task of the chunk, of which k is the first. */
static void find_edge(const struct lanes *l, struct lane *lane, uint64_t k)
{
    const double(*arrival)[LANES] = (const double(*)[LANES])l->state->work.chunk.arrival;
    size_t row = 0;
    if (lane->edge != UINT64_MAX || l->drawn == 0 ||
        arrival[l->drawn - 1][lane->index] <= lane->edge_after)
        return;
    while (arrival[row][lane->index] <= lane->edge_after)
        row++;
    lane->edge = k + row;
}

/* Before task number k; false where no lane goes on. */
static bool meet_edges(struct lanes *l, uint64_t k)
{
    bool going = false;
    l->edge = l->keep_from = UINT64_MAX;
    for (int i = 0; i < l->n; i++) {
        struct lane *lane = &l->lane[i];
        if (lane_going(lane))
            find_edge(l, lane, k);
        if (lane_going(lane) && k > 0 && k % l->look_every != 0 && lane->edge == k)
            lane_look(lane, k);
        while (lane_going(lane) && lane->edge == k) {
            lane_edge(lane, k);
            find_edge(l, lane, k);
        }
        going = going || lane_going(lane);
        l->edge = lane->edge < l->edge ? lane->edge : l->edge;
        l->keep_from = lane->keep_from < l->keep_from ? lane->keep_from : l->keep_from;
    }
    return going;
}

/* Looks at the lanes where it is time to; true if there may be an edge before task number k. */
static bool look(struct lanes *l, uint64_t k)
{
    if (k > 0 && k % l->look_every != 0)
        return !l->by_number || l->edge == k;
    for (int i = 0; i < l->n && k > 0; i++)
        if (lane_going(&l->lane[i]))
            lane_look(&l->lane[i], k);
    return true;
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
        lanes_draw_chunk(l->draw, l->kernel, at, l->drawn, l->by_number, &l->state->work);
    if (l->drawn > 0 && lanes_draw_moves_speed(l->draw))
        lanes_drift_services(l->draw, l->drawn, &l->state->work);
    return l->drawn > 0;
}

/* Goes on by a chunk, or to the next edge in it; false where nobody goes on. */
static bool go_on(struct lanes *l)
{
    uint64_t k = l->k;
    if (look(l, k) && !meet_edges(l, k))
        return false;
    if (l->drawn == 0) {
        if (k % (REPORT_EVERY * BLOCK) == 0) {
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
        if (!l->by_number && !meet_edges(l, k))
            return false;
    }
    size_t n = l->edge - k < l->drawn ? (size_t)(l->edge - k) : l->drawn;
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

static void run_part(const void *kernel, const struct trial_group *group)
{
    struct lanes *l = xcalloc(1, sizeof *l);
    l->group = group;
    l->kernel = kernel;
    if (lanes_drift_fits(run_of(group)) && take_columns(l)) {
        begin(l);
        run(l);
        end(l);
    }
    free(l);
}

void lanes_run(const struct lanes_kernel *kernel, const struct trial_group *group)
{
    trial_in_periods(group, kernel, run_part);
}

static void lanes_run_group(const struct trial_group *group)
{
    lanes_run(lanes_kernel_for((int)group->n), group);
}

const struct engine lanes_engine = {
    .model = {.name = "lanes", .help = "trials side by side, from arrival to arrival: fast"},
    .refuses = lanes_refuses,
    .run_group = lanes_run_group,
    .group = LANES,
};
