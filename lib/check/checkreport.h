/* checkreport.h -- files of what a simulation recorded
 *
 *	checkreport_file(file, &known);
 *
 * Steps of a plan, see finding.h, for each population in /report, or for the
 * one report of an old file or of electrodes.
 */
#ifndef CHECKREPORT_H
#define CHECKREPORT_H

#include <stdbool.h>

#include "check/known.h"
#include "sonata/hdf.h"

/* Is there a report in it? */
bool checkreport_is_one(const struct hdf_file *f);
void checkreport_file(const struct hdf_file *f, struct known_nodes *known);

#endif
