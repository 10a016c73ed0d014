/*
 * What a run says on standard output: what was done, a table of some columns, a reading of the
 * picture in words, the audit. Warnings go to standard error.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "../../sim/result/result.h"

/* The row of a column's tasks of all classes together. */
const struct row *report_row(const struct result *result, uint32_t column);

/* Texts of a row, interned: a duration ("1.5 s", "-" for NAN), a rate, a share, a value of the
 * swept parameter in its own unit. */
const char *report_duration(double seconds);
/* "1.2 s to 1.4 s"; "-": there is none. */
const char *report_interval(double low, double high);
const char *report_rate(double per_second);
const char *report_share(double share);
const char *report_value(const struct scenario *s, double value);

/* "8 M tasks in 0.4 s (20 M tasks/s)" */
const char *report_speed(uint64_t tasks, double seconds);

/* The picture in words: one paragraph, interned. */
const char *report_reading(const struct result *result);

/* The same of each class, a line each; "" where there is one class. Interned. */
const char *report_classes_reading(const struct result *result);

void report_print(const struct result *result, FILE *out);

/* Keeps what the run should say aloud for the end (remarks.h). */
void report_warnings(const struct result *result);

/* A warning where the font of pictures lacks a character of a text that heads one ("the title");
 * NULL has none. */
void report_lacking(const char *what, const char *text);

#endif
