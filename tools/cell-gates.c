/* cell-gates -- measure the steady states and time constants of gates
 *
 * What a mod file says of its gates may be written in a hundred ways; what it
 * makes of them is measured.  All is measured before anything is written, so
 * that a fault in the last mechanism leaves no half of a table. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/gates.h"
#include "cell/model.h"
#include "cell/patches.h"
#include "cell/sections.h"
#include "cell/sweep.h"
#include "out.h"
#include "trace/quantity.h"

/* Concentrations are positive, and of calcium below 1 M, in mM. */
#define MOST_MM 1e3
#define MOST_VALUES 100000

static bool summary, conductance;
static const char *v_list = "-120:80:1", *cai_list, *site;
static struct opt_list ion_list;

static const struct opt opts[] = {
	OPT_STR(0, "v", "start:stop:step", &v_list,
		"voltages in mV, or 'a,b,c' (-120:80:1)"),
	OPT_STR(0, "cai", "low:high:n", &cai_list,
		"n concentrations of calcium in mM, or 'a,b,c'"),
	OPT_LIST(0, "ion", "name=value", &ion_list,
		 "hold this, 'ek=-90', 'cao=1.8'"),
	OPT_STR(0, "at", "site", &site,
		"parameters of this place, 'dend[1](0.3)'"),
	OPT_FLAG(0, "summary", &summary, "a row for each gate: half, slope"),
	OPT_FLAG(0, "conductance", &conductance,
		 "a row for each mechanism and voltage, without gates"),
	OPT_TABLE(model_any_opts),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("summary conductance"),
	OPT_NEEDS("template call nseg-rule at", "hoc swc config"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure the steady states and time constants of gates",
	.operands = "[mechanism ...]",
	.most = 1000,
	.opts = opts,
};

/* ---- Options ---- */

static double *volts, *cais;
static size_t nvolts, ncais;
static struct gates_ion *ions; /* the first is cai, if --cai was given */
static size_t nions;

static void
read_volts(void)
{
	static const struct sweep_of of = {.one = "a voltage",
					   .many = "voltages",
					   .unit = "mV",
					   .most = 1e3};
	int64_t *uV = sweep_read("v", v_list, &of, &nvolts);
	size_t i;

	volts = zeros(nvolts, sizeof *volts);
	for (i = 0; i < nvolts; i++)
		volts[i] = (double)uV[i] / 1e3;
	free(uV);
}

static double
read_concentration(const char *text)
{
	double v;

	if (!parse_num(text, &v) || !(v > 0 && v <= MOST_MM))
		misuse("--cai: no concentration above 0 mM: '%s'", text);
	return v;
}

/* Even in their logarithms, as what binds calcium depends on it. */
static void
fill_cais(double low, double high, const char *number)
{
	int64_t n;
	size_t i;

	if (!parse_int(number, &n) || n < 2 || n > MOST_VALUES)
		misuse("--cai: not a number from 2 to %d: '%s'", MOST_VALUES,
		       number);
	if (!(low < high))
		misuse("--cai: low is not below high: '%s'", cai_list);
	ncais = (size_t)n;
	cais = zeros(ncais, sizeof *cais);
	for (i = 0; i < ncais; i++)
		cais[i] = low * pow(high / low, (double)i / (double)(n - 1));
	cais[ncais - 1] = high;
}

static void
read_cais(void)
{
	char *s = copy(cai_list), *rest = s, *word, *field[3];
	size_t cap = 0, n = 0;

	if (!strchr(s, ':')) {
		while ((word = strsep(&rest, ","))) {
			cais = grow(cais, &cap, ncais + 1, sizeof *cais);
			cais[ncais++] = read_concentration(word);
		}
		free(s);
		return;
	}
	while ((word = strsep(&rest, ":"))) {
		if (n == LEN(field))
			misuse("--cai: not low:high:n: '%s'", cai_list);
		field[n++] = word;
	}
	if (n < LEN(field))
		misuse("--cai: not low:high:n: '%s'", cai_list);
	fill_cais(read_concentration(field[0]), read_concentration(field[1]),
		  field[2]);
	free(s);
}

static void
read_ions(void)
{
	size_t i, k;

	ions = zeros(ion_list.n + 1, sizeof *ions);
	if (cai_list)
		ions[nions++].name = "cai";
	for (i = 0; i < ion_list.n; i++) {
		const char *item = ion_list.item[i];
		size_t n = strcspn(item, "=");
		char *name = format("%.*s", (int)n, item);
		double v;

		if (!item[n] || !parse_num(item + n + 1, &v) || !isfinite(v))
			misuse("--ion: not name=value: '%s'", item);
		if (*name != 'e' && !(v > 0))
			misuse("--ion: no concentration above 0 mM: '%s'",
			       item);
		for (k = 0; k < nions; k++)
			if (strcmp(ions[k].name, name) == 0)
				misuse("--ion: '%s' is given twice", name);
		ions[nions++] = (struct gates_ion){name, v};
	}
}

/* ---- Measuring ---- */

/* A mechanism, at each concentration of --cai that matters to it. */
struct measured_at {
	struct gates *at;
	size_t n;
};

static struct measured_at *curves;
static size_t ncurves;

static void
measure(struct measured_at *c, const char *mechanism, bool named)
{
	struct section_site place = {.x = 0.5};
	struct gates_at at = {.alone = !model_is_given(),
			      .v = volts,
			      .nv = nvolts,
			      .ion = ions,
			      .nions = nions};
	size_t i, n = cai_list ? ncais : 1;

	if (site)
		place = section_find_site("at", site);
	else
		place.section = gates_section(mechanism);
	at.section = place.section;
	at.x = place.x;
	free(place.name);
	c->at = zeros(n, sizeof *c->at);
	for (i = 0; i < n; i++) {
		if (cai_list)
			ions[0].value = cais[i];
		c->at[c->n++] = gates_measure(mechanism, &at);
		if (named && c->at[i].fault)
			die("%s: %s", mechanism, c->at[i].fault);
		if (c->at[i].fault || !gates_has_ion(&c->at[i], "cai"))
			break;
	}
	if (c->at[0].fault)
		warn("%s is left out: %s", mechanism, c->at[0].fault);
}

static void
check_ions(void)
{
	char *all = NULL;
	size_t i, k;

	for (k = 0; k < nions; k++) {
		for (i = 0; i < ncurves; i++)
			if (gates_has_ion(&curves[i].at[0], ions[k].name))
				break;
		if (i < ncurves)
			continue;
		for (i = 0; i < ncurves; i++)
			if (*curves[i].at[0].ions)
				all = join(all, curves[i].at[0].ions);
		misuse("no mechanism has '%s'; there are: %s", ions[k].name,
		       all ? all : "none");
	}
}

static bool
is_named(char **names, const char *mechanism)
{
	while (*names && strcmp(*names, mechanism) != 0)
		names++;
	return *names;
}

static void
check_named(char **names, char **list, size_t n)
{
	char *all = NULL;
	size_t i;

	for (; *names; names++) {
		for (i = 0; i < n && strcmp(list[i], *names) != 0; i++)
			;
		if (i < n)
			continue;
		for (i = 0; i < n; i++)
			all = join(all, list[i]);
		misuse("%s has no mechanism '%s'; there are: %s",
		       site ? site : "the cell", *names, all ? all : "none");
	}
}

/* The mechanisms of the cell, or of the place of --at. */
static char **
list_mechanisms(size_t *n)
{
	size_t i, all;
	char **list = gates_mechanisms(&all);
	struct section_site s;

	*n = all;
	if (!site)
		return list;
	s = section_find_site("at", site);
	for (i = *n = 0; i < all; i++)
		if (gates_is_in(list[i], s.section))
			list[(*n)++] = list[i];
		else
			free(list[i]);
	free(s.name);
	return list;
}

static void
measure_all(char **names)
{
	size_t i, n;
	char **list = list_mechanisms(&n);

	check_named(names, list, n);
	curves = zeros(n + 1, sizeof *curves);
	for (i = 0; i < n; i++)
		if (!*names || is_named(names, list[i]))
			measure(&curves[ncurves++], list[i], *names);
	while (n > 0)
		free(list[--n]);
	free(list);
	check_ions();
}

/* ---- Curves ---- */

static void
write_place(const struct gates *g, const char *gate)
{
	out_text(g->mechanism);
	if (gate)
		out_text(gate);
	else
		out_missing();
}

static void
write_cai(const struct gates *g, size_t i)
{
	if (!cai_list)
		return;
	if (gates_has_ion(g, "cai"))
		out_num(cais[i]);
	else
		out_missing();
}

/* What does not move has neither. */
static void
write_curve(const struct gates *g, const struct gates_gate *gate, size_t i)
{
	size_t k, missing = 0, first = 0;

	for (k = 0; k < g->nv; k++) {
		write_place(g, gate ? gate->name : NULL);
		out_num(g->v[k]);
		write_cai(g, i);
		out_real(gate ? gate->inf[k] : NAN);
		out_real(gate && isfinite(gate->tau[k]) ? gate->tau[k] : NAN);
		out_real(g->conductance[k]);
		out_end();
		if (gate && isnan(gate->inf[k]) && missing++ == 0)
			first = k;
	}
	if (missing > 0)
		warn("%s: no steady state of %s at %g mV%s", g->mechanism,
		     gate->name, g->v[first], missing > 1 ? " and others" : "");
}

static void
write_curves(void)
{
	size_t i, c, k;

	if (cai_list)
		out_header("mechanism", "gate", "v_mV", "cai_mM", "inf",
			   "tau_ms", "conductance_S_cm2");
	else
		out_header("mechanism", "gate", "v_mV", "inf", "tau_ms",
			   "conductance_S_cm2");
	for (c = 0; c < ncurves; c++)
		for (i = 0; i < curves[c].n; i++) {
			const struct gates *g = &curves[c].at[i];

			for (k = 0; !g->fault && k < g->n; k++)
				write_curve(g, &g->gate[k], i);
			if (!g->fault && g->n == 0 && g->has_current)
				write_curve(g, NULL, i);
		}
}

static void
write_conductance(const struct gates *g, size_t i)
{
	size_t k;

	for (k = 0; k < g->nv; k++) {
		out_text(g->mechanism);
		out_num(g->v[k]);
		write_cai(g, i);
		out_real(g->conductance[k]);
		out_end();
	}
}

static void
write_conductances(void)
{
	size_t i, c;

	if (cai_list)
		out_header("mechanism", "v_mV", "cai_mM", "conductance_S_cm2");
	else
		out_header("mechanism", "v_mV", "conductance_S_cm2");
	for (c = 0; c < ncurves; c++)
		for (i = 0; i < curves[c].n; i++)
			if (!curves[c].at[i].fault &&
			    curves[c].at[i].has_current)
				write_conductance(&curves[c].at[i], i);
}

/* ---- Summary ---- */

/* A row: half is in mV, or in mM where it is of a concentration, and slope is a
 * Hill coefficient then. */
struct row {
	const char *kind, *kinetics, *status;
	double half, slope, half_se, slope_se, r2;
	double power, tau_max, tau_max_at;
};

static const struct quantity by_voltage[] = {
	QUANTITY(TEXT, "kind", struct row, kind),
	QUANTITY(TEXT, "kinetics", struct row, kinetics),
	QUANTITY(REAL, "half_mV", struct row, half),
	QUANTITY(REAL, "slope_mV", struct row, slope),
	QUANTITY(REAL, "half_se_mV", struct row, half_se),
	QUANTITY(REAL, "slope_se_mV", struct row, slope_se),
	QUANTITY(REAL, "r2", struct row, r2),
	QUANTITY(REAL, "power", struct row, power),
	QUANTITY(REAL, "tau_max_ms", struct row, tau_max),
	QUANTITY(REAL, "tau_max_mV", struct row, tau_max_at),
	QUANTITY(TEXT, "status", struct row, status),
	QUANTITY_END,
};

static const struct quantity by_calcium[] = {
	QUANTITY(TEXT, "kind", struct row, kind),
	QUANTITY(TEXT, "kinetics", struct row, kinetics),
	QUANTITY(REAL, "half_mM", struct row, half),
	QUANTITY(REAL, "hill", struct row, slope),
	QUANTITY(REAL, "half_se_mM", struct row, half_se),
	QUANTITY(REAL, "hill_se", struct row, slope_se),
	QUANTITY(REAL, "r2", struct row, r2),
	QUANTITY(REAL, "power", struct row, power),
	QUANTITY(REAL, "tau_max_ms", struct row, tau_max),
	QUANTITY(REAL, "tau_max_mM", struct row, tau_max_at),
	QUANTITY(TEXT, "status", struct row, status),
	QUANTITY_END,
};

/* The columns, with this one after those of the gate's name, if it is not NULL.
 */
static void
write_header(const char *third, const struct quantity *q)
{
	const char *name[16] = {"mechanism", "gate", third};
	size_t n = third ? 3 : 2;

	for (; q->name; q++)
		name[n++] = q->name;
	out_names(name);
}

static struct row
row_of(const struct gates *g, size_t k)
{
	static const char *const kinds[] = {"activation", "inactivation",
					    "other"};
	const struct gates_gate *gate = g->n > 0 ? &g->gate[k] : NULL;
	struct gates_fit f =
		gate ? gates_fit_half(g, k) : gates_fit_conductance(g);
	struct row r = {.kind = kinds[f.kind], .status = f.status};

	r.kinetics = !gate           ? "instant"
		     : gate->curved  ? "nonlinear"
		     : gate->coupled ? "coupled"
				     : "first-order";
	r.half = f.half;
	r.slope = f.slope;
	r.half_se = f.half_se;
	r.slope_se = f.slope_se;
	r.r2 = f.r2;
	r.power = gate ? gate->power : NAN;
	r.tau_max = f.tau_max;
	r.tau_max_at = f.tau_max_at;
	return r;
}

/* What was fit over log(cai) is 1 / (1 + (half / cai)^hill). */
static void
from_logarithm(struct row *r)
{
	r->half = exp(r->half);
	r->half_se *= r->half;
	r->slope = 1 / r->slope;
	r->slope_se *= r->slope * r->slope;
	r->tau_max_at = exp(r->tau_max_at);
}

static void
write_row(const struct gates *g, size_t k, size_t i)
{
	struct row r = row_of(g, k);

	write_place(g, g->n > 0 ? g->gate[k].name : NULL);
	write_cai(g, i);
	quantity_write(by_voltage, &r);
	out_end();
}

static void
write_none(const char *mechanism, const char *why, const struct quantity *q)
{
	struct row r = {.kind = "other", .status = why};

	r.half = r.slope = r.half_se = r.slope_se = r.r2 = NAN;
	r.power = r.tau_max = r.tau_max_at = NAN;
	out_text(mechanism);
	out_missing();
	if (cai_list)
		out_missing();
	quantity_write(q, &r);
	out_end();
}

/* Why there is nothing to measure, or NULL. */
static const char *
nothing(const struct gates *g)
{
	if (g->fault)
		return g->fault;
	return g->n == 0 && !g->has_current ? "no state and no current" : NULL;
}

/* The curves of a mechanism at one voltage, as one over the concentrations. */
static struct gates
over_calcium(const struct measured_at *c)
{
	struct gates g = c->at[0];
	size_t i, k;

	g.nv = c->n;
	g.v = zeros(c->n, sizeof *g.v);
	g.conductance = zeros(c->n, sizeof *g.conductance);
	g.gate = zeros(g.n + 1, sizeof *g.gate);
	for (k = 0; k < g.n; k++) {
		g.gate[k] = c->at[0].gate[k];
		g.gate[k].inf = zeros(c->n, sizeof(double));
		g.gate[k].tau = zeros(c->n, sizeof(double));
	}
	for (i = 0; i < c->n; i++) {
		g.v[i] = log(cais[i]);
		g.conductance[i] = c->at[i].conductance[0];
		for (k = 0; k < g.n; k++) {
			g.gate[k].inf[i] = c->at[i].gate[k].inf[0];
			g.gate[k].tau[i] = c->at[i].gate[k].tau[0];
		}
	}
	return g;
}

static void
free_over_calcium(struct gates *g)
{
	size_t k;

	for (k = 0; k < g->n; k++) {
		free(g->gate[k].inf);
		free(g->gate[k].tau);
	}
	free(g->gate);
	free(g->v);
	free(g->conductance);
}

static void
summarize_calcium(const struct measured_at *c)
{
	struct gates g = over_calcium(c);
	size_t k, n = g.n > 0 ? g.n : 1;

	for (k = 0; k < n; k++) {
		struct row r = row_of(&g, k);

		from_logarithm(&r);
		write_place(&g, g.n > 0 ? g.gate[k].name : NULL);
		out_num(volts[0]);
		quantity_write(by_calcium, &r);
		out_end();
	}
	free_over_calcium(&g);
}

static void
write_by_calcium(void)
{
	size_t c;

	write_header("v_mV", by_calcium);
	for (c = 0; c < ncurves; c++) {
		const char *why = nothing(&curves[c].at[0]);

		if (!why && !gates_has_ion(&curves[c].at[0], "cai"))
			why = "no calcium";
		if (why)
			write_none(curves[c].at[0].mechanism, why, by_calcium);
		else
			summarize_calcium(&curves[c]);
	}
}

static void
write_by_voltage(void)
{
	size_t c, i, k;

	write_header(cai_list ? "cai_mM" : NULL, by_voltage);
	for (c = 0; c < ncurves; c++)
		for (i = 0; i < curves[c].n; i++) {
			const struct gates *g = &curves[c].at[i];
			const char *why = nothing(g);

			if (why)
				write_none(g->mechanism, why, by_voltage);
			for (k = 0; !why && k < (g->n > 0 ? g->n : 1); k++)
				write_row(g, k, i);
		}
}

int
main(int argc, char **argv)
{
	argv = start(argc, argv, &tool);
	read_volts();
	if (cai_list)
		read_cais();
	read_ions();
	if (!model_is_given() && !model_has_mechanisms() && !*argv)
		misuse("neither a cell nor --mechanisms nor a mechanism");
	if (model_is_given())
		model_build();
	else
		patches_build(argv);
	measure_all(argv);
	if (conductance)
		write_conductances();
	else if (!summary)
		write_curves();
	else if (cai_list && nvolts == 1)
		write_by_calcium();
	else
		write_by_voltage();
	return WORKED;
}
