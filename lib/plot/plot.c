#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>

#include "opt.h"
#include "out.h"
#include "plot/plot.h"
#include "plot/size.h"
#include "plot/utf8.h"
#include "rows.h"
#include "suffix.h"

#define NO_WIDTH "\u200b"
#define FONT " font \"sans-serif,12\""
#define LINE 1.25 /* from one line of text to the next, in sizes of type */

enum { SVG, PNG, PDF, CANVAS, DUMB, X11, QT };
static const char *const terminals[] = {"svg",  "png", "pdf", "canvas",
					"dumb", "x11", "qt"};
static unsigned kind, palette;
static const char *size_given;
static struct size_asked size;
static double font_points, dots; /* 0: none was given */
static bool script_only;
const char *plot_title, *plot_xlabel, *plot_ylabel, *plot_note;
double plot_range[2] = {NAN, NAN};
bool plot_log, plot_share;

static const struct opt picture_opts[] = {
	OPT_TABLE(out_file_opts),
	OPT_FLAG(0, "script", &script_only,
		 "print the script of the picture instead of drawing"),
	OPT_STR(0, "title", "text", &plot_title,
		"write this above the picture"),
	OPT_STR(0, "size", "width[xheight]", &size_given,
		"make it this large: 640x480, 85mm, 3inx2in"),
	OPT_NUM_IN(0, "font-size", "pt", &font_points, "[6,72]",
		   "the size of its type"),
	OPT_NUM_IN(0, "dpi", "n", &dots, "[10,2400]",
		   "dots in an inch of a PNG (96, in print 300)"),
	OPT_WORD(0, "palette", "name", &palette, "|viridis|cividis|magma|greys",
		 "take colours from it"),
	OPT_TABLE(rows_opts),
	OPT_END,
};

const struct opt plot_opts[] = {
	OPT_WORD('T', "terminal", "type", &kind,
		 "svg|png|pdf|canvas|dumb|x11|qt", "what to draw"),
	OPT_TABLE(picture_opts),
	OPT_END,
};

const struct opt plot_dot_opts[] = {
	OPT_WORD('T', "terminal", "type", &kind, "svg|png|pdf", "what to draw"),
	OPT_TABLE(picture_opts),
	OPT_END,
};

/* What files are called: by what is drawn, and scripts by what draws them. */
static const char *const suffixes[] = {
	[SVG] = "svg",  [PNG] = "png", [PDF] = "pdf", [CANVAS] = "html|htm",
	[DUMB] = "txt", [X11] = "",    [QT] = "",
};
static const char *const script_suffixes[] = {
	[PLOT_GNUPLOT] = "gp|gnuplot|plt", [PLOT_DOT] = "dot|gv"};

/* A script may have a name that says nothing, or that it is a text. */
static void
check_script(enum plot_program program, size_t drawn, size_t script)
{
	if ((drawn < LEN(suffixes) && drawn != DUMB) ||
	    (script < LEN(script_suffixes) && script != program))
		misuse("--output: '%s' is not the name of a script for %s",
		       out_path(), program == PLOT_DOT ? "dot" : "gnuplot");
}

static void
check_terminal(enum plot_program program, size_t drawn)
{
	size_t most = program == PLOT_DOT ? CANVAS : LEN(suffixes);
	bool given = opt_given(&kind);

	if (given && drawn < LEN(suffixes) && drawn != kind)
		misuse("--output: '%s' is not the name of -T %s", out_path(),
		       plot_terminal());
	if (!given && drawn >= most)
		misuse("--output: what to draw into '%s'?  Choose with -T",
		       out_path());
	kind = given ? kind : (unsigned)drawn;
}

static void
read_size(void)
{
	if (!size_given)
		return;
	if (!size_read(&size, size_given))
		misuse("--size: must be width or widthxheight, in mm, cm, in, "
		       "pt or px: '%s'",
		       size_given);
	if (kind == DUMB && size_is_print(&size))
		misuse("--size: -T dumb counts in characters: '%s'",
		       size_given);
	if (!(size.width >= 1 && size.width <= PLOT_LARGEST &&
	      size.height <= PLOT_LARGEST))
		misuse("--size: must be in [1,%d] pixels: '%s'", PLOT_LARGEST,
		       size_given);
}

void
plot_start(enum plot_program program)
{
	size_t drawn = suffix_find(suffixes, LEN(suffixes));
	size_t script = suffix_find(script_suffixes, LEN(script_suffixes));

	if (script_only)
		check_script(program, drawn, script);
	else if (kind >= X11 && out_path())
		misuse("--output: -T %s draws in a window", plot_terminal());
	else if (script < LEN(script_suffixes))
		misuse("--output: '%s' is the name of a script: --script",
		       out_path());
	else if (*suffix_of_output())
		check_terminal(program, drawn);
	read_size();
	if (plot_log && plot_range[0] <= 0)
		misuse("--range: not above 0, as --log has it: '%.15g:%.15g'",
		       plot_range[0], plot_range[1]);
	if (dots > 0 && kind != PNG)
		misuse("--dpi is for -T png");
}

/* Ten colours at equal steps, linear in sRGB between them.  viridis and magma
 * are by S. van der Walt and N. Smith (CC0), cividis by Nunez, Anderton and
 * Renslow (PLoS ONE 13, 2018); all get lighter all the way, so that they also
 * work without colour.  Greys start short of white, which is for no value. */
#define SHADES 10
static const uint32_t palettes[][SHADES] = {
	{0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779,
	 0x6ece58, 0xb5de2b, 0xfde725},
	{0x00224e, 0x123570, 0x3b496c, 0x575d6d, 0x707173, 0x8a8678, 0xa59c74,
	 0xc3b369, 0xe1cc55, 0xfee838},
	{0x000004, 0x180f3d, 0x440f76, 0x721f81, 0x9e2f7f, 0xcd4071, 0xf1605d,
	 0xfd9668, 0xfeca8d, 0xfcfdbf},
	{0xf0f0f0, 0xd8d8d8, 0xc0c0c0, 0xa8a8a8, 0x909090, 0x787878, 0x606060,
	 0x484848, 0x303030, 0x181818},
};

static const uint32_t *
shades(void)
{
	return palettes[palette ? palette - 1 : 0];
}

/* M. Okabe and K. Ito, "Color universal design" (2008): hues that the colour
 * blind tell apart, without yellow, which is too light for a line on white. */
static const uint32_t hues[PLOT_HUES] = {0x0072b2, 0xe69f00, 0x009e73, 0xd55e00,
					 0xcc79a7, 0x56b4e9, 0x000000};

bool
plot_width(int *width)
{
	*width = (int)rint(size.width);
	return size.width > 0;
}

bool
plot_size(int *width, int *height)
{
	if (!(size.height > 0))
		return false;
	*width = (int)rint(size.width);
	*height = (int)fmax(1, rint(size.height));
	return true;
}

void
plot_set_height(double height)
{
	size.height = fmin(ceil(height), PLOT_LARGEST);
}

void
plot_too_small(double width, double height)
{
	char *would = size_text(&size, width, height);

	die("--size: too small: %s would do", would);
}

double
plot_type(void)
{
	return font_points * 96 / 72;
}

/* What has a size in print is to be printed. */
double
plot_dots(void)
{
	if (kind != PNG)
		return 96;
	return dots > 0 ? dots : size_is_print(&size) ? 300 : 96;
}

const char *
plot_terminal(void)
{
	return terminals[kind];
}

bool
plot_is_text(void)
{
	return kind == DUMB;
}

bool
plot_is_script(void)
{
	return script_only;
}

static void
put(struct plot *p, const char *s, size_t n)
{
	p->script = grow(p->script, &p->cap, p->n + n + 1, 1);
	memcpy(p->script + p->n, s, n);
	p->n += n;
}

void
plot_say(struct plot *p, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	p->script = grow(p->script, &p->cap, p->n + (size_t)n + 1, 1);
	vsnprintf(p->script + p->n, (size_t)n + 1, fmt, again);
	va_end(again);
	p->n += (size_t)n;
}

void
plot_num(struct plot *p, double v)
{
	char s[32];

	if (isfinite(v))
		put(p, s, out_num_text(v, s));
	else
		put(p, "NaN", 3);
}

void
plot_point(struct plot *p, double x, double y)
{
	plot_num(p, x);
	plot_say(p, " ");
	plot_num(p, y);
	plot_say(p, "\n");
}

/* The scales make size 12 of cairo's terminals 12 pixels; qt counts in whole
 * points, and what looks like a font's size to dumb is none. */
void
plot_font(struct plot *p, double points)
{
	if (kind == QT)
		plot_say(p, "font \",%.0f\"", 0.75 * points);
	else if (kind != DUMB)
		plot_say(p, "font \",%g\"", points);
}

/* What gnuplot calls a terminal, and what it is to know of it.  With these
 * scales lines and points, too, are as large in all of cairo's terminals as in
 * SVG. */
static const char *const drivers[][2] = {
	[SVG] = {"svg", FONT " background \"white\""},
	[PNG] = {"pngcairo", FONT " fontscale 0.75 pointscale 1.5"},
	[PDF] = {"pdfcairo",
		 FONT " fontscale 0.5625 linewidth 1.5 pointscale 1.125"},
	[CANVAS] = {"canvas standalone", " fsize 12"},
	[DUMB] = {"dumb", ""},
	[X11] = {"x11 persist", FONT},
	[QT] = {"qt persist", " font \"sans-serif,9\""},
};

/* A PNG of more dots is the same picture, all in it larger. */
static void
say_terminal(struct plot *p)
{
	const char *inches = kind == PDF ? "in" : "";
	double zoom = plot_dots() / 96;
	double width = p->width, height = p->height;

	if (size.height > 0 && (kind == PDF || zoom != 1)) {
		width = size.width; /* which p has in whole pixels */
		height = size.height;
	}
	if (kind == PDF) { /* which is of whole points */
		width = rint(0.75 * width) / 72;
		height = rint(0.75 * height) / 72;
	} else if (kind == PNG) {
		width = rint(width * zoom);
		height = rint(height * zoom);
	}
	plot_say(p, "set terminal %s size %.9g%s,%.9g%s%s", drivers[kind][0],
		 width, inches, height, inches, drivers[kind][1]);
	if (kind == PNG && zoom != 1)
		plot_say(p, " fontscale %.6g pointscale %.6g linewidth %.6g",
			 0.75 * zoom, 1.5 * zoom, zoom);
	plot_say(p, " noenhanced\n");
}

void
plot_open(struct plot *p, int width, int height)
{
	int i;

	double zoom = plot_dots() / 96;

	plot_size(&width, &height);
	if (zoom * width > PLOT_LARGEST || zoom * height > PLOT_LARGEST)
		die("a picture of %.0f by %.0f pixels is too large",
		    zoom * width, zoom * height);
	*p = (struct plot){.width = width, .height = height};
	plot_say(p, "reset\nset encoding utf8\n");
	say_terminal(p);
	plot_say(p, "set palette defined (");
	for (i = 0; i < SHADES; i++)
		plot_say(p, "%s%d \"#%06x\"", i ? ", " : "", i, shades()[i]);
	plot_say(p, ")\n");
}

/* gnuplot runs what stands between backquotes even in a string, and expands
 * what follows an @.  An octal escape keeps any character from meaning
 * something, and strings in inline data know it too.  An escape
 * that begins with a 0 takes four digits, any other three.
 *
 * The canvas terminal writes texts into a script in HTML, where "</script>"
 * would end it: nothing may follow a '<' but a space of no width.  The SVG
 * terminal leaves '>' as it is, which XML forbids after "]]". */
static void
put_character(struct plot *p, const char *s, size_t n)
{
	static const char plain[] = " _-+.,:;/()=<>*?!|&'^~[]{}%";
	bool alnum = (*s >= '0' && *s <= '9') || (*s >= 'A' && *s <= 'Z') ||
		     (*s >= 'a' && *s <= 'z');
	bool ends = p->n >= 2 && !memcmp(p->script + p->n - 2, "]]", 2);

	if (*s == '>' && ends && kind == SVG)
		put(p, NO_WIDTH, strlen(NO_WIDTH));
	if (n > 1 || alnum || strchr(plain, *s))
		put(p, s, n);
	else
		plot_say(p, "\\%04o", (unsigned)*s);
	if (*s == '<' && kind == CANVAS)
		put(p, NO_WIDTH, strlen(NO_WIDTH));
}

static void
put_quoted(struct plot *p, const char *s, bool format)
{
	const char *next;
	uint32_t c;

	put(p, "\"", 1);
	for (; *s; s = next) {
		next = utf8_next(s, &c);
		if (c == '\n')
			put(p, "\\n", 2);
		else if (c == '\t')
			put(p, " ", 1);
		else if (!utf8_is_drawable(c))
			put(p, "?", 1);
		else
			put_character(p, s, (size_t)(next - s));
		if (c == '%' && format)
			put(p, "%", 1);
	}
	put(p, "\"", 1);
}

void
plot_text(struct plot *p, const char *s)
{
	put_quoted(p, s, false);
}

void
plot_tic(struct plot *p, const char *text, double at)
{
	put_quoted(p, text, true);
	put(p, " ", 1);
	plot_num(p, at);
}

void
plot_plain(struct plot *p, const char *s)
{
	const char *next;
	uint32_t c;

	for (; *s; s = next) {
		next = utf8_next(s, &c);
		if (!utf8_is_drawable(c))
			put(p, "?", 1);
		else
			put(p, s, (size_t)(next - s));
	}
}

/* How many columns of a terminal a character takes.  wcwidth(3) would know only
 * in a locale that has it. */
static size_t
columns(uint32_t c)
{
	static const struct {
		uint32_t first, last;
		size_t columns;
	} odd[] = {
		{0x300, 0x36f, 0},     {0x1100, 0x115f, 2},
		{0x200b, 0x200f, 0},   {0x20d0, 0x20ff, 0},
		{0x2e80, 0xa4cf, 2},   {0xac00, 0xd7a3, 2},
		{0xf900, 0xfaff, 2},   {0xfe00, 0xfe0f, 0},
		{0xfe30, 0xfe6f, 2},   {0xff00, 0xff60, 2},
		{0xffe0, 0xffe6, 2},   {0x1f300, 0x1faff, 2},
		{0x20000, 0x3fffd, 2},
	};
	size_t i;

	for (i = 0; i < LEN(odd) && odd[i].first <= c; i++)
		if (c <= odd[i].last)
			return odd[i].columns;
	return 1;
}

size_t
plot_columns(const char *s)
{
	size_t n = 0;
	uint32_t c;

	while (*s) {
		s = utf8_next(s, &c);
		n += utf8_is_drawable(c) ? columns(c) : 1;
	}
	return n;
}

/* The advance widths of DejaVu Sans in percent of its size, from the space to
 * the tilde. */
static const unsigned char widths[] = {
	32,  41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34,
	64,  64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 54,
	100, 69, 69, 70, 77, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79,
	61,  79, 70, 64, 62, 74, 69, 99, 69, 62, 69, 40, 34, 40, 84, 50,
	50,  62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62,
	64,  64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84};

static double
character_width(uint32_t c)
{
	if (c == BAD_CHARACTER || c < ' ')
		c = '?';
	if (c - ' ' < LEN(widths))
		return widths[c - ' '] / 100.0;
	return columns(c) == 1 ? 0.85 : (double)columns(c) / 2;
}

/* Of one pixel's size.  cairo rounds each width to a whole pixel, up to 7 % of
 * the whole; canvas draws its own letters, the digits of which are 0.8 wide. */
static double
pixel_width(const char *s)
{
	double widest = 0, w = 0;
	uint32_t c;

	while (*s) {
		s = utf8_next(s, &c);
		w = c == '\n' ? 0 : w + character_width(c);
		widest = w > widest ? w : widest;
	}
	return widest * (kind == CANVAS ? 1.3 : 1.07);
}

double
plot_text_width(const char *s, double type)
{
	char *lines, *rest, *line;
	double widest = 0;

	if (!s)
		return 0;
	if (kind != DUMB)
		return pixel_width(s) * type;
	rest = lines = copy(s);
	while ((line = strsep(&rest, "\n")))
		widest = fmax(widest, (double)plot_columns(line));
	free(lines);
	return widest;
}

double
plot_text_step(double type)
{
	return kind == DUMB ? 1 : LINE * type;
}

double
plot_text_height(const char *s, double type)
{
	return s ? (double)plot_text_lines(s) * plot_text_step(type) : 0;
}

size_t
plot_text_lines(const char *s)
{
	size_t n = 1;

	for (; *s; s++)
		n += *s == '\n';
	return n;
}

static bool
is_whole(double v)
{
	return fabs(v) < 1e15 && v == rint(v);
}

/* Of 1.20e-05 they are two; 100.4 needs three not to have an exponent. */
int
plot_digits(double v)
{
	char s[32];
	int n = 3;
	long power;

	if (!isfinite(v) || is_whole(v))
		return 0;
	snprintf(s, sizeof s, "%.2e", fabs(v));
	power = strtol(strchr(s, 'e') + 1, NULL, 10);
	while (n > 1 && s[n] == '0')
		n--;
	n = s[n] == '.' ? 1 : n;
	return power >= n && power <= 2 ? (int)power + 1 : n;
}

char *
plot_even(double v, int digits)
{
	int own = plot_digits(v);
	char *s, *point;

	if (v == 0)
		return copy("0");
	if ((is_whole(v) && (digits == 0 || fabs(v) >= pow(10, digits - 1))) ||
	    (fabs(v) >= 999.5 && fabs(v) < 1e6))
		return format("%.0f", v);
	s = format("%#.*g", digits > own ? digits : own, v);
	point = strchr(s, '.');
	if (point && !(point[1] >= '0' && point[1] <= '9'))
		memmove(point, point + 1, strlen(point));
	return s;
}

char *
plot_readable(double v)
{
	return plot_even(v, plot_digits(v));
}

static uint32_t
blend(uint32_t a, uint32_t b, double fraction)
{
	uint32_t rgb = 0;
	int shift;

	for (shift = 0; shift < 24; shift += 8) {
		double from = a >> shift & 0xff, to = b >> shift & 0xff;

		rgb |= (uint32_t)lround(from + (to - from) * fraction) << shift;
	}
	return rgb;
}

uint32_t
plot_shade(double fraction)
{
	double at = fmin(fmax(fraction, 0), 1) * (SHADES - 1);
	int i = at >= SHADES - 1 ? SHADES - 2 : (int)at;

	return blend(shades()[i], shades()[i + 1], at - i);
}

static double
linear(uint32_t channel)
{
	double v = (channel & 0xff) / 255.0;

	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double
luminance(uint32_t rgb)
{
	return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) +
	       0.0722 * linear(rgb);
}

/* Luminances in equal steps of lightness, all seen on white: 0.5 has a contrast
 * of 1.9 to it. */
static const double lights[] = {0.05, 0.12, 0.22, 0.34, 0.48};

/* The light of a hue's n-th shade, from 1, where the hue itself has that of
 * base: first two steps from it, then three, then others. */
static double
other_light(int base, size_t n)
{
	static const int away[] = {2, -2, 3, -3, 1, -1, 4, -4};
	size_t i;

	for (i = 0; i < LEN(away); i++) {
		int at = base + away[i];

		if (at >= 0 && at < (int)LEN(lights) && --n == 0)
			return lights[at];
	}
	return lights[base];
}

/* The hue with so much black or white that it has this light. */
static uint32_t
with_light(uint32_t hue, double light)
{
	uint32_t end = luminance(hue) < light ? 0xffffff : 0;
	double least = 0, most = 1;
	int i;

	for (i = 0; i < 16; i++) {
		double middle = (least + most) / 2;

		if ((luminance(blend(hue, end, middle)) < light) == (end != 0))
			least = middle;
		else
			most = middle;
	}
	return blend(hue, end, most);
}

uint32_t
plot_group(size_t i)
{
	uint32_t hue = hues[i % PLOT_HUES];
	size_t n = i / PLOT_HUES % LEN(lights);
	int k, base = 0;

	if (n == 0)
		return hue;
	for (k = 1; k < (int)LEN(lights); k++)
		if (fabs(lights[k] - luminance(hue)) <
		    fabs(lights[base] - luminance(hue)))
			base = k;
	return with_light(hue, other_light(base, n));
}

bool
plot_has_palette(void)
{
	return palette != 0;
}

/* A colour with a luminance of 0.5 has a contrast of 1.9 on white: the ends of
 * palettes that are lighter are left out. */
uint32_t
plot_stroke(size_t i, size_t n)
{
	double from = 0, to = 1;

	while (luminance(plot_shade(from)) > 0.5)
		from += 0.01;
	while (luminance(plot_shade(to)) > 0.5)
		to -= 0.01;
	return plot_shade(from + (to - from) * (double)i /
					 (double)(n > 1 ? n - 1 : 1));
}

/* Above a relative luminance of 0.179 black contrasts more than white does
 * (WCAG 2.1: contrast is the ratio of the luminances, 0.05 added to each). */
uint32_t
plot_ink(uint32_t back)
{
	return luminance(back) > 0.179 ? 0x000000 : 0xffffff;
}

/* gnuplot echoes the line that it stumbled over, then says "line N: ...".  Its
 * warnings look the same; in the C locale there is always one. */
static void
check_gnuplot(const struct run_program *gnuplot)
{
	char *line, *rest = gnuplot->said, *first = NULL;

	if (gnuplot->status == 0 && (gnuplot->n > 0 || kind >= X11))
		return;
	while ((line = strsep(&rest, "\n"))) {
		char *place = strstr(line, "line "), *problem;

		line += strspn(line, " \t");
		if (strstr(line, "warning: "))
			continue;
		if (strstr(line, "ambiguous terminal type"))
			die("-T %s: this gnuplot cannot draw that%s%s",
			    plot_terminal(),
			    kind >= X11 ? ": install gnuplot-" : "",
			    kind >= X11 ? plot_terminal() : "");
		if (place && (problem = strstr(place, ": ")))
			die("gnuplot: %s", problem + 2);
		if (*line && !first)
			first = line;
	}
	die("gnuplot failed%s%s", first ? ": " : "", first ? first : "");
}

static bool
has_display(void)
{
	const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");

	return (x && *x) || (kind == QT && wayland && *wayland);
}

/* The same input makes the same bytes: a PDF does not say when it was drawn.
 * Its table of offsets keeps us from taking the entry out, but not from
 * blanking it. */
static void
forget_date(char *s, size_t n)
{
	static const char date[] = "/CreationDate (";
	char *p = memmem(s, n, date, strlen(date));
	const char *end = p ? memchr(p, ')', n - (size_t)(p - s)) : NULL;

	if (end)
		memset(p, ' ', (size_t)(end + 1 - p));
}

/* A picture of characters is text: no form feed before it, and no spaces at the
 * ends of its lines. */
static size_t
tidy(char *s, size_t n)
{
	size_t i, left = 0;

	for (i = 0; i < n; i++) {
		while (s[i] == '\n' && left > 0 && s[left - 1] == ' ')
			left--;
		if (s[i] != '\f')
			s[left++] = s[i];
	}
	return left;
}

void
plot_run(struct plot *p, struct run_program *program,
	 void (*check)(const struct run_program *done))
{
	program->in = p->script;
	program->nin = p->n;
	run_programs(program, 1);
	check(program);
	free(p->script);
	p->script = program->out;
	p->n = program->n;
	program->out = NULL;
	run_free(program, 1);
}

/* -d: its own defaults, nothing of the user's.  Its first terminal, before the
 * script sets one, must need no display.  From what it takes for a terminal it
 * reads a byte at a time: 7 MB take 5 s that way, 1 s as a file. */
static void
draw(struct plot *p)
{
	struct run_program gnuplot = {.package = "gnuplot-nox"};

	if (kind >= X11 && !has_display())
		die("-T %s: there is no display", plot_terminal());
	run_add(&gnuplot.argv, "gnuplot");
	run_add(&gnuplot.argv, "-d");
	run_add(&gnuplot.argv, "/dev/stdin");
	run_add(&gnuplot.env, "GNUTERM=dumb");
	run_add(&gnuplot.env, "TZ=UTC0");
	plot_run(p, &gnuplot, check_gnuplot);
	if (kind == DUMB)
		p->n = tidy(p->script, p->n);
}

/* Puts a text into what was drawn, in place of the n bytes there. */
static void
replace(struct plot *p, size_t at, size_t n, const char *text, size_t length)
{
	size_t after = p->n - at - n;
	char *all = zeros(p->n + length, 1);

	memcpy(all, p->script, at);
	memcpy(all + at, text, length);
	memcpy(all + at + length, p->script + at + n, after);
	free(p->script);
	p->script = all;
	p->n = at + length + after;
}

/* gnuplot's SVG is in pixels, which programs take for different lengths. */
static void
say_print_size(struct plot *p)
{
	char *from = format(" width=\"%d\" height=\"%d\"", p->width, p->height);
	char *to = format(" width=\"%.6g%s\" height=\"%.6g%s\"",
			  size.width / size.pixels, size.unit,
			  size.height / size.pixels, size.unit);
	const char *at = memmem(p->script, p->n, from, strlen(from));

	if (at)
		replace(p, (size_t)(at - p->script), strlen(from), to,
			strlen(to));
	free(from);
	free(to);
}

static void
put_word(unsigned char *at, uint32_t v)
{
	int i;

	for (i = 0; i < 4; i++)
		at[i] = (unsigned char)(v >> (24 - 8 * i));
}

/* Says in a PNG how many dots are in a metre, behind its signature and its
 * first chunk: nobody else does. */
static void
say_dots(struct plot *p)
{
	unsigned char chunk[21] = {0, 0, 0, 9, 'p', 'H', 'Y', 's'};
	uint32_t dots_m = (uint32_t)lround(plot_dots() / 0.0254);

	put_word(chunk + 8, dots_m);
	put_word(chunk + 12, dots_m);
	chunk[16] = 1;
	put_word(chunk + 17, libdeflate_crc32(0, chunk + 4, 13));
	if (p->n > 33)
		replace(p, 33, 0, (const char *)chunk, sizeof chunk);
}

void
plot_close(struct plot *p)
{
	if (!script_only)
		draw(p);
	if (!script_only && kind == SVG && size_is_print(&size))
		say_print_size(p);
	if (script_only || kind < X11)
		plot_write(p);
	else
		free(p->script);
	*p = (struct plot){0};
}

void
plot_write(struct plot *p)
{
	if (kind == PDF && !script_only)
		forget_date(p->script, p->n);
	if (kind == PNG && !script_only && plot_dots() != 96)
		say_dots(p);
	out_bytes(p->script, p->n);
	free(p->script);
	*p = (struct plot){0};
}
