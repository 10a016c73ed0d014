/*
 * A trace: recorded tasks from a file with the columns arrival_s, service_s and, if wanted, class
 * (recording.h). Its rows are read block by block, in memory that does not grow with them.
 *
 * Arrival times are seconds from the start of the run, never falling, and used as recorded; sizes
 * are seconds of work, or (sizes: law) drawn from tasks.size as for any other process, while the
 * arrivals stay. `scale_rate` makes the same tasks come faster (times are divided by it), to see
 * what growth would do. Without tasks.classes the column of classes is not looked at. The run ends
 * with the file.
 *
 * `bootstrap` puts blocks of the log behind each other (blocks.h), others in each replication, from
 * the stream "arrivals.bootstrap": replications are then days that might have been, and without
 * end; left at its default, run.tasks is as many tasks as the log has.
 */
#include <assert.h>
#include <string.h>

#include "blocks.h"
#include "law.h"

enum sizes { SIZES_LOG, SIZES_LAW };

struct bootstrap {
    double method; /* enum blocks_method; NAN: not given */
    struct amount block;
};

struct trace {
    const char *file;
    double scale_rate;
    double sizes; /* enum sizes */
    struct bootstrap bootstrap;
};

/* As in recording.c: times are told apart up to there. */
#define LATEST 1e9

static const char *const sizes[] = {"log", "law", NULL};
static const char *const methods[] = {"stationary", "circular", "moving", NULL};

static const struct param bootstrap_rows[] = {
    {.name = "block",
     .kind = PARAM_AMOUNT,
     .offset = offsetof(struct bootstrap, block),
     .help = "length of a block: auto (from the log; `queuescope check` says what it is), a number "
             "of tasks, a duration of the log, a percentage of it; what takes longer than a block, "
             "such as the course of the day, is not kept"},
    {.name = "method",
     .kind = PARAM_CHOICE,
     .offset = offsetof(struct bootstrap, method),
     .help = "stationary (where not given: blocks of random lengths), circular (fixed lengths, the "
             "log's end joined to its beginning) or moving (fixed lengths)",
     .choices = methods},
    {0}};

static const struct param rows[] = {
    {.name = "file",
     .kind = PARAM_FILE,
     .offset = offsetof(struct trace, file),
     .help = "CSV file (.gz too) with columns arrival_s, service_s and, if wanted, class; of any "
             "length",
     .flags = PARAM_REQUIRED},
    {.name = "scale_rate",
     .kind = PARAM_NUMBER,
     .offset = offsetof(struct trace, scale_rate),
     .high = 1e6,
     .preset = "1",
     .help = "factor on the rate: recorded times are divided by it",
     .flags = PARAM_OPEN_LOW},
    {.name = "sizes",
     .kind = PARAM_CHOICE,
     .offset = offsetof(struct trace, sizes),
     .preset = "log",
     .help = "the recorded ones (log), or drawn from tasks.size while the arrivals stay (law; "
             "service_s may then be missing)",
     .choices = sizes},
    {.name = "bootstrap",
     .kind = PARAM_GROUP,
     .offset = offsetof(struct trace, bootstrap),
     .help = "blocks of the log drawn with replacement, others in each replication, so that these "
             "are days that might have been; without it each is the log again",
     .rows = bootstrap_rows},
    {0}};

static bool resamples(const struct trace *p)
{
    return !isnan(p->bootstrap.method) || !isnan(p->bootstrap.block.kind);
}

static enum blocks_method method_of(const struct trace *p)
{
    return isnan(p->bootstrap.method) ? BLOCKS_STATIONARY : (enum blocks_method)p->bootstrap.method;
}

/* What a resampled trace remembers; lies in process_state.words. */
struct memory {
    struct blocks_place place;
    double length;
};
_Static_assert(sizeof(struct memory) <= PROCESS_STATE * sizeof(double), "it fits");

static void begin(const struct process_view *view, struct process_state *state)
{
    const struct trace *p = view->params;
    struct recording recording;
    if (!resamples(p) || !recording_find(p->file, &recording))
        return;
    struct memory memory = {.length = blocks_length(&recording, method_of(p), &p->bootstrap.block)};
    memcpy(state->words, &memory, sizeof memory);
}

static void fill_resampled(const struct process_view *view, struct process_state *state,
                           const struct recording *recording, size_t n, struct arrival_block *out)
{
    const struct trace *p = view->params;
    struct stream stream = process_stream(view, "arrivals.bootstrap");
    struct memory memory;
    memcpy(&memory, state->words, sizeof memory);
    const struct blocks blocks = {method_of(p), memory.length};
    for (size_t i = 0; i < n;) {
        double *size = p->sizes == SIZES_LOG ? out->size + i : NULL;
        size_t taken = blocks_take(&blocks, recording, view->scenario, &stream, &memory.place,
                                   n - i, out->time + i, size, out->class + i);
        for (size_t end = i + taken; i < end; i++)
            out->time[i] = state->time += out->time[i] / p->scale_rate;
    }
    state->next += n;
    memcpy(state->words, &memory, sizeof memory);
}

static size_t fill(const struct process_view *view, struct process_state *state, size_t n,
                   struct arrival_block *out)
{
    const struct trace *p = view->params;
    struct recording recording;
    bool loaded = recording_find(p->file, &recording);
    assert(loaded && view->scenario);
    (void)loaded;
    if (resamples(p)) {
        fill_resampled(view, state, &recording, n, out);
        return n;
    }
    size_t first = (size_t)state->next, left = recording.table->rows - first;
    n = n < left ? n : left;
    recording_read(&recording, view->scenario, first, n, out->time,
                   p->sizes == SIZES_LOG ? out->size : NULL, out->class);
    for (size_t i = 0; i < n; i++)
        out->time[i] /= p->scale_rate;
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

static const struct trace *trace_of(const struct scenario *s)
{
    return (const struct trace *)(const void *)s->arrivals.params;
}

static double length(const struct scenario *s)
{
    struct recording recording;
    return recording_find(trace_of(s)->file, &recording) ? (double)recording.table->rows : NAN;
}

static unsigned brings(const struct scenario *s)
{
    const struct trace *p = trace_of(s);
    struct recording recording;
    unsigned order = resamples(p) ? 0 : BRINGS_ORDER;
    if (p->sizes == SIZES_LOG)
        return BRINGS_SIZES | BRINGS_CLASSES | order;
    bool classes = recording_find(p->file, &recording) && recording.class >= 0;
    return order | (classes ? BRINGS_CLASSES : 0);
}

static void as_recorded(void *params)
{
    struct trace *p = params;
    p->bootstrap = (struct bootstrap){NAN, {NAN, NAN}};
}

static const char *remark(const struct scenario *s)
{
    const struct trace *p = trace_of(s);
    struct recording recording;
    if (!resamples(p) || !recording_find(p->file, &recording))
        return NULL;
    double tasks = blocks_length(&recording, method_of(p), &p->bootstrap.block);
    char time[64];
    unit_human(UNIT_DURATION, tasks * blocks_gap(&recording), 2, time, sizeof time);
    return internf("the log's %zu tasks are resampled in blocks of %.0f tasks%s, about %s of it",
                   recording.table->rows, tasks,
                   method_of(p) == BLOCKS_STATIONARY ? " on average" : "", time);
}

static bool check(const struct scenario *s, const void *params, const struct places *places,
                  struct errors *errors)
{
    const struct trace *p = params;
    if (!p->file)
        return true; /* its row is required */
    struct place at = law_place(places, "arrivals", "file");
    if (!recording_check(p->file, s, p->sizes == SIZES_LOG, at, errors))
        return false;
    struct recording recording;
    recording_find(p->file, &recording);
    const struct table_column *time = &recording.table->column[recording.time];
    if (time->last / p->scale_rate > LATEST)
        return error_at(errors, law_place(places, "arrivals", "scale_rate"),
                        "arrivals.scale_rate %g makes the trace longer than %g s", p->scale_rate,
                        LATEST);
    const struct amount *block = &p->bootstrap.block;
    if (!isnan(block->kind) && block->kind != AMOUNT_AUTO && !(block->value > 0))
        return error_at(errors, law_place(places, "arrivals.bootstrap", "block"),
                        "arrivals.bootstrap.block: a block holds one task at least");
    return !resamples(p) || time->last > time->first ||
           error_at(errors, law_place(places, "arrivals", "bootstrap"),
                    "arrivals.bootstrap: all tasks of %s arrive at the same time", p->file);
}

const struct arrival_process process_trace = {
    .model = {"trace", "recorded arrivals, and sizes, from a file", rows},
    .begin = begin,
    .fill = fill,
    .task_rate = task_rate,
    .length = length,
    .brings = brings,
    .as_recorded = as_recorded,
    .remark = remark,
    .check = check,
};
