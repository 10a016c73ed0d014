/* Access logs of reader.h: a line is words between blanks, where "..." and [...] are one word. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader_in.h"

struct word {
    char *text;
    char mark; /* '"' or '[' around it, or 0 */
};

/* Cuts a line into words; backslashes before a quote keep it in the word. */
static int cut(char *p, struct word words[FIELDS])
{
    int n = 0;
    while (n < FIELDS) {
        p += strspn(p, " \t");
        if (!*p)
            break;
        char mark = *p == '"' || *p == '[' ? *p : 0, close = mark == '[' ? ']' : '"';
        char *from = mark ? p + 1 : p;
        if (mark) {
            for (p = from; *p && *p != close; p++)
                p += *p == '\\' && p[1];
        } else {
            p += strcspn(p, " \t");
        }
        words[n++] = (struct word){from, mark};
        if (*p)
            *p++ = '\0';
    }
    return n;
}

static int date_of(const struct word *words, int n)
{
    for (int i = 0; i < n; i++)
        if (words[i].mark == '[')
            return i;
    return -1;
}

static bool is_time(const char *text)
{
    struct decimal number;
    const char *end = decimal_read(text, &number);
    return end && *end == '\0' && number.value >= 0;
}

/* Keys under which request times are written. */
static const char *const keys[] = {
    "request_time=", "rt=", "request_time:", "duration=", "elapsed=", "D=", "time=", NULL};

/* Where the time of a request stands behind date, request, status and bytes: a word with a key, or
 * the first number. */
static bool find_service(struct reader *r, const struct word *words, int n)
{
    int date = date_of(words, n);
    for (const char *const *key = keys; *key; key++)
        for (int i = date + 1; i < n; i++)
            if (strncmp(words[i].text, *key, strlen(*key)) == 0) {
                r->key = *key;
                return true;
            }
    for (int i = date + 4; i < n; i++)
        if (is_time(words[i].text)) {
            r->service = i;
            return true;
        }
    return false;
}

/* The text of the request time in a line, or NULL. */
static const char *service_of(const struct reader *r, const struct word *words, int n)
{
    if (!r->key)
        return r->service < n ? words[r->service].text : NULL;
    for (int i = 0; i < n; i++)
        if (strncmp(words[i].text, r->key, strlen(r->key)) == 0)
            return words[i].text + strlen(r->key);
    return NULL;
}

static bool ask_service(struct reader *r, const char *asked)
{
    char *end;
    long number = strtol(asked, &end, 10);
    if (isdigit((unsigned char)*asked) && *end == '\0' && number >= 1 && number <= FIELDS) {
        r->service = (int)number - 1;
        return true;
    }
    r->key = internf("%s=", asked);
    return !isdigit((unsigned char)*asked);
}

static bool open_access(struct reader *r, char *first, struct errors *errors)
{
    struct place at = {r->facts.file, (int)lines_number(r->lines), 1};
    size_t size = strlen(first) + 1;
    char *copy = memcpy(xmalloc(size), first, size);
    struct word words[FIELDS];
    int n = cut(copy, words);
    bool good = r->options.service ? ask_service(r, r->options.service) : find_service(r, words, n);
    const char *text = good ? service_of(r, words, n) : NULL;
    r->guessed = !(r->options.unit > 0);
    if (good && r->guessed && text && *text && !strchr(text, '.')) {
        r->facts.unit = 1e-6;
        r->facts.service = "request time, a whole number: microseconds, as Apache's %D";
    }
    if (!r->facts.service)
        r->facts.service = r->key ? internf("request time (%s)", r->key)
                                  : internf("request time (word %d)", r->service + 1);
    r->facts.arrival = "time of the request's end less its request time";
    r->facts.end = r->options.moment != MOMENT_START;
    if (!r->facts.end)
        r->facts.arrival = "time of the request";
    r->kept = first;
    free(copy);
    return good || error_at(errors, at,
                            "no request time was recognised behind the combined log format: log it "
                            "($request_time in nginx, %%D in Apache), or name it with --service");
}

static enum log_verdict read_access(struct reader *r, char *line, struct log_task *task)
{
    struct word words[FIELDS];
    struct stamp stamp;
    int n = cut(line, words), date = date_of(words, n);
    if (date < 0 || !stamp_read_access(words[date].text, &stamp))
        return reader_bad(r, "no date such as [10/Oct/2023:13:55:36 +0000]");
    const char *text = service_of(r, words, n);
    if (!text)
        return reader_bad(r, "no request time");
    if (r->guessed && r->facts.unit != 1 && strchr(text, '.'))
        return reader_bad(r, "the request time '%s' is no whole number, as the first one is",
                          reader_quote(text));
    if (!reader_size(r, text, &task->size) || !reader_time(r, &stamp, &task->arrival))
        return LINE_BAD;
    return LINE_TASK;
}

const struct log_reading reading_access = {open_access, read_access};
