/* cell-fit -- find the parameters with which a cell does what it should
 *
 * Each evaluation is a child of its own, which takes the cell as it was built,
 * sets the parameters and runs what the targets need: a run that fails costs
 * that one.  The search asks for several points at a time, which are run side
 * by side and told in their order, so that nothing depends on --jobs.  It is
 * made of its seed and its scores alone: one that was interrupted begins anew,
 * and takes from the history what it has. */
#include <errno.h>
#include <fcntl.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cell/bounds.h"
#include "cell/brent.h"
#include "cell/extras.h"
#include "cell/model.h"
#include "cell/protocol.h"
#include "cell/search.h"
#include "cell/targetruns.h"
#include "cell/workers.h"
#include "files.h"
#include "out.h"
#include "progress.h"
#include "rows.h"
#include "trace/detect.h"
#include "trace/features.h"
#include "trace/passive.h"

static const char *target_file, *bound_file, *history_file, *compare_file;
static unsigned way;
enum { SIMPLEX, CMAES, BRENT };
static int64_t most = 500, starts = 4, seed = 1;
static double stop_score = 0.1;
static size_t jobs = 1;
static bool resume;

static const struct opt opts[] = {
	OPT_STR(0, "targets", "file", &target_file,
		"a table of features, values and deviations"),
	OPT_STR(0, "bounds", "file", &bound_file,
		"a table of parameters and bounds"),
	OPT_WORD(0, "search", "way", &way, "simplex|cmaes|brent",
		 "search by this method"),
	OPT_INT_IN(0, "starts", "n", &starts, "[1,1000]",
		   "simplexes at a time (4)"),
	OPT_INT_IN(0, "seed", "number", &seed, "[0,4294967295]",
		   "of the random numbers (1)"),
	OPT_INT_IN(0, "max-evals", "n", &most, "[1,100000000]",
		   "end after so many evaluations (500)"),
	OPT_NUM_IN(0, "stop-score", "score", &stop_score, "[0,inf)",
		   "end at this score (0.1)"),
	OPT_STR(0, "history", "file", &history_file,
		"write each evaluation to this file"),
	OPT_FLAG(0, "resume", &resume, "go on where the history ends"),
	OPT_OUT_TOO(0, "compare", "file", &compare_file,
		    "write the targets and what was reached"),
	OPT_JOBS(&jobs, "runs at a time; auto: all CPUs (1)"),
	OPT_TABLE(targetruns_opts),
	OPT_TABLE(extras_synapse_opts),
	OPT_TABLE(extras_gap_opts),
	OPT_TABLE(passive_opts),
	OPT_TABLE(features_opts),
	OPT_TABLE(detect_opts),
	OPT_TABLE(protocol_opts),
	OPT_TABLE(model_opts),
	OPT_TABLE(out_opts),
	OPT_REQUIRED("targets"),
	OPT_REQUIRED("bounds"),
	OPT_NEEDS("resume", "history"),
	OPT_NEEDS("starts", "search=simplex"),
	OPT_NEEDS("filter", "detect=dvdt"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "fit the parameters of a cell to targets",
	.operands = "",
	.opts = opts,
};

static struct targets targets;
static struct targetruns runs;
static struct bounds bounds;

/* An evaluation: the parameters, and what came of them. */
struct evaluation {
	double *x;
	struct target_value *v;
	double score;
};

static struct evaluation best;
static bool *has_been; /* of each target: has any run given it? */
static size_t done;    /* evaluations */

static struct evaluation
new_evaluation(void)
{
	return (struct evaluation){
		.x = zeros(bounds.n, sizeof(double)),
		.v = zeros(targets.n, sizeof(struct target_value)),
		.score = INFINITY};
}

static void
free_evaluation(struct evaluation *e)
{
	free(e->x);
	free(e->v);
}

/* ---- The history ---- */

static FILE *history; /* written to */
static struct rows past;
static bool has_past;

static char *
history_header(void)
{
	char *all = copy("evaluation,score"), *more;
	size_t k, n = bounds.n;

	for (k = 0; k < n + 2 * targets.n; k++) {
		more = k < n ? format("%s,%s", all, bounds.at[k].name)
			     : format("%s,%s%s", all,
				      k < n + targets.n ? "" : "error.",
				      targets.at[(k - n) % targets.n].name);
		free(all);
		all = more;
	}
	return all;
}

/* What is after the last line's end was being written when the tool was ended.
 */
static void
cut_last_line(int fd)
{
	off_t end = lseek(fd, 0, SEEK_END), at = end;
	char c;

	while (at > 0 && pread(fd, &c, 1, at - 1) == 1 && c != '\n')
		at--;
	if (at != end && ftruncate(fd, at))
		die("%s:", history_file);
}

/* Is it a history of these parameters and targets?  If not, nothing of it may
 * be cut off. */
static void
check_past(void)
{
	char *header = history_header(), *rest = header;
	size_t k;

	rows_open(&past, history_file);
	for (k = 0; k < past.n; k++) {
		const char *wanted = strsep(&rest, ",");

		if (!wanted || strcmp(past.name[k], wanted) != 0)
			die("%s:1: column '%s': not of these bounds and "
			    "targets: '%s' is",
			    past.path, past.name[k], wanted ? wanted : "none");
	}
	if (rest)
		die("%s:1: not of these bounds and targets: no column '%s'",
		    past.path, strsep(&rest, ","));
	rows_close(&past);
	free(header);
}

/* The file is written a line at a time from the beginning, for whoever looks at
 * it, and because the tool may be ended at any time. */
static void
open_history(void)
{
	bool regular, old;
	struct stat st;
	char *header;
	int fd;

	if (!history_file)
		return;
	regular = stat(history_file, &st) || S_ISREG(st.st_mode);
	fd = open(history_file,
		  O_CLOEXEC |
			  (regular ? O_RDWR | O_CREAT | O_APPEND : O_WRONLY),
		  0666);
	if (fd < 0 || fstat(fd, &st))
		die("%s:", history_file);
	old = regular && st.st_size > 0;
	if (old && !resume)
		die("%s: there is one already: --resume goes on with it, or "
		    "remove it",
		    history_file);
	if (old) {
		check_past();
		cut_last_line(fd);
		rows_open(&past, history_file);
		has_past = true;
	}
	history = fdopen(fd, "a");
	if (!history)
		die("%s:", history_file);
	if (old)
		return;
	header = history_header();
	fprintf(history, "%s\n", header);
	free(header);
}

static void
put_number(double v)
{
	char text[32] = "";

	if (!isnan(v))
		out_num_text(v, text);
	fprintf(history, ",%s", text);
}

static void
write_past(const struct evaluation *e)
{
	size_t k;

	if (!history)
		return;
	fprintf(history, "%zu", done);
	put_number(e->score);
	for (k = 0; k < bounds.n; k++)
		put_number(e->x[k]);
	for (k = 0; k < targets.n; k++)
		put_number(e->v[k].value);
	for (k = 0; k < targets.n; k++)
		put_number(e->v[k].error);
	putc('\n', history);
	if (fflush(history) || ferror(history))
		die("%s:", history_file);
}

static double
past_number(size_t column)
{
	return *past.field[column] ? rows_num(&past, column) : NAN;
}

static _Noreturn void
die_of_past(size_t column)
{
	rows_bad(&past, column,
		 "of another search: other bounds, targets, seed or options");
}

/* Take an evaluation from the history; false if it has no more. */
static bool
read_past(struct evaluation *e)
{
	size_t n = bounds.n, m = targets.n, k;

	if (!has_past || !rows_next(&past)) {
		has_past = false;
		return false;
	}
	for (k = 0; k < n; k++)
		if (rows_num(&past, 2 + k) != e->x[k])
			die_of_past(2 + k);
	for (k = 0; k < m; k++) {
		e->v[k] = targets_recall(&targets.at[k], past_number(2 + n + k),
					 past_number(2 + n + m + k));
		if (e->v[k].state == TARGET_OTHER)
			die_of_past(2 + n + m + k);
	}
	e->score = targets_score(e->v, m);
	if (e->score != rows_num(&past, 1))
		die_of_past(1);
	return true;
}

/* ---- Evaluations ---- */

/* Show how far it is, with the best score so far. */
static void
show_progress(void)
{
	static char text[2][64];
	static size_t turn;

	turn = !turn;
	snprintf(text[turn], sizeof *text, "evaluations, score %.4g",
		 best.score);
	progress_begin(text[turn], (size_t)most);
	progress(done);
}

static void
take(const struct evaluation *e)
{
	size_t k;

	done++;
	for (k = 0; k < targets.n; k++)
		has_been[k] = has_been[k] || e->v[k].state == TARGET_MET;
	if (e->score < best.score) {
		memcpy(best.x, e->x, bounds.n * sizeof *e->x);
		memcpy(best.v, e->v, targets.n * sizeof *e->v);
		best.score = e->score;
		show_progress();
	}
	progress(done);
}

/* The points that are being run. */
static struct evaluation *batch;
static size_t inner_jobs;

static void
work(size_t i, void *result)
{
	const struct evaluation *e = &batch[i];
	size_t k;

	for (k = 0; k < bounds.n; k++)
		model_set(bounds.at[k].where, bounds.at[k].name, e->x[k]);
	model_follow();
	protocol_open();
	targetruns_go(&runs, inner_jobs, result);
}

static bool
is_failed(const struct evaluation *e)
{
	size_t k = 0;

	while (k < targets.n && e->v[k].state != TARGET_FAILED)
		k++;
	return k < targets.n;
}

/* All children say the same, but for the second: what its parameters are set to
 * is not what the cell has by itself, and may not come to pass. */
static void
pass_on(const struct evaluation *e, const char *said)
{
	static char *first;

	if (done == 0)
		first = copy(said);
	if (done == 0 ||
	    (done == 1 && !is_failed(e) && first && strcmp(first, said) != 0))
		fputs(said, stderr);
}

static void
finish(size_t i, const void *result, const char *said)
{
	struct evaluation *e = &batch[i];
	size_t k;

	for (k = 0; k < targets.n; k++)
		e->v[k] = result ? ((const struct target_value *)result)[k]
				 : targets_fail();
	e->score = targets_score(e->v, targets.n);
	pass_on(e, said);
	take(e);
	write_past(e);
}

/* Evaluate n points, of which the history has the first ones; error is that of
 * the first target, or NaN. */
static void
evaluate(const double *points, size_t n, double *score, double *error)
{
	size_t known = 0, k, i, outer;

	batch = zeros(n, sizeof *batch);
	for (i = 0; i < n; i++) {
		batch[i] = new_evaluation();
		for (k = 0; k < bounds.n; k++)
			batch[i].x[k] = bounds_value(&bounds.at[k],
						     points[i * bounds.n + k]);
	}
	while (known < n && read_past(&batch[known]))
		take(&batch[known++]);
	outer = n - known < jobs ? n - known : jobs;
	inner_jobs = outer > 0 ? jobs / outer : 1;
	batch += known;
	workers_try(n - known, outer, targets.n * sizeof *best.v, work, finish);
	batch -= known;
	for (i = 0; i < n; i++) {
		score[i] = batch[i].score;
		error[i] =
			isnan(batch[i].v[0].value) ? NAN : batch[i].v[0].error;
		free_evaluation(&batch[i]);
	}
	free(batch);
}

static bool
goes_on(void)
{
	return done < (size_t)most && best.score > stop_score;
}

static void
search_many(void)
{
	struct search_plan plan = {.n = bounds.n,
				   .way = way == CMAES ? SEARCH_CMAES
						       : SEARCH_SIMPLEX,
				   .starts = (size_t)starts,
				   .seed = (unsigned long)seed};
	double *first = zeros(bounds.n, sizeof *first), *score = NULL;
	const double *points;
	struct search *s;
	size_t n, k, cap = 0;

	for (k = 0; k < bounds.n; k++)
		first[k] = bounds_part(&bounds.at[k]);
	plan.first = bounds.has_start ? first : NULL;
	s = search_begin(&plan);
	while (goes_on()) {
		n = search_ask(s, &points);
		score = grow(score, &cap, 2 * n, sizeof *score);
		if (n > (size_t)most - done) {
			evaluate(points, (size_t)most - done, score, score + n);
			break;
		}
		evaluate(points, n, score, score + n);
		search_tell(s, score);
	}
	search_end(s);
	free(score);
	free(first);
}

static void
search_one(void)
{
	struct brent *b = brent_begin(
		bounds.has_start ? bounds_part(&bounds.at[0]) : NAN);
	struct brent_point *p;
	double *all = NULL;
	size_t n, k, cap = 0;

	while (goes_on() && (n = brent_ask(b, &p)) > 0) {
		if (n > (size_t)most - done)
			n = (size_t)most - done;
		all = grow(all, &cap, 3 * n, sizeof *all);
		for (k = 0; k < n; k++)
			all[k] = p[k].x;
		evaluate(all, n, all + n, all + 2 * n);
		for (k = 0; k < n; k++) {
			p[k].score = all[n + k];
			p[k].error = all[2 * n + k];
		}
	}
	brent_end(b);
	free(all);
}

/* One parameter and one target are for Brent, unless it is said otherwise. */
static void
choose_way(void)
{
	bool one = bounds.n == 1 && targets.n == 1;

	if (way == BRENT && !one)
		misuse("--search=brent is for one parameter and one target: "
		       "there are %zu and %zu",
		       bounds.n, targets.n);
	if (one && !opt_given(&way) && !opt_given(&starts))
		way = BRENT;
}

static void
search(void)
{
	show_progress();
	if (way == BRENT)
		search_one();
	else
		search_many();
}

/* ---- What is written and said ---- */

static const char *
note_of(const struct target_value *v)
{
	static const char *const notes[] = {[TARGET_MET] = "",
					    [TARGET_SILENT] = "no spikes",
					    [TARGET_LACKS] =
						    "the cell does not have it",
					    [TARGET_FAILED] = "the run fails"};

	return notes[v->state];
}

/* A field of the table beside the output, after a comma. */
static void
put_field(FILE *f, double v)
{
	char text[32] = "";

	if (!isnan(v))
		out_num_text(v, text);
	fprintf(f, ",%s", text);
}

static void
write_compared(void)
{
	FILE *f;
	size_t k;

	if (!compare_file)
		return;
	f = fdopen(files_open(compare_file), "w");
	if (!f)
		die("%s:", compare_file);
	fprintf(f,
		"feature,tool,amp_pA,frequency_Hz,spike,%swanted,sd,value,"
		"error_sd,note\n",
		targets.has_trains ? "rate_Hz,recovery_ms," : "");
	for (k = 0; k < targets.n; k++) {
		const struct target *t = &targets.at[k];

		fprintf(f, "%s,%s", t->column->name, target_tool(t));
		put_field(f, t->kind == TARGET_TRAIN ? NAN
						     : (double)t->run.fA / 1e3);
		put_field(f, t->frequency_Hz);
		put_field(f, t->spike > 0 ? (double)t->spike : NAN);
		if (targets.has_trains) {
			put_field(f, t->run.rate_Hz);
			put_field(f, t->run.recovery_ms);
		}
		put_field(f, t->value);
		put_field(f, t->sd);
		put_field(f, best.v[k].value);
		put_field(f, best.v[k].error);
		fprintf(f, ",%s\n", note_of(&best.v[k]));
	}
	if (fflush(f) || ferror(f) || fclose(f))
		die("%s:", compare_file);
}

static void
write_parameters(void)
{
	size_t k;

	out_header("name", "value");
	for (k = 0; k < bounds.n; k++) {
		out_text(bounds.at[k].name);
		out_num(best.x[k]);
		out_end();
	}
	out_close();
}

static void
say_score(void)
{
	size_t k, worst = 0;

	for (k = 0; k < targets.n; k++) {
		if (best.v[k].state != TARGET_MET)
			warn("%s:%zu: '%s': %s%s", targets.path,
			     targets.at[k].line, targets.at[k].name,
			     note_of(&best.v[k]),
			     has_been[k] ? "" : ", and no run has given it");
		if (fabs(best.v[k].error) > fabs(best.v[worst].error))
			worst = k;
	}
	warn("score %.4g after %zu evaluations; farthest off, by %.3g sd: %s",
	     best.score, done, best.v[worst].error, targets.at[worst].name);
}

/* Has no run of any parameters come to an end? */
static bool
is_all_failed(void)
{
	size_t k;

	for (k = 0; k < targets.n; k++)
		if (best.v[k].state != TARGET_FAILED)
			return false;
	return true;
}

/* A weight that is fitted need not be said. */
static void
weigh(void)
{
	size_t k;

	for (k = 0; k < bounds.n; k++) {
		const struct bound *b = &bounds.at[k];

		if (strcmp(b->name, "syn.weight") == 0)
			extras_weigh(b->where, isnan(b->start)
						       ? bounds_value(b, 0.5)
						       : b->start);
	}
}

/* The history is no output that appears when all is done, which opt.h sees to.
 */
static void
check_options(void)
{
	const char *others[] = {out_path(), compare_file, target_file,
				bound_file};
	size_t k;

	for (k = 0; history_file && k < LEN(others); k++)
		if (others[k] && files_same(others[k], history_file))
			misuse("--history: another file has this name: '%s'",
			       history_file);
}

int
main(int argc, char **argv)
{
	start(argc, argv, &tool);
	check_options();
	gsl_set_error_handler_off();
	extras_choose();
	targets_read(&targets, target_file);
	bounds_read(&bounds, bound_file);
	choose_way();
	model_build();
	protocol_open();
	weigh();
	extras_check();
	targetruns_plan(&runs, &targets);
	bounds_begin(&bounds);
	best = new_evaluation();
	has_been = zeros(targets.n, sizeof *has_been);
	open_history();
	search();
	if (is_all_failed())
		die("no run of any parameters comes to its end");
	write_compared();
	write_parameters();
	files_done();
	say_score();
	free_evaluation(&best);
	free(has_been);
	return WORKED;
}
