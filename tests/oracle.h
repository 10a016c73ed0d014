/*
 * The public oracle files: exact values of queueing models, one row each.
 *
 * They lie beside the repository, in ../shared/oracles/public, or where QUEUESCOPE_SHARED says the
 * shared folder is; a clone by itself has none, and the tests that need them skip. The columns are
 * model,params,measure,value,abs_error_bound,method,check,source; only the first five are kept.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stddef.h>

enum { ORACLE_ROWS = 512 };

struct oracle {
    char file[64];
    int line;
    char model[48], params[320], measure[40];
    double value, bound;
    bool simulated; /* value is itself a simulation's mean; bound is 4 of its standard errors */
};

/* Reads all rows of all files, in order of file name. Returns how many; 0 where there are none. */
size_t oracle_read(struct oracle *rows, size_t most);

/* Of another folder beside it: "networks", the second set. */
size_t oracle_read_from(const char *folder, struct oracle *rows, size_t most);

#endif
