#include <stdlib.h>
#include <string.h>

#include "cell/settings.h"
#include "rows.h"

void
settings_each(const char *params, const char *option,
	      const struct opt_list *sets,
	      void (*take)(const char *where, const char *name, double value))
{
	struct rows in;
	size_t name, value, i;
	char *where;

	if (params) {
		rows_open(&in, params);
		name = rows_column(&in, "name");
		value = rows_column(&in, "value");
		while (rows_next(&in)) {
			where = format("%s:%zu", in.path, in.line);

			take(where, in.field[name], rows_num(&in, value));
			free(where);
		}
		rows_close(&in);
	}
	where = format("--%s", option);
	for (i = 0; i < sets->n; i++) {
		const char *item = sets->item[i], *equals = strrchr(item, '=');
		size_t n = equals ? (size_t)(equals - item) : 0;
		char *left;
		double v;

		if (n == 0 || !parse_num(item + n + 1, &v))
			misuse("--%s: not name=value: '%s'", option, item);
		left = format("%.*s", (int)n, item);
		take(where, left, v);
		free(left);
	}
	free(where);
}
