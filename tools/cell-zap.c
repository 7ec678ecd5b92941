/* cell-zap -- inject a chirp into a cell, whose impedance it shows
 *
 * The current that leads to a sample is the chirp at the time of that sample:
 * this is when backward Euler, NEURON's method, has the currents of a step, and
 * the table says the chirp at its times. */
#include <stdlib.h>

#include "cell/chirp.h"
#include "cell/protocol.h"
#include "cell/recording.h"
#include "out.h"

static double amp = 20;
static struct chirp chirp = {.low = 0.5, .high = 50};

static const struct opt opts[] = {
	OPT_NUM_IN(0, "amp", "pA", &amp, "[-1e9,1e9]",
		   "amplitude of the chirp (20)"),
	OPT_FLAG(0, "linear", &chirp.linear,
		 "let the frequency grow linearly (from 0 to 15)"),
	OPT_TABLE(chirp_opts),
	OPT_TABLE(protocol_opts),
	OPT_TABLE(model_opts),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "inject a chirp into a cell and record its voltage",
	.operands = "",
	.opts = opts,
};

static void
check_options(void)
{
	if (chirp.linear) {
		chirp.low = 0;
		chirp.high = 15;
	}
	chirp_band(&chirp);
	if (chirp.low == 0 && !chirp.linear)
		misuse("--band: only a chirp that is --linear can begin at "
		       "0 Hz: '0:%g'",
		       chirp.high);
	if (amp == 0)
		misuse("--amp: must not be 0");
}

static void
write_trace(void)
{
	double *i = chirp_current(&chirp, amp / 1e3);
	const double **column;
	size_t k;

	protocol_wave(i, chirp.n + 1);
	protocol_run(chirp.n);
	recording_header(NULL);
	column = recording_of(chirp.n);
	chirp_check_rest(&chirp, "before the chirp");
	for (k = 0; k <= chirp.n; k++)
		i[k] = column[protocol_nsites()][k] + chirp_hold();
	column[protocol_nsites()] = i;
	recording_write(column, chirp.n, NULL);
	free(column);
	free(i);
}

int
main(int argc, char **argv)
{
	start(argc, argv, &tool);
	check_options();
	model_build();
	protocol_open();
	chirp_start(&chirp);
	write_trace();
	out_close();
	return WORKED;
}
