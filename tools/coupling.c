/* coupling -- measure a gap junction by the response to a step of current
 *
 * junction.h has the measures; here are the tables of them.  The current into
 * the first cell and that into the second are two sweeps of one row. */
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "labels.h"
#include "out.h"
#include "rows.h"
#include "trace/detect.h"
#include "trace/junction.h"
#include "trace/spacing.h"

static unsigned into;

static const struct opt opts[] = {
	OPT_WORD(0, "into", "cell", &into, "1|2",
		 "where the current goes in, if no column says it"),
	OPT_TABLE(junction_opts),
	OPT_TABLE(detect_opts),
	OPT_TABLE(step_opts),
	OPT_TABLE(rows_opts),
	OPT_TABLE(out_opts),
	OPT_NEEDS("filter", "detect=dvdt"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure the gap junction between two cells",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* What is read: the samples of a sweep, and the columns that are before the
 * time, but for that of which cell the current goes into. */
enum { TIME, V1, V2, CURRENT, COLUMNS };

static struct {
	struct rows in;
	size_t column[COLUMNS], into;
	size_t *lead, nleads;
	double *value[COLUMNS];
	size_t n, cap[COLUMNS], line;
	size_t now; /* the cell of the sweep */
	char *name; /* its leading fields, with commas; NULL: none yet */
	char **led; /* and one by one */
	struct labels seen;
} s;

/* The row that is being made, of the sweeps of one name. */
static struct junction row;
static bool open_row, said_one;

/* ---- Rows ---- */

static void
write_header(void)
{
	const char **name = zeros(s.nleads + 8, sizeof *name);
	size_t k;

	for (k = 0; k < s.nleads; k++)
		name[k] = s.in.name[s.lead[k]];
	for (; junction_columns[k - s.nleads].name; k++)
		name[k] = junction_columns[k - s.nleads].name;
	out_names(name);
	free(name);
}

static void
end_row(void)
{
	size_t k;

	if (!open_row)
		return;
	if (row.into[0].there != row.into[1].there && !said_one) {
		warn("the current goes into one cell: the other is taken to "
		     "have the same input resistance");
		said_one = true;
	}
	junction_measure(&row);
	for (k = 0; k < s.nleads; k++)
		out_text(s.led[k]);
	quantity_write(junction_columns, &row);
	out_end();
	junction_free(&row);
	open_row = false;
}

/* ---- Samples ---- */

static size_t
current_column(void)
{
	size_t k = step_is_said() ? NO_COLUMN : rows_find(&s.in, "i_nA");

	if (k == NO_COLUMN && !step_is_said())
		die("%s: no column 'i_nA': say --amp, --delay and --dur",
		    s.in.path);
	return k;
}

static void
find_columns(const char *path)
{
	static const char *const names[COLUMNS] = {"time_ms", "v_mV.1",
						   "v_mV.2", "i_nA"};
	size_t k;

	rows_open(&s.in, path);
	for (k = 0; k < COLUMNS; k++)
		s.column[k] = k == CURRENT ? current_column()
					   : rows_column(&s.in, names[k]);
	s.into = rows_find(&s.in, "into");
	s.lead = zeros(s.in.n, sizeof *s.lead);
	s.led = zeros(s.in.n, sizeof *s.led);
	for (k = 0; k < s.column[TIME]; k++)
		if (k != s.into && k != s.column[V1] && k != s.column[V2] &&
		    k != s.column[CURRENT])
			s.lead[s.nleads++] = k;
}

static size_t
read_into(void)
{
	int64_t v;

	if (s.into == NO_COLUMN)
		return into;
	v = rows_int(&s.in, s.into);
	if (v != 1 && v != 2)
		rows_bad(&s.in, s.into, "neither 1 nor 2");
	if (opt_given(&into) && (size_t)(v - 1) != into)
		rows_bad(&s.in, s.into, "not the cell that --into says");
	return (size_t)(v - 1);
}

static char *
read_name(void)
{
	char *name = copy(""), *longer;
	size_t k;

	for (k = 0; k < s.nleads; k++) {
		longer = format("%s%s%s", name, k ? "," : "",
				s.in.field[s.lead[k]]);
		free(name);
		name = longer;
	}
	return name;
}

static void
add_sample(void)
{
	size_t k;
	double v;

	for (k = 0; k < COLUMNS; k++) {
		if (s.column[k] == NO_COLUMN)
			continue;
		s.value[k] = grow(s.value[k], &s.cap[k], s.n + 1,
				  sizeof *s.value[k]);
		v = rows_finite(&s.in, s.column[k]);
		if (!(fabs(v) < TRACE_GREATEST))
			rows_bad(&s.in, s.column[k], "not a number of a cell");
		if (k == TIME && s.n > 0 && !(v > s.value[TIME][s.n - 1]))
			rows_bad(&s.in, s.column[k], "time does not increase");
		s.value[k][s.n] = v;
	}
	s.n++;
}

/* The samples of a sweep have been read. */
static void
end_sweep(void)
{
	struct trace both[2];
	struct step step;
	size_t k;

	if (!s.name || s.n == 0)
		return;
	for (k = 0; k < 2; k++) {
		both[k] = (struct trace){.path = s.in.path,
					 .line = s.line,
					 .name = *s.name ? s.name : NULL,
					 .n = s.n,
					 .time = s.value[TIME],
					 .v = s.value[V1 + k],
					 .i = s.value[CURRENT]};
		if (s.n < 2)
			trace_bad(&both[k], "only one sample");
		both[k].dt = spacing_of(&both[k], 0, s.n);
	}
	if (!*s.name && s.into == NO_COLUMN)
		step_find(both, &step);
	else if (!step_seek(both, &step)) {
		junction_lack(&row, step.problem);
		return;
	}
	junction_respond(&row, s.now, both, &step);
}

/* A sweep begins at this record. */
static void
begin_sweep(char *name, size_t cell)
{
	size_t known = s.seen.n, k;
	char *key = format("%zu,%s", cell, name);

	label(&s.seen, key);
	if (s.seen.n == known)
		rows_bad(&s.in, s.nleads ? s.lead[0] : s.column[TIME],
			 "its samples are not all together");
	free(key);
	if (!open_row || strcmp(name, s.name) != 0) {
		end_row();
		junction_begin(&row);
		open_row = true;
		for (k = 0; k < s.nleads; k++) {
			free(s.led[k]);
			s.led[k] = copy(s.in.field[s.lead[k]]);
		}
	}
	free(s.name);
	s.name = copy(name);
	s.now = cell;
	s.n = 0;
	s.line = s.in.line;
}

static void
read_all(void)
{
	char *name;
	size_t cell;

	while (rows_next(&s.in)) {
		name = read_name();
		cell = read_into();
		if (!s.name || cell != s.now || strcmp(name, s.name) != 0) {
			end_sweep();
			begin_sweep(name, cell);
		}
		free(name);
		add_sample();
	}
	end_sweep();
	if (s.seen.n == 0)
		die("%s: no samples", s.in.path);
	end_row();
}

int
main(int argc, char **argv)
{
	argv = start(argc, argv, &tool);
	step_check();
	gsl_set_error_handler_off();
	find_columns(argv[0]);
	write_header();
	read_all();
	rows_close(&s.in);
	return WORKED;
}
