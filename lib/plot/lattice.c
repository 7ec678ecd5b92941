#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_sort.h>

#include "plot/lattice.h"

/* How far a number may be off its place, in steps: texts are rounded. */
#define OFF 0.05

void
lattice_add(struct lattice *l, double v)
{
	l->value = grow(l->value, &l->cap, l->n + 1, sizeof v);
	l->value[l->n++] = v;
}

/* The step that all distances are multiples of, or 0. */
static double
find_step(const struct lattice *l)
{
	double least = INFINITY, all = l->value[l->n - 1] - l->value[0];
	double n = 0, at;
	size_t k;

	for (k = 1; k < l->n; k++)
		least = fmin(least, l->value[k] - l->value[k - 1]);
	/* One by one, as the least of many that are rounded is too small. */
	for (k = 1; k < l->n; k++)
		n += round((l->value[k] - l->value[k - 1]) / least);
	if (!(n < PLOT_LARGEST))
		return 0;
	for (k = 1; k < l->n; k++) {
		at = (l->value[k] - l->value[0]) / (all / n);
		if (fabs(at - round(at)) > OFF)
			return 0;
	}
	return all / n;
}

static bool
is_geometric(const struct lattice *l)
{
	double ratio = l->value[1] / l->value[0];
	size_t k;

	for (k = 1; k < l->n; k++)
		if (l->value[0] <= 0 ||
		    fabs(l->value[k] / l->value[k - 1] / ratio - 1) > OFF)
			return false;
	return true;
}

void
lattice_settle(struct lattice *l)
{
	size_t n = 0, k;

	gsl_sort(l->value, 1, l->n);
	for (k = 0; k < l->n; k++)
		if (n == 0 || l->value[k] > l->value[n - 1])
			l->value[n++] = l->value[k];
	l->n = n;
	l->log = n > 3 && is_geometric(l);
	l->step = l->log ? 0 : n > 1 ? find_step(l) : 1;
	l->places = n;
	if (n > 0 && l->step > 0)
		l->places = (size_t)round((l->value[n - 1] - l->value[0]) /
					  l->step) +
			    1;
}

/* The last number that is not above v, or the first. */
static size_t
below(const struct lattice *l, double v)
{
	size_t low = 0, high = l->n, mid;

	while (low + 1 < high) {
		mid = low + (high - low) / 2;
		if (l->value[mid] <= v)
			low = mid;
		else
			high = mid;
	}
	return low;
}

double
lattice_at(const struct lattice *l, double v)
{
	size_t k = below(l, v);
	double from, to;

	if (l->step > 0)
		return (v - l->value[0]) / l->step;
	k = k + 1 < l->n ? k : k - 1;
	from = l->log ? log(l->value[k]) : l->value[k];
	to = l->log ? log(l->value[k + 1]) : l->value[k + 1];
	return (double)k + ((l->log ? log(v) : v) - from) / (to - from);
}

size_t
lattice_place(const struct lattice *l, double v)
{
	return (size_t)round(lattice_at(l, v));
}

double
lattice_value(const struct lattice *l, size_t place)
{
	return l->step > 0 ? l->value[0] + (double)place * l->step
			   : l->value[place];
}

struct axis
lattice_axis(const struct lattice *l, double most)
{
	struct axis a = {.log = l->log};
	double half = l->step / 2;

	if (l->n > 0) {
		axis_take(&a, l->value[0] - half);
		axis_take(&a, l->value[l->n - 1] + half);
		axis_set_tics(&a, most);
	}
	return a;
}

void
lattice_free(struct lattice *l)
{
	free(l->value);
}
