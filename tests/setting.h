/*
 * Scenarios for tests of models, from one text: "path=value; path=value; ...", applied in order to
 * the defaults. Files are written into a folder of this program's own.
 */
#ifndef SETTING_H
#define SETTING_H

#include "../sim/scenario/scenario.h"

/* False, with errors, where a setting or (checked) a rule of the scenario is broken. */
bool setting_try(struct scenario *s, const char *text, struct errors *errors);

/* As above; fails the test on any error. */
void setting_apply(struct scenario *s, const char *text);

/* A file of these bytes; its interned path. Compressed where the name ends in .gz. */
const char *setting_file(const char *name, const void *bytes, size_t length);

/* Removes the folder: the tear-down of a group. */
int setting_tear_down(void **state);

#endif
