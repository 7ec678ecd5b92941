#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "field/signals.h"
#include "out.h"

/* How far a time may be off its place, in steps. */
#define OFF 1e-3

/* What a column is that is not a signal. */
#define OTHER SIZE_MAX
#define TIME (SIZE_MAX - 1)

/* From this sample on, each is a line below the one before. */
struct signal_place {
	size_t sample, line;
};

static const char *columns, *by;

const struct opt signals_opts[] = {
	OPT_STR('c', "columns", "list", &columns,
		"the signals (all but the time)"),
	OPT_STR(0, "by", "column", &by,
		"a record for each value of this column"),
	OPT_TABLE(rows_opts),
	OPT_END,
};

static void
add_signal(struct signals *in, size_t column)
{
	if (in->role[column] != OTHER || column == in->by_column)
		die("%s: column '%s' cannot be a signal%s", in->in.path,
		    in->in.name[column],
		    column == in->time_column ? ": it is the time"
		    : column == in->by_column ? ": it is that of --by"
					      : " twice");
	in->role[column] = in->n;
	in->column[in->n] = column;
	in->name[in->n++] = in->in.name[column];
}

/* What sonata-report writes without --wide: whose a value is, when, and it. */
static void
check_wide(const struct signals *in)
{
	size_t at = in->time_column, others = at - (in->by_column < at);

	if (others > 0 && at + 2 == in->in.n &&
	    strcmp(in->in.name[at + 1], "value") == 0)
		die("%s: a row for each value, and not a column for each "
		    "signal: sonata-report --wide writes those",
		    in->path);
}

static void
choose(struct signals *in)
{
	char *list = in->ask.columns ? copy(in->ask.columns) : NULL;
	char *next = list, *name;
	size_t k;

	if (!list)
		check_wide(in);
	while ((name = strsep(&next, ",")))
		add_signal(in, rows_column(&in->in, name));
	for (k = 0; !list && k < in->in.n; k++)
		if (k != in->time_column && k != in->by_column)
			add_signal(in, k);
	free(list);
	if (in->n == 0)
		die("%s: no signal beside the time", in->in.path);
}

void
signals_open(struct signals *in, const struct signals_ask *ask)
{
	size_t k, n;

	*in = (struct signals){.ask = *ask, .by_column = NO_COLUMN};
	if (!ask->columns && !ask->alone)
		in->ask.columns = columns;
	in->by = ask->by || ask->alone ? ask->by : by;
	rows_open(&in->in, ask->path);
	if (!in->by && ask->by_any &&
	    rows_find(&in->in, ask->by_any) != NO_COLUMN)
		in->by = ask->by_any;
	in->path = in->in.path;
	n = in->in.n;
	rows_check_names(&in->in);
	in->time_column = rows_column(&in->in, "time_ms");
	if (in->by)
		in->by_column = rows_column(&in->in, in->by);
	if (in->by_column == in->time_column)
		misuse("--by: the time tells no records apart: '%s'", in->by);
	in->column = zeros(n, sizeof *in->column);
	in->name = zeros(n, sizeof *in->name);
	in->role = zeros(n, sizeof *in->role);
	for (k = 0; k < n; k++)
		in->role[k] = k == in->time_column ? TIME : OTHER;
	choose(in);
}

/* ---- The rows ---- */

/* Room for a sample more.  An eighth is added at a time, which nothing touches
 * before there are samples in it, as in a trace. */
static void *
room_for(void *p, size_t cap, size_t size)
{
	p = realloc(p, cap * size);
	if (!p)
		die("out of memory");
	return p;
}

static void
make_room(struct signals *in, struct signal_record *r)
{
	size_t c;

	if (r->n < r->cap)
		return;
	r->cap = r->n + r->n / 8 + 1024;
	r->time = room_for(r->time, r->cap, sizeof *r->time);
	if (!r->x)
		r->x = zeros(in->n, sizeof *r->x);
	for (c = 0; c < in->n; c++)
		r->x[c] = room_for(r->x[c], r->cap, sizeof *r->x[c]);
}

/* Blank lines, line breaks in quotes and rows of other records move what comes
 * after them. */
static void
note_place(struct signal_record *r, size_t line)
{
	const struct signal_place *last;

	if (r->nplaces > 0) {
		last = &r->place[r->nplaces - 1];
		if (line - last->line == r->n - last->sample)
			return;
	}
	r->place =
		grow(r->place, &r->mplaces, r->nplaces + 1, sizeof *r->place);
	r->place[r->nplaces++] = (struct signal_place){r->n, line};
}

static size_t
line_of(const struct signal_record *r, size_t sample)
{
	size_t k = r->nplaces;

	while (r->place[k - 1].sample > sample)
		k--;
	return r->place[k - 1].line + (sample - r->place[k - 1].sample);
}

static bool
is_other(const struct signals *in, size_t column)
{
	return in->role[column] == OTHER && column != in->by_column;
}

static void
keep_others(struct signals *in, struct signal_record *r)
{
	size_t k, len;

	for (k = 0; k < in->in.n; k++) {
		if (!is_other(in, k))
			continue;
		len = strlen(in->in.field[k]) + 1;
		if (r->ntext + len > r->mtext) {
			r->mtext += r->mtext / 8 + len + 4096;
			r->text = room_for(r->text, r->mtext, 1);
		}
		memcpy(r->text + r->ntext, in->in.field[k], len);
		r->ntext += len;
	}
}

static struct signal_record *
record_of(struct signals *in)
{
	uint32_t k = 0;

	if (in->by)
		k = label(&in->records, in->in.field[in->by_column]);
	in->all = grow(in->all, &in->mall, k + 1, sizeof *in->all);
	if (k == in->nall)
		in->nall++;
	return &in->all[k];
}

static double
value_of(const struct signals *in, size_t column)
{
	if (in->ask.may_miss && is_missing(in->in.field[column]))
		return NAN;
	return rows_finite(&in->in, column);
}

static void
add_sample(struct signals *in)
{
	struct signal_record *r = record_of(in);
	double ms = rows_finite(&in->in, in->time_column);
	size_t c;

	if (r->n > 0 && ms <= r->time[r->n - 1])
		rows_bad(&in->in, in->time_column,
			 in->by ? "time does not increase"
				: "time does not increase (--by is for several "
				  "records in one table)");
	make_room(in, r);
	note_place(r, in->in.line);
	r->time[r->n] = ms;
	for (c = 0; c < in->n; c++)
		r->x[c][r->n] = value_of(in, in->column[c]);
	if (in->ask.others)
		keep_others(in, r);
	r->n++;
}

/* ---- Are the times regular? ---- */

/* Say where they are not, by the median step, as a gap moves the mean one. */
static _Noreturn void
bad_times(const struct signals *in, const struct signal_record *r)
{
	double *steps = zeros(r->n - 1, sizeof *steps), median, most = 0;
	size_t k, at = 0;

	for (k = 0; k + 1 < r->n; k++)
		steps[k] = r->time[k + 1] - r->time[k];
	gsl_sort(steps, 1, r->n - 1);
	median = steps[(r->n - 2) / 2];
	for (k = 0; k + 1 < r->n && most <= OFF * median; k++) {
		most = fabs(r->time[k + 1] - r->time[k] - median);
		at = k + 1;
	}
	if (most <= OFF * median)
		die("%s:%zu: column 'time_ms': the steps drift: the first is "
		    "%g ms, the last %g ms",
		    in->path, line_of(r, r->n - 1), r->time[1] - r->time[0],
		    r->time[r->n - 1] - r->time[r->n - 2]);
	die("%s:%zu: column 'time_ms': %s: %g ms after %g ms, where a step is "
	    "%g ms",
	    in->path, line_of(r, at),
	    r->time[at] - r->time[at - 1] > median ? "a gap" : "an uneven step",
	    r->time[at], r->time[at - 1], median);
}

static void
check_times(struct signals *in, const struct signal_record *r)
{
	double first = r->time[0], step;
	size_t k;

	if (r->n == 1)
		die("%s:%zu: a record of one row: no step, and so no rate",
		    in->path, line_of(r, 0));
	step = (r->time[r->n - 1] - first) / (double)(r->n - 1);
	for (k = 0; k < r->n; k++)
		if (fabs(r->time[k] - (first + (double)k * step)) > OFF * step)
			bad_times(in, r);
	in->step_ms = step;
	in->rate_Hz = 1000 / step;
}

/* Whole parts of a ms, that a double has exactly. */
static bool
is_whole(double ms, double parts)
{
	double n = ms * parts;

	return fabs(n) < 1e15 && fabs(n - round(n)) < 1e-6;
}

static void
find_grid(struct signals *in)
{
	struct signals_grid *g = &in->grid;

	*g = (struct signals_grid){.parts = 1};
	while (g->places < 7 && !(is_whole(in->time[0], g->parts) &&
				  is_whole(in->step_ms, g->parts))) {
		g->places++;
		g->parts *= 10;
	}
	if (g->places == 7) {
		g->parts = 0;
		return;
	}
	g->first = (int64_t)round(in->time[0] * g->parts);
	g->step = (int64_t)round(in->step_ms * g->parts);
}

/* ---- The records ---- */

static void
free_record(struct signals *in, struct signal_record *r)
{
	size_t c;

	for (c = 0; r->x && c < in->n; c++)
		free(r->x[c]);
	free(r->x);
	free(r->time);
	free(r->text);
	free(r->place);
	*r = (struct signal_record){0};
}

bool
signals_next(struct signals *in)
{
	struct signal_record *r;

	if (in->at == 0)
		while (rows_next(&in->in))
			add_sample(in);
	else
		free_record(in, &in->all[in->at - 1]);
	if (in->at == in->nall)
		return false;
	r = &in->all[in->at];
	check_times(in, r);
	in->record = in->by ? in->records.name[in->at] : NULL;
	in->samples = r->n;
	in->time = r->time;
	in->x = r->x;
	find_grid(in);
	in->next_other = r->text;
	in->written = 0;
	in->at++;
	return true;
}

void
signals_close(struct signals *in)
{
	while (in->nall > 0)
		free_record(in, &in->all[--in->nall]);
	free(in->all);
	free(in->column);
	free(in->name);
	free(in->role);
	free(in->called);
	labels_free(&in->records);
	rows_close(&in->in);
}

double
signals_after(const struct signals *in, double steps)
{
	uint64_t parts;

	for (parts = 1; parts < 10000000; parts *= 10) {
		double step = in->step_ms * (double)parts, whole = round(step);

		if (whole > 0 && fabs(step - whole) < 1e-9 * whole)
			return steps * whole / (double)parts;
	}
	return steps * in->step_ms;
}

/* The quotient of two whole numbers is the double nearest to it, as is what its
 * text reads as.  The text of a decimal takes a fifth of the time that the
 * shortest one of any double does: a sixth of signal-filter's. */
void
signals_write_time(const struct signals *in, size_t sample)
{
	const struct signals_grid *g = &in->grid;
	int64_t v = g->first + (int64_t)sample * g->step;
	double ms = in->time[sample];

	if (g->parts > 0 && (double)v / g->parts == ms && fabs(ms) >= 0.001)
		out_decimal(v, g->places);
	else
		out_num(ms);
}

double
signals_nearest(const struct signals *in, double ms)
{
	return round((ms - in->time[0]) / in->step_ms);
}

void
signals_write_header(const struct signals *in)
{
	const char **names = zeros(in->in.n + 1, sizeof *names);
	size_t k;

	for (k = 0; k < in->in.n; k++)
		names[k] = in->in.name[k];
	out_names(names);
	free(names);
}

/* Pass over the fields of the rows until this one. */
static void
pass_others(struct signals *in, size_t sample)
{
	size_t k;

	for (; in->written < sample; in->written++)
		for (k = 0; k < in->in.n; k++)
			if (is_other(in, k))
				in->next_other = strchr(in->next_other, 0) + 1;
}

void
signals_write(struct signals *in, size_t sample)
{
	size_t k;

	pass_others(in, sample);
	for (k = 0; k < in->in.n; k++)
		if (k == in->by_column) {
			out_text(in->record);
		} else if (in->role[k] == TIME) {
			signals_write_time(in, sample);
		} else if (in->role[k] == OTHER) {
			out_text(in->next_other);
			in->next_other = strchr(in->next_other, 0) + 1;
		} else {
			out_real(in->x[in->role[k]][sample]);
		}
	in->written = sample + 1;
	out_end();
}

void
signals_header(struct signals *in, const char *const *names)
{
	const char **all;
	size_t n = 0, k = 0;

	in->is_merged = false;
	for (; names[n]; n++)
		if (in->by && !strcmp(in->by, names[n]))
			in->is_merged = true;
	if (in->is_merged && strcmp(in->by, "signal") != 0)
		misuse("--by: the output has a column '%s' of its own", in->by);
	all = zeros(n + 2, sizeof *all);
	if (in->by && !in->is_merged)
		all[k++] = in->by;
	memcpy(all + k, names, n * sizeof *names);
	out_names(all);
	free(all);
}

void
signals_write_record(const struct signals *in)
{
	if (in->by && !in->is_merged)
		out_text(in->record);
}

const char *
signals_called(struct signals *in, size_t signal)
{
	if (!in->is_merged)
		return in->name[signal];
	if (in->n == 1)
		return in->record;
	free(in->called);
	in->called = format("%s %s", in->record, in->name[signal]);
	return in->called;
}

void
signals_bad(const struct signals *in, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = vformat(fmt, ap);
	va_end(ap);
	if (in->by)
		die("%s: %s '%s': %s", in->path, in->by, in->record, s);
	die("%s: %s", in->path, s);
}

void
signals_check_Hz(const struct signals *in, const char *option,
		 double frequency_Hz)
{
	if (frequency_Hz >= in->rate_Hz / 2)
		misuse("--%s: %g Hz is not below half the rate of %g Hz",
		       option, frequency_Hz, in->rate_Hz);
}
