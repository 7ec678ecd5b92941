/* modfiles.h -- the text of mod files, and of what they include
 *
 *	read_mods(&m, &folders);
 *	read_included(&m, recipe);
 *	for (i = 0; i < m.nmods; i++)
 *		compile(&m.file[i]);
 *	free_mods(&m);
 */
#ifndef MODFILES_H
#define MODFILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "opt.h"

struct mod_text {
	char *path;   /* as the user would write it */
	char *folder; /* that of the mod file, in full: nocmodl runs there */
	char *name;   /* without ".mod"; of a file included as it was written */
	char *text;
	size_t len;
};

/* Mod files come first, in the order of their names: it is that in which NEURON
 * adds up their currents, and so a matter of the last bit. */
struct mod_files {
	struct mod_text *file;
	size_t nmods, n, cap;
};

/* All mod files in these folders, or, where a folder has none, in its
 * "modfiles".  Two of one name must be the same, and are one then. */
void read_mods(struct mod_files *m, const struct list *folders);

/* Read all that they may include, with a record of it: two sets of files with
 * the same record are the same to a compiler, wherever they lie. */
void read_included(struct mod_files *m, FILE *record);

void free_mods(struct mod_files *m);

/* Is file i mod itself, or one that it includes? */
bool is_part_of(const struct mod_files *m, size_t i,
		const struct mod_text *mod);

/* All of a file, with a NUL at its end; the end of the tool if it cannot be
 * read. */
char *read_text(const char *path, size_t *n);

#endif
