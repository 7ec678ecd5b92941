/* edgetype.h -- the synapse of an edge type in a BMTK network
 *
 *	argv = start(argc, argv, &tool);
 *	edgetype_choose();
 *	model_build();
 *	protocol_open();
 *	synapse_open();
 *
 * An edge type names the point process as its model_template, or as the
 * "level_of_detail" of the JSON that is its dynamics_params, and the file of
 * its parameters.  Weight and delay are those of its edges, which may be the
 * type's.  The cell is the node type that its edges lead to.
 */
#ifndef EDGETYPE_H
#define EDGETYPE_H

#include "opt.h"

/* The options of model.h, where --config may have --edge-type instead of
 * --node-type. */
extern const struct opt edgetype_opts[];

/* Was an edge type given? */
bool edgetype_is_given(void);

/* Before model_build(): choose the cell, and what synapse_take() is told, if
 * there is an edge type.  An unknown one is misuse, with a list of those there
 * are; so is one that leads to several types of cells, without --node-type. */
void edgetype_choose(void);

#endif
