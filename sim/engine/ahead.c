#include "ahead.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

#include "../base/err.h"

/* Seats at a ring, and bytes of a stretch: with as many, what threads have to tell each other (some
 * 100 ns for each word) is a small part of the time that a stretch takes. */
enum { SEATS = 8, STRETCH_BYTES = 64 << 10 };

/* Stretches between the first and the last seat: some milliseconds, as long as a thread may have to
 * wait for a core. And how many are kept for those who may come: all of them, or a few. */
enum { MOST_KEPT = 128, SOME_KEPT = 4 };

/* A stretch is drawn where no more than this are there, or on the way, beyond the seat's own. */
enum { AHEAD = 2 };

/* How often a seat looks whether another has drawn its stretch before it draws for itself. */
enum { LOOKS = 1000 };

enum { LINE = 64 /* bytes */, LINE_NUMBERS = LINE / sizeof(double) };

struct stretch {
    double *numbers; /* [row][block][BLOCK]; NULL: it was skipped */
    atomic_bool there;
};

struct ring {
    struct ring *next;
    struct ahead_row *rows;
    size_t n_rows, blocks; /* blocks in a stretch */
    pthread_mutex_t lock;  /* over what follows */
    unsigned seated, expected;
    uint64_t kept;        /* the first so many are kept for those who come late */
    uint64_t tail, front; /* stretches from one to before the other are there, or on the way */
    struct stretch stretches[MOST_KEPT]; /* number s at s % MOST_KEPT */
    double *spare[MOST_KEPT];            /* the last one given back is the next one used */
    size_t n_spare;
    uint64_t at[SEATS]; /* stretch in use; NOBODY: the seat is free */
};

#define NOBODY UINT64_MAX

struct ahead {
    pthread_mutex_t lock; /* before a ring's */
    struct ring *rings;   /* with somebody at them */
};

struct ahead_seat {
    struct ahead *ahead;
    struct ring *ring;
    int number;
    uint64_t next;         /* block */
    const double *stretch; /* in the ring; NULL: it draws for itself */
    double *own;           /* a block that is not; NULL: there was none yet */
};

struct ahead *ahead_new(void)
{
    struct ahead *ahead = xcalloc(1, sizeof *ahead);
    pthread_mutex_init(&ahead->lock, NULL);
    return ahead;
}

void ahead_free(struct ahead *ahead)
{
    if (!ahead)
        return;
    assert(!ahead->rings);
    pthread_mutex_destroy(&ahead->lock);
    free(ahead);
}

/* ---- a ring ---- */

static struct ring *ring_new(const struct ahead_row *rows, size_t n)
{
    struct ring *ring = xcalloc(1, sizeof *ring);
    size_t block = n * BLOCK * sizeof(double);
    ring->n_rows = n;
    ring->blocks = block < STRETCH_BYTES ? STRETCH_BYTES / block : 1;
    ring->rows = xmalloc(n * sizeof *rows);
    memcpy(ring->rows, rows, n * sizeof *rows);
    pthread_mutex_init(&ring->lock, NULL);
    ring->kept = SOME_KEPT;
    for (int i = 0; i < SEATS; i++)
        ring->at[i] = NOBODY;
    return ring;
}

/* On lines of its own; nothing is there. */
static double *on_lines(size_t size)
{
    double *numbers = aligned_alloc(LINE, size);
    if (numbers)
        return numbers;
    return xaligned(size); /* which says why there is none */
}

static struct stretch *stretch_of(struct ring *ring, uint64_t number)
{
    return &ring->stretches[number % MOST_KEPT];
}

static void give_back(struct ring *ring, struct stretch *stretch)
{
    if (stretch->numbers)
        ring->spare[ring->n_spare++] = stretch->numbers;
    stretch->numbers = NULL;
}

static void ring_free(struct ring *ring)
{
    for (; ring->tail < ring->front; ring->tail++)
        give_back(ring, stretch_of(ring, ring->tail));
    while (ring->n_spare > 0)
        free(ring->spare[--ring->n_spare]);
    pthread_mutex_destroy(&ring->lock);
    free(ring->rows);
    free(ring);
}

static size_t stride_of(const struct ring *ring)
{
    return ring->blocks * BLOCK;
}

/* BLOCK numbers of a row. */
static void draw(const struct ahead_row *row, uint64_t block, double *out)
{
    const struct process_view view = {.stream = row->stream}; /* units need no more */
    if (row->kind == AHEAD_UNITS)
        row->process->units(&view, block * BLOCK, BLOCK, out);
    else
        law_model(&row->law)->fill(row->law.params, &row->stream, block * BLOCK, BLOCK, out);
}

/* To where other cores read it. */
static void hand_over(const double *block, double *to)
{
#if defined(__x86_64__)
    for (int i = 0; i < BLOCK; i += 2)
        _mm_stream_pd(to + i, _mm_load_pd(block + i));
#else
    memcpy(to, block, BLOCK * sizeof *to);
#endif
}

static void after_handing_over(void)
{
#if defined(__x86_64__)
    _mm_sfence();
#endif
}

static void wait_a_little(void)
{
#if defined(__x86_64__)
    _mm_pause();
#endif
}

/* Gives back what all seats have left behind, and nobody can come for. */
static void tidy(struct ring *ring)
{
    uint64_t least = NOBODY;
    for (int i = 0; i < SEATS; i++)
        least = ring->at[i] < least ? ring->at[i] : least;
    for (; ring->front >= ring->kept && ring->tail < ring->front && ring->tail < least;
         ring->tail++)
        give_back(ring, stretch_of(ring, ring->tail));
}

/* Takes on a stretch, from the front on; those between are skipped. NULL: it is too far ahead. */
static struct stretch *take_on(struct ring *ring, uint64_t number)
{
    if (number - ring->tail >= MOST_KEPT)
        return NULL;
    for (; ring->front <= number; ring->front++)
        *stretch_of(ring, ring->front) = (struct stretch){NULL, false};
    struct stretch *stretch = stretch_of(ring, number);
    size_t size = ring->n_rows * stride_of(ring) * sizeof(double);
    stretch->numbers = ring->n_spare > 0 ? ring->spare[--ring->n_spare] : on_lines(size);
    return stretch;
}

/* Without the lock: a stretch on the way is its drawer's, who is not past it. */
static void draw_stretch(struct ring *ring, struct stretch *stretch, uint64_t number)
{
    double *to = stretch->numbers;
    for (size_t i = 0; i < ring->n_rows; i++)
        for (size_t k = 0; k < ring->blocks; k++, to += BLOCK) {
            _Alignas(LINE) double block[BLOCK];
            draw(&ring->rows[i], number * ring->blocks + k, block);
            hand_over(block, to);
        }
    after_handing_over();
    atomic_store_explicit(&stretch->there, true, memory_order_release);
}

/* ---- a seat ---- */

/* At a ring of these rows that still has all from its start on; NULL: there is none. */
static struct ring *find_seat(struct ahead *ahead, const struct ahead_row *rows, size_t n,
                              int *number)
{
    for (struct ring *ring = ahead->rings; ring; ring = ring->next) {
        if (ring->n_rows != n || memcmp(ring->rows, rows, n * sizeof *rows) != 0)
            continue;
        pthread_mutex_lock(&ring->lock);
        int i = 0;
        while (i < SEATS && ring->at[i] != NOBODY)
            i++;
        bool found = i < SEATS && ring->tail == 0 && ring->front < ring->kept;
        if (found) {
            ring->at[i] = 0;
            ring->seated++;
            ring->kept = ring->seated == ring->expected ? 0 : ring->kept;
        }
        pthread_mutex_unlock(&ring->lock);
        *number = i;
        if (found)
            return ring;
    }
    return NULL;
}

struct ahead_seat *ahead_join(struct ahead *ahead, const struct ahead_row *rows, size_t n,
                              unsigned expected)
{
    struct ahead_seat *seat = xcalloc(1, sizeof *seat);
    assert(n > 0);
    seat->ahead = ahead;
    pthread_mutex_lock(&ahead->lock);
    seat->ring = find_seat(ahead, rows, n, &seat->number);
    if (!seat->ring) {
        struct ring *ring = seat->ring = ring_new(rows, n);
        seat->number = 0; /* it is not that of a full ring */
        ring->at[0] = 0;
        ring->seated = 1;
        ring->expected = expected;
        ring->kept = expected > 1 ? MOST_KEPT : SOME_KEPT;
        ring->next = ahead->rings;
        ahead->rings = ring;
    }
    pthread_mutex_unlock(&ahead->lock);
    return seat;
}

void ahead_leave(struct ahead_seat *seat)
{
    if (!seat)
        return;
    struct ring *ring = seat->ring, **at = &seat->ahead->rings;
    pthread_mutex_lock(&seat->ahead->lock);
    pthread_mutex_lock(&ring->lock);
    ring->at[seat->number] = NOBODY;
    bool last = --ring->seated == 0;
    pthread_mutex_unlock(&ring->lock);
    while (last && *at != ring)
        at = &(*at)->next;
    if (last)
        *at = ring->next;
    pthread_mutex_unlock(&seat->ahead->lock);
    if (last)
        ring_free(ring);
    free(seat->own);
    free(seat);
}

/* Where the stretch is that the seat is at: there or on the way; else NULL. With the lock. */
static struct stretch *find(struct ring *ring, uint64_t number)
{
    bool has = number >= ring->tail && number < ring->front;
    return has && stretch_of(ring, number)->numbers ? stretch_of(ring, number) : NULL;
}

/* The numbers of a stretch, if they come within so many looks. */
static const double *numbers_of(const struct stretch *stretch)
{
    if (!stretch)
        return NULL;
    for (int i = 0; i < LOOKS; i++) {
        if (atomic_load_explicit(&stretch->there, memory_order_acquire))
            return stretch->numbers;
        wait_a_little();
    }
    return NULL;
}

/* On to the next stretch, and draws one where it should. */
static const double *move_on(struct ahead_seat *seat, uint64_t number)
{
    struct ring *ring = seat->ring;
    struct stretch *drawn = NULL;
    uint64_t to_draw = number;
    pthread_mutex_lock(&ring->lock);
    ring->at[seat->number] = number;
    tidy(ring);
    struct stretch *own = find(ring, number);
    bool alone = ring->seated == 1;
    if (!own && number >= ring->front && !(alone && number >= ring->kept))
        own = drawn = take_on(ring, number);
    else if (!alone && ring->front > number && ring->front <= number + AHEAD)
        drawn = take_on(ring, to_draw = ring->front);
    pthread_mutex_unlock(&ring->lock);
    if (drawn)
        draw_stretch(ring, drawn, to_draw);
    return numbers_of(own);
}

const double *ahead_take(struct ahead_seat *seat, size_t *stride)
{
    const struct ring *ring = seat->ring;
    const uint64_t block = seat->next++;
    const size_t in_it = block % ring->blocks;
    if (in_it == 0)
        seat->stretch = move_on(seat, block / ring->blocks);
    if (seat->stretch) {
        const double *numbers = seat->stretch + in_it * BLOCK;
        *stride = stride_of(ring);
        for (size_t i = 0; i < ring->n_rows && in_it + 1 < ring->blocks; i++)
            for (size_t k = 0; k < BLOCK; k += LINE_NUMBERS)
                __builtin_prefetch(numbers + i * *stride + BLOCK + k, 0, 2);
        return numbers;
    }
    *stride = BLOCK;
    if (!seat->own)
        seat->own = xaligned(ring->n_rows * BLOCK * sizeof(double));
    for (size_t i = 0; i < ring->n_rows; i++)
        draw(&ring->rows[i], block, seat->own + i * BLOCK);
    return seat->own;
}
