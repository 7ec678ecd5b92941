/* modfiles.h -- the text of mod files, and of what they include
 *
 *	modfiles_read(&m, &folders);
 *	modfiles_read_included(&m, recipe);
 *	for (i = 0; i < m.nmods; i++)
 *		compile(&m.file[i]);
 *	modfiles_free(&m);
 */
#ifndef MODFILES_H
#define MODFILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "opt.h"

struct modfile {
	char *path;   /* as the user would write it */
	char *folder; /* that of the mod file, in full: nocmodl runs there */
	char *name;   /* without ".mod"; of a file included as it was written */
	char *place;  /* the name that it is sorted by */
	char *text;
	size_t len;
};

/* Mod files come first, in the order of their names: NEURON adds up their
 * currents in that order, which affects the last bit.  A file that
 * cell-segregate has made comes where the one does that it was made from. */
struct modfiles {
	struct modfile *file;
	size_t nmods, n, cap;
};

/* Read all mod files in these folders, or, where a folder has none, in its
 * "modfiles".  Two files of one name must be the same, and count once. */
void modfiles_read(struct modfiles *m, const struct opt_list *folders);

/* Read all files that the mod files may include, and write a record of all: two
 * sets of files with the same record are the same to a compiler, wherever they
 * lie. */
void modfiles_read_included(struct modfiles *m, FILE *record);

void modfiles_free(struct modfiles *m);

/* Is file i mod itself, or one that it includes? */
bool modfiles_is_part(const struct modfiles *m, size_t i,
		      const struct modfile *mod);

/* What precedes the name of that file in it. */
#define MODFILES_MADE_FROM "\n: segregated from "

/* All of a file, with a NUL at its end.  It ends the tool if the file cannot be
 * read, is not a regular one, or has more than 256 MB. */
char *modfiles_read_text(const char *path, size_t *n);

#endif
