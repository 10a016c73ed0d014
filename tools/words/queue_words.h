/* The number waiting (picture.measure: queue), in words: where it is recorded. */
#ifndef QUEUE_WORDS_H
#define QUEUE_WORDS_H

#include "../../sim/result/result.h"

/* " For half of the time at most 2 tasks wait ...": sentences, interned, each with a space before
 * it; "" where nothing is recorded. */
const char *queue_words(const struct result *result);

/* "2", "1.2 k": a number waiting, "-" where it is not known. */
const char *queue_number(double waiting);

#endif
