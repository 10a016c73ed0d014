/*
 * Between the files of config: a YAML document that is being read into a scenario.
 */
#ifndef CONFIG_READING_H
#define CONFIG_READING_H

#include <yaml.h>

#include "config.h"
#include "rows.h"

struct reading {
    const char *name;
    const struct place *at; /* of a text that was given there: all places are this one */
    yaml_document_t document;
    struct scenario *s;
    struct places *places;
    struct errors *errors;
    int depth, nodes;
    size_t errors_before;
};

/* The place of a mark of libyaml; whether a node was left empty, or has a word for it. */
struct place reading_mark(const struct reading *r, yaml_mark_t at);
bool reading_empty(const yaml_node_t *node);

/* Counts a node in; false, with an error, where it is one too many, too deep or not to be had. */
bool reading_enter(struct reading *r, const yaml_node_t *node);

/* Reads a node into what a path leads to: a group, list or map (its row and the level that it is
 * in); the element of a list, or a group whose level is known. */
void reading_value(struct reading *r, const yaml_node_t *node, const char *path,
                   const struct param *row, struct level owner);
void reading_group(struct reading *r, const yaml_node_t *node, const char *path,
                   struct level level);

/* A node as one line that reads back to it; NULL, with an error, where it is too large for one, or
 * not to be had. Interned. */
const char *reading_flow(struct reading *r, const yaml_node_t *node);

/* Reads a mapping into the rows of a level. */
void reading_mapping(struct reading *r, const yaml_node_t *node, const char *path,
                     struct level level);

#endif
