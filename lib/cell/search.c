/* GSL's minimizer calls the function that it minimizes, whereas here the scores
 * come from outside, those of several simplexes at a time.  Each time,
 * therefore, a simplex goes all of its way again, with the scores that are
 * known, up to the first point whose score is not: that takes microseconds, and
 * a score takes a run of NEURON. */
#include <gsl/gsl_blas.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cell/search.h"
#include "util.h"

/* A simplex begins with this side, and one that starts again with this; it has
 * come to rest when it is so small, which is one part in 2000 of the bounds. */
#define SIDE 0.2
#define SIDE_AGAIN 0.08
#define AT_REST 5e-4

/* Starting again helps if the score is less by this part. */
#define HELPS 0.02

/* A population begins with this standard deviation, and has come to rest as
 * well when so many generations in a row had one score. */
#define SPREAD 0.3
enum { FLAT = 10 };

/* So many points of a hypercube for each number of a point. */
enum { CUBE = 6 };

struct simplex {
	double *start, side;
	double *score; /* of the points it has asked for, in their order */
	size_t nscore, mscore;
	double *asked, *best, least; /* best and least: of this start */
	double before;               /* the least of the start before */
	size_t calls;
	bool waits, over;
};

/* The names are those of Hansen's tutorial. */
struct population {
	size_t lambda, mu, g, flat;
	double *w, mueff, cs, ds, cc, c1, cmu, chi, sigma;
	gsl_vector *m, *ps, *pc, *d, *t, *u;
	gsl_matrix *c, *b, *y; /* a row of y for each point */
	double last;
};

struct search {
	struct search_plan plan;
	gsl_rng *rng;
	enum { SEARCH_CUBE, SEARCH_ON } stage;
	double *point; /* asked for */
	size_t npoints, mpoints;
	size_t *who; /* the simplex that asked for a point */
	struct simplex *simplex;
	struct population p;
	bool fresh; /* nothing is known yet */
};

/* ---- Points ---- */

static double *
add_point(struct search *s)
{
	size_t n = s->plan.n;

	s->point = grow(s->point, &s->mpoints, (s->npoints + 1) * n,
			sizeof *s->point);
	return s->point + n * s->npoints++;
}

/* Beyond a bound everything is as in a mirror there. */
static double
mirror(double x)
{
	double r = fmod(fabs(x), 2);

	return r > 1 ? 2 - r : r;
}

static void
shuffle(struct search *s, size_t *order, size_t n)
{
	size_t k;

	for (k = 0; k < n; k++)
		order[k] = k;
	gsl_ran_shuffle(s->rng, order, n, sizeof *order);
}

/* Each number of a point is in a part of its own of n equal ones. */
static void
ask_cube(struct search *s)
{
	size_t n = s->plan.n, k, j;
	size_t m = n * CUBE > s->plan.starts ? n * CUBE : s->plan.starts;
	size_t *order = zeros(m, sizeof *order);
	double *x;

	if (s->fresh && s->plan.first)
		memcpy(add_point(s), s->plan.first, n * sizeof *x);
	for (k = 0; k < m; k++)
		add_point(s);
	x = s->point + (s->npoints - m) * n;
	for (j = 0; j < n; j++) {
		shuffle(s, order, m);
		for (k = 0; k < m; k++)
			x[k * n + j] =
				((double)order[k] + gsl_rng_uniform(s->rng)) /
				(double)m;
	}
	free(order);
	s->fresh = false;
}

/* The places of n scores, ascending; of equals, the first comes first. */
static size_t *
sort_scores(const double *score, size_t n)
{
	size_t *order = zeros(n, sizeof *order), k, j;

	for (k = 0; k < n; k++) {
		for (j = k; j > 0 && score[order[j - 1]] > score[k]; j--)
			order[j] = order[j - 1];
		order[j] = k;
	}
	return order;
}

/* ---- Simplexes ---- */

static void
start_simplex(struct simplex *x, const double *start, size_t n, double side)
{
	memcpy(x->start, start, n * sizeof *start);
	x->side = side;
	x->nscore = 0;
	x->least = INFINITY;
	x->over = false;
}

static void
open_simplexes(struct search *s)
{
	size_t n = s->plan.n, k;

	s->simplex = zeros(s->plan.starts, sizeof *s->simplex);
	s->who = zeros(s->plan.starts, sizeof *s->who);
	for (k = 0; k < s->plan.starts; k++) {
		s->simplex[k].start = zeros(n, sizeof(double));
		s->simplex[k].asked = zeros(n, sizeof(double));
		s->simplex[k].best = zeros(n, sizeof(double));
	}
}

struct simplex_walk {
	struct simplex *x;
	size_t n;
};

/* What GSL minimizes: the score if it is known, else it is asked for.  A NaN
 * has GSL go on or give up, and neither matters. */
static double
score_of(const gsl_vector *v, void *walk)
{
	struct simplex *x = ((struct simplex_walk *)walk)->x;
	size_t n = ((struct simplex_walk *)walk)->n, k;

	if (x->calls < x->nscore)
		return x->score[x->calls++];
	if (!x->waits)
		for (k = 0; k < n; k++)
			x->asked[k] = mirror(gsl_vector_get(v, k));
	x->waits = true;
	return NAN;
}

/* Go from the start to the first unknown score, or to the rest. */
static void
walk(struct simplex *x, size_t n)
{
	gsl_multimin_fminimizer *m = gsl_multimin_fminimizer_alloc(
		gsl_multimin_fminimizer_nmsimplex2, n);
	struct simplex_walk w = {x, n};
	gsl_multimin_function f = {score_of, n, &w};
	gsl_vector *at = gsl_vector_alloc(n), *side = gsl_vector_alloc(n);
	size_t k;

	x->calls = 0;
	x->waits = false;
	for (k = 0; k < n; k++) {
		gsl_vector_set(at, k, x->start[k]);
		gsl_vector_set(side, k, x->start[k] > 0.5 ? -x->side : x->side);
	}
	gsl_multimin_fminimizer_set(m, &f, at, side);
	while (!x->waits && gsl_multimin_fminimizer_size(m) > AT_REST)
		gsl_multimin_fminimizer_iterate(m);
	gsl_multimin_fminimizer_free(m);
	gsl_vector_free(at);
	gsl_vector_free(side);
}

/* One that has come to rest starts again where it is, in another direction. */
static void
go_on(struct search *s, struct simplex *x)
{
	size_t n = s->plan.n;
	double side = gsl_rng_uniform(s->rng) < 0.5 ? -1 : 1;

	walk(x, n);
	while (!x->waits && !x->over) {
		x->over = !(x->least < (1 - HELPS) * x->before);
		x->before = x->least;
		start_simplex(x, x->best, n, side * SIDE_AGAIN);
		walk(x, n);
	}
}

static void
ask_simplexes(struct search *s)
{
	size_t n = s->plan.n, k;

	for (k = 0; k < s->plan.starts; k++) {
		struct simplex *x = &s->simplex[k];

		if (x->over)
			continue;
		go_on(s, x);
		if (x->over)
			continue;
		s->who[s->npoints] = k;
		memcpy(add_point(s), x->asked, n * sizeof *x->asked);
	}
}

static void
tell_simplexes(struct search *s, const double *score)
{
	size_t n = s->plan.n, k;

	for (k = 0; k < s->npoints; k++) {
		struct simplex *x = &s->simplex[s->who[k]];

		x->score = grow(x->score, &x->mscore, x->nscore + 1,
				sizeof *x->score);
		x->score[x->nscore++] = score[k];
		if (score[k] < x->least) {
			x->least = score[k];
			memcpy(x->best, s->point + k * n, n * sizeof *x->best);
		}
	}
}

static void
start_simplexes(struct search *s, const size_t *order)
{
	size_t n = s->plan.n, k;

	for (k = 0; k < s->plan.starts; k++) {
		start_simplex(&s->simplex[k], s->point + order[k] * n, n, SIDE);
		s->simplex[k].before = INFINITY;
	}
}

/* ---- A population ---- */

/* Hansen's usual values for so many points. */
static void
choose_strategy(struct population *p, size_t dimensions)
{
	double n = (double)dimensions, sum = 0, squares = 0;
	size_t k;

	p->mu = p->lambda / 2;
	free(p->w);
	p->w = zeros(p->mu, sizeof *p->w);
	for (k = 0; k < p->mu; k++) {
		p->w[k] = log(((double)p->lambda + 1) / 2) - log((double)k + 1);
		sum += p->w[k];
	}
	for (k = 0; k < p->mu; k++) {
		p->w[k] /= sum;
		squares += p->w[k] * p->w[k];
	}
	p->mueff = 1 / squares;
	p->cs = (p->mueff + 2) / (n + p->mueff + 5);
	p->ds = 1 + p->cs + 2 * fmax(0, sqrt((p->mueff - 1) / (n + 1)) - 1);
	p->cc = (4 + p->mueff / n) / (n + 4 + 2 * p->mueff / n);
	p->c1 = 2 / ((n + 1.3) * (n + 1.3) + p->mueff);
	p->cmu = fmin(1 - p->c1, 2 * (p->mueff - 2 + 1 / p->mueff) /
					 ((n + 2) * (n + 2) + p->mueff));
	p->chi = sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
}

static void
open_population(struct population *p, size_t n)
{
	p->lambda = 4 + (size_t)(3 * log((double)n));
	p->m = gsl_vector_alloc(n);
	p->ps = gsl_vector_alloc(n);
	p->pc = gsl_vector_alloc(n);
	p->d = gsl_vector_alloc(n);
	p->t = gsl_vector_alloc(n);
	p->u = gsl_vector_alloc(n);
	p->c = gsl_matrix_alloc(n, n);
	p->b = gsl_matrix_alloc(n, n);
}

static void
start_population(struct population *p, const double *start, size_t n)
{
	size_t k;

	choose_strategy(p, n);
	gsl_matrix_free(p->y);
	p->y = gsl_matrix_alloc(p->lambda, n);
	for (k = 0; k < n; k++)
		gsl_vector_set(p->m, k, start[k]);
	gsl_vector_set_zero(p->ps);
	gsl_vector_set_zero(p->pc);
	gsl_vector_set_all(p->d, 1);
	gsl_matrix_set_identity(p->c);
	p->sigma = SPREAD;
	p->g = p->flat = 0;
	p->last = INFINITY;
}

/* C = B D^2 B', where d is D. */
static void
decompose(struct population *p)
{
	size_t n = p->m->size, k;
	gsl_eigen_symmv_workspace *w = gsl_eigen_symmv_alloc(n);
	gsl_matrix *c = gsl_matrix_alloc(n, n);

	gsl_matrix_memcpy(c, p->c);
	gsl_eigen_symmv(c, p->d, p->b, w);
	for (k = 0; k < n; k++)
		gsl_vector_set(p->d, k,
			       sqrt(fmax(gsl_vector_get(p->d, k), 1e-20)));
	gsl_matrix_free(c);
	gsl_eigen_symmv_free(w);
}

static void
ask_population(struct search *s)
{
	struct population *p = &s->p;
	size_t n = s->plan.n, i, k;

	decompose(p);
	for (i = 0; i < p->lambda; i++) {
		gsl_vector_view y = gsl_matrix_row(p->y, i);
		double *x = add_point(s);

		for (k = 0; k < n; k++)
			gsl_vector_set(p->t, k,
				       gsl_vector_get(p->d, k) *
					       gsl_ran_ugaussian(s->rng));
		gsl_blas_dgemv(CblasNoTrans, 1, p->b, p->t, 0, &y.vector);
		for (k = 0; k < n; k++)
			x[k] = mirror(gsl_vector_get(p->m, k) +
				      p->sigma * gsl_vector_get(&y.vector, k));
	}
}

/* The two paths; t is the mean step, which moves the mean. */
static bool
lengthen_paths(struct population *p)
{
	size_t n = p->m->size, k;
	double norm, fading, h;

	/* u = C^-1/2 t */
	gsl_blas_dgemv(CblasTrans, 1, p->b, p->t, 0, p->u);
	gsl_vector_div(p->u, p->d);
	gsl_blas_dscal(1 - p->cs, p->ps);
	gsl_blas_dgemv(CblasNoTrans, sqrt(p->cs * (2 - p->cs) * p->mueff), p->b,
		       p->u, 1, p->ps);
	norm = gsl_blas_dnrm2(p->ps);
	fading = sqrt(1 - pow(1 - p->cs, 2 * (double)(p->g + 1)));
	h = norm / fading < (1.4 + 2 / ((double)n + 1)) * p->chi ? 1 : 0;
	gsl_blas_dscal(1 - p->cc, p->pc);
	for (k = 0; k < n; k++)
		gsl_vector_set(
			p->pc, k,
			gsl_vector_get(p->pc, k) +
				h * sqrt(p->cc * (2 - p->cc) * p->mueff) *
					gsl_vector_get(p->t, k));
	p->sigma *= exp(p->cs / p->ds * (norm / p->chi - 1));
	return h > 0;
}

static void
tell_population(struct search *s, const double *score)
{
	struct population *p = &s->p;
	size_t *order = sort_scores(score, p->lambda), k;
	bool h;

	gsl_vector_set_zero(p->t);
	for (k = 0; k < p->mu; k++) {
		gsl_vector_view y = gsl_matrix_row(p->y, order[k]);

		gsl_blas_daxpy(p->w[k], &y.vector, p->t);
	}
	gsl_blas_daxpy(p->sigma, p->t, p->m);
	h = lengthen_paths(p);
	gsl_matrix_scale(p->c, 1 - p->c1 - p->cmu +
				       (h ? 0 : p->c1 * p->cc * (2 - p->cc)));
	gsl_blas_dger(p->c1, p->pc, p->pc, p->c);
	for (k = 0; k < p->mu; k++) {
		gsl_vector_view y = gsl_matrix_row(p->y, order[k]);

		gsl_blas_dger(p->cmu * p->w[k], &y.vector, &y.vector, p->c);
	}
	p->g++;
	p->flat = score[order[0]] == p->last ? p->flat + 1 : 0;
	p->last = score[order[0]];
	free(order);
}

static bool
is_at_rest(const struct population *p)
{
	return p->flat >= FLAT || !(p->sigma * gsl_vector_max(p->d) > AT_REST);
}

/* ---- The search ---- */

struct search *
search_begin(const struct search_plan *plan)
{
	struct search *s = zeros(1, sizeof *s);

	s->plan = *plan;
	s->fresh = true;
	s->rng = gsl_rng_alloc(gsl_rng_mt19937);
	/* GSL takes 0 for its own default, 4357. */
	gsl_rng_set(s->rng, plan->seed);
	if (plan->way == SEARCH_SIMPLEX)
		open_simplexes(s);
	else
		open_population(&s->p, plan->n);
	return s;
}

size_t
search_ask(struct search *s, const double **points)
{
	s->npoints = 0;
	if (s->stage == SEARCH_ON && s->plan.way == SEARCH_SIMPLEX)
		ask_simplexes(s);
	else if (s->stage == SEARCH_ON && !is_at_rest(&s->p))
		ask_population(s);
	if (s->npoints == 0) {
		if (s->stage == SEARCH_ON && s->plan.way == SEARCH_CMAES)
			s->p.lambda *= 2;
		s->stage = SEARCH_CUBE;
		ask_cube(s);
	}
	*points = s->point;
	return s->npoints;
}

void
search_tell(struct search *s, const double *score)
{
	size_t *order;

	if (s->stage == SEARCH_ON && s->plan.way == SEARCH_SIMPLEX) {
		tell_simplexes(s, score);
		return;
	}
	if (s->stage == SEARCH_ON) {
		tell_population(s, score);
		return;
	}
	order = sort_scores(score, s->npoints);
	if (s->plan.way == SEARCH_SIMPLEX)
		start_simplexes(s, order);
	else
		start_population(&s->p, s->point + order[0] * s->plan.n,
				 s->plan.n);
	free(order);
	s->stage = SEARCH_ON;
}

static void
close_population(struct population *p)
{
	free(p->w);
	gsl_vector_free(p->m);
	gsl_vector_free(p->ps);
	gsl_vector_free(p->pc);
	gsl_vector_free(p->d);
	gsl_vector_free(p->t);
	gsl_vector_free(p->u);
	gsl_matrix_free(p->c);
	gsl_matrix_free(p->b);
	gsl_matrix_free(p->y);
}

void
search_end(struct search *s)
{
	size_t k;

	for (k = 0; s->simplex && k < s->plan.starts; k++) {
		free(s->simplex[k].start);
		free(s->simplex[k].asked);
		free(s->simplex[k].best);
		free(s->simplex[k].score);
	}
	free(s->simplex);
	free(s->who);
	free(s->point);
	close_population(&s->p);
	gsl_rng_free(s->rng);
	free(s);
}
