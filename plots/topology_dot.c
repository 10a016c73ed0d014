/* topology.dot: the same for Graphviz. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../sim/result/text.h"
#include "describe.h"
#include "topology.h"

static void put_quoted(struct text *out, const char *text)
{
    text_char(out, '"');
    for (const char *p = text; *p; p++) {
        if (*p == '\n') {
            text_put(out, "\\n");
            continue;
        }
        if (*p == '"' || *p == '\\')
            text_char(out, '\\');
        text_char(out, *p);
    }
    text_char(out, '"');
}

static const char *share(double value)
{
    char text[64];
    unit_human(UNIT_SHARE, value, 3, text, sizeof text);
    return intern(text);
}

static const char *stage_words(const struct topology *t, uint32_t stage)
{
    const struct row *row = topology_row(t, stage);
    uint32_t replicas = t->network->stages[stage].replicas;
    const char *text = t->network->stages[stage].name;
    if (replicas > 1)
        text = internf("%s \xc3\x97%u", text, replicas);
    text = internf("%s\n%s\n%s", text, topology_what(t, stage), topology_rate(row->throughput));
    if (isfinite(row->utilization))
        text = internf("%s\n%s busy", text, share(row->utilization));
    if (row->held_fraction > 0)
        text = internf("%s, %s held", text, share(row->held_fraction));
    if (row->loss_fraction > 0)
        text = internf("%s\nlost %s", text, share(row->loss_fraction));
    return text;
}

static const char *node_id(const struct topology *t, size_t node)
{
    return internf("%s%s", t->nodes[node].kind == NODE_SOURCE ? "source " : "",
                   t->nodes[node].name);
}

static void put_nodes(struct text *out, const struct topology *t)
{
    for (size_t i = 0; i < t->network->n_stages + t->network->n_inlets; i++) {
        const struct topology_node *node = &t->nodes[i];
        bool source = node->kind == NODE_SOURCE;
        text_put(out, "  ");
        put_quoted(out, node_id(t, i));
        text_put(out, " [label=");
        put_quoted(out, source ? node->name : stage_words(t, node->stage));
        text_put(out, source ? ", shape=plaintext];\n" : "];\n");
        if (!node->leaves)
            continue;
        text_put(out, "  ");
        put_quoted(out, internf("exit of %s", node->name));
        text_put(out, " [label=\"\", shape=point];\n");
    }
}

static void put_edge(struct text *out, const char *from, const char *to, const char *label,
                     const char *style)
{
    text_put(out, "  ");
    put_quoted(out, from);
    text_put(out, " -> ");
    put_quoted(out, to);
    text_put(out, " [label=");
    put_quoted(out, label);
    text_put(out, style);
    text_put(out, "];\n");
}

char *topology_dot(const struct topology *t, size_t *size)
{
    struct text out = {0};
    const char *where = topology_where(t);
    text_put(&out,
             "digraph topology {\n  rankdir=LR;\n  node [shape=box];\n  labelloc=t;\n  label=");
    put_quoted(&out, internf("%s%s%s\n%s", describe_title(&t->result->scenario), *where ? ", " : "",
                             where, topology_headline(t)));
    text_put(&out, ";\n");
    put_nodes(&out, t);
    for (size_t i = 0; i < t->n_edges; i++) {
        const struct topology_edge *edge = &t->edges[i];
        put_edge(&out, node_id(t, edge->from), node_id(t, edge->to),
                 isnan(edge->rate) ? "" : topology_rate(edge->rate),
                 edge->calls     ? ", color=\"black:invis:black\""
                 : edge->letters ? ", style=dashed"
                                 : "");
    }
    for (size_t i = 0; i < t->network->n_stages; i++)
        if (t->nodes[i].leaves)
            put_edge(&out, t->nodes[i].name, internf("exit of %s", t->nodes[i].name), "", "");
    text_put(&out, "}\n");
    *size = out.n;
    text_char(&out, '\0');
    return out.bytes;
}
