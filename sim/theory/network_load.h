/*
 * The load of a network: its traffic over what its bottleneck can do; at 1 the backlog begins to
 * grow without end.
 *
 *   - the highest utilization of a stage, by the traffic equations, where how long consumers are
 *     held is known and utilizations below 1 are enough (traffic.h);
 *   - of a line with small buffers lambda over what it can do with a supply that never ends
 *     (line.h);
 *   - of consumers that wait for the answers of stages which nobody else comes to: their visits
 *     over those that the consumers can make when all of them are always taken. Then they are the
 *     clients of a closed network, whose thoughts are their own work (product.h). That is the
 *     bottleneck of nested pools: Rolia and Sevcik, "The method of layers", IEEE Trans. Softw.
 *     Eng. 21, 1995;
 *   - of a closed network what its clients would ask of the bottleneck if nobody ever had to wait,
 *     N D / (Z + sum of D), over what this can do: 1 at the saturation point (Denning and Buzen
 * 1978, sec. 9).
 */
#ifndef NETWORK_LOAD_H
#define NETWORK_LOAD_H

#include "../network/traffic.h"

enum network_load_kind { LOAD_OF_STAGE, LOAD_OF_LINE, LOAD_OF_CALLERS, LOAD_OF_CLIENTS };

struct network_load {
    double value; /* may be INFINITY */
    double
        highest; /* visits per second of the stage at which it would be 1; of clients: requests */
    uint32_t stage; /* the bottleneck; of a line the first stage */
    enum network_load_kind kind;
};

/* False where it is not known: something can be lost, is held for a time that is not known, or
 * comes at an unknown rate. */
bool network_load_of(const struct network *network, const struct traffic *traffic,
                     struct network_load *out);

/* What the consumers of a stage can do, in its visits per second, while all of them are always
 * taken and wait for the answers of the stages that they call; NAN: not known. */
double network_callers_capacity(const struct traffic *traffic, uint32_t stage);

#endif
