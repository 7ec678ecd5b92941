/* sonata-check -- find what is wrong in SONATA files
 *
 * Readers of these files end at the first thing that they cannot take, each at
 * another one.  This one goes on: a row for each rule that is broken and each
 * place where it is, with a severity for who is going to read the files.  All
 * is looked at in batches, and in a process of its own, because a file that has
 * faults may end whoever reads it. */
#include <math.h>

#include "check/checkconfig.h"
#include "check/finding.h"
#include "out.h"
#include "sonata/json.h"
#include "sonata/sonata.h"
#include "sonata/spill.h"

enum { MEMORY = 32 << 20 };

static unsigned reader = RULE_SPEC;
static bool strict, rules;
static const char *types;

static const struct opt opts[] = {
	OPT_WORD(0, "for", "reader", &reader, RULE_READER_WORDS,
		 "how bad it is for bmtk, libsonata, nest or spec"),
	OPT_FLAG(0, "strict", &strict, "fail on warnings too"),
	OPT_FLAG(0, "rules", &rules, "a row for each rule, of no file"),
	OPT_STR(0, "types", "file", &types,
		"the node or edge types of an HDF5 file (CSV)"),
	OPT_TABLE(spill_opts_32M),
	OPT_TABLE(out_opts),
	OPT_NOT_WITH("rules", "for strict types memory"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "find what is wrong in SONATA files",
	.operands = "file",
	.least = 0,
	.most = 1,
	.opts = opts,
};

/* What is to be checked. */
struct check_task {
	const char *path;
	bool is_config;
};

static void
plan(void *arg)
{
	const struct check_task *t = arg;
	struct checkfile files = {.memory = spill_memory(MEMORY)};

	files.known.tstop_ms = NAN;
	if (t->is_config) {
		checkconfig_run(&files, t->path);
		return;
	}
	checkfile_list(&files, t->path,
		       types ? types : sonata_usual_types(t->path, NODES),
		       types ? types : sonata_usual_types(t->path, EDGES));
	checkfile_run(&files);
}

static void
write_rules(void)
{
	size_t i, k, n;
	const struct rule *all = rules_all(&n);

	out_header("rule", "bmtk", "libsonata", "nest", "spec", "what",
		   "reference");
	for (i = 0; i < n; i++) {
		out_text(all[i].id);
		for (k = 0; k < RULE_READERS; k++)
			out_text(rule_severity_name(all[i].by[k]));
		out_text(all[i].what);
		out_text(all[i].source);
		out_end();
	}
}

/* Returns the worst severity. */
static enum rule_severity
write_findings(const struct findings *all)
{
	enum rule_severity worst = RULE_SILENT, severity;
	size_t i;

	out_header("rule", "severity", "file", "place", "count", "message");
	for (i = 0; i < all->n; i++) {
		const struct finding *f = &all->finding[i];

		severity = f->rule->by[reader];
		if (severity == RULE_SILENT)
			continue;
		if (severity > worst)
			worst = severity;
		out_text(f->rule->id);
		out_text(rule_severity_name(severity));
		out_text(f->file);
		out_text(f->place);
		out_int((int64_t)f->count);
		out_text(f->message);
		out_end();
	}
	return worst;
}

/* What is no file of SONATA at all is not checked. */
static struct check_task
take_operand(const char *path)
{
	struct check_task t = {.path = path};
	char s[512] = "";
	size_t n = config_first_bytes(path, s, sizeof s);

	t.is_config = json_looks_like(s, n);
	if (!t.is_config && !hdf_looks_like(s, n))
		die("%s: not an HDF5 file", path);
	if (t.is_config && types)
		misuse("--types is for an HDF5 file: a config names its own");
	return t;
}

int
main(int argc, char **argv)
{
	struct findings all = {0};
	enum rule_severity worst;
	struct check_task t;

	argv = start(argc, argv, &tool);
	if (rules && *argv)
		misuse("--rules is of no file");
	if (rules) {
		write_rules();
		return WORKED;
	}
	if (!*argv)
		misuse("missing operand");
	t = take_operand(*argv);
	findings_gather(&all, plan, &t);
	worst = write_findings(&all);
	findings_free(&all);
	return worst == RULE_ERROR || (strict && worst == RULE_WARNING)
		       ? FAILED
		       : WORKED;
}
