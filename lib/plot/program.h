/* program.h -- run another program on a text, and take what it writes
 *
 *	static const char *const argv[] = {"dot", "-Tsvg", NULL};
 *	struct program dot = {.argv = argv, .package = "graphviz"};
 *
 *	run_program(&dot, script, strlen(script));
 *	if (dot.status != 0)
 *		die("dot: %s", dot.said);
 *	out_bytes(dot.out, dot.n);
 *	free_program(&dot);
 *
 * Its three streams are scratch files rather than pipes: nothing has to be fed
 * and drained at the same time, and a window that stays open after the program
 * has ended keeps nobody waiting for its output.  No shell is in between.  The
 * program ends when the tool does.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stddef.h>

struct program {
	const char *const *argv; /* the first is looked for in PATH */
	const char *package;     /* of Debian, for whoever does not have it */

	/* What run_program finds out. */
	char *out, *said; /* standard output and error, each ends in a NUL */
	size_t n;         /* bytes of out */
	int status;       /* what it exited with */
};

/* A program that is not there, or that a signal ends, ends the tool. */
void run_program(struct program *p, const char *in, size_t n);
void free_program(struct program *p);

#endif
