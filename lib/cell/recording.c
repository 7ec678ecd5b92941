#include <math.h>
#include <stdlib.h>

#include "cell/protocol.h"
#include "cell/recording.h"
#include "out.h"

static double tstop, every;

const struct opt recording_opts[] = {
	OPT_NUM_IN(0, "tstop", "ms", &tstop, "[0,inf)",
		   "where to end (100 after the current)"),
	OPT_NUM_IN(0, "every", "ms", &every, "(0,inf)",
		   "write a sample this often (dt)"),
	OPT_END,
};

size_t
recording_end(double ms)
{
	return model_steps("tstop", opt_given(&tstop) ? tstop : ms);
}

size_t
recording_stride(void)
{
	double steps = opt_given(&every) ? every / model_dt() : 1;

	if (!(steps >= 0.5) || fabs(steps - nearbyint(steps)) > 1e-6 * steps)
		misuse("--every: not a multiple of dt, %g ms: %g", model_dt(),
		       every);
	return model_steps("every", steps * model_dt());
}

void
recording_header(const char *first)
{
	const char **name = zeros(protocol_nsites() + 4, sizeof *name);
	size_t i, k = 0;

	if (first)
		name[k++] = first;
	name[k++] = "time_ms";
	name[k++] = "v_mV";
	for (i = 1; i < protocol_nsites(); i++)
		name[k++] = format("v_mV.%s", protocol_site(i)->name);
	name[k--] = "i_nA";
	out_names(name);
	for (i = 1; i < protocol_nsites(); i++)
		free((char *)name[k--]);
	free(name);
}

const double **
recording_of(size_t n)
{
	const double **column = zeros(protocol_nsites() + 1, sizeof *column);
	size_t i, len;

	for (i = 0; i <= protocol_nsites(); i++) {
		column[i] = i < protocol_nsites() ? protocol_voltage(i, &len)
						  : protocol_current(&len);
		if (len < n + 1)
			die("NEURON: %zu samples rather than %zu", len, n + 1);
	}
	return column;
}

struct trace
recording_trace(const double *v, size_t n)
{
	static double *times;
	static size_t known, cap;

	times = grow(times, &cap, n + 1, sizeof *times);
	for (; known <= n; known++)
		times[known] = model_time(known);
	return (struct trace){.path = "the run",
			      .n = n + 1,
			      .time = times,
			      .v = (double *)v,
			      .dt = model_dt()};
}

void
recording_write(const double *const *column, size_t n, const double *first)
{
	size_t i, k, stride = recording_stride();

	for (k = 0; k <= n; k += stride) {
		if (first)
			out_num(*first);
		out_num(model_time(k));
		for (i = 0; i <= protocol_nsites(); i++)
			out_num(column[i][k]);
		out_end();
	}
}
