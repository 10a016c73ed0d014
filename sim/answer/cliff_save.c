#include "cliff_save.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../result/json_origin.h"
#include "../result/save.h"

static const char *stable_where(const struct cliff *c)
{
    if (c->loses || c->saturates)
        return "always";
    if (c->status == CLIFF_FOUND)
        return c->stable_below ? "below" : "above";
    return isnan(c->edge) || c->status == CLIFF_STOPPED ? NULL
           : c->edge < 1                                ? "everywhere"
                                                        : "nowhere";
}

static json_t *value_json(const struct cliff *c)
{
    json_t *object = json_object();
    json_put_number(object, "value", c->value);
    json_put_number(object, "low", c->low);
    json_put_number(object, "high", c->high);
    return object;
}

static json_t *tail_json(const struct cliff_report *report)
{
    if (!report->tail_parameter)
        return json_null();
    json_t *object = value_json(&report->tail);
    json_put_text(object, "parameter", report->tail_parameter);
    json_put_number(object, "today", report->tail.today);
    return object;
}

static json_t *notice_json(const struct notice *notice)
{
    json_t *object = json_object();
    json_put_number(object, "p99_at_50", notice->p99[0]);
    json_put_number(object, "p99_at_95", notice->p99[1]);
    json_put_number(object, "ratio", notice->ratio);
    return object;
}

static json_t *loss_json(const struct cliff *c)
{
    if (!c->loses)
        return json_null();
    json_t *object = value_json(c);
    json_put_number(object, "fraction", LOAD_LOSS);
    return object;
}

char *cliff_text(const struct cliff_report *report)
{
    const struct cliff *c = &report->cliff;
    double unknown = c->loses ? NAN : 1;
    json_set_alloc_funcs(xmalloc, free);
    json_t *root = json_object();
    json_put_text(root, "parameter", report->parameter);
    json_put_number(root, "value", c->value * unknown);
    json_put_number(root, "low", c->low * unknown);
    json_put_number(root, "high", c->high * unknown);
    json_put_text(root, "method", c->simulated ? "simulated" : "exact");
    json_put_number(root, "confidence", 0.95);
    json_put_number(root, "today", c->today);
    json_put_number(root, "load", c->load * unknown);
    json_put_number(root, "distance", fabs(c->today - c->value) / c->value * unknown);
    json_put_text(root, "stable", stable_where(c));
    json_put_text(root, "kind", c->loses ? "none" : c->saturates ? "saturation" : "cliff");
    json_put_number(root, "from", c->from);
    json_put_number(root, "to", c->to);
    json_put_number(root, "traffic_growth", 1 / c->load * unknown);
    json_object_set_new(root, "tail", tail_json(report));
    json_object_set_new(root, "notice", notice_json(&report->notice));
    json_object_set_new(root, "loss", loss_json(c));
    json_put_origin(root, report->s);
    return json_finish(root);
}
