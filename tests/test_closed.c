/* Closed systems: beside a naive simulator to the bit, and beside theory; whose draws are whose;
 * what a drift of the clients does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "../sim/answer/cliff.h"
#include "../sim/answer/validation.h"
#include "../sim/theory/closed.h"
#include "naive.h"
#include "scene.h"
#include "stand.h"

#define CLOSED                                                                                     \
    "arrivals.process", "closed", "arrivals.clients", "12", "arrivals.think_time.distribution",    \
        "exponential", "arrivals.think_time.mean", "5s", "tasks.size.distribution", "exponential", \
        "tasks.size.mean", "1s"

/* ---- a naive simulator: clients, consumers and places that are searched from end to end ---- */

enum { MOST = 64 };

struct person {
    bool thinks, served;
    double until; /* the end of a thought, or of a service */
    double arrival, size, wait;
    uint64_t visits, order; /* in which it came, or its service began */
};

struct naive {
    const struct scenario *s;
    struct stream think, size;
    struct person person[MOST];
    uint32_t queue[MOST], n; /* clients waiting, in the buffer or outside, by arrival */
    uint64_t busy, order, arrived, completed, lost;
    double waits, latencies;
};

static double draw(const struct law *law, const struct stream *stream, uint64_t client,
                   uint64_t visit)
{
    double x;
    law_model(law)->fill(law->params, stream, client << 40 | visit, 1, &x);
    return x;
}

static const struct law *think_of(const struct scenario *s)
{
    const struct process_view view = {.params = s->arrivals.params};
    return ((const struct arrival_process *)s->arrivals.process)->think(&view);
}

static void think(struct naive *y, uint32_t client, double now)
{
    struct person *p = &y->person[client];
    p->thinks = true;
    p->until = now + draw(think_of(y->s), &y->think, client, p->visits++);
}

static void take(struct naive *y, uint32_t place, double now)
{
    uint32_t client = y->queue[place];
    struct person *p = &y->person[client];
    for (y->n--; place < y->n; place++)
        y->queue[place] = y->queue[place + 1];
    p->served = true;
    p->wait = now - p->arrival;
    p->until = now + p->size;
    p->order = y->order++;
    y->busy++;
}

static void lose(struct naive *y, uint32_t place, double now)
{
    uint32_t client = y->queue[place];
    for (y->n--; place < y->n; place++)
        y->queue[place] = y->queue[place + 1];
    y->lost++;
    think(y, client, now);
}

/* Who goes next: with lifo the last of those in the buffer. */
static uint32_t next_of(const struct naive *y)
{
    uint32_t inside = (uint32_t)fmin(y->n, y->s->stage.capacity);
    bool lifo = strcmp(y->s->stage.discipline->name, "lifo") == 0;
    return lifo && inside > 0 ? inside - 1 : 0;
}

static void come(struct naive *y, uint32_t client)
{
    struct person *p = &y->person[client];
    double now = p->until;
    const char *policy = y->s->stage.when_full->name;
    p->thinks = false;
    p->arrival = now;
    p->size = draw(&y->s->size, &y->size, client, p->visits - 1);
    y->arrived++;
    y->queue[y->n++] = client;
    if ((double)y->busy < y->s->stage.consumers)
        take(y, 0, now);
    else if ((double)y->n > y->s->stage.capacity && strcmp(policy, "pause") != 0)
        lose(y, strcmp(policy, "drop-oldest") == 0 ? 0 : y->n - 1, now);
}

static void go(struct naive *y, uint32_t client)
{
    struct person *p = &y->person[client];
    double now = p->until;
    p->served = false;
    y->busy--;
    y->completed++;
    y->waits += p->wait;
    y->latencies += p->wait + p->size;
    think(y, client, now);
    if (y->n > 0)
        take(y, next_of(y), now);
}

static void naive_closed(struct naive *y, const struct scenario *s, uint64_t seed, double until)
{
    uint32_t clients = (uint32_t)process_clients(s);
    *y = (struct naive){.s = s,
                        .think = stream_of(seed, 0, "arrivals.think_time"),
                        .size = stream_of(seed, 0, "tasks.size")};
    for (uint32_t i = 0; i < clients; i++)
        think(y, i, 0);
    for (;;) {
        const struct person *next = NULL;
        for (const struct person *p = y->person; p < y->person + clients; p++) {
            if (!p->thinks && !p->served)
                continue;
            bool first = !next || p->until < next->until;
            if (next && p->until == next->until)
                first = p->served && (!next->served || p->order < next->order);
            next = first ? p : next;
        }
        if (!next || next->until > until)
            return;
        uint32_t client = (uint32_t)(next - y->person);
        if (next->served)
            go(y, client);
        else
            come(y, client);
    }
}

static void same_as_naive(const struct scenario *s, uint64_t seed)
{
    static struct naive y;
    naive_closed(&y, s, seed, 500);
    struct stand *stand = stand_new(s, seed, 1);
    assert_int_equal(stand_advance(stand, 500, UINT64_MAX, false), STOP_TIME);
    struct flow f = stand_flow(stand);
    stand_audit(&f);
    const struct cell *cell = stand->cells;
    if (f.arrived != y.arrived || f.completed != y.completed || f.lost != y.lost ||
        cell->wait_sum != y.waits || cell->latency_sum != y.latencies)
        fail_msg("%s %s, %g consumers, %g places, %g clients: %lu arrived, %lu completed, %lu "
                 "lost, not %lu, %lu, %lu",
                 s->stage.discipline->name, s->stage.when_full->name, s->stage.consumers,
                 s->stage.capacity, process_clients(s), f.arrived, f.completed, f.lost, y.arrived,
                 y.completed, y.lost);
    assert_true(y.completed > 50);
    stand_free(stand);
}

static void test_beside_a_naive_simulator(void **state)
{
    (void)state;
    static const char *const disciplines[] = {"fifo", "lifo"}, *const clients[] = {"1", "7", "40"},
                             *const capacities[] = {"0", "1", "5", "unbounded"},
                             *const consumers[] = {"1", "3"};
    uint64_t seed = 1, losses = 0;
    for (const struct model *const *policy = policy_family.models; *policy; policy++)
        for (size_t i = 0; i < 2 * 3 * 4 * 2 * 2; i++, seed++) {
            bool ties = i / 48;
            struct scenario *s =
                scene(CLOSED, "consumers.discipline", disciplines[i % 2], "arrivals.clients",
                      clients[i / 2 % 3], "buffer.capacity", capacities[i / 6 % 4],
                      "consumers.count", consumers[i / 24 % 2], "buffer.when_full", (*policy)->name,
                      ties ? "arrivals.think_time.distribution" : NULL, "deterministic",
                      "arrivals.think_time.value", "2s", "tasks.size.distribution", "deterministic",
                      "tasks.size.value", "1s", NULL);
            same_as_naive(s, seed);
            losses += s->stage.capacity < 10;
            free(s);
        }
    assert_true(losses > 0);
}

/* ---- stops, and who draws what ---- */

static void test_pieces(void **state)
{
    (void)state;
    struct scenario *s = scene(CLOSED, "buffer.capacity", "2", "consumers.count", "2", NULL);
    struct stand *whole = stand_new(s, 3, 1), *pieces = stand_new(s, 3, 1);
    stand_advance(whole, 400, UINT64_MAX, false);
    for (double time = 0; time < 400; time += 0.37) {
        stand_advance(pieces, time, stand_flow(pieces).arrived + 1, false);
        stand_advance(pieces, time, UINT64_MAX, false);
        assert_true(stand_flow(pieces).inside <= 12);
    }
    stand_advance(pieces, 400, UINT64_MAX, false);
    struct flow a = stand_flow(whole), b = stand_flow(pieces);
    assert_memory_equal(&a, &b, sizeof a);
    /* Measured tasks are followed to the end, while others go on. */
    whole->recorder.slot = UNMEASURED;
    assert_int_equal(stand_advance(whole, INFINITY, UINT64_MAX, true), STOP_DRAINED);
    assert_int_equal(whole->recorder.outstanding, 0);
    stand_free(whole);
    stand_free(pieces);
    free(s);
}

/* The n-th task of a client, and the thought before it, whatever happens and whoever is there. */
static void test_draws_belong_to_visits(void **state)
{
    (void)state;
    enum { VISITS = 20, CLIENTS = 3 };
    double think[2][CLIENTS][VISITS], size[2][CLIENTS][VISITS];
    for (int way = 0; way < 2; way++) {
        struct scenario *s = scene(CLOSED, "arrivals.clients", way ? "9" : "3", NULL);
        struct source *source = xmalloc(sizeof *source);
        source_begin(source, s, 8, 0);
        double back[16] = {0}, last = 0;
        uint64_t visits[16] = {0};
        for (int k = 0; k < 1500; k++) {
            struct arrival a = source_peek(source);
            uint32_t client = source_send(source);
            assert_true(a.time >= last && client < (way ? 9 : 3));
            last = a.time;
            if (client < CLIENTS && visits[client] < VISITS) {
                think[way][client][visits[client]] = a.time - back[client];
                size[way][client][visits[client]] = a.size;
            }
            visits[client]++;
            /* One way they are answered at once, the other way after a while. */
            back[client] = a.time + (way ? 0 : a.size);
            source_return(source, client, back[client]);
        }
        source_end(source);
        free(source);
        free(s);
    }
    for (int c = 0; c < CLIENTS; c++)
        for (int v = 0; v < VISITS; v++) {
            assert_true(size[0][c][v] == size[1][c][v] && size[0][c][v] > 0);
            scene_near(think[0][c][v], think[1][c][v], 1e-9);
        }
    assert_true(size[0][0][0] != size[0][1][0] && size[0][0][0] != size[0][0][1]);
}

/* ---- theory ---- */

/* Exact mean value analysis of one consumer (Reiser and Lavenberg 1980): R(n) = S (1 + Q(n-1)). */
static void test_formulas(void **state)
{
    (void)state;
    double inside = 0;
    for (int n = 1; n <= 60; n++) {
        double latency = 0.25 * (1 + inside), rate = n / (9 + latency);
        inside = rate * latency;
        struct finite_source f = {n, 9, 4, 1, INFINITY};
        struct finite_means means = finite_source(&f);
        scene_near(means.wait + 0.25, latency, 1e-12 * latency);
        scene_near(means.throughput, rate, 1e-12 * rate);
        scene_near(means.utilization, rate / 4, 1e-12);
    }
    /* So many sources, each hardly ever asking, are Poisson: M/M/3 at 80 %. */
    struct finite_source many = {20000, 20000 / 2.4, 1, 3, INFINITY};
    scene_near(finite_source(&many).probability, 0.6472, 2e-3);
    scene_near(finite_wait_quantile(&many, 0.99), log(0.6472 / 0.01) / 0.6, 3e-2);
    /* Engset: 2 sources for one place: who comes finds the other inside with a / (1 + a). */
    struct finite_source engset = {2, 4, 2, 1, 1};
    scene_near(finite_source(&engset).loss, 0.125 / 1.125, 1e-12);
}

static void test_beside_theory(void **state)
{
    (void)state;
    static const char *const cases[][12] = {
        {"arrivals.clients", "30", "arrivals.think_time.mean", "9s", "tasks.size.mean", "250ms"},
        {"arrivals.clients", "40", "consumers.count", "7", "consumers.speed", "2"},
        {"arrivals.clients", "200", "arrivals.think_time.distribution", "deterministic",
         "arrivals.think_time.value", "100s", "consumers.count", "2"},
        {"arrivals.think_time.distribution", "lognormal", "arrivals.think_time.cv2", "9",
         "arrivals.think_time.mean", "5s", "consumers.count", "2", "consumers.discipline",
         "random"},
        {"buffer.capacity", "3", "buffer.when_full", "drop-oldest"},
        {"buffer.capacity", "3", "buffer.when_full", "pause", "consumers.count", "2"},
        {"buffer.capacity", "0", "arrivals.think_time.distribution", "uniform",
         "arrivals.think_time.low", "1s", "arrivals.think_time.high", "5s"},
        {"arrivals.clients", "4", "consumers.count", "4", "tasks.size.distribution", "pareto",
         "tasks.size.alpha", "3", "tasks.size.low", "1s"},
        {"tasks.size.distribution", "lognormal", "tasks.size.cv2", "3", "tasks.size.mean", "1s",
         "consumers.discipline", "processor-sharing", "consumers.count", "2"},
        {"consumers.discipline", "priority-preemptive", "consumers.count", "2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const *c = cases[i];
        struct scenario *s =
            scene(CLOSED, "run.tasks", "20k", "run.replications", "32", c[0], c[1], c[2], c[3],
                  c[4], c[5], c[6], c[7], c[8], c[9], c[10], c[11], NULL);
        const struct run_options options = {.engine = engine_for(s), .jobs = 2};
        static struct validation v;
        assert_true(options.engine == &events_engine);
        assert_true(validate(s, &options, &v) && v.audited);
        if (!v.theory.model)
            fail_msg("case %zu: %s", i, v.theory.why);
        for (size_t k = 0; k < v.theory.n; k++)
            if (fabs(v.figure[k].z) > 4.5)
                fail_msg("case %zu, %s, figure %zu: %g, not %g (z %g)", i, v.theory.model, k,
                         v.figure[k].value, v.theory.figure[k].value, v.figure[k].z);
        free(s);
    }
}

/* Of any laws: N = X (Z + R) (the response time law; Denning and Buzen 1978), bounds, stability. */
static void test_response_time_law(void **state)
{
    (void)state;
    struct scenario *s =
        scene(CLOSED, "arrivals.clients", "50", "tasks.size.distribution", "bounded-pareto",
              "tasks.size.alpha", "1.5", "tasks.size.low", "300ms", "tasks.size.high", "100s",
              "consumers.count", "3", "run.tasks", "100k", "run.replications", "4", NULL);
    struct result *result = scene_run(s, 2);
    const struct row *row = result_row(result, 0, 0);
    scene_near(row->throughput * (5 + row->latency_mean), 50, 0.5);
    assert_int_equal(row->stable, STABLE_YES);
    assert_true(row->in_system_mean < 50 && row->utilization > 0.95);
    assert_true(isnan(row->offered_utilization) && !result->audit.pasta_judged);
    assert_true(row->latency_low[2] < row->latency_q[2] &&
                row->latency_q[2] < row->latency_high[2]);
    result_free(result);
    free(s);
}

/* Clients come and go: as many tasks as they can ask for, and never more inside than there are. */
static void test_drift_of_clients(void **state)
{
    (void)state;
    for (int down = 0; down < 2; down++) {
        struct scenario *s = scene(
            CLOSED, "consumers.count", "40", "sweep.parameter", "arrivals.clients", "sweep.from",
            down ? "40" : "1", "sweep.to", down ? "1" : "40", "sweep.steps", "13", "sweep.mode",
            "drift", "run.tasks", "1", "run.duration", "20000s", "run.replications", "4", NULL);
        struct result *result = scene_run(s, 1);
        for (uint32_t column = 0; column < 13; column++) {
            const struct row *row = result_row(result, column, 0);
            double clients = 1 + 39 * (0.5 + (down ? 12 - column : column)) / 13; /* on average */
            scene_near(row->arrival_rate, clients / 6, 0.02 * clients / 6 + 0.02);
            assert_true(row->in_system_mean < clients && row->stable == STABLE_YES);
        }
        result_free(result);
        free(s);
    }
}

/* A drift that goes nowhere changes nothing. */
static void test_drift_that_stands_still(void **state)
{
    (void)state;
    struct scenario *s =
        scene(CLOSED, "sweep.parameter", "arrivals.clients", "sweep.from", "12", "sweep.to", "12",
              "sweep.steps", "1", "sweep.mode", "drift", "run.duration", "3000s", NULL);
    struct trial *drift = scene_trial(s, 0, 0);
    s->sweep = (struct sweep){.parameter = NULL, .from = NAN, .to = NAN, .steps = NAN};
    s->run.warmup = (struct amount){AMOUNT_COUNT, 0};
    struct trial *still = scene_trial(s, 0, 0);
    assert_int_equal(drift->windows[0].close.arrived, still->windows[0].close.arrived);
    scene_near(drift->windows[0].close.sojourn_sum, still->windows[0].close.sojourn_sum, 1e-6);
    trial_free(drift);
    trial_free(still);
    free(s);
}

/* Where N S = c (Z + S): along clients, consumers, sizes and thoughts. */
static void test_saturation_points(void **state)
{
    (void)state;
    static const struct {
        const char *parameter;
        double value;
    } points[] = {{"arrivals.clients", 2 * (5 + 1)},
                  {"consumers.count", 12.0 / (5 + 1)},
                  {"tasks.size.mean", 5.0 * 2 / (12 - 2)},
                  {"consumers.speed", 1},
                  {"arrivals.think_time.mean", 12.0 / 2 - 1}};
    struct scenario *s = scene(CLOSED, "consumers.count", "2", NULL);
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        const struct cliff_question q = {s, points[i].parameter, NAN, NAN, false};
        const struct load_meter meter = {.rate = NAN};
        struct cliff cliff;
        struct param_ref ref;
        assert_true(param_find(s, q.parameter, (struct place){0}, &ref, NULL));
        double set = param_get(s, &ref);
        param_put(s, &ref, ref.kind == PARAM_COUNT ? 3 * set : 1.3 * set);
        cliff_find(&q, &meter, &cliff);
        assert_int_equal(cliff.status, CLIFF_FOUND);
        assert_true(cliff.saturates && !cliff.simulated);
        scene_near(cliff.value, points[i].value, 1e-9);
        param_put(s, &ref, set);
    }
    free(s);
}

/* A million clients, for a moment. */
static void test_many_clients(void **state)
{
    (void)state;
    struct scenario *s = scene(CLOSED, "arrivals.clients", "1M", "arrivals.think_time.mean",
                               "1000s", "consumers.count", "1100", NULL);
    struct stand *stand = stand_new(s, 1, 1);
    assert_int_equal(stand_advance(stand, 200, UINT64_MAX, false), STOP_TIME);
    struct flow f = stand_flow(stand);
    stand_audit(&f);
    scene_near((double)f.arrived, 1e6 * 200 / 1000.0, 3000);
    stand_free(stand);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beside_a_naive_simulator),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_draws_belong_to_visits),
        cmocka_unit_test(test_formulas),
        cmocka_unit_test(test_beside_theory),
        cmocka_unit_test(test_response_time_law),
        cmocka_unit_test(test_drift_of_clients),
        cmocka_unit_test(test_drift_that_stands_still),
        cmocka_unit_test(test_saturation_points),
        cmocka_unit_test(test_many_clients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
