/* trains.h -- the spikes that a tool is asked for, with their nodes
 *
 *	struct trains *t = trains_open(argv);
 *
 *	trains_join_nodes(t, "layer");
 *	while (trains_next(t))
 *		for (i = 0; i < t->n; i++)
 *			visit(t->spike[i].time_ms, t->spike[i].node_id);
 *	trains_close(t);
 *
 * Operands are files as spikes.h reads them, or simulation configs.  A config
 * stands for the spikes that the simulation wrote, or with --inputs for those
 * that it was given.  Spikes come file by file, in the order of each file.
 */
#ifndef TRAINS_H
#define TRAINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"
#include "opt.h"
#include "sonata/config.h"
#include "sonata/nodefiles.h"
#include "sonata/ranges.h"

/* -p, --ids, --from, --to, --inputs, --unnamed, --listed and those of
 * nodefiles_choice_opts. */
extern const struct opt train_opts[];

struct train_spike {
	double time_ms;
	int64_t node_id;
	uint32_t population; /* the number of its name */
	uint32_t node;       /* of its population's nodes, if they are joined */
};

struct trains {
	/* In the order in which they first appear; for HDF5 files also those
	 * without spikes. */
	struct labels population;

	/* How its files say that each is sorted; NULL where they do not say
	 * it, or disagree. */
	char **sorting;

	struct nodes *nodes;               /* NULL unless joined */
	struct node_population **nodes_of; /* by population */

	/* --from and --to; infinite if they are not given.  A spike at to_ms is
	 * not within. */
	double from_ms, to_ms;

	/* Where someone asks for it, how many of the spikes that are meant were
	 * before from_ms, and how many not before to_ms. */
	bool count_outside[2];
	uint64_t outside[2];

	/* To be set before the first batch, if these are only a part of the
	 * spikes; how many rows that has, and all files, when all are read. */
	struct opt_shard shard;
	uint64_t seen, rows;

	const struct config *config; /* an operand, or NULL */
	const char *nameless; /* the first file with spikes of no population */

	/* The batch. */
	struct train_spike *spike;
	size_t n;

	/* The rest is for trains.c. */
	struct train_file *file;
	size_t nfiles, mfiles, current, mnodes, msorting, mspike;
	bool has_text;
	struct spikes *spikes;
	uint32_t *number; /* of each of its populations, or NO_LABEL */
	size_t nnumber, mnumber;
	struct ranges ids;
	char *unread; /* inputs of spikes that cannot be read; or NULL */
};

/* The operands, a list that NULL ends; without any, the standard input. */
struct trains *trains_open(char **operands);

/* Have spikes come with their nodes, which are those of -n or of the config;
 * columns are as nodefiles_read() takes them.  Called before trains_next(). */
void trains_join_nodes(struct trains *t, const char *columns);

/* Does -p name this population?  Is --listed given, which needs nodes? */
bool trains_asks_population(const char *name);
bool trains_asks_listed(void);

/* The file with this number, or NULL. */
const char *trains_path(const struct trains *t, size_t k);

bool trains_next(struct trains *t); /* false at the end */
void trains_close(struct trains *t);

#endif
