/*
 * Many servers, each with a queue of its own, exponential sizes: limits for ever more servers, and
 * copies to several of which the first that is done counts. lambda: arrivals per server and second,
 * below mu.
 */
#ifndef MANY_H
#define MANY_H

/* Mean response where a task joins the shortest of d queues, in the limit: sum over i >= 1 of
 * rho^((d^i - d) / (d - 1)) / mu. Vvedenskaya, Dobrushin and Karpelevich, Probl. Inf. Transm. 32,
 * 1996, theorem 1; Mitzenmacher, PhD thesis, Berkeley 1996, sec. 3.2. */
double many_shortest_of(double lambda, double mu, int d);

/* The share of tasks that do not find an idle server among the d drawn: rho^d. Likewise. */
double many_waits(double lambda, double mu, int d);

/* Mean response with d copies to different ones of n servers, of sizes drawn anew for each copy;
 * the others vanish, waiting or in service, when one is done. Gardner, Harchol-Balter,
 * Scheller-Wolf, Velednitsky and Zbarsky, "Redundancy-d: the power of d choices for redundancy",
 * Oper. Res. 65, 2017, theorem 1. */
double many_copies(double lambda, double mu, int n, int d);

/* The same of ever more servers: the integral from 0 to 1 of dx / (mu x^(1-d) - lambda). */
double many_copies_limit(double lambda, double mu, int d);

#endif
