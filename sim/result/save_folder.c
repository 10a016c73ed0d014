/* Folders that results are written into: made, and taken by one process at a time (save.h). */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "save.h"
#include "save_set.h"

static bool fail(struct errors *errors, const char *folder, const char *doing, int error)
{
    return error_at(errors, (struct place){0}, "cannot %s '%s': %s", doing, folder,
                    strerror(error));
}

static bool make(const char *folder, struct errors *errors)
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

/* Folders that this process has taken, to its end. */
static struct taken {
    dev_t device;
    ino_t number;
    struct taken *next;
} * taken;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool is_taken(const struct stat *st)
{
    const struct taken *t = taken;
    while (t && (t->device != st->st_dev || t->number != st->st_ino))
        t = t->next;
    return t != NULL;
}

/* Who writes a file or two is soon done: half a second, then it is told. */
enum { TRIES = 11, BETWEEN = 50 * 1000 * 1000 };

/* The lock is on the folder itself, so that it leaves no file behind; the system gives it back when
 * the process ends, however that is. Where there are no such locks (some network file systems) the
 * folder is taken without. */
static bool take(const char *folder, struct errors *errors)
{
    struct stat st;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        fail(errors, folder, "open the folder", errno);
        if (fd >= 0)
            close(fd);
        return false;
    }
    if (is_taken(&st)) {
        close(fd);
        return true;
    }
    bool busy = true;
    for (int i = 0; busy && i < TRIES; i++) {
        if (i > 0)
            nanosleep(&(struct timespec){0, BETWEEN}, NULL);
        busy = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    }
    if (busy) {
        close(fd);
        return error_at(
            errors, (struct place){0},
            "another queuescope is at work on the folder '%s': wait until it has ended, "
            "or name another one (-o)",
            folder);
    }
    struct taken *mine = xmalloc(sizeof *mine);
    *mine = (struct taken){st.st_dev, st.st_ino, taken};
    taken = mine; /* `fd` stays open, and with it the lock */
    return save_set_repair(folder, errors);
}

bool save_folder(const char *folder, struct errors *errors)
{
    if (!make(folder, errors))
        return false;
    pthread_mutex_lock(&lock);
    bool good = take(folder, errors);
    pthread_mutex_unlock(&lock);
    return good;
}

void save_settle(const char *folder)
{
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return;
    fsync(at);
    close(at);
}
