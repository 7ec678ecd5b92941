#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "labels.h"
#include "util.h"

/* FNV-1a (Fowler, Noll and Vo).  Labels are short, and rarely looked up. */
static size_t
hash(const char *s, size_t len)
{
	uint64_t h = 14695981039346656037u;

	while (len-- > 0)
		h = (h ^ (unsigned char)*s++) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

static bool
same(const char *name, const char *s, size_t len)
{
	return strncmp(name, s, len) == 0 && name[len] == '\0';
}

/* The place of a text in the table, or the free place for it. */
static size_t
place(const struct labels *l, const char *s, size_t len)
{
	size_t i = hash(s, len) & (l->slots - 1);

	while (l->slot[i] && !same(l->name[l->slot[i] - 1], s, len))
		i = (i + 1) & (l->slots - 1);
	return i;
}

static void
widen(struct labels *l)
{
	size_t i;

	free(l->slot);
	l->slots = l->slots ? 2 * l->slots : 64;
	l->slot = zeros(l->slots, sizeof *l->slot);
	for (i = 0; i < l->n; i++)
		l->slot[place(l, l->name[i], strlen(l->name[i]))] =
			(uint32_t)i + 1;
}

uint32_t
label_bytes(struct labels *l, const char *s, size_t len)
{
	size_t i;

	if (2 * (l->n + 1) > l->slots)
		widen(l);
	i = place(l, s, len);
	if (!l->slot[i]) {
		if (l->n >= NO_LABEL - 1)
			die("too many different labels");
		l->name = grow(l->name, &l->cap, l->n + 1, sizeof *l->name);
		l->name[l->n] = format("%.*s", (int)len, s);
		l->slot[i] = (uint32_t)++l->n;
	}
	return l->slot[i] - 1;
}

uint32_t
label(struct labels *l, const char *s)
{
	return label_bytes(l, s, strlen(s));
}

uint32_t
label_find(const struct labels *l, const char *s)
{
	if (l->n == 0)
		return NO_LABEL;
	return l->slot[place(l, s, strlen(s))] - 1; /* 0 - 1 is NO_LABEL */
}

void
labels_free(struct labels *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		free(l->name[i]);
	free(l->name);
	free(l->slot);
	*l = (struct labels){0};
}
