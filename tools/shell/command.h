/*
 * The commands of the program: one command, one file, one row of the table in main.c.
 *
 * A command gets its own argument vector (argv[0] is its name) and returns the exit status of the
 * program. `--help` is answered from the row, before the command is called.
 */
#ifndef COMMAND_H
#define COMMAND_H

/* Exit statuses, as scripts know them. */
enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,       /* the run failed, an audit was violated, an objective was not met */
    EXIT_USAGE = 2,        /* wrong usage, or a scenario that is not valid; nothing was written */
    EXIT_UNDECIDED = 3,    /* an objective could be neither met nor refuted */
    EXIT_INTERRUPTED = 130 /* after saving what there is */
};

struct command {
    const char *name;
    const char *usage;                 /* what follows the name */
    const char *help;                  /* one line */
    const char *about;                 /* paragraphs for `queuescope help NAME`; NULL: none */
    unsigned options;                  /* enum option_bit (options.h) that it takes */
    int (*run)(int argc, char **argv); /* NULL: a command that a later version brings */
};

/* The row of a command that is running, for its messages. */
const struct command *command_find(const char *name);

int cmd_run(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_tournament(int argc, char **argv);
int cmd_storm(int argc, char **argv);
int cmd_why(int argc, char **argv);
int cmd_cliff(int argc, char **argv);
int cmd_theory(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_validate(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_params(int argc, char **argv);
int cmd_fit(int argc, char **argv);
int cmd_rare(int argc, char **argv);
int cmd_example(int argc, char **argv);
int cmd_version(int argc, char **argv);

#endif
