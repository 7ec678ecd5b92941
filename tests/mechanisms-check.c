/* mechanisms-check -- compile the mod files of folders, print the library */
#include <stdio.h>
#include <stdlib.h>

#include "cell/mechanisms.h"
#include "opt.h"

static const struct opt opts[] = {OPT_END};
static const struct tool tool = {
	.purpose = "compile mod files and print the library's path",
	.operands = "[folder ...]",
	.most = 99,
	.opts = opts,
};

int
main(int argc, char **argv)
{
	struct opt_list folders = {0};

	argv = start(argc, argv, &tool);
	for (; *argv; argv++) {
		folders.item = grow(folders.item, &folders.cap, folders.n + 1,
				    sizeof *folders.item);
		folders.item[folders.n++] = *argv;
	}
	if (folders.n > 0)
		puts(mechanisms_compile(&folders));
	free(folders.item);
	return WORKED;
}
