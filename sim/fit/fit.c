#include "fit.h"

#include <math.h>
#include <stdlib.h>

#include "moments.h"
#include "order.h"
#include "steps.h"

void log_in_order(struct reader *reader, const struct log_steps *spread, log_visitor *visit,
                  void *context, long *late, long *moved)
{
    struct stream stream = stream_of(1, 0, "fit.clock");
    struct order order;
    struct log_task task;
    uint64_t k = 0;
    double latest = -INFINITY;
    order_init(&order);
    *moved = 0;
    while (reader_next(reader, &task)) {
        *moved += task.arrival < latest;
        latest = fmax(latest, task.arrival);
        if (spread->time > 0)
            task.arrival += spread->time * stream_uniform(&stream, 0, k++);
        if (order_put(&order, &task) && order_take(&order, false, &task))
            visit(context, &task);
    }
    while (order_take(&order, true, &task))
        visit(context, &task);
    *late = order.late;
    order_free(&order);
}

/* ---- reading ---- */

/* The steps of times, if they matter to the gaps, and of sizes, by a look at the first tasks. Tasks
 * that come in equal steps are paced, not rounded: these are not spread. */
static struct log_steps look_at_steps(struct reader *reader)
{
    enum { LOOKED_AT = 10000 };
    struct log_task task;
    double low = INFINITY, high = -INFINITY, least = INFINITY, most = -INFINITY, n = 0;
    double before = NAN, shortest = INFINITY, longest = -INFINITY;
    struct steps times = {0}, sizes = {0};
    while (n < LOOKED_AT && reader_next(reader, &task)) {
        n++;
        low = fmin(low, task.arrival);
        high = fmax(high, task.arrival);
        least = fmin(least, task.size);
        most = fmax(most, task.size);
        shortest = fmin(shortest, task.arrival - before);
        longest = fmax(longest, task.arrival - before);
        before = task.arrival;
        steps_add(&times, task.arrival);
        steps_add(&sizes, task.size);
    }
    struct log_steps steps = {0};
    double clock = fmax(reader_clock(reader), steps_found(&times));
    double grain = fmax(reader_size_step(reader), steps_found(&sizes));
    bool paced = n > 2 && shortest > 0 && longest - shortest <= 1e-2 * longest;
    if (!paced && high > low && clock > 1e-3 * (high - low) / n)
        steps.time = clock;
    if (most > least)
        steps.size = grain;
    steps.grain = clock + grain;
    reader_rewind(reader);
    return steps;
}

/* A size as the laws see it: anywhere in the step in which it is written. */
static double spread_out(const struct fit *fit, double size)
{
    enum { SMALL = 10 };
    double step = fit->spread.size;
    if (!(step > 0) || size >= (SMALL - 0.5) * step)
        return size;
    struct stream stream = stream_of(1, 0, "fit.clock");
    double u = stream_uniform(&stream, 1, (uint64_t)(fit->sizes.n + fit->sizes.zeros));
    return fabs(size + step * (u - 0.5));
}

/* Each class has a sample of its own from its first task on. */
static void take_class(struct fit *fit, const struct log_task *task, double size)
{
    if (task->class >= LOG_CLASSES)
        return;
    struct fit_class *class = fit->classes[task->class];
    if (!class) {
        class = fit->classes[task->class] = xcalloc(1, sizeof *class);
        sample_init(&class->sizes);
    }
    class->tasks++;
    class->work += task->size;
    sample_add(&class->sizes, size);
}

static void take_task(void *context, const struct log_task *task)
{
    struct fit *fit = context;
    double square = task->size * task->size, size = spread_out(fit, task->size);
    if (fit->facts.class)
        take_class(fit, task, size);
    course_add(&fit->course, task->arrival, task->size);
    gaps_add(&fit->gaps, task->arrival);
    sample_add(&fit->sizes, size);
    replay_add(&fit->replay, task->arrival, task->size, fit->spread.grain);
    fit->work += task->size;
    fit->squares += square;
    fit->second_tasks += square * square;
}

/* ---- figures ---- */

static double peak_rate(const struct fit *fit)
{
    int level = fit->arrivals.coarse;
    double most = 0;
    for (size_t i = 0; i < course_count(&fit->course, level); i++)
        most = fmax(most, course_at(&fit->course, level, i).tasks);
    return fmax(most / course_width(&fit->course, level), fit->rate);
}

static void take_rates(struct fit *fit)
{
    const double aim = 0.8;
    double n = fit->sizes.n + fit->sizes.zeros;
    fit->span = fit->course.last - fit->course.first;
    fit->rate = fit->span > 0 ? fit->gaps.n / fit->span : INFINITY;
    fit->mean = fit->work / n;
    fit->second = fit->squares / n;
    fit->second_tasks = fit->second_tasks > 0 ? fit->squares * fit->squares / fit->second_tasks : 0;
    fit->load = fit->rate * fit->mean;
    fit->consumers = isfinite(fit->load) ? fmin(fmax(ceil(fit->load / aim), 1), 1e6) : 1;
}

static void take_arrivals(struct fit *fit)
{
    poisson_test(&fit->course, &fit->gaps, &fit->arrivals);
    int level = fit->arrivals.coarse;
    fit->peak = peak_rate(fit);
    fit->correlation = course_correlation(&fit->course, level, &fit->correlation_p);
    fit->work_dispersion = course_work_dispersion(&fit->course, level, fit->second);
    fit->pieces = course_pieces(&fit->course, level, fit->ends, FIT_PIECES);
    enum arrivals_verdict verdict = fit->arrivals.verdict;
    if (verdict == ARRIVALS_RENEWAL || verdict == ARRIVALS_OTHER)
        laws_fit(&fit->gaps.sample, &fit->gap_laws);
}

/* The chosen law has the mean of the log, so that its load is the log's: stretched to that where it
 * has a variance, without which the mean of a sample says little. */
static void keep_mean(struct laws *laws, double mean, const struct sample *sizes)
{
    if (laws->n == 0)
        return;
    struct fitted *best = &laws->fitted[laws->best];
    const struct distribution *model = law_model(&best->law);
    double now = law_mean(&best->law), second = model->second(best->law.params);
    if (isfinite(second) && fabs(now - mean) > 1e-12 * mean && law_keep_mean(&best->law, mean))
        best->distance = law_distance(&best->law, sizes);
}

/* Drawing and fitting again costs about as much as reading does, each time. */
static void take_sizes(struct fit *fit, int samples)
{
    const double cheap = 2e5;
    laws_fit(&fit->sizes, &fit->size_laws);
    hill_estimate(&fit->sizes, &fit->hill);
    if (fit->size_laws.n > 0 && samples > 0 && fit->sizes.n >= 10 && fit->sizes.n <= cheap)
        laws_bootstrap(&fit->sizes, samples, &fit->size_laws);
    keep_mean(&fit->size_laws, fit->mean, &fit->sizes);
}

static void take_classes(struct fit *fit)
{
    const struct log_classes *found = &fit->facts.classes;
    if (!log_classes_use(found))
        return;
    for (int i = 0; i < found->n; i++) {
        struct fit_class *class = fit->classes[i];
        if (!class) /* its tasks came too late */
            continue;
        fit->classes[i] = NULL;
        class->name = found->names[i];
        class->mean = class->work / class->tasks;
        sample_finish(&class->sizes);
        laws_fit(&class->sizes, &class->laws);
        keep_mean(&class->laws, class->mean, &class->sizes);
        fit->classes[fit->n_classes++] = class;
    }
}

static bool enough(const struct fit *fit, struct errors *errors)
{
    const struct log_facts *f = &fit->facts;
    double tasks = fit->sizes.n + fit->sizes.zeros;
    if (tasks >= 2 && fit->course.last > fit->course.first)
        return true;
    if (tasks >= 2)
        return error_at(errors, (struct place){f->file, 0, 0},
                        "all %ld tasks arrive at the same time", f->tasks);
    if (f->bad == 0)
        return error_at(errors, (struct place){f->file, 0, 0}, "holds fewer than two tasks");
    return error_at(
        errors, (struct place){f->file, (int)f->first_bad[0].line, 1},
        "%ld of %ld lines can be used, and two tasks are needed; the first that cannot: "
        "%s",
        f->tasks, f->lines, f->first_bad[0].why);
}

struct fit *fit_reader(struct reader *reader, int samples, struct errors *errors)
{
    struct fit *fit = xcalloc(1, sizeof *fit);
    fit->reader = reader;
    course_init(&fit->course);
    gaps_init(&fit->gaps);
    sample_init(&fit->sizes);
    replay_init(&fit->replay);
    fit->spread = look_at_steps(reader);
    fit->facts = *reader_facts(reader);
    log_in_order(reader, &fit->spread, take_task, fit, &fit->late, &fit->moved);
    fit->facts = *reader_facts(reader);
    if (!enough(fit, errors) || !reader_check(reader, errors)) {
        fit_free(fit);
        return NULL;
    }
    sample_finish(&fit->sizes);
    sample_finish(&fit->gaps.sample);
    replay_finish(&fit->replay);
    take_rates(fit);
    take_arrivals(fit);
    take_sizes(fit, samples);
    take_classes(fit);
    return fit;
}

struct fit *fit_log(const char *file, const struct log_options *options, int samples,
                    struct errors *errors)
{
    struct lines *lines = lines_open(file, (struct place){file, 0, 0}, errors);
    struct reader *reader = lines ? reader_open(&lines, &file, 1, options, errors) : NULL;
    return reader ? fit_reader(reader, samples, errors) : NULL;
}

struct fit *fit_text(const char *name, const char *text, size_t size,
                     const struct log_options *options, int samples, struct errors *errors)
{
    struct reader *reader = reader_of(name, text, size, options, errors);
    return reader ? fit_reader(reader, samples, errors) : NULL;
}

void fit_free(struct fit *fit)
{
    if (!fit)
        return;
    reader_close(fit->reader);
    for (int i = 0; i < LOG_CLASSES; i++)
        if (fit->classes[i])
            sample_free(&fit->classes[i]->sizes);
    for (int i = 0; i < LOG_CLASSES; i++)
        free(fit->classes[i]);
    gaps_free(&fit->gaps);
    replay_free(&fit->replay);
    sample_free(&fit->sizes);
    free(fit);
}

bool fit_evens_out(const struct fit *fit)
{
    const struct poisson_test *t = &fit->arrivals;
    return t->verdict == ARRIVALS_OTHER && t->dependence < 1 && fit->gaps.sample.cv2 < 1 &&
           !(t->coarse_dispersion > 1);
}

unsigned fit_doubts(const struct fit *fit)
{
    unsigned doubts = 0;
    if (fabs(fit->correlation) > 0.3 && fit->correlation_p < 0.01)
        doubts |= DOUBT_DRIFT;
    if (fit->arrivals.verdict == ARRIVALS_OTHER)
        doubts |= DOUBT_BURSTS;
    if (fit->gaps.sample.cv2 > 4)
        doubts |= DOUBT_UNEVEN;
    /* Var(W) = E[N] Var(S) + E[S]^2 Var(N) where sizes are independent of all else. */
    double independent =
        1 + fit->mean * fit->mean / fit->second * (fit->arrivals.coarse_dispersion - 1);
    if (fit->work_dispersion > 2 * fmax(independent, 1))
        doubts |= DOUBT_WORK;
    return doubts;
}
