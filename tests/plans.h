/*
 * Problems of capacity with known answers, from the formulas of theory.h: for the test of `plan`
 * and for the survey of how often it is right.
 *
 * A limit lies half way, on a log scale, between the exact values at the answer and at its
 * neighbour, so that neighbours differ from it by what `apart` says, relative.
 */
#ifndef PLANS_H
#define PLANS_H

#include "../sim/answer/answer.h"

struct plan_problem {
    const char *name;
    struct question question; /* scenario owned */
    double answer; /* a count: exactly that; a real number: between what meets and what does not */
    double apart;
};

size_t plan_problems(void);

/* Problem i, to be freed; fails the test where it has no answer. */
struct plan_problem *plan_problem(size_t i);
void plan_problem_free(struct plan_problem *problem);

enum plan_outcome { PLAN_RIGHT, PLAN_WRONG, PLAN_OPEN };
enum plan_outcome plan_judge(const struct plan_problem *problem, const struct answer *answer);

#endif
