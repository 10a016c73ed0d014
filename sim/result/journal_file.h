/*
 * The file of a journal: reading and writing at a place in it, whatever the system does by halves.
 */
#ifndef JOURNAL_FILE_H
#define JOURNAL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Opens or makes it. What is no file of ours alone (another name of some other file, a pipe) is not
 * written through: a new one takes its place. -1 with errno. */
int journal_file_open(const char *path);

/* All n bytes; false, with errno where the system failed. */
bool journal_file_read(int fd, void *data, size_t n, off_t at);
bool journal_file_write(int fd, const void *data, size_t n, off_t at);

#endif
