#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/nrn.h"
#include "cell/sections.h"
#include "labels.h"
#include "opt.h"
#include "out.h"

/* What name_declared() returns for numbers. */
#define HOC_NUMBER 5

static struct section *sections;
static size_t n_sections, m_sections;

/* Is there hoc that prints the parameters of section $1: mechanism, name and
 * value? */
static bool has_printer;

static const char lister[] =
	"strdef bm_parent\n"
	"proc bm_list() { local i, a, x\n"
	" for i = 0, bm_section.count() - 1 {\n"
	"  bm_parent = \"\"\n"
	"  if (bm_section.o(i).has_parent())"
	" bm_section.o(i).parent bm_parent = secname()\n"
	"  bm_section.o(i).sec {\n"
	"   a = 0\n"
	"   for (x, 0) a += area(x)\n"
	"   printf(\"%s\\t%s\\t%d\\t%.17g\\t%.17g\\t%.17g\\n\","
	" secname(), bm_parent, nseg, L, diam(0.5), a)\n"
	"  }\n"
	" }\n"
	"}\n";

size_t
sections_count(void)
{
	return n_sections;
}

const struct section *
section(size_t i)
{
	return &sections[i];
}

bool
sections_have_one_root(void)
{
	size_t i, n = 0;

	for (i = 0; i < n_sections; i++)
		n += sections[i].parent < 0;
	return n == 1;
}

/* The next line of *text, split at its tabs into n fields; false at the end.
 */
static bool
next_fields(char **text, char **field, size_t n)
{
	char *line;
	size_t i;

	do
		line = strsep(text, "\n");
	while (line && !*line);
	for (i = 0; line && i < n; i++)
		if (!(field[i] = strsep(&line, "\t")))
			die("NEURON: cannot list the sections");
	return i == n;
}

/* The name of the object that owns all sections, with its dot; "" if there is
 * none, or several. */
static char *
common_owner(void)
{
	const char *dot = n_sections ? strchr(sections[0].name, '.') : NULL;
	size_t i, n = dot ? (size_t)(dot + 1 - sections[0].name) : 0;

	for (i = 0; i < n_sections; i++)
		if (strncmp(sections[0].name, sections[i].name, n) != 0)
			n = 0;
	return format("%.*s", (int)n, n ? sections[0].name : "");
}

static void
drop_owner(void)
{
	char *owner = common_owner();
	size_t i, n = strlen(owner);

	for (i = 0; n > 0 && i < n_sections; i++)
		memmove(sections[i].name, sections[i].name + n,
			strlen(sections[i].name + n) + 1);
	free(owner);
}

static void
take_section(char **field, const char *const *own)
{
	struct section *s;
	size_t k, n = 0;

	sections =
		grow(sections, &m_sections, n_sections + 1, sizeof *sections);
	s = &sections[n_sections++];
	s->cell = 0;
	for (k = 0; own[k] && n == 0; k++)
		if (strncmp(field[0], own[k], strlen(own[k])) == 0) {
			n = strlen(own[k]);
			s->cell = k;
		}
	s->name = copy(field[0] + n);
	s->parent = -1;
	s->nseg = (int)strtol(field[2], NULL, 10);
	s->length = strtod(field[3], NULL);
	s->diam = strtod(field[4], NULL);
	s->area = strtod(field[5], NULL);
}

void
sections_read(const char *const *own)
{
	struct labels names = {0};
	char *all, *text, *field[6], **parent = NULL;
	size_t i, cap = 0;
	uint32_t k;

	nrn_define(lister);
	text = all = copy(nrn_print("bm_list()"));
	for (i = 0; i < n_sections; i++)
		free(sections[i].name);
	n_sections = 0;
	while (next_fields(&text, field, LEN(field))) {
		label(&names, field[0]);
		parent = grow(parent, &cap, n_sections + 1, sizeof *parent);
		parent[n_sections] = field[1];
		take_section(field, own);
	}
	for (i = 0; parent && i < n_sections; i++) {
		k = label_find(&names, parent[i]);
		sections[i].parent = k == NO_LABEL ? -1 : (int)k;
	}
	if (!own[0])
		drop_owner();
	free(parent);
	free(all);
	labels_free(&names);
}

/* Is this the name of a section, or of the array it is in? */
static bool
is_called(size_t i, const char *name, size_t n)
{
	const char *own = sections[i].name;

	return strncmp(own, name, n) == 0 && (own[n] == '\0' || own[n] == '[');
}

bool
sections_have(const char *name, size_t n)
{
	size_t i = 0;

	while (i < n_sections && !is_called(i, name, n))
		i++;
	return i < n_sections;
}

/* Those of two cells may have the same names. */
static _Noreturn void
list_sections(const char *where, const char *text)
{
	struct labels names = {0};
	char *all = NULL;
	size_t i;

	for (i = 0; i < n_sections; i++) {
		if (label_find(&names, sections[i].name) != NO_LABEL)
			continue;
		label(&names, sections[i].name);
		all = join(all, sections[i].name);
	}
	misuse("%s: no section '%s'; there are: %s", where, text, all);
}

static bool
is_soma(size_t i)
{
	return strcmp(sections[i].name, "soma") == 0 ||
	       strcmp(sections[i].name, "soma[0]") == 0;
}

/* The root of a cell.  Which of several is meant cannot be guessed, even if
 * one is called soma. */
static size_t
only_root(const char *option, size_t cell)
{
	char *all = NULL;
	size_t i, root = 0, n = 0;

	for (i = 0; i < n_sections; i++) {
		if (sections[i].parent >= 0 || sections[i].cell != cell)
			continue;
		all = join(all, sections[i].name);
		root = i;
		n++;
	}
	if (n > 1)
		misuse("--%s names the site where there are several root "
		       "sections: %s",
		       option, all);
	free(all);
	return root;
}

static struct section_site
default_site(const char *option, size_t cell)
{
	struct section_site s = {.x = 0.5};
	size_t root = only_root(option, cell);
	static bool said;

	while (s.section < n_sections &&
	       !(is_soma(s.section) && sections[s.section].cell == cell))
		s.section++;
	if (s.section == n_sections) {
		s.section = root;
		if (!said)
			warn("no soma: the root section, %s, is taken for it",
			     sections[s.section].name);
		said = true;
	}
	s.name = format("%s(0.5)", sections[s.section].name);
	return s;
}

struct section_site
section_find_site(const char *option, const char *text)
{
	return section_find_site_in(0, option, text);
}

struct section_site
section_find_site_in(size_t cell, const char *option, const char *text)
{
	struct section_site s = {.x = 0.5};
	const char *open;
	char *x, number[32];
	size_t n;

	if (!text)
		return default_site(option, cell);
	open = strchr(text, '(');
	n = open ? (size_t)(open - text) : strlen(text);
	if (open) {
		x = copy(open + 1);
		if (!*x || x[strlen(x) - 1] != ')')
			misuse("--%s: not 'section(x)': '%s'", option, text);
		x[strlen(x) - 1] = '\0';
		if (!parse_num(x, &s.x) || !(s.x >= 0 && s.x <= 1))
			misuse("--%s: not from 0 to 1: '%s'", option, text);
		free(x);
	}
	while (s.section < n_sections && !(sections[s.section].cell == cell &&
					   is_called(s.section, text, n)))
		s.section++;
	if (s.section == n_sections)
		list_sections(format("--%s", option),
			      format("%.*s", (int)n, text));
	out_num_text(s.x, number);
	s.name = format("%s(%s)", sections[s.section].name, number);
	return s;
}

/* The parameters of a mechanism are the same in all sections, so that one
 * procedure can be written that prints those of any.  Each element of an array
 * is listed. */
static const char mechanism_lister[] =
	"objref bm_type, bm_standard\n"
	"strdef bm_mechanism, bm_name\n"
	"proc bm_mechanisms() { local i, j, n\n"
	" bm_type = new MechanismType(0)\n"
	" for i = 0, bm_type.count() - 1 {\n"
	"  bm_type.select(i)\n"
	"  bm_type.selected(bm_mechanism)\n"
	"  bm_standard = new MechanismStandard(bm_mechanism, 1)\n"
	"  printf(\"%s\\t\\t0\\n\", bm_mechanism)\n"
	"  for j = 0, bm_standard.count() - 1 {\n"
	"   n = bm_standard.name(bm_name, j)\n"
	"   printf(\"%s\\t%s\\t%d\\n\", bm_mechanism, bm_name, n)\n"
	"  }\n"
	" }\n"
	"}\n";

static void
append(char **text, const char *more)
{
	char *longer = format("%s%s", *text, more);

	free(*text);
	*text = longer;
}

static void
print_one(char **code, const char *mechanism, const char *name)
{
	char *line = format("  printf(\"%s\\t%s\\t%%.17g\\n\", %s(0.5))\n",
			    mechanism, name, name);

	append(code, line);
	free(line);
}

/* The concentrations and the reversal potential of an ion "na_ion". */
static void
print_ion(char **code, const char *mechanism)
{
	int n = (int)strlen(mechanism) - (int)strlen("_ion");
	size_t i;

	for (i = 0; i < 3; i++) {
		char *name = i == 0 ? format("e%.*s", n, mechanism)
				    : format("%.*s%c", n, mechanism,
					     i == 1 ? 'i' : 'o');

		print_one(code, mechanism, name);
		free(name);
	}
}

bool
section_is_ion(const char *mechanism)
{
	size_t n = strlen(mechanism);

	return n > 4 && strcmp(mechanism + n - 4, "_ion") == 0;
}

static void
print_parameter(char **code, char **field)
{
	long i, n = strtol(field[2], NULL, 10);

	if (section_is_ion(field[0]))
		return;
	if (n == 1)
		print_one(code, field[0], field[1]);
	for (i = 0; n > 1 && i < n; i++) {
		char *name = format("%s[%ld]", field[1], i);

		print_one(code, field[0], name);
		free(name);
	}
}

/* Morphology and capacitance are always there; other mechanisms are inserted.
 */
static void
begin_mechanism(char **code, const char *name)
{
	bool always = strcmp(name, "morphology") == 0 ||
		      strcmp(name, "capacitance") == 0;
	char *line =
		format(" }\n if (%s%s%s) {\n", always ? "1" : "ismembrane(\"",
		       always ? "" : name, always ? "" : "\")");

	append(code, line);
	free(line);
	if (section_is_ion(name))
		print_ion(code, name);
}

static void
define_printer(void)
{
	char *all, *text, *field[3], *code;

	nrn_define(mechanism_lister);
	text = all = copy(nrn_print("bm_mechanisms()"));
	code = copy("proc bm_parameters() { bm_section.o($1).sec {\n {\n"
		    "  printf(\"section\\tL\\t%.17g\\n\", L)\n"
		    "  printf(\"section\\tRa\\t%.17g\\n\", Ra)\n"
		    "  printf(\"section\\tnseg\\t%.17g\\n\", nseg)\n");
	while (next_fields(&text, field, LEN(field)))
		if (*field[1])
			print_parameter(&code, field);
		else
			begin_mechanism(&code, field[0]);
	append(&code, " }\n} }\n");
	nrn_define(code);
	free(code);
	free(all);
	has_printer = true;
}

struct section_parameter *
section_read_parameters(size_t section_number, size_t *n)
{
	struct section_parameter *p = NULL;
	char *all, *text, *field[3];
	size_t cap = 0;

	if (!has_printer)
		define_printer();
	text = all = copy(nrn_print("bm_parameters(%zu)", section_number));
	for (*n = 0; next_fields(&text, field, LEN(field)); ++*n) {
		p = grow(p, &cap, *n + 1, sizeof *p);
		p[*n] = (struct section_parameter){
			copy(field[0]), copy(field[1]), strtod(field[2], NULL)};
	}
	free(all);
	return p;
}

void
section_free_parameters(struct section_parameter *p, size_t n)
{
	while (n-- > 0) {
		free(p[n].mechanism);
		free(p[n].name);
	}
	free(p);
}

static bool
has_parameter(const struct section_parameter *p, size_t n, const char *name)
{
	while (n > 0 && strcmp(p[n - 1].name, name) != 0)
		n--;
	return n > 0;
}

/* In hoc, numbers of a section are numbers, too: those of the section hoc is
 * in. */
static bool
is_of_a_section(const char *name)
{
	static const char *const names[] = {"L",    "Ra", "nseg",
					    "diam", "cm", "v"};
	size_t i = 0;

	while (i < LEN(names) && strcmp(names[i], name) != 0)
		i++;
	return i < LEN(names);
}

static void
check_global(const char *where, const char *name)
{
	if (!nrn_is_name(name) || is_of_a_section(name) ||
	    nrn_number("name_declared(\"%s\")", name) != HOC_NUMBER)
		misuse("%s: neither 'section.parameter' nor a number of "
		       "NEURON's: '%s'",
		       where, name);
}

static void
set_in_section(size_t i, const char *name, double value)
{
	bool above = strcmp(name, "L") == 0 || strcmp(name, "diam") == 0 ||
		     strcmp(name, "Ra") == 0;

	if (strcmp(name, "nseg") == 0 &&
	    !(value >= 1 && value <= 32767 && value == floor(value)))
		die("%s: nseg is not a number from 1 to 32767: %g",
		    sections[i].name, value);
	if ((above && value <= 0) || (strcmp(name, "cm") == 0 && value < 0))
		die("%s: %s cannot be %g", sections[i].name, name, value);
	nrn_do("bm_section.o(%zu).sec %s = %.17g", i, name, value);
}

/* What was set, to be checked when the cell has begun. */
static struct set {
	char *where, *name;
	size_t section;
	double value;
} * sets;
static size_t nsets, msets;

static void
remember(const char *where, size_t i, const char *name, double value)
{
	size_t k;

	for (k = 0; k < nsets; k++)
		if (sets[k].section == i && strcmp(sets[k].name, name) == 0)
			break;
	if (k == nsets) {
		sets = grow(sets, &msets, ++nsets, sizeof *sets);
		sets[k] = (struct set){copy(where), copy(name), i, value};
	}
	sets[k].value = value;
}

void
section_check_parameters(void)
{
	size_t k;

	for (k = 0; k < nsets; k++) {
		const struct set *s = &sets[k];
		double v;

		nrn_do("bm_section.o(%zu).sec hoc_ac_ = %s", s->section,
		       s->name);
		v = nrn_number("hoc_ac_");
		if (fabs(v - s->value) > 1e-9 * fabs(s->value))
			warn("%s: %s.%s=%g: the model begins with %g", s->where,
			     sections[s->section].name, s->name, s->value, v);
	}
	nsets = 0;
}

static bool
is_there(size_t i, const char *name)
{
	size_t n;
	struct section_parameter *p = section_read_parameters(i, &n);
	bool there = has_parameter(p, n, name);

	section_free_parameters(p, n);
	return there;
}

/* What is in any section, for NAME@all. */
static _Noreturn void
list_everywhere(const char *where, const char *name)
{
	struct section_parameter *p;
	struct labels names = {0};
	char *all = NULL;
	size_t i, k, n;

	for (i = 0; i < n_sections; i++) {
		p = section_read_parameters(i, &n);
		for (k = 0; k < n; k++)
			if (label_find(&names, p[k].name) == NO_LABEL) {
				label(&names, p[k].name);
				all = join(all, p[k].name);
			}
		section_free_parameters(p, n);
	}
	misuse("%s: no '%s' in any section; there are: %s", where, name, all);
}

static _Noreturn void
list_parameters(const char *where, const char *name, size_t in)
{
	struct section_parameter *p;
	char *all = NULL;
	size_t k, n;

	p = section_read_parameters(in, &n);
	for (k = 0; k < n; k++)
		all = join(all, p[k].name);
	misuse("%s: no '%s' in %s; there are: %s", where, name,
	       sections[in].name, all);
}

/* Of the sections that are called so, or of all if that is NULL, those that
 * have the parameter. */
static size_t *
find_in_sections(const char *where, const char *called, const char *name,
		 size_t *n)
{
	size_t i, found = 0, last = 0, *in = zeros(n_sections, sizeof *in);

	for (*n = i = 0; i < n_sections; i++) {
		if (called && !is_called(i, called, strlen(called)))
			continue;
		found++;
		last = i;
		if (is_there(i, name))
			in[(*n)++] = i;
	}
	if (found == 0)
		list_sections(where, called);
	if (*n == 0 && called)
		list_parameters(where, name, last);
	if (*n == 0)
		list_everywhere(where, name);
	return in;
}

size_t *
section_find_parameter(const char *where, const char *name, char **bare,
		       size_t *n)
{
	const char *dot = strrchr(name, '.'), *at = strrchr(name, '@');
	char *called = NULL;
	size_t *in = NULL;

	*n = 0;
	if (at && strcmp(at, "@all") == 0) {
		*bare = format("%.*s", (int)(at - name), name);
	} else if (dot) {
		called = format("%.*s", (int)(dot - name), name);
		*bare = copy(dot + 1);
	} else {
		check_global(where, name);
		*bare = copy(name);
		return NULL;
	}
	in = find_in_sections(where, called, *bare, n);
	free(called);
	return in;
}

void
section_set_parameter(const char *where, const char *name, double value)
{
	size_t k, n, *in;
	char *bare;

	if (!isfinite(value))
		misuse("%s: not a finite number: '%s'", where, name);
	in = section_find_parameter(where, name, &bare, &n);
	if (!in)
		nrn_do("%s = %.17g", name, value);
	for (k = 0; in && k < n; k++) {
		set_in_section(in[k], bare, value);
		remember(where, in[k], bare, value);
	}
	free(bare);
	free(in);
}
