/*
 * A naive simulator of one stage, for tests: the rules of sim/engine/engine.h written a second
 * time, with arrays that are searched from end to end, and every task's fate kept. It shares no
 * code with the engines, but for the uniforms of the random discipline.
 *
 * naive_process is an arrival process that brings sizes and classes; with `grid` on, times and
 * sizes are whole multiples of 1/2 (sizes of 0 among them), so that everything ties with
 * everything.
 */
#ifndef NAIVE_H
#define NAIVE_H

#include "../sim/engine/engine.h"
#include "../sim/events/waiting.h"
#include "../sim/scenario/policy.h"

struct naive_arrivals { /* parameter block of naive_process */
    double rate, mean_size, classes, grid;
    double tasks; /* after which it ends; 0: it does not */
};

extern const struct arrival_process naive_process;

enum fate { FATE_INSIDE, FATE_COMPLETED, FATE_LOST, FATE_TIMED_OUT };

struct naive_task {
    double arrival, size;
    double deadline; /* INFINITY: it waits as long as it takes */
    uint32_t class;
    enum fate fate;
    double wait, latency;                        /* completed */
    double outside_time, buffer_time, busy_time; /* up to the end of the simulation */
    double entered, started, left;               /* buffer, service, system; NAN: not yet */
    double rest, turn, done; /* work left of a waiting task (not fifo ...); of one in service, since
                                when and until when; shared consumers: done when so much is given */
};

/* The tasks that a scenario's source brings, fates not yet known. */
struct naive_task *naive_tasks(const struct scenario *s, uint64_t seed, size_t n);

/* Runs until the last of the n tasks has arrived, and returns that time. Adds to waited[i], i up to
 * n, the time for which i tasks waited (NULL: nobody asks). */
double naive_run(const struct scenario *s, uint64_t seed, struct naive_task *tasks, size_t n,
                 double *waited);

/* The model of a family by its name. */
const struct model *model_named(const struct family *family, const char *name);

#endif
