/*
 * Result files: columns.csv, histograms.csv, summary.json, scenario.yaml (contract.md has their
 * columns). A file appears whole under its name or not at all: it is written beside it under a
 * temporary name, flushed to disk, and renamed. The bytes of both CSVs depend on scenario, seed and
 * version alone.
 *
 * columns.csv has the contract's columns and, behind them, lost_rejected, lost_dropped_newest,
 * lost_dropped_oldest, offered_utilization, warmup_tasks (mean over replications), effective_tasks,
 * largest_share (result.h), time_low, time_high (drift: the slice of time), notes (words of
 * note_names, separated by blanks), loss_fraction_low95, loss_fraction_high95, and replications,
 * precision and precision_reached (yes or no; both empty where none is asked for: precision.h), and
 * lost_timed_out.
 * Numbers are as save_number writes them; what cannot be given is empty. The only stage is called
 * `main`. A network has rows for each place (result.h), and behind all these columns held_fraction,
 * arrival_cv2, arrival_cv2_ci95, departure_cv2, departure_cv2_ci95, lost_failed and lost_withdrawn.
 *
 * histograms.csv has, for each measure, column, place and class, the rows zero (low = high = 0),
 * under (from 0 to 2^-30) and over (from 2^34 to inf), always, and those buckets that hold
 * something, upwards.
 */
#ifndef SAVE_H
#define SAVE_H

#include "result.h"

extern const char queuescope_version[];

/* The shortest text that reads back (strtod) as the very same double; the one way in which numbers
 * get into CSV files. "" for NAN, "inf" for INFINITY. */
enum { NUMBER_TEXT = 32 };
void save_number(double x, char out[NUMBER_TEXT]);

/* Words of enum trial_note, in order of their bits: "capped", "backlog", ... */
extern const char *const note_names[NOTES];

/* The folder, made with its parents where missing, and taken: until this process ends no other one
 * that asks for it gets it. What a process that was killed left half done there is finished or
 * removed (save_set.h). */
bool save_folder(const char *folder, struct errors *errors);

/* Whole-file write as above; used for pictures too. */
bool save_bytes(const char *folder, const char *name, const void *bytes, size_t size,
                struct errors *errors);

/* Once all is written: makes the names survive a power cut, too. (The files are whole without.) */
void save_settle(const char *folder);

/* summary.json: version, seed, engine, speed, audit, warnings, and the rows of columns.csv under
 * the same names; what cannot be given is null. xmalloc'ed. */
char *save_summary_text(const struct result *result);

/* All four files and, where the run went by the clock, windows.csv (save_windows.h); or, without
 * `histograms`, all but histograms.csv: one that an earlier run left is
 * no part of the results then (and a set of files is open: save_set.h). */
bool save_result(const struct result *result, const char *folder, bool histograms,
                 struct errors *errors);

/* The text of each, xmalloc'ed, for tests and for `compare`. */
char *save_columns_text(const struct result *result, size_t *size);
char *save_histograms_text(const struct result *result, size_t *size);

/* comparison.csv: the columns behind one column per varied key. panel_values[i * keys + k]. */
char *save_comparison_text(const struct result *const *panels, size_t n, const char *const *keys,
                           size_t n_keys, const char *const *panel_values, size_t *size);

/* differences.csv: what panels differ by (difference.h), each from the first and from the one
 * before it: the columns setting, than (titles), stage, class, parameter, value, measure (a column
 * of columns.csv), difference (that of `setting` less that of `than`), difference_ci95 (half-width,
 * 95
 * %), claim (better, worse, cannot-tell) and why not (no_claim_names). */
char *save_differences_text(const struct result *const *panels, size_t n, const char *const *titles,
                            size_t *size);

#endif
