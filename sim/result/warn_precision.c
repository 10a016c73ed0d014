/* What became of the precision asked for (result.h: result_warnings). */
#include <math.h>
#include <stdio.h>

#include "../scenario/discipline.h"
#include "../scenario/process.h"
#include "precision.h"
#include "warn.h"

/* How many tasks a column would take: with the square of the error (what later looks spend of the
 * confidence comes on top: a fifth, roughly). NAN: unknown. */
static double tasks_wanted(const struct scenario *s, const struct row *row)
{
    const struct precision *p = &s->run.precision;
    double now = row->precision, asked = isnan(p->absolute) ? p->absolute_share : p->absolute;
    if (isnan(asked)) {
        now /= 1 + now;
        asked = p->relative / (1 + p->relative);
    }
    return 1.2 * (double)row->offered * (now / asked) * (now / asked);
}

/* Beyond so many tasks, or where nobody can tell how many, plain simulation is not the way. */
#define HOPELESS 1e9

/* Whether it is a rare event that is to be known, in a system where those can be followed. */
static bool rare_may_know(const struct scenario *s, double tasks)
{
    enum quantity q = precision_quantity(s);
    bool rare = q == QUANTITY_LOSS || (q >= QUANTITY_LATENCY_P99 && q <= QUANTITY_LATENCY_P999) ||
                q == QUANTITY_LATENCY_P9999 || q == QUANTITY_WAIT_P99 || q == QUANTITY_WAIT_P999;
    bool followed = scenario_classes(s) == 1 && stage_discipline(&s->stage)->by_arrival &&
                    !scenario_impatient(s) && !scenario_replays(s) && !process_is_closed(s);
    return rare && followed && !(tasks < HOPELESS);
}

/* What became of the columns in which the precision asked for was not reached, by why not. */
void warn_precision(FILE *out, const struct result *result)
{
    const struct scenario *s = &result->scenario;
    for (int state = PRECISION_ENDED; state <= PRECISION_NEVER; state++) {
        struct about about = {0};
        double most = 0;
        for (uint32_t i = 0; i < result->columns; i++)
            if (row_all(result, i)->precision_state == state) {
                double wanted = tasks_wanted(s, row_all(result, i));
                about_add(&about, row_all(result, i));
                most = isnan(wanted) || isnan(most) ? NAN : fmax(most, wanted);
            }
        if (!about.n)
            continue;
        fprintf(out, "%s is not known as well as run.precision asks",
                quantity_kinds[precision_quantity(s)].name);
        put_where(out, result, &about);
        if (state == PRECISION_NEVER) {
            fputs(": it has no interval there (see the other warnings), and more replications "
                  "would not give it one\n",
                  out);
        } else if (state == PRECISION_CRAMPED) {
            fputs(": that takes more replications than can be kept apart; raise run.tasks\n", out);
        } else if (isnan(most)) {
            fputs(": run.max_tasks came first, too soon to tell how many would do", out);
        } else {
            fputs(": run.max_tasks came first; about ", out);
            put_tasks(out, most);
            fputs(" would do", out);
        }
        if (state == PRECISION_ENDED)
            fputs(rare_may_know(s, most) ? "; `queuescope rare` may know it with far fewer\n"
                                         : "\n",
                  out);
    }
}
