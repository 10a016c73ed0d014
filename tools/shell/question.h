/*
 * From the command line of `plan` to its question (sim/answer/answer.h).
 */
#ifndef QUESTION_H
#define QUESTION_H

#include "../../sim/answer/answer.h"
#include "options.h"

/* Reads the scenario and everything that is asked about it; false, with errors that have their
 * places, where something is wrong. `s` becomes the question's scenario: without a sweep, and with
 * varied keys at their lowest. `note`: a sentence on what of the scenario is left out; NULL: none.
 */
bool question_make(const struct options *o, struct scenario *s, struct question *out,
                   const char **note, struct errors *errors);
void question_free(struct question *question);

#endif
