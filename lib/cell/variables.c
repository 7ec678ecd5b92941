#include <stdlib.h>
#include <string.h>

#include "cell/nrn.h"
#include "cell/variables.h"
#include "util.h"

static const char lister[] = "objref bm_standard\n"
			     "strdef bm_variable\n"
			     "proc bm_variables() { local i, n\n"
			     " bm_standard = new MechanismStandard($s1, $2)\n"
			     " for i = 0, bm_standard.count() - 1 {\n"
			     "  n = bm_standard.name(bm_variable, i)\n"
			     "  printf(\"%s\\t%d\\n\", bm_variable, n)\n"
			     " }\n"
			     "}\n";

char **
variables_of(const char *mechanism, enum variables_kind kind, size_t *n)
{
	char *all, *rest, *line, *tab, **name = NULL;
	size_t cap = 0;
	long i, k;

	nrn_do("%s", lister);
	rest = all = copy(
		nrn_print("bm_variables(\"%s\", %d)", mechanism, (int)kind));
	for (*n = 0; (line = strsep(&rest, "\n"));) {
		if (!(tab = strchr(line, '\t')))
			continue;
		*tab = '\0';
		k = strtol(tab + 1, NULL, 10);
		for (i = 0; i < k; i++) {
			name = grow(name, &cap, *n + 1, sizeof *name);
			name[(*n)++] = k == 1 ? copy(line)
					      : format("%s[%ld]", line, i);
		}
	}
	free(all);
	return name;
}

void
variables_free(char **name, size_t n)
{
	while (n > 0)
		free(name[--n]);
	free(name);
}

bool
variables_have(char *const *name, size_t n, const char *wanted)
{
	while (n > 0 && strcmp(name[n - 1], wanted) != 0)
		n--;
	return n > 0;
}

char *
variables_join(char *const *name, size_t n)
{
	char *all = NULL;
	size_t i;

	for (i = 0; i < n; i++)
		all = join(all, name[i]);
	return all;
}
