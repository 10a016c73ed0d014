/* The options of all commands, one by one (options.h): for options.c alone. */
#ifndef OPTIONS_ROWS_H
#define OPTIONS_ROWS_H

#include <stddef.h>

#include "options.h"

/* Options without a short form of their own, beside those that are kept as they are: a text, or, of
 * one without an argument, that it was there. */
enum letter {
    LETTER_LABEL = 256,
    LETTER_ONLY,
    LETTER_FALSE_ALARMS,
    LETTER_RELATIVE,
    LETTER_FILES,
    LETTER_HISTOGRAMS,
    LETTER_SLOWEST,
    LETTER_KEPT
};
#define KEPT(field) (LETTER_KEPT + (int)offsetof(struct options, field))

static const struct row_of_option {
    enum option_bit option;
    const char *name;
    int letter;           /* also the value that getopt_long returns */
    bool short_form;      /* the letter may be typed */
    const char *argument; /* NULL: none */
    const char *help;
} rows[] = {
    {OPTION_OUT, "output", 'o', true, "DIR",
     "folder for the results (default: out/NAME); x.png, x.svg: the picture goes there, too"},
    {OPTION_COPY, "output", 'o', true, "FILE", "another name, or a folder; - is standard output"},
    {OPTION_SET, "set", 's', false, "PATH=VALUE", "set any key of the scenario; may be repeated"},
    {OPTION_FILES, "allow-files", LETTER_FILES, false, NULL,
     "read files that the scenario in a picture names"},
    {OPTION_VARY, "vary", 'v', false, "PATH=V1,V2,...",
     "one panel for each value, or of LOW..HIGH or LOW..HIGH..STEP (several: every combination)"},
    {OPTION_TABLE, "vary", 'v', false, "PATH=V1,V2,...",
     "a line of formulas for each value, or of LOW..HIGH or LOW..HIGH..STEP, without simulation"},
    {OPTION_ALONG, "vary", 'v', false, "PATH[=LOW..HIGH]",
     "along which number to look, and how far (default: the traffic)"},
    {OPTION_SLO, "slo", 'l', false, "EXPR",
     "what to meet, such as 'p99 <= 250ms', 'loss <= 0.1%' or 'gold.p99 <= 1s'; may be repeated"},
    {OPTION_SPAN, "vary", 'v', false, "PATH=LOW..HIGH",
     "where to look (or V1,V2,...; default consumers.count=1..64); may be repeated"},
    {OPTION_COST, "cost", KEPT(cost), false, "PATH=N,...",
     "what one more of each varied key costs"},
    {OPTION_CONFIDENCE, "confidence", 'C', false, "SHARE",
     "how sure the whole answer is to be (default: 95%)"},
    {OPTION_MAX_TASKS, "max-tasks", 'm', false, "N",
     "tasks to simulate at most, in all (default: 300M)"},
    {OPTION_ALL, "all", KEPT(all), false, NULL,
     "show every value that was tried, not only those that decide"},
    {OPTION_RARE, "measure", KEPT(measure), false, "loss|latency|wait",
     "what is rare (default: loss where the buffer has a limit, else latency)"},
    {OPTION_RARE, "relative", LETTER_RELATIVE, false, "SHARE",
     "how well every figure is to be known (default: 10%)"},
    {OPTION_RARE, "confidence", 'C', false, "SHARE", "of the intervals (default: 95%)"},
    {OPTION_RARE, "max-tasks", 'm', false, "N",
     "tasks to simulate at most for a column of the sweep (default: 1G)"},
    {OPTION_CLASS, "class", KEPT(drawn), false, "NAME",
     "draw the tasks of one class, or of all together (default: a panel for each class and all)"},
    {OPTION_CLASS, "stage", KEPT(stage), false, "NAME",
     "draw one stage of a network, all (end to end) or client (default: a panel for each)"},
    {OPTION_POLICIES, "policies", KEPT(policies), false, "P1,P2,...",
     "such as reject, pause, lifo, PATH=VALUE; + joins several (default: five)"},
    {OPTION_STORM, "load", KEPT(load), false, "PATH=LOW..HIGH",
     "what there is more and less of, or a list V1,V2,...; else arrivals.rate around today's"},
    {OPTION_STORM, "trigger", KEPT(trigger), false, "PATH=LOW..HIGH",
     "how hard it is hit, likewise; else the scenario's burst or outage, from a quarter to twice"},
    {OPTION_POLICIES, "stage", KEPT(stage), false, "NAME", "of a network, the stage that has them"},
    {OPTION_SLOWEST, "slowest", LETTER_SLOWEST, false, "SHARE",
     "of the requests that are asked about (default: 1%)"},
    {OPTION_CLOCK, "clock", KEPT(clock), false, "meant|admitted|tester",
     "how the run looks by it: from when requests were let in, or to a load tester"},
    {OPTION_HISTOGRAMS, "histograms", LETTER_HISTOGRAMS, false, "yes|no",
     "write histograms.csv, 0.1 MB for a column (default: yes)"},
    {OPTION_SEED, "seed", KEPT(seed), false, "N",
     "seed of all random numbers (default: the scenario's, or 1)"},
    {OPTION_JOBS, "jobs", 'j', true, "N", "threads (default: all cores); never changes results"},
    {OPTION_ENGINE, "engine", 'e', false, "auto|lanes|events", "how to simulate (default: auto)"},
    {OPTION_METHOD, "method", 'M', false, "auto|simulated",
     "simulated: measure even where theory knows (default: auto)"},
    {OPTION_SLO, "method", 'M', false, "auto|rare|simulated",
     "rare: no theory, but splitting where it can; simulated: plainly (default: auto)"},
    {OPTION_RESUME, "resume", KEPT(resume), false, NULL,
     "go on with a run or comparison that was interrupted"},
    {OPTION_QUIET, "quiet", 'q', true, NULL, "no progress, no summary, no warnings; only errors"},
    {OPTION_LOG, "format", KEPT(format), false, "FORMAT",
     "its name (docs/logs.md; default: auto, by the first lines)"},
    {OPTION_LOG, "arrival", KEPT(arrival), false, "COLUMN",
     "of arrival times: heading, key, or number from 1"},
    {OPTION_LOG, "start", KEPT(arrival), false, "COLUMN", "the same"},
    {OPTION_LOG, "end", KEPT(end), false, "COLUMN", "of times of completion"},
    {OPTION_LOG, "service", KEPT(service), false, "COLUMN",
     "of sizes (without: from start to end); also date+3, request+5, last"},
    {OPTION_LOG, "only", LETTER_ONLY, false, "COLUMN=TEXT",
     "lines that have that there; may be repeated"},
    {OPTION_LOG, "bad-lines", KEPT(bad_lines), false, "SHARE",
     "of lines that may be of no use (default: 5%)"},
    {OPTION_LOG, "unit", KEPT(unit), false, "UNIT", "of sizes: ns, us, ms, s, min, h or d"},
    {OPTION_LOG, "time-unit", KEPT(time_unit), false, "UNIT", "of times that are numbers"},
    {OPTION_LOG, "times-are", KEPT(moment), false, "start|end",
     "of tasks (default: as the format has it)"},
    {OPTION_LOG, "dates", KEPT(dates), false, "month-first|day-first",
     "of dates between slashes (default: as they tell)"},
    {OPTION_LOG, "class", KEPT(class), false, "COLUMN",
     "the same of classes (default: `class`, where there is one)"},
    {OPTION_LOG, "sizes", KEPT(sizes), false, "auto|law|empirical",
     "a fitted law, the log's own, or a law that is near (auto)"},
    {OPTION_LOG, "trace", KEPT(trace), false, NULL,
     "write trace.csv, and replay.yaml with it, of a log that is no trace itself"},
    {OPTION_GOLDEN, "bless", KEPT(bless), false, NULL,
     "keep today's results where there are none, or other ones; CHANGES.md says what changed"},
    {OPTION_GOLDEN, "false-alarms", LETTER_FALSE_ALARMS, false, "SHARE",
     "of the runs of an unchanged program that may fail by luck (default: 1%)"},
    {OPTION_METRICS, "metric", KEPT(metric), false, "NAME",
     "of metrics: which histogram; also NAME{label=\"value\"}"},
    {OPTION_METRICS, "label", LETTER_LABEL, false, "NAME=VALUE",
     "of metrics: only series with that label; may be repeated"},
    {OPTION_METRICS, "as", KEPT(as), false, "size|latency",
     "what was measured (default: size, with a warning)"},
    {OPTION_METRICS, "rate", KEPT(rate), false, "RATE",
     "of metrics: tasks a second, where no times between scrapes tell"},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

#endif
