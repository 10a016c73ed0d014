#include "signals.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "../../sim/result/save_file.h"
#include "command.h"

/* Milliseconds. Work that is starved of processors is not the same as work that does not listen:
 * it is given up when it has computed for so long, or when the last of them is over. */
enum { PATIENCE = 850, COMPUTED = 500, LOOK_AGAIN = 250, LONGEST_WAIT = 5000 };

/* Seconds between the system's warning and its killing, where we can choose. */
enum { TO_SAVE = 2 };

atomic_bool signals_stop;
static atomic_int phase;
static atomic_long came_at, computed_then; /* milliseconds: of the clock, of CPU time */

static long milliseconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static _Noreturn void end(const char *words)
{
    save_abandon();
    ssize_t written = write(STDERR_FILENO, words, strlen(words));
    (void)written;
    _exit(EXIT_INTERRUPTED);
}

static void wake_in(long wait)
{
    const struct itimerval timer = {.it_value = {wait / 1000, wait % 1000 * 1000}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

static void on_alarm(int number)
{
    (void)number;
    long waited = milliseconds(CLOCK_MONOTONIC) - atomic_load(&came_at);
    long computed = milliseconds(CLOCK_PROCESS_CPUTIME_ID) - atomic_load(&computed_then);
    if (atomic_load(&phase) != SIGNALS_WORK)
        end("\nqueuescope: interrupted while results were drawn and written\n");
    if (computed >= COMPUTED || waited >= LONGEST_WAIT)
        end("\nqueuescope: interrupted: given up in the middle, without saving\n");
    wake_in(LOOK_AGAIN);
}

static void on_signal(int number)
{
    int now = atomic_load(&phase);
    bool limit = number == SIGXCPU || number == SIGXFSZ;
    if (number == SIGXFSZ && now != SIGNALS_WORK)
        return; /* the write fails, and is told */
    if (atomic_exchange(&signals_stop, true)) {
        if (!limit) /* limits are told again and again */
            end("\nqueuescope: interrupted again: given up\n");
        return;
    }
    if (now == SIGNALS_BEFORE)
        end("queuescope: interrupted: nothing was written\n");
    if (limit)
        return; /* the system ends it, if need be */
    atomic_store(&came_at, milliseconds(CLOCK_MONOTONIC));
    atomic_store(&computed_then, milliseconds(CLOCK_PROCESS_CPUTIME_ID));
    wake_in(PATIENCE);
}

void signals_phase(enum signals_phase next)
{
    atomic_store(&phase, next);
    /* Work has stopped: what it has is saved, however long that takes; a second signal ends it. */
    if (next == SIGNALS_AFTER && atomic_load(&signals_stop))
        wake_in(0);
}

static void catch_unless_ignored(int number, const struct sigaction *action)
{
    struct sigaction before;
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(number, action, NULL);
}

/* At a hard limit of CPU time the system kills without a word: it is to warn before. */
static void be_warned(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_CPU, &limit) != 0 || limit.rlim_max == RLIM_INFINITY)
        return;
    rlim_t soft = limit.rlim_max > 2 * TO_SAVE ? limit.rlim_max - TO_SAVE : limit.rlim_max / 2;
    if (soft > 0 && limit.rlim_cur > soft) {
        limit.rlim_cur = soft;
        setrlimit(RLIMIT_CPU, &limit);
    }
}

void signals_catch(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_flags = SA_RESTART;
    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    catch_unless_ignored(SIGHUP, &action);
    catch_unless_ignored(SIGXCPU, &action);
    catch_unless_ignored(SIGXFSZ, &action);
    action.sa_handler = on_alarm;
    sigaction(SIGALRM, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    be_warned();
}
