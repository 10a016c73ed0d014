/*
 * Many consumers: more than are kept in registers. No include guard: part of lanes_step.h.
 *
 * The next `first` tasks are served from the first `first` free times alone: each finds the least
 * of these and of what was put back in their stead, for the others are later than all of them, of
 * which one at least is left until the last task. Within a list of 16 tasks go AT_ONCE at a time,
 * so that each free time is read and written once for all of them: in line, the second behind the
 * first.
 *
 * Then the list is merged with the others, by Batcher's bitonic network (1968): the list,
 * backwards, and the others are in rows first falling, then rising. Two rows `step` apart, step =
 * half the rows, are put in order, which leaves all of one half before all of the other, and each
 * in such rows; and so on with the halves. As long as a step is not below `first`, only the first
 * rows of a stretch need that: the others have been in order from the beginning. What lies behind
 * the last consumer, up to whole blocks of LIST, is never free.
 *
 * With c consumers a task costs about 16 + 3 c / 16 pairs of minimum and maximum in place of c.
 * From LANES_LISTS on there is a longer list between the two: 40 + c / 28.
 */
enum { NAME(AT_ONCE) = 4 };
#define AT_ONCE NAME(AT_ONCE)
#define LIST    LANES_BLOCK

/* Serves AT_ONCE tasks by the first `n` free times, at least as many. Leaves when the first was
 * free for each. */
INLINE void NAME(serve_in_line)(struct lanes_work *work, double (*service)[LANES], size_t i, int n,
                                int part, VEC *first)
{
    double(*free)[LANES] = work->free;
    VEC head[AT_ONCE], done[AT_ONCE];
    for (int k = 0; k < AT_ONCE; k++)
        head[k] = AT(free[k]);
    for (int k = 0; k < AT_ONCE; k++) {
        VEC arrival = AT(work->chunk.arrival[i + (size_t)k]);
        first[k] = head[0];
        done[k] = MAX(head[0], arrival) + AT(service[i + (size_t)k]);
        done[k] = NAME(insert)(head, 1, AT_ONCE - k, done[k]);
    }
    for (int c = AT_ONCE; c < n + AT_ONCE; c++) {
        VEC other = __builtin_inf() - (VEC){0};
        if (c < n)
            other = AT(free[c]);
        for (int k = 0; k < AT_ONCE; k++) {
            VEC earlier = MIN(done[k], other);
            done[k] = MAX_BITS(done[k], other);
            other = earlier;
        }
        AT(free[c - AT_ONCE]) = other;
    }
}

/* Puts the rows of two blocks in order, row by row. */
INLINE void NAME(order_blocks)(double (*early)[LANES], double (*late)[LANES], int part)
{
    for (int i = 0; i < LIST; i++) {
        VEC a = AT(early[i]), b = AT(late[i]);
        AT(early[i]) = MIN(a, b);
        AT(late[i]) = MAX_BITS(a, b);
    }
}

/* The same within a block, from half of it on. */
INLINE void NAME(order_block)(double (*block)[LANES], int part)
{
    VEC row[LIST];
    for (int i = 0; i < LIST; i++)
        row[i] = AT(block[i]);
#pragma GCC unroll 8
    for (int step = LIST / 2; step > 0; step /= 2)
#pragma GCC unroll 16
        for (int i = 0; i < LIST; i++)
            if (!(i & step)) {
                VEC a = row[i], b = row[i + step];
                row[i] = MIN(a, b);
                row[i + step] = MAX_BITS(a, b);
            }
    for (int i = 0; i < LIST; i++)
        AT(block[i]) = row[i];
}

/* Merges the first free times, whole blocks, with the others; each are in order. */
INLINE void NAME(merge)(double (*free)[LANES], int first, int consumers, int part)
{
    int step = first;
    while (2 * step < consumers)
        step *= 2;
    for (int i = 0; i < first / 2; i++) {
        VEC a = AT(free[i]), b = AT(free[first - 1 - i]);
        AT(free[i]) = b;
        AT(free[first - 1 - i]) = a;
    }
    for (; step >= LIST; step /= 2)
        for (int at = 0, wide = step < first ? step : first; at + step < consumers; at += 2 * step)
            for (int block = at; block < at + wide && block + step < consumers; block += LIST)
                NAME(order_blocks)(free + block, free + block + step, part);
    for (int at = 0; at < consumers; at += LIST)
        NAME(order_block)(free + at, part);
}

/* Serves tasks from number i on, before `end`, by the first n free times: at least as many as are
 * tasks, or all. */
INLINE void NAME(serve_by)(struct lanes_work *work, size_t i, size_t end, int n, int part,
                           VEC *first)
{
    double(*service)[LANES] = work->scaled ? work->chunk.service : work->chunk.size;
    for (; i + AT_ONCE <= end; i += AT_ONCE)
        NAME(serve_in_line)(work, service, i, n, part, first + i);
    for (; i < end; i++) {
        first[i] = AT(work->free[0]);
        VEC done = MAX(first[i], AT(work->chunk.arrival[i])) + AT(service[i]);
        NAME(insert_rows)(work->free, n, part, done);
    }
}

INLINE void NAME(serve_many)(struct lanes_work *work, size_t n, int part, VEC *first)
{
    const int consumers = work->consumers;
    const bool lists = consumers >= LANES_LISTS;
    const int longer = lists ? LANES_LIST : consumers;
    if (consumers < LANES_MERGED) {
        NAME(serve_by)(work, 0, n, consumers, part, first);
        return;
    }
    for (size_t i = 0, end; i < n; i = end) {
        end = i + LIST < n ? i + LIST : n;
        NAME(serve_by)(work, i, end, LIST, part, first);
        NAME(merge)(work->free, LIST, longer, part);
        if (lists && (end == n || end % LANES_LIST == 0))
            NAME(merge)(work->free, LANES_LIST, consumers, part);
    }
}
