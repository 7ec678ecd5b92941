/* config-check -- say what a config was read as, a fact a line
 *
 * With a population it is which parts have that, and node sets are not read.
 *
 * Texts are told apart by single quotes, what is not there is a dash, so that a
 * test can hold the whole output to what it expects.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opt.h"
#include "sonata/config.h"
#include "util.h"

static const struct opt opts[] = {OPT_END};
static const struct tool tool = {
	.purpose = "print what a config was read as",
	.operands = "config [population]",
	.least = 1,
	.most = 2,
	.opts = opts,
};

static const char *
or_dash(const char *s)
{
	return s ? s : "-";
}

static void
print_part(const char *what, const struct config_part *part)
{
	const cJSON *c;

	if (part->fault)
		die("%s", part->fault);
	printf("%s %s %s\n", what, part->file, or_dash(part->types));
	for (c = json_first(part->only); c; c = c->next)
		printf("only %s %s\n", c->string,
		       or_dash(config_part_type(part, c->string)));
}

static void
print_has(const struct config_part *part, const char *population)
{
	if (config_part_has(part, population))
		printf("has %s %s\n", part->file,
		       or_dash(config_part_type(part, population)));
}

/* Two levels are enough for the inputs of the tests. */
static void
print_input(const cJSON *input)
{
	const cJSON *c, *d;

	printf("input %s\n", input->string);
	for (c = json_first(input); c; c = c->next) {
		if (cJSON_IsString(c))
			printf("input %s %s '%s'\n", input->string, c->string,
			       c->valuestring);
		for (d = json_first(c); d; d = d->next)
			printf("input %s %s '%s'\n", input->string, c->string,
			       or_dash(cJSON_GetStringValue(d)));
	}
}

static void
print_parts(const struct config *c, const char *what)
{
	size_t i, n;
	const struct config_part *part = config_parts(c, what, &n);

	for (i = 0; i < n; i++)
		print_part(what, &part[i]);
}

static void
print_config(const struct config *c)
{
	const struct config_set *set;
	const cJSON *item;
	const struct config_part *gaps;
	char *text;
	size_t i, n;

	print_parts(c, "nodes");
	print_parts(c, "edges");
	gaps = config_parts(c, "gap_juncs", &n);
	for (i = 0; i < n; i++)
		printf("gap_juncs %s\n", gaps[i].file);
	set = config_node_sets(c, &n);
	for (i = 0; i < n; i++) {
		text = cJSON_PrintUnformatted(set[i].is);
		printf("node_set %s %s\n", set[i].name, or_dash(text));
		cJSON_free(text);
	}
	for (item = json_first(config_inputs(c)); item; item = item->next)
		print_input(item);
}

static void
check_looks(void)
{
	static const struct {
		const char *s;
		bool json;
	} all[] = {
		{"{", true},
		{" \t\r\n{}", true},
		{"\xEF\xBB\xBF{", true},
		{"", false},
		{" ", false},
		{"\xEF\xBB\xBF", false},
		{"[{", false},
		{"source,target\n{", false},
		{"\x89HDF\r\n\x1a\n", false},
	};
	size_t i;

	for (i = 0; i < LEN(all); i++)
		if (json_looks_like(all[i].s, strlen(all[i].s)) != all[i].json)
			die("text %zu was taken for what it is not", i);
	if (json_looks_like("{", 0) || json_looks_like("\0{", 2))
		die("a text was read past its end");
}

int
main(int argc, char **argv)
{
	const struct config_part *part;
	const struct config *c;
	size_t i, k, n;

	argv = start(argc, argv, &tool);
	check_looks();
	c = config_read(argv[0]);
	config_need_network(c);
	if (!argv[1]) {
		print_config(c);
		return WORKED;
	}
	for (k = 0; k < 2; k++) {
		part = config_parts(c, k ? "edges" : "nodes", &n);
		for (i = 0; i < n; i++)
			print_has(&part[i], argv[1]);
	}
	return WORKED;
}
