/* make-la -- make the tables of a network to pack
 *
 *	make-la nodes >nodes.csv
 *	make-la edges >edges.csv
 *	sonata-pack -n nodes.csv -o network edges.csv
 *
 * 2000 cells of the lateral amygdala in a cube, and 400 inputs from the
 * thalamus.  How many cells there are, and the chances of a connection and of
 * one both ways, are those of the LA network that BMTool's manual draws; here
 * they fall with the distance.  A pair of cells is drawn by a hash of the two,
 * so that the network is the same every time. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "opt.h"
#include "out.h"

#define CELLS 2000u
#define EDGE 600.0  /* of the cube, um */
#define REACH 400.0 /* of an axon, um */
#define PYR_INPUTS 320u
#define INPUTS 400u

static const struct opt opts[] = {OPT_END};
static const struct tool tool = {
	.purpose = "make the tables of a network to pack",
	.operands = "nodes|edges",
	.least = 1,
	.most = 1,
	.opts = opts,
};

/* Cells [first, end) of the network are of a group. */
struct group {
	const char *name, *template;
	unsigned first, end;
};

enum { PNA, PNC, PV, SOM };

static const struct group groups[] = {
	[PNA] = {"PNa", "hoc:Cell_Af", 0, 800},
	[PNC] = {"PNc", "hoc:Cell_Cf", 800, 1600},
	[PV] = {"PV", "hoc:InterneuronCellf", 1600, 1840},
	[SOM] = {"SOM", "hoc:LTS_Cell", 1840, CELLS},
};

/* What all edges of a pathway have. */
struct synapse {
	const char *template, *params;
	double weight;
	int64_t nsyns;
};

/* Edges between cells of one or two groups: the chances from a to b, from b to
 * a, and of both for the same two cells, over all pairs. */
struct pathway {
	unsigned afirst, aend, bfirst, bend;
	double forward, backward, both;
	struct synapse ab, ba;
};

/* clang-format off */
static const struct pathway pathways[] = {
	{0, 1600, 0, 1600, 0.0054, 0.0054, 0.0011,
		{"pyr2pyr", "PN2PN.json", 1, 1}, {"pyr2pyr", "PN2PN.json", 1, 1}},
	{1600, 1840, 1600, 1840, 0.15, 0.15, 0.069,
		{"int2int", "PV2PV.json", 2, 1}, {"int2int", "PV2PV.json", 2, 1}},
	{0, 1600, 1600, 1840, 0.033, 0.094, 0.022,
		{"pyr2int", "PN2PV.json", 3, 2}, {"int2pyr", "PV2PN.json", 4, 1}},
	{0, 1600, 1840, CELLS, 0.025, 0.031, 0.0043,
		{"pyr2int", "PN2SOM.json", 5, 1}, {"int2pyr", "SOM2PN.json", 6, 1}},
	{1600, 1840, 1840, CELLS, 0.25, 0, 0,
		{"int2int", "PV2SOM.json", 7, 1}, {NULL, NULL, 0, 0}},
	{1840, CELLS, 1840, CELLS, 0.05, 0.05, 0.0064,
		{"int2int", "SOM2SOM.json", 8, 1}, {"int2int", "SOM2SOM.json", 8, 1}},
};
/* clang-format on */

#define GAP_CHANCE 0.077 /* of an unordered pair of PV cells */
#define GAP_WEIGHT 4.95e-05

static double place[CELLS][3];

/* splitmix64 (Steele, Lea and Flood, OOPSLA 2014), from 0 up to 1 */
static double
chance(uint64_t what, uint64_t a, uint64_t b)
{
	uint64_t z = (what << 48 ^ a << 24 ^ b) + 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	z += 0x9E3779B97F4A7C15u;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static double
thousandths(double v)
{
	return floor(v * 1000 + 0.5) / 1000;
}

static void
put_cells_in_place(void)
{
	uint64_t i, k;

	for (i = 0; i < CELLS; i++)
		for (k = 0; k < 3; k++)
			place[i][k] = thousandths(EDGE * chance(1, i, k));
}

static double
distance(unsigned a, unsigned b)
{
	double x = place[a][0] - place[b][0], y = place[a][1] - place[b][1];
	double z = place[a][2] - place[b][2];

	return sqrt(x * x + y * y + z * z);
}

/* How much of its greatest a chance is at a distance.  No exponential, because
 * its last digit is not the same on all machines. */
static double
fall(double d)
{
	return d < REACH ? 1 - d * d / (REACH * REACH) : 0;
}

static void
write_nodes(void)
{
	size_t i, k, g = 0;

	out_header("population", "node_id", "pop_name", "model_type",
		   "model_template", "morphology", "potential", "x", "y", "z");
	for (i = 0; i < CELLS; i++) {
		g += i == groups[g].end;
		out_text("LA");
		out_int((int64_t)i);
		out_text(groups[g].name);
		out_text("biophysical");
		out_text(groups[g].template);
		out_text("blank.swc");
		out_missing();
		for (k = 0; k < 3; k++)
			out_num(place[i][k]);
		out_end();
	}
	for (i = 0; i < INPUTS; i++) {
		out_text("thalamus");
		out_int((int64_t)i);
		out_text(i < PYR_INPUTS ? "pyr_inp" : "pv_inp");
		out_text("virtual");
		out_missing();
		out_missing();
		out_text("exc");
		for (k = 0; k < 3; k++)
			out_missing();
		out_end();
	}
}

static void
put_edge(const char *from, unsigned source, unsigned target,
	 const struct synapse *s, double delay)
{
	out_text(from);
	out_text("LA");
	out_int(source);
	out_int(target);
	out_int(s->nsyns);
	out_num(s->weight);
	out_num(delay);
	out_text(s->template ? s->template : "");
	out_text(s->params ? s->params : "");
	out_text(s->template ? "['basal']" : "");
	out_text(s->template ? "" : "true");
	out_end();
}

/* 1 ms per mm, and 0.8 ms for the synapse. */
static double
delay(double d)
{
	return thousandths(0.8 + d / 1000);
}

/* The share of its greatest that a chance has on average, over unordered
 * pairs within one group or all pairs between two. */
static double
average(const struct pathway *p)
{
	double sum = 0, n = 0;
	unsigned i, j;

	for (i = p->afirst; i < p->aend; i++)
		for (j = p->bfirst; j < p->bend; j++)
			if (p->afirst != p->bfirst || i < j) {
				sum += fall(distance(i, j));
				n++;
			}
	return sum / n;
}

/* One draw has four outcomes: both, forward only, backward only, none. */
static void
connect_pair(const struct pathway *p, unsigned i, unsigned j, double share)
{
	double d = distance(i, j), u = chance(2, i, j);
	double both = p->both * share * fall(d);
	double forward = p->forward * share * fall(d);
	double backward = p->backward * share * fall(d);

	if (u < forward)
		put_edge("LA", i, j, &p->ab, delay(d));
	if (u < both || (u >= forward && u < forward + backward - both))
		put_edge("LA", j, i, &p->ba, delay(d));
}

static void
connect_gap(unsigned i, unsigned j, double share)
{
	static const struct synapse gap = {NULL, NULL, GAP_WEIGHT, 1};

	if (chance(3, i, j) < GAP_CHANCE * share * fall(distance(i, j)))
		put_edge("LA", i, j, &gap, 0);
}

static void
connect(const struct pathway *p)
{
	double share = 1 / average(p);
	unsigned i, j;

	for (i = p->afirst; i < p->aend; i++)
		for (j = p->bfirst; j < p->bend; j++) {
			if (p->afirst == p->bfirst && i >= j)
				continue;
			connect_pair(p, i, j, share);
			if (p->afirst == groups[PV].first &&
			    p->bfirst == groups[PV].first)
				connect_gap(i, j, share);
		}
}

/* One by one: to every fifth principal cell, and every third PV cell. */
static void
connect_inputs(void)
{
	static const struct synapse pyr = {"bg2pyr", "BG2PN.json", 1, 1};
	static const struct synapse pv = {"bg2int", "BG2INT.json", 1, 1};
	unsigned i;

	for (i = 0; i < INPUTS; i++)
		if (i < PYR_INPUTS)
			put_edge("thalamus", i, 5 * i, &pyr, 1);
		else
			put_edge("thalamus", i,
				 groups[PV].first + 3 * (i - PYR_INPUTS), &pv,
				 1);
}

static void
write_edges(void)
{
	size_t i;

	out_header("source_population", "target_population", "source_node_id",
		   "target_node_id", "nsyns", "syn_weight", "delay",
		   "model_template", "dynamics_params", "target_sections",
		   "is_gap_junction");
	for (i = 0; i < LEN(pathways); i++)
		connect(&pathways[i]);
	connect_inputs();
}

int
main(int argc, char **argv)
{
	argv = start(argc, argv, &tool);
	put_cells_in_place();
	if (opt_word("table", argv[0], "nodes|edges") == 0)
		write_nodes();
	else
		write_edges();
	return WORKED;
}
