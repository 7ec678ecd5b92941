/* GSL calls the function, whereas here its values come from outside: it begins
 * anew each time, with the values that are known, up to the first that is not.
 */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "cell/brent.h"
#include "util.h"

/* So many equal parts has the first grid, and the finest: each next one has
 * twice as many. */
enum { COARSE = 8, FINEST = 64 };

/* A search is at rest when it is so near, or after so many steps. */
#define AT_REST 1e-9
enum { MOST_STEPS = 100 };

struct brent {
	struct brent_point *at; /* in the order in which they were asked for */
	size_t n, cap, asked;   /* the last ones are to be tried */
	size_t parts;           /* of the grid */
	enum { BRENT_GRID, BRENT_ROOT, BRENT_LEAST, BRENT_OVER } stage;
	double low, high, middle; /* where the root or the least is */
	bool waits;
};

struct brent *
brent_begin(double first)
{
	struct brent *b = zeros(1, sizeof *b);

	b->at = grow(b->at, &b->cap, 1, sizeof *b->at);
	if (!isnan(first))
		b->at[b->n++].x = first;
	return b;
}

static struct brent_point *
find(struct brent *b, double x)
{
	size_t k = 0;

	while (k < b->n && b->at[k].x != x)
		k++;
	return k < b->n ? &b->at[k] : NULL;
}

static void
ask(struct brent *b, double x)
{
	if (find(b, x))
		return;
	b->at = grow(b->at, &b->cap, b->n + 1, sizeof *b->at);
	b->at[b->n++] = (struct brent_point){.x = x};
}

static void
ask_grid(struct brent *b)
{
	size_t k;

	b->parts = b->parts ? 2 * b->parts : COARSE;
	for (k = 0; k <= b->parts; k++)
		ask(b, (double)k / (double)b->parts);
}

static int
ascending(const void *a, const void *b)
{
	const struct brent_point *p = a, *q = b;

	return (p->x > q->x) - (p->x < q->x);
}

/* Between neighbours whose errors have opposite signs, and of those where one
 * is the least. */
static bool
find_root(struct brent *b, const struct brent_point *p)
{
	double least = INFINITY;
	size_t k;

	for (k = 0; k + 1 < b->n; k++) {
		double e = p[k].error, f = p[k + 1].error;

		if (isnan(e) || isnan(f) || (e > 0) == (f > 0) ||
		    fmin(fabs(e), fabs(f)) >= least)
			continue;
		least = fmin(fabs(e), fabs(f));
		b->low = p[k].x;
		b->high = p[k + 1].x;
	}
	return isfinite(least);
}

/* Around the least score, if both neighbours have more; that of an end is its
 * only one, in the mirror. */
static bool
find_least(struct brent *b, const struct brent_point *p)
{
	size_t k, best = 0, before, after;

	for (k = 1; k < b->n; k++)
		if (p[k].score < p[best].score)
			best = k;
	before = best == 0 ? 1 : best - 1;
	after = best == b->n - 1 ? best - 1 : best + 1;
	b->middle = p[best].x;
	b->low = best == 0 ? -p[1].x : p[before].x;
	b->high = best == b->n - 1 ? 2 - p[after].x : p[after].x;
	return p[before].score > p[best].score &&
	       p[after].score > p[best].score;
}

/* Where to go from the grid. */
static void
choose(struct brent *b)
{
	struct brent_point *p = zeros(b->n, sizeof *p);
	size_t k;

	for (k = 0; k < b->n; k++)
		p[k] = b->at[k];
	qsort(p, b->n, sizeof *p, ascending);
	if (find_root(b, p))
		b->stage = BRENT_ROOT;
	else if (find_least(b, p))
		b->stage = BRENT_LEAST;
	else if (b->parts >= FINEST)
		b->stage = BRENT_OVER;
	free(p);
}

/* What GSL asks for, if it is known. */
static const struct brent_point *
known(struct brent *b, double x)
{
	const struct brent_point *p;

	if (b->waits)
		return NULL;
	x = x < 0 ? -x : x > 1 ? 2 - x : x;
	p = find(b, x);
	if (!p) {
		ask(b, x);
		b->waits = true;
	}
	return p;
}

static double
error_of(double x, void *b)
{
	const struct brent_point *p = known(b, x);

	return p ? p->error : NAN;
}

static double
score_of(double x, void *b)
{
	const struct brent_point *p = known(b, x);

	return p ? p->score : NAN;
}

/* Go to the first unknown error, or to the root: then, and where there is no
 * error on the way, it is over. */
static void
go_to_root(struct brent *b)
{
	gsl_root_fsolver *s = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
	gsl_function f = {error_of, b};
	int steps = 0, status = gsl_root_fsolver_set(s, &f, b->low, b->high);

	while (status == GSL_SUCCESS && steps++ < MOST_STEPS &&
	       gsl_root_fsolver_x_upper(s) - gsl_root_fsolver_x_lower(s) >
		       AT_REST)
		status = gsl_root_fsolver_iterate(s);
	gsl_root_fsolver_free(s);
	if (!b->waits)
		b->stage = BRENT_OVER;
}

static void
go_to_least(struct brent *b)
{
	gsl_min_fminimizer *m =
		gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
	gsl_function f = {score_of, b};
	int steps = 0,
	    status = gsl_min_fminimizer_set(m, &f, b->middle, b->low, b->high);

	while (status == GSL_SUCCESS && steps++ < MOST_STEPS &&
	       gsl_min_fminimizer_x_upper(m) - gsl_min_fminimizer_x_lower(m) >
		       sqrt(AT_REST))
		status = gsl_min_fminimizer_iterate(m);
	gsl_min_fminimizer_free(m);
	if (!b->waits)
		b->stage = BRENT_OVER;
}

size_t
brent_ask(struct brent *b, struct brent_point **points)
{
	b->asked = b->n;
	b->waits = false;
	if (b->stage == BRENT_GRID && b->parts > 0)
		choose(b);
	if (b->parts == 0)
		b->asked = 0;
	if (b->stage == BRENT_GRID)
		ask_grid(b);
	else if (b->stage == BRENT_ROOT)
		go_to_root(b);
	else if (b->stage == BRENT_LEAST)
		go_to_least(b);
	*points = b->at + b->asked;
	return b->n - b->asked;
}

void
brent_end(struct brent *b)
{
	free(b->at);
	free(b);
}
