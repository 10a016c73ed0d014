/* summary.json: version, seed, engine, speed, audit, warnings and the rows of columns.csv under the
 * same names; what cannot be given is null. The only file that knows jansson. */
#ifndef SAVE_JSON_H
#define SAVE_JSON_H

#include "result.h"

char *save_summary_text(const struct result *result); /* xmalloc'ed, NUL-terminated */

#endif
