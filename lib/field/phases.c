#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "field/phases.h"

/* Steps: nearer to a sample than this is at it, as times are no whole steps
 * after rounding. */
#define AT_SAMPLE 1e-9

static const char *signal_file, *channel;

const struct opt phases_opts[] = {
	OPT_STR(0, "signal", "file", &signal_file,
		"the phases, a table of signal-phase"),
	OPT_STR(0, "channel", "name", &channel,
		"of this signal in it, where there are several"),
	OPT_NEEDS("channel", "signal"),
	OPT_END,
};

static _Noreturn void
list_channels(struct signals *in, char *all)
{
	while (signals_next(in))
		all = join(all, in->record);
	if (channel)
		misuse("--channel: no signal '%s'; there are: %s", channel,
		       all ? all : "none");
	die("%s: several signals: --channel may be %s", in->path, all);
}

/* The record that is meant.  The last one that is read is the one there is. */
static void
choose_record(struct signals *in)
{
	char *all = NULL;

	if (channel && !in->by)
		misuse("--channel: %s has no column 'signal'", in->path);
	while (signals_next(in)) {
		if (channel && strcmp(in->record, channel) == 0) {
			free(all);
			return;
		}
		all = join(all, in->record ? in->record : "");
		if (channel)
			continue;
		if (in->by && in->nall > 1)
			list_channels(in, all);
		free(all);
		return;
	}
	if (channel && all)
		list_channels(in, all);
	die("%s: no samples", in->path);
}

static void
place_on_circle(struct phases *p)
{
	size_t k;

	p->re = zeros(p->n, sizeof *p->re);
	p->im = zeros(p->n, sizeof *p->im);
	for (k = 0; k < p->n; k++) {
		if (fabs(p->phase[k]) > 2 * M_PI * (1 + 1e-9))
			signals_bad(&p->in,
				    "column 'phase_rad': not an angle in rad "
				    "at %g ms: %g",
				    p->in.time[k], p->phase[k]);
		if (p->amplitude[k] < 0)
			signals_bad(&p->in,
				    "column 'amplitude': below 0 at %g ms: %g",
				    p->in.time[k], p->amplitude[k]);
		p->re[k] = cos(p->phase[k]);
		p->im[k] = sin(p->phase[k]);
	}
}

void
phases_read(struct phases *p)
{
	struct signals *in = &p->in;

	*p = (struct phases){0};
	signals_open(in, &(struct signals_ask){.path = signal_file,
					       .columns = "phase_rad,amplitude",
					       .by_any = "signal",
					       .may_miss = true});
	choose_record(in);
	p->n = in->samples;
	p->first_ms = in->time[0];
	p->last_ms = in->time[p->n - 1];
	p->step_ms = in->step_ms;
	p->phase = in->x[0];
	p->amplitude = in->x[1];
	place_on_circle(p);
}

enum phases_found
phases_at(struct phases *p, double ms, double *phase, double *amplitude)
{
	double u = (ms - p->first_ms) / p->step_ms, r, re, im;
	size_t i = (size_t)fmax(round(u), 0);

	if (!(ms >= p->first_ms && ms <= p->last_ms)) {
		p->outside++;
		return PHASES_OUTSIDE;
	}
	/* A sample beside does not count where the time is that of one. */
	if (fabs(u - (double)i) >= AT_SAMPLE)
		i = (size_t)u;
	if (i > p->n - 1)
		i = p->n - 1;
	r = i == p->n - 1 || u - (double)i < AT_SAMPLE ? 0 : u - (double)i;
	re = r == 0 ? p->re[i] : (1 - r) * p->re[i] + r * p->re[i + 1];
	im = r == 0 ? p->im[i] : (1 - r) * p->im[i] + r * p->im[i + 1];
	*phase = atan2(im, re);
	*amplitude =
		r == 0 ? p->amplitude[i]
		       : (1 - r) * p->amplitude[i] + r * p->amplitude[i + 1];
	if (isnan(*phase) || isnan(*amplitude) || (re == 0 && im == 0)) {
		p->empty++;
		return PHASES_EMPTY;
	}
	return PHASES_THERE;
}

bool
phases_round(const struct phases *p, double ms, double *re, double *im)
{
	double u = (ms - p->first_ms) / p->step_ms, whole = floor(u), r, size;
	double n = (double)p->n;
	size_t i, k;

	r = u - whole;
	whole -= floor(whole / n) * n;
	i = whole < n ? (size_t)whole : 0;
	k = i + 1 < p->n ? i + 1 : 0;
	*re = (1 - r) * p->re[i] + r * p->re[k];
	*im = (1 - r) * p->im[i] + r * p->im[k];
	size = sqrt(*re * *re + *im * *im);
	if (!(size > 0))
		return false;
	*re /= size;
	*im /= size;
	return true;
}

double
phases_half_cycle(const struct phases *p)
{
	double turned = 0;
	size_t k, steps = 0;

	for (k = 1; k < p->n; k++) {
		double by = remainder(p->phase[k] - p->phase[k - 1], 2 * M_PI);

		if (isnan(by))
			continue;
		turned += by;
		steps++;
	}
	return M_PI * (double)steps * p->step_ms / fabs(turned);
}

static void
say(uint64_t n, const char *why)
{
	if (n > 0)
		warn("left out, %s: %" PRIu64 " spike%s", why, n,
		     n > 1 ? "s" : "");
}

void
phases_say_left_out(const struct phases *p)
{
	say(p->outside, "outside of the signal");
	say(p->empty, "where the signal has no phase");
}

void
phases_free(struct phases *p)
{
	free(p->re);
	free(p->im);
	signals_close(&p->in);
}
