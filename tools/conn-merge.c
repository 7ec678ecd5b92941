/* conn-merge -- add the parts of a measurement, and write its results
 *
 * What the counts mean is known to the tool that counted: it is called with the
 * options that its parts were made with, and reads them instead of edges.  So
 * one function writes the results of one run and those of many parts, and their
 * bytes are the same. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "measure/part.h"
#include "out.h"

static const struct opt opts[] = {
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "add the parts of a measurement, and write its results",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

/* The file says which tool is called: it is one of these. */
static void
check_tool(const char *path, const char *name)
{
	static const char *const known[] = {"conn-count",  "conn-distance",
					    "conn-hist",   "conn-matrix",
					    "graph-stats", "spike-rate"};
	size_t i;

	for (i = 0; i < LEN(known); i++)
		if (!strcmp(name, known[i]))
			return;
	die("%s: a part of '%s', which is not a tool that has parts", path,
	    name);
}

static void
write_all(int fd, const char *s, ssize_t n)
{
	ssize_t done;

	for (; n > 0; s += done, n -= done) {
		done = write(fd, s, (size_t)n);
		if (done < 0 && errno != EINTR)
			files_scratch_failed();
		done = done < 0 ? 0 : done;
	}
}

/* A copy of what is read only once, which the tool finds under the same number.
 */
static void
make_copy(int fd, const char *path)
{
	static char block[1 << 16];
	int scratch = files_scratch();
	ssize_t n;

	while ((n = read(fd, block, sizeof block)) != 0)
		if (n > 0)
			write_all(scratch, block, n);
		else if (errno != EINTR)
			die("%s:", path);
	if (lseek(scratch, 0, SEEK_SET) || dup2(scratch, fd) < 0)
		files_scratch_failed();
}

/* The path under which a part can be read twice, the standard input when it has
 * been wound back. */
static const char *
reread(const char *path)
{
	bool standard = !strcmp(path, "-");
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		die("%s:", standard ? "standard input" : path);
	if (!standard && S_ISREG(st.st_mode)) {
		close(fd);
		return path;
	}
	make_copy(fd, standard ? "standard input" : path);
	return standard ? path : format("/dev/fd/%d", fd);
}

/* The tool beside this one. */
static char *
beside(const char *name)
{
	char path[PATH_MAX], *slash;
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	if (n < 0)
		die("/proc/self/exe:");
	path[n] = '\0';
	if ((slash = strrchr(path, '/')))
		*slash = '\0';
	return format("%s/%s", path, name);
}

static void
pass_options(struct opt_list *command)
{
	const struct opt *o;
	const char *text;
	size_t i = 0;

	while ((o = opt_said(&i, &text)))
		opt_list_add(command, format("--%s%s%s", o->name,
					     o->arg ? "=" : "", text));
}

int
main(int argc, char **argv)
{
	static char dash[] = "-", *standard[] = {dash, NULL};
	struct opt_list command = {0};
	const char *first;
	char *program;

	argv = start(argc, argv, &tool);
	if (!argv[0])
		argv = standard;
	first = reread(argv[0]);
	part_command(first, &command);
	check_tool(argv[0], command.item[0]);
	if (!strcmp(first, "-") && lseek(STDIN_FILENO, 0, SEEK_SET))
		die("standard input:");
	program = beside(command.item[0]);
	command.item[0] = progname;
	pass_options(&command);
	opt_list_add(&command, format("--part=%s", first));
	while (*++argv)
		opt_list_add(&command, format("--part=%s", reread(*argv)));
	opt_list_add(&command, NULL);
	execv(program, (char *const *)command.item);
	die("%s:", program);
}
