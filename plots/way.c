#include "way.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/network/network.h"

uint32_t way_colour(size_t part, size_t ways)
{
    static const uint32_t colours[] = {0x4e79a7, 0xf28e2b, 0x59a14f, 0xe15759,
                                       0x76b7b2, 0xedc948, 0xb07aa1, 0x9c755f};
    return part + 1 == ways ? 0x9a9a92 : colours[part % (sizeof colours / sizeof *colours)];
}

/* Mean time of a request at a stage, in a column. */
static double time_at(const struct result *result, const struct network *network, uint32_t column,
                      uint32_t stage)
{
    uint32_t whole = result_row_classes(result) - 1;
    const struct row *row = result_place_row(result, column, stage, whole),
                     *all = result_row(result, column, whole);
    double time = row->latency_mean, held = 0;
    if (row->offered == 0 || all->offered == 0 || !isfinite(time))
        return 0;
    if (network->stages[stage].steps > 0 && row->held_fraction > 0 && row->utilization > 0)
        held = (time - row->wait_mean) * fmin(row->held_fraction / row->utilization, 1);
    return fmax(time - held, 0) * (double)row->offered / (double)all->offered;
}

/* The part that a place has: its number among those shown; that of the rest. */
static size_t part_of(const struct result *result, const struct shown *shown, uint32_t stage)
{
    size_t part = 0;
    while (part < shown->n && strcmp(shown->name[part], result_place_name(result, stage)) != 0)
        part++;
    return part;
}

/* Shares of each part in a column. */
static void split(const struct result *result, const struct shown *shown,
                  const struct network *network, uint32_t column, double *out)
{
    double sum = 0;
    for (uint32_t stage = 0; stage < network->n_stages; stage++) {
        double time = time_at(result, network, column, stage);
        out[part_of(result, shown, stage)] += time;
        sum += time;
    }
    for (size_t part = 0; part <= shown->n && sum > 0; part++)
        out[part] /= sum;
}

void way_fill(const struct result *result, const struct shown *shown, struct figure *figure)
{
    struct network *network = network_of(&result->scenario);
    if (!network)
        return;
    size_t ways = shown->n + 1;
    bool merged = figure->n_panels < shown->n; /* stages are its columns */
    double *shares = xcalloc(ways, sizeof *shares);
    figure->ways = ways;
    for (size_t p = 0; p < figure->n_panels; p++)
        figure->panels[p].way = xcalloc(ways * figure->columns, sizeof(double));
    for (uint32_t column = 0; column < result->columns; column++) {
        memset(shares, 0, ways * sizeof *shares);
        split(result, shown, network, column, shares);
        for (size_t i = 0; i < shown->n; i++) {
            double *out =
                merged ? figure->panels[0].way + ways * i : figure->panels[i].way + ways * column;
            if (strcmp(shown->name[i], "all") == 0)
                memcpy(out, shares, ways * sizeof *out);
            else
                out[i] = shares[i];
        }
    }
    free(shares);
    network_free(network);
}
