/* A node of a YAML document as one line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_reading.h"

static void put_quoted(FILE *out, const char *text, size_t length)
{
    putc('"', out);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"' || text[i] == '\\')
            putc('\\', out);
        putc(text[i], out);
    }
    putc('"', out);
}

/* Plain where it was, for there it can stand: but for what ends a plain text inside of brackets. */
static void put_scalar(FILE *out, const yaml_node_t *node)
{
    const char *text = (const char *)node->data.scalar.value;
    size_t length = node->data.scalar.length;
    bool plain = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && length > 0 &&
                 strlen(text) == length && !strpbrk(text, ",[]{}:#\n");
    if (plain)
        fputs(text, out);
    else
        put_quoted(out, text, length);
}

static bool put_node(struct reading *r, const yaml_node_t *node, FILE *out)
{
    bool good = reading_enter(r, node) && ftell(out) < PATH_TEXT;
    r->depth++;
    if (good && node->type == YAML_SCALAR_NODE) {
        put_scalar(out, node);
    } else if (good && node->type == YAML_MAPPING_NODE) {
        const yaml_node_pair_t *first = node->data.mapping.pairs.start, *pair = first;
        putc('{', out);
        for (; good && pair < node->data.mapping.pairs.top; pair++) {
            fputs(pair > first ? ", " : "", out);
            good = put_node(r, yaml_document_get_node(&r->document, pair->key), out);
            fputs(": ", out);
            good = good && put_node(r, yaml_document_get_node(&r->document, pair->value), out);
        }
        putc('}', out);
    } else if (good) {
        const yaml_node_item_t *first = node->data.sequence.items.start, *item = first;
        putc('[', out);
        for (; good && item < node->data.sequence.items.top; item++) {
            fputs(item > first ? ", " : "", out);
            good = put_node(r, yaml_document_get_node(&r->document, *item), out);
        }
        putc(']', out);
    }
    r->depth--;
    return good;
}

const char *reading_flow(struct reading *r, const yaml_node_t *node)
{
    char *text = NULL;
    size_t size = 0, before = r->errors->n;
    FILE *out = xstream(&text, &size);
    bool good = put_node(r, node, out);
    text = xstream_end(out, &text);
    const char *kept = good ? intern(text) : NULL;
    free(text);
    if (!kept && r->errors->n == before)
        error_at(r->errors, reading_mark(r, node->start_mark),
                 "too long for a value that is varied");
    return kept;
}
