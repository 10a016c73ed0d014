/*
 * A library to be loaded before the program (LD_PRELOAD): one of its calls of the system fails.
 *
 *   FAULT=KIND    malloc, open, read, write, fsync, rename, close, mmap or thread
 *   FAULT_AT=N    the N-th call of that kind fails, counted from 1 ...
 *   FAULT_ON=1    ... and all after it
 *   FAULT_COUNT=FILE  none fails; how many calls of the kind there were is written there at the end
 *
 * Calls count that the program and its libraries make by name; those that the C library makes of
 * itself inside do not. What stdio writes fails where it is flushed (fflush, fclose). Memory that
 * fontconfig, expat, pixman and cairo ask for does not fail: they follow a null pointer then, look
 * for a file without end, jump to nowhere or leave out a line without a word, and nobody above them
 * can help it. Where another library dies of it, the exit status is DIED_IN_LIBRARY.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
int open64(const char *file, int flags, ...);
FILE *fopen64(const char *file, const char *mode);

static const char *volatile kind;
static long at, on;
static const char *count_file;
static atomic_long calls;

/* Where the code of libraries lies whose memory does not fail. */
enum { SPARED = 8, FRAMES = 64, DIED_IN_LIBRARY = 99 };
static struct {
    uintptr_t from, to;
} spared[SPARED];
static int n_spared;

static int spare(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size;
    (void)context;
    if (!strstr(info->dlpi_name, "libfontconfig") && !strstr(info->dlpi_name, "libexpat") &&
        !strstr(info->dlpi_name, "libpixman") && !strstr(info->dlpi_name, "libcairo"))
        return 0;
    for (int i = 0; i < info->dlpi_phnum && n_spared < SPARED; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD && info->dlpi_phdr[i].p_flags & PF_X) {
            spared[n_spared].from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
            spared[n_spared].to = spared[n_spared].from + info->dlpi_phdr[i].p_memsz;
            n_spared++;
        }
    return 0;
}

static int is_spared(const void *caller)
{
    for (int i = 0; i < n_spared; i++)
        if ((uintptr_t)caller >= spared[i].from && (uintptr_t)caller < spared[i].to)
            return 1;
    return 0;
}

/* Whose function died: the first that is neither the C library's nor ours. What is called here may
 * be called by no handler, and is: there is nothing left to lose.
 * NOLINTBEGIN(bugprone-signal-handler) */
static void on_death(int number)
{
    void *frames[FRAMES];
    Dl_info info;
    int n = backtrace(frames, FRAMES), ours = 0;
    for (int i = 0; i < n; i++) {
        if (!dladdr(frames[i], &info) || !info.dli_fname || strstr(info.dli_fname, "/libc.") ||
            strstr(info.dli_fname, "inject.so"))
            continue;
        ours = strstr(info.dli_fname, ".so") == NULL;
        break;
    }
    if (!ours)
        _exit(DIED_IN_LIBRARY);
    signal(number, SIG_DFL);
    raise(number);
}
/* NOLINTEND(bugprone-signal-handler) */

__attribute__((constructor)) static void begin(void)
{
    if (getenv("FAULT")) {
        signal(SIGSEGV, on_death);
        signal(SIGABRT, on_death);
    }
    void *frame;
    (void)backtrace(&frame, 1); /* which loads what it needs */
    dl_iterate_phdr(spare, NULL);
    const char *text = getenv("FAULT_AT");
    at = text ? strtol(text, NULL, 10) : 0;
    on = getenv("FAULT_ON") != NULL;
    count_file = getenv("FAULT_COUNT");
    kind = getenv("FAULT");
}

__attribute__((destructor)) static void end(void)
{
    if (!count_file)
        return;
    kind = NULL;
    FILE *file = fopen(count_file, "w");
    if (file) {
        fprintf(file, "%ld\n", atomic_load(&calls));
        fclose(file);
    }
}

/* Whether this call of a kind is the one to fail. */
static int fails(const char *what, int error)
{
    if (!kind || strcmp(kind, what) != 0)
        return 0;
    long n = atomic_fetch_add(&calls, 1) + 1;
    if (at == 0 || n < at || (n > at && !on))
        return 0;
    errno = error;
    return 1;
}

/* Calls that are made for one of the spared do not count. */
static int memory_fails(void)
{
    static _Thread_local int looking;
    if (!kind || *kind != 'm' || looking)
        return 0;
    void *frames[FRAMES];
    int n;
    looking = 1;
    n = backtrace(frames, FRAMES);
    looking = 0;
    for (int i = 0; i < n; i++)
        if (is_spared(frames[i]))
            return 0;
    return fails("malloc", ENOMEM);
}

/* The function of that name behind this library; casts as dlsym's manual has them. */
#define REAL(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))

void *malloc(size_t size)
{
    return memory_fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return memory_fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    return memory_fails() ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memory_fails() ? NULL : __libc_memalign(alignment, size);
}

static mode_t mode_of(int flags, va_list args)
{
    return flags & O_CREAT ? (mode_t)va_arg(args, int) : 0;
}

int open(const char *file, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return fails("open", EMFILE) ? -1 : REAL(open)(file, flags, mode);
}

int open64(const char *file, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return fails("open", EMFILE) ? -1 : REAL(open64)(file, flags, mode);
}

FILE *fopen(const char *file, const char *mode)
{
    return fails("open", EMFILE) ? NULL : REAL(fopen)(file, mode);
}

FILE *fopen64(const char *file, const char *mode)
{
    return fails("open", EMFILE) ? NULL : REAL(fopen64)(file, mode);
}

FILE *fdopen(int fd, const char *mode)
{
    return fails("open", ENOMEM) ? NULL : REAL(fdopen)(fd, mode);
}

FILE *open_memstream(char **text, size_t *size)
{
    return fails("open", ENOMEM) ? NULL : REAL(open_memstream)(text, size);
}

DIR *opendir(const char *folder)
{
    return fails("open", EMFILE) ? NULL : REAL(opendir)(folder);
}

ssize_t read(int fd, void *to, size_t n)
{
    return fails("read", EIO) ? -1 : REAL(read)(fd, to, n);
}

ssize_t pread(int fd, void *to, size_t n, off_t from)
{
    return fails("read", EIO) ? -1 : REAL(pread)(fd, to, n, from);
}

ssize_t getrandom(void *to, size_t n, unsigned flags)
{
    return fails("read", EIO) ? -1 : REAL(getrandom)(to, n, flags);
}

ssize_t write(int fd, const void *from, size_t n)
{
    return fails("write", ENOSPC) ? -1 : REAL(write)(fd, from, n);
}

ssize_t pwrite(int fd, const void *from, size_t n, off_t to)
{
    return fails("write", ENOSPC) ? -1 : REAL(pwrite)(fd, from, n, to);
}

int fflush(FILE *file)
{
    return file && fails("write", ENOSPC) ? EOF : REAL(fflush)(file);
}

int fsync(int fd)
{
    return fails("fsync", EIO) ? -1 : REAL(fsync)(fd);
}

int rename(const char *from, const char *to)
{
    return fails("rename", EIO) ? -1 : REAL(rename)(from, to);
}

/* What is closed is closed, but what was written may not be there. */
int close(int fd)
{
    int failing = fails("close", EIO), result = REAL(close)(fd);
    return failing ? -1 : result;
}

int fclose(FILE *file)
{
    int failing = fails("close", EIO), result = REAL(fclose)(file);
    return failing ? EOF : result;
}

void *mmap(void *where, size_t n, int protection, int flags, int fd, off_t from)
{
    return fails("mmap", ENOMEM) ? MAP_FAILED : REAL(mmap)(where, n, protection, flags, fd, from);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*work)(void *),
                   void *context)
{
    return fails("thread", EAGAIN) ? EAGAIN
                                   : REAL(pthread_create)(thread, attributes, work, context);
}
