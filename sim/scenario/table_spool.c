#include "table_spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/err.h"
#include "../base/scratch.h"

enum { BUFFER = 1 << 14 };

struct spool {
    double *kept;
    size_t n, capacity; /* numbers put; room in memory */
    int file;           /* -1: none yet */
    double *buffer;     /* those at the end that are not in the file yet */
    size_t buffered;
};

struct spool *spool_new(void)
{
    struct spool *spool = xcalloc(1, sizeof *spool);
    spool->file = -1;
    return spool;
}

void spool_free(struct spool *spool)
{
    if (!spool)
        return;
    if (spool->file >= 0)
        close(spool->file);
    free(spool->kept);
    free(spool->buffer);
    free(spool);
}

static const char *open_file(struct spool *spool)
{
    const char *why = NULL;
    spool->file = scratch_open(&why);
    spool->buffer = xmalloc(BUFFER * sizeof *spool->buffer);
    return why;
}

static const char *flush(struct spool *spool)
{
    const char *why =
        scratch_write(spool->file, spool->buffer, spool->buffered * sizeof *spool->buffer);
    spool->buffered = 0;
    return why;
}

const char *spool_put(struct spool *spool, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++, spool->n++) {
        const char *why = NULL;
        if (spool->n < SPOOL_KEPT) {
            if (spool->n == spool->capacity) {
                spool->capacity = spool->capacity ? 2 * spool->capacity : 1024;
                spool->kept = xrealloc(spool->kept, spool->capacity * sizeof *spool->kept);
            }
            spool->kept[spool->n] = x[i];
            continue;
        }
        if (spool->file < 0)
            why = open_file(spool);
        else if (spool->buffered == BUFFER)
            why = flush(spool);
        if (why)
            return why;
        spool->buffer[spool->buffered++] = x[i];
    }
    return NULL;
}

const char *spool_end(struct spool *spool)
{
    const char *why = spool->buffered > 0 ? flush(spool) : NULL;
    free(spool->buffer);
    spool->buffer = NULL;
    return why;
}

void spool_get(const struct spool *spool, size_t from, size_t n, double *out)
{
    size_t kept = from >= SPOOL_KEPT ? 0 : n < SPOOL_KEPT - from ? n : SPOOL_KEPT - from;
    if (kept > 0)
        memcpy(out, spool->kept + from, kept * sizeof *out);
    char *at = (char *)(out + kept);
    off_t place = (off_t)((from + kept - SPOOL_KEPT) * sizeof *out);
    for (size_t left = (n - kept) * sizeof *out; left > 0;) {
        ssize_t done = pread(spool->file, at, left, place);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            out_of("a temporary file cannot be read any more", done < 0 ? strerror(errno) : "");
        at += done;
        place += done;
        left -= (size_t)done;
    }
}
