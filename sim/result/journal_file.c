#include "journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int journal_file_open(const char *path)
{
    struct stat st;
    if (lstat(path, &st) == 0 && (!S_ISREG(st.st_mode) || st.st_nlink != 1) && unlink(path) != 0)
        return -1;
    return open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
}

bool journal_file_read(int fd, void *data, size_t n, off_t at)
{
    unsigned char *to = data;
    while (n > 0) {
        ssize_t got = pread(fd, to, n, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        at += got;
        n -= (size_t)got;
    }
    return true;
}

bool journal_file_write(int fd, const void *data, size_t n, off_t at)
{
    const unsigned char *from = data;
    while (n > 0) {
        ssize_t put_now = pwrite(fd, from, n, at);
        if (put_now < 0 && errno == EINTR)
            continue;
        if (put_now < 0)
            return false;
        from += put_now;
        at += put_now;
        n -= (size_t)put_now;
    }
    return true;
}
