/* Whatever the number of workers, the lanes engine gives the same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/lanes/lanes.h"
#include "../sim/result/run.h"
#include "../sim/result/save.h"
#include "setting.h"

/* Whatever the number of workers, and with it the grouping of columns or replications. */
static void any_jobs_give_the_same_bytes(const char *settings, bool pasta)
{
    struct scenario *s = xmalloc(sizeof *s);
    setting_apply(s, settings);
    const char *bytes = NULL;
    for (unsigned jobs = 1; jobs < 40; jobs += 4) {
        const struct run_options options = {.engine = &lanes_engine, .jobs = jobs};
        struct result *result = run_scenario(s, &options);
        size_t n, m;
        char *columns = save_columns_text(result, &n), *counts = save_histograms_text(result, &m);
        const char *now = internf("%s%s", columns, counts);
        assert_true(audit_holds(&result->audit));
        assert_true(result->audit.pasta_judged || !pasta);
        assert_true(!bytes || bytes == now); /* interned */
        bytes = now;
        free(columns);
        free(counts);
        result_free(result);
    }
    free(s);
}

static void any_grouping_gives_the_same_bytes(void **state)
{
    (void)state;
    static const char sizes[] =
        "arrivals.rate=1;tasks.size.distribution=bounded-pareto;tasks.size.alpha=3;"
        "tasks.size.low=300ms;tasks.size.high=50s;consumers.count=2;"
        "sweep.parameter=tasks.size.alpha;sweep.from=4;sweep.to=1.2";
    any_jobs_give_the_same_bytes(internf("%s;run.tasks=6000;sweep.steps=19", sizes), true);
    any_jobs_give_the_same_bytes(internf("%s;run.duration=5000;sweep.steps=19", sizes), false);
    /* Groups that draw together (ahead.h), for longer than what they keep. */
    any_jobs_give_the_same_bytes("tasks.size.distribution=bounded-pareto;tasks.size.alpha=3;"
                                 "tasks.size.low=300ms;tasks.size.high=50s;arrivals.rate=1;"
                                 "sweep.parameter=arrivals.rate;sweep.from=0.2;sweep.to=1.5;"
                                 "sweep.steps=19;run.tasks=60000",
                                 true);
    any_jobs_give_the_same_bytes(internf("%s;run.duration=20000;sweep.steps=9;sweep.mode=drift;"
                                         "run.replications=19",
                                         sizes),
                                 false);
    any_jobs_give_the_same_bytes(internf("%s;run.tasks=6000;sweep.steps=19;"
                                         "tasks.timeout.distribution=exponential;"
                                         "tasks.timeout.mean=2",
                                         sizes),
                                 true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_grouping_gives_the_same_bytes),
    };
    return cmocka_run_group_tests_name("lanes_jobs", tests, NULL, setting_tear_down);
}
