/* spike-phase -- give spikes the phase and the amplitude of a rhythm
 *
 * Spikes are looked up by their times, not by numbers of samples, whatever the
 * rate and the beginning of the signal; those without a phase are left out, and
 * counted. */
#include <stdlib.h>

#include "field/phases.h"
#include "out.h"
#include "rows.h"

static const struct opt opts[] = {
	OPT_TABLE(phases_opts),
	OPT_TABLE(rows_opts),
	OPT_TABLE(out_opts),
	OPT_REQUIRED("signal"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "give spikes the phase and the amplitude of a rhythm",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

static const char *const ours[] = {"phase_rad", "amplitude"};

static void
write_header(const struct rows *in)
{
	const char **name = zeros(in->n + LEN(ours) + 1, sizeof *name);
	size_t k;

	for (k = 0; k < in->n; k++)
		name[k] = in->name[k];
	for (k = 0; k < LEN(ours); k++) {
		if (rows_find(in, ours[k]) != NO_COLUMN)
			die("%s: has a column '%s' already", in->path, ours[k]);
		name[in->n + k] = ours[k];
	}
	out_names(name);
	free(name);
}

static void
write_spike(const struct rows *in, double phase, double amplitude)
{
	size_t k;

	for (k = 0; k < in->n; k++)
		out_text(in->field[k]);
	out_num(phase);
	out_num(amplitude);
	out_end();
}

int
main(int argc, char **argv)
{
	struct phases p;
	struct rows in;
	double phase, amplitude;
	size_t time;

	argv = start(argc, argv, &tool);
	rows_open(&in, argv[0]);
	time = rows_column(&in, "timestamps");
	phases_read(&p);
	write_header(&in);
	while (rows_next(&in))
		if (phases_at(&p, rows_finite(&in, time), &phase, &amplitude) ==
		    PHASES_THERE)
			write_spike(&in, phase, amplitude);
	phases_say_left_out(&p);
	rows_close(&in);
	phases_free(&p);
	return WORKED;
}
