/*
 * A live picture: a scenario that stays in memory, run and drawn again whenever one of its numbers
 * has changed. For whoever shows a picture while a knob is turned.
 *
 * The picture is, byte for byte, the one that `queuescope run` would write of the same scenario
 * with the same settings (--set, in the order in which they were given); nothing is written: no
 * folder, no file, no journal. What a process does once (fonts, tables of a trace or a law) is done
 * at the first picture. Memory does not grow with the number of pictures, but for the texts of new
 * values, which are interned: a few hundred bytes each.
 *
 * One live picture by one thread at a time; it works on `jobs` of its own meanwhile.
 */
#ifndef LIVE_H
#define LIVE_H

#include <stdatomic.h>

#include "../../plots/plot.h"

struct live;

/* Of a scenario as loaded, which passes scenario_check. `jobs`: threads, 0: all cores. `stop`,
 * which may be set from elsewhere, ends a drawing soon; or NULL. */
struct live *live_open(const struct scenario *s, unsigned jobs, atomic_bool *stop);
void live_close(struct live *live);

/* Sets a number (or any key) of the scenario, as --set PATH=TEXT would; the same path again takes
 * the place of what was set before. False, with errors, where that is no value of it, or breaks a
 * rule of the scenario: then all is as it was. */
bool live_set(struct live *live, const char *path, const char *text, struct errors *errors);

/* Runs and draws; only draws where nothing has changed but what a result looks like and is judged
 * by: picture (but for the measure `queue`, which has to be recorded), title, objectives. False
 * where it was stopped (no errors), or the picture cannot be drawn; the picture is the caller's to
 * bytes_free. */
bool live_draw(struct live *live, struct bytes *png, struct errors *errors);

/* How often it has run. */
uint64_t live_runs(const struct live *live);

/* What the last picture shows; until the next is drawn. NULL: there is none. */
const struct result *live_result(const struct live *live);

#endif
