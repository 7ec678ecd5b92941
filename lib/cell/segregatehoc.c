#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell/segregatehoc.h"
#include "util.h"

/* ---- Templates ---- */

/* A template that nothing ends goes on to the end of the file. */
void
segregatehoc_read(struct segregatehoc *h, const char *path)
{
	size_t i, k;

	*h = (struct segregatehoc){.path = path};
	tokens_of_hoc(&h->t, path);
	for (i = 0; i + 1 < h->t.n; i++) {
		struct segregatehoc_template *e;

		if (!tokens_is(&h->t, i, "begintemplate"))
			continue;
		for (k = i;
		     k + 2 < h->t.n && !tokens_is(&h->t, k, "endtemplate"); k++)
			;
		h->tmpl = grow(h->tmpl, &h->cap, h->n + 1, sizeof *h->tmpl);
		e = &h->tmpl[h->n++];
		e->name = tokens_text(&h->t, i + 1);
		e->first = i;
		e->last = i = k + 1;
	}
}

void
segregatehoc_free(struct segregatehoc *h)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		free(h->tmpl[i].name);
	free(h->tmpl);
	tokens_free(&h->t);
}

static struct segregatehoc_template *
find_template(const struct segregatehoc *h, const char *name)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		if (!strcmp(h->tmpl[i].name, name))
			return &h->tmpl[i];
	return NULL;
}

bool
segregatehoc_has(const struct segregatehoc *h, const char *name)
{
	return find_template(h, name) != NULL;
}

/* Which template is token i in?  NULL: none. */
static struct segregatehoc_template *
template_of(const struct segregatehoc *h, size_t i)
{
	size_t k;

	for (k = 0; k < h->n; k++)
		if (i >= h->tmpl[k].first && i <= h->tmpl[k].last)
			return &h->tmpl[k];
	return NULL;
}

/* Mark a template that this token names; returns whether it is a new one. */
static bool
use(const struct segregatehoc *h, const struct tokens *t, size_t i)
{
	struct segregatehoc_template *e;
	char *name;
	bool fresh;

	if (!tokens_is_name(t, i))
		return false;
	name = tokens_text(t, i);
	e = find_template(h, name);
	free(name);
	fresh = e && !e->used;
	if (fresh)
		e->used = true;
	return fresh;
}

static bool
use_in(const struct segregatehoc *h, size_t i)
{
	struct tokens within;
	bool fresh = false;
	size_t k;

	if (h->t.token[i].kind != TOKEN_TEXT)
		return use(h, &h->t, i);
	tokens_within(&within, &h->t, i);
	for (k = 0; k < within.n; k++)
		fresh |= use(h, &within, k);
	tokens_free(&within);
	return fresh;
}

/* Leave out the templates that neither the cell nor the code outside of
 * templates uses. */
static void
drop_others(struct segregatehoc *h, struct segregatehoc_template *cell)
{
	bool more = true;
	size_t i;

	cell->used = true;
	while (more) {
		more = false;
		for (i = 0; i < h->t.n; i++) {
			struct segregatehoc_template *e = template_of(h, i);

			if (!e || e->used)
				more |= use_in(h, i);
		}
	}
	for (i = 0; i < h->n; i++)
		if (!h->tmpl[i].used)
			tokens_drop(&h->t, h->tmpl[i].first, h->tmpl[i].last);
}

/* ---- Names ---- */

struct renaming {
	const char *cell; /* or NULL */
	const struct segregate *mechanism;
	size_t n;
};

/* "gbar_nat", if the mechanism nat has a gbar. */
static bool
is_variable(const struct segregate *m, const char *name)
{
	size_t n = strlen(name), len = strlen(m->name);

	return n > len + 1 && name[n - len - 1] == '_' &&
	       !strcmp(name + n - len, m->name) &&
	       segregate_has(m, name, n - len - 1);
}

/* Is token i the name of a mechanism?  In a text it may stand alone, as in
 * ismembrane("nat"), or before a variable, as Python has it. */
static bool
is_mechanism(const struct tokens *t, size_t i, bool in_text)
{
	if (i > 0 &&
	    (tokens_is(t, i - 1, "insert") || tokens_is(t, i - 1, "uninsert")))
		return true;
	return in_text && (t->n == 1 || tokens_is(t, i + 1, "."));
}

static void
rename_in(struct tokens *t, const struct renaming *r, bool in_text)
{
	size_t i, k;

	for (i = 0; i < t->n; i++) {
		char *name;

		if (!tokens_is_name(t, i))
			continue;
		name = tokens_text(t, i);
		if (r->cell && !strcmp(name, r->cell) &&
		    (!in_text || t->n == 1 || tokens_is(t, i + 1, "[")))
			tokens_append(t, i, "Seg");
		for (k = 0; k < r->n; k++)
			if (is_variable(&r->mechanism[k], name) ||
			    (!strcmp(r->mechanism[k].name, name) &&
			     is_mechanism(t, i, in_text)))
				tokens_append(t, i, "seg");
		free(name);
	}
}

/* The file will be in another folder: what it loads from beside itself is given
 * by its whole path. */
static char *
find_loaded(const struct segregatehoc *h, size_t i)
{
	const struct token *text = &h->t.token[i];
	const char *slash = strrchr(h->path, '/');
	int folder = slash ? (int)(slash - h->path) : 1;
	char *path, *full;

	if (i < 2 || !tokens_is(&h->t, i - 1, "(") ||
	    !(tokens_is(&h->t, i - 2, "load_file") ||
	      tokens_is(&h->t, i - 2, "xopen")) ||
	    text->n < 3 || h->t.text[text->at + 1] == '/')
		return NULL;
	path = format("%.*s/%.*s", folder, slash ? h->path : ".",
		      (int)text->n - 2, h->t.text + text->at + 1);
	full = realpath(path, NULL);
	free(path);
	return full;
}

static void
rename_text(struct segregatehoc *h, const struct renaming *r, size_t i)
{
	char *loaded = find_loaded(h, i), *s;
	struct tokens within;
	size_t n;

	tokens_within(&within, &h->t, i);
	rename_in(&within, r, true);
	s = loaded ? format("\"%s\"", loaded) : tokens_changed(&within, &n);
	if (!loaded)
		s[0] = s[n - 1] = '"';
	tokens_replace(&h->t, i, s);
	free(s);
	free(loaded);
	tokens_free(&within);
}

char *
segregatehoc_text(struct segregatehoc *h, const char *name,
		  const struct segregate *mechanism, size_t n, size_t *len)
{
	const struct renaming r = {name, mechanism, n};
	size_t i;

	if (name)
		drop_others(h, find_template(h, name));
	rename_in(&h->t, &r, false);
	for (i = 0; i < h->t.n; i++)
		if (h->t.token[i].kind == TOKEN_TEXT)
			rename_text(h, &r, i);
	return tokens_changed(&h->t, len);
}
