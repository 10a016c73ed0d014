/*
 * Words for a picture: what a result was made from, in a line each.
 *
 * Nothing here knows a model by name: laws, processes, disciplines and policies are written as
 * their names and the rows that they bring. All texts are interned.
 */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "../sim/result/result.h"

/* The scenario's title, or a sentence in its place. */
const char *describe_title(const struct scenario *s);

/* The same over several scenarios with titles of their own. */
const char *describe_several(const struct scenario *s);

/* How it was run: drift or independent columns, replications; without a sweep the utilization. */
const char *describe_run(const struct result *result);

/* The axis of the swept parameter, "tail parameter alpha (tasks.size.alpha)", and the short name
 * of the parameter, "alpha". */
const char *describe_axis(const struct scenario *s);
const char *describe_parameter(const struct scenario *s);

/* What tells a panel apart whose `path` was set to `text`: "4 consumers", "when full: reject",
 * "path = text" where there are no better words. `s` is the panel's scenario. */
const char *describe_varied(const struct scenario *s, const char *path, const char *text);

/* What a footer is made of: each piece stands for itself. */
enum { PIECES = 24 };
struct pieces {
    size_t n;
    const char *piece[PIECES];
};
void describe_pieces(const struct result *result, struct pieces *out);
void pieces_add(struct pieces *pieces, const char *piece); /* "" and NULL are left out */
const char *pieces_join(const struct pieces *pieces);      /* with " · " between them */

/* How many tasks: "50 k tasks per column x 8 replications", of several results together. */
const char *describe_tasks(const struct result *const *results, size_t n);

/* Eight hexadecimal digits of a hash of the resolved scenario (FNV-1a, 64 bits folded to 32). */
const char *describe_hash(const struct scenario *s);

#endif
