/* A scenario as YAML: block mappings, numbers in flow lists, texts in double quotes. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "rows.h"

#define LETTERS "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

struct writing {
    const struct scenario *s;
    FILE *out;
    int indent;
    bool begun; /* the line has begun: the first key of a list's element stands after its dash */
};

/* As a double-quoted scalar. Texts hold no control characters (param_set refuses them). */
static void write_quoted(struct writing *w, const char *text)
{
    putc('"', w->out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putc('\\', w->out);
        putc(*text, w->out);
    }
    putc('"', w->out);
}

/* What a person would not quote: numbers with units, and names. */
static bool is_plain(const char *text)
{
    const char *first = *text == '-' ? text + 1 : text;
    return *first && strchr(LETTERS, *first) && strcmp(text, "null") != 0 &&
           strspn(first, LETTERS "./%+-_") == strlen(first);
}

static void write_value(struct writing *w, const char *text)
{
    if (is_plain(text))
        fputs(text, w->out);
    else
        write_quoted(w, text);
}

static void begin_line(struct writing *w, const char *key)
{
    if (!w->begun)
        fprintf(w->out, "%*s", w->indent, "");
    w->begun = false;
    write_value(w, key);
    putc(':', w->out);
}

static void write_level(struct writing *w, struct level level);

static void write_simple(struct writing *w, const struct param *row, size_t base)
{
    size_t n = row_count(w->s, row, base);
    for (size_t i = 0; i < n; i++) {
        struct param_ref ref = {row, base + row->offset + i * row->stride, row->element, NULL, 0};
        fputs(i ? ", " : " [", w->out);
        if (row->element == PARAM_TEXT)
            write_quoted(w, param_text(w->s, &ref));
        else
            fputs(param_text(w->s, &ref), w->out);
    }
    fputs("]\n", w->out);
}

static void write_leaf(struct writing *w, const struct param *row, const char *text)
{
    putc(' ', w->out);
    if (row->kind == PARAM_TEXT || row->kind == PARAM_FILE)
        write_quoted(w, text);
    else
        fputs(text, w->out);
    putc('\n', w->out);
}

/* The single value that stands for the whole of a group; false: none does. */
static bool write_word(struct writing *w, struct level level)
{
    const struct param *only = NULL;
    size_t n = 0;
    for (struct row_walk walk = rows_begin(level); rows_next(w->s, &walk);)
        if (!row_is_hidden(w->s, walk.row, walk.owner) &&
            row_is_set(w->s, walk.row, walk.owner.base)) {
            only = walk.row;
            n++;
        }
    if (n != 1 || !(only->flags & PARAM_WORD) || only->flags & PARAM_CONSTANT)
        return false;
    struct param_ref ref = {only, level.base + only->offset, only->kind, level.rows, level.base};
    write_leaf(w, only, param_text(w->s, &ref));
    return true;
}

static void write_elements(struct writing *w, const struct param *row, size_t base)
{
    size_t n = row_count(w->s, row, base);
    putc('\n', w->out);
    w->indent += 2;
    for (size_t i = 0; i < n; i++) {
        struct level level = level_inside(row, base, i);
        fprintf(w->out, "%*s-", w->indent, "");
        if (write_word(w, level))
            continue;
        putc(' ', w->out);
        w->begun = true;
        w->indent += 2;
        write_level(w, level);
        if (w->begun)
            fputs("{}\n", w->out);
        w->begun = false;
        w->indent -= 2;
    }
    w->indent -= 2;
}

/* What stands behind the colon of a group. */
static void write_group(struct writing *w, struct level level)
{
    const struct param *items = rows_flagged(level, PARAM_ITEMS);
    if (write_word(w, level))
        return;
    if (items && items->flags & PARAM_BARE && row_is_set(w->s, items, level.base)) {
        write_elements(w, items, level.base);
        return;
    }
    putc('\n', w->out);
    w->indent += 2;
    write_level(w, level);
    w->indent -= 2;
}

/* Elements by name; those of an open group stand among its keys. */
static void write_named(struct writing *w, const struct param *row, size_t base)
{
    size_t n = row_count(w->s, row, base);
    for (size_t i = 0; i < n; i++) {
        struct param_ref ref = {row, base + row->offset + i * row->stride, row->element, NULL, 0};
        begin_line(w, row_name(w->s, row, base, i));
        if (row->rows)
            write_group(w, level_inside(row, base, i));
        else
            write_leaf(w, row, param_text(w->s, &ref));
    }
}

static void write_vary(struct writing *w)
{
    putc('\n', w->out);
    for (size_t i = 0; i < (size_t)w->s->vary_count; i++) {
        const struct vary *vary = &w->s->vary[i];
        fprintf(w->out, "%*s", w->indent + 2, "");
        write_quoted(w, vary->path);
        putc(':', w->out);
        for (size_t k = 0; k < (size_t)vary->values_count; k++) {
            fputs(k ? ", " : " [", w->out);
            write_value(w, vary->values[k]);
        }
        fputs(vary->values_count > 0 ? "]\n" : " []\n", w->out);
    }
}

static void write_row(struct writing *w, const struct param *row, struct level owner)
{
    struct param_ref ref = {row, owner.base + row->offset, row->kind, owner.rows, owner.base};
    if (!row_is_set(w->s, row, owner.base) || row_is_hidden(w->s, row, owner))
        return;
    if (row_is_named(row) && row->flags & PARAM_OPEN) {
        write_named(w, row, owner.base);
        return;
    }
    begin_line(w, row->name);
    if (row->kind == PARAM_GROUP) {
        write_group(w, level_inside(row, owner.base, 0));
    } else if (row_is_named(row)) {
        putc('\n', w->out);
        w->indent += 2;
        write_named(w, row, owner.base);
        w->indent -= 2;
    } else if (row->kind == PARAM_LIST && row_is_map(w->s, row, owner.base)) {
        putc('\n', w->out);
        w->indent += 2;
        write_level(w, level_of_map(row, owner.base));
        w->indent -= 2;
    } else if (row->kind == PARAM_LIST && !row->rows) {
        write_simple(w, row, owner.base);
    } else if (row->kind == PARAM_LIST) {
        write_elements(w, row, owner.base);
    } else if (row->kind == PARAM_VARY) {
        write_vary(w);
    } else {
        write_leaf(w, row, param_text(w->s, &ref));
    }
}

static void write_level(struct writing *w, struct level level)
{
    for (struct row_walk walk = rows_begin(level); rows_next(w->s, &walk);)
        write_row(w, walk.row, walk.owner);
}

char *config_text(const struct scenario *s)
{
    char *text = NULL;
    size_t size = 0;
    struct writing w = {.s = s, .out = xstream(&text, &size)};
    write_level(&w, (struct level){scenario_rows, 0});
    return xstream_end(w.out, &text);
}
