#include "fit_save.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../sim/result/save_file.h"
#include "../../sim/scenario/table.h"

/* Of a file with more sizes than the first, so many stand for them while it is held against its
 * log: time and memory do not grow with the log. */
enum { FEW = 1 << 19, CONDENSED = 1 << 17 };

/* The log, read again. */
struct again {
    const struct fit *fit;
    FILE *file;
    double first;        /* arrival that is time 0; NAN: none yet */
    int class;           /* of the sizes that are wanted, as the log counts them; -1: all */
    struct sample sizes; /* those that were written */
};

static void read_again(FILE *file, const void *context, log_visitor *visit)
{
    struct again *again = (struct again *)(uintptr_t)context;
    long late, moved;
    again->file = file;
    log_in_order(again->fit->reader, &(struct log_steps){0}, visit, again, &late, &moved);
}

static bool save(struct again *again, const char *folder, const char *name,
                 void (*write)(FILE *file, const void *context), struct errors *errors)
{
    struct reader *reader = again->fit->reader;
    reader_rewind(reader);
    return save_file(folder, name, write, again, errors) &&
           (reader_facts(reader)->tasks == again->fit->facts.tasks ||
            error_at(errors, (struct place){again->fit->facts.file, 0, 0},
                     "changed while it was read: %s is of other tasks than the scenario", name));
}

/* ---- trace ---- */

static void write_task(void *context, const struct log_task *task)
{
    struct again *again = context;
    char arrival[NUMBER_TEXT], size[NUMBER_TEXT];
    if (isnan(again->first))
        again->first = task->arrival;
    save_number(task->arrival - again->first, arrival);
    save_number(task->size, size);
    fprintf(again->file, "%s,%s", arrival, size);
    if (again->fit->n_classes > 0)
        fprintf(again->file, ",%s", again->fit->facts.classes.names[task->class]);
    fputc('\n', again->file);
}

static void write_trace(FILE *file, const void *context)
{
    const struct again *again = context;
    fputs(again->fit->n_classes > 0 ? "arrival_s,service_s,class\n" : "arrival_s,service_s\n",
          file);
    read_again(file, context, write_task);
}

bool fit_save_trace(const struct fit *fit, const char *folder, const char *name,
                    struct errors *errors)
{
    struct again again = {.fit = fit, .first = NAN};
    return save(&again, folder, name, write_trace, errors);
}

/* ---- sizes ---- */

static void write_size(void *context, const struct log_task *task)
{
    struct again *again = context;
    char size[NUMBER_TEXT];
    if (again->class >= 0 && task->class != again->class)
        return;
    save_number(task->size, size);
    fprintf(again->file, "%s\n", size);
    sample_add(&again->sizes, task->size);
}

static void write_sizes(FILE *file, const void *context)
{
    read_again(file, context, write_size);
}

/* The number that the log has for one of the fit's classes. */
static int number_in_log(const struct fit *fit, int class)
{
    int i = 0;
    while (fit->facts.classes.names[i] != fit->classes[class]->name)
        i++;
    return i;
}

/* The scenarios of this process draw from the sizes that were written without reading them. */
static void hold(struct sample *sizes, const char *folder, const char *name)
{
    char here[PATH_MAX] = "";
    if (sizes->n + sizes->zeros <= FEW || (folder[0] != '/' && !getcwd(here, sizeof here)))
        return;
    double *values = xmalloc(CONDENSED * sizeof *values);
    sample_finish(sizes);
    sample_condense(sizes, CONDENSED, values);
    table_hold(internf("%s%s%s/%s", here, here[0] ? "/" : "", folder, name), values, CONDENSED);
    free(values);
}

static bool save_sizes(const struct fit *fit, int class, const char *folder, const char *name,
                       struct errors *errors)
{
    struct again again = {.fit = fit, .class = class < 0 ? -1 : number_in_log(fit, class)};
    sample_init(&again.sizes);
    bool good = save(&again, folder, name, write_sizes, errors);
    if (good)
        hold(&again.sizes, folder, name);
    sample_free(&again.sizes);
    return good;
}

bool fit_save_sizes(const struct fit *fit, const struct fit_wish *wish, const char *folder,
                    struct errors *errors)
{
    bool good = true;
    for (int class = fit->n_classes > 0 ? 0 : -1; good && class < fit->n_classes; class ++)
        if (fit_is_empirical(fit, wish, class))
            good = save_sizes(fit, class, folder, fit_sizes_file(fit, wish, class), errors);
    return good;
}

/* ---- latencies ---- */

static void write_bins(FILE *file, const void *context)
{
    const struct sample *sample = context;
    char low[NUMBER_TEXT], high[NUMBER_TEXT];
    fputs("low,high,count\n", file);
    if (sample->zeros > 0)
        fprintf(file, "0,0,%.0f\n", sample->zeros);
    for (size_t i = 0; i < sample->n_points; i++) {
        save_number(sample->points[i].low, low);
        save_number(sample->points[i].high, high);
        fprintf(file, "%s,%s,%.0f\n", low, high, sample->points[i].weight);
    }
}

bool fit_save_latencies(const struct fit *fit, const char *folder, const char *name,
                        struct errors *errors)
{
    return save_file(folder, name, write_bins, &fit->sizes, errors);
}
