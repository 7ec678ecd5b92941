/* children.h -- run other programs, several at a time
 *
 *	struct child c = {.dir = "/tmp", .log = "/tmp/log"};
 *
 *	add_argument(&c, "/usr/bin/cc");
 *	add_argument(&c, "%s.c", name);
 *	hold_signals();
 *	run_children(&c, 1, environ, clean);
 *	release_signals();
 *
 * No shell is in between: names are data.
 */
#ifndef CHILDREN_H
#define CHILDREN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "opt.h"

struct child {
	struct opt_list argv; /* the first is a path in full */
	const char *dir;      /* to run in */
	char *log;            /* a file for what it says, anew */
	pid_t pid;
	bool running;
	int status; /* as of waitpid(2) */
};

void add_argument(struct child *c, const char *fmt, ...) PRINTF(2, 3);
void free_child(struct child *c);

/* From the one to the other, the signals that end a tool wait until they are
 * released; while children run they end those, with all that they started, then
 * what the tool has begun is taken back, and the tool ends. */
void hold_signals(void);
void release_signals(void);

/* Run them all, as many at a time as there are processors, and wait for the
 * last.  A program that cannot be run ends the tool. */
void run_children(struct child *c, size_t n, char *const *envp,
		  void (*take_back)(void));

#endif
