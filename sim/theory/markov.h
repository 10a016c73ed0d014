/*
 * Finite Markov chains in continuous time, given by what can happen in a state: found by exploring
 * from one state on, and solved by state reduction without subtractions, so that every probability
 * keeps nearly all its digits (Grassmann, Taksar and Heyman, "Regenerative analysis and steady
 * state distributions for Markov chains", Oper. Res. 33, 1985), inside a band: states are put in
 * the order of a level that moves change little.
 *
 * A state is a few whole numbers of 0 .. 32767. The chain must be irreducible: from every state
 * that is reached there is a way back to the first.
 */
#ifndef MARKOV_H
#define MARKOV_H

#include <stdbool.h>
#include <stddef.h>

enum { MARKOV_WORDS = 16 };

struct markov;

struct markov_model {
    size_t words;
    int start[MARKOV_WORDS];
    /* Calls markov_move for everything that can happen in `state`. */
    void (*moves)(struct markov *chain, const int *state, void *context);
    int (*level)(const int *state, void *context);
    void *context;
};

/* Adds a move at `rate` per second; 0 (or to the same state): none. */
void markov_move(struct markov *chain, double rate, const int *to);

/* NULL where there are more than so many states, or where solving takes more than so many
 * multiplications. Owned by the caller. */
struct markov *markov_of(const struct markov_model *model, size_t most_states, double most_cost);
void markov_free(struct markov *chain);

size_t markov_states(const struct markov *chain);
const int *markov_state(const struct markov *chain, size_t i);
double markov_probability(const struct markov *chain, size_t i);

/* Mean of a function of the state. */
double markov_mean(const struct markov *chain, double (*of)(const int *state, void *context),
                   void *context);

#endif
