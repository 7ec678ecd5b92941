#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cell/trace.h"
#include "progress.h"
#include "util.h"

static const char *time_text, *voltage_text, *current_text;
static bool no_header;

const struct opt trace_opts[] = {
	OPT_STR(0, "time", "column[:unit]", &time_text,
		"the column of times, in s or ms (time_ms or t_ms)"),
	OPT_STR(0, "voltage", "column[:unit]", &voltage_text,
		"the column of voltages, in V or mV (v_mV)"),
	OPT_STR(0, "current", "column[:unit]", &current_text,
		"the column of currents, in A, nA or pA (i_nA)"),
	OPT_FLAG(0, "no-header", &no_header,
		 "the table has no header: columns are numbers from 1"),
	OPT_END,
};

/* Numbers beyond these have squares and quotients that are none, and no cell
 * has such voltages, times or currents. */
#define GREATEST 1e100
#define LEAST_DIFFERENCE 1e-100

/* The current before a step is that of so many ms. */
#define REST 100

static double amp_pA = NAN, delay = NAN, dur = NAN;

const struct opt trace_step_opts[] = {
	OPT_NUM(0, "amp", "pA", &amp_pA,
		"the step's amplitude, instead of a current"),
	OPT_NUM(0, "delay", "ms", &delay, "the time at which it begins"),
	OPT_NUM(0, "dur", "ms", &dur, "how long it lasts"),
	OPT_END,
};

enum { TIME, VOLTAGE, CURRENT };

/* Quotients of whole numbers, so that -100 pA is the double next to -0.1. */
static const struct unit {
	const char *name;
	int kind;
	double times, over;
} units[] = {
	{"ms", TIME, 1, 1},     {"s", TIME, 1e3, 1},   {"mV", VOLTAGE, 1, 1},
	{"V", VOLTAGE, 1e3, 1}, {"nA", CURRENT, 1, 1}, {"pA", CURRENT, 1, 1e3},
	{"A", CURRENT, 1e9, 1},
};

/* The unit that stands after the last of a character in a column's name. */
static const struct unit *
unit_after(const char *name, char c, int kind)
{
	const char *p = strrchr(name, c);
	size_t k;

	for (k = 0; p && k < LEN(units); k++)
		if (units[k].kind == kind && !strcmp(units[k].name, p + 1))
			return &units[k];
	return NULL;
}

static void
check_step_options(void)
{
	if (isnan(amp_pA) && isnan(delay) && isnan(dur))
		return;
	if (isnan(amp_pA) || isnan(delay) || isnan(dur))
		misuse("--amp, --delay and --dur need each other");
	if (!(fabs(amp_pA) > LEAST_DIFFERENCE && fabs(amp_pA) < GREATEST))
		misuse("--amp: that is no step: '%g'", amp_pA);
	if (isinf(delay))
		misuse("--delay: not finite");
	if (!(dur > 0 && dur < INFINITY))
		misuse("--dur: not above 0");
}

/* Blanks, tabs and at most one comma part two fields, so that one that is
 * missing between commas is not passed over. */
static void
split_bare(struct traces *in)
{
	char *s = in->text + strspn(in->text, " \t"), *end;
	bool more = true;
	size_t n = 0;

	while (more) {
		end = s + strcspn(s, " \t,");
		in->in.field = grow(in->in.field, &in->mfield, n + 1,
				    sizeof *in->in.field);
		in->in.field[n++] = s;
		s = end + strspn(end, " \t");
		more = *s != '\0';
		if (*s == ',')
			s += 1 + strspn(s + 1, " \t");
		*end = '\0';
	}
	if (in->in.n && n != in->in.n)
		die("%s:%zu: %zu fields where the first line has %zu",
		    in->in.path, in->in.line, n, in->in.n);
	in->in.n = n;
}

static bool
next_bare(struct traces *in)
{
	ssize_t len;

	progress(in->in.line);
	do {
		in->in.line++;
		len = getline(&in->text, &in->room, in->bare);
		if (len < 0 && ferror(in->bare))
			die("%s:", in->in.path);
		if (len < 0)
			return false;
		if (strlen(in->text) != (size_t)len)
			die("%s: not text", in->in.path);
		len = (ssize_t)strcspn(in->text, "\r\n");
		while (len > 0 && strchr(" \t", in->text[len - 1]))
			len--;
		in->text[len] = '\0';
	} while (len == 0);
	split_bare(in);
	return true;
}

/* The columns of a table without a header get their numbers for names. */
static void
open_bare(struct traces *in, const char *path)
{
	size_t k;

	progress_start();
	in->in.path = path;
	in->bare = stdin;
	if (!path || !strcmp(path, "-"))
		in->in.path = "standard input";
	else if (!(in->bare = fopen(path, "re")))
		die("%s:", path);
	if (!next_bare(in))
		die("%s: no samples", in->in.path);
	in->pending = true;
	in->in.name = zeros(in->in.n, sizeof *in->in.name);
	for (k = 0; k < in->in.n; k++)
		in->in.name[k] = format("%zu", k + 1);
}

static const struct choice {
	const char *option;
	const char *names[2]; /* by default, in a table with a header */
	const char *number;   /* and in one without */
	const char **text;
} choices[] = {
	[TIME] = {"time", {"time_ms", "t_ms"}, "1", &time_text},
	[VOLTAGE] = {"voltage", {"v_mV"}, "2", &voltage_text},
	[CURRENT] = {"current", {"i_nA"}, "3", &current_text},
};

static size_t
default_column(const struct traces *in, int kind)
{
	const struct choice *c = &choices[kind];
	size_t k = NO_COLUMN;

	if (no_header)
		k = rows_find(&in->in, c->number);
	else if ((k = rows_find(&in->in, c->names[0])) == NO_COLUMN &&
		 c->names[1])
		k = rows_find(&in->in, c->names[1]);
	if (k == NO_COLUMN && kind != CURRENT && no_header)
		die("%s:%zu: no column '%s' in '%s': say --%s", in->in.path,
		    in->in.line, c->number, in->in.field[0], c->option);
	if (k == NO_COLUMN && kind != CURRENT)
		die("%s: no column '%s': say --%s, or --no-header if there is "
		    "none",
		    in->in.path, c->names[0], c->option);
	return k;
}

/* The name of a column and a colon before what is no unit. */
static void
check_unit(const struct traces *in, int kind, const char *text)
{
	char *name = copy(text), *colon = strrchr(name, ':'), *known = NULL;
	size_t k;

	if (colon)
		*colon = '\0';
	for (k = 0; k < LEN(units); k++)
		if (units[k].kind == kind)
			known = join(known, units[k].name);
	if (colon && rows_find(&in->in, text) == NO_COLUMN &&
	    rows_find(&in->in, name) != NO_COLUMN)
		die("%s: --%s: '%s' is none of %s", in->in.path,
		    choices[kind].option, colon + 1, known);
	free(known);
	free(name);
}

/* What follows a colon is a unit if it can be one, else a part of the name. */
static size_t
named_column(const struct traces *in, int kind, const struct unit **unit)
{
	const char *text = *choices[kind].text;
	char *name = copy(text);
	size_t k;
	int64_t number;

	if ((*unit = unit_after(text, ':', kind)))
		*strrchr(name, ':') = '\0';
	if (no_header && (!parse_int(name, &number) || number < 1))
		misuse("--%s: not the number of a column, with --no-header: "
		       "'%s'",
		       choices[kind].option, text);
	check_unit(in, kind, name);
	k = rows_column(&in->in, name);
	free(name);
	return k;
}

static void
choose_column(struct traces *in, int kind)
{
	struct trace_column *c = &in->column[kind];
	const struct unit *unit = NULL;

	c->column = *choices[kind].text ? named_column(in, kind, &unit)
					: default_column(in, kind);
	if (c->column == NO_COLUMN)
		return;
	if (!unit)
		unit = unit_after(in->in.name[c->column], '_', kind);
	c->times = unit ? unit->times : 1;
	c->over = unit ? unit->over : 1;
}

void
traces_open(struct traces *in, const char *path)
{
	int kind;

	*in = (struct traces){.sweep = NO_COLUMN};
	check_step_options();
	if (no_header) {
		open_bare(in, path);
	} else {
		rows_open(&in->in, path);
		in->sweep = rows_find(&in->in, "sweep");
		if (in->sweep == NO_COLUMN)
			in->sweep = rows_find(&in->in, "amp_pA");
	}
	for (kind = TIME; kind <= CURRENT; kind++)
		choose_column(in, kind);
}

static bool
next_record(struct traces *in)
{
	bool there =
		in->pending ||
		(!in->ended && (in->bare ? next_bare(in) : rows_next(&in->in)));

	in->pending = false;
	in->ended = !there;
	return there;
}

static void
add_sample(struct traces *in)
{
	struct trace_column *c;

	for (c = in->column; c < in->column + LEN(in->column); c++) {
		double v;

		if (c->column == NO_COLUMN)
			continue;
		v = rows_num(&in->in, c->column) * c->times / c->over;
		if (!isfinite(v))
			rows_bad(&in->in, c->column, "not a finite number");
		if (fabs(v) >= GREATEST)
			rows_bad(&in->in, c->column, "too large");
		if (c == in->column && in->n > 0 &&
		    v - c->value[in->n - 1] < LEAST_DIFFERENCE)
			rows_bad(&in->in, c->column, "time does not increase");
		c->value = grow(c->value, &c->cap, in->n + 1, sizeof v);
		c->value[in->n] = v;
	}
	in->n++;
}

static const char *
new_name(struct traces *in)
{
	size_t known = in->names.n;
	uint32_t k;

	if (in->sweep == NO_COLUMN)
		return NULL;
	k = label(&in->names, in->in.field[in->sweep]);
	if (k < known)
		rows_bad(&in->in, in->sweep,
			 "its samples are not all together");
	return in->names.name[k];
}

bool
traces_next(struct traces *in, struct trace *t)
{
	bool first = in->n == 0;

	if (!next_record(in)) {
		if (first)
			die("%s:%zu: no samples", in->in.path, in->in.line);
		return false;
	}
	in->n = 0;
	*t = (struct trace){.path = in->in.path, .line = in->in.line};
	t->name = new_name(in);
	do {
		in->pending = t->name &&
			      strcmp(t->name, in->in.field[in->sweep]) != 0;
		if (!in->pending)
			add_sample(in);
	} while (!in->pending && next_record(in));
	if (in->n < 2)
		die("%s:%zu: a trace of one sample", t->path, t->line);
	t->n = in->n;
	t->t = in->column[TIME].value;
	t->v = in->column[VOLTAGE].value;
	t->i = in->column[CURRENT].value;
	return true;
}

void
traces_close(struct traces *in)
{
	size_t k;

	for (k = 0; k < LEN(in->column); k++)
		free(in->column[k].value);
	labels_free(&in->names);
	if (!in->bare) {
		rows_close(&in->in);
		return;
	}
	for (k = 0; k < in->in.n; k++)
		free(in->in.name[k]);
	free(in->in.name);
	free(in->in.field);
	free(in->text);
	if (in->bare != stdin)
		fclose(in->bare);
}

static char *complaint(const struct trace *t, const char *fmt, va_list ap)
	PRINTF(2, 0);

static char *
complaint(const struct trace *t, const char *fmt, va_list ap)
{
	char *s = vformat(fmt, ap), *where, *all;

	/* A trace that was simulated has no lines. */
	where = t->line > 0 ? format("%s:%zu", t->path, t->line)
			    : copy(t->path);
	all = t->name ? format("%s: sweep '%s': %s", where, t->name, s)
		      : format("%s: %s", where, s);
	free(s);
	free(where);
	return all;
}

void
trace_warn(const struct trace *t, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = complaint(t, fmt, ap);
	va_end(ap);
	warn("%s", s);
	free(s);
}

void
trace_bad(const struct trace *t, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = complaint(t, fmt, ap);
	va_end(ap);
	die("%s", s);
}

size_t
trace_sample(const struct trace *t, double time)
{
	size_t low = 0, high = t->n - 1;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (t->t[middle] <= time)
			low = middle;
		else
			high = middle;
	}
	return time - t->t[low] <= t->t[high] - time ? low : high;
}

static void
step_said(const struct trace *t, struct trace_step *s)
{
	double end = delay + dur, *time = t->t;
	size_t n = t->n;

	/* A trace that ends with the step may lack its very last sample. */
	if (delay < time[0] ||
	    end > time[n - 1] + (time[n - 1] - time[n - 2]) * 1.5)
		trace_bad(t,
			  "the trace is from %g to %g ms, and the step from %g "
			  "to %g",
			  time[0], time[n - 1], delay, end);
	s->amp_nA = amp_pA / 1000;
	s->before = trace_sample(t, delay);
	s->last = trace_sample(t, end);
	if (s->last <= s->before)
		trace_bad(t, "no sample in a step of %g ms", dur);
}

static double
median(const double *x, size_t n)
{
	double *y = zeros(n, sizeof *y), m;

	memcpy(y, x, n * sizeof *y);
	m = gsl_stats_median(y, 1, n);
	free(y);
	return m;
}

/* How much values vary about a level: their median deviation, which is 0.6745
 * standard deviations of a normal one. */
static double
spread(const double *x, size_t n, double level)
{
	double *y = zeros(n, sizeof *y), s;
	size_t k;

	for (k = 0; k < n; k++)
		y[k] = fabs(x[k] - level);
	s = gsl_stats_median(y, 1, n) / 0.6745;
	free(y);
	return s;
}

/* How far the current is from a level in the n samples of i: what a twentieth
 * of them exceed, or else a hundredth, unless that is noise, or so little next
 * to the largest of all that it may be the unit of a converter. */
static double
size_of(const double *i, size_t n, double level, double noise)
{
	double *x = zeros(n + 1, sizeof *x), size[3];
	size_t k;

	for (k = 0; k < n; k++)
		x[k] = fabs(i[k] - level);
	size[0] = n > 0 ? gsl_stats_select(x, 1, n, n - 1 - n / 20) : 0;
	size[1] = n > 0 ? gsl_stats_select(x, 1, n, n - 1 - n / 100) : 0;
	size[2] = n > 0 ? gsl_stats_select(x, 1, n, n - 1) : 0;
	free(x);
	for (k = 0; k < 2; k++)
		if (size[k] > fmax(5 * noise, size[2] / 100))
			break;
	return size[k];
}

/* ---- Rest ---- */

/* The first sample of the ms up to one. */
static size_t
first_of(const struct trace *t, size_t sample, double ms)
{
	return trace_sample(t, t->t[sample] - ms);
}

/* The current of the last samples of the rest, and what is a change of it. */
static void
level_at(const struct trace *t, size_t sample, double *level, double *least)
{
	size_t few = sample > 9 ? sample - 9 : 0;
	size_t long_before = first_of(t, sample, REST);
	size_t n = sample + 1 - long_before;
	const double *i = t->i + long_before;
	double noise = spread(i, n, median(i, n)), size;

	*level = median(t->i + few, sample + 1 - few);
	size = size_of(t->i + sample + 1, t->n - 1 - sample, *level, noise);
	*least = fmax(5 * noise, size / 20);
}

size_t
trace_same_since(const struct trace *t, size_t sample)
{
	double level, least;
	bool was_away = false;
	size_t k;

	if (!t->i || !isnan(amp_pA))
		return 0;
	level_at(t, sample, &level, &least);
	for (k = sample + 1; k-- > 0;) {
		bool is_away = fabs(t->i[k] - level) > least;

		if (is_away && was_away)
			return k + 2 < sample ? k + 2 : sample;
		was_away = is_away;
	}
	return 0;
}

/* The first of at most REST ms of samples whose current is that of a rest. */
static size_t
first_of_level(const struct trace *t, size_t sample)
{
	size_t since = trace_same_since(t, sample);
	size_t first = first_of(t, sample, REST);

	return first > since ? first : since;
}

double
trace_rest(const struct trace *t, size_t sample, double ms, size_t *n)
{
	size_t since = trace_same_since(t, sample), first;

	if (since > 0)
		ms = fmin(ms, (t->t[sample] - t->t[since - 1]) / 5);
	first = first_of(t, sample, ms);
	if (first < since)
		first = since;
	*n = sample - first;
	return *n > 0 ? gsl_stats_mean(t->v + first, 1, *n) : t->v[sample];
}

/* ---- The step ---- */

/* The current that is the rest of a step, how much it varies, and the step's
 * amplitude, as far as they are known. */
struct level {
	double rest, noise, amp;
};

/* How many samples the current is at its first value. */
static size_t
count_first(const struct trace *t, double least)
{
	size_t n = 0;

	while (n < t->n && fabs(t->i[n] - t->i[0]) <= least)
		n++;
	return n;
}

/* Does the current come back to its first value? */
static bool
comes_back(const struct trace *t, size_t from, double least)
{
	size_t k;

	for (k = from; k < t->n; k++)
		if (fabs(t->i[k] - t->i[0]) <= least)
			return true;
	return false;
}

/* The noise of a current by its changes from sample to sample, which are two
 * deviations of it: a step changes nothing of their median. */
static double
jitter(const struct trace *t)
{
	double *x = zeros(t->n - 1, sizeof *x), noise;
	size_t k;

	for (k = 0; k + 1 < t->n; k++)
		x[k] = t->i[k + 1] - t->i[k];
	noise = spread(x, t->n - 1, 0) / M_SQRT2;
	free(x);
	return noise;
}

/* The first hundredth of a trace is taken for rest, or as much of it as is at
 * its first value, if the current comes back there: else that is a glitch. */
static void
find_rest(const struct trace *t, struct level *l)
{
	double noise = jitter(t);
	double least = fmax(5 * noise, size_of(t->i, t->n, t->i[0], 0) / 20);
	size_t n = t->n / 100 + 1, first = count_first(t, least);

	l->rest = median(t->i, n);
	l->noise = spread(t->i, n, l->rest);
	if (fabs(t->i[0] - l->rest) > least && comes_back(t, n, least)) {
		l->rest = median(t->i, first);
		l->noise = fmax(noise, spread(t->i, first, l->rest));
	}
}

/* The median of the current that is away from rest, to the side to which it
 * is for longer; false if there is none. */
static bool
guess_amp(const struct trace *t, struct level *l)
{
	double least =
		fmax(size_of(t->i, t->n, l->rest, l->noise) / 20, 3 * l->noise);
	double *x = zeros(t->n, sizeof *x);
	size_t k, n = 0, up = 0;
	bool above;

	for (k = 0; k < t->n; k++) {
		double d = t->i[k] - l->rest;

		n += fabs(d) > least ? 1 : 0;
		up += d > least ? 1 : 0;
	}
	above = up >= n - up;
	for (n = k = 0; k < t->n; k++)
		if (above ? t->i[k] - l->rest > least
			  : l->rest - t->i[k] > least)
			x[n++] = t->i[k] - l->rest;
	l->amp = n > 0 ? median(x, n) : 0;
	free(x);
	return n > 0;
}

/* Every sample votes for the step, by how far beyond half of its amplitude it
 * is, but no more than one vote; the stretch with the most votes is the
 * likeliest for steps in normal noise.  It ends where it loses more votes than
 * noise could cost it once in a million samples or so, and not for a glitch. */
static void
find_stretch(const struct trace *t, const struct level *l, struct trace_step *s)
{
	double ratio = l->noise / l->amp, most = 0, sum = 0, high = 0;
	double loss = 3 + 50 * ratio * ratio;
	size_t k, begin = 1, end = 0;

	s->before = s->last = 0;
	for (k = 1; k < t->n; k++) {
		double vote = 2 * (t->i[k] - l->rest) / l->amp - 1;

		if (sum <= 0 || sum < high - loss) {
			begin = k;
			sum = high = 0;
		}
		sum += fmax(-1, fmin(1, vote));
		if (sum > high) {
			high = sum;
			end = k;
		}
		if (high > most && end == k) {
			most = high;
			s->before = begin - 1;
			s->last = end;
		}
	}
}

/* A step is found again with its own amplitude, until that is the same. */
static bool
settle_amp(const struct trace *t, struct level *l, struct trace_step *s)
{
	int again;

	for (again = 0; again < 10; again++) {
		double last = l->amp;

		find_stretch(t, l, s);
		if (s->last == s->before)
			return false;
		l->amp = median(t->i + s->before + 1, s->last - s->before) -
			 l->rest;
		if (l->amp == last || l->amp == 0)
			break;
	}
	return true;
}

/* And then once more, next to the current just before it, which need not be
 * that where the trace begins. */
static bool
settle_on_step(const struct trace *t, struct level *l, struct trace_step *s)
{
	double rest = l->rest;
	size_t first;

	if (!settle_amp(t, l, s))
		return false;
	first = first_of_level(t, s->before);
	l->rest = median(t->i + first, s->before + 1 - first);
	l->amp += rest - l->rest;
	return settle_amp(t, l, s);
}

/* The mean of the samples [first, end) that are near their median; *off is the
 * part of them that are not. */
static double
mean_near(const double *i, size_t first, size_t end, double least, double *off)
{
	double level = median(i + first, end - first), sum = 0;
	size_t k, n = 0;

	for (k = first; k < end; k++) {
		if (fabs(i[k] - level) > least)
			continue;
		sum += i[k] - level;
		n++;
	}
	*off = 1 - (double)n / (double)(end - first);
	return n > 0 ? level + sum / (double)n : level;
}

static bool
step_measured(const struct trace *t, struct trace_step *s)
{
	struct level l = {0};
	double least, off;
	size_t first;

	s->problem = "no step in the current";
	find_rest(t, &l);
	if (!guess_amp(t, &l) || !settle_on_step(t, &l, s))
		return false;
	least = fmax(4 * fmax(l.noise, jitter(t)), fabs(l.amp) / 10);
	first = first_of_level(t, s->before);
	s->amp_nA = -mean_near(t->i, first, s->before + 1, least, &off);
	s->amp_nA += mean_near(t->i, s->before + 1, s->last + 1, least, &off);
	if (!(fabs(s->amp_nA) * sqrt((double)(s->last - s->before)) >
	      fmax(8 * l.noise, LEAST_DIFFERENCE)))
		return false;
	s->problem = off > 0.05 ? "the current changes within its step" : NULL;
	return !s->problem;
}

bool
trace_seek_step(const struct trace *t, struct trace_step *s)
{
	*s = (struct trace_step){0};
	if (!isnan(amp_pA)) {
		step_said(t, s);
		return true;
	}
	if (t->i)
		return step_measured(t, s);
	s->problem = "no column of currents";
	return false;
}

void
trace_find_step(const struct trace *t, struct trace_step *s)
{
	if (!trace_seek_step(t, s))
		trace_bad(t, "%s: say %s--amp, --delay and --dur", s->problem,
			  t->i ? "" : "--current, or ");
}
