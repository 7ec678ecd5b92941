#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell/segregate.h"
#include "out.h"
#include "run/run.h"
#include "util.h"

/* What stands for infinity in a mod file: NMODL has no name for it, and by
 * NEURON's own files it is 1e9. */
#define FAR 1e9

/* ---- Blocks ---- */

static const char *const declaring[] = {"NEURON",      "UNITS", "PARAMETER",
					"ASSIGNED",    "STATE", "CONSTANT",
					"INDEPENDENT", NULL};
static const char *const computing[] = {"INITIAL",   "BREAKPOINT", "DERIVATIVE",
					"PROCEDURE", "FUNCTION",   NULL};
static const char *const other[] = {"KINETIC",     "LINEAR",  "NONLINEAR",
				    "DISCRETE",    "PARTIAL", "CONSTRUCTOR",
				    "DESTRUCTOR",  "BEFORE",  "AFTER",
				    "NET_RECEIVE", NULL};

static bool
is_any(const struct tokens *t, size_t i, const char *const *words)
{
	for (; *words; words++)
		if (tokens_is(t, i, *words))
			return true;
	return false;
}

/* Read the blocks: the keyword of one is the first after the last one's end,
 * so that "BEFORE BREAKPOINT" is BEFORE. */
static void
read_blocks(struct segregate *s)
{
	struct tokens *t = &s->t;
	size_t i, kind = SIZE_MAX;

	for (i = 0; i < t->n; i++) {
		struct segregate_block b = {.kind = kind, .open = i};

		if (kind == SIZE_MAX &&
		    (is_any(t, i, declaring) || is_any(t, i, computing) ||
		     is_any(t, i, other)))
			kind = i;
		if (!tokens_is(t, i, "{"))
			continue;
		b.close = tokens_close(t, i);
		i = b.close;
		kind = SIZE_MAX;
		if (b.kind == SIZE_MAX)
			continue;
		s->block = grow(s->block, &s->cap, s->nblocks + 1,
				sizeof *s->block);
		s->block[s->nblocks++] = b;
	}
}

static bool
is_kind(const struct segregate *s, const struct segregate_block *b,
	const char *kind)
{
	return tokens_is(&s->t, b->kind, kind);
}

static bool
is_computing(const struct segregate *s, const struct segregate_block *b)
{
	return is_any(&s->t, b->kind, computing);
}

/* The first token of this name in blocks of a kind, but not in brackets, where
 * units are; or SIZE_MAX. */
static size_t
find_in(const struct segregate *s, const char *kind, const char *name)
{
	const struct tokens *t = &s->t;
	size_t k, i;

	for (k = 0; k < s->nblocks; k++) {
		const struct segregate_block *b = &s->block[k];

		for (i = b->open + 1; is_kind(s, b, kind) && i < b->close;
		     i++) {
			if (tokens_is(t, i, "("))
				i = tokens_close(t, i);
			else if (tokens_is(t, i, name))
				return i;
		}
	}
	return SIZE_MAX;
}

/* Is token i a name that its block has for itself, as LOCAL or an argument?
 * LOCAL holds to the end of its own braces. */
static bool
is_argument(const struct segregate *s, const struct segregate_block *b,
	    const char *name)
{
	const struct tokens *t = &s->t;
	size_t i;

	for (i = b->kind + 3; i < b->open; i++) {
		if (tokens_is(t, i, "("))
			i = tokens_close(t, i);
		else if (tokens_is(t, i, name))
			return true;
	}
	return false;
}

static bool
is_local(const struct segregate *s, const struct segregate_block *b,
	 const char *name)
{
	const struct tokens *t = &s->t;
	size_t i, k;

	for (i = b->open; i < b->close; i++) {
		if (!tokens_is(t, i, "LOCAL"))
			continue;
		for (k = i + 1; tokens_is_name(t, k); k++) {
			if (tokens_is(t, k, name))
				return true;
			if (tokens_is(t, k + 1, "["))
				k = tokens_close(t, k + 1);
			if (!tokens_is(t, ++k, ","))
				break;
		}
	}
	return is_argument(s, b, name);
}

/* ---- Finding a mechanism ---- */

/* The place of the mechanism's name, or 0; "nothing" is none. */
static size_t
find_suffix(const struct segregate *s)
{
	static const char *const words[] = {"SUFFIX", "POINT_PROCESS",
					    "ARTIFICIAL_CELL"};
	size_t i, k;

	for (k = 0; k < LEN(words); k++) {
		i = find_in(s, "NEURON", words[k]);
		if (i != SIZE_MAX && tokens_is_name(&s->t, i + 1) &&
		    !tokens_is(&s->t, i + 1, "nothing"))
			return i + 1;
	}
	return 0;
}

static void
open_file(struct segregate *s, const struct modfiles *m, size_t i)
{
	*s = (struct segregate){.file = &m->file[i]};
	tokens_of_mod(&s->t, m, s->file);
	read_blocks(s);
	s->suffix = find_suffix(s);
	s->name = s->suffix ? tokens_text(&s->t, s->suffix) : NULL;
}

void
segregate_free(struct segregate *s)
{
	tokens_free(&s->t);
	run_free_list(&s->range);
	free(s->name);
	free(s->block);
	free(s->added);
	*s = (struct segregate){0};
}

bool
segregate_find(struct segregate *s, const struct modfiles *m,
	       const char *mechanism)
{
	size_t i;

	for (i = 0; i < m->nmods; i++) {
		open_file(s, m, i);
		if (s->name && !strcmp(s->name, mechanism))
			return true;
		segregate_free(s);
	}
	return false;
}

char *
segregate_list(const struct modfiles *m)
{
	struct segregate s;
	char *list = NULL;
	size_t i;

	for (i = 0; i < m->nmods; i++) {
		open_file(&s, m, i);
		if (s.name && tokens_is(&s.t, s.suffix - 1, "SUFFIX"))
			list = join(list, s.name);
		segregate_free(&s);
	}
	return list;
}

bool
segregate_is_state(const struct segregate *s, const char *gate)
{
	return find_in(s, "STATE", gate) != SIZE_MAX;
}

/* Names that are no keywords: "m FROM 0 TO 1". */
char *
segregate_gates(const struct segregate *s)
{
	static const char *const words[] = {"FROM", "TO", "START", NULL};
	const struct tokens *t = &s->t;
	char *list = NULL;
	size_t k, i;

	for (k = 0; k < s->nblocks; k++) {
		const struct segregate_block *b = &s->block[k];

		for (i = b->open + 1; is_kind(s, b, "STATE") && i < b->close;
		     i++) {
			char *name;

			if (tokens_is(t, i, "(") || tokens_is(t, i, "["))
				i = tokens_close(t, i);
			if (!tokens_is_name(t, i) || is_any(t, i, words))
				continue;
			name = tokens_text(t, i);
			list = join(list, name);
			free(name);
		}
	}
	return list;
}

/* ---- Assignments ---- */

/* Where the right side of an assignment to token i begins, which may be an
 * element of an array; 0 if it is none. */
static size_t
right_side(const struct tokens *t, size_t i)
{
	size_t k = i + 1;

	if (!tokens_is_name(t, i))
		return 0;
	if (tokens_is(t, k, "["))
		k = tokens_close(t, k) + 1;
	return tokens_is(t, k, "=") ? k + 1 : 0;
}

static bool
is_binary(const struct tokens *t, size_t i)
{
	static const char *const words[] = {
		"+",  "-",  "*",  "/",  "^",  "%",  "<", ">",
		"<=", ">=", "==", "!=", "&&", "||", NULL};

	return is_any(t, i, words);
}

/* The token after an operand: a number may have a unit, "2 (mV)", a name
 * arguments or an index. */
static size_t
after_operand(const struct tokens *t, size_t i)
{
	while (tokens_is(t, i, "-") || tokens_is(t, i, "+") ||
	       tokens_is(t, i, "!"))
		i++;
	if (tokens_is(t, i, "("))
		return tokens_close(t, i) + 1;
	i++;
	if (tokens_is(t, i, "'"))
		i++;
	if (tokens_is(t, i, "(") || tokens_is(t, i, "["))
		i = tokens_close(t, i) + 1;
	return i;
}

/* The token after an expression: NMODL has no sign for its end. */
static size_t
after_expression(const struct tokens *t, size_t i)
{
	i = after_operand(t, i);
	while (is_binary(t, i))
		i = after_operand(t, i + 1);
	return i;
}

bool
segregate_is_computed(const struct segregate *s, const char *name)
{
	const struct tokens *t = &s->t;
	size_t k, i;

	for (k = 0; k < s->nblocks; k++) {
		const struct segregate_block *b = &s->block[k];

		if (!is_computing(s, b) || is_local(s, b, name))
			continue;
		for (i = b->open; i < b->close; i++)
			if (tokens_is(t, i, name) && right_side(t, i))
				return true;
	}
	return false;
}

/* ---- What depends on the gate ---- */

/* A name, and the block that has it for itself, or SIZE_MAX. */
struct segregate_variable {
	char *name;
	size_t block;
};

struct segregate_gate {
	struct segregate *s;
	const char *name;
	char *call; /* what gives sigma */
	struct segregate_variable *dependent;
	size_t ndependent, cap, equations;
};

static struct segregate_variable
variable_of(const struct segregate *s, size_t block, size_t token)
{
	struct segregate_variable v = {tokens_text(&s->t, token), SIZE_MAX};

	if (is_local(s, &s->block[block], v.name))
		v.block = block;
	return v;
}

static bool
is_dependent(const struct segregate_gate *g, const struct segregate_variable *v)
{
	size_t i;

	for (i = 0; i < g->ndependent; i++)
		if (g->dependent[i].block == v->block &&
		    !strcmp(g->dependent[i].name, v->name))
			return true;
	return false;
}

/* The first token from i to before end that depends on the gate, or end. */
static size_t
find_dependent(const struct segregate_gate *g, size_t block, size_t i,
	       size_t end)
{
	for (; i < end; i++) {
		struct segregate_variable v;
		bool is;

		if (!tokens_is_name(&g->s->t, i))
			continue;
		v = variable_of(g->s, block, i);
		is = is_dependent(g, &v);
		free(v.name);
		if (is)
			break;
	}
	return i;
}

static void
add_dependent(struct segregate_gate *g, struct segregate_variable v)
{
	g->dependent = grow(g->dependent, &g->cap, g->ndependent + 1,
			    sizeof *g->dependent);
	g->dependent[g->ndependent++] = v;
}

/* Add what this block computes from what depends on the gate; returns whether
 * there was something. */
static bool
spread_in(struct segregate_gate *g, size_t block)
{
	const struct tokens *t = &g->s->t;
	const struct segregate_block *b = &g->s->block[block];
	bool found = false;
	size_t i, from, end;

	for (i = b->open; i < b->close; i++) {
		struct segregate_variable v;

		if (!(from = right_side(t, i)))
			continue;
		end = after_expression(t, from);
		if (find_dependent(g, block, from, end) == end)
			continue;
		v = variable_of(g->s, block, i);
		if (is_dependent(g, &v)) {
			free(v.name);
			continue;
		}
		add_dependent(g, v);
		found = true;
	}
	return found;
}

static void
find_dependents(struct segregate_gate *g)
{
	bool more = true;
	size_t k;

	add_dependent(g, (struct segregate_variable){copy(g->name), SIZE_MAX});
	while (more) {
		more = false;
		for (k = 0; k < g->s->nblocks; k++)
			if (is_computing(g->s, &g->s->block[k]))
				more |= spread_in(g, k);
	}
}

/* ---- The equation ---- */

static bool
has_gate(const struct segregate_gate *g, size_t i, size_t end)
{
	for (; i < end; i++)
		if (tokens_is(&g->s->t, i, g->name))
			return true;
	return false;
}

/* The last binary operator of those in the text, outside of brackets, or
 * end. */
static size_t
last_operator(const struct tokens *t, size_t i, size_t end,
	      const char *const *words)
{
	size_t last = end;

	for (i = after_operand(t, i); i < end; i = after_operand(t, i + 1))
		if (is_any(t, i, words))
			last = i;
	return last;
}

static const char *const comparisons[] = {
	"<", ">", "<=", ">=", "==", "!=", "&&", "||", "%", NULL};
static const char *const sums[] = {"+", "-", NULL};
static const char *const products[] = {"*", "/", NULL};

static void
multiply(const struct segregate_gate *g, size_t i, size_t end)
{
	struct tokens *t = &g->s->t;
	bool whole = last_operator(t, i, end, comparisons) == end &&
		     last_operator(t, i, end, sums) == end;
	char *s = format("%s*%s", whole ? "" : ")", g->call);

	if (!whole)
		tokens_insert(t, i, "(");
	tokens_append(t, end - 1, s);
	free(s);
}

static _Noreturn void
not_linear(const struct segregate_gate *g, size_t i, size_t end)
{
	while (i < end && !tokens_is(&g->s->t, i, g->name))
		i++;
	tokens_bad(&g->s->t, i,
		   "'%s' cannot be cut: its equation is not linear in it, so "
		   "that its steady state is no factor",
		   g->name);
}

/* Parts of an equation that are yet to be looked at: [i, end). */
struct segregate_terms {
	struct {
		size_t i, end;
	} * part;
	size_t n, cap;
};

static void
add_terms(struct segregate_terms *s, size_t i, size_t end)
{
	s->part = grow(s->part, &s->cap, s->n + 1, sizeof *s->part);
	s->part[s->n].i = i;
	s->part[s->n++].end = end;
}

/* Of a product, the factor with the gate counts. */
static void
split_product(const struct segregate_gate *g, struct segregate_terms *s,
	      size_t i, size_t k, size_t end)
{
	bool left = has_gate(g, i, k);

	if (has_gate(g, k + 1, end) && (left || tokens_is(&g->s->t, k, "/")))
		not_linear(g, i, end);
	add_terms(s, left ? i : k + 1, left ? k : end);
}

/* A factor is the gate, with a sign perhaps, or in brackets. */
static void
split_factor(const struct segregate_gate *g, struct segregate_terms *s,
	     size_t i, size_t end)
{
	const struct tokens *t = &g->s->t;

	while (tokens_is(t, i, "-") || tokens_is(t, i, "+"))
		i++;
	if (tokens_is(t, i, "(") && tokens_close(t, i) == end - 1)
		add_terms(s, i + 1, end - 1);
	else if (end - i > 1)
		not_linear(g, i, end);
}

static void
split_terms(const struct segregate_gate *g, struct segregate_terms *s, size_t i,
	    size_t end)
{
	const struct tokens *t = &g->s->t;
	size_t sum = last_operator(t, i, end, sums);
	size_t product = last_operator(t, i, end, products);

	if (last_operator(t, i, end, comparisons) < end)
		not_linear(g, i, end);
	if (sum < end) {
		add_terms(s, i, sum);
		add_terms(s, sum + 1, end);
	} else if (product < end) {
		split_product(g, s, i, product, end);
	} else {
		split_factor(g, s, i, end);
	}
}

/* Multiply all terms that the gate is not in. */
static void
cut_terms(const struct segregate_gate *g, size_t i, size_t end)
{
	struct segregate_terms s = {0};

	add_terms(&s, i, end);
	while (s.n > 0) {
		i = s.part[--s.n].i;
		end = s.part[s.n].end;
		if (has_gate(g, i, end))
			split_terms(g, &s, i, end);
		else
			multiply(g, i, end);
	}
	free(s.part);
}

static void
check_dependents(const struct segregate_gate *g, size_t block, size_t i,
		 size_t end)
{
	const struct tokens *t = &g->s->t;

	for (i = find_dependent(g, block, i, end); i < end;
	     i = find_dependent(g, block, i + 1, end))
		if (!tokens_is(t, i, g->name))
			tokens_bad(t, i,
				   "'%s' cannot be cut: its equation has '%s', "
				   "which is computed from it",
				   g->name, tokens_text(t, i));
}

/* Is an expression the same at all voltages: of numbers and parameters only?
 * Such a start is not a steady state. */
static bool
is_constant(const struct segregate *s, size_t i, size_t end)
{
	bool constant = true;

	for (; i < end && constant; i++) {
		char *name;

		if (s->t.token[i].kind == TOKEN_NUMBER &&
		    tokens_is(&s->t, i + 1, "("))
			i = tokens_close(&s->t, i + 1);
		if (!tokens_is_name(&s->t, i))
			continue;
		name = tokens_text(&s->t, i);
		constant = (find_in(s, "PARAMETER", name) != SIZE_MAX ||
			    find_in(s, "CONSTANT", name) != SIZE_MAX) &&
			   strcmp(name, "v") != 0 &&
			   !segregate_is_computed(s, name);
		free(name);
	}
	return constant;
}

static void
cut_derivative(struct segregate_gate *g, size_t block, size_t i)
{
	struct tokens *t = &g->s->t;
	size_t from = i + 3, end;

	if (!tokens_is(t, i + 2, "="))
		tokens_bad(t, i, "'%s' cannot be cut: %s' is used", g->name,
			   g->name);
	end = after_expression(t, from);
	check_dependents(g, block, from, end);
	if (!has_gate(g, from, end))
		not_linear(g, i, end);
	cut_terms(g, from, end);
	g->equations++;
}

static void
cut_assignment(struct segregate_gate *g, size_t block, size_t i)
{
	size_t from = right_side(&g->s->t, i);
	size_t end = after_expression(&g->s->t, from);

	if (is_constant(g->s, from, end))
		return;
	check_dependents(g, block, from, end);
	cut_terms(g, from, end);
	g->equations++;
}

/* ---- Where the gate is ---- */

/* Is token i in the list of a TABLE statement? */
static bool
is_in_table(const struct tokens *t, size_t i)
{
	for (i--; i > 0 && (tokens_is(t, i, ",") || tokens_is_name(t, i)); i--)
		if (tokens_is(t, i, "TABLE"))
			return true;
		else if (!tokens_is(t, i, ",") && !tokens_is(t, i - 1, ",") &&
			 !tokens_is(t, i - 1, "TABLE"))
			break;
	return false;
}

static void
check_verbatim(const struct segregate_gate *g, size_t i)
{
	struct tokens within;
	size_t k;

	tokens_within(&within, &g->s->t, i);
	for (k = 0; k < within.n; k++)
		if (tokens_is(&within, k, g->name))
			tokens_bad(&within, k,
				   "'%s' cannot be cut: it is used in VERBATIM",
				   g->name);
	tokens_free(&within);
}

static void
cut_at(struct segregate_gate *g, size_t block, size_t i)
{
	const struct tokens *t = &g->s->t;

	if (tokens_is(t, i + 1, "'"))
		cut_derivative(g, block, i);
	else if (tokens_is(t, i + 1, "["))
		tokens_bad(t, i, "'%s' cannot be cut: it is an array", g->name);
	else if (is_in_table(t, i))
		tokens_bad(t, i, "'%s' cannot be cut: it is in a TABLE itself",
			   g->name);
	else if (tokens_is(t, i - 1, "(") &&
		 tokens_is(t, i - 2, "state_discontinuity"))
		tokens_bad(t, i,
			   "'%s' cannot be cut: state_discontinuity() sets it",
			   g->name);
	else if (right_side(t, i))
		cut_assignment(g, block, i);
}

static void
cut_in(struct segregate_gate *g, size_t block)
{
	const struct segregate_block *b = &g->s->block[block];
	const struct tokens *t = &g->s->t;
	bool local = is_local(g->s, b, g->name);
	char *kind;
	size_t i;

	for (i = b->open; i < b->close; i++) {
		if (t->token[i].kind == TOKEN_VERBATIM)
			check_verbatim(g, i);
		if (!tokens_is(t, i, g->name) || local)
			continue;
		if (is_computing(g->s, b)) {
			cut_at(g, block, i);
			continue;
		}
		kind = tokens_text(t, b->kind);
		tokens_bad(t, i, "'%s' cannot be cut: it is in a %s block",
			   g->name, kind);
	}
}

static void
check_state(const struct segregate_gate *g)
{
	const struct tokens *t = &g->s->t;
	size_t i = find_in(g->s, "STATE", g->name);

	if (tokens_is(t, i + 1, "["))
		tokens_bad(t, i, "'%s' cannot be cut: it is an array", g->name);
}

static void
cut_state(struct segregate_gate *g)
{
	size_t k, i;

	check_state(g);
	find_dependents(g);
	for (k = 0; k < g->s->nblocks; k++)
		if (!is_any(&g->s->t, g->s->block[k].kind, declaring))
			cut_in(g, k);
	if (g->equations == 0)
		tokens_bad(&g->s->t, find_in(g->s, "STATE", g->name),
			   "'%s' cannot be cut: it has no equation", g->name);
	for (i = 0; i < g->ndependent; i++)
		free(g->dependent[i].name);
	free(g->dependent);
}

/* ---- A gate without a state ---- */

/* A state that is computed from the variable has it for its steady state: then
 * that state is the gate. */
static void
check_states(const struct segregate_gate *g, const struct segregate_block *b)
{
	const struct tokens *t = &g->s->t;
	size_t i;

	for (i = b->open; i < b->close; i++) {
		size_t from =
			tokens_is(t, i + 1, "'") ? i + 3 : right_side(t, i);
		char *name;

		if (!tokens_is_name(t, i) || !from ||
		    !has_gate(g, from, after_expression(t, from)))
			continue;
		name = tokens_text(t, i);
		if (segregate_is_state(g->s, name))
			tokens_bad(t, i,
				   "'%s' cannot be cut: '%s' is computed from "
				   "it, and is the gate",
				   g->name, name);
		free(name);
	}
}

/* A variable that follows the voltage at once: multiply it where the current is
 * computed. */
static void
cut_variable(struct segregate_gate *g)
{
	struct tokens *t = &g->s->t;
	char *after = format("*%s)", g->call);
	size_t k, i;

	for (k = 0; k < g->s->nblocks; k++) {
		const struct segregate_block *b = &g->s->block[k];

		if (!is_computing(g->s, b) || is_local(g->s, b, g->name))
			continue;
		check_states(g, b);
		for (i = b->open;
		     is_kind(g->s, b, "BREAKPOINT") && i < b->close; i++) {
			if (!tokens_is(t, i, g->name) || right_side(t, i))
				continue;
			tokens_insert(t, i, "(");
			tokens_append(t, i, after);
			g->equations++;
		}
	}
	free(after);
	if (g->equations == 0)
		tokens_bad(t, g->s->suffix,
			   "'%s' cannot be cut: BREAKPOINT does not use it",
			   g->name);
}

/* ---- The mechanism ---- */

static void
check_new(const struct segregate *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->t.n; i++)
		if (tokens_is(&s->t, i, name))
			tokens_bad(&s->t, i,
				   "'%s' is a name here already: the cut has "
				   "to have it",
				   name);
}

static void
number(char *text, double x)
{
	if (isinf(x))
		x = x < 0 ? -FAR : FAR;
	out_num_text(x, text);
}

/* The exponent is never above 0, where exp() would overflow. */
static char *
definitions(const struct segregate_cut *c)
{
	char cut[32], width[32];
	const char *g = c->gate;

	number(cut, c->cut);
	number(width, c->width);
	return format("\nPARAMETER {\n"
		      "\t%scut = %s (mV)\n"
		      "\t%swidth = %s (mV)\n"
		      "}\n\n"
		      "FUNCTION %scutsigma() {\n"
		      "\tLOCAL e\n\n"
		      "\tif (%swidth > 0) {\n"
		      "\t\te = exp(-fabs(v - %scut) / %swidth)\n"
		      "\t} else {\n"
		      "\t\te = 0\n"
		      "\t}\n"
		      "\tif (v < %scut) {\n"
		      "\t\t%scutsigma = e / (1 + e)\n"
		      "\t} else {\n"
		      "\t\t%scutsigma = 1 / (1 + e)\n"
		      "\t}\n"
		      "}\n",
		      g, cut, g, width, g, g, g, g, g, g, g);
}

static void
check_mechanism(const struct segregate *s)
{
	if (find_in(s, "ASSIGNED", "v") == SIZE_MAX &&
	    find_in(s, "PARAMETER", "v") == SIZE_MAX)
		tokens_bad(&s->t, s->suffix,
			   "'%s' cannot be cut: it does not declare the "
			   "voltage v",
			   s->name);
	if (!tokens_is(&s->t, s->suffix - 1, "SUFFIX"))
		tokens_bad(&s->t, s->suffix,
			   "'%s' cannot be cut: it is not a mechanism of the "
			   "membrane (SUFFIX)",
			   s->name);
}

/* A variable has to be seen for its kind to be measured. */
static void
show(struct segregate *s, const char *name)
{
	if (find_in(s, "NEURON", name) == SIZE_MAX)
		run_add(&s->range, "%s", name);
}

void
segregate_cut(struct segregate *s, const struct segregate_cut *cut)
{
	static const char *const new[] = {"cut", "width", "cutsigma"};
	struct segregate_gate g = {.s = s, .name = cut->gate};
	char *text = definitions(cut), *more;
	size_t i;

	check_mechanism(s);
	for (i = 0; i < LEN(new); i++) {
		char *name = format("%s%s", cut->gate, new[i]);

		check_new(s, name);
		free(name);
	}
	g.call = format("%scutsigma()", cut->gate);
	run_add(&s->range, "%scut", cut->gate);
	run_add(&s->range, "%swidth", cut->gate);
	if (segregate_is_state(s, cut->gate)) {
		cut_state(&g);
	} else {
		cut_variable(&g);
		show(s, cut->gate);
	}
	more = format("%s%s", s->added ? s->added : "", text);
	free(s->added);
	s->added = more;
	free(text);
	free(g.call);
}

/* All is on the lines where it was; what is new follows. */
char *
segregate_text(struct segregate *s, size_t *n)
{
	char *text, *all, *range = copy("seg RANGE ");
	size_t i;

	for (i = 0; i < s->range.n; i++) {
		char *longer = format("%s%s%s", range, i > 0 ? ", " : "",
				      s->range.item[i]);

		free(range);
		range = longer;
	}
	tokens_append(&s->t, s->suffix, range);
	text = tokens_changed(&s->t, n);
	all = format("%s" MODFILES_MADE_FROM
		     "%s.mod: see cell-segregate(1)\n%s",
		     text, s->file->name, s->added);
	*n = strlen(all);
	free(text);
	free(range);
	return all;
}

/* ---- Names in hoc ---- */

static bool
is_name_of(const struct segregate *s, const char *name)
{
	const struct tokens *t = &s->t;
	size_t k, i;

	for (k = 0; k < s->nblocks; k++) {
		const struct segregate_block *b = &s->block[k];

		if (tokens_is(t, b->kind + 1, name) &&
		    (is_kind(s, b, "PROCEDURE") || is_kind(s, b, "FUNCTION")))
			return true;
		for (i = b->open; is_kind(s, b, "NEURON") && i < b->close; i++)
			if (tokens_is(t, i, name))
				return true;
	}
	for (i = 0; i < t->n; i++)
		if (tokens_is(t, i, "FUNCTION_TABLE") &&
		    tokens_is(t, i + 1,
			      strncmp(name, "table_", 6) ? name : name + 6))
			return true;
	return false;
}

bool
segregate_has(const struct segregate *s, const char *name, size_t n)
{
	static const char *const kinds[] = {"PARAMETER", "ASSIGNED", "STATE",
					    "CONSTANT"};
	char *s0 = format("%.*s", (int)n, name);
	bool has = !strcmp(s0, "setdata") || !strcmp(s0, "usetable") ||
		   is_name_of(s, s0);
	size_t i;

	for (i = 0; i < LEN(kinds); i++)
		has = has || find_in(s, kinds[i], s0) != SIZE_MAX;
	if (!has && n > 1 && s0[n - 1] == '0') { /* where a state starts */
		s0[n - 1] = '\0';
		has = segregate_is_state(s, s0);
	}
	free(s0);
	return has;
}
