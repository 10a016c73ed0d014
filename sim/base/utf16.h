/*
 * UTF-16 (RFC 2781) as UTF-8, in pieces as they come. A surrogate without its other half becomes
 * U+FFFD.
 */
#ifndef UTF16_H
#define UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct utf16 {
    enum { UTF16_NOT, UTF16_LITTLE, UTF16_BIG } order;
    bool odd; /* a byte of a unit that is not whole yet is held */
    uint8_t held;
    uint32_t high; /* the first half of a pair; 0: none */
};

/* Tells by the first bytes of a text whether it is UTF-16: by its mark, or by a zero beside each of
 * the first two letters. Returns how many bytes of marks stand before it (of UTF-8 too). */
size_t utf16_begin(struct utf16 *utf16, const char *text, size_t size);

/* `size` bytes more; writes 3/2 of them + 3 at most. Returns how many. */
size_t utf16_read(struct utf16 *utf16, const char *text, size_t size, char *out);

#endif
