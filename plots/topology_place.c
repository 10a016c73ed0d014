/* Where boxes stand: layers, bands, order, and places (topology.h). */
#include <math.h>
#include <stdlib.h>

#include "topology.h"

enum { BOX_W = 172, BOX_H = 86, SENDER_W = 96, SENDER_H = 30, PASS_H = 14 };
enum { GAP_X = 92, GAP_Y = 26, MARGIN = 58, BENEATH = 16, BETWEEN = 40, SWEEPS = 24 };

/* ---- layers ---- */

/* Marks the edges that close a cycle, from a node that is being visited. */
static void visit(struct topology *t, size_t node, char *state)
{
    state[node] = 1;
    for (size_t i = 0; i < t->n_edges; i++) {
        struct topology_edge *edge = &t->edges[i];
        if (edge->from != node)
            continue;
        if (state[edge->to] == 1)
            edge->back = true;
        else if (state[edge->to] == 0)
            visit(t, edge->to, state);
    }
    state[node] = 2;
}

static void find_layers(struct topology *t)
{
    char *state = xcalloc(t->n_nodes, 1);
    size_t stages = t->network->n_stages;
    for (size_t i = stages; i < t->n_nodes; i++)
        visit(t, i, state);
    for (size_t i = 0; i < stages; i++)
        if (state[i] == 0)
            visit(t, i, state);
    free(state);
    for (size_t i = 0; i < t->n_nodes; i++)
        t->nodes[i].layer = t->nodes[i].kind == NODE_SOURCE ? 0 : 1;
    for (size_t turn = 0; turn < t->n_nodes; turn++)
        for (size_t i = 0; i < t->n_edges; i++) {
            const struct topology_edge *edge = &t->edges[i];
            size_t least = t->nodes[edge->from].layer + 1;
            if (!edge->back && t->nodes[edge->to].layer < least)
                t->nodes[edge->to].layer = least;
        }
    /* A source stands right before the first that it feeds. */
    for (size_t i = stages; i < t->n_nodes; i++) {
        size_t first = SIZE_MAX;
        for (size_t k = 0; k < t->n_edges; k++)
            if (t->edges[k].from == i && t->nodes[t->edges[k].to].layer < first)
                first = t->nodes[t->edges[k].to].layer;
        t->nodes[i].layer = first == SIZE_MAX ? 0 : first - 1;
    }
    for (size_t i = 0; i < t->n_nodes; i++) {
        t->nodes[i].band = t->nodes[i].layer / TOPOLOGY_BAND;
        t->n_layers = t->nodes[i].layer >= t->n_layers ? t->nodes[i].layer + 1 : t->n_layers;
    }
    t->n_bands = (t->n_layers + TOPOLOGY_BAND - 1) / TOPOLOGY_BAND;
}

/* Long ways inside a band have a place in every layer that they pass. */
static void add_passes(struct topology *t)
{
    for (size_t i = 0; i < t->n_edges; i++) {
        struct topology_edge *edge = &t->edges[i];
        const struct topology_node from = t->nodes[edge->from], to = t->nodes[edge->to];
        if (edge->back || from.band != to.band || to.layer <= from.layer + 1)
            continue;
        edge->pass = t->n_nodes;
        edge->n_passes = to.layer - from.layer - 1;
        t->nodes = xrealloc(t->nodes, (t->n_nodes + edge->n_passes) * sizeof *t->nodes);
        for (size_t k = 0; k < edge->n_passes; k++)
            t->nodes[t->n_nodes++] = (struct topology_node){.kind = NODE_PASS,
                                                            .stage = (uint32_t)i,
                                                            .name = "",
                                                            .layer = from.layer + 1 + k,
                                                            .band = from.band};
    }
}

/* ---- neighbours ---- */

/* The part of edge `i` from one layer to the next that touches `node`: its other end; SIZE_MAX. */
static size_t neighbour(const struct topology *t, const struct topology_edge *edge, size_t node,
                        bool before)
{
    size_t at[3] = {edge->from, edge->n_passes ? edge->pass : edge->to, edge->to};
    if (edge->back || t->nodes[edge->from].band != t->nodes[edge->to].band)
        return SIZE_MAX;
    if (node == edge->from)
        return before ? SIZE_MAX : at[1];
    if (node == edge->to)
        return !before ? SIZE_MAX : edge->n_passes ? edge->pass + edge->n_passes - 1 : edge->from;
    if (edge->n_passes == 0 || node < edge->pass || node >= edge->pass + edge->n_passes)
        return SIZE_MAX;
    size_t k = node - edge->pass;
    if (before)
        return k == 0 ? edge->from : node - 1;
    return k + 1 == edge->n_passes ? edge->to : node + 1;
}

static double middle(const struct topology_node *node)
{
    return node->y + node->h / 2;
}

/* The mean of what `of` says of the neighbours on one side, or both; NAN: there are none. */
static double mean_of(const struct topology *t, size_t node, bool before, bool after, bool order)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < t->n_edges; i++)
        for (int side = 0; side < 2; side++) {
            size_t other = side == 0 && !before  ? SIZE_MAX
                           : side == 1 && !after ? SIZE_MAX
                                                 : neighbour(t, &t->edges[i], node, side == 0);
            if (other == SIZE_MAX)
                continue;
            sum += order ? t->nodes[other].order : middle(&t->nodes[other]);
            n++;
        }
    return n > 0 ? sum / n : NAN;
}

/* ---- order ---- */

struct ranked {
    size_t node;
    double by;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return x->by != y->by ? (x->by > y->by) - (x->by < y->by)
                          : (x->node > y->node) - (x->node < y->node);
}

/* The nodes of a layer in their order; returns how many. */
static size_t layer_of(const struct topology *t, size_t layer, struct ranked *out)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_nodes; i++)
        if (t->nodes[i].layer == layer)
            out[n++] = (struct ranked){i, t->nodes[i].order};
    qsort(out, n, sizeof *out, by_rank);
    return n;
}

static void order_layer(struct topology *t, size_t layer, bool before, struct ranked *room)
{
    size_t n = layer_of(t, layer, room);
    for (size_t i = 0; i < n; i++) {
        double mean = mean_of(t, room[i].node, before, !before, true);
        if (!isnan(mean))
            room[i].by = mean + 1e-6 * t->nodes[room[i].node].order;
    }
    qsort(room, n, sizeof *room, by_rank);
    /* As a place from 0 to 1, so that layers of different lengths can be compared. */
    for (size_t i = 0; i < n; i++)
        t->nodes[room[i].node].order = ((double)i + 0.5) / (double)n;
}

static void find_order(struct topology *t, struct ranked *room)
{
    for (size_t i = 0; i < t->n_nodes; i++) /* at first as the scenario has them */
        t->nodes[i].order = t->nodes[i].kind == NODE_PASS ? 1e6 + (double)i : (double)i;
    for (size_t layer = 0; layer < t->n_layers; layer++) {
        size_t n = layer_of(t, layer, room);
        for (size_t i = 0; i < n; i++)
            t->nodes[room[i].node].order = ((double)i + 0.5) / (double)n;
    }
    for (int turn = 0; turn < SWEEPS; turn++)
        for (size_t k = 0; k < t->n_layers; k++)
            order_layer(t, turn % 2 ? t->n_layers - 1 - k : k, turn % 2 == 0, room);
}

/* ---- places ---- */

static double gap_between(const struct topology_node *a, const struct topology_node *b)
{
    return a->kind == NODE_PASS || b->kind == NODE_PASS ? GAP_Y / 2.0 : GAP_Y;
}

/* Moves a layer towards its neighbours, no two closer than their gap: the mean of packing from
 * above and from below, each of which keeps the gaps. */
static void settle_layer(struct topology *t, size_t layer, struct ranked *room)
{
    size_t n = layer_of(t, layer, room);
    double *down = xcalloc(n + 1, sizeof *down), *up = xcalloc(n + 1, sizeof *up);
    for (size_t i = 0; i < n; i++) {
        struct topology_node *node = &t->nodes[room[i].node];
        double want = mean_of(t, room[i].node, true, true, false);
        down[i] = up[i] = isnan(want) ? node->y : want - node->h / 2;
    }
    for (size_t i = 1; i < n; i++) {
        const struct topology_node *a = &t->nodes[room[i - 1].node], *b = &t->nodes[room[i].node];
        down[i] = fmax(down[i], down[i - 1] + a->h + gap_between(a, b));
    }
    for (size_t i = n; i-- > 1;) {
        const struct topology_node *a = &t->nodes[room[i - 1].node], *b = &t->nodes[room[i].node];
        up[i - 1] = fmin(up[i - 1], up[i] - a->h - gap_between(a, b));
    }
    for (size_t i = 0; i < n; i++)
        t->nodes[room[i].node].y = (down[i] + up[i]) / 2;
    free(down);
    free(up);
}

static void stack_layer(struct topology *t, size_t layer, struct ranked *room)
{
    size_t n = layer_of(t, layer, room);
    double y = 0;
    for (size_t i = 0; i < n; i++) {
        struct topology_node *node = &t->nodes[room[i].node];
        node->h = node->kind == NODE_STAGE ? BOX_H : node->kind == NODE_SOURCE ? SENDER_H : PASS_H;
        node->w = node->kind == NODE_SOURCE ? SENDER_W : BOX_W;
        node->y = y;
        y += node->h + GAP_Y;
    }
    for (size_t i = 0; i < n; i++)
        t->nodes[room[i].node].y -= y / 2;
}

/* Across: every column of layers as wide as its widest box. */
static void place_across(struct topology *t)
{
    double x = MARGIN;
    for (size_t column = 0; column < TOPOLOGY_BAND && column < t->n_layers; column++) {
        double widest = 0;
        for (size_t i = 0; i < t->n_nodes; i++)
            if (t->nodes[i].layer % TOPOLOGY_BAND == column)
                widest = fmax(widest, t->nodes[i].w);
        for (size_t i = 0; i < t->n_nodes; i++)
            if (t->nodes[i].layer % TOPOLOGY_BAND == column) {
                t->nodes[i].x = x + (t->nodes[i].kind == NODE_SOURCE ? widest - t->nodes[i].w : 0);
                if (t->nodes[i].kind == NODE_PASS)
                    t->nodes[i].w = widest;
            }
        x += widest + GAP_X;
    }
    t->width = x - GAP_X + MARGIN + 24;
}

/* Ways that run beneath a band. */
static size_t beneath(const struct topology *t, size_t band)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_edges; i++)
        n += t->nodes[t->edges[i].from].band == band &&
             (t->edges[i].back || t->nodes[t->edges[i].to].band != band);
    return n;
}

static void place_bands(struct topology *t, double top)
{
    t->lane = xcalloc(t->n_bands, sizeof *t->lane);
    for (size_t band = 0; band < t->n_bands; band++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < t->n_nodes; i++)
            if (t->nodes[i].band == band) {
                low = fmin(low, t->nodes[i].y);
                high = fmax(high, t->nodes[i].y + t->nodes[i].h);
            }
        for (size_t i = 0; i < t->n_nodes; i++)
            if (t->nodes[i].band == band)
                t->nodes[i].y = floor(t->nodes[i].y + top - low);
        t->lane[band] = top + high - low + BETWEEN / 2.0;
        top += high - low + BETWEEN + BENEATH * (double)beneath(t, band);
    }
    t->height = top;
}

void topology_place(struct topology *t, double top)
{
    find_layers(t);
    add_passes(t);
    struct ranked *room = xcalloc(t->n_nodes, sizeof *room);
    find_order(t, room);
    for (size_t layer = 0; layer < t->n_layers; layer++)
        stack_layer(t, layer, room);
    for (int turn = 0; turn < SWEEPS; turn++)
        for (size_t k = 0; k < t->n_layers; k++)
            settle_layer(t, turn % 2 ? t->n_layers - 1 - k : k, room);
    place_across(t);
    place_bands(t, top);
    free(room);
}
