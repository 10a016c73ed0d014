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

/* Seats at a ring, places in it, and bytes of a stretch: with as many, what threads have to tell
 * each other (some 100 ns for each word) is a small part of the time that a stretch takes. */
enum { SEATS = 8, PLACES = 8, STRETCH_BYTES = 64 << 10 };

/* A stretch is drawn where fewer than this, from the seat's own on, are there or on the way. */
enum { AHEAD = 2 };

/* How often a seat looks whether another has drawn its stretch before it draws for itself. */
enum { LOOKS = 1000 };

enum { LINE = 64 /* bytes */, LINE_NUMBERS = LINE / sizeof(double) };
#define OWN_LINE _Alignas(LINE)

/* 2 s + 1: stretch s is being drawn; 2 s + 2: it is there. */
struct tag {
    OWN_LINE atomic_uint_fast64_t word;
};

struct ring {
    struct ring *next;
    size_t n_rows, blocks; /* rows; blocks in a stretch */
    struct ahead_row *rows;
    void *memory;
    double *numbers; /* in it: [stretch % PLACES][row][block][BLOCK] */
    struct tag tags[PLACES];
    OWN_LINE atomic_uint_fast64_t front; /* stretches before it have been drawn, or are being */
    OWN_LINE atomic_int seated;
    struct {
        OWN_LINE atomic_uint_fast64_t stretch; /* in use; none before it is. NOBODY: free */
    } seats[SEATS];
};

#define NOBODY UINT64_MAX

struct ahead {
    pthread_mutex_t lock;
    struct ring *rings; /* with somebody at them */
};

struct ahead_seat {
    struct ahead *ahead;
    struct ring *ring;
    int number;
    uint64_t next; /* block */
    bool shared;   /* the stretch is in the ring */
    double *own;   /* a block that is not; NULL: there was none yet */
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
    struct ring *ring = xaligned(sizeof *ring);
    size_t block = n * BLOCK * sizeof(double);
    ring->n_rows = n;
    ring->blocks = block < STRETCH_BYTES ? STRETCH_BYTES / block : 1;
    ring->rows = xmalloc(n * sizeof *rows);
    memcpy(ring->rows, rows, n * sizeof *rows);
    ring->memory = xmalloc(PLACES * ring->blocks * block + LINE);
    ring->numbers = (double *)((char *)ring->memory + LINE - (uintptr_t)ring->memory % LINE);
    for (int i = 0; i < SEATS; i++)
        atomic_init(&ring->seats[i].stretch, NOBODY);
    return ring;
}

static void ring_free(struct ring *ring)
{
    free(ring->rows);
    free(ring->memory);
    free(ring);
}

static size_t stride_of(const struct ring *ring)
{
    return ring->blocks * BLOCK;
}

static double *stretch_at(const struct ring *ring, uint64_t stretch)
{
    return ring->numbers + stretch % PLACES * ring->n_rows * stride_of(ring);
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

/* The stretch in use that is furthest behind. */
static uint64_t hindmost(const struct ring *ring)
{
    uint64_t least = NOBODY;
    for (int i = 0; i < SEATS; i++) {
        uint64_t stretch = atomic_load(&ring->seats[i].stretch);
        least = stretch < least ? stretch : least;
    }
    return least;
}

/* Takes on the next stretch that nobody has taken on, at least `from` (those before are skipped).
 * False where that would be `end` or later, where its place is in use, or another was faster. The
 * front is read before the seats: a seat that was taken while it was below PLACES is heeded. */
static bool take_on(struct ring *ring, uint64_t from, uint64_t end, uint64_t *stretch)
{
    uint64_t front = atomic_load(&ring->front), least = hindmost(ring);
    *stretch = front > from ? front : from;
    return *stretch < end && *stretch < least + PLACES &&
           atomic_compare_exchange_strong(&ring->front, &front, *stretch + 1);
}

static void draw_stretch(struct ring *ring, uint64_t stretch)
{
    atomic_uint_fast64_t *tag = &ring->tags[stretch % PLACES].word;
    double *to = stretch_at(ring, stretch);
    atomic_store_explicit(tag, 2 * stretch + 1, memory_order_release);
    for (size_t i = 0; i < ring->n_rows; i++)
        for (size_t k = 0; k < ring->blocks; k++, to += BLOCK) {
            OWN_LINE double block[BLOCK];
            draw(&ring->rows[i], stretch * ring->blocks + k, block);
            hand_over(block, to);
        }
    after_handing_over();
    atomic_store_explicit(tag, 2 * stretch + 2, memory_order_release);
}

/* Whether a stretch is there, within so many looks where somebody is at it. */
static bool is_there(const struct ring *ring, uint64_t stretch, int looks)
{
    const atomic_uint_fast64_t *tag = &ring->tags[stretch % PLACES].word;
    uint64_t is = atomic_load_explicit(tag, memory_order_acquire);
    while (--looks > 0 && is == 2 * stretch + 1) {
        wait_a_little();
        is = atomic_load_explicit(tag, memory_order_acquire);
    }
    return is == 2 * stretch + 2;
}

/* ---- a seat ---- */

/* At a ring of these rows that still has all from its start on; NULL: there is none. */
static struct ring *find_seat(struct ahead *ahead, const struct ahead_row *rows, size_t n,
                              int *number)
{
    for (struct ring *ring = ahead->rings; ring; ring = ring->next) {
        int i = 0;
        while (i < SEATS && atomic_load(&ring->seats[i].stretch) != NOBODY)
            i++;
        if (i == SEATS || ring->n_rows != n || memcmp(ring->rows, rows, n * sizeof *rows) != 0)
            continue;
        atomic_store(&ring->seats[i].stretch, 0);
        if (atomic_load(&ring->front) < PLACES) {
            *number = i;
            return ring;
        }
        atomic_store(&ring->seats[i].stretch, NOBODY);
    }
    return NULL;
}

struct ahead_seat *ahead_join(struct ahead *ahead, const struct ahead_row *rows, size_t n)
{
    struct ahead_seat *seat = xcalloc(1, sizeof *seat);
    assert(n > 0);
    seat->ahead = ahead;
    pthread_mutex_lock(&ahead->lock);
    seat->ring = find_seat(ahead, rows, n, &seat->number);
    if (!seat->ring) {
        seat->ring = ring_new(rows, n);
        atomic_store(&seat->ring->seats[0].stretch, 0);
        seat->ring->next = ahead->rings;
        ahead->rings = seat->ring;
    }
    atomic_fetch_add(&seat->ring->seated, 1);
    pthread_mutex_unlock(&ahead->lock);
    return seat;
}

void ahead_leave(struct ahead_seat *seat)
{
    if (!seat)
        return;
    struct ring *ring = seat->ring, **at = &seat->ahead->rings;
    pthread_mutex_lock(&seat->ahead->lock);
    atomic_store(&ring->seats[seat->number].stretch, NOBODY);
    bool last = atomic_fetch_sub(&ring->seated, 1) == 1;
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

/* On to the next stretch; whether it is in the ring. */
static bool move_on(struct ahead_seat *seat, uint64_t stretch)
{
    struct ring *ring = seat->ring;
    uint64_t other;
    atomic_store(&ring->seats[seat->number].stretch, stretch);
    bool there = is_there(ring, stretch, 1);
    bool alone = atomic_load_explicit(&ring->seated, memory_order_relaxed) == 1;
    if (alone && (there || stretch >= PLACES))
        return there;
    if (!there && take_on(ring, stretch, stretch + 1, &other)) {
        draw_stretch(ring, other);
        return true;
    }
    if (!alone && take_on(ring, stretch + 1, stretch + 1 + AHEAD, &other))
        draw_stretch(ring, other);
    return there || is_there(ring, stretch, LOOKS);
}

const double *ahead_take(struct ahead_seat *seat, size_t *stride)
{
    const struct ring *ring = seat->ring;
    const uint64_t block = seat->next++, stretch = block / ring->blocks;
    const size_t in_it = block % ring->blocks;
    if (in_it == 0)
        seat->shared = move_on(seat, stretch);
    if (seat->shared) {
        const double *numbers = stretch_at(ring, stretch) + in_it * BLOCK;
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
