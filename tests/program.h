/*
 * The program itself, run by tests as a user runs it: the binary named by the environment variable
 * QUEUESCOPE, in a folder of its own that is removed afterwards.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/* cmocka set-up and tear-down: a new temporary folder becomes the working folder. */
int program_setup(void **state);
int program_teardown(void **state);

/* Runs `queuescope ARGUMENTS` through the shell, or any command ("$Q" is the program). What it says
 * goes to the files `stdout` and `stderr` unless it is sent elsewhere. Returns the exit status. */
int program_run(const char *arguments);
int shell_run(const char *command);

/* Starts it without a shell, waits until it heeds `signal` and `seconds` more, sends it, and
 * returns the exit status, or minus the signal that ended it. argv ends with NULL. */
int program_interrupt(const char *const *argv, double seconds, int signal);

/* The whole of a file, NUL-terminated, or NULL if there is none. Freed at tear-down. */
const char *file_text(const char *name);
size_t file_size(const char *name);
bool file_exists(const char *name);
void file_write(const char *name, const char *text);

/* Whether two files hold the same bytes. */
bool files_equal(const char *a, const char *b);
bool file_has(const char *name, const char *part);

/* Runs the program (program_run) and fails the test unless that is its exit status. */
void assert_status(const char *arguments, int status);

/* Fails the test unless it has. */
void assert_says(const char *name, const char *part);

size_t file_lines(const char *name);

/* Number of entries of a folder; 0 if there is no such folder. */
size_t folder_entries(const char *name);

#endif
