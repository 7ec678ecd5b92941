#include <stdlib.h>
#include <string.h>

#include "plot/captions.h"
#include "util.h"

#define MICRO "\u00b5"
#define OHM "\u03a9"
#define SQUARE "\u00b2"
#define KAPPA "\u03ba"
#define SUB10 "\u2081\u2080"

/* A text and what it is called: columns of bmutils-formats(5), or units. */
struct caption {
	const char *name, *text;
};

static const struct caption columns[] = {
	/* networks */
	{"source", "Source"},
	{"target", "Target"},
	{"population", "Population"},
	{"group", "Group"},
	{"partner_group", "Group of partners"},
	{"node_id", "Cell (node id)"},
	{"n_source", "Source cells"},
	{"n_target", "Target cells"},
	{"pairs", "Pairs"},
	{"rows", "Edges"},
	{"edges", "Edges"},
	{"nsyns", "Synapses"},
	{"synapses", "Synapses"},
	{"connections", "Connections"},
	{"autapses", "Autapses"},
	{"autapse_rows", "Edges to the cell itself"},
	{"autapse_cells", "Cells with autapses"},
	{"connected_pairs", "Connected pairs"},
	{"gap_rows", "Gap junctions"},
	{"probability", "Connection probability"},
	{"reciprocal", "Reciprocal connections"},
	{"one_way", "One-way connection probability"},
	{"pair_connected", "Connected pairs (fraction)"},
	{"pair_one_way", "Pairs connected one way (fraction)"},
	{"pair_reciprocal", "Reciprocal pairs (fraction)"},
	{"convergence", "Convergence"},
	{"convergence_nonzero", "Convergence, where not 0"},
	{"innervated", "Innervated cells (fraction)"},
	{"divergence", "Divergence"},
	{"divergence_nonzero", "Divergence, where not 0"},
	{"projecting", "Projecting cells (fraction)"},
	{"synapses_per_connection", "Synapses per connection"},
	{"gap_pairs", "Pairs with gap junctions"},
	{"gap_probability", "Gap junction probability"},
	{"gap_degree", "Partners by gap junctions"},
	{"requested", "Requested (fraction of pairs)"},
	{"obtained", "Obtained (fraction of pairs)"},
	{"possible", "Possible pairs"},
	{"made", "Connected pairs"},
	{"distance_um", "Distance (" MICRO "m)"},
	{"min_distance_um", "Least distance (" MICRO "m)"},
	{"delay", "Delay (ms)"},
	{"delay_ms", "Delay (ms)"},
	{"duration_ms", "Duration (ms)"},
	{"syn_weight", "Synaptic weight"},
	{"conductance", "Conductance (nS)"},
	{"weight", "Summed weight"},
	{"cells", "Cells"},
	{"count", "Count"},
	{"in_degree", "In-degree"},
	{"out_degree", "Out-degree"},
	{"clustering", "Clustering coefficient"},
	{"pagerank", "PageRank"},
	/* activity */
	{"timestamps", "Time (ms)"},
	{"time_ms", "Time (ms)"},
	{"t_ms", "Time (ms)"},
	{"time_s", "Time (s)"},
	{"spikes", "Spikes"},
	{"silent", "Silent cells"},
	{"rate_Hz", "Firing rate (Hz)"},
	{"mean_Hz", "Firing rate (Hz, mean)"},
	{"sd_Hz", "Firing rate (Hz, sd)"},
	{"min_Hz", "Firing rate (Hz, min)"},
	{"max_Hz", "Firing rate (Hz, max)"},
	{"start_ms", "Start (ms)"},
	{"end_ms", "End (ms)"},
	{"from_ms", "Start (ms)"},
	{"to_ms", "End (ms)"},
	{"bursts", "Bursts"},
	{"spikes_per_burst", "Spikes per burst"},
	{"mean_1_Hz", "Firing rate, first window (Hz)"},
	{"mean_2_Hz", "Firing rate, second window (Hz)"},
	{"change_Hz", "Change of the firing rate (Hz)"},
	{"value", "Value"},
	/* signals and their phases */
	{"signal", "Signal"},
	{"psd", "Power per Hz"},
	{"power", "Power"},
	{"residual", "Power over the aperiodic"},
	{"residual_log10", "Power over the aperiodic (log" SUB10 ")"},
	{"height_log10", "Height of the peak (log" SUB10 ")"},
	{"power_log10", "Power of the peak (log" SUB10 ")"},
	{"bandwidth_Hz", "Width of the peak (Hz)"},
	{"offset", "Offset"},
	{"knee", "Knee"},
	{"exponent", "Exponent"},
	{"phase", "Phase (rad)"},
	{"phase_rad", "Phase (rad)"},
	{"mean_phase_rad", "Mean phase (rad)"},
	{"amplitude", "Amplitude"},
	{"seconds", "Time spent there (s)"},
	{"coherence", "Coherence"},
	{"critical", "Critical coherence"},
	{"plv", "Phase-locking value"},
	{"ppc", "Pairwise phase consistency"},
	{"ppc1", "Pairwise phase consistency (PPC1)"},
	{"ppc2", "Pairwise phase consistency (PPC2)"},
	{"wpli2", "Weighted phase-lag index, squared"},
	{"kappa", "Concentration (" KAPPA ")"},
	{"rayleigh_z", "Rayleigh's z"},
	{"rayleigh_p", "Rayleigh's p"},
	{"surrogate", "Pairwise phase consistency (surrogates)"},
	{"surrogate_p", "p among surrogates"},
	{"spearman", "Correlation of ranks"},
	{"pearson", "Correlation"},
	{"naive_p", "p of independent samples"},
	{"shift_p", "p among shifts"},
	/* cells */
	{"v_mV", "Membrane potential (mV)"},
	{"fit_mV", "Fitted potential (mV)"},
	{"i_nA", "Current (nA)"},
	{"amp_pA", "Injected current (pA)"},
	{"amp_nA", "Injected current (nA)"},
	{"frequency_Hz", "Frequency (Hz)"},
	{"impedance_MOhm", "|Z| (M" OHM ")"},
	{"v_rest_mV", "Resting potential (mV)"},
	{"v_final_mV", "Potential at the end of the step (mV)"},
	{"r_in_MOhm", "Input resistance (M" OHM ")"},
	{"c_in_pF", "Input capacitance (pF)"},
	{"tau_ms", "Time constant (ms)"},
	{"tau1_ms", "First time constant (ms)"},
	{"tau2_ms", "Second time constant (ms)"},
	{"tau_max_ms", "Greatest time constant (ms)"},
	{"v_inf_mV", "Potential at infinity (mV)"},
	{"r2", "R" SQUARE},
	{"sag_mV", "Sag (mV)"},
	{"sag_ratio", "Sag ratio"},
	{"first_isi_ms", "First interspike interval (ms)"},
	{"last_isi_ms", "Last interspike interval (ms)"},
	{"isi_ms", "Interspike interval (ms)"},
	{"mean_isi_ms", "Interspike interval (ms, mean)"},
	{"median_isi_ms", "Interspike interval (ms, median)"},
	{"isi_cv", "CV of interspike intervals"},
	{"latency_ms", "Latency (ms)"},
	{"adaptation", "Adaptation index"},
	{"threshold_ms", "Time of the threshold (ms)"},
	{"threshold_mV", "Spike threshold (mV)"},
	{"upstroke_mV_ms", "Upstroke (mV/ms)"},
	{"downstroke_mV_ms", "Downstroke (mV/ms)"},
	{"upstroke_downstroke_ratio", "Upstroke/downstroke ratio"},
	{"peak_ms", "Time of the peak (ms)"},
	{"peak_mV", "Spike peak (mV)"},
	{"trough_ms", "Time of the trough (ms)"},
	{"trough_mV", "Trough (mV)"},
	{"fast_trough_ms", "Time of the fast trough (ms)"},
	{"fast_trough_mV", "Fast trough (mV)"},
	{"amplitude_mV", "Spike amplitude (mV)"},
	{"width_ms", "Spike width (ms)"},
	{"half_width_ms", "Spike half-width (ms)"},
	{"fast_ahp_mV", "Fast AHP (mV)"},
	{"ahp_depth_mV", "AHP depth (mV)"},
	{"inf", "Steady state"},
	{"half_mV", "Half-maximum (mV)"},
	{"half_mM", "Half-maximum (mM)"},
	{"slope_mV", "Slope (mV)"},
	{"cut_mV", "Cut (mV)"},
	{"cai_mM", "Calcium concentration (mM)"},
	{"conductance_S_cm2", "Conductance (S/cm" SQUARE ")"},
	{"area_um2", "Membrane area (" MICRO "m" SQUARE ")"},
	{"L_um", "Length (" MICRO "m)"},
	{"diam_um", "Diameter (" MICRO "m)"},
	{"score", "Score"},
};

/* Those with another at their end come before it. */
static const struct caption units[] = {
	{"S_cm2", "S/cm" SQUARE},
	{"mS_cm2", "mS/cm" SQUARE},
	{"uF_cm2", MICRO "F/cm" SQUARE},
	{"mA_cm2", "mA/cm" SQUARE},
	{"mV_ms", "mV/ms"},
	{"um2", MICRO "m" SQUARE},
	{"um3", MICRO "m\u00b3"},
	{"um", MICRO "m"},
	{"us", MICRO "s"},
	{"uV", MICRO "V"},
	{"uA", MICRO "A"},
	{"uS", MICRO "S"},
	{"uF", MICRO "F"},
	{"uM", MICRO "M"},
	{"GOhm", "G" OHM},
	{"MOhm", "M" OHM},
	{"kOhm", "k" OHM},
	{"Ohm", OHM},
	{"ohm", OHM},
	{"degC", "\u00b0C"},
	{"deg", "\u00b0"},
	{"percent", "%"},
	{"ms", "ms"},
	{"s", "s"},
	{"mV", "mV"},
	{"mA", "mA"},
	{"nA", "nA"},
	{"pA", "pA"},
	{"nS", "nS"},
	{"pS", "pS"},
	{"mS", "mS"},
	{"nF", "nF"},
	{"pF", "pF"},
	{"mM", "mM"},
	{"nm", "nm"},
	{"mm", "mm"},
	{"Hz", "Hz"},
	{"kHz", "kHz"},
	{"rad", "rad"},
};

/* What a column says of many values; the mean is the first. */
static const struct caption statistics[] = {
	{"mean", "mean"},
	{"sd", "sd"},
	{"median", "median"},
	{"min", "min"},
	{"max", "max"},
	{"se", "standard error"},
	{"sem", "standard error"},
	{"low", "low"},
	{"high", "high"},
};

static const struct caption *
find(const char *name)
{
	size_t i;

	for (i = 0; i < LEN(columns); i++)
		if (!strcmp(name, columns[i].name))
			return &columns[i];
	return NULL;
}

/* One of the words that a name has at its end after an underscore; there it is
 * cut. */
static const struct caption *
cut_end(char *name, const struct caption *word, size_t n)
{
	size_t length = strlen(name), i;

	for (i = 0; i < n; i++) {
		size_t end = strlen(word[i].name) + 1;

		if (end < length && name[length - end] == '_' &&
		    !strcmp(name + length - end + 1, word[i].name)) {
			name[length - end] = '\0';
			return &word[i];
		}
	}
	return NULL;
}

/* "A (b)" and c are "A (b, c)", "A" and c are "A (c)". */
static char *
add(const char *text, const char *more)
{
	size_t n = strlen(text);

	if (!more)
		return copy(text);
	if (n > 0 && text[n - 1] == ')')
		return format("%.*s, %s)", (int)(n - 1), text, more);
	return format("%s (%s)", text, more);
}

/* Cuts off what names a site, as that of v_mV.SITE; NULL if nothing does. */
static char *
cut_site(char *name)
{
	char *site = strchr(name, '.');

	if (!site || site == name || !site[1])
		return NULL;
	*site = '\0';
	return site + 1;
}

/* Cuts a statistic out of a name, which is at its end or, as that of
 * impedance_low_MOhm, before its unit. */
static const struct caption *
cut_statistic(char *name)
{
	size_t i, n;

	for (i = 0; i < LEN(statistics); i++) {
		char *at = name;

		n = strlen(statistics[i].name);
		while ((at = strchr(*at ? at + 1 : at, '_')))
			if (!strncmp(at + 1, statistics[i].name, n) &&
			    (!at[n + 1] || at[n + 1] == '_')) {
				memmove(at, at + n + 1, strlen(at + n));
				return &statistics[i];
			}
	}
	return NULL;
}

/* What the table calls a column, or what is left of its name when a site and a
 * statistic are cut off; NULL if it knows neither. */
static char *
name_known(const char *column)
{
	char *name = copy(column), *site = cut_site(name), *text, *all = NULL;
	const struct caption *known = find(name), *cut = NULL;

	if (!known && (cut = cut_statistic(name)))
		known = find(name);
	if (known) {
		text = add(known->text, cut ? cut->text : NULL);
		all = add(text, site);
		free(text);
	}
	free(name);
	return all;
}

char *
caption_of(const char *column)
{
	char *text = name_known(column), *name;
	const struct caption *unit;

	if (text)
		return text;
	name = copy(column);
	unit = cut_end(name, units, LEN(units));
	text = add(name, unit ? unit->text : NULL);
	free(name);
	return text;
}

char *
caption_with_sd(const char *column)
{
	char *name = copy(column), *text, *all;

	cut_end(name, statistics, 1);
	text = caption_of(name);
	all = add(text, "mean \u00b1 sd");
	free(text);
	free(name);
	return all;
}

const char *
caption_unit(const char *column)
{
	char *name = copy(column);
	const struct caption *unit;

	cut_site(name);
	unit = cut_end(name, units, LEN(units));
	free(name);
	return unit ? unit->text : NULL;
}

static bool
have_unit(const char *const *column, size_t n, const char *unit)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const char *other = caption_unit(column[i]);

		if (!other || strcmp(unit, other) != 0)
			return false;
	}
	return true;
}

/* What the table calls a column, whatever the site. */
static char *
quantity(const char *column)
{
	char *name = copy(column), *text;

	cut_site(name);
	text = name_known(name);
	free(name);
	return text;
}

char *
caption_of_all(const char *const *column, size_t n)
{
	const char *unit = caption_unit(column[0]);
	char *label = NULL, *other;
	bool several = false;
	size_t i;

	if (n == 1)
		return caption_of(column[0]);
	if (!unit || !have_unit(column, n, unit))
		return NULL;
	for (i = 0; i < n; i++) {
		other = quantity(column[i]);
		several |= label && other && strcmp(label, other) != 0;
		if (label || !other)
			free(other);
		else
			label = other;
	}
	if (label && !several)
		return label;
	free(label);
	return copy(unit);
}
