/* run.h -- run other programs, without a shell
 *
 *	struct run_program dot = {.package = "graphviz"};
 *
 *	run_add(&dot.argv, "dot");
 *	run_add(&dot.argv, "-T%s", type);
 *	dot.in = script;
 *	dot.nin = strlen(script);
 *	run_programs(&dot, 1);
 *	if (dot.status != 0)
 *		die("dot: %s", dot.said);
 *	out_bytes(dot.out, dot.n);
 *	run_free(&dot, 1);
 *
 * No shell is in between: names are data.  The three streams of a program are
 * files in memory rather than pipes: nothing has to be fed and drained at the
 * same time, and a window that stays open after the program has ended keeps
 * nobody waiting for its output.
 */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "opt.h"

struct run_program {
	struct opt_list argv; /* the first is looked for in PATH */
	struct opt_list env;  /* "NAME=value" to set, "NAME" to leave out */
	const char *dir;      /* to run in, or NULL */
	const char *what;     /* it works on, for messages, or NULL */
	const char *package;  /* Debian's, for whoever lacks it, or NULL */
	const char *in;       /* nin bytes for it to read, or NULL */
	size_t nin;
	bool together; /* its standard output goes to said, too */

	/* What run_programs finds out. */
	char *out, *said; /* standard output and error, each ends in a NUL */
	size_t n;         /* bytes of out */
	int status;       /* what it exited with */

	/* For run.c. */
	pid_t pid; /* 0: it does not run */
	int fd[3];
};

/* Add a text in new memory to a list: to the arguments or the environment. */
void run_add(struct opt_list *list, const char *fmt, ...) PRINTF(2, 3);
void run_free_list(struct opt_list *list);

/* Run n programs, as many at a time as there are processors, and wait for the
 * last.  One that cannot be run, or that a signal ends, ends the tool.  A
 * signal that ends the tool ends them first, with all that they have started.
 */
void run_programs(struct run_program *p, size_t n);

/* Free the texts of n programs, not the programs. */
void run_free(struct run_program *p, size_t n);

/* From run_hold() to run_release() the signals that end a tool are held back.
 * run_programs() takes them, and ends the tool after at_failure()'s functions
 * have undone what is half done; otherwise they take effect at run_release().
 */
void run_hold(void);
void run_release(void);

#endif
