/* queuescope version: what this build is made of. */
#include <stdio.h>

#include <gsl/gsl_version.h>

#include "../../plots/canvas.h"
#include "../../plots/deflate.h"
#include "../../plots/png.h"
#include "../../sim/base/json.h"
#include "../../sim/base/vector.h"
#include "../../sim/result/save.h"
#include "../../sim/scenario/config.h"
#include "../shell/options.h"
#include "../shell/share.h"

int cmd_version(int argc, char **argv)
{
    struct options o;
    if (!options_parse(&o, command_find("version"), 0, argc, argv))
        return EXIT_USAGE;
#ifdef __clang__
    const char *compiler = "clang " __clang_version__;
#else
    const char *compiler = "gcc " __VERSION__;
#endif
    const char *examples = share_find("configs");
    printf("queuescope %s\n", queuescope_version);
    printf("compiler   %s\n", compiler);
    printf("libraries  gsl %s, cairo %s, libpng %s, libyaml %s, jansson %s, zlib %s\n", gsl_version,
           canvas_library(), png_library(), config_library(), jansson_version_str(),
           deflate_library());
    printf("vectors    %d doubles (at most %d on this machine)\n", vector_width(), vector_widest());
    printf("examples   %s\n", examples ? examples : "none are with it");
    return EXIT_DONE;
}
