#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell/extras.h"
#include "cell/fi.h"
#include "cell/targets.h"
#include "labels.h"
#include "opt.h"
#include "out.h"
#include "rows.h"
#include "trace/features.h"
#include "trace/impedance.h"
#include "trace/junction.h"
#include "trace/passive.h"
#include "trace/plasticity.h"
#include "trace/pulses.h"

/* Where a table has no amplitude: small, for a response that is linear. */
#define PASSIVE_FA (-20000)
#define CHIRP_FA 20000
#define COUPLED_FA (-10000)

#define MOST_PA 1e9

/* ---- The table ---- */

/* In the order in which a feature is looked for. */
static const struct target_place {
	enum target_kind kind;
	const char *tool;
	bool needs_amp;
} kinds[] = {
	{TARGET_PASSIVE, "passive-fit", false},
	{TARGET_FI, "fi-sweep", true},
	{TARGET_SPIKE, "spike-features", true},
	{TARGET_TRACE, "spike-features", true},
	{TARGET_ZAP, "zap-impedance", false},
	{TARGET_TRAIN, "syn-features", false},
	{TARGET_COUPLED, "coupling", false},
};

static const struct quantity *
columns_of(enum target_kind kind)
{
	switch (kind) {
	case TARGET_PASSIVE:
		return passive_columns();
	case TARGET_FI:
		return fi_columns;
	case TARGET_SPIKE:
		return features_columns;
	case TARGET_TRACE:
		return features_trace_columns;
	case TARGET_ZAP:
		return impedance_columns;
	case TARGET_TRAIN:
		return plasticity_columns();
	default:
		return junction_columns;
	}
}

const char *
target_tool(const struct target *t)
{
	return kinds[t->kind].tool;
}

/* Is the rest of a column's name no more than its unit? */
static bool
is_unit(const char *s)
{
	static const char *const units[] = {"_pA",    "_Hz",     "_ms", "_mV",
					    "_mV_ms", "_MOhm",   "_pF", "_rad",
					    "_S_cm2", "_uF_cm2", "_nS"};
	size_t k;

	for (k = 0; k < LEN(units); k++)
		if (strcmp(s, units[k]) == 0)
			return true;
	return false;
}

/* The column that a feature names, in full or but for its unit; *n is how many
 * it may be. */
static const struct quantity *
find_column(const struct quantity *q, const char *feature, size_t *n)
{
	const struct quantity *found = quantity_find(q, feature);
	size_t len = strlen(feature);

	*n = found ? 1 : 0;
	if (found)
		return found;
	for (; q->name; q++)
		if (q->kind != QUANTITY_TEXT &&
		    strncmp(q->name, feature, len) == 0 &&
		    is_unit(q->name + len)) {
			found = q;
			++*n;
		}
	return found;
}

/* The columns of a table of targets; NO_COLUMN: it has none. */
struct target_columns {
	size_t feature, tool, amp, frequency, spike, rate, recovery, value, sd;
};

static struct target_columns
find_columns(const struct rows *in)
{
	return (struct target_columns){
		.feature = rows_column(in, "feature"),
		.tool = rows_find(in, "tool"),
		.amp = rows_find(in, "amp_pA"),
		.frequency = rows_find(in, "frequency_Hz"),
		.spike = rows_find(in, "spike"),
		.rate = rows_find(in, "rate_Hz"),
		.recovery = rows_find(in, "recovery_ms"),
		.value = rows_column(in, "value"),
		.sd = rows_column(in, "sd"),
	};
}

/* A field that is there and not empty, or NULL. */
static const char *
text_of(const struct rows *in, size_t column)
{
	if (column == NO_COLUMN || !*in->field[column])
		return NULL;
	return in->field[column];
}

static _Noreturn void
list_features(const struct rows *in, const char *feature, const char *tool)
{
	const struct quantity *q;
	struct labels names = {0};
	char *all = NULL;
	size_t k;

	for (k = 0; k < LEN(kinds); k++)
		for (q = columns_of(kinds[k].kind); q->name; q++)
			if (q->kind != QUANTITY_TEXT &&
			    (!tool || strcmp(tool, kinds[k].tool) == 0))
				label(&names, q->name);
	for (k = 0; k < names.n; k++)
		all = join(all, names.name[k]);
	misuse("%s:%zu: column 'feature': no such feature%s%s: '%s'; there "
	       "are: %s",
	       in->path, in->line, tool ? " of " : "", tool ? tool : "",
	       feature, all);
}

static bool
is_tool(const char *tool)
{
	size_t k;

	for (k = 0; k < LEN(kinds); k++)
		if (strcmp(kinds[k].tool, tool) == 0)
			return true;
	return false;
}

/* The first column that is not empty, of those that only a train has. */
static size_t
column_of_train(const struct rows *in, const struct target_columns *c)
{
	if (text_of(in, c->rate))
		return c->rate;
	return text_of(in, c->recovery) ? c->recovery : NO_COLUMN;
}

/* May a row mean this tool?  A rate is that of a train, and what needs an
 * amplitude and has none is what a synapse does, if that has it, too. */
static bool
is_meant(const struct rows *in, const struct target_columns *c,
	 const struct target_place *k)
{
	const char *tool = text_of(in, c->tool);
	size_t n;

	if (tool)
		return strcmp(tool, k->tool) == 0;
	if (column_of_train(in, c) != NO_COLUMN)
		return k->kind == TARGET_TRAIN;
	if (!k->needs_amp || text_of(in, c->amp) || !extras_has_synapse())
		return true;
	find_column(columns_of(TARGET_TRAIN), in->field[c->feature], &n);
	return n == 0;
}

/* Where the feature of a row is found, by its name or without the unit, and its
 * column. */
static const struct target_place *
seek_feature(const struct rows *in, const struct target_columns *c,
	     bool by_name, const struct quantity **q)
{
	const char *feature = in->field[c->feature];
	size_t k, n = 0;

	for (k = 0; k < LEN(kinds); k++) {
		if (!is_meant(in, c, &kinds[k]))
			continue;
		if (by_name)
			n = (*q = quantity_find(columns_of(kinds[k].kind),
						feature))
				    ? 1
				    : 0;
		else
			*q = find_column(columns_of(kinds[k].kind), feature,
					 &n);
		if (n == 1)
			return &kinds[k];
		if (n > 1)
			rows_bad(in, c->feature,
				 "several columns are called so, with their "
				 "units");
	}
	return NULL;
}

static const struct target_place *
find_feature(const struct rows *in, const struct target_columns *c,
	     const struct quantity **q)
{
	const char *tool = text_of(in, c->tool);
	const struct target_place *k;
	size_t train = column_of_train(in, c);

	if (tool && !is_tool(tool))
		rows_bad(in, c->tool,
			 "not passive-fit, fi-sweep, spike-features, "
			 "zap-impedance, syn-features or coupling");
	if (train != NO_COLUMN && !extras_has_synapse())
		rows_bad(in, train, "no run has one without --synapse");
	k = seek_feature(in, c, true, q);
	if (!k)
		k = seek_feature(in, c, false, q);
	if (!k && !tool && train != NO_COLUMN)
		tool = kinds[TARGET_TRAIN].tool;
	if (!k)
		list_features(in, in->field[c->feature], tool);
	if (train != NO_COLUMN && k->kind != TARGET_TRAIN)
		rows_bad(in, train, "that is for syn-features alone");
	if (k->kind == TARGET_TRAIN && !extras_has_synapse())
		rows_bad(in, c->feature, "no run gives it without --synapse");
	if (k->kind == TARGET_COUPLED && !extras_has_gap())
		rows_bad(in, c->feature, "no run gives it without --gap");
	return k;
}

/* What a train has, and one pulse has not: the columns that it needs. */
static void
need_train(const struct rows *in, const struct target_columns *c,
	   const struct target *t)
{
	const char *name = t->column->name;
	bool recovers = strncmp(name, "stp_recovery", 12) == 0;
	size_t column = recovers ? c->recovery : c->rate;

	if (!recovers && strcmp(name, "ppr") != 0 &&
	    strncmp(name, "stp_", 4) != 0 && isnan(t->run.recovery_ms))
		return;
	if (isnan(t->run.rate_Hz))
		column = c->rate;
	if (column == NO_COLUMN)
		die("%s:%zu: no column '%s', which '%s' needs", in->path,
		    in->line,
		    recovers && !isnan(t->run.rate_Hz) ? "recovery_ms"
						       : "rate_Hz",
		    name);
	if (!*in->field[column])
		rows_bad(in, column, format("'%s' needs one", name));
}

static void
need_pulses(const struct rows *in, const struct target_columns *c,
	    const struct target *t)
{
	struct pulses p = pulses_at(t->run.rate_Hz, t->run.recovery_ms);

	if (!plasticity_has(t->column, p.train, p.test))
		rows_bad(in, c->feature,
			 format("not measured of so few pulses: %zu, and %zu "
				"after a pause (--n, --test)",
				p.train, p.test));
	pulses_free(&p);
}

static void
read_train(const struct rows *in, const struct target_columns *c,
	   struct target *t)
{
	struct target_run *r = &t->run;
	const char *fault;

	r->rate_Hz = text_of(in, c->rate) ? rows_num(in, c->rate) : NAN;
	r->recovery_ms =
		text_of(in, c->recovery) ? rows_num(in, c->recovery) : NAN;
	if (t->kind != TARGET_TRAIN)
		return;
	need_train(in, c, t);
	if (!isnan(r->rate_Hz) && (fault = pulses_fault(r->rate_Hz, NAN)))
		rows_bad(in, c->rate, fault);
	if (!isnan(r->rate_Hz) &&
	    (fault = pulses_fault(r->rate_Hz, r->recovery_ms)))
		rows_bad(in, c->recovery, fault);
	if (!isnan(r->rate_Hz))
		need_pulses(in, c, t);
}

static void
read_amp(const struct rows *in, const struct target_columns *c,
	 const struct target_place *k, struct target *t)
{
	static const struct {
		enum target_run_kind kind;
		int64_t fA;
	} usual[] = {[TARGET_PASSIVE] = {TARGET_STEP, PASSIVE_FA},
		     [TARGET_FI] = {TARGET_STEP, 0},
		     [TARGET_SPIKE] = {TARGET_STEP, 0},
		     [TARGET_TRACE] = {TARGET_STEP, 0},
		     [TARGET_ZAP] = {TARGET_CHIRP, CHIRP_FA},
		     [TARGET_TRAIN] = {TARGET_PULSES, 0},
		     [TARGET_COUPLED] = {TARGET_JUNCTION, COUPLED_FA}};
	double amp;

	t->run.kind = usual[k->kind].kind;
	t->run.fA = usual[k->kind].fA;
	if (text_of(in, c->amp) && k->kind == TARGET_TRAIN)
		rows_bad(in, c->amp, "an amplitude is not for syn-features");
	if (!text_of(in, c->amp)) {
		if (k->needs_amp && c->amp == NO_COLUMN)
			die("%s:%zu: no column 'amp_pA', which '%s' needs",
			    in->path, in->line, in->field[c->feature]);
		if (k->needs_amp)
			rows_bad(in, c->amp, "no amplitude");
		return;
	}
	amp = rows_num(in, c->amp);
	if (!(fabs(amp) <= MOST_PA))
		rows_bad(in, c->amp, "not an amplitude in pA");
	if (amp == 0 && !k->needs_amp)
		rows_bad(in, c->amp, "nothing is measured of no current");
	t->run.fA = llround(amp * 1e3);
	if (fabs(amp * 1e3 - (double)t->run.fA) > 1e-6 * fabs(amp))
		rows_bad(in, c->amp, "finer than 0.001 pA");
}

static void
read_frequency(const struct rows *in, const struct target_columns *c,
	       struct target *t)
{
	const char *text = text_of(in, c->frequency);

	t->frequency_Hz = NAN;
	if (t->kind != TARGET_ZAP && text)
		rows_bad(in, c->frequency,
			 "a frequency is for zap-impedance alone");
	if (t->kind != TARGET_ZAP)
		return;
	if (c->frequency == NO_COLUMN)
		die("%s:%zu: no column 'frequency_Hz', which '%s' needs",
		    in->path, in->line, in->field[c->feature]);
	t->frequency_Hz = text ? rows_num(in, c->frequency) : NAN;
	if (!(t->frequency_Hz >= TARGETS_LOW_HZ &&
	      t->frequency_Hz <= TARGETS_HIGH_HZ))
		rows_bad(in, c->frequency, "not from 0.5 to 50 Hz");
}

static void
read_spike(const struct rows *in, const struct target_columns *c,
	   struct target *t)
{
	if (!text_of(in, c->spike))
		return;
	if (t->kind != TARGET_SPIKE)
		rows_bad(in, c->spike,
			 "not for what is not of each spike by itself");
	t->spike = rows_int(in, c->spike);
	if (t->spike < 1)
		rows_bad(in, c->spike, "not a number of a spike, from 1 on");
}

/* A name with a number and its unit after it, in place of the name. */
static void
append(char **name, double v, const char *unit)
{
	char text[32], *longer;

	if (isnan(v))
		return;
	out_num_text(v, text);
	longer = format("%s@%s%s", *name, text, unit);
	free(*name);
	*name = longer;
}

/* As the history names it: with the tool if that is not the first. */
static char *
name_of(const struct target *t)
{
	char *name = copy(t->column->name), *more;
	size_t k;

	append(&name, t->kind == TARGET_TRAIN ? NAN : (double)t->run.fA / 1e3,
	       "pA");
	append(&name, t->frequency_Hz, "Hz");
	append(&name, t->run.rate_Hz, "Hz");
	append(&name, t->run.recovery_ms, "ms");
	if (t->kind == TARGET_TRAIN && isnan(t->run.rate_Hz))
		append(&name, 1, "pulse");
	if (t->spike > 0) {
		more = format("%s#%lld", name, (long long)t->spike);
		free(name);
		name = more;
	}
	for (k = 0; k < (size_t)t->kind; k++) {
		if (!quantity_find(columns_of(kinds[k].kind), t->column->name))
			continue;
		more = format("%s:%s", target_tool(t), name);
		free(name);
		return more;
	}
	return name;
}

static void
check_new(const struct targets *all, const struct rows *in,
	  const struct target_columns *c, const struct target *t)
{
	size_t k;

	for (k = 0; k < all->n; k++)
		if (strcmp(all->at[k].name, t->name) == 0)
			die("%s:%zu: column 'feature': the same target as in "
			    "line %zu: '%s'",
			    in->path, in->line, all->at[k].line,
			    in->field[c->feature]);
}

static void
read_target(struct targets *all, const struct rows *in,
	    const struct target_columns *c)
{
	struct target t = {.line = in->line};
	const struct target_place *k = find_feature(in, c, &t.column);

	t.kind = k->kind;
	read_amp(in, c, k, &t);
	read_train(in, c, &t);
	read_frequency(in, c, &t);
	read_spike(in, c, &t);
	t.value = rows_finite(in, c->value);
	t.sd = rows_finite(in, c->sd);
	if (!(t.sd > 0))
		rows_bad(in, c->sd, "a standard deviation is more than 0");
	t.name = name_of(&t);
	all->has_trains = all->has_trains || t.kind == TARGET_TRAIN;
	check_new(all, in, c, &t);
	all->at = grow(all->at, &all->cap, all->n + 1, sizeof *all->at);
	all->at[all->n++] = t;
}

void
targets_read(struct targets *t, const char *path)
{
	struct rows in;
	struct target_columns c;

	rows_open(&in, path);
	c = find_columns(&in);
	while (rows_next(&in))
		read_target(t, &in, &c);
	if (t->n == 0)
		die("%s: no targets in it", in.path);
	t->path = copy(in.path);
	rows_close(&in);
}

/* ---- Errors ---- */

/* Is it a number of spikes, of which there should be some? */
static bool
wants_spikes(const struct target *t)
{
	return t->value > 0 && (strcmp(t->column->name, "spikes") == 0 ||
				strcmp(t->column->name, "rate_Hz") == 0);
}

struct target_value
targets_judge(const struct target *t, double value, double lack)
{
	struct target_value v = {value, TARGETS_MOST + lack, TARGET_LACKS};

	if (!isfinite(value)) {
		v.value = NAN;
		return v;
	}
	v.error = (value - t->value) / t->sd;
	v.error = fmax(fmin(v.error, TARGETS_MOST), -TARGETS_MOST);
	v.state = TARGET_MET;
	if (value == 0 && wants_spikes(t)) {
		v.error -= lack;
		v.state = TARGET_SILENT;
	}
	return v;
}

struct target_value
targets_fail(void)
{
	return (struct target_value){NAN, TARGETS_FAILED, TARGET_FAILED};
}

struct target_value
targets_recall(const struct target *t, double value, double error)
{
	struct target_value v = targets_judge(t, value, 0);

	if (v.state == TARGET_LACKS && error == TARGETS_FAILED)
		return targets_fail();
	if (v.state == TARGET_LACKS    ? !(error >= v.error)
	    : v.state == TARGET_SILENT ? !(error <= v.error)
				       : error != v.error)
		v.state = TARGET_OTHER;
	v.error = error;
	return v;
}

double
targets_score(const struct target_value *v, size_t n)
{
	double sum = 0;
	size_t k;

	for (k = 0; k < n; k++)
		sum += v[k].error * v[k].error;
	return sqrt(sum / (double)n);
}
