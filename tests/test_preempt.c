/* Disciplines that interrupt, and the one that shares: what they are known for, on the same tasks,
 * and what engine.h rules where a scenario leaves room for doubt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "scene.h"
#include "stand.h"

enum { TASKS = 20000 };

/* All classes of what was measured. */
static struct cell total(const struct stand *stand)
{
    struct cell sum;
    cell_init(&sum);
    for (size_t i = 0; i < stand->n_cells; i++)
        cell_merge(&sum, &stand->cells[i]);
    return sum;
}

/* Tasks that come to an end, all of them served. */
static struct stand *served_to_the_end(const char *discipline, double consumers)
{
    struct scenario *s = stand_scenario();
    stand_stage(s, consumers, INFINITY, "reject", discipline, 0);
    stand_arrivals(s, 0.9 * consumers, 1, false);
    ((struct naive_arrivals *)s->arrivals.params)->tasks = TASKS;
    struct stand *stand = stand_new(s, 11, 1);
    assert_int_equal(stand_advance(stand, INFINITY, UINT64_MAX, false), STOP_ENDED);
    struct flow f = stand_flow(stand);
    stand_audit(&f);
    free(s);
    return stand;
}

static double latency_sum(const char *discipline)
{
    struct stand *stand = served_to_the_end(discipline, 1);
    struct cell cell = total(stand);
    double sum = cell.latency_sum;
    assert_int_equal(cell.completed, TASKS);
    cell_free(&cell);
    stand_free(stand);
    return sum;
}

/* Not only on average: of any tasks whatever (Schrage 1968, "A proof of the optimality of the
 * shortest remaining processing time discipline", Oper. Res. 16). */
static void shortest_remaining_has_the_least_latency(void **state)
{
    (void)state;
    double least = latency_sum("shortest-remaining");
    for (const struct model *const *model = discipline_family.models; *model; model++)
        assert_true(latency_sum((*model)->name) >= least * (1 - 1e-12));
    assert_true(latency_sum("shortest-job") > 1.1 * least);
    assert_true(latency_sum("processor-sharing") > 1.5 * least);
    stand_near(latency_sum("shortest-remaining"), least, 0);
}

/* For the class that goes first the others do not exist: its latencies follow from its own tasks
 * (Lindley 1952). */
static void the_first_class_is_alone(void **state)
{
    (void)state;
    const uint32_t first = STAND_CLASSES - 1;
    struct stand *stand = served_to_the_end("priority-preemptive", 1);
    struct naive_task *tasks = naive_tasks(&stand->s, 11, TASKS);
    double free_at = 0, waits = 0, latencies = 0;
    for (size_t i = 0; i < TASKS; i++) {
        const struct naive_task *t = &tasks[i];
        if (t->class != first)
            continue;
        double start = fmax(free_at, t->arrival);
        free_at = start + t->size;
        waits += start - t->arrival;
        latencies += free_at - t->arrival;
    }
    stand_near(stand->cells[first].wait_sum, waits, waits);
    stand_near(stand->cells[first].latency_sum, latencies, latencies);
    free(tasks);
    stand_free(stand);
}

/* Who arrives last is served at once. */
static void nobody_waits_who_comes_last(void **state)
{
    (void)state;
    for (double consumers = 1; consumers < 4; consumers++) {
        struct stand *stand = served_to_the_end("lifo-preemptive", consumers);
        struct cell cell = total(stand);
        assert_int_equal(cell.wait.zero, cell.completed);
        cell_free(&cell);
        stand_free(stand);
    }
}

/* Latencies of one mean size differ by the law first come first served, not shared. */
static void sharing_does_not_see_the_law(void **state)
{
    (void)state;
    static const char *const disciplines[] = {"fifo", "processor-sharing"};
    double mean[2][2];
    for (int d = 0; d < 2; d++)
        for (int law = 0; law < 2; law++) {
            struct scenario *s = scene(
                "arrivals.process", "poisson", "arrivals.rate", "1.4/s", "consumers.count", "2",
                "consumers.discipline", disciplines[d], "tasks.size.distribution",
                law ? "lognormal" : "deterministic", law ? "tasks.size.mean" : "tasks.size.value",
                "1s", law ? "tasks.size.cv2" : "seed", law ? "4" : "1", "run.tasks", "50k",
                "run.replications", "8", NULL);
            struct result *result = scene_run(s, 1);
            const struct row *row = result_row(result, 0, 0);
            mean[d][law] = row->latency_mean;
            assert_true(d == 0 || (row->queue_mean == 0 && row->wait_mean == 0));
            scene_near(row->in_system_mean, row->throughput * row->latency_mean,
                       0.01 * row->in_system_mean);
            assert_true(row->stable == STABLE_YES);
            result_free(result);
            free(s);
        }
    assert_true(mean[0][1] > 1.5 * mean[0][0]);
    scene_near(mean[1][1], mean[1][0], 0.03 * mean[1][0]);
    scene_near(mean[1][0], 1 / (1 - 0.7 * 0.7), 0.03 * mean[1][0]); /* M/M/2 */
}

/* As many inside as there are consumers: nobody shares, nobody is interrupted. */
static void a_hand_off_leaves_nothing_to_choose(void **state)
{
    (void)state;
    double lost = NAN, latencies = NAN;
    for (const struct model *const *model = discipline_family.models; *model; model++) {
        struct scenario *s = stand_scenario();
        stand_stage(s, 3, 0, "reject", (*model)->name, 0);
        stand_arrivals(s, 3, 1, false);
        struct stand *stand = stand_new(s, 12, 1);
        stand_advance(stand, INFINITY, TASKS, false);
        struct flow f = stand_flow(stand);
        struct cell cell = total(stand);
        stand_audit(&f);
        assert_true(f.shared_area == 0 && f.queue_area == 0);
        lost = isnan(lost) ? (double)f.lost : lost;
        latencies = isnan(latencies) ? cell.latency_sum : latencies;
        assert_true((double)f.lost == lost && lost > 0.25 * TASKS);
        stand_near(cell.latency_sum, latencies, latencies);
        cell_free(&cell);
        stand_free(stand);
        free(s);
    }
}

/* One class is served in order of arrival, and at most consumers + places are inside. */
static void what_is_the_same_by_another_name(void **state)
{
    (void)state;
    struct scenario *s = stand_scenario();
    s->classes_count = 1;
    ((struct naive_arrivals *)s->arrivals.params)->classes = 1;
    stand_stage(s, 2, 4, "reject", "fifo", 0);
    stand_arrivals(s, 2, 1, false);
    ((struct naive_arrivals *)s->arrivals.params)->classes = 1;
    struct stand *fifo = stand_new(s, 13, 1);
    s->stage.discipline = model_named(&discipline_family, "priority-preemptive");
    struct stand *other = stand_new(s, 13, 1);
    s->stage.discipline = model_named(&discipline_family, "processor-sharing");
    struct stand *shared = stand_new(s, 13, 1);
    for (uint64_t i = 1; i <= TASKS; i++) {
        stand_advance(fifo, INFINITY, i, false);
        stand_advance(other, INFINITY, i, false);
        stand_advance(shared, INFINITY, i, false);
        struct flow f = stand_flow(fifo), g = stand_flow(other), h = stand_flow(shared);
        assert_true(f.inside == g.inside && f.lost == g.lost && h.inside <= 6 && h.waiting == 0);
    }
    stand_near(other->cells[0].wait_sum, fifo->cells[0].wait_sum, fifo->cells[0].wait_sum);
    assert_true(stand_flow(shared).lost > TASKS / 20);
    stand_free(fifo);
    stand_free(other);
    stand_free(shared);
    free(s);
}

/* A speed that moves is in force at once where consumers are shared; else the service under way
 * keeps what it has until it ends or is interrupted, and only that. */
static void speed_moves(void **state)
{
    (void)state;
    enum { BEFORE = 101, ALL = 400 };
    static const char *const disciplines[] = {"processor-sharing", "lifo-preemptive",
                                              "shortest-remaining", "priority-preemptive"};
    for (size_t d = 0; d < sizeof disciplines / sizeof *disciplines; d++) {
        struct scenario *s = stand_scenario();
        stand_stage(s, 1, INFINITY, "reject", disciplines[d], 0);
        stand_arrivals(s, 2, 1, false);
        struct naive_task *tasks = naive_tasks(s, 4, ALL + 1);
        ((struct naive_arrivals *)s->arrivals.params)->tasks = ALL;
        struct stand *stand = stand_new(s, 4, 1);
        double work = 0, next = tasks[BEFORE].arrival;
        for (int i = 0; i < ALL; i++)
            work += tasks[i].size;
        stand_advance(stand, INFINITY, BEFORE, false);
        double between = (stand_flow(stand).time + next) / 2; /* two events */
        assert_int_equal(stand_advance(stand, between, UINT64_MAX, false), STOP_TIME);
        struct flow f = stand_flow(stand), g;
        events_engine.adopt(stand->state, s); /* what is in force changes nothing */
        g = stand_flow(stand);
        assert_memory_equal(&f, &g, sizeof f);
        s->stage.speed = 4;
        events_engine.adopt(stand->state, s);
        assert_int_equal(stand_advance(stand, INFINITY, UINT64_MAX, false), STOP_ENDED);
        g = stand_flow(stand);
        stand_audit(&g);
        double left = work - f.busy_area; /* that was at speed 1; so is the service under way */
        double kept = (4 * (g.busy_area - f.busy_area) - left) / 3;
        if (d < 2) /* the next to come interrupts it */
            stand_near(kept, d == 0 ? 0 : next - f.time, g.busy_area);
        assert_true(kept > -1e-9 && kept < 10 && g.inside == 0);
        free(tasks);
        stand_free(stand);
        free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shortest_remaining_has_the_least_latency),
        cmocka_unit_test(the_first_class_is_alone),
        cmocka_unit_test(nobody_waits_who_comes_last),
        cmocka_unit_test(sharing_does_not_see_the_law),
        cmocka_unit_test(a_hand_off_leaves_nothing_to_choose),
        cmocka_unit_test(what_is_the_same_by_another_name),
        cmocka_unit_test(speed_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
