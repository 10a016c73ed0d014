#include "save_windows.h"

#include <stdlib.h>

#include "save.h"
#include "save_csv.h"

static void put_state(struct text *to, unsigned state)
{
    bool first = true;
    for (int i = 0; i < TROUBLES; i++) {
        if (!(state & 1u << i))
            continue;
        if (!first)
            text_char(to, ' ');
        text_put(to, trouble_names[i]);
        first = false;
    }
}

static void put_row(struct text *to, const struct result *result, uint32_t replication,
                    struct window_at at)
{
    const struct timeline *t = result_timeline(result, replication);
    csv_text(to, result_place_name(result, at.place));
    text_char(to, ',');
    csv_text(to, result_class_name(result, at.class));
    csv_count(to, replication + 1);
    csv_number(to, at.window * t->width);
    double figures[WINDOW_FIGURES];
    window_figures(t, at, figures);
    for (int i = 0; i < WINDOW_FIGURES; i++)
        csv_number(to, figures[i]);
    text_char(to, ',');
    put_state(to, at.class + 1 == t->rows ? window_state(t, at) : 0);
    text_char(to, '\n');
}

static void put_replication(struct text *to, const void *context, size_t replication)
{
    const struct result *result = context;
    const struct timeline *t = result_timeline(result, (uint32_t)replication);
    struct window_at at = {0};
    for (at.window = 0; t && at.window < t->n; at.window++)
        for (at.place = 0; at.place < t->places; at.place++)
            for (at.class = 0; at.class < t->rows; at.class ++)
                put_row(to, result, (uint32_t)replication, at);
}

void save_write_windows(FILE *file, const void *context)
{
    const struct result *result = context;
    fputs("stage,class,replication,time", file);
    for (int i = 0; i < WINDOW_FIGURES; i++)
        fprintf(file, ",%s", window_figure_names[i]);
    fputs(",state\n", file);
    text_parts(file, result->threads, result->replications, put_replication, result);
}

char *save_windows_text(const struct result *result, size_t *size)
{
    return csv_whole(save_write_windows, result, size);
}

static json_t *spread_json(const struct window_spread *spread)
{
    json_t *object = json_object();
    json_put_count(object, "windows", spread->n);
    json_put_number(object, "mean", spread->mean);
    json_put_number(object, "min", spread->least);
    for (int i = 0; i < WINDOW_QUANTILES; i++)
        json_put_number(object, window_quantile_names[i], spread->quantile[i]);
    json_put_number(object, "max", spread->most);
    return object;
}

static json_t *rows_json(const struct result *result, bool measured)
{
    json_t *rows = json_array();
    for (uint32_t place = 0; place < result->places; place++)
        for (uint32_t class = 0; class < result_row_classes(result); class ++) {
            json_t *row = json_object();
            json_put_text(row, "stage", result_place_name(result, place));
            json_put_text(row, "class", result_class_name(result, class));
            for (int i = 0; i < WINDOW_FIGURES; i++) {
                struct window_spread spread =
                    windows_spread(result, place, class, (enum window_figure)i, measured);
                if (spread.n > 0)
                    json_object_set_new(row, window_figure_names[i], spread_json(&spread));
            }
            json_array_append_new(rows, row);
        }
    return rows;
}

json_t *save_windows_json(const struct result *result)
{
    uint32_t most = 0;
    for (uint32_t r = 0; r < result->replications; r++) {
        const struct timeline *t = result_timeline(result, r);
        most = t && t->n > most ? t->n : most;
    }
    json_t *object = json_object();
    json_put_number(object, "width", result->scenario.run.windows);
    json_put_count(object, "count", most);
    json_object_set_new(object, "rows", rows_json(result, false));
    json_object_set_new(object, "measured_rows", rows_json(result, true));
    return object;
}
