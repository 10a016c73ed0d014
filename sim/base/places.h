/*
 * Which path was set from which place, so that a rule across rows can point at the line; and which
 * paths could not be read, so that a rule which needs one of them keeps silent: what follows from
 * an error is no second error. The last setting of a path wins. Zeroed is valid and empty.
 */
#ifndef PLACES_H
#define PLACES_H

#include "err.h"

struct places {
    struct placed {
        const char *path; /* interned */
        struct place at;
        const char *text; /* as it was given, interned; NULL: not kept */
    } * items;
    size_t n, capacity;
    struct spoilt {
        const char *path; /* interned */
        bool unknown;
    } * spoilt;
    size_t spoilt_n;
};

void places_add(struct places *places, const char *path, struct place at);

/* What was given inside of `path` is not any more: all of it was given anew. */
void places_forget_inside(struct places *places, const char *path);

/* The same with the text that was given, for rules on how it was written; and that text, NULL where
 * none was kept. */
void places_add_text(struct places *places, const char *path, struct place at, const char *text);
const char *places_text(const struct places *places, const char *path);

/* Whether `path` itself was given. */
bool places_given(const struct places *places, const char *path);

/* The place of `path`, or of the longest path above it that has one, or nowhere. */
struct place places_find(const struct places *places, const char *path);

/* What `path` was given could not be read; or the key itself is unknown. */
void places_spoil(struct places *places, const char *path, bool unknown);

/* Whether anything was spoilt. As the others, false where `places` is NULL. */
bool places_any_spoilt(const struct places *places);

/* Whether `path`, something above it or something in it is spoilt. */
bool places_spoilt(const struct places *places, const char *path);

/* Whether `path` may only seem missing: it is spoilt, or an unknown key stands where it, or what it
 * is in, was not given, and may be that key mistyped. */
bool places_unsure(const struct places *places, const char *path);

void places_free(struct places *places);

#endif
