#include "err.h"

#include <ctype.h>
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The GSL's own handler aborts the program where a function is asked what it has no answer to. This
 * one lets it return, and every result is looked at (a status, NAN, INFINITY); only its running out
 * of memory ends the program, as our own does. */
static void gsl_tells(const char *why, const char *file, int line, int code)
{
    (void)file;
    (void)line;
    if (code == GSL_ENOMEM)
        out_of("out of memory", why);
}

/* Before main: so it holds in the program, tests, benchmarks and fuzz targets alike, all of which
 * are linked with this file. There is one handler for all threads: nobody sets it again. */
__attribute__((constructor)) static void gsl_quiet(void)
{
    gsl_set_error_handler(gsl_tells);
}

/* Bytes of the UTF-8 character at `p` (Unicode 15, table 3-7), 0 where there is none or where it is
 * a control character, a line or paragraph separator, or no character at all. */
static size_t character(const unsigned char *p)
{
    if (p[0] < 0x80)
        return p[0] >= 0x20 && p[0] != 0x7f;
    size_t n = p[0] >= 0xc2 && p[0] <= 0xdf ? 2 : (p[0] & 0xf0) == 0xe0 ? 3 : 4;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    unsigned char low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
    unsigned char high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    bool c1 = p[0] == 0xc2 && p[1] < 0xa0;
    bool separator = p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9);
    bool mark = p[0] == 0xef && ((p[1] == 0xbb && p[2] == 0xbf) || (p[1] == 0xbf && p[2] >= 0xbe));
    return c1 || separator || mark ? 0 : n;
}

bool text_is_clean(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    while (*p && character(p) > 0)
        p += character(p);
    return *p == '\0';
}

static void make_printable(char *text)
{
    unsigned char *p = (unsigned char *)text;
    while (*p) {
        size_t n = character(p);
        if (n == 0)
            *p = '?';
        p += n ? n : 1;
    }
}

bool error_at(struct errors *errors, struct place at, const char *format, ...)
{
    if (!errors || errors->n++ >= ERRORS_KEPT)
        return false;
    char *text = errors->text[errors->n - 1];
    int used = 0;
    if (at.source && at.line > 0)
        used =
            snprintf(text, ERROR_TEXT, "%.*s:%d:%d: ", PLACE_SOURCE, at.source, at.line, at.column);
    else if (at.source)
        used = snprintf(text, ERROR_TEXT, "%.*s: ", PLACE_SOURCE, at.source);
    used += snprintf(text + used, ERROR_TEXT - (size_t)used, "error: ");
    va_list args;
    va_start(args, format);
    vsnprintf(text + used, ERROR_TEXT - (size_t)used, format, args);
    va_end(args);
    make_printable(text);
    return false;
}

/* Interned strings: an open-addressing table that only grows, shared by all threads. */
static struct {
    pthread_mutex_t lock;
    char **slots;
    size_t n, size;
} interned = {.lock = PTHREAD_MUTEX_INITIALIZER};

static size_t hash(const char *text)
{
    uint64_t h = 0xcbf29ce484222325u; /* FNV-1a (Fowler, Noll, Vo 1991) */
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001b3u;
    return (size_t)(h ^ h >> 32);
}

static char **slot_of(const char *text)
{
    size_t i = hash(text) & (interned.size - 1);
    while (interned.slots[i] && strcmp(interned.slots[i], text) != 0)
        i = (i + 1) & (interned.size - 1);
    return &interned.slots[i];
}

static void grow(void)
{
    char **old = interned.slots;
    size_t size = interned.size;
    interned.size = size ? 2 * size : 256;
    interned.slots = xcalloc(interned.size, sizeof *interned.slots);
    for (size_t i = 0; i < size; i++)
        if (old[i])
            *slot_of(old[i]) = old[i];
    free(old);
}

const char *intern(const char *text)
{
    pthread_mutex_lock(&interned.lock);
    if (2 * interned.n >= interned.size)
        grow();
    char **slot = slot_of(text);
    if (!*slot) {
        size_t size = strlen(text) + 1;
        *slot = memcpy(xmalloc(size), text, size);
        interned.n++;
    }
    const char *kept = *slot;
    pthread_mutex_unlock(&interned.lock);
    return kept;
}

uint32_t hash_name(const char *name)
{
    uint32_t h = 0x811c9dc5u;
    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * 0x01000193u;
    return h;
}

const char *internf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    size_t size = length < 0 ? 1 : (size_t)length + 1;
    char *text = xcalloc(size, 1);
    va_start(args, format);
    vsnprintf(text, size, format, args);
    va_end(args);
    const char *kept = intern(text);
    free(text);
    return kept;
}

void out_of(const char *what, const char *why)
{
    fprintf(stderr, "queuescope: %s (%s)\n", what, why);
    exit(1);
}

static void *checked(void *memory, size_t size)
{
    if (memory || size == 0)
        return memory;
    char why[64];
    snprintf(why, sizeof why, "%zu bytes wanted", size);
    out_of("out of memory", why);
}

void *xmalloc(size_t size)
{
    return checked(malloc(size), size);
}

void *xcalloc(size_t count, size_t size)
{
    return checked(calloc(count, size), count && size ? count * size : 0);
}

void *xaligned(size_t size)
{
    enum { CACHE_LINE = 64 };
    size_t whole = (size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    return memset(checked(aligned_alloc(CACHE_LINE, whole), whole), 0, whole);
}

void *xrealloc(void *old, size_t size)
{
    return checked(realloc(old, size), size);
}

FILE *xstream(char **text, size_t *size)
{
    FILE *stream = open_memstream(text, size);
    if (!stream)
        out_of("out of memory", strerror(errno));
    return stream;
}

char *xstream_end(FILE *stream, char *const *text)
{
    bool good = !ferror(stream);
    /* glibc closes without an error where it finds no memory for the text as long as it is. */
    if (fclose(stream) != 0 || !good || !*text)
        out_of("out of memory", "for a text");
    return *text;
}

enum { WORD = 64 };

/* Optimal string alignment distance: insert, delete, replace, swap of neighbours (Damerau 1964, in
 * the restricted form), without regard to case. Both words are shorter than WORD. */
static size_t distance(const char *a, const char *b)
{
    size_t d[3][WORD + 1], n = strlen(b), m = strlen(a);
    for (size_t j = 0; j <= n; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t *now = d[i % 3], *last = d[(i + 2) % 3], *before = d[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= n; j++) {
            int x = tolower((unsigned char)a[i - 1]), y = tolower((unsigned char)b[j - 1]);
            size_t best = last[j - 1] + (x != y);
            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) &&
                y == tolower((unsigned char)a[i - 2]) && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
    }
    return d[m % 3][n];
}

const char *nearest(const char *word, const char *const *names)
{
    size_t length = strlen(word);
    if (length == 0 || length >= WORD)
        return NULL;
    const char *best = NULL, *begun = NULL;
    size_t limit = length < 3 ? 1 : (length + 2) / 3, least = limit + 1, beginnings = 0;
    for (; *names; names++) {
        if (strlen(*names) >= WORD)
            continue;
        size_t d = distance(word, *names);
        if (d < least && d < length) {
            least = d;
            best = *names;
        }
        if (length >= 3 && strncmp(word, *names, length) == 0) {
            begun = *names;
            beginnings++;
        }
    }
    return best ? best : beginnings == 1 ? begun : NULL;
}
