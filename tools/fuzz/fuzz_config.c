/*
 * Fuzz target (libFuzzer): any bytes as a scenario file. What is read without an error must be
 * written and read back to the same text; what passes every rule must have figures.
 *
 * Reads no other files: paths of traces and tables that the input names are left alone, since the
 * rules that open them run only where the input names none.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/scenario/config.h"
#include "../../sim/scenario/sweep.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void note_file(void *context, const char *path, const struct param *row, const char *text)
{
    (void)path;
    (void)text;
    if (row->kind == PARAM_FILE)
        *(bool *)context = true;
}

static void read_back(const struct scenario *s)
{
    static struct scenario again;
    struct errors errors = {0};
    struct places places = {0};
    char *text = config_text(s);
    param_defaults(&again);
    bool good = config_read("again.yaml", text, strlen(text), &again, &places, &errors);
    assert(good);
    char *second = config_text(&again);
    assert(strcmp(text, second) == 0);
    free(second);
    free(text);
    places_free(&places);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct scenario s, column;
    struct errors errors = {0};
    struct places places = {0};
    param_defaults(&s);
    if (config_read("fuzz.yaml", (const char *)data, size, &s, &places, &errors)) {
        bool names_file = false;
        param_each(&s, note_file, &names_file);
        read_back(&s);
        if (!names_file && s.vary_count == 0 && scenario_check(&s, &places, &errors)) {
            sweep_scenario(&s, sweep_columns(&s) - 1, &column);
            (void)scenario_utilization(&column);
            (void)sweep_cliff(&s);
        }
    } else {
        scenario_check(&s, &places, &errors); /* goes on around what could not be read */
    }
    places_free(&places);
    return 0;
}
