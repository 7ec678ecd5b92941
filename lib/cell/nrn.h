/* nrn.h -- NEURON, without its Python
 *
 *	double *v;
 *	size_t n;
 *
 *	nrn_start(false, false);
 *	nrn_load("cell.hoc");
 *	nrn_do("objref cell");
 *	nrn_make("cell", "Cell", "");
 *	n = nrn_vector(&v, "trace");
 *
 * NEURON's library is opened when nrn_start() is called, and not linked: it
 * has 14000 global names, among them t, dt, step and fft, and needs MPI and
 * X11.  $LIBNRNIV names another one than the system's; 8.2 and 9 will do.
 *
 * Text goes in as hoc, numbers come out by pointer.  What NEURON goes on after,
 * such as a file that a model loads and that is not there, is a warning; what
 * stops it ends the tool with its message as one line, and so does a quit() in
 * a model.  A name is checked by nrn_is_name() before it goes into hoc
 * text.
 */
#ifndef NRN_H
#define NRN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "util.h"

/* Start NEURON and load its standard run system.  From now on, only the table
 * that out.h writes goes to standard output.  What a model prints goes to
 * standard error if show is set.  With strict, what would be a warning ends the
 * tool. */
void nrn_start(bool show, bool strict);

/* Before nrn_start(): let NEURON open windows on the display of $DISPLAY, which
 * is there.  When it has gone, lost is called, and must not call NEURON; then
 * the tool ends. */
void nrn_open_windows(void (*lost)(void));

/* Before nrn_start(): write into a file the files that are loaded from now on,
 * by their full names, and the text of nrn_do() and nrn_make(), such that
 * nrniv does the same.  NULL: no more. */
void nrn_write_down(FILE *f);

void nrn_load_mechanisms(const char *library); /* compiled mod files */

/* A hoc file: of this path, or, if it has no folder and is not there, what
 * NEURON's load_file() finds by its name. */
void nrn_load(const char *path);

/* End the tool unless a path is a regular file, or a pipe that the shell made:
 * what else there is may be a pipe that nobody fills, or a device. */
void nrn_check_file(const char *path);

/* object = new template(arguments) */
void nrn_make(const char *object, const char *template_name,
	      const char *arguments);

/* Run statements; get the value of an expression. */
void nrn_do(const char *fmt, ...) PRINTF(1, 2);
double nrn_number(const char *fmt, ...) PRINTF(1, 2);

/* The same for procedures that only questions need: nrn_write_down() leaves
 * them out. */
void nrn_define(const char *text);

/* Has the model left this procedure as it is in NEURON's standard run system?
 * run, continuerun, step, advance, and what these show pictures with. */
bool nrn_is_standard(const char *name);

/* Does a statement work?  A failure prints nothing; of an attempt, it is a
 * warning. */
bool nrn_try(const char *fmt, ...) PRINTF(1, 2);
bool nrn_attempt(const char *fmt, ...) PRINTF(1, 2);

/* The same, with what NEURON says is wrong in new memory; NULL if it works. */
char *nrn_fault(const char *fmt, ...) PRINTF(1, 2);

/* What statements print, in memory that the next call reuses. */
char *nrn_print(const char *fmt, ...) PRINTF(1, 2);

/* The elements of a Vector, which belong to NEURON: they stay until it is
 * resized. */
size_t nrn_vector(double **p, const char *fmt, ...) PRINTF(2, 3);

/* A text in hoc, in new memory; its control characters become blanks. */
char *nrn_quoted(const char *s);

/* Is this a name in hoc: a letter or '_', then letters, digits and '_'? */
bool nrn_is_name(const char *s);

#endif
