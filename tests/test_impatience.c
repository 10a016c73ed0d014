/* Tasks that lose patience (tasks.timeout): whose patience it is, what becomes of who, and what the
 * program says of it. That every task fares as the rules have it is for test_every_discipline.c and
 * test_every_policy.c, figures against theory for test_oracles.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/engine/relaxation.h"
#include "../sim/engine/stability.h"
#include "../sim/events/impatience.h"
#include "../sim/result/save.h"
#include "../sim/scenario/distribution.h"
#include "scene.h"
#include "setting.h"

#define SIZES    "tasks.size.distribution", "exponential", "tasks.size.mean", "1s"
#define MM1      "arrivals.process", "poisson", "arrivals.rate", "0.9/s", SIZES
#define PATIENT  "tasks.timeout.distribution", "exponential", "tasks.timeout.mean"
#define CONSTANT "tasks.timeout.distribution", "deterministic", "tasks.timeout.value"
#define TWO                                                                                        \
    "tasks.classes.0.name", "gold", "tasks.classes.0.share", "30%", "tasks.classes.1.name",        \
        "rest", "tasks.classes.1.share", "70%"

static const struct row *all(const struct result *result, uint32_t column)
{
    return result_row(result, column, result_row_classes(result) - 1);
}

static struct result *run(struct scenario *s)
{
    struct result *result = scene_run(s, 2);
    free(s);
    return result;
}

enum { DRAWN = 3 * BLOCK };

/* Patience of the first tasks, and their classes. */
static void patience_of(struct scenario *s, double *patience, uint32_t *class)
{
    struct source *source = xcalloc(1, sizeof *source);
    source_begin(source, s, 7, 2);
    for (int i = 0; i < DRAWN; i++) {
        class[i] = source_peek(source).class;
        source_step(source);
        patience[i] = source_patience(source);
    }
    free(source);
    free(s);
}

static void a_task_has_the_patience_of_its_number(void **state)
{
    (void)state;
    double a[DRAWN], b[DRAWN], sum = 0;
    uint32_t class[DRAWN];
    patience_of(scene(MM1, PATIENT, "2s", NULL), a, class);
    for (int i = 0; i < DRAWN; i++)
        sum += a[i];
    assert_true(fabs(sum / DRAWN - 2) < 0.3);
    struct scenario *s = scene(MM1, PATIENT, "2s", NULL);
    struct stream named = stream_of(7, 2, "tasks.timeout");
    law_model(&s->timeout)->fill(s->timeout.params, &named, 0, DRAWN, b);
    assert_memory_equal(a, b, sizeof a);
    free(s);
    patience_of(scene(MM1, PATIENT, "2s", "arrivals.process", "batch",
                      "arrivals.batch.distribution", "geometric", "arrivals.batch.mean", "3",
                      "tasks.size.mean", "5s", "consumers.count", "7", "consumers.discipline",
                      "lifo", NULL),
                b, class);
    assert_memory_equal(a, b, sizeof a);
    /* classes share it where they have none of their own, and have their own where they do */
    patience_of(scene(MM1, TWO, PATIENT, "2s", "tasks.classes.0.timeout.distribution",
                      "deterministic", "tasks.classes.0.timeout.value", "3s", NULL),
                b, class);
    for (int i = 0; i < DRAWN; i++)
        assert_true(class[i] == 0 ? b[i] == 3 : b[i] == a[i]);
    patience_of(scene(MM1, TWO, "tasks.classes.1.timeout.distribution", "exponential",
                      "tasks.classes.1.timeout.mean", "2s", NULL),
                b, class);
    for (int i = 0; i < DRAWN; i++)
        assert_true(class[i] == 0 ? b[i] == INFINITY : b[i] > 0 && b[i] != a[i]);
}

/* A task a second, of two seconds. At a patience of a second every other one begins just in time;
 * with less it leaves, and the next one finds the consumer free. */
static void what_begins_at_its_deadline_is_served(void **state)
{
    (void)state;
#define CLOCKED                                                                                    \
    "arrivals.process", "renewal", "arrivals.interarrival.distribution", "deterministic",          \
        "arrivals.interarrival.value", "1s", "tasks.size.distribution", "deterministic",           \
        "tasks.size.value", "2s", "run.tasks", "1000", "run.warmup", "100", "run.replications",    \
        "2"
    struct result *just = run(scene(CLOCKED, CONSTANT, "1s", NULL));
    assert_int_equal(all(just, 0)->lost_by[LOSS_TIMED_OUT], 1000);
    assert_true(all(just, 0)->wait_mean == 1 && all(just, 0)->wait_probability == 1);
    struct result *less = run(scene(CLOCKED, CONSTANT, "999ms", NULL));
    assert_int_equal(all(less, 0)->lost_by[LOSS_TIMED_OUT], 1000);
    assert_true(all(less, 0)->wait_mean == 0);
    struct result *none = run(scene(CLOCKED, CONSTANT, "0s", NULL));
    assert_int_equal(all(none, 0)->lost, 1000);
    result_free(just);
    result_free(less);
    result_free(none);
}

/* Whatever comes, it is accounted for (scene_run audits), and nobody served has waited for longer
 * than the patience. */
static void every_way_to_arrive(void **state)
{
    (void)state;
    static const char rows[] = "arrival_s,service_s\n1,3\n2,3\n3,1\n4,1\n5,9\n6,1\n9,1\n";
    const char *file = setting_file("t.csv", rows, sizeof rows - 1);
    struct result *trace = run(scene("arrivals.process", "trace", "arrivals.file", file, CONSTANT,
                                     "2s", "run.replications", "1", NULL));
    /* served at 1, 4 (that of 2), 7 (that of 5: 3 s and 4 s are too long for those of 3 and 4) */
    assert_int_equal(all(trace, 0)->completed, 3);
    assert_int_equal(all(trace, 0)->lost_by[LOSS_TIMED_OUT], 4);
    result_free(trace);
    static const char moving[] = ";sweep.from=3;sweep.to=1;sweep.steps=4;sweep.mode=drift";
    static const char *const ways[] = {
        "arrivals.process=poisson",
        "arrivals.process=batch;arrivals.batch.distribution=geometric;arrivals.batch.mean=3",
        "arrivals.process=poisson;buffer.capacity=3;buffer.when_full=drop-oldest",
        "arrivals.process=poisson;buffer.capacity=2;buffer.when_full=pause",
        "arrivals.process=poisson;buffer.capacity=2;buffer.when_full=pause;buffer.resume_delay=1s",
        "arrivals.process=poisson;consumers.discipline=random;run.at_end=censor",
        "arrivals.process=poisson;run.duration=4000;sweep.parameter=tasks.timeout.value",
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct scenario *s = xcalloc(1, sizeof *s);
        setting_apply(s, internf("%s;arrivals.rate=1.3/s;tasks.size.distribution=exponential;"
                                 "tasks.size.mean=1s;tasks.timeout.distribution=deterministic;"
                                 "tasks.timeout.value=1500ms;run.replications=2%s",
                                 ways[i],
                                 i + 1 < sizeof ways / sizeof *ways ? ";run.tasks=4000" : moving));
        struct result *result = run(s);
        for (uint32_t column = 0; column < result->columns; column++) {
            const struct row *row = all(result, column);
            assert_int_equal(row->offered, row->completed + row->lost + row->unfinished);
            assert_true(row->lost_by[LOSS_TIMED_OUT] > row->offered / 50);
            assert_true(row->wait_q[3] <= (result->columns > 1 ? 3.05 : 1.52) ||
                        isnan(row->wait_q[3]));
            assert_int_equal(row->stable, STABLE_YES);
        }
        result_free(result);
    }
}

static void losses_are_of_those_who_leave(void **state)
{
    (void)state;
    struct result *result = run(
        scene(MM1, "arrivals.rate", "1.2/s", TWO, "tasks.classes.0.timeout.distribution",
              "deterministic", "tasks.classes.0.timeout.value", "1s", "run.tasks", "20000", NULL));
    const struct row *gold = result_row(result, 0, 0), *rest = result_row(result, 0, 1);
    assert_true(gold->lost > gold->offered / 3 && gold->lost == gold->lost_by[LOSS_TIMED_OUT]);
    assert_int_equal(rest->lost, 0);
    assert_int_equal(all(result, 0)->lost, gold->lost);
    assert_true(gold->wait_q[2] <= 1.01 && rest->wait_q[2] > 5);
    assert_true(all(result, 0)->loss_low > 0.05 && all(result, 0)->loss_high < 0.3);
    char *summary = save_summary_text(result);
    assert_non_null(strstr(summary, internf("\"lost_timed_out\": %d", (int)gold->lost)));
    free(summary);
    result_free(result);
}

static enum verdict_stable verdict(struct scenario *s)
{
    enum verdict_stable stable = stability_theory(s);
    free(s);
    return stable;
}

static void patience_makes_stable(void **state)
{
    (void)state;
#define TAIL                                                                                       \
    "tasks.timeout.distribution", "pareto", "tasks.timeout.low", "1s", "tasks.timeout.alpha"
    assert_int_equal(verdict(scene(MM1, "arrivals.rate", "2/s", NULL)), STABLE_NO);
    assert_int_equal(verdict(scene(MM1, "arrivals.rate", "2/s", PATIENT, "1h", NULL)), STABLE_YES);
    assert_int_equal(verdict(scene(MM1, "arrivals.rate", "2/s", TAIL, "0.5", NULL)), STABLE_YES);
    /* the last in line, first served, may wait for ever, and some would */
    assert_int_equal(verdict(scene(MM1, "arrivals.rate", "2/s", TAIL, "0.5", "consumers.discipline",
                                   "lifo", NULL)),
                     STABLE_UNKNOWN);
    assert_int_equal(
        verdict(scene(MM1, "arrivals.rate", "2/s", PATIENT, "1s", "buffer.capacity", "2",
                      "buffer.when_full", "pause", "buffer.resume_delay", "9s", NULL)),
        STABLE_YES);
#define GOLD "tasks.classes.0.timeout.distribution", "exponential", "tasks.classes.0.timeout.mean"
    assert_int_equal(verdict(scene(MM1, TWO, GOLD, "1s", NULL)), STABLE_YES);
    assert_int_equal(verdict(scene(MM1, TWO, GOLD, "1s", "arrivals.rate", "1.2/s", NULL)),
                     STABLE_UNKNOWN); /* 0.84 of it from those who stay */
    assert_int_equal(verdict(scene(MM1, TWO, GOLD, "1s", "arrivals.rate", "1.5/s", NULL)),
                     STABLE_NO);
    /* What has begun loses no patience: shared from an unbounded buffer nobody waits to begin, and
     * who is interrupted stays; a limit to the places is a limit to those. */
#define AT_ONCE(discipline)                                                                        \
    MM1, "arrivals.rate", "2/s", PATIENT, "1s", "consumers.discipline", discipline
    assert_int_equal(verdict(scene(AT_ONCE("processor-sharing"), NULL)), STABLE_NO);
    assert_int_equal(verdict(scene(AT_ONCE("lifo-preemptive"), NULL)), STABLE_UNKNOWN);
    assert_int_equal(verdict(scene(AT_ONCE("lifo-preemptive"), "buffer.capacity", "9",
                                   "buffer.when_full", "pause", NULL)),
                     STABLE_YES);
}

static double relaxation(struct scenario *s)
{
    double tasks = relaxation_tasks(s);
    free(s);
    return tasks;
}

/* At a utilization of 1 patience alone lets a queue forget: in its own time, exactly so for an
 * infinite number of consumers and near it for many (an Ornstein-Uhlenbeck process). */
static void patience_forgets(void **state)
{
    (void)state;
    scene_near(relaxation(scene(MM1, "arrivals.rate", "1/s", PATIENT, "50s", NULL)), 50, 1e-9);
    double wall = relaxation(scene(MM1, "arrivals.rate", "1/s", CONSTANT, "50s", NULL));
    scene_near(wall, relaxation(scene(MM1, "arrivals.rate", "1/s", "buffer.capacity", "50", NULL)),
               1e-9 * wall);
    double free_of_it = relaxation(scene(MM1, NULL));
    assert_true(relaxation(scene(MM1, PATIENT, "10s", NULL)) < free_of_it);
    scene_near(relaxation(scene(MM1, PATIENT, "1000h", NULL)), free_of_it, 1e-3 * free_of_it);
}

static void a_heap_gives_the_soonest(void **state)
{
    (void)state;
    enum { N = 500 };
    struct scenario *s = scene(MM1, NULL);
    struct waiting_room room;
    room_init(&room, s, 1, 0);
    struct impatience *impatience = impatience_new(&room);
    struct deadlines *d = &impatience->inside;
    struct stream stream = stream_of(3, 0, "test");
    double at[N];
    for (uint32_t i = 0; i < N; i++) {
        uint32_t slot = room_push(&room, (struct task){.arrival = i});
        at[slot] = i % 5 ? floor(50 * stream_uniform(&stream, 0, i)) : INFINITY;
        deadlines_add(d, slot, at[slot]);
    }
    for (uint32_t slot = 0; slot < N; slot += 3) { /* served meanwhile */
        deadlines_remove(d, slot);
        at[slot] = INFINITY;
    }
    double before = 0;
    for (uint32_t last = 0; heap_count(&d->heap) > 0;) {
        uint32_t slot = heap_first(&d->heap).slot;
        double soonest = deadlines_soonest(d);
        assert_true(at[slot] == soonest && soonest >= before);
        assert_true(soonest > before || slot >= last); /* of equals the first to have come */
        before = soonest;
        last = slot;
        deadlines_remove(d, slot);
        at[slot] = INFINITY;
    }
    for (int i = 0; i < N; i++)
        assert_true(at[i] == INFINITY);
    impatience_free(impatience);
    room_free(&room);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_has_the_patience_of_its_number),
        cmocka_unit_test(what_begins_at_its_deadline_is_served),
        cmocka_unit_test(every_way_to_arrive),
        cmocka_unit_test(losses_are_of_those_who_leave),
        cmocka_unit_test(patience_makes_stable),
        cmocka_unit_test(patience_forgets),
        cmocka_unit_test(a_heap_gives_the_soonest),
    };
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
