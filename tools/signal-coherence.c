/* signal-coherence -- how alike signals are at each frequency
 *
 * coherence.h has the measures; here is their table.  Pairs are those that are
 * asked for, in that order, or all. */
#include <stdlib.h>
#include <string.h>

#include "field/coherence.h"
#include "measure/stats.h"
#include "out.h"

static struct opt_list pair_list;

static const struct opt opts[] = {
	OPT_TABLE(signals_opts),
	OPT_LIST(0, "pairs", "a:b[,...]", &pair_list,
		 "these pairs of signals (all)"),
	OPT_TABLE(spectra_opts),
	OPT_TABLE(stats_opts),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure how alike signals are at each frequency",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

struct pair {
	size_t x, y;
};

struct chosen {
	struct pair *at;
	size_t n, cap;
};

static void
add_pair(struct chosen *p, size_t x, size_t y)
{
	p->at = grow(p->at, &p->cap, p->n + 1, sizeof *p->at);
	p->at[p->n++] = (struct pair){x, y};
}

static size_t
find_signal(const struct signals *in, const char *name)
{
	size_t c;

	for (c = 0; c < in->n; c++)
		if (strcmp(in->name[c], name) == 0)
			return c;
	return NO_COLUMN;
}

/* A colon may be part of a name: it is the one that has a signal on either
 * side. */
static void
parse_pair(struct chosen *p, const struct signals *in, char *text)
{
	size_t x, y;
	char *colon;

	for (colon = text; (colon = strchr(colon, ':')); colon++) {
		*colon = '\0';
		x = find_signal(in, text);
		y = find_signal(in, colon + 1);
		*colon = ':';
		if (x == NO_COLUMN || y == NO_COLUMN)
			continue;
		if (x == y)
			misuse("--pairs: a signal with itself: '%s'", text);
		add_pair(p, x, y);
		return;
	}
	misuse("--pairs: not two signals with ':' between them: '%s'", text);
}

static void
choose_pairs(struct chosen *p, const struct signals *in)
{
	size_t i, x, y;

	for (i = 0; i < pair_list.n; i++) {
		char *list = copy(pair_list.item[i]), *next = list, *text;

		while ((text = strsep(&next, ",")))
			parse_pair(p, in, text);
		free(list);
	}
	for (x = 0; pair_list.n == 0 && x < in->n; x++)
		for (y = x + 1; y < in->n; y++)
			add_pair(p, x, y);
	if (p->n == 0)
		die("%s: one signal, and coherence is of two", in->path);
}

static void
write_pair(const struct signals *in, const struct spectra *s,
	   const struct pair *p, const struct coherence *c)
{
	double critical = coherence_critical(s, stats_level);
	size_t k;

	for (k = 0; k < s->n; k++) {
		signals_write_record(in);
		out_text(in->name[p->x]);
		out_text(in->name[p->y]);
		out_num(spectra_frequency(s, k));
		out_real(c[k].coherence);
		out_real(c[k].low);
		out_real(c[k].high);
		out_num(critical);
		out_real(c[k].phase);
		out_real(c[k].plv);
		out_real(c[k].ppc);
		out_real(c[k].wpli2);
		out_num(s->independent);
		out_end();
	}
}

static void
write_record(const struct signals *in, const struct chosen *p)
{
	struct spectra s;
	struct coherence *c;
	size_t i;

	spectra_begin(&s, in);
	coherence_check(&s, in);
	c = zeros(s.n, sizeof *c);
	for (i = 0; i < p->n; i++) {
		coherence_measure(&s, in->x[p->at[i].x], in->x[p->at[i].y],
				  stats_level, c);
		write_pair(in, &s, &p->at[i], c);
	}
	free(c);
	spectra_end(&s);
}

int
main(int argc, char **argv)
{
	static const char *const names[] = {
		"signal_1", "signal_2",  "frequency_Hz", "coherence", "low",
		"high",     "critical",  "phase_rad",    "plv",       "ppc",
		"wpli2",    "estimates", NULL,
	};
	struct signals in;
	struct chosen p = {0};

	argv = start(argc, argv, &tool);
	spectra_check();
	stats_check_level();
	signals_open(&in, &(struct signals_ask){.path = *argv});
	choose_pairs(&p, &in);
	signals_header(&in, names);
	while (signals_next(&in))
		write_record(&in, &p);
	signals_close(&in);
	free(p.at);
	return WORKED;
}
