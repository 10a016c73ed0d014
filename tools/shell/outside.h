/*
 * Files that a scenario names outside of its own folder: said aloud, since whoever runs another's
 * scenario reads them without having named them. What the command line names itself is no news.
 */
#ifndef OUTSIDE_H
#define OUTSIDE_H

#include "../../sim/base/places.h"
#include "../../sim/scenario/scenario.h"

/* A note for each (remarks.h). Links are followed before it is judged. */
void outside_note(const struct scenario *s, const struct places *places);

#endif
