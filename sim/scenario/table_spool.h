/*
 * A spool: numbers written once, in order, and then read from anywhere by any number of threads, in
 * memory that does not grow with them.
 *
 * The first SPOOL_KEPT stay in memory; those beyond lie in a file without a name in $TMPDIR (else
 * /tmp), in the machine's own byte order, which is gone when the program ends, however it ends.
 * Reading takes no lock and keeps nothing: whoever reads holds a place of his own.
 */
#ifndef TABLE_SPOOL_H
#define TABLE_SPOOL_H

#include <stddef.h>

enum { SPOOL_KEPT = 1 << 20 /* numbers: 8 MB */ };

struct spool;

struct spool *spool_new(void);
void spool_free(struct spool *spool);

/* Appends n numbers; NULL, or a sentence part: why it cannot. */
const char *spool_put(struct spool *spool, const double *x, size_t n);

/* No more come. NULL, or why not. */
const char *spool_end(struct spool *spool);

/* Numbers from .. from + n - 1, which were put. Where the disk fails the program ends, as where
 * memory is out. */
void spool_get(const struct spool *spool, size_t from, size_t n, double *out);

#endif
