/* NEURON has no way to call a mechanism alone: it takes a step with all there
 * is.  fmatrix() is the right side of the equation for the voltage, which is
 * the current to the last bit. */
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell/clamp.h"
#include "cell/nrn.h"
#include "cell/sections.h"
#include "cell/variables.h"
#include "util.h"

/* In uF/cm2: a volt is less than the last bit of the voltage for any current.
 */
#define CAPACITANCE 1e20

struct variables {
	char **name;
	size_t n, cap;
};

static struct variables states, ions;
static double *state, *ion;
static char *fault;

static void
add_name(struct variables *a, char *name)
{
	a->name = grow(a->name, &a->cap, a->n + 1, sizeof *a->name);
	a->name[a->n++] = name;
}

/* Take the mechanism's name off, which stands before the brackets. */
static void
shorten(char *name, const char *mechanism)
{
	size_t n = strcspn(name, "["), len = strlen(mechanism);

	if (n > len + 1 && name[n - len - 1] == '_' &&
	    strncmp(name + n - len, mechanism, len) == 0)
		memmove(name + n - len - 1, name + n, strlen(name + n) + 1);
}

char **
clamp_names(const char *mechanism, size_t *n)
{
	char **name = variables_of(mechanism, VARIABLES_STATE, n);
	size_t i;

	for (i = 0; i < *n; i++)
		shorten(name[i], mechanism);
	return name;
}

/* Run statements, unless something has gone wrong. */
static void run(const char *fmt, ...) PRINTF(1, 2);

static void
run(const char *fmt, ...)
{
	va_list ap;
	char *text;

	if (fault)
		return;
	va_start(ap, fmt);
	text = vformat(fmt, ap);
	va_end(ap);
	fault = nrn_fault("%s", text);
	free(text);
	if (fault && strstr(fault, "Segmentation"))
		fault = copy("it crashes: is there a POINTER in it, which "
			     "nothing sets here?");
}

/* Print the ions that the compartment has. */
static const char ion_lister[] =
	"objref bm_types\n"
	"proc bm_ions() { local i\n"
	" bm_types = new MechanismType(0)\n"
	" for i = 0, bm_types.count() - 1 {\n"
	"  bm_types.select(i)\n"
	"  bm_types.selected(bm_variable)\n"
	"  if (ismembrane(bm_variable)) printf(\"%s\\n\", bm_variable)\n"
	" }\n"
	"}\n";

/* An ion is a parameter in all of it: nothing else sets it, and no reversal
 * potential is computed. */
static void
take_ions(void)
{
	char *all, *rest, *line;

	nrn_do("%s", ion_lister);
	rest = all = copy(nrn_print("bm_ions()"));
	while ((line = strsep(&rest, "\n"))) {
		int n = (int)strlen(line) - (int)strlen("_ion");

		if (!section_is_ion(line))
			continue;
		add_name(&ions, format("e%.*s", n, line));
		add_name(&ions, format("%.*si", n, line));
		add_name(&ions, format("%.*so", n, line));
		run("{ion_style(\"%s\", 1, 1, 0, 0, 0)}", line);
	}
	free(all);
}

static void
write_line(FILE *f, const char *to, const char *from, size_t i, bool put)
{
	if (put)
		fprintf(f, " %s(0.5) = %s.x[%zu]\n", to, from, i);
	else
		fprintf(f, " %s.x[%zu] = %s(0.5)\n", from, i, to);
}

static void
write_procedure(FILE *f, const char *name, const struct variables *a,
		const char *vector, bool put)
{
	size_t i;

	fprintf(f, "proc %s() {\n", name);
	for (i = 0; i < a->n; i++)
		write_line(f, a->name[i], vector, i, put);
	fprintf(f, "}\n");
}

/* The voltage stands at both ends of a compartment, too. */
static const char procedures[] = "proc bm_hold() {\n"
				 " v(0) = $1\n"
				 " v(0.5) = $1\n"
				 " v(1) = $1\n"
				 " bm_put_ions()\n"
				 "}\n"
				 "proc bm_begin() {\n"
				 " bm_mV = $1\n"
				 " dt = $2\n"
				 " bm_hold($1)\n"
				 " finitialize($1)\n"
				 " bm_hold($1)\n"
				 " bm_get_states()\n"
				 "}\n"
				 "proc bm_step() {\n"
				 " t = 0\n"
				 " bm_hold(bm_mV)\n"
				 " bm_put_states()\n"
				 " fadvance()\n"
				 " bm_get_states()\n"
				 "}\n"
				 "func bm_current() { local i\n"
				 " bm_hold($1)\n"
				 " bm_put_states()\n"
				 " fcurrent()\n"
				 " i = -fmatrix(0.5, 4)\n"
				 " bm_hold(bm_mV)\n"
				 " return i\n"
				 "}\n";

static void
define_procedures(void)
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		die("out of memory");
	fprintf(f,
		"objref bm_states, bm_held\nbm_mV = 0\n"
		"bm_states = new Vector(%zu)\nbm_held = new Vector(%zu)\n",
		states.n, ions.n);
	write_procedure(f, "bm_put_states", &states, "bm_states", true);
	write_procedure(f, "bm_get_states", &states, "bm_states", false);
	write_procedure(f, "bm_put_ions", &ions, "bm_held", true);
	fputs(procedures, f);
	if (fclose(f))
		die("out of memory");
	run("%s", text);
	free(text);
}

/* The compartment is as long and as thick as the segment: diffusion depends on
 * it. */
static void
make_compartment(const char *mechanism, size_t section, double x)
{
	run("bm_standard = new MechanismStandard(\"%s\", %d)\n"
	    "bm_section.o(%zu).sec bm_standard.in(%.17g)\n"
	    "bm_section.o(%zu).sec bm_length = L / nseg\n"
	    "bm_section.o(%zu).sec bm_diam = diam(%.17g)",
	    mechanism, VARIABLES_ALL, section, x, section, section, x);
	run("create bm_clamp\naccess bm_clamp\n"
	    "bm_clamp { nseg = 1  L = bm_length  diam = bm_diam  cm = %g\n"
	    " insert %s\n}\nbm_standard.out()",
	    CAPACITANCE, mechanism);
}

/* What a mechanism itself prints in one of so many steps is not for anyone. */
static void
silence(void)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
		die("/dev/null:");
}

static double
count(const char *kind)
{
	nrn_do("objref bm_objects\nbm_objects = new List(\"%s\")", kind);
	return nrn_number("bm_objects.count()");
}

/* What the model calls when it begins may need the cell, and NEURON crashes
 * where a NetCon has lost its target: then the cell stays, and only costs time.
 */
static void
take_cell_away(void)
{
	if (count("FInitializeHandler") > 0 || count("NetCon") > 0)
		return;
	run("proc bm_alone() {\n"
	    " forall {\n"
	    "  sectionname(bm_variable)\n"
	    "  if (strcmp(bm_variable, \"bm_clamp\")) delete_section()\n"
	    " }\n"
	    "}\nbm_alone()");
}

void
clamp_open(const char *mechanism, size_t section, double x, bool alone)
{
	size_t i;

	states.name = variables_of(mechanism, VARIABLES_STATE, &states.n);
	silence();
	if (alone)
		run("proc bm_only() { local i\n"
		    " for i = 0, bm_section.count() - 1 if (i != $1)"
		    " bm_section.o(i).sec delete_section()\n"
		    "}\nbm_only(%zu)",
		    section);
	run("{cvode_active(0)}\nsecondorder = 0");
	run("stdinit()");
	make_compartment(mechanism, section, x);
	if (fault)
		return;
	take_ions();
	define_procedures();
	if (fault)
		return;
	nrn_vector(&state, "bm_states");
	nrn_vector(&ion, "bm_held");
	for (i = 0; i < ions.n; i++) {
		nrn_do("bm_section.o(%zu).sec hoc_ac_ = %s(%.17g)", section,
		       ions.name[i], x);
		ion[i] = nrn_number("hoc_ac_");
	}
	take_cell_away();
}

double *
clamp_states(void)
{
	return state;
}

const char *const *
clamp_ions(size_t *n, double **value)
{
	*n = ions.n;
	*value = ion;
	return (const char *const *)ions.name;
}

void
clamp_begin(double mV, double dt)
{
	run("bm_begin(%.17g, %.17g)", mV, dt);
}

/* A mechanism that fails from some states, as where it does not converge, may
 * do from others. */
void
clamp_step(void)
{
	size_t i;

	if (!fault && nrn_try("bm_step()"))
		return;
	for (i = 0; state && i < states.n; i++)
		state[i] = NAN;
}

double
clamp_current(double mV)
{
	if (fault || !nrn_try("hoc_ac_ = bm_current(%.17g)", mV))
		return NAN;
	return nrn_number("hoc_ac_");
}

const char *
clamp_fault(void)
{
	return fault;
}
