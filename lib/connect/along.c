#include <string.h>

#include "connect/along.h"

static const char *letters = "xyz";

const struct opt along_opts[] = {
	OPT_STR(0, "axes", "letters", &letters,
		"measure distance along these of x, y and z (xyz)"),
	OPT_END,
};

bool
along_is_asked(void)
{
	return opt_given(&letters);
}

const char *
along_axes(void)
{
	static char along[4];
	const char *axis;
	size_t n = 0;

	for (axis = "xyz"; *axis; axis++)
		if (strchr(letters, *axis))
			along[n++] = *axis;
	along[n] = '\0';
	if (n == 0 || n < strlen(letters))
		misuse("--axes: not some of x, y and z, each once: '%s'",
		       letters);
	return along;
}
