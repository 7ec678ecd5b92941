/* targetruns.h -- the runs that targets need, and what they give
 *
 *	struct targetruns r = {0};
 *	struct target_value *v;
 *
 *	targets_read(&t, path);
 *	model_build();
 *	protocol_open();
 *	targetruns_plan(&r, &t);
 *	v = zeros(t.n, sizeof *v);
 *	targetruns_go(&r, 1, v);
 *	visit(v[0].value, v[0].error, targets_score(v, t.n));
 */
#ifndef TARGETRUNS_H
#define TARGETRUNS_H

#include <stddef.h>

#include "cell/targets.h"
#include "opt.h"

/* --delay, --dur, --chirp. */
extern const struct opt targetruns_opts[];

struct targetruns {
	const struct targets *targets;
	struct target_run *run; /* those of steps come first */
	size_t n, cap;
	size_t first, end; /* of a step, in steps of time */
};

/* Decide what has to be run, when the model is there.  The targets are kept. */
void targetruns_plan(struct targetruns *r, const struct targets *t);

/* Run the cell as it is, njobs runs at a time, and measure all targets.  It is
 * called in a child, because a run that fails is none of ours. */
void targetruns_go(const struct targetruns *r, size_t njobs,
		   struct target_value *v);

#endif
