/* nodetype.h -- the cell of a node type in a BMTK network
 *
 *	struct nodetype_cell s = {0};
 *
 *	nodetype_read(&s, "simulation_config.json", "100");
 *	build(s.hoc, s.template_name);
 */
#ifndef NODETYPE_H
#define NODETYPE_H

#include "opt.h"

/* Where a cell comes from, and what is said of it there. */
struct nodetype_cell {
	struct opt_list hoc;        /* files, and folders of such */
	struct opt_list mechanisms; /* folders of mod files */
	const char *template_name;
	const char *morphology, *fit; /* of an Allen cell, or NULL */
	unsigned axon; /* as allen.h has it; what is said before counts */
	const char *arguments;      /* of the template, with commas; or NULL */
	double celsius, v_init, dt; /* NaN: not said */
	double dl; /* um that a segment is long at most, or NaN */
};

/* Read what a config says of a node type: "100", or "v1_node_types.csv:100"
 * where several files of types have that number.  Its model_template is
 * "hoc:NAME", from the folder components.templates_dir, and the "params" of its
 * dynamics_params are that template's arguments; or it is "ctdb:Biophys1", an
 * Allen cell with its morphology, the dynamics_params that are its fit, and
 * what its model_processing makes of the axon.  celsius and v_init are those
 * of "conditions", dt and dL those of "run", or BMTK's where it does not say
 * them, 0.1 ms and 20 um.  Anything else ends the tool; an
 * unknown type is misuse, with a list of the types there are. */
void nodetype_read(struct nodetype_cell *s, const char *config,
		   const char *type);

#endif
