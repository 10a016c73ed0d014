/*
 * Where a JSON file of ours is from.
 */
#ifndef JSON_ORIGIN_H
#define JSON_ORIGIN_H

#include "../base/json.h"
#include "../scenario/scenario.h"
#include "save.h"

/* By what program, and of what scenario. */
static inline void json_put_origin(json_t *root, const struct scenario *s)
{
    json_put_text(root, "program", "queuescope");
    json_put_text(root, "version", queuescope_version);
    json_put_text(root, "title", s->title);
    json_put_number(root, "seed", s->seed);
}

#endif
