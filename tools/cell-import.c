/* cell-import -- make a hoc template of an Allen cell
 *
 * What the other tools of cells do with --swc and --fit is written down here,
 * so that a cell can be looked at, changed, and run by NEURON alone. */
#include <stdlib.h>
#include <string.h>

#include "cell/allen.h"
#include "cell/nrn.h"
#include "cell/settings.h"
#include "out.h"
#include "rows.h"

static struct allen cell;
static struct opt_list sets;
static const char *params;

static const struct opt opts[] = {
	OPT_STR(0, "fit", "file", &cell.fit, "its parameters, JSON"),
	OPT_STR(0, "name", "name", &cell.name, "name the template so"),
	OPT_WORD(0, "axon", "how", &cell.axon, ALLEN_AXONS,
		 "what becomes of its axon"),
	OPT_LIST(0, "set", "name=value", &sets,
		 "set a parameter, 'soma.gbar_na=0.1'"),
	OPT_STR(0, "params", "file", &params,
		"set the parameters of a table of name and value"),
	OPT_TABLE(out_file_opts),
	OPT_TABLE(rows_opts),
	OPT_REQUIRED("fit"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "make a hoc template of an Allen cell",
	.operands = "[morphology]",
	.most = 1,
	.opts = opts,
};

static void
set(const char *where, const char *name, double value)
{
	allen_set(&cell, where, name, value);
}

/* Is the template's name free?  NEURON's own are not, nor what is in a cell. */
static void
check_name(const char *name)
{
	static const char *const taken[] = {"soma",   "axon",  "dend",
					    "apic",   "all",   "somatic",
					    "axonal", "basal", "apical"};
	size_t i;

	if (!nrn_is_name(name))
		misuse("--name: not a name in hoc: '%s'", name);
	if (strlen(name) > ALLEN_NAME_MAX)
		misuse("--name: longer than %d characters: '%s'",
		       ALLEN_NAME_MAX, name);
	for (i = 0; i < LEN(taken) && strcmp(name, taken[i]) != 0; i++)
		;
	if (i < LEN(taken) || nrn_number("name_declared(\"%s\")", name) != 0)
		misuse("--name: it is the name of something else: '%s'", name);
}

int
main(int argc, char **argv)
{
	char *text;

	argv = start(argc, argv, &tool);
	cell.morphology = argv[0];
	allen_read(&cell);
	settings_each(params, "set", &sets, set);
	nrn_start(false, false);
	check_name(cell.name);
	text = allen_template(&cell);
	out_bytes(text, strlen(text));
	free(text);
	return WORKED;
}
