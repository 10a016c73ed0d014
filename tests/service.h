/*
 * Laws of service and interarrival times, as formulas need them: moments, survival, transform.
 *
 * Written apart from models/ on purpose: the simulated laws are tested against these.
 * Sources: Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions, 1994-95.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include <stdbool.h>

enum service_kind {
    SERVICE_EXPONENTIAL,      /* a: mean */
    SERVICE_DETERMINISTIC,    /* a: value */
    SERVICE_ERLANG,           /* a: mean, b: shape (whole) */
    SERVICE_HYPEREXPONENTIAL, /* a: first probability, b, c: means */
    SERVICE_LOGNORMAL,        /* a: mu, b: sigma of the logarithm */
    SERVICE_PARETO,           /* a: smallest value, b: exponent */
    SERVICE_BPARETO           /* a: low, b: high, c: exponent */
};

struct service {
    enum service_kind kind;
    double a, b, c;
};

/* Reads a law from oracle parameters: `key` names the law ("service", "arrival"), `mean` the key of
 * its mean ("mean_service", "mean_interarrival"), `prefix` goes before every key ("class1_", "").
 * False if there is none, or one that is not listed here. */
bool service_given(const char *params, const char *prefix, const char *key, const char *mean,
                   struct service *out);

double service_moment(const struct service *s, int k);       /* E[S^k], k >= 1; may be INFINITY */
double service_above(const struct service *s, double x);     /* P(S > x) */
double service_excess(const struct service *s, double x);    /* E[(S - x)+] */
double service_density(const struct service *s, double x);   /* laws without atoms */
double service_part(const struct service *s, double x);      /* E[S; S <= x], exp. and bpareto */
double service_transform(const struct service *s, double z); /* E[exp(-z S)], z >= 0 */
double service_step(const struct service *s);    /* a length whose multiples hit every kink */
double service_highest(const struct service *s); /* largest value, INFINITY if none */

#endif
