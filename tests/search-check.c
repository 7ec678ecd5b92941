/* search-check -- does search.h find what is known?
 *
 *	search-check simplex|cmaes FUNCTION SEED POINTS
 *	search-check brent FUNCTION FIRST POINTS
 *
 * writes the best point and its score after so many points at most; or the best
 * number, its score, and how many numbers brent.h has asked for. */
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell/brent.h"
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

/* The error of one number: it grows, ten times beyond where it counts in full;
 * it does not reach 0; its least is at an end; it is in steps; and it is none
 * for the most part, and nothing at all. */
static double
error_of(const char *name, double x)
{
	if (strcmp(name, "curve") == 0)
		return fmax(fmin(1000 * (exp(3 * x) - exp(3 * 0.37)), 250),
			    -250);
	if (strcmp(name, "cup") == 0)
		return 1 + 100 * (x - 0.37) * (x - 0.37);
	if (strcmp(name, "end") == 0)
		return 3 - x;
	if (strcmp(name, "stairs") == 0)
		return floor(20 * x) - 7.5;
	if (strcmp(name, "piece") == 0)
		return x > 0.3 && x < 0.4 ? x - 0.37 : NAN;
	return NAN;
}

static int
check_brent(char **argv)
{
	struct brent *b = brent_begin(strtod(argv[3], NULL));
	size_t most = strtoul(argv[4], NULL, 10), n, k, done = 0;
	struct brent_point *p;
	double best = NAN, least = INFINITY;

	while (done < most && (n = brent_ask(b, &p)) > 0)
		for (k = 0; k < n; k++, done++) {
			p[k].error = error_of(argv[2], p[k].x);
			p[k].score = isnan(p[k].error) ? 500 : fabs(p[k].error);
			if (p[k].score < least) {
				least = p[k].score;
				best = p[k].x;
			}
		}
	brent_end(b);
	printf("%.6f %.3g %zu\n", best, least, done);
	return WORKED;
}

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
	if (strcmp(argv[1], "brent") == 0)
		return check_brent(argv);
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
