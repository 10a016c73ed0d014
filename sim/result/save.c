/* summary.json, and all the files of a run together (save.h). */
#include "save.h"

#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../scenario/config.h"
#include "further.h"
#include "json_origin.h"
#include "precision.h"
#include "save_csv.h"
#include "save_set.h"
#include "save_windows.h"

const char queuescope_version[] = QUEUESCOPE_VERSION;

static json_t *notes_json(unsigned notes)
{
    json_t *list = json_array();
    for (int i = 0; i < NOTES; i++)
        if (notes & 1u << i)
            json_array_append_new(list, json_string(note_names[i]));
    return list;
}

static void set_quantiles(json_t *object, const char *format, const double values[QUANTILES])
{
    for (int i = 0; i < QUANTILES; i++) {
        char key[64];
        snprintf(key, sizeof key, format, quantile_names[i]);
        json_put_number(object, key, values[i]);
    }
}

static void set_counts(json_t *object, const struct row *row)
{
    json_put_count(object, "offered", row->offered);
    json_put_count(object, "completed", row->completed);
    json_put_count(object, "lost", row->lost);
    json_put_count(object, "unfinished", row->unfinished);
    json_put_count(object, "lost_rejected", row->lost_by[LOSS_REJECTED]);
    json_put_count(object, "lost_dropped_newest", row->lost_by[LOSS_DROPPED_NEWEST]);
    json_put_count(object, "lost_dropped_oldest", row->lost_by[LOSS_DROPPED_OLDEST]);
    json_put_count(object, "lost_timed_out", row->lost_by[LOSS_TIMED_OUT]);
}

/* What is known without the run, where the run does not know it. */
static void set_theory(json_t *object, const struct result *result, const struct row *row)
{
    for (size_t i = 0; i < result->n_tails; i++) {
        const struct known_tail *tail = &result->tails[i];
        if (result_row(result, tail->column, result_row_classes(result) - 1) != row)
            continue;
        json_t *theory = json_object();
        json_put_text(theory, "method", tail->method);
        set_quantiles(theory, "latency_%s", tail->q);
        set_quantiles(theory, "latency_%s_low95", tail->low);
        set_quantiles(theory, "latency_%s_high95", tail->high);
        json_object_set_new(object, "theory", theory);
    }
}

static void set_network(json_t *object, const struct row *row)
{
    struct further further;
    for (size_t i = 0; further_column(i, row, &further); i++)
        if (further.counts)
            json_put_count(object, further.name, further.count);
        else
            json_put_number(object, further.name, further.figure);
}

static json_t *row_json(const struct result *result, uint32_t place, uint32_t class,
                        const struct row *row)
{
    json_t *object = json_object();
    json_put_text(object, "stage", result_place_name(result, place));
    json_put_text(object, "class", result_class_name(result, class));
    json_put_text(object, "parameter", sweep_name(&result->scenario));
    json_put_number(object, "value", row->value);
    set_counts(object, row);
    json_put_number(object, "duration", row->duration);
    json_put_number(object, "arrival_rate", row->arrival_rate);
    json_put_number(object, "throughput", row->throughput);
    json_put_number(object, "utilization", row->utilization);
    json_put_number(object, "loss_fraction", row->loss_fraction);
    json_put_number(object, "queue_mean", row->queue_mean);
    json_put_number(object, "in_system_mean", row->in_system_mean);
    if (scenario_records_queue(&result->scenario)) {
        set_quantiles(object, "queue_%s", row->queue_q);
        json_put_number(object, "queue_max", row->queue_max);
    }
    json_put_number(object, "wait_probability", row->wait_probability);
    json_put_number(object, "wait_mean", row->wait_mean);
    json_put_number(object, "wait_mean_ci95", row->wait_mean_ci95);
    set_quantiles(object, "wait_%s", row->wait_q);
    json_put_number(object, "latency_mean", row->latency_mean);
    json_put_number(object, "latency_mean_ci95", row->latency_mean_ci95);
    set_quantiles(object, "latency_%s", row->latency_q);
    json_put_number(object, "latency_mean_ci95_without_controls", row->plain_half);
    json_put_number(object, "latency_max", row->latency_max);
    set_quantiles(object, "latency_%s_low95", row->latency_low);
    set_quantiles(object, "latency_%s_high95", row->latency_high);
    json_put_number(object, "loss_fraction_low95", row->loss_low);
    json_put_number(object, "loss_fraction_high95", row->loss_high);
    json_put_text(object, "stable", stable_names[row->stable]);
    json_put_number(object, "offered_utilization", row->offered_utilization);
    json_put_number(object, "warmup_tasks", row->warmup_tasks);
    json_put_number(object, "effective_tasks", row->effective_tasks);
    json_put_number(object, "largest_share", row->largest_share);
    json_put_number(object, "work_off", row->load_off);
    json_put_number(object, "time_low", row->time_low);
    json_put_number(object, "time_high", row->time_high);
    json_object_set_new(object, "notes", notes_json(row->notes));
    json_put_count(object, "replications", row->replications);
    json_put_number(object, "precision", row->precision);
    json_put_text(object, "precision_reached",
                  row->precision_state ? precision_names[row->precision_state] : NULL);
    if (result->places > 1)
        set_network(object, row);
    set_theory(object, result, row);
    return object;
}

static void put_rows(json_t *rows, const struct result *result, uint32_t column, uint32_t place)
{
    for (uint32_t class = 0; class < result_row_classes(result); class ++)
        json_array_append_new(
            rows, row_json(result, place, class, result_place_row(result, column, place, class)));
}

static json_t *audit_json(const struct audit *audit)
{
    json_t *object = json_object();
    json_object_set_new(object, "holds", json_boolean(audit_holds(audit)));
    json_object_set_new(object, "conservation", json_boolean(audit->conservation));
    json_object_set_new(object, "little", json_boolean(audit->little));
    json_object_set_new(object, "utilization", json_boolean(audit->utilization));
    json_object_set_new(object, "work_conserving", json_boolean(audit->work_conserving));
    json_object_set_new(object, "pasta",
                        audit->pasta_judged ? json_boolean(audit->pasta) : json_null());
    json_put_number(object, "conservation_worst", audit->conservation_worst);
    json_put_number(object, "little_worst", audit->little_worst);
    json_put_number(object, "utilization_worst", audit->utilization_worst);
    json_put_number(object, "idle_worst", audit->idle_worst);
    json_put_number(object, "pasta_worst", audit->pasta_judged ? audit->pasta_worst : NAN);
    json_t *lines = json_array();
    for (int i = 0; i < AUDIT_LINES; i++)
        json_array_append_new(lines, json_string(audit->text[i]));
    json_object_set_new(object, "lines", lines);
    return object;
}

static json_t *warnings_json(const struct result *result)
{
    json_t *list = json_array();
    char *text = result_warnings(result), *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        json_array_append_new(list, json_string(line));
    free(text);
    return list;
}

char *save_summary_text(const struct result *result)
{
    json_set_alloc_funcs(xmalloc, free);
    json_t *root = json_object();
    json_put_origin(root, &result->scenario);
    json_put_text(root, "engine", result->engine);
    json_object_set_new(root, "interrupted", json_boolean(result->interrupted));
    json_put_number(root, "wall_seconds", result->wall_seconds);
    json_put_count(root, "tasks_simulated", result->simulated);
    json_put_number(root, "tasks_per_second", (double)result->simulated / result->wall_seconds);
    if (scenario_remark(&result->scenario))
        json_put_text(root, "remark", scenario_remark(&result->scenario));
    json_put_count(root, "columns", result->columns);
    json_put_count(root, "replications", result->replications);
    json_put_number(root, "first_unstable", result_first_unstable(result));
    json_object_set_new(root, "audit", audit_json(&result->audit));
    json_object_set_new(root, "warnings", warnings_json(result));
    json_t *rows = json_array();
    for (uint32_t column = 0; column < result->columns; column++)
        for (uint32_t place = 0; place < result->places; place++)
            put_rows(rows, result, column, place);
    json_object_set_new(root, "rows", rows);
    if (!isnan(result->scenario.run.windows))
        json_object_set_new(root, "windows", save_windows_json(result));
    return json_finish(root);
}

bool save_result(const struct result *result, const char *folder, bool histograms,
                 struct errors *errors)
{
    if (!save_folder(folder, errors))
        return false;
    bool windows = !isnan(result->scenario.run.windows);
    if (!histograms)
        save_gone(folder, "histograms.csv");
    if (!windows)
        save_gone(folder, "windows.csv");
    char *scenario = config_text(&result->scenario);
    char *summary = save_summary_text(result);
    bool ok = save_bytes(folder, "scenario.yaml", scenario, strlen(scenario), errors) &&
              (!histograms ||
               save_file(folder, "histograms.csv", save_write_histograms, result, errors)) &&
              save_file(folder, "columns.csv", save_write_columns, result, errors) &&
              (!windows || save_file(folder, "windows.csv", save_write_windows, result, errors)) &&
              save_bytes(folder, "summary.json", summary, strlen(summary), errors);
    free(summary);
    free(scenario);
    return ok;
}
