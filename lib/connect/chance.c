#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connect/chance.h"
#include "rows.h"
#include "util.h"

static unsigned metric = 1;

const struct opt chance_opts[] = {
	OPT_WORD(0, "metric", "name", &metric, "cylindrical|spherical",
		 "distance"),
	OPT_END,
};

size_t
chance_axes(void)
{
	return 2 + metric;
}

/* What an option says, while it is read. */
enum key { P, PMAX, PTOTAL, MU, SIGMA, LAMBDA, MIN, MAX, KEYS };

static const char *const key_name[] = {
	"p", "pmax", "ptotal", "mu", "sigma", "lambda", "min", "max", NULL};

struct saying {
	const char *option, *text;
	double value[KEYS]; /* NaN: nothing is said */
};

static const char *const kind_name[] = {"constant",    "uniform", "gaussian",
					"exponential", "table",   NULL};

/* Which of them each function takes; all but PMAX, PTOTAL, MU, MIN and MAX are
 * needed. */
#define BIT(key) (1U << (key))
static const unsigned takes[] = {
	[UNIFORM] = BIT(P) | BIT(MIN) | BIT(MAX),
	[GAUSSIAN] = BIT(PMAX) | BIT(PTOTAL) | BIT(MU) | BIT(SIGMA) | BIT(MIN) |
		     BIT(MAX),
	[EXPONENTIAL] = BIT(PMAX) | BIT(LAMBDA) | BIT(MIN) | BIT(MAX),
};

static size_t
place(const char *s, size_t len, const char *const *words)
{
	size_t i;

	for (i = 0; words[i]; i++)
		if (strlen(words[i]) == len && !strncmp(words[i], s, len))
			break;
	return i;
}

static enum key
find_key(const struct saying *s, const char *word, size_t len, unsigned keys)
{
	size_t key = place(word, len, key_name);

	if (key < KEYS && keys & BIT(key))
		return (enum key)key;
	misuse("--%s: this function has no '%.*s': '%s'", s->option, (int)len,
	       word, s->text);
}

static void
take_word(struct saying *s, const char *word, unsigned keys)
{
	size_t len = strcspn(word, "=");
	enum key key;

	if (!word[len])
		misuse("--%s: not NAME=NUMBER: '%s'", s->option, word);
	key = find_key(s, word, len, keys);
	if (!isnan(s->value[key]))
		misuse("--%s: '%s' is there twice: '%s'", s->option,
		       key_name[key], s->text);
	if (!parse_num(word + len + 1, &s->value[key]) || isnan(s->value[key]))
		misuse("--%s: not a number: '%s'", s->option, word);
}

static void
take_words(struct saying *s, const char *words, unsigned keys)
{
	char *text = copy(words), *rest = text, *word;
	size_t k;

	for (k = 0; k < KEYS; k++)
		s->value[k] = NAN;
	while ((word = strsep(&rest, ",")))
		take_word(s, word, keys);
	free(text);
}

static void
need(const struct saying *s, enum key key)
{
	if (isnan(s->value[key]))
		misuse("--%s: no '%s': '%s'", s->option, key_name[key],
		       s->text);
}

static double
said(const struct saying *s, enum key key, double otherwise)
{
	return isnan(s->value[key]) ? otherwise : s->value[key];
}

static void
check_chance(const struct saying *s, double p, double most)
{
	if (!(p >= 0 && p <= most && p < INFINITY))
		misuse("--%s: not %s: '%s'", s->option,
		       most == 1 ? "from 0 to 1" : "from 0 on", s->text);
}

/* A length of the function, in um. */
static double
length(const struct saying *s, enum key key)
{
	need(s, key);
	if (!(s->value[key] > 0 && s->value[key] < INFINITY))
		misuse("--%s: %s is not above 0: '%s'", s->option,
		       key_name[key], s->text);
	return s->value[key];
}

static void
take_range(const struct saying *s, struct chance *c)
{
	c->min = said(s, MIN, 0);
	c->max = said(s, MAX, INFINITY);
	if (!(c->min >= 0 && c->min < INFINITY && c->min <= c->max))
		misuse("--%s: min and max are not 0 <= min <= max: '%s'",
		       s->option, s->text);
}

static double
density(double r, void *arg)
{
	const struct chance *c = arg;
	double x = (r - c->mu) / c->sigma;
	double weight = chance_axes() == 3 ? 3 * r * r : 2 * r;

	return weight * exp(-x * x / 2);
}

/* The integral of the Gaussian of height 1 over uniform density from min to
 * max, for where it is no more than the rounding of its closed form: where
 * the Gaussian is so broad that it is flat there, or so far off that only
 * its tail is there. */
static double
integrate(struct chance *c)
{
	gsl_integration_glfixed_table *t =
		gsl_integration_glfixed_table_alloc(64);
	double low = fmax(c->min, c->mu - 40 * c->sigma);
	double high = fmin(c->max, c->mu + 40 * c->sigma), sum;
	gsl_function f = {density, c};

	if (!t)
		die("out of memory");
	sum = low < high ? gsl_integration_glfixed(&f, low, high, t) : 0;
	gsl_integration_glfixed_table_free(t);
	return sum;
}

/* The same by the antiderivative, 3r^2 (in the plane 2r) times the Gaussian
 * with r = mu + sigma x, of which exp(-x^2/2) is phi:
 *
 *	1.5 sigma (sigma^2 + mu^2) sqrt(2 pi) erf(x/sqrt 2)
 *		- 3 sigma^2 (2 mu + sigma x) phi
 *	sigma mu sqrt(2 pi) erf(x/sqrt 2) - 2 sigma^2 phi
 *
 * scale adds up what is subtracted. */
static double
antiderivative(const struct chance *c, double r, double *scale)
{
	double mu = c->mu, sigma = c->sigma, x = (r - mu) / sigma, a, b;
	double phi = exp(-x * x / 2);
	double root = sqrt(2 * M_PI) * erf(x / M_SQRT2);

	if (chance_axes() == 3) {
		a = 1.5 * sigma * (sigma * sigma + mu * mu) * root;
		b = 3 * sigma * sigma * (2 * mu + sigma * x) * phi;
	} else {
		a = sigma * mu * root;
		b = 2 * sigma * sigma * phi;
	}
	*scale += fabs(a) + fabs(b);
	return a - b;
}

static void
warn_of_cut(const struct saying *s, const struct chance *c)
{
	double half = c->sigma * sqrt(2 * log(c->p));
	double low = fmax(c->min, c->mu - half);
	double high = fmin(c->max, c->mu + half);

	warn("--%s: '%s' needs a pmax of %.4g: cut at 1 from %.4g to %.4g um",
	     s->option, s->text, c->p, low, high);
}

/* The pmax that gives the mean asked for. */
static void
solve_pmax(const struct saying *s, struct chance *c)
{
	double axes = (double)chance_axes(), scale = 0, sum, all;

	if (!(c->max < INFINITY))
		misuse("--%s: ptotal needs a max: '%s'", s->option, s->text);
	if (!(c->min < c->max))
		misuse("--%s: ptotal needs a max above min: '%s'", s->option,
		       s->text);
	sum = antiderivative(c, c->max, &scale) -
	      antiderivative(c, c->min, &scale);
	if (!(sum > 1e-6 * scale))
		sum = integrate(c);
	all = pow(c->max, axes) - pow(c->min, axes);
	c->p = s->value[PTOTAL] * all / sum;
	if (!(c->p < INFINITY))
		misuse("--%s: no pmax gives this ptotal: '%s'", s->option,
		       s->text);
	/* A pmax that is above 1 by its last bits is 1, but for rounding. */
	if (c->p > 1 + 1e-12 &&
	    c->mu - c->sigma * sqrt(2 * log(c->p)) < c->max &&
	    c->mu + c->sigma * sqrt(2 * log(c->p)) > c->min)
		warn_of_cut(s, c);
}

static void
take_gaussian(const struct saying *s, struct chance *c)
{
	bool total = !isnan(s->value[PTOTAL]);

	if (total && (!isnan(s->value[PMAX]) || c->most > 1))
		misuse("--%s: %s: '%s'", s->option,
		       c->most > 1 ? "a rate has no ptotal"
				   : "pmax and ptotal exclude each other",
		       s->text);
	c->sigma = length(s, SIGMA);
	c->mu = said(s, MU, 0);
	if (!isfinite(c->mu))
		misuse("--%s: mu is not finite: '%s'", s->option, s->text);
	if (!total)
		need(s, PMAX);
	c->p = s->value[total ? PTOTAL : PMAX];
	check_chance(s, c->p, c->most);
	if (total)
		solve_pmax(s, c);
}

static void
take_function(struct saying *s, const char *words, struct chance *c)
{
	take_words(s, words, takes[c->kind]);
	take_range(s, c);
	if (c->kind == GAUSSIAN) {
		take_gaussian(s, c);
		return;
	}
	if (c->kind == EXPONENTIAL)
		c->lambda = length(s, LAMBDA);
	need(s, c->kind == UNIFORM ? P : PMAX);
	c->p = s->value[c->kind == UNIFORM ? P : PMAX];
	check_chance(s, c->p, c->most);
}

static void
take_point(struct chance *c, const struct rows *r, size_t distance,
	   size_t probability)
{
	double d = rows_num(r, distance), p = rows_num(r, probability);

	if (!(d >= 0 && d < INFINITY))
		rows_bad(r, distance, "not a distance");
	if (c->n > 0 && !(d > c->distance[c->n - 1]))
		rows_bad(r, distance, "not ascending");
	if (!(p >= 0 && p <= c->most && p < INFINITY))
		rows_bad(r, probability,
			 c->most == 1 ? "not from 0 to 1" : "not from 0 on");
	c->distance[c->n] = d;
	c->probability[c->n++] = p;
}

static void
take_table(const char *path, struct chance *c)
{
	size_t cap[2] = {0}, distance, probability;
	struct rows r;

	rows_open(&r, path);
	distance = rows_column(&r, "distance_um");
	probability = rows_column(&r, c->most == 1 ? "probability" : "rate");
	while (rows_next(&r)) {
		c->distance = grow(c->distance, &cap[0], c->n + 1,
				   sizeof *c->distance);
		c->probability = grow(c->probability, &cap[1], c->n + 1,
				      sizeof *c->probability);
		take_point(c, &r, distance, probability);
	}
	if (c->n == 0)
		die("%s: no distances", r.path);
	rows_close(&r);
	c->min = c->distance[0];
	c->max = c->distance[c->n - 1];
}

/* exp(-k / STEPS): a draw is seldom so near to a chance that this does not say
 * which is greater.  It saves an eighth of what edges by distance take. */
enum { STEPS = 32, FARTHEST = 16 };
static double fall[STEPS * FARTHEST + 2];

static void
fill_fall(void)
{
	size_t k;

	for (k = 0; k < LEN(fall); k++)
		fall[k] = exp(-(double)k / STEPS);
}

static void
read_function(const char *option, const char *text, struct chance *c)
{
	struct saying s = {.option = option, .text = text};
	size_t len = strcspn(text, ":"), kind = place(text, len, kind_name);

	if (parse_num(text, &c->p)) {
		check_chance(&s, c->p, c->most);
		return;
	}
	if (!text[len] || !kind_name[kind] || kind == CONSTANT)
		misuse("--%s: neither a number nor a function: '%s'", option,
		       text);
	c->kind = (unsigned)kind;
	fill_fall();
	if (kind == TABLE)
		take_table(text + len + 1, c);
	else
		take_function(&s, text + len + 1, c);
}

void
chance_read(const char *option, const char *text, struct chance *c)
{
	*c = (struct chance){.max = INFINITY, .most = 1};
	read_function(option, text, c);
}

void
chance_read_rate(const char *option, const char *text, struct chance *c)
{
	*c = (struct chance){.max = INFINITY, .most = INFINITY};
	read_function(option, text, c);
}

void
chance_free(struct chance *c)
{
	free(c->distance);
	free(c->probability);
	*c = (struct chance){0};
}

bool
chance_needs_distance(const struct chance *c)
{
	return c->kind != CONSTANT;
}

/* The first point of a table at a distance or farther; there is one. */
static size_t
point_from(const struct chance *c, double distance)
{
	size_t low = 0, high = c->n - 1;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (c->distance[mid] < distance)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static double
between_points(const struct chance *c, double distance)
{
	size_t i = point_from(c, distance);
	double part;

	if (c->distance[i] <= distance)
		return c->probability[i];
	part = (distance - c->distance[i - 1]) /
	       (c->distance[i] - c->distance[i - 1]);
	return (1 - part) * c->probability[i - 1] + part * c->probability[i];
}

/* Of numbers: fmin() and fmax() are calls, a fortieth of the time. */
static inline double
least(double a, double b)
{
	return a < b ? a : b;
}

static inline double
greatest(double a, double b)
{
	return a > b ? a : b;
}

double
chance_at(const struct chance *c, double distance)
{
	double x;

	if (c->kind == CONSTANT)
		return c->p;
	if (!(distance >= c->min && distance <= c->max))
		return 0;
	switch (c->kind) {
	case GAUSSIAN:
		x = (distance - c->mu) / c->sigma;
		return least(c->p * exp(-x * x / 2), c->most);
	case EXPONENTIAL:
		return c->p * exp(-distance / c->lambda);
	case TABLE:
		return between_points(c, distance);
	default:
		return c->p;
	}
}

bool
chance_hits(const struct chance *c, double distance, double draw)
{
	const double *near;
	double x = INFINITY;

	if (c->kind == GAUSSIAN) {
		x = (distance - c->mu) / c->sigma;
		x = x * x / 2;
	} else if (c->kind == EXPONENTIAL) {
		x = distance / c->lambda;
	}
	if (x < FARTHEST) {
		near = &fall[(size_t)(x * STEPS)];
		if (draw > c->p * near[0] * (1 + 1e-12))
			return false;
		if (draw < c->p * near[1] * (1 - 1e-12) && draw < c->most)
			return distance >= c->min && distance <= c->max;
	}
	return draw < chance_at(c, distance);
}

double
chance_greatest(const struct chance *c, double low, double high)
{
	double most;
	size_t i;

	if (c->kind == CONSTANT)
		return c->p;
	/* A millionth of a millionth is far above the rounding of distances. */
	low = greatest(c->min, low * (1 - 1e-12));
	high = least(c->max, high * (1 + 1e-12));
	if (!(low <= high))
		return 0;
	if (c->kind == GAUSSIAN)
		return chance_at(c, least(greatest(c->mu, low), high));
	most = chance_at(c, low);
	if (c->kind != TABLE)
		return most;
	most = fmax(most, chance_at(c, high));
	for (i = point_from(c, low); i < c->n && c->distance[i] < high; i++)
		most = fmax(most, c->probability[i]);
	return most;
}
