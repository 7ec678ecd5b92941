/* allen.h -- a cell of the Allen Cell Types Database as a hoc template
 *
 *	struct allen a = {.morphology = "cell.swc", .fit = "cell_fit.json"};
 *
 *	allen_read(&a);
 *	nrn_start(false, false);
 *	nrn_load_mechanisms(library);
 *	allen_check_mechanisms(&a);
 *	nrn_do("%s", allen_template(&a));
 *	nrn_make("cell", a.name, "");
 *
 * The template is what AllenSDK and BMTK make of the two files: the sections
 * that NEURON's Import3d makes of the morphology, whose axon is replaced, with
 * 1 + 2 int(L / 40 um) segments each, and the fit's parameters in them.  It has
 * the points in it, and needs no other file.
 *
 * Axons:
 * stub		two sections of 30 um and 1 um on the middle of the soma:
 *		AllenSDK's perisomatic cells and its all-active ones of
 *axon_type "stub" (Utils.generate_morphology), BMTK's aibs_perisomatic
 *		(fix_axon_peri)
 * legacy	two of 30 um on the end of the soma, as thick as the first
 *		section of the axon, and as the first whose middle is more than
 *		60 um from the soma's beginning: AllenSDK's all-active cells of
 *		axon_type "truncated" (AllActiveUtils.generate_morphology)
 * bmtk		the same, but as thick as the first and the last section on
 *		average: BMTK's aibs_allactive (fix_axon_allactive)
 * full		the axon as it was traced
 *
 * Unsaid it is what a manifest's "axon_type" says, or else as AllenSDK's runner
 * has it: stub for a perisomatic fit, legacy for an all-active one, which is
 * said.
 */
#ifndef ALLEN_H
#define ALLEN_H

#include "cell/fitfile.h"
#include "opt.h"

enum { ALLEN_UNSAID, ALLEN_STUB, ALLEN_LEGACY, ALLEN_BMTK, ALLEN_FULL };
#define ALLEN_AXONS "|stub|legacy|bmtk|full"

/* NEURON aborts where the name of a section, which has the template's before
 * it, is longer than some 100 characters. */
enum { ALLEN_NAME_MAX = 64 };

/* Something to set that the fit does not say. */
struct allen_change {
	char *where, *section, *name;
	double value;
};

struct allen {
	const char *morphology; /* NULL: what the fit, a manifest, names */
	const char *fit;
	const char *name; /* of the template; NULL: "Cell_" and the fit's */
	unsigned axon;
	bool without_globals; /* BMTK leaves "glob" out */
	struct fitfile f;     /* the rest is for allen.c */
	struct swc swc;
	struct allen_change *change;
	size_t nchanges, cap_changes;
};

/* Read and check both files. */
void allen_read(struct allen *a);

/* Set "soma.gbar_NaTs", "dend[3].g_pas", "cm@all" or "celsius" in the template,
 * after allen_read().  where says who wants it, "--set" or "file:line"; it is
 * misuse if the cell has it not. */
void allen_set(struct allen *a, const char *where, const char *name,
	       double value);

/* End the tool unless the fit's mechanisms are loaded, and have the parameters
 * that it sets. */
void allen_check_mechanisms(const struct allen *a);

/* The text of a hoc file; NEURON is running.  What the fit sets in a kind of
 * section that the morphology has not is left out with a warning. */
char *allen_template(struct allen *a);

#endif
