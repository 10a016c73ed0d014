/*
 * Following the measured tasks after the end (at_end: complete), and when that is of no use.
 *
 * Where more work arrives than can be done (stability.h), and later tasks go before those that wait
 * or share the consumers with them, measured tasks may stay for ever. TRIAL_CAP bounds that; but it
 * is ten times what was measured, and memory grows with it. So it is looked, when FOLLOW_FIRST of
 * what was measured has come after it and whenever that has doubled, at how many have left since
 * the last look. Following them is given up where nothing but the cap would end it:
 *   - The queue has grown since the end, beyond what chance does: it does not come back. Of a queue
 *     whose number grows by h in A arrivals, and varies by v a task (the arrivals' dispersion and
 *     the squared coefficient of variation of the sizes), the chance that it ever falls by h is
 *     about exp(-2 h^2 / (A v)) (Asmussen 2003, "Applied Probability and Queues", section XIII.5;
 *     Brownian motion with drift), and h is to be FOLLOW_GROWTH sqrt(A v).
 *   - From there on they leave no faster than before: who is passed by later ones is served when
 *     nobody else is there (lifo, priorities, sizes), or as one of ever more. Were they to leave
 *     FOLLOW_MARGIN times as fast as since the last look, and faster by what chance may have done
 *     there, FOLLOW_LEFT would still be inside at the cap. They leave in bursts, between the busy
 *     spells of those that go before them. Whoever drains before the cap is left a twentieth of the
 *     time, or so, and the spells then are of the order of 1 / 0.05^2 tasks: FOLLOW_TASKS v tasks
 *     between two looks, at least, are many of them.
 * Of a choice at random more is known: each of n is next with probability 1 / n, so that of m there
 * are m (n / n')^p left when n' are waiting, for some p, which the last two looks tell; and n grows
 * in proportion to time.
 *
 * Arrivals with a cycle of their own (states, a timetable; process.h) are judged by their long run:
 * FOLLOW_CYCLES of them lie between two looks, at least, v has what chance does to states, and h is
 * more by what one cycle brings, so that it does not matter where in a timetable a look falls. The
 * rule is not for logs, nor for timetables that end: what is too much now need not be so later.
 *
 * So what ends by itself before the cap is followed to its end.
 */
#ifndef FOLLOW_H
#define FOLLOW_H

#include "../scenario/scenario.h"

#define FOLLOW_FIRST  0.1
#define FOLLOW_MARGIN 1.5
#define FOLLOW_GROWTH 4
enum { FOLLOW_LEFT = 30, FOLLOW_TASKS = 20000, FOLLOW_CYCLES = 20 };

/* As of a look. */
struct follow_look {
    double spent;   /* since the end, in units of what was measured */
    double arrived; /* tasks, in all */
    double inside;
    double measured; /* of them */
};

struct follow {
    bool hopeless;            /* the rule applies */
    bool by_chance;           /* the next to be served is any of those that wait */
    double varies;            /* v */
    double cycle;             /* tasks of one; 0: there is none */
    struct follow_look begun; /* at the end */
    struct follow_look last;
};

/* With the parameters in force at the end. */
struct follow follow_begin(const struct scenario *column, struct follow_look now);

/* When to look next (spent); the cap at last. */
double follow_next(const struct follow *follow);

/* Whether to give up. */
bool follow_is_vain(struct follow *follow, struct follow_look now);

#endif
