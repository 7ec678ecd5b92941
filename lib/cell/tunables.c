#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/extras.h"
#include "cell/nrn.h"
#include "cell/sections.h"
#include "cell/tunables.h"
#include "labels.h"
#include "opt.h"

/* Sections of an array that are not alike have a slider each, if they are no
 * more than these. */
#define MAX_APART 8

/* ---- A parameter in one section, or in several ---- */

struct spread {
	double low, high;
};

/* The least and the greatest value of its segments. */
static struct spread
spread_in(size_t i, const char *name)
{
	bool apart = section(i)->nseg > 1 && strcmp(name, "L") != 0 &&
		     strcmp(name, "Ra") != 0 && strcmp(name, "nseg") != 0;
	double low;

	if (!nrn_try("bm_section.o(%zu).sec { bm_low = %s  bm_high = bm_low }",
		     i, name))
		return (struct spread){NAN, NAN};
	if (apart)
		nrn_try("bm_section.o(%zu).sec for (bm_x, 0) {\n"
			" if (%s(bm_x) < bm_low) bm_low = %s(bm_x)\n"
			" if (%s(bm_x) > bm_high) bm_high = %s(bm_x)\n}",
			i, name, name, name, name);
	low = nrn_number("bm_low");
	return (struct spread){low, nrn_number("bm_high")};
}

static struct spread
widen(struct spread a, struct spread b)
{
	return (struct spread){fmin(a.low, b.low), fmax(a.high, b.high)};
}

static struct spread
spread_of(const struct tunable *p)
{
	struct spread s = {INFINITY, -INFINITY};
	size_t k;

	if (!p->in)
		s.low = s.high = nrn_number("%s", p->bare);
	for (k = 0; p->in && k < p->nin; k++)
		s = widen(s, spread_in(p->in[k], p->bare));
	return s;
}

static double
value_of(const struct tunable *p)
{
	if (!p->in)
		return nrn_number("%s", p->bare);
	nrn_try("bm_section.o(%zu).sec bm_low = %s", p->in[0], p->bare);
	return nrn_number("bm_low");
}

/* ---- Units and ranges ---- */

static char *
unit_of(const char *name)
{
	char *s;

	if (!nrn_is_name(name))
		return copy("");
	s = copy(nrn_print("{printf(\"%%s\", units(\"%s\"))}", name));
	s[strcspn(s, "\r\n")] = '\0';
	return s;
}

static bool
is_density(const char *unit)
{
	static const char *const units[] = {"S/cm2",    "mho/cm2", "mS/cm2",
					    "mmho/cm2", "uS/cm2",  "pS/um2",
					    "cm/s"};
	size_t i = 0;

	while (i < LEN(units) && strcmp(units[i], unit) != 0)
		i++;
	return i < LEN(units);
}

static void
choose_range(struct tunable *p)
{
	if (is_density(p->unit) && p->start > 0) {
		p->low = p->start / 10;
		p->high = p->start * 10;
	} else if (strcmp(p->unit, "mV") == 0) {
		p->low = p->start - 30;
		p->high = p->start + 30;
	} else if (p->start == 0) {
		p->high = is_density(p->unit) ? 0.01 : 1;
	} else {
		p->low = fmin(3 * p->start, 0);
		p->high = fmax(3 * p->start, 0);
	}
}

static void
read_range(struct tunable *p, const char *where, const char *text)
{
	char *s = copy(text), *high = strchr(s, ':');

	if (high)
		*high++ = '\0';
	if (!high || !parse_num(s, &p->low) || !parse_num(high, &p->high) ||
	    !isfinite(p->low) || !isfinite(p->high) || !(p->low < p->high))
		misuse("%s: not low:high: '%s'", where, text);
	if (!(p->start >= p->low && p->start <= p->high))
		misuse("%s: %s is %g, which is not from %g to %g", where,
		       p->name, p->start, p->low, p->high);
	free(s);
}

/* ---- */

static size_t
place_of(const struct tunables *t, const char *name)
{
	size_t i = 0;

	while (i < t->n && strcmp(t->item[i].name, name) != 0)
		i++;
	return i;
}

/* Another name for the same sections. */
static size_t
same_as(const struct tunables *t, const struct tunable *p)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		const struct tunable *o = &t->item[i];

		if (p->in && o->nin == p->nin &&
		    strcmp(o->bare, p->bare) == 0 &&
		    memcmp(o->in, p->in, p->nin * sizeof *p->in) == 0)
			break;
	}
	return i;
}

static void
take_own(struct tunable *p)
{
	struct spread s;

	p->unit = unit_of(p->bare);
	s = spread_of(p);
	p->varies = s.low != s.high;
	p->start = value_of(p);
	choose_range(p);
}

/* A time constant, a weight or a conductance goes from a tenth to ten times its
 * value. */
static void
take_extra(struct tunable *p, const struct extras_parameter *e)
{
	p->bare = copy(e->hoc);
	p->unit = copy(e->unit);
	p->start = e->value;
	choose_range(p);
	if (p->start > 0 && strcmp(p->unit, "mV") != 0) {
		p->low = p->start / 10;
		p->high = p->start * 10;
	}
}

size_t
tunables_add(struct tunables *t, const char *where, const char *text)
{
	size_t n = strcspn(text, ":"), at;
	struct tunable p = {.name = format("%.*s", (int)n, text)};
	struct extras_parameter extra;
	bool is_extra;

	if ((at = place_of(t, p.name)) < t->n) {
		free(p.name);
		return at;
	}
	is_extra = extras_find(where, p.name, &extra);
	if (!is_extra)
		p.in = section_find_parameter(where, p.name, &p.bare, &p.nin);
	if ((at = same_as(t, &p)) < t->n) {
		free(p.name);
		free(p.bare);
		free(p.in);
		return at;
	}
	if (is_extra)
		take_extra(&p, &extra);
	else
		take_own(&p);
	if (text[n])
		read_range(&p, where, text + n + 1);
	p.log = p.low > 0 && (is_density(p.unit) || p.high >= 100 * p.low);
	t->item = grow(t->item, &t->cap, t->n + 1, sizeof *t->item);
	t->item[t->n] = p;
	return t->n++;
}

static bool
overlap(const struct tunable *a, const struct tunable *b)
{
	size_t i, k;

	if (strcmp(a->bare, b->bare) != 0)
		return false;
	for (i = 0; i < a->nin; i++)
		for (k = 0; k < b->nin; k++)
			if (a->in[i] == b->in[k])
				return true;
	return false;
}

bool
tunables_overlap(const struct tunables *t)
{
	size_t i, k;

	for (i = 0; i < t->n; i++)
		for (k = 0; k < i; k++)
			if (overlap(&t->item[i], &t->item[k]))
				return true;
	return false;
}

/* ---- All that there is ---- */

/* A parameter in a section. */
struct presence {
	size_t section;
	uint32_t name, group; /* of labels */
	struct spread spread;
};

struct census {
	struct presence *item;
	size_t n, cap;
	struct labels names, groups;
	char *left_out;
};

static bool
is_worth(const struct section_parameter *p)
{
	char *unit;
	bool worth;

	if (strcmp(p->name, "cm") == 0)
		return true;
	if (strcmp(p->mechanism, "section") == 0 ||
	    strcmp(p->mechanism, "morphology") == 0 ||
	    section_is_ion(p->mechanism) || !nrn_is_name(p->name))
		return false;
	unit = unit_of(p->name);
	worth = is_density(unit) ||
		(strcmp(unit, "mV") == 0 && p->name[0] == 'e');
	free(unit);
	return worth;
}

/* The array that a section is in, or its own name. */
static uint32_t
group_of(struct labels *groups, size_t i)
{
	const char *name = section(i)->name, *open = strrchr(name, '[');
	size_t n = strlen(name);
	uint32_t k;
	char *group;

	if (open && name[n - 1] == ']')
		n = (size_t)(open - name);
	group = format("%.*s", (int)n, name);
	k = label(groups, group);
	free(group);
	return k;
}

static void
count_section(struct census *c, size_t i)
{
	size_t k, n;
	struct section_parameter *p = section_read_parameters(i, &n);

	for (k = 0; k < n; k++) {
		if (!is_worth(&p[k]))
			continue;
		c->item = grow(c->item, &c->cap, c->n + 1, sizeof *c->item);
		c->item[c->n++] = (struct presence){
			i, label(&c->names, p[k].name), group_of(&c->groups, i),
			spread_in(i, p[k].name)};
	}
	section_free_parameters(p, n);
}

/* All that a parameter has in a group, or in all. */
struct summary {
	struct spread spread;
	size_t n;
	uint32_t first_group;
	bool several; /* groups */
};

static struct summary
summarise(const struct census *c, uint32_t name, uint32_t group)
{
	struct summary s = {.spread = {INFINITY, -INFINITY}};
	size_t k;

	for (k = 0; k < c->n; k++) {
		const struct presence *p = &c->item[k];

		if (p->name != name || (group != NO_LABEL && p->group != group))
			continue;
		if (s.n++ == 0)
			s.first_group = p->group;
		s.several = s.several || p->group != s.first_group;
		s.spread = widen(s.spread, p->spread);
	}
	return s;
}

static void
add_named(struct tunables *t, const char *first, const char *between,
	  const char *last)
{
	char *name = format("%s%s%s", first, between, last);

	tunables_add(t, "--param", name);
	free(name);
}

static void
leave_out(struct census *c, const char *first, const char *name)
{
	char *all = format("%s.%s", first, name);

	c->left_out = join(c->left_out, all);
	free(all);
}

static void
add_apart(struct tunables *t, struct census *c, uint32_t name, uint32_t group)
{
	const char *bare = c->names.name[name];
	size_t k;

	for (k = 0; k < c->n; k++) {
		const struct presence *p = &c->item[k];
		const char *own = section(p->section)->name;

		if (p->name != name || p->group != group)
			continue;
		if (p->spread.low == p->spread.high)
			add_named(t, own, ".", bare);
		else
			leave_out(c, own, bare);
	}
}

static void
add_group(struct tunables *t, struct census *c, uint32_t name, uint32_t group)
{
	struct summary s = summarise(c, name, group);
	const char *bare = c->names.name[name];

	if (s.n == 0)
		return;
	if (s.spread.low == s.spread.high)
		add_named(t, c->groups.name[group], ".", bare);
	else if (s.n <= MAX_APART)
		add_apart(t, c, name, group);
	else
		leave_out(c, c->groups.name[group], bare);
}

void
tunables_add_all(struct tunables *t)
{
	struct census c = {0};
	struct summary s;
	uint32_t name, group;
	size_t i;

	for (i = 0; i < sections_count(); i++)
		count_section(&c, i);
	for (name = 0; name < c.names.n; name++) {
		s = summarise(&c, name, NO_LABEL);
		if (s.several && s.spread.low == s.spread.high)
			add_named(t, c.names.name[name], "", "@all");
		else
			for (group = 0; group < c.groups.n; group++)
				add_group(t, &c, name, group);
	}
	if (c.left_out)
		warn("without a slider, as it is not the same everywhere: %s; "
		     "--param gives it one",
		     c.left_out);
	free(c.left_out);
	free(c.item);
	labels_free(&c.names);
	labels_free(&c.groups);
}
