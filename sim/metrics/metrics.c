#include "metrics.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "metrics_in.h"

void metrics_bad(struct scraped *facts, const char *file, int line, const char *format, ...)
{
    char why[METRICS_WHY];
    va_list args;
    facts->bad++;
    if (facts->bad_kept == METRICS_BAD_KEPT)
        return;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    facts->first_bad[facts->bad_kept++] =
        internf("%s:%d: %s", file, line, text_is_clean(why) ? why : "it is no text");
}

/* ---- names ---- */

static uint64_t hash_of(const char *text, uint64_t hash)
{
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3); /* FNV-1a */
    return hash;
}

static uint64_t hash_begin(uint64_t salt)
{
    return UINT64_C(0xcbf29ce484222325) ^ salt * UINT64_C(0x9e3779b97f4a7c15);
}

static uint64_t family_hash(const struct metrics *m, uint32_t i)
{
    return hash_of(m->family[i].name, hash_begin(0));
}

static uint64_t series_hash(const struct metrics *m, uint32_t i)
{
    return hash_of(m->series[i].labels, hash_begin(m->series[i].family));
}

/* Room for one more text; the slots are made anew where they would be half full. */
static void names_grow(const struct metrics *m, struct names *names,
                       uint64_t (*hash)(const struct metrics *, uint32_t))
{
    if (2 * (names->n + 1) <= names->slots)
        return;
    names->slots = names->slots ? 2 * names->slots : 1024;
    free(names->slot);
    names->slot = xcalloc(names->slots, sizeof *names->slot);
    for (uint32_t i = 0; i < names->n; i++) {
        size_t at = hash(m, i) & (names->slots - 1);
        while (names->slot[at])
            at = (at + 1) & (names->slots - 1);
        names->slot[at] = i + 1;
    }
}

static char *copy_of(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(xmalloc(size), text, size);
}

static void *room_for(void *old, struct names *names, size_t size)
{
    if (names->n < names->room)
        return old;
    names->room = names->room ? 2 * names->room : 64;
    return xrealloc(old, names->room * size);
}

static uint32_t family_number(struct metrics *m, const char *name)
{
    names_grow(m, &m->families, family_hash);
    size_t mask = m->families.slots - 1, at = hash_of(name, hash_begin(0)) & mask;
    for (; m->families.slot[at]; at = (at + 1) & mask)
        if (strcmp(m->family[m->families.slot[at] - 1].name, name) == 0)
            return m->families.slot[at] - 1;
    m->family = room_for(m->family, &m->families, sizeof *m->family);
    m->family[m->families.n] = (struct family){.name = copy_of(name)};
    return (m->families.slot[at] = (uint32_t)++m->families.n) - 1;
}

static uint32_t series_number(struct metrics *m, uint32_t family, const char *labels)
{
    names_grow(m, &m->all_series, series_hash);
    size_t mask = m->all_series.slots - 1, at = hash_of(labels, hash_begin(family)) & mask;
    for (; m->all_series.slot[at]; at = (at + 1) & mask) {
        const struct series *s = &m->series[m->all_series.slot[at] - 1];
        if (s->family == family && strcmp(s->labels, labels) == 0)
            return m->all_series.slot[at] - 1;
    }
    m->series = room_for(m->series, &m->all_series, sizeof *m->series);
    m->series[m->all_series.n] = (struct series){family, copy_of(labels)};
    return (m->all_series.slot[at] = (uint32_t)++m->all_series.n) - 1;
}

/* ---- lines ---- */

/* What a name ends in, cut off: "_bucket". */
static bool take_suffix(char *name, const char *suffix)
{
    size_t n = strlen(name), k = strlen(suffix);
    if (n <= k || strcmp(name + n - k, suffix) != 0)
        return false;
    name[n - k] = '\0';
    return true;
}

static int by_name(const void *a, const void *b)
{
    const struct exposition_label *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* The labels but `le` as one text (struct series); false: they hold what sets them apart. */
static bool labels_text(struct exposition *line, char *out, const char **le)
{
    char *to = out;
    qsort(line->label, (size_t)line->labels, sizeof *line->label, by_name);
    *le = NULL;
    for (int i = 0; i < line->labels; i++) {
        const struct exposition_label *l = &line->label[i];
        if (strcmp(l->name, "le") == 0) {
            *le = l->value;
            continue;
        }
        if (strpbrk(l->name, "\1\2") || strpbrk(l->value, "\1\2"))
            return false;
        *to++ = '\2';
        to = stpcpy(to, l->name);
        *to++ = '\1';
        to = stpcpy(to, l->value);
    }
    *to = '\0';
    return true;
}

static void keep(struct metrics *m, const struct metric_sample *sample)
{
    if (m->samples == m->samples_room) {
        m->samples_room = m->samples_room ? 2 * m->samples_room : 1024;
        m->sample = xrealloc(m->sample, m->samples_room * sizeof *m->sample);
    }
    m->sample[m->samples++] = *sample;
}

static const char *quantile_of(const struct exposition *line)
{
    for (int i = 0; i < line->labels; i++)
        if (strcmp(line->label[i].name, "quantile") == 0)
            return line->label[i].value;
    return NULL;
}

static const char *read_sample(struct metrics *m, struct exposition *line, int number)
{
    char labels[LINE_MOST + 2 * EXPOSITION_LABELS + 1];
    char name[LINE_MOST + 1];
    const char *le;
    if (quantile_of(line)) {
        uint32_t summary = family_number(m, line->name); /* before the array, which it may move */
        m->family[summary].points = true;
        return NULL;
    }
    memcpy(name, line->name, strlen(line->name) + 1); /* a line is no longer */
    struct metric_sample sample = {.file = m->files - 1, .line = number, .value = line->value};
    if (take_suffix(name, "_bucket"))
        sample.kind = SAMPLE_BUCKET;
    else if (take_suffix(name, "_count"))
        sample.kind = SAMPLE_COUNT;
    else if (take_suffix(name, "_sum"))
        sample.kind = SAMPLE_SUM;
    else if (take_suffix(name, "_created"))
        sample.kind = SAMPLE_CREATED;
    else
        return NULL; /* something else */
    if (!labels_text(line, labels, &le))
        return "a label holds control characters";
    if (sample.kind == SAMPLE_BUCKET && !le)
        return NULL; /* a metric of that name, and no histogram */
    if (sample.kind == SAMPLE_BUCKET && (!exposition_number(le, &sample.le) || isnan(sample.le)))
        return "its le is no number";
    if (sample.kind == SAMPLE_SUM ? isinf(line->value) : !isfinite(line->value))
        return "its value is not finite";
    if (sample.kind <= SAMPLE_COUNT && !(line->value >= 0 && line->value < 0x1p53))
        return "its count is negative, or beyond all counting";
    uint32_t family = family_number(m, name);
    m->family[family].buckets |= sample.kind == SAMPLE_BUCKET;
    sample.series = series_number(m, family, labels);
    sample.time = line->time;
    keep(m, &sample);
    return NULL;
}

static void read_line(struct metrics *m, char *text, int number)
{
    struct exposition line;
    const char *why = NULL;
    if (!exposition_read(text, &line, &why)) {
        metrics_bad(&m->facts, m->file[m->files - 1], number, "%s", why);
        return;
    }
    if (line.kind == EXPOSITION_TYPE || line.kind == EXPOSITION_UNIT) {
        const char *word =
            text_is_clean(line.word) && strlen(line.word) < 32 ? intern(line.word) : "unknown";
        uint32_t family = family_number(m, line.name);
        struct family *f = &m->family[family];
        *(line.kind == EXPOSITION_TYPE ? &f->type : &f->unit) = word;
    } else if (line.kind == EXPOSITION_SAMPLE && (why = read_sample(m, &line, number))) {
        metrics_bad(&m->facts, m->file[m->files - 1], number, "%s", why);
    }
}

static void read_lines(struct metrics *m, struct lines *lines)
{
    const char *why;
    for (char *text; (text = lines_next(lines, &why));) {
        m->facts.lines++;
        int number = lines_number(lines) > INT32_MAX ? INT32_MAX : (int)lines_number(lines);
        if (why)
            metrics_bad(&m->facts, m->file[m->files - 1], number, "%s", why);
        else
            read_line(m, text, number);
    }
}

bool metrics_read_lines(struct metrics *m, const char *name, struct lines *lines,
                        struct errors *errors)
{
    m->file[m->files++] = intern(name);
    read_lines(m, lines);
    const char *damage = lines_damage(lines);
    return !damage || error_at(errors, (struct place){name, 0, 0}, "%s", damage);
}

bool metrics_read(struct metrics *m, const char *file, struct place at, struct errors *errors)
{
    struct lines *lines = lines_open(file, at, errors);
    bool good = lines && metrics_read_lines(m, file, lines, errors);
    lines_close(lines);
    return good;
}

bool metrics_read_text(struct metrics *m, const char *name, const char *text, size_t size)
{
    struct lines *lines = lines_of(text, size);
    m->file[m->files++] = intern(name);
    read_lines(m, lines);
    lines_close(lines);
    return true;
}

bool metrics_are_likely(struct lines *lines)
{
    enum { LOOKED_AT = 16 };
    const char *why;
    bool likely = false;
    char *text;
    for (int i = 0; !likely && i < LOOKED_AT && (text = lines_next(lines, &why)); i++)
        likely = exposition_is_likely(text);
    lines_rewind(lines);
    return likely;
}

bool metrics_is_likely(const char *file)
{
    struct errors errors = {0};
    struct lines *lines = lines_open(file, (struct place){0}, &errors);
    bool likely = lines && metrics_are_likely(lines);
    lines_close(lines);
    return likely;
}

struct metrics *metrics_new(void)
{
    return xcalloc(1, sizeof(struct metrics));
}

void metrics_free(struct metrics *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->families.n; i++)
        free(m->family[i].name);
    for (size_t i = 0; i < m->all_series.n; i++)
        free(m->series[i].labels);
    free(m->families.slot);
    free(m->all_series.slot);
    free(m->family);
    free(m->series);
    free(m->sample);
    free(m);
}
