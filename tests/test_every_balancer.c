/* Asked of every balancer: what is picked is the best of those that are looked at, and of equals
 * each is as likely; and the tree of the least, beside a plain search. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/rng.h"
#include "../sim/scenario/balancer.h"

enum { MOST = 12 };

/* A stage whose replicas have loads that do not change. */
struct setting {
    struct stream stream;
    uint64_t turn;
    double work[MOST];
    uint32_t asked; /* bits: subs that were asked for in this choice */
};

static double uniform(const void *host, uint32_t sub)
{
    struct setting *setting = (struct setting *)(uintptr_t)host;
    if (setting->asked >> sub & 1)
        fail_msg("sub %u is asked for twice", sub);
    setting->asked |= 1u << sub;
    return stream_uniform(&setting->stream, sub, setting->turn);
}

static double work(const void *host, uint32_t replica)
{
    return ((const struct setting *)host)->work[replica];
}

/* How good a replica is, by the words of the manual: the smallest is the best. */
static double badness(const char *name, const struct balancer_view *view, uint32_t i)
{
    bool idle = view->requests[i] < view->consumers[i];
    if (strcmp(name, "least-requests") == 0)
        return view->requests[i];
    if (strcmp(name, "least-work") == 0)
        return work(view->host, i);
    if (strcmp(name, "first-idle") == 0)
        return idle ? -1000.0 + i : view->requests[i];
    return 0; /* all are alike */
}

static struct balancer_view view_of(const struct setting *setting, const uint32_t *requests,
                                    const uint32_t *consumers, const struct least *tree)
{
    return (struct balancer_view){.n = MOST,
                                  .requests = requests,
                                  .consumers = consumers,
                                  .tree = tree,
                                  .host = setting,
                                  .work = work,
                                  .uniform = uniform};
}

static void fill_tree(struct least *tree, const struct balancer *b, const uint32_t *requests,
                      const uint32_t *consumers)
{
    least_init(tree, MOST);
    for (uint32_t i = 0; i < MOST && b->key; i++)
        least_set(tree, i, b->key(requests[i], consumers[i]));
}

/* Every replica of the best is picked as often as the others of them, and no other one. */
static void check_all(const struct balancer *b, const uint32_t *requests, const uint32_t *consumers)
{
    enum { TURNS = 24000 };
    struct setting setting = {stream_of(1, 0, "balancer"), 0, {0}, 0};
    struct least tree;
    uint32_t picked[MOST] = {0}, alike = 0;
    for (uint32_t i = 0; i < MOST; i++)
        setting.work[i] = i % 4 == 1 ? 0.5 : 2;
    fill_tree(&tree, b, requests, consumers);
    struct balancer_view view = view_of(&setting, requests, consumers, &tree);
    double best = INFINITY;
    for (uint32_t i = 0; i < MOST; i++)
        best = fmin(best, badness(b->model.name, &view, i));
    for (uint32_t i = 0; i < MOST; i++)
        alike += badness(b->model.name, &view, i) == best;
    for (setting.turn = 0; setting.turn < TURNS; setting.turn++) {
        setting.asked = 0;
        view.turns = setting.turn;
        view.key = (uint32_t)setting.turn;
        view.tree = setting.turn % 2 ? &tree : NULL;
        picked[balancer_pick(b, &view)]++;
    }
    for (uint32_t i = 0; i < MOST; i++) {
        bool is_best = badness(b->model.name, &view, i) == best;
        double expected = is_best ? (double)TURNS / alike : 0;
        if (fabs(picked[i] - expected) > 5 * sqrt(expected))
            fail_msg("%s: replica %u is picked %u times, not %.0f", b->model.name, i, picked[i],
                     expected);
    }
    least_free(&tree);
}

/* Of d drawn the best: no other of them is better; and every set is as likely. */
static void check_choices(const struct balancer *b, const uint32_t *requests,
                          const uint32_t *consumers)
{
    enum { TURNS = 2000, D = 3 };
    struct setting setting = {stream_of(2, 0, "balancer"), 0, {0}, 0};
    for (uint32_t i = 0; i < MOST; i++)
        setting.work[i] = fmod(i * 0.37, 1);
    struct balancer_view view = view_of(&setting, requests, consumers, NULL);
    view.choices = D;
    for (setting.turn = 0; setting.turn < TURNS; setting.turn++) {
        uint32_t drawn[D], found = 0;
        setting.asked = 0;
        balancer_draw(&view, D, drawn);
        setting.asked = 0;
        uint32_t picked = balancer_pick(b, &view);
        for (uint32_t i = 0; i < D; i++) {
            found += drawn[i] == picked;
            assert_true(i == 0 || drawn[i] > drawn[i - 1]);
            if (badness(b->model.name, &view, drawn[i]) < badness(b->model.name, &view, picked))
                fail_msg("%s: of the drawn, %u is better than %u", b->model.name, drawn[i], picked);
        }
        assert_int_equal(found, 1);
    }
}

static void test_every_balancer_takes_the_best(void **state)
{
    (void)state;
    static const uint32_t loads[][MOST] = {{0},
                                           {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8},
                                           {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2},
                                           {7, 7, 0, 7, 7, 7, 7, 0, 7, 7, 7, 0}};
    static const uint32_t consumers[MOST] = {2, 2, 2, 2, 2, 2, 2, 2, 9, 2, 2, UINT32_MAX};
    for (const struct model *const *m = balancer_family.models; *m; m++)
        for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
            const struct balancer *b = (const struct balancer *)*m;
            if (b->copies)
                continue;
            check_all(b, loads[i], consumers);
            if (!b->pick)
                check_choices(b, loads[i], consumers);
        }
}

static void test_copies(void **state)
{
    (void)state;
    struct setting setting = {stream_of(3, 0, "balancer"), 0, {0}, 0};
    uint32_t out[MOST], seen[MOST] = {0};
    struct balancer_view view = view_of(&setting, NULL, NULL, NULL);
    assert_int_equal(balancer_copies(&view, out), MOST);
    for (uint32_t i = 0; i < MOST; i++)
        assert_int_equal(out[i], i);
    view.choices = 5;
    for (setting.turn = 0; setting.turn < 2400; setting.turn++) {
        setting.asked = 0;
        assert_int_equal(balancer_copies(&view, out), 5);
        for (uint32_t i = 0; i < 5; i++)
            seen[out[i]]++;
    }
    for (uint32_t i = 0; i < MOST; i++)
        assert_true(fabs(seen[i] - 1000.0) < 5 * sqrt(1000));
}

static void test_the_tree_of_the_least(void **state)
{
    (void)state;
    enum { N = 37, MOVES = 5000 };
    struct stream stream = stream_of(4, 0, "least");
    struct least tree;
    uint32_t keys[N] = {0};
    least_init(&tree, N);
    for (uint64_t move = 0; move < MOVES; move++) {
        uint32_t at = (uint32_t)(stream_uniform(&stream, 0, move) * N), least = UINT32_MAX, k = 0;
        keys[at] = (uint32_t)(stream_uniform(&stream, 1, move) * 6);
        least_set(&tree, at, keys[at]);
        for (uint32_t i = 0; i < N; i++)
            least = keys[i] < least ? keys[i] : least;
        assert_int_equal(least_key(&tree), least);
        for (uint32_t i = 0; i < N; i++)
            if (keys[i] == least)
                assert_int_equal(least_index(&tree, k++), i);
        assert_int_equal(least_count(&tree), k);
    }
    least_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_balancer_takes_the_best),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_the_tree_of_the_least),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
