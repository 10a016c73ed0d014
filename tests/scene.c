#include "scene.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/result/run.h"
#include "setting.h"

struct scenario *scene(const char *path, ...)
{
    struct scenario *s = xcalloc(1, sizeof *s);
    const char *text = "";
    va_list list;
    va_start(list, path);
    while (path) {
        const char *value = va_arg(list, const char *);
        text = internf("%s%s=%s;", text, path, value);
        path = va_arg(list, const char *);
    }
    va_end(list);
    setting_apply(s, text);
    return s;
}

struct trial *scene_trial(const struct scenario *s, uint32_t column, uint32_t replication)
{
    struct trial *trial = trial_run(s, &events_engine, column, replication, NULL, NULL);
    struct audit audit;
    audit_begin(&audit);
    audit_trial(&audit, trial);
    audit_finish(&audit);
    if (!audit_holds(&audit))
        fail_msg("%s\n%s", audit.text[0], audit.text[1]);
    return trial;
}

struct result *scene_run(const struct scenario *s, unsigned jobs)
{
    const struct run_options options = {.engine = &events_engine, .jobs = jobs};
    struct result *result = run_scenario(s, &options);
    assert_non_null(result);
    const struct audit *audit = &result->audit;
    if (!audit_holds(audit))
        fail_msg("%s\n%s\n%s", audit->text[0], audit->text[1], audit->text[2]);
    assert_int_equal(audit->offered, audit->completed + audit->lost + audit->unfinished);
    return result;
}

void scene_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", a, tolerance, b);
}
