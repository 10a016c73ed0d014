#include "terminal.h"

#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int terminal_width(FILE *stream)
{
    struct winsize size;
    if (!isatty(fileno(stream)))
        return 0;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

static int width_of(const char *text, int bytes)
{
    int width = 0;
    for (int i = 0; i < bytes; i++)
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    return width;
}

int terminal_text_width(const char *text)
{
    return width_of(text, (int)strlen(text));
}

void terminal_wrap(FILE *out, const char *text, int column, int indent, int width)
{
    for (bool first = true; *text; first = false) {
        int bytes = (int)strcspn(text, " "), length = width_of(text, bytes);
        if (!first && width > 0 && column + 1 + length > width) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (!first) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", bytes, text);
        column += length;
        text += bytes;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}
