#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell/coupling.h"
#include "cell/extras.h"
#include "cell/model.h"
#include "cell/protocol.h"
#include "cell/sections.h"
#include "cell/synapse.h"
#include "cell/workers.h"
#include "trace/pulses.h"

/* 1 S, as in cell-couple: beyond it, rounding is seen in what is measured. */
#define MOST_NS 1e9

#define SETTLE 500 /* ms before the pulses of a synapse, as in syn-clamp */

#define MOST_PARAMETERS 256
#define MOST_NAME 64

static double gap = NAN, syn_delay = NAN;

const struct opt extras_gap_opts[] = {
	OPT_NUM_IN(0, "gap", "nS", &gap, "[0,1e9]",
		   "couple it to a cell like it, by so much at first"),
	OPT_TABLE(coupling_opts),
	OPT_NEEDS("at1 at2 probe1 probe2 template2 same-cell", "gap"),
	OPT_NOT_WITH("gap", "cvode"),
	OPT_END,
};

const struct opt extras_synapse_opts[] = {
	OPT_TABLE(synapse_opts),
	OPT_NUM_IN(0, "syn-delay", "ms", &syn_delay, "[0,1e6]",
		   "from a pulse to its event (1.3)"),
	OPT_TABLE(synapse_clamp_opts),
	OPT_TABLE(pulses_train_opts),
	OPT_NEEDS("at syn syn-params current weight syn-delay clamp clamp-at "
		  "rs n test first",
		  "synapse"),
	OPT_NOT_WITH("synapse", "cvode"),
	OPT_END,
};

bool
extras_has_synapse(void)
{
	return synapse_is_given();
}

bool
extras_has_gap(void)
{
	return opt_given(&gap);
}

double
extras_gap(void)
{
	return gap;
}

/* Is a name that of something that an option has made?  A section may be called
 * so, where it has not. */
static bool
is_of(const char *where, const char *name, const char *prefix, bool there)
{
	size_t n = strlen(prefix);

	if (strncmp(name, prefix, n) != 0 || name[n] != '.' ||
	    (!there && sections_have(prefix, n)))
		return false;
	if (!there)
		misuse("%s: '%s' needs --%s", where, name,
		       *prefix == 's' ? "synapse" : "gap");
	return true;
}

/* ---- What is set ---- */

/* What has been set of the synapse, in this order. */
static struct extras_set {
	char *where, *name;
	double value;
} * sets;
static size_t n_sets, m_sets;

static struct synapse_source source = {.weight = NAN, .delay_ms = NAN};
static bool opened;

void
extras_weigh(const char *where, double weight)
{
	source.where = where;
	source.weight = weight;
	synapse_take(&source);
}

static void
set_synapse(const char *where, const char *name, double value)
{
	size_t k = 0;

	if (opened)
		synapse_set(where, name, value);
	while (k < n_sets && strcmp(sets[k].name, name) != 0)
		k++;
	if (k == n_sets) {
		sets = grow(sets, &m_sets, n_sets + 1, sizeof *sets);
		sets[n_sets++] = (struct extras_set){.name = copy(name)};
	}
	free(sets[k].where);
	sets[k].where = copy(where);
	sets[k].value = value;
	if (strcmp(name, "weight") == 0)
		extras_weigh(sets[k].where, value);
}

static bool
take(const char *where, const char *name, double value)
{
	if (extras_has_gap() && strcmp(name, "gap.g_nS") == 0) {
		if (!(value >= 0 && value <= MOST_NS))
			die("%s: not a conductance from 0 to 1e9 nS: %g", where,
			    value);
		gap = value;
		return true;
	}
	if (!extras_has_synapse() || strncmp(name, "syn.", 4) != 0)
		return false;
	set_synapse(where, name + 4, value);
	return true;
}

void
extras_choose(void)
{
	model_also_set(take);
	if (extras_has_gap())
		coupling_choose();
	if (extras_has_synapse() && !isnan(syn_delay))
		synapse_delay(syn_delay);
}

void
extras_open_synapse(void)
{
	size_t k;

	protocol_settle_usually(SETTLE);
	synapse_open();
	for (k = 0; !opened && k < n_sets; k++)
		synapse_set(sets[k].where, sets[k].name, sets[k].value);
	opened = true;
}

/* ---- What there is ---- */

/* The parameters of the synapse, as the child that made it saw them. */
struct extras_seen {
	size_t n;
	struct {
		char name[MOST_NAME + 4], hoc[2 * MOST_NAME], unit[MOST_NAME];
		double value;
	} at[MOST_PARAMETERS];
};

static struct extras_seen seen;

static void
see_synapse(struct extras_seen *s)
{
	char **name, *hoc;
	size_t n, k;

	name = synapse_parameters(&n);
	s->n = 0;
	for (k = 0; k < n; k++) {
		size_t i = s->n;

		hoc = synapse_expression(name[k]);
		if (i < MOST_PARAMETERS && strlen(name[k]) < MOST_NAME) {
			snprintf(s->at[i].name, sizeof s->at[i].name, "syn.%s",
				 name[k]);
			snprintf(s->at[i].hoc, sizeof s->at[i].hoc, "%s", hoc);
			snprintf(s->at[i].unit, sizeof s->at[i].unit, "%s",
				 synapse_unit(name[k]));
			s->at[i].value = synapse_value(name[k]);
			s->n++;
		}
		free(hoc);
		free(name[k]);
	}
	free(name);
}

/* What it warns of, the first run says. */
static void
open_all(size_t i, void *result)
{
	(void)i;
	if (extras_has_synapse()) {
		extras_open_synapse();
		see_synapse(result);
	}
	if (extras_has_gap())
		coupling_open();
	if (ftruncate(STDERR_FILENO, 0))
		return; /* it is none of the parent's files */
}

static void
take_seen(size_t i, const void *result)
{
	(void)i;
	memcpy(&seen, result, sizeof seen);
}

void
extras_check(void)
{
	if (extras_has_synapse() || extras_has_gap())
		workers_run(1, 1, sizeof seen, open_all, take_seen);
}

/* Of these units, a number below 0 is none that a synapse can have. */
static bool
is_never_negative(const char *name, const char *unit)
{
	static const char *const units[] = {"ms",   "s",   "/s", "/ms", "uS",
					    "nS",   "pS",  "mS", "S",   "umho",
					    "nmho", "mho", "um"};
	size_t k;

	if (strcmp(name, "syn.weight") == 0)
		return true;
	for (k = 0; k < LEN(units); k++)
		if (strcmp(units[k], unit) == 0)
			return true;
	return false;
}

static _Noreturn void
list_seen(const char *where, const char *name)
{
	char *all = NULL;
	size_t k;

	for (k = 0; k < seen.n; k++)
		all = join(all, seen.at[k].name);
	misuse("%s: no '%s' in %s; there are: %s", where, name,
	       synapse_mechanism(), all);
}

const char *
extras_name(size_t k)
{
	if (opened)
		see_synapse(&seen);
	return k < seen.n ? seen.at[k].name : NULL;
}

bool
extras_find(const char *where, const char *name, struct extras_parameter *p)
{
	size_t k = 0;

	if (is_of(where, name, "gap", extras_has_gap())) {
		if (strcmp(name, "gap.g_nS") != 0)
			misuse("%s: no '%s'; there are: gap.g_nS", where, name);
		*p = (struct extras_parameter){gap, 0, "tune_gap_nS", "nS"};
		return true;
	}
	if (!is_of(where, name, "syn", extras_has_synapse()))
		return false;
	while (extras_name(k) && strcmp(seen.at[k].name, name) != 0)
		k++;
	if (k == seen.n)
		list_seen(where, name);
	*p = (struct extras_parameter){
		seen.at[k].value,
		is_never_negative(name, seen.at[k].unit) ? 0 : -INFINITY,
		seen.at[k].hoc, seen.at[k].unit};
	return true;
}
