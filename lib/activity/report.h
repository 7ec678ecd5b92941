/* report.h -- what a simulation recorded, a block of frames at a time
 *
 *	struct reports all;
 *	struct report_block b = {.every = 1};
 *
 *	report_open(&all, "membrane_potential.h5", &(struct opt_list){0});
 *	struct report *r = &all.report[0];
 *
 *	b.end = r->frames;
 *	while (report_next(&b, &r, 1))
 *		for (i = 0; i < b.n; i++)
 *			for (k = 0; k < r->n; k++)
 *				visit(report_time(r, report_frame(&b, i)),
 *				      r->id[k], report_value(r, i, k));
 *	report_close(&all);
 *
 * A file has a report for each population in /report, in alphabetical order. An
 * old file has /data or /NAME/data beside /mapping; a file of electrodes has
 * /ecp, or the same at the root.  A frame is what was recorded at one time of
 *all elements: compartments of cells, or channels.
 *
 * Whatever is wrong ends the tool with "file: dataset: ...": pointers that do
 *not ascend or point beyond the data, data and mapping of different sizes,
 *times that are not numbers.  Memory follows the number of elements, and not
 *that of frames.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opt.h"

/* Columns of the data that stand beside each other and are read together. */
struct report_run {
	size_t first, n;
};

struct report {
	/* In old files, which name no population, it is "", and the name is
	 * that of the variable, or "". */
	char *population, *name;
	char *path; /* "file: dataset", as messages name it */
	bool of_channels;
	bool floats; /* are the values of four bytes in the file? */
	uint64_t frames;
	char *units;       /* as the file has them, or NULL */
	bool has_times;    /* does the file give any? */
	char *other_units; /* what is wrong with their units, or NULL */
	double start_ms;   /* of the first frame; see also report_set_times */
	double step_ms;    /* from one frame to the next */
	bool compartments; /* has any node more than one element? */

	/* The elements: by node, or channels. */
	size_t n;
	int64_t *id;         /* of the node, or of the channel */
	int64_t *element_id; /* NULL: not in the file; -1: none */
	double *element_pos; /* the same */
	int64_t *source_gid; /* of synapses: the cell before each, the same */
	double *at[3];       /* where a channel is, the same */

	/* The rest is for report.c. */
	struct hdfplane *data;
	bool across;        /* channels x time, not time x elements */
	size_t columns;     /* in the data */
	size_t *column;     /* of each element */
	uint64_t chunk;     /* frames in a chunk, or 1 */
	double start, step; /* as the file has them, in units of unit_ms */
	double tics, tics_step, tics_in_one, unit_ms;
	struct report_run *run;
	size_t nruns, mruns;
	size_t *place; /* of each element, in what is read */
	size_t wide;   /* columns that are read */
	double *value;
	size_t stride, apart; /* in it, from one frame to the next, and from
			       * one column to the next */
	size_t mvalue;
};

struct reports {
	struct report *report;
	size_t n, cap;
};

/* Open the reports of these names, in that order, or all of a file. */
void report_open(struct reports *all, const char *path,
		 const struct opt_list *names);
void report_close(struct reports *all);

/* Let the times of a file that gives none be 0, step, 2 * step, ..., and those
 * of one whose units cannot be read as many steps as they are there. */
void report_set_times(struct report *r, double step_ms);

/* Let the times of the file be in these units, whatever it says. */
void report_set_unit(struct report *r, double unit_ms);

/* The time of a frame in ms.  A step of 0.1 is meant as a tenth: the time is
 * the double next to so many tenths, which a product of 0.1 may not be. */
double report_time(const struct report *r, uint64_t frame);

/* Find the frames [*first, *end), which are those with times in [from, to). */
void report_find_frames(const struct report *r, double from, double to,
			uint64_t *first, uint64_t *end);

/* Leave out the elements for which the flag is false. */
void report_keep(struct report *r, const bool *keep);

/* Some frames of one or more reports, which have the same times. */
struct report_block {
	uint64_t next, end; /* frames yet to be read */
	uint64_t every;     /* only frames whose number it divides */

	/* What report_next reads. */
	uint64_t first;
	size_t n;
};

/* Read the next frames, as many as fit into 16 MB, up to the end of a row of
 * chunks, so that no chunk is unpacked twice; false if there are none. */
bool report_next(struct report_block *b, struct report *const *r, size_t n);

/* The number of the i-th frame in a block, and the value of the k-th element in
 * that frame. */
static inline uint64_t
report_frame(const struct report_block *b, size_t i)
{
	return b->first + i * b->every;
}

static inline double
report_value(const struct report *r, size_t i, size_t k)
{
	return r->value[i * r->stride + r->place[k] * r->apart];
}

#endif
