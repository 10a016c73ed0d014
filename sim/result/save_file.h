/*
 * A file written piece by piece, that appears whole under its name or not at all: it is written
 * beside it under a temporary name (.NAME.PID.part), flushed to disk, and renamed. On any error
 * (a full disk, no permission) the temporary file is removed and an older NAME stays as it was.
 */
#ifndef SAVE_FILE_H
#define SAVE_FILE_H

#include <stdio.h>

#include "save.h"

/* Writes the content; errors of `file` are seen by save_file. */
typedef void save_writer(FILE *file, const void *context);

/* Removes what is being written; for a signal handler that ends the program. */
void save_abandon(void);

bool save_file(const char *folder, const char *name, save_writer *write, const void *context,
               struct errors *errors);

#endif
