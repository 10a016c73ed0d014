/*
 * The inside of shape.h: how columns are named (shape.c), and what is learnt without a name
 * (shape_learn.c).
 */
#ifndef SHAPE_IN_H
#define SHAPE_IN_H

#include "shape.h"

/* What is asked, while a shape is learnt. */
struct learning {
    const struct sample_lines *sample;
    const struct log_options *options;
    struct place at;
    struct shape *shape;
    struct errors *errors;
    char *room;  /* LINE_MOST + 1 bytes */
    int arrival; /* the trait of it; -1: none */
};

/* Separator, width and headings of columns. */
void learn_columns(struct learning *l);

/* What a user may call a column. Interned. */
const char *column_name(const struct shape *shape, const struct column *column);

/* A column by its name, if some line has it. */
bool resolve(struct learning *l, const char *text, struct column *column);

/* What the user asks for; true where nothing is asked. What the format says (a|b, a&b); false: it
 * is not there. The filters of both. */
bool ask(struct learning *l, const char *option, const char *asked, struct spots *spots);
bool take(struct learning *l, const char *said, struct spots *spots);
bool take_filters(struct learning *l);

#endif
