#include "numbers.h"

#include "../engine/stability.h"
#include "../scenario/discipline.h"
#include "../scenario/process.h"
#include "service.h"

static double figure(const struct theory *theory, enum theory_measure measure)
{
    for (size_t i = 0; i < theory->n; i++)
        if (theory->figure[i].measure == measure && theory->figure[i].class == THEORY_ALL)
            return theory->figure[i].value;
    return NAN;
}

/* Births at a rate, deaths at min(n, c) / mean; `most` inside. The empty system's share first; then
 * each from the one before. False: there is no such state of rest. */
static bool births_and_deaths(double lambda, double mean, double c, double most,
                              double p[NUMBERS_SHOWN])
{
    enum { TERMS = 1 << 20 };
    double term = 1, sum = 1, erlangs = lambda * mean;
    if (isinf(most) && !(erlangs < c))
        return false;
    for (double n = 1; n <= fmin(most, TERMS); n++) {
        term *= erlangs / fmin(n, c);
        sum += term;
        if (n >= c && isinf(most)) { /* the rest is a geometric series */
            sum += term * (erlangs / c) / (1 - erlangs / c);
            break;
        }
    }
    if (!isfinite(sum))
        return false;
    p[0] = 1 / sum;
    for (int n = 1; n < NUMBERS_SHOWN; n++)
        p[n] = n > most ? 0 : p[n - 1] * erlangs / fmin(n, c);
    return true;
}

/* Whether all tasks have exponential sizes of one mean. */
static bool is_exponential(const struct scenario *s)
{
    for (int i = 0; i < scenario_classes(s); i++) {
        const struct law *law = scenario_size(s, i);
        struct service service;
        if (!law->model || !law_model(law)->service ||
            !law_model(law)->service(law->params, &service) ||
            service.kind != SERVICE_EXPONENTIAL || law_mean(law) != law_mean(scenario_size(s, 0)))
            return false;
    }
    return true;
}

static const char *distribution(const struct scenario *s, double p[NUMBERS_SHOWN])
{
    static const char markov[] = "Erlang 1917; Gross et al. 2008, ch. 2",
                      shared[] = "Kleinrock 1967";
    const struct arrival_process *process = (const struct arrival_process *)s->arrivals.process;
    const struct discipline *d = stage_discipline(&s->stage);
    double c = s->stage.consumers, lambda = scenario_task_rate(s),
           mean = scenario_mean_size(s) / s->stage.speed, most = c + s->stage.capacity;
    if (!process->poisson || process->clients || scenario_impatient(s) ||
        !(stability_turns_away(s) || isinf(s->stage.capacity)) || isnan(mean))
        return NULL;
    bool exponential = is_exponential(s);
    bool insensitive = s->stage.capacity == 0 || (d->shares && isinf(s->stage.capacity));
    if (!exponential && !insensitive)
        return NULL;
    /* A discipline that looks at sizes leaves other work behind than chance does. */
    if (exponential && !insensitive && d->order == ORDER_SHORTEST)
        return NULL;
    if (!births_and_deaths(lambda, mean, c, most, p))
        return NULL;
    return d->shares ? shared : markov;
}

void numbers_of(const struct scenario *column, const struct theory *theory, struct numbers *out,
                double p[NUMBERS_SHOWN])
{
    double loss = figure(theory, THEORY_LOSS), told = figure(theory, THEORY_THROUGHPUT),
           rate = scenario_is_network(column) ? NAN : scenario_task_rate(column);
    *out = (struct numbers){.throughput = told, .inside = NAN, .waiting = NAN};
    if (!theory->model || scenario_is_network(column))
        return;
    if (isnan(told))
        out->throughput =
            isnan(loss) && stability_can_lose(column) ? NAN : rate * (1 - (isnan(loss) ? 0 : loss));
    out->approximate = theory->n > 0 && theory->figure[0].approximate;
    double wait = figure(theory, THEORY_WAIT_MEAN), latency = figure(theory, THEORY_LATENCY_MEAN);
    if (column->stage.capacity == 0 && stability_turns_away(column)) { /* nobody can wait */
        wait = 0;
        latency = scenario_mean_size(column) / column->stage.speed;
    }
    /* Of those who lose patience no wait is known. */
    if (!scenario_impatient(column)) {
        out->inside = out->throughput * latency;
        out->waiting = out->throughput * wait;
    }
    out->source = distribution(column, p);
}
