/*
 * What a command has to say beside its answer: warnings and notes, kept while it works and said
 * behind the answer, on standard error, one line each (wrapped where that is a terminal). What was
 * said once is not said again; with --quiet nothing is.
 */
#ifndef REMARKS_H
#define REMARKS_H

#include <stdbool.h>

/* "warning: TEXT"; "note: TEXT"; HEAD with what follows it. */
void remarks_warn(const char *text);
void remarks_note(const char *text);
void remarks_add(const char *head, const char *text);

/* From now on, and of what is kept, nothing is said. */
void remarks_leave_out(void);

/* Says what is kept; behind what standard output has been given. */
void remarks_say(void);

#endif
