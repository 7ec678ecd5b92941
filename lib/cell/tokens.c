#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell/tokens.h"

struct tokens_edit {
	size_t at, n, order; /* n bytes are left out */
	char *s;
};

/* ---- Reading ---- */

static void
add_token(struct tokens *t, enum token_kind kind, size_t at, size_t end)
{
	t->token = grow(t->token, &t->cap, t->n + 1, sizeof *t->token);
	t->token[t->n++] =
		(struct token){.kind = kind, .at = at, .n = end - at};
}

static void
add_text(struct tokens *t, const char *s, size_t n)
{
	t->text = grow(t->text, &t->room, t->len + n + 1, 1);
	memcpy(t->text + t->len, s, n);
	t->len += n;
	t->text[t->len] = '\0';
}

static void
add_piece(struct tokens *t, const char *path, size_t line)
{
	t->piece =
		grow(t->piece, &t->mpieces, t->npieces + 1, sizeof *t->piece);
	t->piece[t->npieces++] =
		(struct tokens_piece){.at = t->len, .line = line, .path = path};
}

static bool
is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t
end_of_name(const struct tokens *t, size_t i)
{
	while (i < t->len && is_name_char(t->text[i]))
		i++;
	return i;
}

/* Digits, a point, an exponent; a wrong one is for the translator to find. */
static size_t
end_of_number(const struct tokens *t, size_t i)
{
	const char *s = t->text;

	while (i < t->len && (isdigit((unsigned char)s[i]) || s[i] == '.'))
		i++;
	if (i < t->len && (s[i] | 32) == 'e') {
		size_t k = i + 1 + (s[i + 1] == '-' || s[i + 1] == '+');

		if (isdigit((unsigned char)s[k]))
			for (i = k; isdigit((unsigned char)s[i]);)
				i++;
	}
	return i;
}

/* A string ends in its own line; hoc knows \" in it. */
static size_t
end_of_text(const struct tokens *t, size_t i, bool escapes)
{
	for (i++; i < t->len && t->text[i] != '"' && t->text[i] != '\n'; i++)
		if (escapes && t->text[i] == '\\')
			i++;
	return i < t->len ? i + 1 : t->len;
}

static size_t
end_of_line(const struct tokens *t, size_t i)
{
	const char *p = memchr(t->text + i, '\n', t->len - i);

	return p ? (size_t)(p - t->text) : t->len;
}

static bool
starts(const struct tokens *t, size_t i, const char *s)
{
	size_t n = strlen(s);

	return t->len - i >= n && memcmp(t->text + i, s, n) == 0;
}

static size_t
end_of_sign(const struct tokens *t, size_t i)
{
	static const char *const two[] = {
		"<->", "<=", ">=", "==", "!=", "&&", "||", "->", "<<"};
	size_t k;

	for (k = 0; k < LEN(two); k++)
		if (starts(t, i, two[k]))
			return i + strlen(two[k]);
	return i + 1;
}

/* COMMENT and VERBATIM end with the line that begins with this word. */
static size_t
end_of_block(const struct tokens *t, size_t i, const char *word)
{
	size_t n = strlen(word), k;

	while (i < t->len) {
		i = end_of_line(t, i);
		i += i < t->len;
		k = i;
		while (k < t->len && (t->text[k] == ' ' || t->text[k] == '\t'))
			k++;
		if (starts(t, k, word) && !is_name_char(t->text[k + n]))
			return end_of_line(t, k);
	}
	return t->len;
}

/* What a name begins that is no code: returns its end, or i. */
static size_t
skip_words(struct tokens *t, size_t i, size_t end)
{
	size_t n = end - i, last = i;

	if (n == 7 && starts(t, i, "COMMENT")) {
		last = end_of_block(t, i, "ENDCOMMENT");
	} else if (n == 5 && starts(t, i, "TITLE")) {
		last = end_of_line(t, i);
	} else if (n == 8 && starts(t, i, "VERBATIM")) {
		last = end_of_block(t, i, "ENDVERBATIM");
		add_token(t, TOKEN_VERBATIM, i, last);
	}
	return last;
}

/* Read all other tokens but comments, which differ between languages. */
static size_t
read_token(struct tokens *t, size_t i, bool escapes)
{
	const char c = t->text[i];
	size_t end = i + 1;

	if (isspace((unsigned char)c))
		return end;
	if (isdigit((unsigned char)c) ||
	    (c == '.' && isdigit((unsigned char)t->text[i + 1]))) {
		end = end_of_number(t, i);
		add_token(t, TOKEN_NUMBER, i, end);
	} else if (is_name_char(c)) {
		end = end_of_name(t, i);
		add_token(t, TOKEN_NAME, i, end);
	} else if (c == '"') {
		end = end_of_text(t, i, escapes);
		add_token(t, TOKEN_TEXT, i, end);
	} else {
		end = end_of_sign(t, i);
		add_token(t, TOKEN_SIGN, i, end);
	}
	return end;
}

static void
read_mod(struct tokens *t)
{
	size_t i = 0, end;

	while (i < t->len) {
		const char c = t->text[i];

		if (c == ':' || c == '?') {
			i = end_of_line(t, i);
			continue;
		}
		if (isalpha((unsigned char)c)) {
			end = skip_words(t, i, end_of_name(t, i));
			if (end > i) {
				i = end;
				continue;
			}
		}
		i = read_token(t, i, true);
	}
}

static void
read_hoc(struct tokens *t)
{
	const char *p;
	size_t i = 0;

	while (i < t->len) {
		if (starts(t, i, "//")) {
			i = end_of_line(t, i);
		} else if (t->text[i] == '\\') { /* "\n" in a text */
			i += 2;
		} else if (starts(t, i, "/*")) {
			p = strstr(t->text + i + 2, "*/");
			i = p ? (size_t)(p - t->text) + 2 : t->len;
		} else {
			i = read_token(t, i, true);
		}
	}
}

/* ---- Files ---- */

static const struct modfile *
find_included(const struct modfiles *m, const struct modfile *by,
	      const char *name)
{
	size_t i;

	for (i = m->nmods; i < m->n; i++)
		if (!strcmp(m->file[i].name, name) &&
		    !strcmp(m->file[i].folder, by->folder))
			return &m->file[i];
	return NULL;
}

/* A file on its way into the text: bytes up to done are there. */
struct part {
	const struct modfile *file;
	struct tokens raw;
	size_t next, done;
};

static void
begin_part(struct tokens *t, struct part *p, const struct modfile *f)
{
	*p = (struct part){.file = f};
	add_piece(&p->raw, f->path, 1);
	add_text(&p->raw, f->text, f->len);
	read_mod(&p->raw);
	add_piece(t, f->path, 1);
}

/* Go on with a part after what it includes. */
static void
resume_part(struct tokens *t, const struct part *p)
{
	size_t i;

	add_piece(t, p->file->path, 1);
	for (i = 0; i < p->done; i++)
		t->piece[t->npieces - 1].line += p->raw.text[i] == '\n';
}

/* Add a part up to its next INCLUDE "name"; returns that file, or NULL at the
 * end. */
static const struct modfile *
add_to_include(struct tokens *t, const struct modfiles *m, struct part *p)
{
	const struct modfile *found = NULL;
	size_t i = p->next, to = p->raw.len;

	while (i + 1 < p->raw.n && !(tokens_is(&p->raw, i, "INCLUDE") &&
				     p->raw.token[i + 1].kind == TOKEN_TEXT))
		i++;
	p->next = i + 2;
	if (i + 1 < p->raw.n) {
		const struct token *name = &p->raw.token[i + 1];
		char *s = format("%.*s", (int)name->n - 2,
				 p->raw.text + name->at + 1);

		found = find_included(m, p->file, s);
		if (!found)
			tokens_bad(&p->raw, i, "no file to INCLUDE: \"%s\"", s);
		free(s);
		to = p->raw.token[i].at;
	}
	add_text(t, p->raw.text + p->done, to - p->done);
	if (found)
		p->done = p->raw.token[i + 1].at + p->raw.token[i + 1].n;
	return found;
}

/* Add a file, and in the place of INCLUDE "name" that file. */
static void
add_file(struct tokens *t, const struct modfiles *m, const struct modfile *f)
{
	struct part part[8];
	size_t n = 1;

	begin_part(t, &part[0], f);
	while (n > 0) {
		f = add_to_include(t, m, &part[n - 1]);
		if (f && n == LEN(part))
			die("%s: INCLUDEd more than %zu deep", f->path,
			    LEN(part));
		if (f) {
			begin_part(t, &part[n++], f);
			continue;
		}
		tokens_free(&part[--n].raw);
		if (n > 0)
			resume_part(t, &part[n - 1]);
	}
}

void
tokens_of_mod(struct tokens *t, const struct modfiles *m,
	      const struct modfile *mod)
{
	*t = (struct tokens){0};
	add_file(t, m, mod);
	read_mod(t);
}

void
tokens_of_text(struct tokens *t, const char *path, const char *text)
{
	*t = (struct tokens){0};
	add_piece(t, path, 1);
	add_text(t, text, strlen(text));
	read_mod(t);
}

void
tokens_of_hoc(struct tokens *t, const char *path)
{
	size_t n;
	char *text = modfiles_read_text(path, &n);

	*t = (struct tokens){0};
	add_piece(t, path, 1);
	add_text(t, text, n);
	free(text);
	read_hoc(t);
}

void
tokens_within(struct tokens *t, const struct tokens *of, size_t i)
{
	const struct token *k = &of->token[i];
	const struct tokens_piece *p = of->piece;
	size_t n = 0;

	*t = (struct tokens){0};
	while (n + 1 < of->npieces && p[n + 1].at <= k->at)
		n++;
	add_piece(t, p[n].path, p[n].line);
	for (n = p[n].at; n < k->at; n++)
		t->piece->line += of->text[n] == '\n';
	/* The quotes are blanks here. */
	add_text(t, of->text + k->at, k->n);
	if (k->kind == TOKEN_TEXT)
		t->text[0] = t->text[t->len - 1] = ' ';
	read_hoc(t);
}

void
tokens_free(struct tokens *t)
{
	size_t i;

	for (i = 0; i < t->nedits; i++)
		free(t->edit[i].s);
	free(t->edit);
	free(t->piece);
	free(t->token);
	free(t->text);
	*t = (struct tokens){0};
}

/* ---- Asking ---- */

bool
tokens_is(const struct tokens *t, size_t i, const char *s)
{
	return i < t->n && t->token[i].n == strlen(s) &&
	       memcmp(t->text + t->token[i].at, s, t->token[i].n) == 0;
}

bool
tokens_is_name(const struct tokens *t, size_t i)
{
	return i < t->n && t->token[i].kind == TOKEN_NAME;
}

char *
tokens_text(const struct tokens *t, size_t i)
{
	return format("%.*s", (int)t->token[i].n, t->text + t->token[i].at);
}

size_t
tokens_close(const struct tokens *t, size_t i)
{
	static const char open[] = "({[", close[] = ")}]";
	size_t k, depth = 0;

	for (k = i; k < t->n; k++) {
		const char c = t->text[t->token[k].at];

		if (t->token[k].kind != TOKEN_SIGN)
			continue;
		depth += strchr(open, c) != NULL;
		if (strchr(close, c) && --depth == 0)
			return k;
	}
	tokens_bad(t, i, "nothing closes this '%c'", t->text[t->token[i].at]);
}

void
tokens_bad(const struct tokens *t, size_t i, const char *fmt, ...)
{
	size_t at = i < t->n ? t->token[i].at : t->len, k = 0, line;
	va_list ap;
	char *what;

	while (k + 1 < t->npieces && t->piece[k + 1].at <= at)
		k++;
	line = t->piece[k].line;
	for (i = t->piece[k].at; i < at; i++)
		line += t->text[i] == '\n';
	va_start(ap, fmt);
	what = vformat(fmt, ap);
	va_end(ap);
	die("%s:%zu: %s", t->piece[k].path, line, what);
}

/* ---- Changing ---- */

static void
add_edit(struct tokens *t, size_t at, size_t n, const char *s)
{
	t->edit = grow(t->edit, &t->medits, t->nedits + 1, sizeof *t->edit);
	t->edit[t->nedits] = (struct tokens_edit){
		.at = at, .n = n, .order = t->nedits, .s = copy(s)};
	t->nedits++;
}

void
tokens_insert(struct tokens *t, size_t i, const char *s)
{
	add_edit(t, t->token[i].at, 0, s);
}

void
tokens_append(struct tokens *t, size_t i, const char *s)
{
	add_edit(t, t->token[i].at + t->token[i].n, 0, s);
}

void
tokens_replace(struct tokens *t, size_t i, const char *s)
{
	add_edit(t, t->token[i].at, t->token[i].n, s);
}

void
tokens_drop(struct tokens *t, size_t i, size_t k)
{
	size_t end = t->token[k].at + t->token[k].n;

	add_edit(t, t->token[i].at, end - t->token[i].at, "");
}

static int
by_place(const void *a, const void *b)
{
	const struct tokens_edit *e = a, *f = b;

	if (e->at != f->at)
		return e->at < f->at ? -1 : 1;
	return (e->order > f->order) - (e->order < f->order);
}

/* An edit within what another leaves out is lost with it. */
char *
tokens_changed(struct tokens *t, size_t *n)
{
	struct tokens out = {0};
	size_t i, done = 0;

	if (t->nedits > 0)
		qsort(t->edit, t->nedits, sizeof *t->edit, by_place);
	for (i = 0; i < t->nedits; i++) {
		const struct tokens_edit *e = &t->edit[i];

		if (e->at < done)
			continue;
		add_text(&out, t->text + done, e->at - done);
		add_text(&out, e->s, strlen(e->s));
		done = e->at + e->n;
	}
	add_text(&out, t->text + done, t->len - done);
	*n = out.len;
	return out.text;
}
