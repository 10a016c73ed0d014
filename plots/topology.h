/*
 * Topology: the stages of a network as boxes, with what was measured on them.
 *
 * Of one column of the result: that nearest to the scenario's own value of what is swept or, where
 * that is off the sweep, the last stable one. On a box: throughput, tasks lost, and utilization as
 * a bar, with the part of it in which consumers are held (by calls, or by a full buffer) hatched.
 * Ways (`to`) are solid, calls double, those of dead letters dashed; those against the stream,
 * where there is a cycle, run beneath. A way's traffic is the throughput of the stage that it
 * leaves times its share, a call's times share and count, that of letters what was lost so; that of
 * a source is what it sends by its description.
 *
 * Laid out by layers: a stage stands right of all that come to it (longest path, cycles cut where
 * they close in the order of the scenario), in bands of TOPOLOGY_BAND layers one below the other.
 * Within a layer, boxes are ordered by the mean of their neighbours (Sugiyama, Tagawa and Toda,
 * "Methods for visual understanding of hierarchical system structures", IEEE Trans. SMC 11, 1981).
 */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include "../sim/network/network.h"
#include "../sim/result/result.h"
#include "png.h"

enum { TOPOLOGY_MOST = 40, TOPOLOGY_BAND = 7 };

/* A box, a source, or (neither) a place where a long way passes a layer. */
enum node_kind { NODE_STAGE, NODE_SOURCE, NODE_PASS };
struct topology_node {
    enum node_kind kind;
    uint32_t stage;   /* or source; NODE_PASS: the edge */
    const char *name; /* interned */
    size_t layer, band;
    double order;      /* in the layer */
    double x, y, w, h; /* of the box, in pixels */
    bool leaves;       /* tasks leave the system from here */
};

struct topology_edge {
    size_t from, to;       /* nodes */
    bool calls, letters;   /* else `to` */
    bool back;             /* against the stream */
    bool labelled;         /* its traffic is not plain from the boxes */
    double rate;           /* NAN: not known */
    size_t pass, n_passes; /* nodes on the way, one after the other */
};

struct topology {
    const struct result *result;
    uint32_t column;
    struct scenario *scenario; /* as of that column */
    struct network *network;
    size_t n_nodes, n_edges, n_layers, n_bands;
    struct topology_node *nodes; /* stages in order, then sources, then passes */
    struct topology_edge *edges;
    double width, height; /* of the drawing */
    double *lane;         /* of each band: where ways run beneath it */
};

/* NULL where the scenario is of one stage in the short form. */
struct topology *topology_of(const struct result *result);
void topology_free(struct topology *topology);

/* Layers, order and places. `top`: where the first band begins. */
void topology_place(struct topology *topology, double top);

/* The rows of a stage, all classes together. */
const struct row *topology_row(const struct topology *topology, uint32_t stage);

/* Whether it is the bottleneck, or one of several (result_bottlenecks). */
bool topology_is_busiest(const struct topology *topology, uint32_t stage);

/* "16 consumers, 2 places": what a stage is; "": one consumer without a limit to its buffer.
 * Interned, like the others. */
const char *topology_what(const struct topology *topology, uint32_t stage);
const char *topology_headline(const struct topology *topology);
const char *topology_where(const struct topology *topology); /* which column; "" of one */
const char *topology_rate(double rate);

/* topology.png; false, with an error, where it cannot be made. At most TOPOLOGY_MOST stages. */
bool topology_png(struct topology *topology, unsigned threads, struct bytes *png,
                  struct errors *errors);

/* topology.dot, for Graphviz; xmalloc'ed. */
char *topology_dot(const struct topology *topology, size_t *size);

#endif
