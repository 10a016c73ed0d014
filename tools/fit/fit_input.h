/*
 * What `fit` reads: files that are opened once, and what is asked of logs.
 */
#ifndef FIT_INPUT_H
#define FIT_INPUT_H

#include "../../sim/fit/reader.h"
#include "../shell/options.h"

/* What the sizes of a log are, by --as. */
enum fit_as { FIT_AS_UNSAID, FIT_AS_SIZE, FIT_AS_LATENCY };

/* Opens all files of the command line, `lines` having OPTIONS_MANY places. False with an error. */
bool fit_open(const struct options *o, struct lines *lines[], struct errors *errors);
void fit_close(const struct options *o, struct lines *lines[]);

/* Whether they are of metrics, by --format or by their content. */
bool fit_is_metrics(const struct options *o, struct lines *lines);

/* What is asked of a log. False with errors, and where something is asked that is of metrics. */
bool fit_log_options(const struct options *o, struct log_options *log, enum fit_as *as,
                     struct errors *errors);

/* The index of a word in a list; -1 with an error, which names them. */
int fit_choice(const char *option, const char *text, const char *const *words,
               struct errors *errors);

/* Seconds of a unit of time. */
bool fit_unit(const char *option, const char *text, double *unit, struct errors *errors);

#endif
