#include "utf16.h"

#include <ctype.h>
#include <string.h>

static bool letter(char c)
{
    return isprint((unsigned char)c) && c != '\0';
}

size_t utf16_begin(struct utf16 *utf16, const char *text, size_t size)
{
    *utf16 = (struct utf16){.order = UTF16_NOT};
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        return 3;
    if (size < 2)
        return 0;
    bool little = memcmp(text, "\xff\xfe", 2) == 0, big = memcmp(text, "\xfe\xff", 2) == 0;
    if (little || big) {
        utf16->order = little ? UTF16_LITTLE : UTF16_BIG;
        return 2;
    }
    if (size >= 4 && letter(text[0]) && !text[1] && letter(text[2]) && !text[3])
        utf16->order = UTF16_LITTLE;
    else if (size >= 4 && !text[0] && letter(text[1]) && !text[2] && letter(text[3]))
        utf16->order = UTF16_BIG;
    return 0;
}

static char *put(char *out, uint32_t c)
{
    static const struct {
        uint32_t below;
        uint8_t mark;
        int more;
    } forms[] = {{0x80, 0, 0}, {0x800, 0xc0, 1}, {0x10000, 0xe0, 2}, {0x110000, 0xf0, 3}};
    int i = 0;
    while (c >= forms[i].below)
        i++;
    *out++ = (char)(forms[i].mark | (c >> (6 * forms[i].more)));
    for (int shift = 6 * (forms[i].more - 1); shift >= 0; shift -= 6)
        *out++ = (char)(0x80 | (c >> shift & 0x3f));
    return out;
}

static char *take_unit(struct utf16 *utf16, uint32_t unit, char *out)
{
    enum { LOST = 0xfffd };
    bool low = unit >= 0xdc00 && unit < 0xe000, high = unit >= 0xd800 && unit < 0xdc00;
    if (low && utf16->high) {
        out = put(out, 0x10000 + ((utf16->high - 0xd800) << 10) + (unit - 0xdc00));
        utf16->high = 0;
        return out;
    }
    if (utf16->high)
        out = put(out, LOST);
    utf16->high = high ? unit : 0;
    return high ? out : put(out, low ? LOST : unit);
}

size_t utf16_read(struct utf16 *utf16, const char *text, size_t size, char *out)
{
    char *end = out;
    for (size_t i = 0; i < size; i++) {
        uint32_t byte = (uint8_t)text[i];
        utf16->odd = !utf16->odd;
        if (utf16->odd) {
            utf16->held = (uint8_t)byte;
            continue;
        }
        uint32_t first = utf16->held;
        end = take_unit(utf16, utf16->order == UTF16_BIG ? first << 8 | byte : byte << 8 | first,
                        end);
    }
    return (size_t)(end - out);
}
