/* types.h -- SONATA's node_types and edge_types files
 *
 *	const struct types *t = types_read("edge_types.csv", "edge_type_id",
 *					   "v1_to_v1");
 *	size_t row = type_find(t, 101);
 *	const char *delay = t->value[row][column];
 *
 * They are tables of text whose separator is a space, or several, or a tab, or
 * a comma; a field may be quoted.  Two spaces in a row are an empty field where
 * that makes the number of fields right, else one separator.
 */
#ifndef TYPES_H
#define TYPES_H

#include <stddef.h>
#include <stdint.h>

#define NO_TYPE SIZE_MAX

struct types {
	char *path;
	char **name; /* n columns, without the key and the population */
	size_t n;
	char ***value; /* value[type][column]; NULL where there is none */
	int64_t *id;   /* ascending */
	size_t ntypes;
};

/* Read the types of one population, or, if it is NULL, of all; key names the
 * column of the ids. */
struct types *types_read(const char *path, const char *key,
			 const char *population);

/* Which type has this id, or NO_TYPE. */
size_t type_find(const struct types *t, int64_t id);

/* Which column has this name, or NO_TYPE. */
size_t type_find_property(const struct types *t, const char *name);

void types_free(struct types *t); /* NULL is fine */

#endif
