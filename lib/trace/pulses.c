#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "rows.h"
#include "trace/pulses.h"

/* More pulses or runs, or later ones, are a number in the wrong unit. */
#define MOST_PULSES 1000000
#define LATEST 1e9 /* ms */
#define MOST_RUNS 100000

/* How many pulses the Allen Institute's trains have, and come after a pause. */
#define ALLEN_TRAIN 8
#define ALLEN_TEST 4

static const char *file, *rate_list, *recovery_list;
static int64_t n_train = ALLEN_TRAIN, n_test = ALLEN_TEST;
static double first = 10, duration;

const struct opt pulses_train_opts[] = {
	OPT_INT_IN(0, "n", "pulses", &n_train, "[1,1000000]",
		   "how many a train has (8)"),
	OPT_INT_IN(0, "test", "pulses", &n_test, "[1,1000000]",
		   "how many come after a pause (4)"),
	OPT_NUM_IN(0, "first", "ms", &first, "[0,1e9]",
		   "when the first one comes (10)"),
	OPT_END,
};

const struct opt pulses_opts[] = {
	OPT_STR(0, "pulses", "file", &file, "their times: a table of time_ms"),
	OPT_STR(0, "rate", "Hz", &rate_list,
		"of the pulses in a train: 'a,b,c'"),
	OPT_STR(0, "recovery", "ms", &recovery_list,
		"pause for so long and go on: 'a,b,c'"),
	OPT_TABLE(pulses_train_opts),
	OPT_NUM_IN(0, "duration", "ms", &duration, "(0,1e9]",
		   "as many as begin in this time"),
	OPT_NOT_WITH("pulses", "rate n recovery test first duration"),
	OPT_NOT_WITH("duration", "n recovery test"),
	OPT_END,
};

/* Numbers that an option lists. */
struct list {
	double *v;
	size_t n, cap;
};

static struct list rates, recoveries, times;

static void
add(struct list *a, double v)
{
	a->v = grow(a->v, &a->cap, a->n + 1, sizeof *a->v);
	a->v[a->n++] = v;
}

static bool
is_by_duration(void)
{
	return opt_given(&duration);
}

bool
pulses_lack_pause(const struct pulses *p)
{
	return opt_given(&n_test) && p->test == 0;
}

const char *
pulses_fault(double rate_Hz, double recovery_ms)
{
	if (!(rate_Hz > 0))
		return "the rate is not above 0 Hz";
	if (recovery_ms <= 0)
		return "the recovery is not above 0 ms";
	if (!isfinite(rate_Hz) || isinf(recovery_ms))
		return "not finite";
	if (!(1000 / rate_Hz * (double)n_train < LATEST))
		return "a train of this rate takes over 1e9 ms";
	if (is_by_duration() && duration * rate_Hz / 1000 > MOST_PULSES)
		return "over a million pulses";
	if (recovery_ms > LATEST)
		return "the recovery is over 1e9 ms";
	return NULL;
}

static void
read_list(const char *option, const char *text, struct list *a)
{
	char *s = copy(text), *rest = s, *word;
	const char *fault;
	double v;
	size_t i;

	while ((word = strsep(&rest, ","))) {
		if (!parse_num(word, &v))
			misuse("--%s: not a number: '%s'", option, word);
		fault = a == &rates ? pulses_fault(v, NAN) : pulses_fault(1, v);
		if (fault)
			misuse("--%s: %s: '%s'", option, fault, word);
		for (i = 0; i < a->n; i++)
			if (a->v[i] == v)
				misuse("--%s: it is there twice: '%s'", option,
				       word);
		add(a, v);
	}
	free(s);
}

static void
read_file(void)
{
	struct rows in;
	size_t time;

	rows_open(&in, file);
	time = rows_column(&in, "time_ms");
	while (rows_next(&in)) {
		double t = rows_finite(&in, time);

		if (t < 0)
			rows_bad(&in, time, "a pulse before time 0");
		if (t > LATEST)
			rows_bad(&in, time, "a pulse after 1e9 ms");
		if (times.n > 0 && !(t > times.v[times.n - 1]))
			rows_bad(&in, time, "time does not increase");
		if (times.n == MOST_PULSES)
			rows_bad(&in, time, "more than a million pulses");
		add(&times, t);
	}
	if (times.n == 0)
		die("%s: no pulses", in.path);
	rows_close(&in);
}

static void
check_duration(void)
{
	if (!(first < duration))
		misuse("--duration: no pulse in it, as the first one comes at "
		       "%g ms: %g",
		       first, duration);
}

size_t
pulses_read(void)
{
	if (file) {
		read_file();
		return 1;
	}
	if (!rate_list)
		return 0;
	read_list("rate", rate_list, &rates);
	if (recovery_list)
		read_list("recovery", recovery_list, &recoveries);
	else
		add(&recoveries, NAN);
	if (is_by_duration())
		check_duration();
	if (rates.n > MOST_RUNS / recoveries.n)
		misuse("--rate: more than %d runs", MOST_RUNS);
	return rates.n * recoveries.n;
}

static struct pulses
of_file(void)
{
	struct pulses p = {.rate_Hz = NAN, .recovery_ms = NAN, .n = times.n};

	p.time = zeros(p.n, sizeof *p.time);
	memcpy(p.time, times.v, p.n * sizeof *p.time);
	p.train = p.n < ALLEN_TRAIN ? p.n : ALLEN_TRAIN;
	p.test = p.n - p.train < ALLEN_TEST ? p.n - p.train : ALLEN_TEST;
	return p;
}

/* The first pulse of a train after a time is at it; the others are counted, so
 * that rounding does not add up. */
static void
add_train(struct pulses *p, double from, size_t n)
{
	size_t k;

	for (k = 0; k < n; k++)
		p->time[p->n++] = from + 1000 / p->rate_Hz * (double)k;
}

static size_t
in_duration(double interval)
{
	size_t n = 0;

	while (first + interval * (double)n < duration)
		n++;
	return n;
}

struct pulses
pulses_at(double rate_Hz, double recovery_ms)
{
	struct pulses p = {.rate_Hz = rate_Hz, .recovery_ms = recovery_ms};

	p.train = is_by_duration() ? in_duration(1000 / rate_Hz)
				   : (size_t)n_train;
	p.test = isnan(recovery_ms) ? 0 : (size_t)n_test;
	p.time = zeros(p.train + p.test, sizeof *p.time);
	add_train(&p, first, p.train);
	if (p.test > 0)
		add_train(&p, p.time[p.train - 1] + recovery_ms, p.test);
	return p;
}

struct pulses
pulses_run(size_t i)
{
	if (file)
		return of_file();
	return pulses_at(rates.v[i / recoveries.n],
			 recoveries.v[i % recoveries.n]);
}

void
pulses_free(struct pulses *p)
{
	free(p->time);
	*p = (struct pulses){0};
}

const char *const *
pulses_columns(void)
{
	static const char *const one[] = {"rate_Hz", NULL};
	static const char *const two[] = {"rate_Hz", "recovery_ms", NULL};
	static const char *const none[] = {NULL};

	if (rates.n * recoveries.n < 2)
		return none;
	return recovery_list ? two : one;
}

void
pulses_write(const struct pulses *p)
{
	if (*pulses_columns())
		out_num(p->rate_Hz);
	if (*pulses_columns() && recovery_list)
		out_num(p->recovery_ms);
}
