/* What of a YAML text is looked at before a document is made of it: how deep collections stand in
 * each other, and how many have a name. libyaml needs a time for that which grows with the square
 * of either; its events take as long as the text. */
#include <yaml.h>

#include "config.h"

enum { ANCHORS_MOST = 1000 };

static const yaml_char_t *anchor_of(const yaml_event_t *event)
{
    return event->type == YAML_SCALAR_EVENT           ? event->data.scalar.anchor
           : event->type == YAML_SEQUENCE_START_EVENT ? event->data.sequence_start.anchor
           : event->type == YAML_MAPPING_START_EVENT  ? event->data.mapping_start.anchor
                                                      : NULL;
}

struct bounds_seen {
    int depth, anchors;
};

static bool look(struct bounds_seen *seen, const yaml_event_t *event, const char *name,
                 struct errors *errors)
{
    struct place at = {name, (int)event->start_mark.line + 1, (int)event->start_mark.column + 1};
    bool opens =
        event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
    bool closes = event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT;
    seen->depth += opens - closes;
    seen->anchors += anchor_of(event) != NULL;
    if (seen->depth > CONFIG_DEPTH)
        return error_at(errors, at, "nested more than %d deep", CONFIG_DEPTH);
    if (seen->anchors > ANCHORS_MOST)
        return error_at(errors, at, "more than %d anchors (&name)", ANCHORS_MOST);
    return true;
}

bool config_bounded(const char *name, const char *text, size_t length, struct errors *errors)
{
    yaml_parser_t parser;
    yaml_event_t event;
    struct bounds_seen seen = {0, 0};
    bool good = true, going = true, parsed = true;
    if (!yaml_parser_initialize(&parser))
        out_of("out of memory", "for a scenario");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    while (going && good && (parsed = yaml_parser_parse(&parser, &event) != 0)) {
        good = look(&seen, &event, name, errors);
        going = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    if (!parsed && !parser.problem) /* what was not seen is not bounded */
        out_of("out of memory", "for a scenario");
    yaml_parser_delete(&parser);
    return good;
}
