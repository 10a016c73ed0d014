/*
 * A file without a name in $TMPDIR (else /tmp), for what is too much to keep in memory: it is gone
 * when the program ends, however it ends.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stddef.h>

/* A descriptor to write and read, or -1 with a sentence part in `why`. */
int scratch_open(const char **why);

/* Writes all of it at the end; NULL, or a sentence part: why it cannot. */
const char *scratch_write(int file, const void *data, size_t size);

#endif
