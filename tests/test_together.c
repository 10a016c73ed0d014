/* What each has a test of its own for, all at once: clients who wait for their answer and lose
 * patience, under every discipline and policy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/result/run.h"
#include "../sim/scenario/discipline.h"
#include "../sim/scenario/policy.h"
#include "scene.h"

enum { CLIENTS = 30, THINK = 10 };

static struct result *run_of(const char *discipline, const char *policy, const char *capacity)
{
    /* what adaptive-lifo asks for; of the others what they have anyway */
    const bool adapts = strcmp(discipline, "adaptive-lifo") == 0;
    const char *above = adapts ? "consumers.lifo_above" : "consumers.count";
    struct scenario *s = scene(
        "arrivals.process", "closed", "arrivals.clients", "30", "arrivals.think_time.distribution",
        "deterministic", "arrivals.think_time.value", "10s", "tasks.size.distribution", "lognormal",
        "tasks.size.mean", "1s", "tasks.size.cv2", "2", "tasks.timeout.distribution", "exponential",
        "tasks.timeout.mean", "8s", "consumers.count", "2", "consumers.discipline", discipline,
        above, "2", "buffer.capacity", capacity, "buffer.when_full", policy, "run.tasks", "20000",
        "run.replications", "4", NULL);
    struct result *result =
        run_scenario(s, &(struct run_options){.engine = engine_for(s), .jobs = 2});
    free(s);
    assert_non_null(result);
    return result;
}

/* Everybody is somewhere: inside, or thinking for ten seconds after leaving (Little 1961). */
static void nobody_gets_lost(const char *discipline, const char *policy, const char *capacity)
{
    struct result *result = run_of(discipline, policy, capacity);
    const struct row *row = result_row(result, 0, 0);
    double somewhere = row->in_system_mean + THINK * row->arrival_rate;
    if (!audit_holds(&result->audit) || !(fabs(somewhere - CLIENTS) < 0.01))
        fail_msg("%s, %s, %s places: %.4f of %d clients, audit %s", discipline, policy, capacity,
                 somewhere, CLIENTS, audit_holds(&result->audit) ? "holds" : "does not hold");
    assert_int_equal(row->offered, row->completed + row->lost + row->unfinished);
    assert_int_equal(row->stable, STABLE_YES);
    result_free(result);
}

static void clients_lose_patience_under_every_discipline(void **state)
{
    (void)state;
    static const char *const capacities[] = {"0", "3", "unbounded"};
    for (size_t d = 0; discipline_family.models[d]; d++)
        for (size_t p = 0; policy_family.models[p]; p++)
            for (size_t c = 0; c < 3; c++)
                nobody_gets_lost(discipline_family.models[d]->name, policy_family.models[p]->name,
                                 capacities[c]);
}

/* What has begun loses no patience: shared from an unbounded buffer, all begins at once. */
static void what_is_shared_is_never_left(void **state)
{
    (void)state;
    struct result *shared = run_of("processor-sharing", "reject", "unbounded");
    struct result *queued = run_of("fifo", "reject", "unbounded");
    assert_int_equal(result_row(shared, 0, 0)->lost, 0);
    assert_true(result_row(queued, 0, 0)->lost_by[LOSS_TIMED_OUT] > 1000);
    assert_int_equal(result_row(queued, 0, 0)->lost_by[LOSS_TIMED_OUT],
                     result_row(queued, 0, 0)->lost);
    result_free(shared);
    result_free(queued);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clients_lose_patience_under_every_discipline),
        cmocka_unit_test(what_is_shared_is_never_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
