/*
 * The course of a log through time: tasks and work in windows of equal width, in constant memory.
 *
 * The windows begin at the first arrival; when the log outgrows them, neighbours are joined and
 * their width doubles. So at the end between COURSE_WINDOWS / 2 and COURSE_WINDOWS are in use,
 * however long the log. Windows of 2^level times that width are looked at through course_at.
 */
#ifndef COURSE_H
#define COURSE_H

#include <stddef.h>

enum { COURSE_WINDOWS = 4096, COURSE_LEVELS = 12 };

struct course_window {
    double tasks, work; /* number of arrivals; seconds of work that they bring */
};

struct course {
    double first, last; /* arrivals; first > last: none yet */
    double width;       /* of a window of level 0, in seconds */
    struct course_window windows[COURSE_WINDOWS];
};

void course_init(struct course *course);

/* Arrivals never fall. */
void course_add(struct course *course, double arrival, double size);

/* Number of the windows of a level that are over, and one of them. */
size_t course_count(const struct course *course, int level);
struct course_window course_at(const struct course *course, int level, size_t i);
double course_width(const struct course *course, int level);

/* The coarsest level that has at least `windows` windows; and the finest with at least `tasks`
 * tasks in the mean window. */
int course_level(const struct course *course, size_t windows);
int course_level_with(const struct course *course, double tasks);

/*
 * Variance of the tasks in a window over their mean: the index of dispersion for counts, 1 for a
 * Poisson process (Cox and Lewis 1966, section 4.5). The Allan factor is the same of the
 * differences of neighbours, which a slow change of the rate leaves alone: (N' - N)^2 / (N' + N)
 * (Lowen and Teich 2005, section 3.4.3), here by its median over that of chi squared of one degree,
 * which a few jumps of the rate leave alone too. Index of dispersion for work: variance of the work
 * in a window over mean tasks times E[S^2], 1 where arrivals are Poisson and sizes independent
 * (Fendick and Whitt 1989, section 2). NAN with fewer than 2 windows.
 */
double course_dispersion(const struct course *course, int level);
double course_allan(const struct course *course, int level);
double course_work_dispersion(const struct course *course, int level, double second);

/* The rank correlation (Spearman 1904) of tasks and mean size, over the windows with at least 5
 * tasks; p that it is as far from 0 by chance. NAN with fewer than 8 such windows. */
double course_correlation(const struct course *course, int level, double *p);

/* Pieces of constant rate: the Bayesian blocks of the windows of a level (Scargle, Norris, Jackson
 * and Chiang 2013, section 3), with 1 % false alarms. Writes the end of each, in windows, and
 * returns their number. */
size_t course_pieces(const struct course *course, int level, size_t *ends, size_t most);

#endif
