/*
 * Closed product-form networks of several classes: N_r clients of each class go from station to
 * station and think in between; a station is a delay, or has c consumers that serve in order of
 * arrival exponential sizes of one mean for all classes, or share, or are interrupted by the last
 * that comes (then with one consumer, any law and means by class). Baskett, Chandy, Muntz and
 * Palacios, "Open, closed, and mixed networks of queues with different classes of customers", J.
 * ACM 22, 1975.
 *
 * The figures are those of mean value analysis (Reiser and Lavenberg, "Mean-value analysis of
 * closed multichain queueing networks", J. ACM 27, 1980), with which they agree to the last digits.
 * They are reckoned by convolution of the normalising constants (Buzen 1973; Reiser and Kobayashi,
 * "On the convolution algorithm for separable queueing networks", 1976), because the recursion of
 * mean value analysis for stations of several consumers loses all its digits near saturation
 * (Reiser, "Mean value analysis and convolution method for queue-dependent servers in closed
 * queueing networks", Perf. Eval. 1, 1981).
 */
#ifndef PRODUCT_H
#define PRODUCT_H

#include <stdbool.h>
#include <stddef.h>

enum { PRODUCT_CLASSES = 8, PRODUCT_STATIONS = 64 };
#define PRODUCT_MOST 3e8 /* multiplications */

/* A client's cycle: demand[r] is the visits of a station in it times the mean size, in seconds of a
 * consumer. */
struct product_station {
    double consumers; /* INFINITY: a delay */
    double demand[PRODUCT_CLASSES];
};

struct product {
    size_t classes, stations;
    int clients[PRODUCT_CLASSES];
    double think[PRODUCT_CLASSES]; /* in a cycle */
    struct product_station station[PRODUCT_STATIONS];
};

struct product_means {
    double cycles[PRODUCT_CLASSES];                      /* per second, of a class */
    double number[PRODUCT_STATIONS][PRODUCT_CLASSES];    /* in each station */
    double residence[PRODUCT_STATIONS][PRODUCT_CLASSES]; /* seconds of a cycle spent there */
    double busy[PRODUCT_STATIONS];                       /* consumers, on average */
};

/* False where it takes more than PRODUCT_MOST, or nobody has anything to do. */
bool product_solve(const struct product *network, struct product_means *out);

#endif
