#include <math.h>

#include "cell/chirp.h"
#include "cell/nrn.h"
#include "cell/protocol.h"
#include "cell/recording.h"

/* Voltage that moves by more than this in the last time before the chirp adds
 * a percent to the impedance at 0.5 Hz (20 pA, 100 MOhm, a drift of 0.5 s). */
#define DRIFT 0.1 /* mV */
#define LAST 100  /* ms */

static double band[2], hold, delay = 1000, dur = 15000;

const struct opt chirp_opts[] = {
	OPT_PAIR(0, "band", "low:high", band, "[0,inf)<",
		 "frequencies in Hz (0.5:50)"),
	OPT_NUM_IN(0, "delay", "ms", &delay, "[0,inf)",
		   "time before the chirp (1000)"),
	OPT_NUM_IN(0, "dur", "ms", &dur, "[0,inf)",
		   "length of the chirp (15000)"),
	OPT_TABLE(recording_opts),
	OPT_NUM_IN(0, "hold", "pA", &hold, "[-1e9,1e9]",
		   "a constant current besides (0)"),
	OPT_END,
};

void
chirp_band(struct chirp *c)
{
	if (!opt_given(band))
		return;
	c->low = band[0];
	c->high = band[1];
}

void
chirp_bad_band(const struct chirp *c, const char *what, double frequency)
{
	misuse("--band: %s %g Hz: '%g:%g'", what, frequency, c->low, c->high);
}

static void
plan(struct chirp *c)
{
	double half = 500 / ((double)recording_stride() * model_dt());

	model_span("delay", delay, dur, &c->first, &c->end);
	c->n = recording_end(delay + dur + 100);
	if (c->n <= c->first)
		misuse("--tstop: before the chirp: %g", model_time(c->n));
	if (c->high >= half)
		chirp_bad_band(c, "half of the sampling rate is", half);
}

/* The electrode of --hold is another than the protocol's, so that its current
 * flows while --settle passes, too. */
static void
begin_hold(void)
{
	if (hold == 0)
		return;
	nrn_do("objref bm_hold\n"
	       "bm_section.o(%zu).sec bm_hold = new IClamp(%.17g)\n"
	       "bm_hold.dur = 1e9\nbm_hold.amp = %.17g",
	       protocol_electrode()->section, protocol_electrode()->x,
	       chirp_hold());
}

void
chirp_start(struct chirp *c)
{
	plan(c);
	begin_hold();
	protocol_start(c->first, c->first, c->n);
}

/* The radians that the chirp has gone through s seconds after it began. */
static double
phase(const struct chirp *c, double s)
{
	double length = model_time(c->end - c->first) / 1e3, rate;

	if (c->linear)
		return M_PI * s *
		       (2 * c->low + (c->high - c->low) * s / length);
	rate = log(c->high / c->low) / length;
	return 2 * M_PI * c->low * expm1(rate * s) / rate;
}

double *
chirp_current(const struct chirp *c, double amp_nA)
{
	double *i = zeros(c->n + 1, sizeof *i);
	size_t k;

	for (k = c->first + 1; k <= c->n && k <= c->end; k++)
		i[k] = amp_nA * sin(phase(c, model_time(k - c->first) / 1e3));
	return i;
}

double
chirp_hold(void)
{
	return hold / 1e3;
}

void
chirp_check_rest(const struct chirp *c, const char *before)
{
	size_t back = model_steps("dt", LAST), len, k;
	const double *v = protocol_voltage(0, &len);
	double low = v[c->first], high = v[c->first];

	if (model_verbose)
		warn("the voltage at %s %s is %.6g mV", protocol_site(0)->name,
		     before, v[c->first]);
	for (k = c->first > back ? c->first - back : 0; k < c->first; k++) {
		low = fmin(low, v[k]);
		high = fmax(high, v[k]);
	}
	if (high - low > DRIFT)
		warn("the voltage moves by %.3g mV in the last %g ms %s, and "
		     "is not at rest: --settle lets it settle",
		     high - low, model_time(c->first < back ? c->first : back),
		     before);
}
