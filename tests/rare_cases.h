/*
 * Systems whose rare events are known exactly, and `rare` on them: for test_rare.c and the survey.
 *
 * Losses are closed forms, or the null vector of a chain; tails of waits and latencies are
 * A exp(-theta x), exactly or (M/D/1, by its dominant pole: Asmussen, Applied Probability and
 * Queues, 2003, XIII.5) to more digits than matter where they are rare.
 */
#ifndef RARE_CASES_H
#define RARE_CASES_H

#include "../sim/rare/rare.h"

struct rare_case {
    const char *name, *setting; /* setting.h */
    enum rare_measure measure;
    double loss;     /* exact; NAN: not a case of loss */
    double a, theta; /* of the tail; NAN: not of this form */
    double p999;     /* exact, where nothing else is known; else NAN */
};

/* All cases, their truth filled in. */
const struct rare_case *rare_cases(size_t *n);
const struct rare_case *rare_case_named(const char *name);

/* The exact value of a figure of the case; NAN: not known. */
double rare_case_truth(const struct rare_case *c, size_t figure);

/* `rare` on a case; rare_case_free. */
struct rare *rare_case_run(const struct rare_case *c, double seed, double relative,
                           double max_tasks, unsigned jobs);
void rare_case_free(struct rare *rare);

#endif
