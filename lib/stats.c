#include <gsl/gsl_cdf.h>
#include <math.h>

#include "stats.h"

/* Were it any nearer to 1, half of what is beyond it would be nothing. */
static double confidence = 0.95;

const struct opt stats_opts[] = {
	OPT_NUM_IN(0, "level", "number", &confidence, "(0,0.999999999999999]",
		   "confidence of intervals (0.95)"),
	OPT_END,
};

double
stats_level(void)
{
	return confidence;
}

void
stats_wilson(double hits, double n, double level, double interval[2])
{
	double z = gsl_cdf_ugaussian_Pinv((1 + level) / 2);
	double p = hits / n, width, middle;

	interval[0] = interval[1] = NAN;
	if (!(n > 0))
		return;
	middle = p + z * z / (2 * n);
	width = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	interval[0] = hits > 0 ? (middle - width) / (1 + z * z / n) : 0;
	interval[1] = hits < n ? (middle + width) / (1 + z * z / n) : 1;
}
