#include "scene.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/places.h"
#include "../sim/result/run.h"
#include "../sim/scenario/config.h"
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

struct scenario *scene_text(const char *text, const char *more)
{
    struct scenario *s = xcalloc(1, sizeof *s);
    struct errors *errors = xcalloc(1, sizeof *errors);
    struct places *places = xcalloc(1, sizeof *places);
    const char *whole = internf("%s%s", text, more);
    param_defaults(s);
    if (!config_read("scene.yaml", whole, strlen(whole), s, places, errors) ||
        !scenario_check(s, places, errors))
        fail_msg("%s", errors->text[0]);
    places_free(places);
    free(places);
    free(errors);
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
    const struct engine *engine = scenario_is_network(s) ? &networks_engine : &events_engine;
    const struct run_options options = {.engine = engine, .jobs = jobs};
    struct result *result = run_scenario(s, &options);
    assert_non_null(result);
    const struct audit *audit = &result->audit;
    if (!audit_holds(audit))
        fail_msg("%s\n%s\n%s", audit->text[0], audit->text[1], audit->text[2]);
    assert_int_equal(audit->offered, audit->completed + audit->lost + audit->unfinished);
    return result;
}

const struct row *scene_row(const struct result *result, uint32_t column, const char *place)
{
    for (uint32_t i = 0; i < result->places; i++)
        if (strcmp(result_place_name(result, i), place) == 0)
            return result_place_row(result, column, i, result_row_classes(result) - 1);
    fail_msg("no place %s", place);
    return NULL;
}

void scene_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", a, tolerance, b);
}
