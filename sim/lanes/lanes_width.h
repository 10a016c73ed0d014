/*
 * The loops of lanes_kernel.h for vectors of WIDTH doubles, in functions with the attribute TARGET.
 * No include guard: lanes_kernel.c includes it once for each width.
 */
#include "lanes_vector.h"

#include "lanes_step.h"

TARGET static void NAME(spread_one)(const double *x, int lanes, size_t n, double (*out)[LANES])
{
    for (int part = 0; part * WIDTH < lanes; part++)
        for (size_t i = 0; i < n; i++)
            AT(out[i]) = x[i] - (VEC){0};
}

TARGET static void NAME(spread_each)(const double *const x[LANES], int lanes, size_t n,
                                     double (*out)[LANES])
{
    size_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH)
        for (int part = 0; part * WIDTH < lanes; part++)
            NAME(turn)(&x[part * WIDTH], i, &out[i][part * WIDTH]);
    for (; i < n; i++)
        for (int lane = 0; lane < lanes; lane++)
            out[i][lane] = x[lane][i];
}

TARGET static void NAME(accumulate)(const double factor[LANES], int lanes, size_t n,
                                    double time[LANES], double (*arrival)[LANES])
{
    for (int part = 0; part * WIDTH < lanes; part++) {
        VEC now = AT(time), by = AT(factor);
        for (size_t i = 0; i < n; i++)
            AT(arrival[i]) = now += by * AT(arrival[i]);
        AT(time) = now;
    }
}

/* Both at once: each addition waits for the one before, and the turning does not. */
TARGET static void NAME(spread_gaps)(const double *const x[LANES], const double factor[LANES],
                                     int lanes, size_t n, double time[LANES],
                                     double (*arrival)[LANES])
{
    for (int part = 0; part * WIDTH < lanes; part++) {
        VEC now = AT(time), by = AT(factor);
        size_t i = 0;
        for (; i + WIDTH <= n; i += WIDTH) {
            NAME(turn)(&x[part * WIDTH], i, &arrival[i][part * WIDTH]);
            for (size_t k = 0; k < WIDTH; k++)
                AT(arrival[i + k]) = now += by * AT(arrival[i + k]);
        }
        for (; i < n; i++) {
            for (int lane = part * WIDTH; lane < (part + 1) * WIDTH; lane++)
                arrival[i][lane] = x[lane][i];
            AT(arrival[i]) = now += by * AT(arrival[i]);
        }
        AT(time) = now;
    }
}

TARGET static void NAME(divide)(double (*size)[LANES], const double speed[LANES], int lanes,
                                size_t n, double (*service)[LANES])
{
    for (int part = 0; part * WIDTH < lanes; part++)
        for (size_t i = 0; i < n; i++)
            AT(service[i]) = AT(size[i]) / AT(speed);
}

#define SERVE_FROM(name, kept, losses, source)                                                     \
    TARGET static void NAME(JOIN(JOIN(name, kept), source))(struct lanes_work * work, size_t n,    \
                                                            bool starts, int part)                 \
    {                                                                                              \
        NAME(serve_part)(work, n, starts, part, kept, losses, NAME(source));                       \
    }
#define SERVE(kept)                                                                                \
    SERVE_FROM(serve, kept, NOBODY_LOST, ANY)                                                      \
    SERVE_FROM(bounded, kept, TURNED_AWAY, ANY)                                                    \
    SERVE_FROM(impatient, kept, IMPATIENT, ANY)
SERVE(0)
SERVE(1)
SERVE(2)
SERVE(3)
SERVE(4)
SERVE(8)
SERVE(12)
SERVE_FROM(serve, 16, NOBODY_LOST, ANY) /* where tasks are lost that is slower */

/* With one consumer that takes a tenth off; with more, or where tasks are lost, nothing. */
SERVE_FROM(single, 1, NOBODY_LOST, ROWS)
SERVE_FROM(single, 1, NOBODY_LOST, UNITS)
SERVE_FROM(single, 1, NOBODY_LOST, CHUNK)

/* What serves so many consumers; with 13 to 16, `most` in registers. */
#define SERVED_BY(which, most)                                                                     \
    {                                                                                              \
        NAME(which##_0_ANY), NAME(which##_1_ANY), NAME(which##_2_ANY), NAME(which##_3_ANY),        \
            NAME(which##_4_ANY), NAME(which##_8_ANY), NAME(which##_8_ANY), NAME(which##_8_ANY),    \
            NAME(which##_8_ANY), NAME(which##_12_ANY), NAME(which##_12_ANY), NAME(which##_12_ANY), \
            NAME(which##_12_ANY), NAME(which##_##most##_ANY), NAME(which##_##most##_ANY),          \
            NAME(which##_##most##_ANY), NAME(which##_##most##_ANY)                                 \
    }

TARGET static void NAME(serve)(struct lanes_work *work, size_t n, bool starts)
{
    typedef void serve_function(struct lanes_work *, size_t, bool, int);
    static serve_function *const serve[3][LANES_KEPT + 1] = {
        SERVED_BY(serve, 16), SERVED_BY(bounded, 0), SERVED_BY(impatient, 0)};
    static serve_function *const single[SOURCES] = {NAME(single_1_ROWS), NAME(single_1_UNITS),
                                                    NAME(single_1_CHUNK), NAME(serve_1_ANY)};
    int losses = work->impatient ? IMPATIENT : work->bounded ? TURNED_AWAY : NOBODY_LOST;
    int consumers = work->consumers <= LANES_KEPT ? work->consumers : 0;
    serve_function *part_of = serve[losses][consumers];
    if (consumers == 1 && losses == NOBODY_LOST)
        part_of = single[NAME(source_of)(work, starts)];
    for (int part = 0; part * WIDTH < work->lanes; part++)
        part_of(work, n, starts, part);
    if (losses == NOBODY_LOST && !work->scaled)
        memcpy(work->sums.service, work->sums.size, sizeof work->sums.service);
    if (losses == NOBODY_LOST)
        memcpy(work->sums.seen, work->sums.wait, sizeof work->sums.seen);
}

static const struct lanes_kernel NAME(kernel) = {
    .name = KERNEL,
    .width = WIDTH,
    .spread_one = NAME(spread_one),
    .spread_each = NAME(spread_each),
    .accumulate = NAME(accumulate),
    .spread_gaps = NAME(spread_gaps),
    .divide = NAME(divide),
    .serve = NAME(serve),
};

#undef JOIN_
#undef JOIN
#undef NAME
#undef VEC
#undef INLINE
#undef AT
#undef MAX
#undef MAX_BITS
#undef PLUS
#undef MINUS
#undef MIN
#undef SELECT
#undef BUCKET_SHIFT
#undef BUCKET_MOVE
#undef SLOTS
#undef AT_ONCE
#undef LIST
#undef SERVE
#undef SERVE_AS
#undef NOBODY_LOST
#undef TURNED_AWAY
#undef IMPATIENT
#undef EITHER
#undef SERVED_BY
#undef SERVE_FROM
#undef SOURCES
#undef BITS
#undef MASK
#undef NO_MASK
#undef LATER
#undef OR_ELSE
#undef WIDTH
#undef VARIANT
#undef HALVES
#undef TARGET
#undef KERNEL
