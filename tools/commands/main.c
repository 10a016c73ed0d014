/* queuescope: the table of commands, and what holds for all of them. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>

#include "../../sim/base/vector.h"
#include "../../sim/result/crew.h"
#include "../../sim/result/save.h"
#include "../shell/options.h"
#include "../shell/remarks.h"
#include "../shell/share.h"
#include "../shell/signals.h"

static const struct command commands[] = {
    {"run", "SCENARIO [OPTION]...", "simulate a scenario and draw its spectrogram",
     "SCENARIO is a YAML file, or a picture that queuescope drew: the scenario is in it.\n"
     "Writes spectrogram.png, columns.csv, histograms.csv, summary.json and scenario.yaml.\n"
     "\n"
     "Exit status: 0 done; 1 the run failed or an audit was violated; 2 wrong usage or a\n"
     "scenario that is not valid (nothing is written); 130 interrupted, after saving what is\n"
     "complete. Ctrl-C stops soon and saves; a second one gives up at once; the same command\n"
     "with --resume goes on from there.",
     OPTION_OUT | OPTION_HISTOGRAMS | OPTION_FILES | OPTION_SET | OPTION_CLASS | OPTION_SEED |
         OPTION_JOBS | OPTION_ENGINE | OPTION_RESUME | OPTION_CLOCK | OPTION_QUIET,
     cmd_run},
    {"compare", "SCENARIO... [OPTION]...", "simulate several scenarios and draw them side by side",
     "The panels are every SCENARIO with every combination of the varied values: those of\n"
     "--vary, or else of the scenario's own compare.vary. All share one seed, so that task k is\n"
     "the same task in every panel, one scale and one sweep.\n"
     "What they differ by is told with an interval, from pairs of replications, and claimed only\n"
     "where that does not hold 0.\n"
     "Writes comparison.png, comparison.csv, differences.csv and each panel's scenario.\n"
     "\n"
     "Exit status: 0 done; 1 a run failed or an audit was violated; 2 wrong usage or a scenario\n"
     "that is not valid; 130 interrupted, after saving the panels that are complete:\n"
     "the same command with --resume goes on from there.",
     OPTION_OUT | OPTION_FILES | OPTION_SET | OPTION_VARY | OPTION_CLASS | OPTION_RESUME |
         OPTION_SEED | OPTION_JOBS | OPTION_ENGINE | OPTION_QUIET,
     cmd_compare},
    {"tournament", "SCENARIO [--policies P1,P2,...] [OPTION]...",
     "the same tasks through several policies: who serves most, who is fastest, where the waiting "
     "went",
     "Every policy gets the very same tasks. What is served in time (within picture.objective, or\n"
     "at all) is held against p99: the front are those of which none other is better at both. And\n"
     "where the waiting of a task went: the buffer, the producer (pause), retries, or away, with\n"
     "tasks that were lost.\n"
     "A policy is a word (unbounded, reject, drop-newest, drop-oldest, pause; fifo, lifo and the\n"
     "other disciplines; codel, red; aimd, gradient, vegas) or PATH=VALUE, or several joined by "
     "+:\n"
     "reject+buffer.capacity=20. The sweep of the scenario is left out.\n"
     "Writes tournament.png and tournament.csv.\n"
     "\n"
     "Exit status: 0 done; 1 a run failed or an audit was violated; 2 wrong usage or a scenario\n"
     "that is not valid; 130 interrupted.",
     OPTION_OUT | OPTION_POLICIES | OPTION_FILES | OPTION_SET | OPTION_SEED | OPTION_JOBS |
         OPTION_ENGINE | OPTION_QUIET,
     cmd_tournament},
    {"storm", "SCENARIO [--load PATH=LOW..HIGH] [--trigger PATH=LOW..HIGH] [OPTION]...",
     "does it come back? loads against what hits it: how often it stays down, as a map",
     "The scenario has something that hits it once: a burst (arrivals.trigger: {at, for, factor})\n"
     "or an outage with a time (outages: [{at, for, effect}]). For every load and every size of "
     "that\n"
     "it is run many times (run.replications, 32 where it is not given) for run.duration: it has\n"
     "come back if of the requests of the last quarter 90 % are answered, in time where\n"
     "picture.objective or the client's timeout says what that is. Retries can keep a system down\n"
     "long after what hit it is over; with --set client.retry.budget.ratio=10% one sees what "
     "helps.\n"
     "Writes storm.png (the map) and storm.csv.\n"
     "\n"
     "Exit status: 0 done; 1 a run failed or an audit was violated; 2 wrong usage or a scenario\n"
     "that is not valid; 130 interrupted.",
     OPTION_OUT | OPTION_STORM | OPTION_FILES | OPTION_SET | OPTION_SEED | OPTION_JOBS |
         OPTION_ENGINE | OPTION_QUIET,
     cmd_storm},
    {"fit", "LOG... [OPTION]...", "is my traffic Poisson? a scenario from a log of tasks",
     "LOG has a line for each task: CSV (arrival_s,service_s, or columns by name or number, with\n"
     "times as numbers or dates), an nginx or Apache access log with the request time behind the\n"
     "combined format, or a job log in the Standard Workload Format; .gz too. Lines that cannot "
     "be\n"
     "used are counted and named.\n"
     "Writes scenario.yaml, ready to run, and fit.png into DIR, and replay.yaml, which replays "
     "the\n"
     "log (one that is no trace itself: with --trace); -o NAME.yaml writes NAME.yaml, NAME.png "
     "and\n"
     "NAME-replay.yaml.\n"
     "LOG may also be metrics as text (Prometheus, OpenMetrics) with a histogram, in one scrape "
     "or\n"
     "several (files in their order): bounds of its quantiles, laws fitted to its buckets, and\n"
     "scenarios with the smallest and the largest sizes that the buckets allow.\n"
     "\n"
     "Exit status: 0 done; 1 a file could not be written; 2 wrong usage, or nothing usable in the\n"
     "log (nothing is written).",
     OPTION_OUT | OPTION_LOG | OPTION_METRICS | OPTION_QUIET, cmd_fit},
    {"check", "SCENARIO... [OPTION]...", "validate scenarios, run nothing",
     "Says what a run would do: how many columns, replications and tasks, and what to beware of.\n"
     "\n"
     "Exit status: 0 all are valid; 2 wrong usage, or one is not.",
     OPTION_SET | OPTION_SEED | OPTION_FILES, cmd_check},
    {"explain", "SCENARIO [OPTION]...", "traffic and load of every stage, and the bottleneck",
     "Runs nothing: the traffic equations solved (how often a request visits each stage, and so "
     "how\n"
     "many visits there are per second), how long a visit holds a consumer, what that asks of the\n"
     "consumers of each stage (the offered load; over their number, utilization), whether each "
     "keeps\n"
     "up, which is the bottleneck and how much it can do, what formulas know, and which engine "
     "would\n"
     "run it and why. Where a time is not known beforehand, a bound is given (>=, <=). A sweep is "
     "left out.\n"
     "\n"
     "Exit status: 0 done; 2 wrong usage or a scenario that is not valid.",
     OPTION_SET | OPTION_FILES, cmd_explain},
    {"params", "[PATH]", "every key of a scenario: type, unit, range, default, meaning", NULL, 0,
     cmd_params},
    {"plan", "SCENARIO [--slo EXPR]... [OPTION]...", "the smallest value that meets objectives",
     "EXPR is MEASURE <= VALUE or >=. A MEASURE is p50 to p99.99 (of latency; wait_p99 of the\n"
     "wait), latency_mean, wait_mean, loss, utilization, throughput, goodput, wait_probability,\n"
     "queue_mean or another column of columns.csv; CLASS.MEASURE of one class of tasks.\n"
     "With several --vary, --cost says what each is worth, and the cheapest combination is found.\n"
     "Without --slo the objectives of the scenario are taken.\n"
     "The sweep of the scenario is left out, and the length of its runs: as much is simulated as\n"
     "it takes to be sure. What theory knows exactly is taken from it, and simulated once as a "
     "check;\n"
     "losses of 1e-4 and less, p99.99, and tails of M/G/1 are known by splitting or conditional\n"
     "Monte Carlo where there is a way (--method simulated: all is simulated plainly). The table\n"
     "shows what decides; --all the rest.\n"
     "Writes plan.json and plan.png.\n"
     "\n"
     "Exit status: 0 an answer was found; 1 no value meets the objectives; 2 wrong usage or a\n"
     "scenario that is not valid; 3 undecided within --max-tasks; 130 interrupted.",
     OPTION_OUT | OPTION_SLO | OPTION_SPAN | OPTION_COST | OPTION_CONFIDENCE | OPTION_MAX_TASKS |
         OPTION_ALL | OPTION_FILES | OPTION_SET | OPTION_SEED | OPTION_JOBS | OPTION_ENGINE |
         OPTION_QUIET,
     cmd_plan},
    {"cliff", "SCENARIO [OPTION]...", "where a system stops being stable, and how far off that is",
     "Looks for the value of a parameter beyond which the backlog grows without end: of the "
     "traffic\n"
     "(arrivals.rate, or what stands in its place), or of --vary PATH=LOW..HIGH, any number of "
     "the\n"
     "scenario; --vary PATH alone looks around today's value. Exactly where theory knows, else by\n"
     "simulation with a 95 % interval (--method simulated: always). Says how far today's setting "
     "is\n"
     "from there, and how much the latency warns: p99 at 95 % of the cliff's load over that at 50 "
     "%.\n"
     "Writes cliff.json and, where there is a cliff, cliff.png.\n"
     "\n"
     "Exit status: 0 found; 1 there is none in the range (a buffer that loses has none at all);\n"
     "2 wrong usage or a scenario that is not valid; 130 interrupted.",
     OPTION_OUT | OPTION_FILES | OPTION_SET | OPTION_ALONG | OPTION_SEED | OPTION_JOBS |
         OPTION_METHOD | OPTION_QUIET,
     cmd_cliff},
    {"rare", "SCENARIO [OPTION]...", "losses of 1e-9, and latencies that one task in 1e6 exceeds",
     "Figures that plain simulation would take years for, with intervals: the share of tasks lost "
     "by a\n"
     "bounded buffer, or quantiles from p99 to p99.9999 of the latency or the wait. By splitting\n"
     "(RESTART) where sizes have a light tail; of heavy ones by conditional Monte Carlo on the\n"
     "Pollaczek-Khinchine formula, for poisson arrivals to one consumer with an unbounded buffer.\n"
     "One class of tasks, in order of arrival, stationary arrivals; what cannot be done is "
     "refused.\n"
     "Every column of a sweep is done, each until its figures are known to within --relative. The\n"
     "length of the scenario's runs is left out. Writes rare.csv, rare.json and rare.png.\n"
     "\n"
     "Exit status: 0 done; 1 a file could not be written; 2 wrong usage, or a scenario that is "
     "not\n"
     "valid or not covered; 3 not known that well within --max-tasks (it says how many would do);\n"
     "130 interrupted.",
     OPTION_OUT | OPTION_FILES | OPTION_RARE | OPTION_SET | OPTION_SEED | OPTION_JOBS |
         OPTION_QUIET,
     cmd_rare},
    {"why", "SCENARIO [OPTION]...", "what the slowest requests spent their time on",
     "The latency of each of the slowest requests (--slowest, 1% of each replication) is split to\n"
     "the last instant, stage by stage: its own work, waiting behind large tasks (more than ten\n"
     "times the mean), behind others, behind consumers that are held or idle, being blocked,\n"
     "being stopped. Says what would help, and when they waited most.\n"
     "Writes why.csv.\n"
     "\n"
     "Exit status: 0 done; 1 it failed; 2 wrong usage or a scenario that is not valid; 130\n"
     "interrupted.",
     OPTION_OUT | OPTION_SLOWEST | OPTION_FILES | OPTION_SET | OPTION_SEED | OPTION_QUIET, cmd_why},
    {"theory", "SCENARIO [OPTION]...", "what formulas say of a scenario, beside a short simulation",
     "Exact values where a formula covers the scenario, approximate ones (said to be) where none\n"
     "does, each with its source; beside them what a run of 32 short replications gives, and how "
     "many\n"
     "standard errors it is off (z; of approximations, by what share). A sweep is left out.\n"
     "Throughput, tasks inside and waiting (L, Lq), and P(N = n) where births and deaths know it.\n"
     "With --vary, a line for each value instead, without simulation.\n"
     "\n"
     "Exit status: 0 done; 1 no formula knows anything of the scenario, or the simulation is off "
     "by\n"
     "more than luck (Holm 1979: one false alarm in 10,000); 2 wrong usage or a scenario that is "
     "not\n"
     "valid; 130 interrupted.",
     OPTION_FILES | OPTION_SET | OPTION_TABLE | OPTION_SEED | OPTION_JOBS | OPTION_ENGINE |
         OPTION_QUIET,
     cmd_theory},
    {"validate", "[OPTION]...", "check this build against systems with exact answers",
     "Simulates a battery of systems with both engines and compares some hundred figures with "
     "their\n"
     "exact values.\n"
     "\n"
     "Exit status: 0 all is well; 1 a figure is off by more than luck (Holm 1979: one false alarm "
     "in\n"
     "10,000 for all of them together), engines differ or an audit was violated; 130 interrupted.",
     OPTION_SEED | OPTION_JOBS | OPTION_QUIET, cmd_validate},
    {"verify", "DIR [OPTION]...", "whether scenarios still give the results kept beside them",
     "Runs every scenario of the folder (NAME.yaml) and compares each figure with the one that "
     "was\n"
     "blessed (NAME.golden.csv), by their intervals and not by their digits: another seed passes,\n"
     "another rate does not. What is judged is judged together (Holm 1979), so that an unchanged\n"
     "program fails in --false-alarms of such runs at most. What cannot be compared is listed.\n"
     "--set asks what a change would change. --bless writes the golden results, with a picture,\n"
     "of scenarios that have none, or other ones, and CHANGES.md for the review, into DIR or -o;\n"
     "those that hold stay as they are. Without it a failure writes CHANGES.md into out/verify or "
     "-o.\n"
     "\n"
     "Exit status: 0 all hold; 1 a figure differs by more than luck; 2 wrong usage, or a scenario "
     "or\n"
     "golden result that is not valid; 3 undecided: there are no golden results yet, or of other\n"
     "columns or classes; 130 interrupted.",
     OPTION_OUT | OPTION_SET | OPTION_SEED | OPTION_JOBS | OPTION_ENGINE | OPTION_GOLDEN |
         OPTION_QUIET,
     cmd_verify},
    {"example", "[NAME] [-o FILE]", "the scenarios that come with the program",
     "Without NAME, lists them. With it, copies one to NAME.yaml, or to FILE (- is standard "
     "output),\n"
     "to be changed; never over a file that is there. `queuescope run NAME` runs one as it is, "
     "and\n"
     "so do the other commands.\n"
     "\n"
     "Exit status: 0 done; 1 it could not be written; 2 wrong usage, or no such example.",
     OPTION_COPY, cmd_example},
    {"version", "", "the version, and what this build is made of", NULL, 0, cmd_version},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static void usage(FILE *out)
{
    fputs("usage: queuescope COMMAND [ARGUMENT]...\n\n"
          "Simulates queues and draws their latency.\n\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].run)
            fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].help);
    fputs("\nqueuescope help COMMAND tells more; queuescope --version.\n\n"
          "QUEUESCOPE_VECTOR=2 (or 4, 8) in the environment forces that many doubles in a vector,\n"
          "where the widest that the processor has is taken; the bytes are the same.\n",
          out);
}

static int help(const struct command *command)
{
    printf("usage: queuescope %s %s\n\n%s%s.\n", command->name, command->usage,
           "Does: ", command->help);
    if (command->about)
        printf("\n%s\n", command->about);
    printf("\n");
    options_help(command->options);
    return EXIT_DONE;
}

static int unknown(const char *word)
{
    const char *names[COMMANDS + 2];
    size_t n = 0;
    for (size_t i = 0; i < COMMANDS; i++)
        names[n++] = commands[i].name;
    names[n++] = "help";
    names[n] = NULL;
    const char *near = nearest(word, names);
    if (near)
        fprintf(stderr, "queuescope: error: unknown command '%s' (did you mean '%s'?)\n", word,
                near);
    else
        fprintf(stderr, "queuescope: error: unknown command '%s' (queuescope help lists them)\n",
                word);
    return EXIT_USAGE;
}

static bool asks_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

/* The width of vectors, where the environment forces one (vector.h): to see that results do not
 * depend on it, or to run elsewhere what an emulator or a debugger cannot. */
static bool take_vector_width(void)
{
    const char *text = getenv("QUEUESCOPE_VECTOR");
    if (!text || *text == '\0')
        return true;
    if (strlen(text) == 1 && vector_force(*text - '0'))
        return true;
    fprintf(stderr,
            "queuescope: error: QUEUESCOPE_VECTOR=%s: must be the number of doubles in a vector, "
            "%s on this machine\n",
            text,
            vector_widest() == 8   ? "2, 4 or 8"
            : vector_widest() == 4 ? "2 or 4"
                                   : "2");
    return false;
}

static int dispatch(int argc, char **argv)
{
    if (!take_vector_width())
        return EXIT_USAGE;
    if (argc < 2) {
        usage(stderr);
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--version") == 0) {
        printf("queuescope %s\n", queuescope_version);
        return EXIT_DONE;
    }
    bool helping = strcmp(word, "help") == 0;
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || (helping && argc == 2)) {
        usage(stdout);
        return EXIT_DONE;
    }
    if (helping)
        word = argv[2];
    const struct command *command = command_find(word);
    if (!command)
        return unknown(word);
    if (!command->run) {
        fprintf(stderr, "queuescope: error: '%s' is not built yet; a later version brings it\n",
                word);
        return EXIT_USAGE;
    }
    if (helping || asks_help(argc - 1, argv + 1))
        return help(command);
    return command->run(argc - 1, argv + 1);
}

/* A closed standard stream must not be taken by the next file that is opened: it becomes one on
 * which reading and writing fail. */
static void keep_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

struct call {
    int argc;
    char **argv;
    int status;
};

static void *on_own_stack(void *argument)
{
    struct call *call = argument;
    call->status = dispatch(call->argc, call->argv);
    return NULL;
}

/* The stack that the system gives may be small (ulimit -s 64), and is not ours to enlarge: the
 * program runs on one of its own. */
static int run(int argc, char **argv)
{
    struct call call = {argc, argv, EXIT_FAILED};
    pthread_t thread;
    if (crew_thread(&thread, on_own_stack, &call))
        pthread_join(thread, NULL);
    else
        call.status = dispatch(argc, argv);
    return call.status;
}

int main(int argc, char **argv)
{
    gsl_set_error_handler_off(); /* its results are looked at; it would end the program */
    keep_standard_streams();
    signals_catch();
    share_fonts();
    int status = run(argc, argv);
    remarks_say();
    if (atomic_load(&signals_stop) && (status == EXIT_DONE || status == EXIT_UNDECIDED)) {
        fprintf(stderr, "queuescope: interrupted: all that was asked for was done by then\n");
        status = EXIT_INTERRUPTED;
    }
    /* A reader that has seen enough (EPIPE) needs no message. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        if (errno != EPIPE)
            fprintf(stderr, "queuescope: error: cannot write to standard output: %s\n",
                    strerror(errno));
        if (status == EXIT_DONE)
            status = EXIT_FAILED;
    }
    return status;
}
