#include <stdlib.h>

#include "cell/coupling.h"
#include "cell/nrn.h"
#include "cell/protocol.h"

static const char *at[2], *probe[2], *template2;
static bool same_cell;

const struct opt coupling_opts[] = {
	OPT_STR(0, "at1", "site", &at[0],
		"the junction's place in the first cell, 'dend[1](0.3)'"),
	OPT_STR(0, "at2", "site", &at[1], "its place in the second cell"),
	OPT_STR(0, "probe1", "site", &probe[0],
		"the electrode's place in the first cell (--at1)"),
	OPT_STR(0, "probe2", "site", &probe[1],
		"its place in the second cell (--at2)"),
	OPT_STR(0, "template2", "name", &template2,
		"the second cell is of this template"),
	OPT_FLAG(0, "same-cell", &same_cell,
		 "both places are in one cell, which is the only one"),
	OPT_NOT_WITH("same-cell", "template2"),
	OPT_NOT_WITH("template2", "swc"),
	OPT_NEEDS("same-cell", "at1 at2"),
	OPT_END,
};

/* A list has a section as often as it is appended.  A node without an area, at
 * an end of a section, has a place of -1; the terms of its equation are
 * currents in nA, as if its area were 100 um2, and those of others densities.
 *
 * What is 0 when NEURON makes its matrix is not solved for, ever after, but
 * added as it was a step before, which diverges where the conductance is more
 * than C/dt.  So none is one that is lost in any sum. */
static const char procedures[] =
	"objref bm_gap, bm_gap_c, bm_gap_g, bm_gap_y, bm_gap_b, bm_gap_x,"
	" bm_gap_at, bm_gap_section, bm_gap_place\n"
	"bm_gap_section = new Vector(2)\n"
	"bm_gap_place = new Vector(2)\n"
	"func bm_gap_area() { local a, x\n"
	" a = 100\n"
	" x = bm_gap_place.x[$1]\n"
	" if (x >= 0)"
	" bm_section.o(bm_gap_section.x[$1]).sec a = area(x)\n"
	" return a\n"
	"}\n"
	"proc bm_gap_row() {\n" /* S/cm2 */
	" bm_gap_g.setval($1, $1, $2)\n"
	" bm_gap_g.setval($1, 1 - $1, -$2)\n"
	"}\n"
	"proc bm_gap_nS() { local i, g\n"
	" g = $1\n"
	" if (g == 0) g = 1e-200\n"
	" for i = 0, 1 bm_gap_row(i, g * 0.1 / bm_gap_area(i))\n"
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
	" bm_gap_nS(0)\n"
	" bm_gap = new LinearMechanism(bm_gap_c, bm_gap_g, bm_gap_y,"
	" bm_gap_b, bm_gap_at, bm_gap_x)\n"
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

static struct section_site
find_site(size_t i, const char *option, const char *text)
{
	return section_find_site_in(same_cell ? 0 : i, option, text);
}

static void
find_places(struct section_site *junction, struct section_site *electrode)
{
	static const char *const names[2][2] = {{"at1", "at2"},
						{"probe1", "probe2"}};
	size_t i;

	for (i = 0; i < 2; i++) {
		junction[i] = find_site(i, names[0][i], at[i]);
		electrode[i] =
			find_site(i, names[1][i], probe[i] ? probe[i] : at[i]);
	}
}

void
coupling_open(void)
{
	struct section_site s[2], electrode[2];
	struct node n[2];
	size_t i;

	nrn_do("%s", procedures);
	find_places(s, electrode);
	for (i = 0; i < 2; i++) {
		n[i] = node_of(&s[i]);
		nrn_do("bm_gap_section.x[%zu] = %zu\n"
		       "bm_gap_place.x[%zu] = %.17g",
		       i, n[i].section, i, is_end(n[i]) ? -1 : n[i].x);
	}
	if (same_node(n[0], n[1]))
		misuse("--at2: the same segment as --at1: '%s'", s[1].name);
	protocol_place(electrode, 2);
	protocol_open();
	nrn_do("bm_couple(%zu, %.17g, %zu, %.17g)", s[0].section, s[0].x,
	       s[1].section, s[1].x);
	for (i = 0; i < 2; i++) {
		free(s[i].name);
		free(electrode[i].name);
	}
}

void
coupling_set(double nS)
{
	nrn_do("bm_gap_nS(%.17g)", nS);
}
