/*
 * Stages and sources as a graph: who hands on to whom, and who calls whom.
 *
 * Nodes are the stages by their number and then the sources. Every edge of what is written is here,
 * also one with a share of 0; and an edge to GRAPH_EXIT where a task may leave. Names that there
 * are not have no edge. A scenario in the short form is one stage that everything leaves.
 */
#ifndef STAGE_GRAPH_H
#define STAGE_GRAPH_H

#include "stages.h"

#define GRAPH_EXIT UINT32_MAX

enum edge_kind {
    EDGE_ONE,  /* handed on: one of those of its node, by share or class */
    EDGE_COPY, /* handed on: a copy to each */
    EDGE_CALL,
    EDGE_LETTER /* of what has failed (dead_letter): nobody knows how much; share 0 */
};

struct stage_edge {
    uint32_t to;
    enum edge_kind kind;
    double share; /* of the tasks that take it, at most; 1: all */
    double count; /* of a call: how often it is made */
};

struct stage_graph {
    const struct scenario *s;
    int class;         /* whose rules are taken; -1: of all */
    uint32_t n, nodes; /* stages; stages and sources */
    struct stage_node {
        uint32_t first, n;  /* in edges */
        bool joins, copies; /* `join`; `balancer: all` */
    } * node;
    struct stage_edge *edges;
    uint32_t n_edges;
};

struct stage_graph stage_graph_of(const struct scenario *s);

/* As the tasks of a class go: of rules only the one that fits. */
struct stage_graph stage_graph_for(const struct scenario *s, int class);
void stage_graph_free(struct stage_graph *g);

/* Whether one request may be offered to a stage more than once. */
bool stage_repeats(const struct stage_graph *g, uint32_t stage);

/* Where the group that a stage makes is joined: forks and joins match like parentheses along every
 * way. `of_balancer`: the group of its `balancer: all`, else that of its `to`. GRAPH_EXIT: nowhere.
 * Of several joins the first that is found. */
uint32_t stage_join_of(const struct stage_graph *g, uint32_t stage, bool of_balancer);

/* The same of the batches of a source (from 0), which are groups, too; GRAPH_EXIT also where its
 * tasks come one by one. Of the copies of a source's `to`: stage_join_of, by its node. */
uint32_t stage_batch_join_of(const struct stage_graph *g, uint32_t source);
bool stage_graph_batches(const struct scenario *s, uint32_t source); /* it brings batches */

/* Whether tasks multiply without end: what a task leads to, copies and calls counted, is at some
 * stages on average as much again, or more. By the traffic equations v = e + v M: they have a
 * solution for every e >= 0 if and only if I - M is a nonsingular M-matrix, which elimination tells
 * by its pivots, all above 0 (Berman and Plemmons, "Nonnegative matrices in the mathematical
 * sciences", 1979, theorem 6.2.3, E17). `which`: a stage where it is so; of those that `at` marks
 * (by stage). */
bool stage_graph_multiplies(const struct stage_graph *g, const bool *at, uint32_t *which);

/* Goes over what may be reached, and with how many groups open: calls `see` once for each stage and
 * depth, before a join there, which closes one. `see` says whether to go on from there. */
enum { DEPTH_MOST = 16 };
typedef bool graph_seer(void *context, uint32_t stage, uint32_t depth);
void stage_graph_walk(const struct stage_graph *g, uint32_t node, uint32_t depth, bool with_calls,
                      graph_seer *see, void *context);

#endif
