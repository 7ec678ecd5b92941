/* spike-features -- measure the spikes of a voltage trace
 *
 * features.h has the measures; here are the tables of them.  A trace is in
 * memory as a whole, one after the other. */
#include "out.h"
#include "trace/features.h"

static bool summary;

static const struct opt opts[] = {
	OPT_FLAG(0, "summary", &summary, "write a row for each trace instead"),
	OPT_TABLE(features_opts),
	OPT_TABLE(detect_opts),
	OPT_TABLE(trace_opts),
	OPT_TABLE(step_opts),
	OPT_TABLE(out_opts),
	OPT_NEEDS("isi", "summary"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure the spikes of a voltage trace",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* A trace without a name has no first column. */
static const struct quantity *
columns_of(const struct trace *t)
{
	const struct quantity *q =
		summary ? features_trace_columns : features_columns;

	return t->name ? q : q + 1;
}

static void
write_trace(const struct features *f)
{
	struct features_trace r;

	features_measure_trace(f, &r);
	quantity_write(columns_of(f->t), &r);
	out_end();
}

static void
write_spikes(const struct features *f)
{
	struct features_spike r;
	size_t i;

	for (i = 0; i < f->spikes.n; i++) {
		features_measure_spike(f, i, &r);
		quantity_write(columns_of(f->t), &r);
		out_end();
	}
}

int
main(int argc, char **argv)
{
	struct features f = {0};
	struct traces in;
	struct trace t;
	struct step step;
	bool named = false;

	argv = start(argc, argv, &tool);
	step_check();
	traces_open(&in, argv[0]);
	while (traces_next(&in, &t)) {
		if (!named)
			quantity_header(columns_of(&t));
		named = true;
		features_find(&f, &t, step_seek(&t, &step) ? &step : NULL);
		(summary ? write_trace : write_spikes)(&f);
		features_forget(&f);
	}
	traces_close(&in);
	return WORKED;
}
