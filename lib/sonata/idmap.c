#include <stdlib.h>
#include <string.h>

#include "sonata/idmap.h"
#include "sonata/json.h"
#include "util.h"

const struct idmap_population *
idmap_population(const struct idmap *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (!strcmp(m->population[i].name, name) &&
		    !strcmp(m->population[i].from, name))
			return &m->population[i];
	return NULL;
}

int64_t
idmap_find(const struct idmap_population *p, int64_t old)
{
	uint32_t cell = old < 0 ? NO_CELL : ids_find(p->ids, old);

	if (cell == NO_CELL || p->new_id[cell] == NO_CELL)
		return -1;
	return p->new_id[cell];
}

/* ---- Node sets ---- */

/* The key of ids, of which the second is BMTK's, and the third an older one. */
static const char *
id_key(const cJSON *set)
{
	static const char *const keys[] = {"node_id", "node_ids", "gids"};
	size_t k;

	for (k = 0; k < LEN(keys); k++)
		if (cJSON_GetObjectItemCaseSensitive(set, keys[k]))
			return keys[k];
	return NULL;
}

/* Do all of {"$gte": 3, "$lt": 5} hold? */
static bool
holds(const cJSON *operators, int64_t id)
{
	const cJSON *c;
	double v = (double)id;
	bool yes = true;

	for (c = json_first(operators); c && yes; c = c->next) {
		double than = c->valuedouble;

		if (!strcmp(c->string, "$lt"))
			yes = v < than;
		else if (!strcmp(c->string, "$lte"))
			yes = v <= than;
		else if (!strcmp(c->string, "$gt"))
			yes = v > than;
		else if (!strcmp(c->string, "$gte"))
			yes = v >= than;
	}
	return yes;
}

static void
add_id(cJSON *list, int64_t id)
{
	if (id >= 0)
		cJSON_AddItemToArray(list, cJSON_CreateNumber((double)id));
}

/* The new ids of a population, of those that a number, a list or operators
 * name. */
static cJSON *
map_ids(const struct idmap_population *p, const cJSON *ids)
{
	cJSON *list = cJSON_CreateArray();
	const cJSON *c;
	uint32_t cell;

	if (cJSON_IsNumber(ids))
		add_id(list, idmap_find(p, (int64_t)ids->valuedouble));
	for (c = cJSON_IsArray(ids) ? ids->child : NULL; c; c = c->next)
		if (cJSON_IsNumber(c))
			add_id(list, idmap_find(p, (int64_t)c->valuedouble));
	for (cell = 0; cJSON_IsObject(ids) && cell < p->ids->n; cell++)
		if (p->new_id[cell] != NO_CELL &&
		    holds(ids, ids_at(p->ids, cell)))
			add_id(list, p->new_id[cell]);
	return list;
}

/* Does a text or a list name it? */
static bool
is_named(const cJSON *names, const char *name)
{
	const cJSON *c;

	for (c = cJSON_IsArray(names) ? names->child : names; c; c = c->next) {
		if (cJSON_IsString(c) && !strcmp(c->valuestring, name))
			return true;
		if (c == names)
			break;
	}
	return false;
}

/* The populations whose ids a set can mean; BMTK's are those of cells. */
static bool
is_meant(const struct idmap_population *p, const cJSON *set)
{
	const cJSON *names =
		cJSON_GetObjectItemCaseSensitive(set, "population");

	if (strcmp(p->name, p->from) != 0)
		return false;
	return names ? is_named(names, p->from) : !p->is_virtual;
}

/* A set for one population; NULL if none of its ids is left. */
static cJSON *
map_one(const struct idmap_population *p, const cJSON *set, const char *key)
{
	const cJSON *old =
		key ? cJSON_GetObjectItemCaseSensitive(set, key) : set;
	cJSON *ids = map_ids(p, old), *new;

	if (!ids->child) {
		cJSON_Delete(ids);
		return NULL;
	}
	if (key) {
		new = cJSON_Duplicate(set, true);
		cJSON_ReplaceItemInObjectCaseSensitive(new, key, ids);
		cJSON_DeleteItemFromObjectCaseSensitive(new, "population");
	} else {
		new = cJSON_CreateObject();
		cJSON_AddItemToObject(new, "node_id", ids);
	}
	cJSON_AddStringToObject(new, "population", p->name);
	return new;
}

/* One set, or a list of as many as there are populations. */
static cJSON *
map_by_ids(const struct idmap *m, const cJSON *set, const char *key,
	   const char *name, cJSON *sets)
{
	cJSON *part[2] = {NULL}, *list;
	const char *of = NULL;
	char *whole;
	size_t i, n = 0;

	list = cJSON_CreateArray();
	for (i = 0; i < m->n; i++) {
		const struct idmap_population *p = &m->population[i];

		part[1] = is_meant(p, set) ? map_one(p, set, key) : NULL;
		if (!part[1])
			continue;
		if (n++ == 0) {
			part[0] = part[1];
			of = p->name;
			continue;
		}
		whole = format("%s.%s", name, p->name);
		cJSON_AddItemToObject(sets, whole, part[1]);
		cJSON_AddItemToArray(list, cJSON_CreateString(whole));
		free(whole);
	}
	if (n < 2) {
		cJSON_Delete(list);
		return part[0];
	}
	whole = format("%s.%s", name, of);
	cJSON_AddItemToObject(sets, whole, part[0]);
	cJSON_InsertItemInArray(list, 0, cJSON_CreateString(whole));
	free(whole);
	return list;
}

/* Of a list of populations, those that are left. */
static void
leave_out_populations(const struct idmap *m, cJSON *set)
{
	cJSON *names = cJSON_GetObjectItemCaseSensitive(set, "population");
	cJSON *c = cJSON_IsArray(names) ? names->child : NULL, *next;

	for (; c; c = next) {
		next = c->next;
		if (cJSON_IsString(c) && !idmap_population(m, c->valuestring))
			cJSON_Delete(cJSON_DetachItemViaPointer(names, c));
	}
}

cJSON *
idmap_set(const struct idmap *m, const cJSON *set, const char *name,
	  cJSON *sets)
{
	const char *key = id_key(set);
	cJSON *new;

	if (key || (cJSON_IsArray(set) && cJSON_IsNumber(set->child)))
		return map_by_ids(m, set, key, name, sets);
	new = cJSON_Duplicate(set, true);
	if (cJSON_IsObject(new))
		leave_out_populations(m, new);
	return new;
}
