#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"

static const char *failed(const char *what)
{
    return internf("%s: %s (TMPDIR names the folder for temporary files)", what, strerror(errno));
}

int scratch_open(const char **why)
{
    const char *folder = getenv("TMPDIR");
    if (!folder || !*folder)
        folder = "/tmp";
    const char *pattern = internf("%s/queuescope-XXXXXX", folder);
    size_t size = strlen(pattern) + 1;
    char *path = memcpy(xmalloc(size), pattern, size);
    int file = mkostemp(path, O_CLOEXEC);
    if (file < 0)
        *why = failed(internf("no temporary file in %s", folder));
    else
        unlink(path);
    free(path);
    return file;
}

const char *scratch_write(int file, const void *data, size_t size)
{
    const char *at = data;
    while (size > 0) {
        ssize_t done = write(file, at, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return failed("its temporary copy cannot be written");
        at += done;
        size -= (size_t)done;
    }
    return NULL;
}
