/* sections.h -- the sections of the cell in NEURON, and their parameters
 *
 *	for (i = 0; i < sections_count(); i++)
 *		visit(section(i)->name, section(i)->length);
 *
 * In hoc, section i is bm_section.o(i).sec.  Names are without the cell's own
 * before them: "soma", "dend[3]".
 */
#ifndef SECTIONS_H
#define SECTIONS_H

#include <stddef.h>

struct section {
	char *name;
	int parent; /* its number, or -1: a root */
	int nseg;
	double length, diam; /* um; diam is that of the middle */
	double area;         /* um2 */
};

/* Read them from the list bm_section; own is the cell's own name, with its dot,
 * or "": then it is that of the one object that all sections are of, if there
 * is such.  Called again when a section has changed. */
void sections_read(const char *own);

size_t sections_count(void);
const struct section *section(size_t i);

/* The number of the root; more than one are the end of the tool. */
size_t section_root(void);

/* What can be set: "gbar_na" of the mechanism "na", but also "L", "Ra" and
 * "nseg" of the "section" itself, "diam" and "cm", and of an ion "ena", "nai"
 * and "nao".  The value is that of the middle of the section. */
struct section_parameter {
	char *mechanism, *name;
	double value;
};

/* The parameters of a section, n of them, in new memory. */
struct section_parameter *section_read_parameters(size_t section, size_t *n);
void section_free_parameters(struct section_parameter *p, size_t n);

/* Set a parameter of a section, or of all of that name ("dend" is all of
 * dend[0], dend[1] ...), or, without a dot, a global one of NEURON or of a
 * mechanism.  One that is not there is misuse, and those that are there are
 * listed; where says who wants it, "--set" or "file:line". */
void section_set_parameter(const char *where, const char *name, double value);

/* When the model has been initialised: warn of each that is not what it was set
 * to, such as a reversal potential that NEURON computes. */
void section_check_parameters(void);

struct section_site {
	char *name; /* "soma[0](0.5)" */
	size_t section;
	double x; /* from 0 to 1 along it */
};

/* The site that an option says, "dend[1](0.3)"; without "(...)" it is the
 * middle.  If text is NULL, the middle of soma, soma[0] or else of the root. */
struct section_site section_find_site(const char *option, const char *text);

#endif
