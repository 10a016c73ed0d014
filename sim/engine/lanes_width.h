/*
 * The loops of lanes_kernel.h for vectors of WIDTH doubles, in functions with the attribute TARGET.
 * No include guard: lanes_kernel.c includes it once for each width.
 *
 * Times are never negative, so that their bits are in order as integers: wide vectors are compared
 * as such, which takes a fraction of the time.
 */
#define JOIN_(name, width) name##_##width
#define JOIN(name, width)  JOIN_(name, width)
#define NAME(name)         JOIN(name, WIDTH)
#define VEC                NAME(doubles)
#define BITS               NAME(integers)

typedef double VEC __attribute__((vector_size(8 * WIDTH), may_alias));
typedef int64_t BITS __attribute__((vector_size(8 * WIDTH), may_alias));

enum { NAME(PARTS) = LANES / WIDTH };
#define PARTS NAME(PARTS)

#define AT(array)          (*(VEC *)&(array)[part * WIDTH])
#define SELECT(mask, a, b) ((VEC)(((BITS)(a) & (mask)) | ((BITS)(b) & ~(mask))))
#if WIDTH == 2 /* SSE2 has no comparison of long integers */
#define ABOVE(a, b) ((a) > (b))
#else
#define ABOVE(a, b) ((BITS)(a) > (BITS)(b))
#endif
#define LARGER(a, b)  SELECT(ABOVE(a, b), a, b)
#define SMALLER(a, b) SELECT(ABOVE(b, a), a, b)

TARGET static void NAME(spread_one)(const double *x, size_t n, double (*out)[LANES])
{
    for (size_t i = 0; i < n; i++)
        for (int part = 0; part < PARTS; part++)
            AT(out[i]) = x[i] - (VEC){0};
}

TARGET static void NAME(spread_each)(const double *const x[LANES], size_t n, double (*out)[LANES])
{
    const double *const rows[LANES] = {x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]};
    for (size_t i = 0; i < n; i++)
        for (int lane = 0; lane < LANES; lane++)
            out[i][lane] = rows[lane][i];
}

TARGET static void NAME(accumulate)(const double factor[LANES], size_t n, double time[LANES],
                                    double (*arrival)[LANES])
{
    for (int part = 0; part < PARTS; part++) {
        VEC now = AT(time), by = AT(factor);
        for (size_t i = 0; i < n; i++)
            AT(arrival[i]) = now += by * AT(arrival[i]);
        AT(time) = now;
    }
}

TARGET static void NAME(divide)(double (*size)[LANES], const double speed[LANES], size_t n,
                                double (*service)[LANES])
{
    for (size_t i = 0; i < n; i++)
        for (int part = 0; part < PARTS; part++)
            AT(service[i]) = AT(size[i]) / AT(speed);
}

TARGET static void NAME(serve_one)(struct lanes_chunk *chunk, size_t n, double *free)
{
    VEC ready[PARTS];
    for (int part = 0; part < PARTS; part++)
        ready[part] = AT(free);
    for (size_t i = 0; i < n; i++)
        for (int part = 0; part < PARTS; part++) {
            VEC arrival = AT(chunk->arrival[i]);
            AT(chunk->ready[i]) = ready[part];
            ready[part] = LARGER(ready[part], arrival) + AT(chunk->service[i]);
        }
    for (int part = 0; part < PARTS; part++)
        AT(free) = ready[part];
}

TARGET static void NAME(serve)(struct lanes_chunk *chunk, size_t n, int consumers,
                               double (*free)[LANES])
{
    if (consumers == 1) {
        NAME(serve_one)(chunk, n, free[0]);
        return;
    }
    for (int part = 0; part < PARTS; part++)
        for (size_t i = 0; i < n; i++) {
            VEC arrival = AT(chunk->arrival[i]), done = AT(free[0]);
            AT(chunk->ready[i]) = done;
            done = LARGER(done, arrival) + AT(chunk->service[i]);
            for (int c = 1; c < consumers; c++) { /* to its place in the order */
                VEC other = AT(free[c]);
                BITS later = ABOVE(done, other);
                AT(free[c - 1]) = SELECT(later, other, done);
                done = SELECT(later, done, other);
            }
            AT(free[consumers - 1]) = done;
        }
}

TARGET static void NAME(slots)(const double *x, size_t n, uint32_t *slot)
{
    /* Just below the first bucket's edge, and the last one's end: under and over. */
    const VEC low = 0x1.fffffffffffffp-31 - (VEC){0}, high = 0x1p34 - (VEC){0};
    for (size_t i = 0; i < n; i += WIDTH) {
        VEC y = *(const VEC *)(x + i);
        BITS some = y != (VEC){0};
        y = LARGER(y, low);
        y = SMALLER(y, high);
        BITS at = (((BITS)y >> 45) - ((1023 + HIST_LOW) * HIST_SUB - SLOT_BUCKETS)) & some;
        for (int k = 0; k < WIDTH; k++)
            slot[i + (size_t)k] = (uint32_t)at[k];
    }
}

TARGET static void NAME(measure_part)(struct lanes_chunk *chunk, size_t n, struct lanes_sums *sums,
                                      int part, double (*waits)[LANES], double (*latencies)[LANES])
{
    struct {
        VEC wait, latency, latency_min, latency_max, wait_min, size, size_square, size_max, service,
            done_max, held, idle, virtual_area, last, zero_waits;
    } s = {AT(sums->wait),         AT(sums->latency),  AT(sums->latency_min), AT(sums->latency_max),
           AT(sums->wait_min),     AT(sums->size),     AT(sums->size_square), AT(sums->size_max),
           AT(sums->service),      AT(sums->done_max), AT(sums->held),        AT(sums->idle),
           AT(sums->virtual_area), AT(sums->last),     AT(sums->zero_waits)};
    const VEC zero = {0}, one = 1 - zero, infinity = __builtin_inf() - zero;
    for (size_t i = 0; i < n; i++) {
        VEC arrival = AT(chunk->arrival[i]), ready = AT(chunk->ready[i]);
        VEC size = AT(chunk->size[i]), service = AT(chunk->service[i]);
        VEC start = LARGER(ready, arrival), wait = start - arrival, latency = wait + service;
        VEC done = start + service;
        AT(chunk->start[i]) = start;
        AT(waits[i]) = wait;
        AT(latencies[i]) = latency;
        s.wait += wait;
        s.latency += latency;
        s.latency_min = SMALLER(latency, s.latency_min);
        s.latency_max = LARGER(latency, s.latency_max);
        BITS none = wait == zero;
        VEC some = SELECT(none, infinity, wait);
        s.wait_min = SMALLER(some, s.wait_min);
        s.zero_waits += SELECT(none, one, zero);
        s.size += size;
        s.size_square += size * size;
        s.size_max = LARGER(size, s.size_max);
        s.service += service;
        s.done_max = LARGER(done, s.done_max);
        s.held += done - start;
        s.idle += start - ready;
        /* From `ready` seen at the last arrival it falls by one a second, to zero. */
        VEC began = LARGER(ready, s.last) - s.last, gap = arrival - s.last;
        VEC fall = SMALLER(began, gap);
        s.virtual_area += fall * (began - 0.5 * fall);
        s.last = arrival;
    }
    AT(sums->wait) = s.wait;
    AT(sums->latency) = s.latency;
    AT(sums->latency_min) = s.latency_min;
    AT(sums->latency_max) = s.latency_max;
    AT(sums->wait_min) = s.wait_min;
    AT(sums->size) = s.size;
    AT(sums->size_square) = s.size_square;
    AT(sums->size_max) = s.size_max;
    AT(sums->service) = s.service;
    AT(sums->done_max) = s.done_max;
    AT(sums->held) = s.held;
    AT(sums->idle) = s.idle;
    AT(sums->virtual_area) = s.virtual_area;
    AT(sums->last) = s.last;
    AT(sums->zero_waits) = s.zero_waits;
}

TARGET static void NAME(measure)(struct lanes_chunk *chunk, size_t n, struct lanes_sums *sums)
{
    LANES_ALIGNED double waits[LANES_CHUNK][LANES], latencies[LANES_CHUNK][LANES];
    for (int part = 0; part < PARTS; part++)
        NAME(measure_part)(chunk, n, sums, part, waits, latencies);
    NAME(slots)(&waits[0][0], n * LANES, &chunk->wait_slot[0][0]);
    NAME(slots)(&latencies[0][0], n * LANES, &chunk->latency_slot[0][0]);
}

static const struct lanes_kernel NAME(kernel) = {
    .name = KERNEL,
    .width = WIDTH,
    .spread_one = NAME(spread_one),
    .spread_each = NAME(spread_each),
    .accumulate = NAME(accumulate),
    .divide = NAME(divide),
    .serve = NAME(serve),
    .measure = NAME(measure),
};

#undef JOIN_
#undef JOIN
#undef NAME
#undef VEC
#undef BITS
#undef PARTS
#undef AT
#undef SELECT
#undef ABOVE
#undef LARGER
#undef SMALLER
#undef WIDTH
#undef TARGET
#undef KERNEL
