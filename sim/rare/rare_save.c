/* rare.csv and rare.json (rare.h). What cannot be given is empty, or null. */
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../result/json_origin.h"
#include "../result/save.h"
#include "../result/save_csv.h"
#include "rare.h"

/* "loss_fraction", "latency_p99", ... */
static const char *figure_name(const struct rare *rare, size_t i)
{
    enum rare_measure measure = rare->question.measure;
    return measure == RARE_LOSS ? "loss_fraction"
                                : internf("%s_%s", rare_measures[measure], rare_quantiles[i]);
}

static size_t figures(const struct rare *rare)
{
    return rare->question.measure == RARE_LOSS ? 1 : RARE_FIGURES;
}

static const char *method(const struct rare_column *column)
{
    return column->conditional ? "pollaczek-khinchine" : "splitting";
}

static void put_column(struct text *to, const struct rare *rare, const struct rare_column *column)
{
    csv_text(to, rare->question.s->sweep.parameter);
    csv_number(to, column->value);
    text_char(to, ',');
    text_put(to, method(column));
    for (size_t i = 0; i < figures(rare); i++) {
        bool done = i < column->n;
        csv_number(to, done ? column->figure[i].value : NAN);
        csv_number(to, done ? column->figure[i].low : NAN);
        csv_number(to, done ? column->figure[i].high : NAN);
    }
    csv_number(to, rare->question.confidence);
    csv_number(to, column->precision);
    text_char(to, ',');
    text_put(to, precision_names[column->state]);
    csv_number(to, (double)column->tail.replications);
    csv_number(to, column->spent);
    csv_number(to, column->plain);
    text_char(to, '\n');
}

static void write_csv(FILE *file, const void *context)
{
    const struct rare *rare = context;
    struct text text = {0};
    text_put(&text, "parameter,value,method");
    for (size_t i = 0; i < figures(rare); i++) {
        const char *name = figure_name(rare, i);
        text_put(&text, internf(",%s,%s_low,%s_high", name, name, name));
    }
    text_put(&text, ",confidence,precision,precision_reached,replications,tasks_simulated,"
                    "tasks_plainly\n");
    for (size_t i = 0; i < rare->columns; i++)
        if (rare->column[i].spent > 0)
            put_column(&text, rare, &rare->column[i]);
    fwrite(text.bytes, 1, text.n, file);
    free(text.bytes);
}

char *rare_csv(const struct rare *rare, size_t *size)
{
    return csv_whole(write_csv, rare, size);
}

static json_t *figure_json(const struct tail_figure *figure)
{
    json_t *object = json_object();
    json_put_number(object, "value", figure->value);
    json_put_number(object, "low", figure->low);
    json_put_number(object, "high", figure->high);
    return object;
}

/* Points of the tail down to RARE_SHOWN, or as far as anything was met. */
static json_t *curve_json(const struct rare *rare, const struct rare_column *column)
{
    json_t *list = json_array();
    for (size_t i = 0; column->tail.replications > 1 && i < column->tail.n; i++) {
        struct tail_figure at = tail_at(&column->tail, i, 1 - rare->question.confidence);
        if (!(at.value >= RARE_SHOWN))
            break;
        json_t *object = json_object();
        json_put_number(object, "x", column->tail.x[i]);
        json_put_number(object, "tail", at.value);
        json_put_number(object, "low", at.low);
        json_put_number(object, "high", at.high);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *levels_json(const struct split_levels *levels)
{
    json_t *list = json_array();
    for (size_t i = 0; i < levels->n; i++) {
        json_t *object = json_object();
        json_put_number(object, "at", levels->at[i]);
        json_put_number(object, "factor", levels->factor[i]);
        json_put_number(object, "share", levels->share[i]);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *column_json(const struct rare *rare, const struct rare_column *column)
{
    json_t *object = json_object(), *found = json_object();
    json_put_number(object, "value", column->value);
    json_put_text(object, "method", method(column));
    for (size_t i = 0; i < column->n; i++)
        json_object_set_new(found, figure_name(rare, i), figure_json(&column->figure[i]));
    json_object_set_new(object, "figures", found);
    json_put_number(object, "precision", column->precision);
    json_object_set_new(object, "precision_reached",
                        json_boolean(column->state == PRECISION_REACHED));
    json_put_number(object, "replications", (double)column->tail.replications);
    json_put_number(object, "replication_tasks", (double)column->tasks);
    json_put_number(object, "replication_warmup", (double)column->warm_up);
    json_put_number(object, "mass", column->mass);
    json_put_number(object, "tasks_simulated", column->spent);
    json_put_number(object, "tasks_plainly", column->plain);
    json_put_number(object, "tasks_needed", column->needed);
    json_object_set_new(object, "levels", levels_json(&column->levels));
    json_object_set_new(object, "curve", curve_json(rare, column));
    return object;
}

char *rare_json(const struct rare *rare)
{
    const struct rare_question *q = &rare->question;
    json_set_alloc_funcs(xmalloc, free);
    json_t *root = json_object(), *columns = json_array();
    json_put_text(root, "measure", rare_measures[q->measure]);
    json_put_number(root, "confidence", q->confidence);
    json_put_number(root, "relative", q->relative);
    json_put_number(root, "max_tasks", q->max_tasks);
    json_put_text(root, "parameter", q->s->sweep.parameter);
    for (size_t i = 0; i < rare->columns; i++)
        if (rare->column[i].spent > 0)
            json_array_append_new(columns, column_json(rare, &rare->column[i]));
    json_object_set_new(root, "columns", columns);
    json_put_number(root, "tasks_simulated", rare->spent);
    json_object_set_new(root, "interrupted", json_boolean(rare->interrupted));
    json_put_origin(root, q->s);
    return json_finish(root);
}
