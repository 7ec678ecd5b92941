/* chance-check -- the chances of chance.h by distance, their bounds, and that a
 * pmax solved for ptotal gives this mean */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connect/chance.h"
#include "opt.h"

static const char *text = "0", *rate;

static const struct opt opts[] = {
	OPT_STR(0, "p", "chance", &text, "the chance to read"),
	OPT_STR(0, "rate", "rate", &rate, "or a rate"),
	OPT_TABLE(chance_opts),
	OPT_END,
};
static const struct tool tool = {
	.purpose = "check chances by distance",
	.operands = "means|bounds|um ...",
	.least = 1,
	.most = 100,
	.opts = opts,
};

static uint64_t state = 88172645463325252;

/* Marsaglia's xorshift: the same numbers on every machine */
static double
uniform(double low, double high)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return low + (high - low) * ((double)(state >> 11) * 0x1p-53);
}

/* The chance before it is cut, times the density of distances. */
static double
weighed(double r, void *arg)
{
	const struct chance *c = arg;
	double x = (r - c->mu) / c->sigma;

	return c->p * exp(-x * x / 2) *
	       (chance_axes() == 3 ? 3 * r * r : 2 * r);
}

static double
integral(struct chance *c, double low, double high)
{
	gsl_integration_workspace *w = gsl_integration_workspace_alloc(1000);
	gsl_function f = {weighed, c};
	double sum = 0, error;

	if (low < high &&
	    gsl_integration_qag(&f, low, high, 0, 1e-11, 1000,
				GSL_INTEG_GAUSS61, w, &sum, &error))
		die("%g to %g: no integral", low, high);
	gsl_integration_workspace_free(w);
	return sum;
}

/* Around the peak and far from it, on either side of where there is anything
 * to find. */
static double
numeric_mean(struct chance *c)
{
	double axes = (double)chance_axes(), sum = 0, part[6];
	size_t k;

	part[0] = c->min;
	for (k = 1; k < 5; k++)
		part[k] = fmin(
			fmax(c->mu + (double)(2 * (int)k - 5) * 4 * c->sigma,
			     c->min),
			c->max);
	part[5] = c->max;
	for (k = 0; k < 5; k++)
		sum += integral(c, part[k], part[k + 1]);
	return sum / (pow(c->max, axes) - pow(c->min, axes));
}

static void
check_mean(double sigma, double mu, double min, double max)
{
	double total = 1e-12; /* so small that nothing is cut */
	struct chance c;
	double mean;
	char *s = format("gaussian:ptotal=%.17g,sigma=%.17g,mu=%.17g,"
			 "min=%.17g,max=%.17g",
			 total, sigma, mu, min, max);

	chance_read("p", s, &c);
	mean = numeric_mean(&c);
	if (!(fabs(mean - total) < 1e-8 * total))
		die("%s: mean %.17g", s, mean);
	free(s);
}

/* Narrow and broad ones, with the peak inside the range and outside, as far as
 * six sigma; and so broad that the closed form has no digits left. */
static void
check_means(void)
{
	size_t i;

	gsl_set_error_handler_off();
	for (i = 0; i < 2000; i++) {
		double sigma = exp(uniform(log(0.5), log(3000)));
		double min = i % 3 ? uniform(0, 300) : 0;
		double max = min + uniform(1, 500);
		double mu = uniform(fmax(min - 6 * sigma, -1000),
				    fmin(max + 6 * sigma, 1500));

		check_mean(sigma, i % 5 ? mu : 0, i % 5 ? min : 0, max);
	}
	for (i = 3; i < 12; i++)
		check_mean(pow(10, (double)i), 0, 10, 300);
}

static char *
any_function(size_t i)
{
	double min = i % 2 ? uniform(0, 100) : 0;

	if (i % 3 == 0)
		return format("gaussian:pmax=%.17g,sigma=%.17g,mu=%.17g,"
			      "min=%.17g,max=%.17g",
			      uniform(0, 1), uniform(1, 200),
			      uniform(-100, 400), min, min + uniform(0, 300));
	if (i % 3 == 1)
		return format("exponential:pmax=%.17g,lambda=%.17g,max=%.17g",
			      uniform(0, 1), uniform(1, 200), uniform(0, 500));
	return copy(text); /* a table */
}

/* The bound holds wherever one looks, and somewhere it is nearly reached. */
static void
check_bound(const struct chance *c, double low, double high)
{
	double bound = chance_greatest(c, low, high), most = 0, p;
	size_t i;

	for (i = 0; i <= 400; i++) {
		p = chance_at(c, low + (high - low) * (double)i / 400);
		if (p > bound)
			die("%g to %g um: %.17g is above %.17g", low, high, p,
			    bound);
		most = fmax(most, p);
	}
	if (c->min <= low && high <= c->max && most < 0.5 * bound)
		die("%g to %g um: %.17g is far below %.17g", low, high, most,
		    bound);
}

static void
check_bounds(void)
{
	struct chance c;
	size_t i, k;

	for (i = 0; i < 300; i++) {
		char *s = any_function(i);

		chance_read("p", s, &c);
		for (k = 0; k < 30; k++) {
			double low = k % 7 ? uniform(0, 500) : c.min;
			double high = low + (k % 5 ? uniform(0, 50) : 0);

			check_bound(&c, low, high);
			check_bound(&c, fmin(low, c.max), c.max);
		}
		chance_free(&c);
		free(s);
	}
}

static void
print_chance(const struct chance *c, const char *um)
{
	double distance;

	if (!parse_num(um, &distance))
		misuse("not a distance: '%s'", um);
	printf("%.12g\n", chance_at(c, distance));
}

int
main(int argc, char **argv)
{
	struct chance c;

	argv = start(argc, argv, &tool);
	if (!strcmp(*argv, "means")) {
		check_means();
	} else if (!strcmp(*argv, "bounds")) {
		check_bounds();
	} else {
		if (rate)
			chance_read_rate("rate", rate, &c);
		else
			chance_read("p", text, &c);
		for (; *argv; argv++)
			print_chance(&c, *argv);
		chance_free(&c);
	}
	return WORKED;
}
