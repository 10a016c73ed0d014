/*
 * Scenarios and trials for tests: a scenario in one call, and the laws that every trial and result
 * must obey.
 */
#ifndef SCENE_H
#define SCENE_H

#include "../sim/result.h"

/* The defaults and then path, value, path, value, ..., NULL; fails the test on any error. The
 * scenario is checked. */
struct scenario *scene(const char *path, ...) __attribute__((sentinel));

/* One trial of the events engine; fails the test if it breaks a law of the audit. */
struct trial *scene_trial(const struct scenario *s, uint32_t column, uint32_t replication);

/* A run of the events engine with `jobs` workers; fails the test if it breaks a law. */
struct result *scene_run(const struct scenario *s, unsigned jobs);

/* A file of this content, in a folder of this program's own; interned name. */
const char *scene_file(const char *name, const char *content);

/* That folder, and its removal with all that is in it (at the end of the program). */
const char *scene_folder(void);
void scene_remove_folder(void);

/* Fails the test unless |a - b| <= tolerance. */
void scene_near(double a, double b, double tolerance);

#endif
