/* Import3d keeps the statements that it runs, and the cell that they have made
 * here is there to be looked at. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell/import3d.h"
#include "cell/nrn.h"
#include "files.h"

/* What Import3d fills has the names of all sections and lists beforehand, as
 * BMTK's Biophys1 and AllenSDK's cell have them; of the latter, those of all
 * types from 5 to the largest, too. */
static void
declare_cell(const struct swc *s)
{
	char *names = copy(""), *lists = copy(""), *news = copy(""), *longer;
	int first = SWC_KINDS + 1, last = SWC_TYPES - 1, type;

	while (last > SWC_KINDS && !s->has_type[last])
		last--;
	if (s->kind == SWC_NEUROLUCIDA) /* trees without a name are of 0 */
		first = last = 0;
	for (type = first; type <= last; type++) {
		longer = format("%s, dend_%d[1]", names, type);
		free(names);
		names = longer;
		longer = format("%s, dendritic_%d", lists, type);
		free(lists);
		lists = longer;
		longer = format("%s dendritic_%d = new SectionList()\n", news,
				type);
		free(news);
		news = longer;
	}
	nrn_do("begintemplate BmImported\n"
	       "public soma, axon, all, axonal\n"
	       "create soma[1], dend[1], apic[1], axon[1]%s\n"
	       "objref all, somatic, basal, apical, axonal, this%s\n"
	       "proc init() {\n"
	       " all = new SectionList()\n"
	       " somatic = new SectionList()\n"
	       " basal = new SectionList()\n"
	       " apical = new SectionList()\n"
	       " axonal = new SectionList()\n"
	       "%s"
	       " forall delete_section()\n"
	       "}\n"
	       "endtemplate BmImported\n",
	       names, lists, news);
	free(names);
	free(lists);
	free(news);
}

static const char import[] =
	"{load_file(\"import3d.hoc\")}\n"
	"objref bm_reader, bm_import, bm_imported\n"
	"proc bm_read() { local i\n"
	" bm_reader.quiet = 1\n"
	" bm_reader.input($s1)\n"
	" bm_import = new Import3d_GUI(bm_reader, 0)\n"
	" bm_imported = new BmImported()\n"
	" bm_import.instantiate(bm_imported, 1)\n"
	"}\n"
	"proc bm_tell() { local i\n"
	" for i = 0, bm_import.commands.count() - 1"
	" printf(\"%s\\n\", bm_import.commands.o(i).s)\n"
	"}\n"
	/* Until an area is asked for, diam is not that of the points. */
	"proc bm_settle() { local a\n"
	" forsec bm_imported.axonal a = area(0.5)\n"
	"}\n"
	/* AllenSDK's legacy axon: nseg by its rule, distances from the soma's
	 * beginning, the first that is farther than 60 um. */
	"func bm_first_beyond() { local d\n"
	" d = -1\n"
	" forsec bm_imported.all nseg = 1 + 2 * int(L / 40)\n"
	" bm_settle()\n"
	" bm_imported.soma[0] distance()\n"
	" forsec bm_imported.axonal"
	" if (d < 0 && distance(0.5) > 60) d = diam(0.5)\n"
	" return d\n"
	"}\n"
	"func bm_last() { local d\n"
	" forsec bm_imported.axonal d = diam(0.5)\n"
	" return d\n"
	"}\n";

/* The line that Import3d means is one of the text that it got. */
static void
mention_line(const struct swc *s, const char *line)
{
	const char *at = strstr(line, "line ");
	char *rest;
	unsigned long n;

	n = at ? strtoul(at + 5, &rest, 10) : 0;
	if (n >= 1 && n <= s->n)
		warn("%s:%zu: Import3d: %.*s%zu%s", s->path, s->line[n - 1],
		     (int)(at + 5 - line), line, s->line[n - 1], rest);
	else
		warn("%s: Import3d: %s", s->path, line);
}

/* Of a Neurolucida file that Import3d cannot read it makes nothing:
 * "parse error", what it has read, and "line 9:  ( 50 x 0 2)". */
static void
check_form(const struct swc *s, const char *said)
{
	const char *line = strstr(said, "\nline ");
	char *text;
	unsigned long n;

	if (s->kind != SWC_NEUROLUCIDA || !strstr(said, "parse error"))
		return;
	if (!line)
		die("%s: not in Neurolucida's form", s->path);
	n = strtoul(line + 6, &text, 10);
	text += strspn(text, ": \t");
	die("%s:%lu: not in Neurolucida's form: '%.*s'", s->path, n,
	    (int)strcspn(text, "\r\n"), text);
}

/* What Import3d says is in lines of its own, and blank ones. */
static void
mention(const struct swc *s, char *said)
{
	char *line;

	check_form(s, said);
	while ((line = strsep(&said, "\n"))) {
		line += strspn(line, " \t\r");
		if (strpbrk(line, "abcdefghijklmnopqrstuvwxyz"))
			mention_line(s, line);
	}
}

char *
import3d_read(const struct swc *s)
{
	int fd = files_scratch();
	char *said;

	if (write(fd, s->text, s->len) != (ssize_t)s->len)
		files_scratch_failed();
	declare_cell(s);
	nrn_do("%s", import);
	nrn_do("bm_reader = new %s()", s->kind == SWC_POINTS
					       ? "Import3d_SWC_read"
					       : "Import3d_Neurolucida3");
	said = copy(nrn_print("bm_read(\"/proc/self/fd/%d\")", fd));
	mention(s, said);
	free(said);
	close(fd);
	return copy(nrn_print("bm_tell()"));
}

void
import3d_legacy(double *first, double *second)
{
	*second = nrn_number("bm_first_beyond()");
	*first = nrn_number("bm_imported.axon[0].diam(0.5)");
	if (*second < 0)
		*second = *first;
}

void
import3d_ends(double *first, double *last)
{
	nrn_do("bm_settle()");
	*first = nrn_number("bm_imported.axon[0].diam(0.5)");
	*last = nrn_number("bm_last()");
}

void
import3d_done(void)
{
	nrn_do("objref bm_reader, bm_import, bm_imported");
}
