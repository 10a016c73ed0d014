/* Results of networks by place, of trials made by hand: what the rows of stages, `all` and `client`
 * say, and what files and objectives make of them. (Their audit: test_places_audit.c.) */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/answer/objective.h"
#include "../sim/result/difference.h"
#include "../sim/result/save.h"
#include "../sim/result/trial_bytes.h"
#include "handmade.h"
#include "scene.h"

static double mean_of(double factor)
{
    double sum = 0;
    for (uint32_t r = 0; r < REPLICATIONS; r++)
        for (uint32_t i = 0; i < REQUESTS; i++)
            sum += factor * handmade_luck(r, i);
    return sum / REPLICATIONS / REQUESTS;
}

static void rows_of_places_are_their_own(void **state)
{
    (void)state;
    struct scenario *s = scene_text(handmade_text, "");
    struct result *result = handmade_result(s);
    static const char *const names[PLACES] = {"web", "db", "all", "client"};
    const double latency[PLACES] = {2, 1.25, 3, 2.5}, wait[PLACES] = {0.5, 0.25, 0.75, 0.75};
    const double utilization[PLACES] = {1.5 / 4, 1.0 / 2, 2.5 / 6, NAN};
    for (uint32_t place = 0; place < PLACES; place++) {
        const struct row *row = result_place_row(result, 0, place, CLASSES);
        double near = place == ALL ? 0.01 : 1e-9; /* `all` has lost some */
        assert_string_equal(result_place_name(result, place), names[place]);
        scene_near(row->latency_mean, mean_of(latency[place]), near);
        scene_near(row->wait_mean, mean_of(wait[place]), near);
        assert_int_equal(row->offered, row->completed + row->lost + row->unfinished);
        assert_int_equal(row->offered, REPLICATIONS * REQUESTS);
        assert_true(row->latency_low[0] < row->latency_q[0]);
        double work = row->duration > 0 ? mean_of(1) * REPLICATIONS * REQUESTS / row->duration : 0;
        if (place < CLIENT)
            scene_near(row->utilization, utilization[place] * work, 1e-9);
        assert_int_equal(isnan(row->utilization), place == CLIENT);
    }
    assert_ptr_equal(result_row(result, 0, CLASSES), result_place_row(result, 0, ALL, CLASSES));
    const struct row *all = result_row(result, 0, CLASSES);
    assert_int_equal(all->lost_by[LOSS_FAILED], all->lost);
    assert_int_equal(all->lost, REPLICATIONS * REQUESTS / 100);
    assert_int_equal(result_bottleneck(result, 0), DB);
    result_free(result);
    free(s);
}

static void networks_have_more_columns(void **state)
{
    (void)state;
    struct scenario *s = scene_text(handmade_text, "");
    struct result *result = handmade_result(s);
    const struct row *web = result_place_row(result, 0, WEB, CLASSES),
                     *db = result_place_row(result, 0, DB, CLASSES);
    scene_near(web->held_fraction, web->utilization * 2 / 3, 1e-9);
    scene_near(db->held_fraction, 0, 0);
    scene_near(web->arrival_cv2, 1, 1e-9);
    scene_near(web->departure_cv2, 0.5, 1e-9);
    assert_true(web->departure_cv2_ci95 >= 0 && web->departure_cv2_ci95 < 0.1);
    size_t size;
    char *columns = save_columns_text(result, &size);
    assert_non_null(strstr(columns, "latency_p9999_high95,held_fraction,"));
    assert_non_null(strstr(columns, ",arrival_cv2,arrival_cv2_ci95,departure_cv2,"
                                    "departure_cv2_ci95,"));
    assert_non_null(strstr(columns, ",lost_failed,lost_withdrawn,"));
    assert_non_null(strstr(columns, ",lost_dead_letter\nweb,gold,"));
    const char *const rows[] = {"\nweb,rest,", "\nweb,all,", "\ndb,gold,",     "\ndb,all,",
                                "\nall,gold,", "\nall,all,", "\nclient,gold,", "\nclient,all,"};
    const char *at = columns;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++, at++) {
        at = strstr(at, rows[i]); /* in this order */
        assert_non_null(at);
    }
    free(columns);
    char *histograms = save_histograms_text(result, &size);
    assert_non_null(strstr(histograms, "\nlatency,db,gold,,"));
    assert_non_null(strstr(histograms, "\nwait,client,all,,"));
    free(histograms);
    char *summary = save_summary_text(result);
    assert_non_null(strstr(summary, "\"stage\": \"client\""));
    assert_non_null(strstr(summary, "\"held_fraction\""));
    free(summary);
    result_free(result);
    free(s);
}

static void classes_add_up(void **state)
{
    (void)state;
    struct scenario *s = scene_text(handmade_text, "");
    struct result *result = handmade_result(s);
    for (uint32_t place = 0; place < CLIENT; place++) {
        const struct row *gold = result_place_row(result, 0, place, GOLD),
                         *rest = result_place_row(result, 0, place, REST),
                         *all = result_place_row(result, 0, place, CLASSES);
        assert_true(gold->throughput > 0 && rest->throughput > 2 * gold->throughput);
        if (place < ALL) { /* all of it lies in the window */
            scene_near(gold->throughput + rest->throughput, all->throughput, 1e-9);
            scene_near(gold->utilization + rest->utilization, all->utilization, 1e-9);
            scene_near(gold->queue_mean + rest->queue_mean, all->queue_mean, 1e-9);
            scene_near(gold->in_system_mean + rest->in_system_mean, all->in_system_mean, 1e-9);
        }
    }
    struct histogram parts = {0}, whole = {0};
    result_place_histogram(result, 0, DB, GOLD, MEASURE_WAIT, &parts);
    result_place_histogram(result, 0, DB, REST, MEASURE_WAIT, &parts);
    result_place_histogram(result, 0, DB, CLASSES, MEASURE_WAIT, &whole);
    assert_int_equal(histogram_total(&parts), histogram_total(&whole));
    assert_true(histogram_quantile(&parts, 0.5, 0, 1) == histogram_quantile(&whole, 0.5, 0, 1));
    histogram_free(&parts);
    histogram_free(&whole);
    result_free(result);
    free(s);
}

static struct objective parsed(const struct scenario *s, const char *what)
{
    struct objective out;
    struct errors *errors = xcalloc(1, sizeof *errors);
    if (!objective_parse(s, what, (struct place){"x", 1, 1}, &out, errors))
        fail_msg("%s: %s", what, errors->text[0]);
    free(errors);
    return out;
}

static void refused(const struct scenario *s, const char *what, const char *why)
{
    struct objective out;
    struct errors *errors = xcalloc(1, sizeof *errors);
    assert_false(objective_parse(s, what, (struct place){"x", 1, 1}, &out, errors));
    if (!strstr(errors->text[0], why))
        fail_msg("'%s' is not in: %s", why, errors->text[0]);
    free(errors);
}

static void objectives_name_a_stage(void **state)
{
    (void)state;
    struct scenario *s = scene_text(handmade_text, "");
    struct result *result = handmade_result(s);
    const struct {
        const char *text;
        uint32_t place, class;
    } known[] = {{"db.p99 <= 1s", DB, CLASSES},         {"all.p99 <= 1s", ALL, CLASSES},
                 {"p99 <= 1s", ALL, CLASSES},           {"db.gold.p99 <= 1s", DB, GOLD},
                 {"client.p99 <= 1s", CLIENT, CLASSES}, {"gold.p99 <= 1s", ALL, GOLD},
                 {"all.rest.p99 <= 1s", ALL, REST},     {"web.all.p99 <= 1s", WEB, CLASSES}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct objective o = parsed(s, known[i].text);
        struct estimate e = estimate_of(result, 0, &o.figure, 0.05);
        const struct row *row = result_place_row(result, 0, known[i].place, known[i].class);
        assert_true(row->latency_q[2] > 0 && e.value == row->latency_q[2]);
    }
    struct objective loss = parsed(s, "all.loss <= 1.1%");
    assert_true(estimate_of(result, 0, &loss.figure, 0.05).value ==
                result_row(result, 0, CLASSES)->loss_fraction);
    struct objective busy = parsed(s, "db.utilization <= 90%");
    assert_string_equal(busy.text, "db.utilization <= 0.9");
    scene_near(estimate_of(result, 0, &busy.figure, 0.05).value,
               result_place_row(result, 0, DB, CLASSES)->utilization, 1e-12);
    refused(s, "dbb.p99 <= 1s", "unknown stage or class 'dbb' (did you mean 'db'?)");
    refused(s, "db.gild.p99 <= 1s", "unknown class 'gild' (did you mean 'gold'?)");
    refused(s, "client.utilization <= 50%", "not of what clients see");
    refused(s, "main.p99 <= 1s", "unknown stage or class 'main'");
    result_free(result);
    free(s);
}

static void differences_are_by_place(void **state)
{
    (void)state;
    struct scenario *s = scene_text(handmade_text, "");
    struct result *a = handmade_result(s), *b = handmade_result(s);
    const struct result *const panels[] = {a, b};
    const char *const titles[] = {"one", "two"};
    size_t size;
    char *text_of = save_differences_text(panels, 2, titles, &size);
    assert_non_null(strstr(text_of, "\ntwo,one,db,gold,,,latency_p99,0,"));
    assert_non_null(strstr(text_of, "\ntwo,one,client,all,,,latency_mean,0,"));
    free(text_of);
    struct difference d[QUANTITIES];
    differences_at(a, b, 0, WEB, DB, ALL_CLASSES, d);
    scene_near(d[QUANTITY_LATENCY_MEAN].value, -mean_of(0.75), 1e-9);
    assert_int_equal(difference_claim(&d[QUANTITY_LATENCY_MEAN], QUANTITY_LATENCY_MEAN, 0.95),
                     CLAIM_BETTER);
    result_free(a);
    result_free(b);
    free(s);
}

static void trials_come_back_from_bytes(void **state)
{
    (void)state;
    struct scenario *s = scene_text(handmade_text, "");
    struct trial *trial = handmade_trial(s, 3);
    trial->notes = NOTE_DEADLOCK;
    trial->deadlock = (struct deadlock){2, {WEB, DB}, {WAITS_FOR_PLACE}};
    trial_pack(trial);
    struct bytes b = {0};
    trial_put(&b, trial);
    struct bytes in = {b.data, 0, b.n};
    struct trial *back = trial_take(&in, s);
    assert_non_null(back);
    assert_memory_equal(back->windows, trial->windows, PLACES * sizeof *trial->windows);
    assert_memory_equal(back->ends, trial->ends, PLACES * sizeof *trial->ends);
    assert_int_equal(back->deadlock.place[1], DB);
    for (uint32_t place = 0; place < PLACES; place++)
        assert_true(trial_cell(back, 0, 0, place, GOLD)->latency_sum ==
                    trial_cell(trial, 0, 0, place, GOLD)->latency_sum);
    trial_free(back);
    in = (struct bytes){b.data, 0, b.n - 1};
    assert_null(trial_take(&in, s));
    free(b.data);
    trial_free(trial);
    free(s);
}

static void a_deadlock_names_its_stages(void **state)
{
    (void)state;
    struct scenario *s = scene_text(handmade_text, "");
    struct result *result = result_new(s, &events_engine);
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        struct trial *trial = handmade_trial(s, r);
        if (r == 5) {
            trial->notes |= NOTE_DEADLOCK;
            trial->deadlock = (struct deadlock){2, {WEB, DB}, {WAITS_FOR_PLACE}};
        }
        result_add(result, trial);
        trial_free(trial);
    }
    result_finish(result);
    char *warnings = result_warnings(result);
    assert_non_null(
        strstr(warnings, "deadlock: web waits for a place at db, db for a place at web;"));
    free(warnings);
    assert_true(result_row(result, 0, CLASSES)->notes & NOTE_DEADLOCK);
    result_free(result);
    free(s);
}

/* The slowest stage decides: all of it is as stable as the worst. */
static void the_worst_stage_decides(void **state)
{
    (void)state;
    struct scenario *s = scene_text(handmade_text, "");
    struct result *result = result_new(s, &events_engine);
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        struct trial *trial = handmade_trial(s, r);
        trial->windows[WEB].backlog_last = 60 + r; /* of 400 tasks */
        result_add(result, trial);
        trial_free(trial);
    }
    result_finish(result);
    assert_int_equal(result_place_row(result, 0, WEB, CLASSES)->stable, STABLE_NO);
    assert_int_equal(result_place_row(result, 0, DB, CLASSES)->stable, STABLE_YES);
    assert_int_equal(result_row(result, 0, CLASSES)->stable, STABLE_NO);
    assert_int_equal(result_place_row(result, 0, CLIENT, CLASSES)->stable, STABLE_NO);
    assert_true(result_place_row(result, 0, DB, CLASSES)->latency_mean_ci95 > 0);
    assert_true(isnan(result_row(result, 0, CLASSES)->latency_mean_ci95));
    char *warnings = result_warnings(result);
    assert_non_null(strstr(warnings, "unstable at web (which waits for db): "));
    free(warnings);
    result_free(result);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_places_are_their_own),
        cmocka_unit_test(networks_have_more_columns),
        cmocka_unit_test(classes_add_up),
        cmocka_unit_test(objectives_name_a_stage),
        cmocka_unit_test(differences_are_by_place),
        cmocka_unit_test(trials_come_back_from_bytes),
        cmocka_unit_test(a_deadlock_names_its_stages),
        cmocka_unit_test(the_worst_stage_decides),
    };
    return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}
