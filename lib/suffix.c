#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "out.h"
#include "suffix.h"

const char *
suffix_of_output(void)
{
	const char *path = out_path() ? out_path() : "";
	const char *slash = strrchr(path, '/'),
		   *name = slash ? slash + 1 : path;
	const char *dot = *name ? strrchr(name + 1, '.') : NULL;

	return dot ? dot + 1 : "";
}

static bool
is_in(const char *list, const char *suffix)
{
	size_t n = strlen(suffix);

	for (; n > 0 && list; list = strchr(list, '|')) {
		list += *list == '|' ? 1 : 0;
		if (strcspn(list, "|") == n && !strncasecmp(list, suffix, n))
			return true;
	}
	return false;
}

size_t
suffix_find(const char *const *lists, size_t n)
{
	const char *suffix = suffix_of_output();
	size_t i = 0;

	while (i < n && !is_in(lists[i], suffix))
		i++;
	return i;
}
