/* The values of a YAML document, row by row, in whatever form they are written. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "config_reading.h"

enum {
    NODES_MOST = 100000, /* values looked at, aliases followed */
    KEYS_MOST = 1000,    /* in one mapping */
    ERRORS_ENOUGH = 200  /* in one file; then it is given up */
};

struct place reading_mark(const struct reading *r, yaml_mark_t at)
{
    if (r->at)
        return *r->at;
    return (struct place){r->name, (int)at.line + 1, (int)at.column + 1};
}

static struct place place_of(const struct reading *r, const yaml_node_t *node)
{
    return reading_mark(r, node->start_mark);
}

static const char *scalar(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

/* Nothing written after the colon, or the words for it. */
bool reading_empty(const yaml_node_t *node)
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
           : reading_empty(node)              ? "nothing"
                                              : "a single value";
}

/* Aliases make a graph of the document: what is looked at, and how deep, is limited. */
bool reading_enter(struct reading *r, const yaml_node_t *node)
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
    if (reading_empty(node))
        return error_at(r->errors, place_of(r, node), "%s: no value", path);
    if (strlen(scalar(node)) != node->data.scalar.length)
        return error_at(r->errors, place_of(r, node), "%s: a NUL character in the value", path);
    return true;
}

static bool expect_list(struct reading *r, const yaml_node_t *node, const char *path,
                        const char *example)
{
    if (node->type == YAML_SEQUENCE_NODE)
        return true;
    return error_at(r->errors, place_of(r, node), "%s: a list such as %s is needed, not %s", path,
                    example, kind_of(node));
}

static const char *below(const char *path, const char *name)
{
    return *path ? internf("%s.%s", path, name) : intern(name);
}

static void read_list(struct reading *r, const yaml_node_t *node, const char *path,
                      const struct param *row, size_t base)
{
    bool words = row->rows && rows_flagged((struct level){row->rows, 0}, PARAM_WORD);
    if (!expect_list(r, node, path, words || row->element == PARAM_TEXT ? "[a, b]" : "[1, 2]"))
        return;
    row_clear(r->s, row, base);
    yaml_node_item_t *item = node->data.sequence.items.start;
    for (size_t i = 0; item < node->data.sequence.items.top; item++, i++) {
        const yaml_node_t *element = node_at(r, *item);
        const char *inside = internf("%s.%zu", path, i);
        struct place at = place_of(r, element);
        if (!reading_enter(r, element))
            return;
        places_add_text(r->places, inside, at,
                        element->type == YAML_SCALAR_NODE ? scalar(element) : NULL);
        if (i == row->capacity) {
            error_at(r->errors, at, "'%s' holds at most %zu elements", path, row->capacity);
            return;
        }
        row_extend(r->s, row, base, path, at, r->errors);
        if (row->rows)
            reading_group(r, element, inside, level_inside(row, base, i));
        else if (expect_scalar(r, element, inside))
            param_set(r->s, inside, scalar(element), at, r->errors);
    }
    if (item == node->data.sequence.items.start)
        error_at(r->errors, place_of(r, node), "%s: an empty list", path);
}

static void read_vary_values(struct reading *r, const yaml_node_t *node, const char *varied)
{
    const char *path = internf("compare.vary.%s", varied);
    if (!expect_list(r, node, path, "[1, 2]"))
        return;
    yaml_node_item_t *item = node->data.sequence.items.start;
    for (size_t i = 0; item < node->data.sequence.items.top; item++, i++) {
        const yaml_node_t *value = node_at(r, *item);
        if (!reading_enter(r, value))
            return;
        bool flow = value->type == YAML_MAPPING_NODE;
        if (!flow && !expect_scalar(r, value, path))
            return;
        const char *text = flow ? reading_flow(r, value) : scalar(value);
        places_add(r->places, internf("%s.%zu", path, i), place_of(r, value));
        if (!text || !param_vary(r->s, varied, text, place_of(r, value), r->errors))
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
    for (; reading_enter(r, node) && pair < node->data.mapping.pairs.top; pair++) {
        const char *key = read_key(r, node, pair);
        if (!key)
            continue;
        places_add(r->places, below(path, key), place_of(r, node_at(r, pair->key)));
        read_vary_values(r, node_at(r, pair->value), key);
    }
}

/* A mapping in place of a list. */
static void read_map(struct reading *r, const yaml_node_t *node, const char *path,
                     const struct param *row, size_t base)
{
    row_clear(r->s, row, base);
    reading_mapping(r, node, path, level_of_map(row, base));
}

/* An element of a mapping from names. */
static void read_named(struct reading *r, const yaml_node_t *node, const char *path,
                       const struct param *row, size_t base, const char *name, struct place at)
{
    const char *above = internf("%.*s", (int)(strlen(path) - strlen(name) - 1), path);
    if (!row_extend_named(r->s, row, base, above, name, at, r->errors))
        return;
    if (!row->rows) {
        if (expect_scalar(r, node, path))
            param_set(r->s, path, scalar(node), place_of(r, node), r->errors);
    } else if (!reading_empty(node)) {
        reading_group(r, node, path, level_inside(row, base, row_count(r->s, row, base) - 1));
    }
}

static void read_names(struct reading *r, const yaml_node_t *node, const char *path,
                       const struct param *row, size_t base)
{
    if (node->type != YAML_MAPPING_NODE) {
        error_at(r->errors, place_of(r, node),
                 "%s: a mapping from names is needed (%s: {NAME: {...}}), not %s", path, row->name,
                 kind_of(node));
        return;
    }
    row_clear(r->s, row, base);
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    if (pair == node->data.mapping.pairs.top)
        error_at(r->errors, place_of(r, node), "%s: an empty mapping", path);
    r->depth++;
    for (; pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *value = node_at(r, pair->value);
        const char *name = read_key(r, node, pair);
        size_t before = r->errors->n;
        if (!name || !reading_enter(r, value))
            continue;
        struct place at = place_of(r, node_at(r, pair->key));
        places_add_text(r->places, below(path, name), at,
                        value->type == YAML_SCALAR_NODE ? scalar(value) : NULL);
        read_named(r, value, below(path, name), row, base, name, at);
        if (r->errors->n > before && value->type != YAML_MAPPING_NODE)
            places_spoil(r->places, below(path, name), false);
    }
    r->depth--;
}

/* A group, in whichever of its forms. */
void reading_group(struct reading *r, const yaml_node_t *node, const char *path, struct level level)
{
    const struct param *items = rows_flagged(level, PARAM_ITEMS);
    if (node->type == YAML_SCALAR_NODE && rows_flagged(level, PARAM_WORD)) {
        if (expect_scalar(r, node, path))
            param_set(r->s, path, scalar(node), place_of(r, node), r->errors);
    } else if (node->type == YAML_SEQUENCE_NODE && items) {
        read_list(r, node, path, items, level.base);
    } else {
        reading_mapping(r, node, path, level);
    }
}

void reading_value(struct reading *r, const yaml_node_t *node, const char *path,
                   const struct param *row, struct level owner)
{
    bool inner = row->kind == PARAM_GROUP || row->kind == PARAM_LIST || row->kind == PARAM_VARY;
    if (inner && reading_empty(node))
        return; /* a section with nothing in it (all commented out) is not given */
    if (row->kind == PARAM_GROUP)
        reading_group(r, node, path, level_inside(row, owner.base, 0));
    else if (row_is_named(row))
        read_names(r, node, path, row, owner.base);
    else if (row->kind == PARAM_LIST && row->map && node->type == YAML_MAPPING_NODE)
        read_map(r, node, path, row, owner.base);
    else if (row->kind == PARAM_LIST)
        read_list(r, node, path, row, owner.base);
    else if (row->kind == PARAM_VARY)
        read_vary(r, node, path);
    else if (expect_scalar(r, node, path))
        param_set(r->s, path, scalar(node), place_of(r, node), r->errors);
}

struct mapping {
    const yaml_node_t *node;
    const char *path;
    struct level level;
    bool choice_failed; /* a model was named that there is not: its parameters are not judged */
};

/* Whether a key belongs to the row of that name, among the keys of its own or as one of many. */
static bool is_row(const struct reading *r, struct level level, const char *key, const char *name)
{
    struct level owner;
    const struct param *open = rows_flagged(level, PARAM_OPEN);
    if (open && strcmp(open->name, name) == 0)
        return !rows_find(r->s, level, key, &owner);
    return strcmp(key, name) == 0;
}

/* Two keys of one mapping that each stand in place of the other. */
static bool rival_before(struct reading *r, const struct mapping *m, const yaml_node_pair_t *pair,
                         const struct param *row, const char *path)
{
    const yaml_node_pair_t *other = m->node->data.mapping.pairs.start;
    for (; row->instead && other < pair; other++) {
        const yaml_node_t *key = node_at(r, other->key);
        for (const char *const *name = row->instead; *name; name++)
            if (key->type == YAML_SCALAR_NODE && is_row(r, m->level, scalar(key), *name)) {
                error_at(
                    r->errors, place_of(r, node_at(r, pair->key)),
                    "%s: '%s' is given at line %zu already, and the one stands in place of the "
                    "other: give one",
                    path, scalar(key), key->start_mark.line + 1);
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
    if (row_is_named(row))
        return 2;
    if (row->kind == PARAM_MODEL || strcmp(row->name, "parameter") == 0)
        return 0;
    /* Their values are in the units of the scenario's other keys. */
    return strcmp(row->name, "sweep") == 0 || strcmp(row->name, "compare") == 0 ? 3 : 1;
}

/* A key that is no row: the name of an element. */
static void read_open(struct reading *r, const struct mapping *m, const yaml_node_pair_t *pair,
                      const struct param *row, const char *path)
{
    const yaml_node_t *key = node_at(r, pair->key), *value = node_at(r, pair->value);
    size_t before = r->errors->n;
    places_add_text(r->places, path, place_of(r, key),
                    value->type == YAML_SCALAR_NODE ? scalar(value) : NULL);
    if (!rival_before(r, m, pair, row, path) && reading_enter(r, value))
        read_named(r, value, path, row, m->level.base, scalar(key), place_of(r, key));
    if (r->errors->n > before && value->type != YAML_MAPPING_NODE)
        places_spoil(r->places, path, false);
}

static void read_pair(struct reading *r, struct mapping *m, const yaml_node_pair_t *pair)
{
    const char *key = read_key(r, m->node, pair), *path = key ? below(m->path, key) : NULL;
    const yaml_node_t *key_node = node_at(r, pair->key), *value = node_at(r, pair->value);
    struct place at = place_of(r, key_node);
    struct level owner;
    if (!key)
        return;
    if (!reading_enter(r, key_node)) {
        places_spoil(r->places, path, true);
        return;
    }
    const struct param *row = rows_find(r->s, m->level, key, &owner);
    char owners[200];
    if (!row && m->choice_failed && rows_owners(m->level, key, owners, sizeof owners))
        return;
    const struct param *open = row ? NULL : rows_open(m->level, key);
    if (open) {
        read_open(r, m, pair, open, path);
        return;
    }
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
    if (rival_before(r, m, pair, row, path))
        return;
    size_t before = r->errors->n;
    bool group = row->kind == PARAM_GROUP || row_is_named(row);
    bool inside = reading_enter(r, value) && group && value->type == YAML_MAPPING_NODE;
    if (r->errors->n == before)
        reading_value(r, value, path, row, owner);
    /* What is wrong inside a group was told, and spoilt, there. */
    if (r->errors->n > before && !inside)
        places_spoil(r->places, path, false);
    m->choice_failed |= row->kind == PARAM_MODEL && r->errors->n > before;
}

void reading_mapping(struct reading *r, const yaml_node_t *node, const char *path,
                     struct level level)
{
    if (node->type != YAML_MAPPING_NODE && rows_flagged(level, PARAM_CONSTANT)) {
        error_at(r->errors, place_of(r, node),
                 "%s: a distribution is needed, such as {distribution: exponential, mean: 250ms} "
                 "or a duration, not %s",
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
    for (int now = 0; now < 4; now++) {
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
