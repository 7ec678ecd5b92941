#include <stdlib.h>
#include <string.h>

#include "sonata/typing.h"
#include "util.h"

#define MAX_TYPES 10000
#define FEW_TYPES 16

void
typing_start(struct typing *t, size_t columns, bool by_id)
{
	size_t i;

	*t = (struct typing){.columns = columns, .by_id = by_id};
	t->rank = zeros(columns, sizeof *t->rank);
	t->alive = zeros(columns, sizeof *t->alive);
	for (i = 0; i < columns; i++)
		t->alive[t->nalive++] = i;
}

bool
typing_makes(const struct typing *t, size_t column)
{
	size_t i;

	for (i = 0; i < t->nalive; i++)
		if (t->alive[i] == column)
			return true;
	return false;
}

/* --- the table of types --- */

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9E3779B97F4A7C15u;
	return h ^ h >> 29;
}

static uint64_t
hash(const struct typing *t, int64_t id, const uint64_t *value,
     const unsigned char *kind)
{
	uint64_t h = 1;
	size_t i;

	if (t->by_id)
		return mix(h, (uint64_t)id);
	for (i = 0; i < t->nalive; i++)
		h = mix(h, value[t->alive[i]] + kind[t->alive[i]]);
	return h;
}

static bool
is_type(const struct typing *t, size_t k, int64_t id, const uint64_t *value,
	const unsigned char *kind)
{
	const uint64_t *v = t->value + k * t->columns;
	const unsigned char *s = t->kind + k * t->columns;
	size_t i;

	if (t->by_id)
		return t->id[k] == id;
	for (i = 0; i < t->nalive; i++) {
		size_t c = t->alive[i];

		if (v[c] != value[c] || s[c] != kind[c])
			return false;
	}
	return true;
}

/* The slot of a type, or the empty one where it belongs. */
static size_t
find_slot(const struct typing *t, int64_t id, const uint64_t *value,
	  const unsigned char *kind)
{
	size_t i = (size_t)hash(t, id, value, kind) & (t->slots - 1);

	while (t->slot[i] && !is_type(t, t->slot[i] - 1, id, value, kind))
		i = (i + 1) & (t->slots - 1);
	return i;
}

static void
put_in_slot(struct typing *t, size_t k)
{
	size_t i =
		find_slot(t, t->by_id ? t->id[k] : 0, t->value + k * t->columns,
			  t->kind + k * t->columns);

	t->slot[i] = (uint32_t)k + 1;
}

static void
make_slots(struct typing *t, size_t slots)
{
	size_t k;

	free(t->slot);
	t->slots = slots;
	t->slot = zeros(slots, sizeof *t->slot);
	for (k = 0; k < t->n; k++)
		put_in_slot(t, k);
}

static void
add_type(struct typing *t, int64_t id, const uint64_t *value,
	 const unsigned char *kind)
{
	size_t k = t->n++, all = t->n * t->columns;

	if (t->n >= UINT32_MAX)
		die("more types than can be");
	t->value = grow(t->value, &t->mvalue, all + 1, sizeof *t->value);
	t->kind = grow(t->kind, &t->mkind, all + 1, sizeof *t->kind);
	t->id = grow(t->id, &t->mid, t->n, sizeof *t->id);
	t->id[k] = id;
	memmove(t->value + k * t->columns, value, t->columns * sizeof *value);
	memmove(t->kind + k * t->columns, kind, t->columns);
	if (2 * t->n > t->slots)
		make_slots(t, t->slots ? 4 * t->slots : 64);
	else
		put_in_slot(t, k);
	t->last = k;
}

/* Make the table again of the columns that are left, in the same order. */
static void
project(struct typing *t)
{
	size_t k, n = t->n;

	if (t->by_id || n == 0)
		return;
	t->n = 0;
	memset(t->slot, 0, t->slots * sizeof *t->slot);
	for (k = 0; k < n; k++) {
		const uint64_t *value = t->value + k * t->columns;
		const unsigned char *kind = t->kind + k * t->columns;

		if (!t->slot[find_slot(t, 0, value, kind)])
			add_type(t, 0, value, kind);
	}
	t->last = 0;
}

static void
leave_out(struct typing *t, size_t column)
{
	size_t i, n = 0;

	for (i = 0; i < t->nalive; i++)
		if (t->alive[i] != column)
			t->alive[n++] = t->alive[i];
	t->nalive = n;
}

void
typing_drop(struct typing *t, size_t column)
{
	if (!typing_makes(t, column))
		return;
	leave_out(t, column);
	project(t);
}

/* --- too many types --- */

static int
by_value(const void *a, const void *b)
{
	const uint64_t *p = a, *q = b;

	return p[0] != q[0] ? (p[0] > q[0]) - (p[0] < q[0])
			    : (p[1] > q[1]) - (p[1] < q[1]);
}

static size_t
count_values(const struct typing *t, size_t column)
{
	uint64_t(*v)[2] = zeros(t->n, sizeof *v);
	size_t k, n = 0;

	for (k = 0; k < t->n; k++) {
		v[k][0] = t->value[k * t->columns + column];
		v[k][1] = t->kind[k * t->columns + column];
	}
	if (t->n > 0)
		qsort(v, t->n, sizeof *v, by_value);
	for (k = 0; k < t->n; k++)
		n += k == 0 || by_value(v[k - 1], v[k]) != 0;
	free(v);
	return n;
}

static bool
has_texts(const struct typing *t, size_t column)
{
	size_t k;

	for (k = 0; k < t->n; k++)
		if (t->kind[k * t->columns + column] & t->text)
			return true;
	return false;
}

/* The column with the most values, of those without texts, with them, or of
 * those that are looked for. */
static size_t
most_values(const struct typing *t, bool texts, enum typing_rank rank)
{
	size_t i, most = 0, found = NO_TYPING;

	for (i = 0; i < t->nalive; i++) {
		size_t c = t->alive[i], n;

		if (t->rank[c] != rank || has_texts(t, c) != texts)
			continue;
		n = count_values(t, c);
		if (n > most) {
			most = n;
			found = c;
		}
	}
	return found;
}

static void
shrink(struct typing *t)
{
	size_t c;

	while (t->n > MAX_TYPES) {
		c = most_values(t, false, TYPING_ANY);
		if (c == NO_TYPING)
			c = most_values(t, true, TYPING_ANY);
		if (c == NO_TYPING)
			c = most_values(t, false, TYPING_SOUGHT);
		if (c == NO_TYPING)
			c = most_values(t, true, TYPING_SOUGHT);
		if (c == NO_TYPING)
			return;
		typing_drop(t, c);
	}
}

/* How many types the columns make that are looked for in them. */
static size_t
count_sought(struct typing *t)
{
	size_t *alive = t->alive, nalive = t->nalive, i, k, n = 0;
	uint32_t *slot = t->slot;

	t->alive = zeros(nalive, sizeof *t->alive);
	t->nalive = 0;
	for (i = 0; i < nalive; i++)
		if (t->rank[alive[i]] != TYPING_ANY)
			t->alive[t->nalive++] = alive[i];
	t->slot = zeros(t->slots, sizeof *t->slot);
	for (k = 0; k < t->n; k++) {
		i = find_slot(t, 0, t->value + k * t->columns,
			      t->kind + k * t->columns);
		n += t->slot[i] == 0;
		t->slot[i] = (uint32_t)k + 1;
	}
	free(t->alive);
	free(t->slot);
	t->alive = alive;
	t->nalive = nalive;
	t->slot = slot;
	return n;
}

/* Other columns may stay that make no more types than those do. */
void
typing_choose(struct typing *t, uint64_t elements, const bool *is_text)
{
	uint64_t limit = elements / 2 > FEW_TYPES ? elements / 2 : FEW_TYPES;
	size_t c;

	for (c = 0; c < t->columns; c++)
		if (t->rank[c] != TYPING_ONLY && !is_text[c])
			leave_out(t, c);
	project(t);
	if (t->by_id || t->n <= limit)
		return;
	c = count_sought(t);
	limit = c > limit ? c : limit;
	while (t->n > limit) {
		c = most_values(t, true, TYPING_ANY);
		if (c == NO_TYPING)
			return;
		typing_drop(t, c);
	}
}

/* --- elements --- */

/* Leave out what is not the same in all elements of a type, and in those that
 * have none what is there at all. */
static size_t
compare(struct typing *t, size_t k, int64_t id, const uint64_t *value,
	const unsigned char *kind)
{
	const uint64_t *v = t->value + k * t->columns;
	const unsigned char *s = t->kind + k * t->columns;
	size_t i;

	for (i = 0; i < t->nalive;) {
		size_t c = t->alive[i];

		if (id == -1 ? kind[c] == t->none
			     : v[c] == value[c] && s[c] == kind[c])
			i++;
		else if (t->rank[c] == TYPING_ONLY)
			return c;
		else
			leave_out(t, c);
	}
	return NO_TYPING;
}

size_t
typing_see(struct typing *t, int64_t id, const uint64_t *value,
	   const unsigned char *kind)
{
	size_t i;

	if (t->n == 0 || !is_type(t, t->last, id, value, kind)) {
		if (t->slots == 0)
			make_slots(t, 64);
		i = find_slot(t, id, value, kind);
		if (t->slot[i])
			t->last = t->slot[i] - 1;
		else
			add_type(t, id, value, kind);
	}
	if (t->by_id)
		return compare(t, t->last, id, value, kind);
	if (t->n > MAX_TYPES)
		shrink(t);
	return NO_TYPING;
}

size_t
typing_find(struct typing *t, int64_t id, const uint64_t *value,
	    const unsigned char *kind)
{
	if (!is_type(t, t->last, id, value, kind))
		t->last = t->slot[find_slot(t, id, value, kind)] - 1;
	return t->last;
}

void
typing_free(struct typing *t)
{
	free(t->rank);
	free(t->alive);
	free(t->id);
	free(t->value);
	free(t->kind);
	free(t->slot);
}
