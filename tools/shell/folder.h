/*
 * Which folder an answer goes into, where the command line does not say (-o): out/NAME, NAME that
 * of the scenario or log; or, where an answer to another question of the same kind lies there, the
 * first of out/NAME-2, out/NAME-3 ... in which none does. So answers of `plan`, `cliff`, `rare` and
 * `fit` are never replaced unasked, and the same question again replaces its own answer.
 *
 * What was asked is kept as a number in the answer itself ("asked" in plan.json and its like): a
 * hash (FNV-1a, 64 bits) of the command, the scenario as resolved and the options that the answer
 * depends on.
 */
#ifndef FOLDER_H
#define FOLDER_H

#include "options.h"

/* -o, or the folder for the answer NAME (plan.json) to the question that `o` and `s` are. From then
 * on folder_mark writes down what was asked. Interned. */
const char *folder_for_answer(const struct options *o, const struct scenario *s,
                              const char *command, const char *name);

/* The same of `fit`: -o's, or that for a scenario NAME from a log like this, of which `text`,
 * freed, says all. */
const char *folder_for_log(const struct options *o, const char *base, const char *name, char *text);

/* A JSON object as text, freed, with "asked" in it as the first member, or a scenario with the same
 * as a remark in its last line; xmalloc'ed. */
char *folder_mark(char *json);

/* A scenario as text, freed, that is the last of the folder's open set of files (save_set.h) to be
 * written, with what else is in that set as a remark in its last line; xmalloc'ed. */
char *folder_list(char *text, const char *folder);

/* Of what was listed so in NAME, which an earlier set left in the folder, the open set takes away
 * all that is no part of it, and NAME with it. */
void folder_drop_stale(const char *folder, const char *name);

/* The first of base, base-2, ... in which NAME is not there, or has these very bytes. Interned. */
const char *folder_unused(const char *base, const char *name, const void *bytes, size_t size);

#endif
