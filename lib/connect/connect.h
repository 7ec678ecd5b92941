/* connect.h -- what connectors have in common: rows of edges, and what came out
 *
 *	static void make(void *arg, size_t i, struct connect_rows *rows)
 *	{
 *		connect_add(rows, i, target_of[i], 1);
 *	}
 *
 *	static void write(void *arg, const struct connect_rows *rows)
 *	{
 *		connect_write_edges(arg, rows);
 *	}
 *
 *	static void connect_cells(struct connect_table *t)
 *	{
 *		connect_write_header(t);
 *		connect_all(&(struct connect_work){n, make, write, t});
 *	}
 *
 * The sources are shared out to -j threads in blocks; what make() adds for a
 * source goes out in the order of the sources, whatever thread made it.
 */
#ifndef CONNECT_H
#define CONNECT_H

#include <stdbool.h>
#include <stdint.h>

#include "connect/pool.h"
#include "opt.h"
#include "random/random.h"

/* --shard, --name, --property NAME=VALUE, --report; and with -j, for those that
 * call connect_all(). */
extern const struct opt connect_table_opts[], connect_opts[];

/* --backward-property NAME=VALUE, for connectors of both directions. */
extern const struct opt connect_backward_opts[];
bool connect_has_backward(void);

/* The name of this connector, which its random numbers follow from and its
 * report shows: --name, or "SOURCE->TARGET". */
const char *connect_name(const struct pool *source, const struct pool *target);

/* It is misuse if both the cells, in the files named, and the table that an
 * option names are the standard input; the table may be NULL. */
void connect_check_input(char *const *paths, const char *option,
			 const char *table);

/* How many synapses an edge has: any number from n[0] to n[1], each as likely
 * as another.  Draws nothing if there is only one. */
int64_t connect_draw_synapses(const int64_t n[2], struct random_stream *s);

/* An edge between places in two pools. */
struct connect_row {
	uint32_t source, target;
	int64_t nsyns;
	unsigned char kind; /* the tool's own: forward, backward ... */
};

struct connect_rows {
	struct connect_row *row;
	size_t n, cap;
};

/* Add an edge of kind 0. */
void connect_add(struct connect_rows *rows, uint32_t source, uint32_t target,
		 int64_t nsyns);

/* Call make(arg, i, rows) for each source i of this shard, on threads, and
 * write(arg, rows) for blocks of them, in order and on this thread.  What a
 * call of make() adds is sorted by source, target and kind, unless its order
 * does not matter. */
struct connect_work {
	size_t n; /* sources */
	void (*make)(void *arg, size_t i, struct connect_rows *rows);
	void (*write)(void *arg, const struct connect_rows *rows);
	void *arg;
	bool whole;     /* all sources, whatever --shard says */
	bool any_order; /* rows are sorted later, and equal ones are the same */
};
void connect_all(const struct connect_work *c);

/* The sources [*first, *end) of n that --shard says. */
void connect_shard(size_t n, size_t *first, size_t *end);

/* A table of edges: source_population and target_population where the pools
 * have them, the ids, nsyns if it is wanted, columns of the tool's own, and the
 * properties: those that --backward-property says for the edges of a table that
 * is backward, which has the same columns as the other. */
struct connect_table {
	const struct pool *source, *target;
	bool nsyns, backward;
	size_t nown; /* such as "is_gap_junction", and "true" in the next row */
	const char *const *own, *const *value;
};

/* Write the header.  A mistake in the options above ends the tool here,
 * before there is any output. */
void connect_write_header(const struct connect_table *t);

void connect_write_edge(const struct connect_table *t, uint32_t source,
			uint32_t target, int64_t nsyns);
void connect_write_edges(const struct connect_table *t,
			 const struct connect_rows *rows);

/* A line of a report: what was asked for, and what came out.  direction is
 * forward, backward, reciprocal, one-way or gap.  kind is "directed" for
 * ordered pairs of cells and "unordered" for the others; obtained is made of
 * possible, with its 95 % interval by Wilson.  of is which pairs these are,
 * such as "all", where possible are all pairs, whatever their chance; the kind
 * is "directed-all" then. */
struct connect_outcome {
	const char *source, *target, *direction, *kind;
	uint64_t pairs, possible, made;
	double requested; /* NaN: nothing was */
	const char *of;   /* NULL: those that may be connected */
};

/* Add lines to --report, with a header if the file is new, under a lock. */
void connect_report(const char *connector, const struct connect_outcome *o,
		    size_t n);

/* Is there a --report? */
bool connect_wants_report(void);

#endif
