#include "log_classes.h"

#include <ctype.h>
#include <string.h>

static bool is_taken(const struct log_classes *classes, const char *name)
{
    for (int i = 0; i < classes->n; i++)
        if (strcmp(classes->names[i], name) == 0)
            return true;
    return strcmp(name, "all") == 0;
}

/* A name that a scenario takes for this word. */
static const char *name_of(const struct log_classes *classes, const char *word)
{
    enum { LONGEST_NAME = 40 };
    char text[LONGEST_NAME + 1];
    size_t n = 0;
    for (; n < LONGEST_NAME && word[n]; n++) {
        bool plain = isalnum((unsigned char)word[n]) || word[n] == '_' || word[n] == '-';
        text[n] = plain ? word[n] : '-';
    }
    text[n] = '\0';
    bool named = isalpha((unsigned char)text[0]) && strcmp(text, "all") != 0;
    const char *name = named ? intern(text) : internf("class%s%s", n > 0 ? "-" : "", text);
    const char *own = name;
    for (int i = 2; is_taken(classes, own); i++)
        own = internf("%s-%d", name, i);
    return own;
}

int log_class_of(struct log_classes *classes, const char *word)
{
    int kept = classes->n < LOG_CLASSES ? classes->n : LOG_CLASSES;
    for (int i = 0; i < kept; i++)
        if (strcmp(classes->words[i], word) == 0)
            return i;
    if (classes->n < LOG_CLASSES) {
        const char *name = name_of(classes, word);
        classes->renamed = classes->renamed || strcmp(name, word) != 0;
        classes->words[classes->n] = intern(word);
        classes->names[classes->n] = name;
    }
    if (classes->n <= LOG_CLASSES)
        classes->n++;
    return classes->n - 1 < LOG_CLASSES ? classes->n - 1 : LOG_CLASSES;
}
