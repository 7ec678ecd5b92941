/* edges.h -- the edges a conn- tool counts, wherever they come from
 *
 *	struct edges *e = edges_open(argv[0], (struct edge_needs){.gap = true});
 *	struct edge_batch b;
 *
 *	while (edges_next(e, &b))
 *		for (i = 0; i < b.n; i++)
 *			count(b.source[i], b.target[i]);
 *
 * They come from a SONATA config or edges file, straight out of HDF5, or from a
 * table as sonata-edges writes it; the batches are the same, so whatever is
 * made of them is too.  With -j, threads read and unpack ahead; batches are
 * handed out in the order of the rows all the same.
 */
#ifndef EDGES_H
#define EDGES_H

#include "network/cells.h"
#include "opt.h"

/* -e, -n, --types, --node-types, -j and those of cells_group_opts: every tool
 * that reads edges takes this table in.  With the others it takes --all, for
 * populations without edges, and --include-gap, for gap junctions that are to
 * count as chemical synapses. */
extern const struct opt edge_opts[], edge_all_opts[], edge_gap_opts[];

/* What a tool has to know of edges, besides their ends. */
struct edge_needs {
	bool synapses;         /* how many each stands for */
	bool gap;              /* which are gap junctions */
	const char *along;     /* some of "xyz": positions; or NULL */
	const char *attribute; /* one to be shown as it is, or NULL */
	const char *number;    /* one whose numbers are needed, or NULL */
	bool bare;  /* a config without edges will do, with all its cells */
	bool pairs; /* all rows of two cells have to be in one shard */
};

/* Edges from one population to another. */
struct edge_pathway {
	uint32_t source, target; /* of cells->population */
};

struct edge_batch {
	size_t n;
	uint32_t pathway;                /* all of them are of this one */
	const uint32_t *source, *target; /* cells, from 0 in each population */
	const uint32_t *synapses;        /* NULL: one each */
	const uint8_t *gap;              /* NULL: none is */
	const uint8_t *apart; /* the same, or NULL with --include-gap */
	const struct hdf_value *attribute;
	const double *number; /* NaN where there is none */
};

struct edges {
	struct cells cells;
	struct edge_pathway *pathway;
	size_t npathways, mpathways;
	uint32_t *slot; /* for edges.c: open addressing, a number + 1, or 0 */
	size_t slots;   /* a power of two */
	uint8_t *ends;  /* of each population 1 << side, if it is an end */
	size_t nends;
	struct edge_needs needs;
	uint64_t rows;          /* handed out so far */
	struct part_sums *part; /* with part_opts: see netpart.h; or NULL */

	/* The rest is for edges.c. */
	bool synapses;     /* of files or a part: see edges_have_synapses() */
	struct sift *sift; /* or NULL */
	uint64_t read;     /* rows, those of other shards too */
	struct edge_table *table;
	struct edge_files *files;
};

/* Open what the operand, or NULL for the standard input, and the options name:
 * with --part nothing but parts, whose edges have been counted. */
struct edges *edges_open(const char *operand, struct edge_needs needs);

/* The next edges, of one pathway; false at the end.  The batch is valid until
 * the next call. */
bool edges_next(struct edges *e, struct edge_batch *b);

void edges_close(struct edges *e);

/* May some of them stand for another number of synapses than one?  Only if
 * needs.synapses asked for it. */
bool edges_have_synapses(const struct edges *e);

/* The pathway between two populations, which is made if there is none yet. */
uint32_t edges_add_pathway(struct edges *e, uint32_t source, uint32_t target);

/* The pathway between two populations, or NO_LABEL. */
uint32_t edges_find_pathway(const struct edges *e, uint32_t source,
			    uint32_t target);

/* Is a population on this side of any pathway? */
bool edges_is_end(const struct edges *e, uint32_t population,
		  enum cells_side side);

/* Say in the head of a part which edges these are. */
void edges_describe(const struct edges *e);

/* The pathways in the order of their populations, which is that of results:
 * order[k] is the k-th of them.  Call it when all edges have been read. */
uint32_t *edges_sort_pathways(const struct edges *e);

/* The labels of groups as results show them: with "population:" in front
 * where several populations are shown, but with --no-prepend only where two
 * of them have the same label.  Call it when all edges have been read. */
struct edge_labels;

struct edge_labels *edges_labels(const struct edges *e);
const char *edges_label(const struct edge_labels *l, uint32_t population,
			enum cells_side side, uint32_t group);
void edges_free_labels(struct edge_labels *l);

#endif
