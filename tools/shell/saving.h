/*
 * Saving what a command has to show: its files and, meanwhile, its picture.
 */
#ifndef SAVING_H
#define SAVING_H

#include "../../plots/plot.h"

/* Where there are threads (jobs, 0: all cores), gets ready to draw while others do something else.
 */
void saving_prepare(unsigned jobs);

/* Writes the files and draws the picture at the same time where there are threads, then saves the
 * picture under `name`; all of it appears together or, where something fails, not at all. False,
 * with the errors printed, where something fails. */
struct saving {
    const char *folder, *name;
    bool (*files)(const void *context, const char *folder, struct errors *errors);
    bool (*picture)(const void *context, struct bytes *png, struct errors *errors);
    const void *context;
    unsigned threads;
};
bool saving_done(const struct saving *saving);

/* The command line names a file for the picture (-o x.png, x.svg): it is written there, too. */
bool saving_names_picture(const char *file);
void saving_also(const char *file);

/* Writes the picture that was just drawn there; true where no file is named. saving_done does. */
bool saving_picture(const struct bytes *png, struct errors *errors);

#endif
