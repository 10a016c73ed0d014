/* Folders and files that appear whole or not at all (save.h). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "save_file.h"

static bool fail(struct errors *errors, const char *file, const char *doing, int error)
{
    return error_at(errors, (struct place){0}, "cannot %s '%s': %s", doing, file, strerror(error));
}

bool save_folder(const char *folder, struct errors *errors)
{
    size_t length = strlen(folder);
    char *path = xmalloc(length + 1);
    bool ok = true;
    for (size_t i = 1; i <= length && ok; i++) {
        if (folder[i] != '/' && folder[i] != '\0')
            continue;
        memcpy(path, folder, i);
        path[i] = '\0';
        struct stat st;
        if (mkdir(path, 0777) == 0)
            continue;
        int error = errno;
        if (stat(path, &st) != 0)
            ok = fail(errors, path, "make the folder", error);
        else if (!S_ISDIR(st.st_mode))
            ok = fail(errors, path, "make the folder", ENOTDIR);
    }
    if (ok && access(folder, W_OK | X_OK) != 0)
        ok = fail(errors, folder, "write into the folder", errno);
    free(path);
    return ok;
}

/* What is being written, for save_abandon. */
enum { AT_ONCE = 16 };
static _Atomic(const char *) under_way[AT_ONCE];

static void begin(const char *temporary)
{
    for (int i = 0; i < AT_ONCE; i++) {
        const char *none = NULL;
        if (atomic_compare_exchange_strong(&under_way[i], &none, temporary))
            return;
    }
}

static void done(const char *temporary)
{
    for (int i = 0; i < AT_ONCE; i++) {
        const char *mine = temporary;
        if (atomic_compare_exchange_strong(&under_way[i], &mine, NULL))
            return;
    }
}

void save_abandon(void)
{
    for (int i = 0; i < AT_ONCE; i++) {
        const char *temporary = atomic_load(&under_way[i]);
        if (temporary)
            unlink(temporary);
    }
}

/* Gives a file that is complete its name; `temporary` is gone afterwards either way. */
static bool seal(FILE *file, const char *temporary, const char *path, struct errors *errors)
{
    bool good = fflush(file) == 0 && !ferror(file) && fsync(fileno(file)) == 0;
    int error = errno;
    if (fclose(file) != 0 && good) {
        error = errno;
        good = false;
    }
    if (good && rename(temporary, path) != 0) {
        error = errno;
        good = false;
    }
    if (good)
        return true;
    unlink(temporary);
    return fail(errors, path, "write", error);
}

/* Removes what a process that was killed left of this file; those still running keep theirs. */
static void sweep_up(const char *folder, const char *name)
{
    const char *begins = internf(".%s.", name);
    DIR *entries = opendir(folder);
    struct dirent *entry;
    while (entries && (entry = readdir(entries))) {
        char *end = entry->d_name;
        if (strncmp(entry->d_name, begins, strlen(begins)) != 0)
            continue;
        long process = strtol(entry->d_name + strlen(begins), &end, 10);
        if (process > 0 && strcmp(end, ".part") == 0 && kill((pid_t)process, 0) != 0 &&
            errno == ESRCH)
            unlinkat(dirfd(entries), entry->d_name, 0);
    }
    if (entries)
        closedir(entries);
}

bool save_file(const char *folder, const char *name, save_writer *write, const void *context,
               struct errors *errors)
{
    const char *path = internf("%s/%s", folder, name);
    const char *temporary = internf("%s/.%s.%ld.part", folder, name, (long)getpid());
    sweep_up(folder, name);
    begin(temporary);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    bool ok = false;
    if (file) {
        write(file, context);
        ok = seal(file, temporary, path, errors);
    } else {
        fail(errors, path, "write", errno);
        if (fd >= 0) {
            close(fd);
            unlink(temporary);
        }
    }
    done(temporary);
    return ok;
}

void save_settle(const char *folder)
{
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return;
    fsync(at);
    close(at);
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
