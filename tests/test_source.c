/* What the source of tasks promises: the same tasks whatever serves them, and parameters that move
 * without a jump. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/engine/source.h"
#include "setting.h"

enum { N = 5000 };
struct task {
    double time, size;
    uint32_t class, unused;
};

#define PARETO                                                                                     \
    "tasks.size.distribution=bounded-pareto; tasks.size.alpha=2; tasks.size.low=0.5; "             \
    "tasks.size.high=100; "
#define EXPONENTIAL "tasks.size.distribution=exponential; tasks.size.mean=1; "
#define CLASSES                                                                                    \
    "tasks.classes.0.name=gold; tasks.classes.0.share=1; "                                         \
    "tasks.classes.1.name=lead; tasks.classes.1.share=3; "

/* The first N tasks of these settings; fewer where there are fewer. */
static size_t tasks_of(const char *settings, uint64_t seed, uint32_t replication, struct task *out)
{
    struct scenario *s = xcalloc(1, sizeof *s);
    struct source *source = xmalloc(sizeof *source);
    setting_apply(s, settings);
    source_begin(source, s, seed, replication);
    memset(out, 0, N * sizeof *out);
    size_t n = 0;
    for (; n < N && source_peek(source).time < INFINITY; n++, source_step(source)) {
        struct arrival a = source_peek(source);
        out[n] = (struct task){a.time, a.size, a.class, 0};
    }
    free(source);
    free(s);
    return n;
}

static struct task first[N], second[N];

static void test_servers_do_not_matter(void **state)
{
    (void)state;
    tasks_of("arrivals.rate=4; " PARETO, 1, 0, first);
    tasks_of("arrivals.rate=4; consumers.count=16; consumers.speed=3; consumers.discipline=random; "
             "buffer.capacity=3; buffer.when_full=drop-oldest; run.tasks=5; title=x; " PARETO,
             1, 0, second);
    assert_memory_equal(first, second, sizeof first);
}

static void test_seeds_and_replications_differ(void **state)
{
    (void)state;
    tasks_of("arrivals.rate=4; " PARETO, 1, 0, first);
    for (int other = 0; other < 2; other++) {
        tasks_of("arrivals.rate=4; " PARETO, other ? 2 : 1, other ? 0 : 1, second);
        for (int i = 0; i < N; i++)
            assert_true(first[i].time != second[i].time && first[i].size != second[i].size);
    }
}

/* Changing one thing leaves the rest as it was. */
static void test_arrivals_and_sizes_are_apart(void **state)
{
    (void)state;
    tasks_of("arrivals.rate=4; " PARETO, 1, 0, first);
    tasks_of("arrivals.rate=4; " EXPONENTIAL, 1, 0, second);
    for (int i = 0; i < N; i++)
        assert_true(first[i].time == second[i].time && first[i].size != second[i].size);
    tasks_of("arrivals.process=batch; arrivals.rate=1; arrivals.batch.distribution=geometric; "
             "arrivals.batch.mean=2; " PARETO,
             1, 0, second);
    for (int i = 0; i < N; i++)
        assert_true(first[i].time != second[i].time && first[i].size == second[i].size);
    /* Twice the rate is the same arrivals in half the time. */
    tasks_of("arrivals.rate=8; " PARETO, 1, 0, second);
    for (int i = 0; i < N; i++)
        assert_true(fabs(first[i].time / second[i].time - 2) < 1e-12 &&
                    first[i].size == second[i].size);
}

static void test_classes(void **state)
{
    (void)state;
    tasks_of("arrivals.rate=4; " PARETO, 1, 0, first);
    tasks_of("arrivals.rate=4; " PARETO CLASSES, 1, 0, second);
    int gold = 0;
    for (int i = 0; i < N; i++) {
        assert_true(first[i].time == second[i].time && first[i].size == second[i].size);
        assert_true(second[i].class <= 1);
        gold += second[i].class == 0;
    }
    assert_true(fabs(gold - N / 4.0) < 5 * sqrt(N * 3.0 / 16));

    /* Three classes, by their shares of 1, 3 and 4. */
    static struct task third[N];
    tasks_of("arrivals.rate=4; " PARETO CLASSES "tasks.classes.2.name=tin; tasks.classes.2.share=4",
             1, 0, third);
    int counts[3] = {0};
    for (int i = 0; i < N; i++)
        counts[third[i].class]++;
    for (int c = 0; c < 3; c++) {
        double share = (c == 0 ? 1 : 2 + c) / 8.0;
        assert_true(fabs(counts[c] - N * share) < 5 * sqrt(N * share * (1 - share)));
    }

    /* A class of its own size leaves the other class's tasks as they were. */
    tasks_of("arrivals.rate=4; " PARETO CLASSES
             "tasks.classes.0.size.distribution=deterministic; tasks.classes.0.size.value=7",
             1, 0, third);
    for (int i = 0; i < N; i++) {
        assert_true(third[i].time == second[i].time && third[i].class == second[i].class);
        assert_true(third[i].size == (third[i].class == 0 ? 7 : second[i].size));
    }
    /* So does another class between them, for those that keep their class and size. */
    tasks_of("arrivals.rate=4; " CLASSES
             "tasks.classes.0.size.distribution=exponential; tasks.classes.0.size.mean=1; "
             "tasks.classes.1.size.distribution=exponential; tasks.classes.1.size.mean=1; ",
             1, 0, second);
    tasks_of("arrivals.rate=4; tasks.classes.0.name=lead; tasks.classes.0.share=3; "
             "tasks.classes.1.name=gold; tasks.classes.1.share=1; "
             "tasks.classes.0.size.distribution=exponential; tasks.classes.0.size.mean=1; "
             "tasks.classes.1.size.distribution=exponential; tasks.classes.1.size.mean=1; ",
             1, 0, third);
    int same = 0;
    for (int i = 0; i < N; i++)
        if (second[i].class != third[i].class) { /* the same name */
            assert_true(second[i].size == third[i].size);
            same++;
        }
    assert_true(same > N / 3);
}

static struct param_ref ref_of(const struct scenario *s, const char *path)
{
    struct param_ref ref;
    assert_true(param_find(s, path, (struct place){0}, &ref, NULL));
    return ref;
}

/* Adopting what is in force changes nothing, wherever it is done. */
static void test_adopting_the_same(void **state)
{
    (void)state;
    const char *trace = setting_file("t.csv", "arrival_s,service_s\n1,1\n2,1\n2,5\n7,1\n", 36);
    const char *const all[] = {
        "arrivals.rate=4; " PARETO CLASSES,
        "arrivals.process=renewal; arrivals.rate=4; "
        "arrivals.interarrival.distribution=erlang; arrivals.interarrival.shape=3; " PARETO,
        "arrivals.process=batch; arrivals.rate=1; arrivals.batch.distribution=geometric; "
        "arrivals.batch.mean=4; " PARETO,
        "arrivals.process=mmpp; arrivals.states.0.rate=10; arrivals.states.0.mean_duration=1s; "
        "arrivals.states.1.rate=0; arrivals.states.1.mean_duration=1s; " PARETO,
        "arrivals.process=schedule; arrivals.schedule.0.until=1s; arrivals.schedule.0.rate=3; "
        "arrivals.schedule.1.until=9s; arrivals.schedule.1.rate=0.1; arrivals.repeat=yes; " PARETO,
        internf("arrivals.process=trace; arrivals.file=%s", trace)};
    /* One among the parameters of the process, and one that is not. */
    const char *const moved[] = {
        "arrivals.rate",          "tasks.size.alpha",         "arrivals.batch.mean",
        "arrivals.states.0.rate", "arrivals.schedule.1.rate", "arrivals.scale_rate"};
    struct scenario *s = xcalloc(1, sizeof *s);
    struct source *source = xmalloc(sizeof *source);
    for (size_t i = 0; i < 2 * (sizeof all / sizeof *all); i++) {
        size_t n = tasks_of(all[i / 2], 1, 0, first);
        setting_apply(s, all[i / 2]);
        struct param_ref ref = ref_of(s, i % 2 ? moved[i / 2] : "consumers.speed");
        double value = param_get(s, &ref);
        source_begin(source, s, 1, 0);
        double before = 0;
        for (size_t k = 0; k < n; k++) {
            double next = first[k].time;
            for (size_t times = k % 7 == 0 ? k % 4 : 0; times > 0; times--)
                source_adopt(source, &ref, value, before + (next - before) / (double)times);
            struct arrival a = source_peek(source);
            assert_true(a.time == next && a.size == first[k].size && a.class == first[k].class);
            source_step(source);
            before = next;
        }
        if (n < N) {
            source_adopt(source, &ref, value, before);
            assert_true(isinf(source_peek(source).time));
        }
    }
    free(source);
    free(s);
}

/* Sizes follow at once, and arrivals stay, however often what they are drawn from moves; with
 * sizes of the class's own, too. */
static void test_adopting_sizes(void **state)
{
    (void)state;
    static const char *const more[] = {"", CLASSES,
                                       CLASSES "tasks.classes.1.size.distribution="
                                               "exponential; "
                                               "tasks.classes.1.size.mean=3; "};
    static const int every[] = {300, 61, 7, 1};
    struct scenario *s = xcalloc(1, sizeof *s);
    struct source *source = xmalloc(sizeof *source);
    for (int i = 0; i < 12; i++) {
        const char *text = internf("arrivals.rate=4; %s%s", PARETO, more[i % 3]);
        tasks_of(text, 1, 0, first);
        tasks_of(internf("%s; tasks.size.alpha=3", text), 1, 0, second);
        setting_apply(s, text);
        struct param_ref alpha = ref_of(s, "tasks.size.alpha");
        source_begin(source, s, 1, 0);
        for (int k = 0; k < N; k++) {
            bool of_second = k >= 77 && (k - 77) / every[i / 3] % 2 == 0;
            if (k >= 77 && (k - 77) % every[i / 3] == 0)
                source_adopt(source, &alpha, of_second ? 3 : 2, first[k - 1].time);
            struct arrival task = source_peek(source);
            assert_true(task.time == first[k].time && task.class == first[k].class);
            assert_true(task.size == (of_second ? second : first)[k].size);
            source_step(source);
        }
    }
    free(source);
    free(s);
}

/* A rate that moves between two tasks: every gap is the unit gap over the rate, but for the one in
 * which it moves, whose rest is scaled. By hand, for a rate that depends on what the consumers do
 * and so moves with a parameter of theirs, sometimes without moving the rate. */
static void test_adopting_by_hand(void **state)
{
    (void)state;
    struct scenario *s = xcalloc(1, sizeof *s);
    struct source *source = xmalloc(sizeof *source);
    tasks_of("arrivals.rate=1; " EXPONENTIAL, 1, 0, first);
    setting_apply(s, "arrivals.rate_per_consumer=1; " EXPONENTIAL);
    struct param_ref count = ref_of(s, "consumers.count");
    source_begin(source, s, 1, 0);
    double time = 0, rate = 1;
    for (int k = 0; k < N; k++) {
        double unit = first[k].time - (k > 0 ? first[k - 1].time : 0), next = time + unit / rate;
        if (k % 5 == 3) {
            double now = (time + next) / 2, value = 1 + k / 10 % 4;
            source_adopt(source, &count, value, now);
            next = now + (next - now) * (rate / value);
            rate = value;
        }
        assert_true(fabs(source_peek(source).time - next) < 1e-9 * (1 + next));
        assert_true(source_peek(source).size == first[k].size);
        time = source_peek(source).time;
        source_step(source);
    }
    free(source);
    free(s);
}

/* A rate that climbs from next to nothing in steps finer than its gaps: the number of arrivals has
 * mean and variance of the integral of the rate. */
static void test_adopting_rates(void **state)
{
    (void)state;
    enum { RUNS = 4000, STEPS = 200 };
    struct scenario *s = xcalloc(1, sizeof *s);
    struct source *source = xmalloc(sizeof *source);
    setting_apply(s, "arrivals.rate=1; " EXPONENTIAL);
    struct param_ref rate = ref_of(s, "arrivals.rate");
    double sum = 0, squares = 0, expected = 0;
    for (int step = 0; step < STEPS; step++)
        expected += 0.1 * 1e-4 * pow(1.07, step);
    for (uint32_t run = 0; run < RUNS; run++) {
        s->arrivals.rate = 1e-4;
        source_begin(source, s, 1, run);
        int n = 0;
        double last = 0;
        for (int step = 0; step < STEPS; step++) {
            if (step > 0)
                source_adopt(source, &rate, 1e-4 * pow(1.07, step), 0.1 * step);
            for (; source_peek(source).time < 0.1 * (step + 1); source_step(source), n++) {
                assert_true(source_peek(source).time >= fmax(last, 0.1 * step));
                last = source_peek(source).time;
            }
        }
        sum += n;
        squares += (n - expected) * (n - expected);
    }
    assert_true(fabs(sum / RUNS - expected) < 4 * sqrt(expected / RUNS));
    assert_true(fabs(squares / RUNS / expected - 1) < 4 * sqrt(2.0 / RUNS));
    free(source);
    free(s);
}

static void test_trace(void **state)
{
    (void)state;
    static const char text[] = "class,service_s,arrival_s\nlead,0.5,0.25\n0,0,0.25\ngold,2,1e3\n";
    const char *path = setting_file("classes.csv", text, sizeof text - 1);
    size_t n =
        tasks_of(internf("arrivals.process=trace; arrivals.file=%s; " CLASSES, path), 1, 0, first);
    assert_int_equal(n, 3);
    const struct task expected[3] = {{0.25, 0.5, 1, 0}, {0.25, 0, 0, 0}, {1000, 2, 0, 0}};
    for (int i = 0; i < 3; i++)
        assert_memory_equal(&first[i], &expected[i], sizeof *expected);
    /* Without tasks.classes there is one class. */
    n = tasks_of(internf("arrivals.process=trace; arrivals.file=%s", path), 1, 0, first);
    assert_int_equal(n, 3);
    assert_true(first[0].class == 0 && first[0].size == 0.5);

    struct scenario *s = xcalloc(1, sizeof *s);
    static const struct {
        const char *name, *text, *classes, *says;
    } bad[] = {
        {"fall.csv", "1,1\n3,1\n2,1\n", "", "fall.csv:3:1: error: arrival_s 2 is before"},
        {"one.csv", "1\n2\n", "", "one.csv: error: a trace needs the columns"},
        {"four.csv", "1,2,0,0\n", "", "four.csv: error: a trace needs the columns"},
        {"names.csv", "time,service_s\n1,1\n", "", "names.csv:1:1: error: a trace needs the col"},
        {"calendar.csv", "1700000000,1\n", "", "calendar.csv:1:1: error: arrival_s 1700000000 is"},
        {"noclass.csv", "1,1\n", CLASSES, "noclass.csv: error: has no column `class`"},
        {"class.csv", "arrival_s,service_s,class\n1,1,gold\n2,1,tin\n", CLASSES,
         "class.csv:3:1: error: its class is neither a name of tasks.classes nor an index"},
        {"index.csv", "1,1,1\n2,1,2\n", CLASSES, "index.csv:2:1: error: its class is neither"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct errors *errors = xcalloc(1, sizeof *errors);
        path = setting_file(bad[i].name, bad[i].text, strlen(bad[i].text));
        assert_false(setting_try(
            s, internf("arrivals.process=trace; arrivals.file=%s; %s", path, bad[i].classes),
            errors));
        if (!strstr(errors->text[0], bad[i].says))
            fail_msg("got:      %s\nexpected: %s", errors->text[0], bad[i].says);
        free(errors);
    }
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_servers_do_not_matter),
        cmocka_unit_test(test_seeds_and_replications_differ),
        cmocka_unit_test(test_arrivals_and_sizes_are_apart),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_adopting_the_same),
        cmocka_unit_test(test_adopting_sizes),
        cmocka_unit_test(test_adopting_by_hand),
        cmocka_unit_test(test_adopting_rates),
        cmocka_unit_test(test_trace),
    };
    return cmocka_run_group_tests(tests, NULL, setting_tear_down);
}
