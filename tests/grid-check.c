/* grid-check -- distances are counted as a loop over all pairs counts them */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "connect/grid.h"
#include "opt.h"
#include "util.h"

static const struct opt opts[] = {OPT_END};
static const struct tool tool = {
	.purpose = "check that pairs of points are counted by their distance",
	.operands = "",
	.opts = opts,
};

enum { MOST = 700, BINS = 200 };

static double room[2][3][MOST];
static uint64_t state = 88172645463325252;

/* Marsaglia's xorshift: the same numbers on every machine */
static uint64_t
draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static double
uniform(void)
{
	return (double)(draw() >> 11) * 0x1p-53;
}

/* Points on a lattice are at the same few distances, and many at one place; on
 * a finer one, which binary fractions miss, nearly so. */
static struct grid_points
scatter(int set, size_t n, int axes, int lattice)
{
	struct grid_points p = {.n = n};
	size_t i;
	int k;

	for (k = 0; k < 3; k++) {
		if (axes >> k & 1)
			p.at[k] = room[set][k];
		for (i = 0; i < n; i++) {
			double at = lattice ? (double)(draw() % 7) : uniform();

			room[set][k][i] = lattice == 2 ? at * 0.1 - 0.3 : at;
		}
	}
	return p;
}

static double
distance(const struct grid_points *a, size_t i, const struct grid_points *b,
	 size_t j)
{
	double x = a->at[0] ? a->at[0][i] - b->at[0][j] : 0;
	double y = a->at[1] ? a->at[1][i] - b->at[1][j] : 0;
	double z = a->at[2] ? a->at[2][i] - b->at[2][j] : 0;

	return sqrt((x * x + y * y) + z * z);
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Edges that are distances themselves, or evenly spaced up to the greatest. */
static void
lay_edges(double *edge, size_t n, const struct grid_points *a,
	  const struct grid_points *b)
{
	double greatest = sqrt(grid_greatest_square(a, b));
	bool even = draw() % 2;
	size_t k;

	for (k = 0; k <= n; k++)
		if (even || a->n == 0 || b->n == 0)
			edge[k] = greatest * (double)k / (double)n;
		else
			edge[k] = distance(a, draw() % a->n, b, draw() % b->n);
	qsort(edge, n + 1, sizeof *edge, ascending);
}

static size_t
plain_bin(const double *edge, size_t n, double d)
{
	size_t k;

	for (k = 0; k < n; k++)
		if (d >= edge[k] &&
		    (d < edge[k + 1] || (k == n - 1 && d <= edge[k + 1])))
			return k;
	return n;
}

static void
check_counts(const struct grid_points *a, const struct grid_points *b,
	     const double *edge, size_t n)
{
	struct grid_bins bins = grid_make_bins(edge, n);
	uint64_t got[BINS] = {0}, plain[BINS + 1] = {0};
	double greatest = 0;
	size_t i, j, k;

	for (i = 0; i < a->n; i++) {
		for (j = 0; j < b->n; j++) {
			double d = distance(a, i, b, j);

			k = plain_bin(edge, n, d);
			if (grid_bin(&bins, grid_square(a, i, b, j)) != k)
				die("%.17g is in another bin", d);
			plain[k]++;
			greatest = d > greatest ? d : greatest;
		}
	}
	got[0] = 1; /* what is counted is added */
	grid_count(a, b, &bins, got);
	got[0]--;
	for (k = 0; k < n; k++)
		if (got[k] != plain[k])
			die("%zu and %zu points, bin %zu of %zu: %" PRIu64
			    " and not %" PRIu64,
			    a->n, b->n, k, n, got[k], plain[k]);
	if (sqrt(grid_greatest_square(a, b)) != greatest)
		die("the greatest distance is %.17g", greatest);
	grid_free_bins(&bins);
}

static void
check_points(size_t n, size_t m, size_t bins)
{
	struct grid_points a, b;
	double edge[BINS + 1];
	int axes, lattice;

	for (lattice = 0; lattice < 3; lattice++) {
		axes = (int)(draw() % 7 + 1);
		a = scatter(0, n, axes, lattice);
		b = scatter(1, m, axes, lattice);
		lay_edges(edge, bins, &a, &b);
		check_counts(&a, &b, edge, bins);
		lay_edges(edge, bins, &a, &a);
		check_counts(&a, &a, edge, bins);
	}
}

/* Roots that lie where doubles end. */
static void
check_edges(void)
{
	static const double edge[] = {-1,
				      0,
				      DBL_TRUE_MIN,
				      1e-200,
				      1e-160,
				      2.5e-154,
				      1e-9,
				      0.1,
				      1,
				      1.4142135623730951,
				      3,
				      1e10,
				      1.3407807929942596e154,
				      1e200,
				      DBL_MAX,
				      INFINITY};
	static const double square[] = {0, DBL_TRUE_MIN, 1,
					2, DBL_MAX,      INFINITY};
	struct grid_bins b = grid_make_bins(edge, LEN(edge) - 1);
	size_t k;

	for (k = 0; k < b.n; k++)
		if (sqrt(b.least[k]) < edge[k] ||
		    (b.least[k] > 0 &&
		     sqrt(nextafter(b.least[k], 0)) >= edge[k]))
			die("%a is not the least square for %a", b.least[k],
			    edge[k]);
	for (k = 0; k < LEN(square); k++)
		if (grid_bin(&b, square[k]) !=
		    plain_bin(edge, b.n, sqrt(square[k])))
			die("%a is in another bin", square[k]);
	if (grid_bin(&b, NAN) != b.n)
		die("no number is in a bin");
	grid_free_bins(&b);
}

int
main(int argc, char **argv)
{
	static const size_t size[] = {0, 1, 2, 31, 32, 33, 65, 200};
	static const size_t bins[] = {1, 2, 8, 60, BINS};
	size_t i, j;

	start(argc, argv, &tool);
	check_edges();
	for (i = 0; i < LEN(size); i++)
		for (j = 0; j < LEN(bins); j++)
			check_points(size[i], size[draw() % LEN(size)],
				     bins[j]);
	check_points(MOST, 500, 8);
	check_points(300, MOST, 31);
	return WORKED;
}
