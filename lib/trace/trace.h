/* trace.h -- recorded voltage, and the current that made it
 *
 *	struct traces in;
 *	struct trace t;
 *
 *	traces_open(&in, path);
 *	while (traces_next(&in, &t))
 *		for (k = 0; k < t.n; k++)
 *			visit(trace_time(&t, k), t.v[k]);
 *	traces_close(&in);
 *
 * A table of samples: "time_ms" (or "t_ms"), "v_mV" and, where there is one,
 * "i_nA", or the columns that --time, --voltage and --current name, in the
 * units they say, or those in the columns' names; ours are assumed, and that is
 * said, where there is none.  Where there is a column "sweep" or else "amp_pA",
 * every run of the same value in it is a trace of its own; a value that comes
 * back later is an error.  Sweeps may also be side by side: of --voltage 'V *
 *(mV)' each column that is called so is one, and what stands for * is its name.
 *A current at a sample is the one that led to it from the sample before.  Time
 *increases, nothing is missing or beyond 1e100, and a trace has two samples at
 *least; otherwise "file:line: ..." ends the tool, and so do numbers which show
 *that a unit is another one.
 */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"
#include "opt.h"
#include "rows.h"
#include "util.h"

struct unit;

/* --time, --voltage, --current, --no-header; and for a tool that measures one
 * signal, a voltage or a current: --time, --column, --no-header. */
extern const struct opt trace_opts[], trace_signal_opts[];

/* Numbers as great as the first, and differences as small as the second, have
 * squares and quotients that overflow; no cell has such voltages, times or
 * currents. */
#define TRACE_GREATEST 1e100
#define TRACE_LEAST 1e-100

/* From this sample on, each is a line below the one before. */
struct trace_place {
	size_t sample, line;
};

/* Times as a file has them where each is a text of few digits, as far from the
 * one before as all others: whole parts of a unit, and what makes them ms.  The
 * quotient of two whole numbers that are exact is the double nearest to it, as
 * is what the text reads as: to the last bit these are the file's times, in no
 * memory. */
struct trace_grid {
	int64_t first, step;
	double parts, times, over;
};

static inline double
trace_grid_time(const struct trace_grid *g, size_t k)
{
	return (double)(g->first + (int64_t)k * g->step) / g->parts * g->times /
	       g->over;
}

struct trace {
	const char *path; /* as messages name it */
	size_t line;      /* of its first sample, or 0 */
	const char *name; /* the value of its "sweep" or "amp_pA", or NULL */
	char **lead;      /* the values of its leading columns */
	size_t n;
	double *time; /* ms; NULL: those of the grid.  See trace_time(). */
	double *v;    /* mV */
	double *i;    /* nA; NULL where the table has no current */
	double dt;    /* ms from each to the next, or 0: not evenly spaced */
	struct trace_grid grid;

	const struct trace_place *place; /* where its lines are */
	size_t nplaces;
};

/* The table of samples that is being read.  Its members are for trace.c. */
struct traces {
	struct rows in;
	bool is_signal;         /* one of --column */
	size_t nleads;          /* columns that tell traces apart: */
	size_t *lead;           /* which, */
	const char **lead_name; /* their names, and a trace's values */
	char **led;
	struct labels names; /* of the traces */
	struct trace_column {
		size_t column;
		const struct unit *unit;
		enum {
			TRACE_ASSUMED,
			TRACE_NAMED,
			TRACE_OURS,
			TRACE_SAID
		} known; /* where the unit is from */
		double *value;
		size_t cap;
	} column[3]; /* time, voltage, current */
	struct trace_beside {
		struct trace_column column[3]; /* not the time */
	} * beside; /* sweeps that are side by side, by their names */
	size_t at;  /* the next of them */
	size_t n;   /* samples in the last trace */
	struct trace_grid grid;
	double first;    /* the first time, as the table has it, */
	double last;     /* and the last one, in ms */
	bool is_on_grid; /* are all of them until now? */
	struct trace_place *place;
	size_t nplaces, mplaces;
	bool pending, ended;
};

/* The time of a sample in ms. */
static inline double
trace_time(const struct trace *t, size_t k)
{
	return t->time ? t->time[k] : trace_grid_time(&t->grid, k);
}

/* The samples [first, end) of a trace as one of their own. */
struct trace trace_part(const struct trace *t, size_t first, size_t end);

void traces_open(struct traces *in, const char *path); /* NULL, "-": stdin */

/* The same for one signal, which is the column of trace_signal_opts, or else
 * "v_mV" and "i_clamp_nA": what there is of them, the others are NULL.  Traces
 * are told apart by all columns that stand before the time. */
void traces_open_signal(struct traces *in, const char *path);

/* Read the next trace, which stays until the next call; false at the end.  A
 * table without samples is an error. */
bool traces_next(struct traces *in, struct trace *t);
void traces_close(struct traces *in);

/* Complain about a trace, as "file:line: sweep 'name': message", leaving out
 * what it does not have.  trace_bad ends the tool. */
void trace_warn(const struct trace *t, const char *fmt, ...) PRINTF(2, 3);
_Noreturn void trace_bad(const struct trace *t, const char *fmt, ...)
	PRINTF(2, 3);

/* The same with the line of a sample. */
_Noreturn void trace_bad_at(const struct trace *t, size_t sample,
			    const char *fmt, ...) PRINTF(3, 4);

/* The sample nearest to a time in ms; the first one at or after it, or else the
 * last one. */
size_t trace_sample(const struct trace *t, double time);
size_t trace_from(const struct trace *t, double time);

#endif
