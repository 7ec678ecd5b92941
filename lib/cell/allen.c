#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell/allen.h"
#include "cell/import3d.h"
#include "cell/nrn.h"
#include "labels.h"
#include "out.h"

/* hoc has room for 1000s of words in a procedure, but not for any number. */
#define POINTS_OF_A_PROCEDURE 100

#define STUB_LENGTH 30 /* um, of each of its two sections */

static const char *const list_name[SWC_KINDS] = {"somatic", "axonal", "basal",
						 "apical"};

/* The sections of a name: "dend[12]", or "dend_5[2]". */
struct sections_of {
	char *name;
	unsigned kind;
	int n;
};

/* The template as it comes to be. */
struct draft {
	FILE *to;
	struct sections_of made[SWC_TYPES];
	size_t nmade;
	bool has[SWC_KINDS]; /* sections of this kind */
	int nprocs;          /* "points_0" ... have been begun */
	int nstatements;     /* in the last one */
	char within[64];     /* the section whose '{' is open, or "" */
	double diam[2];      /* of the sections of the stub */
};

/* ---- Sections and points ---- */

static unsigned
kind_of_name(const char *name)
{
	unsigned k;

	for (k = 0; k < SWC_KINDS; k++)
		if (strncmp(name, swc_kind_name[k], 4) == 0)
			return k;
	return SWC_KINDS;
}

static bool
is_replaced(const struct allen *a, const char *section)
{
	return a->axon != ALLEN_FULL && kind_of_name(section) == SWC_AXON;
}

static void
close_section(struct draft *t)
{
	if (*t->within)
		fprintf(t->to, "\t}\n");
	*t->within = '\0';
}

static void
open_procedure(struct draft *t)
{
	if (t->nprocs > 0 && t->nstatements < POINTS_OF_A_PROCEDURE)
		return;
	close_section(t);
	if (t->nprocs > 0)
		fprintf(t->to, "}\n");
	fprintf(t->to, "proc points_%d() {\n", t->nprocs++);
	t->nstatements = 0;
}

/* "~create dend[36]" */
static void
take_create(const struct allen *a, struct draft *t, const char *command)
{
	struct sections_of *s = &t->made[t->nmade];
	const char *bracket = strchr(command, '[');
	unsigned kind = kind_of_name(command);

	if (!bracket || kind == SWC_KINDS)
		die("%s: Import3d makes sections of no kind: '%s'", a->swc.path,
		    command);
	t->has[kind] = true;
	if (is_replaced(a, command))
		return;
	s->name = format("%.*s", (int)(bracket - command), command);
	s->kind = kind;
	s->n = (int)strtol(bracket + 1, NULL, 10);
	t->nmade++;
}

/* "soma connect dend[3](0), 0.5" */
static void
take_connect(const struct allen *a, struct draft *t, const char *command,
	     const char *verb)
{
	const char *child = verb + strlen(" connect ");

	if (is_replaced(a, command) || is_replaced(a, child)) {
		if (!is_replaced(a, child))
			die("%s: '%.*s' is on the axon, which is replaced: "
			    "--axon full keeps it",
			    a->swc.path, (int)strcspn(child, "("), child);
		return;
	}
	open_procedure(t);
	close_section(t);
	fprintf(t->to, "\t%s\n", command);
	t->nstatements++;
}

/* A contour of a soma may end in a point, but no other section. */
static void
check_diameter(const struct allen *a, const char *command)
{
	const char *comma = strrchr(command, ',');

	if (strstr(command, "pt3dadd") && comma &&
	    kind_of_name(command) != SWC_SOMA && !(strtod(comma + 1, NULL) > 0))
		die("%s: a diameter that is not above 0: '%s'", a->swc.path,
		    command);
}

/* "dend[3] { pt3dadd(1, 2, 3, 0.5) }" */
static void
take_point(const struct allen *a, struct draft *t, const char *command,
	   const char *brace)
{
	int name = (int)(brace - command);
	const char *end = strrchr(brace, ')');

	if (is_replaced(a, command) || !end)
		return;
	check_diameter(a, command);
	open_procedure(t);
	if (strncmp(t->within, command, (size_t)name) != 0 || t->within[name]) {
		close_section(t);
		snprintf(t->within, sizeof t->within, "%.*s", name, command);
		fprintf(t->to, "\t%s {\n", t->within);
	}
	fprintf(t->to, "\t\t%.*s\n", (int)(end + 1 - brace - 3), brace + 3);
	t->nstatements++;
}

static void
take_command(const struct allen *a, struct draft *t, const char *command)
{
	const char *part;

	if (strncmp(command, "~create ", 8) == 0)
		take_create(a, t, command + 8);
	else if ((part = strstr(command, " connect ")))
		take_connect(a, t, command, part);
	else if ((part = strstr(command, " { pt3d")))
		take_point(a, t, command, part);
}

/* Import3d's statements, into the draft's file. */
static void
write_points(const struct allen *a, struct draft *t)
{
	char *all = import3d_read(&a->swc), *rest = all, *line;

	while ((line = strsep(&rest, "\n")))
		take_command(a, t, line);
	close_section(t);
	if (t->nprocs > 0)
		fprintf(t->to, "}\n");
	free(all);
}

/* ---- The axon ---- */

static void
need_axon(const struct allen *a, const struct draft *t, const char *word)
{
	if (!t->has[SWC_AXON])
		die("%s: no axon, whose diameters --axon %s takes: say --axon "
		    "stub",
		    a->swc.path, word);
}

static void
measure_axon(const struct allen *a, struct draft *t)
{
	t->diam[0] = t->diam[1] = 1;
	if (a->axon == ALLEN_BMTK) {
		need_axon(a, t, "bmtk");
		import3d_ends(&t->diam[0], &t->diam[1]);
	} else if (a->axon == ALLEN_LEGACY) {
		need_axon(a, t, "legacy");
		import3d_legacy(&t->diam[0], &t->diam[1]);
	}
}

static void
write_axon(const struct allen *a, const struct draft *t)
{
	char text[32];
	int i;

	if (a->axon == ALLEN_FULL)
		return;
	fprintf(t->to, "proc replace_axon() {\n");
	for (i = 0; i < 2; i++) {
		out_num_text(t->diam[i], text);
		fprintf(t->to, "\taxon[%d] {\n\t\tL = %d\n\t\tdiam = %s\n\t}\n",
			i, STUB_LENGTH, text);
	}
	fprintf(t->to,
		"\tsoma[0] connect axon[0](0), %s\n"
		"\taxon[0] connect axon[1](0), 1\n}\n",
		a->axon == ALLEN_STUB ? "0.5" : "1");
}

/* ---- Parameters ---- */

static bool
is_first(const struct fitfile *f, size_t i)
{
	const struct fitfile_setting *s = f->setting;
	size_t k;

	for (k = 0; k < i; k++)
		if (s[k].kind == s[i].kind && s[k].mechanism &&
		    strcmp(s[k].mechanism, s[i].mechanism) == 0)
			return false;
	return true;
}

/* Of two settings of one thing the later one counts. */
static bool
is_overruled(const struct fitfile *f, size_t i)
{
	const struct fitfile_setting *s = f->setting;
	size_t k;

	for (k = i + 1; k < f->n; k++)
		if (s[k].kind == s[i].kind &&
		    strcmp(s[k].name, s[i].name) == 0 &&
		    s[k].is_erev == s[i].is_erev)
			return true;
	return false;
}

/* hoc would take a name that it does not know for a new variable, and say
 * nothing; with (x) it has to be a parameter. */
static void
write_setting(const struct draft *t, const struct fitfile_setting *s)
{
	char text[32];

	out_num_text(s->value, text);
	if (s->is_erev)
		fprintf(t->to,
			"\t\tif (ismembrane(\"%s_ion\")) for (x, 0) %s(x) = "
			"%s\n",
			s->name + 1, s->name, text);
	else if (strcmp(s->name, "Ra") == 0)
		fprintf(t->to, "\t\tRa = %s\n", text);
	else
		fprintf(t->to, "\t\tfor (x, 0) %s(x) = %s\n", s->name, text);
}

static void
write_kind(const struct allen *a, const struct draft *t, unsigned kind)
{
	const struct fitfile_setting *s = a->f.setting;
	size_t i;

	fprintf(t->to, "\tforsec %s {\n\t\tinsert pas\n", list_name[kind]);
	for (i = 0; i < a->f.n; i++)
		if (s[i].kind == kind && s[i].mechanism && is_first(&a->f, i))
			fprintf(t->to, "\t\tinsert %s\n", s[i].mechanism);
	for (i = 0; i < a->f.n; i++)
		if (s[i].kind == kind && !s[i].is_erev &&
		    !is_overruled(&a->f, i))
			write_setting(t, &s[i]);
	for (i = 0; i < a->f.n; i++)
		if (s[i].kind == kind && s[i].is_erev &&
		    !is_overruled(&a->f, i))
			write_setting(t, &s[i]);
	fprintf(t->to, "\t}\n");
}

/* ---- Changes ---- */

/* Of a section's array, those that "dend[3]" or "dend" call, or "" for all:
 * from *first to *last; false if there are none. */
static bool
find_called(const char *section, const struct sections_of *s, int *first,
	    int *last)
{
	size_t n = strlen(s->name);
	int64_t i;
	char *number;
	bool is;

	*first = 0;
	*last = s->n - 1;
	if (!*section || strcmp(section, s->name) == 0)
		return true;
	if (strncmp(section, s->name, n) != 0 || section[n] != '[')
		return false;
	number = format("%.*s", (int)strcspn(section + n + 1, "]"),
			section + n + 1);
	is = parse_int(number, &i) && i >= 0 && i < s->n &&
	     strcmp(section + n + 1 + strlen(number), "]") == 0;
	free(number);
	*first = *last = is ? (int)i : -1;
	return is;
}

static bool
has(const struct allen *a, unsigned kind, const char *name)
{
	return strcmp(name, "L") == 0 || strcmp(name, "diam") == 0 ||
	       strcmp(name, "nseg") == 0 || fitfile_has(&a->f, kind, name);
}

static _Noreturn void
no_such(const struct draft *t, const struct allen_change *c, bool section)
{
	char *all = NULL;
	size_t i;

	for (i = 0; i < t->nmade; i++)
		all = join(all, t->made[i].name);
	if (section)
		misuse("%s: no section '%s'; there are: %s", c->where,
		       c->section, all);
	misuse("%s: no '%s' in %s: it is neither L, diam, nseg, Ra, cm, nor of "
	       "a mechanism that the fit inserts there",
	       c->where, c->name, *c->section ? c->section : "any section");
}

static void
write_change(const struct draft *t, const struct allen_change *c,
	     const char *section, int first, int last)
{
	const char *plain[] = {"L", "nseg", "Ra"};
	char text[32];
	size_t k = 0;

	out_num_text(c->value, text);
	while (k < LEN(plain) && strcmp(plain[k], c->name) != 0)
		k++;
	fprintf(t->to, "\tfor i = %d, %d %s[i] ", first, last, section);
	if (fitfile_is_erev(c->name))
		fprintf(t->to, "if (ismembrane(\"%s_ion\")) ", c->name + 1);
	fprintf(t->to, "%s%s%s = %s\n", k < LEN(plain) ? "" : "for (x, 0) ",
		c->name, k < LEN(plain) ? "" : "(x)", text);
}

static void
apply(const struct allen *a, const struct draft *t,
      const struct allen_change *c)
{
	const struct sections_of *s;
	bool found = false, set = false;
	int first, last;

	for (s = t->made; s < t->made + t->nmade; s++) {
		if (!find_called(c->section, s, &first, &last))
			continue;
		found = true;
		if (!has(a, s->kind, c->name))
			continue;
		set = true;
		write_change(t, c, s->name, first, last);
	}
	if (!found || !set)
		no_such(t, c, !found);
}

static void
write_changes(const struct allen *a, const struct draft *t)
{
	size_t i;

	if (a->nchanges == 0)
		return;
	fprintf(t->to, "proc change() { local i\n");
	for (i = 0; i < a->nchanges; i++)
		apply(a, t, &a->change[i]);
	fprintf(t->to, "}\n");
}

void
allen_set(struct allen *a, const char *where, const char *name, double value)
{
	const char *dot = strrchr(name, '.'), *at = strrchr(name, '@');
	struct allen_change c = {.value = value};

	if (!isfinite(value))
		misuse("%s: not a finite number: '%s'", where, name);
	if (strcmp(name, "celsius") == 0) {
		a->f.celsius = value;
		return;
	}
	if (strcmp(name, "v_init") == 0) {
		a->f.v_init = value;
		return;
	}
	if (at && strcmp(at, "@all") == 0) {
		c.section = copy("");
		c.name = format("%.*s", (int)(at - name), name);
	} else if (dot) {
		c.section = format("%.*s", (int)(dot - name), name);
		c.name = copy(dot + 1);
	}
	if (!c.name || !nrn_is_name(c.name))
		misuse("%s: neither 'section.parameter', 'parameter@all', "
		       "celsius nor v_init: '%s'",
		       where, name);
	c.where = copy(where);
	a->change = grow(a->change, &a->cap_changes, a->nchanges + 1,
			 sizeof *a->change);
	a->change[a->nchanges++] = c;
}

/* ---- Numbers of NEURON ---- */

static void
write_number(const struct draft *t, const char *name, double value)
{
	char text[32];

	if (isnan(value))
		return;
	out_num_text(value, text);
	fprintf(t->to, "\t%s = %s\n", name, text);
}

static void
write_globals(const struct allen *a, const struct draft *t)
{
	const struct fitfile_global *g = a->f.global;
	size_t i;

	write_number(t, "celsius", a->f.celsius);
	write_number(t, "Vinit", a->f.v_init);
	write_number(t, "v_init", a->f.v_init);
	for (i = 0; !a->without_globals && i < a->f.nglobals; i++)
		if (strcmp(g[i].name, "celsius") != 0 &&
		    strcmp(g[i].name, "v_init") != 0)
			write_number(t, g[i].name, g[i].value);
}

static void
write_biophysics(const struct allen *a, const struct draft *t)
{
	unsigned k;

	fprintf(t->to, "proc biophysics() {\n"
		       "\tforsec all nseg = 1 + 2 * int(L / 40)\n");
	for (k = 0; k < SWC_KINDS; k++)
		if (t->has[k])
			write_kind(a, t, k);
	write_globals(a, t);
	fprintf(t->to, "}\n");
}

/* ---- The template ---- */

static void
write_lists(const struct draft *t)
{
	const struct sections_of *s;
	size_t i;
	unsigned k;

	fprintf(t->to, "proc lists() { local i\n\tall = new SectionList()\n");
	for (k = 0; k < SWC_KINDS; k++)
		fprintf(t->to, "\t%s = new SectionList()\n", list_name[k]);
	for (i = 0; i < t->nmade; i++) {
		s = &t->made[i];
		fprintf(t->to,
			"\tfor i = 0, %d %s[i] {\n\t\tall.append()\n"
			"\t\t%s.append()\n\t}\n",
			s->n - 1, s->name, list_name[s->kind]);
	}
	fprintf(t->to, "}\n");
}

static void
write_names(const struct draft *t, const char *verb, bool with_size)
{
	size_t i;

	fprintf(t->to, "%s ", verb);
	for (i = 0; i < t->nmade; i++) {
		fprintf(t->to, "%s%s", i ? ", " : "", t->made[i].name);
		if (with_size)
			fprintf(t->to, "[%d]", t->made[i].n);
	}
	fprintf(t->to, "\n");
}

/* In a comment, a name of a file is to end no line. */
static void
write_file_name(const struct draft *t, const char *path)
{
	const char *slash = strrchr(path, '/'), *s;

	for (s = slash ? slash + 1 : path; *s; s++)
		putc(iscntrl((unsigned char)*s) ? '?' : *s, t->to);
}

static void
write_head(const struct allen *a, const struct draft *t)
{
	static const char *const axons[] = {"", "stub", "legacy", "bmtk",
					    "full"};

	fprintf(t->to, "// ");
	write_file_name(t, a->swc.path);
	fprintf(t->to, " with ");
	write_file_name(t, a->f.path);
	fprintf(t->to, ", axon: %s; by cell-import\n", axons[a->axon]);
	fprintf(t->to,
		"{load_file(\"stdrun.hoc\")}\n"
		"begintemplate %s\n",
		a->name);
	write_names(t, "public", false);
	fprintf(t->to,
		"public all, somatic, basal, apical, axonal%s\n"
		"external v_init\n"
		"objref all, somatic, basal, apical, axonal\n",
		isnan(a->f.v_init) ? "" : ", Vinit");
	write_names(t, "create", true);
}

static void
write_init(const struct allen *a, const struct draft *t)
{
	int i;

	fprintf(t->to, "proc init() {\n\tlists()\n");
	for (i = 0; i < t->nprocs; i++)
		fprintf(t->to, "\tpoints_%d()\n", i);
	fprintf(t->to, "%s\tbiophysics()\n%s}\nendtemplate %s\n",
		a->axon == ALLEN_FULL ? "" : "\treplace_axon()\n",
		a->nchanges ? "\tchange()\n" : "", a->name);
}

static FILE *
open_text(char **text, size_t *n)
{
	FILE *f = open_memstream(text, n);

	if (!f)
		die("memory:");
	return f;
}

/* What is set in a kind of section that is not there is left out, as AllenSDK
 * and BMTK do: a fit of an interneuron names "apic", too. */
static void
check_kinds(const struct allen *a, const struct draft *t)
{
	size_t i, n;
	unsigned k;

	for (k = 0; k < SWC_KINDS; k++) {
		for (n = i = 0; !t->has[k] && i < a->f.n; i++)
			n += a->f.setting[i].kind == k &&
			     strncmp(a->f.setting[i].where, "passive", 7) != 0;
		if (n > 0)
			warn("%s: no '%s', for which %s has %zu value%s: left "
			     "out",
			     a->swc.path, swc_kind_name[k], a->f.path, n,
			     n == 1 ? "" : "s");
		for (n = i = 0; t->has[k] && i < a->f.n; i++)
			n += a->f.setting[i].kind == k &&
			     strcmp(a->f.setting[i].name, "cm") == 0;
		if (t->has[k] && n == 0 && a->f.has_cm)
			die("%s: passive.cm: no cm for '%s', which %s has",
			    a->f.path, swc_kind_name[k], a->swc.path);
	}
	if (!t->has[SWC_SOMA])
		die("%s: no soma", a->swc.path);
}

static void
free_draft(struct draft *t)
{
	size_t i;

	for (i = 0; i < t->nmade; i++)
		free(t->made[i].name);
}

char *
allen_template(struct allen *a)
{
	struct draft t = {.nprocs = 0};
	char *points = NULL, *all = NULL;
	size_t n;

	t.to = open_text(&points, &n);
	write_points(a, &t);
	fclose(t.to);
	measure_axon(a, &t);
	if (a->axon != ALLEN_FULL) {
		t.made[t.nmade++] =
			(struct sections_of){copy("axon"), SWC_AXON, 2};
		t.has[SWC_AXON] = true;
	}
	check_kinds(a, &t);
	t.to = open_text(&all, &n);
	write_head(a, &t);
	fprintf(t.to, "%s", points);
	write_lists(&t);
	write_axon(a, &t);
	write_biophysics(a, &t);
	write_changes(a, &t);
	write_init(a, &t);
	if (fclose(t.to))
		die("memory:");
	free(points);
	free_draft(&t);
	import3d_done();
	return all;
}

/* ---- Before NEURON starts ---- */

/* "fits/472363762_fit.json" is "Cell_472363762". */
static char *
name_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *base;
	char *name, *s, *end;
	size_t n;

	base = slash ? slash + 1 : path;
	n = strcspn(base, ".");
	if (n > ALLEN_NAME_MAX - strlen("Cell_"))
		n = ALLEN_NAME_MAX - strlen("Cell_");
	name = format("Cell_%.*s", (int)n, base);
	for (s = name; *s; s++)
		if (!isalnum((unsigned char)*s))
			*s = '_';
	end = name + strlen(name);
	if (end - name > 9 && strcmp(end - 4, "_fit") == 0)
		end[-4] = '\0';
	return name;
}

static unsigned
axon_of(const struct allen *a)
{
	const struct fitfile *f = &a->f;

	if (f->axon && strcmp(f->axon, "stub") == 0)
		return ALLEN_STUB;
	if (f->axon && strcmp(f->axon, "truncated") == 0)
		return ALLEN_LEGACY;
	if (f->axon)
		die("%s: axon_type: neither stub nor truncated: '%s'", a->fit,
		    f->axon);
	if (!f->all_active)
		return ALLEN_STUB;
	warn("%s: an all-active cell, whose axon is replaced as in AllenSDK's "
	     "legacy models; one fitted with a stub wants --axon stub",
	     f->path);
	return ALLEN_LEGACY;
}

/* Those of NEURON that a fit has elsewhere, too. */
static void
take_globals(struct fitfile *f)
{
	size_t i;

	for (i = 0; i < f->nglobals; i++)
		if (strcmp(f->global[i].name, "celsius") == 0)
			f->celsius = f->global[i].value;
		else if (strcmp(f->global[i].name, "v_init") == 0)
			f->v_init = f->global[i].value;
}

/* Of real axons, pieces are traced that nothing holds. */
static void
check_pieces(const struct allen *a)
{
	const struct swc *s = &a->swc;

	if (s->npieces == 0)
		return;
	if (a->axon == ALLEN_FULL)
		die("%s:%zu: a second root, of axon that nothing holds: any "
		    "other --axon than full leaves it out",
		    s->path, s->piece);
	warn("%s:%zu: %zu piece%s of axon that nothing holds: left out",
	     s->path, s->piece, s->npieces, s->npieces == 1 ? "" : "s");
}

void
allen_read(struct allen *a)
{
	a->f = fitfile_read(a->fit);
	if (!a->without_globals)
		take_globals(&a->f);
	if (!a->morphology)
		a->morphology = a->f.morphology;
	if (!a->morphology)
		misuse("no morphology, which %s does not name either", a->fit);
	a->swc = swc_read(a->morphology);
	if (!a->name)
		a->name = name_of(a->f.path);
	if (a->axon == ALLEN_UNSAID)
		a->axon = axon_of(a);
	check_pieces(a);
}

/* ---- Mechanisms ---- */

static const char mechanisms[] =
	"objref bm_kinds, bm_standard\n"
	"strdef bm_kind\n"
	"bm_kinds = new MechanismType(0)\n"
	"proc bm_tell_kinds() { local i\n"
	" for i = 0, bm_kinds.count() - 1 {\n"
	"  bm_kinds.select(i)\n"
	"  bm_kinds.selected(bm_kind)\n"
	"  printf(\"%s\\n\", bm_kind)\n"
	" }\n"
	"}\n"
	"proc bm_tell_parameters() { local i\n"
	" bm_standard = new MechanismStandard($s1, 1)\n"
	" for i = 0, bm_standard.count() - 1 {\n"
	"  bm_standard.name(bm_kind, i)\n"
	"  printf(\"%s\\n\", bm_kind)\n"
	" }\n"
	"}\n";

static struct labels
lines_of(char *text)
{
	struct labels all = {0};
	char *line;

	while ((line = strsep(&text, "\n")))
		if (*line)
			label(&all, line);
	return all;
}

static void
check_parameter(const struct allen *a, const struct fitfile_setting *s)
{
	struct labels all =
		lines_of(nrn_print("bm_tell_parameters(\"%s\")", s->mechanism));
	char *list = NULL;
	size_t i;

	if (label_find(&all, s->name) == NO_LABEL) {
		for (i = 0; i < all.n; i++)
			list = join(list, all.name[i]);
		die("%s: %s: %s has no parameter '%s'; there are %s", a->f.path,
		    s->where, s->mechanism, s->name, list ? list : "none");
	}
	labels_free(&all);
}

/* An ion that a fit has a potential for may be used nowhere, but it is one. */
static void
check_ion(const struct allen *a, const struct fitfile_setting *s,
	  const struct labels *mechanisms_there)
{
	char *ion = format("%s_ion", s->name + 1);

	if (label_find(mechanisms_there, ion) == NO_LABEL)
		die("%s: %s: no mechanism has an ion '%s': '%s'", a->f.path,
		    s->where, s->name + 1, s->name);
	free(ion);
}

void
allen_check_mechanisms(const struct allen *a)
{
	const struct fitfile_setting *s = a->f.setting;
	struct labels all;
	size_t i;

	nrn_do("%s", mechanisms);
	all = lines_of(nrn_print("bm_tell_kinds()"));
	for (i = 0; i < a->f.n; i++)
		if (s[i].mechanism &&
		    label_find(&all, s[i].mechanism) == NO_LABEL)
			die("%s: no such mechanism: %s.mod is wanted in "
			    "--mechanisms",
			    s[i].mechanism, s[i].mechanism);
	for (i = 0; i < a->f.n; i++)
		if (s[i].mechanism)
			check_parameter(a, &s[i]);
		else if (s[i].is_erev)
			check_ion(a, &s[i], &all);
	for (i = 0; !a->without_globals && i < a->f.nglobals; i++)
		if (!nrn_try("{hoc_ac_ = %s}", a->f.global[i].name))
			die("%s: %s: no such global variable: '%s'", a->f.path,
			    a->f.global[i].where, a->f.global[i].name);
	labels_free(&all);
}
