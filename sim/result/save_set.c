#include "save_set.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crew.h"
#include "save_file.h"

static const char list_name[] = ".queuescope-commit";
static const char part[] = ".part";

/* A file that is to get its name, or, without a temporary one, to go. Names are in the folder. */
struct entry {
    const char *temporary, *name; /* interned */
    int fd;                       /* to be flushed, and closed; -1: none */
};

/* As many files of a set at the most wait for their flush: descriptors are few. */
enum { FLUSHED_TOGETHER = 16 };

struct set {
    const char *folder; /* interned */
    struct entry *entries;
    size_t n, room;
    struct set *next;
};
static struct set *sets; /* that are open */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct set *find(const char *folder)
{
    struct set *set = sets;
    while (set && strcmp(set->folder, folder) != 0)
        set = set->next;
    return set;
}

/* Takes the set out of those that are open; the caller's from then on. */
static struct set *take(const char *folder)
{
    pthread_mutex_lock(&lock);
    struct set *set = find(folder), **link = &sets;
    while (*link && *link != set)
        link = &(*link)->next;
    if (set)
        *link = set->next;
    pthread_mutex_unlock(&lock);
    return set;
}

static void set_free(struct set *set)
{
    free(set->entries);
    free(set);
}

void save_begin(const char *folder)
{
    pthread_mutex_lock(&lock);
    if (!find(folder)) {
        struct set *set = xcalloc(1, sizeof *set);
        set->folder = intern(folder);
        set->next = sets;
        sets = set;
    }
    pthread_mutex_unlock(&lock);
}

static void remove_part(const struct set *set, const struct entry *entry)
{
    if (entry->fd >= 0)
        close(entry->fd);
    if (!entry->temporary)
        return;
    const char *path = internf("%s/%s", set->folder, entry->temporary);
    unlink(path);
    save_done(path);
}

/* NULL: the set has none of that name, which is interned. */
static struct entry *entry_of(struct set *set, const char *name)
{
    for (size_t i = 0; set && i < set->n; i++)
        if (set->entries[i].name == name)
            return &set->entries[i];
    return NULL;
}

static void forget(struct set *set, const char *name)
{
    struct entry *entry = entry_of(set, name);
    if (!entry)
        return;
    remove_part(set, entry);
    *entry = set->entries[--set->n];
}

static bool add(const char *folder, const char *temporary, const char *name, int fd)
{
    pthread_mutex_lock(&lock);
    struct set *set = find(folder);
    if (set) {
        forget(set, intern(name));
        if (set->n == set->room) {
            set->room = set->room ? 2 * set->room : 16;
            set->entries = xrealloc(set->entries, set->room * sizeof *set->entries);
        }
        set->entries[set->n++] =
            (struct entry){temporary ? intern(temporary) : NULL, intern(name), fd};
    }
    pthread_mutex_unlock(&lock);
    return set != NULL;
}

bool save_set_takes(const char *folder, const char *temporary, const char *name, int fd)
{
#ifdef SYNC_FILE_RANGE_WRITE
    if (fd >= 0) /* the disk may begin; what comes of it is save_commit's to find out */
        (void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
    return add(folder, temporary, name, fd);
}

bool save_set_flushes(const char *folder)
{
    size_t open = 0;
    pthread_mutex_lock(&lock);
    const struct set *set = find(folder);
    for (size_t i = 0; set && i < set->n; i++)
        open += set->entries[i].fd >= 0;
    pthread_mutex_unlock(&lock);
    return set && open < FLUSHED_TOGETHER;
}

void save_gone(const char *folder, const char *name)
{
    add(folder, NULL, name, -1);
}

void save_forget(const char *folder, const char *name)
{
    pthread_mutex_lock(&lock);
    forget(find(folder), intern(name));
    pthread_mutex_unlock(&lock);
}

const char *save_set_part(const char *folder, const char *name)
{
    pthread_mutex_lock(&lock);
    const struct entry *entry = entry_of(find(folder), intern(name));
    const char *at = entry && entry->temporary ? entry->temporary : intern(name);
    pthread_mutex_unlock(&lock);
    return at;
}

static int upwards(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

const char *save_set_names(const char *folder)
{
    pthread_mutex_lock(&lock);
    const struct set *set = find(folder);
    const char *text = "", **names = xmalloc(((set ? set->n : 0) + 1) * sizeof *names);
    size_t n = 0;
    for (size_t i = 0; set && i < set->n; i++)
        if (set->entries[i].temporary)
            names[n++] = set->entries[i].name;
    pthread_mutex_unlock(&lock);
    qsort(names, n, sizeof *names, upwards);
    for (size_t i = 0; i < n; i++)
        text = internf("%s%s%s", text, i ? ", " : "", names[i]);
    free(names);
    return text;
}

static void remove_parts(const struct set *set)
{
    for (size_t i = 0; i < set->n; i++)
        remove_part(set, &set->entries[i]);
}

void save_drop(const char *folder)
{
    struct set *set = take(folder);
    if (!set)
        return;
    remove_parts(set);
    set_free(set);
}

/* Files of a set on their way to the disk, and errno of each, or 0. */
struct flush {
    struct set *set;
    int *error;
};

static void flush_one(void *context, size_t i)
{
    const struct flush *flush = context;
    struct entry *entry = &flush->set->entries[i];
    if (entry->fd < 0)
        return;
    flush->error[i] = fsync(entry->fd) != 0 ? errno : 0;
    close(entry->fd);
    entry->fd = -1;
}

/* At the same time: the disk then has to be waited for once. */
static bool flush_all(struct set *set, struct errors *errors)
{
    bool good = true;
    struct flush flush = {set, xcalloc(set->n + 1, sizeof *flush.error)};
    crew_each(FLUSHED_TOGETHER, set->n, flush_one, &flush);
    for (size_t i = 0; i < set->n; i++)
        if (flush.error[i] != 0)
            good = error_at(errors, (struct place){0}, "cannot write '%s/%s': %s", set->folder,
                            set->entries[i].name, strerror(flush.error[i]));
    free(flush.error);
    return good;
}

/* What would keep a file from getting its name, seen before any of them gets one. */
static bool possible(const struct set *set, struct errors *errors)
{
    for (size_t i = 0; i < set->n; i++) {
        struct stat st;
        const char *path = internf("%s/%s", set->folder, set->entries[i].name);
        if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
            return error_at(errors, (struct place){0}, "cannot write '%s': %s", path,
                            strerror(EISDIR));
    }
    return true;
}

static void write_list(FILE *file, const void *context)
{
    const struct set *set = context;
    for (size_t i = 0; i < set->n; i++)
        fprintf(file, "%s/%s\n", set->entries[i].temporary ? set->entries[i].temporary : "",
                set->entries[i].name);
}

/* Gives a file its name, or takes one away. */
static bool settle(const char *from, const char *to)
{
    return (from ? rename(from, to) : unlink(to)) == 0 || errno == ENOENT;
}

/* Does what the list says. What was done before is not there any more, and no error. */
static bool carry_out(const struct set *set, struct errors *errors)
{
    bool good = true;
    for (size_t i = 0; i < set->n; i++) {
        const struct entry *entry = &set->entries[i];
        const char *to = internf("%s/%s", set->folder, entry->name);
        const char *from =
            entry->temporary ? internf("%s/%s", set->folder, entry->temporary) : NULL;
        if (!settle(from, to) && !settle(from, to)) /* twice where it must be */
            good =
                error_at(errors, (struct place){0}, "cannot write '%s': %s", to, strerror(errno));
        if (from)
            save_done(from);
    }
    return good;
}

bool save_commit(const char *folder, struct errors *errors)
{
    struct set *set = take(folder);
    if (!set)
        return true;
    const char *list = internf("%s/%s", set->folder, list_name);
    bool listed = set->n > 1;
    bool good = possible(set, errors) && flush_all(set, errors) &&
                (!listed || save_file(folder, list_name, write_list, set, errors));
    if (!good) {
        remove_parts(set);
    } else {
        save_settle(folder);
        save_committing(true); /* what is listed is no longer to be removed */
        good = carry_out(set, errors);
        if (listed && good)
            unlink(list); /* else whoever takes the folder next goes on with it */
        save_committing(false);
        save_settle(folder);
    }
    set_free(set);
    return good;
}

/* ---- what others left ---- */

/* Names in the folder itself, temporary ones as save_file makes them. */
static bool is_part(const char *name)
{
    size_t n = strlen(name);
    return n > sizeof part + PART_DIGITS && name[0] == '.' &&
           strcmp(name + n - (sizeof part - 1), part) == 0 && !strchr(name, '/');
}

static void read_entry(struct set *set, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    char *slash = strchr(line, '/');
    if (!slash || slash[1] == '\0' || slash[1] == '.' || strchr(slash + 1, '/'))
        return;
    *slash = '\0';
    if (*line && !is_part(line))
        return;
    set->entries = xrealloc(set->entries, (set->n + 1) * sizeof *set->entries);
    set->entries[set->n++] = (struct entry){*line ? intern(line) : NULL, intern(slash + 1), -1};
}

/* False, with an error, where it cannot be finished: the list then stays. */
static bool finish_list(const char *folder, struct errors *errors)
{
    const char *path = internf("%s/%s", folder, list_name);
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    struct stat st;
    if (!file || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        if (file)
            fclose(file);
        else if (fd >= 0)
            close(fd);
        return true;
    }
    struct set set = {.folder = intern(folder)};
    char line[2 * (NAME_MAX + 1) + 2];
    while (fgets(line, sizeof line, file))
        read_entry(&set, line);
    fclose(file);
    bool good = carry_out(&set, errors);
    free(set.entries);
    if (good)
        unlink(path);
    save_settle(folder);
    return good;
}

/* Whether nobody writes it any more: the folder is ours, and so are those that are named as we name
 * them; an older version told by the number of its process. */
static bool is_stale(const char *name)
{
    char *end;
    size_t n = strlen(name), digits = 0;
    if (n <= sizeof part || strcmp(name + n - (sizeof part - 1), part) != 0 || name[0] != '.')
        return false;
    size_t dot = n - (sizeof part - 1);
    while (dot > digits && isxdigit((unsigned char)name[dot - digits - 1]))
        digits++;
    if (digits + 1 >= dot || name[dot - digits - 1] != '.')
        return false;
    if (digits == PART_DIGITS)
        return true;
    long process = strtol(name + dot - digits, &end, 10);
    return process > 0 && strcmp(end, part) == 0 && kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

bool save_set_repair(const char *folder, struct errors *errors)
{
    if (!finish_list(folder, errors))
        return error_at(errors, (struct place){0},
                        "'%s' holds a set of files that was interrupted while it got its names, "
                        "and it cannot be finished: what is in its way must go",
                        folder);
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        if (is_stale(entry->d_name))
            unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries)
        closedir(entries);
    return true;
}
