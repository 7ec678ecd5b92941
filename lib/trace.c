#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "progress.h"
#include "trace.h"
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

static double amp_pA = NAN, delay = NAN, dur = NAN;

const struct opt step_opts[] = {
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
	if (amp_pA == 0 || isinf(amp_pA))
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
	if (k == NO_COLUMN && kind != CURRENT)
		die("%s: no column '%s': say --%s%s", in->in.path,
		    no_header ? c->number : c->names[0], c->option,
		    no_header ? "" : ", or --no-header if there is none");
	return k;
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
		if (c == in->column && in->n > 0 && v <= c->value[in->n - 1])
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
	free_labels(&in->names);
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

size_t
sample_at(const struct trace *t, double time)
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
step_said(const struct trace *t, struct step *s)
{
	double end = delay + dur, *time = t->t;
	size_t n = t->n;

	/* A trace that ends with the step may lack its very last sample. */
	if (delay < time[0] ||
	    end > time[n - 1] + (time[n - 1] - time[n - 2]) * 1.5)
		die("%s:%zu: the trace is from %g to %g ms, and the step from "
		    "%g to %g",
		    t->path, t->line, time[0], time[n - 1], delay, end);
	s->amp_nA = amp_pA / 1000;
	s->before = sample_at(t, delay);
	s->last = sample_at(t, end);
	if (s->last <= s->before)
		die("%s:%zu: no sample in a step of %g ms", t->path, t->line,
		    dur);
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

/* The current where the trace begins, how much it varies there, and a first
 * guess of the step. */
struct level {
	double rest, noise, amp;
};

/* The first hundredth of a trace is taken for rest.  Its noise is the median
 * deviation, which is 0.6745 standard deviations of a normal one. */
static void
find_rest(const struct trace *t, struct level *l)
{
	size_t n = t->n / 100 + 1, k;
	double *x = zeros(n, sizeof *x);

	l->rest = median(t->i, n);
	for (k = 0; k < n; k++)
		x[k] = fabs(t->i[k] - l->rest);
	l->noise = median(x, n) / 0.6745;
	free(x);
}

/* The median of the current that is away from rest, to the side to which it
 * is for longer; false if there is none. */
static bool
guess_amp(const struct trace *t, struct level *l)
{
	double *x = zeros(t->n, sizeof *x), largest = 0, least;
	size_t k, n = 0, up = 0;
	bool above;

	for (k = 0; k < t->n; k++)
		largest = fmax(largest, fabs(t->i[k] - l->rest));
	least = fmax(largest / 20, 3 * l->noise);
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
find_stretch(const struct trace *t, const struct level *l, struct step *s)
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
step_measured(const struct trace *t, struct step *s)
{
	struct level l = {0};
	size_t n = 0;
	int again;

	find_rest(t, &l);
	if (!guess_amp(t, &l))
		return false;
	for (again = 0; again < 10; again++) {
		double last = l.amp;

		find_stretch(t, &l, s);
		n = s->last - s->before;
		if (n == 0)
			return false;
		l.amp = median(t->i + s->before + 1, n) - l.rest;
		if (l.amp == last || l.amp == 0)
			break;
	}
	s->amp_nA =
		median(t->i + s->before + 1, n) - median(t->i, s->before + 1);
	return fabs(s->amp_nA) * sqrt((double)n) > 8 * l.noise;
}

bool
seek_step(const struct trace *t, struct step *s)
{
	if (!isnan(amp_pA)) {
		step_said(t, s);
		return true;
	}
	if (!t->i)
		die("%s: no column of currents: say --current, or --amp, "
		    "--delay and --dur",
		    t->path);
	return step_measured(t, s);
}

void
find_step(const struct trace *t, struct step *s)
{
	if (!seek_step(t, s))
		die("%s:%zu: no step in the current: say --amp, --delay and "
		    "--dur",
		    t->path, t->line);
}
