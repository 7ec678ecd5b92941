/* team.h -- work that threads do ahead, and that is handed out in its order
 *
 *	struct team *t = team_start(&(struct team_work){
 *		.threads = 2, .slots = 4, .take = take, .make = make});
 *	size_t slot;
 *
 *	while (team_next(t, &slot))
 *		use(&piece[slot]);
 *	team_end(t);
 *
 * Each piece of the work is made in a slot, which is the caller's memory.  A
 * thread takes the next piece when the next slot is free, so that the pieces
 * come out as they were taken, without any sorting, and no more of them are in
 * memory than there are slots.
 *
 * An error in a thread is an error of the tool: die() ends all of it, once.
 * Signals are the first thread's.
 */
#ifndef TEAM_H
#define TEAM_H

#include <stdbool.h>
#include <stddef.h>

struct team_work {
	size_t threads; /* 0: team_next() does the work itself */
	size_t slots;   /* at least 1 */
	/* Say in the slot which piece is the next one; false if there is none.
	 * One call at a time, slot by slot and around. */
	bool (*take)(void *arg, size_t slot);
	/* Make it, beside other threads. */
	void (*make)(void *arg, size_t slot);
	void *arg;
};

struct team *team_start(const struct team_work *work);

/* Wait for the next piece; false after the last one.  The slot is the caller's
 * until the next call, which gives it back. */
bool team_next(struct team *t, size_t *slot);

/* Wait for the threads, which take nothing more, and free the team. */
void team_end(struct team *t);

/* Items that are shared out in spans, where how much an item makes shows when
 * it is made: a slot has one, and counts in made what the items of its span
 * made. */
struct team_span {
	size_t next, end; /* the items [next, end) are to be made */
	size_t made, size;
};

/* Take the next items from *next up to end; false if there are none left.  Of
 * the span that was in its place before follows how many they are, so that they
 * make about enough: that shows in how long it takes, not in what comes out. */
bool team_take_span(struct team_span *s, size_t *next, size_t end,
		    size_t enough);

#endif
