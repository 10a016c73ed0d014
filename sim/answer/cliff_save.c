#include "cliff_save.h"

#include <jansson.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../result/save.h"

enum { JSON_DIGITS = 15 };

static void set_number(json_t *object, const char *key, double x)
{
    json_object_set_new(object, key, isfinite(x) ? json_real(x) : json_null());
}

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text ? json_string(text) : json_null());
}

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
    set_number(object, "value", c->value);
    set_number(object, "low", c->low);
    set_number(object, "high", c->high);
    return object;
}

static json_t *tail_json(const struct cliff_report *report)
{
    if (!report->tail_parameter)
        return json_null();
    json_t *object = value_json(&report->tail);
    set_text(object, "parameter", report->tail_parameter);
    set_number(object, "today", report->tail.today);
    return object;
}

static json_t *notice_json(const struct notice *notice)
{
    json_t *object = json_object();
    set_number(object, "p99_at_50", notice->p99[0]);
    set_number(object, "p99_at_95", notice->p99[1]);
    set_number(object, "ratio", notice->ratio);
    return object;
}

static json_t *loss_json(const struct cliff *c)
{
    if (!c->loses)
        return json_null();
    json_t *object = value_json(c);
    set_number(object, "fraction", LOAD_LOSS);
    return object;
}

char *cliff_text(const struct cliff_report *report)
{
    const struct cliff *c = &report->cliff;
    double unknown = c->loses ? NAN : 1;
    json_set_alloc_funcs(xmalloc, free);
    json_t *root = json_object();
    set_text(root, "parameter", report->parameter);
    set_number(root, "value", c->value * unknown);
    set_number(root, "low", c->low * unknown);
    set_number(root, "high", c->high * unknown);
    set_text(root, "method", c->simulated ? "simulated" : "exact");
    set_number(root, "confidence", 0.95);
    set_number(root, "today", c->today);
    set_number(root, "load", c->load * unknown);
    set_number(root, "distance", fabs(c->today - c->value) / c->value * unknown);
    set_text(root, "stable", stable_where(c));
    set_text(root, "kind", c->loses ? "none" : c->saturates ? "saturation" : "cliff");
    set_number(root, "from", c->from);
    set_number(root, "to", c->to);
    set_number(root, "traffic_growth", 1 / c->load * unknown);
    json_object_set_new(root, "tail", tail_json(report));
    json_object_set_new(root, "notice", notice_json(&report->notice));
    json_object_set_new(root, "loss", loss_json(c));
    set_number(root, "seed", report->s->seed);
    set_text(root, "version", queuescope_version);
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(JSON_DIGITS));
    json_decref(root);
    return text;
}
