/* sim/events/events.c: what a caller of an engine relies on, and queues whose figures are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "stand.h"

static void same_cells(const struct stand *a, const struct stand *b)
{
    assert_int_equal(a->n_cells, b->n_cells);
    for (size_t i = 0; i < a->n_cells; i++) {
        size_t size[2];
        const struct cell *x = &a->cells[i], *y = &b->cells[i];
        unsigned char *p = histogram_pack(&x->latency, &size[0]);
        unsigned char *q = histogram_pack(&y->latency, &size[1]);
        assert_int_equal(size[0], size[1]);
        assert_memory_equal(p, q, size[0]);
        free(p);
        free(q);
        assert_int_equal(x->offered, y->offered);
        assert_int_equal(x->completed, y->completed);
        assert_memory_equal(x->lost, y->lost, sizeof x->lost);
        assert_true(x->wait_sum == y->wait_sum && x->latency_sum == y->latency_sum);
    }
}

/* Stops at random times and counts of tasks change nothing, and every flow adds up. */
static void advancing_in_pieces_gives_the_same_bytes(void **state)
{
    (void)state;
    uint64_t seed = 20000;
    for (const struct model *const *discipline = discipline_family.models; *discipline;
         discipline++) {
        for (const struct model *const *policy = policy_family.models; *policy; policy++) {
            for (int i = 0; i < 6; i++, seed++) {
                struct scenario *s =
                    stand_random_scenario(seed, (*policy)->name, (*discipline)->name);
                struct stand *whole = stand_new(s, seed, 1), *pieces = stand_new(s, seed, 1);
                struct stream stream = stream_of(seed, 0, "pieces");
                assert_int_equal(stand_advance(whole, 300, UINT64_MAX, false), STOP_TIME);
                double time = 0;
                for (uint64_t k = 0; time < 300; k++) {
                    time = fmin(300, time + 9 * stream_uniform(&stream, 0, k));
                    uint64_t more = (uint64_t)(9 * stream_uniform(&stream, 1, k));
                    stand_advance(pieces, time, stand_flow(pieces).arrived + more, false);
                    assert_int_equal(stand_advance(pieces, time, UINT64_MAX, false), STOP_TIME);
                    struct flow f = stand_flow(pieces);
                    assert_true(f.time == time);
                    stand_audit(&f);
                }
                struct flow f = stand_flow(whole), g = stand_flow(pieces);
                assert_memory_equal(&f, &g, sizeof f);
                same_cells(whole, pieces);
                stand_free(whole);
                stand_free(pieces);
                free(s);
            }
        }
    }
}

static void a_stop_is_where_it_was_asked_for(void **state)
{
    (void)state;
    struct scenario *s = stand_scenario();
    struct stand *stand = stand_new(s, 1, 1);
    assert_int_equal(stand_advance(stand, INFINITY, 0, false), STOP_TASKS);
    assert_true(stand_flow(stand).time == 0);
    assert_int_equal(stand_advance(stand, INFINITY, 100, false), STOP_TASKS);
    struct flow f = stand_flow(stand);
    assert_int_equal(f.arrived, 100);
    assert_int_equal(stand_advance(stand, f.time + 10, UINT64_MAX, false), STOP_TIME);
    assert_true(stand_flow(stand).time == f.time + 10);
    assert_int_equal(stand_advance(stand, f.time, UINT64_MAX, false), STOP_TIME);
    assert_true(stand_flow(stand).time == f.time + 10); /* time does not go back */
    stand->recorder.slot = UNMEASURED;
    assert_int_equal(stand_advance(stand, INFINITY, UINT64_MAX, true), STOP_DRAINED);
    assert_int_equal(stand->recorder.outstanding, 0);
    assert_int_equal(stand_advance(stand, INFINITY, UINT64_MAX, true), STOP_DRAINED);
    stand_free(stand);
    free(s);
}

/* Nothing more arrives: the last task leaves, and that is the end, however often one asks. */
static void a_source_that_ends_is_served_to_the_end(void **state)
{
    (void)state;
    for (const struct model *const *policy = policy_family.models; *policy; policy++) {
        struct scenario *s = stand_scenario();
        stand_stage(s, 2, 3, (*policy)->name, "fifo", 0.5);
        stand_arrivals(s, 3, 1, false);
        ((struct naive_arrivals *)s->arrivals.params)->tasks = 700;
        struct stand *stand = stand_new(s, 1, 1);
        assert_int_equal(stand_advance(stand, 1, UINT64_MAX, false), STOP_TIME);
        assert_int_equal(stand_advance(stand, INFINITY, UINT64_MAX, false), STOP_ENDED);
        struct flow f = stand_flow(stand);
        stand_audit(&f);
        assert_int_equal(f.arrived, 700);
        assert_int_equal(f.inside, 0);
        assert_int_equal(stand->recorder.outstanding, 0);
        assert_int_equal(stand_advance(stand, f.time + 9, UINT64_MAX, false), STOP_ENDED);
        assert_true(stand_flow(stand).time == f.time);
        stand_free(stand);
        free(s);
    }
}

static void a_backlog_beyond_the_limit_stops(void **state)
{
    (void)state;
    for (const struct model *const *discipline = discipline_family.models; *discipline;
         discipline++) {
        struct scenario *s = stand_scenario();
        s->run.max_backlog = 1000;
        s->stage.discipline = *discipline;
        stand_arrivals(s, 10, 1, false);
        struct stand *stand = stand_new(s, 1, 1);
        assert_int_equal(stand_advance(stand, INFINITY, UINT64_MAX, false), STOP_BACKLOG);
        struct flow f = stand_flow(stand);
        assert_int_equal(f.inside, 1001);
        stand_audit(&f);
        stand_free(stand);
        free(s);
    }
}

/* Measured tasks end as they would with everybody behind them, drained or not. */
static void draining_changes_nothing_for_measured_tasks(void **state)
{
    (void)state;
    enum { MEASURED = 300, MORE = 30000 };
    uint64_t seed = 30000;
    for (const struct model *const *discipline = discipline_family.models; *discipline;
         discipline++) {
        for (const struct model *const *policy = policy_family.models; *policy; policy++) {
            for (int i = 0; i < 4; i++, seed++) {
                struct scenario *s =
                    stand_random_scenario(seed, (*policy)->name, (*discipline)->name);
                stand_arrivals(s, 0.6 * s->stage.consumers * s->stage.speed, 1, i % 2);
                s->stage.resume_delay = 0.1 * (i % 2);
                struct stand *drained = stand_new(s, seed, 1), *on = stand_new(s, seed, 1);
                stand_advance(drained, INFINITY, MEASURED, false);
                drained->recorder.slot = UNMEASURED;
                stand_advance(drained, INFINITY, MORE, true);
                assert_int_equal(drained->recorder.outstanding, 0);
                struct flow f = stand_flow(drained);
                stand_audit(&f);
                stand_advance(on, INFINITY, MEASURED, false);
                on->recorder.slot = UNMEASURED;
                stand_advance(on, INFINITY, MORE, false);
                assert_int_equal(on->recorder.outstanding, 0);
                same_cells(drained, on);
                stand_free(drained);
                stand_free(on);
                free(s);
            }
        }
    }
}

/* An overloaded queue drains in the time that its backlog takes: nobody joins it any more. */
static void an_overloaded_queue_drains(void **state)
{
    (void)state;
    struct scenario *s = stand_scenario();
    stand_arrivals(s, 10, 1, false);
    struct stand *stand = stand_new(s, 1, 1);
    stand_advance(stand, INFINITY, 5000, false);
    stand->recorder.slot = UNMEASURED;
    assert_int_equal(stand_advance(stand, INFINITY, UINT64_MAX, true), STOP_DRAINED);
    struct flow f = stand_flow(stand);
    assert_int_equal(f.arrived, 5000);
    assert_int_equal(f.inside, 0);
    stand_free(stand);
    free(s);
}

static void a_new_speed_is_for_services_to_come(void **state)
{
    (void)state;
    struct scenario *s = stand_scenario();
    stand_arrivals(s, 2, 1, false);
    struct naive_task *tasks = naive_tasks(s, 4, 200);
    struct stand *stand = stand_new(s, 4, 1);
    stand_advance(stand, INFINITY, 100, false);
    struct flow f = stand_flow(stand);
    s->stage.speed = 4;
    events_engine.adopt(stand->state, s);
    double left = 0, ahead = 0; /* the work of those begun, and of those not */
    for (uint64_t i = 0; i < 100; i++)
        *(i < f.completed + 1 ? &left : &ahead) += tasks[i].size;
    stand->recorder.slot = UNMEASURED;
    stand_advance(stand, INFINITY, UINT64_MAX, true);
    f = stand_flow(stand);
    stand_audit(&f);
    stand_near(f.busy_area, left + ahead / 4, f.busy_area);
    free(tasks);
    stand_free(stand);
    free(s);
}

/* A delay that has become shorter lets later resumptions overtake those under way: time never runs
 * backwards, where integrals would shrink. */
static void a_new_delay_is_for_resumptions_to_come(void **state)
{
    (void)state;
    static const double delays[] = {3, 1, 0.25, 2, 0.1, 0};
    struct scenario *s = stand_scenario();
    stand_stage(s, 3, 5, "pause", "fifo", delays[0]);
    stand_arrivals(s, 3, 1, false);
    struct stand *stand = stand_new(s, 5, 1);
    struct flow f = stand_flow(stand);
    for (int i = 0; i < 6; i++) {
        s->stage.resume_delay = delays[i];
        events_engine.adopt(stand->state, s);
        for (uint64_t k = 0; k < 1000; k++) {
            struct flow before = f;
            stand_advance(stand, before.time + 0x1p-7, UINT64_MAX, false);
            f = stand_flow(stand);
            stand_audit(&f);
            assert_true(f.queue_area >= before.queue_area && f.paused_area >= before.paused_area &&
                        f.busy_area >= before.busy_area);
        }
    }
    stand->recorder.slot = UNMEASURED;
    assert_int_equal(stand_advance(stand, INFINITY, UINT64_MAX, true), STOP_DRAINED);
    f = stand_flow(stand);
    stand_audit(&f);
    assert_int_equal(stand->recorder.outstanding, 0);
    stand_free(stand);
    free(s);
}

static void what_it_cannot_hold_is_refused_in_words(void **state)
{
    (void)state;
    struct scenario *s = stand_scenario();
    assert_null(events_engine.refuses(s));
    s->stage.consumers = 1e7;
    assert_non_null(events_engine.refuses(s));
    s->stage.consumers = 1;
    s->run.max_backlog = INFINITY;
    assert_non_null(events_engine.refuses(s));
    free(s);
}

/* Replications of a queue: mean and standard error over them. */
struct figure {
    double sum, square, n;
};

static void figure_add(struct figure *figure, double x)
{
    figure->sum += x;
    figure->square += x * x;
    figure->n++;
}

static void figure_is(const struct figure *figure, double value, const char *what)
{
    double mean = figure->sum / figure->n;
    double error = sqrt((figure->square / figure->n - mean * mean) / (figure->n - 1));
    if (!(fabs(mean - value) < 5 * error && error < 0.05 * value))
        fail_msg("%s: %g with a standard error of %g, not %g", what, mean, error, value);
}

static void set(struct scenario *s, const char *path, const char *text)
{
    struct errors errors = {0};
    if (!param_set(s, path, text, (struct place){.source = "test"}, &errors))
        fail_msg("%s", errors.text[0]);
}

/* M/M/c with K places in all: Erlang's formulas by the recursion of the stationary law. */
static void mmck(double load, int c, int places, double *loss, double *in_system, double *wait)
{
    double p = 1, sum = 0, inside = 0, last = 0;
    for (int k = 0; k <= c + places; k++) {
        sum += p;
        inside += k * p;
        last = p;
        p *= load / fmin(k + 1, c);
    }
    *loss = last / sum;
    *in_system = inside / sum;
    *wait = *in_system / (load * (1 - *loss)) - 1;
}

static void check_queue(const char *law, const char *mean, double load, int c, int places,
                        double loss, double in_system, double wait)
{
    struct scenario *s = xcalloc(1, sizeof *s);
    param_defaults(s);
    set(s, "tasks.size.distribution", law);
    set(s, mean, "1");
    set(s, "arrivals.rate", internf("%.17g", load));
    set(s, "consumers.count", internf("%d", c));
    set(s, "buffer.capacity", places < 1000 ? internf("%d", places) : "unbounded");
    struct figure losses = {0}, insides = {0}, waits = {0}, seens = {0};
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct stand *stand = stand_new(s, seed, 1);
        stand->recorder.slot = UNMEASURED;
        stand_advance(stand, INFINITY, 5000, false);
        stand->recorder.slot = 0;
        struct flow f = stand_flow(stand);
        stand_advance(stand, INFINITY, 45000, false);
        struct flow g = stand_flow(stand);
        stand_audit(&g);
        const struct cell *cell = &stand->cells[0];
        double arrived = (double)(g.arrived - f.arrived), time = g.time - f.time;
        figure_add(&losses, (double)(g.lost - f.lost) / arrived);
        figure_add(&insides, (g.queue_area + g.busy_area - f.queue_area - f.busy_area) / time);
        figure_add(&waits, cell->wait_sum / (double)cell->completed);
        figure_add(&seens, (g.seen_sum - f.seen_sum) / arrived);
        stand_free(stand);
    }
    if (loss > 0)
        figure_is(&losses, loss, "loss");
    figure_is(&insides, in_system, "tasks in the system");
    figure_is(&seens, in_system, "tasks seen by an arriving one");
    if (wait > 0)
        figure_is(&waits, wait, "wait");
    free(s);
}

static void known_queues_have_their_known_figures(void **state)
{
    (void)state;
    static const struct {
        double load;
        int c, places;
    } queues[] = {{0.7, 1, 1000}, {3.2, 4, 1000}, {12, 16, 1000}, {0.9, 1, 4},
                  {1.5, 1, 9},    {4, 4, 3},      {3, 5, 0},      {1, 1, 1}};
    for (size_t i = 0; i < sizeof queues / sizeof *queues; i++) {
        double loss, in_system, wait;
        mmck(queues[i].load, queues[i].c, queues[i].places, &loss, &in_system, &wait);
        check_queue("exponential", "tasks.size.mean", queues[i].load, queues[i].c, queues[i].places,
                    loss < 1e-9 ? 0 : loss, in_system, queues[i].places ? wait : 0);
    }
    /* M/D/1: Pollaczek and Khinchine; Erlang's loss formula holds for any law of sizes. */
    double load = 0.8, wait = load / (2 * (1 - load)), loss, in_system;
    check_queue("deterministic", "tasks.size.value", load, 1, 1000, 0, load * (1 + wait), wait);
    mmck(3, 5, 0, &loss, &in_system, &wait);
    check_queue("deterministic", "tasks.size.value", 3, 5, 0, loss, in_system, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(advancing_in_pieces_gives_the_same_bytes),
        cmocka_unit_test(a_stop_is_where_it_was_asked_for),
        cmocka_unit_test(a_source_that_ends_is_served_to_the_end),
        cmocka_unit_test(a_backlog_beyond_the_limit_stops),
        cmocka_unit_test(draining_changes_nothing_for_measured_tasks),
        cmocka_unit_test(an_overloaded_queue_drains),
        cmocka_unit_test(a_new_speed_is_for_services_to_come),
        cmocka_unit_test(a_new_delay_is_for_resumptions_to_come),
        cmocka_unit_test(what_it_cannot_hold_is_refused_in_words),
        cmocka_unit_test(known_queues_have_their_known_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
