/* checkspikes.h -- files of spikes
 *
 *	checkspikes_file(file, &known);
 *
 * Steps of a plan, see finding.h, for each population in /spikes.
 */
#ifndef CHECKSPIKES_H
#define CHECKSPIKES_H

#include "check/known.h"
#include "sonata/hdf.h"

void checkspikes_file(const struct hdf_file *f,
		      const struct known_nodes *known);

#endif
