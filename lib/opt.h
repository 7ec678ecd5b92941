/* opt.h -- a tool says its options in one table
 *
 * The table is all there is: from it come the parsing, the messages about
 * misuse, --help and --version.  The tests hold it against the manual page.
 * Options that several tools share are a table too, in the module they belong
 * to, and OPT_TABLE takes it in; rows may name options of any of the tables.
 *
 *	static double bin = 20, band[2];
 *	static unsigned method;
 *	static bool bursts;
 *	static const struct opt opts[] = {
 *		OPT_NUM_IN(0, "bin", "ms", &bin, "(0,inf)", "width of a bin"),
 *		OPT_PAIR(0, "band", "low:high", band, "[0,inf)<", "in Hz"),
 *		OPT_WORD(0, "method", "name", &method, "ratio|welch", "how"),
 *		OPT_FLAG(0, "bursts", &bursts, "a row for each burst"),
 *		OPT_EXCLUDE("bin bursts"),
 *		OPT_NEEDS("band", "method=welch"),
 *		OPT_END,
 *	};
 *
 * Bounds are intervals as mathematics writes them, with [ ] where an end is
 * allowed and ( ) where it is not: "[1,9]", "(0,1)", "[0,inf)"; "(-inf,inf)" is
 * any finite number.  Those of a pair are one interval for both numbers or two,
 * with < or <= after the first one if the numbers are in that order:
 * "[0,inf)<", "(-inf,inf)<=", "(-inf,inf) [0,inf)".
 *
 * Words are "a|b|c"; the variable becomes the place of the one given, from 0,
 * and what it is before is the default that --help shows.  An empty word, as in
 * "|a|b", cannot be given and is what stands there if nothing is.
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

/* One of several parts of the work, from 0. With parts == 0 it is all of it. */
struct opt_shard {
	uint64_t part, parts;
};

struct opt {
	int letter; /* 0: a long name only */
	const char *name;
	const char *arg; /* what the manual calls its argument */
	const char *help;
	const char *in; /* bounds, words, or other options */
	enum {
		OPT_NONE,
		OPT_KIND_FLAG,
		OPT_KIND_INT,
		OPT_KIND_NUM,
		OPT_KIND_INT_PAIR,
		OPT_KIND_PAIR,
		OPT_KIND_WORD,
		OPT_KIND_STR,
		OPT_KIND_OUT,
		OPT_KIND_OUT_TOO,
		OPT_KIND_LIST,
		OPT_KIND_SIZE,
		OPT_KIND_JOBS,
		OPT_KIND_SHARD,
		OPT_KIND_TABLE,
		OPT_KIND_EXCLUDE, /* what follows are rules */
		OPT_KIND_NEEDS,
		OPT_KIND_ORDER
	} kind;
	union {
		const void *any;
		bool *flag;
		int64_t *num; /* one, or two of a pair */
		double *real; /* the same */
		unsigned *word;
		const char **str;
		struct opt_list *list;
		size_t *size;
		struct opt_shard *shard;
		const struct opt *table;
	} to;
};

/* clang-format off */
#define OPT_ROW(c, n, a, h, i, k, t) \
	{.letter = (c), .name = (n), .arg = (a), .help = (h), .in = (i), \
	 .kind = OPT_KIND_ ## k, .to = {t}}
/* OPT_OUT is a file for the output, OPT_OUT_TOO one for more beside it; no two
 * outputs may be one file. */
#define OPT_FLAG(c, n, v, h) OPT_ROW(c, n, NULL, h, NULL, FLAG, .flag = (v))
#define OPT_INT(c, n, a, v, h) OPT_ROW(c, n, a, h, NULL, INT, .num = (v))
#define OPT_NUM(c, n, a, v, h) OPT_ROW(c, n, a, h, NULL, NUM, .real = (v))
#define OPT_STR(c, n, a, v, h) OPT_ROW(c, n, a, h, NULL, STR, .str = (v))
#define OPT_OUT(c, n, a, v, h) OPT_ROW(c, n, a, h, NULL, OUT, .str = (v))
#define OPT_OUT_TOO(c, n, a, v, h) \
	OPT_ROW(c, n, a, h, NULL, OUT_TOO, .str = (v))
#define OPT_LIST(c, n, a, v, h) OPT_ROW(c, n, a, h, NULL, LIST, .list = (v))
#define OPT_SIZE(c, n, a, v, h) OPT_ROW(c, n, a, h, NULL, SIZE, .size = (v))

/* Numbers within bounds: one, or a pair such as low:high or low[:high], with
 * ':', ',' or 'x' between, as the argument is called. */
#define OPT_INT_IN(c, n, a, v, in, h) OPT_ROW(c, n, a, h, in, INT, .num = (v))
#define OPT_NUM_IN(c, n, a, v, in, h) OPT_ROW(c, n, a, h, in, NUM, .real = (v))
#define OPT_INT_PAIR(c, n, a, v, in, h) \
	OPT_ROW(c, n, a, h, in, INT_PAIR, .num = (v))
#define OPT_PAIR(c, n, a, v, in, h) OPT_ROW(c, n, a, h, in, PAIR, .real = (v))

/* One of these words. */
#define OPT_WORD(c, n, a, v, w, h) OPT_ROW(c, n, a, h, w, WORD, .word = (v))

/* -j N or -j auto, what Slurm gave or else the CPUs this process may use; and
 * --shard I/N or auto, what Slurm or mpirun say. */
#define OPT_JOBS(v, h) OPT_ROW('j', "jobs", "n", h, NULL, JOBS, .size = (v))
#define OPT_SHARD(v, h) OPT_ROW(0, "shard", "i/n", h, NULL, SHARD, .shard = (v))

/* Rules name options by their long names, with blanks between; "name=word" is
 * an option of words that has this one; as a need it may be the default.
 * EXCLUDE: only one of these is given.  NOT_WITH: none of a with any of b.
 * NEEDS: if any of a is given, so is one of b.  REQUIRED: one of these is
 * given.  ORDER: the numbers of two, "from < to" or "low <= high"; a NaN is in
 * any order. */
#define OPT_EXCLUDE(a) OPT_NOT_WITH(a, a)
#define OPT_NOT_WITH(a, b) OPT_ROW(0, a, NULL, NULL, b, EXCLUDE, NULL)
#define OPT_NEEDS(a, b) OPT_ROW(0, a, NULL, NULL, b, NEEDS, NULL)
#define OPT_REQUIRED(b) OPT_NEEDS("", b)
#define OPT_ORDER(a) OPT_ROW(0, a, NULL, NULL, NULL, ORDER, NULL)

#define OPT_TABLE(t) OPT_ROW(0, "", NULL, NULL, NULL, TABLE, .table = (t))
#define OPT_END {.name = NULL}
/* clang-format on */

struct tool {
	const char *purpose;  /* the manual's .Nd line */
	const char *operands; /* as in the synopsis, "[file]" */
	int least, most;      /* how many operands there may be */
	const struct opt *opts;
};

/* Start the tool: take its options off argv, make sure that output errors are
 * found at exit, and return the operands, a list that NULL ends. */
char **start(int argc, char **argv, const struct tool *tool);

/* Complain about how the tool was called, take back what it has begun to write,
 * and exit with MISUSED. */
_Noreturn void misuse(const char *fmt, ...) PRINTF(1, 2);

/* Was the option given that sets this variable? */
bool opt_given(const void *variable);

/* Has the tool an option that sets this variable? */
bool opt_offered(const void *variable);

/* The next option from *i on that was given, and its last text; or NULL. */
const struct opt *opt_said(size_t *i, const char **text);
extern const char opt_version[];

/* The place of s among the words "a|b|c"; it is misuse of the option if s is
 * not one of them. */
unsigned opt_word(const char *option, const char *s, const char *words);

/* What Slurm gave, or else the CPUs this process may use.  At least 1. */
size_t opt_cpus(void);

/* The rows [*first, *end) of n that belong to a shard. */
void opt_shard(const struct opt_shard *s, uint64_t n, uint64_t *first,
	       uint64_t *end);

#endif
