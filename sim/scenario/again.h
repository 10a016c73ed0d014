/*
 * What a stage does about visits that fail (networks.md, concept 2): it lets them back into its
 * buffer, later (`retry`), and sends those that have failed for good to another stage
 * (`dead_letter`). A part of a stage, a plain value, as the rows read it: what is not given is NAN
 * or NULL (and 0 in a block that nobody has written to).
 */
#ifndef AGAIN_H
#define AGAIN_H

#include "client.h"
#include "policy.h"

struct again_spec {
    struct retry_spec retry;
    const char *dead_letter; /* a stage; NULL: nowhere */
};

/* What has become of a visit, as far as it can be tried again; OUTCOMES: it cannot (what is dropped
 * in silence, withdrawn or cancelled is gone). Its patience was over: a timeout. */
enum outcome again_outcome(enum loss why);

#endif
