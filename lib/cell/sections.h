/* sections.h -- the sections of the cell in NEURON, and their parameters
 *
 *	for (i = 0; i < sections_count(); i++)
 *		visit(section(i)->name, section(i)->length);
 *
 * In hoc, section i is bm_section.o(i).sec.  Names are without the cell's own
 * before them: "soma", "dend[3]".  Of two cells, those of the second come after
 * those of the first, and may have the same names: a parameter is then set in
 * both.
 */
#ifndef SECTIONS_H
#define SECTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct section {
	char *name;
	int parent;  /* its number, or -1: a root */
	size_t cell; /* 0, or 1: of the second cell */
	int nseg;
	double length, diam; /* um; diam is that of the middle */
	double area;         /* um2 */
};

/* Read the sections from the list bm_section.  own has the cells' own names,
 * with a dot, up to a NULL; if there are none, it is that of the object that
 * owns all sections, if there is one.  It is called again when a section has
 * changed. */
void sections_read(const char *const *own);

size_t sections_count(void);

/* Is there one of this name, the first n bytes, or an array? */
bool sections_have(const char *name, size_t n);
const struct section *section(size_t i);

/* Is there only one that has no parent? */
bool sections_have_one_root(void);

/* A parameter that can be set: "gbar_na" of the mechanism "na", but also "L",
 * "Ra" and "nseg" of the "section" itself, "diam" and "cm", and "ena", "nai"
 * and "nao" of an ion.  The value is that of the middle of the section. */
struct section_parameter {
	char *mechanism, *name;
	double value;
};

/* The parameters of a section, n of them, in new memory. */
struct section_parameter *section_read_parameters(size_t section, size_t *n);
void section_free_parameters(struct section_parameter *p, size_t n);

/* Is it an ion, "na_ion"?  Those are mechanisms, too. */
bool section_is_ion(const char *mechanism);

/* Set a parameter of a section, or of all of that name ("dend" is all of
 * dend[0], dend[1] ...), or, as "gbar_na@all", of all sections that have it,
 * or, without a dot, a global one of NEURON or of a mechanism.  An unknown one
 * is misuse, with a list of those that are there; where says who wants it,
 * "--set" or "file:line". */
void section_set_parameter(const char *where, const char *name, double value);

/* The sections that such a name means, n of them, in new memory, or NULL if it
 * is a global one; *bare is "gbar_na", in new memory. */
size_t *section_find_parameter(const char *where, const char *name, char **bare,
			       size_t *n);

/* When the model has been initialised, warn of each parameter that is not what
 * it was set to, such as a reversal potential that NEURON computes. */
void section_check_parameters(void);

struct section_site {
	char *name; /* "soma[0](0.5)" */
	size_t section;
	double x; /* from 0 to 1 along it */
};

/* The site that an option names, "dend[1](0.3)"; without "(...)" it is the
 * middle.  If text is NULL, it is the middle of soma, soma[0] or else of the
 * root, if there is one root only. */
struct section_site section_find_site(const char *option, const char *text);

/* The same of the cell of that number; the other one means the first. */
struct section_site section_find_site_in(size_t cell, const char *option,
					 const char *text);

#endif
