/*
 * A law as a scenario has it, from its name and parameters ("shape=4; mean=3"), through the rows
 * and checks that a scenario goes through. FILE in the parameters stands for a file of eight
 * values, which setting_tear_down removes.
 */
#ifndef LAW_MAKE_H
#define LAW_MAKE_H

#include "../sim/scenario/distribution.h"

/* Counting laws stand where things are counted: they are the sizes of batches, others of tasks.
 * False, with errors, where it is refused. */
bool law_make(const char *name, const char *parameters, struct law *law, struct errors *errors);

#endif
