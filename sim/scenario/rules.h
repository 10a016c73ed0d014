/*
 * Between the files of the rules (scenario_check): what they judge by, and how they say it.
 *
 * What could not be read leaves gaps (places.h). A rule is left out where it needs what is in one:
 * what follows from an error that was told is no error of its own. The same goes for the swept
 * parameter and the varied keys, which the file need not give, where the sweep itself is a gap.
 */
#ifndef RULES_H
#define RULES_H

#include "../base/places.h"
#include "rows.h"

struct checking {
    const struct scenario *s;
    const struct places *places;
    struct errors *errors;
};

/* Adds an error at the place of `path`, or of what is above it. Yields false. */
#define broken(c, path, ...) error_at((c)->errors, places_find((c)->places, (path)), __VA_ARGS__)

/* Whether `path` is missing for no fault of its own. */
bool rules_excused(const struct checking *c, const char *path);

/* Whether nothing can be said about what is at `path`, and in it. */
bool rules_unknown(const struct checking *c, const char *path);

/* Everything that must be given at a level, and below it. */
void rules_required(const struct checking *c, struct level level, const char *path);

/* Of the arrivals and tasks of the short form; of a law, which is at an offset. */
void rules_arrivals(const struct checking *c);
void rules_tasks(const struct checking *c);
void rules_law(const struct checking *c, const struct law *law, size_t offset, const char *path);

/* The rate that is given, of the three there are; NULL: none. */
const char *rules_given_rate(const struct arrivals *a);

/* Of sources and stages, one by one, and (where all of them are in order) of how they hang
 * together. */
void rules_stages(const struct checking *c);
void rules_graph(const struct checking *c);

/* Of what a stage (or SPEC_MAIN) says of its consumers beyond how many and how fast. */
void rules_staff(const struct checking *c, size_t stage);

/* Of what a stage does with a task that is done: `to` and `calls`; `path` is its. */
void rules_route(const struct checking *c, const struct to_spec *to, const char *path);
void rules_calls(const struct checking *c, size_t stage, const char *path);

/* Of what befalls a stage (or SPEC_MAIN), whose keys are behind `stage`. */
void rules_trouble(const struct checking *c, size_t i, const char *stage);
/* Of a client, whose keys are at an offset below `path`; of circuit breakers where nothing fails.
 */
struct stage_graph;
void rules_retry(const struct checking *c, const struct retry_spec *r, size_t offset,
                 const char *retry);
void rules_client(const struct checking *c, const struct client_spec *client, size_t offset,
                  const char *path);
void rules_breakers(const struct checking *c, const struct stage_graph *g);

/* Of what comes besides what a process brings, at a source (or SPEC_MAIN_SOURCE); `path` is its. */
void rules_burst(const struct checking *c, size_t source, const char *path);

/* Of visits of a stage that fail; `path` is its, with its dot. */
void rules_again(const struct checking *c, size_t stage, const char *path);

/* Of what stands before a stage (or SPEC_MAIN); `path` is its, with its dot. */
void rules_door(const struct checking *c, size_t stage, const char *path);

/* Whether there is such a stage, or class; where `may_leave`, "exit" is one. */
bool rules_stage_known(const struct checking *c, const char *path, const char *name,
                       bool may_leave);
bool rules_class_known(const struct checking *c, const char *path, const char *name);

/* Whether every stage says how much work its tasks are, without tasks.size. */
bool rules_own_sizes(const struct scenario *s);

/* Whether a name is one word. */
bool rules_word(const struct checking *c, const char *path, const char *name);

/* Rules about `run`, and about a run of one column as a whole. */
void rules_run(const struct checking *c);
void rules_clock(const struct checking *c);

/* About the whole: columns, replications and classes; what the picture is to show. */
void rules_size(const struct checking *c);
void rules_windows(const struct checking *c);
void rules_picture(const struct checking *c);

#endif
