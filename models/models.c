/* The families: what each choice of a scenario offers (list.h), and what the contract names that a
 * later version brings. */
#include "../sim/scenario/balancer.h"
#include "../sim/scenario/discipline.h"
#include "../sim/scenario/distribution.h"
#include "../sim/scenario/drop.h"
#include "../sim/scenario/limiter.h"
#include "../sim/scenario/policy.h"
#include "../sim/scenario/process.h"

#define DISTRIBUTION(symbol) extern const struct distribution distribution_##symbol;
#define PROCESS(symbol)      extern const struct arrival_process process_##symbol;
#define DISCIPLINE(symbol)   extern const struct discipline discipline_##symbol;
#define POLICY(symbol)       extern const struct policy policy_##symbol;
#define BALANCER(symbol)     extern const struct balancer balancer_##symbol;
#define DROP(symbol)         extern const struct drop_rule drop_##symbol;
#define LIMITER(symbol)      extern const struct limiter limiter_##symbol;
#include "list.h"

static const struct model *const distributions[] = {
#define DISTRIBUTION(symbol) &distribution_##symbol.model,
#include "list.h"
    NULL};
static const struct model *const processes[] = {
#define PROCESS(symbol) &process_##symbol.model,
#include "list.h"
    NULL};
static const struct model *const disciplines[] = {
#define DISCIPLINE(symbol) &discipline_##symbol.model,
#include "list.h"
    NULL};
static const struct model *const policies[] = {
#define POLICY(symbol) &policy_##symbol.model,
#include "list.h"
    NULL};
static const struct model *const balancers[] = {
#define BALANCER(symbol) &balancer_##symbol.model,
#include "list.h"
    NULL};

static const struct model *const drops[] = {
#define DROP(symbol) &drop_##symbol.model,
#include "list.h"
    NULL};
static const struct model *const limiters[] = {
#define LIMITER(symbol) &limiter_##symbol.model,
#include "list.h"
    NULL};

static const char *const none[] = {NULL};

const struct family distribution_family = {"distribution", distributions, none};
const struct family process_family = {"arrival process", processes, none};
const struct family discipline_family = {"discipline", disciplines, none};
const struct family policy_family = {"full-buffer policy", policies, none};
const struct family balancer_family = {"balancer", balancers, none};
const struct family drop_family = {"rule of buffer.drop", drops, none};
const struct family limiter_family = {"limit", limiters, none};
