/* workers.h -- children that share a state, and each do a part of the work
 *
 *	workers_run(namps, jobs, sizeof *rows, sweep, print);
 *
 * Children are forked, so that each begins with all that its parent has done:
 * a cell that has settled.  For each of n tasks, work(i, result) is called in a
 * child, where it fills the size bytes at result, and then done(i, result) in
 * the parent, for all tasks in order.  At most njobs children run at a time.
 * A child that fails ends the tool.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include <stddef.h>

void workers_run(size_t n, size_t njobs, size_t size,
		 void (*work)(size_t i, void *result),
		 void (*done)(size_t i, const void *result));

#endif
