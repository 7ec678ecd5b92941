/* workers.h -- children that share a state, and each do a part of the work
 *
 *	workers_run(namps, jobs, sizeof *rows, sweep, print);
 *
 * Children are forked, so that each begins with all that its parent has done:
 * a cell that has settled.  For each of n tasks, work(i, result) is called in a
 * child, where it fills the size bytes at result, and then done(i, result) in
 * the parent, for all tasks in order.  At most njobs children run at a time.
 * A child that fails ends the tool, with what it has said; workers_try() leaves
 * that to the caller.  The standard error of a child is a file of its own.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include <stddef.h>

void workers_run(size_t n, size_t njobs, size_t size,
		 void (*work)(size_t i, void *result),
		 void (*done)(size_t i, const void *result));

/* The same, but what a child says is not printed, and one that fails hands in
 * nothing: done() gets NULL, and what it has said.  One that a signal ends does
 * end the tool.  Children may call this, for tasks of their own. */
void workers_try(size_t n, size_t njobs, size_t size,
		 void (*work)(size_t i, void *result),
		 void (*done)(size_t i, const void *result, const char *said));

#endif
