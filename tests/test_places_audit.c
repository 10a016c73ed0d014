/* The audit of networks, on trials made by hand: one law broken at one place, and it says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/result/audit.h"
#include "handmade.h"
#include "scene.h"

/* One law broken at one place: the audit says so. */
static void breaks(void (*spoil)(struct trial *trial), const char *law)
{
    struct scenario *s = scene_text(handmade_text, "");
    struct trial *trial = handmade_trial(s, 0);
    spoil(trial);
    struct audit audit;
    audit_begin(&audit);
    audit_trial(&audit, trial);
    audit_finish(&audit);
    assert_false(audit_holds(&audit));
    assert_int_equal(audit.conservation, strcmp(law, "conservation") != 0);
    assert_int_equal(audit.little, strcmp(law, "little") != 0);
    assert_int_equal(audit.utilization, strcmp(law, "utilization") != 0);
    trial_free(trial);
    free(s);
}

static void a_visit_vanishes(struct trial *trial)
{
    trial->windows[DB].close.completed--;
}

static void a_visit_stays(struct trial *trial)
{
    trial_cell(trial, 0, 0, DB, REST)->offered++;
}

static void a_request_stays(struct trial *trial)
{
    trial->ends[DB].inside++;
    trial->ends[DB].arrived++;
}

static void a_stage_forgets_time(struct trial *trial)
{
    trial->ends[DB].sojourn_sum *= 1.01;
}

static void requests_live_longer(struct trial *trial)
{
    trial->windows[ALL].close.alive_area *= 1.01;
}

static void clients_wait_longer(struct trial *trial)
{
    trial->windows[CLIENT].close.sojourn_sum *= 1.01;
}

static void the_sum_is_another(struct trial *trial)
{
    trial->windows[ALL].close.queue_area *= 1.01;
}

static void holds_are_missing(struct trial *trial)
{
    trial->windows[WEB].close.held_area *= 0.99;
}

static void the_audit_looks_everywhere(void **state)
{
    (void)state;
    breaks(a_visit_vanishes, "conservation");
    breaks(a_visit_stays, "conservation");
    breaks(a_request_stays, "conservation");
    breaks(a_stage_forgets_time, "little");
    breaks(requests_live_longer, "little");
    breaks(clients_wait_longer, "little");
    breaks(the_sum_is_another, "little");
    breaks(holds_are_missing, "utilization");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_audit_looks_everywhere),
    };
    return cmocka_run_group_tests_name("the audit of places", tests, NULL, NULL);
}
