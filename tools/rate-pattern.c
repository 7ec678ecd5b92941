/* rate-pattern -- rates of groups of cells that take turns
 *
 * A pattern is made of cycles: for a while one group of cells, or each after
 * the other, gets its input, and then all are silent.  Rates come as pieces
 * that are linear in time, one after the other without a gap, which spike-stim
 * integrates.  Times are counted in whole microseconds, as sums of floating
 * point numbers would lose a cycle here and there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"

/* Later times and more parts are a number in the wrong unit; below these a
 * product of a time and a number of parts fits into 64 bits. */
#define LATEST "1e9"                               /* ms */
static const double latest = 1e9, most_rate = 1e6; /* ms, Hz */
enum { MOST_PARTS = 1000000 };

static unsigned pattern;
static const char *on_list = "1000", *select_list, *ramp_list, *fade_list;
static double off = 500, from, to = 10000, ramp_from, ramp_to = NAN;
static double rate_on, rate_off, rate_silent, rounds = 1;
static int64_t groups, cycles = -1, steps = 20;

enum { SHORT, LONG, RAMP, JOIN, QUIT, FADE, LOOP, CONSTANT };

static const struct opt opts[] = {
	OPT_WORD(0, "pattern", "name", &pattern,
		 "short|long|ramp|join|quit|fade|loop|constant",
		 "which group gets what when"),
	OPT_INT_IN(0, "groups", "n", &groups, "[1,1000000]",
		   "how many groups there are, 0 to n - 1"),
	OPT_STR(0, "select", "list", &select_list,
		"these alone take turns, in this order: 0,2,5-9"),
	OPT_STR(0, "on", "ms", &on_list,
		"input lasts so long in a cycle, 'a,b' for loop (1000)"),
	OPT_NUM_IN(0, "off", "ms", &off, "[0," LATEST "]",
		   "and then there is none for so long (500)"),
	OPT_NUM_IN(0, "from", "ms", &from, "[0," LATEST "]",
		   "when the first cycle begins (0)"),
	OPT_NUM_IN(0, "to", "ms", &to, "(0," LATEST "]",
		   "where the rates end (10000)"),
	OPT_INT_IN(0, "cycles", "n", &cycles, "[1,1000000000]",
		   "so many (as many as there is time for)"),
	OPT_NUM_IN(0, "rate-on", "Hz", &rate_on, "[0,1e6]",
		   "of a group whose turn it is (0)"),
	OPT_NUM_IN(0, "rate-off", "Hz", &rate_off, "[0,1e6]",
		   "of the others meanwhile (0)"),
	OPT_NUM_IN(0, "rate-silent", "Hz", &rate_silent, "[0,1e6]",
		   "of all at other times (0)"),
	OPT_STR(0, "ramp", "r0:r1", &ramp_list,
		"its rate goes from one to the other, in Hz"),
	OPT_STR(0, "fade", "a:b:c:d", &fade_list,
		"one goes from a to b, the other from c to d, in Hz"),
	OPT_NUM_IN(0, "ramp-from", "ms", &ramp_from, "[0," LATEST "]",
		   "the change begins so long after the cycle (0)"),
	OPT_NUM_IN(0, "ramp-to", "ms", &ramp_to, "[0," LATEST "]",
		   "and ends so long after it (--on)"),
	OPT_INT_IN(0, "steps", "n", &steps, "[1,1000000]",
		   "parts of a group that join or quit in turn (20)"),
	OPT_NUM_IN(0, "rounds", "n", &rounds, "(0,1000000]",
		   "short bursts of each group in a cycle (1)"),
	OPT_TABLE(out_opts),
	OPT_REQUIRED("pattern"),
	OPT_REQUIRED("groups"),
	OPT_ORDER("from < to"),
	OPT_ORDER("ramp-from <= ramp-to"),
	OPT_NEEDS("ramp", "pattern=ramp pattern=loop"),
	OPT_NEEDS("fade", "pattern=fade"),
	OPT_NEEDS("ramp-from ramp-to",
		  "pattern=ramp pattern=join pattern=quit pattern=fade"),
	OPT_NEEDS("steps", "pattern=join pattern=quit"),
	OPT_NEEDS("rounds", "pattern=short"),
	OPT_NOT_WITH("rate-on", "ramp pattern=ramp pattern=fade"),
	OPT_NOT_WITH("rate-silent", "pattern=loop"),
	OPT_NOT_WITH("on off cycles", "pattern=constant"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "make rates of groups that take turns",
	.operands = "",
	.most = 0,
	.opts = opts,
};

/* ---- Options ---- */

/* What the options say, in whole microseconds. */
struct plan {
	int64_t on, off, from, to, ramp_from, ramp_to, cycles;
	int64_t *knot; /* of a loop: the times in --on, the last one is on */
	double *rate;  /* of --ramp, or --fade */
	size_t knots, rates;
	int64_t *place;   /* of each group among those that take turns, or -1 */
	int64_t *turn, n; /* these groups */
};

/* A time as the options have it; a multiple of a microsecond is that one though
 * a double may be a little off. */
static int64_t
microseconds(const char *option, double ms)
{
	double us = rint(ms * 1000);

	if (fabs(us - ms * 1000) > 1e-6 * fmax(us, 1e-3))
		misuse("--%s: not a whole number of microseconds: '%.15g'",
		       option, ms);
	return (int64_t)us;
}

static double *
read_numbers(const char *option, const char *text, char between, double most,
	     size_t *n)
{
	const char by[2] = {between, '\0'};
	char *s = copy(text), *rest = s, *word;
	double *v = NULL;
	size_t cap = 0;

	for (*n = 0; (word = strsep(&rest, by)); ++*n) {
		v = grow(v, &cap, *n + 1, sizeof *v);
		if (!parse_num(word, &v[*n]) || !(v[*n] >= 0 && v[*n] <= most))
			misuse("--%s: not in [0,%g]: '%s'", option, most, word);
	}
	free(s);
	return v;
}

static void
read_on(struct plan *p)
{
	double *ms = read_numbers("on", on_list, ',', latest, &p->knots);
	size_t k;

	if (p->knots > 1 && pattern != LOOP)
		misuse("--on: several times need --pattern=loop: '%s'",
		       on_list);
	p->knot = zeros(p->knots, sizeof *p->knot);
	for (k = 0; k < p->knots; k++) {
		if (!(ms[k] > (k > 0 ? ms[k - 1] : 0)))
			misuse("--on: not times above 0 that increase: '%s'",
			       on_list);
		p->knot[k] = microseconds("on", ms[k]);
	}
	p->on = p->knot[p->knots - 1];
	free(ms);
}

/* How many rates --ramp or --fade has to have, and what they are for. */
static void
read_rates(struct plan *p)
{
	size_t need = pattern == LOOP ? p->knots + 1 : pattern == FADE ? 4 : 2;
	const char *option = pattern == FADE ? "fade" : "ramp";
	const char *text = pattern == FADE ? fade_list : ramp_list;
	size_t k;

	if (pattern != RAMP && pattern != FADE && pattern != LOOP)
		return;
	if (text) {
		p->rate = read_numbers(option, text, ':', most_rate, &p->rates);
		if (p->rates != need)
			misuse("--%s: %zu rates, where --pattern=%s has %zu: "
			       "'%s'",
			       option, p->rates,
			       pattern == LOOP   ? "loop with this --on"
			       : pattern == FADE ? "fade"
						 : "ramp",
			       need, text);
		return;
	}
	p->rates = need;
	p->rate = zeros(need, sizeof *p->rate);
	for (k = 0; k < need; k++)
		p->rate[k] = rate_on;
}

static void
add_turn(struct plan *p, int64_t group)
{
	if (group >= groups)
		misuse("--select: there are %lld groups, from 0: '%lld'",
		       (long long)groups, (long long)group);
	if (p->place[group] >= 0)
		misuse("--select: it is there twice: '%lld'", (long long)group);
	p->place[group] = p->n;
	p->turn[p->n++] = group;
}

static void
read_selected(struct plan *p)
{
	char *s = copy(select_list), *rest = s, *word, *dash;
	int64_t first, last;

	while ((word = strsep(&rest, ","))) {
		if ((dash = strchr(word, '-')))
			*dash = '\0';
		if (!parse_int(word, &first) ||
		    !parse_int(dash ? dash + 1 : word, &last) || first < 0 ||
		    last < first)
			misuse("--select: not groups such as 0,2,5-9: '%s'",
			       select_list);
		for (; first <= last; first++)
			add_turn(p, first);
	}
	free(s);
}

static void
read_turns(struct plan *p)
{
	int64_t g;

	p->place = zeros((size_t)groups, sizeof *p->place);
	p->turn = zeros((size_t)groups, sizeof *p->turn);
	for (g = 0; g < groups; g++)
		p->place[g] = -1;
	if (select_list)
		read_selected(p);
	for (g = 0; g < groups && !select_list; g++)
		add_turn(p, g);
	if (pattern == FADE && p->n < 2)
		misuse("--pattern=fade needs two groups that take turns");
}

/* The off time of a loop's last cycle may be cut short, as BMTool has it. */
static void
count_cycles(struct plan *p)
{
	int64_t cycle = p->on + p->off;
	int64_t time = p->to - p->from + (pattern == LOOP ? p->off : 0);
	int64_t most = time / cycle;

	if (pattern == CONSTANT)
		return;
	if (most == 0)
		misuse("no cycle of %g ms fits between --from %g and --to %g",
		       (double)cycle / 1000, from, to);
	if (cycles > most)
		misuse("--cycles: %lld of %g ms go past --to %g: at most %lld",
		       (long long)cycles, (double)cycle / 1000, to,
		       (long long)most);
	p->cycles = cycles > 0 ? cycles : most;
}

static struct plan
read_plan(void)
{
	struct plan p = {.off = microseconds("off", off),
			 .from = microseconds("from", from),
			 .to = microseconds("to", to),
			 .ramp_from = microseconds("ramp-from", ramp_from)};

	read_on(&p);
	p.ramp_to = isnan(ramp_to) ? p.on : microseconds("ramp-to", ramp_to);
	if (p.ramp_to > p.on || p.ramp_from > p.ramp_to)
		misuse("--ramp-from and --ramp-to: not within --on: %g to %g "
		       "of %s ms",
		       ramp_from, (double)p.ramp_to / 1000, on_list);
	read_rates(&p);
	read_turns(&p);
	count_cycles(&p);
	return p;
}

/* ---- Pieces ---- */

/* A line of the table that is still to be written, for the next may go on with
 * the same rate. */
struct rate_line {
	int64_t group, step; /* a step of -1 is none */
	double start, end, rate[2];
	bool held, dry; /* dry: nothing is written */
	bool any;       /* has there been a rate above 0? */
};

static void
end_line(struct rate_line *l)
{
	if (!l->held)
		return;
	l->held = false;
	l->any = l->any || l->rate[0] > 0 || l->rate[1] > 0;
	if (l->dry)
		return;
	out_int(l->group);
	if (l->step < 0)
		out_missing();
	else
		out_int(l->step);
	out_num(l->start);
	out_num(l->end);
	out_num(l->rate[0]);
	out_num(l->rate[1]);
	out_end();
}

/* Goes on to a time, us + part/parts microseconds, from one rate to another. */
static void
go_on(struct rate_line *l, double end, double rate0, double rate1)
{
	double at = l->end;

	if (!(end > at))
		return;
	if (l->held && l->rate[0] == l->rate[1] && l->rate[1] == rate0 &&
	    rate0 == rate1) {
		l->end = end;
		return;
	}
	end_line(l);
	l->start = at;
	l->end = end;
	l->rate[0] = rate0;
	l->rate[1] = rate1;
	l->held = true;
}

/* A time in ms: us microseconds, and k of n parts of some more, which need not
 * be whole. */
static double
moment(int64_t us, int64_t more, int64_t k, int64_t n)
{
	int64_t whole = more * k / n, rest = more * k % n;

	return ((double)(us + whole) + (double)rest / (double)n) / 1000;
}

static double
at(int64_t us)
{
	return moment(us, 0, 0, 1);
}

/* ---- Patterns ---- */

/* Short bursts: the groups one after the other, --rounds times. */
static void
burst(const struct plan *p, struct rate_line *l, int64_t start, int64_t place)
{
	int64_t n = (int64_t)ceil(rounds * (double)p->n - 1e-9), turn = 0, k;

	for (k = 0; k < n; k++) {
		double rate = turn == place ? rate_on : rate_off;

		go_on(l, moment(start, p->on, k + 1, n), rate, rate);
		turn = turn + 1 < p->n ? turn + 1 : 0;
	}
}

/* From one rate to the other between --ramp-from and --ramp-to. */
static void
ramp(const struct plan *p, struct rate_line *l, int64_t start,
     const double rate[2])
{
	go_on(l, at(start + p->ramp_from), rate[0], rate[0]);
	go_on(l, at(start + p->ramp_to), rate[0], rate[1]);
	go_on(l, at(start + p->on), rate[1], rate[1]);
}

/* The step'th part of a group joins, or quits, in its turn. */
static void
recruit(const struct plan *p, struct rate_line *l, int64_t start)
{
	int64_t k = pattern == JOIN ? l->step : steps - 1 - l->step;
	double when = moment(start + p->ramp_from, p->ramp_to - p->ramp_from, k,
			     steps);
	double before = pattern == JOIN ? rate_silent : rate_on;
	double after = pattern == JOIN ? rate_on : rate_silent;

	go_on(l, when, before, before);
	go_on(l, at(start + p->on), after, after);
}

static void
loop(const struct plan *p, struct rate_line *l, int64_t start)
{
	size_t k;

	for (k = 0; k < p->knots; k++)
		go_on(l, at(start + p->knot[k]), p->rate[k], p->rate[k + 1]);
}

/* Has this group its turn in this cycle? */
static bool
is_its_turn(const struct plan *p, int64_t place, int64_t cycle)
{
	if (place < 0 || p->n == 0)
		return false;
	if (pattern == SHORT)
		return true;
	if (pattern == FADE)
		return p->n > 1 && place / 2 == cycle % (p->n / 2);
	return place == cycle % p->n;
}

static void
go_through_cycle(const struct plan *p, struct rate_line *l, int64_t start,
		 int64_t cycle)
{
	int64_t place = p->place[l->group];

	if (is_its_turn(p, place, cycle))
		switch (pattern) {
		case SHORT:
			burst(p, l, start, place);
			break;
		case RAMP:
			ramp(p, l, start, p->rate);
			break;
		case JOIN:
		case QUIT:
			recruit(p, l, start);
			break;
		case FADE:
			ramp(p, l, start, p->rate + (place % 2 ? 2 : 0));
			break;
		case LOOP:
			loop(p, l, start);
			break;
		default:
			go_on(l, at(start + p->on), rate_on, rate_on);
			break;
		}
	else
		go_on(l, at(start + p->on), rate_off, rate_off);
}

/* All of the time, for a group or a step of it; is there a rate above 0? */
static bool
write_line(const struct plan *p, int64_t group, int64_t step, bool dry)
{
	double silent = pattern == LOOP ? rate_off : rate_silent;
	double all = p->place[group] < 0 ? rate_off : rate_on;
	struct rate_line l = {.group = group, .step = step, .dry = dry};
	int64_t k;

	go_on(&l, at(p->from), silent, silent);
	for (k = 0; k < p->cycles; k++) {
		int64_t start = p->from + k * (p->on + p->off);

		go_through_cycle(p, &l, start, k);
		if (start + p->on + p->off < p->to)
			go_on(&l, at(start + p->on + p->off), silent, silent);
	}
	if (pattern == CONSTANT)
		silent = all;
	go_on(&l, at(p->to), silent, silent);
	end_line(&l);
	return l.any;
}

static bool
write_lines(const struct plan *p, bool dry)
{
	bool any = false;
	int64_t g, k;

	for (g = 0; g < groups; g++) {
		bool parted = (pattern == JOIN || pattern == QUIT) &&
			      p->place[g] >= 0;

		for (k = 0; k < (parted ? steps : 1) && !(dry && any); k++)
			any |= write_line(p, g, parted ? k : -1, dry);
	}
	return any;
}

int
main(int argc, char **argv)
{
	struct plan p;

	start(argc, argv, &tool);
	p = read_plan();
	if (!write_lines(&p, true))
		misuse("all rates are 0: say %s", pattern == RAMP ? "--ramp"
						  : pattern == FADE
							  ? "--fade"
							  : "--rate-on");
	out_header("group", "step", "start_ms", "end_ms", "rate0_Hz",
		   "rate1_Hz");
	write_lines(&p, false);
	free(p.knot);
	free(p.rate);
	free(p.place);
	free(p.turn);
	return WORKED;
}
