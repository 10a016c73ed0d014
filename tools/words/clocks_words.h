/* What three clocks see of one run, in words (sim/answer/clocks.h). */
#ifndef CLOCKS_WORDS_H
#define CLOCKS_WORDS_H

#include <stdio.h>

#include "../../sim/answer/clocks.h"

/* A table of all of them, and what whoever goes by `asked` would report beside the truth. */
void clocks_print(const struct clocks *clocks, enum clock_kind asked, FILE *out);

#endif
