/* sonata-config -- change values of a config, and of files that it names
 *
 * A campaign is many runs of one config, each with values of its own.  A value
 * keeps the kind that it has, so that nothing is guessed from what it looks
 * like, and a path that leads nowhere is an error: a run with a misspelt
 * parameter would be the run before it.  The rest of the config stays as it is,
 * and all other files do: who changes them between runs, as BMTool's seedSweep
 * does, has no run whose parameters are known.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "rows.h"
#include "sonata/variant.h"

static struct opt_list settings, additions;
static const char *table, *folder;
static int64_t row;

static const struct opt opts[] = {
	OPT_LIST(0, "set", "path=value", &settings,
		 "change a value that is there, 'run.tstop=100'"),
	OPT_LIST(0, "add", "path=value", &additions,
		 "the same, or put it where there is none"),
	OPT_STR(0, "table", "file", &table, "set what a row of a table says"),
	OPT_INT_IN(0, "row-number", "n", &row, "[0,inf)",
		   "this row of it, from 0"),
	OPT_STR(0, "copies", "folder", &folder,
		"where other files that change, 'x.json:a.b', go"),
	OPT_TABLE(out_file_opts),
	OPT_TABLE(rows_opts),
	OPT_NEEDS("table", "row-number"),
	OPT_NEEDS("row-number", "table"),
	OPT_NEEDS("copies", "output"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "change values of a config",
	.operands = "config",
	.least = 1,
	.most = 1,
	.opts = opts,
};

/* Who asks for a change, as messages begin, and of which file. */
struct change {
	const char *who, *config;
	cJSON *root;
	bool may_add;
	struct variant *variant; /* or NULL */
};

/* What is in an object or a list, for messages. */
static char *
contents(const cJSON *at)
{
	const cJSON *c;
	char *list = NULL;

	if (cJSON_IsArray(at) && at->child)
		return format("there are 0 to %d", cJSON_GetArraySize(at) - 1);
	for (c = json_first(at); c; c = c->next)
		list = join(list, c->string);
	return list ? format("there are %s", list) : copy("it is empty");
}

_Noreturn static void
not_there(const struct change *c, const char *path, size_t n, const cJSON *at)
{
	if (!cJSON_IsObject(at) && !cJSON_IsArray(at))
		die("%s: %s has no '%s': it is in neither an object nor a list",
		    c->who, c->config, path);
	die("%s: %s has no '%.*s': %s", c->who, c->config, (int)n, path,
	    contents(at));
}

/* The first name of a path in new memory, and where it ends; a backslash goes
 * before a dot or a backslash that belongs to the name. */
static char *
first_name(const char *path, const char **end)
{
	char *name = copy(path), *to = name;

	for (; *path && *path != '.'; path++) {
		if (*path == '\\' && path[1])
			path++;
		*to++ = *path;
	}
	*to = '\0';
	*end = path;
	return name;
}

static cJSON *
member(const cJSON *at, const char *name)
{
	int64_t i;

	if (cJSON_IsObject(at))
		return cJSON_GetObjectItemCaseSensitive(at, name);
	if (cJSON_IsArray(at) && parse_int(name, &i) && i >= 0 &&
	    i < cJSON_GetArraySize(at))
		return cJSON_GetArrayItem(at, (int)i);
	return NULL;
}

/* A key may stand twice with one value: it does not once that is changed. */
static void
drop_twins(cJSON *at, const cJSON *one)
{
	cJSON *c, *next;

	for (c = one && one->string ? one->next : NULL; c; c = next) {
		next = c->next;
		if (!strcmp(c->string, one->string))
			cJSON_Delete(cJSON_DetachItemViaPointer(at, c));
	}
}

/* All of a text as JSON, or NULL; 007 is a number only in place of one. */
static cJSON *
parse(const char *s, bool number)
{
	cJSON *v = cJSON_ParseWithOpts(s, NULL, true);

	if (!v)
		return NULL;
	json_keep_numbers(v, s);
	s += strspn(s, " \t\r\n");
	if (!cJSON_IsNumber(v) ||
	    (isfinite(v->valuedouble) &&
	     (number || json_is_number(s, strcspn(s, " \t\r\n")))))
		return v;
	cJSON_Delete(v);
	return NULL;
}

_Noreturn static void
bad_value(const struct change *c, const char *kind, const char *value)
{
	die("%s: not %s: '%s'", c->who, kind, value);
}

/* A value of the same kind as the old one; NULL or null is of any kind. */
static cJSON *
make_value(const struct change *c, const cJSON *old, const char *value)
{
	cJSON *new =
		cJSON_IsString(old) ? NULL : parse(value, cJSON_IsNumber(old));

	if (cJSON_IsNumber(old) && !cJSON_IsNumber(new))
		bad_value(c, "a number", value);
	if (cJSON_IsBool(old) && !cJSON_IsBool(new))
		bad_value(c, "true or false", value);
	if (cJSON_IsArray(old) && !cJSON_IsArray(new))
		bad_value(c, "a list in JSON", value);
	if (cJSON_IsObject(old) && !cJSON_IsObject(new))
		bad_value(c, "an object in JSON", value);
	if (!new)
		new = cJSON_CreateString(value);
	if (!new)
		die("out of memory");
	return new;
}

/* Put a value where a name of an object or a list leads. */
static void
put(const struct change *c, cJSON *at, const char *name, const char *value)
{
	cJSON *old = member(at, name), *new = make_value(c, old, value);

	if (!old)
		cJSON_AddItemToObject(at, name, new);
	else if (cJSON_IsObject(at))
		cJSON_ReplaceItemInObjectCaseSensitive(at, name, new);
	else
		cJSON_ReplaceItemViaPointer(at, old, new);
}

/* The file that a path begins with, in new memory, and what is behind it; or
 * NULL. */
static char *
first_file(const char **path)
{
	static const char end[] = ".json:";
	const char *at = strstr(*path, end), *start = *path;

	if (!at)
		return NULL;
	*path = at + sizeof end - 1;
	return format("%.*s", (int)(*path - 1 - start), start);
}

static void
change_in(struct change c, const char *path, const char *value)
{
	cJSON *at = c.root, *next;
	const char *s = path, *end;
	char *name;

	for (;; s = end + 1, at = next) {
		name = first_name(s, &end);
		next = member(at, name);
		if (!next && !(c.may_add && cJSON_IsObject(at)))
			not_there(&c, path, (size_t)(end - path), at);
		drop_twins(at, next);
		if (!*end)
			break;
		if (!next)
			next = cJSON_AddObjectToObject(at, name);
		if (!next)
			die("out of memory");
		free(name);
	}
	put(&c, at, name, value);
	free(name);
}

static void
change(struct change c, const char *path, const char *value)
{
	char *file = first_file(&path);

	if (file && !c.variant)
		misuse("%s: in another file: --copies says where its copy goes",
		       c.who);
	if (file)
		c.root = variant_json(c.variant, file, &c.config);
	change_in(c, path, value);
	free(file);
}

static void
change_all(struct change c, const char *option, const struct opt_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		char *path = copy(list->item[i]), *value = strchr(path, '=');

		if (!value || value == path)
			misuse("%s: must be path=value: '%s'", option, path);
		*value++ = '\0';
		c.who = format("%s '%s'", option, path);
		change(c, path, value);
		free((char *)c.who);
		free(path);
	}
}

/* What a field that is empty would say stays as it is; a case is the name of
 * its row. */
static void
change_by_row(struct change c)
{
	struct rows in;
	int64_t left = row;
	size_t i;

	rows_open(&in, table);
	rows_check_names(&in);
	for (; rows_next(&in); left--) {
		if (left > 0)
			continue;
		for (i = 0; i < in.n; i++) {
			c.who = format("%s:%zu: column '%s'", table, in.line,
				       in.name[i]);
			if (*in.field[i] && strcmp(in.name[i], "case") != 0)
				change(c, in.name[i], in.field[i]);
			free((char *)c.who);
		}
		rows_close(&in);
		return;
	}
	die("%s: no row %lld: it has %lld", table, (long long)row,
	    (long long)(row - left));
}

int
main(int argc, char **argv)
{
	char **operand = start(argc, argv, &tool), *text;
	struct change c = {.config = operand[0]};

	if (folder)
		c.variant = variant_new(operand[0], out_path(), folder);
	c.root = c.variant ? variant_json(c.variant, NULL, &c.config)
			   : json_read(operand[0]);
	if (table)
		change_by_row(c);
	change_all(c, "--set", &settings);
	c.may_add = true;
	change_all(c, "--add", &additions);
	if (c.variant)
		c.root = variant_copy(c.variant);
	text = json_text(c.root);
	out_bytes(text, strlen(text));
	out_bytes("\n", 1);
	out_close();
	if (c.variant)
		variant_keep();
	else
		cJSON_Delete(c.root);
	cJSON_free(text);
	return WORKED;
}
