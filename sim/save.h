/*
 * Result files: columns.csv, histograms.csv, summary.json, scenario.yaml (contract.md has their
 * columns). A file appears whole under its name or not at all: it is written beside it under a
 * temporary name, flushed to disk, and renamed. The bytes of both CSVs depend on scenario, seed and
 * version alone.
 */
#ifndef SAVE_H
#define SAVE_H

#include "result.h"

extern const char queuescope_version[];

/* The folder, made with its parents where missing. */
bool save_folder(const char *folder, struct errors *errors);

/* Whole-file write as above; used for pictures too. */
bool save_bytes(const char *folder, const char *name, const void *bytes, size_t size,
                struct errors *errors);

bool save_result(const struct result *result, const char *folder, struct errors *errors);

/* The text of each, xmalloc'ed, for tests and for `compare`. */
char *save_columns_text(const struct result *result, size_t *size);
char *save_histograms_text(const struct result *result, size_t *size);

/* comparison.csv: the columns behind one column per varied key. panel_values[i * keys + k]. */
char *save_comparison_text(const struct result *const *panels, size_t n, const char *const *keys,
                           size_t n_keys, const char *const *panel_values, size_t *size);

#endif
