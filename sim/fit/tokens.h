/*
 * A line of a log, cut into fields. There are five ways to cut, and all formats (formats.h) are of
 * one of them; a field has a place, and in some a key.
 *
 *   columns  a,"b, c",d                       separated by one sign; quotes hide it
 *   words    10.0.0.1 [12/Mar/2024:09:00:00 +0000] "GET / HTTP/1.1" 200 rt=0.020 up="0.1, 0.2"
 *            between blanks; "..." and [...] are one word, and so are lists (0.001, 0.029), a date
 *            and its time (2024-03-12 09:00:00), a number and its unit (20 ms); key=value has a key
 *   labels   time:...<TAB>reqtime:0.020       LTSV
 *   object   {"time": ..., "res": {"ms": 20}} JSON, one object a line; keys of what is nested are
 *            joined by dots (res.ms)
 *   tree     the same objects in an array of a whole file of JSON, as in a HAR
 */
#ifndef TOKENS_H
#define TOKENS_H

#include "../base/json.h"
#include "../base/lines.h"

enum cut { CUT_COLUMNS, CUT_WORDS, CUT_LABELS, CUT_OBJECT, CUT_TREE };
enum { FIELDS = 256 };

struct field {
    const char *key; /* NULL: none */
    char *text;
    char mark; /* words: '"' or '[' around it, or 0 */
};

/* From what fields are counted. */
enum anchor {
    AT_START,
    AT_END,
    AT_DATE,    /* words: the first that is a date */
    AT_REQUEST, /* the first behind it in quotes */
    AT_KEY
};

/* Where a value stands in every line. */
struct column {
    enum anchor anchor;
    int offset;      /* AT_END: 0 is the last, -1 the one before it */
    const char *key; /* AT_KEY, and the heading of columns; interned */
    char between;    /* a part of a word: 10/0/30/-20/20 has parts between '/'; 0: the whole */
    int part;        /* from 1; 0 is the last */
    bool set;        /* it is known where it stands */
};

struct record {
    int n; /* fields in the line; those beyond FIELDS are not kept */
    struct field field[FIELDS];
    int date, request; /* words: fields of the anchors; -1: there is none */
    json_t *object;    /* object and tree; owned where it is of a line */
    bool owned;
    char text[96]; /* a number or a part, as text */
};

/* Cut a line, which is written on and holds the fields. False: it is no such line. */
bool cut_line(enum cut cut, char separator, char *line, struct record *record);
void record_done(struct record *record);

/* The fields of an object, whose keys and texts go into `room`; for learning what there is. */
void record_flatten(struct record *record, char *room, size_t size);

/* The text at a column; NULL: the line has none. It lives until the next call. */
const char *record_get(struct record *record, const struct column *column);

/* The text of what an object has under a key, which may be of what is nested in it. */
const char *object_text(struct record *record, const char *key);

/* ---- tree ---- */

/* The array of objects in a file: at `path` ("log.entries"), or, where that is NULL, the first one
 * that is found. NULL with a sentence part in `why`. */
json_t *tree_read(struct lines *lines, const char *path, const char **why);

#endif
