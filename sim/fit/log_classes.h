/*
 * The classes of a log: the different words of its column `class`, in the order in which they come,
 * and what a scenario calls them.
 *
 * A scenario's class has a name that is one word, no number and not `all` (rules.c): what a log
 * writes otherwise ("200", "GET /a") is renamed ("class-200", "GET--a"), each to a name of its own.
 */
#ifndef LOG_CLASSES_H
#define LOG_CLASSES_H

#include "../scenario/scenario.h"

enum { LOG_CLASSES = MAX_CLASSES };

struct log_classes {
    int n;                          /* found so far; more than LOG_CLASSES: too many to be used */
    const char *words[LOG_CLASSES]; /* as in the log */
    const char *names[LOG_CLASSES]; /* as in a scenario */
    bool renamed;                   /* some name is not its word */
};

/* The number of the class of a word, which is added where it is new; LOG_CLASSES where there is no
 * room for it. */
int log_class_of(struct log_classes *classes, const char *word);

/* Whether tasks are told apart by them: there are two at least, and not too many. */
static inline bool log_classes_use(const struct log_classes *classes)
{
    return classes->n >= 2 && classes->n <= LOG_CLASSES;
}

#endif
