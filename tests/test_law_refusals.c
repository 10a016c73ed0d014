/* What every distribution refuses, and in what words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "law_make.h"
#include "setting.h"

/* A part of the sentence. */
static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *law, *parameters, *says;
    } refused[] = {
        {"deterministic", "value=-1", "tasks.size.value"},
        {"deterministic", "", "'tasks.size.value' is missing"},
        {"exponential", "", "tasks.size.mean is missing"},
        {"exponential", "mean=0", "tasks.size.mean"},
        {"exponential", "mean=3/s", "tasks.size.mean"},
        {"erlang", "shape=1.5; mean=1", "tasks.size.shape"},
        {"erlang", "shape=0; mean=1", "tasks.size.shape"},
        {"erlang", "shape=4", "tasks.size.mean is missing"},
        {"gamma", "shape=0; mean=1", "tasks.size.shape"},
        {"gamma", "shape=2", "tasks.size.mean is missing"},
        {"hyperexponential", "means=1,2; probabilities=0.3,0.6",
         "tasks.size.probabilities sum to 0.9; they must sum to 1"},
        {"hyperexponential", "means=1,2; probabilities=1",
         "tasks.size.probabilities has 1 values and tasks.size.means 2"},
        {"hyperexponential", "means=1,0; probabilities=0.5,0.5", "tasks.size.means"},
        {"hyperexponential", "probabilities=1", "means"},
        {"hyperexponential", "means=1,2; probabilities=-0.5,1.5", "tasks.size.probabilities"},
        {"uniform", "low=2s; high=1s", "tasks.size.high (1 s) must be above tasks.size.low"},
        {"lognormal", "mean=1; cv2=0", "tasks.size.cv2"},
        {"lognormal", "cv2=1", "tasks.size.mean is missing"},
        {"weibull", "shape=0; mean=1", "tasks.size.shape"},
        {"weibull", "shape=2", "tasks.size.mean is missing"},
        {"pareto", "alpha=0; low=1", "tasks.size.alpha"},
        {"pareto", "alpha=2; low=0", "tasks.size.low"},
        {"bounded-pareto", "alpha=2; low=2; high=2", "tasks.size.high (2 s) must be above"},
        {"bounded-pareto", "alpha=2; low=1", "'tasks.size.high' is missing"},
        {"geometric", "mean=0.5", "arrivals.batch.mean"},
        {"empirical", "", "'tasks.size.file' is missing"},
        {"empirical", "file=/nowhere", "/nowhere: cannot be opened"},
        {"empirical", "file=FILE; scale=0", "tasks.size.scale"},
        {"lognormal", "p50=20ms",
         "lognormal is known by two percentiles, such as p50 and p99, and "
         "given is only p50"},
        {"gamma", "p50=1; p90=2; p99=3", "by two percentiles, and given are p50, p90 and p99"},
        {"exponential", "p50=1; p99=3", "exponential is known by one percentile"},
        {"weibull", "p50=2; p99=1", "tasks.size.p99 (1 s) must be above tasks.size.p50 (2 s)"},
        {"pareto", "p50=2; p99=2", "tasks.size.p99 (2 s) must be above tasks.size.p50 (2 s)"},
        {"uniform", "p50=1; p99=10",
         "no uniform has a p99 of 10 times its p50: that is between 1 "
         "and 1.98 times"},
        {"lognormal", "p50=1ms; p99=900s", "no lognormal has a p99 of 9e+05 times its p50"},
        {"gamma", "p50=1; p99=1.000001", "no gamma has a p99 of 1 times its p50"},
        {"lognormal", "p50=1; p99=2; cv2=1", "tasks.size.mean is missing"},
        {"erlang", "p50=1; p99=2", "'p50' is a key of "},
        {"percentiles", "p50=1", "'tasks.size.max' is missing"},
        {"percentiles", "max=1", "tasks.size needs one percentile at least"},
        {"percentiles", "p50=2; p90=1; max=3",
         "tasks.size.p90 (1 s) must not be below tasks.size.p50 (2 s)"},
        {"percentiles", "min=3; p50=2; max=3",
         "tasks.size.p50 (2 s) must not be below tasks.size.min (3 s)"},
        {"percentiles", "p50=2; max=1", "tasks.size.max (1 s) must not be below"},
        {"percentiles", "p50=0; max=1", "tasks.size.p50: 0 is out of range: must be above 0s"},
        {"normal", "mean=1", "unknown"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct errors *errors = xcalloc(1, sizeof *errors);
        struct law law;
        bool said = false;
        if (law_make(refused[i].law, refused[i].parameters, &law, errors))
            fail_msg("%s {%s} passes", refused[i].law, refused[i].parameters);
        for (size_t e = 0; e < errors->n && e < ERRORS_KEPT; e++)
            said = said || strstr(errors->text[e], refused[i].says);
        if (!said)
            fail_msg("%s {%s}: %s", refused[i].law, refused[i].parameters, errors->text[0]);
        free(errors);
    }
}

static void test_empirical_columns(void **state)
{
    (void)state;
    struct errors *errors = xcalloc(1, sizeof *errors);
    struct scenario *s = xcalloc(1, sizeof *s);
    const char *two = setting_file("two", "1,2\n3,4\n", 8);
    assert_false(setting_try(
        s, internf("arrivals.rate=1;tasks.size.distribution=empirical;tasks.size.file=%s", two),
        errors));
    assert_non_null(strstr(errors->text[0], "has 2 columns"));
    free(s);
    free(errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_empirical_columns),
    };
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
