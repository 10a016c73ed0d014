/*
 * Parameters as the oracle files write them: `key=value;key=value;...`.
 *
 * The tests describe every model in this one language (shared/oracles/public/README.md lists the
 * models and keys), so that a row of an oracle file and a case written in a test take the same
 * path to a formula (theory.h) and to a simulation (experiment.h).
 */
#ifndef GIVEN_H
#define GIVEN_H

#include <stdbool.h>
#include <stddef.h>

#include "../sim/theory/service.h"

/* The number behind `key`; NAN if it is not there. */
double given(const char *params, const char *key);

/* The text behind `key` copied into `out`; false if it is not there or does not fit. */
bool given_text(const char *params, const char *key, char *out, size_t size);

/* given() of a key made by printf, such as "class%d_lambda". */
double givenf(const char *params, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Reads a law: `key` names it ("service", "arrival"), `mean` the key of its mean ("mean_service",
 * "mean_interarrival"), `prefix` goes before every key ("class1_", ""). False if there is none, or
 * one that is not listed in service.h. */
bool service_given(const char *params, const char *prefix, const char *key, const char *mean,
                   struct service *out);

#endif
