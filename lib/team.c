#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "team.h"
#include "util.h"

struct team {
	struct team_work work;
	size_t taken, given,
		back; /* pieces; back: those given, and done with */
	bool over;    /* nothing more is taken */
	bool *made;   /* by slot */
	pthread_t *thread;
	pthread_mutex_t lock;
	pthread_cond_t some_made, some_back;
};

static void
stop(struct team *t)
{
	t->over = true;
	pthread_cond_signal(&t->some_made);
	pthread_cond_broadcast(&t->some_back);
}

/* Take the next piece, when its slot is free.  The lock is held. */
static bool
take(struct team *t, size_t *slot)
{
	while (!t->over && t->taken - t->back == t->work.slots)
		pthread_cond_wait(&t->some_back, &t->lock);
	*slot = t->taken % t->work.slots;
	if (!t->over && !t->work.take(t->work.arg, *slot))
		stop(t);
	if (t->over)
		return false;
	t->taken++;
	return true;
}

static void *
work_along(void *arg)
{
	struct team *t = arg;
	size_t slot;

	pthread_mutex_lock(&t->lock);
	while (take(t, &slot)) {
		pthread_mutex_unlock(&t->lock);
		t->work.make(t->work.arg, slot);
		pthread_mutex_lock(&t->lock);
		t->made[slot] = true;
		pthread_cond_signal(&t->some_made);
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

/* A thread starts with the signals blocked that the one that starts it has. */
static void
start_threads(struct team *t)
{
	sigset_t all, before;
	size_t k;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (k = 0; k < t->work.threads; k++)
		if (pthread_create(&t->thread[k], NULL, work_along, t))
			die("cannot start a thread");
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct team *
team_start(const struct team_work *work)
{
	struct team *t = zeros(1, sizeof *t);

	t->work = *work;
	t->made = zeros(work->slots, sizeof *t->made);
	t->thread = zeros(work->threads, sizeof *t->thread);
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->some_made, NULL);
	pthread_cond_init(&t->some_back, NULL);
	start_threads(t);
	return t;
}

bool
team_next(struct team *t, size_t *slot)
{
	bool more;

	pthread_mutex_lock(&t->lock);
	if (t->back < t->given) {
		t->made[t->back++ % t->work.slots] = false;
		pthread_cond_signal(&t->some_back);
	}
	if (t->work.threads == 0 && take(t, slot)) {
		t->work.make(t->work.arg, *slot);
		t->made[*slot] = true;
	}
	*slot = t->given % t->work.slots;
	while (!t->made[*slot] && !(t->over && t->given == t->taken))
		pthread_cond_wait(&t->some_made, &t->lock);
	more = t->made[*slot];
	t->given += more;
	pthread_mutex_unlock(&t->lock);
	return more;
}

void
team_end(struct team *t)
{
	size_t k;

	pthread_mutex_lock(&t->lock);
	stop(t);
	pthread_mutex_unlock(&t->lock);
	for (k = 0; k < t->work.threads; k++)
		pthread_join(t->thread[k], NULL);
	free(t->thread);
	free(t->made);
	free(t);
}

/* More items than these keep the other threads waiting for the last span. */
#define MOST_ITEMS 4096

bool
team_take_span(struct team_span *s, size_t *next, size_t end, size_t enough)
{
	size_t left = end - *next;

	if (s->size == 0)
		s->size = 1;
	else if (s->made < enough / 2 && s->size < MOST_ITEMS)
		s->size *= 2;
	else if (s->made > enough && s->size > 1)
		s->size /= 2;
	s->made = 0;
	s->next = *next;
	s->end = *next += s->size < left ? s->size : left;
	return left > 0;
}
