/*
 * What `fit` writes beside the scenario: the tasks of the log as a trace, and its sizes as values
 * to be drawn from. The log is read again for each: it is not kept.
 */
#ifndef FIT_SAVE_H
#define FIT_SAVE_H

#include "fit_scenario.h"

/* arrival_s,service_s[,class], from the first arrival on. */
bool fit_save_trace(const struct fit *fit, const char *folder, const char *name,
                    struct errors *errors);

/* low,high,count of the sizes, as picture.observed reads it. */
bool fit_save_latencies(const struct fit *fit, const char *folder, const char *name,
                        struct errors *errors);

/* The files that fit_sizes_file names, where fit_is_empirical. */
bool fit_save_sizes(const struct fit *fit, const struct fit_wish *wish, const char *folder,
                    struct errors *errors);

#endif
