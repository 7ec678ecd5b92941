/* search-check -- does search.h find what is known?
 *
 *	search-check simplex|cmaes FUNCTION SEED POINTS
 *
 * writes the best point and its score after so many points at most, and how
 * many it took to come to within 1e-3 of every number. */
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell/search.h"
#include "util.h"

#define N 3

static const double there[N] = {0.3, 0.7, 0.55};

/* The least of each is 0 and is there. */
static double
sphere(const double *x)
{
	double sum = 0;
	size_t k;

	for (k = 0; k < N; k++)
		sum += (x[k] - there[k]) * (x[k] - there[k]);
	return sqrt(sum);
}

/* H. H. Rosenbrock, Computer J. 3:175 (1960), a bent valley */
static double
valley(const double *x)
{
	double y[N], sum = 0;
	size_t k;

	for (k = 0; k < N; k++)
		y[k] = 1 + 2 * (x[k] - there[k]);
	for (k = 0; k + 1 < N; k++)
		sum += 100 * pow(y[k + 1] - y[k] * y[k], 2) + pow(1 - y[k], 2);
	return sum;
}

/* In a corner, where two bounds are. */
static double
corner(const double *x)
{
	return x[0] + 2 * (1 - x[1]) + fabs(x[2] - there[2]);
}

/* Steps, as counts of spikes are, and a slope besides. */
static double
steps(const double *x)
{
	double sum = 0;
	size_t k;

	for (k = 0; k < N; k++)
		sum += pow(round(40 * (x[k] - there[k])), 2);
	return sum + sphere(x);
}

static const struct {
	const char *name;
	double (*f)(const double *x);
} functions[] = {{"sphere", sphere},
		 {"valley", valley},
		 {"corner", corner},
		 {"steps", steps}};

int
main(int argc, char **argv)
{
	struct search_plan plan = {.n = N, .starts = 4};
	struct search *s;
	const double *x;
	double score[256], best[N] = {0}, least = INFINITY;
	size_t n, k, j = 0, done = 0, most;

	if (argc != 5)
		return MISUSED;
	plan.way =
		strcmp(argv[1], "cmaes") == 0 ? SEARCH_CMAES : SEARCH_SIMPLEX;
	while (j + 1 < LEN(functions) &&
	       strcmp(functions[j].name, argv[2]) != 0)
		j++;
	plan.seed = strtoul(argv[3], NULL, 10);
	most = strtoul(argv[4], NULL, 10);
	gsl_set_error_handler_off();
	s = search_begin(&plan);
	while (done < most) {
		n = search_ask(s, &x);
		for (k = 0; k < n; k++) {
			score[k] = functions[j].f(x + k * N);
			if (score[k] < least) {
				least = score[k];
				memcpy(best, x + k * N, sizeof best);
			}
		}
		search_tell(s, score);
		done += n;
	}
	search_end(s);
	printf("%.4f %.4f %.4f %.3g\n", best[0], best[1], best[2], least);
	return WORKED;
}
