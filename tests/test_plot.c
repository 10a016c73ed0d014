/* From a result to the bytes of a picture, and from the picture back to the result. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/describe.h"
#include "../plots/figure.h"
#include "../plots/palette.h"
#include "../plots/plot.h"
#include "../sim/result/run.h"
#include "../sim/result/save.h"
#include "../sim/scenario/config.h"
#include "setting.h"

static const char small[] = "title: A small run\n"
                            "seed: 11\n"
                            "arrivals: {process: poisson, rate: 1/s}\n"
                            "tasks:\n"
                            "  size: {distribution: exponential, mean: 800ms}\n"
                            "consumers: {count: 1}\n"
                            "buffer: {capacity: 8}\n"
                            "sweep: {parameter: arrivals.rate, from: 0.5/s, to: 2/s, steps: 12}\n"
                            "run: {tasks: 2k, replications: 2}\n";

static struct result *run_text(const char *text, size_t length)
{
    static struct scenario s;
    struct errors errors = {0};
    struct places places = {0};
    param_defaults(&s);
    bool good = config_read("test.yaml", text, length, &s, &places, &errors) &&
                scenario_check(&s, &places, &errors);
    if (!good)
        print_error("%s\n", errors.text[0]);
    assert_true(good);
    places_free(&places);
    struct run_options options = {.engine = &events_engine, .jobs = 1};
    struct result *result = run_scenario(&s, &options);
    assert_non_null(result);
    return result;
}

static struct bytes picture(const struct result *result)
{
    struct errors errors = {0};
    struct bytes png;
    assert_true(plot_spectrogram(result, NULL, &png, &errors));
    assert_int_equal(errors.n, 0);
    return png;
}

/* The scenario in a picture makes the same picture, byte for byte. */
static void test_a_picture_can_be_made_again(void **state)
{
    (void)state;
    struct result *result = run_text(small, strlen(small));
    struct bytes first = picture(result);
    char *text = png_scenario("x.png", first.data, first.size);
    assert_non_null(text);
    char *own = config_text(&result->scenario);
    assert_string_equal(text, own);
    free(own);
    result_free(result);
    result = run_text(text, strlen(text));
    struct bytes second = picture(result);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    result_free(result);
    free(text);
    bytes_free(&first);
    bytes_free(&second);
}

static void assert_note(const struct bytes *png, const char *key, const char *wanted)
{
    char *text = png_note(png->data, png->size, key);
    assert_non_null(text);
    assert_string_equal(text, wanted);
    free(text);
}

static void test_a_picture_says_where_it_is_from(void **state)
{
    (void)state;
    struct result *result = run_text(small, strlen(small));
    struct bytes png = picture(result);
    assert_note(&png, "queuescope:seed", "11");
    assert_note(&png, "queuescope:version", queuescope_version);
    assert_note(&png, "queuescope:command", "run");
    assert_note(&png, "Title", "A small run");
    struct raster raster;
    assert_true(png_decode(png.data, png.size, &raster));
    assert_int_equal(raster.width, (int)result->scenario.picture.width);
    assert_int_equal(raster.height, (int)result->scenario.picture.height);
    raster_free(&raster);
    bytes_free(&png);
    result_free(result);
}

static void test_comparison(void **state)
{
    (void)state;
    struct result *a = run_text(small, strlen(small)), *b = run_text(small, strlen(small));
    const struct result *both[2] = {a, b};
    static const char *const titles[2] = {"one", "two"};
    struct errors errors = {0};
    struct bytes png;
    assert_true(plot_comparison(both, 2, titles, NULL, NULL, &png, &errors));
    assert_note(&png, "queuescope:command", "compare");
    char *second = png_note(png.data, png.size, "queuescope:scenario.2");
    assert_non_null(second);
    free(second);
    bytes_free(&png);

    /* Panels that cannot stand on one axis are refused, by name. */
    b->scenario.sweep.to = 3;
    assert_false(plot_comparison(both, 2, titles, NULL, NULL, &png, &errors));
    assert_int_equal(errors.n, 1);
    assert_non_null(strstr(errors.text[0], "'two'"));
    assert_false(plot_comparison(both, 0, titles, NULL, NULL, &png, &errors));
    result_free(a);
    result_free(b);
}

/* Without a sweep: one picture of a distribution; several side by side as columns. */
static void test_without_a_sweep(void **state)
{
    (void)state;
    static const char text[] = "arrivals: {process: poisson, rate: 1/s}\n"
                               "tasks:\n"
                               "  size: {distribution: exponential, mean: 800ms}\n"
                               "consumers: {count: 1}\n"
                               "run: {tasks: 5k, replications: 2}\n";
    struct result *a = run_text(text, strlen(text)), *b = run_text(text, strlen(text));
    struct bytes png = picture(a);
    bytes_free(&png);
    const struct result *both[2] = {a, b};
    static const char *const titles[2] = {"a title so long that nobody would put it under a column "
                                          "of a picture, were it not for the scenario's name",
                                          "and another one of the same kind, long and wordy"};
    struct errors errors = {0};
    assert_true(plot_comparison(both, 2, titles, "Two of a kind", NULL, &png, &errors));
    assert_note(&png, "Title", "Two of a kind");
    bytes_free(&png);
    result_free(a);
    result_free(b);
}

/* What panels are called. */
static void test_panels_are_told_apart_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text, *words;
    } cases[] = {{"consumers.count", "1", "1 consumer"},
                 {"consumers.count", "4", "4 consumers"},
                 {"buffer.capacity", "1", "1 waiting place"},
                 {"buffer.capacity", "20", "20 waiting places"},
                 {"buffer.capacity", "unbounded", "unbounded buffer"},
                 {"buffer.when_full", "drop-oldest", "when full: drop-oldest"},
                 {"tasks.size.mean", "20ms", "tasks.size.mean = 20ms"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct scenario s;
        setting_apply(&s, internf("arrivals.process=poisson; arrivals.rate=1; "
                                  "tasks.size.distribution=exponential; tasks.size.mean=1s; "
                                  "buffer.capacity=3; %s=%s",
                                  cases[i].path, cases[i].text));
        assert_string_equal(describe_varied(&s, cases[i].path, cases[i].text), cases[i].words);
    }
}

/* Panels of different lengths: the footer says from where to where. */
static void test_tasks_of_several_panels(void **state)
{
    (void)state;
    struct result *a = run_text(small, strlen(small));
    char *longer = strdup(small);
    *strchr(strstr(longer, "2k"), '2') = '5';
    struct result *b = run_text(longer, strlen(longer));
    const struct result *const both[2] = {a, b};
    assert_string_equal(describe_tasks(&both[0], 1),
                        "2000 tasks per column \xc3\x97 2 replications");
    assert_string_equal(describe_tasks(both, 2),
                        "about 2000 to 5000 tasks per column \xc3\x97 2 replications");
    result_free(a);
    result_free(b);
    free(longer);
}

/* What the scenario asks of its picture; a marginal stands beside one spectrogram only. */
static void test_objective_and_marginal(void **state)
{
    (void)state;
    const char *text = internf("%spicture: {objective: 1.5s, marginal: yes}\n", small);
    struct result *a = run_text(text, strlen(text));
    struct figure figure = figure_of(a, false);
    assert_true(figure.objective == 1.5 && figure.marginal);
    figure_free(&figure);
    const struct result *const both[2] = {a, a};
    static const char *const titles[2] = {"one", "two"};
    figure = figure_compare(both, 2, titles, NULL);
    assert_true(figure.objective == 1.5 && !figure.marginal);
    figure_free(&figure);
    result_free(a);
    a = run_text(small, strlen(small));
    figure = figure_of(a, false);
    assert_true(isnan(figure.objective) && !figure.marginal);
    figure_free(&figure);
    result_free(a);
}

static void test_letters_that_the_font_lacks(void **state)
{
    (void)state;
    assert_false(plot_lacks(""));
    assert_false(plot_lacks("Caf\xc3\xa9 \xce\xb1 \xe2\x89\xa4 2 \xc2\xb7 \xd0\x96"));
    assert_true(plot_lacks("\xe6\x97\xa5\xe6\x9c\xac"));
    assert_true(plot_lacks("a title and at its end \xe6\x97\xa5"));
}

/* magma, 1440 x 900, and not beyond what memory is promised to hold. */
static void test_defaults_and_limits(void **state)
{
    (void)state;
    static struct scenario s;
    struct errors errors = {0};
    param_defaults(&s);
    assert_string_equal(palette_names[(int)s.picture.palette], "magma");
    assert_true(s.picture.width == 1440 && s.picture.height == 900);
    assert_true(isnan(s.picture.objective) && s.picture.marginal == 0);
    assert_false(setting_try(&s, "picture.objective=0s", &errors));
    errors.n = 0;
    assert_false(setting_try(&s, "picture.width=5001", &errors));
    assert_non_null(strstr(errors.text[0], "picture.width: 5001 is out of range"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_picture_can_be_made_again),
        cmocka_unit_test(test_a_picture_says_where_it_is_from),
        cmocka_unit_test(test_comparison),
        cmocka_unit_test(test_without_a_sweep),
        cmocka_unit_test(test_panels_are_told_apart_in_words),
        cmocka_unit_test(test_tasks_of_several_panels),
        cmocka_unit_test(test_objective_and_marginal),
        cmocka_unit_test(test_letters_that_the_font_lacks),
        cmocka_unit_test(test_defaults_and_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
