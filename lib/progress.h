/* progress.h -- tell a waiting user how far along a long run is
 *
 *	progress_begin("rows", population->n);
 *	for (i = 0; i < n; i++)
 *		progress(i);
 *
 * A tool says how many there have been on the standard error: once a second if
 * that is a terminal and the data goes elsewhere, and at once whenever it gets
 * SIGUSR1, as dd(1) does.  start() sees to both.  What reads rows counts them
 * for every tool.  Counting costs a store.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdatomic.h>
#include <stddef.h>

extern _Atomic size_t progress_count;

/* Count something else than rows from now on, from 0: what it is called, and
 * how many there will be, or 0 if nobody knows that yet. */
void progress_begin(const char *unit, size_t total);

/* So many are done. */
static inline void
progress(size_t n)
{
	atomic_store_explicit(&progress_count, n, memory_order_relaxed);
}

/* What start() calls: show the count on SIGUSR1; and each second, on a
 * terminal. */
void progress_answer(void);
void progress_watch(void);

#endif
