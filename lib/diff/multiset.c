#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "diff/multiset.h"
#include "util.h"

#define PARTS ((size_t)1 << 12)

/* The sums of the rows of one file; then these on their way back, and those of
 * one key. */
struct multiset_side {
	uint64_t n, sum[PARTS][2];
	struct spill *spill;
	const uint64_t *key;
	const char *run;
	size_t nrun, at;
	uint64_t **row; /* of the group, in order; NULL: matched */
	uint64_t *room;
	size_t rows, mrow, mroom;
};

uint64_t
multiset_hash(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9E3779B97F4A7C15u;
	h = (h ^ h >> 32) * 0xD6E8FEB86659FD93u;
	return h ^ h >> 29;
}

/* ---- Sums ---- */

static size_t
part_of(const struct multiset *m, const uint64_t *row)
{
	return multiset_hash(row[0], m->ids > 1 ? row[1] : 0) & (PARTS - 1);
}

/* Two sums of 64 bits, by two seeds. */
void
multiset_sum(struct multiset *m, int file, const uint64_t *row)
{
	struct multiset_side *s = m->side[file];
	uint64_t h[2] = {1, 2}, *sum;
	size_t k;

	if (!s)
		s = m->side[file] = zeros(1, sizeof *s);
	sum = s->sum[part_of(m, row)];
	s->n++;
	if (m->in_order)
		h[0] = s->n + 2;
	for (k = 0; k < m->width; k++) {
		h[0] = multiset_hash(h[0], row[k]);
		h[1] = multiset_hash(h[1], row[k]);
	}
	sum[0] += h[0];
	sum[1] += h[1];
	for (k = 0; k < m->ids; k++)
		if (row[k] > m->greatest[k])
			m->greatest[k] = row[k];
}

bool
multiset_is_same(const struct multiset *m)
{
	const struct multiset_side *a = m->side[0], *b = m->side[1];

	if (!a || !b)
		return !a && !b;
	return a->n == b->n && !memcmp(a->sum, b->sum, sizeof a->sum);
}

/* ---- Sorting ---- */

/* Are the ids small enough that a pair of them is a key, which sorts as they
 * do?  Otherwise the key is a number made of both. */
static bool
is_ordered(const struct multiset *m)
{
	return m->greatest[0] < INT64_MAX && m->greatest[1] < INT64_MAX &&
	       m->greatest[0] + 1 <= INT64_MAX / (m->greatest[1] + 1);
}

static uint64_t
key_of(const struct multiset *m, const uint64_t *row)
{
	uint64_t second = m->ids > 1 ? row[1] : 0;

	if (is_ordered(m))
		return row[0] * (m->greatest[1] + 1) + second;
	return multiset_hash(row[0], second) >> 1;
}

void
multiset_start(struct multiset *m, size_t memory)
{
	uint64_t limit = (uint64_t)1 << 63;
	int i;

	if (is_ordered(m))
		limit = (m->greatest[0] + 1) * (m->greatest[1] + 1);
	for (i = 0; i < 2; i++) {
		if (!m->side[i])
			m->side[i] = zeros(1, sizeof *m->side[i]);
		m->side[i]->spill = spill_new(
			limit, m->width * sizeof(uint64_t), memory / 2);
	}
}

void
multiset_add(struct multiset *m, int file, const uint64_t *row)
{
	size_t part = part_of(m, row);

	if (memcmp(m->side[0]->sum[part], m->side[1]->sum[part],
		   sizeof m->side[0]->sum[part]) != 0)
		spill_add(m->side[file]->spill, key_of(m, row), row);
}

/* ---- Groups ---- */

static bool
is_at_end(struct multiset_side *s)
{
	if (s->at == s->nrun) {
		s->nrun = spill_next(s->spill, &s->key, &s->run);
		s->at = 0;
	}
	return s->nrun == 0;
}

static int
compare_ids(const struct multiset *m, const uint64_t *a, const uint64_t *b)
{
	size_t k;

	for (k = 0; k < m->ids; k++)
		if (a[k] != b[k])
			return (a[k] > b[k]) - (a[k] < b[k]);
	return 0;
}

static int
compare_rows(const struct multiset *m, const uint64_t *a, const uint64_t *b)
{
	int c = compare_ids(m, a, b);
	size_t k;

	for (k = m->ids; c == 0 && k < m->width; k++)
		c = datum_compare(a[k], b[k]);
	return c;
}

static int
by_row(const void *a, const void *b, void *m)
{
	const uint64_t *const *p = a, *const *q = b;

	return compare_rows(m, *p, *q);
}

/* Gather and sort all rows of a key.  A run may end within it. */
static void
take_group(struct multiset *m, struct multiset_side *s, uint64_t key)
{
	size_t i, size = m->width * sizeof(uint64_t);

	for (s->rows = 0; !is_at_end(s) && s->key[s->at] == key; s->at++) {
		s->room = grow(s->room, &s->mroom, (s->rows + 1) * m->width,
			       sizeof *s->room);
		memcpy(s->room + s->rows++ * m->width, s->run + s->at * size,
		       size);
	}
	s->row = grow(s->row, &s->mrow, s->rows, sizeof(uint64_t *));
	for (i = 0; i < s->rows; i++)
		s->row[i] = s->room + i * m->width;
	if (s->rows > 1)
		qsort_r(s->row, s->rows, sizeof(uint64_t *), by_row, m);
}

/* Take the rows away that have been matched. */
static void
close_gaps(struct multiset_side *s)
{
	size_t i, n = 0;

	for (i = 0; i < s->rows; i++)
		if (s->row[i])
			s->row[n++] = s->row[i];
	s->rows = n;
}

/* ---- What is the same ---- */

static void
match_equal(const struct multiset *m, struct multiset_side *a,
	    struct multiset_side *b)
{
	size_t i = 0, k = 0;
	int c;

	while (i < a->rows && k < b->rows) {
		c = compare_rows(m, a->row[i], b->row[k]);
		if (c == 0)
			a->row[i] = b->row[k] = NULL;
		i += c <= 0;
		k += c >= 0;
	}
	close_gaps(a);
	close_gaps(b);
}

static bool
are_near(const struct multiset *m, const uint64_t *a, const uint64_t *b)
{
	size_t k;

	for (k = m->ids; k < m->width; k++)
		if (!datum_is_near(m->datums, a[k], b[k]))
			return false;
	return true;
}

/* How a row of the second file stands to one of the first by what they are
 * sorted by first: before it, 0 within the tolerance, or behind it. */
static int
stands(const struct multiset *m, const uint64_t *a, const uint64_t *b)
{
	int c = compare_ids(m, b, a);

	if (c == 0 && m->width > m->ids &&
	    !datum_is_near(m->datums, a[m->ids], b[m->ids]))
		c = datum_compare(b[m->ids], a[m->ids]);
	return c;
}

/* Rows that are no further from each other than is tolerated.  Of one value,
 * such as the time of a spike, this finds as many pairs as there are: each row
 * takes the lowest that is left. */
static void
match_near(const struct multiset *m, struct multiset_side *a,
	   struct multiset_side *b)
{
	size_t i, k, from = 0;

	for (i = 0; i < a->rows; i++) {
		while (from < b->rows &&
		       (!b->row[from] ||
			stands(m, a->row[i], b->row[from]) < 0))
			from++;
		for (k = from; k < b->rows; k++) {
			if (!b->row[k])
				continue;
			if (stands(m, a->row[i], b->row[k]) > 0)
				break;
			if (are_near(m, a->row[i], b->row[k])) {
				a->row[i] = b->row[k] = NULL;
				break;
			}
		}
	}
	close_gaps(a);
	close_gaps(b);
}

/* ---- What is not ---- */

static void
match_changed(const struct multiset *m, struct multiset_side *a,
	      struct multiset_side *b)
{
	size_t i = 0, k = 0;
	int c;

	while (i < a->rows && k < b->rows) {
		c = compare_ids(m, a->row[i], b->row[k]);
		if (c == 0) {
			m->changed(m->arg, a->row[i], b->row[k]);
			a->row[i] = b->row[k] = NULL;
		}
		i += c <= 0;
		k += c >= 0;
	}
	close_gaps(a);
	close_gaps(b);
}

static void
tell_only(const struct multiset *m, int file)
{
	const struct multiset_side *s = m->side[file];
	size_t i, first;

	for (first = 0; first < s->rows; first = i) {
		for (i = first + 1; i < s->rows; i++)
			if (compare_rows(m, s->row[first], s->row[i]) != 0)
				break;
		m->only(m->arg, file, s->row[first], i - first);
	}
}

static void
compare_group(struct multiset *m)
{
	struct multiset_side *a = m->side[0], *b = m->side[1];

	match_equal(m, a, b);
	if (a->rows && b->rows && !datum_is_exact(m->datums))
		match_near(m, a, b);
	if (a->rows && b->rows && m->changed)
		match_changed(m, a, b);
	tell_only(m, 0);
	tell_only(m, 1);
}

/* The least key that is left in either file; false at the end. */
static bool
next_key(struct multiset *m, uint64_t *key)
{
	bool any = false;
	int i;

	for (i = 0; i < 2; i++) {
		struct multiset_side *s = m->side[i];

		if (is_at_end(s))
			continue;
		if (!any || s->key[s->at] < *key)
			*key = s->key[s->at];
		any = true;
	}
	return any;
}

void
multiset_compare(struct multiset *m)
{
	uint64_t key;

	while (next_key(m, &key)) {
		take_group(m, m->side[0], key);
		take_group(m, m->side[1], key);
		compare_group(m);
	}
}

void
multiset_free(struct multiset *m)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (!m->side[i])
			continue;
		if (m->side[i]->spill)
			spill_free(m->side[i]->spill);
		free(m->side[i]->row);
		free(m->side[i]->room);
		free(m->side[i]);
	}
}
