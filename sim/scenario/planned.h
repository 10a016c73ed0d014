/*
 * Keys of the scenario language that a later version brings: networks of stages, clients that
 * retry, trouble. They are refused by name ("not yet"), and not as typing mistakes. (A key that has
 * a row already, of kind PARAM_PLANNED, is not here.)
 */
#ifndef PLANNED_H
#define PLANNED_H

struct planned {
    const char *path, *help;
};

/* Ends with a path of NULL. */
extern const struct planned planned_keys[];

/* The planned key that a path is, or is below; NULL: none. */
const struct planned *planned_find(const char *path);

#endif
