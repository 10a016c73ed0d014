/*
 * What `queuescope verify` says: on standard output a sentence, a table and what differs; in
 * CHANGES.md the same for a review, with the pictures of before and after.
 */
#ifndef GOLDEN_REPORT_H
#define GOLDEN_REPORT_H

#include "../shell/golden_folder.h"

/* "3 scenarios, 84 figures compared: none differs by more than luck (one false alarm in 100 runs of
 * this)". Interned. */
const char *golden_sentence(const struct golden_folder *folder, double false_alarms);

void golden_print(const struct golden_folder *folder, double false_alarms, FILE *out);

/* CHANGES.md, xmalloc'ed, of all items that are stale. The pictures are linked as NAME.before.png
 * (where `has_before`) and `after`(item). */
struct golden_links {
    const bool *has_before; /* [n] */
    const char *(*after)(const struct golden_item *item);
};
char *golden_markdown(const struct golden_folder *folder, double false_alarms,
                      const struct golden_links *links);

/* "NAME.before.png", "NAME.after.png". Interned. */
const char *golden_before_png(const struct golden_item *item);
const char *golden_after_png(const struct golden_item *item);

#endif
