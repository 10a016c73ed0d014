/*
 * Short runs of systems whose figures are known, for the survey of intervals (survey/coverage.c)
 * and the tests of whether they are stated: benign ones, and members of the families that make a
 * run agree with itself and be wrong (slow and rare modulation, timetables, giants, heavy tails).
 */
#ifndef COVERAGE_CASES_H
#define COVERAGE_CASES_H

#include "../sim/result/result.h"

/* A model of the oracle language with its parameters (given.h); or, where `model` is NULL, settings
 * (setting.h). */
struct coverage_case {
    const char *name, *model, *params;
    double tasks, replications;
};
extern const struct coverage_case coverage_cases[];
extern const size_t n_coverage_cases;

/* One run, as `queuescope run` does it, of one that is given by settings; result_free. */
struct result *coverage_case_run(const struct coverage_case *c, double tasks, double seed);

#endif
