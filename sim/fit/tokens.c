#include "tokens.h"

#include <ctype.h>
#include <string.h>

#include "measured.h"

static void add(struct record *r, const char *key, char *text, char mark)
{
    if (r->n < FIELDS)
        r->field[r->n] = (struct field){key, text, mark};
    r->n++;
}

/* ---- columns ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* What stands from `from` to `end`, without blanks and quotes around it. */
static char *trimmed(char *from, char *end)
{
    while (is_blank(*from))
        from++;
    while (end > from && is_blank(end[-1]))
        *--end = '\0';
    if (end - from >= 2 && *from == '"' && end[-1] == '"') {
        end[-1] = '\0';
        from++;
    }
    if (end - from >= 2 && *from == '[' && end[-1] == ']') { /* a date as access logs have it */
        end[-1] = '\0';
        from++;
    }
    return from;
}

/* How much of a word is a key: "rt" of rt=0.1; 0: it has none. A colon will do before a number. */
static size_t key_length(const char *word)
{
    size_t n = 0;
    if (!isalpha((unsigned char)*word) && *word != '_' && *word != '@')
        return 0;
    while (isalnum((unsigned char)word[n]) || (word[n] && strchr("_.@-", word[n])))
        n++;
    bool number = isdigit((unsigned char)word[n] ? word[n + 1] : '\0');
    return word[n] == '=' || (word[n] == ':' && number) ? n : 0;
}

static void cut_columns(char *p, char separator, struct record *r)
{
    for (;;) {
        char *from = p;
        bool quoted = false;
        for (; *p && (quoted || *p != separator); p++)
            quoted ^= *p == '"';
        bool last = *p == '\0';
        *p = '\0';
        char *text = trimmed(from, p++);
        size_t key = separator == '|' ? key_length(text) : 0; /* | took=13ms | */
        if (key > 0 && text[key] == '=') {
            text[key] = '\0';
            add(r, text, text + key + 1, 0);
        } else {
            add(r, NULL, text, 0);
        }
        if (last)
            return;
        while (separator == ' ' && *p == ' ')
            p++;
    }
}

/* ---- words ---- */

/* The end of what stands in quotes or brackets from `p` on; NULL: it is not closed. */
static char *closing(char *p, char close)
{
    for (; *p && *p != close; p++)
        p += *p == '\\' && p[1];
    return *p ? p : NULL;
}

/* Whether `text` begins with signs as in the mask: '9' any digit. */
static bool is_like(const char *text, const char *mask)
{
    for (; *mask; mask++, text++)
        if (*mask == '9' ? !isdigit((unsigned char)*text) : *mask != *text)
            return false;
    return true;
}

/* Whether what begins a date by the name of its month goes on as one: "Nov", "Nov 16", "Nov 16
 * 2023" before the rest of "Nov 16 2023 18:17:03". */
static bool month_begins(const char *from, size_t length, const char *next)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    bool named = false;
    for (int i = 0; i < 12 && length >= 3; i++)
        named = named || (strncmp(from, months + 3 * i, 3) == 0 && from[3] == ' ');
    if (!named || length > 12)
        return false;
    if (is_like(next, "99:99:99"))
        return length > 3;
    if (length == 3)
        return is_like(next, "9 99:99:99") || is_like(next, "99 99:99:99") ||
               is_like(next, "9 9999 99:99:99") || is_like(next, "99 9999 99:99:99");
    return length <= 6 && is_like(next, "9999 99:99:99");
}

/* The same of "3/12/2024 9:00:00 AM". */
static bool slashed_goes_on(const char *from, size_t length, const char *next, size_t word)
{
    bool date = is_like(from, "9/9/9999") || is_like(from, "9/99/9999") ||
                is_like(from, "99/9/9999") || is_like(from, "99/99/9999");
    if (!date)
        return false;
    if (length <= 10)
        return is_like(next, "9:99") || is_like(next, "99:99");
    return word == 2 && (memcmp(next, "AM", 2) == 0 || memcmp(next, "PM", 2) == 0);
}

/* Whether a word goes on behind the blanks at `end`. */
static bool goes_on(const char *from, const char *end)
{
    const char *next = end + strspn(end, " ");
    size_t length = (size_t)(end - from), word = strcspn(next, " \t");
    if (*end != ' ' || !*next || *next == '"' || *next == '[')
        return false;
    if (end[-1] == ',' || (end[-1] == ':' && length > 1 && is_blank(end[-2])))
        return true;
    if (is_like(next, ": "))
        return true;
    if (length == 10 && (is_like(from, "9999-99-99") || is_like(from, "9999/99/99")))
        return is_like(next, "99:99:99") || is_like(next, "- 99:99:99");
    if (slashed_goes_on(from, length, next, word))
        return true;
    if (length == 12 && end[-1] == '-' && is_like(from, "9999/99/99 - "))
        return is_like(next, "99:99:99");
    if (month_begins(from, length, next))
        return true;
    if (length >= 19 && is_like(from, "9999-99-99") && !memchr(from + 11, '+', length - 11))
        return word == 5 && (is_like(next, "+9999") || is_like(next, "-9999"));
    struct decimal number;
    return word > 1 && measured_unit(next, word) > 0 && isdigit((unsigned char)end[-1]) &&
           decimal_read(from, &number) == end;
}

/* A bare word, or a key with what is behind it; returns its end. */
static char *bare(char *from, struct record *r)
{
    size_t key = key_length(from);
    char *value = key ? from + key + 1 : from, *p = value + strcspn(value, " \t");
    char close = key == 0 ? 0 : *value == '"' ? '"' : *value == '[' ? ']' : 0;
    char *end = close ? closing(value + 1, close) : NULL;
    if (key)
        from[key] = '\0';
    if (end) {
        *end = '\0';
        add(r, from, value + 1, 0);
        return end + 1;
    }
    while (p > value && goes_on(value, p) && !(key && p[-1] == ',')) {
        p += strspn(p, " ");
        p += strcspn(p, " \t");
    }
    char *behind = *p ? p + 1 : p;
    *p = '\0';
    if (key && p > value && (p[-1] == ',' || p[-1] == ';'))
        p[-1] = '\0';
    add(r, key ? from : NULL, value, 0);
    return behind;
}

static void find_anchors(struct record *r)
{
    struct stamp stamp;
    int n = r->n < FIELDS ? r->n : FIELDS;
    r->date = r->request = -1;
    int yearless = -1; /* syslog's, before the one of what is logged */
    for (int i = 0; i < n && r->date < 0; i++)
        if (isalnum((unsigned char)*r->field[i].text) && stamp_read(r->field[i].text, &stamp) &&
            stamp.kind == STAMP_DATE) {
            r->date = stamp.yearless ? -1 : i;
            yearless = yearless < 0 && stamp.yearless ? i : yearless;
        }
    if (r->date < 0)
        r->date = yearless;
    for (int i = r->date + 1; i < n && r->request < 0; i++)
        if (r->field[i].mark == '"')
            r->request = i;
}

/* What is behind the priority that syslog puts before a message: <134>; `p` where there is none. */
static char *behind_priority(char *p)
{
    size_t digits = *p == '<' ? strspn(p + 1, "0123456789") : 0;
    return digits >= 1 && digits <= 3 && p[digits + 1] == '>' ? p + digits + 2 : p;
}

static void cut_words(char *p, struct record *r)
{
    p = behind_priority(p);
    while (*(p += strspn(p, " \t"))) {
        char close = *p == '"' ? '"' : *p == '[' ? ']' : 0;
        char *end = close ? closing(p + 1, close) : NULL;
        if (!end) {
            p = bare(p, r);
            continue;
        }
        *end = '\0';
        char *process =
            *p == '[' ? strstr(p, " #") : NULL; /* Ruby's [2024-03-12T09:00:00.019 #7] */
        if (process)
            *process = '\0';
        add(r, NULL, p + 1, *p);
        p = end + 1;
    }
    find_anchors(r);
}

/* ---- labels ---- */

static void cut_labels(char *p, struct record *r)
{
    for (char *next; p; p = next) {
        next = strchr(p, '\t');
        if (next)
            *next++ = '\0';
        char *value = strchr(p, ':');
        if (!value)
            continue;
        *value++ = '\0';
        size_t length = strlen(value);
        if (length >= 2 && *value == '[' && value[length - 1] == ']') {
            value[length - 1] = '\0';
            value++;
        }
        add(r, p, value, 0);
    }
}

bool cut_line(enum cut cut, char separator, char *line, struct record *r)
{
    r->n = 0;
    switch (cut) {
    case CUT_COLUMNS:
        cut_columns(line, separator, r);
        return true;
    case CUT_WORDS:
        cut_words(line, r);
        return r->n > 0;
    case CUT_LABELS:
        cut_labels(line, r);
        return r->n > 0;
    case CUT_OBJECT:
        /* Behind what a collector of logs puts before it, such as syslog's date. */
        line = *line != '{' && strchr(line, '{') ? strchr(line, '{') : line;
        r->object = json_loads(line, 0, NULL);
        r->owned = true;
        return json_is_object(r->object);
    case CUT_TREE:
        break;
    }
    return false;
}

/* ---- values ---- */

/* A part of a word: the third of 10/0/30. */
static const char *part_of(struct record *r, const struct column *c, const char *text)
{
    if (!c->between || !text)
        return text;
    const char *last = strrchr(text, c->between);
    if (c->part == 0)
        return last ? last + 1 : text;
    for (int i = 1; i < c->part && text; i++) {
        text = strchr(text, c->between);
        text += text != NULL;
    }
    size_t length = text ? strcspn(text, (const char[]){c->between, '\0'}) : sizeof r->text;
    if (length >= sizeof r->text)
        return NULL;
    memcpy(r->text, text, length);
    r->text[length] = '\0';
    return r->text;
}

static const char *keyed(const struct record *r, const char *key)
{
    int n = r->n < FIELDS ? r->n : FIELDS;
    for (int i = 0; i < n; i++)
        if (r->field[i].key && strcmp(r->field[i].key, key) == 0)
            return r->field[i].text;
    return NULL;
}

const char *record_get(struct record *r, const struct column *c)
{
    int n = r->n < FIELDS ? r->n : FIELDS, i = c->offset;
    switch (c->anchor) {
    case AT_KEY:
        return part_of(r, c, r->object ? object_text(r, c->key) : keyed(r, c->key));
    case AT_DATE:
    case AT_REQUEST:
        i += c->anchor == AT_DATE ? r->date : r->request;
        if ((c->anchor == AT_DATE ? r->date : r->request) < 0)
            return NULL;
        break;
    case AT_END:
        i += r->n - 1;
        break;
    case AT_START:
        break;
    }
    return i >= 0 && i < n ? part_of(r, c, r->field[i].text) : NULL;
}
