/* read-cell -- read what tools read only when NEURON is there, for the fuzzers
 *
 *	read-cell swc cell.swc
 *
 * Of mod files each gate is cut, and of a hoc file each template is written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell/bounds.h"
#include "cell/fitfile.h"
#include "cell/modfiles.h"
#include "cell/segregate.h"
#include "cell/segregatehoc.h"
#include "cell/swc.h"
#include "cell/targets.h"
#include "opt.h"
#include "sonata/pattern.h"
#include "util.h"

static const struct opt opts[] = {OPT_END};
static const struct tool tool = {
	.purpose = "read a file about a cell",
	.operands = "kind file",
	.least = 2,
	.most = 2,
	.opts = opts,
};

static void
cut(const struct modfiles *mods, const char *mechanism, const char *gate)
{
	struct segregate s = {0};
	struct segregate_cut c = {.gate = gate, .cut = -50, .width = 1};
	size_t n;

	if (!segregate_find(&s, mods, mechanism))
		die("mechanism '%s' is listed and not found", mechanism);
	if (segregate_is_state(&s, gate) || segregate_is_computed(&s, gate)) {
		segregate_cut(&s, &c);
		free(segregate_text(&s, &n));
	}
	segregate_free(&s);
}

static void
read_mod(const char *folder)
{
	struct opt_list folders = {0};
	struct modfiles mods = {0};
	FILE *nothing = fopen("/dev/null", "we");
	char *list, *name;

	opt_list_add(&folders, folder);
	modfiles_read(&mods, &folders);
	modfiles_read_included(&mods, nothing);
	fclose(nothing);
	list = segregate_list(&mods);
	while ((name = strsep(&list, ", ")))
		if (*name) {
			struct segregate s = {0};
			char *gates, *gate;

			segregate_find(&s, &mods, name);
			gates = segregate_gates(&s);
			while ((gate = strsep(&gates, ", ")))
				if (*gate)
					cut(&mods, name, gate);
			segregate_free(&s);
		}
	modfiles_free(&mods);
}

static void
read_hoc(const char *path)
{
	struct segregate m = {.name = copy("nat")};
	struct segregatehoc h = {0};
	size_t i, n;

	segregatehoc_read(&h, path);
	n = h.n;
	for (i = 0; i < n; i++) {
		char *name = copy(h.tmpl[i].name);
		size_t len;

		free(segregatehoc_text(&h, name, &m, 1, &len));
		free(name);
		segregatehoc_free(&h);
		segregatehoc_read(&h, path);
	}
	segregatehoc_free(&h);
}

/* A pattern in the first line, texts in the others. */
static void
read_pattern(const char *path)
{
	size_t n;
	char *text = modfiles_read_text(path, &n), *s = text, *why, *line;
	struct pattern *p = pattern_new(strsep(&s, "\n"), &why);

	if (!p)
		die("%s", why);
	while ((line = strsep(&s, "\n")))
		pattern_fits(p, line, path);
	pattern_free(p);
	free(text);
}

int
main(int argc, char **argv)
{
	argv = start(argc, argv, &tool);
	if (!strcmp(argv[0], "mod"))
		read_mod(argv[1]);
	else if (!strcmp(argv[0], "hoc"))
		read_hoc(argv[1]);
	else if (!strcmp(argv[0], "pattern"))
		read_pattern(argv[1]);
	else if (!strcmp(argv[0], "fit"))
		fitfile_read(argv[1]);
	else if (!strcmp(argv[0], "bounds"))
		bounds_read(&(struct bounds){0}, argv[1]);
	else if (!strcmp(argv[0], "targets"))
		targets_read(&(struct targets){0}, argv[1]);
	else if (!strcmp(argv[0], "swc"))
		swc_free(&(struct swc[]){swc_read(argv[1])}[0]);
	_exit(WORKED); /* what it has left in memory is no tool's */
}
