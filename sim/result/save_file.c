/* Files that appear whole or not at all (save.h). */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "save_file.h"
#include "save_set.h"

static bool fail(struct errors *errors, const char *file, const char *doing, int error)
{
    return error_at(errors, (struct place){0}, "cannot %s '%s': %s", doing, file, strerror(error));
}

/* Temporary files that there are, for save_abandon: a list that only grows, whose elements are used
 * again. Paths are interned, and live as long as the program. */
static struct under_way {
    _Atomic(const char *) path;
    struct under_way *next;
} * _Atomic under_way;
static atomic_bool committing;

static void begin(const char *temporary)
{
    for (struct under_way *u = atomic_load(&under_way); u; u = u->next) {
        const char *none = NULL;
        if (atomic_compare_exchange_strong(&u->path, &none, temporary))
            return;
    }
    struct under_way *more = xmalloc(sizeof *more);
    atomic_init(&more->path, temporary);
    more->next = atomic_load(&under_way);
    while (!atomic_compare_exchange_weak(&under_way, &more->next, more)) {
    }
}

void save_done(const char *temporary)
{
    for (struct under_way *u = atomic_load(&under_way); u; u = u->next) {
        const char *mine = temporary;
        if (atomic_compare_exchange_strong(&u->path, &mine, NULL))
            return;
    }
}

void save_committing(bool now)
{
    atomic_store(&committing, now);
}

void save_abandon(void)
{
    if (atomic_load(&committing))
        return;
    for (struct under_way *u = atomic_load(&under_way); u; u = u->next) {
        const char *temporary = atomic_load(&u->path);
        if (temporary)
            unlink(temporary);
    }
}

/* A new file under a name that nobody else has; -1 with errno. */
static int open_temporary(const char *folder, const char *name, const char **temporary)
{
    uint64_t random;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        return -1;
    *temporary = internf(".%s.%0*llx.part", name, PART_DIGITS, (unsigned long long)random);
    const char *path = internf("%s/%s", folder, *temporary);
    begin(path);
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
}

/* The file is closed, and everything on the disk; or, where that may wait (`later`), another
 * descriptor of it is left in *later. */
static bool seal(FILE *file, int *later, int *error)
{
    bool good = fflush(file) == 0 && !ferror(file);
    *error = errno;
    if (good && later)
        *later = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
    if (good && (!later || *later < 0) && fsync(fileno(file)) != 0) {
        *error = errno;
        good = false;
    }
    if (fclose(file) != 0 && good) {
        *error = errno;
        good = false;
    }
    return good;
}

bool save_file(const char *folder, const char *name, save_writer *write, const void *context,
               struct errors *errors)
{
    const char *path = internf("%s/%s", folder, name), *temporary = "";
    int fd = open_temporary(folder, name, &temporary), error = errno;
    const char *beside = internf("%s/%s", folder, temporary);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    bool good = file != NULL;
    if (fd >= 0 && !file) {
        error = errno;
        close(fd);
    }
    int later = -1;
    if (file) {
        write(file, context);
        good = seal(file, save_set_flushes(folder) ? &later : NULL, &error);
    }
    if (good && save_set_takes(folder, temporary, name, later))
        return true;
    if (later >= 0)
        close(later);
    if (good && rename(beside, path) != 0) {
        error = errno;
        good = false;
    }
    if (!good && fd >= 0)
        unlink(beside);
    save_done(beside);
    return good || fail(errors, path, "write", error);
}

struct piece {
    const void *bytes;
    size_t size;
};

static void write_piece(FILE *file, const void *context)
{
    const struct piece *piece = context;
    fwrite(piece->bytes, 1, piece->size, file);
}

bool save_bytes(const char *folder, const char *name, const void *bytes, size_t size,
                struct errors *errors)
{
    struct piece piece = {bytes, size};
    return save_file(folder, name, write_piece, &piece, errors);
}
