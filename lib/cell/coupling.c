#include <stdlib.h>

#include "cell/coupling.h"
#include "cell/nrn.h"
#include "cell/protocol.h"

/* What NEURON takes for the area of a node without one, at an end of a section:
 * the terms of its equation are currents in nA. */
#define NO_AREA 100 /* um2 */

static const char *at[2], *template2;
static bool same_cell;

const struct opt coupling_opts[] = {
	OPT_STR(0, "at1", "site", &at[0],
		"the junction's place in the first cell, 'dend[1](0.3)'"),
	OPT_STR(0, "at2", "site", &at[1], "its place in the second cell"),
	OPT_STR(0, "template2", "name", &template2,
		"the second cell is of this template"),
	OPT_FLAG(0, "same-cell", &same_cell,
		 "both places are in one cell, which is the only one"),
	OPT_NOT_WITH("same-cell", "template2"),
	OPT_NOT_WITH("template2", "swc"),
	OPT_NEEDS("same-cell", "at1 at2"),
	OPT_END,
};

/* A list has a section as often as it is appended. */
static const char procedures[] =
	"objref bm_gap, bm_gap_c, bm_gap_g, bm_gap_y, bm_gap_b, bm_gap_x,"
	" bm_gap_at\n"
	"proc bm_conduct() {\n"
	" bm_gap_g.setval(0, 0, $1)\n"
	" bm_gap_g.setval(0, 1, -$1)\n"
	" bm_gap_g.setval(1, 0, -$2)\n"
	" bm_gap_g.setval(1, 1, $2)\n"
	"}\n"
	"proc bm_couple() {\n"
	" bm_gap_c = new Matrix(2, 2, 2)\n"
	" bm_gap_g = new Matrix(2, 2)\n"
	" bm_gap_y = new Vector(2)\n"
	" bm_gap_b = new Vector(2)\n"
	" bm_gap_x = new Vector(2)\n"
	" bm_gap_x.x[0] = $2\n"
	" bm_gap_x.x[1] = $4\n"
	" bm_gap_at = new SectionList()\n"
	" bm_section.o($1).sec bm_gap_at.append()\n"
	" bm_section.o($3).sec bm_gap_at.append()\n"
	" bm_conduct(1, 1)\n" /* what is 0 now is left out for good */
	" bm_gap = new LinearMechanism(bm_gap_c, bm_gap_g, bm_gap_y,"
	" bm_gap_b, bm_gap_at, bm_gap_x)\n"
	"}\n"
	"func bm_gap_area() { local a\n"
	" a = 0\n"
	" bm_section.o($1).sec a = area($2)\n"
	" return a\n"
	"}\n"
	"func bm_gap_begin() { local x\n" /* the end that is its parent's */
	" x = 0\n"
	" bm_section.o($1).sec x = section_orientation()\n"
	" return x\n"
	"}\n"
	"func bm_gap_parent() { local x\n"
	" x = 0\n"
	" bm_section.o($1).sec x = parent_connection()\n"
	" return x\n"
	"}\n";

void
coupling_choose(void)
{
	if (!same_cell)
		model_also(template2);
}

/* The node that a site is: the end at which a section begins is a node of its
 * parent. */
struct node {
	size_t section;
	double x;
};

static struct node
node_of(const struct section_site *s)
{
	struct node n = {s->section, s->x};

	while ((n.x == 0 || n.x == 1) && section(n.section)->parent >= 0 &&
	       nrn_number("bm_gap_begin(%zu)", n.section) == n.x) {
		n.x = nrn_number("bm_gap_parent(%zu)", n.section);
		n.section = (size_t)section(n.section)->parent;
	}
	return n;
}

static bool
is_end(struct node n)
{
	return n.x == 0 || n.x == 1;
}

static bool
same_node(struct node a, struct node b)
{
	double nseg;

	if (a.section != b.section || is_end(a) != is_end(b))
		return false;
	nseg = (double)section(a.section)->nseg;
	return is_end(a) ? a.x == b.x : (int)(a.x * nseg) == (int)(b.x * nseg);
}

/* S/cm2 for each nS, in the equation of a node. */
static double
density(struct node n)
{
	double um2 = is_end(n) ? NO_AREA
			       : nrn_number("bm_gap_area(%zu, %.17g)",
					    n.section, n.x);

	return 1e-9 / (um2 * 1e-8);
}

void
coupling_open(void)
{
	struct section_site s[2];
	size_t i;

	s[0] = section_find_site_in(0, "at1", at[0]);
	s[1] = section_find_site_in(same_cell ? 0 : 1, "at2", at[1]);
	nrn_do("%s", procedures);
	if (same_node(node_of(&s[0]), node_of(&s[1])))
		misuse("--at2: the same segment as --at1: '%s'", s[1].name);
	protocol_place(s, 2);
	protocol_open();
	nrn_do("bm_couple(%zu, %.17g, %zu, %.17g)", s[0].section, s[0].x,
	       s[1].section, s[1].x);
	for (i = 0; i < 2; i++)
		free(s[i].name);
	coupling_set(0);
}

void
coupling_set(double nS)
{
	nrn_do("bm_conduct(%.17g, %.17g)",
	       nS * density(node_of(protocol_site(0))),
	       nS * density(node_of(protocol_site(1))));
}
