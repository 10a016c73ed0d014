#include "course.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "../base/err.h"

void course_init(struct course *course)
{
    *course = (struct course){.first = 0, .last = -1, .width = 0x1p-30};
}

static void join_neighbours(struct course *course)
{
    struct course_window *w = course->windows;
    for (size_t i = 0; i < COURSE_WINDOWS / 2; i++)
        w[i] = (struct course_window){w[2 * i].tasks + w[2 * i + 1].tasks,
                                      w[2 * i].work + w[2 * i + 1].work};
    memset(w + COURSE_WINDOWS / 2, 0, COURSE_WINDOWS / 2 * sizeof *w);
    course->width *= 2;
}

void course_add(struct course *course, double arrival, double size)
{
    if (course->last < course->first)
        course->first = arrival;
    course->last = arrival;
    while (arrival - course->first >= COURSE_WINDOWS * course->width)
        join_neighbours(course);
    struct course_window *w = &course->windows[(size_t)((arrival - course->first) / course->width)];
    w->tasks++;
    w->work += size;
}

double course_width(const struct course *course, int level)
{
    return ldexp(course->width, level);
}

size_t course_count(const struct course *course, int level)
{
    double n = floor((course->last - course->first) / course_width(course, level));
    return n > 0 ? (size_t)n : 0;
}

struct course_window course_at(const struct course *course, int level, size_t i)
{
    size_t each = (size_t)1 << level;
    struct course_window sum = {0};
    for (size_t k = i * each; k < (i + 1) * each && k < COURSE_WINDOWS; k++) {
        sum.tasks += course->windows[k].tasks;
        sum.work += course->windows[k].work;
    }
    return sum;
}

int course_level(const struct course *course, size_t windows)
{
    int level = 0;
    while (level < COURSE_LEVELS && course_count(course, level + 1) >= windows)
        level++;
    return level;
}

static double mean_tasks(const struct course *course, int level)
{
    size_t n = course_count(course, level);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += course_at(course, level, i).tasks;
    return n > 0 ? sum / (double)n : 0;
}

int course_level_with(const struct course *course, double tasks)
{
    int level = 0;
    while (level < COURSE_LEVELS && mean_tasks(course, level) < tasks)
        level++;
    return level;
}

double course_dispersion(const struct course *course, int level)
{
    size_t n = course_count(course, level);
    double mean = mean_tasks(course, level), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += pow(course_at(course, level, i).tasks - mean, 2);
    return n > 1 && mean > 0 ? sum / (double)(n - 1) / mean : NAN;
}

double course_allan(const struct course *course, int level)
{
    const double chi_squared_median = 0.45493642;
    size_t n = course_count(course, level), kept = 0;
    double *x = xmalloc((n + 1) * sizeof *x), median = NAN;
    for (size_t i = 1; i < n; i++) {
        double a = course_at(course, level, i - 1).tasks, b = course_at(course, level, i).tasks;
        if (a + b > 0)
            x[kept++] = (b - a) * (b - a) / (a + b);
    }
    if (kept > 0)
        median = gsl_stats_median(x, 1, kept);
    free(x);
    return median / chi_squared_median;
}

double course_work_dispersion(const struct course *course, int level, double second)
{
    size_t n = course_count(course, level);
    double tasks = mean_tasks(course, level), mean = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        mean += course_at(course, level, i).work / (double)n;
    for (size_t i = 0; i < n; i++)
        sum += pow(course_at(course, level, i).work - mean, 2);
    return n > 1 && tasks * second > 0 ? sum / (double)(n - 1) / (tasks * second) : NAN;
}

double course_correlation(const struct course *course, int level, double *p)
{
    enum { FEW_TASKS = 5, FEW_WINDOWS = 8 };
    size_t n = course_count(course, level), kept = 0;
    double *x = xmalloc(4 * (n + 1) * sizeof *x), *y = x + n, *work = y + n, r = NAN;
    *p = NAN;
    for (size_t i = 0; i < n; i++) {
        struct course_window w = course_at(course, level, i);
        if (w.tasks >= FEW_TASKS) {
            x[kept] = w.tasks;
            y[kept++] = w.work / w.tasks;
        }
    }
    if (kept >= FEW_WINDOWS) {
        r = gsl_stats_spearman(x, 1, y, 1, kept, work);
        double freedom = (double)kept - 2, t = r * sqrt(freedom / fmax(1 - r * r, 1e-12));
        *p = 2 * gsl_cdf_tdist_Q(fabs(t), freedom);
        if (!isfinite(r))
            r = *p = NAN; /* all the same */
    }
    free(x);
    return r;
}

/* ---- pieces ---- */

/* Log likelihood of tasks at a constant rate over `windows` windows, but for what is the same for
 * every division. */
static double fitness(double tasks, double windows)
{
    return tasks > 0 ? tasks * log(tasks / windows) : 0;
}

size_t course_pieces(const struct course *course, int level, size_t *ends, size_t most)
{
    size_t n = course_count(course, level), pieces = 0;
    if (n == 0)
        return 0;
    double *sum = xcalloc(2 * n + 2, sizeof *sum), *best = sum + n + 1;
    size_t *from = xcalloc(n + 1, sizeof *from);
    double cost = 4 - log(73.53 * 0.01 * pow((double)n, -0.478));
    for (size_t i = 0; i < n; i++)
        sum[i + 1] = sum[i] + course_at(course, level, i).tasks;
    for (size_t end = 1; end <= n; end++) {
        best[end] = -INFINITY;
        for (size_t start = 0; start < end; start++) {
            double f = best[start] + fitness(sum[end] - sum[start], (double)(end - start)) - cost;
            if (f > best[end]) {
                best[end] = f;
                from[end] = start;
            }
        }
    }
    for (size_t end = n; end > 0; end = from[end])
        pieces++;
    size_t i = pieces;
    for (size_t end = n; end > 0; end = from[end])
        if (--i < most)
            ends[i] = end;
    free(from);
    free(sum);
    return pieces < most ? pieces : most;
}
