/* rare.csv and rare.json (rare.h). What cannot be given is empty, or null. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../result/save.h"
#include "../result/save_csv.h"
#include "rare.h"

enum { JSON_DIGITS = 15 };

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

static void set(json_t *object, const char *key, double x)
{
    json_object_set_new(object, key, isfinite(x) ? json_real(x) : json_null());
}

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text ? json_string(text) : json_null());
}

static json_t *figure_json(const struct tail_figure *figure)
{
    json_t *object = json_object();
    set(object, "value", figure->value);
    set(object, "low", figure->low);
    set(object, "high", figure->high);
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
        set(object, "x", column->tail.x[i]);
        set(object, "tail", at.value);
        set(object, "low", at.low);
        set(object, "high", at.high);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *levels_json(const struct split_levels *levels)
{
    json_t *list = json_array();
    for (size_t i = 0; i < levels->n; i++) {
        json_t *object = json_object();
        set(object, "at", levels->at[i]);
        set(object, "factor", levels->factor[i]);
        set(object, "share", levels->share[i]);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *column_json(const struct rare *rare, const struct rare_column *column)
{
    json_t *object = json_object(), *found = json_object();
    set(object, "value", column->value);
    set_text(object, "method", method(column));
    for (size_t i = 0; i < column->n; i++)
        json_object_set_new(found, figure_name(rare, i), figure_json(&column->figure[i]));
    json_object_set_new(object, "figures", found);
    set(object, "precision", column->precision);
    json_object_set_new(object, "precision_reached",
                        json_boolean(column->state == PRECISION_REACHED));
    set(object, "replications", (double)column->tail.replications);
    set(object, "replication_tasks", (double)column->tasks);
    set(object, "replication_warmup", (double)column->warm_up);
    set(object, "mass", column->mass);
    set(object, "tasks_simulated", column->spent);
    set(object, "tasks_plainly", column->plain);
    set(object, "tasks_needed", column->needed);
    json_object_set_new(object, "levels", levels_json(&column->levels));
    json_object_set_new(object, "curve", curve_json(rare, column));
    return object;
}

char *rare_json(const struct rare *rare)
{
    const struct rare_question *q = &rare->question;
    json_set_alloc_funcs(xmalloc, free);
    json_t *root = json_object(), *columns = json_array();
    set_text(root, "measure", rare_measures[q->measure]);
    set(root, "confidence", q->confidence);
    set(root, "relative", q->relative);
    set(root, "max_tasks", q->max_tasks);
    set_text(root, "parameter", q->s->sweep.parameter);
    for (size_t i = 0; i < rare->columns; i++)
        if (rare->column[i].spent > 0)
            json_array_append_new(columns, column_json(rare, &rare->column[i]));
    json_object_set_new(root, "columns", columns);
    set(root, "tasks_simulated", rare->spent);
    json_object_set_new(root, "interrupted", json_boolean(rare->interrupted));
    set_text(root, "title", q->s->title);
    set(root, "seed", q->s->seed);
    set_text(root, "program", "queuescope");
    set_text(root, "version", queuescope_version);
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(JSON_DIGITS));
    json_decref(root);
    return text;
}
