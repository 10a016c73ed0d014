#include "printable.h"

#include <string.h>

/* Bytes of the UTF-8 character at s (RFC 3629: no overlong forms, no surrogates), 0 if there is
 * none. */
static int utf8_length(const unsigned char *s)
{
    if (s[0] < 0x80)
        return s[0] ? 1 : 0;
    int n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4)
        return 0;
    for (int i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return n;
}

void printable(const char *text, char *out, size_t size)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t used = 0;
    while (*s && used + 5 < size) {
        int n = utf8_length(s);
        if (n == 0) {
            memcpy(out + used, "\xef\xbf\xbd", 3);
            used += 3;
            s++;
        } else if (*s < 0x20 || *s == 0x7f || (s[0] == 0xc2 && s[1] < 0xa0)) {
            out[used++] = ' ';
            s += n;
        } else {
            memcpy(out + used, s, (size_t)n);
            used += (size_t)n;
            s += n;
        }
    }
    out[used] = '\0';
}
