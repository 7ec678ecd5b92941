#include <stdlib.h>
#include <string.h>

#include "opt.h"
#include "plot/conditions.h"
#include "util.h"

static bool
is_one_of(const char *text, const char *values)
{
	size_t len = strlen(text);

	if (!strcmp(text, values))
		return true;
	if (strchr(text, ','))
		return false;
	for (; values; values = strchr(values, ',')) {
		values += *values == ',' ? 1 : 0;
		if (!strncmp(values, text, len) &&
		    (values[len] == ',' || !values[len]))
			return true;
	}
	return false;
}

void
conditions_add(struct conditions *c, const struct rows *in, const char *text,
	       bool usual)
{
	size_t stem = strcspn(text, "=");
	struct conditions_one new;
	char *name;
	size_t i;

	if (!text[stem])
		misuse("--where: not NAME=VALUE[,VALUE...]: '%s'", text);
	name = format("%.*s", (int)stem, text);
	new = (struct conditions_one){rows_column(in, name), text + stem + 1};
	free(name);
	for (i = 0; usual && i < c->n; i++)
		if (c->of[i].column == new.column)
			return;
	if (c->n == MOST_CONDITIONS)
		die("more than %d conditions", MOST_CONDITIONS);
	c->of[c->n++] = new;
}

bool
conditions_meet(const struct conditions *c, const struct rows *in)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (!is_one_of(in->field[c->of[i].column], c->of[i].values))
			return false;
	return true;
}
