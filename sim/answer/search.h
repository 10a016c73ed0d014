/*
 * The search under way: the points tried so far, and what may still be spent (answer.h). For the
 * sources of this room only.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include "../rare/glance.h"
#include "../result/run.h"
#include "answer.h"

struct search {
    struct answer *answer;
    double first;      /* tasks of a replication at level 0 */
    int levels;        /* that the budget could pay for */
    double counted_on; /* points among which the risk is shared */
    bool limited;      /* these are as many as there can be, whatever the budget */
    int level;         /* the largest used for the answer */
    bool out;          /* the budget is used up, or the run was stopped */
};

enum { INSIDE = 8 }; /* values inside a line that are looked at, at most */
enum { ALL_OBJECTIVES = (1 << OBJECTIVES) - 1 };

void search_begin(struct search *search, struct answer *answer);

/* The point with these indices, tried or not. */
struct point *search_point(struct search *search, const size_t index[SPANS]);

/* Whether the point meets all objectives of a set; and looks at it, with samples up to `level`,
 * until that is decided. */
enum finding point_finding(const struct search *search, const struct point *point,
                           objective_set set);
enum finding search_decide(struct search *search, struct point *point, objective_set set,
                           int level);

/* Tasks of a sample, as far as they are known beforehand. */
double search_sample(const struct search *search, int level);

/* The scenario of a point, xmalloc'ed. */
struct scenario *search_scenario(const struct search *search, const struct point *point);

/* "trying consumers.count = 7", interned. */
const char *search_doing(const struct search *search, const struct point *point);

/* Judges an objective by an estimate of so many tasks, and takes what it needs to be decided. */
void point_take(const struct search *search, struct point *point, size_t objective,
                const struct estimate *estimate, double tasks);

/* The same doubt as of a glance (glance.h) of what is counted: a rare figure is not as small as it
 * looks to a sample (point->tasks) that has not met what could make it large. */
void point_doubt(const struct search *search, struct point *point, size_t objective,
                 struct estimate *estimate);

/* Rare figures (rare_objectives.c): by what method each objective of a new point is to be judged;
 * the tasks that the looks at those which are in doubt take, 0 where there are none; and these
 * looks, with samples of a level: false if stopped, or if the budget does not do for them. */
void point_methods(const struct search *search, struct point *point);
double point_glance_least(const struct search *search, const struct point *point);
bool point_glance(struct search *search, struct point *point, int level);

/* The smallest sample that can say anything of a point, or the largest there is: long beside its
 * relaxation time, and with so many `cycles` of the slowest time scale of its input
 * (timescale.h); and the tasks that it takes to tell, NAN where that cannot be known. */
int search_first_level(const struct search *search, const struct point *point, double *tasks,
                       double cycles);

/* Runs a sample of a point; NULL if it would take more than `most` tasks, the budget cannot pay for
 * it (search->out then), or it was interrupted. Counts what it spends. */
struct result *search_run(struct search *search, struct point *point, int level, double most);

/* Whether a simulation bears out what is exact of a point (answer.h); check.c. */
void point_check(struct point *point, const struct question *question, const struct result *result);
void search_check(struct search *search, struct point *point);

/* A point of a line. */
struct point *search_on_line(struct search *search, const struct line *line, size_t i);

/* Whether more of the key of a line is more work for the consumers. */
bool search_more_is_load(const struct search *search, const struct line *line);

/* Looks inside a line whose ends are known, and whether it goes one way; stretch.c. */
void search_inside(struct search *search, struct line *line);

/* Searches every change of a line that does not, by search_gap; and takes its best. */
void search_stretches(struct search *search, struct line *line, int level);

/* Searches between two points of a line, one met and one unmet, by bisection. */
void search_gap(struct search *search, struct line *line, const struct point *unmet,
                const struct point *met, int level);

/* Whether two of them are near enough to stand for neighbours. */
bool search_beside(const struct search *search, const struct line *line, const struct point *a,
                   const struct point *b);

/* Looks at the ends of a line; and goes on searching it, with samples of up to `level`. */
void search_line_begin(struct search *search, struct line *line);
void search_line(struct search *search, struct line *line, int level);

#endif
