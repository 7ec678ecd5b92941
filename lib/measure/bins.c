#include <gsl/gsl_interp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/bins.h"
#include "opt.h"
#include "util.h"

/* Automatic bins: the widest range of whole numbers with a bin each, and how
 * many bins there are at most. */
enum { EACH = 50, AUTOMATIC = 1000 };

/* The edges of equal bins are rounded only once, so that a bin of 0.1 begins at
 * 0.3 and not beyond. */
double
bins_edge(const struct bins *b, size_t k)
{
	if (b->edge)
		return b->edge[k];
	return k == b->n
		       ? b->high
		       : b->low + (b->high - b->low) * (double)k / (double)b->n;
}

size_t
bins_find(const struct bins *b, double v)
{
	double at;
	size_t k;

	if (!(v >= b->low && v <= b->high))
		return b->n;
	if (b->edge)
		return gsl_interp_bsearch(b->edge, v, 0, b->n);
	at = (v - b->low) / (b->high - b->low) * (double)b->n;
	k = at < (double)b->n ? (size_t)at : b->n - 1;
	while (k > 0 && v < bins_edge(b, k))
		k--;
	while (k + 1 < b->n && v >= bins_edge(b, k + 1))
		k++;
	return k;
}

bool
bins_are_fixed(const struct bins *b)
{
	return b->low < b->high;
}

/* ---- What an option says ---- */

/* Read the numbers of a text; how many, or 0 if one of them is not a number. */
static size_t
parse_list(const char *text, const char *separator, double **v)
{
	char *s = copy(text), *rest = s;
	size_t n = 0, cap = 0;
	bool good = true;

	for (*v = NULL; rest && good; n++) {
		*v = grow(*v, &cap, n + 1, sizeof **v);
		good = parse_num(strsep(&rest, separator), &(*v)[n]);
	}
	free(s);
	return good ? n : 0;
}

struct bins
bins_parse_edges(const char *option, const char *text)
{
	double *edge;
	size_t n = parse_list(text, ",", &edge), k = 1;

	while (k < n && edge[k - 1] < edge[k])
		k++;
	if (n < 2 || k < n)
		misuse("--%s: not two or more edges that ascend: '%s'", option,
		       text);
	return (struct bins){edge[0], edge[n - 1], n - 1, edge};
}

double
bins_fit(double low, double high, double width)
{
	double n = (high - low) / width, whole = round(n);

	return fabs(n - whole) <= 1e-9 * fabs(n) ? whole : NAN;
}

static bool
is_number(double n)
{
	return n >= 1 && n <= BINS_MOST && n == floor(n);
}

/* Are these three low, high and width, and the bins far enough apart? */
static bool
are_steps(const double *v)
{
	return v[0] + v[2] > v[0] && v[1] - v[2] < v[1] && v[0] < v[1] &&
	       isfinite((v[1] - v[0]) * BINS_MOST) &&
	       (v[1] - v[0]) / v[2] < BINS_MOST + 1;
}

struct bins
bins_parse(const char *option, const char *text)
{
	struct bins b = {0};
	double *v, fit;
	size_t n;

	if (strchr(text, ',')) {
		b = bins_parse_edges(option, text);
		if (!isfinite(b.high - b.low))
			misuse("--%s: too far apart: '%s'", option, text);
		return b;
	}
	n = parse_list(text, ":", &v);
	if (!(n == 1 && is_number(v[0])) && !(n == 3 && are_steps(v)))
		misuse("--%s: not LOW:HIGH:WIDTH, edges such as 0,1,5 or from "
		       "1 to %d bins: '%s'",
		       option, BINS_MOST, text);
	fit = n == 1 ? v[0] : bins_fit(v[0], v[1], v[2]);
	if (!is_number(fit))
		misuse("--%s: the width does not divide the range: '%s'",
		       option, text);
	if (n == 3)
		b = (struct bins){.low = v[0], .high = v[1]};
	b.n = (size_t)fit;
	free(v);
	return b;
}

/* ---- Automatic bins ---- */

/* How many bins there should be: H. A. Sturges, J. Am. Stat. Assoc. 21:65
 * (1926), for few numbers; D. Freedman and P. Diaconis, Z.
 * Wahrscheinlichkeitstheorie 57:453 (1981), for many, unless half of them are
 * the same.  The larger of the two is what numpy's histogram_bin_edges has as
 * 'auto'. */
static double
bins_wanted(const struct stats *of)
{
	double apart = stats_quantile(of, 0.75) - stats_quantile(of, 0.25);
	double wanted = log2(of->n) + 1;

	if (apart > 0)
		wanted = fmax(wanted,
			      (of->max - of->min) / (2 * apart) * cbrt(of->n));
	return fmin(wanted, AUTOMATIC);
}

/* Each bin has equally many whole numbers, or some would stand out. */
static struct bins
choose_whole(const struct stats *of)
{
	double range = of->max - of->min, width = 1, n;

	if (range >= EACH)
		width = fmax(round(range / bins_wanted(of)),
			     ceil((range + 1) / AUTOMATIC));
	n = floor(range / width) + 1;
	return (struct bins){of->min, of->min + n * width, (size_t)n, NULL};
}

/* Beyond 5 * 10^5 the range is a millionth of the number on each side: doubles
 * may be more than 1 apart there. */
static struct bins
choose_around(double v, size_t n)
{
	double half = fmax(0.5, fabs(v) * 0x1p-20);

	return (struct bins){v - half, v + half, n > 0 ? n : 1, NULL};
}

struct bins
bins_choose(const struct bins *asked, const struct stats *of)
{
	double range = of->max - of->min;
	double most = fmax(fabs(of->min), fabs(of->max)), room;
	struct bins b = {of->min, of->max, asked->n, NULL};

	if (bins_are_fixed(asked))
		return *asked;
	if (of->n == 0)
		return (struct bins){0};
	if (asked->n == 0 && !of->fraction && most < 0x1p52)
		return choose_whole(of);
	if (range == 0)
		return choose_around(of->min, asked->n);
	room = fmax(floor(range / most * 0x1p52), 1); /* doubles */
	if (b.n == 0)
		b.n = (size_t)fmin(ceil(bins_wanted(of)), room);
	if (!isfinite(range * BINS_MOST))
		die("values from %g to %g are too far apart for bins", of->min,
		    of->max);
	if ((double)b.n > room)
		die("values from %.17g to %.17g are too close for %zu bins",
		    of->min, of->max, b.n);
	return b;
}

/* ---- Endless bins ---- */

int64_t
bins_step(double low, double width, double v)
{
	double place = floor((v - low) / width);

	if (!(fabs(place) <= 1e15))
		return INT64_MAX;
	/* A quotient may be rounded across an edge. */
	if (v < low + place * width)
		place--;
	else if (v >= low + (place + 1) * width)
		place++;
	return (int64_t)place;
}
