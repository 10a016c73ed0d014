/*
 * Words for rare events: what was found, in sentences. For the picture and for the command line.
 * All texts are interned.
 */
#ifndef RARE_WORDS_H
#define RARE_WORDS_H

#include "../sim/rare/rare.h"

/* A figure and its interval: "1.07e-9", "0.99e-9 to 1.15e-9"; "34.1 s"; "-": not known. */
const char *rare_value(const struct rare *rare, double value);
const char *rare_interval(const struct rare *rare, const struct tail_figure *figure);

/* "loss 1.07e-9 (0.99e-9 to 1.15e-9 at 95 %): 11 tasks in 1e10." */
const char *rare_sentence(const struct rare *rare);

/* How it was found. */
const char *rare_remarks(const struct rare *rare);

#endif
