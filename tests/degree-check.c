/* degree-check -- do numbers follow an exact law?
 *
 * Reads whole numbers, a line each, and prints the p value of Pearson's
 * chi-square test against the law that the operands name, with as many cells as
 * there can be with 8 numbers expected in each. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opt.h"

enum { EXPECTED = 8 };

static const struct opt opts[] = {OPT_END};
static const struct tool tool = {
	.purpose = "check that numbers follow a law",
	.operands = "binomial p n | hypergeometric n1 n2 t | poisson mu | "
		    "uniform low high",
	.least = 2,
	.most = 4,
	.opts = opts,
};

enum law { BINOMIAL, HYPERGEOMETRIC, POISSON, UNIFORM };

static double
probability(enum law law, const double *a, unsigned k)
{
	switch (law) {
	case BINOMIAL:
		return gsl_ran_binomial_pdf(k, a[0], (unsigned)a[1]);
	case HYPERGEOMETRIC:
		return gsl_ran_hypergeometric_pdf(
			k, (unsigned)a[0], (unsigned)a[1], (unsigned)a[2]);
	case POISSON:
		return gsl_ran_poisson_pdf(k, a[0]);
	default:
		return k >= a[0] && k <= a[1] ? 1 / (a[1] - a[0] + 1) : 0;
	}
}

struct counts {
	size_t *of; /* how often each number is there */
	size_t numbers, cap, n;
};

static void
read_counts(struct counts *c)
{
	char line[64];
	int64_t k;

	while (fgets(line, sizeof line, stdin)) {
		size_t old = c->cap, i;

		line[strcspn(line, "\n")] = '\0';
		if (!parse_int(line, &k) || k < 0 || k > 10000000)
			die("not a count: '%s'", line);
		c->of = grow(c->of, &c->cap, (size_t)k + 1, sizeof *c->of);
		for (i = old; i < c->cap; i++)
			c->of[i] = 0;
		if ((size_t)k >= c->numbers)
			c->numbers = (size_t)k + 1;
		c->of[k]++;
		c->n++;
	}
}

/* Cells are closed as soon as enough is expected in them; what is left at the
 * end goes with the last one. */
static double
chi_square(const struct counts *c, enum law law, const double *a, size_t *cells)
{
	double sum = 0, expected = 0, left = (double)c->n, found = 0, d;
	unsigned k;

	*cells = 1;
	for (k = 0; left - expected >= EXPECTED && k < 100000000; k++) {
		expected += (double)c->n * probability(law, a, k);
		found += k < c->numbers ? (double)c->of[k] : 0;
		if (expected < EXPECTED || left - expected < EXPECTED)
			continue;
		d = found - expected;
		sum += d * d / expected;
		left -= expected;
		expected = found = 0;
		++*cells;
	}
	for (; k < c->numbers; k++)
		found += (double)c->of[k];
	d = found - left;
	return sum + d * d / left;
}

int
main(int argc, char **argv)
{
	char **operand = start(argc, argv, &tool);
	enum law law = (enum law)opt_word(
		"law", operand[0], "binomial|hypergeometric|poisson|uniform");
	struct counts c = {0};
	double a[3] = {0}, square;
	size_t cells, i;

	for (i = 0; i < LEN(a) && operand[i + 1]; i++)
		if (!parse_num(operand[i + 1], &a[i]))
			misuse("not a number: '%s'", operand[i + 1]);
	read_counts(&c);
	square = chi_square(&c, law, a, &cells);
	if (cells < 2)
		die("%zu numbers are too few", c.n);
	printf("%g\n", gsl_cdf_chisq_Q(square, (double)cells - 1));
	free(c.of);
	return WORKED;
}
