/* cell-zap -- inject a chirp into a cell, whose impedance it shows
 *
 * The current that leads to a sample is the chirp at the time of that sample:
 * this is when backward Euler, NEURON's method, has the currents of a step, and
 * the table says the chirp at its times.  What an electrode's chirp does to a
 * cell is linear only if it is small; --exact asks NEURON for the limit. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/nrn.h"
#include "cell/protocol.h"
#include "cell/recording.h"
#include "out.h"
#include "progress.h"
#include "rows.h"

/* Voltage that moves by more than this in the last time before the chirp adds
 * a percent to the impedance at 0.5 Hz (20 pA, 100 MOhm, a drift of 0.5 s). */
#define DRIFT 0.1 /* mV */
#define LAST 100  /* ms */

#define MAX_AMP 1e9 /* pA: 1 mA */

static const char *band_text, *frequency_file;
static double amp = 20, hold, delay = 1000, dur = 15000;
static bool linear, exact;

static const struct opt opts[] = {
	OPT_NUM(0, "amp", "pA", &amp, "amplitude of the chirp (20)"),
	OPT_STR(0, "band", "low:high", &band_text,
		"its frequencies in Hz (0.5:50; linear 0:15)"),
	OPT_FLAG(0, "linear", &linear,
		 "let the frequency grow linearly, not exponentially"),
	OPT_NUM(0, "delay", "ms", &delay, "time before the chirp (1000)"),
	OPT_NUM(0, "dur", "ms", &dur, "length of the chirp (15000)"),
	OPT_TABLE(recording_opts),
	OPT_NUM(0, "hold", "pA", &hold, "a constant current besides (0)"),
	OPT_FLAG(0, "exact", &exact,
		 "write NEURON's impedance of the cell at rest"),
	OPT_STR(0, "frequencies", "file", &frequency_file,
		"those of --exact, a table of frequency_Hz"),
	OPT_TABLE(protocol_opts),
	OPT_TABLE(model_opts),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "inject a chirp into a cell, or compute its impedance",
	.operands = "",
	.opts = opts,
};

/* In steps: the chirp leads to the samples after first, up to and with end;
 * the last sample is n. */
static size_t first, end, n;
static double band[2]; /* Hz */

static void
read_band(void)
{
	char *s, *colon;

	if (!band_text)
		band_text = linear ? "0:15" : "0.5:50";
	s = copy(band_text);
	colon = strchr(s, ':');
	if (colon)
		*colon = '\0';
	if (!colon || !parse_num(s, &band[0]) ||
	    !parse_num(colon + 1, &band[1]) ||
	    !(band[0] >= 0 && band[1] > band[0] && band[1] < INFINITY))
		misuse("--band: not two frequencies as in 0.5:50: '%s'",
		       band_text);
	if (band[0] == 0 && !linear)
		misuse("--band: only a chirp that is --linear can begin at "
		       "0 Hz: '%s'",
		       band_text);
	free(s);
}

static void
check_options(void)
{
	read_band();
	if (!(fabs(amp) > 0 && fabs(amp) <= MAX_AMP))
		misuse("--amp: not an amplitude in pA: %g", amp);
	if (!(fabs(hold) <= MAX_AMP))
		misuse("--hold: not an amplitude in pA: %g", hold);
	if (frequency_file && !exact)
		misuse("--frequencies is for --exact");
}

static void
plan(void)
{
	double between = (double)recording_stride() * model_dt();

	first = model_steps("delay", delay);
	end = first + model_steps("dur", dur);
	n = recording_end(delay + dur + 100);
	if (end == first)
		misuse("--dur: not a step of %g ms: %g", model_dt(), dur);
	if (n <= first)
		misuse("--tstop: before the chirp: %g", model_time(n));
	if (band[1] >= 500 / between)
		misuse("--band: half of the sampling rate is %g Hz: '%s'",
		       500 / between, band_text);
}

/* A current of its own, so that it flows while --settle passes, too. */
static void
begin_hold(void)
{
	if (hold == 0)
		return;
	nrn_do("objref bm_hold\n"
	       "bm_section.o(%zu).sec bm_hold = new IClamp(%.17g)\n"
	       "bm_hold.dur = 1e9\nbm_hold.amp = %.17g",
	       protocol_electrode()->section, protocol_electrode()->x,
	       hold / 1e3);
}

/* ---- The chirp ---- */

/* How many radians it has gone through s seconds after its beginning. */
static double
phase(double s)
{
	double length = model_time(end - first) / 1e3, rate;

	if (linear)
		return M_PI * s *
		       (2 * band[0] + (band[1] - band[0]) * s / length);
	rate = log(band[1] / band[0]) / length;
	return 2 * M_PI * band[0] * expm1(rate * s) / rate;
}

static double *
make_chirp(void)
{
	double *i = zeros(n + 1, sizeof *i);
	size_t k;

	for (k = first + 1; k <= n && k <= end; k++)
		i[k] = amp / 1e3 * sin(phase(model_time(k - first) / 1e3));
	return i;
}

/* ---- The voltage before it ---- */

/* A cell that is not at rest has more in its voltage than what the chirp makes
 * of it, and no impedance. */
static void
check_rest(void)
{
	size_t back = model_steps("dt", LAST), len, k;
	const double *v = protocol_voltage(0, &len);
	double low = v[first], high = v[first];

	if (model_verbose)
		warn("the voltage at %s before the chirp is %.6g mV",
		     protocol_site(0)->name, v[first]);
	for (k = first > back ? first - back : 0; k < first; k++) {
		low = fmin(low, v[k]);
		high = fmax(high, v[k]);
	}
	if (high - low > DRIFT)
		warn("the voltage moves by %.3g mV in the last %g ms before "
		     "the chirp, and is not at rest: --settle lets it settle",
		     high - low, model_time(first < back ? first : back));
}

static void
write_trace(void)
{
	double *i = make_chirp();
	const double **column;
	size_t k;

	protocol_wave(i, n + 1);
	protocol_run(n);
	recording_header(NULL);
	column = recording_of(n);
	check_rest();
	for (k = 0; k <= n; k++)
		i[k] = column[protocol_nsites()][k] + hold / 1e3;
	column[protocol_nsites()] = i;
	recording_write(column, n, NULL);
	free(column);
	free(i);
}

/* ---- The impedance itself ---- */

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

/* Those at which zap-impedance finds it from the trace, which are whole numbers
 * of periods in the time from the first sample of the chirp to the last. */
static void
choose_frequencies(struct frequencies *a)
{
	size_t stride = recording_stride(), samples, low, high;
	double spacing;

	samples = n / stride - first / stride;
	spacing = 1e3 / (model_dt() * (double)stride * (double)samples);
	low = (size_t)fmax(ceil(band[0] / spacing - 1e-9), 1);
	high = (size_t)floor(band[1] / spacing + 1e-9);
	if (low > high)
		misuse("--band: no frequency of a trace of this length, which "
		       "are %g Hz apart: '%s'",
		       spacing, band_text);
	for (; low <= high; low++)
		add_frequency(a, (double)low * spacing);
}

/* Impedance takes differences for derivatives, where a voltage (in mV) or a
 * state differs by deltafac.  Its default of 1e-3 is much where m of a sodium
 * channel is 0.009, as in the demo's fast-spiking cell, whose impedance is 0.2
 * % too large by it; by 1e-7 it is that of a step of 0.1 pA to 1e-6. */
static const char procedures[] =
	"objref bm_impedance, bm_kind, bm_linear\n"
	"strdef bm_name\n"
	"bm_impedance = new Impedance()\n"
	"{bm_impedance.deltafac(1e-7)}\n"
	"proc bm_transfer() {\n"
	" bm_section.o($1).sec {\n"
	"  bm_size = bm_impedance.transfer($2)\n"
	"  bm_phase = bm_impedance.transfer_phase($2)\n"
	" }\n"
	"}\n"
	"proc bm_kinds() { local i\n"
	" bm_kind = new MechanismType(0)\n"
	" for i = 0, bm_kind.count() - 1 {\n"
	"  bm_kind.select(i)\n"
	"  bm_kind.selected(bm_name)\n"
	"  printf(\"%s\\n\", bm_name)\n"
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

/* What Impedance leaves out and does not say: it has each mechanism by itself,
 * so that what a current does to a concentration, and that to another current,
 * is not in it, and of a LinearMechanism it looks at the equations only that
 * are of no segment. */
static void
check_model(void)
{
	char *all, *rest, *name;
	size_t len;

	if (nrn_number("bm_linear.count()") > 0)
		die("NEURON's Impedance cannot take a LinearMechanism in");
	rest = all = copy(nrn_print("bm_kinds()"));
	while ((name = strsep(&rest, "\n"))) {
		len = strlen(name);
		if (len > 4 && strcmp(name + len - 4, "_ion") == 0 &&
		    nrn_number("bm_written(\"%s\")", name) > 0)
			warn("concentrations of %.*s are taken to be constant",
			     (int)len - 4, name);
	}
	free(all);
}

static void
exact_header(void)
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

/* With 1, compute() has the states of channels follow the voltage. */
static void
write_exact_at(double f)
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
write_exact(void)
{
	struct frequencies all = {0};
	size_t i;

	if (frequency_file)
		read_frequencies(&all);
	else
		choose_frequencies(&all);
	protocol_run(first);
	open_impedance();
	exact_header();
	for (i = 0; i < all.n; i++)
		write_exact_at(all.f[i]);
	check_rest();
	free(all.f);
}

int
main(int argc, char **argv)
{
	start(argc, argv, &tool);
	check_options();
	progress_unit = "ms";
	model_build();
	protocol_open();
	plan();
	begin_hold();
	protocol_start(first, first);
	if (exact)
		write_exact();
	else
		write_trace();
	out_close();
	return WORKED;
}
