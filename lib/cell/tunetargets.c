#include <stdlib.h>
#include <string.h>

#include "cell/nrn.h"
#include "cell/targets.h"
#include "cell/tuneextras.h"
#include "cell/tunetargets.h"
#include "files.h"
#include "trace/trace.h"
#include "util.h"

/* A trace is for the first site. */
static void
tell_trace(const char *path)
{
	struct traces in;
	struct trace t;
	size_t k;

	traces_open(&in, path);
	while (traces_next(&in, &t)) {
		nrn_do("tune_target()");
		for (k = 0; k < t.n; k++)
			nrn_do("tune_target_point(%.17g, %.17g)",
			       trace_time(&t, k), t.v[k]);
	}
	traces_close(&in);
}

/* What is drawn of a feature: a rate; what stands beside the text: those at
 * rest, where the small step is run.  Others are for cell-fit. */
static bool
tell_feature(const struct target *t)
{
	static const struct {
		const char *name, *text, *unit, *variable;
	} rest[] = {{"v_rest_mV", "V_rest", "mV", "tune_want_rest"},
		    {"r_in_MOhm", "R_in", "MOhm", "tune_want_r"},
		    {"tau_ms", "tau", "ms", "tune_want_tau"}};
	const char *name = t->column->name;
	double times = strcmp(name, "rate_Hz") == 0 ? 1 : 0;
	bool rests = tuneextras_mode() == TUNEEXTRAS_STEP;
	size_t i;

	for (i = 0; rests && t->kind == TARGET_PASSIVE && i < LEN(rest); i++)
		if (strcmp(name, rest[i].name) == 0) {
			nrn_do("%s = %.17g\ntune_goal(\"%s %.6g %s\")",
			       rest[i].variable, t->value, rest[i].text,
			       t->value, rest[i].unit);
			return true;
		}
	if (strcmp(name, "spikes") == 0)
		times = 1000 / nrn_number("tune_fi_dur");
	if (t->kind != TARGET_FI || times == 0)
		return false;
	nrn_do("tune_target_rate(%.17g, %.17g, %.17g)", (double)t->run.fA / 1e3,
	       times * t->value, times * t->sd);
	return true;
}

static void
tell_features(const char *path)
{
	static struct targets *all;
	static size_t n, cap;
	struct targets *t;
	char *others = NULL;
	size_t i;

	all = grow(all, &cap, n + 1, sizeof *all);
	t = &all[n++];
	targets_read(t, path);
	for (i = 0; i < t->n; i++)
		if (!tell_feature(&t->at[i]) && !tuneextras_want(&t->at[i]))
			others = join(others, t->at[i].name);
	if (others)
		warn("%s: not drawn: %s", path, others);
	free(others);
}

void
tunetargets_tell(const char *path)
{
	char head[512];
	size_t n = files_first_bytes(path, head, sizeof head - 1);

	head[n] = '\0';
	head[strcspn(head, "\r\n")] = '\0';
	if (strstr(head, "feature"))
		tell_features(path);
	else
		tell_trace(path);
}
