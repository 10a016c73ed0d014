#include "further.h"

static const struct {
    const char *name;
    size_t offset; /* of a double in struct row */
} figures[] = {
    {"held_fraction", offsetof(struct row, held_fraction)},
    {"pauses", offsetof(struct row, pauses)},
    {"crashes", offsetof(struct row, crashes)},
    {"replicas_mean", offsetof(struct row, replicas_mean)},
    {"bytes_max", offsetof(struct row, bytes_max)},
    {"arrival_cv2", offsetof(struct row, arrival_cv2)},
    {"arrival_cv2_ci95", offsetof(struct row, arrival_cv2_ci95)},
    {"departure_cv2", offsetof(struct row, departure_cv2)},
    {"departure_cv2_ci95", offsetof(struct row, departure_cv2_ci95)},
    {"consumers_mean", offsetof(struct row, consumers_mean)},
    {"attempts_mean", offsetof(struct row, attempts_mean)},
    {"goodput", offsetof(struct row, goodput)},
    {"late", offsetof(struct row, late)},
    {"wasted_fraction", offsetof(struct row, wasted_fraction)},
    {"abandoned", offsetof(struct row, abandoned)},
};

bool further_column(size_t i, const struct row *row, struct further *out)
{
    const size_t n = sizeof figures / sizeof *figures, kind = LOSS_FAILED + i - n;
    if (i < n) {
        const char *from = (const char *)row + figures[i].offset;
        *out = (struct further){.name = figures[i].name,
                                .figure = *(const double *)(const void *)from};
        return true;
    }
    if (kind >= LOSS_KINDS)
        return false;
    *out =
        (struct further){.name = loss_columns[kind], .count = row->lost_by[kind], .counts = true};
    return true;
}
