#include "markov.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

struct move {
    uint32_t from, to;
    double rate;
};

struct markov {
    size_t words, n, room, most;
    int *state; /* n times words */
    struct move *move;
    size_t moves, moves_room;
    uint32_t *table; /* numbers of states + 1, by hash; size a power of two */
    size_t table_size;
    size_t now; /* the state that is being explored */
    double *p;
};

/* ---- exploring ---- */

static size_t slot_of(const struct markov *m, const int *state)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < m->words; i++)
        hash = (hash ^ (uint64_t)state[i]) * 1099511628211u;
    size_t at = (size_t)(hash ^ hash >> 29) & (m->table_size - 1);
    while (m->table[at] &&
           memcmp(m->state + (m->table[at] - 1) * m->words, state, m->words * sizeof *state) != 0)
        at = (at + 1) & (m->table_size - 1);
    return at;
}

static void grow_table(struct markov *m)
{
    free(m->table);
    m->table_size *= 2;
    m->table = xcalloc(m->table_size, sizeof *m->table);
    for (size_t i = 0; i < m->n; i++)
        m->table[slot_of(m, m->state + i * m->words)] = (uint32_t)i + 1;
}

static uint32_t number_of(struct markov *m, const int *state)
{
    size_t at = slot_of(m, state);
    if (m->table[at])
        return m->table[at] - 1;
    if (m->n == m->room) {
        m->room *= 2;
        m->state = xrealloc(m->state, m->room * m->words * sizeof *m->state);
    }
    memcpy(m->state + m->n * m->words, state, m->words * sizeof *state);
    m->table[at] = (uint32_t)++m->n;
    uint32_t number = (uint32_t)m->n - 1;
    if (2 * m->n > m->table_size)
        grow_table(m);
    return number;
}

void markov_move(struct markov *m, double rate, const int *to)
{
    if (!(rate > 0) || m->n > m->most)
        return;
    uint32_t number = number_of(m, to);
    if (number == m->now)
        return;
    if (m->moves == m->moves_room) {
        m->moves_room *= 2;
        m->move = xrealloc(m->move, m->moves_room * sizeof *m->move);
    }
    m->move[m->moves++] = (struct move){(uint32_t)m->now, number, rate};
}

static void explore(struct markov *m, const struct markov_model *model)
{
    int state[MARKOV_WORDS];
    (void)number_of(m, model->start);
    for (m->now = 0; m->now < m->n && m->n <= m->most; m->now++) {
        memcpy(state, m->state + m->now * m->words, m->words * sizeof *state);
        model->moves(m, state, model->context);
    }
}

/* ---- the order of states ---- */

struct rank {
    int level;
    uint32_t found;
};

static int by_level(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;
    if (x->level != y->level)
        return x->level < y->level ? -1 : 1;
    return x->found < y->found ? -1 : 1;
}

/* Numbers the states anew, by level. Returns the width of the band. */
static size_t arrange(struct markov *m, const struct markov_model *model)
{
    struct rank *rank = xmalloc(m->n * sizeof *rank);
    uint32_t *number = xmalloc(m->n * sizeof *number);
    int *state = xmalloc(m->n * m->words * sizeof *state);
    size_t band = 0;
    for (size_t i = 0; i < m->n; i++)
        rank[i] = (struct rank){model->level(m->state + i * m->words, model->context), (uint32_t)i};
    qsort(rank, m->n, sizeof *rank, by_level);
    for (size_t i = 0; i < m->n; i++) {
        number[rank[i].found] = (uint32_t)i;
        memcpy(state + i * m->words, m->state + rank[i].found * m->words, m->words * sizeof *state);
    }
    free(m->state);
    m->state = state;
    for (size_t k = 0; k < m->moves; k++) {
        struct move *move = &m->move[k];
        move->from = number[move->from];
        move->to = number[move->to];
        size_t apart = move->from > move->to ? move->from - move->to : move->to - move->from;
        band = apart > band ? apart : band;
    }
    free(number);
    free(rank);
    return band;
}

/* ---- solving ---- */

/* a[i][j] is at row i, j - i + band. */
static void reduce(double *a, size_t n, size_t band)
{
    size_t width = 2 * band + 1;
    for (size_t k = n - 1; k > 0; k--) {
        size_t first = k > band ? k - band : 0;
        const double *row = a + k * width + band - k; /* row[j], j from 0 */
        double out = 0;
        for (size_t j = first; j < k; j++)
            out += row[j];
        for (size_t i = first; i < k; i++) {
            double *other = a + i * width + band - i;
            if (other[k] == 0)
                continue;
            double share = other[k] /= out;
            for (size_t j = first; j < k; j++)
                other[j] += share * row[j]; /* other[i], the diagonal, is not looked at */
        }
    }
}

static bool solve(struct markov *m, size_t band, double most_cost)
{
    size_t width = 2 * band + 1;
    double cost = (double)m->n * (double)band * (double)band;
    if (cost > most_cost || (double)m->n * (double)width > 3e7)
        return false;
    double *a = xcalloc(m->n * width, sizeof *a), sum = 0;
    for (size_t k = 0; k < m->moves; k++)
        a[m->move[k].from * width + band + m->move[k].to - m->move[k].from] += m->move[k].rate;
    reduce(a, m->n, band);
    m->p = xcalloc(m->n, sizeof *m->p);
    m->p[0] = sum = 1;
    for (size_t k = 1; k < m->n; k++) {
        for (size_t i = k > band ? k - band : 0; i < k; i++)
            m->p[k] += m->p[i] * a[i * width + band + k - i];
        sum += m->p[k];
    }
    for (size_t k = 0; k < m->n; k++)
        m->p[k] /= sum;
    free(a);
    return isfinite(sum);
}

struct markov *markov_of(const struct markov_model *model, size_t most_states, double most_cost)
{
    struct markov *m = xcalloc(1, sizeof *m);
    *m = (struct markov){.words = model->words,
                         .room = 256,
                         .most = most_states,
                         .moves_room = 1024,
                         .table_size = 1024};
    m->state = xmalloc(m->room * m->words * sizeof *m->state);
    m->move = xmalloc(m->moves_room * sizeof *m->move);
    m->table = xcalloc(m->table_size, sizeof *m->table);
    explore(m, model);
    if (m->n <= most_states && solve(m, arrange(m, model), most_cost))
        return m;
    markov_free(m);
    return NULL;
}

void markov_free(struct markov *m)
{
    if (!m)
        return;
    free(m->state);
    free(m->move);
    free(m->table);
    free(m->p);
    free(m);
}

size_t markov_states(const struct markov *m)
{
    return m->n;
}

const int *markov_state(const struct markov *m, size_t i)
{
    return m->state + i * m->words;
}

double markov_probability(const struct markov *m, size_t i)
{
    return m->p[i];
}

double markov_mean(const struct markov *m, double (*of)(const int *state, void *context),
                   void *context)
{
    double sum = 0;
    for (size_t i = 0; i < m->n; i++)
        sum += m->p[i] * of(m->state + i * m->words, context);
    return sum;
}
