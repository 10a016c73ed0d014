/* Scenario files from the disk: what is read, and how much of it at most. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

enum { TEXT_LONGEST = 1 << 20, PICTURE_LONGEST = 256 << 20 }; /* bytes */

static const unsigned char png_signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

struct bytes {
    unsigned char *data;
    size_t n, size;
};

static bool is_png(const struct bytes *bytes)
{
    return bytes->n >= sizeof png_signature &&
           memcmp(bytes->data, png_signature, sizeof png_signature) == 0;
}

static bool read_all(int fd, struct place at, struct bytes *bytes, struct errors *errors)
{
    for (;;) {
        size_t longest = is_png(bytes) ? PICTURE_LONGEST : TEXT_LONGEST;
        if (bytes->n > longest)
            return error_at(errors, at, "too large for a scenario: more than %zu bytes", longest);
        if (bytes->n == bytes->size) {
            bytes->size = bytes->size ? 2 * bytes->size : 65536;
            bytes->data = xrealloc(bytes->data, bytes->size);
        }
        ssize_t got = read(fd, bytes->data + bytes->n, bytes->size - bytes->n);
        if (got == 0)
            return true;
        if (got > 0)
            bytes->n += (size_t)got;
        else if (errno != EINTR)
            return error_at(errors, at, "cannot be read: %s", strerror(errno));
    }
}

static bool open_and_read(const char *file, struct bytes *bytes, struct errors *errors)
{
    struct place at = {intern(file), 0, 0};
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_at(errors, at, "cannot be opened: %s", strerror(errno));
    struct stat status;
    bool good = fstat(fd, &status) == 0 && !S_ISDIR(status.st_mode);
    if (!good)
        error_at(errors, at, "a folder, not a scenario file");
    good = good && read_all(fd, at, bytes, errors);
    close(fd);
    return good;
}

static bool files_allowed;

void config_allow_files(void)
{
    files_allowed = true;
}

/* A key that names a file, in a scenario or in what it varies. */
struct named {
    const char *path, *file;
};

static void note_file(void *context, const char *path, const struct param *row, const char *text)
{
    struct named *named = context;
    if (row->kind == PARAM_FILE)
        *named = (struct named){intern(path), text};
}

static struct named find_file(const struct scenario *s)
{
    struct named named = {NULL, NULL};
    struct param_ref ref;
    param_each(s, note_file, &named);
    for (size_t i = 0; i < (size_t)s->vary_count && !named.path; i++)
        if (!param_find(s, s->vary[i].path, (struct place){0}, &ref, NULL) ||
            ref.kind == PARAM_FILE)
            named = (struct named){s->vary[i].path, s->vary[i].values[0]};
    return named;
}

bool config_read_picture(const char *name, const char *text, size_t length, struct scenario *s,
                         struct places *places, struct errors *errors)
{
    bool good = config_read(name, text, length, s, places, errors);
    struct named named = files_allowed ? (struct named){NULL, NULL} : find_file(s);
    if (!named.path)
        return good;
    places_spoil(places, "", false);
    return error_at(errors, (struct place){intern(name), 0, 0},
                    "the scenario in this picture wants a file read: %s: %s. Pictures come from "
                    "anywhere: --allow-files lets this one read it",
                    named.path, named.file ? named.file : "");
}

static bool load_picture(const char *file, const struct bytes *bytes, config_extract *extract,
                         struct scenario *s, struct places *places, struct errors *errors)
{
    char *text = extract ? extract(file, bytes->data, bytes->n) : NULL;
    if (!text) {
        places_spoil(places, "", false);
        return error_at(errors, (struct place){intern(file), 0, 0},
                        "a PNG without a scenario in it: pictures drawn by queuescope have one");
    }
    bool good = config_read_picture(file, text, strlen(text), s, places, errors);
    free(text);
    return good;
}

bool config_load(const char *file, config_extract *extract, struct scenario *s,
                 struct places *places, struct errors *errors)
{
    struct bytes bytes = {0};
    bool good = open_and_read(file, &bytes, errors);
    if (!good)
        places_spoil(places, "", false);
    else if (is_png(&bytes))
        good = load_picture(file, &bytes, extract, s, places, errors);
    else
        good = config_read(file, (const char *)bytes.data, bytes.n, s, places, errors);
    free(bytes.data);
    return good;
}
