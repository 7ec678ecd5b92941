/* spectra.h -- Fourier transforms of the tapered segments of a signal
 *
 *	struct spectra s;
 *
 *	spectra_check();
 *	spectra_begin(&s, &in);
 *	spectra_psd(&s, in.x[0], 0, s.segments, psd);
 *	for (k = 0; k < s.n; k++)
 *		visit(spectra_frequency(&s, k), psd[k]);
 *	spectra_end(&s);
 *
 * A segment has the length of a window, and begins a step after the one before;
 * what is left behind the last whole one is not used.  From each its mean is
 * taken, and then it is weighted by each taper: by multitaper (D. J. Thomson,
 * Proc. IEEE 70:1055, 1982), where all tapers are as good as each other, or
 *with
 * --welch by Hann's window.
 */
#ifndef SPECTRA_H
#define SPECTRA_H

#include <complex.h>
#include <fftw3.h>

#include "field/signals.h"
#include "field/tapers.h"
#include "opt.h"

/* --window, --step, --nw, --tapers, --welch, --band. */
extern const struct opt spectra_opts[];

/* Check what the options say together. */
void spectra_check(void);

struct spectra {
	struct tapers tapers;
	size_t window, step, segments; /* samples, samples, how many */
	double step_ms;                /* from a sample to the next */
	size_t first, n;               /* of the band's frequencies */
	size_t apart;                  /* all frequencies, from 0 */
	double independent; /* estimates that the mean over all is worth */

	/* The rest is for spectra.c. */
	double *tapered;
	fftw_plan plan;
};

/* For the signals of a record.  Options that do not fit them end the tool. */
void spectra_begin(struct spectra *s, const struct signals *in);
void spectra_end(struct spectra *s);

/* The samples of --step, or so many. */
size_t spectra_step(const struct signals *in, size_t unsaid);

/* The k-th frequency of the band, in Hz. */
double spectra_frequency(const struct spectra *s, size_t k);

/* Memory for the transforms of a segment, which fftw_free() frees; and those of
 * a segment of x, taper by taper, of which frequency k of the band is
 * j[taper * s->apart + s->first + k].  The mean of |J|^2 is the power of the
 * signal per Hz, in two halves: at frequencies above and below 0. */
double complex *spectra_room(const struct spectra *s);
void spectra_transform(const struct spectra *s, const double *x, size_t segment,
		       double complex *j);

/* The power of x per Hz, both halves in one (0 Hz and half the sampling rate
 * have one only), as the mean over the segments [from, to). */
void spectra_psd(const struct spectra *s, const double *x, size_t from,
		 size_t to, double *psd);

#endif
