#include "quantity.h"

const struct quantity_kind quantity_kinds[QUANTITY_KINDS] = {
    [QUANTITY_LATENCY_MEAN] = {"latency_mean", "on average", UNIT_DURATION, false},
    [QUANTITY_LATENCY_P50] = {"latency_p50", "at p50", UNIT_DURATION, false},
    [QUANTITY_LATENCY_P90] = {"latency_p90", "at p90", UNIT_DURATION, false},
    [QUANTITY_LATENCY_P99] = {"latency_p99", "at p99", UNIT_DURATION, false},
    [QUANTITY_LATENCY_P999] = {"latency_p999", "at p99.9", UNIT_DURATION, false},
    [QUANTITY_WAIT_MEAN] = {"wait_mean", "in the mean wait", UNIT_DURATION, false},
    [QUANTITY_LOSS] = {"loss_fraction", "in loss", UNIT_SHARE, false},
    [QUANTITY_THROUGHPUT] = {"throughput", "in throughput", UNIT_RATE, true},
    [QUANTITY_LATENCY_P9999] = {"latency_p9999", "at p99.99", UNIT_DURATION, false},
    [QUANTITY_WAIT_P50] = {"wait_p50", "in p50 of the wait", UNIT_DURATION, false},
    [QUANTITY_WAIT_P90] = {"wait_p90", "in p90 of the wait", UNIT_DURATION, false},
    [QUANTITY_WAIT_P99] = {"wait_p99", "in p99 of the wait", UNIT_DURATION, false},
    [QUANTITY_WAIT_P999] = {"wait_p999", "in p99.9 of the wait", UNIT_DURATION, false}};

int quantity_quantile(enum quantity q)
{
    bool is = q >= QUANTITY_LATENCY_P50 && q <= QUANTITY_LATENCY_P999;
    return is ? (int)q - QUANTITY_LATENCY_P50 : q == QUANTITY_LATENCY_P9999 ? QUANTILES - 1 : -1;
}

int quantity_wait_quantile(enum quantity q)
{
    bool is = q >= QUANTITY_WAIT_P50 && q <= QUANTITY_WAIT_P999;
    return is ? (int)q - QUANTITY_WAIT_P50 : -1;
}

double quantity_value(const struct row *row, enum quantity q)
{
    switch (q) {
    case QUANTITY_LATENCY_MEAN:
        return row->latency_mean;
    case QUANTITY_LATENCY_P50:
    case QUANTITY_LATENCY_P90:
    case QUANTITY_LATENCY_P99:
    case QUANTITY_LATENCY_P999:
    case QUANTITY_LATENCY_P9999:
        return row->latency_q[quantity_quantile(q)];
    case QUANTITY_WAIT_P50:
    case QUANTITY_WAIT_P90:
    case QUANTITY_WAIT_P99:
    case QUANTITY_WAIT_P999:
        return row->wait_q[quantity_wait_quantile(q)];
    case QUANTITY_WAIT_MEAN:
        return row->wait_mean;
    case QUANTITY_LOSS:
        return row->loss_fraction;
    case QUANTITY_THROUGHPUT:
        return row->throughput;
    }
    return NAN;
}

double quantity_longer_side(double low, double value, double high)
{
    return isnan(low) || isnan(high) ? NAN : fmax(high - value, value - low);
}

double quantity_half(const struct row *row, enum quantity q)
{
    switch (q) {
    case QUANTITY_LATENCY_MEAN:
        return row->latency_mean_ci95;
    case QUANTITY_LATENCY_P50:
    case QUANTITY_LATENCY_P90:
    case QUANTITY_LATENCY_P99:
    case QUANTITY_LATENCY_P999:
    case QUANTITY_LATENCY_P9999: {
        int i = quantity_quantile(q);
        return quantity_longer_side(row->latency_low[i], row->latency_q[i], row->latency_high[i]);
    }
    case QUANTITY_WAIT_MEAN:
        return row->wait_mean_ci95;
    case QUANTITY_LOSS:
        return quantity_longer_side(row->loss_low, row->loss_fraction, row->loss_high);
    case QUANTITY_THROUGHPUT:
        return row->intervals && !isnan(row->throughput) ? 0 : NAN;
    case QUANTITY_WAIT_P50:
    case QUANTITY_WAIT_P90:
    case QUANTITY_WAIT_P99:
    case QUANTITY_WAIT_P999:
        break;
    }
    return NAN;
}
