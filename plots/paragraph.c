/* canvas_wrap: text broken into lines. */
#include <string.h>

#include "canvas.h"

/* Length of the longest start of `text` (in whole characters) that is at most `width` wide. */
static size_t fitting(struct canvas *canvas, const char *text, double width, double size, bool bold)
{
    char part[CANVAS_LINE_BYTES];
    size_t length = strlen(text), good = 0, low = 0, high = length;
    if (high > sizeof part - 8)
        high = sizeof part - 8;
    while (low <= high) {
        size_t middle = low + (high - low) / 2;
        memcpy(part, text, middle);
        part[middle] = '\0';
        if (canvas_text_width(canvas, part, size, bold) <= width) {
            good = middle;
            low = middle + 1;
        } else if (middle == 0) {
            break;
        } else {
            high = middle - 1;
        }
    }
    while (good > 0 && good < length && ((unsigned char)text[good] & 0xc0) == 0x80)
        good--;
    return good;
}

/* Whether the blank at `i` stands between a number and its unit, which stay together. */
static bool before_unit(const char *text, size_t i)
{
    static const char *const units[] = {"%", "ns", "us", "ms", "s", "min", "h", "d", "/s"};
    const char *word = text + i + 1;
    if (i == 0 || text[i] != ' ' || !strchr("0123456789", text[i - 1]))
        return false;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        size_t n = strlen(units[u]);
        if (strncmp(word, units[u], n) == 0 && (word[n] == '\0' || strchr(" ,;.)", word[n])))
            return true;
    }
    return false;
}

/* End of the last whole piece within the first `n` bytes, and where the next one starts. */
static bool break_at(const char *text, size_t n, const char *separator, size_t *end, size_t *next)
{
    size_t s = strlen(separator);
    for (size_t i = n; i > 0; i--)
        if (strncmp(text + i, separator, s) == 0 && !before_unit(text, i)) {
            *end = i;
            *next = i + s;
            return true;
        }
    return false;
}

/* Lines at one size; false if they are more than `most`, the last then ending in an ellipsis. */
static bool set_lines(struct canvas *canvas, const char *text, const char *separator, double width,
                      int most, double size, bool bold, struct paragraph *out)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    out->n = 0;
    out->size = size;
    while (*text) {
        size_t end = fitting(canvas, text, width, size, bold), next = end;
        bool whole = text[end] == '\0';
        bool last = out->n == most - 1;
        if (!whole && last) {
            double room = width - canvas_text_width(canvas, ellipsis, size, bold);
            end = fitting(canvas, text, room, size, bold);
        } else if (!whole && !break_at(text, end, separator, &end, &next)) {
            break_at(text, end, " ", &end, &next);
            if (next == 0) /* not even one character fits: take it all the same */
                next = end = strlen(text) < 4 ? strlen(text) : 4;
        }
        memcpy(out->line[out->n], text, end);
        memcpy(out->line[out->n] + end, !whole && last ? ellipsis : "",
               !whole && last ? sizeof ellipsis : 1);
        out->n++;
        if (!whole && last)
            return false;
        text += next;
    }
    return true;
}

void canvas_wrap(struct canvas *canvas, const char *text, const char *separator, double width,
                 int most, double size, double least, bool bold, struct paragraph *out)
{
    if (most > CANVAS_LINES)
        most = CANVAS_LINES;
    out->line[0][0] = '\0'; /* of an empty text there is no line */
    for (double now = size;; now *= 0.95) {
        bool at_least = now <= least;
        if (set_lines(canvas, text, separator, width, most, at_least ? least : now, bold, out) ||
            at_least)
            return;
    }
}
