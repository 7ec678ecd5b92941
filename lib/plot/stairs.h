/* stairs.h -- values in bins, drawn as the steps of a line
 *
 *	struct stairs s = {.value = hz, .n = 100, .low = 0, .bin = 10,
 *			   .high = 1000};
 *
 *	plot_say(&p, "$rate << EOD\n");
 *	stairs_put(&p, &s, area_width);
 *	plot_say(&p, "EOD\n");
 */
#ifndef STAIRS_H
#define STAIRS_H

#include "plot/plot.h"

struct stairs {
	const double *value; /* in n bins */
	size_t n;
	double low, bin, high; /* from low on; high may cut the last one short
				*/
};

double stairs_bin(const struct stairs *s, size_t i); /* how long it is */

/* Puts the data of a line, which is so many pixels wide; of bins in the same
 * half of a pixel it has the least and the greatest value. */
void stairs_put(struct plot *p, const struct stairs *s, double pixels);

#endif
