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
        assert_true(event_first(e, CALENDAR_NEVER) == e);
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
            assert_true(event_first(in_order[i], in_order[j]) == in_order[i < j ? i : j]);
    }
}

/* A mix of operations beside a plain array, in which the next is looked for one by one. */
static void it_agrees_with_a_plain_array(void **state)
{
    (void)state;
    gsl_rng *r = gsl_rng_alloc(gsl_rng_mt19937);
    enum { MOST = 700 };
    for (unsigned long round = 0; round < 60; round++) {
        gsl_rng_set(r, round + 1);
        const size_t indices = round < 20 ? round + 1 : 1 + gsl_rng_uniform_int(r, MOST);
        struct calendar calendar;
        calendar_init(&calendar, indices);
        event model[MOST];
        for (size_t i = 0; i < indices; i++)
            model[i] = CALENDAR_NEVER;
        assert_true(calendar_top(&calendar) == CALENDAR_NEVER);
        for (uint64_t sequence = 0; sequence < 2000; sequence++) {
            /* few distinct times: many ties; a wave of growing and shrinking */
            size_t i = gsl_rng_uniform_int(r, indices);
            double time = (double)gsl_rng_uniform_int(r, round % 2 ? 4 : 100000);
            event top;
            if (gsl_rng_uniform(r) < (sequence % 1400 < 700 ? 0.7 : 0.2)) {
                model[i] = event_make(time, gsl_rng_uniform_int(r, 2), sequence, i);
                top = calendar_set(&calendar, model[i]);
            } else {
                model[i] = CALENDAR_NEVER;
                top = calendar_clear(&calendar, i);
            }
            event first = CALENDAR_NEVER;
            for (size_t k = 0; k < indices; k++)
                first = model[k] < first ? model[k] : first;
            assert_true(top == first && calendar_top(&calendar) == first);
            assert_true(calendar_get(&calendar, i) == model[i]);
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
    calendar_init(&calendar, MILLION);
    for (uint64_t i = 0; i < MILLION; i++)
        calendar_set(&calendar, event_make(gsl_rng_uniform(r), 0, i, i));
    event last = 0;
    for (uint64_t i = 0; i < MILLION; i++) {
        event top = calendar_top(&calendar);
        assert_true(last < top);
        last = top;
        calendar_clear(&calendar, event_index(top));
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
        cmocka_unit_test(it_agrees_with_a_plain_array),
        cmocka_unit_test(it_sorts_a_million),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
