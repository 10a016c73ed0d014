/* What `queuescope cliff` says: a sentence, then a few lines. */
#ifndef CLIFF_WORDS_H
#define CLIFF_WORDS_H

#include <stdio.h>

#include "../../sim/answer/cliff_save.h"

void cliff_print(const struct cliff_report *report, FILE *out);

#endif
