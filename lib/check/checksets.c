#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/checksets.h"
#include "check/finding.h"
#include "sonata/json.h"

/* A set that is being looked at. */
struct looking {
	const struct checksets *sets;
	struct known_nodes *known;
	const char *file, *name;
};

void
checksets_add(struct checksets *sets, const cJSON *object, const char *file)
{
	const cJSON *c;

	for (c = json_first(object); c; c = c->next) {
		if (label_find(&sets->names, c->string) != NO_LABEL)
			continue;
		label(&sets->names, c->string);
		sets->set = grow(sets->set, &sets->cap, sets->n + 1,
				 sizeof *sets->set);
		sets->set[sets->n++] = (struct checkset){c, file};
	}
}

bool
checksets_has(const struct checksets *sets, const struct known_nodes *known,
	      const char *name)
{
	return label_find(&sets->names, name) != NO_LABEL ||
	       known_find(known, name);
}

/* ---- Values ---- */

static void
wrong(const struct looking *at, const char *key, const char *what)
{
	finding_add("node-set-value", at->file, at->name, 1, "'%s': %s", key,
		    what);
}

static void
check_id(const struct looking *at, const cJSON *v)
{
	if (!cJSON_IsNumber(v) || v->valuedouble < 0 ||
	    v->valuedouble != floor(v->valuedouble) || v->valuedouble > 9e15)
		wrong(at, "node_id", "not the id of a node");
}

static void
check_population(const struct looking *at, const cJSON *v)
{
	if (!cJSON_IsString(v))
		wrong(at, "population", "not a text");
	else if (at->known->whole && !known_find(at->known, v->valuestring))
		finding_add("node-set-population", at->file, at->name, 1,
			    "no population of nodes '%s'", v->valuestring);
}

/* What an attribute has that is not known goes with everything. */
static void
check_scalar(const struct looking *at, const char *key, const cJSON *v,
	     const struct known_attribute *a)
{
	if (cJSON_IsNull(v))
		wrong(at, key, "null");
	else if (cJSON_IsArray(v) || cJSON_IsObject(v))
		wrong(at, key, "a list or an object in a list");
	else if (a && cJSON_IsString(v) && !a->texts && a->numbers)
		wrong(at, key, "a text, but the attribute has numbers");
	else if (a && cJSON_IsNumber(v) && !a->numbers && a->texts)
		wrong(at, key, "a number, but the attribute has texts");
	else if (a && cJSON_IsNumber(v) && a->numbers && !a->reals &&
		 v->valuedouble != floor(v->valuedouble))
		wrong(at, key, "not an integer, as the attribute has them");
	else if (a && cJSON_IsBool(v) && !a->flags && (a->texts || a->numbers))
		wrong(at, key, "true or false, but the attribute has others");
}

static void
check_value(const struct looking *at, const char *key, const cJSON *v,
	    const struct known_attribute *a)
{
	if (!strcmp(key, "node_id"))
		check_id(at, v);
	else if (!strcmp(key, "population"))
		check_population(at, v);
	else
		check_scalar(at, key, v, a);
}

static void
check_operators(const struct looking *at, const cJSON *key,
		const struct known_attribute *a)
{
	static const char *const known[] = {"$regex", "$gt", "$lt", "$gte",
					    "$lte"};
	const cJSON *v;
	size_t i;

	for (v = json_first(key); v; v = v->next) {
		for (i = 0; i < LEN(known) && strcmp(known[i], v->string) != 0;
		     i++)
			;
		if (i == LEN(known))
			wrong(at, key->string, "no such operator");
		else if (i == 0 ? !cJSON_IsString(v) : !cJSON_IsNumber(v))
			wrong(at, key->string,
			      i == 0 ? "$regex: not a text"
				     : "compared with what is not a number");
		else if (a && (i == 0 ? !a->texts : !a->numbers))
			wrong(at, key->string,
			      i == 0 ? "$regex, but the attribute has no texts"
				     : "compared, but the attribute has no "
				       "numbers");
	}
	if (!json_first(key))
		wrong(at, key->string, "no operator in it");
}

/* ---- Sets ---- */

static void
check_key(const struct looking *at, const cJSON *key)
{
	const struct known_attribute *a =
		known_find_attribute(at->known, key->string);
	const cJSON *v;
	bool texts = false, numbers = false;

	if (!a && at->known->complete)
		finding_add("node-set-attribute", at->file, at->name, 1,
			    "no population has the attribute '%s'",
			    key->string);
	if (cJSON_IsObject(key)) {
		check_operators(at, key, a);
	} else if (cJSON_IsArray(key)) {
		for (v = json_first(key); v; v = v->next) {
			check_value(at, key->string, v, a);
			texts |= cJSON_IsString(v);
			numbers |= cJSON_IsNumber(v);
		}
		if (texts && numbers)
			wrong(at, key->string, "both texts and numbers");
	} else {
		check_value(at, key->string, key, a);
	}
}

/* The sets that a set is made of, and those yet to be looked at. */
struct parts {
	const struct checksets *sets;
	bool *seen;
	size_t *todo, n;
};

/* Add the sets that a list names, once each; true if one is that of number
 * self. */
static bool
add_parts(struct parts *p, const cJSON *list, size_t self)
{
	const cJSON *c;
	uint32_t i;

	for (c = cJSON_IsArray(list) ? json_first(list) : NULL; c;
	     c = c->next) {
		if (!cJSON_IsString(c))
			continue;
		i = label_find(&p->sets->names, c->valuestring);
		if (i == self)
			return true;
		if (i != NO_LABEL && !p->seen[i])
			p->todo[p->n++] = i;
		if (i != NO_LABEL)
			p->seen[i] = true;
	}
	return false;
}

static bool
leads_back(const struct checksets *sets, const cJSON *list, size_t self)
{
	struct parts p = {
		.sets = sets,
		.seen = zeros(sets->n, sizeof *p.seen),
		.todo = zeros(sets->n, sizeof *p.todo),
	};
	bool back = add_parts(&p, list, self);

	while (!back && p.n > 0)
		back = add_parts(&p, sets->set[p.todo[--p.n]].is, self);
	free(p.todo);
	free(p.seen);
	return back;
}

static void
check_compound(const struct looking *at, const cJSON *list)
{
	const cJSON *c;

	for (c = json_first(list); c; c = c->next)
		if (!cJSON_IsString(c))
			finding_add("node-set", at->file, at->name, 1,
				    "its list has an item that is not a name");
		else if (at->known->whole &&
			 !checksets_has(at->sets, at->known, c->valuestring))
			finding_add("node-set-unknown", at->file, at->name, 1,
				    "no node set '%s'", c->valuestring);
	if (leads_back(at->sets, list, label_find(&at->sets->names, at->name)))
		finding_add("node-set-unknown", at->file, at->name, 1,
			    "made of itself");
}

static void
check_set(const struct looking *at, const cJSON *set)
{
	const cJSON *key;

	if (cJSON_IsArray(set))
		check_compound(at, set);
	else if (!cJSON_IsObject(set))
		finding_add("node-set", at->file, at->name, 1,
			    "neither conditions nor a list of names");
	else
		for (key = json_first(set); key; key = key->next)
			check_key(at, key);
}

void
checksets_run(const struct checksets *sets, struct known_nodes *known)
{
	size_t i;

	for (i = 0; i < sets->n; i++) {
		const struct checkset *s = &sets->set[i];
		struct looking at = {sets, known, s->file, s->is->string};

		if (finding_step("node-set", s->file, s->is->string))
			check_set(&at, s->is);
	}
}
