/* plan.json (answer.h). What cannot be given, and what is infinite, is null. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../result/json_origin.h"
#include "../result/save.h"
#include "answer.h"

static json_t *values_json(const struct answer *answer, const struct point *point)
{
    json_t *object = json_object();
    for (size_t i = 0; point && i < answer->question.n_spans; i++)
        json_put_number(object, answer->question.spans[i].path, point->value[i]);
    return object;
}

static json_t *objectives_json(const struct answer *answer)
{
    static const char *const directions[] = {"none", "more helps", "more hurts"};
    json_t *list = json_array();
    for (size_t i = 0; i < answer->question.n_objectives; i++) {
        const struct objective *objective = &answer->question.objectives[i];
        json_t *object = json_object();
        json_put_text(object, "text", objective->text);
        json_put_number(object, "limit", objective->limit);
        if (answer->n_lines == 1)
            json_put_text(object, "direction", directions[answer->lines[0].directions[i]]);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *vary_json(const struct answer *answer)
{
    json_t *list = json_array();
    for (size_t i = 0; i < answer->question.n_spans; i++) {
        const struct span *span = &answer->question.spans[i];
        json_t *object = json_object();
        json_put_text(object, "path", span->path);
        json_put_number(object, "low", span->low);
        json_put_number(object, "high", span->high);
        json_put_number(object, "values", (double)span->n);
        json_put_number(object, "resolution", span->resolution > 0 ? span->resolution : NAN);
        if (answer->question.costs)
            json_put_number(object, "cost", span->cost);
        json_array_append_new(list, object);
    }
    return list;
}

/* By enum agreement: what a simulation says of what is exact. */
static const char *const checks[] = {NULL, "agrees", "too short", "disagrees"};

static json_t *point_json(const struct answer *answer, const struct point *point)
{
    json_t *object = json_object(), *list = json_array();
    json_object_set_new(object, "values", values_json(answer, point));
    if (answer->question.costs)
        json_put_number(object, "cost", point->cost);
    json_put_text(object, "verdict", finding_names[point->finding]);
    json_object_set_new(object, "by_theory", json_boolean(point->theory));
    json_put_text(object, "model", point->model);
    json_put_text(object, "check", checks[point->check]);
    json_put_number(object, "tasks_measured", point->tasks);
    json_put_number(object, "tasks_simulated", point->spent);
    json_put_number(object, "looks", point->looks);
    json_put_number(object, "interval_confidence", 1 - point->risk);
    for (size_t i = 0; i < answer->question.n_objectives; i++) {
        json_t *estimate = json_object();
        json_put_text(estimate, "objective", answer->question.objectives[i].text);
        json_put_number(estimate, "value", point->estimates[i].value);
        json_put_number(estimate, "low", point->estimates[i].low);
        json_put_number(estimate, "high", point->estimates[i].high);
        json_put_text(estimate, "verdict", finding_names[point->findings[i]]);
        bool looked = (point->exact | point->grown) & 1u << i || point->looks > 0;
        json_put_text(estimate, "method", looked ? answer_method(point, i) : NULL);
        if (point->exact & 1u << i) {
            json_object_set_new(estimate, "exact", json_true());
            json_put_number(estimate, "simulated", point->simulated[i].value);
            json_put_number(estimate, "simulated_low", point->simulated[i].low);
            json_put_number(estimate, "simulated_high", point->simulated[i].high);
        }
        json_array_append_new(list, estimate);
    }
    json_object_set_new(object, "estimates", list);
    return object;
}

/* "theory", "splitting", "simulated"; of several objectives each method once: "theory, simulated".
 */
static const char *methods(const struct answer *answer, const struct point *point)
{
    const char *text = "";
    for (size_t i = 0; i < answer->question.n_objectives; i++) {
        const char *method = answer_method(point, i);
        if (!strstr(text, method))
            text = *text ? internf("%s, %s", text, method) : method;
    }
    return text;
}

/* Neighbours that the verdict is between. */
static json_t *candidates_json(const struct answer *answer)
{
    enum { MOST = 16 };
    const struct point *points[MOST];
    json_t *list = json_array();
    size_t n = answer->finding == FINDING_UNDECIDED ? answer_candidates(answer, points, MOST) : 0;
    for (size_t i = 0; i < n; i++) {
        json_t *object = json_object();
        json_object_set_new(object, "values", values_json(answer, points[i]));
        if (answer->question.costs)
            json_put_number(object, "cost", points[i]->cost);
        json_put_text(object, "verdict", finding_names[points[i]->finding]);
        json_put_number(object, "tasks_needed",
                        points[i]->finding == FINDING_UNDECIDED ? points[i]->needs_surely : NAN);
        json_array_append_new(list, object);
    }
    return list;
}

/* Of one key: where the objectives are met and missed, as far as that is decided. */
static json_t *stretches_json(const struct answer *answer)
{
    struct stretch stretch[STRETCHES];
    json_t *list = json_array();
    size_t n = answer_stretches(answer, &answer->lines[0], stretch);
    for (size_t i = 0; i < n; i++) {
        json_t *object = json_object();
        json_put_text(object, "verdict", finding_names[stretch[i].finding]);
        json_object_set_new(object, "from", values_json(answer, stretch[i].first));
        json_object_set_new(object, "to", values_json(answer, stretch[i].last));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *frontier_json(const struct answer *answer)
{
    json_t *list = json_array();
    for (size_t k = 0; k < answer->n_lines; k++) {
        if (!answer_on_frontier(answer, &answer->lines[k]))
            continue;
        json_t *object = json_object();
        const struct point *point = answer->lines[k].best;
        json_object_set_new(object, "values", values_json(answer, point));
        json_put_number(object, "cost", point->cost);
        json_put_text(object, "verdict", finding_names[answer->lines[k].finding]);
        json_array_append_new(list, object);
    }
    return list;
}

char *answer_json(const struct answer *answer)
{
    const struct question *q = &answer->question;
    const struct line *line = answer->best           ? answer->best
                              : answer->n_lines == 1 ? answer->lines
                                                     : NULL;
    json_set_alloc_funcs(xmalloc, free);
    json_t *root = json_object(), *points = json_array();
    json_put_text(root, "verdict", finding_names[answer->finding]);
    json_object_set_new(root, "answer", values_json(answer, line ? line->best : NULL));
    json_put_number(root, "confidence", q->confidence);
    if (answer->best && q->costs)
        json_put_number(root, "cost", answer->best->best->cost);
    if (line && line->beside)
        json_object_set_new(root, "next_unmet", values_json(answer, line->beside));
    json_object_set_new(root, "objectives", objectives_json(answer));
    json_object_set_new(root, "vary", vary_json(answer));
    if (answer->n_lines > 1)
        json_object_set_new(root, "frontier", frontier_json(answer));
    else
        json_object_set_new(root, "stretches", stretches_json(answer));
    json_object_set_new(root, "candidates", candidates_json(answer));
    if (line && (line->best || line->beside))
        json_put_text(root, "method", methods(answer, line->best ? line->best : line->beside));
    for (size_t k = 0; k < answer->n_points; k++)
        json_array_append_new(points, point_json(answer, answer->points[k]));
    json_object_set_new(root, "tried", points);
    json_put_number(root, "tasks_simulated", answer->spent);
    json_put_number(root, "max_tasks", q->max_tasks);
    json_put_number(root, "tasks_needed", answer->needed);
    json_object_set_new(root, "monotone",
                        json_boolean(!answer->contradicted && !(line && line->stretched)));
    json_object_set_new(root, "interrupted", json_boolean(answer->interrupted));
    json_put_origin(root, q->scenario);
    return json_finish(root);
}
