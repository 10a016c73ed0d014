#include "warnings.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

/* Where a warning speaks of columns: from the blank before "in" to behind the parenthesis. */
struct where {
    const char *begin, *counted, *end; /* counted: behind "columns" */
    unsigned columns;
};

static bool find_where(const char *text, struct where *out)
{
    for (const char *at = strstr(text, " in "); at; at = strstr(at + 1, " in ")) {
        unsigned of;
        int length = 0;
        if (sscanf(at, " in %u of %u columns%n", &out->columns, &of, &length) < 2 || length == 0)
            continue;
        out->begin = at;
        out->counted = out->end = at + length;
        const char *close = strncmp(out->end, " (", 2) == 0 ? strchr(out->end, ')') : NULL;
        if (close)
            out->end = close + 1;
        return true;
    }
    return false;
}

/* Up to the advice: the first colon, semicolon or comma outside parentheses. */
static size_t upto_advice(const char *text)
{
    int depth = 0;
    size_t i = 0;
    for (; text[i]; i++) {
        depth += (text[i] == '(') - (text[i] == ')');
        if (depth == 0 && strchr(":;,", text[i]))
            break;
    }
    return i;
}

const char *warning_brief(const char *text)
{
    struct where where;
    if (find_where(text, &where))
        return internf("%.*s", (int)(where.counted - text), text);
    return internf("%.*s", (int)upto_advice(text), text);
}

const char *warning_kind(const char *text)
{
    struct where where;
    if (find_where(text, &where))
        return internf("%.*s", (int)(where.begin - text), text);
    return internf("%.*s", (int)upto_advice(text), text);
}

static bool in_number(const char *at)
{
    return isdigit((unsigned char)*at) || (*at == '.' && isdigit((unsigned char)at[1]));
}

/* A number, the unit that follows it (which moves with its size), and "up to " before it. */
static const char *skip_amount(const char *at)
{
    static const char *const units[] = {"ns", "us", "ms", "s", "min", "h", "d", "y", "%", NULL};
    if (strncmp(at, "up to ", 6) == 0 && in_number(at + 6))
        at += 6;
    char *end;
    (void)strtod(at, &end);
    at = end;
    while (isalpha((unsigned char)*at))
        at++;
    for (size_t i = 0; *at == ' ' && units[i]; i++) {
        size_t length = strlen(units[i]);
        if (strncmp(at + 1, units[i], length) == 0 && !isalpha((unsigned char)at[1 + length]))
            return at + 1 + length;
    }
    return at;
}

/* The text without columns and amounts: alike where that is the same. */
static const char *pattern(const char *text)
{
    struct where where;
    bool columns = find_where(text, &where);
    char *out = xmalloc(strlen(text) + 1);
    size_t n = 0;
    for (const char *at = text; *at;) {
        if (columns && at == where.begin) {
            at = where.end;
        } else if (in_number(at) || (strncmp(at, "up to ", 6) == 0 && in_number(at + 6))) {
            at = skip_amount(at);
            out[n++] = '#';
        } else {
            out[n++] = *at++;
        }
    }
    out[n] = '\0';
    const char *interned = intern(out);
    free(out);
    return interned;
}

static unsigned columns_of(const char *text)
{
    struct where where;
    return find_where(text, &where) ? where.columns : 0;
}

static void add(struct warning *warning, const char *text, size_t result)
{
    warning->in = xrealloc(warning->in, (warning->n + 1) * sizeof *warning->in);
    warning->in[warning->n++] = result;
    if (warning->n == 1)
        warning->same = true;
    else
        warning->same = warning->same && warning->text == text; /* interned */
    if (warning->n == 1 || columns_of(text) > columns_of(warning->text)) {
        warning->text = text;
        warning->from = result;
    }
}

struct warning *warnings_of(const struct result *const *results, size_t count, size_t *n)
{
    struct warning *warnings = NULL;
    const char **patterns = NULL;
    *n = 0;
    for (size_t i = 0; i < count; i++) {
        char *text = result_warnings(results[i]), *rest = NULL;
        for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
            const char *like = pattern(line);
            size_t k = 0;
            while (k < *n && patterns[k] != like) /* interned */
                k++;
            if (k == *n) {
                warnings = xrealloc(warnings, ++*n * sizeof *warnings);
                patterns = xrealloc(patterns, *n * sizeof *patterns);
                warnings[k] = (struct warning){0};
                patterns[k] = like;
            }
            add(&warnings[k], intern(line), i);
        }
        free(text);
    }
    free(patterns);
    return warnings;
}

void warnings_free(struct warning *warnings, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(warnings[i].in);
    free(warnings);
}
