/* hdfedit.h -- change a copy of an HDF5 file
 *
 *	struct hdfwrite f;
 *
 *	hdfedit_open(&f, "edges.h5", "edges.h5");
 *	hdfedit_link(&f, "/edges/a/indicies", "/edges/a/indices");
 *	hdfwrite_finish(&f);
 *	files_done();
 *
 * The copy gets its name with the other files of files.h, and takes the place
 * of the file itself where that is its name.  Until then nothing is changed.
 * What hdfwrite.h writes into a new file can be written into it as well.
 */
#ifndef HDFEDIT_H
#define HDFEDIT_H

#include "sonata/hdfwrite.h"

/* Open a copy of a file, to be called to; returns its name for the time being,
 * which belongs to files.h. */
const char *hdfedit_open(struct hdfwrite *f, const char *from, const char *to);

/* Take an object, or an attribute of one, away, if it is there; and give an
 * object a second name. */
void hdfedit_delete(struct hdfwrite *f, const char *object);
void hdfedit_delete_attribute(struct hdfwrite *f, const char *object,
			      const char *name);
void hdfedit_link(struct hdfwrite *f, const char *object, const char *name);

#endif
