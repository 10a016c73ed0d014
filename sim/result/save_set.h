/*
 * Sets of files: what a command writes into its folder appears together or not at all.
 *
 * Between save_begin and save_commit whatever save_file and save_bytes write into the folder stays
 * under temporary names, each flushed to disk. save_commit then writes down what is to become of
 * them (FOLDER/.queuescope-commit), gives all of them their names, takes away what the set says is
 * gone, and removes that list again. Of a file that is written twice the later one counts. Who is
 * killed before the list is there leaves the folder as it was, and temporary files that the next
 * who takes the folder (save_folder) removes; who is killed after that leaves the list, and the
 * next who takes the folder finishes what it says. So a folder in which there is no list holds the
 * files of one set, and one in which there is one says so.
 *
 * One set for a folder at a time, of the process that has taken it. Files are added, and said to be
 * gone, from any thread; the rest is called from one.
 */
#ifndef SAVE_SET_H
#define SAVE_SET_H

#include "../base/err.h"

void save_begin(const char *folder);

/* Of the open set: `name`, which an earlier one may have left, is no part of it. */
void save_gone(const char *folder, const char *name);

/* Where a file of the open set lies until then, for who must read it before; `name` itself where
 * none of that name was written. In the folder; interned. */
const char *save_set_part(const char *folder, const char *name);

/* What was written into the open set so far: names behind each other, ", " between them, upwards;
 * "" where there is none. Interned. */
const char *save_set_names(const char *folder);

/* Of the open set: what was written under `name` is not wanted after all. */
void save_forget(const char *folder, const char *name);

/* All of it appears, or, with an error, nothing does. The names survive a power cut. */
bool save_commit(const char *folder, struct errors *errors);

/* Nothing of it appears. */
void save_drop(const char *folder);

/* For save_file: whether an open set of the folder takes a file that is complete; and its
 * descriptor, which save_commit is to flush: -1 where that has been done. */
bool save_set_takes(const char *folder, const char *temporary, const char *name, int fd);

/* Whether there is an open set that would take one more descriptor. */
bool save_set_flushes(const char *folder);

/* For save_folder, which has just taken the folder: finishes or removes what others left there. */
bool save_set_repair(const char *folder, struct errors *errors);

#endif
