/* signal-filter -- keep some frequencies of signals
 *
 * Butterworth's filters by default delay nothing: each passes over the record
 * forward and backward.  A record is in memory as a whole for that, 8 bytes for
 * each time and for each sample of a signal, which are filtered in place.
 *
 * Fewer rows are asked for where the frequencies are taken away, because who
 * leaves out rows without a filter, or with another one, has what was above
 * half the new rate among what is below. */
#include "field/butterworth.h"
#include "field/signals.h"
#include "out.h"

/* What may be left at half the new rate. */
#define LEFT 1e-2

static double low, high, band[2], stop[2];
static int64_t order = 4, every = 1;
static bool causal, force;

static const struct opt opts[] = {
	OPT_NUM_IN(0, "low", "Hz", &low, "(0,inf)", "keep what is below"),
	OPT_NUM_IN(0, "high", "Hz", &high, "(0,inf)", "keep what is above"),
	OPT_PAIR(0, "band", "low:high", band, "(0,inf)<",
		 "keep what is between, in Hz"),
	OPT_PAIR(0, "stop", "low:high", stop, "(0,inf)<",
		 "keep what is not between, in Hz"),
	OPT_INT_IN(0, "order", "n", &order, "[1,20]", "of the filter (4)"),
	OPT_FLAG(0, "causal", &causal,
		 "forward only: later, and no look ahead"),
	OPT_INT_IN(0, "every", "n", &every, "[1,inf)",
		   "write the first row of each n (1)"),
	OPT_FLAG(0, "force", &force,
		 "even if --every mixes up what passes the filter"),
	OPT_TABLE(signals_opts),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("low high band stop"),
	OPT_REQUIRED("low high band stop"),
	OPT_NEEDS("force", "every"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "keep some frequencies of signals",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* Refuse rows to be left out where what passes reaches half their rate. */
static void
check_every(const struct butterworth *f, const char *option)
{
	double half = f->rate_Hz / (double)every / 2;
	double left = butterworth_gain_from(f, half);

	if (!causal)
		left *= left;
	if (every > 1 && !force && left >= LEFT)
		misuse("--every %lld: --%s lets %.2g of the amplitude pass at "
		       "%g Hz, half the new rate, or above, where it would "
		       "seem to be below: let less pass, or say --force",
		       (long long)every, option, left, half);
}

static void
design(struct butterworth *f, const struct signals *in)
{
	static const struct {
		const char *option;
		const double *edges;
		size_t n;
	} kinds[] = {
		[BUTTERWORTH_LOW] = {"low", &low, 1},
		[BUTTERWORTH_HIGH] = {"high", &high, 1},
		[BUTTERWORTH_BAND] = {"band", band, 2},
		[BUTTERWORTH_STOP] = {"stop", stop, 2},
	};
	size_t kind = 0, k;

	while (!opt_given(kinds[kind].edges))
		kind++;
	for (k = 0; k < kinds[kind].n; k++)
		signals_check_Hz(in, kinds[kind].option, kinds[kind].edges[k]);
	butterworth_design(f, (enum butterworth_kind)kind, (size_t)order,
			   kinds[kind].edges, in->rate_Hz);
	check_every(f, kinds[kind].option);
}

static void
filter(const struct butterworth *f, struct signals *in)
{
	size_t c;

	if (!causal)
		butterworth_check_samples(f, in);
	for (c = 0; c < in->n; c++)
		(causal ? butterworth_forward
			: butterworth_both_ways)(f, in->x[c], in->samples);
}

int
main(int argc, char **argv)
{
	struct signals in;
	struct butterworth f;
	bool is_begun = false;
	size_t k;

	argv = start(argc, argv, &tool);
	signals_open(&in, &(struct signals_ask){.path = *argv, .others = true});
	while (signals_next(&in)) {
		design(&f, &in);
		filter(&f, &in);
		if (!is_begun)
			signals_write_header(&in);
		is_begun = true;
		for (k = 0; k < in.samples; k += (size_t)every)
			signals_write(&in, k);
	}
	if (!is_begun)
		signals_write_header(&in);
	signals_close(&in);
	return WORKED;
}
