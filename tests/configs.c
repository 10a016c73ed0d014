#include "configs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct options config_options(const char *file, const char *const *set)
{
    struct options o = {.scenarios = {file}, .n_scenarios = 1};
    for (; set && *set; set++)
        o.set[o.n_set++] = *set;
    return o;
}

void config_fail(const struct errors *errors)
{
    errors_print(errors);
    fail_msg("%zu errors", errors->n);
    abort();
}

void config_scenario(const struct options *o, struct scenario *s)
{
    struct places places = {0};
    struct errors errors = {0};
    if (!options_load(o, o->scenarios[0], s, &places, &errors))
        config_fail(&errors);
    places_free(&places);
}
