/* The naive simulator of networks by itself, against what theory knows of networks: means within
 * four standard errors (of batch means; seeds are pinned). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/scenario/discipline.h"
#include "hand.h"
#include "naive.h"
#include "naive_network.h"
#include "scene.h"
#include "setting.h"

#define EXP(mean)   "tasks.size.distribution=exponential;tasks.size.mean=" mean ";"
#define FINITE(n)   "buffer.capacity=" n ";buffer.when_full=pause;"
#define MANY(n, is) "arrivals.process=closed;arrivals.clients=" n ";arrivals.think_time." is ";"
#define NO_WORK     "tasks.size.distribution=deterministic;tasks.size.value=0s;"
#define SATURATED   MANY("40", "distribution=deterministic;arrivals.think_time.value=0s")

enum { BATCHES = 40 };

struct estimate {
    double mean, error;
};

/* Of n numbers in order, all but the first tenth. */
static struct estimate batch_means(const double *x, size_t n)
{
    size_t from = n / 10, length = (n - from) / BATCHES;
    double sum = 0, squares = 0;
    for (size_t b = 0; b < BATCHES; b++) {
        double mean = 0;
        for (size_t i = 0; i < length; i++)
            mean += x[from + b * length + i] / (double)length;
        sum += mean;
        squares += mean * mean;
    }
    double mean = sum / BATCHES, variance = (squares - sum * mean) / (BATCHES - 1);
    return (struct estimate){mean, sqrt(variance / BATCHES)};
}

static void holds(const char *what, struct estimate e, double value)
{
    if (!(fabs(e.mean - value) < 4 * e.error) || !(e.error < 0.04 * value))
        fail_msg("%s: %.5f +- %.5f, and not %.5f", what, e.mean, e.error, value);
}

/* Of what is asked of a story, in order of ends. */
enum asked { RESPONSE, WAITED, GAP, LOST, SPENT };

static void expect(struct hand *h, uint64_t requests, enum asked asked, uint32_t stage,
                   const char *what, double value)
{
    struct network *n = hand_network(h);
    struct story story = naive_network(n, 1, 0, requests);
    assert_null(story.deadlock);
    double *x = xcalloc(story.n_visits + story.n_requests, sizeof *x), last = 0;
    size_t count = 0;
    for (size_t i = 0; asked != WAITED && asked != SPENT && i < story.n_requests; i++) {
        const struct request_record *r = &story.requests[i];
        if (asked == LOST)
            x[count++] = r->outcome >= TRACE_LOST;
        else if (r->outcome == TRACE_COMPLETED)
            x[count++] = r->end - (asked == GAP ? last : r->arrival);
        last = r->end;
    }
    for (size_t i = 0; (asked == WAITED || asked == SPENT) && i < story.n_visits; i++) {
        const struct visit_record *v = &story.visits[i];
        if (v->stage == stage)
            x[count++] = asked == SPENT ? v->left - v->arrival : v->start > v->arrival;
    }
    holds(what, batch_means(x, count), value);
    free(x);
    story_free(&story);
}

/* Stations one after the other; `sizes` and `buffers` by station, NULL at the end. */
static struct hand *line(const char *source, const char *const *stages)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    struct hand *h = hand_begin("");
    uint32_t n = 0;
    for (; stages[n]; n++)
        hand_stage(h, names[n], stages[n]);
    for (uint32_t i = 0; i + 1 < n; i++)
        hand_to(h, i, i + 1, 1);
    hand_source(h, source, NETWORK_ANY, 0);
    return h;
}
#define LINE(source, ...) line(source, (const char *const[]){__VA_ARGS__, NULL})

/* Jackson (1957, 1963). */
static void test_product_form(void **state)
{
    (void)state;
    struct hand *h = LINE("arrivals.rate=0.5/s", EXP("1s"), EXP("1.25s"), EXP("0.6666666667s"));
    expect(h, 60000, RESPONSE, 0, "tandem of three", 6.333333333333);
    hand_free(h);
    h = LINE("arrivals.rate=0.6/s", EXP("1s"));
    hand_to(h, 0, 0, 0.25);
    expect(h, 150000, RESPONSE, 0, "feedback", 6.666666666667);
    hand_free(h);
    h = hand_jackson();
    expect(h, 60000, RESPONSE, 0, "three stations, two sources", 2.824316137482);
    hand_free(h);
}

/* Hunt (1956), Hillier and Boling (1967): an endless supply before the first, blocking after
 * service; the gap between departures is one over the throughput. */
static void test_saturated_lines(void **state)
{
    (void)state;
    struct hand *h = LINE(SATURATED, EXP("1s"), EXP("1s") FINITE("0"));
    expect(h, 40000, GAP, 0, "two without places", 1 / 0.6666666666667);
    hand_free(h);
    h = LINE(SATURATED, EXP("1s"), EXP("1.25s") FINITE("2"));
    expect(h, 40000, GAP, 0, "two, the second slower", 1 / 0.7025226082818);
    hand_free(h);
    h = LINE(SATURATED, EXP("1s"), EXP("1s") FINITE("0"), EXP("1s") FINITE("0"));
    expect(h, 40000, GAP, 0, "three without places", 1 / 0.5641025641026);
    hand_free(h);
    h = LINE(SATURATED, EXP("1s"), EXP("1s") FINITE("1"), EXP("1s") FINITE("1"));
    expect(h, 40000, GAP, 0, "three with a place each", 1 / 0.6704661583209);
    hand_free(h);
    h = LINE(SATURATED, EXP("1s"), EXP("1s") FINITE("0"), EXP("1s") FINITE("0"),
             EXP("1s") FINITE("0"), EXP("1s") FINITE("0"), EXP("1s") FINITE("0"));
    expect(h, 40000, GAP, 0, "six without places", 1 / 0.466713263007);
    hand_free(h);
    const char *erlang = "tasks.size.distribution=erlang;tasks.size.shape=2;tasks.size.mean=1s;";
    const char *finite = internf("%s%s", erlang, FINITE("0"));
    h = LINE(SATURATED, erlang, finite, finite);
    expect(h, 40000, GAP, 0, "three, Erlang", 1 / 0.6404085004815);
    hand_free(h);
}

/* The same, blocking before service: nobody begins without a place at the next. */
static void test_reserved_lines(void **state)
{
    (void)state;
    struct hand *h = LINE(SATURATED, EXP("1s"), EXP("1s") FINITE("1"));
    hand_network(h)->stages[0].blocks_before = true;
    expect(h, 40000, GAP, 0, "two with a place", 1 / 0.6666666666667);
    hand_free(h);
    h = LINE(SATURATED, EXP("1s"), EXP("1s") FINITE("2"), EXP("1s") FINITE("2"));
    hand_network(h)->stages[0].blocks_before = true;
    hand_network(h)->stages[1].blocks_before = true;
    expect(h, 40000, GAP, 0, "three with two places each", 1 / 0.67497403946);
    hand_free(h);
}

static void test_open_lines_with_few_places(void **state)
{
    (void)state;
    struct hand *h =
        LINE("arrivals.rate=0.9/s", EXP("1s") "buffer.capacity=5", EXP("1s") FINITE("2"));
    expect(h, 60000, RESPONSE, 0, "loss, then blocking: response", 6.656363401389);
    expect(h, 60000, LOST, 0, "loss, then blocking: loss", 0.1723362781124);
    hand_free(h);
    h = LINE("arrivals.rate=0.7/s", EXP("1s"), EXP("0.8333333333s") FINITE("2"));
    expect(h, 100000, RESPONSE, 0, "unbounded, then blocking", 6.353664476801);
    hand_free(h);
    h = LINE("arrivals.rate=0.9/s", EXP("1s") "buffer.capacity=5", EXP("1s") "buffer.capacity=3");
    expect(h, 60000, LOST, 0, "loss at both", 1 - 0.7149636139711 / 0.9);
    hand_free(h);
}

/* Flatto and Hahn (1984), Nelson and Tantawi (1988); `need` of k: Renyi (1953). */
static void test_fork_and_join(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    uint32_t fork = hand_stage(h, "fork",
                               "tasks.size.distribution=deterministic;"
                               "tasks.size.value=0s"),
             a = hand_stage(h, "a", EXP("1s")), b = hand_stage(h, "b", EXP("1.25s")),
             join = hand_stage(h, "join",
                               "tasks.size.distribution=deterministic;"
                               "tasks.size.value=0s");
    hand_copy_to(h, fork, a, join);
    hand_copy_to(h, fork, b, join);
    hand_to(h, a, join, 1);
    hand_to(h, b, join, 1);
    hand_source(h, "arrivals.rate=0.5/s", NETWORK_ANY, fork);
    hand_network(h)->stages[join].join = JOIN_ALL;
    expect(h, 60000, RESPONSE, 0, "fork and join of two", 3.925230891085);
    hand_free(h);
}

static struct hand *balanced(const char *rate, uint32_t replicas, const char *algorithm,
                             struct model *balancer)
{
    struct hand *h = hand_begin("");
    hand_stage(h, "a", EXP("1s"));
    hand_source(h, rate, NETWORK_ANY, 0);
    struct network *n = hand_network(h);
    *balancer = (struct model){.name = algorithm};
    n->stages[0].replicas = n->n_stations = replicas;
    n->stages[0].balancer = (const struct balancer *)(const void *)balancer;
    return h;
}

/* Copies on two of four, and the first that is done ends the others (Gardner et al. 2017: the sum
 * of d / (servers (mu k / d - lambda)) over the sizes of subsets). */
static void test_redundant_copies(void **state)
{
    (void)state;
    struct model model;
    struct hand *h = balanced("arrivals.rate=3.2/s", 4, "all", &model);
    uint32_t join = hand_stage(h, "join", NO_WORK "consumers.count=64");
    hand_to(h, 0, join, 1);
    struct network *n = hand_network(h);
    n->stages[0].copies = true;
    n->stages[0].choices = 2;
    n->copies_join_of[0] = join;
    n->stages[join].first_station = 4;
    n->n_stations = 5;
    n->stages[join].join = 1;
    n->stages[join].withdraw = WITHDRAW_RUNNING;
    expect(h, 100000, RESPONSE, 0, "two of four", 1.720779220779);
    hand_free(h);
}

/* Winston (1977), Kendall (1953), Foss (1980), Mitzenmacher (2001). */
static void test_balancers(void **state)
{
    (void)state;
    struct model model;
    struct hand *h = balanced("arrivals.rate=1.6/s", 2, "least-requests", &model);
    expect(h, 60000, RESPONSE, 0, "shorter queue of two", 2.955736617638);
    hand_free(h);
    h = balanced("arrivals.rate=2.4/s", 4, "least-requests", &model);
    expect(h, 60000, WAITED, 0, "shortest queue of four", 0.2473244401657);
    hand_free(h);
    h = balanced("arrivals.rate=2.1/s", 3, "least-requests", &model);
    hand_network(h)->stages[0].choices = 2;
    expect(h, 60000, RESPONSE, 0, "shorter of two of three", 1.884792361543);
    hand_free(h);
    h = balanced("arrivals.rate=1.6/s", 2, "random", &model);
    expect(h, 100000, RESPONSE, 0, "random", 5);
    hand_free(h);
    h = balanced("arrivals.rate=1.6/s", 2, "round-robin", &model);
    expect(h, 120000, RESPONSE, 0, "in turn", 3.84397976699);
    hand_free(h);
    h = balanced("arrivals.rate=2.4/s", 3, "least-work", &model);
    expect(h, 60000, RESPONSE, 0, "least work", 2.078651685393);
    hand_free(h);
    h = balanced("arrivals.rate=1.8/s", 3, "first-idle", &model);
    expect(h, 60000, WAITED, 0, "an idle one, else the shortest queue", 0.3219930285339);
    hand_free(h);
}

/* Gordon and Newell (1967); Reiser and Lavenberg (1980). */
static void test_closed(void **state)
{
    (void)state;
    struct hand *h = LINE(MANY("8", "distribution=deterministic;arrivals.think_time.value=0s"),
                          EXP("1s"), EXP("0.6666666667s"));
    expect(h, 60000, SPENT, 0, "cyclic, the first", 6.324821570182);
    expect(h, 60000, SPENT, 1, "cyclic, the second", 1.783452286545);
    hand_free(h);
    h = LINE(MANY("8", "distribution=exponential;arrivals.think_time.mean=5s"), EXP("1s"),
             EXP("0.5s"));
    expect(h, 60000, RESPONSE, 0, "thinking, then two stations", 4.044435838363);
    hand_free(h);
}

/* A pool whose work is a call: M/M/10 whatever the place of the queue (more sockets than servers
 * are in nobody's way). */
static void test_calls(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    uint32_t pool = hand_stage(h, "pool",
                               "tasks.size.distribution=deterministic;"
                               "tasks.size.value=0s;consumers.count=10"),
             server = hand_stage(h, "server", EXP("1s") "consumers.count=10");
    hand_call(h, pool, server, 1, 1, false);
    hand_source(h, "arrivals.rate=8/s", NETWORK_ANY, pool);
    expect(h, 60000, RESPONSE, 0, "calls from a pool", 1.204590075398);
    hand_free(h);
}

/* The last of three, and the first two of three, side by side (Renyi 1953). */
static void test_calls_side_by_side(void **state)
{
    (void)state;
    struct hand *h = hand_begin("");
    const char *many = "tasks.size.distribution=deterministic;tasks.size.value=0s;"
                       "consumers.count=200";
    uint32_t front = hand_stage(h, "front", many);
    for (int i = 0; i < 3; i++)
        hand_call(h, front, hand_stage(h, internf("back%d", i), EXP("1s") "consumers.count=200"), 1,
                  1, i > 0);
    hand_source(h, "arrivals.rate=10/s", NETWORK_ANY, front);
    expect(h, 40000, RESPONSE, 0, "all of three", 1.833333333333);
    hand_network(h)->steps[0].need = 2;
    expect(h, 40000, SPENT, front, "two of three", 0.833333333333);
    hand_free(h);
}

/* Baskett, Chandy, Muntz and Palacios (1975): means of shared consumers are blind to the law. */
static void test_shared_consumers_in_a_chain(void **state)
{
    (void)state;
    const char *shared = "consumers.discipline=processor-sharing;";
    const char *laws[] = {"tasks.size.distribution=uniform;tasks.size.low=0s;tasks.size.high=2s;",
                          "tasks.size.distribution=lognormal;tasks.size.mean=1s;"
                          "tasks.size.cv2=4;"};
    struct hand *h = LINE("arrivals.rate=0.6/s", internf("%s%s", laws[0], shared),
                          internf("%s%s", laws[1], shared));
    expect(h, 100000, RESPONSE, 0, "two that share", 5);
    hand_free(h);
}

/* One stage alone is what the naive simulator of one stage makes of it, task by task. */
static void compare_single(const char *text)
{
    enum { N = 400 };
    const char *stage = strstr(text, "tasks."); /* hand has a rate of its own for stages */
    struct hand *h = hand_begin(stage);
    hand_stage(h, "main", stage);
    hand_source(h, text, NETWORK_ANY, 0);
    struct network *n = hand_network(h);
    n->inlets[0].name = "main";
    n->stages[0].size[0] = scenario_size(n->scenario, 0); /* no law of its own */
    n->stages[0].timeout[0] = scenario_timeout(n->scenario, 0);
    struct scenario *s = xcalloc(1, sizeof *s);
    setting_apply(s, text);
    struct naive_task *tasks = naive_tasks(s, 1, N);
    double end = naive_run(s, 1, tasks, N, NULL);
    struct story story = naive_network(n, 1, 0, N);
    size_t left = 0;
    if (!(fabs(story.end - end) <= 1e-9 * end))
        fail_msg("%s: ends at %.17g, and not %.17g", text, story.end, end);
    for (size_t i = 0; i < N; i++)
        left += tasks[i].fate != FATE_INSIDE;
    assert_int_equal(story.n_visits, left);
    for (size_t i = 0; i < story.n_visits; i++) {
        const struct visit_record *v = &story.visits[i];
        const struct naive_task *t = &tasks[v->request];
        enum fate fate = v->outcome == TRACE_COMPLETED                         ? FATE_COMPLETED
                         : v->outcome == TRACE_LOST + (uint32_t)LOSS_TIMED_OUT ? FATE_TIMED_OUT
                                                                               : FATE_LOST;
        if (fate != t->fate || !(fabs(v->left - t->left) <= 1e-9 * end) ||
            isnan(v->start) != isnan(t->started) || fabs(v->start - t->started) > 1e-9 * end)
            fail_msg("%s: task %u: %d, %g, %g; and not %d, %g, %g", text, v->request, fate,
                     v->start, v->left, t->fate, t->started, t->left);
    }
    story_free(&story);
    free(tasks);
    free(s);
    hand_free(h);
}

/* With what a discipline asks for; one that goes by patience has nothing to go by without. */
static void compare_discipline(const char *discipline, const char *law, const char *buffer)
{
    const char *more = strcmp(discipline, "adaptive-lifo") == 0 ? "consumers.lifo_above=2;" : "";
    if (strcmp(discipline, "earliest-deadline") == 0 && !strstr(law, "timeout"))
        return;
    compare_single(
        internf("%sconsumers.discipline=%s;%sconsumers.count=2;%s", law, discipline, more, buffer));
}

static void test_one_stage(void **state)
{
    (void)state;
    static const char *const capacities[] = {"0", "1", "3", "unbounded"};
    static const char *const laws[] = {
        "arrivals.process=renewal;arrivals.interarrival.distribution=uniform;"
        "arrivals.interarrival.low=0s;arrivals.interarrival.high=1s;tasks.size.distribution="
        "exponential;tasks.size.mean=1.1s;",
        "arrivals.process=renewal;arrivals.interarrival.distribution=deterministic;"
        "arrivals.interarrival.value=500ms;tasks.size.distribution=deterministic;"
        "tasks.size.value=1s;tasks.timeout.distribution=deterministic;tasks.timeout.value=2s;",
        "arrivals.process=batch;arrivals.batch.distribution=geometric;arrivals.batch.mean=3;"
        "arrivals.rate=0.7/s;tasks.size.distribution=deterministic;tasks.size.value=1s;"
        "tasks.timeout.distribution=exponential;tasks.timeout.mean=3s;"};
    for (size_t d = 0; discipline_family.models[d]; d++)
        for (size_t k = 0; policy_family.models[k]; k++)
            for (size_t c = 0; c < 4; c++)
                for (size_t l = 0; l < 3; l++)
                    for (int delay = 0; delay < 2; delay++)
                        compare_discipline(discipline_family.models[d]->name, laws[l],
                                           internf("buffer.when_full=%s;buffer.capacity=%s;"
                                                   "buffer.resume_delay=%dms",
                                                   policy_family.models[k]->name, capacities[c],
                                                   500 * delay));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_stage),
        cmocka_unit_test(test_product_form),
        cmocka_unit_test(test_saturated_lines),
        cmocka_unit_test(test_reserved_lines),
        cmocka_unit_test(test_open_lines_with_few_places),
        cmocka_unit_test(test_fork_and_join),
        cmocka_unit_test(test_redundant_copies),
        cmocka_unit_test(test_balancers),
        cmocka_unit_test(test_closed),
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_calls_side_by_side),
        cmocka_unit_test(test_shared_consumers_in_a_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
