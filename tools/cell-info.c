/* cell-info -- list the sections and parameters of a cell
 *
 * A section and a parameter, with a dot between them, are the name that --set
 * takes.  The parameters listed here are those of sections.h that --set takes,
 * so that each one that can be set is seen; NEURON is asked besides which
 * mechanisms have none. */
#include <stdlib.h>
#include <string.h>

#include "cell/model.h"
#include "cell/nrn.h"
#include "out.h"

static bool segments, tree, globals;

static const struct opt opts[] = {
	OPT_FLAG(0, "segments", &segments, "a row for each segment, at x"),
	OPT_FLAG(0, "globals", &globals, "list the global variables instead"),
	OPT_FLAG(0, "tree", &tree, "draw the sections as a tree instead"),
	OPT_TABLE(model_opts),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("segments globals tree"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "list the sections and parameters of a cell",
	.operands = "",
	.opts = opts,
};

/* Everything in a section has a line of its own; the name of a global variable
 * comes with its mechanism's name and the number of its elements. */
static const char procedures[] =
	"objref bm_kinds, bm_globals\n"
	"strdef bm_kind, bm_global\n"
	"bm_kinds = new MechanismType(0)\n"
	"proc bm_inserted() { local i\n"
	" bm_section.o($1).sec for i = 0, bm_kinds.count() - 1 {\n"
	"  bm_kinds.select(i)\n"
	"  bm_kinds.selected(bm_kind)\n"
	"  if (ismembrane(bm_kind)) printf(\"%s\\n\", bm_kind)\n"
	" }\n"
	"}\n"
	"func bm_is_somewhere() { local i, is\n"
	" is = 0\n"
	" for i = 0, bm_section.count() - 1"
	" bm_section.o(i).sec if (ismembrane($s1)) is = 1\n"
	" return is\n"
	"}\n"
	"proc bm_all_globals() { local i, j, n\n"
	" for i = 0, bm_kinds.count() - 1 {\n"
	"  bm_kinds.select(i)\n"
	"  bm_kinds.selected(bm_kind)\n"
	"  if (!bm_is_somewhere(bm_kind)) continue\n"
	"  bm_globals = new MechanismStandard(bm_kind, -1)\n"
	"  for j = 0, bm_globals.count() - 1 {\n"
	"   n = bm_globals.name(bm_global, j)\n"
	"   if (n == 1) printf(\"%s\\t%s\\n\", bm_kind, bm_global)\n"
	"  }\n"
	" }\n"
	"}\n"
	"func bm_area() { local a\n"
	" bm_section.o($1).sec a = area($2)\n"
	" return a\n"
	"}\n"
	"func bm_parent_x() { local x\n"
	" bm_section.o($1).sec x = parent_connection()\n"
	" return x\n"
	"}\n";

/* ---- The table ---- */

/* Where in a section: its middle stands for all of it. */
struct spot {
	size_t section;
	double x;
	bool all;
};

static double
value_at(const struct spot *at, const char *name)
{
	return nrn_number("bm_section.o(%zu).sec.%s(%.17g)", at->section, name,
			  at->x);
}

static void
out_name(const char *name)
{
	if (name)
		out_text(name);
	else
		out_missing();
}

static void
out_place(const struct spot *at)
{
	const struct section *s = section(at->section);

	out_text(s->name);
	if (!at->all)
		out_num(at->x);
	out_name(s->parent >= 0 ? section((size_t)s->parent)->name : NULL);
	out_int(s->nseg);
	out_num(s->length);
	out_num(at->all ? s->diam : value_at(at, "diam"));
	out_num(at->all ? s->area
			: nrn_number("bm_area(%zu, %.17g)", at->section,
				     at->x));
	out_num(nrn_number("bm_section.o(%zu).sec.Ra", at->section));
	out_num(value_at(at, "cm"));
}

/* These are columns of their own. */
static bool
is_column(const char *mechanism)
{
	return strcmp(mechanism, "section") == 0 ||
	       strcmp(mechanism, "morphology") == 0 ||
	       strcmp(mechanism, "capacitance") == 0;
}

static void
write_parameter(const struct spot *at, const struct section_parameter *p)
{
	out_place(at);
	out_text(p->mechanism);
	out_text(p->name);
	out_num(at->all ? p->value : value_at(at, p->name));
	out_end();
}

/* Nothing is lost: there is a row for a mechanism without parameters, and for a
 * section without mechanisms. */
static void
write_without(const struct spot *at, const char *mechanism)
{
	out_place(at);
	out_name(mechanism);
	out_missing();
	out_missing();
	out_end();
}

/* A section's mechanisms, in the order of NEURON's list, and its parameters. */
struct content {
	char *text, **mechanism;
	size_t nmechanisms;
	struct section_parameter *parameter;
	size_t nparameters;
};

static struct content
content_of(size_t i)
{
	struct content c = {.text = copy(nrn_print("bm_inserted(%zu)", i))};
	char *rest = c.text, *line;
	size_t cap = 0;

	while ((line = strsep(&rest, "\n"))) {
		if (!*line || is_column(line))
			continue;
		c.mechanism = grow(c.mechanism, &cap, c.nmechanisms + 1,
				   sizeof *c.mechanism);
		c.mechanism[c.nmechanisms++] = line;
	}
	c.parameter = section_read_parameters(i, &c.nparameters);
	return c;
}

static void
free_content(struct content *c)
{
	section_free_parameters(c->parameter, c->nparameters);
	free(c->mechanism);
	free(c->text);
}

static void
write_place(const struct spot *at, const struct content *c)
{
	size_t k, p, n;

	for (k = 0; k < c->nmechanisms; k++) {
		n = 0;
		for (p = 0; p < c->nparameters; p++)
			if (!strcmp(c->parameter[p].mechanism,
				    c->mechanism[k])) {
				write_parameter(at, &c->parameter[p]);
				n++;
			}
		if (n == 0)
			write_without(at, c->mechanism[k]);
	}
	if (c->nmechanisms == 0)
		write_without(at, NULL);
}

static void
write_section(size_t i)
{
	struct content c = content_of(i);
	struct spot at = {.section = i, .x = 0.5, .all = !segments};
	int k, n = section(i)->nseg;

	for (k = 0; segments && k < n; k++) {
		at.x = (k + 0.5) / n;
		write_place(&at, &c);
	}
	if (!segments)
		write_place(&at, &c);
	free_content(&c);
}

static void
write_table(void)
{
	size_t i;

	if (segments)
		out_header("section", "x", "parent", "nseg", "L_um", "diam_um",
			   "area_um2", "Ra", "cm", "mechanism", "parameter",
			   "value");
	else
		out_header("section", "parent", "nseg", "L_um", "diam_um",
			   "area_um2", "Ra", "cm", "mechanism", "parameter",
			   "value");
	for (i = 0; i < sections_count(); i++)
		write_section(i);
}

/* ---- Global variables ---- */

static void
write_global(const char *mechanism, const char *name)
{
	out_name(mechanism);
	out_text(name);
	out_num(nrn_number("%s", name));
	out_end();
}

static void
write_globals(void)
{
	char *text = copy(nrn_print("bm_all_globals()")), *rest = text, *line;

	out_header("mechanism", "parameter", "value");
	write_global(NULL, "celsius");
	write_global(NULL, "v_init");
	write_global(NULL, "dt");
	while ((line = strsep(&rest, "\n"))) {
		char *mechanism = strsep(&line, "\t");

		if (line)
			write_global(mechanism, line);
	}
	free(text);
}

/* ---- The tree ---- */

/* For each section: its first child, and the next child of its parent; -1 for
 * none. */
struct relations {
	int *child, *next;
};

static struct relations
find_relations(void)
{
	size_t n = sections_count(), i;
	struct relations r = {zeros(n, sizeof *r.child),
			      zeros(n, sizeof *r.next)};

	for (i = 0; i < n; i++)
		r.child[i] = r.next[i] = -1;
	for (i = n; i-- > 0;) {
		int parent = section(i)->parent;

		if (parent < 0)
			continue;
		r.next[i] = r.child[parent];
		r.child[parent] = (int)i;
	}
	return r;
}

static void
write_words(const char *s)
{
	out_bytes(s, strlen(s));
}

/* Write what stands left of a section: for each one above it, a line down if
 * that has a sibling that is still to come. */
static void
write_branch(const struct relations *r, int i)
{
	char *left = copy(""), *longer;
	int k;

	for (k = i; section((size_t)k)->parent >= 0;
	     k = section((size_t)k)->parent) {
		bool more = r->next[k] >= 0;
		const char *part = k == i ? (more ? "|-- " : "+-- ")
					  : (more ? "|   " : "    ");

		longer = format("%s%s", part, left);
		free(left);
		left = longer;
	}
	write_words(left);
	free(left);
}

static void
write_line(const struct relations *r, int i)
{
	const struct section *s = section((size_t)i);
	struct content c = content_of((size_t)i);
	char *line;
	size_t k;

	write_branch(r, i);
	write_words(s->name);
	if (s->parent >= 0) {
		line = format(" at %g", nrn_number("bm_parent_x(%d)", i));
		write_words(line);
		free(line);
	}
	line = format(": nseg %d, L %g um, diam %g um", s->nseg, s->length,
		      s->diam);
	write_words(line);
	free(line);
	for (k = 0; k < c.nmechanisms; k++) {
		if (section_is_ion(c.mechanism[k]))
			continue;
		write_words(", ");
		write_words(c.mechanism[k]);
	}
	write_words("\n");
	free_content(&c);
}

/* Children follow their parent; then comes its next sibling, or that of the
 * nearest section above that has one. */
static void
draw_from(const struct relations *r, int i)
{
	while (i >= 0) {
		write_line(r, i);
		if (r->child[i] >= 0) {
			i = r->child[i];
			continue;
		}
		while (i >= 0 && r->next[i] < 0)
			i = section((size_t)i)->parent;
		i = i >= 0 ? r->next[i] : -1;
	}
}

static void
draw_trees(void)
{
	struct relations r = find_relations();
	size_t i;

	for (i = 0; i < sections_count(); i++)
		if (section(i)->parent < 0)
			draw_from(&r, (int)i);
	free(r.child);
	free(r.next);
}

int
main(int argc, char **argv)
{
	start(argc, argv, &tool);
	model_build();
	nrn_do("%s", procedures);
	if (tree)
		draw_trees();
	else if (globals)
		write_globals();
	else
		write_table();
	return WORKED;
}
