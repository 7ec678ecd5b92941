/* edge-section -- give edges the section that they end on
 *
 * A section and a place along it are drawn together, from a list with
 * probabilities.  The random numbers are the tool's own, so that the delay that
 * edge-delay draws for the same edge says nothing about them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connect/draws.h"
#include "connect/passing.h"
#include "out.h"
#include "rows.h"

static const char *place_list = "1:0.4:0.9,2:0.6:0.1";

static const struct opt opts[] = {
	OPT_TABLE(draws_opts),
	OPT_STR(0, "places", "list", &place_list,
		"id:place:probability,... (1:0.4:0.9,2:0.6:0.1)"),
	OPT_TABLE(out_opts),
	OPT_TABLE(rows_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "give edges the section that they end on",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* A place on a section, and the chance of this one or one before it. */
struct section_place {
	int64_t section;
	double at, until;
};

static struct section_place
read_place(const char *word, double before)
{
	char *text = copy(word), *rest = text, *part[4] = {NULL};
	struct section_place p = {0};
	double chance;
	size_t n = 0;

	while (n < LEN(part) && (part[n] = strsep(&rest, ":")))
		n++;
	if (n != 3 || !parse_int(part[0], &p.section) || p.section < 0 ||
	    !parse_num(part[1], &p.at) || !(p.at >= 0 && p.at <= 1) ||
	    !parse_num(part[2], &chance) || !(chance >= 0 && chance <= 1))
		misuse("--places: not an id, a place and a probability, both "
		       "from 0 to 1: '%s'",
		       word);
	p.until = before + chance;
	free(text);
	return p;
}

/* Reads *n places, the last of which goes up to 1. */
static struct section_place *
read_places(size_t *n)
{
	char *text = copy(place_list), *rest = text;
	struct section_place *places = NULL;
	double sum = 0;
	size_t cap = 0;

	*n = 0;
	do {
		places = grow(places, &cap, *n + 1, sizeof *places);
		places[*n] = read_place(strsep(&rest, ","), sum);
		sum = places[(*n)++].until;
	} while (rest);
	if (fabs(sum - 1) > 1e-9)
		misuse("--places: the probabilities make %g, not 1", sum);
	places[*n - 1].until = 1;
	free(text);
	return places;
}

int
main(int argc, char **argv)
{
	static const char *const added[] = {"afferent_section_id",
					    "afferent_section_pos", NULL};
	struct draws *draws = NULL;
	struct section_place *places, *p;
	struct passing *e;
	double random = 0;
	size_t n;

	argv = start(argc, argv, &tool);
	places = read_places(&n);
	if (n > 1)
		draws = draws_start("edge-section", added[0], random_draw);
	e = passing_open(argv[0], NULL, NULL, added);
	while (passing_next(e)) {
		if (draws)
			random = draws_next(draws, e);
		for (p = places; random >= p->until; p++)
			;
		passing_copy(e);
		out_int(p->section);
		out_num(p->at);
		out_end();
	}
	passing_close(e);
	draws_end(draws);
	free(places);
	return WORKED;
}
