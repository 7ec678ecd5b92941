/* model.h -- the cell that the tools of cells work on
 *
 *	argv = start(argc, argv, &tool);
 *	model_build();
 *	for (i = 0; i < sections_count(); i++)
 *		visit(section(i)->name);
 *
 * A cell is a hoc template, or the sections that hoc files make at top level,
 * or an Allen cell's morphology and fit, or a node type of a BMTK network whose
 * model_template is "hoc:..." or "ctdb:...".  Where
 * there are several root sections, sites have to be named.  What it does not
 * say itself is taken from the options or else from NEURON's defaults, which is
 * then reported once.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "cell/sections.h"
#include "opt.h"

/* --hoc, --template, --swc, --fit, --axon, --config, --node-type, --mechanisms,
 * --call, --celsius, --v-init, --dt, --nseg-rule, --set, --params, --strict,
 * -v. With model_opts a cell is required; with the bare ones, --config may have
 * something else than a --node-type. */
extern const struct opt model_opts[], model_any_opts[], model_bare_opts[];

/* The config and the node type of the options, or NULL; before model_build(),
 * another node type. */
const char *model_config(void);
const char *model_node_type(void);
void model_choose_type(const char *type);

/* Was a cell given, or a folder of mechanisms? */
bool model_is_given(void);
bool model_has_mechanisms(void);

/* Start NEURON, build the cell and set its parameters.  Its sections are those
 * of sections.h. */
void model_build(void);

/* Before model_build(): there is a second cell, made in the same way, or of
 * this template.  What is called or set is called and set in both. */
void model_also(const char *template_name);

/* Before model_build(): what is set is offered to take() first, which may be
 * called again with the same; true: it has it. */
void model_also_set(bool (*take)(const char *where, const char *name,
				 double value));

/* Instead of a cell that is given: make() makes sections at top level, once
 * NEURON and the mechanisms are there. */
void model_build_of(void (*make)(void));

/* Set parameters of the cell that is there, as --set does, and then have it
 * follow: a rule divides sections anew, the temperature and the voltage to
 * begin with are in force.  The length of a step stays; to set it is misuse. */
void model_set(const char *where, const char *name, double value);
void model_follow(void);

/* What the cell is made of, by the options and the config.  A tool may change
 * it before it builds the cell. */
struct nodetype_cell;
struct nodetype_cell *model_source(void);

/* Visit each of its hoc files, in the order in which they are loaded. */
void model_each_hoc(void (*visit)(const char *path));

/* The name of an Allen cell's template; NULL if the cell is none.  Its hoc text
 * starts NEURON: that is for a child. */
const char *model_allen_name(void);
char *model_allen_text(void);

/* From now on the cell is that of other hoc files, and of another template if
 * it has one, at the temperature and voltage that were its own. */
void model_be_hoc(const struct opt_list *hoc, const char *template_name);

/* How long a step is, in ms, and how many steps a time takes. */
double model_dt(void);
size_t model_steps(const char *option, double ms);

/* The steps of what begins at the time of an option and takes that of --dur: it
 * leads to the samples after first, up to and including end.  Less than a step
 * is misuse. */
void model_span(const char *option, double begin, double dur, size_t *first,
		size_t *end);

/* The time of step k in ms: k / 40 rather than k * 0.025, where the two are
 * equally near. */
double model_time(size_t k);

/* Initialise the model for a run up to tstop, in ms, by stdinit(), as NEURON's
 * run() does: it and what it calls are stdrun's unless the model has its own.
 * Warn of what then differs from the options.  Another dt ends the tool. */
void model_init(double tstop);

extern bool model_verbose; /* -v */

#endif
