#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "sonata/filter.h"
#include "sonata/pattern.h"
#include "util.h"

#define MAX_SETS ((size_t)10000) /* conditions that a filter may have */

enum op { IS, IS_NOT, BELOW, AT_MOST, ABOVE, AT_LEAST, MATCHES };

struct condition {
	char *name;
	enum op op;
	char **value;
	double *num; /* the same as numbers; NaN if a text is not one */
	size_t n, cap, mnum;
	bool sorted; /* num ascends, and all values are numbers */
	struct pattern *pattern;
	char *where;   /* in a file of node sets; NULL: in an option */
	bool texts;    /* are its values texts in that file? */
	size_t column; /* of the reading, or NO_ATTRIBUTE */
	bool found;    /* has any reading had this column? */

	/* By the types of the reading, or NULL: does it hold for their value?
	 */
	enum { UNKNOWN, HOLDS, FAILS } * of_type;
};

/* Conditions that all have to hold. */
struct all {
	struct condition *condition;
	size_t n, cap;
};

struct filter {
	struct all *any; /* one of these has to hold */
	size_t n, cap;
	struct sonata_network *net; /* of node sets */
	const char *population;     /* whose nodes are meant */
	struct labels there;        /* attributes of all that was started */
};

static struct all *
add_all(struct filter *f)
{
	f->any = grow(f->any, &f->cap, f->n + 1, sizeof *f->any);
	f->any[f->n] = (struct all){0}; /* one may have been taken away */
	return &f->any[f->n++];
}

static struct condition *
add_condition(struct all *a, const char *name, enum op op, const char *where)
{
	struct condition *c;

	a->condition =
		grow(a->condition, &a->cap, a->n + 1, sizeof *a->condition);
	c = &a->condition[a->n++];
	c->name = copy(name);
	c->op = op;
	c->where = where ? format("%s: '%s'", where, name) : NULL;
	return c;
}

static void
add_value(struct condition *c, const char *s)
{
	double num;

	c->value = grow(c->value, &c->cap, c->n + 1, sizeof *c->value);
	c->num = grow(c->num, &c->mnum, c->n + 1, sizeof *c->num);
	c->num[c->n] = parse_num(s, &num) ? num : NAN;
	c->value[c->n++] = copy(s);
}

static void
free_condition(struct condition *c)
{
	while (c->n > 0)
		free(c->value[--c->n]);
	free(c->value);
	free(c->num);
	free(c->of_type);
	free(c->name);
	free(c->where);
	pattern_free(c->pattern);
}

static void
free_all(struct all *a)
{
	while (a->n > 0)
		free_condition(&a->condition[--a->n]);
	free(a->condition);
}

static int
by_value(const void *a, const void *b)
{
	double p = *(const double *)a, q = *(const double *)b;

	return (p > q) - (p < q);
}

static _Noreturn void
refuse(const struct condition *c, const char *problem)
{
	if (!c->where)
		misuse("'%s': %s", c->name, problem);
	die("%s: %s", c->where, problem);
}

static _Noreturn void
refuse_value(const struct condition *c, const char *problem)
{
	refuse(c, format("%s: '%s'", problem, c->n ? c->value[0] : ""));
}

static bool
compares(const struct condition *c)
{
	return c->op >= BELOW && c->op <= AT_LEAST;
}

/* What POSIX has and ECMAScript has otherwise. */
static void
check_pattern(const struct condition *c)
{
	const char *s = c->value[0];

	if (!c->where && (strstr(s, "\\<") || strstr(s, "\\>")))
		refuse_value(c, "say \\b for the end of a word");
	if (!c->where && (strstr(s, "[]") || strstr(s, "[^]")))
		refuse_value(c, "say \\] for a bracket in brackets");
}

/* Check that a condition can hold, and make it fast: a node set may list a
 * hundred thousand ids. */
static void
finish(struct condition *c)
{
	size_t i, texts = 0;
	char *why;

	for (i = 0; i < c->n; i++)
		texts += isnan(c->num[i]) ? 1 : 0;
	if (compares(c) && (c->n != 1 || texts || c->texts))
		refuse_value(c, "compared with what is not a number");
	if (c->op == MATCHES) {
		check_pattern(c);
		c->pattern = pattern_new(c->value[0], &why);
		if (!c->pattern)
			refuse(c, why);
	}
	c->sorted = texts == 0 && c->n > 8;
	if (c->sorted)
		qsort(c->num, c->n, sizeof *c->num, by_value);
}

static enum op
take_op(const char **p)
{
	static const struct {
		const char *text;
		enum op op;
	} ops[] = {{"!=", IS_NOT}, {"<=", AT_MOST}, {">=", AT_LEAST},
		   {"==", IS},     {"=", IS},       {"<", BELOW},
		   {">", ABOVE},   {"~", MATCHES}};
	size_t i;

	for (i = 0; i < LEN(ops); i++)
		if (!strncmp(*p, ops[i].text, strlen(ops[i].text))) {
			*p += strlen(ops[i].text);
			return ops[i].op;
		}
	return IS;
}

static void
parse_where(struct all *a, const char *s)
{
	size_t len = strcspn(s, "=!<>~");
	const char *p = s + len;
	char *name = format("%.*s", (int)len, s), *value, *end;
	struct condition *c;

	if (len == 0 || !*p || (*p == '!' && p[1] != '='))
		misuse("not a condition of the form NAME=VALUE: '%s'", s);
	c = add_condition(a, name, take_op(&p), NULL);
	value = copy(p);
	end = c->op == IS || c->op == IS_NOT ? value : NULL;
	for (p = value; end && (end = strchr(end, ',')); p = end) {
		*end++ = '\0';
		add_value(c, p);
	}
	add_value(c, p);
	finish(c);
	free(value);
	free(name);
}

struct filter *
filter_where(const struct opt_list *where)
{
	struct filter *f;
	struct all *a;
	size_t i;

	if (where->n == 0)
		return NULL;
	f = zeros(1, sizeof *f);
	a = add_all(f);
	for (i = 0; i < where->n; i++)
		parse_where(a, where->item[i]);
	return f;
}

/* Names to choose from, as many as a message has room for. */
static char *
join_some(char *list, const char *next)
{
	enum { ROOM = 1000 }; /* characters */

	if (list && strlen(list) > ROOM)
		return list;
	return join(list,
		    list && strlen(list) + strlen(next) > ROOM ? "..." : next);
}

static void
add_number(struct condition *c, const cJSON *v)
{
	char s[32];

	out_num_text(v->valuedouble, s);
	add_value(c, s);
	if (!isfinite(v->valuedouble))
		refuse(c, format("too large: '%s'", s));
	if (!strcmp(c->name, "node_id") && c->op == IS &&
	    (v->valuedouble != floor(v->valuedouble) || v->valuedouble < 0 ||
	     v->valuedouble > 9e15))
		refuse(c, format("not the id of a node: '%s'", s));
	if (!strcmp(c->name, "population"))
		refuse(c, format("a population's name is a text: '%s'", s));
}

/* A value of a node set is a text or a number, as all others beside it are. */
static void
add_json(struct condition *c, const cJSON *v)
{
	bool text = cJSON_IsString(v);

	if (c->n > 0 && text != c->texts && (text || cJSON_IsNumber(v)))
		refuse(c, "both texts and numbers");
	c->texts = text;
	if (cJSON_IsNumber(v)) {
		add_number(c, v);
		return;
	}
	if (!text)
		refuse(c, format("%s is neither a text nor a number",
				 cJSON_IsBool(v)   ? "true or false"
				 : cJSON_IsNull(v) ? "null"
						   : "a list or an object"));
	add_value(c, v->valuestring);
	if (!strcmp(c->name, "node_id") && c->op == IS)
		refuse(c, format("not the id of a node: '%s'", v->valuestring));
}

static enum op
named_op(const char *s, const char *key, const char *where)
{
	static const struct {
		const char *text;
		enum op op;
	} ops[] = {{"$regex", MATCHES},
		   {"$gt", ABOVE},
		   {"$lt", BELOW},
		   {"$gte", AT_LEAST},
		   {"$lte", AT_MOST}};
	size_t i;

	for (i = 0; i < LEN(ops); i++)
		if (!strcmp(s, ops[i].text))
			return ops[i].op;
	die("%s: '%s': no such operator: '%s'", where, key, s);
}

/* {"$gt": 3, "$lt": 5}: each a condition of its own. */
static void
add_operators(struct all *a, const cJSON *key, const char *where)
{
	const cJSON *v;
	struct condition *c;

	if (!key->child)
		die("%s: '%s': no operator in it", where, key->string);
	for (v = key->child; v; v = v->next) {
		c = add_condition(a, key->string,
				  named_op(v->string, key->string, where),
				  where);
		if (c->op == MATCHES && !cJSON_IsString(v))
			refuse(c, "$regex: not a text");
		add_json(c, v);
		finish(c);
	}
}

static void
add_key(struct all *a, const cJSON *key, const char *where)
{
	struct condition *c;
	const cJSON *v;

	if (cJSON_IsObject(key)) {
		add_operators(a, key, where);
		return;
	}
	c = add_condition(a, key->string, IS, where);
	if (cJSON_IsArray(key)) {
		for (v = key->child; v; v = v->next)
			add_json(c, v);
	} else {
		add_json(c, key);
	}
	finish(c);
}

static bool
is_listed(const struct condition *c, const char *s)
{
	size_t i;

	for (i = 0; i < c->n && strcmp(c->value[i], s) != 0; i++)
		;
	return i < c->n;
}

/* Ends the tool if the network has none of the populations that a set is of. */
static void
check_populations(const struct filter *f, const struct condition *c)
{
	size_t i, n = sonata_known_refs(f->net, NODES);
	char *names = NULL;

	for (i = 0; i < n; i++) {
		if (is_listed(c, f->net->ref[NODES][i].name))
			return;
		names = join_some(names, f->net->ref[NODES][i].name);
	}
	for (i = 0; i < c->n; i++)
		sonata_need(f->net, NODES, c->value[i]);
	if (c->n > 0)
		refuse(c,
		       format("no such population: there %s %s",
			      n == 1 ? "is" : "are", names ? names : "none"));
}

/* What a set says of another population's nodes is nothing to this one's; of
 * populations that there are not, only as a part of other sets. */
static void
add_conditions(struct filter *f, const cJSON *set, const char *where, bool part)
{
	struct all *a = add_all(f);
	const cJSON *key;
	bool meant = true;
	size_t k;

	for (key = set->child; key; key = key->next)
		add_key(a, key, where);
	for (k = 0; k < a->n; k++) {
		const struct condition *c = &a->condition[k];

		if (!strcmp(c->name, "population") && c->op == IS)
			meant = meant && is_listed(c, f->population);
		if (!strcmp(c->name, "population") && c->op == IS && !part)
			check_populations(f, c);
	}
	if (!meant) {
		free_all(a);
		f->n--;
	}
}

static _Noreturn void
no_set(const struct config *c, const char *by, const char *name)
{
	char *names = NULL;
	size_t i, n;
	const struct config_set *set = config_node_sets(c, &n);

	for (i = 0; i < n; i++)
		names = join_some(names, set[i].name);
	die("%s: no node set '%s': there %s %s", by, name,
	    n == 1 ? "is" : "are", names ? names : "none");
}

/* Add a set to the filter; depth stops sets that contain themselves. */
static void
/* NOLINTNEXTLINE(misc-no-recursion): sets of sets, to a depth of 64 */
add_set(struct filter *f, const char *by, const char *name, size_t depth)
{
	const struct config_set *set = config_node_set(f->net->config, name);
	const cJSON *key;
	char *where;

	if (!set)
		no_set(f->net->config, by, name);
	where = format("%s: node set '%s'", set->file, name);
	if (depth > 64)
		die("%s: is made of itself", where);
	if (f->n >= MAX_SETS)
		die("%s: one of more than %zu in a set", where, MAX_SETS);
	if (cJSON_IsArray(set->is)) {
		for (key = set->is->child; key; key = key->next) {
			if (!cJSON_IsString(key))
				die("%s: its list has an item that is not a "
				    "name",
				    where);
			add_set(f, where, key->valuestring, depth + 1);
		}
	} else if (cJSON_IsObject(set->is)) {
		add_conditions(f, set->is, where, depth > 0);
	} else {
		die("%s: neither conditions nor a list of names", where);
	}
	free(where);
}

/* A population's name is a node set too, unless there is one of that name:
 * simulation configs use it so. */
static bool
names_population(struct sonata_network *net, const char *name)
{
	sonata_refs(net, NODES);
	return label_find(&net->names[NODES], name) != NO_LABEL;
}

struct filter *
filter_node_set(struct sonata_network *net, const char *name,
		const char *population)
{
	struct filter *f = zeros(1, sizeof *f);

	if (!net->config)
		die("%s: a node set needs a config", net->path);
	f->net = net;
	f->population = population;
	if (config_node_set(net->config, name) || !names_population(net, name))
		add_set(f, net->path, name, 0);
	else if (!strcmp(name, population))
		add_all(f);
	return f;
}

/* Ends the tool if no population of the network has the attribute. */
static void
check_known(const struct filter *f, const struct condition *c)
{
	const struct labels *all = sonata_all_attributes(f->net);
	char *names = NULL;
	size_t i;

	if (label_find(all, c->name) != NO_LABEL)
		return;
	for (i = 0; i < all->n; i++)
		names = join_some(names, all->name[i]);
	die("%s: no population has that attribute: there are %s", c->where,
	    names ? names : "none");
}

/* A number is never a text, nor a text a number: a condition that cannot hold
 * is a mistake. */
static void
check_kind(const struct condition *c, const struct reading *r)
{
	struct reading_kinds has = reading_kinds(r, c->column);
	size_t i;

	if ((compares(c) || c->op == IS) && c->n > 0 && !c->texts &&
	    has.texts && !has.numbers)
		refuse_value(c, "a number, but the attribute has texts");
	for (i = 0; c->op == IS && has.numbers && !has.texts && i < c->n; i++) {
		if (isnan(c->num[i]))
			refuse(c, format("a text, but the attribute has "
					 "numbers: '%s'",
					 c->value[i]));
		if (!has.reals && c->num[i] != floor(c->num[i]))
			refuse(c, format("not an integer, as the attribute has "
					 "them: '%s'",
					 c->value[i]));
	}
}

static void
start_types(struct condition *c, const struct reading *r)
{
	size_t n = c->column == NO_ATTRIBUTE ? 0 : reading_types(r, c->column);

	free(c->of_type);
	c->of_type = n ? zeros(n, sizeof *c->of_type) : NULL;
}

void
filter_start(struct filter *f, struct reading *r)
{
	size_t i, k;

	for (i = 0; f && i < r->p->nattributes; i++)
		label(&f->there, r->p->attribute[i]);
	for (i = 0; f && i < f->n; i++)
		for (k = 0; k < f->any[i].n; k++) {
			struct condition *c = &f->any[i].condition[k];

			c->column = reading_try_want(r, c->name);
			c->found = c->found || c->column != NO_ATTRIBUTE;
			start_types(c, r);
			if (c->where && c->column == NO_ATTRIBUTE)
				check_known(f, c);
			else if (c->where)
				check_kind(c, r);
		}
}

static _Noreturn void
lack(const struct filter *f, const char *path, const char *name)
{
	char *names = NULL;
	size_t i;

	for (i = 0; i < f->there.n; i++)
		names = join_some(names, f->there.name[i]);
	die("%s: no column '%s': besides ids, types and groups there are %s",
	    path, name, names ? names : "none");
}

void
filter_check(const struct filter *f, const char *path)
{
	size_t i, k;

	for (i = 0; f && i < f->n; i++)
		for (k = 0; k < f->any[i].n; k++)
			if (!f->any[i].condition[k].found)
				lack(f, path, f->any[i].condition[k].name);
}

static bool
is_among(const struct condition *c, const struct hdf_value *v)
{
	char room[32];
	const char *s;
	double num;
	size_t i;
	bool is_num = reading_num(v, &num);

	if (c->sorted)
		return is_num && bsearch(&num, c->num, c->n, sizeof num,
					 by_value) != NULL;
	s = reading_text(v, room);
	for (i = 0; i < c->n; i++)
		if ((is_num && num == c->num[i]) || !strcmp(s, c->value[i]))
			return true;
	return false;
}

static bool
holds(const struct condition *c, const struct hdf_value *v)
{
	char room[32];
	double num;

	switch (c->op) {
	case IS:
		return is_among(c, v);
	case IS_NOT:
		return !is_among(c, v);
	case MATCHES:
		return pattern_fits(c->pattern, reading_text(v, room),
				    c->where ? c->where : c->name);
	case BELOW:
		return reading_num(v, &num) && num < c->num[0];
	case AT_MOST:
		return reading_num(v, &num) && num <= c->num[0];
	case ABOVE:
		return reading_num(v, &num) && num > c->num[0];
	case AT_LEAST:
		return reading_num(v, &num) && num >= c->num[0];
	}
	return false;
}

/* A value of a type is looked at once, rather than for each row. */
static bool
holds_for(const struct condition *c, const struct reading *r, size_t row)
{
	const struct hdf_value *v = &r->v[c->column][row];
	uint32_t t;

	if (!c->of_type)
		return holds(c, v);
	t = r->type[row];
	if (c->of_type[t] == UNKNOWN)
		c->of_type[t] = holds(c, v) ? HOLDS : FAILS;
	return c->of_type[t] == HOLDS;
}

static bool
all_hold(const struct all *a, const struct reading *r, size_t row)
{
	size_t k;

	for (k = 0; k < a->n; k++) {
		const struct condition *c = &a->condition[k];

		if (c->column == NO_ATTRIBUTE || !holds_for(c, r, row))
			return false;
	}
	return true;
}

size_t
filter_rows(const struct filter *f, const struct reading *r, uint64_t *kept)
{
	size_t i, k, n = 0;

	for (i = 0; i < r->n; i++) {
		for (k = 0; f && k < f->n && !all_hold(&f->any[k], r, i); k++)
			;
		if (!f || k < f->n)
			kept[n++] = r->row[i];
	}
	return n;
}

bool *
filter_nodes(const struct sonata_population *p, struct filter *f)
{
	bool *in = zeros((size_t)p->n, sizeof *in);
	uint64_t first, *kept = zeros(BATCH, sizeof *kept);
	struct reading *r = reading_start(p, false);
	size_t i, n;

	filter_start(f, r);
	for (first = 0; first < p->n; first += n) {
		size_t left = (size_t)(p->n - first);

		n = left < BATCH ? left : BATCH;
		reading_range(r, first, n);
		left = filter_rows(f, r, kept);
		for (i = 0; i < left; i++)
			in[kept[i]] = true;
	}
	reading_end(r);
	free(kept);
	return in;
}

void
filter_free(struct filter *f)
{
	size_t i;

	for (i = 0; f && i < f->n; i++)
		free_all(&f->any[i]);
	if (f) {
		free(f->any);
		labels_free(&f->there);
	}
	free(f);
}
