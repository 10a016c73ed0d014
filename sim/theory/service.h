/*
 * Laws of service and interarrival times, as formulas need them: moments, survival, transform.
 *
 * Written apart from the draws in models/ on purpose: what is simulated is tested against these.
 * Where a function says for which laws it stands, it is NAN of others.
 * Sources: Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions, 1994-95.
 */
#ifndef SERVICE_H
#define SERVICE_H

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

double service_moment(const struct service *s, int k);         /* E[S^k], k >= 1; may be INFINITY */
double service_above(const struct service *s, double x);       /* P(S > x) */
double service_excess(const struct service *s, double x);      /* E[(S - x)+] */
double service_density(const struct service *s, double x);     /* laws without atoms */
double service_part(const struct service *s, int k, double x); /* E[S^k; S <= x], k = 1 or 2 */
double service_transform(const struct service *s, double z);   /* E[exp(-z S)], z >= 0 */
double service_step(const struct service *s);    /* a length whose multiples hit every kink */
double service_lowest(const struct service *s);  /* smallest value; 0 where the law has no gap */
double service_highest(const struct service *s); /* largest value, INFINITY if none */

#endif
