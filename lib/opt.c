#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "opt.h"
#include "out.h"
#include "progress.h"

#define MAX_OPTS 96
#define SHOWN 50      /* characters of words that --help lists, at most */
#define MARGIN 28     /* where the help of an option begins, but for a space */
#define WIDTH 80      /* of a screen */
#define LONG_ONLY 256 /* getopt's value for option i without a letter: + i */

#ifndef VERSION
#define VERSION "unknown"
#endif

const char opt_version[] = VERSION;

/* The tool's options and rules, those of the tables it takes in among them. */
static const struct opt *table[MAX_OPTS], *rule[MAX_OPTS];
static const char *given[MAX_OPTS]; /* the texts */
static size_t ntable, nrules;

void
misuse(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", progname);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nTry '%s --help'.\n", progname);
	failure = MISUSED;
	end_badly();
}

/* The word at place k of "a|b|c", which has *n characters. */
static const char *
word_at(const char *words, unsigned k, size_t *n)
{
	for (; k > 0; k--)
		words += strcspn(words, "|") + 1;
	*n = strcspn(words, "|");
	return words;
}

/* The words, with the default, or the interval if it has both ends. */
static char *
values(const struct opt *o)
{
	size_t n;
	const char *usual;

	if (o->kind != OPT_KIND_WORD)
		return o->in && !strstr(o->in, "inf") ? format(", in %s", o->in)
						      : copy("");
	usual = word_at(o->in, *o->to.word, &n);
	return format("%s%s%s%.*s%s", strlen(o->in) <= SHOWN ? ": " : "",
		      strlen(o->in) <= SHOWN ? o->in + (*o->in == '|') : "",
		      n > 0 ? " (" : "", (int)n, usual, n > 0 ? ")" : "");
}

static void
print_option(int letter, const char *name, const char *arg, const char *help)
{
	const char *end, *dash = "    ";
	char letters[] = "-?, ";
	int column;

	letters[1] = (char)letter;
	column = printf("  %s--%s%s%s ", letter ? letters : dash, name,
			arg ? "=" : "", arg ? arg : "");
	column += printf("%*s", column < MARGIN ? MARGIN - column : 0, "");
	for (; *help; help = end + strspn(end, " ")) {
		end = help + strcspn(help, " ");
		if (column + (end - help) >= WIDTH)
			column = printf("\n%*s", MARGIN, "") - 1;
		column += printf(" %.*s", (int)(end - help), help);
	}
	putchar('\n');
}

static void
print_help(const struct tool *tool)
{
	size_t i;

	printf("usage: %s [option ...]%s%s\n", progname,
	       *tool->operands ? " " : "", tool->operands);
	printf("%s: %s.\n\n", progname, tool->purpose);
	for (i = 0; i < ntable; i++) {
		const struct opt *o = table[i];
		char *can = values(o), *help = format("%s%s", o->help, can);

		print_option(o->letter, o->name, o->arg, help);
		free(can);
		free(help);
	}
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

unsigned
opt_word(const char *option, const char *s, const char *words)
{
	const char *at = words;
	unsigned k;
	size_t n;

	for (k = 0; *at; k++, at += n + (at[n] != '\0')) {
		n = strcspn(at, "|");
		if (n > 0 && n == strlen(s) && !strncmp(at, s, n))
			return k;
	}
	misuse("--%s: must be %s: '%s'", option, words + (*words == '|'), s);
}

/* Refuse a number outside of an interval; the text after the interval. */
static const char *
check_inside(const struct opt *o, const char *interval, double v, const char *s)
{
	char *high, *end;
	double low = strtod(interval + 1, &high);
	double most = strtod(high + 1, &end);

	if (!(*interval == '(' ? v > low : v >= low) ||
	    !(*end == ')' ? v < most : v <= most))
		misuse("--%s: must be in %.*s: '%s'", o->name,
		       (int)(end + 1 - interval), interval, s);
	return end + 1;
}

static bool
is_integer(const struct opt *o)
{
	return o->kind == OPT_KIND_INT || o->kind == OPT_KIND_INT_PAIR;
}

static double
number(const struct opt *o, size_t k)
{
	return is_integer(o) ? (double)o->to.num[k] : o->to.real[k];
}

/* Set the k-th number of an option; the text after its first interval. */
static const char *
set_number(const struct opt *o, size_t k, const char *bounds, const char *s)
{
	if (is_integer(o) && !parse_int(s, &o->to.num[k]))
		misuse("--%s: not an integer: '%s'", o->name, s);
	if (!is_integer(o) &&
	    (!parse_num(s, &o->to.real[k]) || isnan(o->to.real[k])))
		misuse("--%s: not a number: '%s'", o->name, s);
	return bounds ? check_inside(o, bounds, number(o, k), s) : NULL;
}

/* Are two numbers in the order "<" or "<="? A NaN is in any order. */
static bool
is_ordered(double a, const char *order, double b)
{
	return order[1] == '=' ? !(a > b) : !(a >= b);
}

/* The argument's name shows what separates the two numbers, and a bracket in it
 * that one number may stand for both. */
static void
set_pair(const struct opt *o, const char *arg)
{
	const char *between = strpbrk(o->arg, ":,"), *order, *bounds;
	char *first = copy(arg);
	char *second = strchr(first, between ? *between : 'x');

	if (!second && !strchr(o->arg, '['))
		misuse("--%s: must be %s: '%s'", o->name, o->arg, arg);
	if (second)
		*second++ = '\0';
	order = set_number(o, 0, o->in, first);
	bounds = order + strspn(order, "<= ");
	set_number(o, 1, *bounds ? bounds : o->in, second ? second : first);
	if (*order == '<' && !is_ordered(number(o, 0), order, number(o, 1)))
		misuse("--%s: must be %s, the first %.*s the second: '%s'",
		       o->name, o->arg, (int)(bounds - order), order, arg);
	free(first);
}

static void
set_jobs(const struct opt *o, const char *arg)
{
	int64_t n;

	if (!strcmp(arg, "auto"))
		n = (int64_t)opt_cpus();
	else if (!parse_int(arg, &n) || n < 1 || n > 1024)
		misuse("--%s: must be auto or in [1,1024]: '%s'", o->name, arg);
	*o->to.size = (size_t)n;
}

/* What auto is, as I/N in new memory.  mpirun's daemons are tasks of Slurm, so
 * that its ranks come before those.  GNU parallel does not say how many. */
static char *
shard_here(void)
{
	static const char *const known[][3] = {
		{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT",
		 "SLURM_ARRAY_TASK_MIN"},
		{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", ""},
		{"SLURM_PROCID", "SLURM_NTASKS", ""},
	};
	size_t k;

	for (k = 0; k < LEN(known); k++) {
		const char *s = getenv(known[k][0]), *n = getenv(known[k][1]);
		const char *from = getenv(known[k][2]);
		int64_t part, first = 0;

		if (s && n && parse_int(s, &part) &&
		    (!from || parse_int(from, &first)))
			return format("%lld/%s", (long long)(part - first), n);
	}
	misuse("--shard: nothing says what auto is, neither an array or a task "
	       "of Slurm nor mpirun: give I/N, to GNU parallel as {}/N");
}

static void
set_shard(const struct opt *o, const char *arg)
{
	char *here = strcmp(arg, "auto") != 0 ? NULL : shard_here();
	char *text = copy(here ? here : arg), *slash = strchr(text, '/');
	int64_t part = 0, of = 0;

	if (slash)
		*slash = '\0';
	if (!slash || !parse_int(text, &part) || !parse_int(slash + 1, &of) ||
	    part < 0 || part >= of || of > INT32_MAX)
		misuse("--%s: must be I/N, I in [0,N): '%s'", o->name,
		       here ? here : arg);
	*o->to.shard = (struct opt_shard){(uint64_t)part, (uint64_t)of};
	free(text);
	free(here);
}

static void
set(const struct opt *o, const char *arg)
{
	switch (o->kind) {
	case OPT_KIND_FLAG:
		*o->to.flag = true;
		break;
	case OPT_KIND_INT:
	case OPT_KIND_NUM:
		set_number(o, 0, o->in, arg);
		break;
	case OPT_KIND_INT_PAIR:
	case OPT_KIND_PAIR:
		set_pair(o, arg);
		break;
	case OPT_KIND_WORD:
		*o->to.word = opt_word(o->name, arg, o->in);
		break;
	case OPT_KIND_STR:
	case OPT_KIND_OUT:
	case OPT_KIND_OUT_TOO:
		*o->to.str = arg;
		break;
	case OPT_KIND_LIST:
		opt_list_add(o->to.list, arg);
		break;
	case OPT_KIND_SIZE:
		if (!parse_size(arg, o->to.size))
			misuse("--%s: not a size: '%s'", o->name, arg);
		break;
	case OPT_KIND_JOBS:
		set_jobs(o, arg);
		break;
	case OPT_KIND_SHARD:
		set_shard(o, arg);
		break;
	default:
		break;
	}
}

/* ---- Rules ---- */

/* The word after s, which has *n characters; NULL if that was the last. */
static const char *
next(const char *s, size_t *n)
{
	s += *n;
	s += strspn(s, " ");
	*n = strcspn(s, " ");
	return *n ? s : NULL;
}

/* "a b c" as "--a or --b or --c". */
static char *
either(const char *s)
{
	char *all = NULL, *longer;
	size_t n = 0;

	for (; (s = next(s, &n)); all = longer) {
		longer = format("%s%s--%.*s", all ? all : "", all ? " or " : "",
				(int)n, s);
		free(all);
	}
	return all;
}

/* The number of the option that a rule names as "name" or "name=word". */
static size_t
named(const char *s)
{
	size_t i, n = strcspn(s, "= ");

	for (i = 0; i < ntable; i++)
		if (n == strlen(table[i]->name) &&
		    !strncmp(table[i]->name, s, n))
			return i;
	die("no option is called '%s', but a rule says so", s);
}

/* Was the option given, and with that word? Where usual is true, a default will
 * do. */
static bool
holds(const char *s, size_t n, bool usual)
{
	size_t i = named(s), name = strlen(table[i]->name), m;
	const char *word;

	if (name == n || (!usual && !given[i]))
		return given[i];
	word = word_at(table[i]->in, *table[i]->to.word, &m);
	return m == n - name - 1 && !strncmp(word, s + name + 1, m);
}

/* The first of some options that holds, other than the one that is known. */
static const char *
first_of(const char *words, bool usual, const char *but, size_t *n)
{
	const char *s = words;

	for (*n = 0; (s = next(s, n));)
		if (holds(s, *n, usual) && (!but || named(s) != named(but)))
			return s;
	return NULL;
}

static void
check_exclude(const struct opt *r)
{
	size_t n, m;
	const char *s = first_of(r->name, false, NULL, &n);
	const char *other = s ? first_of(r->in, false, s, &m) : NULL;

	if (other)
		misuse("--%.*s and --%.*s exclude each other", (int)n, s,
		       (int)m, other);
}

static void
check_needs(const struct opt *r)
{
	size_t n, m;
	const char *s = first_of(r->name, false, NULL, &n);

	if (!s && *r->name)
		return;
	if (first_of(r->in, true, NULL, &m))
		return;
	if (!s)
		misuse("%s is needed", either(r->in));
	misuse("--%.*s needs %s", (int)n, s, either(r->in));
}

static void
check_order(const struct opt *r)
{
	const char *order = r->name + strcspn(r->name, " ") + 1;
	const struct opt *a = table[named(r->name)];
	const struct opt *b = table[named(order + strcspn(order, " ") + 1)];

	if (!is_ordered(number(a, 0), order, number(b, 0)))
		misuse("--%s must be %.*s --%s: %.15g, %.15g", a->name,
		       (int)strcspn(order, " "), order, b->name, number(a, 0),
		       number(b, 0));
}

static void
check_rules(void)
{
	size_t i;

	for (i = 0; i < nrules; i++)
		if (rule[i]->kind == OPT_KIND_EXCLUDE)
			check_exclude(rule[i]);
		else if (rule[i]->kind == OPT_KIND_NEEDS)
			check_needs(rule[i]);
		else
			check_order(rule[i]);
}

static bool
is_output(size_t i)
{
	return given[i] && (table[i]->kind == OPT_KIND_OUT ||
			    table[i]->kind == OPT_KIND_OUT_TOO);
}

/* Two outputs in one file would spoil each other.  Do they all go elsewhere
 * than to the standard output, which is one of them unless an OPT_OUT stands in
 * for it? */
static bool
check_outputs(void)
{
	bool elsewhere = false;
	size_t i, j;

	for (i = 0; i < ntable; i++) {
		const char *path = is_output(i) ? *table[i]->to.str : NULL;

		if (!path)
			continue;
		files_claim(path);
		for (j = 0; j < i; j++)
			if (is_output(j) && files_same(*table[j]->to.str, path))
				misuse("--%s and --%s are the same file",
				       table[j]->name, table[i]->name);
		elsewhere = elsewhere || (table[i]->kind == OPT_KIND_OUT &&
					  !files_same("-", path));
	}
	for (i = 0; i < ntable && !elsewhere; i++)
		if (is_output(i) && table[i]->kind == OPT_KIND_OUT_TOO &&
		    files_same("-", *table[i]->to.str))
			misuse("--%s: that is where the output goes",
			       table[i]->name);
	return elsewhere;
}

bool
opt_given(const void *variable)
{
	size_t i;

	for (i = 0; i < ntable; i++)
		if (given[i] && table[i]->to.any == variable)
			return true;
	return false;
}

bool
opt_offered(const void *variable)
{
	size_t i;

	for (i = 0; i < ntable; i++)
		if (table[i]->to.any == variable)
			return true;
	return false;
}

const struct opt *
opt_said(size_t *i, const char **text)
{
	for (*text = NULL; !*text && *i < ntable; ++*i)
		*text = given[*i];
	return *text ? table[*i - 1] : NULL;
}

/* ---- The table ---- */

static void
gather(const struct opt *opts) /* NOLINT(misc-no-recursion): tables in tables */
{
	for (; opts->name; opts++)
		if (ntable == MAX_OPTS || nrules == MAX_OPTS)
			die("more than %d options or rules", MAX_OPTS);
		else if (opts->kind == OPT_KIND_TABLE)
			gather(opts->to.table);
		else if (opts->kind >= OPT_KIND_EXCLUDE)
			rule[nrules++] = opts;
		else
			table[ntable++] = opts;
}

/* Write the table the way getopt_long wants it. */
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

static size_t
find(int value)
{
	size_t i = 0;

	if (value >= LONG_ONLY)
		return (size_t)(value - LONG_ONLY);
	while (table[i]->letter != value)
		i++;
	return i;
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
	size_t i;
	int c;

	progname = argv[0] = slash ? slash + 1 : argv[0];
	fill_standard_files();
	progress_answer();
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
			i = find(c);
			given[i] = optarg ? optarg : "";
			set(table[i], given[i]);
		}
	}
	check_rules();
	argc -= optind;
	argv += optind;
	if (argc < tool->least)
		misuse("missing operand");
	if (argc > tool->most)
		misuse("unexpected operand: '%s'", argv[tool->most]);
	out_begin();
	if (check_outputs() || !isatty(STDOUT_FILENO))
		progress_watch();
	return argv;
}

size_t
opt_cpus(void)
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

void
opt_shard(const struct opt_shard *s, uint64_t n, uint64_t *first, uint64_t *end)
{
	uint64_t i = s->part, parts = s->parts ? s->parts : 1;

	*first = n / parts * i + n % parts * i / parts;
	*end = n / parts * (i + 1) + n % parts * (i + 1) / parts;
}
