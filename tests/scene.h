/*
 * Scenarios and trials for tests: a scenario in one call, and the laws that every trial and result
 * must obey.
 */
#ifndef SCENE_H
#define SCENE_H

#include "../sim/result/result.h"

/* The defaults and then path, value, path, value, ..., NULL (later settings win), by setting_apply;
 * to be freed. */
struct scenario *scene(const char *path, ...) __attribute__((sentinel));

/* The same of a file's text, and `more` behind it. */
struct scenario *scene_text(const char *text, const char *more);

/* One trial of the events engine; fails the test if it breaks a law of the audit. */
struct trial *scene_trial(const struct scenario *s, uint32_t column, uint32_t replication);

/* A run of the events engine, of networks of theirs, with `jobs` workers; fails the test if it
 * breaks a law. */
struct result *scene_run(const struct scenario *s, unsigned jobs);

/* The row of a place in a column, classes together; fails the test where there is none. */
const struct row *scene_row(const struct result *result, uint32_t column, const char *place);

/* Fails the test unless |a - b| <= tolerance. */
void scene_near(double a, double b, double tolerance);

#endif
