/*
 * Scenario files: YAML in (libyaml's document API, which keeps line and column) and out.
 *
 * The only files that know libyaml are config.c, config_values.c, config_flow.c and
 * config_bounds.c. A document is walked into leaves, each handed to param_set with its place; in
 * every mapping the choices of models go first, whatever their order in the file. Duplicate keys,
 * aliases that do not end, over-long files and anything that is not a mapping of known keys are
 * errors with a place; all errors of a file are collected.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdio.h>

#include "../base/places.h"
#include "scenario.h"

/* Reads a scenario from text already in memory (`name` for messages). `s` must hold defaults. */
bool config_read(const char *name, const char *text, size_t length, struct scenario *s,
                 struct places *places, struct errors *errors);

/* Sets what a path leads to, a group, list or map at `ref`, from a text in braces or brackets: as
 * if that stood behind its key in a file. What was there before is gone. All errors are at `at`. */
struct param_ref;
bool config_value(struct scenario *s, const struct param_ref *ref, const char *path,
                  const char *text, struct place at, struct errors *errors);

/* The scenario in a picture, whose text is in memory. Pictures come from anywhere: one that names
 * files to be read (traces, tables, what was observed) is refused, unless config_allow_files was
 * called (--allow-files). config_load reads those of pictures so. */
bool config_read_picture(const char *name, const char *text, size_t length, struct scenario *s,
                         struct places *places, struct errors *errors);
void config_allow_files(void);

/* Reads a scenario file; also a PNG that queuescope wrote (its text chunk holds the scenario) when
 * `extract` is given: it returns the chunk's text, xmalloc'ed, or NULL. */
typedef char *config_extract(const char *file, const unsigned char *bytes, size_t length);
bool config_load(const char *file, config_extract *extract, struct scenario *s,
                 struct places *places, struct errors *errors);

/* Whether a document can be made of a text in a time that grows with its length: not nested more
 * than CONFIG_DEPTH deep, and without an absurd number of anchors. What is no YAML at all is not
 * told here. */
enum { CONFIG_DEPTH = 24 };
bool config_bounded(const char *name, const char *text, size_t length, struct errors *errors);

/* The scenario as YAML that config_read reads back to an equal value, every set row in it.
 * xmalloc'ed, NUL-terminated. */
char *config_text(const struct scenario *s);

/* The version of libyaml that is used. */
const char *config_library(void);

#endif
