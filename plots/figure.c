#include "figure.h"

#include <stdlib.h>

const char *const figure_line_names[FIGURE_LINES] = {"p50", "p99", "p99.9"};

bool figure_is_bare(const struct figure *figure, const struct figure_column *column)
{
    return figure->measure == PICTURE_QUEUE ? histogram_total(&column->latency) == 0
                                            : column->completed == 0;
}

void figure_free(struct figure *figure)
{
    for (size_t p = 0; p < figure->n_panels; p++) {
        for (size_t c = 0; c < figure->columns; c++)
            histogram_free(&figure->panels[p].columns[c].latency);
        free(figure->panels[p].columns);
        free(figure->panels[p].known);
        free(figure->panels[p].way);
    }
    free(figure->panels);
    free((void *)(uintptr_t)figure->x.values);
    free((void *)(uintptr_t)figure->x.labels);
    *figure = (struct figure){0};
}
