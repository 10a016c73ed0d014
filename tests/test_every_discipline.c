/* Every discipline of the catalogue: its waiting room, and the engine task by task against the
 * naive simulator, with every full-buffer policy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "stand.h"

static void every_task_fares_as_in_the_naive_simulator(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (const struct model *const *discipline = discipline_family.models; *discipline;
         discipline++) {
        for (const struct model *const *policy = policy_family.models; *policy; policy++) {
            for (int i = 0; i < 60; i++, seed++) {
                struct scenario *s =
                    stand_random_scenario(seed, (*policy)->name, (*discipline)->name);
                stand_compare(s, seed, 250);
                free(s);
            }
        }
    }
}

/* Tasks pushed and taken at random come out once each, by the order that the names promise. */
static void a_room_loses_and_doubles_nobody(void **state)
{
    (void)state;
    enum { N = 3000 };
    for (const struct model *const *discipline = discipline_family.models; *discipline;
         discipline++) {
        struct scenario *s = stand_scenario();
        s->stage.discipline = *discipline;
        struct waiting_room room;
        room_init(&room, s, 7, 0);
        struct stream stream = stream_of(7, 0, "test");
        int out[N] = {0}, oldest = 0;
        uint32_t inside = 0;
        for (uint32_t pushed = 0, step = 0; pushed < N || inside > 0; step++) {
            double u = stream_uniform(&stream, 0, step), growth = step % 1000 < 500 ? 0.7 : 0.4;
            struct task task = {.arrival = floor(pushed / 8.0), /* eight at a time */
                                .size = floor(8 * stream_uniform(&stream, 1, step)),
                                .label = pushed,
                                .tag = pushed % STAND_CLASSES};
            if (pushed < N && (inside == 0 || u < growth)) {
                room_push(&room, task);
                pushed++;
                inside++;
            } else {
                bool drop = u > 0.9;
                while (out[oldest])
                    oldest++;
                task = slot_leave(&room, drop ? room.oldest : room_pick(&room));
                assert_true(!drop || (int)task.label == oldest);
                assert_int_equal(task_class(&task), task.label % STAND_CLASSES);
                assert_int_equal(out[task.label]++, 0);
                inside--;
            }
            assert_int_equal(room.n, inside);
        }
        room_free(&room);
        free(s);
    }
}

/* Nobody idles and nothing is lost, so the work done by any time does not depend on the order. */
static void the_work_done_is_the_same(void **state)
{
    (void)state;
    double busy = NAN;
    for (const struct model *const *discipline = discipline_family.models; *discipline;
         discipline++) {
        struct scenario *s = stand_scenario();
        s->stage.discipline = *discipline;
        struct stand *stand = stand_new(s, 3, 1);
        stand_advance(stand, INFINITY, 20000, false);
        struct flow f = stand_flow(stand);
        stand_audit(&f);
        if (isnan(busy))
            busy = f.busy_area;
        stand_near(f.busy_area, busy, busy);
        stand_free(stand);
        free(s);
    }
}

/* The ring that the engine keeps for disciplines by arrival is the discipline's own order. */
static void a_ring_does_as_the_room_would(void **state)
{
    (void)state;
    for (const struct model *const *discipline = discipline_family.models; *discipline;
         discipline++) {
        struct discipline copy = *(const struct discipline *)*discipline;
        if (!copy.by_arrival)
            continue;
        copy.by_arrival = false;
        uint64_t seed = 1000;
        for (const struct model *const *policy = policy_family.models; *policy; policy++) {
            for (int i = 0; i < 30; i++, seed++) {
                struct scenario *s =
                    stand_random_scenario(seed, (*policy)->name, (*discipline)->name);
                s->stage.discipline = &copy.model;
                stand_compare(s, seed, 250);
                free(s);
            }
        }
    }
}

static double mean_wait(const char *discipline, int class)
{
    struct scenario *s = stand_scenario();
    s->stage.discipline = model_named(&discipline_family, discipline);
    struct stand *stand = stand_new(s, 5, 1);
    stand_advance(stand, INFINITY, 200000, false);
    stand->recorder.slot = UNMEASURED;
    stand_advance(stand, INFINITY, UINT64_MAX, true);
    double sum = 0;
    uint64_t n = 0;
    for (int i = 0; i < STAND_CLASSES; i++) {
        if (class >= 0 && i != class)
            continue;
        sum += stand->cells[i].wait_sum;
        n += stand->cells[i].completed;
    }
    stand_free(stand);
    free(s);
    return sum / (double)n;
}

/* Orders that do not look at sizes have one mean wait; shortest-job a smaller one; the class that
 * goes first waits least. */
static void means_compare_as_theory_says(void **state)
{
    (void)state;
    double fifo = mean_wait("fifo", -1);
    stand_near(mean_wait("lifo", -1) / fifo, 1, 1e7); /* within 1 % */
    stand_near(mean_wait("random", -1) / fifo, 1, 1e7);
    assert_true(mean_wait("shortest-job", -1) < 0.6 * fifo);
    stand_near(mean_wait("priority", -1) / fifo, 1, 2e7);
    assert_true(mean_wait("priority", 2) < 0.3 * fifo);
    assert_true(mean_wait("priority", 2) < mean_wait("priority", 0));
    assert_true(mean_wait("priority", 0) < mean_wait("priority", 1));
}

static void the_catalogue_is_whole(void **state)
{
    (void)state;
    int n = 0;
    for (const struct model *const *model = discipline_family.models; *model; model++)
        n += (*model)->name != NULL && (*model)->help != NULL;
    assert_true(n >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_catalogue_is_whole),
        cmocka_unit_test(every_task_fares_as_in_the_naive_simulator),
        cmocka_unit_test(a_room_loses_and_doubles_nobody),
        cmocka_unit_test(the_work_done_is_the_same),
        cmocka_unit_test(a_ring_does_as_the_room_would),
        cmocka_unit_test(means_compare_as_theory_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
