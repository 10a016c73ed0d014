/*
 * The journal: finished trials on disk, so that an interrupted run can go on (--resume).
 *
 * FOLDER/.queuescope-trials holds a head (format, and a hash of version and scenario) and one
 * record per finished trial, each with its length and checksum (FNV-1a, 64 bits: Fowler, Noll and
 * Vo 1991). Trials that end are kept in memory and written a few times a second (journal_write), so
 * that a run which is soon over writes none. Reading stops at the first record that is not whole,
 * and writing goes on from there. Trials are exact (counts, packed histograms, doubles as their
 * bits), so a run that is resumed gives the same bytes as one that was not interrupted. The file is
 * of this machine's byte order; one of another is refused as another scenario's. One process at a
 * time.
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "../engine/trial.h"

struct journal;

/* Opens the journal of `s` in a folder that exists; `part`: of several in one folder (panels)
 * which, counted from 1, its file ending in -PART; 0: there is one. With `resume` it keeps what is
 * there (an error if that belongs to another scenario or version; nothing there is not one), else
 * it starts empty. NULL on error. */
struct journal *journal_open(const char *folder, size_t part, const struct scenario *s, bool resume,
                             struct errors *errors);

/* The next trials that were kept, `most` of them at the most, and of many only as many as lie in a
 * few megabytes; several threads unpack them. How many: 0 at the end, and then the journal is ready
 * to be appended to. */
size_t journal_read(struct journal *journal, struct trial **trials, size_t most, unsigned threads);

/* Between the rounds of a run, when nothing is under way: begins at the first again, where another
 * run has left any; else there is no next. */
void journal_again(struct journal *journal);

/* Takes over one to be written, and writes what is kept if that is much; from any thread. After an
 * error (a full disk) it only frees it, and journal_close tells. */
void journal_append(struct journal *journal, struct trial *trial);

/* Writes what is kept; from any thread. */
void journal_write(struct journal *journal);

/* Closes; removes the file where the run has ended and its results are saved, else writes what is
 * kept. False, with an error, where writing had failed. */
bool journal_close(struct journal *journal, bool remove, struct errors *errors);

#endif
