#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "opt.h"
#include "out.h"

#define MAX_OPTS 64
#define LONG_ONLY 256 /* getopt's value for option i without a letter: + i */

#ifndef VERSION
#define VERSION "unknown"
#endif

/* The tool's options, those of the tables it takes in among them. */
static const struct opt *table[MAX_OPTS];
static size_t ntable;

void
misuse(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", progname);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nTry '%s --help'.\n", progname);
	exit(MISUSED);
}

static void
print_option(int letter, const char *name, const char *arg, const char *help)
{
	char left[64], dash[5] = "    ";

	if (letter)
		snprintf(dash, sizeof dash, "-%c, ", letter);
	snprintf(left, sizeof left, "%s--%s%s%s", dash, name, arg ? "=" : "",
		 arg ? arg : "");
	printf("  %-26s %s%s\n", left, strlen(left) > 26 ? " " : "", help);
}

static void
print_help(const struct tool *tool)
{
	size_t i;

	printf("usage: %s [option ...]%s%s\n", progname,
	       *tool->operands ? " " : "", tool->operands);
	printf("%s: %s.\n\n", progname, tool->purpose);
	for (i = 0; i < ntable; i++)
		print_option(table[i]->letter, table[i]->name, table[i]->arg,
			     table[i]->help);
	print_option('h', "help", NULL, "print this help and exit");
	print_option('V', "version", NULL, "print the version and exit");
}

void
opt_list_add(struct opt_list *list, const char *arg)
{
	list->item =
		grow(list->item, &list->cap, list->n + 1, sizeof *list->item);
	list->item[list->n++] = arg;
}

static void
set(const struct opt *o, const char *arg)
{
	switch (o->kind) {
	case OPT_KIND_FLAG:
		*o->to.flag = true;
		break;
	case OPT_KIND_INT:
		if (!parse_int(arg, o->to.num))
			misuse("--%s: not an integer: '%s'", o->name, arg);
		break;
	case OPT_KIND_NUM:
		if (!parse_num(arg, o->to.real) || isnan(*o->to.real))
			misuse("--%s: not a number: '%s'", o->name, arg);
		break;
	case OPT_KIND_STR:
		*o->to.str = arg;
		break;
	case OPT_KIND_LIST:
		opt_list_add(o->to.list, arg);
		break;
	case OPT_KIND_SIZE:
		if (!parse_size(arg, o->to.size))
			misuse("--%s: not a size: '%s'", o->name, arg);
		break;
	case OPT_KIND_TABLE:
	case OPT_NONE:
		break;
	}
}

static void
gather(const struct opt *opts) /* NOLINT(misc-no-recursion): tables in tables */
{
	for (; opts->name; opts++)
		if (opts->kind == OPT_KIND_TABLE)
			gather(opts->to.table);
		else if (ntable < MAX_OPTS)
			table[ntable++] = opts;
}

/* Write the table out the way getopt_long wants it. */
static void
translate(struct option *longs, char *letters)
{
	size_t i;

	for (i = 0; i < ntable; i++) {
		const struct opt *o = table[i];
		int has_arg = o->arg ? required_argument : no_argument;
		int value = o->letter ? o->letter : LONG_ONLY + (int)i;

		longs[i] = (struct option){o->name, has_arg, NULL, value};
		if (o->letter)
			*letters++ = (char)o->letter;
		if (o->letter && o->arg)
			*letters++ = ':';
	}
	longs[i++] = (struct option){"help", no_argument, NULL, 'h'};
	longs[i++] = (struct option){"version", no_argument, NULL, 'V'};
	longs[i] = (struct option){0};
	memcpy(letters, "hV", sizeof "hV");
}

static const struct opt *
find(int value)
{
	size_t i;

	if (value >= LONG_ONLY)
		return table[value - LONG_ONLY];
	for (i = 0; i < ntable; i++)
		if (table[i]->letter == value)
			return table[i];
	return NULL;
}

/* Were one of them closed, a file opened later would take its place, and the
 * table would be written into it. */
static void
fill_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);
}

char **
start(int argc, char **argv, const struct tool *tool)
{
	struct option longs[MAX_OPTS + 3];
	char letters[2 * MAX_OPTS + 3];
	char *slash = strrchr(argv[0], '/');
	int c;

	progname = argv[0] = slash ? slash + 1 : argv[0];
	fill_standard_files();
	out_check_at_exit();
	gather(tool->opts);
	translate(longs, letters);
	while ((c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		switch (c) {
		case 'h':
			print_help(tool);
			exit(WORKED);
		case 'V':
			printf("%s %s\n", progname, VERSION);
			exit(WORKED);
		case '?':
			fprintf(stderr, "Try '%s --help'.\n", progname);
			exit(MISUSED);
		default:
			set(find(c), optarg);
		}
	}
	argc -= optind;
	argv += optind;
	if (argc < tool->least)
		misuse("missing operand");
	if (argc > tool->most)
		misuse("unexpected operand: '%s'", argv[tool->most]);
	return argv;
}

size_t
opt_choice(const char *option, const char *s, const char *const *words)
{
	char all[256] = "";
	size_t i;

	for (i = 0; words[i]; i++) {
		if (!strcmp(words[i], s))
			return i;
		strncat(all, i ? ", " : "", sizeof all - strlen(all) - 1);
		strncat(all, words[i], sizeof all - strlen(all) - 1);
	}
	misuse("--%s: '%s' is none of %s", option, s, all);
}

static size_t
cpus(void)
{
	const char *slurm = getenv("SLURM_CPUS_PER_TASK");
	cpu_set_t set;
	int64_t n;

	if (slurm && parse_int(slurm, &n) && n > 0)
		return (size_t)n;
	if (sched_getaffinity(0, sizeof set, &set))
		return 1;
	return (size_t)CPU_COUNT(&set);
}

size_t
opt_jobs(const char *s)
{
	int64_t n;

	if (!s)
		return 1;
	if (!strcmp(s, "auto"))
		return cpus();
	if (!parse_int(s, &n) || n < 1 || n > 1024)
		misuse("--jobs: neither a number from 1 nor 'auto': '%s'", s);
	return (size_t)n;
}

void
opt_shard(const char *s, uint64_t n, uint64_t *first, uint64_t *end)
{
	char *text = copy(s ? s : "0/1"), *slash = strchr(text, '/');
	int64_t part = 0, of = 0;
	uint64_t i, parts;

	if (slash)
		*slash = '\0';
	if (!slash || !parse_int(text, &part) || !parse_int(slash + 1, &of) ||
	    part < 0 || part >= of || of > INT32_MAX)
		misuse("--shard: not I/N with I from 0 to N-1: '%s'", s);
	i = (uint64_t)part;
	parts = (uint64_t)of;
	*first = n / parts * i + n % parts * i / parts;
	*end = n / parts * (i + 1) + n % parts * (i + 1) / parts;
	free(text);
}
