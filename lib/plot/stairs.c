#include <math.h>

#include "plot/stairs.h"

double
stairs_bin(const struct stairs *s, size_t i)
{
	return fmin(s->bin, s->high - s->low - (double)i * s->bin);
}

void
stairs_put(struct plot *p, const struct stairs *s, double pixels)
{
	double scale = 2 * pixels * s->bin / (s->high - s->low);
	size_t i, k;

	for (i = 0; i < s->n; i = k) {
		double least = s->value[i], most = least;
		double x = s->low + (double)i * s->bin;
		double column = floor((double)i * scale);

		for (k = i + 1; k < s->n && floor((double)k * scale) == column;
		     k++) {
			least = fmin(least, s->value[k]);
			most = fmax(most, s->value[k]);
		}
		plot_point(p, x, least);
		plot_point(p,
			   k > i + 1 ? x : fmin(s->high, x + stairs_bin(s, i)),
			   most);
	}
}
