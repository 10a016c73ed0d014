/*
 * Tables: numeric columns of a CSV file (plain or .gz), shared and immutable.
 *
 * A table is read once per path, and shared by all threads to the end of the program: its rows lie
 * in a spool (table_spool.h), so that memory does not grow with their number, and what is said of
 * its columns is found while they are read. table_sorted alone is as large as its column. Every
 * value is a number from 0 to TABLE_MOST (times, sizes: in seconds as any duration of a scenario,
 * so that sums of them, and of their squares, are finite); a column may hold words if it is called
 * "class": its values are then indices into `words`.
 *
 * The file: comma-separated, one row a line, the same number of columns in each. The first row is a
 * header if none of its fields is a number; comments (#) and empty lines may stand before the
 * first row, empty lines at the end. Fields may stand in double quotes, which cannot hold commas.
 *
 * Errors, each a sentence with file and line: a file that cannot be read or is damaged or empty, a
 * field that is no number, a row that is too short or too long, a line over 64 KB, more than
 * TABLE_COLUMNS columns or TABLE_WORDS words, no room for the spool.
 */
#ifndef TABLE_H
#define TABLE_H

#include "../base/err.h"

#define TABLE_MOST 1e12
enum { TABLE_COLUMNS = 16, TABLE_WORDS = 256 };

struct table_column {
    const char *name;    /* NULL where there is no header */
    double mean, second; /* of the values, and of their squares */
    double first, last;
    size_t falls; /* the first row that is below the row above it; 0: none is */
    bool counts;  /* all are whole numbers from 1 up */
};

struct table {
    const char *file;   /* interned */
    size_t rows;        /* at least 1 */
    int first_line;     /* line of row 0; row i is on line first_line + i */
    int columns, named; /* named: there was a header */
    int words_count;
    const char *words[TABLE_WORDS]; /* interned */
    size_t word_row[TABLE_WORDS];   /* where it first stands */
    struct table_column column[TABLE_COLUMNS];
};

/* The table of a file; NULL with an error. The place names who asked. */
const struct table *table_load(const char *file, struct place at, struct errors *errors);

/* From now on the table of that file, unless there is one, has these values as its only column, and
 * the file is not read: for who has just written it and knows what it comes to. From 1 value to
 * SPOOL_KEPT, each as above. */
void table_hold(const char *file, const double *values, size_t n);

/* The table of a file (interned) that was loaded before, else NULL; takes no lock. */
const struct table *table_find(const char *file);

/* The column of that name, or NULL. */
const struct table_column *table_column(const struct table *table, const char *name);

/* Rows first .. first + n - 1, one after the other, each with all its columns. */
void table_read(const struct table *table, size_t first, size_t n, double *out);

/* All rows, as table_read writes them; found when they are first asked for, and kept: for tables
 * that are small. */
const double *table_values(const struct table *table);

/* The values of a table of one column, falling; found when they are first asked for, and kept. */
const double *table_sorted(const struct table *table);

/* The sum of the n largest of them. */
double table_largest(const struct table *table, size_t n);

/* The place of a row, for messages. */
struct place table_place(const struct table *table, size_t row);

#endif
