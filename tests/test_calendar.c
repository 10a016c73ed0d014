/* sim/engine/calendar.h: events come out in order of time, kind and sequence, whatever was put in
 * when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../sim/base/err.h"
#include "../sim/engine/calendar.h"

static void an_event_says_what_it_is(void **state)
{
    (void)state;
    const double times[] = {0, 0x1p-1074, 1, 1e300};
    const uint64_t last = ((uint64_t)1 << EVENT_SEQUENCE_BITS) - 1;
    for (int i = 0; i < 4; i++) {
        event e = event_make(times[i], 1, last, (1 << EVENT_INDEX_BITS) - 1);
        assert_true(event_time(e) == times[i]);
        assert_int_equal(event_kind(e), 1);
        assert_int_equal(event_index(e), (1 << EVENT_INDEX_BITS) - 1);
        assert_true(e < CALENDAR_NEVER);
        assert_int_equal(event_before(e, CALENDAR_NEVER), 1);
    }
}

static void order_is_time_then_kind_then_sequence(void **state)
{
    (void)state;
    const event in_order[] = {event_make(0, 3, 9, 0),   event_make(1, 0, 2, 7),
                              event_make(1, 0, 3, 0),   event_make(1, 1, 0, 0),
                              event_make(1, 1, 1, 0),   event_make(nextafter(1, 2), 0, 0, 0),
                              event_make(1e9, 0, 0, 0), event_make(INFINITY, 0, 0, 0)};
    for (int i = 0; i < 8; i++) {
        for (int j = 0; j < 8; j++)
            assert_int_equal(event_before(in_order[i], in_order[j]), i < j);
    }
}

static int by_event(const void *a, const void *b)
{
    event x = *(const event *)a, y = *(const event *)b;
    return (x > y) - (x < y);
}

/* A mix of operations beside a plain array, in which the next is looked for one by one. */
static void it_agrees_with_a_sorted_array(void **state)
{
    (void)state;
    gsl_rng *r = gsl_rng_alloc(gsl_rng_mt19937);
    enum { MOST = 700 };
    for (unsigned long round = 0; round < 60; round++) {
        gsl_rng_set(r, round + 1);
        struct calendar calendar;
        calendar_init(&calendar);
        event model[MOST];
        size_t n = 0;
        double now = 0;
        assert_true(calendar_top(&calendar) == CALENDAR_NEVER);
        for (uint64_t sequence = 0; sequence < 3000; sequence++) {
            /* few distinct times: many ties; a wave of growing and shrinking */
            double time = now + (double)gsl_rng_uniform_int(r, round % 2 ? 4 : 100000);
            event e = event_make(time, gsl_rng_uniform_int(r, 2), sequence, sequence % 1000);
            double growth = sequence % 1400 < 700 ? 0.7 : 0.2, u = gsl_rng_uniform(r);
            event top = calendar_top(&calendar);
            if (n < MOST && (n == 0 || u < growth)) {
                calendar_push(&calendar, e);
                model[n++] = e;
            } else if (u < growth + 0.1) {
                now = event_time(top);
                top = calendar_replace(&calendar, event_make(time, 0, sequence, 0));
                model[0] = event_make(time, 0, sequence, 0);
                assert_true(top == calendar_top(&calendar));
            } else {
                now = event_time(top);
                top = calendar_pop(&calendar);
                model[0] = model[--n];
                assert_true(top == calendar_top(&calendar));
            }
            qsort(model, n, sizeof *model, by_event);
            assert_int_equal(calendar.n, n);
            assert_true(calendar_top(&calendar) == (n ? model[0] : CALENDAR_NEVER));
        }
        calendar_free(&calendar);
    }
    gsl_rng_free(r);
}

static void it_sorts_a_million(void **state)
{
    (void)state;
    enum { MILLION = 1000000 };
    gsl_rng *r = gsl_rng_alloc(gsl_rng_mt19937);
    struct calendar calendar;
    calendar_init(&calendar);
    for (uint64_t i = 0; i < MILLION; i++)
        calendar_push(&calendar, event_make(gsl_rng_uniform(r), 0, i, 0));
    event last = 0;
    for (uint64_t i = 0; i < MILLION; i++) {
        assert_true(last < calendar_top(&calendar));
        last = calendar_top(&calendar);
        calendar_pop(&calendar);
    }
    assert_true(calendar_top(&calendar) == CALENDAR_NEVER);
    calendar_free(&calendar);
    gsl_rng_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_says_what_it_is),
        cmocka_unit_test(order_is_time_then_kind_then_sequence),
        cmocka_unit_test(it_agrees_with_a_sorted_array),
        cmocka_unit_test(it_sorts_a_million),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
