/*
 * A whole run of the program, as a user starts it: start-up, simulation, files, end.
 */
#ifndef CHILD_H
#define CHILD_H

#include <stdint.h>

enum { CHILD_ARGUMENTS = 40 };

struct child {
    double cpu;         /* seconds of the process and what it started, user and system */
    double wall;        /* seconds */
    double memory;      /* bytes that it had at the most */
    uint64_t simulated; /* tasks, warm-up included, as the program reports them */
    uint64_t measured;  /* tasks in its tables (offered) */
};

/* A folder for scenario and results; removed by child_end. */
void child_begin(void);
void child_end(void);
const char *child_folder(void);

/* Runs $QUEUESCOPE (else build/queuescope) with these arguments, ended by NULL, on `scenario`
 * (text) with so many threads; `verify` on a folder with that scenario, for the first time, which
 * it blesses (tasks are then not told: 0). Anything unexpected ends the benchmark with a sentence.
 */
struct child child_run(const char *command, const char *scenario, const char *const *arguments,
                       unsigned jobs);

#endif
