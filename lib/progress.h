/* progress.h -- tell a waiting user how far along a long run is
 *
 * What reads rows does this for every tool.  progress() says how many there
 * have been, but only once a second, and when standard error is a
 * terminal and the data goes elsewhere; otherwise it costs a test of a flag.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <signal.h>
#include <stddef.h>

extern volatile sig_atomic_t progress_due;

/* What is counted: "rows", unless a tool says something else. */
extern const char *progress_unit;

void progress_start(void);
void progress_show(size_t n);

static inline void
progress(size_t n)
{
	if (progress_due)
		progress_show(n);
}

#endif
