#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell/modfaults.h"
#include "util.h"

/* ---- Lines ---- */

static size_t
line_of(const char *text, const char *p)
{
	size_t n = 1;

	for (; text < p; text++)
		n += *text == '\n';
	return n;
}

static const char *
line_end(const char *line)
{
	return line + strcspn(line, "\n");
}

static const char *
next_line(const char *line)
{
	line = line_end(line);
	return line + (*line == '\n');
}

/* A length for printf: a text may go on for longer than a message should. */
static int
shown(const char *from, const char *to)
{
	return to - from > 300 ? 300 : (int)(to - from);
}

/* Append the words up to end, with one space before any but the first. */
static void
append_words(FILE *f, const char *s, const char *end)
{
	while (s < end) {
		size_t n = strcspn(s, " \t\r\n");

		n = s + n > end ? (size_t)(end - s) : n;
		if (n > 0)
			fprintf(f, "%s%.*s", ftell(f) > 0 ? " " : "",
				shown(s, s + n), s);
		s += n + 1;
	}
}

static bool
is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The place where a name first stands outside a comment, or NULL. */
static const char *
find_word(const char *text, const char *word)
{
	const char *p, *line;
	size_t n = strlen(word);

	for (p = text; (p = strstr(p, word)); p += n) {
		if ((p > text && is_name_char(p[-1])) || is_name_char(p[n]))
			continue;
		for (line = p; line > text && line[-1] != '\n';)
			line--;
		if (line + strcspn(line, ":?\n") > p)
			return p;
	}
	return NULL;
}

/* Are two lines the same except for blanks and the ';' that nocmodl adds?  An
 * empty line equals no other. */
static bool
same_code(const char *a, const char *b)
{
	static const char skipped[] = " \t\r;";
	size_t n = 0;

	for (;; a++, b++, n++) {
		a += strspn(a, skipped);
		b += strspn(b, skipped);
		if (*a != *b || !*a || *a == '\n')
			break;
	}
	return n > 0 && (!*a || *a == '\n') && (!*b || *b == '\n');
}

/* ---- nocmodl ---- */

/* nocmodl names each place where it looked for a file, but not the place of the
 * statement. */
static void
not_included(const struct modfiles *m, const struct modfile *mod,
	     const char *log)
{
	static const char says[] = "Couldn't open ";
	const char *p = strstr(log, says), *at;
	char *quoted;
	size_t i;

	if (!p)
		return;
	p += strlen(says);
	quoted = format("\"%.*s\"", (int)(line_end(p) - p), p);
	for (i = 0; i < m->n; i++) {
		const struct modfile *t = &m->file[i];

		if (modfiles_is_part(m, i, mod) &&
		    (at = strstr(t->text, quoted)))
			die("%s:%zu: no file to INCLUDE: %s", t->path,
			    line_of(t->text, at), quoted);
	}
	die("%s: no file to INCLUDE: %s", mod->path, quoted);
}

/* What it says while all is well. */
static bool
is_chat(const char *line)
{
	static const char *const chat[] = {"Translating ", "INCLUDEing ",
					   "Warning: ",    "Notice: ",
					   "Thread Safe",  "NEURON's CVode "};
	size_t i;

	for (i = 0; i < LEN(chat); i++)
		if (!strncasecmp(line, chat[i], strlen(chat[i])))
			return true;
	return false;
}

/* The message takes several lines, the last of which ends in " at line 7 in
 * file na.mod"; then comes that line, and a mark below it.  The function
 * returns where the place is said. */
static const char *
fold(const char *log, char **text)
{
	static const char says[] = " at line ";
	const char *line, *at = NULL;
	size_t size;
	FILE *f = open_memstream(text, &size);

	if (!f)
		die("out of memory");
	for (line = log; *line && !at; line = next_line(line)) {
		if (is_chat(line))
			continue;
		at = memmem(line, (size_t)(line_end(line) - line), says,
			    strlen(says));
		append_words(f, line, at ? at : line_end(line));
	}
	if (at && strspn(line, " \t^") < strcspn(line, "\n")) {
		fputc(':', f);
		append_words(f, line, line_end(line));
	}
	if (fclose(f))
		die("out of memory");
	return at;
}

/* nocmodl gives the name of an included file as it was written. */
static const char *
included_path(const struct modfiles *m, const struct modfile *mod,
	      const char *name)
{
	size_t i;

	for (i = m->nmods; i < m->n; i++)
		if (modfiles_is_part(m, i, mod) &&
		    !strcmp(m->file[i].name, name))
			return m->file[i].path;
	return mod->path;
}

/* " at line 7 in file na.mod" */
static bool
read_place(const char *place, size_t *line, char **file)
{
	static const char says[] = " in file ";
	char *end;

	if (!place)
		return false;
	*line = strtoul(place + strlen(" at line "), &end, 10);
	if (strncmp(end, says, strlen(says)) != 0)
		return false;
	end += strlen(says);
	*file = format("%.*s", (int)(line_end(end) - end), end);
	return true;
}

void
modfaults_not_translated(const struct modfiles *m, const struct modfile *mod,
			 const char *log)
{
	char *text, *file;
	const char *place;
	size_t line;

	not_included(m, mod, log);
	place = fold(log, &text);
	if (!read_place(place, &line, &file))
		die("%s: %s", mod->path, *text ? text : "nocmodl fails");
	die("%s:%zu: %s", included_path(m, mod, file), line, text);
}

/* ---- The compiler ---- */

/* The name in quotes that a message is about. */
static char *
quoted_name(const char *what)
{
	const char *p = strchr(what, '\'');
	size_t n = 0;

	while (p && is_name_char(p[1 + n]))
		n++;
	return n > 0 && p[1 + n] == '\'' ? format("%.*s", (int)n, p + 1) : NULL;
}

/* Report the line that the C comes from: nocmodl copies VERBATIM blocks as they
 * are, and most other code except for blanks.  Failing that, report the line
 * where the name first stands. */
static void
say_where(const struct modfiles *m, const struct modfile *mod, const char *code,
	  const char *what)
{
	char *name = quoted_name(what);
	const char *p;
	size_t i;

	for (i = 0; i < m->n; i++) {
		const struct modfile *t = &m->file[i];

		if (!modfiles_is_part(m, i, mod))
			continue;
		for (p = t->text; *p; p = next_line(p))
			if (same_code(p, code))
				die("%s:%zu: %s", t->path, line_of(t->text, p),
				    what);
	}
	for (i = 0; name && i < m->n; i++) {
		const struct modfile *t = &m->file[i];

		if (modfiles_is_part(m, i, mod) &&
		    (p = find_word(t->text, name)))
			die("%s:%zu: %s", t->path, line_of(t->text, p), what);
	}
	free(name);
}

/* The message is about line n of the C.  For a header that it includes, which
 * is the user's own file, "file:line" is enough. */
static _Noreturn void
fault_in(const struct modfiles *m, const struct modfile *mod, const char *c,
	 size_t n, const char *what)
{
	size_t i, len;
	char *text = modfiles_read_text(c, &len);
	const char *line = text;

	for (i = 1; i < n; i++)
		line = next_line(line);
	say_where(m, mod, line, what);
	line += strspn(line, " \t");
	die("%s: %s, in C made of it: %.*s", mod->path, what,
	    shown(line, line_end(line)), line);
}

/* A line is "na.c:12:3: error: what", or without a place. */
static _Noreturn void
say_error(const struct modfiles *m, const struct modfile *mod,
	  const char *folder, const char *line, const char *what)
{
	size_t len = strcspn(line, ":\n");
	char *file = format("%.*s", (int)len, line), *path, *end;
	size_t n = line[len] == ':' ? strtoul(line + len + 1, &end, 10) : 0;

	if (n == 0)
		die("%s: %s", mod->path, what);
	path = format("%s/%s", folder, file);
	if (*file != '/' && !access(path, R_OK))
		fault_in(m, mod, path, n, what);
	die("%s:%zu: %s", file, n, what);
}

/* The first error comes after lines that name the function it is in. */
void
modfaults_not_compiled(const struct modfiles *m, const struct modfile *mod,
		       const char *log, const char *folder)
{
	static const char says[] = "error: ";
	const char *line, *p;

	for (line = log; *line; line = next_line(line)) {
		p = memmem(line, (size_t)(line_end(line) - line), says,
			   strlen(says));
		if (!p)
			continue;
		p += strlen(says);
		say_error(m, mod, folder, line,
			  format("%.*s", shown(p, line_end(p)), p));
	}
	die("%s: the compiler fails: %.*s", mod->path,
	    shown(log, line_end(log)), log);
}

/* VERBATIM blocks of two files may define the same: "ld: b.o: multiple
 * definition of `f'; a.o: first defined here". */
void
modfaults_not_linked(const struct modfiles *m, const char *log)
{
	static const char says[] = "multiple definition of `";
	const char *p = strstr(log, says), *at, *first = NULL;
	char *name;
	size_t i;

	if (p) {
		p += strlen(says);
		name = format("%.*s", (int)strcspn(p, "'\n"), p);
	}
	for (i = 0; p && i < m->n; i++) {
		const struct modfile *t = &m->file[i];

		at = find_word(t->text, name);
		if (at && first)
			die("%s:%zu: '%s' is defined in %s, too", t->path,
			    line_of(t->text, at), name, first);
		first = at ? t->path : first;
	}
	die("the mod files of %s do not link: %.*s", m->file[0].folder,
	    shown(log, line_end(log)), log);
}

void
modfaults_check_functions(const struct modfiles *m, const struct modfile *mod,
			  const char *nocmodl_log, const char *compiler_log)
{
	static const char says[] = "Warning: ";
	const char *p = nocmodl_log;
	char *name, *implicit, *undeclared, *what;

	for (; (p = strstr(p, says)); p++) {
		const char *word = p + strlen(says);
		int n = (int)strcspn(word, " \n");

		name = format("%.*s", n, word);
		implicit =
			format("implicit declaration of function '%s'", name);
		undeclared = format("undeclared function '%s'", name);
		what = format("there is no function '%s'", name);
		if (!strncmp(word + n, " undefined", 10) &&
		    (strstr(compiler_log, implicit) ||
		     strstr(compiler_log, undeclared))) {
			say_where(m, mod, "", what);
			die("%s: %s", mod->path, what);
		}
		free(name);
		free(implicit);
		free(undeclared);
		free(what);
	}
}
