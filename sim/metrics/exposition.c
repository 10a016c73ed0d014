#include "exposition.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static char *skip_blanks(char *text)
{
    return text + strspn(text, " \t");
}

/* Cuts the word at `*at` off, and goes behind it and the blanks that follow. */
static char *next_word(char **at)
{
    char *word = *at, *end = word + strcspn(word, " \t");
    *at = skip_blanks(end);
    if (*end)
        *end = '\0';
    return word;
}

bool exposition_number(const char *text, double *value)
{
    const char *digits = text + (*text == '+' || *text == '-');
    if (strcasecmp(digits, "inf") == 0 || strcasecmp(digits, "infinity") == 0) {
        *value = *text == '-' ? -INFINITY : INFINITY;
        return true;
    }
    if (strcasecmp(text, "nan") == 0) {
        *value = NAN;
        return true;
    }
    if (!isdigit((unsigned char)digits[*digits == '.']) ||
        digits[strspn(digits, "0123456789.eE+-")] != '\0')
        return false; /* what strtod would take besides */
    char *end;
    *value = strtod(text, &end);
    return *end == '\0';
}

/* ---- names and labels ---- */

/* The end of a name; the same place where there is none. */
static char *name_end(char *text)
{
    char *p = text;
    if (isalpha((unsigned char)*p) || *p == '_' || *p == ':')
        while (isalnum((unsigned char)*p) || *p == '_' || *p == ':')
            p++;
    return p;
}

/* The text between double quotes at `*at`, its escapes taken away in place; NULL: it has no end. */
static char *quoted(char **at)
{
    char *from = *at + 1, *to = from, *start = from;
    while (*from && *from != '"') {
        if (*from == '\\' && from[1]) {
            from++;
            *to++ = *from == 'n' ? '\n' : *from;
            from++;
        } else {
            *to++ = *from++;
        }
    }
    if (!*from)
        return NULL;
    *to = '\0';
    *at = from + 1;
    return start;
}

/* A name, bare or quoted, at `*at`; `*end` is what stood behind it (a bare name is not ended yet).
 */
static char *read_name(char **at, char **bare_end)
{
    *bare_end = NULL;
    if (**at == '"')
        return quoted(at);
    char *name = *at, *end = name_end(name);
    if (end == name)
        return NULL;
    *bare_end = end;
    *at = end;
    return name;
}

static const char *const no_label = "labels are not of the form {name=\"value\",...}";

/* What stands between braces, behind the first. */
static bool read_labels(char **at, struct exposition *out, const char **why)
{
    *why = no_label;
    for (;;) {
        *at = skip_blanks(*at);
        if (**at == '}')
            break;
        char *bare, *name = read_name(at, &bare);
        if (!name)
            return false;
        *at = skip_blanks(*at);
        bool named = **at == '=';
        if (named) {
            if (bare)
                *bare = '\0';
            *at = skip_blanks(*at + 1);
            char *value = **at == '"' ? quoted(at) : NULL;
            if (!value)
                return false;
            if (out->labels == EXPOSITION_LABELS) {
                *why = "more than 64 labels";
                return false;
            }
            out->label[out->labels++] = (struct exposition_label){name, value};
        } else if (!bare && !out->name && out->labels == 0) {
            out->name = name; /* a quoted name stands in the braces */
        } else {
            return false;
        }
        *at = skip_blanks(*at);
        if (**at == ',')
            ++*at;
        else if (**at != '}')
            return false;
    }
    ++*at;
    return true;
}

/* Name and labels; `*at` goes behind them. */
static bool read_series(char **at, struct exposition *out, const char **why)
{
    char *end = name_end(*at);
    if (end > *at) {
        out->name = *at;
        *at = skip_blanks(end);
    } else if (**at != '{') {
        *why = "it does not begin with the name of a metric";
        return false;
    }
    if (**at == '{') {
        *end = '\0';
        ++*at;
        if (!read_labels(at, out, why))
            return false;
    } else if (*at > end) {
        *end = '\0';
    }
    *why = "no metric is named";
    return out->name && *out->name;
}

/* ---- lines ---- */

static void read_comment(char *text, struct exposition *out)
{
    text = skip_blanks(text + 1);
    char *keyword = next_word(&text);
    if (strcmp(keyword, "EOF") == 0 && !*text)
        out->kind = EXPOSITION_EOF;
    bool type = strcmp(keyword, "TYPE") == 0, unit = strcmp(keyword, "UNIT") == 0;
    if (!type && !unit)
        return;
    char *name = *text == '"' ? quoted(&text) : next_word(&text);
    if (!name || !*name)
        return;
    text = skip_blanks(text);
    *out = (struct exposition){
        .kind = type ? EXPOSITION_TYPE : EXPOSITION_UNIT, .name = name, .word = next_word(&text)};
}

bool exposition_read(char *line, struct exposition *out, const char **why)
{
    out->kind = EXPOSITION_NOTHING;
    out->name = out->word = NULL;
    out->labels = 0;
    out->value = out->time = NAN;
    char *text = skip_blanks(line);
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
    if (*text == '#')
        read_comment(text, out);
    if (!*text || *text == '#')
        return true;
    if (!read_series(&text, out, why))
        return false;
    text = skip_blanks(text);
    if (*text == '{') {
        *why = "its value is composite (a native histogram): classic ones with le are read";
        return false;
    }
    if (!exposition_number(next_word(&text), &out->value)) {
        *why = "its value is no number";
        return false;
    }
    if (*text && *text != '#') {
        if (!exposition_number(next_word(&text), &out->time) || !isfinite(out->time)) {
            *why = "its time is no number";
            return false;
        }
        if (fabs(out->time) >= 1e11)
            out->time *= 1e-3;
    }
    if (*text && *text != '#') {
        *why = "something follows value and time";
        return false;
    }
    out->kind = EXPOSITION_SAMPLE;
    return true;
}

bool exposition_selector(char *text, struct exposition *out, const char **why)
{
    *out = (struct exposition){.value = NAN, .time = NAN};
    text = skip_blanks(text);
    if (!read_series(&text, out, why))
        return false;
    *why = "something follows the name and the labels";
    return *skip_blanks(text) == '\0';
}

bool exposition_is_likely(char *line)
{
    struct exposition out;
    const char *why;
    return exposition_read(line, &out, &why) && out.kind != EXPOSITION_NOTHING;
}
