/* opt.h -- a tool says its options in one table
 *
 * The table is all there is: from it come the parsing, the messages about
 * misuse, --help and --version.  The tests hold it against the manual page.
 * Options that several tools share are a table too, in the module they belong
 * to, and OPT_TABLE takes it in.
 */
#ifndef OPT_H
#define OPT_H

#include "util.h"

/* What a repeatable option gathers, in the order given. */
struct opt_list {
	const char **item;
	size_t n, cap;
};

void opt_list_add(struct opt_list *list, const char *item);

struct opt {
	int letter; /* 0: a long name only */
	const char *name;
	const char *arg; /* what the manual calls its argument */
	const char *help;
	enum {
		OPT_NONE,
		OPT_KIND_FLAG,
		OPT_KIND_INT,
		OPT_KIND_NUM,
		OPT_KIND_STR,
		OPT_KIND_LIST,
		OPT_KIND_SIZE,
		OPT_KIND_TABLE
	} kind;
	union {
		bool *flag;
		int64_t *num;
		double *real;
		const char **str;
		struct opt_list *list;
		size_t *size;
		const struct opt *table;
	} to;
};

/* clang-format off */
#define OPT_FLAG(c, n, v, h) {c, n, NULL, h, OPT_KIND_FLAG, {.flag = (v)}}
#define OPT_INT(c, n, a, v, h) {c, n, a, h, OPT_KIND_INT, {.num = (v)}}
#define OPT_NUM(c, n, a, v, h) {c, n, a, h, OPT_KIND_NUM, {.real = (v)}}
#define OPT_STR(c, n, a, v, h) {c, n, a, h, OPT_KIND_STR, {.str = (v)}}
#define OPT_LIST(c, n, a, v, h) {c, n, a, h, OPT_KIND_LIST, {.list = (v)}}
#define OPT_SIZE(c, n, a, v, h) {c, n, a, h, OPT_KIND_SIZE, {.size = (v)}}
#define OPT_TABLE(t) {0, "", NULL, NULL, OPT_KIND_TABLE, {.table = (t)}}
#define OPT_END {0, NULL, NULL, NULL, OPT_NONE, {NULL}}
/* clang-format on */

struct tool {
	const char *purpose;  /* the manual's .Nd line */
	const char *operands; /* as in the synopsis, "[file]" */
	int least, most;      /* how many operands there may be */
	const struct opt *opts;
};

/* Start the tool: take its options off argv, see to it that output errors are
 * found at exit, and return the operands, a list that NULL ends. */
char **start(int argc, char **argv, const struct tool *tool);

/* Complain about how the tool was called, and exit with MISUSED. */
_Noreturn void misuse(const char *fmt, ...) PRINTF(1, 2);

/* The place of s among words, which NULL ends; misuse of --option if it is
 * none of them. */
size_t opt_choice(const char *option, const char *s, const char *const *words);

/* Read "-j N" or "-j auto": what Slurm gave, or else the CPUs this process may
 * use.  At least 1. */
size_t opt_jobs(const char *s);

/* Read "--shard I/N" and give the part [*first, *end) of n rows that it is. */
void opt_shard(const char *s, uint64_t n, uint64_t *first, uint64_t *end);

#endif
