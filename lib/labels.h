/* labels.h -- texts as small numbers
 *
 *	struct labels groups = {0};
 *	uint32_t pv = label(&groups, "PV");
 *
 *	puts(groups.name[pv]); // PV
 *	labels_free(&groups);
 *
 * The first text gets number 0, the next new one 1, and so on.
 */
#ifndef LABELS_H
#define LABELS_H

#include <stddef.h>
#include <stdint.h>

#define NO_LABEL UINT32_MAX

struct labels {
	char **name; /* n texts, in the order of their numbers */
	size_t n, cap;
	uint32_t *slot; /* open addressing: a number + 1, or 0 */
	size_t slots;   /* a power of two */
};

/* The number of a text, a new one if it has none yet. */
uint32_t label(struct labels *l, const char *s);
uint32_t label_bytes(struct labels *l, const char *s, size_t len);

/* The number of a text, or NO_LABEL. */
uint32_t label_find(const struct labels *l, const char *s);

void labels_free(struct labels *l);

#endif
