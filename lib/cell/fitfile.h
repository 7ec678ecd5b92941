/* fitfile.h -- the parameters of an Allen cell
 *
 *	struct fitfile f = fitfile_read("472363762_fit.json");
 *
 *	for (i = 0; i < f.n; i++)
 *		if (f.setting[i].kind == SWC_SOMA)
 *			set(f.setting[i].name, f.setting[i].value);
 *
 * A fit of the Allen Cell Types Database has "passive", "genome" and
 * "conditions": what is set in the sections of a kind, one thing after the
 * other, and at which temperature.  Numbers may be texts, as in all-active
 * fits.  The manifest.json that comes with a fit leads to it, and to the
 * morphology.  The other form, which the SONATA examples call a model, has a
 * list of what is set for each kind, "soma", "axon", "dend" and "apic".
 *
 * What is not such a file ends the tool: "fit.json: genome[3].value: not a
 * number: 'x'".
 */
#ifndef FITFILE_H
#define FITFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "cell/swc.h"

/* Something to set in all sections of a kind.  mechanism is inserted before;
 * NULL: none is. */
struct fitfile_setting {
	unsigned kind; /* SWC_SOMA ... */
	const char *mechanism, *name;
	double value;
	bool is_erev; /* only where that ion is, and after all others */
	char *where;  /* "genome[3]" */
};

/* A global variable, of "glob". */
struct fitfile_global {
	const char *name;
	double value;
	char *where;
};

struct fitfile {
	char *path; /* of the file that has the genome */
	struct fitfile_setting *setting;
	size_t n, cap;
	struct fitfile_global *global;
	size_t nglobals, cap_globals;
	double celsius, v_init; /* NaN: not said */
	bool all_active;        /* and not perisomatic */
	const char *model_type; /* that a manifest says, or NULL */
	bool has_cm;            /* cm for each kind, or for none */
	char *morphology;       /* that a manifest names, or NULL */
	const char *axon;       /* its axon_type, or NULL */
};

struct fitfile fitfile_read(const char *path);

bool fitfile_is_erev(const char *name); /* "ena" */

/* Is this a parameter of a kind of section: Ra, cm, a reversal potential, or of
 * pas or a mechanism that is inserted there? */
bool fitfile_has(const struct fitfile *f, unsigned kind, const char *name);

#endif
