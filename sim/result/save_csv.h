/* What columns.csv, histograms.csv and summary.json have in common; the writers of the CSVs. */
#ifndef SAVE_CSV_H
#define SAVE_CSV_H

#include "save_file.h"
#include "text.h"

extern const char *const stable_names[]; /* by enum verdict_stable */

/* save_writers; the context is a struct result. */
void save_write_columns(FILE *file, const void *context);
void save_write_histograms(FILE *file, const void *context);

/* A text, quoted where it must be; a comma and a number (save_number), a
 * comma and a count. */
void csv_text(struct text *to, const char *text);
void csv_number(struct text *to, double x);
void csv_count(struct text *to, uint64_t n);

/* What a save_writer writes, xmalloc'ed. */
char *csv_whole(save_writer *write, const void *context, size_t *size);

#endif
