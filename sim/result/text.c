#include "text.h"

#include <stdlib.h>

#include "../base/err.h"
#include "crew.h"

char *text_room(struct text *text, size_t more)
{
    if (text->capacity - text->n < more) {
        text->capacity = 2 * (text->n + more);
        text->bytes = xrealloc(text->bytes, text->capacity);
    }
    return text->bytes + text->n;
}

struct wave {
    size_t first;
    struct text *texts;
    void (*part)(struct text *text, const void *context, size_t i);
    const void *context;
};

static void make(void *context, size_t i)
{
    const struct wave *wave = context;
    wave->texts[i].n = 0;
    wave->part(&wave->texts[i], wave->context, wave->first + i);
}

void text_parts(FILE *file, unsigned threads, size_t n,
                void (*part)(struct text *text, const void *context, size_t i), const void *context)
{
    enum { WAVE = 16 }; /* texts in memory at a time */
    struct text texts[WAVE] = {0};
    struct wave wave = {.texts = texts, .part = part, .context = context};
    for (; wave.first < n; wave.first += WAVE) {
        size_t many = n - wave.first < WAVE ? n - wave.first : WAVE;
        crew_each(threads, many, make, &wave);
        for (size_t i = 0; i < many; i++)
            fwrite(texts[i].bytes, 1, texts[i].n, file);
    }
    for (size_t i = 0; i < WAVE; i++)
        free(texts[i].bytes);
}
