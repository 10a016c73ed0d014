/*
 * Trials of a network made by hand, as the laws want them: a web tier that calls a database, two
 * classes, a client. So that a test of rows, files or the audit knows every figure beforehand.
 */
#ifndef HANDMADE_H
#define HANDMADE_H

#include "../sim/engine/trial.h"

struct result;

enum { WEB, DB, ALL, CLIENT, PLACES };
enum { GOLD, REST, CLASSES };
enum { REPLICATIONS = 8, REQUESTS = 400 };

/* The scenario. */
extern const char handmade_text[];

/* How long a request takes, in units of what all of them take on average: everything at `web` twice
 * as long as at `db`, every fourth request of class gold, one in a hundred lost. */
double handmade_luck(uint32_t replication, uint32_t request);

/* One replication; all of them, whose audit must hold. */
struct trial *handmade_trial(const struct scenario *s, uint32_t replication);
struct result *handmade_result(const struct scenario *s);

#endif
