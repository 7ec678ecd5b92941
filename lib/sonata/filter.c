#include <math.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/filter.h"
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
	regex_t pattern;
	size_t column; /* of the reading, or NO_ATTRIBUTE */
	bool found;    /* has any reading had this column? */
};

/* Conditions that all have to hold. */
struct all {
	struct condition *condition;
	size_t n, cap;
};

struct filter {
	struct all *any; /* one of these has to hold */
	size_t n, cap;
};

static struct all *
add_all(struct filter *f)
{
	f->any = grow(f->any, &f->cap, f->n + 1, sizeof *f->any);
	return &f->any[f->n++];
}

static struct condition *
add_condition(struct all *a, const char *name, enum op op)
{
	struct condition *c;

	a->condition =
		grow(a->condition, &a->cap, a->n + 1, sizeof *a->condition);
	c = &a->condition[a->n++];
	c->name = copy(name);
	c->op = op;
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

static int
by_value(const void *a, const void *b)
{
	double p = *(const double *)a, q = *(const double *)b;

	return (p > q) - (p < q);
}

static _Noreturn void
refuse(const struct condition *c, const char *where, const char *problem)
{
	const char *value = c->n ? c->value[0] : "";

	if (!where)
		misuse("'%s': %s: '%s'", c->name, problem, value);
	die("%s: '%s': %s: '%s'", where, c->name, problem, value);
}

/* Check that a condition can hold, and make it fast: a node set may list a
 * hundred thousand ids. A condition of an option has no place in a file. */
static void
finish(struct condition *c, const char *where)
{
	size_t i, texts = 0;

	for (i = 0; i < c->n; i++)
		texts += isnan(c->num[i]) ? 1 : 0;
	if (c->op >= BELOW && c->op <= AT_LEAST && (c->n != 1 || texts))
		refuse(c, where, "compared with what is not a number");
	if (c->op == MATCHES &&
	    (c->n != 1 ||
	     regcomp(&c->pattern, c->value[0], REG_EXTENDED | REG_NOSUB)))
		refuse(c, where, "not a regular expression");
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
	c = add_condition(a, name, take_op(&p));
	value = copy(p);
	end = c->op == IS || c->op == IS_NOT ? value : NULL;
	for (p = value; end && (end = strchr(end, ',')); p = end) {
		*end++ = '\0';
		add_value(c, p);
	}
	add_value(c, p);
	finish(c, NULL);
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

static void
add_json(struct condition *c, const cJSON *v, const char *where)
{
	char *s;

	if (cJSON_IsString(v)) {
		add_value(c, v->valuestring);
	} else if (cJSON_IsNumber(v)) {
		s = format("%.17g", v->valuedouble);
		add_value(c, s);
		free(s);
	} else if (cJSON_IsBool(v)) {
		add_value(c, cJSON_IsTrue(v) ? "1" : "0");
	} else {
		die("%s: '%s': neither a text nor a number", where, c->name);
	}
}

/* {"$gt": 3, "$lt": 5}: each a condition of its own. */
static void
add_operators(struct all *a, const cJSON *key, const char *where)
{
	static const struct {
		const char *text;
		enum op op;
	} ops[] = {{"$regex", MATCHES},
		   {"$gt", ABOVE},
		   {"$lt", BELOW},
		   {"$gte", AT_LEAST},
		   {"$lte", AT_MOST}};
	const cJSON *v;
	struct condition *c;
	size_t i;

	for (v = key->child; v; v = v->next) {
		for (i = 0; strcmp(v->string, ops[i].text) != 0;)
			if (++i == LEN(ops))
				die("%s: '%s': no such operator: '%s'", where,
				    key->string, v->string);
		c = add_condition(a, key->string, ops[i].op);
		add_json(c, v, where);
		finish(c, where);
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
	c = add_condition(a, key->string, IS);
	if (cJSON_IsArray(key)) {
		for (v = key->child; v; v = v->next)
			add_json(c, v, where);
	} else {
		add_json(c, key, where);
	}
	finish(c, where);
}

/* Add a set to the filter; depth stops sets that contain themselves. */
static void
/* NOLINTNEXTLINE(misc-no-recursion): sets of sets, to a depth of 64 */
add_set(struct filter *f, const cJSON *sets, const char *name, const char *path,
	size_t depth)
{
	const cJSON *set = cJSON_GetObjectItemCaseSensitive(sets, name), *key;
	char *where = format("%s: node set '%s'", path, name);

	if (!set)
		die("%s: no node set '%s'", path, name);
	if (depth > 64)
		die("%s: is made of itself", where);
	if (f->n >= MAX_SETS)
		die("%s: one of more than %zu in a set", where, MAX_SETS);
	if (cJSON_IsArray(set)) {
		for (key = set->child; key; key = key->next) {
			if (!cJSON_IsString(key))
				die("%s: its list has an item that is not a "
				    "name",
				    where);
			add_set(f, sets, key->valuestring, path, depth + 1);
		}
	} else if (cJSON_IsObject(set)) {
		struct all *a = add_all(f);

		for (key = set->child; key; key = key->next)
			add_key(a, key, where);
	} else {
		die("%s: neither conditions nor a list of names", where);
	}
	free(where);
}

struct filter *
filter_node_set(const struct sonata_network *net, const char *name,
		const char *population)
{
	struct filter *f = zeros(1, sizeof *f);
	const cJSON *sets;
	bool own = false;

	if (!net->config)
		die("%s: a node set needs a config", net->path);
	sets = config_node_sets(net->config);
	/* A population's name is a node set too, unless there is one of that
	 * name: simulation configs use it so. */
	if (!cJSON_GetObjectItemCaseSensitive(sets, name))
		own = !strcmp(name, population);
	if (own)
		add_all(f);
	else if (sets)
		add_set(f, sets, name, net->path, 0);
	else
		die("%s: no node sets in it", net->path);
	return f;
}

void
filter_start(struct filter *f, struct reading *r)
{
	size_t i, k;

	for (i = 0; f && i < f->n; i++)
		for (k = 0; k < f->any[i].n; k++) {
			struct condition *c = &f->any[i].condition[k];

			c->column = reading_try_want(r, c->name);
			c->found = c->found || c->column != NO_ATTRIBUTE;
		}
}

void
filter_check(const struct filter *f, const char *path)
{
	size_t i, k;

	for (i = 0; f && i < f->n; i++)
		for (k = 0; k < f->any[i].n; k++)
			if (!f->any[i].condition[k].found)
				die("%s: no column '%s'", path,
				    f->any[i].condition[k].name);
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
		return !regexec(&c->pattern, reading_text(v, room), 0, NULL, 0);
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

static bool
all_hold(const struct all *a, const struct reading *r, size_t row)
{
	size_t k;

	for (k = 0; k < a->n; k++) {
		const struct condition *c = &a->condition[k];

		if (c->column == NO_ATTRIBUTE ||
		    !holds(c, &r->v[c->column][row]))
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

static void
free_condition(struct condition *c)
{
	while (c->n > 0)
		free(c->value[--c->n]);
	free(c->value);
	free(c->num);
	free(c->name);
	if (c->op == MATCHES)
		regfree(&c->pattern);
}

void
filter_free(struct filter *f)
{
	size_t i, k;

	for (i = 0; f && i < f->n; i++) {
		for (k = 0; k < f->any[i].n; k++)
			free_condition(&f->any[i].condition[k]);
		free(f->any[i].condition);
	}
	if (f)
		free(f->any);
	free(f);
}
