/* Scenarios of configs/ as a command reads them, with `set` as by --set (ended by NULL; NULL:
 * none). */
#ifndef CONFIGS_TEST_H
#define CONFIGS_TEST_H

#include "../tools/shell/options.h"

struct options config_options(const char *file, const char *const *set);

/* Fails the test where it is wrong. */
void config_scenario(const struct options *o, struct scenario *s);
_Noreturn void config_fail(const struct errors *errors);

#endif
