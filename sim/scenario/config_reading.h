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

/* Reads a mapping into the rows of a level. */
void reading_mapping(struct reading *r, const yaml_node_t *node, const char *path,
                     struct level level);

#endif
