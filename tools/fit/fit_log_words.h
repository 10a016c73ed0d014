/*
 * What is to be said about how a log was read: guesses, and what they would be otherwise; figures
 * that are absurd; clocks.
 */
#ifndef FIT_LOG_WORDS_H
#define FIT_LOG_WORDS_H

#include "../../sim/fit/fit.h"
#include "fit_input.h"

/* One warning a line, on standard error. */
void fit_log_warnings(const struct fit *fit, enum fit_as as);

/* Of --as latency: how the latencies in `file` are laid over simulated ones. */
void fit_say_overlay(const char *folder, const char *file);

#endif
