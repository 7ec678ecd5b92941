/* config-check -- say what a config was read as, a fact a line
 *
 * With a population it is which parts have that, and node sets are not read.
 *
 * Texts are told apart by single quotes, what is not there is a dash, so that a
 * test can hold the whole output to what it expects.
 */
#include <stdio.h>
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
print_config(const struct config *c)
{
	const cJSON *sets = config_node_sets(c), *item;
	char *text;
	size_t i;

	for (i = 0; i < c->nnodes; i++)
		print_part("nodes", &c->nodes[i]);
	for (i = 0; i < c->nedges; i++)
		print_part("edges", &c->edges[i]);
	for (i = 0; i < c->ngap_juncs; i++)
		printf("gap_juncs %s\n", c->gap_juncs[i]);
	for (item = json_first(sets); item; item = item->next) {
		text = cJSON_PrintUnformatted(item);
		printf("node_set %s %s\n", item->string, or_dash(text));
		cJSON_free(text);
	}
	for (item = json_first(c->inputs); item; item = item->next)
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
	const struct config *c;
	size_t i;

	argv = start(argc, argv, &tool);
	check_looks();
	c = config_read(argv[0]);
	config_need_network(c);
	if (!argv[1]) {
		print_config(c);
		return WORKED;
	}
	for (i = 0; i < c->nnodes; i++)
		print_has(&c->nodes[i], argv[1]);
	for (i = 0; i < c->nedges; i++)
		print_has(&c->edges[i], argv[1]);
	return WORKED;
}
