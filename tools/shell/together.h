/*
 * Several scenarios that one answer is made of: run together, all of them or nothing.
 */
#ifndef TOGETHER_H
#define TOGETHER_H

#include "../../sim/result/result.h"
#include "options.h"

/* Runs n scenarios, with progress; results[i] is that of scenarios[i], for together_free. False,
 * having said so as `command`, where it was interrupted before all had run. */
bool together_run(const struct options *o, const char *command,
                  const struct scenario *const *scenarios, size_t n, struct result **results);
void together_free(struct result **results, size_t n);

/* Whether every run holds its own audit; says so if not. */
bool together_holds(const char *command, struct result *const *results, size_t n);

#endif
