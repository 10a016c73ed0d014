/*
 * A file written piece by piece, that appears whole under its name or not at all: it is written
 * beside it under a temporary name that nobody else has (.NAME.RANDOM.part, RANDOM 64 bits of the
 * system's randomness as PART_DIGITS hexadecimal digits: a process number is not unique where a
 * folder is shared by containers), flushed to disk, and renamed. So neither a link at the name nor
 * another name of the same file is written through. On any error (a full disk, no permission) the
 * temporary file is removed and an older NAME stays as it was. Where a set of files is open
 * (save_set.h) the name comes with the others'.
 */
#ifndef SAVE_FILE_H
#define SAVE_FILE_H

#include <stdio.h>

#include "save.h"

enum { PART_DIGITS = 16 };

/* Writes the content; errors of `file` are seen by save_file. */
typedef void save_writer(FILE *file, const void *context);

bool save_file(const char *folder, const char *name, save_writer *write, const void *context,
               struct errors *errors);

/* Removes what is being written; for a signal handler that ends the program. Nothing while a set is
 * given its names: the next who takes the folder finishes that. */
void save_abandon(void);

/* For sets: a temporary file is gone, by its path; names are given. */
void save_done(const char *temporary);
void save_committing(bool now);

#endif
