/*
 * Of the naive simulator's stations: consumers that come and go, whose pace changes
 * (naive_staff.c), or that serve several visits at once (naive_batch.c). Part of naive_world.h.
 */
#ifndef NAIVE_STAFF_H
#define NAIVE_STAFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct world;
struct station;
struct visit;

/* naive_staff.c */
bool naive_staffed(const struct world *w, const struct station *x);
bool naive_paced(const struct world *w, const struct station *x);
double naive_slowdown(const struct world *w, const struct station *x, double n);
bool naive_slows(const struct world *w, const struct station *owner);
double naive_weight(const struct world *w, const struct station *owner, const struct visit *v);
double naive_rate(const struct world *w, const struct station *owner);
void naive_staff_begin(struct world *w, struct station *x);
void naive_staff_end(struct station *x);
void naive_staff_take(struct world *w, struct station *x);
void naive_staff_idle(struct world *w, struct station *x);
void naive_staff_expire(struct world *w, struct station *x, size_t i);
bool naive_staff_grows(struct world *w, struct station *x, bool place);
bool naive_staff_grow(struct world *w, struct station *x, uint32_t visit);
void naive_staff_ask(struct world *w, struct station *x, double waited);
void naive_staff_started(struct world *w, struct station *x, size_t i);
void naive_staff_leave(struct world *w, struct station *x, uint32_t visit);
bool naive_fails(struct world *w, const struct visit *v);
void naive_staff_set_up(struct world *w, struct station *x);
void naive_staff_back(struct world *w, struct station *x, size_t i);
void naive_staff_shift(struct world *w, struct station *x);
void naive_staff_repaired(struct world *w, struct station *x, size_t i);
void naive_staff_live(struct world *w, struct station *x, uint32_t hand, bool serves);
void naive_staff_rest(struct world *w, const struct visit *v);
void naive_staff_fail(struct world *w, struct station *x, uint32_t hand);
bool naive_staff_leaves(struct world *w, struct station *x);
void naive_station_interrupt(struct world *w, struct station *owner, uint32_t visit);

/* naive_batch.c */
bool naive_batched(const struct world *w, const struct station *x);
bool naive_batch_is_first(const struct world *w, const struct station *x, size_t i);
double naive_batch_idle(const struct world *w, const struct station *x);
bool naive_batch_fits(const struct world *w, const struct station *x, const struct visit *v);
void naive_batch_begin(struct world *w, struct station *x);
void naive_batch_watch(struct world *w, struct station *x);
void naive_batch_waited(struct world *w, struct station *x);
void naive_batch_complete(struct world *w, struct station *x, uint32_t hand);
double naive_batch_spent(const struct world *w, const struct visit *v);

/* naive_step.c */
double naive_step_work(const struct world *w, const struct station *x, double size);
bool naive_stepped(const struct world *w, const struct station *x);
double naive_step_vacant(const struct world *w, const struct station *x);
void naive_step_begin(struct world *w, struct station *x);
void naive_step_iterate(struct world *w, struct station *x, uint32_t hand);
void naive_step_complete(struct world *w, struct station *x, uint32_t hand);
void naive_step_next(struct world *w, struct station *x, uint32_t hand);
void naive_step_left(struct world *w, struct station *x, uint32_t hand);

#endif
