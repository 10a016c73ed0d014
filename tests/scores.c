#include "scores.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include <stdio.h>
#include <stdlib.h>

void scores_add(struct scores *scores, const char *what, const char *params, const char *measure,
                double exact, const struct score *score)
{
    if (isnan(score->z) && score->silent) {
        print_message("%s %s %s: %.6g, exact %.6g, too short a run to say\n", what, params, measure,
                      score->value, exact);
        scores->silent++;
        return;
    }
    bool wrong = !(fabs(score->z) < SCORE_MOST);
    bool inside = score->stated && score->low <= exact && exact <= score->high;
    scores->n++;
    scores->sum += score->z;
    scores->squares += score->z * score->z;
    scores->beyond_196 += fabs(score->z) > 1.96;
    scores->stated += score->stated;
    scores->inside += inside;
    scores->silent += score->silent;
    scores->wrong += wrong;
    if (wrong || getenv("QUEUESCOPE_SCORES"))
        print_message("%s %s %s: %.6g, exact %.6g, z %+.2f%s%s\n", what, params, measure,
                      score->value, exact, score->z,
                      score->stated && !inside ? ", outside its own interval" : "",
                      wrong ? ", WRONG" : "");
}

void scores_judge(const struct scores *scores)
{
    double n = (double)scores->n, mean = scores->sum / n;
    double deviation = sqrt((scores->squares - n * mean * mean) / (n - 1));
    double held = (double)scores->inside / (double)scores->stated;
    print_message("%zu comparisons: mean z %+.3f, standard deviation %.3f, %.1f %% beyond 1.96; "
                  "%zu of %zu stated 95 %% intervals (%.1f %%) hold the exact value, "
                  "%zu rows state none\n",
                  scores->n, mean, deviation, 100 * (double)scores->beyond_196 / n, scores->inside,
                  scores->stated, 100 * held, scores->silent);
    assert_int_equal(scores->wrong, 0);
    assert_true(fabs(mean) < 0.35);
    assert_true(deviation > 0.8 && deviation < 1.25);
    /* neither so few nor so many that one in a hundred sets of honest intervals would do it */
    unsigned stated = (unsigned)scores->stated, inside = (unsigned)scores->inside;
    assert_true(gsl_cdf_binomial_P(inside, 0.95, stated) > 0.01);
    assert_true(inside == 0 || gsl_cdf_binomial_Q(inside - 1, 0.95, stated) > 0.01);
}
