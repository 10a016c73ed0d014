/* Blocks: where the parts of stages and sources are, how they are changed, and how equal ones are
 * one. */
#include "stages.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 8 };

/* A stage or source: its parts. */
struct spec {
    struct part {
        const char *bytes; /* NULL: all zero */
        size_t size;       /* of what is there; beyond it all is zero */
    } part[PARTS];
    uint64_t own; /* bits: parts that nobody else has, and that are there as a whole */
};

/* How the parts of one follow each other; part p is from cut[p] up to cut[p + 1]. Lists end their
 * part, at `list` with elements of `stride` (0: it has none); there is no more of them than is
 * counted, by the numbers from `count` up to the list (of several one is not 0). */
struct cutting {
    size_t n, cut[PARTS + 1], list[PARTS], stride[PARTS], count[PARTS];
};

#define STAGE(f)  offsetof(struct stage_spec, f)
#define SOURCE(f) offsetof(struct source_spec, f)
static const struct cutting stage_cut = {
    PARTS,
    {0, STAGE(to), STAGE(calls), STAGE(sizes), STAGE(kinds), STAGE(trouble), STAGE(staff),
     STAGE(again), sizeof(struct stage_spec)},
    {0, offsetof(struct to_spec, legs), offsetof(struct calls_spec, steps),
     offsetof(struct sizes_spec, laws), offsetof(struct kinds_spec, kinds),
     offsetof(struct trouble_spec, outages)},
    {0, sizeof(struct leg_spec), sizeof(struct step_spec), sizeof(struct class_law),
     sizeof(struct kind_spec), sizeof(struct outage_spec)},
    {0, offsetof(struct to_spec, shares), 0, 0, 0, offsetof(struct trouble_spec, outages_count)}};
static const struct cutting source_cut = {6,
                                          {0, SOURCE(arrivals), SOURCE(arrivals.params), SOURCE(to),
                                           SOURCE(client), SOURCE(burst),
                                           sizeof(struct source_spec)},
                                          {0, 0, 0, offsetof(struct to_spec, legs)},
                                          {0, 0, sizeof(double), sizeof(struct leg_spec)},
                                          {0, 0, 0, offsetof(struct to_spec, shares)}};

/* ---- equal blocks are one ---- */

static struct {
    pthread_mutex_t lock;
    struct kept {
        uint64_t hash;
        size_t size;
        char *bytes;
    } * slots;
    size_t n, size;
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

static uint64_t hash(const char *bytes, size_t size)
{
    uint64_t h = 0xcbf29ce484222325u; /* FNV-1a (Fowler, Noll, Vo 1991), by words */
    for (size_t i = 0; i + 8 <= size; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        h = (h ^ word) * 0x100000001b3u;
        h ^= h >> 29;
    }
    return h;
}

static struct kept *slot_of(uint64_t h, const char *bytes, size_t size)
{
    size_t i = h & (kept.size - 1);
    for (; kept.slots[i].bytes; i = (i + 1) & (kept.size - 1)) {
        const struct kept *slot = &kept.slots[i];
        if (bytes && slot->hash == h && slot->size == size && memcmp(slot->bytes, bytes, size) == 0)
            break;
    }
    return &kept.slots[i];
}

static void grow(void)
{
    struct kept *old = kept.slots;
    size_t size = kept.size;
    kept.size = size ? 2 * size : 256;
    kept.slots = xcalloc(kept.size, sizeof *kept.slots);
    for (size_t i = 0; i < size; i++)
        if (old[i].bytes)
            *slot_of(old[i].hash, NULL, 0) = old[i];
    free(old);
}

/* The block of this content; `size` is a multiple of 8. */
static const char *keep(const char *bytes, size_t size)
{
    uint64_t h = hash(bytes, size);
    pthread_mutex_lock(&kept.lock);
    if (2 * kept.n >= kept.size)
        grow();
    struct kept *slot = slot_of(h, bytes, size);
    if (!slot->bytes) {
        *slot = (struct kept){h, size, memcpy(xmalloc(size), bytes, size)};
        kept.n++;
    }
    const char *found = slot->bytes;
    pthread_mutex_unlock(&kept.lock);
    return found;
}

/* ---- where an offset leads ---- */

struct spot {
    const struct cutting *cutting;
    const struct spec **slot; /* in the scenario */
    size_t part, inside;
};

static size_t part_of(const struct cutting *cutting, size_t offset)
{
    size_t part = 0;
    while (offset >= cutting->cut[part + 1])
        part++;
    return part;
}

static struct spot spot_of(const struct scenario *s, size_t offset)
{
    bool source = offset >= SPEC_SOURCES;
    const struct cutting *cutting = source ? &source_cut : &stage_cut;
    size_t span = cutting->cut[cutting->n];
    size_t at = offset - (source ? SPEC_SOURCES : SPEC_STAGES), i = at / span;
    assert(offset >= SPEC_STAGES && i < (source ? MAX_SOURCES + 1 : MAX_STAGES + 1));
    const struct spec *const *slots = source ? s->sources : s->stages;
    struct spot spot = {.cutting = cutting, .slot = (const struct spec **)(uintptr_t)&slots[i]};
    spot.part = part_of(cutting, at % span);
    spot.inside = at % span - cutting->cut[spot.part];
    return spot;
}

/* What is read beyond the end of what is there. */
static const char zeros[sizeof(struct stage_spec)];

static const char *part_bytes(const struct spec *spec, size_t part)
{
    return spec && spec->part[part].bytes ? spec->part[part].bytes : zeros;
}

const void *field_at(const struct scenario *s, size_t offset)
{
    if (offset < sizeof *s)
        return (const char *)s + offset;
    struct spot spot = spot_of(s, offset);
    const struct spec *spec = *spot.slot;
    bool there = spec && spot.inside < spec->part[spot.part].size;
    return (there ? spec->part[spot.part].bytes : zeros) + spot.inside;
}

/* ---- changing ---- */

enum { CHANGED = 1, HELD = 2 }; /* bits of scenario.changing */

static struct spec *own_spec(struct scenario *s, const struct spot *spot)
{
    const struct spec *old = *spot->slot;
    if (old && old->own)
        return (struct spec *)(uintptr_t)old;
    struct spec *own = xcalloc(1, sizeof *own);
    if (old)
        *own = *old;
    *spot->slot = own;
    s->changing |= CHANGED;
    return own;
}

static char *own_part(struct scenario *s, const struct spot *spot)
{
    struct spec *spec = own_spec(s, spot);
    struct part *part = &spec->part[spot->part];
    if (!(spec->own >> spot->part & 1)) {
        size_t whole = spot->cutting->cut[spot->part + 1] - spot->cutting->cut[spot->part];
        char *bytes = xcalloc(1, whole);
        if (part->bytes)
            memcpy(bytes, part->bytes, part->size);
        *part = (struct part){bytes, whole};
        spec->own |= (uint64_t)1 << spot->part;
    }
    return (char *)(uintptr_t)part->bytes;
}

void *field_own(struct scenario *s, size_t offset)
{
    if (offset < sizeof *s)
        return (char *)s + offset;
    struct spot spot = spot_of(s, offset);
    return own_part(s, &spot) + spot.inside;
}

void field_zero(struct scenario *s, size_t offset, size_t n)
{
    while (n > 0) {
        if (offset < sizeof *s) {
            memset((char *)s + offset, 0, n);
            return;
        }
        struct spot spot = spot_of(s, offset);
        size_t whole = spot.cutting->cut[spot.part + 1] - spot.cutting->cut[spot.part];
        size_t here = n < whole - spot.inside ? n : whole - spot.inside;
        const struct spec *spec = *spot.slot;
        if (spec && spot.inside < spec->part[spot.part].size)
            memset(own_part(s, &spot) + spot.inside, 0, here);
        offset += here;
        n -= here;
    }
}

/* Bytes of a part that are worth keeping: 0 where all are 0. */
static size_t used(const struct cutting *cutting, size_t p, const char *bytes)
{
    size_t size = cutting->cut[p + 1] - cutting->cut[p], list = cutting->list[p], n = 0;
    if (memcmp(bytes, zeros, size) == 0)
        return 0;
    if (list == 0) {
        while (cutting->stride[p] > 0 && memcmp(bytes + size - 8, zeros, 8) == 0)
            size -= 8; /* a block of which the most is rarely used */
        return size;
    }
    for (size_t at = cutting->count[p]; at < list; at += sizeof(double)) {
        double counted;
        memcpy(&counted, bytes + at, sizeof counted);
        n = (size_t)counted > n ? (size_t)counted : n;
    }
    return list + n * cutting->stride[p];
}

static void settle(const struct cutting *cutting, const struct spec **slot)
{
    struct spec *own = (struct spec *)(uintptr_t)*slot;
    bool empty = true;
    if (!own || !own->own)
        return;
    for (size_t p = 0; p < cutting->n; p++) {
        struct part *part = &own->part[p];
        if (own->own >> p & 1) {
            char *bytes = (char *)(uintptr_t)part->bytes;
            size_t size = used(cutting, p, bytes);
            *part = (struct part){size > 0 ? keep(bytes, size) : NULL, size};
            free(bytes);
        }
        empty &= !part->bytes;
    }
    own->own = 0;
    *slot = empty ? NULL : (const struct spec *)(const void *)keep((const char *)own, sizeof *own);
    free(own);
}

void spec_settle(struct scenario *s)
{
    if (s->changing != CHANGED) /* nothing is, or it is held */
        return;
    for (size_t i = 0; i <= MAX_STAGES; i++)
        settle(&stage_cut, &s->stages[i]);
    for (size_t i = 0; i <= MAX_SOURCES; i++)
        settle(&source_cut, &s->sources[i]);
    s->changing = 0;
}

void spec_hold(struct scenario *s)
{
    s->changing |= HELD;
}

void spec_release(struct scenario *s)
{
    s->changing &= ~(uint64_t)HELD;
    spec_settle(s);
}

/* ---- reading ---- */

static const void *part(const struct scenario *s, size_t i, size_t part)
{
    return part_bytes(s->stages[i], part);
}

const struct stage_core *stage_core(const struct scenario *s, size_t i)
{
    return part(s, i, 0);
}

const struct to_spec *stage_to(const struct scenario *s, size_t i)
{
    return part(s, i, 1);
}

const struct calls_spec *stage_calls(const struct scenario *s, size_t i)
{
    return part(s, i, 2);
}

const struct sizes_spec *stage_sizes(const struct scenario *s, size_t i)
{
    return part(s, i, 3);
}

const struct kinds_spec *stage_kinds(const struct scenario *s, size_t i)
{
    return part(s, i, 4);
}

const struct trouble_spec *stage_trouble(const struct scenario *s, size_t i)
{
    return part(s, i, 5);
}

const struct staff_spec *stage_staff(const struct scenario *s, size_t i)
{
    const struct staff_spec *staff = part(s, i, 6);
    const double said[] = {
        staff->max,        staff->grow,      staff->wakes,       staff->error_rate,
        staff->contention, staff->coherency, staff->failed,      staff->fails,
        staff->repeat,     staff->batch_max, staff->batch_wait,  staff->batch_at_least,
        staff->step_base,  staff->step_each, staff->step_memory, staff->step_beyond};
    bool any = staff->shifts > 0 || staff->start_delay.model || staff->keep_alive.model ||
               staff->setup.model || staff->vacation.model || staff->time_to_failure.model ||
               staff->repair_time.model;
    for (size_t k = 0; k < sizeof said / sizeof *said && !any; k++)
        any = !isnan(said[k]);
    return any && (const void *)staff != zeros ? staff : NULL;
}

const struct again_spec *stage_again(const struct scenario *s, size_t i)
{
    return part(s, i, 7);
}

const struct source_core *source_core(const struct scenario *s, size_t i)
{
    return (const void *)part_bytes(s->sources[i], 0);
}

const struct to_spec *source_to(const struct scenario *s, size_t i)
{
    return (const void *)part_bytes(s->sources[i], 3);
}

struct arrivals source_arrivals(const struct scenario *s, size_t i)
{
    struct arrivals a = {0};
    const struct spec *spec = s->sources[i];
    memcpy(&a, part_bytes(spec, 1), offsetof(struct arrivals, params));
    if (spec && spec->part[2].bytes)
        memcpy(a.params, spec->part[2].bytes, spec->part[2].size);
    return a;
}

const struct client_spec *source_client(const struct scenario *s, size_t i)
{
    return (const void *)part_bytes(s->sources[i], 4);
}

const struct client_spec *scenario_client(const struct scenario *s, size_t source)
{
    const struct client_spec *c =
        source_client(s, s->sources_count > 0 ? source : SPEC_MAIN_SOURCE);
    return client_says(c) ? c : NULL;
}

const struct burst_spec *source_burst(const struct scenario *s, size_t i)
{
    return (const void *)part_bytes(s->sources[i], 5);
}

const struct burst_spec *scenario_burst(const struct scenario *s, size_t source)
{
    return source_burst(s, s->sources_count > 0 ? source : SPEC_MAIN_SOURCE);
}

size_t stage_find(const struct scenario *s, const char *name)
{
    for (size_t i = 0; i < (size_t)s->stages_count; i++)
        if (strcmp(stage_core(s, i)->name, name) == 0)
            return i;
    return SIZE_MAX;
}

void source_alone(const struct scenario *s, size_t i, struct scenario *out)
{
    *out = *s;
    if (s->sources_count > 0)
        out->arrivals = source_arrivals(s, i);
    const struct burst_spec *burst = scenario_burst(s, i);
    out->stages_count = out->sources_count = 0;
    if (burst_says(burst) && s->sources_count > 0) {
        memcpy(field_own(out, SPEC_SOURCES + SPEC_MAIN_SOURCE * sizeof(struct source_spec) +
                                  SOURCE(burst)),
               burst, sizeof *burst);
        spec_settle(out);
    }
}
