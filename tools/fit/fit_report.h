/*
 * What `fit` says: the log, its arrivals, its sizes and its load to `out`; what a plan must not
 * overlook to standard error.
 */
#ifndef FIT_REPORT_H
#define FIT_REPORT_H

#include <stdio.h>

#include "fit_scenario.h"

void fit_report(const struct fit *fit, FILE *out);

/* `wish` as the scenarios were written. */
void fit_warnings(const struct fit *fit, const struct fit_wish *wish);

/* The verdict in a few words: "Poisson at a rate that moves". */
const char *fit_verdict(const struct fit *fit);

/* The parameters of a law in a line: "mean 6.63 s, cv2 0.9735". Interned. */
const char *fit_law_short(const struct law *law);

#endif
