/* Metrics as text (sim/metrics): lines, scrapes, restarts, what cannot be used. (The bounds that
 * buckets leave: test_bounds.c.) */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/rng.h"
#include "../sim/metrics/exposition.h"
#include "../sim/metrics/metrics.h"
#include "scene.h"

/* ---- lines ---- */

static struct exposition read_line(const char *text, bool good)
{
    static char line[512];
    struct exposition out;
    const char *why = NULL;
    snprintf(line, sizeof line, "%s", text);
    bool read = exposition_read(line, &out, &why);
    if (read != good)
        fail_msg("'%s': %s", text, why ? why : "was read");
    return out;
}

static void test_lines(void **state)
{
    (void)state;
    struct exposition e =
        read_line("a_bucket{path=\"a\\\"b\\\\c\\nd\",le=\"+Inf\"} 1.5e3 1700000000123", true);
    assert_int_equal(e.kind, EXPOSITION_SAMPLE);
    assert_string_equal(e.name, "a_bucket");
    assert_int_equal(e.labels, 2);
    assert_string_equal(e.label[0].value, "a\"b\\c\nd");
    assert_string_equal(e.label[1].value, "+Inf");
    assert_true(e.value == 1500);
    scene_near(e.time, 1700000000.123, 1e-6); /* milliseconds, by their size */
    e = read_line("a_bucket{le=\"1\"} 7 12.5 # {trace_id=\"x y\"} 0.67 1.5", true);
    assert_true(e.value == 7 && e.time == 12.5);
    e = read_line("{\"dots.in.name\", le=\"1\",} 7 # {a=\"b\"} 1", true);
    assert_string_equal(e.name, "dots.in.name");
    assert_true(e.value == 7 && isnan(e.time) && e.labels == 1);
    e = read_line("up NaN", true);
    assert_true(isnan(e.value) && e.labels == 0);
    e = read_line("  up  -Inf  ", true);
    assert_true(e.value < 0 && isinf(e.value));
    e = read_line("# TYPE a histogram", true);
    assert_int_equal(e.kind, EXPOSITION_TYPE);
    assert_string_equal(e.word, "histogram");
    assert_int_equal(read_line("# UNIT a seconds", true).kind, EXPOSITION_UNIT);
    assert_int_equal(read_line("# EOF", true).kind, EXPOSITION_EOF);
    assert_int_equal(read_line("# HELP a what it is", true).kind, EXPOSITION_NOTHING);
    assert_int_equal(read_line("", true).kind, EXPOSITION_NOTHING);
    static const char *const bad[] = {"a{le=\"1\" 5",  "a{le=1} 5",  "a",    "a x",
                                      "a 0x10",        "a 1 2 3",    "1a 1", "a{le=\"1} 5",
                                      "a {count:1} 5", "a,b 1",      "{} 1", "a nan1",
                                      "a 1 tomorrow",  "a{\"x\"} 1", "a 1e", NULL};
    for (int i = 0; bad[i]; i++)
        read_line(bad[i], false);
}

/* ---- histograms ---- */

static bool choose_of(const char *const *texts, const struct metrics_choice *choice,
                      struct scraped *out, struct errors *errors)
{
    struct metrics *m = metrics_new();
    for (int i = 0; texts[i]; i++)
        metrics_read_text(m, internf("f%d", i), texts[i], strlen(texts[i]));
    bool good = metrics_choose(m, choice, (struct place){"f0", 0, 0}, out, errors);
    metrics_free(m);
    return good;
}

static struct scraped scrape(const char *const *texts, const char *metric)
{
    struct scraped out;
    struct errors errors = {0};
    if (!choose_of(texts, &(struct metrics_choice){.metric = metric}, &out, &errors))
        fail_msg("%s", errors.text[0]);
    return out;
}

static struct scraped scrape_one(const char *text)
{
    return scrape((const char *const[]){text, NULL}, NULL);
}

static void assert_bins(const struct bins *bins, const double (*bin)[3], size_t n)
{
    assert_int_equal(bins->n, n);
    for (size_t i = 0; i < n; i++) {
        scene_near(bins->bin[i].low, bin[i][0], 1e-9);
        if (isinf(bin[i][1]))
            assert_true(isinf(bins->bin[i].high));
        else
            scene_near(bins->bin[i].high, bin[i][1], 1e-9);
        scene_near(bins->bin[i].count, bin[i][2], 1e-9);
    }
}

static void test_series_add_up(void **state)
{
    (void)state;
    static const char text[] = "# TYPE a_milliseconds histogram\n"
                               "a_milliseconds_bucket{x=\"1\",le=\"+Inf\"} 9\n"
                               "a_milliseconds_bucket{le=\"100\",x=\"1\"} 4\n"
                               "a_milliseconds_bucket{x=\"1\",le=\"200\"} 7\n"
                               "a_milliseconds_sum{x=\"1\"} 1500\n"
                               "a_milliseconds_bucket{x=\"2\",le=\"100\"} 1\n"
                               "a_milliseconds_bucket{x=\"2\",le=\"200.0\"} 1\n"
                               "a_milliseconds_count{x=\"2\"} 1\n" /* no +Inf */
                               "a_milliseconds_sum{x=\"2\"} 50\n";
    struct scraped s = scrape_one(text);
    assert_bins(&s.bins, (const double[][3]){{0, 0.1, 5}, {0.1, 0.2, 3}, {0.2, INFINITY, 2}}, 3);
    scene_near(s.bins.sum, 1.55, 1e-12);
    assert_true(s.series == 2 && s.bad == 0 && isnan(s.rate));
    scraped_free(&s);
    s = scrape((const char *const[]){text, NULL}, "a_milliseconds{x=\"2\"}");
    assert_bins(&s.bins, (const double[][3]){{0, 0.1, 1}}, 1);
    scraped_free(&s);
}

/* 100 values a scrape and minute, two thirds of them up to 1; the process is started again behind
 * scrape `restart`. `timed`: one file; else a file for each scrape. */
static void write_scrapes(int scrapes, int restart, const char **texts, bool timed)
{
    const char *all = "";
    int base = 1000;
    for (int i = 0; i < scrapes; i++) {
        base = i > 0 && i == restart ? 0 : base + 75;
        int n = i == restart && i > 0 ? 75 : base;
        base = n;
        const char *when = timed ? internf(" %d", 1700000000 + 60 * i) : "";
        texts[i] = internf("a_bucket{le=\"1\"} %d%s\na_bucket{le=\"+Inf\"} %d%s\na_sum %d%s\n"
                           "a_count %d%s\n",
                           n / 3 * 2, when, n, when, n, when, n, when);
        all = internf("%s%s", all, texts[i]);
    }
    texts[scrapes] = NULL;
    if (timed) {
        texts[0] = internf("%s# EOF\n", all);
        texts[1] = NULL;
    }
}

static void test_restarts_leave_rates_alone(void **state)
{
    (void)state;
    const char *texts[12];
    double first = 0;
    for (int restart = 0; restart < 8; restart++) {
        write_scrapes(8, restart, texts, true);
        struct scraped s = scrape(texts, NULL);
        assert_int_equal(s.resets, restart > 0);
        assert_int_equal(s.scrapes, 8);
        scene_near(s.rate, 75 / 60.0, 1e-12);
        scene_near(s.bins.total, 7 * 75, 0);
        scene_near(s.bins.sum, 7 * 75, 1e-9);
        scene_near(s.bins.bin[0].count, 7 * 50, 1);
        scene_near(s.span, 420, 1e-6);
        first = restart == 0 ? s.bins.total : first;
        scraped_free(&s);
        /* The same without times, as files. */
        write_scrapes(8, restart, texts, false);
        s = scrape(texts, NULL);
        scene_near(s.bins.total, first, 0);
        assert_true(isnan(s.rate));
        scraped_free(&s);
    }
}

/* A bucket that grows past its old count tells nothing by itself: another one fell. */
static void test_a_restart_is_one_of_all_buckets(void **state)
{
    (void)state;
    const char *texts[] = {"a_bucket{le=\"1\"} 5\na_bucket{le=\"+Inf\"} 100\n",
                           "a_bucket{le=\"1\"} 8\na_bucket{le=\"+Inf\"} 20\n", NULL};
    struct scraped s = scrape(texts, NULL);
    assert_bins(&s.bins, (const double[][3]){{0, 1, 8}, {1, INFINITY, 12}}, 2);
    scraped_free(&s);
}

static void test_only_what_is_known_counts(void **state)
{
    (void)state;
    /* The second series is only in the last scrape: how much of it is older is not known. */
    const char *texts[] = {"a_bucket{x=\"1\",le=\"+Inf\"} 5\na_bucket{x=\"1\",le=\"1\"} 5\n",
                           "a_bucket{x=\"1\",le=\"+Inf\"} 9\na_bucket{x=\"1\",le=\"1\"} 7\n"
                           "a_bucket{x=\"2\",le=\"+Inf\"} 900\na_bucket{x=\"2\",le=\"1\"} 900\n",
                           NULL};
    struct scraped s = scrape(texts, NULL);
    scene_near(s.bins.total, 4, 0);
    assert_int_equal(s.single, 1);
    assert_non_null(strstr(s.notes[0], "one scrape only"));
    scraped_free(&s);
    /* Other buckets: merged where all have bounds. */
    s = scrape_one("a_bucket{x=\"1\",le=\"1\"} 1\na_bucket{x=\"1\",le=\"2\"} 3\n"
                   "a_bucket{x=\"1\",le=\"+Inf\"} 3\na_bucket{x=\"2\",le=\"2\"} 4\n"
                   "a_bucket{x=\"2\",le=\"5\"} 4\na_bucket{x=\"2\",le=\"+Inf\"} 5\n");
    assert_bins(&s.bins, (const double[][3]){{0, 2, 7}, {2, INFINITY, 1}}, 2);
    assert_int_equal(s.layouts, 2);
    scraped_free(&s);
    /* One scrape with the time since when it counts. */
    s = scrape_one("a_bucket{le=\"1\"} 30 130\na_bucket{le=\"+Inf\"} 60 130\n"
                   "a_created 100 130\n");
    scene_near(s.rate, 2, 1e-12);
    scraped_free(&s);
}

static void test_what_cannot_be_used_is_named(void **state)
{
    (void)state;
    struct scraped s = scrape_one("a_bucket{x=\"1\",le=\"1\"} 1\na_bucket{x=\"1\",le=\"+Inf\"} 3\n"
                                  "a_bucket{x=\"2\",le=\"1\"} 4\na_bucket{x=\"2\",le=\"+Inf\"} 3\n"
                                  "a_bucket{x=\"3\",le=\"1\"} 4\n"
                                  "rubbish\n"
                                  "a_bucket{x=\"4\",le=\"1\"} NaN\n"
                                  "a_sum{x=\"1\"} NaN\n");
    scene_near(s.bins.total, 3, 0);
    assert_true(isnan(s.bins.sum));
    assert_int_equal(s.bad, 4);
    assert_string_equal(s.first_bad[0], "f0:6: its value is no number");
    assert_string_equal(s.first_bad[1], "f0:7: its value is not finite");
    assert_non_null(strstr(s.first_bad[2], "f0:3: a{x=\"2\"} has buckets that are not cumulative"));
    assert_non_null(strstr(s.first_bad[3], "f0:5: a{x=\"3\"} has neither a bucket +Inf"));
    assert_int_equal(s.left_out, 2);
    scraped_free(&s);
    /* A line that stands twice is no second scrape. */
    s = scrape_one("a_bucket{le=\"1\"} 3\na_bucket{le=\"1\"} 3\na_bucket{le=\"+Inf\"} 5\n");
    assert_true(s.bins.total == 5 && s.bad == 1 && s.scrapes == 1);
    scraped_free(&s);
    /* A sum that the buckets contradict is no sum. */
    s = scrape_one("a_bucket{le=\"1\"} 3\na_bucket{le=\"+Inf\"} 3\na_sum 4\n");
    assert_true(isnan(s.bins.sum));
    assert_non_null(strstr(s.notes[0], "_sum contradicts"));
    scraped_free(&s);
}

static void test_refused_by_name(void **state)
{
    (void)state;
    static const char text[] = "# TYPE s summary\ns{quantile=\"0.5\"} 1\ns_count 4\n"
                               "# TYPE g gaugehistogram\ng_bucket{le=\"+Inf\"} 4\n"
                               "# TYPE b_bytes histogram\nb_bytes_bucket{le=\"+Inf\"} 4\n"
                               "# TYPE c histogram\nc_bucket{k=\"v\",le=\"+Inf\"} 4\n"
                               "# TYPE e histogram\ne_bucket{le=\"1\"} 0\ne_bucket{le=\"+Inf\"} 0\n"
                               "up 1\n";
    static const struct {
        const char *metric, *word;
    } cases[] = {{"s", "is a summary"},
                 {"g", "is a gauge histogram"},
                 {"b_bytes", "is in bytes"},
                 {"b_byte", "did you mean 'b_bytes'?"},
                 {"e", "counts nothing"},
                 {"c{k=\"w\"}", "no series of 'c' has k=\"w\"; there is, for one, c{k=\"v\"}"},
                 {"c{k=}", "NAME{label="},
                 {NULL, "holds 3 histograms: choose one: b_bytes, c, e"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scraped out;
        struct errors errors = {0};
        const struct metrics_choice choice = {.metric = cases[i].metric};
        assert_false(choose_of((const char *const[]){text, NULL}, &choice, &out, &errors));
        if (!strstr(errors.text[0], cases[i].word))
            fail_msg("%s", errors.text[0]);
    }
    struct scraped out;
    struct errors errors = {0};
    const struct metrics_choice choice = {"b_bytes", NULL, 0, 1e-6};
    assert_true(choose_of((const char *const[]){text, NULL}, &choice, &out, &errors));
    scraped_free(&out);
}

/* By its name, wherever the word stands in it, or by UNIT; what nothing says is a guess. */
static void test_units(void **state)
{
    (void)state;
    static const struct {
        const char *name, *unit;
        double seconds;
        bool guessed;
    } cases[] = {{"job_seconds", NULL, 1, false},
                 {"job_duration_ms", NULL, 1e-3, false},
                 {"job_ms_hist", NULL, 1e-3, false},
                 {"job_duration_msec", NULL, 1e-3, false},
                 {"job_usecs", NULL, 1e-6, false},
                 {"job_duration", NULL, 1, true},
                 {"items", NULL, 1, true},
                 {"teams_duration", NULL, 1, true},
                 {"job_ms", "seconds", 1, false},
                 {"job", "milliseconds", 1e-3, false},
                 {"job_ratio_seconds", NULL, 1, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *name = cases[i].name;
        const char *unit = cases[i].unit ? internf("# UNIT %s %s\n", name, cases[i].unit) : "";
        struct scraped s = scrape_one(
            internf("# TYPE %s histogram\n%s%s_bucket{le=\"5\"} 3\n%s_bucket{le=\"500\"} 9\n"
                    "%s_bucket{le=\"+Inf\"} 9\n",
                    name, unit, name, name, name));
        if (s.bins.bin[0].high != 5 * cases[i].seconds || s.unit_guessed != cases[i].guessed)
            fail_msg("%s: the first bound is %g s%s", name, s.bins.bin[0].high,
                     s.unit_guessed ? ", a guess" : "");
        scraped_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_series_add_up),
        cmocka_unit_test(test_restarts_leave_rates_alone),
        cmocka_unit_test(test_a_restart_is_one_of_all_buckets),
        cmocka_unit_test(test_only_what_is_known_counts),
        cmocka_unit_test(test_what_cannot_be_used_is_named),
        cmocka_unit_test(test_refused_by_name),
        cmocka_unit_test(test_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
