/*
 * The search under way: the points tried so far, and what may still be spent (answer.h). For the
 * sources of this room only.
 */
#ifndef SEARCH_H
#define SEARCH_H

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

/* Looks at the ends of a line; and goes on searching it, with samples of up to `level`. */
void search_line_begin(struct search *search, struct line *line);
void search_line(struct search *search, struct line *line, int level);

#endif
