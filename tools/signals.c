#include "signals.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

atomic_bool signals_stop;

static void on_signal(int number)
{
    (void)number;
    if (atomic_exchange(&signals_stop, true))
        _exit(EXIT_INTERRUPTED);
}

void signals_catch(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}
