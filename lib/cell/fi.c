#include <math.h>
#include <stdlib.h>

#include "cell/fi.h"
#include "cell/model.h"
#include "trace/detect.h"

const struct quantity fi_columns[] = {
	QUANTITY(REAL, "amp_pA", struct fi, amp_pA),
	QUANTITY(INT, "spikes", struct fi, spikes),
	QUANTITY(REAL, "rate_Hz", struct fi, rate_Hz),
	QUANTITY(REAL, "first_isi_ms", struct fi, first_isi),
	QUANTITY(REAL, "last_isi_ms", struct fi, last_isi),
	QUANTITY(REAL, "adaptation", struct fi, adaptation),
	QUANTITY(REAL, "latency_ms", struct fi, latency),
	QUANTITY(INT, "block", struct fi, block),
	QUANTITY_END,
};

/* The mean, over intervals, of the difference from the one before over their
 * sum, as in AllenSDK. */
static double
adaptation_of(const struct detect_spikes *s)
{
	double sum = 0;
	size_t i;

	if (s->n < 3)
		return NAN;
	for (i = 2; i < s->n; i++) {
		double before = (double)(s->at[i - 1] - s->at[i - 2]);
		double after = (double)(s->at[i] - s->at[i - 1]);

		sum += (after - before) / (after + before);
	}
	return sum / (double)(s->n - 2);
}

/* Times are counted in steps: a difference of two rounded times would add an
 * error to each. */
void
fi_measure(struct fi *f, const struct trace *t, size_t first, size_t end)
{
	double *slope = detect_slopes(t);
	struct detect_spikes s = {0};
	struct detect_shape *shape;

	detect_find(&s, t, first, end + 1);
	shape = detect_shapes(t, slope, &s, first, end + 1);
	f->spikes = (int64_t)s.n;
	f->rate_Hz = (double)s.n / (model_time(end - first) / 1000);
	f->latency = s.n > 0 ? model_time(s.at[0] - first) : NAN;
	f->first_isi = f->last_isi = NAN;
	if (s.n > 1) {
		f->first_isi = model_time(s.at[1] - s.at[0]);
		f->last_isi = model_time(s.at[s.n - 1] - s.at[s.n - 2]);
	}
	f->adaptation = adaptation_of(&s);
	f->block = detect_blocked(t, shape, s.n, first, end + 1) ? 1 : 0;
	free(slope);
	free(shape);
	free(s.at);
}
