/* Warnings that name stages of a network (result.h: result_warnings). */
#include <stdio.h>

#include "grid.h"
#include "warn.h"

void put_stages(FILE *out, const struct result *result)
{
    enum { NAMED = 5 };
    uint32_t n = 0, all = result_row_classes(result) - 1;
    for (uint32_t place = 0; place < result->whole; place++) {
        uint32_t column = result->columns;
        for (uint32_t i = 0; i < result->columns; i++)
            if (result_place_row(result, i, place, all)->stable == STABLE_NO)
                column = i;
        if (column == result->columns || n++ >= NAMED)
            continue;
        uint32_t other = result_waits_for(result, column, place);
        fprintf(out, "%s%s", n == 1 ? " at " : ", ", result_place_name(result, place));
        if (other != place)
            fprintf(out, " (which waits for %s)", result_place_name(result, other));
    }
    if (n > NAMED)
        fprintf(out, " and %u more stages", n - NAMED);
}

/* The cycle of a column's first replication that has one: "a waits for b, b for a". */
static void put_cycle(FILE *out, const struct result *result, uint32_t column)
{
    static const char *const waits[] = {[WAITS_FOR_PLACE] = "a place at",
                                        [WAITS_FOR_ANSWER] = "an answer of",
                                        [WAITS_FOR_CONSUMER] = "a consumer of"};
    const struct grid_column *c = &result->grid->column[column];
    const struct deadlock *deadlock = NULL;
    for (uint32_t r = 0; r < c->replications && !deadlock; r++)
        if (c->replicas[r].present && c->replicas[r].deadlock.n > 0)
            deadlock = &c->replicas[r].deadlock;
    if (!deadlock)
        return;
    uint32_t n = deadlock->n < DEADLOCK_NAMED ? deadlock->n : DEADLOCK_NAMED;
    for (uint32_t i = 0; i < n; i++) {
        const char *here = result_place_name(result, deadlock->place[i]);
        const char *next = result_place_name(result, deadlock->place[(i + 1) % n]);
        fprintf(out, "%s%s%s for %s %s", i ? ", " : ": ", here, i ? "" : " waits",
                waits[deadlock->waits[i]],
                i + 1 == n && deadlock->n > n ? "the next, and so on" : next);
    }
}

void warn_deadlock(FILE *out, const struct result *result)
{
    struct about about = {0};
    uint32_t first = 0;
    for (uint32_t i = 0; i < result->columns; i++)
        if (row_all(result, i)->notes & NOTE_DEADLOCK) {
            first = about.n ? first : i;
            about_add(&about, row_all(result, i));
        }
    if (!about.n)
        return;
    fputs("deadlock", out);
    put_where(out, result, &about);
    put_cycle(out, result, first);
    fputs("; nothing moves any more, and the run ended there: give one of them more places or "
          "consumers, or let it lose what does not fit\n",
          out);
}
