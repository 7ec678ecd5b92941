/* cell-impedance -- write the impedance of a cell at rest
 *
 * What an electrode's chirp does to a cell is linear only if it is small: this
 * is the limit, which NEURON computes from the derivatives of the cell's
 * equations. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/chirp.h"
#include "cell/nrn.h"
#include "cell/protocol.h"
#include "cell/recording.h"
#include "out.h"
#include "progress.h"
#include "rows.h"

static const char *frequency_file;

static const struct opt opts[] = {
	OPT_STR(0, "frequencies", "file", &frequency_file,
		"the frequency_Hz of a table, not those of a chirp"),
	OPT_TABLE(chirp_opts),
	OPT_TABLE(protocol_opts),
	OPT_TABLE(model_opts),
	OPT_TABLE(out_opts),
	OPT_NOT_WITH("frequencies", "band dur tstop every"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "compute the impedance of a cell at rest",
	.operands = "",
	.opts = opts,
};

static struct chirp chirp = {.low = 0.5, .high = 50};

/* ---- Frequencies ---- */

struct frequencies {
	double *f; /* Hz */
	size_t n, cap;
};

static void
add_frequency(struct frequencies *a, double f)
{
	a->f = grow(a->f, &a->cap, a->n + 1, sizeof *a->f);
	a->f[a->n++] = f;
}

static void
read_frequencies(struct frequencies *a)
{
	struct rows in;
	size_t column;
	double f;

	rows_open(&in, frequency_file);
	column = rows_column(&in, "frequency_Hz");
	while (rows_next(&in)) {
		f = rows_num(&in, column);
		if (!(f >= 0 && f < INFINITY))
			rows_bad(&in, column, "not a frequency");
		add_frequency(a, f);
	}
	rows_close(&in);
}

/* Add the frequencies at which zap-impedance finds it from the trace: whole
 * numbers of periods in the time from the first sample of the chirp to the
 * last. */
static void
choose_frequencies(struct frequencies *a)
{
	size_t stride = recording_stride(), samples, low, high;
	double spacing;

	samples = chirp.n / stride - chirp.first / stride;
	spacing = 1e3 / (model_dt() * (double)stride * (double)samples);
	low = (size_t)fmax(ceil(chirp.low / spacing - 1e-9), 1);
	high = (size_t)floor(chirp.high / spacing + 1e-9);
	if (low > high)
		chirp_bad_band(&chirp,
			       "the frequencies of a trace of this length are "
			       "multiples of",
			       spacing);
	for (; low <= high; low++)
		add_frequency(a, (double)low * spacing);
}

/* ---- NEURON's Impedance ---- */

/* Impedance takes differences for derivatives, in which a voltage (in mV) or a
 * state differs by deltafac.  Its default of 1e-3 is much where m of a sodium
 * channel is 0.009, as in the demo's fast-spiking cell, whose impedance it
 * makes 0.2 % too large; with 1e-7 the impedance equals that of a step of 0.1
 * pA to 1e-6. */
static const char procedures[] =
	"objref bm_impedance, bm_densities, bm_linear\n"
	"strdef bm_density\n"
	"bm_impedance = new Impedance()\n"
	"{bm_impedance.deltafac(1e-7)}\n"
	"proc bm_transfer() {\n"
	" bm_section.o($1).sec {\n"
	"  bm_size = bm_impedance.transfer($2)\n"
	"  bm_phase = bm_impedance.transfer_phase($2)\n"
	" }\n"
	"}\n"
	"proc bm_tell_mechanisms() { local i\n"
	" bm_densities = new MechanismType(0)\n"
	" for i = 0, bm_densities.count() - 1 {\n"
	"  bm_densities.select(i)\n"
	"  bm_densities.selected(bm_density)\n"
	"  printf(\"%s\\n\", bm_density)\n"
	" }\n"
	"}\n"
	"func bm_written() { local i, n\n"
	" n = 0\n"
	" for i = 0, bm_section.count() - 1 bm_section.o(i).sec {\n"
	"  if (ismembrane($s1)) n += ion_style($s1) % 4 == 3\n"
	" }\n"
	" return n\n"
	"}\n"
	"bm_linear = new List(\"LinearMechanism\")\n";

/* Report what Impedance leaves out silently.  It treats each mechanism by
 * itself, so that the effect of a current on a concentration, and of that on
 * another current, is missing; and of a LinearMechanism it considers only the
 * equations that belong to no segment. */
static void
check_model(void)
{
	char *all, *rest, *name;

	if (nrn_number("bm_linear.count()") > 0)
		die("NEURON's Impedance cannot take a LinearMechanism in");
	rest = all = copy(nrn_print("bm_tell_mechanisms()"));
	while ((name = strsep(&rest, "\n"))) {
		if (section_is_ion(name) &&
		    nrn_number("bm_written(\"%s\")", name) > 0)
			warn("concentrations of %.*s are taken to be constant",
			     (int)(strlen(name) - strlen("_ion")), name);
	}
	free(all);
}

static void
write_header(void)
{
	const char **name = zeros(2 * protocol_nsites() + 2, sizeof *name);
	size_t i, k = 0;

	name[k++] = "frequency_Hz";
	name[k++] = "impedance_MOhm";
	name[k++] = "phase_rad";
	for (i = 1; i < protocol_nsites(); i++) {
		name[k++] = format("impedance_MOhm.%s", protocol_site(i)->name);
		name[k++] = format("phase_rad.%s", protocol_site(i)->name);
	}
	out_names(name);
	free(name);
}

/* With 1, compute() lets the states of channels follow the voltage. */
static void
write_at(double f)
{
	size_t i;

	nrn_do("{bm_impedance.compute(%.17g, 1)}", f);
	out_num(f);
	for (i = 0; i < protocol_nsites(); i++) {
		nrn_do("bm_transfer(%zu, %.17g)", protocol_site(i)->section,
		       protocol_site(i)->x);
		out_num(nrn_number("bm_size"));
		out_num(nrn_number("bm_phase"));
	}
	out_end();
}

/* Nothing is written before it is certain that NEURON can do it. */
static void
open_impedance(void)
{
	nrn_do("%s", procedures);
	check_model();
	nrn_do("bm_section.o(%zu).sec {bm_impedance.loc(%.17g)}\n"
	       "{bm_impedance.compute(1, 1)}",
	       protocol_electrode()->section, protocol_electrode()->x);
}

static void
write_all(void)
{
	struct frequencies all = {0};
	size_t i;

	if (frequency_file)
		read_frequencies(&all);
	else
		choose_frequencies(&all);
	protocol_run(chirp.first);
	open_impedance();
	write_header();
	progress_begin("frequencies", all.n);
	for (i = 0; i < all.n; i++) {
		write_at(all.f[i]);
		progress(i + 1);
	}
	chirp_check_rest(&chirp, "before the impedance is computed");
	free(all.f);
}

int
main(int argc, char **argv)
{
	start(argc, argv, &tool);
	chirp_band(&chirp);
	model_build();
	protocol_open();
	chirp_start(&chirp);
	write_all();
	out_close();
	return WORKED;
}
