/*
 * Windows of time in files (run.windows): windows.csv, and what summary.json says over them.
 *
 * windows.csv: a row for every replication (counted from 1), window, place and class: `time` is
 * when the window began, from time 0 on; figures as windows.h has them. What is known of a place
 * only stands in the row of all classes. `state` has the words of trouble_names, separated by
 * blanks: all that were so at some time in the window.
 *
 * summary.json, "windows": width (seconds); count (of one replication, the most of them); rows and
 * measured_rows, for each place and class the spread of every figure over the windows (windows.h):
 * of all of them, and of those after the warm-up. A window that the end of the run has cut short is
 * in windows.csv, and in neither of these.
 */
#ifndef SAVE_WINDOWS_H
#define SAVE_WINDOWS_H

#include "../base/json.h"
#include "windows.h"

/* A save_writer; the context is a struct result that has windows. */
void save_write_windows(FILE *file, const void *context);

/* Its text, xmalloc'ed. */
char *save_windows_text(const struct result *result, size_t *size);

json_t *save_windows_json(const struct result *result);

#endif
