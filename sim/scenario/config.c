#include "config.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "rows.h"

enum {
    NODES_MOST = 100000, /* values looked at, aliases followed */
    KEYS_MOST = 1000,    /* in one mapping */
    ERRORS_ENOUGH = 200  /* in one file; then it is given up */
};

struct reading {
    const char *name;
    yaml_document_t document;
    struct scenario *s;
    struct places *places;
    struct errors *errors;
    int depth, nodes;
    size_t errors_before;
};

static struct place mark(const struct reading *r, yaml_mark_t at)
{
    return (struct place){r->name, (int)at.line + 1, (int)at.column + 1};
}

static struct place place_of(const struct reading *r, const yaml_node_t *node)
{
    return mark(r, node->start_mark);
}

static const char *scalar(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

/* Nothing written after the colon, or the words for it. */
static bool is_empty(const yaml_node_t *node)
{
    if (node->type != YAML_SCALAR_NODE || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    const char *text = scalar(node);
    return *text == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

static const char *kind_of(const yaml_node_t *node)
{
    return node->type == YAML_MAPPING_NODE    ? "a mapping"
           : node->type == YAML_SEQUENCE_NODE ? "a list"
           : is_empty(node)                   ? "nothing"
                                              : "a single value";
}

static const char *join(const char *path, const char *name)
{
    return *path ? internf("%s.%s", path, name) : intern(name);
}

static void read_mapping(struct reading *r, const yaml_node_t *node, const char *path,
                         struct level level);

/* Aliases make a graph of the document: what is looked at, and how deep, is limited. */
static bool enter(struct reading *r, const yaml_node_t *node)
{
    if (r->errors->n - r->errors_before > ERRORS_ENOUGH || r->nodes > NODES_MOST)
        return false;
    if (++r->nodes > NODES_MOST)
        return error_at(r->errors, place_of(r, node),
                        "more than %d values, aliases (*name) followed", NODES_MOST);
    if (r->depth >= CONFIG_DEPTH)
        return error_at(r->errors, place_of(r, node), "nested more than %d deep", CONFIG_DEPTH);
    if (node->tag && strncmp((const char *)node->tag, "tag:yaml.org,2002:", 18) != 0)
        return error_at(r->errors, place_of(r, node), "a tag (%.60s): tags mean nothing here",
                        (const char *)node->tag);
    if (node->type == YAML_MAPPING_NODE &&
        node->data.mapping.pairs.top - node->data.mapping.pairs.start > KEYS_MOST)
        return error_at(r->errors, place_of(r, node), "more than %d keys in one mapping",
                        KEYS_MOST);
    return true;
}

static yaml_node_t *node_at(struct reading *r, int index)
{
    yaml_node_t *node = yaml_document_get_node(&r->document, index);
    assert(node);
    return node;
}

static bool expect_scalar(struct reading *r, const yaml_node_t *node, const char *path)
{
    if (node->type != YAML_SCALAR_NODE)
        return error_at(r->errors, place_of(r, node), "%s: a single value is needed, not %s", path,
                        kind_of(node));
    if (is_empty(node))
        return error_at(r->errors, place_of(r, node), "%s: no value", path);
    if (strlen(scalar(node)) != node->data.scalar.length)
        return error_at(r->errors, place_of(r, node), "%s: a NUL character in the value", path);
    return true;
}

static bool expect_list(struct reading *r, const yaml_node_t *node, const char *path)
{
    if (node->type == YAML_SEQUENCE_NODE)
        return true;
    return error_at(r->errors, place_of(r, node), "%s: a list such as [1, 2] is needed, not %s",
                    path, kind_of(node));
}

static void read_list(struct reading *r, const yaml_node_t *node, const char *path,
                      const struct param *row, size_t base)
{
    if (!expect_list(r, node, path))
        return;
    row_clear(r->s, row, base);
    yaml_node_item_t *item = node->data.sequence.items.start;
    for (size_t i = 0; item < node->data.sequence.items.top; item++, i++) {
        const yaml_node_t *element = node_at(r, *item);
        const char *inside = internf("%s.%zu", path, i);
        struct place at = place_of(r, element);
        if (!enter(r, element))
            return;
        places_add_text(r->places, inside, at,
                        element->type == YAML_SCALAR_NODE ? scalar(element) : NULL);
        if (i == row->capacity) {
            error_at(r->errors, at, "'%s' holds at most %zu elements", path, row->capacity);
            return;
        }
        row_extend(r->s, row, base, path, at, r->errors);
        if (row->rows)
            read_mapping(r, element, inside, level_inside(row, base, i));
        else if (expect_scalar(r, element, inside))
            param_set(r->s, inside, scalar(element), at, r->errors);
    }
    if (item == node->data.sequence.items.start)
        error_at(r->errors, place_of(r, node), "%s: an empty list", path);
}

static void read_vary_values(struct reading *r, const yaml_node_t *node, const char *varied)
{
    const char *path = internf("compare.vary.%s", varied);
    if (!expect_list(r, node, path))
        return;
    yaml_node_item_t *item = node->data.sequence.items.start;
    for (size_t i = 0; item < node->data.sequence.items.top; item++, i++) {
        const yaml_node_t *value = node_at(r, *item);
        if (!enter(r, value) || !expect_scalar(r, value, path))
            return;
        places_add(r->places, internf("%s.%zu", path, i), place_of(r, value));
        if (!param_vary(r->s, varied, scalar(value), place_of(r, value), r->errors))
            return;
    }
    if (item == node->data.sequence.items.start)
        error_at(r->errors, place_of(r, node), "%s: an empty list", path);
}

/* A key's text, or NULL with an error: keys are plain texts and stand once in a mapping. */
static const char *read_key(struct reading *r, const yaml_node_t *mapping,
                            const yaml_node_pair_t *pair)
{
    const yaml_node_t *key = node_at(r, pair->key);
    if (key->type != YAML_SCALAR_NODE || strlen(scalar(key)) != key->data.scalar.length) {
        error_at(r->errors, place_of(r, key), "a key must be a plain text, not %s", kind_of(key));
        return NULL;
    }
    for (const yaml_node_pair_t *other = mapping->data.mapping.pairs.start; other < pair; other++) {
        const yaml_node_t *first = node_at(r, other->key);
        if (first->type != YAML_SCALAR_NODE || strcmp(scalar(first), scalar(key)) != 0)
            continue;
        error_at(r->errors, place_of(r, key),
                 "duplicate key '%.60s': it stands at line %zu, column %zu already", scalar(key),
                 first->start_mark.line + 1, first->start_mark.column + 1);
        return NULL;
    }
    return scalar(key);
}

static void read_vary(struct reading *r, const yaml_node_t *node, const char *path)
{
    if (node->type != YAML_MAPPING_NODE) {
        error_at(r->errors, place_of(r, node),
                 "%s: a mapping such as {consumers.count: [1, 4]} is needed, not %s", path,
                 kind_of(node));
        return;
    }
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    for (; enter(r, node) && pair < node->data.mapping.pairs.top; pair++) {
        const char *key = read_key(r, node, pair);
        if (!key)
            continue;
        places_add(r->places, join(path, key), place_of(r, node_at(r, pair->key)));
        read_vary_values(r, node_at(r, pair->value), key);
    }
}

/* A mapping in place of a list. */
static void read_map(struct reading *r, const yaml_node_t *node, const char *path,
                     const struct param *row, size_t base)
{
    row_clear(r->s, row, base);
    read_mapping(r, node, path, level_of_map(row, base));
}

static void read_value(struct reading *r, const yaml_node_t *node, const char *path,
                       const struct param *row, struct level owner)
{
    bool inner = row->kind == PARAM_GROUP || row->kind == PARAM_LIST || row->kind == PARAM_VARY;
    if (inner && is_empty(node))
        return; /* a section with nothing in it (all commented out) is not given */
    if (row->kind == PARAM_GROUP)
        read_mapping(r, node, path, level_inside(row, owner.base, 0));
    else if (row->kind == PARAM_LIST && row->map && node->type == YAML_MAPPING_NODE)
        read_map(r, node, path, row, owner.base);
    else if (row->kind == PARAM_LIST)
        read_list(r, node, path, row, owner.base);
    else if (row->kind == PARAM_VARY)
        read_vary(r, node, path);
    else if (expect_scalar(r, node, path))
        param_set(r->s, path, scalar(node), place_of(r, node), r->errors);
}

/* Two keys of one mapping that each stand in place of the other. */
static bool rival_before(struct reading *r, const yaml_node_t *mapping,
                         const yaml_node_pair_t *pair, const struct param *row, const char *path)
{
    const yaml_node_pair_t *other = mapping->data.mapping.pairs.start;
    for (; row->instead && other < pair; other++) {
        const yaml_node_t *key = node_at(r, other->key);
        for (const char *const *name = row->instead; *name; name++)
            if (key->type == YAML_SCALAR_NODE && strcmp(scalar(key), *name) == 0) {
                error_at(
                    r->errors, place_of(r, node_at(r, pair->key)),
                    "%s: '%s' is given at line %zu already, and the one stands in place of the "
                    "other: give one",
                    path, *name, key->start_mark.line + 1);
                return true;
            }
    }
    return false;
}

/* In which order the keys of a mapping are read, whatever their order in the file: what decides
 * about other keys goes before them. */
static int turn(const struct param *row)
{
    if (!row)
        return 2;
    if (row->kind == PARAM_MODEL || strcmp(row->name, "parameter") == 0)
        return 0;
    /* Their values are in the units of the scenario's other keys. */
    return strcmp(row->name, "sweep") == 0 || strcmp(row->name, "compare") == 0 ? 2 : 1;
}

struct mapping {
    const yaml_node_t *node;
    const char *path;
    struct level level;
    bool choice_failed; /* a model was named that there is not: its parameters are not judged */
};

static void read_pair(struct reading *r, struct mapping *m, const yaml_node_pair_t *pair)
{
    const char *key = read_key(r, m->node, pair), *path = key ? join(m->path, key) : NULL;
    const yaml_node_t *key_node = node_at(r, pair->key), *value = node_at(r, pair->value);
    struct place at = place_of(r, key_node);
    struct level owner;
    if (!key)
        return;
    if (!enter(r, key_node)) {
        places_spoil(r->places, path, true);
        return;
    }
    const struct param *row = rows_find(r->s, m->level, key, &owner);
    char owners[200];
    if (!row && m->choice_failed && rows_owners(m->level, key, owners, sizeof owners))
        return;
    if (!row)
        places_spoil(r->places, path, true);
    if (!row && strchr(key, '.') && strlen(path) < PATH_TEXT) {
        error_at(r->errors, at, "unknown key '%.60s': write '%.*s:' and the rest on lines below it",
                 key, (int)strcspn(key, "."), key);
        return;
    }
    struct param_ref ref;
    if (!row || row->kind == PARAM_PLANNED) {
        param_find(r->s, path, at, &ref, r->errors); /* says what is wrong */
        if (row)
            places_spoil(r->places, path, false);
        return;
    }
    places_add_text(r->places, path, at,
                    value->type == YAML_SCALAR_NODE ? (const char *)value->data.scalar.value
                                                    : NULL);
    if (rival_before(r, m->node, pair, row, path))
        return;
    size_t before = r->errors->n;
    bool inside = enter(r, value) && row->kind == PARAM_GROUP && value->type == YAML_MAPPING_NODE;
    if (r->errors->n == before)
        read_value(r, value, path, row, owner);
    /* What is wrong inside a group was told, and spoilt, there. */
    if (r->errors->n > before && !inside)
        places_spoil(r->places, path, false);
    m->choice_failed |= row->kind == PARAM_MODEL && r->errors->n > before;
}

static void read_mapping(struct reading *r, const yaml_node_t *node, const char *path,
                         struct level level)
{
    if (node->type != YAML_MAPPING_NODE && level.rows == law_rows) {
        error_at(r->errors, place_of(r, node),
                 "%s: a distribution is needed, such as {distribution: exponential, mean: 250ms} "
                 "or {distribution: deterministic, value: 250ms}, not %s",
                 path, kind_of(node));
        return;
    }
    if (node->type != YAML_MAPPING_NODE) {
        error_at(r->errors, place_of(r, node),
                 "%s%skeys and values are needed (key: value), not %s", path, *path ? ": " : "",
                 kind_of(node));
        return;
    }
    r->depth++;
    struct mapping m = {node, path, level, false};
    for (int now = 0; now < 3; now++) {
        const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
        for (; pair < node->data.mapping.pairs.top; pair++) {
            const yaml_node_t *key = node_at(r, pair->key);
            struct level owner;
            const struct param *row =
                key->type == YAML_SCALAR_NODE ? rows_find(r->s, level, scalar(key), &owner) : NULL;
            if (turn(row) == now)
                read_pair(r, &m, pair);
        }
    }
    r->depth--;
}

/* Sorts what was found by line and column; `skip` bytes of each text are the file's name. */
static int compare_places(const void *a, const void *b, void *skip)
{
    int x[2] = {0, 0}, y[2] = {0, 0};
    const size_t name = *(const size_t *)skip;
    sscanf((const char *)a + name, ":%d:%d:", &x[0], &x[1]);
    sscanf((const char *)b + name, ":%d:%d:", &y[0], &y[1]);
    return x[0] != y[0] ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

static void sort_errors(const char *name, size_t before, struct errors *errors)
{
    size_t kept = errors->n < ERRORS_KEPT ? errors->n : ERRORS_KEPT;
    size_t skip = strlen(name) < PLACE_SOURCE ? strlen(name) : PLACE_SOURCE;
    if (before < kept)
        qsort_r(errors->text[before], kept - before, sizeof *errors->text, compare_places, &skip);
}

/* Bytes that are no text have no line in libyaml: it is counted here. */
static yaml_mark_t mark_of_byte(const char *text, size_t length, size_t offset)
{
    yaml_mark_t at = {0};
    for (size_t i = 0; i < offset && i < length; i++) {
        at.column = text[i] == '\n' ? 0 : at.column + 1;
        at.line += text[i] == '\n';
    }
    return at;
}

static bool syntax_error(const struct reading *r, const yaml_parser_t *parser, const char *text,
                         size_t length)
{
    const char *problem = parser->problem;
    if (!problem) /* as libyaml has one for all else (and not always YAML_MEMORY_ERROR for this) */
        out_of("out of memory", "for a scenario");
    if (parser->error == YAML_READER_ERROR)
        return error_at(r->errors, mark(r, mark_of_byte(text, length, parser->problem_offset)),
                        "not a text file: %s", problem);
    if (!parser->context)
        return error_at(r->errors, mark(r, parser->problem_mark), "not valid YAML: %s", problem);
    return error_at(r->errors, mark(r, parser->problem_mark), "not valid YAML: %s (%s, line %zu)",
                    problem, parser->context, parser->context_mark.line + 1);
}

/* There is to be one document, and it is to end where the text ends. */
static void read_document(struct reading *r, yaml_parser_t *parser, const char *text, size_t length)
{
    yaml_document_t second;
    const yaml_node_t *root = yaml_document_get_root_node(&r->document);
    if (!root || root->type != YAML_MAPPING_NODE)
        places_spoil(r->places, "", false);
    if (!root || is_empty(root)) {
        error_at(r->errors, mark(r, (yaml_mark_t){0}),
                 "nothing in it: a scenario has keys, see "
                 "`queuescope params`");
        return;
    }
    places_add(r->places, "", place_of(r, root));
    if (enter(r, root))
        read_mapping(r, root, "", (struct level){scenario_rows, 0});
    else
        places_spoil(r->places, "", false);
    if (!yaml_parser_load(parser, &second)) {
        syntax_error(r, parser, text, length);
        return;
    }
    root = yaml_document_get_root_node(&second);
    if (root)
        error_at(r->errors, place_of(r, root), "a second document: a file holds one scenario");
    yaml_document_delete(&second);
}

bool config_read(const char *name, const char *text, size_t length, struct scenario *s,
                 struct places *places, struct errors *errors)
{
    struct reading r = {.name = intern(name), .s = s, .places = places, .errors = errors};
    size_t before = r.errors_before = errors->n;
    yaml_parser_t parser;
    if (!config_bounded(r.name, text, length, errors)) {
        places_spoil(places, "", false);
        return false;
    }
    if (!yaml_parser_initialize(&parser))
        out_of("out of memory", "for a scenario");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    if (!yaml_parser_load(&parser, &r.document)) {
        places_spoil(places, "", false);
        syntax_error(&r, &parser, text, length);
    } else {
        read_document(&r, &parser, text, length);
        yaml_document_delete(&r.document);
    }
    yaml_parser_delete(&parser);
    sort_errors(r.name, before, errors);
    return errors->n == before;
}

const char *config_library(void)
{
    return yaml_get_version_string();
}
