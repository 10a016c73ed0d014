/* The picture of a topology (topology.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/result/save.h"
#include "../sim/scenario/config.h"
#include "canvas.h"
#include "describe.h"
#include "spectrogram.h"
#include "topology.h"

static const uint32_t edge_colour = 0x333333, back_colour = 0x7a7a9a, machine_ground = 0xf3f3f1,
                      easy = 0x3f8f5f, busy = 0xd9922e, full = 0xc8372d, bar_ground = 0xe9e9e6;

enum { CORNER = 6, ARC = 6, STEPS = 20, HEAD = 9, SMALLEST = 620 };

/* ---- boxes ---- */

static void rounded(struct canvas *canvas, const struct topology_node *box, double shift,
                    uint32_t fill, uint32_t border)
{
    enum { POINTS = 4 * (ARC + 1) + 1 };
    double x[POINTS], y[POINTS], left = box->x + shift + 0.5, top = box->y - shift + 0.5;
    size_t n = 0;
    for (int corner = 0; corner < 4; corner++)
        for (int i = 0; i <= ARC; i++) {
            double angle = M_PI / 2 * (corner + (double)i / ARC);
            bool right = corner == 0 || corner == 3, low = corner < 2;
            x[n] = left + (right ? box->w - CORNER : CORNER) + CORNER * cos(angle);
            y[n++] = top + (low ? box->h - CORNER : CORNER) + CORNER * sin(angle);
        }
    x[n] = x[0];
    y[n++] = y[0];
    canvas_polygon(canvas, x, y, n, fill);
    struct box all = {0, 0, canvas_width(canvas), canvas_height(canvas)};
    struct line_style style = {1.2, border, 1, NULL, 0};
    canvas_line(canvas, all, x, y, n, &style);
}

/* One line, made as small as it takes. */
static void write(struct canvas *canvas, double x, double y, double width, const char *text,
                  struct text_style style)
{
    struct paragraph line;
    canvas_wrap(canvas, text, " ", width, 1, style.size, 0.75 * style.size, style.bold, &line);
    style.size = line.size;
    canvas_text(canvas, x, y, line.line[0], &style);
}

static const char *share(double value)
{
    char text[64];
    unit_human(UNIT_SHARE, value, 2, text, sizeof text);
    return intern(text);
}

static void draw_bar(struct canvas *canvas, const struct topology_node *box, const struct row *row)
{
    struct box bar = {(int)box->x + 10, (int)(box->y + box->h) - 15, (int)box->w - 20, 8};
    double taken = fmin(row->utilization, 1), held = fmin(row->held_fraction, taken);
    uint32_t colour = taken < 0.7 ? easy : taken < 0.9 ? busy : full;
    canvas_fill(canvas, bar, bar_ground);
    int width = (int)lround(taken * bar.w), part = held > 0 ? (int)lround(held * bar.w) : 0;
    canvas_fill(canvas, (struct box){bar.x, bar.y, width, bar.h}, colour);
    canvas_hatch(canvas, (struct box){bar.x + width - part, bar.y, part, bar.h}, 3, 0xffffff);
    canvas_frame(canvas, bar, 0x8a8a86);
}

static void draw_stage(struct canvas *canvas, const struct topology *t,
                       const struct topology_node *box)
{
    enum { STACKED = 3 };
    const struct row *row = topology_row(t, box->stage);
    uint32_t replicas = t->network->stages[box->stage].replicas;
    int behind = replicas < STACKED ? (int)replicas - 1 : STACKED;
    uint32_t border = topology_is_busiest(t, box->stage) ? full : 0x55554f;
    for (int i = behind; i > 0; i--)
        rounded(canvas, box, 4.0 * i, 0xffffff, border);
    rounded(canvas, box, 0, 0xffffff, border);
    const char *name = replicas > 1 ? internf("%s \xc3\x97%u", box->name, replicas) : box->name;
    double x = box->x + 10, width = box->w - 20;
    struct text_style heading = {14, spectrogram_ink, true, false, 0, false},
                      small = {11, spectrogram_soft, false, false, 0, false},
                      text = {12, spectrogram_ink, false, false, 0, false},
                      right = {12, spectrogram_ink, false, false, 1, false},
                      lost = {12, full, false, false, 1, false};
    write(canvas, x, box->y + 19, width, name, heading);
    write(canvas, x, box->y + 35, width, topology_what(t, box->stage), small);
    if (row->loss_fraction > 0) {
        const char *words = internf("lost %s", share(row->loss_fraction));
        canvas_text(canvas, box->x + box->w - 10, box->y + 19, words, &lost);
    }
    if (isfinite(row->throughput))
        write(canvas, x, box->y + 62, 0.6 * width, topology_rate(row->throughput), text);
    if (isfinite(row->utilization)) {
        canvas_text(canvas, box->x + box->w - 10, box->y + 62,
                    internf("%s busy", share(row->utilization)), &right);
        draw_bar(canvas, box, row);
    }
}

static void draw_source(struct canvas *canvas, const struct topology_node *box)
{
    struct text_style style = {13, spectrogram_ink, true, false, 1, false};
    const char *name = strcmp(box->name, "main") == 0 ? "arrivals" : box->name;
    write(canvas, box->x + box->w - 6, box->y + 19, box->w, name, style);
}

/* Behind stages on the same machines, where nothing else would stand inside. */
static void draw_machines(struct canvas *canvas, const struct topology *t, uint32_t owner)
{
    struct topology_node ground = {.x = INFINITY, .y = INFINITY};
    double right = 0, low = 0;
    uint32_t n = t->network->n_stages, here = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct topology_node *box = &t->nodes[i];
        if (t->network->stages[i].machines != owner)
            continue;
        here++;
        ground.x = fmin(ground.x, box->x - 14);
        ground.y = fmin(ground.y, box->y - 34);
        right = fmax(right, box->x + box->w + 22);
        low = fmax(low, box->y + box->h + 12);
    }
    ground.w = right - ground.x;
    ground.h = low - ground.y;
    for (uint32_t i = 0; i < n; i++) {
        const struct topology_node *box = &t->nodes[i];
        if (t->network->stages[i].machines != owner && box->x < right &&
            box->x + box->w > ground.x && box->y < low && box->y + box->h > ground.y)
            return;
    }
    if (here < 2)
        return;
    rounded(canvas, &ground, 0, machine_ground, 0xb9b9b3);
    struct text_style style = {11, spectrogram_soft, false, false, 0, false};
    canvas_text(canvas, ground.x + 8, ground.y + 15,
                internf("machines of %s", t->network->stages[owner].name), &style);
}

/* ---- ways ---- */

struct path {
    double x[512], y[512];
    size_t n;
};

static void go(struct path *path, double x, double y)
{
    if (path->n < sizeof path->x / sizeof *path->x) {
        path->x[path->n] = x;
        path->y[path->n++] = y;
    }
}

/* A smooth way to (x, y) that begins and ends level. */
static void glide(struct path *path, double x, double y)
{
    double x0 = path->x[path->n - 1], y0 = path->y[path->n - 1], reach = (x - x0) / 2;
    for (int i = 1; i <= STEPS; i++) {
        double u = (double)i / STEPS, v = 1 - u;
        go(path,
           v * v * v * x0 + 3 * v * v * u * (x0 + reach) + 3 * v * u * u * (x - reach) +
               u * u * u * x,
           v * v * (v + 3 * u) * y0 + u * u * (u + 3 * v) * y);
    }
}

/* Where the k-th of n ways meets the side of a box. */
static double port(const struct topology_node *box, size_t k, size_t n)
{
    double step = fmin(13, (box->h - 20) / (double)(n > 0 ? n : 1));
    return box->y + box->h / 2 + ((double)k - ((double)n - 1) / 2) * step;
}

/* The height of an edge's next point from one of its ends: far below where it runs beneath. */
static double aims_at(const struct topology *t, const struct topology_edge *edge, bool out)
{
    const struct topology_node *from = &t->nodes[edge->from], *to = &t->nodes[edge->to];
    if (edge->back || from->band != to->band)
        return 1e9 + (out ? to->x : -from->x);
    size_t next = !edge->n_passes ? (out ? edge->to : edge->from)
                  : out           ? edge->pass
                                  : edge->pass + edge->n_passes - 1;
    return t->nodes[next].y + t->nodes[next].h / 2;
}

static double port_of(const struct topology *t, const struct topology_edge *edge, bool out)
{
    size_t node = out ? edge->from : edge->to, before = 0, n = 0;
    double own = aims_at(t, edge, out);
    for (size_t i = 0; i < t->n_edges; i++) {
        const struct topology_edge *other = &t->edges[i];
        if ((out ? other->from : other->to) != node)
            continue;
        double its = aims_at(t, other, out);
        n++;
        before += its < own || (its == own && other < edge);
    }
    n += out && t->nodes[node].leaves;
    return port(&t->nodes[node], before, n);
}

/* The number of an edge among those that run beneath its band. */
static size_t lane_of(const struct topology *t, const struct topology_edge *edge)
{
    size_t n = 0;
    size_t band = t->nodes[edge->from].band;
    for (const struct topology_edge *other = t->edges; other < edge; other++)
        n +=
            t->nodes[other->from].band == band && (other->back || t->nodes[other->to].band != band);
    return n;
}

static void follow(const struct topology *t, const struct topology_edge *edge, struct path *path)
{
    const struct topology_node *from = &t->nodes[edge->from], *to = &t->nodes[edge->to];
    double y0 = port_of(t, edge, true), y1 = port_of(t, edge, false), tip = to->x - 1;
    path->n = 0;
    go(path, from->x + from->w, y0);
    if (!edge->back && from->band == to->band) {
        for (size_t i = 0; i < edge->n_passes; i++) {
            const struct topology_node *pass = &t->nodes[edge->pass + i];
            glide(path, pass->x, pass->y + pass->h / 2);
            go(path, pass->x + pass->w, pass->y + pass->h / 2);
        }
        glide(path, tip - HEAD, y1);
        return;
    }
    size_t k = lane_of(t, edge);
    double lane = t->lane[from->band] + 16.0 * (double)k,
           out = from->x + from->w + 36 + 5.0 * (double)(k % 4),
           in = to->x - 26 - 5.0 * (double)(k % 4);
    go(path, out, y0);
    go(path, out, lane);
    if (to->band != from->band && to->band != from->band + 1) {
        double edge_x = 6 + 4.0 * (double)(k % 5), to_lane = t->lane[to->band] - 6;
        go(path, edge_x, lane);
        go(path, edge_x, to_lane);
        go(path, in, to_lane);
    } else {
        go(path, in, lane);
    }
    go(path, in, y1);
    go(path, tip - HEAD, y1);
}

static void draw_head(struct canvas *canvas, double x, double y, uint32_t colour)
{
    double px[3] = {x, x, x + HEAD}, py[3] = {y - 0.55 * HEAD, y + 0.55 * HEAD, y};
    canvas_polygon(canvas, px, py, 3, colour);
}

static void draw_edge(struct canvas *canvas, const struct topology *t,
                      const struct topology_edge *edge, double most)
{
    struct path path;
    struct box all = {0, 0, canvas_width(canvas), canvas_height(canvas)};
    uint32_t colour = edge->back ? back_colour : edge_colour;
    double width = 1.2 + (edge->rate > 0 && most > 0 ? 2.4 * sqrt(edge->rate / most) : 0);
    struct line_style line = {width, colour, 1, NULL, 0}, outer = {6, colour, 1, NULL, 0},
                      inner = {2.8, 0xffffff, 1, NULL, 0};
    static const double dash[] = {6, 4};
    if (edge->letters) {
        line.dash = dash;
        line.dashes = 2;
    }
    follow(t, edge, &path);
    if (edge->calls) {
        canvas_line(canvas, all, path.x, path.y, path.n, &outer);
        canvas_line(canvas, all, path.x, path.y, path.n, &inner);
    } else {
        canvas_line(canvas, all, path.x, path.y, path.n, &line);
    }
    draw_head(canvas, path.x[path.n - 1], path.y[path.n - 1], colour);
}

/* The traffic of a way that comes alone stands where it ends, on the side that it does not come
 * from; else on the way, where ways have parted; and on what runs beneath. */
static void label_edge(struct canvas *canvas, const struct topology *t,
                       const struct topology_edge *edge)
{
    struct path path;
    struct text_style style = {11, spectrogram_ink, false, true, 0.5, false};
    bool beneath = edge->back || t->nodes[edge->from].band != t->nodes[edge->to].band;
    size_t others = 0;
    if (!edge->labelled || isnan(edge->rate))
        return;
    const char *text = topology_rate(edge->rate);
    follow(t, edge, &path);
    for (size_t i = 0; i < t->n_edges; i++)
        others += &t->edges[i] != edge && t->edges[i].to == edge->to;
    size_t last = path.n - 1, at = last;
    if (beneath) {
        style.colour = edge->back ? back_colour : spectrogram_ink;
        canvas_text(canvas, (path.x[2] + path.x[3]) / 2, path.y[2] - 5, text, &style);
    } else if (others == 0) {
        style.align = 1;
        bool falls = path.y[last] > path.y[0] + 1;
        canvas_text(canvas, path.x[last] + 2, path.y[last] + (falls ? 17 : -8), text, &style);
    } else {
        while (at > 1 && path.x[last] - path.x[at] < 22)
            at--;
        canvas_text(canvas, path.x[at] - 4, path.y[at] - 6, text, &style);
    }
}

static void draw_exit(struct canvas *canvas, const struct topology *t, size_t node)
{
    const struct topology_node *box = &t->nodes[node];
    size_t n = 1;
    for (size_t i = 0; i < t->n_edges; i++)
        n += t->edges[i].from == node;
    double x[2] = {box->x + box->w, box->x + box->w + 22}, y[2];
    y[0] = y[1] = port(box, n - 1, n);
    struct box all = {0, 0, canvas_width(canvas), canvas_height(canvas)};
    struct line_style line = {1.6, edge_colour, 1, NULL, 0};
    canvas_line(canvas, all, x, y, 2, &line);
    draw_head(canvas, x[1], y[1], edge_colour);
}

/* ---- the page ---- */

static void write_head(struct canvas *canvas, const struct topology *t)
{
    double width = canvas_width(canvas) - 36;
    const char *where = topology_where(t);
    bool calls = false, back = false, held = false, letters = false;
    for (size_t i = 0; i < t->n_edges; i++) {
        calls |= t->edges[i].calls;
        letters |= t->edges[i].letters;
        back |= t->edges[i].back;
    }
    for (uint32_t i = 0; i < t->network->n_stages; i++)
        held |= topology_row(t, i)->held_fraction > 0;
    struct text_style title = {19, spectrogram_ink, true, false, 0, false},
                      small = {12.5, spectrogram_soft, false, false, 0, false};
    write(canvas, 18, 32, width, topology_headline(t), title);
    write(
        canvas, 18, 53, width,
        internf("%s%s%s", describe_title(&t->result->scenario), *where ? " \xc2\xb7 " : "", where),
        small);
    write(canvas, 18, 73, width,
          internf("arrow: hands on, the thicker the more%s%s%s \xc2\xb7 bar: consumers busy%s",
                  calls ? " \xc2\xb7 double: calls and waits for the answer" : "",
                  letters ? " \xc2\xb7 dashed: dead letters" : "",
                  back ? " \xc2\xb7 grey: comes back" : "", held ? ", hatched: held" : ""),
          small);
}

static struct canvas *draw(struct topology *t, struct errors *errors)
{
    topology_place(t, 108);
    int width = (int)fmax(SMALLEST, ceil(t->width)), height = (int)ceil(t->height) + 4;
    struct canvas *canvas = canvas_new(width, height, errors);
    double most = 0;
    if (!canvas)
        return NULL;
    for (size_t i = 0; i < t->n_edges; i++)
        most = fmax(most, t->edges[i].calls ? 0 : t->edges[i].rate);
    write_head(canvas, t);
    for (uint32_t i = 0; i < t->network->n_stages; i++)
        draw_machines(canvas, t, i);
    for (size_t i = 0; i < t->n_edges; i++)
        draw_edge(canvas, t, &t->edges[i], most);
    for (size_t i = 0; i < t->n_nodes; i++) {
        if (t->nodes[i].leaves)
            draw_exit(canvas, t, i);
        if (t->nodes[i].kind == NODE_STAGE)
            draw_stage(canvas, t, &t->nodes[i]);
        else if (t->nodes[i].kind == NODE_SOURCE)
            draw_source(canvas, &t->nodes[i]);
    }
    for (size_t i = 0; i < t->n_edges; i++)
        label_edge(canvas, t, &t->edges[i]);
    return canvas;
}

bool topology_png(struct topology *t, unsigned threads, struct bytes *png, struct errors *errors)
{
    struct canvas *canvas = draw(t, errors);
    if (!canvas)
        return false;
    char *scenario = config_text(&t->result->scenario);
    const struct png_chunk chunks[] = {
        {"Title", topology_headline(t)},
        {"Software", internf("queuescope %s", queuescope_version)},
        {"queuescope:scenario", scenario},
        {"queuescope:seed", internf("%.0f", t->result->scenario.seed)},
        {"queuescope:version", queuescope_version},
        {"queuescope:command", "run"}};
    struct raster raster;
    canvas_finish(canvas, &raster);
    bool drawn = png_encode(&raster, chunks, sizeof chunks / sizeof *chunks, threads, png, errors);
    raster_free(&raster);
    free(scenario);
    return drawn;
}
