/* Asked of every row there is, whatever model brought it: a new one is covered when it is listed.
 */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/places.h"
#include "../sim/scenario/balancer.h"
#include "../sim/scenario/config.h"
#include "../sim/scenario/discipline.h"
#include "../sim/scenario/distribution.h"
#include "../sim/scenario/policy.h"
#include "../sim/scenario/process.h"

static const struct place here = {"test", 0, 0};

/* Every leaf's path, with the models that lead there: "process=mmpp". A walk of its own, beside
 * param_each, since it sets what it passes. */
typedef void row_test(struct scenario *s, const char *path, const struct param *row);

static int rows_seen;

static void must_set(struct scenario *s, const char *path, const char *text)
{
    static struct errors errors;
    errors.n = 0;
    if (!param_set(s, path, text, here, &errors))
        fail_msg("%s=%s: %s", path, text, errors.text[0]);
}

/* The table that a row is in. */
static const struct param *table;

static bool is_bare(const char *name)
{
    for (const struct param *row = table; row->name; row++)
        if (strcmp(row->name, name) == 0 && row->flags & PARAM_BARE)
            return true;
    return false;
}

static void walk(const struct scenario *start, const struct param *rows, const char *path,
                 row_test *test);

/* A list that is written as a mapping from names: of its element `w`. */
static void walk_named(const struct scenario *start, const struct param *row, const char *path,
                       row_test *test)
{
    struct scenario *s = xmalloc(sizeof *s);
    struct errors none = {0};
    *s = *start;
    const char *inside = internf("%s.w", path), *text = internf("%s: {w: {}}", path);
    if (!(row->flags & PARAM_OPEN)) {
        struct places places = {0};
        param_defaults(s);
        assert_true(config_read("w", text, strlen(text), s, &places, &none));
        places_free(&places);
    }
    if (row->rows)
        walk(s, row->rows, inside, test);
    else
        test(s, inside, row);
    free(s);
}

static void walk(const struct scenario *start, const struct param *rows, const char *path,
                 row_test *test)
{
    for (const struct param *row = rows; row && row->name; row++) {
        bool bare = row->flags & PARAM_BARE, named = row->flags & PARAM_NAMED;
        const char *inside = bare ? path : *path ? internf("%s.%s", path, row->name) : row->name;
        struct scenario *s = xmalloc(sizeof *s);
        *s = *start;
        rows_seen++;
        table = rows;
        if (!named && !(bare && (row->kind == PARAM_TEXT || row->kind == PARAM_CHOICE)))
            test(s, inside, row);
        *s = *start;
        if (named) {
            walk_named(s, row, inside, test);
            free(s);
            continue;
        }
        if (row->kind == PARAM_GROUP)
            walk(s, row->rows, inside, test);
        if (row->map)
            walk(s, row->map, inside, test);
        *s = *start;
        if (row->kind == PARAM_LIST && row->rows) {
            assert_true(param_extend(s, inside, here, NULL));
            walk(s, row->rows, internf("%s.0", inside), test);
        }
        for (const struct model *const *m = row->family ? row->family->models : NULL; m && *m;
             m++) {
            *s = *start;
            must_set(s, inside, (*m)->name);
            walk(s, (*m)->rows, path, test);
        }
        free(s);
    }
}

static void walk_all(row_test *test)
{
    struct scenario s;
    param_defaults(&s);
    rows_seen = 0;
    walk(&s, scenario_rows, "", test);
    assert_true(rows_seen > 150);
}

static void describes_itself(struct scenario *s, const char *path, const struct param *row)
{
    (void)s;
    if (!row->help || strlen(row->help) < 4 || row->help[strlen(row->help) - 1] == '.')
        fail_msg("%s: help is a phrase without a full stop", path);
    for (const char *p = row->name; *p; p++)
        if (!islower((unsigned char)*p) && !isdigit((unsigned char)*p) && *p != '_')
            fail_msg("%s: a name has small letters, digits and underscores", path);
    if (!(row->low <= row->high))
        fail_msg("%s: range %g to %g", path, row->low, row->high);
    if (row->kind == PARAM_LIST && !(row->capacity > 0 && row->stride >= sizeof(double)))
        fail_msg("%s: a list has a capacity", path);
    if ((row->kind == PARAM_CHOICE) != (row->choices != NULL) ||
        (row->kind == PARAM_MODEL) != (row->family != NULL))
        fail_msg("%s: choices belong to choices", path);
    if (row->preset && (row->flags & PARAM_REQUIRED))
        fail_msg("%s: what has a default is not required", path);
    const char *const *siblings = row->instead;
    for (; siblings && *siblings; siblings++) {
        struct param_ref ref;
        const char *dot = strrchr(path, '.');
        bool inside = row->flags & PARAM_BARE && !(row->flags & PARAM_NAMED);
        int above = inside ? (int)strlen(path) : dot ? (int)(dot - path) : 0;
        const char *other = internf("%.*s.%s", above, path, *siblings);
        if (!is_bare(*siblings) && !param_find(s, other, here, &ref, NULL))
            fail_msg("%s stands in place of %s, which there is not", path, other);
    }
}

static void test_every_row_describes_itself(void **state)
{
    (void)state;
    walk_all(describes_itself);
}

/* The default, where there is one, is what defaults hold, and in range. */
static void has_its_preset(struct scenario *s, const char *path, const struct param *row)
{
    struct param_ref ref;
    if (!row->preset || strstr(path, ".0."))
        return;
    assert_true(param_find(s, path, here, &ref, NULL));
    const char *text = param_text(s, &ref);
    if (!text)
        fail_msg("%s: unset, but its default is %s", path, row->preset);
    must_set(s, path, row->preset);
    if (param_text(s, &ref) != text)
        fail_msg("%s: %s, but its default is %s", path, text, row->preset);
}

static void test_every_default_is_there(void **state)
{
    (void)state;
    walk_all(has_its_preset);
}

/* A value that the row takes, other than its default: in the range, not at its ends. */
static double some_value(const struct param *row, enum param_kind kind)
{
    double low = row->low, high = row->high;
    if (low == 0 && high == 0)
        high = 1000;
    double value = isfinite(high) && high - low < 4 ? low + (high - low) / 3 : low + 3.0078125;
    return kind == PARAM_COUNT ? fmin(ceil(value), high) : value;
}

/* Of the law of tasks.bytes, whose times are amounts (param_unit). */
static size_t offset_of(const char *path)
{
    return strncmp(path, "tasks.bytes.", 12) == 0 ? offsetof(struct scenario, bytes) : 0;
}

static void round_trip(struct scenario *s, const char *path, const char *text)
{
    struct param_ref ref;
    must_set(s, path, text);
    assert_true(param_find(s, path, here, &ref, NULL));
    const char *kept = param_text(s, &ref);
    assert_non_null(kept);
    must_set(s, path, kept);
    if (param_text(s, &ref) != kept)
        fail_msg("%s=%s reads back as %s, then %s", path, text, kept, param_text(s, &ref));
}

static void number_round_trip(struct scenario *s, const char *path, const struct param_ref *ref)
{
    char text[64];
    double value = some_value(ref->row, ref->kind);
    unit_exact(param_unit(ref), value, text, sizeof text);
    if (!param_in_range(ref, value))
        fail_msg("%s: %s is not in its range", path, text);
    must_set(s, path, text);
    struct param_ref again;
    assert_true(param_find(s, path, here, &again, NULL));
    if (param_get(s, &again) != value)
        fail_msg("%s=%s is %.17g", path, text, param_get(s, &again));
    round_trip(s, path, text);
    bool bounded = ref->row->low != 0 || ref->row->high != 0;
    if (bounded && isfinite(ref->row->high) && param_in_range(ref, 2 * fabs(ref->row->high) + 1))
        fail_msg("%s takes what is above its range", path);
    if (param_set(s, path, "-1e300", here, NULL) != (ref->row->low <= -1e300 && ref->row->low != 0))
        fail_msg("%s takes -1e300", path);
}

static void takes_its_values(struct scenario *s, const char *path, const struct param *row)
{
    struct param_ref ref = {.row = row, .offset = offset_of(path)};
    ref.kind = row->kind == PARAM_LIST && !row->rows ? row->element : row->kind;
    if (row->kind == PARAM_LIST && !row->rows && !(row->flags & PARAM_NAMED))
        path = internf("%s.0", path);
    if (param_is_numeric(&ref))
        number_round_trip(s, path, &ref);
    else if (ref.kind == PARAM_SWEPT)
        round_trip(s, path, "1.25");
    else if (ref.kind == PARAM_FLAG)
        round_trip(s, path, "yes");
    else if (ref.kind == PARAM_TEXT)
        round_trip(s, path, "word");
    else if (ref.kind == PARAM_FILE)
        round_trip(s, path, "/a/b c.csv");
    else if (ref.kind == PARAM_PLANNED)
        assert_false(param_set(s, path, "1", here, NULL));
    else if (ref.kind == PARAM_AMOUNT)
        for (const char *const *t = (const char *const[]){"auto", "10k", "10m", "7%", NULL}; *t;
             t++)
            round_trip(s, path, *t);
    for (const char *const *choice = row->choices; choice && *choice; choice++)
        round_trip(s, path, *choice);
    for (const struct model *const *m = row->family ? row->family->models : NULL; m && *m; m++)
        round_trip(s, path, (*m)->name);
    if (ref.kind == PARAM_CHOICE || ref.kind == PARAM_MODEL || ref.kind == PARAM_FLAG)
        assert_false(param_set(s, path, "nonsense", here, NULL));
}

static void test_every_row_reads_back_what_it_is_set_to(void **state)
{
    (void)state;
    walk_all(takes_its_values);
}

/* Everything at once that can be: dumped and read again, it is the same. */
static struct scenario everything;

static void set_too(struct scenario *s, const char *path, const struct param *row)
{
    (void)s;
    struct param_ref ref = {.row = row, .offset = offset_of(path), .kind = row->kind};
    char text[64];
    bool list = row->kind == PARAM_LIST && !row->rows;
    if (list)
        ref.kind = row->element;
    if (!param_is_numeric(&ref))
        return;
    unit_exact(param_unit(&ref), some_value(row, ref.kind), text, sizeof text);
    param_set(&everything, list ? internf("%s.0", path) : path, text, here, NULL);
}

static void test_the_whole_scenario_reads_back(void **state)
{
    (void)state;
    static struct errors errors;
    static struct scenario again;
    for (const struct model *const *p = process_family.models; *p; p++)
        for (const struct model *const *d = distribution_family.models; *d; d++) {
            struct places places = {0};
            param_defaults(&everything);
            must_set(&everything, "title", "\xc3\xa9t\xc3\xa9 \"x\": # \\ - [a]");
            must_set(&everything, "arrivals.process", (*p)->name);
            must_set(&everything, "tasks.size.distribution", (*d)->name);
            must_set(&everything, "sweep.parameter", "consumers.speed");
            must_set(&everything, "sweep.from", "0.1");
            must_set(&everything, "sweep.to", "1e-7");
            must_set(&everything, "tasks.classes.0.name", "gold");
            must_set(&everything, "tasks.classes.0.size.distribution", (*d)->name);
            must_set(&everything, "tasks.classes.1.name", "tin");
            must_set(&everything, "compare.vary.consumers.count", "1,2");
            walk_all(set_too);
            char *text = config_text(&everything);
            errors.n = 0;
            param_defaults(&again);
            if (!config_read("again.yaml", text, strlen(text), &again, &places, &errors))
                fail_msg("%s\n%s", text, errors.text[0]);
            char *second = config_text(&again);
            assert_string_equal(text, second);
            assert_memory_equal(&everything, &again, sizeof again);
            free(text);
            free(second);
            places_free(&places);
        }
}

static void visit(void *context, const char *path, const struct param *row, const char *text)
{
    (void)path;
    (void)row;
    (void)text;
    ++*(int *)context;
}

static void test_the_visitor_sees_every_row(void **state)
{
    (void)state;
    int all = 0, set = 0;
    struct scenario s;
    param_each(NULL, visit, &all);
    walk_all(describes_itself);
    assert_true(all > 100);
    param_defaults(&s);
    param_each(&s, visit, &set);
    assert_true(set > 15 && set < 40);
}

static void test_every_model_has_a_name_of_its_own(void **state)
{
    (void)state;
    const struct family *families[] = {&distribution_family, &process_family, &discipline_family,
                                       &policy_family, &balancer_family};
    for (size_t f = 0; f < 5; f++)
        for (const struct model *const *m = families[f]->models; *m; m++) {
            assert_true(strlen((*m)->help) > 8);
            for (const struct model *const *other = families[f]->models; other < m; other++)
                assert_string_not_equal((*m)->name, (*other)->name);
            for (const char *const *later = families[f]->planned; *later; later++)
                assert_string_not_equal((*m)->name, *later);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_describes_itself),
        cmocka_unit_test(test_every_default_is_there),
        cmocka_unit_test(test_every_row_reads_back_what_it_is_set_to),
        cmocka_unit_test(test_the_whole_scenario_reads_back),
        cmocka_unit_test(test_the_visitor_sees_every_row),
        cmocka_unit_test(test_every_model_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
