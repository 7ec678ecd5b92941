/* tokens.h -- the tokens of a mod or hoc file, and changes between them
 *
 *	tokens_of_mod(&t, &mods, &mods.file[i]);
 *	for (k = 0; k < t.n; k++)
 *		if (tokens_is(&t, k, "SUFFIX"))
 *			tokens_insert(&t, k + 2, "seg");
 *	s = tokens_changed(&t, &n);
 *
 * Files are changed by whole names, so that "na" is not part of "nap", and what
 * is not changed stays as it is, byte for byte.  Comments are no tokens.
 */
#ifndef TOKENS_H
#define TOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "cell/modfiles.h"
#include "util.h"

struct token {
	enum token_kind {
		TOKEN_NAME,
		TOKEN_NUMBER,
		TOKEN_TEXT, /* with its quotes */
		TOKEN_SIGN,
		TOKEN_VERBATIM /* all of a block of C */
	} kind;
	size_t at, n; /* bytes of the text */
};

/* Text from a file, up to the next piece. */
struct tokens_piece {
	size_t at, line;
	const char *path;
};

struct tokens_edit;

struct tokens {
	char *text;
	size_t len, room;
	struct token *token;
	size_t n, cap;

	/* The rest is for tokens.c. */
	struct tokens_piece *piece;
	size_t npieces, mpieces;
	struct tokens_edit *edit;
	size_t nedits, medits;
};

/* A mod file with what it INCLUDEs in place, which modfiles_read_included() has
 * read; the paths are those of m. */
void tokens_of_mod(struct tokens *t, const struct modfiles *m,
		   const struct modfile *mod);

/* The text of a mod file alone, without what it INCLUDEs. */
void tokens_of_text(struct tokens *t, const char *path, const char *text);

/* A hoc file; the path is the caller's. */
void tokens_of_hoc(struct tokens *t, const char *path);

/* The names in a text, which are those of the tokens t: of a string, or of a
 * block of C. */
void tokens_within(struct tokens *t, const struct tokens *of, size_t i);

void tokens_free(struct tokens *t);

/* Is token i this text, or token k, which may be of others?  No token is after
 * the last. */
bool tokens_is(const struct tokens *t, size_t i, const char *s);
bool tokens_is_name(const struct tokens *t, size_t i);

/* A token's text, in new memory. */
char *tokens_text(const struct tokens *t, size_t i);

/* The token of the bracket that closes that of token i.  It ends the tool if
 * there is none. */
size_t tokens_close(const struct tokens *t, size_t i);

/* End the tool with a message about token i: "file:line: ...". */
_Noreturn void tokens_bad(const struct tokens *t, size_t i, const char *fmt,
			  ...) PRINTF(3, 4);

/* Changes, which tokens_changed() makes: a text before token i, after it, or in
 * its place; or leave out all bytes from token i to the end of token k. */
void tokens_insert(struct tokens *t, size_t i, const char *s);
void tokens_append(struct tokens *t, size_t i, const char *s);
void tokens_replace(struct tokens *t, size_t i, const char *s);
void tokens_drop(struct tokens *t, size_t i, size_t k);

/* The text with all changes, in new memory. */
char *tokens_changed(struct tokens *t, size_t *n);

#endif
