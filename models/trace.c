/*
 * A trace: recorded tasks from a file with the columns arrival_s, service_s and, if wanted, class.
 *
 * Arrival times are seconds from the start of the run, never falling, and used as recorded; sizes
 * are seconds of work. `scale_rate` makes the same tasks come faster (times are divided by it), to
 * see what growth would do. The columns are found by their names, or, without a header, by that
 * order. A class is the name of one of tasks.classes, or its index from 0; without tasks.classes
 * the column is not looked at. The run ends with the file.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/scenario/process.h"
#include "../sim/scenario/table.h"
#include "law.h"

struct trace {
    const char *file;
    double scale_rate;
};

/* Beyond it a double cannot tell tenths of a microsecond apart; calendar times are. */
#define LATEST 1e9

static const struct param rows[] = {
    {.name = "file",
     .kind = PARAM_FILE,
     .offset = offsetof(struct trace, file),
     .help = "CSV file (.gz too) with columns arrival_s, service_s and, if wanted, class",
     .flags = PARAM_REQUIRED},
    {.name = "scale_rate",
     .kind = PARAM_NUMBER,
     .offset = offsetof(struct trace, scale_rate),
     .high = 1e6,
     .preset = "1",
     .help = "factor on the rate: recorded times are divided by it",
     .flags = PARAM_OPEN_LOW},
    {0}};

struct columns {
    const struct table_column *time, *size, *class; /* class: may be NULL */
};

static struct columns columns_of(const struct table *table)
{
    const struct table_column *c = table->column;
    if (!table->named)
        return (struct columns){&c[0], table->columns > 1 ? &c[1] : NULL,
                                table->columns > 2 ? &c[2] : NULL};
    return (struct columns){table_column(table, "arrival_s"), table_column(table, "service_s"),
                            table_column(table, "class")};
}

/* The class that a value of the class column means, or -1. */
static int class_of(const struct scenario *s, const struct table *table, double value)
{
    int classes = scenario_classes(s);
    if (table->named) {
        const char *word = table->words[(int)value];
        for (int c = 0; c < classes; c++)
            if (strcmp(word, scenario_class_name(s, c)) == 0)
                return c;
        char *end;
        value = strtod(word, &end);
        if (end == word || *end != '\0')
            return -1;
    }
    return value >= 0 && value < classes && value == floor(value) ? (int)value : -1;
}

static size_t fill(const struct process_view *view, struct process_state *state, size_t n,
                   struct arrival_block *out)
{
    const struct trace *p = view->params;
    const struct table *table = table_find(p->file);
    assert(table && view->scenario);
    const struct columns columns = columns_of(table);
    assert(columns.time && columns.size);
    size_t first = (size_t)state->next, left = table->rows - first;
    n = n < left ? n : left;
    for (size_t i = 0; i < n; i++)
        out->time[i] = columns.time->values[first + i] / p->scale_rate;
    memcpy(out->size, columns.size->values + first, n * sizeof *out->size);
    memset(out->class, 0, n * sizeof *out->class);
    if (columns.class && view->scenario->classes_count > 0)
        for (size_t i = 0; i < n; i++)
            out->class[i] =
                (uint16_t)class_of(view->scenario, table, columns.class->values[first + i]);
    if (n > 0)
        state->time = out->time[n - 1];
    state->next += n;
    return n;
}

static double task_rate(const struct process_view *view)
{
    (void)view;
    return NAN;
}

static bool check_classes(const struct scenario *s, const struct table *table,
                          const struct columns *columns, struct errors *errors)
{
    if (!columns->class)
        return error_at(errors, (struct place){table->file, 0, 0},
                        "has no column `class`, but tasks.classes are given");
    for (size_t i = 0; i < table->rows; i++) {
        double value = columns->class->values[i];
        if (class_of(s, table, value) >= 0)
            continue;
        const char *word = table->named ? table->words[(int)value] : internf("%g", value);
        return error_at(errors, table_place(table, i),
                        "class '%s' is neither a name of tasks.classes nor an index from 0 to %d",
                        word, scenario_classes(s) - 1);
    }
    return true;
}

static bool check(const struct scenario *s, const void *params, const struct places *places,
                  struct errors *errors)
{
    const struct trace *p = params;
    if (!p->file)
        return true; /* its row is required */
    struct place at = law_place(places, "arrivals", "file");
    const struct table *table = table_load(p->file, at, errors);
    if (!table)
        return false;
    const struct columns columns = columns_of(table);
    if (!columns.time || !columns.size || (!table->named && table->columns > 3))
        return error_at(errors, (struct place){p->file, table->named ? 1 : 0, 1},
                        "a trace needs the columns arrival_s,service_s[,class]");
    const double *time = columns.time->values;
    for (size_t i = 1; i < table->rows; i++)
        if (time[i] < time[i - 1])
            return error_at(errors, table_place(table, i),
                            "arrival_s %.17g is before the one above it (%.17g)", time[i],
                            time[i - 1]);
    if (time[table->rows - 1] > LATEST)
        return error_at(errors, table_place(table, table->rows - 1),
                        "arrival_s %.17g is not a time from the start of the trace: subtract the "
                        "calendar time of its start",
                        time[table->rows - 1]);
    if (time[table->rows - 1] / p->scale_rate > LATEST)
        return error_at(errors, law_place(places, "arrivals", "scale_rate"),
                        "arrivals.scale_rate %g makes the trace longer than %g s", p->scale_rate,
                        LATEST);
    return s->classes_count == 0 || check_classes(s, table, &columns, errors);
}

const struct arrival_process process_trace = {
    .model = {"trace", "recorded arrivals and sizes from a file", rows},
    .fill = fill,
    .task_rate = task_rate,
    .check = check,
    .brings_sizes = true,
};
