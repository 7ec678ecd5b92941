#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connect/twoway.h"
#include "util.h"

void
twoway_read(struct twoway *t, const char *const option[2],
	    const char *const text[2])
{
	chance_read(option[FORWARD], text[FORWARD], &t->p[FORWARD]);
	t->equal = strcmp(text[FORWARD], text[BACKWARD]) == 0;
	if (t->equal)
		t->p[BACKWARD] = t->p[FORWARD];
	else
		chance_read(option[BACKWARD], text[BACKWARD], &t->p[BACKWARD]);
}

static void
free_rule(struct twoway *t)
{
	chance_free(&t->p[FORWARD]);
	if (!t->equal)
		chance_free(&t->p[BACKWARD]);
	chance_free(&t->both);
}

static bool
needs_distance(const struct twoway *t)
{
	return chance_needs_distance(&t->p[FORWARD]) ||
	       chance_needs_distance(&t->p[BACKWARD]) ||
	       (t->kind != BOTH_BY_CORRELATION &&
		chance_needs_distance(&t->both));
}

static double
wanted_both(const struct twoway *t, double p0, double p1, double distance)
{
	switch (t->kind) {
	case BOTH_BY_CHANCE:
		return chance_at(&t->both, distance);
	case BOTH_BY_RATE:
		return p0 * p1 * chance_at(&t->both, distance);
	default:
		return p0 * p1 + t->rho * sqrt(p0 * (1 - p0) * p1 * (1 - p1));
	}
}

/* A correlation of 1 or -1 is on the bounds, but for rounding.  The chances
 * of a pair that cannot be connected either way do not give way. */
struct twoway_chances
twoway_at(const struct twoway *t, double distance)
{
	double p0 = chance_at(&t->p[FORWARD], distance);
	double p1 = t->equal ? p0 : chance_at(&t->p[BACKWARD], distance);
	double both = wanted_both(t, p0, p1, distance);
	double low = fmax(0, p0 + p1 - 1), high = fmin(p0, p1);
	double margin = 1e-14 * fmax(p0, p1);
	bool below = both<low + margin, above = both> high - margin;

	return (struct twoway_chances){
		.p = {p0, p1},
		.both = above   ? high
			: below ? low
				: both,
		.cut = (p0 > 0 || p1 > 0) &&
		       (both < low - margin || both > high + margin)};
}

/* The directions that a number from 0 up to 1 says, as bits: one draw of
 * four. */
static unsigned
draw(const struct twoway_chances *c, double u)
{
	if (u < c->both)
		return TWOWAY_ALL;
	if (u < c->p[FORWARD])
		return 1U << FORWARD;
	return u < c->p[FORWARD] + c->p[BACKWARD] - c->both ? 1U << BACKWARD
							    : 0;
}

/* The greatest chance that a pair is connected at all. */
static double
greatest(const void *twoway, double low, double high)
{
	const struct twoway *t = twoway;
	struct twoway_chances c;
	double p0, p1;

	if (!needs_distance(t)) {
		c = twoway_at(t, 0);
		return fmin(c.p[FORWARD] + c.p[BACKWARD] - c.both, 1);
	}
	p0 = chance_greatest(&t->p[FORWARD], low, high);
	p1 = t->equal ? p0 : chance_greatest(&t->p[BACKWARD], low, high);
	return fmin(p0 + p1, 1);
}

void
twoway_begin(struct twoway_pairs *p, const char *tool, char *const *paths)
{
	size_t k;

	for (k = 0; k < p->nclasses; k++)
		if (needs_distance(&p->rule[k]))
			p->axes = chance_axes();
	pool_read(paths, p->axes, &p->pool[0], &p->pool[1], &p->same);
	connect_shard(p->pool[0].n, &p->first, &p->end);
	p->name = connect_name(&p->pool[0], &p->pool[1]);
	p->stream = random_name(tool, p->name);
}

void
twoway_end(struct twoway_pairs *p)
{
	size_t k;

	for (k = 0; k < p->nclasses; k++)
		free_rule(&p->rule[k]);
	candidates_free(p->candidates);
	free(p->stream);
	pool_free(&p->pool[0], &p->pool[1]);
}

void
twoway_check_symmetry(const char *const option[2], const char *const text[2])
{
	if (strcmp(text[FORWARD], text[BACKWARD]) != 0)
		misuse("--%s: within one group it is that of --%s",
		       option[BACKWARD], option[FORWARD]);
	if (connect_has_backward())
		misuse("--backward-property: within one group there is only "
		       "--property");
}

static struct twoway_partner *
partners_of(const struct twoway_pairs *p, size_t i, size_t *n)
{
	*n = 0;
	return p->partners ? p->partners(p->arg, i, n) : NULL;
}

/* 0 if the chances do not depend on distance. */
static double
distance_of(const struct twoway_pairs *p, size_t i, size_t j)
{
	struct grid_points a =
		apart_points(&p->pool[0], p->axes, 0, p->pool[0].n);
	struct grid_points b =
		apart_points(&p->pool[1], p->axes, 0, p->pool[1].n);

	return sqrt(grid_square(&a, i, &b, j));
}

/* ---- Drawing ---- */

/* What a row is: a direction, and whether the pair has the other one, too; and
 * its class, times four. */
enum { IS_BOTH = 2, A_CLASS = 4 };

/* A pair that is drawn. */
struct drawn_pair {
	uint32_t first;
	struct twoway_partner second;
	double distance;
};

/* u is uniform up to 1, or up to what the pair was picked with.  Rows have the
 * first cell of a pair as source, whatever the direction, so that they are
 * sorted by pairs. */
static void
draw_pair(const struct twoway_pairs *p, const struct drawn_pair *pair, double u,
	  struct random_stream *s, struct connect_rows *rows)
{
	const struct twoway *rule = &p->rule[pair->second.class];
	struct twoway_chances c = twoway_at(rule, pair->distance);
	unsigned drawn = draw(&c, u), k;
	unsigned kind = A_CLASS * pair->second.class +
			(drawn == TWOWAY_ALL ? IS_BOTH : 0);

	for (k = FORWARD; k <= BACKWARD; k++) {
		if (!(drawn & 1U << k))
			continue;
		connect_add(rows, pair->first, pair->second.cell,
			    connect_draw_synapses(rule->nsyns[k], s));
		rows->row[rows->n - 1].kind = (unsigned char)(kind + k);
	}
}

/* The random numbers of the pairs of a cell that are of a class. */
static struct random_stream
stream_of(const struct twoway_pairs *p, size_t i, size_t class)
{
	return random_stream(p->stream, p->pool[0].id[i], class);
}

static int
by_cell(const void *a, const void *b)
{
	const struct twoway_partner *s = a, *t = b;

	return (s->cell > t->cell) - (s->cell < t->cell);
}

/* The pairs of the first class. */
static void
draw_picks(const struct twoway_pairs *p, size_t i,
	   const struct twoway_partner *partner, size_t n,
	   struct connect_rows *rows)
{
	struct random_stream s = stream_of(p, i, 0);
	struct drawn_pair pair = {.first = (uint32_t)i};
	struct candidate_walk w;
	double most;
	size_t j;

	candidates_begin(&w, p->candidates, &p->pool[0], i,
			 p->same ? i + 1 : 0);
	while (candidates_next(&w, &s, &j, &pair.distance, &most)) {
		double u = random_draw(&s) * most;

		pair.second.cell = (uint32_t)j;
		if (n == 0 || !bsearch(&pair.second, partner, n,
				       sizeof *partner, by_cell))
			draw_pair(p, &pair, u, &s, rows);
	}
}

static void
connect_one(void *arg, size_t i, struct connect_rows *rows)
{
	const struct twoway_pairs *p = arg;
	struct random_stream s[TWOWAY_CLASSES];
	struct twoway_partner *partner;
	size_t n, k;

	partner = partners_of(p, i, &n);
	draw_picks(p, i, partner, n, rows);
	for (k = 1; k < p->nclasses; k++)
		s[k] = stream_of(p, i, k);
	for (k = 0; k < n; k++) {
		struct random_stream *own = &s[partner[k].class];
		struct drawn_pair pair = {(uint32_t)i, partner[k],
					  distance_of(p, i, partner[k].cell)};

		draw_pair(p, &pair, random_draw(own), own, rows);
	}
	free(partner);
}

static void
count_row(uint64_t made[OUTCOMES], unsigned direction, bool both)
{
	made[direction]++;
	if (!both)
		made[ONE_WAY]++;
	else if (direction == FORWARD)
		made[RECIPROCAL]++;
}

static void
write_rows(void *arg, const struct connect_rows *rows)
{
	struct twoway_pairs *p = arg;
	size_t i;

	for (i = 0; i < rows->n; i++) {
		const struct connect_row *r = &rows->row[i];
		unsigned direction = r->kind % 2;
		bool back = direction == BACKWARD;

		count_row(p->sums[r->kind / A_CLASS].made, direction,
			  r->kind & IS_BOTH);
		if (!(p->wanted & 1U << direction))
			continue;
		if (p->gap)
			back = p->pool[0].id[r->source] >
			       p->pool[1].id[r->target];
		if (back)
			connect_write_edge(&p->table[1], r->target, r->source,
					   r->nsyns);
		else
			connect_write_edge(&p->table[0], r->source, r->target,
					   r->nsyns);
	}
}

void
twoway_connect(struct twoway_pairs *p)
{
	static const char *const own[] = {"is_gap_junction"};
	static const char *const value[] = {"true"};
	size_t k;

	for (k = 0; k < 2; k++)
		p->table[k] = (struct connect_table){.source = &p->pool[k],
						     .target = &p->pool[!k],
						     .nsyns = p->nsyns,
						     .backward = k == BACKWARD,
						     .nown = p->gap ? 1 : 0,
						     .own = own,
						     .value = value};
	for (k = 0; k < p->nclasses; k++)
		memset(p->sums[k].made, 0, sizeof p->sums[k].made);
	if (!p->candidates)
		p->candidates = candidates_new(&p->pool[1], p->axes, greatest,
					       &p->rule[0]);
	connect_write_header(&p->table[p->wanted == 1U << BACKWARD]);
	connect_all(&(struct connect_work){.n = p->pool[0].n,
					   .make = connect_one,
					   .write = write_rows,
					   .arg = p});
}

/* ---- Sums over pairs ---- */

static bool
is_cut(const void *twoway, double distance)
{
	return twoway_at(twoway, distance).cut;
}

static struct apart_span
span_of(const struct twoway_pairs *p)
{
	return apart_span(&p->pool[0], &p->pool[1], p->same, p->axes);
}

struct apart
twoway_apart(const struct twoway_pairs *p)
{
	const struct apart_span span = span_of(p);
	const struct chance *c[3 * TWOWAY_CLASSES];
	struct apart a;
	size_t i, k = 0;

	for (i = 0; i < p->nclasses; i++) {
		c[k++] = &p->rule[i].p[FORWARD];
		c[k++] = &p->rule[i].p[BACKWARD];
		if (p->rule[i].kind != BOTH_BY_CORRELATION)
			c[k++] = &p->rule[i].both;
	}
	a = apart_make(&span, c, k);
	for (i = 0; i < p->nclasses; i++)
		apart_split(&a, is_cut, &p->rule[i]);
	return a;
}

bool
twoway_may_be_cut(const struct twoway_pairs *p)
{
	struct apart a = twoway_apart(p);
	bool cut = false;
	size_t i, k;

	for (k = 0; k < p->nclasses; k++)
		for (i = 0; i < a.n; i++)
			cut = cut || is_cut(&p->rule[k], a.distance[i]);
	apart_free(&a);
	return cut;
}

/* As a mean is moved, and not a sum divided, it is what was asked for to the
 * last bit where this is the same for all pairs. */
static void
move_mean(struct twoway_sums *s, size_t k, double p, double weight)
{
	if (s->possible[k] > 0)
		s->mean[k] +=
			(p - s->mean[k]) * (weight / (double)s->possible[k]);
}

/* Add n pairs of such chances, or take them away. */
static void
add_pairs(struct twoway_sums *s, const struct twoway_chances *c, uint64_t n,
	  bool fewer)
{
	const double p[OUTCOMES] = {c->p[FORWARD], c->p[BACKWARD], c->both,
				    c->p[FORWARD] + c->p[BACKWARD] -
					    2 * c->both};
	uint64_t more = fewer ? -n : n;
	size_t k;

	s->pairs += more;
	s->cut += c->cut ? more : 0;
	for (k = 0; k < OUTCOMES; k++) {
		if (!(p[k] > 0))
			continue;
		s->possible[k] += more;
		move_mean(s, k, p[k], fewer ? -(double)n : (double)n);
	}
}

/* Pairs of a class that were counted with the first one. */
static void
move_pairs(struct twoway_pairs *p, size_t class, double distance, uint64_t n)
{
	struct twoway_chances c = twoway_at(&p->rule[0], distance);

	add_pairs(&p->sums[0], &c, n, true);
	c = twoway_at(&p->rule[class], distance);
	add_pairs(&p->sums[class], &c, n, false);
}

/* The pairs of the other classes.  If distance does not count those of one go
 * together, as a sum of many is rounded. */
static void
move_partners(struct twoway_pairs *p)
{
	uint64_t together[TWOWAY_CLASSES] = {0};
	size_t i, k, n;

	for (i = p->first; i < p->end; i++) {
		struct twoway_partner *partner = partners_of(p, i, &n);

		for (k = 0; k < n; k++)
			if (p->axes)
				move_pairs(p, partner[k].class,
					   distance_of(p, i, partner[k].cell),
					   1);
			else
				together[partner[k].class]++;
		free(partner);
	}
	for (k = 1; k < p->nclasses; k++)
		move_pairs(p, k, 0, together[k]);
}

void
twoway_sum_up(struct twoway_pairs *p)
{
	struct apart_span span = span_of(p);
	struct apart a = twoway_apart(p);
	size_t i, k;

	span.first = p->first;
	span.end = p->end;
	for (k = 0; k < p->nclasses; k++) {
		struct twoway_sums none = {0};

		memcpy(none.made, p->sums[k].made, sizeof none.made);
		p->sums[k] = none;
	}
	apart_count(&a, &span);
	for (i = 0; i < a.n; i++) {
		struct twoway_chances c = twoway_at(&p->rule[0], a.distance[i]);

		add_pairs(&p->sums[0], &c, a.pairs[i], false);
	}
	apart_free(&a);
	move_partners(p);
}

static struct twoway_sums
total_of(const struct twoway_pairs *p)
{
	struct twoway_sums total = {0};
	size_t c, k;

	for (c = 0; c < p->nclasses; c++) {
		const struct twoway_sums *s = &p->sums[c];

		total.pairs += s->pairs;
		total.cut += s->cut;
		for (k = 0; k < OUTCOMES; k++) {
			total.possible[k] += s->possible[k];
			total.made[k] += s->made[k];
			move_mean(&total, k, s->mean[k],
				  (double)s->possible[k]);
		}
	}
	return total;
}

void
twoway_warn_of_cut(const struct twoway_pairs *p)
{
	struct twoway_sums s = total_of(p);

	if (s.cut > 0)
		warn("pr is outside [max(0, p0 + p1 - 1), min(p0, p1)] for "
		     "%" PRIu64 " of %" PRIu64 " pairs: cut to that",
		     s.cut, s.pairs);
}

/* A line of the report: of the pairs that may turn out so, or of all. */
static struct connect_outcome
outcome_line(const struct twoway_pairs *p, const struct twoway_sums *s,
	     size_t outcome, const char *of)
{
	static const char *const direction[] = {"forward", "backward",
						"reciprocal", "one-way"};
	double possible = (double)s->possible[outcome];
	bool all = of && !strcmp(of, "all");
	double part = all ? possible / (double)s->pairs : 1;

	return (struct connect_outcome){
		.source = p->pool[outcome == BACKWARD].name,
		.target = p->pool[outcome != BACKWARD].name,
		.direction = p->gap ? "gap" : direction[outcome],
		.kind = outcome < RECIPROCAL && !p->gap ? "directed"
							: "unordered",
		.of = of,
		.pairs = s->pairs,
		.possible = all ? s->pairs : s->possible[outcome],
		.made = s->made[outcome],
		.requested = possible > 0 || (all && s->pairs > 0)
				     ? s->mean[outcome] * part
				     : NAN};
}

void
twoway_report(const struct twoway_pairs *p, const char *const *class)
{
	struct connect_outcome line[OUTCOMES * (TWOWAY_CLASSES + 2)];
	const struct twoway_sums total = total_of(p);
	size_t each = p->gap ? 1 : OUTCOMES, n = 0, c, k;

	for (c = 0; p->nclasses > 1 && c < p->nclasses; c++)
		for (k = 0; k < each; k++)
			line[n++] = outcome_line(p, &p->sums[c], k, class[c]);
	for (k = 0; k < each; k++)
		line[n++] = outcome_line(p, &total, k, NULL);
	for (k = 0; k < each; k++)
		line[n++] = outcome_line(p, &total, k, "all");
	connect_report(p->name, line, n);
}
